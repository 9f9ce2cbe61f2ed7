// What an import will create: the fields of a file's columns, and the first rows as they will be sent.
import { customerOf } from "/cli/cells.js";
import { valueAt } from "/cli/columns.js";
import { h } from "./dom.js";
import { STATUSES, labelOf } from "./fields.js";
import { lastFour, plain } from "./format.js";
import { WRITABLE, guessMapping } from "./mapping.js";
import { FileError, parseCsv, parseNdjson } from "./rows.js";
import { labelled, rowsTable } from "./values.js";

/** @import { Cells, Format, Row } from "./rows.js" */

/**
 * A file that was read: the rows of NDJSON, or the header and the cells of CSV.
 *
 * @typedef {{ format: Format, rows: Row[], header: string[], cells: Cells[] }} Source
 */

const PREVIEWED = 5;

/**
 * Reads a text; throws a `FileError` if it is not what its format says.
 *
 * @param {string} text
 * @param {Format} format
 * @returns {Source}
 */
export function sourceOf(text, format) {
  if (format === "ndjson") {
    const rows = parseNdjson(text);
    if (rows.length === 0) throw new FileError("The file has no rows.");
    return { format, rows, header: [], cells: [] };
  }
  const [first, ...cells] = parseCsv(text);
  if (!first || cells.length === 0) throw new FileError("The file has no rows below its header.");
  const header = first.cells;
  const uneven = cells.find((row) => row.cells.length !== header.length);
  if (uneven) throw new FileError(`Line ${uneven.line} has ${uneven.cells.length} cells, and the header ${header.length}.`);
  return { format, rows: [], header, cells };
}

/** What will be created: fields of the columns, status and key, and the first rows as they will be sent. */
export class Plan {
  #source;
  #mapping;
  #status = select("import-status", [["", "(none)"], ...STATUSES.map(twice)]);
  #key = select("import-key", [["", "all their fields"], ...fieldChoices()]);
  #preview = h("div", { class: "rows-box", tabindex: "0", role: "group", "aria-label": "First rows" });

  /**
   * @param {Source} source
   * @param {(rows: Row[], keyOf: (row: Row) => string) => void} start
   */
  constructor(source, start) {
    this.#source = source;
    const guesses = guessMapping(source.header);
    this.#mapping = source.header.map((_, index) =>
      select(`column-${index}`, [["", "(leave out)"], ...fieldChoices()], guesses[index]));
    const count = source.rows.length + source.cells.length;
    const onclick = () => start(this.#rows(), (row) => this.#keyOf(row));
    this.element = h("div", { class: "import", onchange: () => this.#showPreview() },
      source.format === "csv" && this.#mappingCard(),
      h("section", { class: "card" },
        h("h2", {}, `First rows of ${count}`),
        this.#preview,
        h("div", { class: "fields" },
          labelled("import-status", "Status of rows without one", this.#status),
          labelled("import-key", "Rows are the same that share", this.#key, "A row is created once for this, however often it is imported.")),
        h("div", { class: "actions" },
          h("button", { type: "button", class: "primary", onclick }, `Create ${count} customer${count === 1 ? "" : "s"}`))));
    this.#showPreview();
  }

  #mappingCard() {
    return h("section", { class: "card" },
      h("h2", {}, "Columns"),
      h("div", { class: "fields" },
        ...this.#source.header.map((name, index) => {
          const choice = this.#mapping[index];
          return choice ? labelled(`column-${index}`, plain(name) || `Column ${index + 1}`, choice) : null;
        })));
  }

  /** @returns {Row[]} */
  #rows() {
    const { format, rows, cells } = this.#source;
    const paths = this.#mapping.map(({ value }) => value || undefined);
    const mapped = format === "csv"
      ? cells.map((row) => ({ line: row.line, customer: customerOf(byPath(row.cells, paths)) }))
      : rows;
    const status = this.#status.value;
    return status === "" ? mapped : mapped.map(({ line, customer }) => ({ line, customer: withStatus(status, customer) }));
  }

  /** @param {Row} row */
  #keyOf({ customer }) {
    const path = this.#key.value;
    return path === "" ? JSON.stringify(customer) : String(valueAt(Object(customer), path) ?? "");
  }

  #showPreview() {
    const rows = this.#rows().slice(0, PREVIEWED);
    const paths = [...new Set(rows.flatMap(({ customer }) => pathsOf(customer)))];
    this.#preview.replaceChildren(rowsTable(
      ["Line", ...paths.map((path) => labelOf(path) ?? path)],
      rows.map(({ line, customer }) => [line, ...paths.map((path) => shown(path, valueAt(Object(customer), path)))]),
    ));
  }
}

/**
 * @param {string} status
 * @param {unknown} customer
 */
function withStatus(status, customer) {
  return typeof customer === "object" && customer !== null ? { status, ...customer } : customer;
}

/**
 * @param {string} name
 * @returns {[string, string]}
 */
function twice(name) {
  return [name, name];
}

/** @returns {[string, string][]} */
function fieldChoices() {
  return WRITABLE.map((path) => [path, labelOf(path) ?? path]);
}

/**
 * @param {string} id
 * @param {[string, string][]} choices values and texts
 * @param {string} [value]
 */
function select(id, choices, value = "") {
  const element = h("select", { id }, ...choices.map(([choice, text]) => h("option", { value: choice }, text)));
  element.value = value;
  return element;
}

/**
 * The cells of a row by field; of two columns that a person gave the same field, the last that is filled.
 *
 * @param {string[]} cells
 * @param {(string | undefined)[]} paths the field of each column, if it has one
 * @returns {Record<string, string>}
 */
function byPath(cells, paths) {
  return Object.fromEntries(paths.flatMap((path, index) => {
    const cell = cells[index] ?? "";
    return path === undefined || cell === "" ? [] : [[path, cell]];
  }));
}

/**
 * The fields of a row, those of an address one by one.
 *
 * @param {unknown} customer
 * @returns {string[]}
 */
function pathsOf(customer) {
  return Object.entries(customer ?? {}).flatMap(([name, value]) =>
    name.endsWith("_address") ? Object.keys(value ?? {}).map((member) => `${name}.${member}`) : [name]);
}

/**
 * @param {string} path
 * @param {unknown} value
 */
function shown(path, value) {
  if (value === undefined) return "";
  return path === "ssn" ? lastFour(String(value)) : plain(value);
}
