// The module traps. In a separate file, since a process cannot go on with it.
import assert from "node:assert/strict";
import { it } from "node:test";
import { errorOf } from "../../src/js/errors.js";
import { connect, Exchange, schedule } from "../../src/js/exchange.js";
import { Host } from "../../src/js/host.js";
import { protect } from "../../src/js/methods.js";

it("rejects every call that waits once the module has trapped, and each call after", async () => {
  const trap = new WebAssembly.RuntimeError("unreachable");
  connect(() => { throw trap; }, ["none"]);
  const CustomersApi = protect(class { async getCustomer() {} });
  const api = new CustomersApi();
  const open = (fetch, key) => {
    const host = new Host({ accessToken: "key", fetch }, "https://api.example.com/v0");
    return new Exchange(host, 7, "getCustomer", "GET", "/1", undefined, key, undefined, undefined, 60_000);
  };
  const [waiting, unsent] = [open(() => new Promise(() => {}), "k"), open(() => undefined)];
  waiting.send();
  const settled = Promise.allSettled([waiting.promise, unsent.promise]);
  schedule(7);
  const [first, second] = (await settled).map(({ reason }) => errorOf(reason));
  assert.deepEqual([first.name, first.outcome, first.idempotencyKey, first.unredacted().cause], ["SyncteraError", "unknown", "k", trap]);
  assert.equal(second.outcome, "not_sent");
  assert.equal(waiting.abortSignal.aborted, true);
  await assert.rejects(api.getCustomer("1"), { name: "SyncteraError", outcome: "not_sent", message: /It cannot go on: load it anew/ });
  assert.throws(() => new CustomersApi(), { name: "SyncteraError" });
});
