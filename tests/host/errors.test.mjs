// The words of errors, and what they hold.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Answer } from "../../src/host/answer.js";
import * as errors from "../../src/host/errors.js";
import { CREATE, GET } from "./host.mjs";

const { headersOf } = errors;

/** The errors themselves, which the client makes when the module has returned their descriptions. */
const broken = (...args) => errors.broken(...args).toError();
const failure = (...args) => errors.failure(...args).toError();
const invalid = (...args) => errors.invalid(...args).toError();
const refuse = (...args) => errors.refuse(...args).toError();

const NOT_SENT = 0;
const REJECTED = 1;
const UNKNOWN = 2;

/** A call that has come to its end. */
const call = (operation, more) => ({
  operation,
  idempotencyKey: operation === CREATE ? "k" : undefined,
  timeoutMs: 60_000,
  sender: { baseUrl: "https://api.example.com/v0" },
  ...more,
});

/** An answer with this status and body, parsed unless it is text. */
function answered(status, body, headers = {}) {
  const isJson = typeof body !== "string";
  return Object.assign(new Answer("answered"), { status, body, isJson, headers: new Headers(headers) });
}

const ended = (ending, error) => new Answer(ending, error);

describe("the message", () => {
  const quoting = {
    code: "BAD_REQUEST_BODY",
    detail: "ottoline.quay@example.com is no e-mail",
    missing: ["first_name", "legal_address.city"],
    invalid: { ssn: "987654329", "ottoline.quay@example.com": "x" },
    immutable: ["Ottoline"],
  };
  for (const [what, [operation, answer, attempts, advice], wanted] of [
    [
      "of an API error names code and fields, and says what to do",
      [CREATE, answered(400, quoting), 1, "Correct the request."],
      "createCustomer failed: 400 BAD_REQUEST_BODY; missing: first_name, legal_address.city; invalid: ssn, 1 more; " +
        "immutable: 1 more. Correct the request.",
    ],
    [
      "of an API error tells an empty body",
      [GET, answered(502, " \n"), 1, "It is safe to repeat."],
      "getCustomer failed: 502, with an empty body. It is safe to repeat.",
    ],
    [
      "of an API error tells a body that is not JSON",
      [GET, answered(502, "<html>"), 1, "It is safe to repeat."],
      "getCustomer failed: 502, with a body that is not JSON. It is safe to repeat.",
    ],
    [
      "of an API error tells JSON that is no problem",
      [GET, answered(502, { error: "old" }), 1, "It is safe to repeat."],
      "getCustomer failed: 502, with JSON that is no problem report. It is safe to repeat.",
    ],
    [
      "of an API error does not repeat a code that looks like data",
      [GET, answered(400, { code: "Ottoline Quay" }), 1, "See code and detail."],
      "getCustomer failed: 400. See code and detail.",
    ],
    [
      "of a call without an answer names the server and counts the attempts",
      [CREATE, ended("unreachable", new TypeError("x")), 1, "Repeat."],
      "createCustomer: no answer (in a browser, a missing CORS permission looks the same) from " +
        "https://api.example.com/v0 after 1 attempt. Repeat.",
    ],
    [
      "of an answer that broke off counts the attempts",
      [GET, ended("broken_off", new TypeError("x")), 3, "Repeat."],
      "getCustomer: the answer broke off on its way from https://api.example.com/v0 after 3 attempts. Repeat.",
    ],
    [
      "of something that is no response says so",
      [GET, ended("not_a_response"), 2, "Repeat."],
      "getCustomer: fetch gave something that is no response from https://api.example.com/v0 after 2 attempts. Repeat.",
    ],
    ["of a timeout has the limit", [GET, ended("timed_out"), 1, "Repeat."], "getCustomer: no result within 60000 ms. Repeat."],
    ["of an abort is short", [GET, ended("aborted", "x"), 1, "Nothing was sent."], "getCustomer: aborted by the caller. Nothing was sent."],
    [
      "of a token function that gave nothing says what it should give",
      [GET, ended("no_token"), 1, "Nothing was sent."],
      "getCustomer: accessToken: no usable token, expected its function to give a string of visible ASCII characters. " +
        "Nothing was sent.",
    ],
    [
      "of a token function that failed does not repeat its failure",
      [GET, ended("no_token", new Error("vault of Ottoline")), 1, "Nothing was sent."],
      "getCustomer: accessToken: a failure, expected its function to give a string of visible ASCII characters. " +
        "Nothing was sent.",
    ],
    ...[
      [answered(200, '{"id":'), "is malformed JSON"],
      [answered(200, "<p>", { "content-type": "text/html" }), "is not JSON (something between here and the API?)"],
      [answered(200, ""), "is empty"],
      [answered(200, {}), "has not the shape of the contract"],
      [Object.assign(answered(200, undefined), { ending: "too_large" }), "is larger than maxResponseBytes"],
    ].map(([answer, words]) => [
      `of a success of no use says that its body ${words}`,
      [CREATE, answer, 1, "Repeat."],
      `createCustomer: the server answered 200, but its body ${words}. Repeat.`,
    ]),
  ]) {
    it(what, () => {
      const error = failure(call(operation), answer, UNKNOWN, attempts, undefined, advice);
      assert.equal(error.message, wanted);
      assert.equal(error.attempts, attempts);
      assert.equal(error.outcome, "unknown");
    });
  }

  it("of a timeout rounds the limit down", () => {
    const error = failure(call(GET, { timeoutMs: 0.5 }), ended("timed_out"), NOT_SENT, 1, undefined, "Repeat.");
    assert.equal(error.message, "getCustomer: no result within 0 ms. Repeat.");
    assert.equal(error.timeoutMs, 0.5);
  });

  it("of an unfit argument has all that was found", () => {
    const issues = [
      { path: "params.limit", found: "string", expected: "a number" },
      { path: "params.id[0]", found: "number", expected: "the ids of customers" },
    ];
    const error = invalid(GET, issues);
    assert.equal(
      error.message,
      "getCustomer: params.limit: string, expected a number; params.id[0]: number, expected the ids of customers. " +
        "Nothing was sent.",
    );
    assert.equal(error.argument, "params");
    assert.match(refuse(undefined, "options", "missing", "an object").message, /^new CustomersApi: options: missing/);
  });

  it("of a failure of the module itself says where to look", () => {
    const cause = new Error("trap");
    const error = broken("createCustomer", cause, "k", "unknown");
    assert.match(error.message, /^createCustomer: synctera-customers itself failed.*with the same idempotency key\.$/);
    assert.equal(error.unredacted().cause, cause);
    assert.equal(error.idempotencyKey, "k");
    assert.match(broken("getCustomer", cause, undefined, "not_sent").message, /used after free\(\)\?$/);
  });
});

describe("the outcome", () => {
  it("is the word for the number that Rust gives", () => {
    const words = [NOT_SENT, REJECTED, UNKNOWN].map(
      (outcome) => failure(call(GET), ended("timed_out"), outcome, 1, undefined, "").outcome,
    );
    assert.deepEqual(words, ["not_sent", "rejected", "unknown"]);
  });
});

describe("the code of an API error", () => {
  const error = (code) => failure(call(GET), answered(400, { code }), REJECTED, 1, undefined, "");

  it("is the error's own property if it looks like a code", () => {
    for (const code of ["BAD_REQUEST", "A_CODE_OF_TOMORROW_2"]) {
      assert.equal(error(code).code, code);
      assert.equal(error(code).toJSON().code, code);
    }
  });

  it("is kept apart if it looks like anything else", () => {
    for (const code of ["Ottoline Quay", "bad_request", "", "X".repeat(65)]) {
      assert.equal(error(code).code, code);
      assert.ok(!("code" in error(code).toJSON()), code);
      assert.equal(error(code).unredacted().code, code);
    }
  });
});

describe("the wait that the server asks for", () => {
  it("is told in milliseconds, and of an answer in seconds too", () => {
    const error = failure(call(GET), answered(429, {}), REJECTED, 1, 1_500, "");
    assert.deepEqual([error.retryAfterMs, error.retryAfter], [1_500, 1.5]);
    const none = failure(call(GET), answered(429, {}), REJECTED, 1, undefined, "");
    assert.ok(!("retryAfter" in none) && !("retryAfterMs" in none));
  });
});

describe("headers", () => {
  it("are a plain object, names in lower case, and none without an answer", () => {
    assert.deepEqual(headersOf(answered(200, {}, { "X-Request-Id": "r" })), { "x-request-id": "r" });
    assert.deepEqual(headersOf(ended("unreachable")), {});
  });
});
