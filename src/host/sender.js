// What the calls of one client share, and one attempt: ask for the token, fetch, read the body.
// Written so that an attempt always ends, whatever the host, a test double or a caller's function
// does.

import { Answer } from "./answer.js";
import { sharesPromises } from "./guard.js";
import { Log } from "./log.js";
import { operations } from "./shape.js";

/** @typedef {import("./call.js").Call} Call */
/**
 * Rust's part of a call, as `CarryOn` in src/client.rs.
 * @callback CarryOn
 * @param {Call} call
 * @param {Answer | undefined} first the answer to the first attempt, if it was made
 * @param {number} operation
 * @param {boolean} withInfo
 * @param {number} maxRetries
 * @param {number} maxRetryDelayMs
 * @returns {void}
 */

/** In a page: no cookie goes along, no answer stays in a cache, and no address is passed on. */
const PAGE_INIT = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };

/**
 * Whether this is a browser, a page or one of its workers. Other runtimes keep no cookies and no
 * cache; some throw when told so.
 */
export function isPage() {
  return /^Mozilla\//.test(globalThis.navigator?.userAgent ?? "");
}

/** What a client's calls share. Private fields, so that nothing that lists properties shows the token. */
export class Sender {
  #token;
  #fetch;
  #headers;
  /** In the order of `Hook` in src/hooks.rs. @type {(((event: object) => void) | undefined)[]} */
  #hooks;
  #questions = 0;
  /** Who waits for a place, by ticket. @type {Map<number, () => void>} */
  #waiting = new Map();
  /** @type {{ number: number, answer: Promise<unknown> } | undefined} */
  #question;
  /** Calls that succeeded at once since Rust last asked. */
  #successes = 0;
  /** What a page's requests need besides. */
  #pageInit = isPage() ? PAGE_INIT : undefined;

  /**
   * @param {any} options checked, a copy
   * @param {string} baseUrl
   * @param {CarryOn} carryOn
   */
  constructor(options, baseUrl, carryOn) {
    this.#token = options.accessToken;
    this.#fetch = options.fetch;
    this.#headers = options.headers;
    this.baseUrl = baseUrl;
    this.carryOn = carryOn;
    this.onDrift = options.onSchemaDrift;
    const { onRequest, onResponse, onRetry, validate } = options;
    this.#hooks = [onRequest, onResponse, onRetry];
    this.log = new Log(options.logger, options.logLevel);
    /** Whether anybody watches. */
    this.watched = Boolean(onRequest ?? onResponse ?? onRetry) || this.log.isOn;
    this.validate = validate ?? true;
    this.limit = options.maxResponseBytes ?? 32 * 1024 * 1024;
    this.timeoutMs = options.timeoutMs ?? 60_000;
    this.maxRetries = options.maxRetries ?? 2;
    this.maxRetryDelayMs = options.maxRetryDelayMs ?? Infinity;
  }

  /** Whether the token is asked for, so that a fresh one may be had. */
  get asks() {
    return typeof this.#token === "function";
  }

  /**
   * Tells of a call's attempt: calls the hook, if it is set, and logs.
   * @param {number} hook
   * @param {Call} call
   * @param {object} known what Rust knows
   * @param {Answer | undefined} answer
   */
  tell(hook, call, known, answer) {
    const { name: operation, method, template: path } = operations[call.operation];
    const ended = answer?.ending;
    const status = answer?.status;
    const requestId = answer?.requestId;
    const event = Object.assign({ operation, method, path }, known, ended && { ended });
    if (status) Object.assign(event, { status });
    if (requestId !== undefined) Object.assign(event, { requestId });
    this.log.event(hook, event, call, answer);
    try {
      this.#hooks[hook]?.(event);
    } catch {
      // What a hook does wrong is not the call's failure.
    }
  }

  /** Counts a call that needed one attempt. */
  succeeded() {
    this.#successes += 1;
  }

  /** Calls that succeeded at once since this was last asked. */
  takeSuccesses() {
    const count = this.#successes;
    this.#successes = 0;
    return count;
  }

  /**
   * Asks for the token. Calls at the same time share one question, unless it was put before an
   * attempt of this call that was refused, or the runtime is one where a request must not wait for
   * another's promise.
   * @param {Call} call
   * @returns {Promise<unknown>}
   */
  #ask(call) {
    const ask = /** @type {() => unknown} */ (/** @type {unknown} */ (this.#token));
    const shared = this.#question;
    if (shared && shared.number > call.question) {
      call.question = shared.number;
      return shared.answer;
    }
    const number = ++this.#questions;
    call.question = number;
    // In a promise of its own, so that a function that throws rejects.
    const answer = new Promise((resolve) => resolve(ask()));
    if (sharesPromises()) {
      const question = { number, answer };
      this.#question = question;
      const forget = () => {
        if (this.#question === question) this.#question = undefined;
      };
      answer.then(forget, forget);
    }
    return answer;
  }

  /**
   * Calls back after a time, or when a place is given up and nobody else waits longer for one.
   * @param {number} ticket
   * @param {() => void} again
   * @param {number} ms
   * @returns {() => void} what stops it
   */
  wait(ticket, again, ms) {
    const stop = () => {
      clearTimeout(timer);
      this.#waiting.delete(ticket);
    };
    const wake = () => {
      stop();
      again();
    };
    const timer = setTimeout(wake, ms);
    this.#waiting.set(ticket, wake);
    return stop;
  }

  /** A place was given up: the call that waits longest asks again at once. */
  nudge() {
    // A Worker's request cannot wake another's; there each asks again on its own timer.
    if (this.#waiting.size === 0 || !sharesPromises()) return;
    this.#waiting.get(Math.min(...this.#waiting.keys()))?.();
  }

  /**
   * One attempt: tells the call how it ended. Never rejects.
   * @param {Call} call
   */
  async attempt(call) {
    let token = this.#token;
    call.sent = false;
    if (typeof token === "function") {
      try {
        token = await this.#ask(call);
      } catch (error) {
        return call.arrive(new Answer("no_token", error));
      }
      if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) return call.arrive(new Answer("no_token"));
      // The deadline may have passed meanwhile; then nothing is sent.
      if (call.ended) return;
    }
    /** @type {Record<string, string>} */
    const headers = {
      accept: "application/json, application/problem+json",
      ...this.#headers,
      ...call.headers,
      authorization: `Bearer ${token}`,
    };
    const { body, idempotencyKey } = call;
    if (body !== undefined) headers["content-type"] = "application/json";
    if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
    const init = {
      // Nothing but this: `fetch` would ask a polluted prototype for all its other options.
      __proto__: null,
      method: operations[call.operation].method,
      headers,
      body,
      // Made when it is asked for: a signal costs more than all the rest.
      get signal() {
        return call.abortSignal;
      },
      // A redirect is not followed: what carries the token goes only where the caller said.
      redirect: "manual",
      ...this.#pageInit,
    };
    const url = `${this.baseUrl}/customers${call.target}`;
    const fetch = this.#fetch;
    let response;
    call.sent = true;
    try {
      response = await (fetch ? fetch(url, init) : globalThis.fetch(url, /** @type {any} */ (init)));
    } catch (error) {
      return call.arrive(new Answer("unreachable", error));
    }
    const answer = new Answer("answered");
    try {
      const body = answer.take(response, this.limit);
      if (body !== undefined) answer.parse(await body);
    } catch (error) {
      answer.ending = "broken_off";
      answer.error = error;
    }
    call.arrive(answer);
  }
}
