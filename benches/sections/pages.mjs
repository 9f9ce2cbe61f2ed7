// The section on how the cost of a page grows.
import { OURS, OURS_CHECKED, RAW, titleOf } from "../clients.mjs";
import { colourOf } from "../drawing/colours.mjs";
import { curves } from "../drawing/curves.mjs";
import { median, ratios } from "../harness/statistics.js";
import { number, spread, table } from "../tables.mjs";

export const part = "pages";
export const title = "What a page costs as it grows";

/** What counts as noise. */
const NOISE = 1.15;

const PLOT = "pages.svg";

export function goals(measured) {
  return [OURS, OURS_CHECKED].map((client) => {
    const { growth, from, to } = steepest(measured, client);
    return {
      promise: `${titleOf(client)} grows with the page as raw fetch does, up to ${written(sizesOf(measured).at(-1))} customers: its ratio to that rises in no step by more than 15 %, which counts as noise`,
      measured: `${number(growth)}× from ${written(from)} to ${written(to)}`,
      met: growth <= NOISE,
    };
  });
}

/**
 * The step from one size to the next in which the ratio to raw fetch has risen most. A ratio below 1 is
 * noise and counts as 1: a client does all that raw fetch does.
 */
function steepest(measured, client) {
  const sizes = sizesOf(measured);
  const ratioAt = (size) => Math.max(1, ratios(measured[size][client], measured[size][RAW]).median);
  const steps = sizes.slice(1).map((to, at) => ({ from: sizes[at], to, growth: ratioAt(to) / ratioAt(sizes[at]) }));
  return steps.sort((a, b) => b.growth - a.growth)[0];
}

const written = (count) => count.toLocaleString("en");

export function text(measured) {
  const clients = [RAW, OURS, OURS_CHECKED];
  const rows = sizesOf(measured).map((size) => {
    const results = measured[size];
    return [
      written(size),
      ...clients.map((client) => number(median(results[client]))),
      ...clients.slice(1).map((client) => spread(ratios(results[client], results[RAW]))),
    ];
  });
  const checkedAt = (place) => {
    const results = measured[sizesOf(measured).at(place)];
    return number(ratios(results[OURS_CHECKED], results[RAW]).median);
  };
  const head = ["customers", ...clients.map((client) => `${titleOf(client)}, µs`), "×", "× checked"];
  return `One page by the same stubbed \`fetch\`, in Node. A client that reads every field grows with the page; what
must not happen is that it grows faster. (Raw \`fetch\` itself grows a little faster than the page: the
more there is, the less of it the processor's caches hold.)

${table(head, rows)}
From the smallest page to the largest the ratio with responses checked goes from ${checkedAt(0)} to ${checkedAt(-1)}. Between
them it differs from one process to the next, as the ranges show, by more than a step may rise: a step
that is over by little is where one size was measured low.

![cost by the size of a page](performance/${PLOT})`;
}

const sizesOf = (measured) => Object.keys(measured).map(Number);

/** @returns {Record<string, string>} SVG by file */
export function plots(measured) {
  const points = (client) => sizesOf(measured).map((size) => [size, median(measured[size][client])]);
  return {
    [PLOT]: curves({
      title: "Cost of a page by its size",
      subtitle: "stubbed fetch, Node; medians; both axes are logarithmic",
      across: "customers on the page",
      write: inWords,
      curves: [OURS_CHECKED, OURS, RAW].map((client) => ({
        label: SHORT[client],
        stroke: colourOf(client),
        points: points(client),
      })),
    }),
  };
}

/** Microseconds in the unit that suits them. */
function inWords(us) {
  if (us >= 1e6) return `${us / 1e6} s`;
  return us >= 1e3 ? `${us / 1e3} ms` : `${us} µs`;
}

const SHORT = { [RAW]: "raw fetch", [OURS]: "this package", [OURS_CHECKED]: "… every customer checked" };
