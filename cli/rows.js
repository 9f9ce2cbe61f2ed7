// The rows of an import, from CSV or JSON lines.
import { createReadStream } from "node:fs";
import { Readable, addAbortSignal, pipeline } from "node:stream";
import { parse } from "csv-parse";
import { stringify } from "csv-stringify/sync";
import { customerOf } from "./cells.js";
import { ACCEPTED } from "./columns.js";
import { CliError } from "./exit.js";
import { quoteName } from "./field-names.js";

/** @typedef {"csv" | "jsonl"} Format */
/** @typedef {{ line: number, customer: any, text: () => string }} Row `text` gives the row as a file has it */

/** The source cannot be read or parsed. Its message quotes no row. */
export class SourceError extends CliError {}

/**
 * Reads rows as they are wanted.
 *
 * @param {string} file or `-` for stdin
 * @param {Format} format
 * @param {AbortSignal} signal
 * @returns {{ rows: AsyncGenerator<Row>, header: () => string }} `header` is what goes above the rows in a
 *   file of the same format; known once the first row has come
 */
export function openRows(file, format, signal) {
  const bytes = addAbortSignal(signal, file === "-" ? process.stdin : createReadStream(file));
  const state = { columns: /** @type {string[]} */ ([]) };
  const rows = format === "csv" ? csvRows(bytes, state) : jsonRows(bytes);
  return { rows: readable(rows), header: () => (format === "csv" ? stringify([state.columns]) : "") };
}

/**
 * The same rows; a failure of the source becomes a `SourceError`.
 *
 * @param {AsyncIterable<Row>} rows
 */
async function* readable(rows) {
  try {
    yield* rows;
  } catch (error) {
    if (error instanceof CliError || error.name === "AbortError") throw error;
    throw new SourceError(`The file cannot be read: ${error.code ?? "unknown reason"}.`);
  }
}

/** @param {AsyncIterable<Buffer>} bytes */
async function* jsonRows(bytes) {
  let line = 0;
  for await (const text of linesOf(textOf(bytes))) {
    line += 1;
    if (text.trim() === "") continue;
    yield { line, customer: parseLine(text, line), text: () => `${text}\n` };
  }
}

/**
 * @param {string} text
 * @param {number} line
 */
function parseLine(text, line) {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's message quotes the text.
    throw new SourceError(`Line ${line} is not JSON.`);
  }
}

/** @param {AsyncIterable<string>} texts */
async function* linesOf(texts) {
  let rest = "";
  for await (const text of texts) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest;
}

/**
 * @param {AsyncIterable<Buffer>} bytes
 * @param {{ columns: string[] }} state
 */
async function* csvRows(bytes, state) {
  const parser = parse({ columns: (names) => (state.columns = checkedColumns(names)), info: true, skip_empty_lines: true });
  // A failure of either reaches the loop below through the parser.
  pipeline(Readable.from(textOf(bytes)), parser, () => {});
  let line = 1;
  try {
    for await (const { record, info } of parser) {
      const text = () => stringify([state.columns.map((/** @type {string} */ name) => record[name])]);
      // `info.lines` is the last line of a row; users look for the first.
      yield { line: line + 1, customer: customerOf(record), text };
      line = info.lines;
    }
  } catch (error) {
    if (!error.code?.startsWith("CSV_")) throw error;
    // The parser's message quotes the text.
    throw new SourceError(`Line ${error.lines ?? line + 1} is not CSV as the header has it (${error.code}).`);
  }
}

/** @param {string[]} names */
function checkedColumns(names) {
  const columns = names.map((name) => name.trim());
  // Without a header, the first line holds personal data.
  if (!columns.some((name) => ACCEPTED.has(name))) throw new SourceError(`The first line names no field of a customer. Columns: ${columnNames()}.`);
  const unknown = columns.find((name) => !ACCEPTED.has(name));
  if (unknown !== undefined) {
    throw new SourceError(`The column ${quoteName(unknown)} is not a field of a customer. Columns: ${columnNames()}.`);
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new SourceError(`The column ${twice} appears twice.`);
  return columns;
}

/** The columns in words: of both addresses the fields once. */
function columnNames() {
  const names = [...ACCEPTED.keys()];
  const isAddress = (/** @type {string} */ name) => name.startsWith("legal_address.") || name.startsWith("shipping_address.");
  const fields = names.filter((name) => name.startsWith("legal_address.")).map((name) => name.split(".")[1]);
  return `${names.filter((name) => !isAddress(name)).join(", ")}; legal_address. and shipping_address. with ${fields.join(", ")}`;
}

/**
 * Text in UTF-8, without a byte order mark. Another encoding would corrupt names silently.
 *
 * @param {AsyncIterable<Buffer>} bytes
 */
async function* textOf(bytes) {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw error instanceof TypeError ? new SourceError("The file is not UTF-8: save it as UTF-8, so that names stay intact.") : error;
  }
}
