// The newest calls and how they went, for the inspector. Kept in the page's memory only.

/**
 * One attempt of a call. Times are those of `performance.now()`.
 *
 * @typedef {object} Attempt
 * @property {number} start
 * @property {number} [end]
 * @property {string} [ended] how, as the event `onResponse` names it
 * @property {number} [status]
 * @property {string} [code] the problem's, or the network's
 * @property {number} [waitMs] how long the call waits after it
 * @property {Record<string, string>} requestHeaders without the token
 * @property {Record<string, string>} [responseHeaders]
 * @property {string} [responseText] holds personal values
 * @property {unknown} [responseRedacted] the body with the package's redaction
 */

/** What was called; its values are personal. @typedef {{ id?: string, params?: object, body?: object }} Arguments */

/**
 * @typedef {object} Call
 * @property {number} id
 * @property {string} operation the method of `CustomersApi`
 * @property {string} method
 * @property {string} path without personal values
 * @property {string} baseUrl
 * @property {Arguments} arguments
 * @property {Date} at when it started
 * @property {number} start
 * @property {number} [end]
 * @property {Attempt[]} attempts
 * @property {number} maxAttempts
 * @property {string} [requestUrl] holds personal values
 * @property {string} [requestText] the body that was sent; holds personal values
 * @property {unknown} [requestRedacted] the body or the query with the package's redaction
 * @property {string} [result] the status, or the error's name if there was no response
 * @property {boolean} [failed]
 * @property {"not_sent" | "rejected" | "unknown"} [outcome] of a call that failed
 * @property {string} [message] of the error
 * @property {string} [idempotencyKey]
 * @property {string} [requestId]
 */

const MOST = 50;

/** The newest calls, newest first. Fires `change`, with the call that changed as `detail`. */
export class CallLog extends EventTarget {
  /** @type {Call[]} */
  calls = [];

  /** @param {Call} call */
  add(call) {
    this.calls = [call, ...this.calls].slice(0, MOST);
    this.changed(call);
  }

  /** @param {Call} [call] */
  changed(call) {
    this.dispatchEvent(new CustomEvent("change", { detail: call }));
  }

  clear() {
    this.calls = [];
    this.changed();
  }
}

/** @param {Call} call */
export function isWrite({ method }) {
  return method !== "GET";
}

/**
 * When the wait after an attempt ends, if the call is in it.
 *
 * @param {Call} call
 */
export function waitsUntil(call) {
  const last = call.attempts.at(-1);
  if (call.end !== undefined || last?.end === undefined || last.waitMs === undefined) return undefined;
  return last.end + last.waitMs;
}

/**
 * Where a call is, such as `attempt 2 of 3, waiting 2 s`.
 *
 * @param {Call} call
 * @param {number} now
 */
export function progressOf(call, now) {
  const until = waitsUntil(call);
  const number = Math.max(1, call.attempts.length) + (until === undefined ? 0 : 1);
  const attempt = `attempt ${number} of ${call.maxAttempts}`;
  if (until === undefined) return attempt;
  return `${attempt}, waiting ${Math.max(1, Math.ceil((until - now) / 1000))} s`;
}
