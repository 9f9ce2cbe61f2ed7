// What only the host can do: ask for the token, fetch, read the body, keep time. Everything here is
// written so that a promise always settles, whatever the host, a test double or a caller's function
// does. What to do with the outcome is decided in Rust (src/call.rs).

/** How an exchange ended; the names are those of `Ending` in src/host/exchange.rs. */
const Ending = Object.freeze({
  answered: 0,
  timedOut: 1,
  aborted: 2,
  badToken: 3,
  unreachable: 4,
  brokenOff: 5,
  notAResponse: 6,
  tooLarge: 7,
});

/** Timers cannot wait longer than this, about 24 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** What a client's calls share. Private fields, so that nothing that lists properties shows the token. */
export class Sender {
  #token;
  #limit;
  #fetch;
  #headers;
  #questions = 0;
  /** Who waits for a place, by ticket. @type {Map<number, () => void>} */
  #waiting = new Map();
  /** @type {{ number: number, answer: Promise<unknown> } | undefined} */
  #question;

  /**
   * @param {string | (() => unknown)} token
   * @param {Function | undefined} fetch
   * @param {Record<string, string>} headers
   * @param {number} limit how many bytes a body may have
   */
  constructor(token, fetch, headers, limit) {
    this.#token = token;
    this.#limit = limit;
    this.#fetch = fetch;
    this.#headers = headers;
  }

  /** Whether the token is asked for, so that a fresh one may be had. */
  get asks() {
    return typeof this.#token === "function";
  }

  /**
   * Asks for the token. Calls at the same time share one question, unless it was put before an
   * attempt of this call that was refused, or the runtime is one where a request must not wait for
   * another's promise.
   * @param {Life} life
   * @returns {Promise<unknown>}
   */
  #ask(life) {
    const ask = /** @type {() => unknown} */ (/** @type {unknown} */ (this.#token));
    const shared = this.#question;
    if (shared && shared.number > life.question) {
      life.question = shared.number;
      return shared.answer;
    }
    const number = ++this.#questions;
    life.question = number;
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
   * One attempt. The promise never rejects.
   * @param {Life} life
   * @param {string} method
   * @param {string} url
   * @param {string | undefined} body
   * @param {string | undefined} key
   * @param {Record<string, string> | undefined} extra
   * @returns {Promise<Answer>}
   */
  async attempt(life, method, url, body, key, extra) {
    let token = this.#token;
    life.sent = false;
    if (typeof token === "function") {
      try {
        token = /** @type {string} */ (await this.#ask(life));
      } catch (error) {
        return new Answer(Ending.badToken, error);
      }
      if (!isToken(token)) return new Answer(Ending.badToken);
      // The deadline may have passed meanwhile; then nothing is sent.
      if (life.ended) return life.ended;
    }
    /** @type {Record<string, string>} */
    const headers = {
      accept: "application/json, application/problem+json",
      ...this.#headers,
      ...extra,
      authorization: `Bearer ${token}`,
    };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (key !== undefined) headers["idempotency-key"] = key;
    // A redirect is not followed: what carries the token goes only where the caller said.
    const init = { method, headers, body, signal: life.controller.signal, redirect: "manual" };
    const fetch = this.#fetch;
    let response;
    life.sent = true;
    try {
      response = await (fetch ? fetch(url, init) : globalThis.fetch(url, /** @type {any} */ (init)));
    } catch (error) {
      return new Answer(Ending.unreachable, error);
    }
    return read(response, this.#limit);
  }
}

/** How one exchange ended. */
class Answer {
  /**
   * @param {number} ending
   * @param {unknown} [error]
   */
  constructor(ending, error) {
    this.ending = ending;
    this.error = error;
    this.status = 0;
    /** @type {Headers | undefined} */
    this.headers = undefined;
    /** The body: parsed if it was JSON, else its text. */
    this.body = /** @type {unknown} */ (undefined);
    this.isJson = false;
  }
}

/** The lives that have not ended. @type {Set<Life>} */
const lives = new Set();

/** How many lives there may be before the dead among them are looked for. */
let manyLives = 1_000;

/**
 * Forgets lives that are past their deadline: in a Worker, a request that is abandoned takes its
 * timers along, and its calls never end.
 */
function forgetTheDead() {
  for (const life of lives) if (life.left === 0) lives.delete(life);
  manyLives = Math.max(1_000, 2 * lives.size);
}

/**
 * Ends every life there is, since the module that should end them has failed.
 * @param {unknown} error
 */
export function endAll(error) {
  for (const life of lives) life.end(new Answer(Ending.aborted, error));
}

/** One call's life: a deadline and the caller's signal, over all its phases. */
export class Life {
  /**
   * @param {number} timeoutMs
   * @param {AbortSignal | undefined} signal
   */
  constructor(timeoutMs, signal) {
    this.controller = new AbortController();
    this.deadline = now() + timeoutMs;
    /** @type {Answer | undefined} */
    this.ended = undefined;
    /** @type {(() => void) | undefined} */
    this.wake = undefined;
    /** The number of the last question for the token. */
    this.question = 0;
    /** Whether anything of the present attempt has gone out. */
    this.sent = false;
    this.signal = signal;
    this.onAbort = () => this.end(new Answer(Ending.aborted, this.signal?.reason));
    if (signal?.aborted) {
      this.onAbort();
      return;
    }
    lives.add(this);
    if (lives.size >= manyLives) forgetTheDead();
    signal?.addEventListener("abort", this.onAbort);
    if (timeoutMs !== Infinity) {
      const wait = Math.min(timeoutMs, LONGEST_TIMER);
      this.timer = setTimeout(() => this.end(new Answer(Ending.timedOut)), wait);
    }
  }

  /** Milliseconds left before the deadline. */
  get left() {
    return Math.max(0, this.deadline - now());
  }

  /** @param {Answer} answer */
  end(answer) {
    if (this.ended) return;
    this.ended = answer;
    this.finish();
    this.controller.abort();
    this.wake?.();
  }

  /** Leaves nothing behind: no timer that keeps a process up, no listener on a long-lived signal. */
  finish() {
    lives.delete(this);
    clearTimeout(this.timer);
    this.signal?.removeEventListener("abort", this.onAbort);
  }

  /**
   * Waits, unless the life ends before.
   * @param {number} ms
   * @returns {Promise<Answer | undefined>}
   */
  sleep(ms) {
    return this.race((done) => {
      const timer = setTimeout(() => done(undefined), ms);
      return () => clearTimeout(timer);
    });
  }

  /**
   * Waits for a place: until the time is over, or another call gives one up.
   * @param {Sender} sender
   * @param {number} ticket
   * @param {number} ms
   * @returns {Promise<Answer | undefined>}
   */
  queue(sender, ticket, ms) {
    return this.race((done) => sender.wait(ticket, () => done(undefined), ms));
  }

  /**
   * Sends one attempt. The promise never rejects.
   * @param {Sender} sender
   * @param {string} method
   * @param {string} url
   * @param {string | undefined} body
   * @param {string | undefined} key
   * @param {Record<string, string> | undefined} headers
   * @returns {Promise<Answer>}
   */
  exchange(sender, method, url, body, key, headers) {
    return this.race((done) => {
      sender.attempt(this, method, url, body, key, headers).then(done);
    });
  }

  /**
   * @template T
   * @param {(done: (value: T) => void) => (() => void) | void} start
   * @returns {Promise<T | Answer>}
   */
  race(start) {
    return new Promise((resolve) => {
      if (this.ended) return resolve(this.ended);
      const stop = start((value) => {
        this.wake = undefined;
        resolve(this.ended ?? value);
      });
      this.wake = () => {
        stop?.();
        resolve(/** @type {Answer} */ (this.ended));
      };
    });
  }
}

/**
 * Whether one call may wait for a promise that another made. In a Worker each request has its own
 * I/O: a promise that belongs to another never settles once that request is gone.
 */
function sharesPromises() {
  return globalThis.navigator?.userAgent !== "Cloudflare-Workers";
}

/** Milliseconds on a clock that never goes back. */
export function now() {
  return globalThis.performance?.now() ?? Date.now();
}

/**
 * @param {any} response
 * @param {number} limit
 */
async function read(response, limit) {
  const answer = new Answer(Ending.answered);
  try {
    if (!Number.isInteger(response?.status)) return new Answer(Ending.notAResponse);
    // A browser shows nothing of a redirect that it was told not to follow.
    answer.status = response.type === "opaqueredirect" ? 302 : response.status;
    answer.headers = asHeaders(response.headers);
    if (typeof response.text !== "function") {
      // A test double with nothing but `json()`.
      if (typeof response.json !== "function") return new Answer(Ending.notAResponse);
      answer.body = await response.json();
      answer.isJson = true;
      return answer;
    }
    const text = await bodyText(response, answer.headers, limit);
    if (text === undefined) return Object.assign(answer, { ending: Ending.tooLarge });
    answer.body = text;
  } catch (error) {
    return Object.assign(answer, { ending: Ending.brokenOff, error });
  }
  parse(answer);
  return answer;
}

/**
 * The body's text; nothing if it is larger than the limit, and then no more than that is read.
 * @param {any} response
 * @param {Headers} headers
 * @param {number} limit
 * @returns {Promise<string | undefined>}
 */
async function bodyText(response, headers, limit) {
  // Compressed, it may grow to any size.
  const declared = headers.has("content-encoding") ? NaN : Number(headers.get("content-length") ?? NaN);
  const body = response.body;
  if (declared > limit) {
    body?.cancel?.().catch?.(() => {});
    return undefined;
  }
  if (declared <= limit || typeof body?.getReader !== "function") return response.text();
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > limit) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** @param {Answer} answer */
function parse(answer) {
  try {
    answer.body = JSON.parse(/** @type {string} */ (answer.body));
    answer.isJson = true;
  } catch {
    // The text stays as it is.
  }
}

/** @param {any} headers */
function asHeaders(headers) {
  if (headers instanceof Headers) return headers;
  try {
    // Another realm's headers, or a test double's plain object.
    return new Headers(headers ?? {});
  } catch {
    return new Headers();
  }
}

/**
 * Whether a token can go into a header.
 * @param {unknown} token
 */
export function isToken(token) {
  return typeof token === "string" && /^[\x21-\x7e]+$/.test(token);
}

/** A fresh idempotency key. */
export function newKey() {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // A page that is not a secure context has only this.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * A shallow copy of an object's own members without the named ones. What is not an object comes
 * back as it is.
 * @param {any} source
 * @param {readonly string[]} names
 */
export function without(source, names) {
  if (typeof source !== "object" || source === null || Array.isArray(source)) return source;
  return Object.fromEntries(Object.entries(source).filter(([name]) => !names.includes(name)));
}
