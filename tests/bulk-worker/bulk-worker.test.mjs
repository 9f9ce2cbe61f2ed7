// The example `bulk-worker` in workerd, against the sandbox behind a relay that records when each request arrives.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { buildWorker, copyExample } from "../proxy/build.mjs";
import { startRelay } from "../proxy/relay.mjs";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { INTAKE_TOKEN, LIMIT, collectedOf, startProgram } from "./program.mjs";

const installed = `${process.env.CONSUMER}/node_modules/synctera-customers/entries/node.js`;
const { CustomersApi } = await import(pathToFileURL(installed).href);

const ROWS = 80;
/** Rows that the API rejects (a 400, as `--strict-active` has it), and rows that the package itself does. */
const REJECTED = { "no names": { status: "ACTIVE" }, "an odd date": { status: "PROSPECT", dob: "1999-02-30" } };
/** One request in five meets one: lost after it was done, lost before, or a server error. */
const FAULTS = "10% drop=after, 5% drop=before, 5% status=503";
const KILLS = 3;
const CONSUMERS = [0, 1, 2, 3];

let app;
let built;
let sandbox;
let relay;
let folder;
let program;
const everyLine = [];

before(async () => {
  app = await copyExample("bulk-worker");
  built = await buildWorker(app);
  sandbox = await startSandbox("--strict-active", "--random-faults", FAULTS, "--fault-seed", "20417");
  relay = await startRelay(sandbox.baseUrl);
  folder = mkdtempSync(`${tmpdir()}/bulk-worker-`);
  await start();
});
after(async () => {
  await program?.stop();
  relay?.stop();
  sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start() {
  program = await startProgram(built, { baseUrl: relay.baseUrl, token: sandbox.token }, folder);
}

async function kill() {
  await program.kill();
  everyLine.push(...program.lines);
}

async function until(isDone, what) {
  for (const end = Date.now() + 60_000; !(await isDone()); await sleep(50)) {
    assert.ok(Date.now() < end, `${what}, after a minute:\n${program.lines.slice(-5).join("\n")}`);
  }
}

const allDone = () => until(program.isDrained, "some message has not ended");

/** A client that talks to the sandbox itself, whose faults it does not meet. */
const direct = () => new CustomersApi({ baseUrl: sandbox.baseUrl, accessToken: sandbox.token, headers: { "Sandbox-Fault": "delay=0" } });

/** The last names of the customers that the sandbox holds under this prefix. */
async function namesHeld(prefix) {
  const customers = await direct().iterateCustomers({ last_name: `${prefix}*` }).toArray({ max: 10_000 });
  return customers.map(({ last_name }) => last_name).sort();
}

const rowsNamed = (prefix, count, job = prefix) =>
  Array.from({ length: count }, (_, index) => {
    const name = `${prefix}-${String(index).padStart(4, "0")}`;
    return { job, key: `key of ${name}`, customer: { status: "PROSPECT", last_name: name } };
  });

/** A copy in another order. */
function shuffled(list) {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [copy[at], copy[other]] = [copy[other], copy[at]];
  }
  return copy;
}

/** Sends each row to two consumers, in another order to each. */
function sendTwice(rows) {
  for (const consumer of CONSUMERS) {
    program.send(consumer, shuffled(rows.filter((_, index) => [index, index + 1].some((at) => at % CONSUMERS.length === consumer))));
  }
}

/** The most requests that arrived within any window of so many milliseconds: one that begins with a request. */
function mostWithin(times, windowMs) {
  let [most, first] = [0, 0];
  for (const [last, time] of times.entries()) {
    while (times[first] <= time - windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const creates = () => relay.requests.filter(({ method }) => method === "POST");

describe("the example bulk-worker", { timeout: 120_000 }, () => {
  it("compiles under strict rules against the package's types", async () => {
    const tsc = fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "--project", app]).catch((error) => error);
    assert.equal(stdout, "");
  });

  it("creates each customer once and within the limit, though messages come twice and all consumers are killed", async (t) => {
    const rows = rowsNamed("Bulk", ROWS);
    const rejected = Object.entries(REJECTED).map(([key, customer]) => ({ job: "Bulk", key, customer: { ...customer, note: "Bulk" } }));
    relay.requests.length = 0;
    const started = performance.now();
    for (let kills = 0; kills < KILLS; kills += 1) {
      // Miniflare's queues forget their messages when they are killed; Cloudflare's deliver again what was not
      // acknowledged. Sending everything again is at least that.
      sendTwice([...rows, ...rejected]);
      const before = relay.requests.length;
      const wanted = before + 8 + Math.floor(12 * Math.random());
      await until(() => relay.requests.length >= wanted, "too few requests");
      await kill();
      await start();
    }
    sendTwice([...rows, ...rejected]);
    await allDone();
    const seconds = (performance.now() - started) / 1000;

    assert.deepEqual(await namesHeld("Bulk"), rows.map(({ customer }) => customer.last_name), "nothing twice, nothing lost");
    const keys = new Set(creates().filter(({ body }) => body.includes("Bulk-")).map(({ headers }) => headers["idempotency-key"]));
    assert.equal(keys.size, ROWS, "each row has one idempotency key, in all isolates and after each kill");
    const lines = [...everyLine, ...program.lines];
    assert.deepEqual([...new Set(collectedOf(lines, "rows-failed").map(({ key }) => key))].sort(), Object.keys(REJECTED).sort());
    assert.ok(program.acknowledged().every((count) => count > 0), "every consumer was at work");

    const times = relay.requests.map(({ at }) => at);
    const most = mostWithin(times, LIMIT.windowMs);
    assert.ok(most <= LIMIT.requests, `${most} requests within ${LIMIT.windowMs} ms, where ${LIMIT.requests} are allowed`);
    assert.ok(most > LIMIT.requests / 2, `${most} requests at most within a window: the limit was never near`);
    t.diagnostic(`${times.length} requests for ${ROWS} rows in ${seconds.toFixed(1)} s, ${KILLS} kills`);
    t.diagnostic(`at most ${most} within any ${LIMIT.windowMs} ms, of ${LIMIT.requests} allowed`);
  });

  it("gives the id of each customer it creates to the queue rows-created", async () => {
    const rows = rowsNamed("Reported", 10);
    sendTwice(rows);
    await allDone();
    await until(() => program.collected("rows-created").filter(({ job }) => job === "Reported").length >= rows.length, "too few ids");
    const ids = new Map(program.collected("rows-created").map(({ key, id }) => [key, id]));
    const customers = await direct().iterateCustomers({ last_name: "Reported*" }).toArray({ max: 100 });
    for (const { id, last_name } of customers) assert.equal(ids.get(`key of ${last_name}`), id);
    assert.equal(customers.length, rows.length);
  });

  it("sends a row once that comes to all consumers at the same time", async () => {
    const [row] = rowsNamed("Together", 1);
    relay.requests.length = 0;
    relay.fault = "delay=300";
    for (const consumer of CONSUMERS) program.send(consumer, [row, row]);
    await allDone();
    relay.fault = "";
    assert.equal(creates().length, 1);
    assert.equal((await namesHeld("Together")).length, 1);
  });

  it("sends a corrected row under a new idempotency key, and the uncorrected one that comes late changes nothing", async () => {
    const [right] = rowsNamed("Corrected", 1);
    const wrong = { ...right, customer: { status: "ACTIVE", note: right.key } };
    relay.requests.length = 0;
    for (const row of [wrong, right, wrong]) {
      program.send(0, [row]);
      await allDone();
    }
    assert.equal((await namesHeld("Corrected")).length, 1);
    const bodies = new Map(creates().map(({ headers, body }) => [headers["idempotency-key"], JSON.parse(body)]));
    assert.deepEqual([...bodies.values()], [wrong.customer, right.customer]);
  });

  it("pauses every consumer after a 429", async () => {
    relay.requests.length = 0;
    relay.reply = { status: 429, body: JSON.stringify({ code: "TOO_MANY_REQUESTS", status: 429, retry_after: 1.5 }) };
    const rows = rowsNamed("Paused", 20);
    sendTwice(rows);
    await until(() => relay.requests.length > 0, "no request");
    relay.reply = undefined;
    await allDone();
    const times = relay.requests.map(({ at }) => at);
    const gaps = times.slice(1).map((time, index) => time - times[index]);
    assert.ok(Math.max(...gaps) > 1_000, `the longest time without a request is ${Math.max(...gaps)} ms`);
    assert.equal((await namesHeld("Paused")).length, rows.length);
  });

  it("takes rows over HTTP from who has the token", async () => {
    const rows = rowsNamed("Posted", 3, "posted");
    const post = (body, token = INTAKE_TOKEN, path = "/jobs/posted") =>
      fetch(program.url + path, { method: "POST", body, headers: { authorization: `Bearer ${token}` } });
    const body = rows.map(({ key, customer }) => JSON.stringify({ key, customer })).join("\n");
    assert.equal((await post(body, "another")).status, 401);
    assert.equal((await post(body, INTAKE_TOKEN, "/rows")).status, 404);
    const refused = await post(`${body}\n{ "key": "" }`);
    assert.deepEqual([refused.status, await refused.text()], [400, "Line 4 is not a row. Nothing was taken.\n"]);
    assert.deepEqual(await namesHeld("Posted"), []);
    const taken = await post(`${body}\n\n`);
    assert.deepEqual([taken.status, await taken.json()], [202, { taken: 3 }]);
    await until(async () => (await namesHeld("Posted")).length === 3, "not all rows were created");
  });

  it("keeps nothing of a row or of the API key in its Durable Objects and its log", async () => {
    const [marked] = rowsNamed("Marker", 1);
    program.send(0, [marked, { ...marked, key: "key of Marker-wrong", customer: { status: "ACTIVE", note: "Marker-note" } }]);
    await allDone();
    await program.stop();
    const files = readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`);
    const stored = files.filter((name) => statSync(name).isFile()).map((name) => readFileSync(name, "latin1"));
    assert.ok(stored.some((text) => text.includes("rejected")), "the journals are among the files");
    const logged = program.lines.filter((line) => !line.startsWith("collected "));
    assert.ok(logged.some((line) => line.includes('"verdict":"failed"')), "the log has the rejection");
    for (const text of [...stored, ...logged, ...everyLine.filter((line) => !line.startsWith("collected "))]) {
      for (const secret of ["Marker-", "Bulk-0", sandbox.token, INTAKE_TOKEN]) assert.ok(!text.includes(secret), secret);
    }
    await start();
  });
});
