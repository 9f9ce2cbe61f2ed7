// The option `clock`: the client's time, timers and random numbers.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorOf, respond, stub } from "./client.mjs";

/** A clock that stands until it is moved, and keeps what was asked of it. */
function makeClock(random = 0.5) {
  const timers = new Map();
  const clock = {
    ms: 1_800_000_000_000,
    waits: [],
    now: () => clock.ms,
    random: () => random,
    setTimeout(run, ms) {
      clock.waits.push(ms);
      timers.set(clock.waits.length, { at: clock.ms + ms, run });
      return clock.waits.length;
    },
    clearTimeout: (timer) => timers.delete(timer),
    async advance(ms) {
      clock.ms += ms;
      for (const [timer, { at, run }] of timers) if (at <= clock.ms && timers.delete(timer)) run();
      await new Promise((resolve) => setImmediate(resolve));
    },
    timers,
  };
  return clock;
}

const failing = (headers) => () => respond(503, {}, headers);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the option clock", () => {
  it("ends a call at its deadline, and leaves no timer", async () => {
    const clock = makeClock();
    const { api } = stub({ clock, timeoutMs: 5_000 }, () => new Promise(() => {}));
    const call = errorOf(() => api.listCustomers());
    await clock.advance(4_999);
    assert.equal(clock.timers.size, 1);
    await clock.advance(1);
    assert.equal((await call).name, "TimeoutError");
    assert.equal(clock.timers.size, 0);
  });

  it("decides how long a backoff is, and when it is over", async () => {
    const clock = makeClock(0.5);
    const { api, requests } = stub({ clock, maxRetries: 1 }, failing());
    const call = errorOf(() => api.listCustomers());
    await turn();
    // Half of 500 ms, the longest first backoff.
    assert.deepEqual(clock.waits, [60_000, 250]);
    await clock.advance(249);
    assert.equal(requests.length, 1);
    await clock.advance(1);
    assert.equal((await call).attempts, 2);
  });

  it("says how far a date of Retry-After is", async () => {
    const clock = makeClock();
    const date = new Date(clock.ms + 30_000).toUTCString();
    const { api } = stub({ clock, maxRetries: 1 }, failing({ "retry-after": date }));
    errorOf(() => api.listCustomers());
    await turn();
    assert.deepEqual(clock.waits, [60_000, 30_000]);
  });

  it("spaces requests by the limit", async () => {
    const clock = makeClock();
    const { api, requests } = stub({ clock, maxRequestsPerSecond: 1 });
    const calls = Promise.all([api.listCustomers(), api.listCustomers()]);
    await turn();
    assert.equal(requests.length, 1);
    await clock.advance(1_000);
    await calls;
    assert.equal(requests.length, 2);
  });

  it("does no harm if it throws", async () => {
    const broken = () => {
      throw new Error("broken");
    };
    const clock = { now: broken, random: broken, setTimeout: broken, clearTimeout: broken };
    const { api } = stub({ clock, maxRetries: 1 }, (attempt) => (attempt === 1 ? respond(503, {}, { "retry-after": "0" }) : respond(200, { customers: [] })));
    assert.deepEqual(await api.listCustomers(), { customers: [] });
    const slow = stub({ clock, timeoutMs: 20 }, () => new Promise(() => {}));
    assert.equal((await errorOf(() => slow.api.listCustomers())).name, "TimeoutError");
  });
});
