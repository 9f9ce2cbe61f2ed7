// Every promise settles, even where the module itself fails, and the next call works.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { afterEach, beforeEach, describe, it } from "node:test";

const require = createRequire(`${process.env.CONSUMER}/`);
const { CustomersApi, SyncteraError } = require("synctera-customers");

const CUSTOMER = JSON.stringify({ id: "1", status: "ACTIVE" });
const answers = (...responses) => {
  let count = 0;
  return async () => responses[Math.min(count++, responses.length - 1)]();
};
const fine = () => new Response(CUSTOMER);
const busy = () => new Response("", { status: 503 });

describe("a promise settles", () => {
  const random = Math.random;
  const escaped = [];
  const note = (error) => escaped.push(error);
  beforeEach(() => {
    escaped.length = 0;
    process.on("uncaughtException", note);
  });
  afterEach(() => {
    Math.random = random;
    process.off("uncaughtException", note);
  });

  it("when the module fails in the middle of a call, and so do the calls beside it", async () => {
    const api = new CustomersApi({ accessToken: "t", fetch: answers(busy, fine) });
    const beside = new CustomersApi({ accessToken: "t", fetch: () => new Promise(() => {}) });
    const other = beside.getCustomer("2").catch((error) => error);
    // The module asks the host for a random wait, and never expects this.
    Math.random = () => {
      throw new Error("boom");
    };
    const error = await api
      .createCustomer({ status: "ACTIVE" }, { idempotencyKey: "k-1" })
      .catch((error) => error);
    assert.ok(error instanceof SyncteraError);
    assert.equal(error.outcome, "unknown");
    assert.equal(error.idempotencyKey, "k-1");
    assert.equal(error.unredacted().cause.message, "boom");
    assert.ok((await other) instanceof SyncteraError);
    Math.random = random;
    const again = new CustomersApi({ accessToken: "t", fetch: answers(fine) });
    assert.equal((await again.getCustomer("1")).id, "1");
    assert.equal((await api.getCustomer("1")).id, "1", "the same client works on");
    assert.deepEqual(escaped, []);
  });

  it("each by itself when thousands wait at once", async () => {
    const answer = () => new Promise((done) => setTimeout(() => done(new Response(CUSTOMER)), 50));
    const api = new CustomersApi({ accessToken: "t", fetch: answer });
    const calls = Array.from({ length: 5_000 }, () => api.getCustomer("1"));
    assert.equal((await Promise.all(calls)).length, 5_000);
  });

  it("when the client is freed during the call", async () => {
    const api = new CustomersApi({ accessToken: "t", fetch: answers(busy, fine) });
    const call = api.getCustomer("1");
    api.free();
    assert.equal((await call).id, "1");
  });

  it("with a typed error when the client was freed before the call", async () => {
    const api = new CustomersApi({ accessToken: "t", fetch: answers(fine) });
    api.free();
    for (const method of ["getCustomer", "createCustomerWithHttpInfo", "listCustomers"]) {
      const error = await api[method]("1").catch((error) => error);
      assert.ok(error instanceof SyncteraError, method);
      assert.equal(error.outcome, "not_sent");
      assert.equal(error.operation, method);
    }
  });

  it("when nobody awaits it, without a timer that keeps the process up", async () => {
    const script = `
      const { CustomersApi } = require("synctera-customers");
      const api = new CustomersApi({ accessToken: "t", fetch: async () => new Response('${CUSTOMER}') });
      api.getCustomer("1");
    `;
    const { spawnSync } = await import("node:child_process");
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ["-e", script], {
      cwd: process.env.CONSUMER,
      encoding: "utf8",
      timeout: 50_000,
    });
    assert.equal(status, 0, stderr);
    // The deadline of 60 s would show.
    assert.ok(performance.now() - started < 40_000);
  });
});
