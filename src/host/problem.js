// The API's error body (RFC 7807 with extensions, BEHAVIOUR §8). Nothing in it is required, and
// whatever has the wrong type counts as absent: a bad error body must not hide the error.

import { isObject, typeOf } from "./shape.js";

/** @typedef {import("./answer.js").Answer} Answer */
/**
 * @typedef {object} Problem
 * @property {string} [code]
 * @property {string} [title]
 * @property {string} [detail]
 * @property {string} [type]
 * @property {string[]} missing
 * @property {Record<string, string>} invalid
 * @property {string[]} immutable
 * @property {string[]} validStatus
 * @property {number} [retryAfter] in seconds
 */

/**
 * Reads an answer's body; nothing if it is not an object with at least one member of a problem.
 * @param {Answer} answer
 * @returns {Problem | undefined}
 */
export function problemOf(answer) {
  // A test double's body may be anything, a getter that throws included.
  try {
    return answer.isJson && isObject(answer.body) ? read({ __proto__: null, ...answer.body }) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {Record<string, unknown>} body without a prototype, since it is read by name
 * @returns {Problem | undefined}
 */
function read(body) {
  const text = (/** @type {string} */ name) => (isText(body[name]) ? body[name] : undefined);
  const texts = (/** @type {string} */ name) => (Array.isArray(body[name]) ? body[name].filter(isText) : []);
  const reasons = isObject(body.invalid) ? Object.entries(body.invalid) : [];
  const seconds = body.retry_after;
  const problem = {
    code: text("code"),
    title: text("title"),
    detail: text("detail"),
    type: text("type"),
    missing: texts("missing"),
    invalid: Object.fromEntries(reasons.flatMap(([name, why]) => (isText(why) ? [[name, why]] : []))),
    immutable: texts("immutable"),
    validStatus: texts("valid_status"),
    retryAfter: typeof seconds === "number" && seconds >= 0 && seconds < Infinity ? seconds : undefined,
  };
  const says = (/** @type {unknown} */ value) =>
    typeof value === "object" ? Object.keys(Object(value)).length > 0 : value !== undefined;
  return Object.values(problem).some(says) ? problem : undefined;
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
function isText(value) {
  return typeof value === "string";
}

/**
 * Names the fields the server complains of: those the contract knows, and how many others.
 * @param {Problem} problem
 */
export function complaints({ missing, invalid, immutable }) {
  let text = "";
  for (const [what, names] of Object.entries({ missing, invalid: Object.keys(invalid), immutable })) {
    const known = names.filter(isKnown);
    const others = names.length - known.length;
    if (others > 0) known.push(`${others} more`);
    if (known.length > 0) text += `; ${what}: ${known.join(", ")}`;
  }
  return text;
}

/**
 * Whether each step of a path is a field of the contract, such as `legal_address.city`.
 * @param {string} path
 */
function isKnown(path) {
  const models = ["CustomerWrite", "Customer", "AddressWrite"].map(typeOf);
  return path
    .split(".")
    .map((step) => step.replace(/\[\d{0,4}\]$/, ""))
    .every((name) => name === "related_customers" || models.some((model) => model.fields?.has(name)));
}

/**
 * The code, if it looks like one of the catalogue's; anything else decides nothing, and may be data,
 * which the module does not get.
 * @param {Answer} answer
 */
export function codeOf(answer) {
  return /^[A-Z_]{1,40}$/.exec(problemOf(answer)?.code ?? "")?.[0];
}

/**
 * The last segment of `type`, the second-best name of an error; likewise.
 * @param {Answer} answer
 */
export function slugOf(answer) {
  return /(?:^|\/)([a-z-]{1,40})\/*$/.exec(problemOf(answer)?.type ?? "")?.[1];
}

/** @param {Answer} answer */
export function retryAfterOf(answer) {
  return problemOf(answer)?.retryAfter;
}
