// A test's fake timers (Jest, sinon) replace the host's functions during a call and are removed later:
// the next call, with real ones, settles within its deadline.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";

const require = createRequire(`${process.env.CONSUMER}/`);
const { CustomersApi, SyncteraError } = require("synctera-customers");

/** A double, as tests have it: Node's own `Response` does not close its body without `queueMicrotask`. */
const fine = async () => ({ status: 200, headers: {}, text: async () => '{"id":"1","status":"ACTIVE"}' });

/** What those libraries replace. None of it calls back, and time stands still. */
const FAKES = {
  queueMicrotask: () => {},
  setTimeout: () => ({ ref() {}, unref() {} }),
  clearTimeout: () => {},
  setImmediate: () => ({}),
  performance: { now: () => 0 },
  Date: class extends Date {
    static now() {
      return 0;
    }
  },
};

async function withFakes(act) {
  const real = Object.fromEntries(Object.keys(FAKES).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));
  for (const [name, value] of Object.entries(FAKES)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: real[name].enumerable });
  }
  try {
    return await act();
  } finally {
    for (const [name, descriptor] of Object.entries(real)) Object.defineProperty(globalThis, name, descriptor);
  }
}

describe("with fake timers during a call", () => {
  for (const [form, options] of Object.entries({
    plain: {},
    "with a token function": { accessToken: async () => "t" },
    "with hooks": { onRequest() {}, onResponse() {} },
    "with a throttle": { throttle: async () => {} },
    "with limits": { maxConcurrent: 1, maxRequestsPerSecond: 1_000 },
  })) {
    it(`a call settles, and so does the next, with real ones: ${form}`, { timeout: 10_000 }, async () => {
      const api = new CustomersApi({ accessToken: "t", fetch: fine, timeoutMs: 2_000, ...options });
      assert.equal((await withFakes(() => api.getCustomer("1"))).id, "1");
      assert.equal((await api.getCustomer("1")).id, "1");
    });
  }

  it("a call whose fetch hangs takes no other call along", { timeout: 10_000 }, async () => {
    const hanging = new CustomersApi({ accessToken: "t", fetch: () => new Promise(() => {}), timeoutMs: 100 });
    await withFakes(async () => void hanging.getCustomer("1"));
    const error = await hanging.getCustomer("2").catch((error) => error);
    assert.ok(error instanceof SyncteraError);
    assert.equal(error.name, "TimeoutError");
  });
});
