// One call's contact with the host, without the module: `connect` gets a callback that keeps the reports.
import assert from "node:assert/strict";
import { afterEach, describe, it, mock } from "node:test";
import fc from "fast-check";
import { isPage, randomUuid } from "../../src/js/environment.js";
import { Failure, errorOf } from "../../src/js/errors.js";
import * as exchange from "../../src/js/exchange.js";
import { Host } from "../../src/js/host.js";
import { protect } from "../../src/js/methods.js";
import { encode } from "../../src/js/shape.js";
import { isPostpone, nameOf } from "../../src/js/untrusted.js";
import { types } from "./tables.mjs";

/** As `Ending` in src/transport.rs. */
const ENDINGS = ["none", "answered", "timed_out", "aborted", "no_token", "unreachable", "broken_off", "not_a_response", "too_large", "waited"];
const ABORTED = ENDINGS.indexOf("aborted");

let reports = [];
exchange.connect((slot, ending, status) => reports.push({ slot, ending: ENDINGS[ending], status }), ENDINGS);

/** The exchange of a call to this `fetch`; `open` closes it after the test. */
const opened = [];
function open(fetch, { options = {}, signal, timeoutMs = Infinity, body, key } = {}) {
  reports = [];
  const host = new Host({ accessToken: "key", fetch, ...options }, "https://api.example.com/v0", options.headers);
  const callOptions = signal && { signal };
  const one = new exchange.Exchange(host, 7, "getCustomer", "GET", "/1", body, key, callOptions, undefined, timeoutMs);
  opened.push(one);
  return one;
}

afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

/** How an attempt ends that gets this response. */
async function attempt(response, settings) {
  const one = open(async () => response, settings);
  await one.send();
  return { one, reports: reports.map(({ ending, status }) => `${ending} ${status}`) };
}

/** A test double of a response. */
function double(members = {}) {
  const plain = { status: 200, headers: {}, text: async () => "{}" };
  // Getters stay getters.
  return Object.defineProperties(plain, Object.getOwnPropertyDescriptors(members));
}

const thrown = new Error("mine");
const fail = () => {
  throw thrown;
};

/** Defines globals for as long as an act lasts. */
function withGlobals(values, act) {
  const before = Object.keys(values).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  try {
    return act();
  } finally {
    for (const [name, descriptor] of before) {
      delete globalThis[name];
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    }
  }
}

describe("encode", () => {
  it("leaves alone what RFC 3986 leaves alone, and nothing else of ASCII", () => {
    const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
    assert.equal(
      [...ascii].filter((mark) => encode("", mark) === mark).join(""),
      "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~",
    );
    assert.equal(encode("?last_name=", "+1 202*é,/"), "?last_name=%2B1%20202%2A%C3%A9%2C%2F");
  });

  it("loses nothing and lets nothing special through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.equal(decodeURIComponent(encode("", text)), text);
        assert.match(encode("", text), /^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives nothing for what has no UTF-8 form, and throws nothing", () => {
    for (const value of ["\ud834", "x\udd1e", "\udd1e\ud834", Symbol("s"), { toString: fail }, Object.create(null)]) {
      assert.equal(encode("/", value), undefined);
    }
    for (const [value, text] of [["\ud834\udd1e", "%F0%9D%84%9E"], [true, "true"], [25, "25"]]) assert.equal(encode("/", value), `/${text}`);
  });
});

describe("a request", () => {
  it("has the headers of the client, the call and the attempt, and only what fetch needs", async () => {
    let url;
    let init;
    const one = open(async (...args) => ([url, init] = args), { options: { headers: { "x-a": "1" } }, body: "{}", key: "k" });
    await one.send();
    assert.equal(url, "https://api.example.com/v0/customers/1");
    assert.deepEqual(init.headers, {
      accept: "application/json, application/problem+json",
      "x-a": "1",
      authorization: "Bearer key",
      "content-type": "application/json",
      "idempotency-key": "k",
    });
    assert.deepEqual(Object.keys(init), ["method", "headers", "body", "signal", "redirect", "cache"]);
    // Next.js 14 would keep the response, and give it to the same request again.
    assert.deepEqual([init.method, init.body, init.redirect, init.cache], ["GET", "{}", "manual", "no-store"]);
    assert.equal(init instanceof Object, false);
    // A fetch of the caller's may hand on a copy.
    const { signal } = init;
    assert.equal(signal instanceof AbortSignal, true);
    assert.equal({ ...init }.signal, signal);
  });

  it("makes the signal of fetch when it is asked for, and aborts it when the call ends", async () => {
    let signal;
    const one = open((_url, init) => new Promise(() => ({ signal } = init)));
    one.send();
    assert.equal(signal.aborted, false);
    one.end(ABORTED);
    assert.equal(signal.aborted, true);
    assert.deepEqual(reports, [{ slot: 7, ending: "aborted", status: 0 }]);
    const late = open(() => undefined);
    late.end(ABORTED);
    assert.equal(late.controller, undefined);
    assert.equal(late.abortSignal.aborted, true);
  });

  it("in a page sends no cookie and no referrer, and keeps nothing in a cache", async () => {
    let init;
    const one = withGlobals({ document: {} }, () => open(async (_url, given) => void (init = given)));
    await one.send();
    const { cache, credentials, referrerPolicy } = init;
    assert.deepEqual({ cache, credentials, referrerPolicy }, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
  });

  it("goes through an object that has a fetch method, which keeps its object", async () => {
    const service = { calls: 0, async fetch() { this.calls += 1; return double(); } };
    const one = open(service);
    await one.send();
    assert.equal(service.calls, 1);
  });

  it("that fetch throws for or rejects is unreachable, with what was thrown", async () => {
    for (const fetch of [fail, async () => fail()]) {
      const one = open(fetch);
      await one.send();
      assert.deepEqual(reports, [{ slot: 7, ending: "unreachable", status: 0 }]);
      assert.equal(one.error, thrown);
    }
  });
});

describe("a response", () => {
  for (const [what, response, ending] of [
    ["a Response", new Response("{}"), "answered 200"],
    ["Response.error(), whose status is 0", Response.error(), "not_a_response 0"],
    ["a redirect that a browser hides", double({ status: 0, type: "opaqueredirect" }), "answered 302"],
    ["a double that has only json", { status: 404, json: async () => ({}) }, "answered 404"],
    ["a double with any status of three digits", double({ status: 999 }), "answered 999"],
    ["a status that is none", double({ status: 1000 }), "not_a_response 0"],
    ["a status of 0", double({ status: 0 }), "not_a_response 0"],
    ["a negative status", double({ status: -1 }), "not_a_response 0"],
    ["a fraction as the status", double({ status: 200.5 }), "not_a_response 0"],
    ["a text as the status", double({ status: "200" }), "not_a_response 0"],
    ["no status", double({ status: undefined }), "not_a_response 0"],
    ["a status that throws", double({ get status() { return fail(); } }), "not_a_response 0"],
    ["no way to read a body", { status: 200, headers: {} }, "not_a_response 0"],
    ["nothing", undefined, "not_a_response 0"],
    ["null", null, "not_a_response 0"],
    ["a text", "a text", "not_a_response 0"],
  ]) {
    it(`is ${ending} for ${what}`, async () => assert.deepEqual((await attempt(response)).reports, [ending]));
  }

  it("has a body that is parsed where it is JSON, else its text", async () => {
    for (const [response, body, isJson] of [
      [new Response('{"a":1}'), { a: 1 }, true],
      [new Response("null"), null, true],
      [new Response("<p>"), "<p>", false],
      [new Response(""), "", false],
      [new Response(null, { status: 204 }), "", false],
      [double({ text: () => "5" }), 5, true],
      [{ status: 200, json: async () => ({ a: 1 }) }, { a: 1 }, true],
      [{ status: 200, json: () => "text" }, "text", true],
    ]) {
      const { one } = await attempt(response);
      assert.deepEqual([one.body, one.isJson], [body, isJson]);
    }
  });

  it("that is an error is parsed up to 1 MiB, a success whatever its length", async () => {
    const text = (length) => JSON.stringify("x".repeat(length - 2));
    const limit = 1024 * 1024;
    for (const [status, length, isJson] of [[400, limit, true], [400, limit + 1, false], [200, limit + 1, true]]) {
      assert.equal((await attempt(double({ status, text: async () => text(length) }))).one.isJson, isJson, `${status} ${length}`);
    }
  });

  it("says whether it has the required fields, only of JSON", async () => {
    for (const [text, expected] of [['{"id":"1","status":"ACTIVE"}', true], ['{"id":"1"}', false], ["text", false]]) {
      assert.equal((await attempt(new Response(text))).one.hasRequired(types.Customer), expected);
    }
    const { one } = await attempt(double({ text: async () => ({ id: "1", status: "ACTIVE" }) }));
    assert.equal(one.hasRequired(types.Customer), false, "a double's text that is no string");
  });

  const parts = {
    "its status": { get status() { return fail(); } },
    "its type": { status: 0, get type() { return fail(); } },
    "its text": { get text() { return fail(); } },
    "reading its text": { text: fail },
    "the promise of its text": { text: async () => fail() },
    "its json": { text: undefined, get json() { return fail(); } },
    "reading its json": { text: undefined, json: fail },
    "its body": { get body() { return fail(); } },
    "the reader of its body": { body: { getReader: fail } },
    "reading its body": { body: { getReader: () => ({ read: fail }) } },
    "a chunk of its body": { body: { getReader: () => ({ read: async () => ({ get value() { return fail(); } }) }) } },
    "its headers": { get headers() { return fail(); } },
    "a header": { headers: { get: fail } },
    "the headers' entries": { headers: { [Symbol.iterator]: fail } },
    "the headers' members": { headers: new Proxy({}, { ownKeys: fail, get: fail }) },
    "what a header is": { headers: { get: () => ({ toString: fail }) } },
  };
  for (const [what, members] of Object.entries(parts)) {
    it(`whose part throws is reported once, and no method throws: ${what}`, async () => {
      const settings = { options: { maxResponseBytes: 100 } };
      const { one, reports: [ending, ...others] } = await attempt(double(members), settings);
      assert.match(ending, /^(answered 200|broken_off (0|200)|not_a_response 0)$/);
      assert.deepEqual(others, []);
      assert.equal(one.header("retry-after"), null);
      assert.equal(one.requestId, undefined);
      assert.equal(typeof one.headersObject, "object");
      assert.equal(one.responseEvent({}, 1, 1, 1, 0).ended, "answered");
      one.succeedWithInfo(1);
      assert.equal(typeof (await one.promise).headers, "object");
    });
  }
});

describe("the size of a body", () => {
  const LIMIT = { options: { maxResponseBytes: 10 } };
  const fits = JSON.stringify("x".repeat(8));
  const isLarger = JSON.stringify("x".repeat(9));
  // 7 characters, 12 bytes: only who counts bytes finds it too large.
  const manyBytes = JSON.stringify("é".repeat(5));
  /** A double that can be read in pieces only. */
  const streamed = (text, members) => {
    const stream = new Response(text).body;
    return { status: 200, headers: {}, text: fail, body: { getReader: () => Object.assign(stream.getReader(), members) } };
  };
  const responseOf = (text, headers) => new Response(text, { headers });
  const typed = (text, type, headers) => Object.defineProperty(responseOf(text, headers), "type", { value: type });
  // `text` is not called where the header alone decides.
  const unread = (text, headers) => Object.assign(responseOf(text, headers), { text: fail });

  for (const [what, response, ending] of [
    ["a body at the limit", responseOf(fits), "answered 200"],
    ["a body over the limit", responseOf(isLarger), "too_large 200"],
    ["a content-length over the limit, unread", unread(isLarger, { "content-length": "11" }), "too_large 200"],
    ["a content-length at the limit", responseOf(fits, { "content-length": "10" }), "answered 200"],
    ["a content-length that is no number", responseOf(manyBytes, { "content-length": "x" }), "too_large 200"],
    ["a content-length of compressed bytes", responseOf(manyBytes, { "content-length": "5", "content-encoding": "gzip" }), "too_large 200"],
    ["a content-length across origins", typed(manyBytes, "cors", { "content-length": "5" }), "too_large 200"],
    ["a content-length across origins that is larger", typed(fits, "cors", { "content-length": "1000" }), "answered 200"],
    ["a double's content-length", double({ headers: { "content-length": "1000" }, text: async () => fits }), "answered 200"],
    ["a double's text over the limit", double({ text: async () => isLarger }), "too_large 200"],
    ["a double's stream at the limit", streamed(fits), "answered 200"],
    ["a double's stream over the limit", streamed(isLarger), "too_large 200"],
    ["a stream whose cancel rejects", streamed(isLarger, { cancel: async () => fail() }), "too_large 200"],
    ["a stream whose cancel throws", streamed(isLarger, { cancel: fail }), "too_large 200"],
    ["a stream whose cancel gives no promise", streamed(isLarger, { cancel() {} }), "too_large 200"],
  ]) {
    it(`counts what arrives: ${what}`, async () => assert.deepEqual((await attempt(response, LIMIT)).reports, [ending]));
  }

  it("counts bytes and not characters while it reads", async () => {
    for (const [maxResponseBytes, ending] of [[11, "too_large 200"], [12, "answered 200"]]) {
      assert.deepEqual((await attempt(responseOf(manyBytes), { options: { maxResponseBytes } })).reports, [ending]);
    }
  });

  it("joins characters whose bytes arrive in pieces", async () => {
    const bytes = new TextEncoder().encode('"é😀"');
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    assert.equal((await attempt(new Response(body))).one.body, "é😀");
  });

  it("has no limit of Infinity", async () => {
    const { reports } = await attempt(streamed(isLarger, {}), { options: { maxResponseBytes: Infinity } });
    assert.deepEqual(reports, ["broken_off 200"], "its text is read at once, which throws here");
  });

  it("is not read any further once the call has ended", async () => {
    let reads = 0;
    const body = { getReader: () => ({ async read() { reads += 1; one.closed = true; return { value: Uint8Array.of(32) }; }, async cancel() {} }) };
    const one = open(async () => double({ body }));
    await one.send();
    assert.equal(reads, 1);
    assert.deepEqual(reports, []);
  });
});

describe("the headers of a response", () => {
  const cookies = new Headers([["Set-Cookie", "a=1"], ["set-cookie", "b=2"], ["X-Request-Id", "r"]]);
  for (const [what, headers, expected] of [
    ["a Headers", new Headers({ "X-A": "1" }), { "x-a": "1" }],
    ["several set-cookie headers", cookies, { "set-cookie": "a=1\nb=2", "x-request-id": "r" }],
    ["a plain object", { "X-A": "1", "x-b": 2 }, { "x-a": "1", "x-b": "2" }],
    ["a Map", new Map([["X-A", "1"]]), { "x-a": "1" }],
    ["an array of pairs", [["X-A", "1"]], { "x-a": "1" }],
    ["an array that is none from its second pair on", [["X-A", "1"], 5], { "x-a": "1" }],
    ["none", undefined, {}],
    ["null", null, {}],
    ["a number", 5, {}],
    ["a header called __proto__", JSON.parse('{"__proto__":"v"}'), JSON.parse('{"__proto__":"v"}')],
  ]) {
    it(`are a plain object with names in lower case: ${what}`, async () => {
      assert.deepEqual((await attempt(double({ headers }))).one.headersObject, expected);
    });
  }

  it("are read by name, from a get or from a plain object", async () => {
    for (const headers of [new Headers({ "retry-after": "5" }), { "Retry-After": "5" }, new Map([["retry-after", "5"]])]) {
      const { one } = await attempt(double({ headers }));
      assert.equal(one.header("retry-after"), "5");
      assert.equal(one.safeHeaders.get("retry-after"), "5");
      assert.equal(one.header("content-type"), null);
    }
  });

  it("give null for a value that is no text, and where get throws", async () => {
    for (const get of [() => 5, () => undefined, () => null, fail]) {
      assert.equal((await attempt(double({ headers: { get } }))).one.header("retry-after"), null);
    }
  });

  it("have nothing of a polluted Object.prototype", async () => {
    Object.prototype["x-request-id"] = "polluted";
    try {
      for (const headers of [{}, undefined, new Headers()]) {
        const { one } = await attempt(double({ headers }));
        assert.equal(one.header("x-request-id"), null);
        assert.equal(one.requestId, undefined);
      }
    } finally {
      delete Object.prototype["x-request-id"];
    }
  });

  it("hold the request's id under either name", async () => {
    for (const [headers, id] of [[{ "x-request-id": "a", "request-id": "b" }, "a"], [{ "request-id": "b" }, "b"], [{}, undefined]]) {
      assert.equal((await attempt(double({ headers }))).one.requestId, id);
    }
  });

  it("of the info are copied when they are read, once", async () => {
    let reads = 0;
    const { one } = await attempt(double({ get headers() { reads += 1; return { "x-a": "1" }; } }));
    one.succeedWithInfo(2);
    const info = await one.promise;
    const before = reads;
    assert.deepEqual(info.headers, { "x-a": "1" });
    assert.equal(info.headers, info.headers);
    assert.equal(reads, before + 1);
    assert.deepEqual([info.status, info.attempts, "requestId" in info, "idempotencyKey" in info], [200, 2, false, false]);
  });
});

describe("a call that is over", () => {
  it("reports nothing any more and leaves no timer", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const one = open(() => undefined, { timeoutMs: 5 });
      one.wait(5);
      one.close();
      mock.timers.tick(10);
      one.report(1);
      one.end(ABORTED);
      assert.deepEqual(reports, []);
      const other = open(() => undefined, { timeoutMs: 5 });
      mock.timers.tick(10);
      assert.deepEqual(reports, [{ slot: 7, ending: "timed_out", status: 0 }]);
      other.close();
    } finally {
      mock.timers.reset();
    }
  });

  it("has one listener on a signal with the other calls of it, and the last one takes it away", () => {
    const { signal } = new AbortController();
    const added = mock.method(signal, "addEventListener");
    const removed = mock.method(signal, "removeEventListener");
    const calls = Array.from({ length: 20 }, () => open(() => undefined, { signal }));
    assert.equal(added.mock.callCount(), 1);
    calls.slice(1).forEach((one) => one.close());
    assert.equal(removed.mock.callCount(), 0);
    calls[0].close();
    assert.equal(removed.mock.callCount(), 1);
    assert.deepEqual(removed.mock.calls[0].arguments, added.mock.calls[0].arguments.slice(0, 2));
  });

  it("by its signal is reported for each call that listens", () => {
    const controller = new AbortController();
    const calls = [1, 2, 3].map(() => open(() => undefined, { signal: controller.signal }));
    controller.abort("mine");
    assert.deepEqual(reports.map(({ ending }) => ending), ["aborted", "aborted", "aborted"]);
    assert.equal(calls[0].reason, "mine");
    assert.equal(calls[0].isAborted, true);
  });

  it("is ended if it is long overdue, once there are many in flight, as those of a Worker's request that is gone", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const clock = mock.method(performance, "now", () => 0);
    try {
      const lost = open(() => undefined, { timeoutMs: 5 });
      for (let count = 0; count < 1_000; count += 1) open(() => undefined, { timeoutMs: 100_000 });
      assert.deepEqual(reports, [], "it is not overdue");
      clock.mock.mockImplementation(() => 2_000);
      for (let count = 0; count < 2_000; count += 1) open(() => undefined);
      assert.equal(lost.closed, true);
      assert.equal(opened.filter(({ closed }) => closed).length, 1);
    } finally {
      clock.mock.restore();
      mock.timers.reset();
    }
  });

  it("does not throw where a signal throws on the way out", () => {
    const signal = { aborted: false, addEventListener() {}, removeEventListener: fail, get reason() { return fail(); } };
    const one = open(() => undefined, { signal });
    one.close();
    assert.equal(one.reason, undefined);
  });
});

describe("a callback of the caller's", () => {
  const callbacks = [fail, async () => fail(), () => ({ then: fail }), () => ({ get then() { return fail(); } }), () => null];
  it("that throws or rejects is not the call's failure: hook, drift and logger", async () => {
    const unhandled = mock.fn();
    process.on("unhandledRejection", unhandled);
    for (const callback of callbacks) {
      const options = { onRequest: callback, onSchemaDrift: callback, logger: { warn: callback } };
      const one = open(() => undefined, { options });
      one.observe(0, {});
      one.host.reportDrift({});
      one.host.log("warn", "words", {});
      one.host.log("error", "no such method", {});
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off("unhandledRejection", unhandled);
    assert.equal(unhandled.mock.callCount(), 0);
  });

  it("that is a logger's method gets the line and keeps its object", () => {
    const logger = { lines: [], warn(...args) { this.lines.push(args); } };
    open(() => undefined, { options: { logger } }).host.log("warn", "words", { a: 1 });
    assert.deepEqual(logger.lines, [["synctera-customers: words", { a: 1 }]]);
  });

  it("for a token is asked, and what it gives or throws is kept", async () => {
    for (const [accessToken, ok, token, error] of [
      [() => "fresh", true, "fresh", undefined],
      [async () => "fresh", true, "fresh", undefined],
      [fail, false, accessTokenOf, thrown],
      [async () => fail(), false, accessTokenOf, thrown],
    ]) {
      const one = open(() => undefined, { options: { accessToken } });
      assert.equal(await one.requestToken(), ok);
      assert.equal(one.token, token === accessTokenOf ? accessToken : token);
      assert.equal(one.error, error);
    }
  });
  const accessTokenOf = Symbol("the function itself");
});

describe("isPage", () => {
  const worker = { importScripts() {} };
  for (const [where, globals, expected] of [
    ["Node", {}, false],
    ["a page", { document: {} }, true],
    ["a WebView with its own user agent", { document: {}, navigator: { userAgent: "MyApp/1.0" } }, true],
    ["a worker of a page", worker, true],
    ["React Native", { navigator: { product: "ReactNative" } }, true],
    ["a runtime that calls itself Mozilla", { navigator: { userAgent: "Mozilla/5.0 Bun" } }, false],
    ["a worker of Deno", { ...worker, Deno: {} }, false],
    ["Cloudflare Workers", { ...worker, navigator: { userAgent: "Cloudflare-Workers" } }, false],
  ]) {
    it(`is ${expected} in ${where}`, () => assert.equal(withGlobals(globals, isPage), expected));
  }
});

describe("randomUuid", () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  it("gives a version 4 UUID, a new one each time, also where the host has no function for one", () => {
    const { crypto } = globalThis;
    for (const source of [crypto, { getRandomValues: (bytes) => crypto.getRandomValues(bytes) }]) {
      const made = withGlobals({ crypto: source }, () => Array.from({ length: 100 }, () => randomUuid()));
      for (const uuid of made) assert.match(uuid, UUID);
      assert.equal(new Set(made).size, made.length);
    }
  });

  it("throws where the host has no source of random values", () => {
    for (const crypto of [undefined, {}]) assert.throws(() => withGlobals({ crypto }, randomUuid));
  });
});

describe("a thrown value", () => {
  it("gives its name, and nothing where that throws", () => {
    for (const [value, name] of [[new TypeError("x"), "TypeError"], [{}, undefined], [null, undefined], ["x", undefined], [{ get name() { return fail(); } }, undefined]]) {
      assert.equal(nameOf(value), name);
    }
  });

  it("is how React postpones if it says so", () => {
    const postpone = { $$typeof: Symbol.for("react.postpone") };
    for (const [value, expected] of [[postpone, true], [{ $$typeof: Symbol.for("react.element") }, false], [undefined, false], [{ get $$typeof() { return fail(); } }, false]]) {
      assert.equal(isPostpone(value), expected);
    }
  });
});

describe("what callers use instead of the exported class", () => {
  class Core {
    __wbg_ptr = 1;
    constructor(options) {
      if (options === "unfit") throw new Failure("ValidationError", "unfit", {}, {});
    }
    async getCustomer(id) {
      return [this.constructor.name, id];
    }
    async listCustomersWithHttpInfo() {
      return "info";
    }
    free() {
      this.__wbg_ptr = 0;
    }
    // As the glue does after `free()`.
    patchCustomer() {
      throw new Error("null pointer passed to rust");
    }
  }
  const CustomersApi = protect(Core);

  it("has its name, its methods and theirs", async () => {
    assert.equal(CustomersApi.name, "CustomersApi");
    assert.deepEqual(await new CustomersApi().getCustomer("1"), ["CustomersApi", "1"]);
    assert.equal(await new CustomersApi().listCustomersWithHttpInfo(), "info");
    assert.equal(CustomersApi.prototype.getCustomer.name, "getCustomer");
    assert.deepEqual(Object.keys(CustomersApi.prototype), []);
  });

  it("has every method that the module exports", async () => {
    const { Core, CustomersApi } = await import("../../pkg/dist/core.js");
    const own = (prototype) => Object.getOwnPropertyNames(prototype).filter((name) => !/^(constructor|free|__.*)$/.test(name));
    assert.deepEqual(own(CustomersApi.prototype).sort(), own(Core.prototype).sort());
  });

  it("throws the error of a failure from the constructor", () => {
    assert.throws(() => new CustomersApi("unfit"), { name: "ValidationError", message: "unfit" });
  });

  it("may be derived from", async () => {
    class Mine extends CustomersApi {
      getCustomer(id) {
        return super.getCustomer(`${id}!`);
      }
    }
    assert.deepEqual(await new Mine().getCustomer("1"), ["Mine", "1!"]);
  });

  it("rejects a method without its client, and says how to call it", async () => {
    const { getCustomer } = new CustomersApi();
    for (const call of [() => getCustomer("1"), () => Promise.all(["1"].map(getCustomer)), () => getCustomer.call({}, "1")]) {
      await assert.rejects(call(), {
        name: "ValidationError",
        argument: "this",
        outcome: "not_sent",
        message: "getCustomer: called without its client, expected a client: call it as api.getCustomer(…), or hand on (…args) => api.getCustomer(…args). Nothing was sent.",
      });
    }
  });

  it("rejects where a method throws after free(), and no other call is affected", async () => {
    const other = open(() => undefined);
    const api = new CustomersApi();
    api.free();
    await assert.rejects(api.patchCustomer("1"), { name: "SyncteraError", outcome: "not_sent", message: /used after free\(\)\.$/ });
    assert.deepEqual(await api.getCustomer("1"), ["CustomersApi", "1"]);
    assert.equal(other.closed, false);
  });
});
