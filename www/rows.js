// Customers as rows of a file: CSV as the package's command line has it (docs/cli.md), or a JSON object a line.
import { cellOf } from "/cli/cells.js";
import { RETURNED } from "/cli/columns.js";

/** @typedef {"csv" | "ndjson"} Format */
/** @typedef {{ line: number, cells: string[] }} Cells */
/** A row of a file, with the number of the line where it begins. @typedef {{ line: number, customer: unknown }} Row */

/** The file cannot be read. The message quotes nothing of it. */
export class FileError extends Error {}

/**
 * The text of a file. Another encoding would corrupt names silently.
 *
 * @param {Blob} file
 */
export async function textOf(file) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch (error) {
    throw error instanceof TypeError ? new FileError("The file is not UTF-8: save it as UTF-8, so that names stay intact.") : error;
  }
}

/**
 * The cells of a CSV text (RFC 4180), without empty lines.
 *
 * @param {string} text
 * @returns {Cells[]}
 */
export function parseCsv(text) {
  /** @type {Cells[]} */
  const rows = [];
  // A quoted cell, one without quotes, and what ends it.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/gy;
  let line = 1;
  /** @type {Cells} */
  let row = { line, cells: [] };
  while (cell.lastIndex < text.length || row.cells.length > 0) {
    const found = cell.exec(text);
    if (!found) throw new FileError(`Line ${line} is not CSV: a quote stands where none may be, or is not closed.`);
    const [whole, quoted, bare = "", end] = found;
    row.cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ",") continue;
    if (row.cells.length > 1 || row.cells[0] !== "") rows.push(row);
    row = { line, cells: [] };
    if (end === "") break;
  }
  return rows;
}

/**
 * The customers of a text with a JSON object a line.
 *
 * @param {string} text
 * @returns {Row[]}
 */
export function parseNdjson(text) {
  return text.split("\n").flatMap((source, index) => {
    if (source.trim() === "") return [];
    try {
      return [{ line: index + 1, customer: JSON.parse(source) }];
    } catch {
      // The engine's message quotes the text.
      throw new FileError(`Line ${index + 1} is not JSON.`);
    }
  });
}

/**
 * Rows of texts as CSV.
 *
 * @param {string[][]} rows
 */
export function csvOf(rows) {
  const quote = (/** @type {string} */ cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((cells) => `${cells.map(quote).join(",")}\n`).join("");
}

/**
 * Customers as the text of a file.
 *
 * @param {object[]} customers
 * @param {Format} format
 */
export function fileOf(customers, format) {
  if (format === "ndjson") return customers.map((customer) => `${JSON.stringify(customer)}\n`).join("");
  const columns = [...RETURNED.keys()];
  return csvOf([columns, ...customers.map((customer) => columns.map((path) => cellOf(customer, path)))]);
}
