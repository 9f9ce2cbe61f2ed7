// One call's contact with the host: fetch, the body within its limit, JSON, timers, the caller's signal,
// and the promise.
//
// In JavaScript, because a promise awaited in Rust costs 30 times as much as one awaited here, and
// because a host object that throws must not unwind through the module. Nothing is decided here: every
// result is reported to Rust as a number with the details on the exchange, and Rust says what to do
// next (src/execute.rs). No method that Rust calls throws, whatever a host object's methods or getters
// do.

import { moduleFailure } from "./errors.js";
import { notify } from "./host.js";
import { define, hasRequired, isHeaders, own } from "./shape.js";
import { headersOf, isForeignSignal, statusOf } from "./untrusted.js";

/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./shape.js").Type} Type */
/** @typedef {{ operation: string, method: string, path: string }} CallWords the same for every call of an operation */

/** The longest error body that is parsed, in UTF-16 code units: a problem is a few hundred. */
const MAX_PROBLEM_LENGTH = 1024 * 1024;

/** Timers cannot wait longer than this, about 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The numbers of `Ending` in src/transport.rs, by name; and the names by number. @type {any} */
let ENDING = {};
/** @type {string[]} */
let endingNames = [];

/**
 * Polls a call in Rust: its slot, and how its attempt or its wait ended, if that is why.
 * @type {(slot: number, ending: number, status: number) => void}
 */
let resume;

/** The exchanges that have not settled. @type {Set<Exchange>} */
const pending = new Set();

/**
 * Takes what Rust has for this file, once.
 * @param {typeof resume} callback
 * @param {string[]} names of the endings
 */
export function connect(callback, names) {
  resume = callback;
  endingNames = names;
  ENDING = Object.fromEntries(names.map((name, number) => [name, number]));
}

/**
 * Enters the module. Should it trap, every call that waits is rejected, since none can rely on it.
 * @param {number} slot
 * @param {number} ending
 * @param {number} status
 */
function enter(slot, ending, status) {
  try {
    resume(slot, ending, status);
  } catch (cause) {
    rejectAll(cause);
  }
}

/**
 * Polls a call once the module has returned.
 * @param {number} slot
 */
export function schedule(slot) {
  // Not queueMicrotask, which a test's fake timers may replace.
  Promise.resolve().then(() => enter(slot, ENDING.none, 0));
}

/**
 * Why the module cannot be used any more: it has trapped, and its memory may be in any state.
 * @type {{ cause: unknown } | undefined}
 */
export let trapped;

/** How many calls may be in flight before the lost among them are looked for. */
let sweepAt = 1_000;

/** Ends the calls that are long overdue: in a Worker, a request that is gone takes its timers along. */
function sweep() {
  for (const exchange of [...pending]) if (exchange.deadline + 1_000 < exchange.host.now()) exchange.end(ENDING.timed_out);
  sweepAt = Math.max(1_000, 2 * pending.size);
}

/**
 * Rejects every call that waits, since the module has trapped.
 * @param {unknown} cause
 */
export function rejectAll(cause) {
  trapped = { cause };
  for (const exchange of [...pending]) {
    const { operation, idempotencyKey } = exchange;
    const advice = "Whether it was done is unknown: repeat it, a create or a patch with the same idempotency key.";
    exchange.close();
    exchange.isOver = true;
    exchange.reject(moduleFailure(operation, cause, exchange.sent ? "unknown" : "not_sent", advice, idempotencyKey));
    exchange.controller?.abort();
  }
}

/**
 * The calls that listen to a signal. One listener a signal, since Node warns of a leak at the eleventh.
 * @type {WeakMap<object, { exchanges: Set<Exchange>, listener: () => void }>}
 */
const listeners = new WeakMap();

/**
 * The second argument of `fetch`. Inherits nothing, since `fetch` looks up all its options, also those that a
 * polluted prototype has.
 */
class AttemptInit {
  /** @type {Exchange} */
  #exchange;

  /**
   * An own member, so that a `fetch` of the caller's may copy it. The function is the same for every attempt: an
   * accessor in a literal is a new hidden class each time, which keeps the call alive till a full collection.
   */
  static #signal = {
    __proto__: null,
    /** @this {AttemptInit} */
    get() {
      return #exchange in this && this.#exchange.host.takesSignal ? this.#exchange.abortSignal : undefined;
    },
    enumerable: true,
    configurable: true,
  };

  /**
   * @param {Exchange} exchange
   * @param {Record<string, string>} headers
   */
  constructor(exchange, headers) {
    this.#exchange = exchange;
    this.method = exchange.method;
    this.headers = headers;
    this.body = exchange.payload;
    Object.defineProperty(this, "signal", /** @type {any} */ (AttemptInit.#signal));
    // A redirect is not followed: what carries the token goes only where the caller said.
    this.redirect = "manual";
    Object.assign(this, exchange.host.init);
  }
}

Object.setPrototypeOf(AttemptInit.prototype, null);

export class Exchange {
  /** What `fetch`, the token's function, the throttle or the signal gave as a reason. @type {unknown} */
  error = undefined;
  status = 0;
  /** @type {any} */
  response = undefined;
  /** @type {any} */
  responseHeaders = undefined;
  /** The body: parsed if it was JSON, else its text. @type {any} */
  body = undefined;
  isJson = false;
  /** Whether an attempt has gone out. */
  sent = false;
  /** Whether nothing is reported any more. */
  closed = false;
  /** Whether the call ended before its response. */
  isOver = false;
  /** Headers that the hook `onRequest` gave for the present attempt. @type {Record<string, string> | undefined} */
  attemptHeaders = undefined;
  ending = 0;
  /** @type {AbortController | undefined} */
  controller = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  deadlineTimer = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  waitTimer = undefined;

  /**
   * @param {Host} host
   * @param {number} slot
   * @param {string} operation
   * @param {string} method
   * @param {string | undefined} target what follows on `/customers`
   * @param {string | undefined} body
   * @param {string | undefined} idempotencyKey
   * @param {any} options of the call: checked, a copy without a prototype
   * @param {Record<string, string> | undefined} headers
   * @param {number} timeoutMs
   */
  constructor(host, slot, operation, method, target, body, idempotencyKey, options, headers, timeoutMs) {
    this.host = host;
    this.slot = slot;
    this.operation = operation;
    this.method = method;
    this.target = target ?? "";
    this.payload = body;
    this.idempotencyKey = idempotencyKey;
    this.headers = headers;
    /** The token, or the function that gives it. */
    this.tokenSource = options?.accessToken ?? host.token;
    this.token = this.tokenSource;
    this.signal = options?.signal;
    this.listen();
    this.deadline = host.now() + timeoutMs;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    if (timeoutMs !== Infinity) {
      this.deadlineTimer = host.clock.setTimeout(() => this.end(ENDING.timed_out), Math.min(timeoutMs, MAX_TIMER_MS));
    }
    if (pending.size >= sweepAt) sweep();
    pending.add(this);
  }

  /** Whether the caller's signal had fired before the call began. */
  get isAborted() {
    return this.signal?.aborted === true;
  }

  /** Milliseconds before the deadline. */
  get remainingMs() {
    return Math.max(0, this.deadline - this.host.now());
  }

  listen() {
    const { signal } = this;
    if (signal === undefined || this.isAborted) return;
    let entry = listeners.get(signal);
    if (entry === undefined) {
      /** @type {Set<Exchange>} */
      const exchanges = new Set();
      const listener = () => {
        for (const exchange of [...exchanges]) exchange.end(ENDING.aborted);
      };
      signal.addEventListener("abort", listener);
      entry = { exchanges, listener };
      listeners.set(signal, entry);
    }
    entry.exchanges.add(this);
  }

  /** Leaves nothing behind on a signal that outlives the call. */
  stopListening() {
    const entry = listeners.get(this.signal);
    if (entry === undefined) return;
    entry.exchanges.delete(this);
    if (entry.exchanges.size > 0) return;
    listeners.delete(this.signal);
    this.signal.removeEventListener("abort", entry.listener);
  }

  /** The reason of the caller's signal. */
  get reason() {
    try {
      return this.signal?.reason;
    } catch {
      return undefined;
    }
  }

  /** The signal that `fetch` gets, made when it is asked for: it costs more than all the rest. */
  get abortSignal() {
    this.controller ??= new AbortController();
    if (this.isOver) this.controller.abort();
    return this.controller.signal;
  }

  /**
   * Ends the call before its response.
   * @param {number} ending
   */
  end(ending) {
    if (this.closed) return;
    this.closed = true;
    this.isOver = true;
    enter(this.slot, ending, 0);
    this.controller?.abort();
  }

  /** Reports nothing any more, and leaves nothing behind: no timer that keeps a process up, no listener. */
  close() {
    this.closed = true;
    pending.delete(this);
    // Held until the exchange is collected, a response makes each collection twice as long in Node.
    this.response = this.responseHeaders = this.body = undefined;
    try {
      this.host.clock.clearTimeout(this.deadlineTimer);
      this.host.clock.clearTimeout(this.waitTimer);
      if (this.signal !== undefined) this.stopListening();
    } catch {
      // A test's timer or signal that throws.
    }
  }

  /** @param {number} ending */
  report(ending) {
    if (!this.closed) enter(this.slot, ending, this.status);
  }

  /**
   * Reports after a time.
   * @param {number} ms
   */
  wait(ms) {
    this.waitTimer = this.host.clock.setTimeout(() => this.report(ENDING.waited), ms);
  }

  stopWaiting() {
    this.host.clock.clearTimeout(this.waitTimer);
  }

  /**
   * Asks the caller's function for a token. Never rejects.
   * @returns {Promise<boolean>} whether there is one; otherwise `error` is what the function threw
   */
  async requestToken() {
    // By itself: as a method it would get this exchange as its `this`.
    const { tokenSource } = this;
    this.error = undefined;
    try {
      this.token = await tokenSource();
      return true;
    } catch (error) {
      this.error = error;
      return false;
    }
  }

  /**
   * Calls the caller's throttle, and reports how that ended. Never rejects.
   * @param {CallWords} base
   * @param {number} call
   * @param {number} attempt
   */
  async callThrottle(base, call, attempt) {
    // By itself: as a method it would get the host as its `this`.
    const { throttle } = this.host;
    // Of the last attempt.
    this.status = 0;
    try {
      const request = eventOf(base, call, attempt);
      request.signal = this.abortSignal;
      await throttle(request);
      this.report(ENDING.admitted);
    } catch (error) {
      this.error = error;
      this.report(ENDING.throttle_failed);
    }
  }

  /**
   * Sends one attempt, and reports how it ended. Never rejects.
   * @returns {Promise<void>}
   */
  async send() {
    const { host, payload, idempotencyKey } = this;
    /** @type {Record<string, string>} */
    const headers = {
      // First, since V8 is 70 times slower for a literal that begins with the spread of an object.
      accept: "application/json, application/problem+json",
      ...host.headers,
      ...this.headers,
    };
    if (this.attemptHeaders !== undefined) Object.assign(headers, this.attemptHeaders);
    // A backend of the caller's own may need none.
    if (this.token !== undefined) headers["authorization"] = `Bearer ${this.token}`;
    if (payload !== undefined) headers["content-type"] = "application/json";
    if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
    const init = new AttemptInit(this, headers);
    this.sent = true;
    this.error = undefined;
    this.status = 0;
    this.isJson = false;
    this.body = undefined;
    this.responseHeaders = undefined;
    try {
      const { fetch } = host;
      const url = host.url + this.target;
      this.response = await (fetch ? fetch(url, init) : globalThis.fetch(url, /** @type {any} */ (init)));
    } catch (error) {
      if (host.takesSignal && isForeignSignal(error)) {
        host.takesSignal = false;
        return this.closed ? undefined : this.send();
      }
      this.error = error;
      return this.report(ENDING.unreachable);
    }
    this.ending = ENDING.answered;
    try {
      const body = this.readBody();
      if (body !== undefined) this.parse(await body);
    } catch (error) {
      this.error = error;
      this.ending = ENDING.broken_off;
    }
    this.report(this.ending);
  }

  /**
   * Takes the status; gives a promise of the body, if it is to be read.
   * @returns {Promise<unknown> | undefined}
   */
  readBody() {
    const { response } = this;
    const status = statusOf(response);
    if (status === undefined || !(typeof response.text === "function" || typeof response.json === "function")) {
      this.ending = ENDING.not_a_response;
      return undefined;
    }
    this.status = status;
    if (typeof response.text === "function") return this.readText();
    // A test double.
    this.isJson = true;
    return response.json();
  }

  /**
   * The body's text, unless it is larger than the limit.
   * @returns {Promise<string> | undefined}
   */
  readText() {
    const { response } = this;
    const { maxResponseBytes } = this.host;
    if (maxResponseBytes === Infinity) return response.text();
    const declared = this.declaredBytes();
    if (declared <= maxResponseBytes) return response.text();
    const { body } = response;
    if (declared > maxResponseBytes) {
      this.ending = ENDING.too_large;
      cancel(body);
      return undefined;
    }
    return typeof body?.getReader === "function" ? this.readStream(body.getReader()) : response.text();
  }

  /**
   * The length of the body as its header has it; NaN where that may not be the length of what arrives: the
   * body may be compressed, which a page does not see of another origin, and a double may say anything.
   */
  declaredBytes() {
    const { response } = this;
    const declared = this.header("content-length");
    if (declared === null || typeof Response !== "function" || !(response instanceof Response)) return NaN;
    return response.type === "cors" || this.header("content-encoding") !== null ? NaN : Number(declared);
  }

  /** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
  async readStream(reader) {
    const decoder = new TextDecoder();
    let text = "";
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      size += value.byteLength;
      if (size > this.host.maxResponseBytes || this.closed) {
        this.ending = ENDING.too_large;
        cancel(reader);
        return "";
      }
      text += decoder.decode(value, { stream: true });
    }
  }

  /**
   * Takes the body: its text, or what a test double gave for its JSON.
   * @param {any} body
   */
  parse(body) {
    const length = typeof body === "string" ? body.length : 0;
    // Every character takes a byte at least.
    if (length > this.host.maxResponseBytes) this.ending = ENDING.too_large;
    if (this.ending === ENDING.too_large) return;
    this.body = body;
    if (this.isJson || (this.status >= 300 && length > MAX_PROBLEM_LENGTH)) return;
    try {
      this.body = JSON.parse(body);
      this.isJson = true;
    } catch {
      // The text stays.
    }
  }

  /**
   * Whether the body is JSON with the required fields.
   * @param {Type} type
   */
  hasRequired(type) {
    return this.isJson && hasRequired(this.body, type);
  }

  /**
   * A header of the response; `null` where there is none, or where it throws, as a framework's response
   * may for a name that it does not expect.
   * @param {string} name
   * @returns {string | null}
   */
  header(name) {
    try {
      const headers = (this.responseHeaders ??= this.response.headers);
      if (typeof headers?.get === "function") {
        const value = headers.get(name);
        return typeof value === "string" ? value : null;
      }
      const value = own(headersOf(this.response), name);
      return typeof value === "string" ? value : null;
    } catch {
      return null;
    }
  }

  /** What Rust reads headers by. */
  get safeHeaders() {
    return { get: (/** @type {string} */ name) => this.header(name) };
  }

  /** The id the server gave the request, under the names that are in use; none is documented (BEHAVIOUR §11). */
  get requestId() {
    return this.header("x-request-id") ?? this.header("request-id") ?? undefined;
  }

  /** The response's headers, names in lower case. */
  get headersObject() {
    return headersOf(this.response);
  }

  /**
   * Calls a hook; gives what it returned, if that is headers to add.
   * @param {number} hook as `Hook` in src/events.rs numbers them
   * @param {object} event
   */
  observe(hook, event) {
    const result = notify(this.host.hooks[hook], event);
    return result !== event && isHeaders(result) ? result : undefined;
  }

  /**
   * The event of an attempt.
   * @param {CallWords} base
   * @param {number} call
   * @param {number} attempt
   */
  requestEvent(base, call, attempt) {
    return eventOf(base, call, attempt);
  }

  /**
   * @param {CallWords} base
   * @param {number} call
   * @param {number} attempt
   * @param {number} ending
   * @param {number} durationMs
   * @param {number | undefined} retryAfterMs
   */
  responseEvent(base, call, attempt, ending, durationMs, retryAfterMs) {
    const { status, requestId } = this;
    /** @type {any} */
    const event = eventOf(base, call, attempt);
    event.ended = endingNames[ending];
    event.durationMs = durationMs;
    if (status !== 0) event.status = status;
    if (status !== 0 && requestId !== undefined) event.requestId = requestId;
    if (retryAfterMs !== undefined) event.retryAfterMs = retryAfterMs;
    return event;
  }

  /**
   * The event of an attempt that will be retried: what ended it, and how long the call waits.
   * @param {CallWords} base
   * @param {number} call
   * @param {number} attempt
   * @param {number} ending
   * @param {number} waitMs
   * @param {string | undefined} code
   */
  retryEvent(base, call, attempt, ending, waitMs, code) {
    const event = eventOf(base, call, attempt);
    event.ended = endingNames[ending];
    event.waitMs = waitMs;
    if (this.status !== 0) event.status = this.status;
    if (code !== undefined) event.code = code;
    return event;
  }

  /**
   * What is logged of a call that succeeded: the event of its last attempt, with the whole call's time.
   * @param {CallWords} base
   * @param {number} call
   * @param {number} attempts
   * @param {number} durationMs
   */
  doneEvent({ operation, method, path }, call, attempts, durationMs) {
    const { status, requestId } = this;
    /** @type {any} */
    const event = { operation, method, path, call, attempts, durationMs, status };
    if (requestId !== undefined) event.requestId = requestId;
    return event;
  }

  /** Resolves with the data. */
  succeed() {
    this.resolve(this.body);
  }

  /**
   * Resolves with the data and the exchange. The headers are copied when they are read: copying costs as
   * much as the rest of the call.
   * @param {number} attempts
   */
  succeedWithInfo(attempts) {
    const { body: data, status, requestId, idempotencyKey, response } = this;
    /** @type {Record<string, string> | undefined} */
    let headers;
    const info = {
      data,
      status,
      get headers() {
        return (headers ??= headersOf(response));
      },
      attempts,
    };
    if (requestId !== undefined) define(info, "requestId", requestId);
    if (idempotencyKey !== undefined) define(info, "idempotencyKey", idempotencyKey);
    this.resolve(info);
  }

  /**
   * Rejects. The method that the caller awaits constructs the error.
   * @param {any} reason a `Failure`, or what passes through unchanged
   * @param {boolean} isLogged
   */
  fail(reason, isLogged) {
    if (isLogged) reason.log = (/** @type {any} */ error) => this.host.log("error", error.message, error.toJSON());
    this.reject(reason);
  }
}

/**
 * What every event of a call has. Not by a spread, which V8 is slow at where a literal begins with it.
 * @param {CallWords} base
 * @param {number} call
 * @param {number} attempt
 * @returns {any}
 */
function eventOf({ operation, method, path }, call, attempt) {
  return { operation, method, path, call, attempt };
}

/**
 * Says that the rest of a body is not wanted.
 * @param {any} body
 */
function cancel(body) {
  notify(() => body?.cancel?.());
}

/**
 * Aborts the call of a promise, unless it has settled.
 * @param {Promise<unknown>} promise
 */
export function abort(promise) {
  for (const exchange of pending) if (exchange.promise === promise) return exchange.end(ENDING.aborted);
}
