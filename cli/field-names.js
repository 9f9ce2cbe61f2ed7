// The names of fields that a user types.
import { RETURNED } from "./columns.js";
import { UsageError } from "./exit.js";

/**
 * Reads `--fields`.
 *
 * @param {string} list such as `id,legal_address.city`
 */
export function parseFields(list) {
  const fields = list.split(",").map((field) => field.trim());
  const unknown = fields.find((field) => !isField(field));
  if (unknown !== undefined) {
    throw new UsageError(`--fields: ${quoteName(unknown)} is not a field of a customer. Fields: ${fieldNames().join(", ")}.`);
  }
  return [...new Set(fields)];
}

/** Every name that `--fields` takes, an address by its own name only. */
export function fieldNames() {
  return [...new Set([...RETURNED.keys()].map((path) => path.split(".")[0]))];
}

/**
 * Reads the name of one field.
 *
 * @param {string} field
 */
export function parseKey(field) {
  if (!isField(field)) throw new UsageError(`--key: ${quoteName(field)} is not a field of a customer.`);
  return field;
}

/** @param {string} path */
function isField(path) {
  return RETURNED.has(path) || fieldNames().includes(path) || /^metadata\../.test(path);
}

/**
 * A name that a user typed, quoted only if it looks like a name: it may be a value in the wrong place.
 *
 * @param {string} name
 */
export function quoteName(name) {
  return /^[a-z_][a-z0-9_.-]{0,59}$/i.test(name) ? `"${name}"` : "one of the names";
}
