// Writes down each call of a client: its attempts and waits by the client's hooks, what was sent and
// received by a `fetch` around the browser's, and the redacted forms by the client's logger.
import { isSyncteraError } from "/pkg/entries/default.js";

/** @import { CallEvent, ClientOptions, FetchInit, HttpInfo, RequestEvent, ResponseEvent, RetryEvent } from "/pkg/entries/default.js" */
/** @import { Attempt, Call, CallLog } from "./call-log.js" */
/** @import { Faults } from "./faults.js" */

/** Headers that connect a request with its call and with the number the client gives it. They are not sent. */
const CALL = "console-call";
const NUMBER = "console-number";

/** As many as the client makes by default. */
const MAX_RETRIES = 2;

/** A shorter token would be found in words that are none. */
const SHORTEST_TOKEN = 8;

export class Recorder {
  #log;
  #faults;
  #token;
  #count = 0;
  /** The calls under way, by their id. @type {Map<string, Call>} */
  #running = new Map();
  /** The same by the client's number. @type {Map<number, Call>} */
  #numbered = new Map();
  /** Redacted contents that were logged before `fetch` was called, by the client's number. @type {Map<number, unknown>} */
  #contents = new Map();

  /**
   * @param {CallLog} log
   * @param {Faults} faults
   * @param {string} token never written down
   */
  constructor(log, faults, token) {
    this.#log = log;
    this.#faults = faults;
    this.#token = token;
  }

  /** The options by which a client reports to this recorder. @returns {ClientOptions} */
  get options() {
    const ignore = () => {};
    return {
      maxRetries: MAX_RETRIES,
      fetch: (url, init) => this.#fetch(url, init),
      onRequest: (event) => this.#onRequest(event),
      onResponse: (event) => this.#onResponse(event),
      onRetry: (event) => this.#onRetry(event),
      logLevel: "debug",
      logger: { debug: (_, fields) => this.#onLine(fields), info: ignore, warn: ignore, error: ignore },
    };
  }

  /**
   * A call starts. `headers` are those that it has to be made with.
   *
   * @param {Pick<Call, "operation" | "method" | "path" | "baseUrl" | "arguments">} what
   * @param {number} [maxRetries]
   */
  begin(what, maxRetries = MAX_RETRIES) {
    this.#count += 1;
    const id = this.#count;
    /** @type {Call} */
    const call = { ...what, id, at: new Date(), start: performance.now(), attempts: [], maxAttempts: maxRetries + 1 };
    this.#running.set(String(id), call);
    this.#log.add(call);
    return { call, headers: { [CALL]: String(id) } };
  }

  /**
   * @param {Call} call
   * @param {HttpInfo<unknown>} info
   */
  succeed(call, { status, idempotencyKey, requestId }) {
    this.#end(call, { result: String(status), failed: false, idempotencyKey, requestId });
  }

  /**
   * @param {Call} call
   * @param {unknown} error
   */
  fail(call, error) {
    if (!isSyncteraError(error)) return this.#end(call, { result: "Error", failed: true });
    const { name, message, outcome, idempotencyKey, requestId } = error;
    const status = isSyncteraError(error, "ApiError") || isSyncteraError(error, "DecodeError") ? error.status : undefined;
    this.#end(call, { result: String(status ?? name), failed: true, message, outcome, idempotencyKey, requestId });
  }

  /**
   * @param {Call} call
   * @param {Partial<Call>} result
   */
  #end(call, result) {
    Object.assign(call, result, { end: performance.now() });
    for (const attempt of call.attempts) attempt.end ??= call.end;
    this.#running.delete(String(call.id));
    for (const [number, other] of this.#numbered) if (other === call) this.#numbered.delete(number);
    this.#log.changed(call);
  }

  /** @param {RequestEvent} event */
  #onRequest({ call, method }) {
    const fault = this.#faults.take(method);
    return { [NUMBER]: String(call), ...(fault && { "sandbox-fault": fault }) };
  }

  /**
   * @param {string} url
   * @param {FetchInit} init
   */
  async #fetch(url, init) {
    const { [CALL]: id = "", [NUMBER]: number = "", ...headers } = init.headers;
    const call = this.#running.get(id);
    /** @type {Attempt} */
    const attempt = { start: performance.now(), requestHeaders: this.#withoutToken(headers) };
    if (call) this.#addAttempt(call, Number(number), attempt, url, init.body);
    const response = await fetch(url, { ...init, headers });
    if (call) this.#keepResponse(call, attempt, response);
    return response;
  }

  /**
   * @param {Call} call
   * @param {number} number
   * @param {Attempt} attempt
   * @param {string} url
   * @param {string | undefined} body
   */
  #addAttempt(call, number, attempt, url, body) {
    call.attempts.push(attempt);
    call.requestUrl = url;
    if (body !== undefined) call.requestText = this.#scrub(body);
    call.requestRedacted ??= this.#contents.get(number);
    this.#contents.delete(number);
    this.#numbered.set(number, call);
    const key = attempt.requestHeaders["idempotency-key"];
    if (key !== undefined) call.idempotencyKey = key;
    this.#log.changed(call);
  }

  /**
   * @param {Call} call
   * @param {Attempt} attempt
   * @param {Response} response
   */
  async #keepResponse(call, attempt, response) {
    attempt.responseHeaders = this.#withoutToken(Object.fromEntries(response.headers));
    // The client reads the response itself, within its limits.
    const copy = response.clone();
    try {
      attempt.responseText = this.#scrub(await copy.text());
      this.#log.changed(call);
    } catch {
      // It broke off, or the call was ended; the client reports that.
    }
  }

  /** @param {ResponseEvent} event */
  #onResponse({ ended, status, ...event }) {
    this.#update(event, { end: performance.now(), ended, ...(status !== undefined && { status }) });
  }

  /** @param {RetryEvent} event */
  #onRetry({ waitMs, code, ...event }) {
    this.#update(event, { waitMs, ...(code !== undefined && { code }) });
  }

  /** @param {object} fields of a line at debug */
  #onLine(fields) {
    const { content, data, problem, ...event } = /** @type {CallEvent & Record<"content" | "data" | "problem", unknown>} */ (fields);
    if (content !== undefined && event.attempt === 1) this.#contents.set(event.call, content);
    const redacted = data ?? problem;
    if (redacted !== undefined) this.#update(event, { responseRedacted: redacted });
  }

  /**
   * @param {Pick<CallEvent, "call" | "attempt">} event
   * @param {Partial<Attempt>} change
   */
  #update({ call: number, attempt }, change) {
    const call = this.#numbered.get(number);
    const target = call?.attempts[attempt - 1];
    if (!target) return;
    Object.assign(target, change);
    this.#log.changed(call);
  }

  /** @param {Record<string, string>} headers */
  #withoutToken(headers) {
    const all = Object.entries(headers).map(([name, value]) =>
      [name, name === "authorization" ? "Bearer [token]" : this.#scrub(value)]);
    return Object.fromEntries(all);
  }

  /**
   * A server may send the token back.
   *
   * @param {string} text
   */
  #scrub(text) {
    return this.#token.length < SHORTEST_TOKEN ? text : text.replaceAll(this.#token, "[token]");
  }
}
