// What a write changes, drops, and how it is undone. Plain values in, plain values out.
import { ADDRESSES, ADDRESS_FIELDS, labelOf, plainFields } from "./fields.js";
import { lastFour, plain } from "./format.js";

/** @typedef {{ [name: string]: unknown }} Body */
/** One field before and after, in words. @typedef {{ label: string, before: string, after: string }} Change */

const NOT_SET = "not set";

/** Every path that can be sent. */
const PATHS = [
  ...plainFields("replace").map(({ name }) => name),
  ...ADDRESSES.flatMap(({ name }) => ADDRESS_FIELDS.map((field) => `${name}.${field.name}`)),
];

/**
 * The fields that a body sets to another value.
 *
 * @param {object} stored
 * @param {object} body
 * @returns {Change[]}
 */
export function changesOf(stored, body) {
  return PATHS
    .filter((path) => isIn(body, path) && !isSame(valueAt(stored, path), valueAt(body, path)))
    .map((path) => ({
      label: labelOf(path) ?? path,
      before: words(path, valueAt(stored, path)),
      after: words(path, valueAt(body, path)),
    }));
}

/**
 * The stored fields that a body leaves out: of a replacement, those that the API drops; of a patch, members of
 * an address, which goes whole.
 *
 * @param {object} stored
 * @param {object} body
 * @param {"patch" | "replace"} mode
 * @returns {Change[]}
 */
export function droppedBy(stored, body, mode) {
  return PATHS
    .filter((path) => mode === "replace" || isIn(body, path.split(".")[0] ?? ""))
    // Its stored form is masked and never sent; whether the API keeps it is not documented (BEHAVIOUR 4.6).
    .filter((path) => path !== "ssn" && valueAt(stored, path) !== undefined && valueAt(body, path) === undefined)
    .map((path) => ({ label: labelOf(path) ?? path, before: words(path, valueAt(stored, path)), after: NOT_SET }));
}

/** Fields whose old value cannot be sent again: it is not known, or the API wants a note with it. */
const ONE_WAY = ["ssn", "ban_status"];

/**
 * The patch that sets the fields of another one back, and the labels of those that cannot be set back.
 *
 * @param {object} stored the customer before the patch
 * @param {object} patch
 * @returns {{ patch: Body, lost: string[] }}
 */
export function undoOf(stored, patch) {
  /** @type {{ patch: Body, lost: string[] }} */
  const undo = { patch: {}, lost: [] };
  // A note belongs to the change and is not stored as a field.
  for (const name of Object.keys(patch).filter((name) => name !== "note")) {
    const before = valueAt(stored, name);
    if (before === undefined || ONE_WAY.includes(name)) undo.lost.push(labelOf(name) ?? name);
    else undo.patch[name] = isObject(before) ? writable(before) : before;
  }
  return undo;
}

/**
 * An address without what only the server sets.
 *
 * @param {Body} address
 */
function writable({ id, address_type, ...members }) {
  return members;
}

/**
 * @param {string} path
 * @param {unknown} value
 */
function words(path, value) {
  if (value === undefined) return NOT_SET;
  return path === "ssn" ? lastFour(String(value)) : plain(value);
}

/**
 * @param {object} record
 * @param {string} path
 * @returns {unknown}
 */
function valueAt(record, path) {
  return path.split(".").reduce(
    (/** @type {unknown} */ value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    record,
  );
}

/**
 * @param {object} record
 * @param {string} path
 */
function isIn(record, path) {
  return valueAt(record, path) !== undefined;
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * @param {unknown} value
 * @returns {value is Body}
 */
function isObject(value) {
  return typeof value === "object" && value !== null;
}
