// Reads what may be anything, and may throw when it is touched: a response of a framework or a test double, and what
// was thrown. No function throws.

import { define } from "./shape.js";

/**
 * The status of a response; `undefined` if it is none that can be read. Of a redirect that it did not
 * follow a browser shows nothing, the status neither.
 * @param {any} response
 * @returns {number | undefined}
 */
export function statusOf(response) {
  try {
    const { status } = response;
    if (status === 0 && response.type === "opaqueredirect") return 302;
    return Number.isInteger(status) && status > 0 && status < 1_000 ? status : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The headers of a response as a plain object, names in lower case; of several `Set-Cookie` each on a
 * line. What cannot be read is left out.
 * @param {any} response
 * @returns {Record<string, string>}
 */
export function headersOf(response) {
  /** @type {Record<string, string>} */
  const result = {};
  try {
    const { headers } = response;
    const pairs = typeof headers?.[Symbol.iterator] === "function" ? headers : Object.entries(headers ?? {});
    for (const [name, value] of pairs) {
      const key = String(name).toLowerCase();
      const before = key === "set-cookie" && Object.hasOwn(result, key) ? `${result[key]}\n` : "";
      define(result, key, before + String(value));
    }
  } catch {
    // What was read so far stays.
  }
  return result;
}

/**
 * The name of a thrown value.
 * @param {any} value
 * @returns {unknown}
 */
export function nameOf(value) {
  try {
    return value?.name;
  } catch {
    return undefined;
  }
}

/**
 * Whether a `fetch` rejected the signal, before it sent anything, since the signal is another realm's: Node's
 * `fetch` does so in a test's jsdom.
 * @param {any} error
 */
export function isForeignSignal(error) {
  try {
    return /signal.* to be an instance ?of AbortSignal/.test(error.message);
  } catch {
    return false;
  }
}

/**
 * Whether a value is how React says that it postpones, which is no error.
 * @param {any} value
 */
export function isPostpone(value) {
  try {
    return value?.$$typeof === Symbol.for("react.postpone");
  } catch {
    return false;
  }
}
