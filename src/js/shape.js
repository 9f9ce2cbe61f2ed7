// Reads values and compares them with the tables that Rust describes (src/contract/, src/options.rs).
//
// In JavaScript, because a crossing into WebAssembly for each field makes the check of a page 2 to 3
// times as expensive as the whole call (docs/performance.md). Rust decides what follows: it walks a
// value that does not fit, by reference, to say what is wrong (src/validate.rs).

/**
 * A row of the tables, as `Row` in src/contract/schema.rs writes it, with what is looked up often.
 * @typedef {object} Type
 * @property {string} kind
 * @property {string | undefined} form
 * @property {RegExp | undefined} test `form`, compiled
 * @property {Set<unknown> | undefined} values
 * @property {number} minimum
 * @property {number} maximum
 * @property {boolean} whole
 * @property {Type | undefined} item
 * @property {boolean} filled whether a list must not be empty
 * @property {Map<string, Type> | undefined} fields
 * @property {string[]} required the names of the required fields
 * @property {string[]} nested the names of the fields that hold objects or lists
 * @property {boolean} callable
 * @property {string[] | undefined} methods
 * @property {{ names: string[], types: Type[] }[]} layouts of the last objects
 */

/**
 * The kinds as literals, which V8 compares by address. The same text from the module is compared
 * character by character, in each `switch`.
 */
const KINDS = ["text", "enum", "boolean", "object", "list", "number", "free"];

/** How many layouts are kept of a type. */
const MAX_LAYOUTS = 8;

/**
 * Makes a type of a row. Every member is the type's own, so that none is looked up on a polluted
 * prototype.
 * @param {any} row
 * @returns {Type}
 */
export function compile(row) {
  /** @type {Map<string, Type>} */
  const fields = new Map();
  const required = [];
  for (const [name, shape, isRequired] of row.fields ?? []) {
    fields.set(name, compile(shape));
    if (isRequired) required.push(name);
  }
  const nested = [...fields].filter(([, { kind }]) => kind === "object" || kind === "list" || kind === "free");
  return {
    ...row,
    kind: KINDS.find((kind) => kind === row.kind) ?? "host",
    // Code points are counted, not the halves of surrogate pairs.
    test: row.form === undefined ? undefined : new RegExp(row.form, "su"),
    values: row.values && new Set(row.values),
    item: row.item && compile(row.item),
    fields: row.fields && fields,
    required,
    nested: nested.map(([name]) => name),
    layouts: [],
  };
}

/**
 * Whether a value fits a type. Never throws: a value whose getters throw does not fit.
 * @param {unknown} value
 * @param {Type} type
 * @returns {boolean}
 */
export function fits(value, type) {
  try {
    return matches(value, type);
  } catch {
    return false;
  }
}

/**
 * Whether a response's body has the required fields, each with the right JSON type.
 * @param {any} body
 * @param {Type} type
 */
export function hasRequired(body, type) {
  try {
    for (const name of type.required) {
      if (!Object.hasOwn(body, name)) return false;
      const isList = type.fields?.get(name)?.kind === "list";
      if (isList ? !Array.isArray(body[name]) : typeof body[name] !== "string") return false;
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {any} value
 * @param {Type} type
 * @returns {boolean}
 */
function matches(value, type) {
  switch (type.kind) {
    case "text":
      return typeof value === "string" && (type.test === undefined || type.test.test(value));
    case "enum":
      return /** @type {Set<unknown>} */ (type.values).has(value);
    case "boolean":
      return typeof value === "boolean";
    case "object":
      return isObject(value) && membersMatch(value, type);
    case "list":
      return Array.isArray(value) && itemsMatch(value, type);
    case "number":
      return typeof value === "number" && value >= type.minimum && value <= type.maximum && (!type.whole || Number.isInteger(value));
    case "free":
      return isObject(value);
    default:
      return isHostValue(value, type);
  }
}

/**
 * @param {unknown[]} items
 * @param {Type} list
 */
function itemsMatch(items, list) {
  for (const item of items) if (!matches(item, /** @type {Type} */ (list.item))) return false;
  return items.length > 0 || !list.filled;
}

/**
 * A function, a string or an object with methods, as the type allows.
 * @param {any} value
 * @param {Type} type
 */
function isHostValue(value, { callable, test, methods }) {
  if (typeof value === "function" && callable) return true;
  if (typeof value === "string") return test !== undefined && test.test(value);
  const isReference = typeof value === "function" || (typeof value === "object" && value !== null);
  if (!isReference || methods === undefined || (callable && methods.length === 0)) return false;
  return methods.every((name) => typeof value[name] === "function");
}

/**
 * Objects of one type mostly have the same members in the same order, in a few variants, so what was
 * looked up for one is kept for the next. Nothing is allocated for an object on the way: garbage would
 * make the collector go through the whole page that was just parsed, which costs more than the check.
 * @param {Record<string, unknown>} value
 * @param {Type} type
 */
function membersMatch(value, type) {
  const types = layoutOf(value, type);
  if (types === undefined) return false;
  let index = 0;
  for (const name in value) {
    if (!matches(value[name], types[index])) return false;
    index += 1;
  }
  return true;
}

/**
 * The types of the members that an object has; `undefined` if they are not all there or not all known.
 * @param {Record<string, unknown>} value
 * @param {Type} type
 */
function layoutOf(value, type) {
  for (const layout of type.layouts) if (hasNames(value, layout.names)) return layout.types;
  const names = Object.keys(value);
  const types = names.map((name) => type.fields?.get(name)).filter((field) => field !== undefined);
  const isComplete = types.length === names.length && type.required.every((name) => names.includes(name));
  // A loop over names also sees what is inherited; then Rust walks the value.
  if (!isComplete || !hasNames(value, names)) return undefined;
  type.layouts.unshift({ names, types });
  type.layouts.length = Math.min(type.layouts.length, MAX_LAYOUTS);
  return types;
}

/**
 * Whether an object has these members in this order, and inherits none.
 * @param {Record<string, unknown>} value
 * @param {string[]} names
 */
function hasNames(value, names) {
  let index = 0;
  for (const name in value) {
    if (name !== names[index]) return false;
    index += 1;
  }
  // Own names come first, so if the last one is own, all are.
  return index === names.length && (index === 0 || Object.hasOwn(value, names[index - 1]));
}

/**
 * An object with members to read: a plain object, or an instance of a class that is not the host's. A
 * `Map`, a `FormData` or a promise has its contents elsewhere.
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isObject(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return isPlain(value) || hostClassOf(value) === undefined;
}

/**
 * Whether an object is of no class, as nearly all are.
 * @param {object} value
 */
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * The name of the host's class that an object is of, if it is of one.
 * @param {object} value
 * @returns {string | undefined}
 */
function hostClassOf(value) {
  if (typeof inherited(value, "then") === "function") return "Promise";
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag !== "Object" && typeof (/** @type {any} */ (globalThis)[tag]) === "function" ? tag : undefined;
}

/**
 * The word for a value in messages; quotes nothing of it.
 * @param {unknown} value
 * @returns {string}
 */
export function describe(value) {
  try {
    if (value === undefined) return "missing";
    if (value === null) return "null";
    if (Array.isArray(value)) return "array";
    const type = typeof value;
    if (type === "object") {
      const name = isObject(value) ? undefined : hostClassOf(value);
      return name ? `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}` : type;
    }
    return type === "boolean" || type === "number" || type === "string" ? type : "a value that JSON cannot hold";
  } catch {
    return "an object that cannot be read";
  }
}

/**
 * Reads an argument once: its own members and those that its class defines, accessors included, as the
 * own data of a new object, so that the caller may change it afterwards. Objects and lists that the type
 * knows are read likewise. What is no object is given back. Throws what getters, proxies and `toJSON`
 * throw.
 * @param {unknown} source
 * @param {Type} type
 * @param {boolean} isBody whether it becomes JSON, so that `toJSON` decides and functions are left out
 * @returns {unknown}
 */
export function snapshot(source, type, isBody) {
  if (!isObject(source)) return source;
  const value = isBody ? afterToJson(source) : source;
  if (!isObject(value)) return value;
  const copy = isPlain(value) ? { ...value } : membersOf(value, type, isBody);
  for (const name of type.nested) {
    if (!Object.hasOwn(copy, name)) continue;
    const member = copy[name];
    const inner = /** @type {Type} */ (type.fields?.get(name));
    copy[name] = Array.isArray(member) ? [...member] : snapshot(member, inner, isBody);
  }
  return copy;
}

/**
 * Whether a value is an object with members to read, for Rust: one that throws is none.
 * @param {unknown} value
 */
export function isRecord(value) {
  try {
    return isObject(value);
  } catch {
    return false;
  }
}

/**
 * What `toJSON` makes of an object, if it or its class has one.
 * @param {Record<string, unknown>} source
 */
function afterToJson(source) {
  if (isPlain(source) && !Object.hasOwn(source, "toJSON")) return source;
  const toJson = inherited(source, "toJSON");
  return typeof toJson === "function" ? toJson.call(source, "") : source;
}

/**
 * The own members of an instance, and what its class and those above define.
 * @param {Record<string, unknown>} value
 * @param {Type | undefined} type
 * @param {boolean} isBody
 * @returns {Record<string, unknown>}
 */
function membersOf(value, type, isBody) {
  const copy = { ...value };
  for (const level of prototypesOf(value)) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (name === "constructor" || Object.hasOwn(copy, name)) continue;
      const member = value[name];
      if (typeof member !== "function") define(copy, name, member);
      // A method is no data, but an option such as `onRequest` may be one; it keeps its `this`.
      else if (!isBody && type?.fields?.has(name)) define(copy, name, member.bind(value));
    }
  }
  return copy;
}

/**
 * The prototypes of an object below the root one, which is shared by all objects and may be
 * polluted.
 * @param {object} value
 * @returns {object[]}
 */
function prototypesOf(value) {
  const found = [];
  for (let level = Object.getPrototypeOf(value); level !== null; level = Object.getPrototypeOf(level)) {
    if (level === Object.prototype || Object.hasOwn(level, "hasOwnProperty")) break;
    found.push(level);
  }
  return found;
}

/**
 * A member of an object's own or of its class; never one of the root prototype.
 * @param {any} value
 * @param {string} name
 * @returns {any}
 */
export function inherited(value, name) {
  return [value, ...prototypesOf(value)].some((level) => Object.hasOwn(level, name)) ? value[name] : undefined;
}

/**
 * Defines a member by a descriptor that inherits nothing: a polluted prototype that has a `get` would
 * make every descriptor invalid, and a plain assignment of `__proto__` is none.
 * @param {object} object
 * @param {PropertyKey} name
 * @param {unknown} value
 * @param {boolean} [enumerable]
 */
export function define(object, name, value, enumerable = true) {
  const descriptor = { __proto__: null, value, enumerable, configurable: true, writable: true };
  Object.defineProperty(object, name, /** @type {any} */ (descriptor));
}

/**
 * A copy without a prototype, of which members are read by name.
 * @param {object} value
 */
export function bare(value) {
  return { __proto__: null, ...value };
}

/**
 * Removes a member of a copy.
 * @param {any} copy
 * @param {string} name
 */
export function remove(copy, name) {
  delete copy[name];
}

/**
 * An own member; `undefined` where there is none or a getter throws.
 * @param {any} value
 * @param {string} name
 * @returns {unknown}
 */
export function own(value, name) {
  try {
    return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? value[name] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The first group of a type's form in a text; `undefined` if the text does not match.
 * @param {unknown} value
 * @param {Type} type
 * @returns {string | undefined}
 */
export function capture(value, type) {
  return typeof value === "string" ? type.test?.exec(value)?.[1] : undefined;
}

/**
 * The names of the own members of an object, at most so many; none of one that throws.
 * @param {any} value
 * @param {number} most
 * @returns {string[]}
 */
export function names(value, most) {
  try {
    return Object.keys(value).slice(0, most);
  } catch {
    return [];
  }
}

/**
 * The items of an array, at most so many; `undefined` if it is none, or throws.
 * @param {any} value
 * @param {number} most
 * @returns {unknown[] | undefined}
 */
export function items(value, most) {
  try {
    return Array.isArray(value) ? value.slice(0, most) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether what a hook returned is meant as headers: a plain object, a `Headers` or pairs of strings. A hook
 * often returns something by accident: a number, a promise, a logger, a list of events.
 * @param {any} value
 */
export function isHeaders(value) {
  try {
    if (typeof value !== "object" || value === null) return false;
    const isPair = (/** @type {any} */ pair) => Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string");
    if (Array.isArray(value)) return value.every(isPair);
    return isPlain(value) || Object.prototype.toString.call(value) === "[object Headers]";
  } catch {
    return false;
  }
}

/**
 * The pairs of a `Headers`, of an array of pairs or of an object. Throws what reading it throws.
 * @param {any} source
 * @returns {unknown[][]}
 */
export function headerPairs(source) {
  if (typeof source === "object" && typeof source[Symbol.iterator] === "function") {
    return Array.from(source, (pair) => (Array.isArray(pair) ? [...pair] : []));
  }
  if (!isObject(source)) throw new TypeError(describe(source));
  return Object.entries(isPlain(source) ? source : membersOf(source, undefined, true));
}

/**
 * The JSON text of a snapshot; `undefined` if JSON cannot hold it: a cycle, a BigInt.
 * @param {unknown} value
 * @returns {string | undefined}
 */
export function stringify(value) {
  try {
    const text = JSON.stringify(value);
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A value as one step of a path or as a part of a query, after a prefix: everything percent-encoded but the
 * unreserved characters of RFC 3986, so that `+` becomes `%2B` (BEHAVIOUR 6.7) and a comma `%2C`;
 * `undefined` if it has no UTF-8 form.
 * @param {string} prefix
 * @param {any} value
 * @returns {string | undefined}
 */
export function encode(prefix, value) {
  try {
    const escape = (/** @type {string} */ mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
    return prefix + encodeURIComponent(value).replace(/[!'()*]/g, escape);
  } catch {
    return undefined;
  }
}
