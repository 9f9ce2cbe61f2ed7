// Prints records to stdout.
import { ONE, defaultFormat } from "./formats.js";
import { writeOut } from "./streams.js";

/**
 * Prints the customer that a call gives, or the request of a dry run, which is JSON in any format.
 *
 * @param {Promise<object>} call
 * @param {{ format?: string, fields?: string[], dryRun?: boolean }} options
 */
export async function printOne(call, options) {
  const record = await call;
  const format = options.format ?? defaultFormat();
  if (options.dryRun) return writeOut(ONE[format === "jsonl" ? "jsonl" : "json"](record, {}));
  return writeOut(ONE[format](record, options));
}

/**
 * Prints how many rows became what.
 *
 * @param {object} counts
 */
export function printCounts(counts) {
  return writeOut(ONE[defaultFormat()](counts, { fields: Object.keys(counts) }));
}

/**
 * The same customers, counted in the progress line.
 *
 * @param {AsyncIterable<object>} customers
 * @param {import("./messages.js").Messages} messages
 */
export async function* counted(customers, messages) {
  // On a terminal the customers themselves show the progress.
  const isShown = !process.stdout.isTTY;
  const startMs = Date.now();
  let count = 0;
  for await (const customer of customers) {
    count += 1;
    if (isShown) messages.progress(() => `${count} customers, ${perSecond(count, startMs)}/s`);
    yield customer;
  }
  messages.clear();
}

/**
 * A count since a time as a rate.
 *
 * @param {number} count
 * @param {number} startMs
 */
function perSecond(count, startMs) {
  return Math.round(count / Math.max(0.001, (Date.now() - startMs) / 1000));
}
