// Anything at every argument of every method and at every option, against a server that answers
// anything. `FUZZ_CASES` says how many calls are made, `FUZZ_SEED` which.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { any, answer, clientOptions, given, MARK, real } from "./fuzz-values.mjs";
import {
  argumentsOf,
  assertRight,
  assertTyped,
  BASE,
  CustomersApi,
  ending,
  ID,
  isSyncteraError,
  OPERATIONS,
  rightResponse,
  TOKEN,
} from "./harness.mjs";

const CASES = Number(process.env.FUZZ_CASES ?? 6_000);
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

/** A log that forgets. */
const lines = [];
const note = (...line) => lines.push(line);
const logger = { debug: note, info: note, warn: note, error: note };
const watchers = { logger, logLevel: "debug", onRequest: note, onResponse: note, onRetry: note, onSchemaDrift: note };

/** What comes to light of an error without being asked for. */
function shown(error) {
  return [
    error.message,
    error.stack,
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: Infinity, showHidden: true }),
    inspect({ ...error }, { depth: Infinity }),
  ];
}

function assertSilent(texts) {
  for (const text of texts) if (text.includes(MARK)) assert.fail(`the mark is in ${text}`);
}

const plain = new CustomersApi({ accessToken: TOKEN, baseUrl: BASE, fetch: rightResponse });
const requests = [];

/** Nothing goes out, whatever an option does to `fetch`. */
let answers;
const fetch = (url, init) => {
  requests.push({ url, init });
  return answers();
};
globalThis.fetch = fetch;

/** One call; the next must work as if nothing had been. */
async function judge(operation, call, sound = () => {}) {
  lines.length = 0;
  requests.length = 0;
  const { error } = await ending(call);
  if (error !== undefined) {
    assertTyped(error);
    assertSilent(shown(error));
    if (requests.length === 0) assert.equal(error.outcome, "not_sent");
    error.unredacted();
  }
  if (lines.length > 0) assertSilent([inspect(lines, { depth: Infinity })]);
  requests.forEach(sound);
  assert.equal((await plain.getCustomer(ID)).id, ID, "the module answers");
}

/** What has members that can be read and added to. */
function isPlain(value) {
  return typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** A deadline that is far would keep a call waiting for a server that never answers, as it should. */
function inTime(options) {
  if (Object.hasOwn(options, "timeoutMs") && typeof options.timeoutMs === "number" && options.timeoutMs > 100) options.timeoutMs = 5;
}

let calls = 0;

function check(property, share, callsPerRun) {
  const numRuns = Math.ceil((CASES * share) / callsPerRun);
  return fc.assert(property, { numRuns, seed, interruptAfterTimeLimit: undefined, endOnFailure: CASES > 100_000 });
}

describe(`${CASES} calls with anything (FUZZ_SEED=${seed})`, () => {
  const names = Object.getOwnPropertyNames(Object.prototype);
  before(() => (calls = 0));
  after(() => {
    assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), names);
    console.log(`${calls} calls`);
  });

  it("each method ends in a typed error or in the right request, and shows no personal data", async () => {
    const property = fc.asyncProperty(given, answer, async (made, answering) => {
      answers = answering;
      const { validate, withInfo, watched } = made;
      const api = new CustomersApi({ accessToken: TOKEN, baseUrl: BASE, fetch, validate, timeoutMs: 3, maxRetries: 0, maxRetryDelayMs: 1, ...(watched && watchers) });
      for (const operation of Object.keys(OPERATIONS)) {
        calls += 1;
        const { id, customer, params, options } = real(made);
        if (isPlain(made.options)) inTime(options);
        const args = argumentsOf(operation, { id, content: operation === "listCustomers" ? params : customer, options });
        await judge(
          operation,
          () => api[withInfo ? `${operation}WithHttpInfo` : operation](...args),
          (request) => assertRight(operation, request),
        );
      }
      api.free();
    });
    await check(property, 0.8, 5);
  });

  it("each client with any options is refused by a ValidationError or works", async () => {
    const property = fc.asyncProperty(clientOptions, answer, async (made, answering) => {
      answers = answering;
      calls += 1;
      const options = real(made);
      if (isPlain(made)) inTime(options);
      let api;
      try {
        api = new CustomersApi(isPlain(made) ? { timeoutMs: 3, maxRetries: 0, ...watchers, ...options } : options);
      } catch (error) {
        assertTyped(error);
        assert.equal(error.name, "ValidationError");
        assertSilent(shown(error));
        return;
      }
      await judge("createCustomer", () => api.createCustomer({ status: "ACTIVE" }), ({ url, init }) => {
        const { protocol, hostname, username, password } = new URL(url);
        assert.ok(protocol === "https:" || /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname), "https or loopback");
        assert.equal(username + password, "");
        assert.match(init.headers.authorization, /^Bearer [\x21-\x7e]+$/);
        new Headers(init.headers);
      });
      api.free();
    });
    await check(property, 0.15, 1);
  });

  it("the guards say of anything whether it is an error of ours, and do not throw", async () => {
    const property = fc.property(any, (made) => {
      const value = real(made);
      calls += 1;
      assert.equal(isSyncteraError(value), false);
      assert.equal(isSyncteraError(value, "ApiError"), false);
    });
    fc.assert(property, { numRuns: Math.ceil(CASES * 0.05), seed });
  });
});
