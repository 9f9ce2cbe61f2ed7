// The fields of a customer as columns: what a CSV file's header, `--fields` and a table name. The console
// imports this module and `cells.js` too, so that both read and write the same files.

/** @typedef {"text" | "boolean" | "json"} Kind how a cell becomes a value */

/** @type {Record<string, Kind>} */
const ADDRESS = {
  id: "text",
  address_type: "text",
  address_line_1: "text",
  address_line_2: "text",
  city: "text",
  state: "text",
  postal_code: "text",
  country_code: "text",
  nickname: "text",
  is_registered_agent: "boolean",
};

/**
 * @param {string} name
 * @returns {[string, Kind][]}
 */
const addressColumns = (name) => Object.entries(ADDRESS).map(([field, kind]) => [`${name}.${field}`, kind]);

/**
 * Every field that the API returns, in the order of a CSV file's columns.
 * @type {Map<string, Kind>}
 */
export const RETURNED = new Map([
  ["id", "text"],
  ["status", "text"],
  ["first_name", "text"],
  ["middle_name", "text"],
  ["last_name", "text"],
  ["dob", "text"],
  ["email", "text"],
  ["phone_number", "text"],
  ["ssn", "text"],
  ["ssn_source", "text"],
  ["kyc_status", "text"],
  ["kyc_exempt", "boolean"],
  ["kyc_last_run", "text"],
  ["ban_status", "text"],
  ["has_accounts", "boolean"],
  ["tenant", "text"],
  ["creation_time", "text"],
  ["last_updated_time", "text"],
  ...addressColumns("legal_address"),
  ...addressColumns("shipping_address"),
  ["addresses", "json"],
  ["metadata", "json"],
]);

/**
 * What a CSV file may hold: also the one field that is only sent.
 * @type {Map<string, Kind>}
 */
export const ACCEPTED = new Map([...RETURNED, ["note", "text"]]);

/** What a table shows unless `--fields` says otherwise. */
export const TABLE = ["id", "status", "kyc_status", "first_name", "last_name", "email"];

/**
 * The value at a path such as `legal_address.city`; `undefined` if there is none.
 *
 * @param {any} record
 * @param {string} path
 * @returns {any}
 */
export function valueAt(record, path) {
  if (Object.hasOwn(record, path)) return record[path];
  return path.split(".").reduce((value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), record);
}

/**
 * A record that holds only the given fields, nested as in the original.
 *
 * @param {object} record
 * @param {string[]} fields
 */
export function pick(record, fields) {
  const picked = {};
  for (const field of fields) {
    const value = valueAt(record, field);
    if (value !== undefined) setAt(picked, field, value);
  }
  return picked;
}

/**
 * Sets the value at a path, and makes the objects on the way.
 *
 * @param {object} record
 * @param {string} path
 * @param {unknown} value
 */
export function setAt(record, path, value) {
  const names = path.split(".");
  const last = names.pop() ?? path;
  /** @type {any} */
  let parent = record;
  for (const name of names) {
    if (!Object.hasOwn(parent, name)) define(parent, name, {});
    parent = parent[name];
  }
  define(parent, last, value);
}

/**
 * As an assignment, but a field called `__proto__` is a field.
 *
 * @param {object} object
 * @param {string} name
 * @param {unknown} value
 */
function define(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

/** @type {(value: unknown) => boolean} */
const isObject = (value) => typeof value === "object" && value !== null;
