// Customers as rows of a file: CSV as the package's command line has it (docs/cli.md), or a JSON object a line.
import { ADDRESS_FIELDS } from "./fields.js";

/** @typedef {"csv" | "ndjson"} Format */
/** @typedef {{ line: number, cells: string[] }} Cells */
/** A row of a file, with the number of the line where it begins. @typedef {{ line: number, customer: unknown }} Row */
/** How the text of a cell becomes a value. @typedef {"text" | "boolean" | "json"} Kind */

/** The file cannot be read. The message quotes nothing of it. */
export class FileError extends Error {}

/**
 * @param {string} name
 * @returns {[string, Kind][]}
 */
const addressColumns = (name) => ADDRESS_FIELDS.map((field) => [`${name}.${field.name}`, field.kind === "boolean" ? "boolean" : "text"]);

/** What a customer can be created with, by path. @type {Map<string, Kind>} */
export const WRITABLE = new Map([
  ["status", "text"],
  ["first_name", "text"],
  ["middle_name", "text"],
  ["last_name", "text"],
  ["dob", "text"],
  ["email", "text"],
  ["phone_number", "text"],
  ["ssn", "text"],
  ["ban_status", "text"],
  ["note", "text"],
  ["tenant", "text"],
  ...addressColumns("legal_address"),
  ...addressColumns("shipping_address"),
  ["metadata", "json"],
]);

/** The columns of an export, in the order of the command line's. */
const EXPORTED = [
  "id", "status", "first_name", "middle_name", "last_name", "dob", "email", "phone_number", "ssn", "ssn_source",
  "kyc_status", "kyc_exempt", "kyc_last_run", "ban_status", "has_accounts", "tenant", "creation_time", "last_updated_time",
  ...["legal_address", "shipping_address"].flatMap((name) =>
    ["id", "address_type", ...ADDRESS_FIELDS.map((field) => field.name)].map((field) => `${name}.${field}`)),
  "addresses", "metadata",
];

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
 * A row of cells as a customer. An empty cell is an absent field: the API has no way to clear one.
 *
 * @param {string[]} cells
 * @param {(string | undefined)[]} paths the field of each column, if it has one
 */
export function customerOf(cells, paths) {
  /** @type {{ [name: string]: any }} */
  const customer = {};
  paths.forEach((path, index) => {
    const cell = cells[index] ?? "";
    if (path === undefined || cell === "") return;
    const [first = "", second] = path.split(".");
    const value = valueOf(cell, WRITABLE.get(path) ?? "text");
    if (second === undefined) customer[first] = value;
    else customer[first] = { ...customer[first], [second]: value };
  });
  return customer;
}

/**
 * A cell that cannot be read stays text, which the package then reports by the field's name.
 *
 * @param {string} cell
 * @param {Kind} kind
 */
function valueOf(cell, kind) {
  if (kind === "boolean") return { true: true, false: false }[cell.toLowerCase()] ?? cell;
  if (kind !== "json") return cell;
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
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
  return csvOf([EXPORTED, ...customers.map((customer) => EXPORTED.map((path) => cellOf(customer, path)))]);
}

/**
 * @param {any} customer
 * @param {string} path
 */
function cellOf(customer, path) {
  const [first = "", second] = path.split(".");
  const value = second === undefined ? customer[first] : customer[first]?.[second];
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
