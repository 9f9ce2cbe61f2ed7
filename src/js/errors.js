// The error classes, and how the exported methods reject.
//
// In JavaScript, because a class that wasm-bindgen exports cannot extend `Error`, and because an error
// that is constructed below a WebAssembly frame cannot be cloned in Firefox 140. Rust decides the kind,
// the words and the properties (src/error.rs) and hands them over as a `Failure`; the error is
// constructed here, in the method that the caller awaits, so that its stack names that method and the
// caller's own functions.

import { define } from "./shape.js";

/** Shared by every copy of this package, in every realm. */
const BRAND = Symbol.for("synctera-customers.error");

/**
 * What may quote personal data is not a property of the error: nothing that lists, prints, copies or
 * serialises an error's own properties comes across it.
 * @type {WeakMap<object, Record<string, unknown>>}
 */
const redacted = new WeakMap();

/** The names of the redacted details; accessors read each by name all the same. */
const REDACTED = [
  "body",
  "code",
  "detail",
  "headers",
  "idempotencyKey",
  "immutable",
  "invalid",
  "missing",
  "reason",
  "title",
  "type",
  "validStatus",
];

export class SyncteraError extends Error {
  /**
   * @param {string} [message]
   * @param {Record<string, unknown>} [details] become properties
   * @param {Record<string, unknown>} [hidden] what may quote personal data
   */
  constructor(message, details, hidden) {
    super(message);
    for (const [name, value] of Object.entries({ ...details })) if (value !== undefined) define(this, name, value);
    redacted.set(this, /** @type {any} */ ({ __proto__: null, ...hidden }));
  }

  /** What logs may hold: the message and the properties, no personal data. */
  toJSON() {
    return { name: this.name, message: this.message, .../** @type {object} */ (this) };
  }

  /** Everything, personal data included, as a plain object: for a place that may hold them. */
  unredacted() {
    return { ...this.toJSON(), stack: this.stack, ...redacted.get(this) };
  }

  /**
   * How Node and Bun print it.
   * @param {number} _depth
   * @param {object} options
   * @param {(value: unknown, options: object) => string} inspect
   */
  [Symbol.for("nodejs.util.inspect.custom")](_depth, options, inspect) {
    return `${this.stack} ${inspect({ ...this }, options)}`;
  }

  /**
   * How Deno prints it.
   * @param {(value: unknown, options: object) => string} inspect
   * @param {object} options
   */
  [Symbol.for("Deno.customInspect")](inspect, options) {
    return `${this.stack} ${inspect({ ...this }, options)}`;
  }

  /**
   * Whether a value is an error of this class, from whichever bundled copy or realm it comes.
   * @param {unknown} value
   */
  static [Symbol.hasInstance](value) {
    // A class that a caller derived from one of ours is an ordinary class.
    if (CLASSES[this.name] !== this) return Function.prototype[Symbol.hasInstance].call(this, value);
    return isSyncteraError(value, this.name);
  }
}

for (const name of REDACTED) {
  Object.defineProperty(
    SyncteraError.prototype,
    name,
    /** @type {any} */ ({
      __proto__: null,
      get() {
        return redacted.get(this)?.[name];
      },
      configurable: true,
    }),
  );
}

export class ApiError extends SyncteraError {}
export class ConnectionError extends SyncteraError {}
export class TimeoutError extends SyncteraError {}
export class AbortError extends SyncteraError {}
export class ValidationError extends SyncteraError {}
export class DecodeError extends SyncteraError {}
export class ThrottleError extends SyncteraError {}
export class TokenError extends SyncteraError {}

/** @type {Record<string, typeof SyncteraError>} */
const CLASSES = {
  SyncteraError,
  ApiError,
  ConnectionError,
  TimeoutError,
  AbortError,
  ValidationError,
  DecodeError,
  ThrottleError,
  TokenError,
};

// As properties, since a bundler's minifier renames classes.
for (const [kind, constructor] of Object.entries(CLASSES)) {
  const hidden = (/** @type {unknown} */ value) => /** @type {any} */ ({ __proto__: null, value, configurable: true });
  Object.defineProperty(constructor, "name", hidden(kind));
  Object.defineProperty(constructor.prototype, "name", { ...hidden(kind), writable: true });
  Object.defineProperty(constructor.prototype, BRAND, hidden(Object.freeze(["SyncteraError", kind])));
}

/**
 * Whether a value is an error of this package, of any kind or of one. A value whose getters throw is
 * none.
 * @param {unknown} value
 * @param {string} [kind]
 */
export function isSyncteraError(value, kind = "SyncteraError") {
  try {
    const kinds = typeof value === "object" && value !== null ? /** @type {any} */ (value)[BRAND] : undefined;
    return Array.isArray(kinds) && kinds.includes(kind);
  } catch {
    return false;
  }
}

/**
 * Whether a customer is a prospect.
 * @param {{ status?: unknown }} customer
 */
export function isProspect(customer) {
  return customer.status === "PROSPECT";
}

/** What an error will say. Not an error yet: the module has not returned. */
export class Failure {
  /**
   * @param {string} kind the class's name
   * @param {string} message
   * @param {Record<string, unknown>} details
   * @param {Record<string, unknown>} hidden
   */
  constructor(kind, message, details, hidden) {
    this.kind = kind;
    this.message = message;
    this.details = details;
    this.hidden = hidden;
    /** Logs the error, if failed calls are logged. @type {((error: SyncteraError) => void) | undefined} */
    this.log = undefined;
  }
}

/**
 * What a rejected promise or a throwing constructor gives the caller: of a failure the error, anything
 * else unchanged. To be called by the function that the caller called.
 * @param {unknown} reason
 */
export function errorOf(reason) {
  if (!(reason instanceof Failure)) return reason;
  const error = new CLASSES[reason.kind](reason.message, reason.details, reason.hidden);
  reason.log?.(error);
  return error;
}

/**
 * The failure for an argument of a method, as `invalid` in src/error.rs makes them.
 * @param {string} operation
 * @param {string} path
 * @param {string} found
 * @param {string} expected
 * @param {number} [attempts] that were made before this was found
 * @param {string} [problem] in words, if not path and what was found
 */
export function invalid(operation, path, found, expected, attempts = 0, problem = `${path}: ${found}`) {
  const advice = attempts > 0 ? "It is safe to repeat." : "Nothing was sent.";
  const message = `${operation}: ${problem}, expected ${expected}. ${advice}`;
  const outcome = attempts > 0 ? "unknown" : "not_sent";
  const details = { operation, outcome, attempts, argument: path.split(".")[0], issues: [{ path, found, expected }] };
  return new Failure("ValidationError", message, details, {});
}

/**
 * The failure of a call that the module itself could not carry on.
 * @param {string} operation
 * @param {unknown} cause
 * @param {string} outcome
 * @param {string} advice
 * @param {string} [idempotencyKey]
 */
export function moduleFailure(operation, cause, outcome, advice, idempotencyKey) {
  const message = `${operation}: synctera-customers itself failed, see unredacted().cause. ${advice}`;
  return new Failure("SyncteraError", message, { operation, outcome, attempts: 0 }, { cause, idempotencyKey });
}
