// The sandbox in process: what it promises, by the installed package.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { runFaults } from "../faults/laboratory.js";
import { FAULTS as TABLE } from "../faults/table.js";
import { wrongs } from "../faults/judgement.mjs";

const require = createRequire(pathToFileURL(`${process.env.CONSUMER}/index.js`));
const errors = require("synctera-customers");
const { CustomersApi } = errors;
const { FAULTS, createSandbox, fakeCustomer } = require("synctera-customers/testing");
const { unwrap } = require("synctera-customers/webhooks");

const client = (sandbox, options) =>
  new CustomersApi({ accessToken: sandbox.token, fetch: sandbox.fetch, clock: sandbox.clock, ...options });

/** What is wrong with how calls end under the faults that need no second server. */
async function laboratory(sandbox) {
  class InProcess extends CustomersApi {
    constructor(options) {
      super({ ...options, baseUrl: undefined, fetch: sandbox.fetch, clock: sandbox.clock });
    }
  }
  // An abort after a real time comes after a deadline of the virtual one.
  const isHere = ({ place, abortAfter }) => place === undefined && abortAfter === undefined;
  const observed = await runFaults({ CustomersApi: InProcess, errors, settings: { baseUrl: "", token: sandbox.token, places: {} } });
  return observed.flatMap((observation) => {
    const { minMs, ...fault } = TABLE.find(({ name }) => name === observation.fault);
    return isHere(fault) ? wrongs(fault, observation).map((what) => `${observation.fault}, ${observation.operation}: ${what}`) : [];
  });
}

describe("createSandbox", () => {
  it("answers the five operations, with fictional customers of the seed", async () => {
    const sandbox = createSandbox({ seed: 3, customers: 20 });
    const api = client(sandbox);
    const created = await api.createCustomer(fakeCustomer(1));
    assert.equal(created.first_name, fakeCustomer(1).first_name);
    assert.equal((await api.patchCustomer(created.id, { email: "new@example.com" })).email, "new@example.com");
    assert.equal((await api.updateCustomer(created.id, { status: "INACTIVE" })).email, undefined);
    assert.deepEqual(await api.getCustomer(created.id), sandbox.customers.at(-1));
    assert.equal((await api.listCustomers()).customers.length, 21);
    assert.deepEqual(sandbox.requests.map(({ operation, status }) => `${operation} ${status}`), [
      "createCustomer 201", "patchCustomer 200", "updateCustomer 200", "getCustomer 200", "listCustomers 200",
    ]);
  });

  it("gives the same bytes by the same seed, and others by another", async () => {
    const run = async (seed) => {
      const sandbox = createSandbox({ seed, customers: 30, randomFaults: [{ percent: 30, fault: "response lost" }] });
      for (let number = 0; number < 20; number += 1) {
        const headers = { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" };
        const body = JSON.stringify(fakeCustomer(number));
        await sandbox.fetch("https://api.example/v0/customers", { method: "POST", headers, body }).catch(() => {});
      }
      const list = await sandbox.fetch("https://api.example/v0/customers", { headers: { authorization: `Bearer ${sandbox.token}` } }).catch(({ message }) => message);
      return JSON.stringify([sandbox.snapshot(), sandbox.webhooks, list.headers && [...list.headers], list.headers && (await list.text()), list]);
    };
    assert.equal(await run(7), await run(7));
    assert.notEqual(await run(7), await run(8));
  });

  it("shares nothing with another sandbox, and changes nothing global", async () => {
    const before = Object.getOwnPropertyNames(globalThis).map((name) => globalThis[name]);
    const [one, two] = [createSandbox(), createSandbox()];
    await client(one).createCustomer(fakeCustomer());
    one.fail({ fault: "internal error" });
    one.clock.advance("1 day");
    assert.deepEqual([one.customers.length, two.customers.length], [1, 0]);
    await client(two, { maxRetries: 0 }).listCustomers();
    assert.notEqual(one.clock.now(), two.clock.now());
    assert.deepEqual(Object.getOwnPropertyNames(globalThis).map((name) => globalThis[name]), before);
  });

  it("refuses what it does not know", () => {
    const sandbox = createSandbox();
    assert.throws(() => sandbox.fail({ on: "deleteCustomer", fault: "response lost" }), /on: expected one of/);
    assert.throws(() => sandbox.fail({ fault: "response list" }), /fault: expected one of/);
    assert.throws(() => sandbox.fail({ fault: { status: 99 } }), /200 to 599/);
    assert.throws(() => sandbox.fail({ fault: { teapot: 1 } }), /fault: expected only/);
    assert.throws(() => sandbox.clock.advance("8 moons"), /duration/);
    assert.throws(() => createSandbox({ seed: -1 }), /seed/);
    assert.throws(() => createSandbox({ custmers: 5 }), /createSandbox: there is no option custmers/);
    assert.throws(() => sandbox.fail({ fault: "response lost", time: 2 }), /fail: there is no option time/);
    assert.throws(() => createSandbox({ startTime: "soon" }), /startTime/);
    assert.throws(() => sandbox.restore("{}"));
  });
});

describe("faults", () => {
  it("end calls as those of the server do, for every operation", async () => {
    assert.deepEqual(await laboratory(createSandbox()), []);
  });

  it("have a name each, which the sandbox takes", async () => {
    for (const name of Object.keys(FAULTS)) {
      const sandbox = createSandbox({ customers: 1 });
      sandbox.fail({ on: "getCustomer", fault: name });
      const { id } = sandbox.customers[0];
      await client(sandbox, { maxRetries: 0 }).getCustomer(id).catch(() => {});
      assert.equal(sandbox.requests[0].fault, FAULTS[name]);
    }
  });

  it("meet only the operation, and as often as they are said to", async () => {
    const sandbox = createSandbox();
    const api = client(sandbox);
    sandbox.fail({ on: "createCustomer", times: 2, fault: "response lost" });
    await api.listCustomers();
    await api.createCustomer(fakeCustomer());
    await api.createCustomer(fakeCustomer());
    assert.equal(sandbox.customers.length, 2);
    assert.deepEqual(sandbox.requests.map(({ fault }) => fault), [undefined, "drop=after", "drop=after", undefined, undefined]);
  });
});

describe("the clock", () => {
  it("makes deadlines and backoff take no time", async () => {
    const sandbox = createSandbox({ customers: 1 });
    const api = client(sandbox, { timeoutMs: 86_400_000 });
    sandbox.fail({ fault: { status: 503, retryAfterHeader: "3600" } });
    const before = [sandbox.clock.now(), Date.now()];
    await api.getCustomer(sandbox.customers[0].id);
    assert.ok(sandbox.clock.now() - before[0] >= 3_600_000);
    assert.ok(Date.now() - before[1] < 5_000);
    sandbox.fail({ fault: "headers never" });
    await assert.rejects(api.listCustomers(), { name: "TimeoutError" });
    assert.ok(sandbox.clock.now() - before[0] >= 86_400_000);
  });

  it("forgets idempotency keys after seven days", async () => {
    const sandbox = createSandbox();
    const api = client(sandbox);
    const create = () => api.createCustomer({ status: "PROSPECT" }, { idempotencyKey: "k" });
    const { id } = await create();
    sandbox.clock.advance("6 days");
    assert.equal((await create()).id, id);
    sandbox.clock.advance("2 days");
    assert.notEqual((await create()).id, id);
  });

  it("moves only by advance(), if that is wanted", async () => {
    const sandbox = createSandbox({ customers: 1, autoAdvance: false });
    sandbox.fail({ fault: { delayMs: 1_000 } });
    let isDone = false;
    const call = client(sandbox).listCustomers().then(() => (isDone = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    sandbox.clock.advance(999);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(isDone, false);
    sandbox.clock.advance("1 ms");
    await call;
  });

  it("goes on for a request that is held when its caller has gone", async () => {
    const sandbox = createSandbox({ autoAdvance: false });
    sandbox.fail({ fault: { holdMs: 500 } });
    const call = client(sandbox, { timeoutMs: 100 }).createCustomer(fakeCustomer());
    await new Promise((resolve) => setTimeout(resolve, 20));
    sandbox.clock.advance(100);
    await assert.rejects(call, { name: "TimeoutError", outcome: "unknown" });
    assert.equal(sandbox.customers.length, 0);
    sandbox.clock.advance(400);
    assert.equal(sandbox.customers.length, 1);
  });
});

describe("snapshot, restore and reset", () => {
  it("bring a sandbox back, and what follows is the same", async () => {
    const sandbox = createSandbox({ customers: 5 });
    const create = (idempotencyKey) => client(sandbox).createCustomer({ status: "PROSPECT" }, { idempotencyKey });
    const { id } = await create("a");
    const snapshot = sandbox.snapshot();
    const next = await create("b");
    sandbox.restore(snapshot);
    assert.equal(sandbox.snapshot(), snapshot);
    assert.equal(sandbox.customers.length, 6);
    assert.equal((await create("a")).id, id, "answered keys come back");
    sandbox.restore(snapshot);
    assert.deepEqual(await create("b"), next);
    sandbox.fail({ fault: "internal error" });
    sandbox.reset();
    assert.deepEqual([sandbox.customers.length, sandbox.requests.length, sandbox.webhooks.length], [5, 0, 0]);
    assert.equal(sandbox.snapshot(), createSandbox({ customers: 5 }).snapshot());
  });
});

describe("webhooks", () => {
  it("are signed as Synctera's, and unwrap takes them", async () => {
    const sandbox = createSandbox();
    const { id } = await client(sandbox).createCustomer(fakeCustomer(1));
    await client(sandbox).patchCustomer(id, { first_name: "Other" });
    const options = { secrets: sandbox.webhookSecret, toleranceMs: Infinity };
    const events = await Promise.all(sandbox.webhooks.map(({ body, headers }) => unwrap(body, headers, options)));
    assert.deepEqual(events.map(({ type }) => type), ["CUSTOMER.CREATED", "CUSTOMER.UPDATED"]);
    assert.equal(events[1].event_resource_changed_fields.first_name, fakeCustomer(1).first_name);
  });
});

describe("fakeCustomer", () => {
  it("is valid in every field, the same by the same seed, and another without", () => {
    assert.deepEqual(fakeCustomer(5), fakeCustomer(5));
    assert.notDeepEqual(fakeCustomer(), fakeCustomer());
    for (let seed = 0; seed < 300; seed += 1) {
      assert.deepEqual(errors.validateCustomer(fakeCustomer(seed)), []);
    }
  });
});
