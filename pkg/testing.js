// `synctera-customers/testing`: the local sandbox in process. Its rules are Rust's (sandbox/core,
// sandbox/testing); this file keeps the time, waits, and makes responses that break off. Built into
// dist/testing.cjs.
import { Sandbox as Core, fakeCustomer as fakeBody, initSync } from "./synctera_testing.js";
import module from "./testing.wasm";

initSync({ module });

const { setImmediate, setTimeout } = globalThis;

/** Runs a function once the host has done what is due now. Taken before a test replaces the timers. */
const inNextTurn = setImmediate === undefined ? (run) => setTimeout(run, 0) : (run) => setImmediate(run);

/** For how many turns nothing may happen before a clock moves on by itself: a body may be read in several. */
const QUIET_TURNS = 4;

const html = encodeURIComponent("<html><body>Bad Gateway</body></html>");

/** Each fault by its name, in the grammar of the server's `Sandbox-Fault` header. */
export const FAULTS = Object.freeze({
  "slow response": "delay=150",
  "connection reset": "drop=before",
  "response lost": "drop=after",
  "delivered twice": "deliver=twice",
  "body cut off": "truncate=20",
  "headers late": "stall=headers:150",
  "headers never": "stall=headers",
  "body late": "stall=body:150",
  "body never": "stall=body",
  "internal error": "status=500",
  "not implemented": "status=501",
  "bad gateway": "status=502",
  "service unavailable": "status=503",
  "gateway timeout": "status=504",
  "request timeout": "status=408",
  "web page with 502": `status=502;body=${html};content-type=text%2Fhtml`,
  "empty body with 502": "status=502;body=",
  "bad request": "code=BAD_REQUEST_BODY",
  unauthenticated: "code=UNAUTHENTICATED",
  forbidden: "code=FORBIDDEN",
  "not found": "code=RESOURCE_NOT_FOUND",
  duplicate: "code=DUPLICATE_RESOURCE",
  "key in use": "code=IDEMPOTENCY_CONCURRENT_USE;retry-after=0",
  "key of another request": "code=IDEMPOTENCY_INVALID_REUSE",
  "invalid status": "code=INVALID_STATUS",
  "rate limited": "status=429;retry-after=1",
  "rate limited by header": "status=429;retry-after-header=1",
  "rate limited without delay": "status=429",
  "malformed JSON": "status=200;body=%7B%22id%22%3A;content-type=application%2Fjson",
  "web page with 200": `status=200;body=${html};content-type=text%2Fhtml`,
  "empty body with 200": "status=200;body=;content-type=application%2Fjson",
  "another shape with 200": "status=200;body=%7B%7D;content-type=application%2Fjson",
});

/** What a fault's members are called in the header. */
const ITEMS = {
  delayMs: "delay",
  holdMs: "hold",
  status: "status",
  code: "code",
  body: "body",
  contentType: "content-type",
  retryAfter: "retry-after",
  retryAfterHeader: "retry-after-header",
  drop: "drop",
  truncate: "truncate",
  deliver: "deliver",
  stall: "stall",
};

/** Items whose value is text of any kind. */
const ENCODED = new Set(["body", "contentType", "retryAfterHeader"]);

const OPERATIONS = ["createCustomer", "getCustomer", "listCustomers", "patchCustomer", "updateCustomer"];

const UNIT_MS = { ms: 1, second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 };

/** Makes a sandbox, which shares nothing with any other. */
export function createSandbox(options = {}) {
  return new Sandbox(options);
}

/** Bodies of fictional customers that were given out without a seed. */
let given = 0;

/** The body of a fictional customer. */
export function fakeCustomer(seed) {
  return JSON.parse(seed === undefined ? fakeBody(0, given++) : fakeBody(wholeNumber("seed", seed), 0));
}

class Sandbox {
  #core;
  #settings;
  #startMs;

  constructor({
    seed = 1,
    customers = 0,
    token = "sandbox-token",
    forbiddenToken = "forbidden-token",
    tenant = "qzwxec_mkjnhb",
    strictActive = false,
    readOnlyFields = "reject",
    concurrentUseStatus = 409,
    randomFaults = [],
    webhookSecret = "sandbox-webhook-secret",
    webhookUrl = "https://example.com/webhooks",
    startTime = "2026-01-01T00:00:00Z",
    autoAdvance = true,
    realTime = false,
    loopbackOnly = false,
    ...unknown
  }) {
    refuseUnknown("createSandbox", unknown);
    this.#settings = JSON.stringify({
      seed: wholeNumber("seed", seed),
      customers: wholeNumber("customers", customers),
      token,
      forbiddenToken,
      tenant,
      strictActive,
      ignoreReadOnlyFields: readOnlyFields === "ignore",
      concurrentUseStatus,
      randomFaults: randomFaults.map(({ percent, fault }) => `${percent}% ${faultText(fault)}`).join(","),
      webhookSecret,
      webhookUrl,
      loopbackOnly,
    });
    this.#startMs = new Date(startTime).getTime();
    if (Number.isNaN(this.#startMs)) throw new TypeError("startTime: expected a date");
    this.token = token;
    this.webhookSecret = webhookSecret;
    this.clock = realTime ? new RealClock(seed) : new Clock(this.#startMs, seed, autoAdvance);
    this.#core = new Core(this.#settings, this.#micros);
    this.requests = [];
    // By themselves too: `fetch: sandbox.fetch`, `http.all("*", sandbox.handler)`.
    this.fetch = this.fetch.bind(this);
    this.handler = this.handler.bind(this);
  }

  get #micros() {
    return Math.round(this.clock.now() * 1_000);
  }

  /** All customers, oldest first. */
  get customers() {
    return JSON.parse(this.#core.customers());
  }

  /** What was sent to the webhook, oldest first. */
  get webhooks() {
    return Array.from({ length: this.#core.webhookCount }, (_, number) => {
      const text = this.#core.webhook(number);
      const [timestamp, signature] = text.split("\n", 2);
      const headers = { "content-type": "application/json", "request-timestamp": timestamp, "synctera-signature": signature };
      return { headers, body: text.slice(timestamp.length + signature.length + 2) };
    });
  }

  /** Gives the next requests a fault. */
  fail({ on, times = 1, fault, ...unknown }) {
    refuseUnknown("fail", unknown);
    if (on !== undefined && !OPERATIONS.includes(on)) throw new TypeError(`on: expected one of ${OPERATIONS.join(", ")}`);
    if (wholeNumber("times", times) === 0) return;
    this.#core.fail(on, Math.min(times, 2 ** 32 - 1), faultText(fault));
  }

  /** Everything that the sandbox holds, as text. */
  snapshot() {
    return this.#core.snapshot();
  }

  /** Goes back to a snapshot. */
  restore(snapshot) {
    this.clock.restore(this.#core.restore(snapshot) / 1_000);
    this.requests.length = 0;
  }

  /** Begins anew: the customers of the seed, no faults, the time of the start. */
  reset() {
    this.clock.restore(this.#startMs);
    this.#core.free();
    this.#core = new Core(this.#settings, this.#micros);
    this.requests.length = 0;
  }

  /** Answers what MSW's `http.all`, Playwright's `page.route` or a server hands over. */
  async handler(given) {
    if (typeof given?.fulfill === "function") return fulfill(given, this.fetch);
    return this.fetch(given?.request ?? given);
  }

  /** In the place of the global `fetch`. */
  async fetch(input, init) {
    const request = typeof input === "object" && !(input instanceof URL) ? await readRequest(input, init) : requestOf(input, init);
    const { method, url, headers, body } = request;
    const { pathname, search } = new URL(url);
    let head = `${method} ${pathname}${search}\n`;
    for (const name in headers) head += `${name}:${headers[name]}\n`;
    const core = this.#core;
    const exchange = core.open(head, request.bytes);
    const operation = exchange.operation || undefined;
    const record = { operation, method, url, headers, body, fault: undefined, at: this.clock.now(), status: undefined };
    this.requests.push(record);
    // Not freed by hand: a request that is held goes on when its caller has gone.
    if (exchange.isDisturbed) return this.#disturbed(core, exchange, request, record);
    while (core.begin(exchange, this.#micros)) core.finish(exchange, this.#micros);
    const response = parse(exchange.respond());
    exchange.free();
    record.status = response.status;
    return new Response(hasBody(response.status) ? response.text : null, response);
  }

  async #disturbed(core, exchange, request, record) {
    const { delivery } = exchange;
    // Looked at only here: the client makes its signal when it is asked for.
    const { signal } = request;
    record.fault = exchange.fault || "drawn";
    await this.clock.sleep(exchange.delayMs, signal);
    if (delivery === "dropBefore") throw connectionLost();
    while (core.begin(exchange, this.#micros)) {
      // Once begun, a request is handled, whether or not its caller waits for that.
      await this.clock.hold(exchange.holdMs, signal, () => core.finish(exchange, this.#micros));
    }
    const { status, headers, text } = parse(exchange.respond());
    if (delivery === "dropAfter") throw connectionLost();
    if (delivery === "stallHeaders") await this.clock.sleep(exchange.amount ?? Infinity, signal);
    record.status = status;
    const init = { status, headers };
    if (delivery === "truncate") return new Response(broken(exchange.bytes(exchange.amount)), init);
    if (delivery === "stallBody") return new Response(this.#late(text, exchange.amount ?? Infinity, signal), init);
    return new Response(hasBody(status) ? text : null, init);
  }

  /** A body that arrives after a time. */
  #late(text, ms, signal) {
    return new ReadableStream({
      start: async (controller) => {
        try {
          await this.clock.sleep(ms, signal);
          controller.enqueue(new TextEncoder().encode(text));
          controller.close();
        } catch (error) {
          controller.error(error);
        }
      },
    });
  }
}

/** Time that passes when the test says so, or when nothing else is left to do. */
class Clock {
  #ms;
  #random;
  #autoAdvance;
  #timers = [];
  #numbers = 0;
  #isWaiting = false;
  #changes = 0;

  constructor(ms, seed, autoAdvance) {
    this.#ms = ms;
    this.#random = BigInt(seed) ^ 0x5eedn;
    this.#autoAdvance = autoAdvance;
  }

  /** Milliseconds since 1970. */
  now = () => this.#ms;

  /** The next random number of the seed, from 0 to 1, without 1 (SplitMix64, as in Rust). */
  random = () => {
    const bits = (number) => BigInt.asUintN(64, number);
    this.#random = bits(this.#random + 0x9e37_79b9_7f4a_7c15n);
    let mixed = this.#random;
    mixed = bits((mixed ^ (mixed >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
    mixed = bits((mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn);
    mixed ^= mixed >> 31n;
    return Number(mixed >> 11n) / 2 ** 53;
  };

  setTimeout = (run, ms = 0) => {
    const timer = { number: this.#numbers++, at: this.#ms + Math.max(0, ms), run };
    const place = this.#timers.findIndex(({ at }) => at > timer.at);
    this.#timers.splice(place < 0 ? this.#timers.length : place, 0, timer);
    this.#changed();
    return timer.number;
  };

  clearTimeout = (number) => {
    const place = this.#timers.findIndex((timer) => timer.number === number);
    if (place >= 0) this.#timers.splice(place, 1);
    this.#changes += 1;
  };

  /** Lets time pass, and runs what becomes due, in order. */
  advance(duration) {
    const end = this.#ms + milliseconds(duration);
    while (this.#timers.length > 0 && this.#timers[0].at <= end) this.#runNext();
    this.#ms = end;
    this.#changed();
  }

  #runNext() {
    const { at, run } = this.#timers.shift();
    this.#ms = Math.max(this.#ms, at);
    run();
  }

  /** Goes to a moment, without the timers of before. */
  restore(ms) {
    this.#timers = [];
    this.#ms = ms;
  }

  /** Waits; rejects as `fetch` does if the signal fires before. */
  sleep(ms, signal) {
    return this.hold(ms, signal, () => {}, true);
  }

  /** Waits, and then acts; also if the signal has fired meanwhile, unless that is the end of it. */
  hold(ms, signal, act, isEnding = false) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted && isEnding) return reject(reasonOf(signal));
      if (!(ms > 0)) return resolve(act());
      const onAbort = () => {
        if (isEnding) this.clearTimeout(timer);
        reject(reasonOf(signal));
      };
      const run = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve(act());
      };
      const timer = ms === Infinity ? undefined : this.setTimeout(run, ms);
      if (signal?.aborted) onAbort();
      else signal?.addEventListener("abort", onAbort, { once: true });
      return undefined;
    });
  }

  #changed() {
    this.#changes += 1;
    if (!this.#autoAdvance || this.#isWaiting || this.#timers.length === 0) return;
    this.#isWaiting = true;
    let seen = this.#changes;
    let quiet = 0;
    const look = () => {
      quiet = seen === this.#changes ? quiet + 1 : 0;
      seen = this.#changes;
      if (quiet < QUIET_TURNS && this.#timers.length > 0) return inNextTurn(look);
      this.#isWaiting = false;
      if (this.#timers.length === 0) return undefined;
      this.#runNext();
      return this.#changed();
    };
    inNextTurn(look);
  }
}

/** The host's own time, which `advance` moves ahead. */
class RealClock extends Clock {
  #aheadMs = 0;

  constructor(seed) {
    super(0, seed, false);
  }

  now = () => Date.now() + this.#aheadMs;
  setTimeout = (run, ms) => setTimeout(run, ms);
  clearTimeout = (timer) => clearTimeout(timer);

  advance(duration) {
    this.#aheadMs += milliseconds(duration);
  }

  restore() {
    this.#aheadMs = 0;
  }
}

/** A fault in the grammar of the header. */
function faultText(fault) {
  if (typeof fault === "string") {
    if (!Object.hasOwn(FAULTS, fault)) throw new TypeError(`fault: expected one of ${Object.keys(FAULTS).join(", ")}, or an object`);
    return FAULTS[fault];
  }
  return Object.entries(fault)
    .map(([name, value]) => {
      if (!Object.hasOwn(ITEMS, name)) throw new TypeError(`fault: expected only ${Object.keys(ITEMS).join(", ")}`);
      return `${ITEMS[name]}=${ENCODED.has(name) ? encodeURIComponent(value) : value}`;
    })
    .join(";");
}

/** A misspelt option would count for nothing, and the test would prove less than it says. */
function refuseUnknown(where, unknown) {
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw new TypeError(`${where}: there is no option ${name}`);
}

function wholeNumber(name, value) {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError(`${name}: expected a whole number from 0`);
}

/** `1500`, `"8 days"`, `"90 minutes"`. */
function milliseconds(duration) {
  if (typeof duration === "number" && duration >= 0) return duration;
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?(ms|second|minute|hour|day|week)s?$/.exec(duration) ?? [];
  if (unit === undefined) throw new TypeError('duration: expected milliseconds, or text such as "8 days"');
  return Number(number) * UNIT_MS[unit];
}

const encoder = new TextEncoder();

/** What is sent, given to `fetch` as a URL and what goes with it. */
function requestOf(url, init = {}) {
  const { method = "GET", headers, body } = init;
  const pairs = typeof headers?.entries === "function" ? [...headers.entries()] : Object.entries(headers ?? {});
  const named = {};
  for (const [name, value] of pairs) named[name.toLowerCase()] = String(value);
  const text = body === undefined || body === null ? undefined : String(body);
  return {
    url: String(url),
    method,
    headers: named,
    body: text,
    bytes: encoder.encode(text),
    get signal() {
      return init.signal;
    },
  };
}

/** What is sent, given to `fetch` as a `Request`. */
async function readRequest(given, init) {
  const request = init === undefined ? given : new Request(given, init);
  const { url, method, signal } = request;
  const bytes = new Uint8Array(await request.arrayBuffer());
  const body = bytes.length === 0 ? undefined : new TextDecoder().decode(bytes);
  return { url, method, headers: Object.fromEntries(request.headers), body, bytes, signal };
}

/** A response as the module writes it. */
function parse(written) {
  const end = written.indexOf("\n\n");
  const [status, ...lines] = written.slice(0, end).split("\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1)];
  });
  return { status: Number(status), headers, text: written.slice(end + 2) };
}

/** A response of these statuses has no body, which `Response` checks. */
const hasBody = (status) => status !== 204 && status !== 205 && status !== 304;

/** What `fetch` rejects with where a connection breaks, as Node's does. */
function connectionLost() {
  const cause = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
  return new TypeError("fetch failed", { cause });
}

const reasonOf = (signal) => signal.reason ?? new DOMException("This operation was aborted", "AbortError");

/** A body that breaks off after these bytes. */
function broken(bytes) {
  let isSent = false;
  return new ReadableStream({
    pull(controller) {
      if (isSent) controller.error(new TypeError("terminated", { cause: connectionLost().cause }));
      else controller.enqueue(bytes);
      isSent = true;
    },
  });
}

/** Answers a route of Playwright's. */
async function fulfill(route, fetch) {
  const request = route.request();
  const body = request.postData() ?? undefined;
  let response;
  try {
    response = await fetch(request.url(), { method: request.method(), headers: request.headers(), body });
    return await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() });
  } catch {
    return route.abort("connectionreset");
  }
}
