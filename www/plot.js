// How long the last calls took, and how many attempts they needed.
import { h } from "./dom.js";
import { duration } from "./format.js";
import { svg } from "./svg.js";

/** @import { Call } from "./call-log.js" */

const MOST = 50;
/** As many columns are made room for, so that few calls are not drawn as blocks. */
const FEWEST = 25;
const COLUMN = 12;
const HEIGHT = 100;
const ATTEMPT = 8;
const MOST_ATTEMPTS = 5;

/**
 * A column for each call, the oldest at the left: above the line its duration, below it its attempts.
 *
 * @param {Call[]} calls newest first
 */
export function plot(calls) {
  const ended = calls.filter(({ end }) => end !== undefined).slice(0, MOST).toReversed();
  const times = ended.map(({ start, end = start }) => end - start);
  const longest = Math.max(1, ...times);
  const columns = ended.flatMap((call, index) => column(call, index, (times[index] ?? 0) / longest));
  const words = summary(ended, longest);
  const width = Math.max(FEWEST, ended.length) * COLUMN;
  const drawing = svg("svg", {
    viewBox: `0 0 ${width} ${HEIGHT + MOST_ATTEMPTS * ATTEMPT}`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": words,
  }, svg("line", { class: "plot-line", x1: 0, x2: width, y1: HEIGHT, y2: HEIGHT }), ...columns);
  return h("figure", { class: "plot" }, h("figcaption", { class: "hint" }, words), ended.length > 0 && drawing);
}

/**
 * @param {Call} call
 * @param {number} index
 * @param {number} share of the longest duration
 */
function column({ path, method, failed, attempts, start, end = start }, index, share) {
  const height = Math.max(2, share * (HEIGHT - 2));
  const x = index * COLUMN + 1;
  const width = COLUMN - 2;
  const kind = failed ? "bad" : "good";
  const title = svg("title", {}, `${method} ${path}: ${duration(end - start)}, attempts: ${attempts.length}`);
  const bar = svg("rect", { class: `bar-${kind}`, x, y: HEIGHT - height, width, height }, title);
  const marks = attempts.slice(0, MOST_ATTEMPTS).map((_, attempt) =>
    svg("rect", { class: "plot-attempt", x, y: HEIGHT + 3 + attempt * ATTEMPT, width, height: ATTEMPT - 3 }));
  return [bar, ...marks];
}

/**
 * @param {Call[]} calls
 * @param {number} longest
 */
function summary(calls, longest) {
  if (calls.length === 0) return "Duration and attempts of the calls to come.";
  const retried = calls.filter(({ attempts }) => attempts.length > 1).length;
  const count = calls.length === 1 ? "The last call" : `The last ${calls.length} calls`;
  return `${count}: durations above the line (the longest ${duration(longest)}), attempts below it; retried: ${retried}.`;
}
