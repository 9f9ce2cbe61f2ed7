// Log lines, and what of a value they may hold: decided by the contract's own classes of fields, so
// that a new field cannot be forgotten (src/schema.rs).

import { isObject, LEVELS, operations, typeOf } from "./shape.js";

/** @typedef {import("./shape.js").Type} Type */
/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./answer.js").Answer} Answer */

/**
 * A value without what tells of a person: of a field that is public, its value if its type leaves no
 * room for anything else; of any other, the class.
 * @param {any} value
 * @param {Type | undefined} type
 * @param {string} [privacy] of the field it is in, as `Field` has it
 * @returns {unknown}
 */
export function redacted(value, type, privacy = "p") {
  if (value === undefined || value === null) return value;
  if (type?.kind === "v" && Array.isArray(value)) {
    return value.map((item) => redacted(item, type.item, privacy));
  }
  if (type?.fields && isObject(value)) {
    const members = Object.keys(value).map((name) => {
      const field = type.fields?.get(name);
      return field ? [name, redacted(value[name], field.type, field.privacy)] : ["(unknown)", "[unknown]"];
    });
    return Object.fromEntries(members);
  }
  if (privacy === "s") return "[secret]";
  if (privacy === "p" || !type) return "[personal]";
  return isPlain(value, type) ? value : "[text]";
}

/**
 * Whether a value is of a type that leaves no room for anything else: one of a list, a number, yes or
 * no, a time.
 * @param {unknown} value
 * @param {Type} type
 */
function isPlain(value, type) {
  switch (type.kind) {
    case "e":
      return type.values?.has(value);
    case "b":
      return typeof value === "boolean";
    case "n":
      return typeof value === "number";
    default:
      return type === typeOf("Instant") && typeof value === "string" && type.test?.test(value);
  }
}

/**
 * What a call sends: its body, or the parameters of its query.
 * @param {Call} call
 */
function contentOf({ body, target }) {
  if (body !== undefined) return JSON.parse(body);
  return target.startsWith("?") ? Object.fromEntries(new URLSearchParams(target)) : undefined;
}

/** The lines of one client. */
export class Log {
  #logger;
  #least;

  /**
   * @param {any} logger
   * @param {string | undefined} level
   */
  constructor(logger, level = "warn") {
    this.#logger = logger;
    const least = LEVELS.indexOf(level);
    this.#least = logger === undefined || least < 0 ? LEVELS.length : least;
  }

  /** Whether anything is logged. */
  get isOn() {
    return this.#least < LEVELS.length;
  }

  /**
   * @param {number} level
   * @param {string} message
   * @param {() => object} fields
   */
  #line(level, message, fields) {
    if (level < this.#least) return;
    try {
      this.#logger[LEVELS[level]](`synctera-customers: ${message}`, fields());
    } catch {
      // What a logger does wrong is not the call's failure.
    }
  }

  /**
   * An attempt begins, has ended, or will be repeated; the order is that of `Hook` in src/hooks.rs.
   * @param {number} hook
   * @param {any} event
   * @param {Call} call
   * @param {Answer | undefined} answer
   */
  event(hook, event, call, answer) {
    const { name, sends, gives } = operations[call.operation];
    const fits = answer?.fits(call.operation);
    if (hook === 0) {
      const content = () => (sends === "" ? undefined : redacted(contentOf(call), typeOf(sends)));
      this.#line(0, `${name} sends`, () => ({ ...event, content: content() }));
    } else if (hook === 1) {
      this.#line(0, `${name} got`, () => ({ ...event, data: fits ? redacted(answer?.body, typeOf(gives)) : undefined }));
      if (fits) this.#line(1, `${name} is done`, () => event);
    } else {
      this.#line(2, `${name} will be repeated`, () => event);
    }
  }

  /**
   * A call has failed.
   * @param {any} error one of this package's
   */
  failure(error) {
    this.#line(3, String(error?.message), () => error?.toJSON?.() ?? {});
  }
}
