// Arguments on their way in: looked at, copied so that the caller may change them afterwards, and
// turned into an address and a body. What is unfit throws the description of a `ValidationError`.

import { define, ErrorDescription, invalid, refuse } from "./errors.js";
import { check, fits, isObject, kindOf, operations, reserved, typeOf } from "./shape.js";

/** @typedef {import("./shape.js").Type} Type */

/** The members that are looked into, and so copied too. */
const NESTED = ["legal_address", "shipping_address", "id", "sort_by"];

/**
 * Reads an argument. What its own getters and traps throw is as wrong as a value of another type.
 * @template T
 * @param {number | undefined} operation
 * @param {string} root
 * @param {() => T} read
 * @returns {T}
 */
function reading(operation, root, read) {
  try {
    return read();
  } catch (cause) {
    if (ErrorDescription.is(cause)) throw cause;
    throw refuse(operation, root, "an object that cannot be read", "plain data", cause);
  }
}

/**
 * An object's own member. What comes down a prototype does not count, so that a polluted one changes
 * nothing.
 * @param {any} object
 * @param {string} name
 */
function own(object, name) {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * A copy of an object's own members; a getter is asked once.
 * @param {any} source
 * @returns {any}
 */
function copy(source) {
  if (!isObject(source)) return source;
  const members = { ...source };
  for (const name of NESTED) {
    const member = own(members, name);
    if (isObject(member)) members[name] = { ...member };
    else if (Array.isArray(member)) members[name] = [...member];
  }
  return members;
}

/**
 * @param {number | undefined} operation
 * @param {string} root
 * @param {unknown} value
 * @param {Type} type
 */
function inspect(operation, root, value, type) {
  const issues = check(root, value, type, false)?.findings ?? [];
  if (root === "patch" && isObject(value)) {
    // Refused rather than left out: a patch that changes less than it says would hide a mistake.
    issues.push(...serverSet("patch", value, "Customer"));
    for (const name of ["legal_address", "shipping_address"]) {
      issues.push(...serverSet(`patch.${name}`, own(value, name), "Address"));
    }
  }
  if (issues.length > 0) throw invalid(operation, issues);
}

/**
 * The members of an object that only the server sets (BEHAVIOUR 4.2), as findings.
 * @param {string} root
 * @param {unknown} object
 * @param {string} model
 */
function serverSet(root, object, model) {
  const expected = "nothing: only the server sets it";
  const given = (typeOf(model).servers ?? []).map((name) => ({ path: `${root}.${name}`, found: kindOf(own(object, name)), expected }));
  return given.filter(({ found }) => found !== "missing");
}

/**
 * Takes out what only the server sets, so that an object that came from the API can be sent back
 * (BEHAVIOUR 4.2, 4.6).
 * @param {any} customer
 */
function strip(customer) {
  without(customer, "Customer");
  without(own(customer, "legal_address"), "Address");
  without(own(customer, "shipping_address"), "Address");
  const ssn = own(customer, "ssn");
  if (typeof ssn === "string" && typeOf("MaskedSsn").test?.test(ssn)) delete customer.ssn;
}

/**
 * @param {any} value
 * @param {string} model
 */
function without(value, model) {
  if (!isObject(value)) return;
  for (const name of typeOf(model).servers ?? []) if (Object.hasOwn(value, name)) delete value[name];
}

/**
 * The body of a request as JSON text.
 * @param {import("./sender.js").Sender} sender
 * @param {number} operation
 * @param {unknown} content
 * @returns {string}
 */
export function body({ validate }, operation, content) {
  return reading(operation, operations[operation].root, () => json(validate, operation, content));
}

/**
 * @param {boolean} validate
 * @param {number} operation
 * @param {unknown} content
 * @returns {string}
 */
function json(validate, operation, content) {
  const { root, sends } = operations[operation];
  const type = typeOf(sends);
  const value = copy(content);
  // What is known by name and fits has nothing to be taken out, nor to be complained of.
  if (!fits(value, type)) {
    if (root === "customer") strip(value);
    if (validate) inspect(operation, root, value, type);
  }
  let text;
  try {
    text = JSON.stringify(value);
  } catch {
    // A cycle, or a BigInt.
  }
  if (typeof text !== "string") throw refuse(operation, root, "a value that JSON cannot hold", "plain data");
  return text;
}

/**
 * What follows on `/customers` in a request's address.
 * @param {import("./sender.js").Sender} sender
 * @param {number} operation
 * @param {unknown} id
 * @param {unknown} params
 */
export function target({ validate }, operation, id, params) {
  const { root, sends, template } = operations[operation];
  if (root === "params") {
    if (params === undefined || params === null) return "";
    return reading(operation, root, () => query(validate, operation, params, typeOf(sends)));
  }
  if (!template.endsWith("}")) return "";
  return reading(operation, "customerId", () => step(operation, id));
}

/**
 * A customer's id as a step of a path.
 * @param {number} operation
 * @param {unknown} id
 */
function step(operation, id) {
  const type = typeOf("CustomerId");
  if (typeof id !== "string" || !type.test?.test(id)) {
    throw refuse(operation, "customerId", typeof id === "string" ? "another string" : kindOf(id), type.wanted);
  }
  return `/${encode(operation, "customerId", id)}`;
}

/**
 * The parameters in the contract's order. Lists are joined by commas inside one parameter
 * (BEHAVIOUR 6.4); what is absent, or an empty list, is left out.
 * @param {boolean} validate
 * @param {number} operation
 * @param {unknown} source
 * @param {Type} type
 */
function query(validate, operation, source, type) {
  if (source === undefined) return "";
  const params = copy(source);
  if (validate) inspect(operation, "params", params, type);
  let text = "";
  for (const name of type.fields?.keys() ?? []) {
    const value = own(params, name);
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue;
    const parts = [value].flat().map((part) => encode(operation, `params.${name}`, part));
    text += `${text === "" ? "?" : "&"}${name}=${parts.join(",")}`;
  }
  return text;
}

/**
 * Text with everything percent-encoded but the unreserved characters of RFC 3986: `+` becomes `%2B`
 * (BEHAVIOUR 6.7), a comma inside a value `%2C`.
 * @param {number} operation
 * @param {string} path
 * @param {unknown} value
 */
function encode(operation, path, value) {
  try {
    const escape = (/** @type {string} */ mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
    return encodeURIComponent(/** @type {string} */ (value)).replace(/[!'()*]/g, escape);
  } catch {
    // Half a surrogate pair, or an object that does not want to be a text.
    throw refuse(operation, path, "another string", "text that has a UTF-8 form");
  }
}

/**
 * A copy of the options, each of which is what it should be.
 * @param {number | undefined} operation `undefined` for the constructor's
 * @param {any} options
 */
export function options(operation, options) {
  const type = typeOf(operation === undefined ? "ClientOptions" : "RequestOptions");
  if (options === undefined) throw refuse(operation, "options", "missing", "an object with accessToken");
  return reading(operation, "options", () => {
    const value = copy(options);
    inspect(operation, "options", value, type);
    // Without a prototype, since options are read by name.
    const bare = { __proto__: null, ...value };
    if (bare.headers !== undefined) bare.headers = headers(operation, bare.headers);
    return bare;
  });
}

/**
 * A copy of the headers to add, names in lower case.
 * @param {number | undefined} operation
 * @param {any} source
 */
function headers(operation, source) {
  const { test, wanted } = typeOf("HeaderValue");
  /** @type {Record<string, string>} */
  const result = {};
  for (const [name, value] of Object.entries({ ...source })) {
    const isName = /^[\w!#$%&'*+.^`|~-]+$/.test(name);
    const key = name.toLowerCase();
    const advice = reserved.get(key);
    /** @param {string} expected */
    const wrong = (expected) => {
      const shown = isName && name.length <= 40 ? name : "with an odd name";
      const found = typeof value === "string" ? "another string" : kindOf(value);
      return refuse(operation, "options.headers", found, `${expected} (header ${shown})`);
    };
    if (!isName) throw wrong("a header name made of letters, digits and hyphens");
    if (advice !== undefined) throw wrong(`no header of that name: ${advice}`);
    if (typeof value !== "string" || !test?.test(value)) throw wrong(typeof value === "string" ? wanted : "a string");
    define(result, key, { value, enumerable: true, configurable: true });
  }
  return result;
}

/**
 * The idempotency key of a call: the one given, or a fresh one where it is needed (BEHAVIOUR 7).
 * @param {number} operation
 * @param {any} options checked
 * @param {boolean} takes whether a key may be given
 * @param {boolean} needs whether one is needed
 * @returns {string | undefined}
 */
export function key(operation, options, takes, needs) {
  const given = options?.idempotencyKey;
  if (given !== undefined && !takes) {
    throw refuse(operation, "options.idempotencyKey", "string", "to be left out: reading needs no key");
  }
  return given ?? (needs ? newKey() : undefined);
}

/** A random UUID. */
function newKey() {
  const { crypto } = globalThis;
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // A page that is not a secure context has only this.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
