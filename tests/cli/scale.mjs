// Imports many rows by the command line, kills it at random moments, and compares what the sandbox then holds with the
// rows, one by one. A test runs it with few rows, `cargo xtask scale` with as many as it is given.
//
// Environment: CONSUMER, SANDBOX; run as a program also ROWS, KILLS, SEED, FOLDER. It prints its figures as JSON.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { startSandboxWithToken } from "../runtimes/sandbox.mjs";

const PACKAGE = `${process.env.CONSUMER}/node_modules/synctera-customers`;
const BIN = `${process.env.CONSUMER}/node_modules/.bin/synctera-customers`;

/** How many rows are in flight. */
const CONCURRENCY = 50;

/** What the journal gets for a row that is sent and done. */
const JOURNAL_BYTES = ["sending", "done"]
  .map((state) => JSON.stringify({ key: crypto.randomUUID(), state, at: new Date().toISOString() }).length + 1)
  .reduce((sum, length) => sum + length);

/** How often the journal's size, the memory and the processor time are read, in milliseconds. */
const INTERVAL_MS = 10;

const FIRST_NAMES = ["Ottoline", "Caspian", "Zoë", "Ingvar", "Mirela", "Tomás", "Anneke", "Björn"];
const LAST_NAMES = ["Quayle", "Ash", "O'Dell", "Vale", "Thorne", "Lindqvist", "Marsh", "Ōno"];
const CITIES = [["Madison", "WI", "53703"], ["Salem", "OR", "97301"], ["Dover", "DE", "19901"], ["Boise", "ID", "83702"]];

/** Random numbers in [0, 1) that follow from a seed: mulberry32. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A fictional person. No such phone number, tax number or domain is ever assigned. */
export function rowOf(number, seed) {
  const random = randomFrom(seed + Math.imul(number, 0x9e3779b1));
  const whole = (below) => Math.floor(random() * below);
  const digits = (count) => String(whole(10 ** count)).padStart(count, "0");
  const pick = (list) => list[whole(list.length)];
  const [city, state, postal_code] = pick(CITIES);
  return {
    status: pick(["ACTIVE", "PROSPECT"]),
    first_name: pick(FIRST_NAMES),
    last_name: pick(LAST_NAMES),
    dob: `${1940 + whole(60)}-0${1 + whole(9)}-1${whole(10)}`,
    email: `person.${number}@example.com`,
    phone_number: `+120255501${digits(2)}`,
    ssn: `900-${10 + whole(40)}-${digits(4)}`,
    legal_address: { address_line_1: `${1 + whole(999)} Willow Walk`, city, state, postal_code, country_code: "US" },
    metadata: { row: String(number) },
  };
}

async function writeRows(file, rows, seed) {
  const lines = function* () {
    for (let number = 0; number < rows; number += 1) yield `${JSON.stringify(rowOf(number, seed))}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
}

/** Notes which rows were found and under which id; fails if one is not as it was sent, or comes twice. */
class Found {
  count = 0;
  #seed;
  #ids;

  constructor(rows, seed) {
    this.#seed = seed;
    this.#ids = Buffer.alloc(16 * rows);
  }

  add(customer) {
    const number = Number(customer.metadata?.row);
    const { ssn, ...sent } = rowOf(number, this.#seed);
    assert.ok(isIn(sent, customer), `row ${number} is not as it was sent`);
    assert.equal(customer.ssn, ssn.slice(-4), `row ${number}`);
    const id = this.#idOf(number);
    assert.equal(id?.every((byte) => byte === 0), true, `row ${number} is there twice, or is none of the rows`);
    id.set(Buffer.from(customer.id.replaceAll("-", ""), "hex"));
    this.count += 1;
  }

  /** Fails unless both found all rows, each under the same id. */
  equals(other) {
    assert.equal(this.count, this.#ids.length / 16, "rows are lost");
    assert.equal(other.count, this.count, "rows are lost");
    assert.ok(this.#ids.equals(other.#ids), "the same row has two ids");
  }

  #idOf(number) {
    return Number.isInteger(number) && 16 * number < this.#ids.length ? this.#ids.subarray(16 * number, 16 * number + 16) : undefined;
  }
}

/** Whether all that was sent is there. The API adds fields. */
function isIn(sent, stored) {
  if (typeof sent !== "object") return sent === stored;
  return Object.keys(sent).every((name) => isIn(sent[name], stored?.[name]));
}

/**
 * The most memory that a process has had resident so far, in bytes, and its processor time, in seconds; nothing where
 * the system does not say, or once the process has ended.
 */
function usageOf(pid) {
  try {
    const peakBytes = 1024 * Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    const numbers = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop().split(" ");
    // utime and stime, in hundredths of a second.
    return peakBytes > 0 ? { peakBytes, cpuSeconds: (Number(numbers[11]) + Number(numbers[12])) / 100 } : {};
  } catch {
    return {};
  }
}

const sizeOf = (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const secondsSince = (start) => (performance.now() - start) / 1000;

/**
 * Runs the command line to its end, or until `isDue` says that it is to be killed.
 *
 * @param {string[]} args
 * @param {object} env
 * @param {{ isDue?: () => boolean, onLine?: (line: string) => void }} options
 */
async function run(args, env, { isDue = () => false, onLine }) {
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  const start = performance.now();
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) onLine?.(line);
  })();
  // A line that fails its check ends the command; the error is thrown below.
  read.catch(() => child.kill("SIGKILL"));
  const closed = once(child, "close");
  let usage = { peakBytes: 0, cpuSeconds: 0 };
  while (child.exitCode === null && child.signalCode === null) {
    usage = { ...usage, ...usageOf(child.pid) };
    if (isDue()) child.kill("SIGKILL");
    await sleep(INTERVAL_MS);
  }
  const [[code, signal]] = await Promise.all([closed, read]);
  return { end: signal ?? code, seconds: secondsSince(start), ...usage };
}

/**
 * @param {{ rows: number, kills: number, seed: number, folder: string, say?: (text: string) => void }} options
 * @returns {Promise<object>} the figures; it rejects if a row is lost, changed or there twice
 */
export async function importWithKills({ rows, kills, seed, folder, say = () => {} }) {
  const [file, journal, database] = ["rows.jsonl", "rows.journal", "sandbox.db"].map((name) => `${folder}/${name}`);
  await writeRows(file, rows, seed);
  const token = crypto.randomUUID();
  const sandbox = await startSandboxWithToken(token, "--db", database);
  const env = { SYNCTERA_BASE_URL: sandbox.baseUrl, SYNCTERA_API_KEY: token };
  const args = ["import", file, "--checkpoint", journal, "--key", "metadata.row", "--concurrency", String(CONCURRENCY)];
  try {
    const random = randomFrom(seed);
    // As parts of all rows; not so late that the import could end before.
    const moments = Array.from({ length: kills }, () => 0.95 * random()).sort((a, b) => a - b);
    const runs = [];
    for (const moment of moments) {
      const before = sizeOf(journal);
      // Not before this run has sent something, and up to 20 ms later: at any point of what a row goes through.
      const bytes = Math.max(moment * rows * JOURNAL_BYTES, before + 1);
      let delayMs = 20 * random();
      const killed = await run(args, env, { isDue: () => sizeOf(journal) >= bytes && (delayMs -= INTERVAL_MS) < 0 });
      assert.equal(killed.end, "SIGKILL", "the import has ended before it was killed");
      say(`killed after ${killed.seconds.toFixed(1)} s, with ${sizeOf(journal)} bytes in the journal`);
      runs.push(killed);
    }
    const imported = await importToEnd(args, env);
    say(`imported in ${imported.seconds.toFixed(1)} s`);
    assert.equal(imported.counts.created + imported.counts.skipped, rows);
    runs.push(imported);
    const repeated = await importToEnd(args, env);
    say(`repeated in ${repeated.seconds.toFixed(1)} s`);
    assert.equal(repeated.counts.skipped, rows);
    const listed = await list(env, rows, seed);
    say(`listed in ${listed.seconds.toFixed(1)} s`);
    const exported = await exportAll(env, rows, seed);
    say(`exported in ${exported.seconds.toFixed(1)} s`);
    listed.found.equals(exported.found);
    const importSeconds = runs.reduce((sum, { seconds }) => sum + seconds, 0);
    return {
      rows,
      kills,
      seed,
      concurrency: CONCURRENCY,
      importSeconds,
      rowsPerSecond: rows / importSeconds,
      importCpuSeconds: runs.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      importPeakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
      repeatSeconds: repeated.seconds,
      repeatPeakBytes: repeated.peakBytes,
      listSeconds: listed.seconds,
      exportSeconds: exported.seconds,
      exportPeakBytes: exported.peakBytes,
      fileBytes: sizeOf(file),
      journalBytes: sizeOf(journal),
    };
  } finally {
    sandbox.stop();
    await Promise.all([file, journal, database, `${database}-wal`, `${database}-shm`].map((path) => rm(path, { force: true })));
  }
}

async function importToEnd(args, env) {
  let counts;
  const finished = await run(args, env, { onLine: (line) => (counts = JSON.parse(line)) });
  assert.equal(finished.end, 0);
  assert.deepEqual([counts.failed, counts.unknown], [0, 0]);
  return { ...finished, counts };
}

/** Reads all customers by the package's iterator. */
async function list(env, rows, seed) {
  const { CustomersApi } = await import(pathToFileURL(`${PACKAGE}/entries/node.js`).href);
  const api = new CustomersApi({ accessToken: env.SYNCTERA_API_KEY, baseUrl: env.SYNCTERA_BASE_URL });
  const found = new Found(rows, seed);
  const start = performance.now();
  for await (const customer of api.iterateCustomers({}, { prefetch: true })) found.add(customer);
  return { found, seconds: secondsSince(start) };
}

/** Reads all customers by the command. */
async function exportAll(env, rows, seed) {
  const found = new Found(rows, seed);
  const exported = await run(["export"], env, { onLine: (line) => found.add(JSON.parse(line)) });
  assert.equal(exported.end, 0);
  return { found, ...exported };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { ROWS, KILLS, SEED, FOLDER } = process.env;
  const figures = await importWithKills({ rows: Number(ROWS), kills: Number(KILLS), seed: Number(SEED), folder: FOLDER, say: console.error });
  console.log(JSON.stringify(figures));
}
