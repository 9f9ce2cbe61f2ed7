// Between a customer and the cells of a CSV row.
import { ACCEPTED, setAt, valueAt } from "./columns.js";

/**
 * A value as the text of a cell: nothing if it is absent, JSON unless it is text.
 *
 * @param {object} record
 * @param {string} path
 */
export function cellOf(record, path) {
  const value = valueAt(record, path);
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * A row as a customer. An empty cell is an absent field: the API has no way to clear one.
 *
 * @param {Record<string, string>} row by column
 */
export function customerOf(row) {
  const customer = {};
  for (const [path, cell] of Object.entries(row)) {
    if (cell !== "") setAt(customer, path, READERS[ACCEPTED.get(path) ?? "text"](cell));
  }
  return customer;
}

/**
 * A cell that cannot be read stays text, which the package then reports by the field's name.
 *
 * @type {Record<import("./columns.js").Kind, (cell: string) => unknown>}
 */
const READERS = {
  text: (cell) => cell,
  boolean: (cell) => new Map([["true", true], ["false", false]]).get(cell.toLowerCase()) ?? cell,
  json(cell) {
    try {
      return JSON.parse(cell);
    } catch {
      return cell;
    }
  },
};
