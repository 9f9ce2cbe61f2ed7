// The section on calls over real sockets.
import { OURS, RAW, RAW_DEADLINE, titleOf } from "../clients.mjs";
import { atMost } from "../goals.mjs";
import { median, ratios } from "../harness/statistics.js";
import { sharesByOwner } from "../profile.mjs";
import { number, spread, table } from "../tables.mjs";

export const part = "sockets";
export const title = "What remains over a network";

const OVER_SOCKETS = 1.05;

export function goals({ atATime, time }) {
  return [
    atMost(
      `over loopback, ${atATime} in flight, a get costs at most ${OVER_SOCKETS}× raw fetch`,
      ratios(time[OURS], time[RAW]).median,
      OVER_SOCKETS,
      (value) => `${number(value)}×`,
    ),
  ];
}

export function text({ atATime, time, shares }) {
  const rows = Object.entries(time).map(([client, rounds]) => [
    titleOf(client),
    number(median(rounds)),
    Math.round(1e6 / median(rounds)).toLocaleString("en"),
    client === RAW ? "1" : spread(ratios(rounds, time[RAW])),
  ]);
  return `Gets by each client's own \`fetch\` in Node against the sandbox (\`cargo xtask sandbox\`, optimised), over
loopback with ${atATime} in flight. Client and server share the machine. A real network adds milliseconds,
next to which every client's own cost disappears.

${table(["client", "µs per call", "calls per second", "×"], rows)}
A deadline needs a signal by which a request that takes too long is ended, and in Node listening to
one costs ${number(ratios(time[RAW_DEADLINE], time[RAW]).median)}× by itself: that is the floor for a client whose calls all end within their
deadlines. This package costs ${number(ratios(time[OURS], time[RAW_DEADLINE]).median)}× that. Who takes the time, by Node's profiler:

${table(["", ...Object.keys(shares).map(titleOf)], sharesByOwner(shares))}`;
}
