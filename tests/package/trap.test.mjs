// A trap inside the module: every call that waits is rejected, and each later one says so.
//
// No input traps the shipped module, so a built-in that its glue calls is made to throw: the encoder of
// text that is not ASCII, as a header's value goes to Rust.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { before, describe, it } from "node:test";

const require = createRequire(`${process.env.CONSUMER}/`);
const { CustomersApi, SyncteraError } = require("synctera-customers");

const IDEMPOTENCY_KEY = "k-1";
const rejected = async (promise) => assert.rejects(promise).then(() => promise.catch((error) => error));

describe("after a trap inside the module", () => {
  const escaped = [];
  let failed;
  let waiting;
  let notSent;
  let api;

  before(async () => {
    process.on("uncaughtException", (error) => escaped.push(error));
    const headers = { get: (name) => (name === "retry-after" ? "\u00e9" : null) };
    const busy = async () => ({ status: 503, headers, text: async () => "" });
    api = new CustomersApi({ accessToken: "t", fetch: busy });
    const hanging = new CustomersApi({ accessToken: "t", fetch: () => new Promise(() => {}) });
    const limited = new CustomersApi({ accessToken: () => new Promise(() => {}), fetch: busy });
    waiting = hanging.getCustomer("2");
    notSent = limited.getCustomer("3");
    const { encodeInto } = TextEncoder.prototype;
    TextEncoder.prototype.encodeInto = () => {
      throw new Error("boom");
    };
    failed = await rejected(api.createCustomer({ status: "ACTIVE" }, { idempotencyKey: IDEMPOTENCY_KEY }));
    TextEncoder.prototype.encodeInto = encodeInto;
  });

  it("the call rejects, and says by which key it can be repeated", () => {
    assert.ok(failed instanceof SyncteraError);
    assert.match(failed.message, /^createCustomer: synctera-customers itself failed.*same idempotency key\.$/);
    assert.equal(failed.outcome, "unknown");
    assert.equal(failed.idempotencyKey, IDEMPOTENCY_KEY);
    assert.ok(failed.unredacted().cause instanceof Error);
  });

  it("every other call that waits rejects, with what the server may have done", async () => {
    const outcomes = [];
    for (const promise of [waiting, notSent]) outcomes.push((await rejected(promise)).outcome);
    assert.deepEqual(outcomes, ["unknown", "not_sent"]);
  });

  it("each later call and client says what to do", async () => {
    const error = await rejected(api.getCustomer("1"));
    assert.match(error.message, /^getCustomer: .* load it anew.* Nothing was sent\.$/);
    assert.equal(error.outcome, "not_sent");
    assert.throws(() => new CustomersApi({ accessToken: "t" }), /^SyncteraError: new CustomersApi: .* load it anew/);
  });

  it("nothing is thrown where it cannot be caught", () => assert.deepEqual(escaped, []));
});
