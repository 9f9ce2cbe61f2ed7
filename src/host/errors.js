// The error classes. They are written here, and not in Rust, because a class that wasm-bindgen
// exports cannot extend `Error`. Rust decides what goes into them (src/failure.rs).

/** Shared by every copy of this package, in every realm. */
const BRAND = Symbol.for("synctera-customers.error");

/** Properties that may quote personal data: there for who asks, not for logs that print objects. */
const QUIET = new Set(["detail", "invalid", "body", "headers", "cause", "reason"]);

export class SyncteraError extends Error {
  /**
   * @param {string} message
   * @param {Record<string, unknown>} details
   */
  constructor(message, details) {
    super(message);
    for (const [name, value] of Object.entries(details ?? {})) {
      if (value === undefined) continue;
      Object.defineProperty(this, name, {
        value,
        enumerable: !QUIET.has(name),
        configurable: true,
        writable: true,
      });
    }
  }

  /**
   * How Node and Bun print it: the stack, which holds nobody's data, and what is enumerable. Left to
   * themselves they print `cause` as well, and a host's error may name the URL with its filters.
   * @param {number} _depth
   * @param {object} options
   * @param {(value: unknown, options: object) => string} inspect
   */
  [Symbol.for("nodejs.util.inspect.custom")](_depth, options, inspect) {
    return `${this.stack} ${inspect({ ...this }, options)}`;
  }

  /**
   * True for an error of this class, from whichever bundled copy or realm it comes.
   * @param {unknown} value
   */
  static [Symbol.hasInstance](value) {
    if (typeof value !== "object" || value === null) return false;
    if (Object.hasOwn(this, "kind")) return kindsOf(value).includes(/** @type {any} */ (this).kind);
    // A class that somebody derived from ours is an ordinary class again.
    return Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

/**
 * @param {object} value
 * @returns {readonly string[]}
 */
function kindsOf(value) {
  const kinds = /** @type {any} */ (value)[BRAND];
  return Array.isArray(kinds) ? kinds : [];
}

/**
 * Gives a class its name: as a property, since a bundler's minifier renames classes.
 * @param {any} constructor
 * @param {string} kind
 */
function brand(constructor, kind) {
  Object.defineProperty(constructor, "kind", { value: kind });
  Object.defineProperty(constructor, "name", { value: kind, configurable: true });
  Object.defineProperty(constructor.prototype, "name", { value: kind, configurable: true, writable: true });
  Object.defineProperty(constructor.prototype, BRAND, { value: Object.freeze(["SyncteraError", kind]) });
}

export class ApiError extends SyncteraError {}
export class ConnectionError extends SyncteraError {}
export class TimeoutError extends SyncteraError {}
export class AbortError extends SyncteraError {}
export class ValidationError extends SyncteraError {}
export class DecodeError extends SyncteraError {}

const CLASSES = { SyncteraError, ApiError, ConnectionError, TimeoutError, AbortError, ValidationError, DecodeError };
for (const [kind, constructor] of Object.entries(CLASSES)) brand(constructor, kind);

/**
 * Whether a value is an error of this package, of any kind or of one.
 * @param {unknown} value
 * @param {string} [kind]
 */
export function isSyncteraError(value, kind) {
  return typeof value === "object" && value !== null && kindsOf(value).includes(kind ?? "SyncteraError");
}

/**
 * Whether a customer is a prospect.
 * @param {{ status?: unknown }} customer
 */
export function isProspect(customer) {
  return customer.status === "PROSPECT";
}

/**
 * @param {keyof typeof CLASSES} kind
 * @param {string} message
 * @param {Record<string, unknown>} details
 */
export function makeError(kind, message, details) {
  return new CLASSES[kind](message, details);
}
