// How records are written: JSON, a JSON object a line, CSV, or a table.
import { stringify } from "csv-stringify/sync";
import { cellOf } from "./cells.js";
import { RETURNED, TABLE, pick } from "./columns.js";
import { table, vertical } from "./table.js";

/** @typedef {{ fields?: string[], escapeFormulas?: boolean }} Choice what is written of a record */

/**
 * The default of `--format`. People read tables. A program can process JSON lines before the last one has
 * arrived, and those that were written before a failure are valid.
 */
export const defaultFormat = () => (process.stdout.isTTY ? "table" : "jsonl");

/**
 * The text of a list in each format, piece by piece as the records come.
 *
 * @type {Record<string, (records: AsyncIterable<object>, choice: Choice) => AsyncGenerator<string>>}
 */
export const LIST = {
  async *json(records, choice) {
    let before = "[\n";
    for await (const record of records) {
      yield `${before}${indent(JSON.stringify(chosen(record, choice), null, 2))}`;
      before = ",\n";
    }
    yield before === "[\n" ? "[]\n" : "\n]\n";
  },

  async *jsonl(records, choice) {
    for await (const record of records) yield `${JSON.stringify(chosen(record, choice))}\n`;
  },

  async *csv(records, { fields = [...RETURNED.keys()], escapeFormulas = false }) {
    yield stringify([fields]);
    for await (const record of records) {
      yield stringify([fields.map((path) => cellOf(record, path))], { escape_formulas: escapeFormulas });
    }
  },

  async *table(records, { fields = TABLE }) {
    yield* table(records, fields);
  },
};

/**
 * The text of a single record in each format.
 *
 * @type {Record<string, (record: object, choice: Choice) => AsyncGenerator<string>>}
 */
export const ONE = {
  async *json(record, choice) {
    yield `${JSON.stringify(chosen(record, choice), null, 2)}\n`;
  },
  async *jsonl(record, choice) {
    yield `${JSON.stringify(chosen(record, choice))}\n`;
  },
  async *csv(record, choice) {
    yield* LIST.csv(only(record), choice);
  },
  async *table(record, { fields = [...RETURNED.keys()] }) {
    yield vertical(record, fields);
  },
};

/** @type {(record: object, choice: Choice) => object} */
const chosen = (record, { fields }) => (fields ? pick(record, fields) : record);
const indent = (/** @type {string} */ text) => text.replace(/^/gm, "  ");

/** @param {object} record */
async function* only(record) {
  yield record;
}
