// `synctera-customers/bulk`: each row once, wherever a run ends, against the sandbox and against doubles.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, it, mock } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { startSandbox } from "../runtimes/sandbox.mjs";

const { CONSUMER } = process.env;
const installed = `${CONSUMER}/node_modules/synctera-customers`;
const load = (entry) => import(pathToFileURL(`${installed}/entries/${entry}.js`).href);
const { BulkError, createCustomers, fileCheckpoint, getCustomers, patchCustomers } = await load("bulk");
const { CustomersApi, isSyncteraError } = await load("node");

const DAY_MS = 86_400_000;
const MARKER = "Ottoline";

let sandbox;
let client;
let folder;
before(async () => {
  sandbox = await startSandbox();
  client = new CustomersApi({ accessToken: sandbox.token, baseUrl: sandbox.baseUrl, maxRetries: 0 });
  folder = mkdtempSync(`${tmpdir()}/bulk-`);
});
after(() => {
  sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The last names of the customers that the sandbox holds under this prefix. */
async function namesHeld(prefix) {
  const names = [];
  let page_token;
  do {
    const page = await client.listCustomers({ last_name: `${prefix}*`, limit: 100, ...(page_token && { page_token }) });
    names.push(...page.customers.map(({ last_name }) => last_name));
    page_token = page.next_page_token;
  } while (page_token);
  return names.sort();
}

/** A journal in memory; `append` may be replaced by one that fails. */
function memoryCheckpoint(entries = []) {
  return {
    entries,
    load: () => structuredClone(entries),
    async append(entry) {
      entries.push(entry);
    },
  };
}

/** The states of a journal's entries by key, the keys in the order in which they came. */
function statesOf({ entries }) {
  const states = new Map();
  for (const { key, state } of entries) states.set(key, [...(states.get(key) ?? []), state]);
  return [...states.values()].map((list) => list.join(" "));
}

const people = (...names) => names.map((last_name) => ({ status: "PROSPECT", last_name }));
const byName = { job: "test", key: ({ last_name }) => last_name };

/** A client whose `createCustomer` is a function of the test. */
const doubling = (createCustomer) => ({ createCustomer });
const stored = async (customer) => ({ id: `id of ${customer.last_name}`, ...customer });

/** A real client, whose fetch gives these responses in turn, then success. An `Error` is thrown. */
function answering(...answers) {
  const keys = [];
  const fetch = async (_url, { headers }) => {
    keys.push(headers["idempotency-key"]);
    const answer = answers.shift() ?? { status: 201, body: { id: "c-1", status: "PROSPECT" } };
    if (answer instanceof Error) throw answer;
    return new Response(JSON.stringify(answer.body), { status: answer.status, headers: { "content-type": "application/json" } });
  };
  return { api: new CustomersApi({ accessToken: "t", baseUrl: "https://example.com/v0", fetch, maxRetries: 0 }), keys };
}

const LOST = new TypeError("fetch failed");
const problem = (status, code, type) => ({ status, body: { code, type, status } });

/** Collects what `onResult` is called with. */
function collecting() {
  const results = [];
  return { results, onResult: (result) => void results.push(result) };
}
const outcomesOf = (results) => [...results].sort((a, b) => a.index - b.index).map(({ outcome }) => outcome);

describe("a run", () => {
  const rows = people("one", "two", "three");
  async function* generate() {
    for (const row of rows) yield row;
  }
  for (const [what, source] of [
    ["an array", () => rows],
    ["a Set", () => new Set(rows)],
    ["a generator", () => rows.values()],
    ["an async generator", () => generate()],
    ["an array of promises", () => rows.map(async (row) => row)],
    ["a ReadableStream", () => new ReadableStream({ start: (stream) => (rows.forEach((row) => stream.enqueue(row)), stream.close()) })],
    ["a ReadableStream that cannot be iterated", () => ({ getReader: () => ReadableStream.from(rows).getReader() })],
    ["an iterator without return", () => bareIterator(rows)],
    ["nothing", () => []],
  ]) {
    it(`reads ${what}`, async () => {
      const { results, onResult } = collecting();
      const counts = await createCustomers(doubling(stored), source(), { ...byName, onResult });
      const total = what === "nothing" ? 0 : 3;
      assert.deepEqual(counts, { total, created: total, failed: 0, unknown: 0, skipped: 0 });
      assert.deepEqual(results.map(({ customer }) => customer.id).sort(), what === "nothing" ? [] : ["id of one", "id of three", "id of two"]);
      for (const { row, index } of results) assert.equal(row, rows[index]);
    });
  }

  it("creates, patches and reads at the sandbox, with the row's function or without", async () => {
    const { results, onResult } = collecting();
    const names = ["Trio-1", "Trio-2", "Trio-3"];
    assert.equal((await createCustomers(client, people(...names), { ...byName, onResult })).created, 3);
    assert.deepEqual(await namesHeld("Trio"), names);
    const ids = results.map(({ customer }) => customer.id);

    const plain = await patchCustomers(client, ids.map((id) => ({ id, patch: { first_name: "Ada" } })), { job: "plain", key: ({ id }) => id });
    const mapped = await patchCustomers(client, ids, { job: "mapped", key: (id) => id, patch: async (id) => ({ id, patch: { email: "ada@example.com" } }) });
    for (const counts of [plain, mapped]) assert.deepEqual(counts, { total: 3, patched: 3, failed: 0, unknown: 0, skipped: 0 });

    const read = collecting();
    const missing = "5c1b0a4e-2f2e-4b0e-9d53-1f6f2a3c4d5e";
    const counts = await getCustomers(client, [...ids, missing], { onResult: read.onResult });
    assert.deepEqual(counts, { total: 4, found: 3, failed: 1, unknown: 0, skipped: 0 });
    const found = read.results.filter(({ outcome }) => outcome === "found");
    assert.deepEqual(found.map(({ row, customer }) => [row, customer.first_name, customer.email]).sort(), ids.map((id) => [id, "Ada", "ada@example.com"]).sort());
    const failed = read.results.find(({ outcome }) => outcome === "failed");
    assert.deepEqual([failed.row, failed.error.name, failed.error.status], [missing, "ApiError", 404]);
  });

  it("goes on after rows that fail, each with a typed error", async () => {
    const { results, onResult } = collecting();
    const given = [{ status: "PROSPECT", last_name: "Mixed-1" }, { status: "PROSPECT", last_name: "Mixed-2", dob: MARKER }, { last_name: "Mixed-3" }, undefined];
    const counts = await createCustomers(client, given, { job: "mixed", key: (row) => row?.last_name ?? "none", onResult });
    assert.deepEqual(counts, { total: 4, created: 1, failed: 3, unknown: 0, skipped: 0 });
    assert.deepEqual(outcomesOf(results), ["created", "failed", "failed", "failed"]);
    for (const { error } of results.filter(({ outcome }) => outcome === "failed")) assert.ok(isSyncteraError(error, "ValidationError"));
    assert.deepEqual(await namesHeld("Mixed"), ["Mixed-1"]);
  });

  for (const concurrency of [1, 3, 100]) {
    for (const kind of ["generator", "async generator", "ReadableStream"]) {
      it(`reads a source no more than ${concurrency} ahead: ${kind}`, async () => {
        let [read, settled, most, inFlight, mostInFlight] = [0, 0, 0, 0, 0];
        const next = () => {
          read += 1;
          most = Math.max(most, read - settled);
          return people(`row ${read}`)[0];
        };
        const sources = {
          *generator() {
            while (read < 300) yield next();
          },
          async *"async generator"() {
            while (read < 300) yield next();
          },
          ReadableStream: () =>
            new ReadableStream({ pull: (stream) => (read < 300 ? stream.enqueue(next()) : stream.close()) }, { highWaterMark: 0 }),
        };
        const api = doubling(async (customer) => {
          mostInFlight = Math.max(mostInFlight, (inFlight += 1));
          await (read % 7 ? sleep(1) : undefined);
          inFlight -= 1;
          return stored(customer);
        });
        const counts = await createCustomers(api, sources[kind](), { ...byName, concurrency, onResult: () => void (settled += 1) });
        assert.equal(counts.created, 300);
        assert.ok(most <= concurrency, `${most} read and not settled`);
        assert.ok(mostInFlight <= concurrency && (concurrency === 1 || mostInFlight > 1), `${mostInFlight} in flight`);
      });
    }
  }

  it("has eight rows at work by default, and reads none while callbacks keep it waiting", async () => {
    let read = 0;
    const source = (function* () {
      for (;;) yield people(`row ${(read += 1)}`)[0];
    })();
    const controller = new AbortController();
    const run = createCustomers(doubling(stored), source, { ...byName, signal: controller.signal, onResult: () => new Promise(() => {}) });
    while (read < 8) await sleep(5);
    await sleep(50);
    assert.equal(read, 8);
    controller.abort(new Error("enough"));
    // Rows whose callback has not returned have not settled, so neither has the run.
    assert.equal(await Promise.race([run, sleep(20, "waits")]), "waits");
  });

  it("reports its progress once a second at most and at the end, and estimates the end where the number of rows is known", async () => {
    const names = Array.from({ length: 30 }, (_, number) => `row ${number}`);
    const slow = doubling((customer) => sleep(100).then(() => stored(customer)));
    const run = async (source, options) => {
      const reports = [];
      await createCustomers(slow, source, { ...byName, concurrency: 1, onProgress: (progress) => void reports.push({ ...progress, at: Date.now() }), ...options });
      return reports;
    };
    const [array, stream, reported] = await Promise.all([
      run(people(...names)),
      run(people(...names).values()),
      run(people(...names).values(), { total: 60 }),
    ]);
    for (const reports of [array, stream, reported]) {
      assert.ok(reports.length >= 3, `${reports.length} reports`);
      reports.slice(1, -1).forEach(({ at }, index) => assert.ok(at - reports[index].at >= 990, "one a second"));
      const { done, failed, unknown, skipped, ratePerSecond } = reports.at(-1);
      assert.deepEqual([done, failed, unknown, skipped], [30, 0, 0, 0]);
      assert.ok(ratePerSecond > 0 && ratePerSecond < 10.5, String(ratePerSecond));
    }
    assert.ok(stream.every(({ estimatedEnd }) => estimatedEnd === undefined));
    assert.ok(array[0].estimatedEnd > array[0].at + 1000, "two thirds of the rows are left");
    assert.ok(Math.abs(array.at(-1).estimatedEnd - array.at(-1).at) < 100, "no row is left");
    assert.ok(reported.at(-1).estimatedEnd > reported.at(-1).at + 2800, "thirty more rows take as long again");
  });
});

/** An async iterable over these rows whose iterator has nothing but `next`. */
function bareIterator(rows) {
  const iterator = rows.values();
  return { [Symbol.asyncIterator]: () => ({ next: async () => iterator.next() }) };
}

describe("a row's key", () => {
  it("makes one idempotency key, a UUID that depends on job, operation and row, the same in each run", async () => {
    const keysOf = async (job, name) => {
      const { api, keys } = answering();
      await createCustomers(api, people(name), { ...byName, job });
      return keys[0];
    };
    const key = await keysOf("job", "row");
    assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // As it is today: a key that changes with a version of the package would create everything again.
    assert.equal(key, "addd0b5b-be45-8a46-ac3a-593829229b42");
    assert.equal(await keysOf("job", "row"), key);
    const { api, keys } = answering();
    await patchCustomers(api, [{ id: "5c1b0a4e-2f2e-4b0e-9d53-1f6f2a3c4d5e", patch: {} }], { job: "job", key: () => "row" });
    const others = [await keysOf("job 2", "row"), await keysOf("job", "row 2"), await keysOf("jo", "brow"), keys[0]];
    assert.equal(new Set([key, ...others]).size, 5);
  });

  it("of an earlier row is rejected, and the row is not sent", async () => {
    const { results, onResult } = collecting();
    const rows = [...people("Twin-1", "Twin-2"), { status: "PROSPECT", last_name: "Twin-1", first_name: MARKER }];
    const checkpoint = memoryCheckpoint();
    for (const first of ["created", "skipped"]) {
      results.length = 0;
      await createCustomers(client, rows, { ...byName, job: "twins", checkpoint, onResult });
      assert.deepEqual(outcomesOf(results), [first, first, "failed"]);
      const { error } = results.find(({ index }) => index === 2);
      assert.ok(error instanceof BulkError);
      assert.equal(error.reason, "duplicate_key");
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /Twin|Ottoline/);
    }
    assert.deepEqual(await namesHeld("Twin"), ["Twin-1", "Twin-2"]);
  });

  it("is a string that is not empty, or the row fails", async () => {
    for (const key of [undefined, "", 5, null, Promise.resolve("key")]) {
      const { results, onResult } = collecting();
      const counts = await createCustomers(doubling(assert.fail), people(MARKER), { job: "test", key: () => key, onResult });
      assert.equal(counts.failed, 1);
      assert.equal(results[0].error.reason, "invalid_key");
    }
  });

  it("is found again among twenty thousand", async () => {
    const { results, onResult } = collecting();
    const total = 20_000;
    const rows = (function* () {
      for (let number = 0; number < total; number += 1) yield number;
      for (let number = 0; number < total; number += 97) yield number;
    })();
    const repeated = Math.ceil(total / 97);
    const counts = await createCustomers(doubling(async () => ({})), rows, {
      job: "many",
      key: String,
      customer: () => ({ status: "PROSPECT" }),
      onResult: (result) => result.outcome === "failed" && onResult(result),
    });
    assert.deepEqual(counts, { total: total + repeated, created: total, failed: repeated, unknown: 0, skipped: 0 });
    assert.ok(results.every(({ error }) => error.reason === "duplicate_key"));
  });
});

describe("a row whose call fails", () => {
  const NOT_FOUND = problem(404, "RESOURCE_NOT_FOUND");
  // What the responses of two runs are, how the first run ends, and which keys were sent under.
  for (const [what, answers, outcomes, states, keys] of [
    ["a 400 is rejected, and the row has a new key", [problem(400, "BAD_REQUEST_BODY")], ["failed", "created"], ["sending rejected", "sending done"], [0, 1]],
    ["so does a 404", [NOT_FOUND], ["failed", "created"], ["sending rejected", "sending done"], [0, 1]],
    ["and a 409 of a duplicate", [problem(409, "DUPLICATE_RESOURCE")], ["failed", "created"], ["sending rejected", "sending done"], [0, 1]],
    ["and a 422 that says why by its slug", [problem(422, undefined, "https://dev.synctera.com/errors/rule-violation")], ["failed", "created"], ["sending rejected", "sending done"], [0, 1]],
    ["and a 401", [problem(401, "UNAUTHENTICATED")], ["failed", "created"], ["sending rejected", "sending done"], [0, 1]],
    ["a 429 leaves the key as it was", [problem(429, "TOO_MANY_REQUESTS")], ["failed", "created"], ["sending not_done sending done"], [0, 0]],
    ["a lost response is unknown, and settled within the run", [LOST], ["created", "skipped"], ["sending done"], [0, 0]],
    ["so is a 500", [problem(500, "INTERNAL_ERROR")], ["created", "skipped"], ["sending done"], [0, 0]],
    ["two lost responses stay unknown until the next run", [LOST, LOST], ["unknown", "created"], ["sending unknown sending done"], [0, 0, 0]],
    ["a lost response and a 400: nothing was done", [LOST, problem(400, "BAD_REQUEST_BODY")], ["failed", "created"], ["sending rejected", "sending done"], [0, 0, 1]],
    ["a lost response and a 401: unknown", [LOST, problem(401, "UNAUTHENTICATED")], ["unknown", "created"], ["sending unknown sending done"], [0, 0, 0]],
    ["a lost response and a 429: unknown", [LOST, problem(429, "TOO_MANY_REQUESTS")], ["unknown", "created"], ["sending unknown sending done"], [0, 0, 0]],
    // It may be a duplicate of what the lost request created.
    ["a lost response and a 409: unknown", [LOST, problem(409, "DUPLICATE_RESOURCE")], ["unknown", "created"], ["sending unknown sending done"], [0, 0, 0]],
    ["a key that has served another request: unknown", [problem(422, "IDEMPOTENCY_INVALID_REUSE")], ["unknown", "created"], ["sending unknown sending done"], [0, 0]],
    ["so by its slug", [problem(422, undefined, "https://dev.synctera.com/errors/unprocessable-entity")], ["unknown", "created"], ["sending unknown sending done"], [0, 0]],
    ["so a 422 that does not say why", [problem(422)], ["unknown", "created"], ["sending unknown sending done"], [0, 0]],
    ["a key in use: unknown, settled within the run", [problem(409, "IDEMPOTENCY_CONCURRENT_USE")], ["created", "skipped"], ["sending done"], [0, 0]],
  ]) {
    it(what, async () => {
      const { results, onResult } = collecting();
      const { api, keys: sent } = answering(...answers);
      const checkpoint = memoryCheckpoint();
      const counts = await createCustomers(api, people(MARKER), { ...byName, checkpoint, onResult });
      assert.equal(counts[outcomes[0]], 1);
      await createCustomers(api, people(MARKER), { ...byName, checkpoint, onResult });
      assert.deepEqual(results.map(({ outcome }) => outcome), outcomes);
      assert.deepEqual(statesOf(checkpoint), states);
      const names = [...new Set(sent)];
      assert.deepEqual(sent.map((key) => names.indexOf(key)), keys);
      if (results[0].error) assert.ok(isSyncteraError(results[0].error));
      assert.doesNotMatch(JSON.stringify(checkpoint.entries), /Ottoline/);
    });
  }

  it("before it was sent leaves the key as it was, and what was unknown stays so", async () => {
    const { api, keys } = answering(LOST, LOST);
    const checkpoint = memoryCheckpoint();
    const run = (source) => createCustomers(api, source, { job: "test", key: () => "row", checkpoint });
    const invalid = [{ status: "PROSPECT", dob: MARKER }];
    assert.equal((await run(invalid)).failed, 1);
    assert.equal((await run(people("a"))).unknown, 1);
    assert.equal((await run(invalid)).unknown, 1);
    assert.equal((await run(people("a"))).created, 1);
    assert.deepEqual(statesOf(checkpoint), ["sending not_done sending unknown sending unknown sending done"]);
    assert.equal(new Set(keys).size, 1);
  });

  it("with something that is no error of this package is unknown", async () => {
    const checkpoint = memoryCheckpoint();
    for (const error of [new Error(MARKER), undefined, "text"]) {
      const counts = await createCustomers(doubling(() => Promise.reject(error)), people(String(error)), { ...byName, checkpoint });
      assert.equal(counts.unknown, 1);
    }
    assert.deepEqual(statesOf(checkpoint), Array(3).fill("sending unknown"));
  });

  it("is corrected and sent again under the next revision, as often as it takes, at the sandbox", async () => {
    const checkpoint = memoryCheckpoint();
    const run = (...names) => createCustomers(client, names.map((last_name) => ({ status: "PROSPECT", last_name })), { job: "corrected", key: () => "row", checkpoint });
    const tooLong = (letter) => `Corrected-${letter.repeat(300)}`;
    assert.equal((await run(tooLong("a"))).failed, 1);
    assert.equal((await run(tooLong("b"))).failed, 1);
    assert.equal((await run("Corrected")).created, 1);
    assert.equal((await run("Corrected")).skipped, 1);
    assert.deepEqual(await namesHeld("Corrected"), ["Corrected"]);
    assert.deepEqual(statesOf(checkpoint), ["sending rejected", "sending rejected", "sending done"]);
  });

  it("without a journal is replayed under its one key, and nothing is created twice", async () => {
    for (const created of [2, 2]) assert.equal((await createCustomers(client, people("Plain-1", "Plain-2"), { ...byName, job: "plain" })).created, created);
    assert.deepEqual(await namesHeld("Plain"), ["Plain-1", "Plain-2"]);
    const { results, onResult } = collecting();
    const other = [{ status: "PROSPECT", last_name: "Plain-1", first_name: "Ada" }];
    assert.equal((await createCustomers(client, other, { ...byName, job: "plain", onResult })).unknown, 1);
    assert.equal(results[0].error.code, "IDEMPOTENCY_INVALID_REUSE");
    assert.deepEqual(await namesHeld("Plain"), ["Plain-1", "Plain-2"]);
  });

  it("through a network that loses responses is created once before the run ends", async () => {
    const names = Array.from({ length: 40 }, (_, number) => `Lossy-${number}`);
    const faults = ["drop=after", "drop=before", "status=503", "truncate=20"];
    const lossy = doubling((customer, options) => {
      const number = Number(customer.last_name.split("-")[1]);
      const fault = `${faults[number % 4]};times=1;id=lossy${number}`;
      return client.createCustomer(customer, { ...options, ...(number % 2 === 0 || number % 3 === 0 ? { headers: { "sandbox-fault": fault } } : {}) });
    });
    const counts = await createCustomers(lossy, people(...names), { ...byName, job: "lossy", checkpoint: memoryCheckpoint() });
    assert.deepEqual(counts, { total: 40, created: 40, failed: 0, unknown: 0, skipped: 0 });
    assert.deepEqual(await namesHeld("Lossy"), names.sort());
  });

  it("is sent again at the end of the run, or once a thousand rows wait for it", async () => {
    const calls = new Map();
    let [most, open] = [0, 0];
    const api = doubling(async ({ last_name }) => {
      const call = (calls.get(last_name) ?? 0) + 1;
      calls.set(last_name, call);
      open += call === 1 ? 1 : -1;
      most = Math.max(most, open);
      if (call === 1) throw Object.assign(new Error("lost"), { outcome: "unknown" });
      return {};
    });
    const counts = await createCustomers(api, people(...Array.from({ length: 2500 }, (_, number) => `row ${number}`)), { ...byName, concurrency: 5 });
    assert.deepEqual(counts, { total: 2500, created: 2500, failed: 0, unknown: 0, skipped: 0 });
    assert.ok(most > 1000 && most < 1010, `${most} rows were held`);
    assert.ok([...calls.values()].every((count) => count === 2));
  });

  it("is not sent again once its key may be forgotten: after 7 days, less an hour", async () => {
    for (const [ageMs, outcome, state] of [
      [6 * DAY_MS, "created", "sending"],
      [6 * DAY_MS, "created", "unknown"],
      [7 * DAY_MS - 30 * 60_000, "unknown", "sending"],
      [8 * DAY_MS, "unknown", "sending"],
      [8 * DAY_MS, "unknown", "unknown"],
      [8 * DAY_MS, "skipped", "done"],
      [8 * DAY_MS, "created", "rejected"],
      [8 * DAY_MS, "created", "not_done"],
    ]) {
      const failing = answering(LOST, LOST);
      const checkpoint = memoryCheckpoint();
      await createCustomers(failing.api, people(MARKER), { ...byName, checkpoint });
      const [{ key }] = checkpoint.entries;
      // It was tried again since: what counts is when it was first sent.
      const later = { key, state: "sending", at: new Date(Date.now() - DAY_MS).toISOString() };
      const at = new Date(Date.now() - ageMs).toISOString();
      const entries = [{ key, state: "sending", at }, { key, state, at }, ...(state === "unknown" ? [later] : [])];
      const { results, onResult } = collecting();
      const { api, keys } = answering();
      const next = memoryCheckpoint(entries);
      await createCustomers(api, people(MARKER), { ...byName, checkpoint: next, onResult });
      assert.deepEqual([results[0].outcome, keys.length], [outcome, outcome === "created" ? 1 : 0], `${ageMs} ${state}`);
      if (outcome !== "unknown") continue;
      assert.deepEqual([results[0].error.name, results[0].error.reason], ["BulkError", "key_expired"]);
      assert.doesNotMatch(`${results[0].error.stack} ${JSON.stringify(results[0].error)}`, /Ottoline/);
    }
  });

  it("nor within a run that lasts so long", async () => {
    const { api, keys } = answering(LOST);
    const checkpoint = memoryCheckpoint();
    const source = (async function* () {
      yield* people(MARKER);
      while (keys.length === 0) await sleep(1);
      await sleep(10);
      const now = Date.now();
      mock.method(Date, "now", () => now + 8 * DAY_MS);
    })();
    try {
      const counts = await createCustomers(api, source, { ...byName, checkpoint });
      assert.deepEqual([counts.unknown, keys.length], [1, 1]);
    } finally {
      mock.restoreAll();
    }
  });

  it("is read once more and then reported, where it is only read", async () => {
    const id = "5c1b0a4e-2f2e-4b0e-9d53-1f6f2a3c4d5e";
    for (const [answers, outcome] of [[[LOST], "found"], [[LOST, LOST], "unknown"], [[LOST, problem(404)], "failed"], [[problem(401)], "failed"], [[problem(409)], "failed"]]) {
      const { api } = answering(...answers);
      const counts = await getCustomers(api, [id]);
      assert.deepEqual([counts.total, counts[outcome]], [1, 1], outcome);
    }
  });
});

describe("a run that ends early", () => {
  const rows = people(...Array.from({ length: 20 }, (_, number) => `${MARKER} ${number}`));

  /** A source that says whether it was closed, and a client that says what it was asked. */
  function stage({ concurrency = 4, onSend = () => {}, ...options } = {}) {
    const seen = { read: 0, closed: false, sent: [], checkpoint: memoryCheckpoint() };
    async function* source() {
      try {
        for (const row of rows) {
          seen.read += 1;
          yield row;
        }
      } finally {
        seen.closed = true;
      }
    }
    const api = doubling(async (customer, { signal }) => {
      seen.sent.push(customer.last_name);
      onSend(seen.sent.length);
      await sleep(5);
      if (signal?.aborted) throw Object.assign(new Error("aborted"), { outcome: "unknown" });
      return stored(customer);
    });
    const run = () => createCustomers(api, source(), { ...byName, checkpoint: seen.checkpoint, concurrency, ...options });
    return { seen, run };
  }

  /** Rows that were sent have settled and are in the journal; those whose own callback failed are not recorded as done. */
  function assertRecorded({ checkpoint, sent }, unrecorded = 0) {
    const open = statesOf(checkpoint).filter((states) => states === "sending");
    assert.equal(open.length, unrecorded);
    assert.equal(statesOf(checkpoint).length, sent.length);
  }

  /** The same rows through a client that works: all are there in the end. */
  async function assertResumes({ checkpoint }) {
    const counts = await createCustomers(doubling(stored), rows, { ...byName, checkpoint });
    assert.equal(counts.created + counts.skipped, rows.length);
  }

  const failure = new RangeError(`a callback's own words, which may hold ${MARKER}`);
  const fail = () => {
    throw failure;
  };
  const rejects = async () => fail();
  const third = (does) => {
    let calls = 0;
    return (...args) => ((calls += 1) === 3 ? does() : args[0].last_name);
  };

  for (const [what, options, unrecorded] of [
    ["onResult throws", () => ({ onResult: third(fail) }), 1],
    ["onResult rejects", () => ({ onResult: third(rejects) }), 1],
    ["every onResult throws", () => ({ onResult: fail }), "all"],
    ["key throws", () => ({ key: third(fail) }), 0],
    ["customer throws", () => ({ customer: ((does) => (row) => (does(row), row))(third(fail)) }), 0],
    ["customer rejects", () => ({ customer: ((does) => async (row) => (await does(row), row))(third(rejects)) }), 0],
  ]) {
    it(`because ${what} rejects with that error, after rows in flight have settled, and can be repeated`, async () => {
      const { seen, run } = stage(options());
      await assert.rejects(run(), (error) => error === failure);
      const sent = seen.sent.length;
      assert.ok(sent < rows.length, `${sent} sent`);
      assert.ok(seen.closed, "the source is closed");
      assertRecorded(seen, unrecorded === "all" ? sent : unrecorded);
      await sleep(20);
      assert.equal(seen.sent.length, sent, "nothing is sent afterwards");
      await assertResumes(seen);
    });
  }

  it("because onProgress throws rejects with that error", async () => {
    for (const onProgress of [fail, rejects]) await assert.rejects(stage({ onProgress }).run(), (error) => error === failure);
  });

  it("because the source fails rejects with that error, in every kind of source", async () => {
    for (const source of [
      (function* () {
        yield rows[0];
        fail();
      })(),
      (async function* () {
        yield rows[0];
        fail();
      })(),
      new ReadableStream({ pull: fail }),
      (function* () {
        yield rows[0];
        yield rejects();
      })(),
    ]) {
      const checkpoint = memoryCheckpoint();
      await assert.rejects(createCustomers(doubling(stored), source, { ...byName, checkpoint }), (error) => error === failure);
      assert.ok(statesOf(checkpoint).every((states) => states === "sending done"));
    }
  });

  it("because the journal cannot be read sends nothing and reads no row", async () => {
    const broken = async function* () {
      yield* [];
      fail();
    };
    for (const load of [fail, broken]) {
      const { seen, run } = stage({ checkpoint: { load, append() {} } });
      await assert.rejects(run(), (error) => error === failure);
      assert.deepEqual([seen.read, seen.sent], [0, []]);
    }
    const good = { key: "00000000-0000-8000-8000-000000000000", state: "done", at: "2026-01-01T00:00:00Z" };
    for (const entry of [undefined, 5, {}, { ...good, key: "row" }, { ...good, state: "gone" }, { ...good, at: "noon" }, { ...good, at: undefined }]) {
      const { seen, run } = stage({ checkpoint: memoryCheckpoint([good, entry]) });
      await assert.rejects(run(), { name: "BulkError", reason: "unreadable_journal" });
      assert.deepEqual(seen.sent, []);
    }
  });

  it("by its signal rejects with the signal's reason, its calls are aborted, and it can be repeated", async () => {
    const controller = new AbortController();
    const { results, onResult } = collecting();
    const { seen, run } = stage({ signal: controller.signal, onResult, onSend: (sent) => sent === 6 && controller.abort(failure) });
    await assert.rejects(run(), (error) => error === failure);
    assert.ok(seen.closed && seen.sent.length < rows.length);
    assertRecorded(seen);
    assert.equal(results.length, seen.sent.length, "each row that was sent is reported");
    assert.ok(results.some(({ outcome }) => outcome === "unknown"));
    await assertResumes(seen);
  });

  it("by its signal ends the client's own calls, at the sandbox", async () => {
    const controller = new AbortController();
    let requests = 0;
    const onRequest = () => void ((requests += 1) === 3 && setTimeout(() => controller.abort(failure), 50));
    const held = new CustomersApi({ accessToken: sandbox.token, baseUrl: sandbox.baseUrl, headers: { "sandbox-fault": "hold=300" }, onRequest });
    const { results, onResult } = collecting();
    const names = ["Aborted-1", "Aborted-2", "Aborted-3"];
    const checkpoint = memoryCheckpoint();
    await assert.rejects(createCustomers(held, people(...names), { ...byName, job: "aborted", checkpoint, signal: controller.signal, onResult }), (error) => error === failure);
    assert.deepEqual(results.map(({ outcome, error }) => [outcome, error.name]), Array(3).fill(["unknown", "AbortError"]));
    const counts = await createCustomers(new CustomersApi({ accessToken: sandbox.token, baseUrl: sandbox.baseUrl, maxRetries: 10 }), people(...names), { ...byName, job: "aborted", checkpoint });
    assert.equal(counts.created, 3);
    assert.deepEqual(await namesHeld("Aborted"), names);
  });

  it("by a signal that had fired reads nothing", async () => {
    const { seen, run } = stage({ signal: AbortSignal.abort(failure) });
    await assert.rejects(run(), (error) => error === failure);
    assert.deepEqual([seen.read, seen.sent], [0, []]);
  });

  it("by its signal while the source gives no row does not wait for it", { timeout: 5000 }, async () => {
    let [cancelled, closed, release] = [false, false, undefined];
    const silent = (async function* () {
      try {
        await new Promise((resolve) => (release = resolve));
        yield rows[0];
      } finally {
        closed = true;
      }
    })();
    const stream = new ReadableStream({ pull: () => new Promise(() => {}), cancel: () => void (cancelled = true) });
    for (const source of [silent, stream]) {
      await assert.rejects(createCustomers(doubling(assert.fail), source, { ...byName, signal: AbortSignal.timeout(20) }), { name: "TimeoutError" });
    }
    release();
    await sleep(5);
    assert.ok(closed, "a generator is closed once it goes on");
    assert.ok(cancelled, "the stream is cancelled");
  });

  it("leaves no listener on the signal, whichever way it ends", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = {
      get aborted() {
        return signal.aborted;
      },
      addEventListener: () => void (listeners += 1),
      removeEventListener: () => void (listeners -= 1),
    };
    await createCustomers(doubling(stored), rows, { ...byName, signal: counted });
    await assert.rejects(createCustomers(doubling(stored), rows, { ...byName, signal: counted, onResult: fail }));
    assert.equal(listeners, 0);
  });
});

describe("a run that is cut off", () => {
  const total = 6;
  /** One row in three is rejected until it is corrected; of one in three the first response is lost. */
  const people6 = (name, isCorrected) =>
    Array.from({ length: total }, (_, number) => ({
      number,
      customer: { status: "PROSPECT", last_name: `${name}-${number}${number % 3 === 1 && !isCorrected ? "x".repeat(300) : ""}` },
    }));
  const lossy = (name) =>
    doubling((customer, options) => {
      const number = Number(/-(\d)/.exec(customer.last_name)[1]);
      const fault = number % 3 === 2 ? { headers: { "sandbox-fault": `drop=after;times=1;id=${name}${number}` } } : {};
      return client.createCustomer(customer, { ...options, ...fault });
    });

  // Each row has two entries.
  for (const isKept of [true, false]) {
    for (let nth = 1; nth <= 2 * total + 1; nth += 1) {
      it(`by the journal's entry ${nth}, which is ${isKept ? "" : "not "}kept, makes nothing twice and loses nothing`, async () => {
        const name = `Cut${nth}${isKept ? "a" : "b"}`;
        const checkpoint = memoryCheckpoint();
        const options = { job: name, key: ({ number }) => String(number), customer: ({ customer }) => customer, concurrency: 3 };
        const full = new Error("no space left");
        let appended = 0;
        const breaking = {
          ...checkpoint,
          async append(entry) {
            appended += 1;
            if (appended < nth || (appended === nth && isKept)) await checkpoint.append(entry);
            if (appended >= nth) throw full;
          },
        };
        const run = createCustomers(lossy(name), people6(name), { ...options, checkpoint: breaking });
        if (nth <= 2 * total) await assert.rejects(run, (error) => error === full);
        else await run;

        const counts = await createCustomers(client, people6(name), { ...options, checkpoint });
        assert.deepEqual([counts.created + counts.skipped, counts.failed, counts.unknown], [4, 2, 0]);
        const { created, skipped } = await createCustomers(client, people6(name, true), { ...options, checkpoint });
        assert.deepEqual([created, skipped], [2, 4]);
        assert.deepEqual(await namesHeld(name), people6(name, true).map(({ customer }) => customer.last_name).sort());
      });
    }
  }

  it("by SIGKILL at random moments makes nothing twice and loses nothing", { timeout: 240_000 }, async (test) => {
    const [rows, kills] = [800, 24];
    const environment = {
      ...process.env,
      BASE_URL: sandbox.baseUrl,
      TOKEN: sandbox.token,
      JOURNAL: `${folder}/kill.journal`,
      RESULTS: `${folder}/kill.results`,
      NAME: "Killed",
      ROWS: String(rows),
    };
    delete environment.NODE_TEST_CONTEXT;
    const program = fileURLToPath(new URL("bulk/job.mjs", import.meta.url));
    const lines = (file) => readFileSync(file, "utf8").split("\n").filter(Boolean);
    const progress = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const job = spawn(process.execPath, [program], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
      await once(job.stdout, "data");
      await sleep(Math.random() * 300);
      job.kill("SIGKILL");
      const [code, signal] = await once(job, "exit");
      assert.deepEqual([code, signal], [null, "SIGKILL"], "the job was killed before its end");
      progress.push(new Set(await namesHeld("Killed-")).size);
    }
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env: environment });
    const counts = JSON.parse(stdout.split("\n")[1]);

    const expected = Array.from({ length: rows }, (_, number) => `Killed-${number}`).sort();
    assert.deepEqual(await namesHeld("Killed-"), expected, "each row is there once");
    assert.deepEqual([counts.total, counts.created + counts.skipped], [rows, rows]);
    const reported = lines(environment.RESULTS).map((line) => JSON.parse(line));
    const created = reported.filter(({ outcome }) => outcome === "created");
    assert.equal(new Set(created.map(({ index }) => index)).size, rows, "each row was reported");
    assert.equal(new Set(created.map(({ index, id }) => `${index} ${id}`)).size, rows, "and always with the same customer");
    const entries = lines(environment.JOURNAL).map((line) => JSON.parse(line));
    const sendings = entries.filter(({ state }) => state === "sending").length;
    test.diagnostic(`${kills} kills, rows after each: ${progress.join(" ")}; ${sendings - rows} rows were sent again`);
    assert.ok(sendings > rows, "no kill struck a row in flight");
    assert.ok(progress.at(-1) < rows, "the last kill came after the last row");
  });
});

describe("a journal in a file", () => {
  const at = "2026-01-01T00:00:00.000Z";
  const entries = ["sending", "done", "rejected"].map((state, number) => ({ key: `0000000${number}-0000-8000-8000-000000000000`, state, at }));
  const loaded = async (checkpoint) => Array.fromAsync?.(checkpoint.load()) ?? collect(checkpoint.load());
  async function collect(iterable) {
    const all = [];
    for await (const entry of iterable) all.push(entry);
    return all;
  }

  it("gives back what was appended, in order, also as a URL, to this object and another", async () => {
    for (const path of [`${folder}/order.journal`, pathToFileURL(`${folder}/order of a URL.journal`)]) {
      const checkpoint = fileCheckpoint(path);
      assert.deepEqual(await loaded(checkpoint), []);
      const many = Array.from({ length: 100 }, () => entries).flat();
      await Promise.all(many.map((entry) => checkpoint.append(entry)));
      await checkpoint.append({ ...entries[0], row: MARKER });
      assert.deepEqual(await loaded(checkpoint), [...many, entries[0]]);
      assert.deepEqual(await loaded(fileCheckpoint(path)), [...many, entries[0]]);
      assert.equal(statSync(path).mode & 0o777, 0o600, "for its owner only");
    }
  });

  it("is read to its last whole line wherever it is cut off, and is added to after that", async () => {
    const path = `${folder}/torn.journal`;
    await fileCheckpoint(path).append(entries[0]);
    await fileCheckpoint(path).append(entries[1]);
    const whole = readFileSync(path);
    for (let length = 0; length <= whole.length; length += 1) {
      for (const tail of ["", "\0".repeat(100)]) {
        writeFileSync(path, whole.subarray(0, length));
        appendFileSync(path, tail);
        const before = await loaded(fileCheckpoint(path));
        assert.deepEqual(before, entries.slice(0, before.length), `cut at ${length}`);
        const checkpoint = fileCheckpoint(path);
        await checkpoint.append(entries[2]);
        assert.deepEqual(await loaded(checkpoint), [...before, entries[2]], `cut at ${length}`);
      }
    }
  });

  it("is no other file, which stays as it was", async () => {
    for (const text of ["name,dob\nOttoline,2000-01-01\n", '{"name":"Ottoline"}\n', "Ottoline", '[{"key":"']) {
      const path = `${folder}/other.csv`;
      writeFileSync(path, text);
      const error = await createCustomers(doubling(assert.fail), people("a"), { ...byName, checkpoint: fileCheckpoint(path) }).then(assert.fail, (error) => error);
      assert.deepEqual([error.name, error.reason], ["BulkError", "unreadable_journal"]);
      assert.doesNotMatch(error.stack, /Ottoline/);
      assert.equal(readFileSync(path, "utf8"), text);
    }
  });

  it("that cannot be written ends the run before anything is sent, and can be written later", async () => {
    const path = `${folder}/missing/file.journal`;
    const checkpoint = fileCheckpoint(path);
    await assert.rejects(createCustomers(doubling(assert.fail), people("a", "b", "c"), { ...byName, checkpoint }), { code: "ENOENT" });
    await assert.rejects(createCustomers(doubling(assert.fail), people("a"), { ...byName, checkpoint: fileCheckpoint(folder) }), { code: "EISDIR" });
  });

  it("serves several jobs", async () => {
    const checkpoint = fileCheckpoint(`${folder}/jobs.journal`);
    for (const outcome of ["created", "skipped"]) {
      for (const job of ["first", "second"]) {
        assert.equal((await createCustomers(doubling(stored), people("a", "b"), { ...byName, job, checkpoint }))[outcome], 2);
      }
    }
    assert.doesNotMatch(readFileSync(`${folder}/jobs.journal`, "utf8"), /first|second|"a"/);
  });

  it("needs a path, and a host with files", async () => {
    for (const path of [undefined, "", 5, {}]) assert.throws(() => fileCheckpoint(path), { name: "BulkError", reason: "invalid_argument", argument: "path" });
    const { getBuiltinModule } = process;
    process.getBuiltinModule = undefined;
    try {
      await assert.rejects(createCustomers(doubling(assert.fail), people("a"), { ...byName, checkpoint: fileCheckpoint("x") }), { reason: "no_files" });
    } finally {
      process.getBuiltinModule = getBuiltinModule;
    }
  });
});

describe("an idempotency key", () => {
  const { getBuiltinModule } = process;
  const keyOf = async (name) => {
    const { api, keys } = answering();
    await createCustomers(api, people(name), byName);
    return keys[0];
  };

  it("is the same by node:crypto and by WebCrypto", async () => {
    for (const name of ["Quayle", "Ōno", "\ud800", "x".repeat(1000)]) {
      const key = await keyOf(name);
      process.getBuiltinModule = undefined;
      try {
        assert.equal(await keyOf(name), key);
      } finally {
        process.getBuiltinModule = getBuiltinModule;
      }
    }
  });

  it("does not change from one version to the next", async () => {
    assert.equal(await keyOf("Quayle"), "a2103bea-af84-8cf8-a602-3a3d8189e066");
  });

  it("needs one of both", async () => {
    const { crypto } = globalThis;
    process.getBuiltinModule = undefined;
    Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true, writable: true });
    try {
      await assert.rejects(createCustomers(doubling(assert.fail), people("a"), byName), { name: "BulkError", reason: "no_webcrypto" });
    } finally {
      process.getBuiltinModule = getBuiltinModule;
      Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true, writable: true });
    }
  });
});

describe("arguments", () => {
  const good = { ...byName };
  for (const [argument, api, source, options] of [
    ["api", undefined, [], good],
    ["api", {}, [], good],
    ["api", { patchCustomer() {} }, [], good],
    ["source", doubling(stored), undefined, good],
    ["source", doubling(stored), MARKER, good],
    ["source", doubling(stored), { length: 1 }, good],
    ["options.job", doubling(stored), [], { key: good.key }],
    ["options.job", doubling(stored), [], { ...good, job: "" }],
    ["options.key", doubling(stored), [], { job: "test" }],
    ["options.key", doubling(stored), [], { ...good, key: "last_name" }],
    ["options.job", doubling(stored), [], undefined],
    ["options.concurrency", doubling(stored), [], { ...good, concurrency: 0 }],
    ["options.concurrency", doubling(stored), [], { ...good, concurrency: 101 }],
    ["options.concurrency", doubling(stored), [], { ...good, concurrency: 1.5 }],
    ["options.concurrency", doubling(stored), [], { ...good, concurrency: "8" }],
    ["options.checkpoint", doubling(stored), [], { ...good, checkpoint: MARKER }],
    ["options.checkpoint", doubling(stored), [], { ...good, checkpoint: { load() {} } }],
    ["options.signal", doubling(stored), [], { ...good, signal: {} }],
    ["options.onResult", doubling(stored), [], { ...good, onResult: {} }],
    ["options.onProgress", doubling(stored), [], { ...good, onProgress: 5 }],
    ["options.customer", doubling(stored), [], { ...good, customer: {} }],
    ["options.patch", doubling(stored), [], { ...good, patch: () => {} }],
    ["options.total", doubling(stored), [], { ...good, total: -1 }],
    ["options.onResults", doubling(stored), [], { ...good, onResults() {} }],
    ["options", doubling(stored), [], { ...good, [`${MARKER} and so on`]: 1 }],
  ]) {
    it(`are rejected by name: ${argument}`, async () => {
      const error = await createCustomers(api, source, options).then(assert.fail, (error) => error);
      assert.ok(error instanceof BulkError, String(error));
      assert.deepEqual([error.name, error.reason, error.argument], ["BulkError", "invalid_argument", argument]);
      assert.match(error.message, /Nothing was sent/);
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /Ottoline/);
    });
  }

  it("of a run that reads have neither a job nor a journal", async () => {
    for (const name of ["job", "key", "checkpoint"]) {
      await assert.rejects(getCustomers(client, [], { [name]: () => "" }), { argument: `options.${name}` });
    }
    await assert.rejects(getCustomers(client, "id"), { argument: "ids" });
    assert.deepEqual(await getCustomers(client, []), { total: 0, found: 0, failed: 0, unknown: 0, skipped: 0 });
  });

  it("are read when the run starts", async () => {
    const options = { ...byName, concurrency: 1 };
    const run = createCustomers(doubling(stored), people("a", "b"), options);
    Object.assign(options, { key: assert.fail, job: "other", onResult: assert.fail });
    assert.equal((await run).created, 2);
  });

  it("may be undefined where they may be left out", async () => {
    const optional = { concurrency: undefined, checkpoint: undefined, signal: undefined, onResult: undefined, onProgress: undefined, total: undefined, customer: undefined };
    assert.equal((await createCustomers(doubling(stored), people("a"), { ...byName, ...optional })).created, 1);
  });
});

describe("memory", () => {
  it("does not grow with 200,000 rows, whether they are sent or skipped", { timeout: 240_000 }, async (test) => {
    const rows = 200_000;
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    const program = fileURLToPath(new URL("bulk/memory.mjs", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program], { env: { ...environment, ROWS: String(rows) } });
    const { first, second, measured, seconds } = JSON.parse(stdout);
    assert.equal(first.created, rows);
    assert.equal(second.skipped, rows);
    test.diagnostic(`${Math.round(rows / seconds)} rows a second; ${measured.map(({ heapUsed, arrayBuffers }) => `heap ${heapUsed}, buffers ${arrayBuffers}`).join("; ")}`);
    for (const [before, after] of [measured.slice(0, 2), measured.slice(2)]) {
      assert.ok(after.heapUsed - before.heapUsed < 500_000, `the heap grew from ${before.heapUsed} to ${after.heapUsed}`);
      assert.ok(after.arrayBuffers - before.arrayBuffers < 46 * rows, "the table of keys takes 46 bytes a row at most");
    }
  });
});

describe("the entry", () => {
  const bundled = async (contents) => {
    const options = { bundle: true, write: false, platform: "browser", format: "esm", logLevel: "silent" };
    return build({ ...options, stdin: { contents, resolveDir: CONSUMER } });
  };

  it("is bundled for a page without a warning, and only where it is imported", async () => {
    const own = await bundled('export * from "synctera-customers/bulk";');
    assert.deepEqual([own.warnings, own.outputFiles.length], [[], 1]);
    const other = await bundled('export * from "synctera-customers";');
    assert.match(own.outputFiles[0].text, /synctera-customers\/bulk/);
    assert.doesNotMatch(other.outputFiles[0].text, /synctera-customers\/bulk/);
  });

  it("can be required, and holds no WebAssembly and no import", () => {
    const required = createRequire(`${CONSUMER}/index.cjs`)("synctera-customers/bulk");
    for (const file of ["dist/bulk.cjs", "entries/bulk.js"]) {
      assert.doesNotMatch(readFileSync(`${installed}/${file}`, "utf8"), /WebAssembly\.|require\(|^import |import\(/m);
    }
    assert.deepEqual(Object.keys(required).sort(), ["BulkError", "createCustomers", "fileCheckpoint", "getCustomers", "patchCustomers"]);
  });
});
