// Tables for people: aligned columns, cut to the terminal's width.
import { cellOf } from "./cells.js";

/** Rows that are measured and printed together. */
const BATCH = 100;

const GAP = "  ";

/**
 * A line for each record, below a header.
 *
 * @param {AsyncIterable<object>} records
 * @param {string[]} fields
 */
export async function* table(records, fields) {
  const widths = fields.map(widthOf);
  let rows = [fields];
  const flush = () => {
    const text = rows.map((row) => lineOf(row, widths)).join("");
    rows = [];
    return text;
  };
  for await (const record of records) {
    const row = fields.map((field) => printable(cellOf(record, field)));
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index], widthOf(cell))));
    rows.push(row);
    if (rows.length >= BATCH) yield flush();
  }
  yield flush();
}

/**
 * A line for each field that the record has.
 *
 * @param {object} record
 * @param {string[]} fields
 */
export function vertical(record, fields) {
  const rows = fields.map((field) => [field, printable(cellOf(record, field))]).filter(([, cell]) => cell !== "");
  const widths = [Math.max(0, ...rows.map(([name]) => name.length)), 0];
  return rows.map((row) => lineOf(row, widths)).join("");
}

/**
 * @param {string[]} cells
 * @param {number[]} widths
 */
function lineOf(cells, widths) {
  const last = cells.length - 1;
  const line = cells.map((cell, index) => (index === last ? cell : cell + " ".repeat(Math.max(0, widths[index] - widthOf(cell))))).join(GAP);
  return `${cut(line.trimEnd(), process.stdout.columns ?? Infinity)}\n`;
}

/**
 * Replaces control characters and bidirectional overrides: a customer's name must not move the cursor or
 * reorder the line.
 *
 * @param {string} text
 */
function printable(text) {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const WIDE = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/**
 * How many columns of a terminal a text takes.
 *
 * @param {string} text
 */
function widthOf(text) {
  if (/^[ -~]*$/.test(text)) return text.length;
  return [...graphemes.segment(text)].reduce((width, { segment }) => width + (WIDE.test(segment) ? 2 : 1), 0);
}

/**
 * @param {string} line
 * @param {number} width
 */
function cut(line, width) {
  if (widthOf(line) <= width) return line;
  let room = width - 1;
  let kept = "";
  for (const { segment } of graphemes.segment(line)) {
    room -= widthOf(segment);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}
