// One call's life: what is sent, a deadline and the caller's signal over all phases, and a promise that
// always settles.
//
// A call whose first attempt brings the data, as nearly all do, runs here from end to end. Any other
// is carried on in Rust (src/call.rs), which decides what follows on a failure.

import { Answer } from "./answer.js";
import { headersOf, refuse } from "./errors.js";
import { failAll, forget, now, remember } from "./guard.js";
import { check, operations, typeOf } from "./shape.js";

/** @typedef {import("./errors.js").ErrorDescription} ErrorDescription */
/** @typedef {import("./sender.js").Sender} Sender */

/** Timers cannot wait longer than this, about 24 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Nobody waits for an answer. */
const nobody = () => {};

/** One call: what is sent, a deadline and the caller's signal over all its phases, and a promise. */
export class Call {
  /** Where the present attempt's answer goes. @type {(answer: Answer) => void} */
  arrived = nobody;
  /** Ends a wait before its time. @type {(() => void) | undefined} */
  wake = undefined;
  /** How the call ended before its time. @type {Answer | undefined} */
  ended = undefined;
  /** The number of the last question for the token. */
  question = 0;
  /** Whether anything of the present attempt has gone out. */
  sent = false;
  /** @type {AbortController | undefined} */
  controller = undefined;
  /** Listens to the caller's signal. @type {(() => void) | undefined} */
  onAbort = undefined;

  /**
   * @param {Sender} sender
   * @param {number} operation
   * @param {string} target
   * @param {string | undefined} body
   * @param {string | undefined} idempotencyKey
   * @param {any} options checked, a copy
   */
  constructor(sender, operation, target, body, idempotencyKey, options) {
    this.sender = sender;
    this.operation = operation;
    this.target = target;
    this.body = body;
    this.idempotencyKey = idempotencyKey;
    this.headers = options?.headers;
    this.signal = options?.signal;
    this.timeoutMs = options?.timeoutMs ?? sender.timeoutMs;
    this.maxRetries = options?.maxRetries ?? sender.maxRetries;
    this.maxRetryDelayMs = options?.maxRetryDelayMs ?? sender.maxRetryDelayMs;
    this.deadline = now() + this.timeoutMs;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.promise = new Promise((resolve) => {
      this.resolve = resolve;
    });
    if (this.timeoutMs !== Infinity) {
      const wait = Math.min(this.timeoutMs, LONGEST_TIMER);
      this.timer = setTimeout(() => this.end(new Answer("timed_out")), wait);
    }
    if (this.signal) this.#listen();
    remember(this);
  }

  #listen() {
    this.onAbort = () => this.end(new Answer("aborted", this.signal.reason));
    try {
      if (this.signal.aborted) this.onAbort();
      else this.signal.addEventListener("abort", this.onAbort);
    } catch (cause) {
      clearTimeout(this.timer);
      throw refuse(this.operation, "options.signal", "an object that cannot be listened to", "an AbortSignal", cause);
    }
  }

  /** Milliseconds left before the deadline. */
  get left() {
    return Math.max(0, this.deadline - now());
  }

  /** The signal that `fetch` gets. */
  get abortSignal() {
    this.controller ??= new AbortController();
    if (this.ended) this.controller.abort();
    return this.controller.signal;
  }

  /** @param {Answer} answer */
  end(answer) {
    if (this.ended) return;
    this.ended = answer;
    this.finish();
    this.controller?.abort();
    this.wake?.();
    this.arrived(answer);
  }

  /** @param {Answer} answer */
  arrive(answer) {
    if (!this.ended) this.arrived(answer);
  }

  /** Leaves nothing behind: no timer that keeps a process up, no listener on a long-lived signal. */
  finish() {
    clearTimeout(this.timer);
    if (this.onAbort) this.signal.removeEventListener("abort", this.onAbort);
  }

  /**
   * Sets the call going. The straight way is one attempt, and its data if it brings them.
   * @param {boolean} straight
   * @param {boolean} withInfo whether the exchange is wanted too
   * @returns {Promise<unknown>}
   */
  go(straight, withInfo) {
    if (!straight) this.#carryOn(undefined, withInfo);
    else if (this.ended) this.#carryOn(this.ended, false);
    else {
      this.arrived = (answer) => {
        if (!answer.fits(this.operation)) return this.#carryOn(answer, false);
        this.sender.succeeded();
        this.data(answer, 1, false);
      };
      this.sender.attempt(this);
    }
    return this.promise;
  }

  /**
   * Lets Rust decide what follows.
   * @param {Answer | undefined} answer
   * @param {boolean} withInfo
   */
  #carryOn(answer, withInfo) {
    this.arrived = nobody;
    try {
      const { sender, operation, maxRetries, maxRetryDelayMs } = this;
      sender.carryOn(this, answer, operation, withInfo, maxRetries, maxRetryDelayMs);
    } catch (error) {
      failAll(error);
    }
  }

  /**
   * Compares the data with the contract, if the caller wants to know.
   * @param {unknown} data
   */
  #compare(data) {
    const { onDrift } = this.sender;
    if (onDrift === undefined) return;
    const { name, gives } = operations[this.operation];
    try {
      const drift = check("", data, typeOf(gives), true);
      if (drift) onDrift({ operation: name, findings: drift.findings, total: drift.total });
    } catch {
      // What the callback does wrong is not the call's failure.
    }
  }

  /**
   * Tells of an attempt.
   * @param {number} hook
   * @param {object} event
   * @param {Answer | undefined} answer
   */
  tell(hook, event, answer) {
    this.sender.tell(hook, this, event, answer);
  }

  /**
   * Ends with the data.
   * @param {Answer} answer
   * @param {number} attempts
   * @param {boolean} withInfo
   */
  data(answer, attempts, withInfo) {
    const { body: data } = answer;
    this.finish();
    forget(this);
    this.#compare(data);
    if (!withInfo) return this.resolve(data);
    const { idempotencyKey } = this;
    const { status, requestId } = answer;
    this.resolve({
      data,
      status,
      headers: headersOf(answer),
      ...(requestId !== undefined && { requestId }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      attempts,
    });
  }

  /**
   * Ends with an error. It is made in a microtask, when the module, which may have called this, has
   * returned.
   * @param {ErrorDescription} description
   */
  fail(description) {
    this.finish();
    forget(this);
    const failCall = () => {
      const error = description.toError();
      this.sender.log.failure(error);
      throw error;
    };
    this.resolve(Promise.resolve().then(failCall));
  }

  /**
   * One attempt, of a call that Rust carries on.
   * @returns {Promise<Answer>}
   */
  attempt() {
    return new Promise((resolve) => {
      if (this.ended) return resolve(this.ended);
      this.arrived = resolve;
      this.sender.attempt(this);
    });
  }

  /**
   * Waits; gives how the call ended, if it ends before.
   * @param {number} ms
   * @returns {Promise<Answer | undefined>}
   */
  sleep(ms) {
    return this.#race((done) => {
      const timer = setTimeout(done, ms);
      return () => clearTimeout(timer);
    });
  }

  /**
   * Waits for a place: until the time is over, or another call gives one up.
   * @param {number} ticket
   * @param {number} ms
   * @returns {Promise<Answer | undefined>}
   */
  queue(ticket, ms) {
    return this.#race((done) => this.sender.wait(ticket, done, ms));
  }

  /**
   * @param {(done: () => void) => () => void} start
   * @returns {Promise<Answer | undefined>}
   */
  #race(start) {
    return new Promise((resolve) => {
      if (this.ended) return resolve(this.ended);
      const done = () => {
        this.wake = undefined;
        resolve(this.ended);
      };
      const stop = start(done);
      this.wake = () => {
        stop();
        done();
      };
    });
  }
}
