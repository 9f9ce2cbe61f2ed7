// Every promise settles. What a trap inside the module does is in trap.test.mjs, whose process it spoils.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";

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
  it("when the host's source of random numbers throws", async () => {
    const { random } = Math;
    Math.random = () => {
      throw new Error("boom");
    };
    const api = new CustomersApi({ accessToken: "t", fetch: answers(busy, fine) });
    const { id } = await api.getCustomer("1").finally(() => (Math.random = random));
    assert.equal(id, "1");
  });

  // A browser's event loop runs again inside `alert` and `window.open`; the module is entered the same way.
  it("of calls that begin and end while the module is in the middle of another", async () => {
    const inner = [];
    let depth = 0;
    const again = () => {
      if (depth > 2) return;
      depth += 1;
      inner.push(api.getCustomer("inner"), api.createCustomer({ status: "ACTIVE" }), api.getCustomer(""));
      depth -= 1;
    };
    const token = () => {
      depth += 1;
      if (depth < 3) again();
      depth -= 1;
      return "t";
    };
    const api = new CustomersApi({
      accessToken: token,
      fetch: async () => fine(),
      onRequest: () => depth === 0 && inner.length < 30 && again(),
      onResponse: () => depth === 0 && inner.length < 30 && again(),
    });
    assert.equal((await api.getCustomer("1")).id, "1");
    const ends = await Promise.allSettled(inner);
    assert.ok(ends.length > 3);
    const rejected = ends.filter(({ status }) => status === "rejected");
    assert.ok(rejected.every(({ reason }) => reason.name === "ValidationError"));
    assert.equal(rejected.length, ends.length / 3);
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

  it("when it is not awaited, without a timer that keeps the process up", async () => {
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
