// What an error says: its words, its properties, and what may be shown of what the host threw.
import assert from "node:assert/strict";
import { before, describe, it, mock } from "node:test";
import { BASE, CustomersApi, ID, TOKEN, errorOf, failure, respond, stub } from "./client.mjs";

const get = (api, options) => api.getCustomer(ID, options);
const create = (api, options) => api.createCustomer({ status: "ACTIVE" }, options);
const fail = (error) => () => {
  throw error;
};
/** A socket's failure, as Node's `fetch` throws it. */
const failed = (code) => new TypeError("fetch failed", { cause: Object.assign(new Error(`connect ${code}`), { code }) });

// So that no retry waits.
before(() => mock.method(Math, "random", () => 0));

const SAFE = "It is safe to repeat.";
const SAME_KEY = "Whether it was done is unknown: repeat with the same idempotency key (error.idempotencyKey).";
const BROKEN = { status: 200, headers: {}, text: fail(new TypeError("terminated")) };

describe("the message", () => {
  const quoting = {
    code: "BAD_REQUEST_BODY",
    detail: "ottoline.quay@example.com is no e-mail",
    missing: ["first_name", "legal_address.city"],
    invalid: { ssn: "987654329", "ottoline.quay@example.com": "x" },
    immutable: ["Ottoline"],
  };
  for (const [what, call, answer, kind, outcome, words] of [
    [
      "of an API error names the code and the fields, and says what to do",
      create, () => respond(400, quoting), "ApiError", "rejected",
      "createCustomer failed: 400 BAD_REQUEST_BODY; missing: first_name, legal_address.city; invalid: ssn, 1 more; immutable: 1 more. Correct the request.",
    ],
    [
      "of an API error says that its body is empty",
      get, () => respond(502, " \n"), "ApiError", "unknown", `getCustomer failed: 502, with an empty body. ${SAFE}`,
    ],
    [
      "of an API error says that its body is not JSON",
      get, () => respond(502, "<html>"), "ApiError", "unknown", `getCustomer failed: 502, with a body that is not JSON. ${SAFE}`,
    ],
    [
      "of an API error says that its body is JSON of another kind",
      get, () => respond(502, { error: "old" }), "ApiError", "unknown", `getCustomer failed: 502, with JSON that is no problem report. ${SAFE}`,
    ],
    [
      "of an API error does not repeat a code that looks like data",
      get, () => respond(400, { code: "Ottoline Quay" }), "ApiError", "rejected", "getCustomer failed: 400. Correct the request.",
    ],
    [
      "of a redirect says that none is followed",
      get, () => new Response(null, { status: 302 }), "ApiError", "unknown",
      "getCustomer failed: 302, with an empty body. A redirect is not followed: check baseUrl.",
    ],
    [
      "of a 304 does not call it a redirect",
      get, () => new Response(null, { status: 304 }), "ApiError", "unknown",
      "getCustomer failed: 304, with an empty body. The client sends no conditions: something between here and the API keeps responses.",
    ],
    [
      "of a call without a response names the server and counts the attempts",
      create, fail(new TypeError("fetch failed")), "ConnectionError", "unknown",
      `createCustomer: no response from ${BASE} after 1 attempt. ${SAME_KEY}`,
    ],
    [
      "of a response that broke off says so",
      get, () => BROKEN, "ConnectionError", "unknown", `getCustomer: the response broke off on its way from ${BASE} after 1 attempt. ${SAFE}`,
    ],
    [
      "of something that is no response says so",
      get, () => "a text", "ConnectionError", "unknown",
      `getCustomer: fetch returned something that is not a response, for ${BASE} after 1 attempt. ${SAFE}`,
    ],
    [
      "of Response.error() says so",
      get, () => Response.error(), "ConnectionError", "unknown",
      `getCustomer: fetch returned something that is not a response, for ${BASE} after 1 attempt. ${SAFE}`,
    ],
    [
      "of a certificate that is refused says so",
      get, fail(failed("CERT_HAS_EXPIRED")), "ConnectionError", "not_sent",
      `getCustomer: the certificate is not trusted of ${BASE} after 1 attempt. Nothing was sent.`,
    ],
    [
      "of a fetch without its object says how to hand it over",
      get, fail(new TypeError("Illegal invocation")), "ConnectionError", "not_sent",
      "getCustomer: fetch was called without its object (Illegal invocation): give the object itself, or (url, init) => object.fetch(url, init); " +
        `nothing could be sent to ${BASE} after 1 attempt. Nothing was sent.`,
    ],
    ...[
      [() => respond(201, '{"id":', { "content-type": "application/json" }), "is malformed JSON"],
      [() => ({ status: 201, headers: {}, text: async () => '{"id":' }), "is malformed JSON"],
      [() => respond(201, "<p>", { "content-type": "text/html" }), "is not JSON (something between here and the API?)"],
      [() => new Response("", { status: 201 }), "is empty"],
      [() => respond(201, {}), "lacks what the contract requires: id: missing, expected string"],
      [() => respond(201, { id: ID, customers: [] }), "lacks what the contract requires: status: missing, expected string"],
      [() => respond(201, []), "lacks what the contract requires: the body: array, expected object"],
    ].map(([answer, words]) => [
      `of a success of no use says that its body ${words}`,
      create, answer, "DecodeError", "unknown", `createCustomer: the server answered 201, but its body ${words}. ${SAME_KEY}`,
    ]),
  ]) {
    it(what, async () => {
      const error = await failure(call, {}, answer);
      assert.equal(error.message, words);
      assert.deepEqual([error.name, error.outcome, error.attempts, error.operation], [kind, outcome, 1, call === get ? "getCustomer" : "createCustomer"]);
    });
  }

  for (const [answer, problem] of [
    [() => respond(200, "{", { "content-type": "application/problem+json; charset=utf-8" }), "malformed_json"],
    [() => respond(200, "<p>", { "content-type": "text/html" }), "not_json"],
    [() => respond(200, "  "), "empty_body"],
    [() => respond(200, "[]"), "unexpected_shape"],
    [() => respond(200, "null"), "unexpected_shape"],
  ]) {
    it(`of a success of no use stands by its error's problem ${problem}`, async () => {
      const error = await failure(get, {}, answer);
      assert.deepEqual([error.name, error.problem, error.status], ["DecodeError", problem, 200]);
    });
  }

  it("of a body that is too large names the option", async () => {
    const error = await failure(create, { maxResponseBytes: 10 }, () => respond(200, "x".repeat(11)));
    assert.equal(error.message, `createCustomer: the server answered 200, but its body is larger than maxResponseBytes. Raise maxResponseBytes, and read the customer to see what was done.`);
    assert.deepEqual([error.name, error.problem, error.status, error.body], ["DecodeError", "too_large", 200, undefined]);
  });

  it("counts all attempts", async () => {
    const error = await failure(get, { maxRetries: 2 }, () => BROKEN);
    assert.equal(error.message, `getCustomer: the response broke off on its way from ${BASE} after 3 attempts. ${SAFE}`);
    assert.equal(error.attempts, 3);
  });

  it("of a timeout has the deadline, rounded down", async () => {
    for (const [timeoutMs, shown] of [[3, "3"], [0.5, "0"], [2.9, "2"]]) {
      const error = await failure(get, { timeoutMs }, () => new Promise(() => {}));
      assert.equal(error.message, `getCustomer: no result within ${shown} ms. ${SAFE}`);
      assert.deepEqual([error.name, error.timeoutMs, error.outcome], ["TimeoutError", timeoutMs, "unknown"]);
    }
  });

  it("of an abort is short, and the reason is redacted", async () => {
    for (const [isSent, advice] of [[false, "Nothing was sent."], [true, SAFE]]) {
      const controller = new AbortController();
      if (!isSent) controller.abort("canary");
      const { api } = stub({}, () => (controller.abort("canary"), new Promise(() => {})));
      const error = await errorOf(() => get(api, { signal: controller.signal }));
      assert.equal(error.message, `getCustomer: aborted by the caller. ${advice}`);
      assert.deepEqual([error.name, error.reason, error.unredacted().reason, "reason" in error.toJSON()], ["AbortError", "canary", "canary", false]);
    }
  });

  it("of a token function says what it should return, and does not repeat its failure", async () => {
    const expected = "expected a string of visible ASCII characters";
    for (const [accessToken, words, cause] of [
      [() => undefined, `returned missing, ${expected}`],
      [() => "", `returned an empty string, ${expected}`],
      [async () => "two words", `returned a string of 9 characters, ${expected}`],
      [fail(new Error("vault of Ottoline")), "failed (Error)", { name: "Error" }],
      [() => Promise.reject(failed("ECONNREFUSED")), "failed (TypeError ECONNREFUSED)", { name: "TypeError", code: "ECONNREFUSED" }],
    ]) {
      const error = await failure(get, { accessToken });
      assert.equal(error.message, `getCustomer: the accessToken function ${words}. Nothing was sent.`);
      assert.deepEqual([error.name, error.outcome, error.cause], ["TokenError", "not_sent", cause]);
    }
  });

  it("of a call without a response names what the network said", async () => {
    const message = (text) => new TypeError("error sending request", { cause: new Error(text) });
    for (const [thrown, words] of [
      [failed("ECONNREFUSED"), "connection refused by"],
      [message("tcp connect error: Connection refused (os error 111)"), "connection refused by"],
      [failed("ENOTFOUND"), "no address was found for the host of"],
      [message("dns error: failed to lookup address information"), "no address was found for the host of"],
      [failed("ECONNRESET"), "connection reset by"],
      [new TypeError("Load failed"), "no response from"],
    ]) {
      const error = await failure(get, {}, fail(thrown));
      assert.equal(error.message, `getCustomer: ${words} ${BASE} after 1 attempt. ${SAFE}`);
    }
  });
});

describe("the code of an API error", () => {
  const withCode = (code) => failure(get, {}, () => respond(400, { code, title: "T" }));

  it("is the error's own property if it looks like a code", async () => {
    for (const code of ["BAD_REQUEST", "A_CODE_OF_TOMORROW", "X".repeat(40)]) {
      const error = await withCode(code);
      assert.deepEqual([error.code, error.toJSON().code, error.unredacted().code], [code, code, code]);
      assert.ok(error.message.startsWith(`getCustomer failed: 400 ${code}. `));
    }
  });

  it("is redacted if it looks like anything else", async () => {
    for (const code of ["Ottoline Quay", "bad_request", "", "X".repeat(41), "CODE_2", "ACTIVE\n"]) {
      const error = await withCode(code);
      assert.deepEqual([error.code, error.unredacted().code, "code" in error.toJSON()], [code, code, false]);
      assert.ok(error.message.startsWith("getCustomer failed: 400. "), error.message);
    }
  });
});

describe("the wait that the server asks for", () => {
  const wait = async (headers, body = {}) => {
    const { retryAfterMs, retryAfter } = await failure(get, {}, () => respond(429, body, headers));
    return [retryAfterMs, retryAfter];
  };

  it("is given in milliseconds, and of an API error in seconds too", async () => {
    assert.deepEqual(await wait({}, { retry_after: 1.5 }), [1500, 1.5]);
    assert.deepEqual(await wait({ "retry-after": "7" }), [7000, 7]);
    assert.deepEqual(await wait({ "retry-after": "7" }, { retry_after: 2 }), [2000, 2], "the body is nearer to the API");
    assert.deepEqual(await wait({ "retry-after": "7" }, { retry_after: "2" }), [7000, 7]);
  });

  it("is left out where there is none", async () => {
    const error = await failure(get, {}, () => respond(429, {}, { "retry-after": "soon" }));
    assert.ok(!("retryAfter" in error) && !("retryAfterMs" in error));
  });
});

describe("the cause", () => {
  for (const [what, thrown, cause] of [
    ["a failed fetch", new TypeError("fetch failed"), { name: "TypeError" }],
    ["a refused connection", failed("ECONNREFUSED"), { name: "TypeError", code: "ECONNREFUSED" }],
    ["a code of the error's own", Object.assign(new Error("x"), { code: "UND_ERR_SOCKET" }), { name: "Error", code: "UND_ERR_SOCKET" }],
    ["a certificate", failed("CERT_HAS_EXPIRED"), { name: "TypeError", code: "CERT_HAS_EXPIRED" }],
    ["a DOMException", new DOMException("x", "NetworkError"), { name: "NetworkError" }],
    ["an unknown name", Object.assign(new Error("x"), { name: "OttolineError" }), { name: "object" }],
    ["an unknown code", failed("OTTOLINE"), { name: "TypeError" }],
    ["a token as the code", Object.assign(new Error("x"), { code: TOKEN }), { name: "Error" }],
    ["a text", "ottoline.quay@example.com", { name: "string" }],
    ["a number", 5, { name: "number" }],
    ["null", null, { name: "object" }],
    ["an object", { name: "canary", code: "canary" }, { name: "object" }],
    ["an object that cannot be read", new Proxy({}, { get: fail(new Error("no")), has: fail(new Error("no")) }), { name: "object" }],
  ]) {
    it(`shows of what fetch threw only a name and a code that are known: ${what}`, async () => {
      const error = await failure(get, {}, fail(thrown));
      assert.equal(error.name, "ConnectionError");
      assert.deepEqual(error.cause, cause);
      assert.equal(error.unredacted().cause, thrown);
    });
  }

  it("is left out where nothing was thrown", async () => {
    const error = await failure(get, {}, () => "a text");
    assert.equal("cause" in error, false);
    assert.equal((await failure(get, {}, fail(undefined))).cause, undefined);
  });
});

describe("a framework's control flow", () => {
  const flows = [
    { digest: "NEXT_REDIRECT;replace;/login;307;" },
    { digest: "NEXT_NOT_FOUND" },
    { digest: "DYNAMIC_SERVER_USAGE" },
    { digest: "BAILOUT_TO_CLIENT_SIDE_RENDERING" },
    { digest: "HANGING_PROMISE_REJECTION" },
    { $$typeof: Symbol.for("react.postpone") },
  ].map((members) => Object.assign(new Error("control flow"), members));

  it("passes through unchanged, from fetch, the token's function and the throttle, and is not retried", async () => {
    for (const flow of flows) {
      for (const options of [{}, { accessToken: fail(flow) }, { throttle: fail(flow) }]) {
        let attempts = 0;
        const error = await failure(get, { maxRetries: 2, ...options }, () => ((attempts += 1), fail(flow)()));
        assert.equal(error, flow);
        assert.ok(attempts <= 1);
      }
    }
  });

  it("is no other error with a digest", async () => {
    const error = await failure(get, {}, fail(Object.assign(new Error("x"), { digest: "2338" })));
    assert.equal(error.name, "ConnectionError");
  });
});

describe("an error", () => {
  it("has the key that was sent and the request's id where there are any", async () => {
    const answer = () => respond(500, {}, { "x-request-id": "r-1", "x-other": "o" });
    const error = await failure((api) => create(api, { idempotencyKey: "k" }), {}, answer);
    assert.deepEqual([error.idempotencyKey, error.requestId, error.headers["x-other"]], ["k", "r-1", "o"]);
    assert.deepEqual(["idempotencyKey" in error.toJSON(), error.toJSON().requestId, "headers" in error.toJSON()], [false, "r-1", false]);
    const other = await failure(get, {}, fail(new Error("x")));
    assert.deepEqual([other.idempotencyKey, other.requestId, other.headers], [undefined, undefined, undefined]);
  });

  it("of an earlier response keeps nothing of it once a later attempt got none", async () => {
    const error = await failure(get, { maxRetries: 1 }, (attempt) =>
      attempt === 1 ? respond(503, { title: "canary" }, { "x-request-id": "r-1" }) : fail(new TypeError("x"))(),
    );
    assert.deepEqual([error.name, error.attempts, error.requestId, error.body, error.headers, error.title], ["ConnectionError", 2, undefined, undefined, undefined, undefined]);
  });

  it("of the constructor has no operation, and says so", async () => {
    const error = await errorOf(() => new CustomersApi());
    assert.equal(error.message, "new CustomersApi: accessToken is missing. Is SYNCTERA_API_KEY set? Nothing was sent.");
    assert.equal("operation" in error, false);
  });

  it("has a stack that leads to the caller", async () => {
    for (const id of ["", ID]) {
      const error = await failure(async function theCaller(api) {
        await api.getCustomer(id);
      }, {}, () => respond(404, {}));
      assert.match(error.stack, /^ +at CustomersApi\.getCustomer [^]*theCaller/m);
      assert.doesNotMatch(error.stack, /wasm/);
    }
  });
});
