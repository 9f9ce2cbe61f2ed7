// Which colour a case has in every plot.
import { OURS, OURS_CHECKED, RAW } from "../clients.mjs";
import { COLOURS } from "./svg.mjs";

export function colourOf(client) {
  if (client === RAW) return COLOURS.raw;
  if (client === OURS) return COLOURS.ours;
  return client === OURS_CHECKED ? COLOURS.oursToo : COLOURS.peer;
}
