// The exactly-once run and the soak: small by default, large by `cargo xtask faults --soak`.
//
// Environment: FAULTS_CUSTOMERS, FAULTS_CALLS, the sizes; FAULTS_SEED, to repeat a run.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { report } from "./report.mjs";
import { install } from "./runtimes.mjs";

const { CONSUMER, FAULTS_CUSTOMERS, FAULTS_CALLS, FAULTS_SEED } = process.env;

/** Runs a script next to the installed package, for as long as it takes. */
async function run(script, args, environment) {
  const folder = await install(CONSUMER);
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [...args, `${folder}/${script}`], {
    env: { ...inherited, ...environment },
  });
  return JSON.parse(stdout);
}

/** A test that is also a line of the report. */
function reported(name, kind, test) {
  it(name, async () => {
    const line = { kind, ok: false };
    try {
      await test(line);
      line.ok = true;
    } finally {
      await report(line);
    }
  });
}

describe("long runs", { concurrency: false }, () => {
  reported("through a bad network, each create and each patch happens exactly once", "exactly-once", async (line) => {
    const seed = FAULTS_SEED ?? String(Math.floor(Math.random() * 2 ** 32));
    const customers = Number(FAULTS_CUSTOMERS ?? 300);
    const sandbox = await startSandbox();
    try {
      const { baseUrl, token } = sandbox;
      const environment = { BASE_URL: baseUrl, TOKEN: token, CUSTOMERS: String(customers), SEED: seed };
      Object.assign(line, await run("exactly-once.mjs", [], environment));
    } catch (cause) {
      throw new Error(`with FAULTS_SEED=${seed}, which draws the same faults again`, { cause });
    } finally {
      sandbox.stop();
    }
    const { rows, duplicates, lostCreates, lostPatches, faults, repeatedByKey } = line;
    assert.deepEqual(
      { seed, rows, duplicates, lostCreates, lostPatches },
      { seed, rows: customers, duplicates: 0, lostCreates: 0, lostPatches: 0 },
    );
    assert.equal(Object.keys(faults).length, 5, "every kind of fault was drawn");
    assert.ok(repeatedByKey > 0, "some calls ended and were repeated by key");
  });

  reported("many calls on one client leave no memory behind", "soak", async (line) => {
    const calls = String(FAULTS_CALLS ?? 50_000);
    Object.assign(line, await run("soak.mjs", ["--expose-gc"], { CALLS: calls }));
    const { before, after, ended, listeners } = line;
    assert.equal(ended.untyped, undefined);
    assert.ok(ended.resolved > 0.9 * Number(calls), "most calls resolved");
    assert.equal(listeners, 0, "no listener stays on a signal");
    for (const what of ["wasm", "heapUsed", "arrayBuffers"]) {
      assert.ok(
        after[what] <= before[what] * 1.1,
        `${what}: ${before[what]} bytes after the warm-up, ${after[what]} at the end`,
      );
    }
  });
});
