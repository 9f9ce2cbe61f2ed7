// The error classes and their words. They are written here, and not in Rust, because a class that
// wasm-bindgen exports cannot extend `Error`. What a failure means and what to do about it is
// decided in Rust (src/call.rs, src/advice.rs).

import { complaints, problemOf } from "./problem.js";
import { kindOf, operations } from "./shape.js";

/** @typedef {import("./shape.js").Finding} Finding */

/** Shared by every copy of this package, in every realm. */
const BRAND = Symbol.for("synctera-customers.error");

/**
 * What may quote somebody's data is kept apart from the error: whatever lists, prints, copies or
 * sends on an error's own properties does not come across it.
 * @type {WeakMap<object, Record<string, unknown>>}
 */
const kept = new WeakMap();

/** The names of what is kept apart; each is read as a property all the same. */
const QUIET = [
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

/**
 * Defines a property by a descriptor that inherits nothing: a polluted prototype that has a `get`
 * would make every descriptor invalid.
 * @param {object} object
 * @param {PropertyKey} name
 * @param {PropertyDescriptor} descriptor
 */
export function define(object, name, descriptor) {
  Object.defineProperty(object, name, /** @type {any} */ ({ __proto__: null, ...descriptor }));
}

export class SyncteraError extends Error {
  /**
   * @param {string} message
   * @param {Record<string, unknown>} details
   * @param {Record<string, unknown>} [quiet]
   */
  constructor(message, details, quiet) {
    super(message);
    /** @type {Record<string, unknown>} */
    const apart = /** @type {any} */ ({ __proto__: null, ...quiet });
    const cause = outline(apart.cause);
    for (const [name, value] of Object.entries({ ...details, cause })) {
      if (value === undefined) continue;
      define(this, name, { value, enumerable: true, configurable: true, writable: true });
    }
    kept.set(this, apart);
  }

  /** What logs may hold: the words, and nothing of anybody's data. */
  toJSON() {
    const { name, message } = this;
    return Object.assign({ name, message }, this);
  }

  /** Everything, personal data included, as a plain object: for a place that may hold them. */
  unredacted() {
    return { ...this.toJSON(), stack: this.stack, ...kept.get(this) };
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

for (const name of QUIET) {
  define(SyncteraError.prototype, name, {
    get() {
      return kept.get(this)?.[name];
    },
    configurable: true,
  });
}

/**
 * What may be told of an error of the host's: its name and its code, such as `ECONNREFUSED`, also of
 * the one behind it. Its words may name an address with its filters, and whatever prints an error
 * prints its cause.
 * @param {any} cause
 * @returns {{ name: string, code?: string } | undefined}
 */
function outline(cause) {
  if (cause === undefined) return undefined;
  const word = (/** @type {unknown} */ value) =>
    typeof value === "string" && /^\w{1,40}$/.test(value) ? value : undefined;
  try {
    const code = word(cause?.code) ?? word(cause?.cause?.code);
    return { name: word(cause?.name) ?? typeof cause, ...(code && { code }) };
  } catch {
    return { name: typeof cause };
  }
}

/**
 * The kinds of error that a value is; a value that does not want to be looked at is none.
 * @param {object} value
 * @returns {readonly string[]}
 */
function kindsOf(value) {
  try {
    const kinds = /** @type {any} */ (value)[BRAND];
    return Array.isArray(kinds) ? kinds : [];
  } catch {
    return [];
  }
}

/**
 * Gives a class its name: as a property, since a bundler's minifier renames classes.
 * @param {any} constructor
 * @param {string} kind
 */
function brand(constructor, kind) {
  define(constructor, "kind", { value: kind });
  define(constructor, "name", { value: kind, configurable: true });
  define(constructor.prototype, "name", { value: kind, configurable: true, writable: true });
  define(constructor.prototype, BRAND, { value: Object.freeze(["SyncteraError", kind]) });
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
 * What an error will say. The module and what it calls make and throw only descriptions; the error is
 * made when the module has returned. Firefox 140 cannot clone an `Error` that was made while a
 * WebAssembly function was running, since such a function is in its stack.
 */
export class ErrorDescription {
  #quiet;

  /**
   * @param {keyof typeof CLASSES} name of the error's class
   * @param {string} message
   * @param {Record<string, unknown>} details the error's own properties
   * @param {Record<string, unknown>} quiet what may quote somebody's data
   */
  constructor(name, message, details, quiet) {
    this.name = name;
    this.message = message;
    this.details = details;
    this.#quiet = quiet;
  }

  /** Makes the error. To be called where no WebAssembly function is running. */
  toError() {
    return new CLASSES[this.name](this.message, this.details, this.#quiet);
  }

  /**
   * Whether a value is a description. Runs none of the value's own code, such as a proxy's traps.
   * @param {unknown} value
   * @returns {value is ErrorDescription}
   */
  static is(value) {
    return typeof value === "object" && value !== null && #quiet in value;
  }
}

/**
 * The error for what a method of the module threw, or returned in place of a promise.
 * @param {string} operation
 * @param {unknown} thrown
 */
export function errorOf(operation, thrown) {
  const description = ErrorDescription.is(thrown) ? thrown : broken(operation, thrown, undefined, "not_sent");
  return description.toError();
}

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

/** What is known of a refusal that brought no problem. @type {Partial<import("./problem.js").Problem>} */
const NO_PROBLEM = /** @type {any} */ ({ __proto__: null });

/** The values of `error.outcome`; their order is that of `Outcome` in src/outcome.rs. */
const OUTCOMES = ["not_sent", "rejected", "unknown"];

/**
 * Describes the error for arguments that are unfit.
 * @param {number | undefined} operation `undefined` for the constructor
 * @param {Finding[]} issues
 * @param {unknown} [cause]
 * @param {Record<string, unknown>} [details] where the call had gone on
 * @param {string} [after]
 * @param {string} [idempotencyKey]
 */
export function invalid(operation, issues, cause, details, after = "Nothing was sent.", idempotencyKey) {
  const name = operation === undefined ? undefined : operations[operation].name;
  const list = issues.map(({ path, found, expected }) => `${path}: ${found}, expected ${expected}`);
  const [argument] = issues[0].path.split(/[.[]/);
  return new ErrorDescription(
    "ValidationError",
    `${name ?? "new CustomersApi"}: ${list.join("; ")}. ${after}`,
    { operation: name, outcome: OUTCOMES[0], attempts: 0, argument, issues, ...details },
    { cause, idempotencyKey },
  );
}

/**
 * Describes the error for one argument that is unfit.
 * @param {number | undefined} operation
 * @param {string} path
 * @param {string} found
 * @param {string} expected
 * @param {unknown} [cause]
 */
export function refuse(operation, path, found, expected, cause) {
  return invalid(operation, [{ path, found, expected }], cause);
}

/**
 * Describes the error for a call that has failed; the answer tells of which kind.
 * @param {import("./call.js").Call} call
 * @param {import("./answer.js").Answer} answer
 * @param {number} outcome
 * @param {number} attempts
 * @param {number | undefined} retryAfterMs
 * @param {string} advice
 */
export function failure(call, answer, outcome, attempts, retryAfterMs, advice) {
  const { name } = operations[call.operation];
  const { idempotencyKey, timeoutMs } = call;
  const { ending, error, status } = answer;
  const known = { operation: name, outcome: OUTCOMES[outcome], attempts, requestId: answer.requestId, retryAfterMs };
  /** @param {string} why */
  const noAnswer = (why) => {
    const message = `${name}: ${why} ${call.sender.baseUrl} after ${attempts} attempt${attempts === 1 ? "" : "s"}. ${advice}`;
    return new ErrorDescription("ConnectionError", message, known, { idempotencyKey, cause: error });
  };
  switch (ending) {
    case "answered":
    case "too_large":
      break;
    case "timed_out":
      return new ErrorDescription(
        "TimeoutError",
        `${name}: no result within ${Math.trunc(timeoutMs)} ms. ${advice}`,
        { ...known, timeoutMs },
        { idempotencyKey },
      );
    case "aborted":
      return new ErrorDescription("AbortError", `${name}: aborted by the caller. ${advice}`, known, {
        idempotencyKey,
        reason: error,
      });
    case "no_token": {
      const found = error === undefined ? "no usable token" : "a failure";
      const expected = "its function to give a string of visible ASCII characters";
      return invalid(call.operation, [{ path: "accessToken", found, expected }], error, known, advice, idempotencyKey);
    }
    case "not_a_response":
      return noAnswer("fetch gave something that is no response from");
    case "broken_off":
      return noAnswer("the answer broke off on its way from");
    default:
      return noAnswer("no answer (in a browser, a missing CORS permission looks the same) from");
  }
  const { body } = answer;
  const headers = headersOf(answer);
  if (status < 300 || ending === "too_large") {
    const [problem, words] = undecodable(answer);
    return new ErrorDescription(
      "DecodeError",
      `${name}: the server answered ${status}, but its body ${words}. ${advice}`,
      { ...known, status, problem },
      { idempotencyKey, headers, body },
    );
  }
  const problem = problemOf(answer);
  const { code, title, detail, type, missing, invalid: unfit, immutable, validStatus } = problem ?? NO_PROBLEM;
  const [bodyKind, words] = problem ? ["problem", ""] : bodyOf(answer);
  // A code that does not look like one may be anything.
  const plain = code !== undefined && /^[A-Z0-9_]{1,64}$/.test(code);
  return new ErrorDescription(
    "ApiError",
    `${name} failed: ${status}${plain ? ` ${code}` : ""}${words}${problem ? complaints(problem) : ""}. ${advice}`,
    {
      ...known,
      status,
      code: plain ? code : undefined,
      bodyKind,
      retryAfter: retryAfterMs === undefined ? undefined : retryAfterMs / 1000,
    },
    {
      idempotencyKey,
      headers,
      body,
      code,
      title,
      detail,
      type,
      missing: missing ?? [],
      invalid: unfit ?? {},
      immutable: immutable ?? [],
      validStatus: validStatus ?? [],
    },
  );
}

/**
 * A success whose body is of no use: why, as a word and as words.
 * @param {import("./answer.js").Answer} answer
 */
function undecodable(answer) {
  const kind = answer.headers?.get("content-type");
  if (answer.ending === "too_large") return ["too_large", "is larger than maxResponseBytes"];
  if (answer.isJson) return ["unexpected_shape", "has not the shape of the contract"];
  if (isEmpty(answer)) return ["empty_body", "is empty"];
  if (kind && !kind.includes("json")) return ["not_json", "is not JSON (something between here and the API?)"];
  return ["malformed_json", "is malformed JSON"];
}

/**
 * A refusal whose body is no problem: what it is, as a word and as words.
 * @param {import("./answer.js").Answer} answer
 */
function bodyOf(answer) {
  if (answer.isJson) return ["json", ", with JSON that is no problem report"];
  return isEmpty(answer) ? ["empty", ", with an empty body"] : ["text", ", with a body that is not JSON"];
}

/** @param {import("./answer.js").Answer} answer */
function isEmpty({ body }) {
  return typeof body !== "string" || body.trim() === "";
}

/**
 * The headers of an answer as a plain object, names in lower case.
 * @param {import("./answer.js").Answer} answer
 */
export function headersOf(answer) {
  return Object.fromEntries(answer.headers ?? []);
}

/**
 * Describes the error for a call that the module itself could not carry on.
 * @param {string} operation
 * @param {unknown} cause
 * @param {string | undefined} idempotencyKey
 * @param {string} outcome
 */
export function broken(operation, cause, idempotencyKey, outcome) {
  const after =
    outcome === "unknown"
      ? "Whether it was done is unknown: repeat it, a create or a patch with the same idempotency key."
      : "Nothing was sent. Was the client used after free()?";
  const message = `${operation}: synctera-customers itself failed, see unredacted().cause. ${after}`;
  return new ErrorDescription("SyncteraError", message, { operation, outcome, attempts: 0 }, { cause, idempotencyKey });
}
