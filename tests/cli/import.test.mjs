// Imports: each row once, however often they are repeated.
import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { before, describe, it } from "node:test";
import { PERSON, assertSilent, lines, makeFolder, records, run, start, startServer, until } from "./harness.mjs";

let cwd;
before(async () => {
  cwd = await makeFolder();
});

const customersOf = async (env, ...args) => records((await run(["export", ...args], { env })).stdout);
const countsOf = ({ stdout }) => JSON.parse(stdout);
/** So small that a file of them is read in one piece. */
const smallRowsOf = (count) => rowsOf(count).map(({ metadata }) => ({ status: "PROSPECT", metadata }));
const rowsOf = (count) => Array.from({ length: count }, (_, row) => ({ ...PERSON, metadata: { row: String(row) } }));
const asCsv = (rows) =>
  ["status,last_name,email,metadata", ...rows.map(({ status, last_name, email, metadata }) => `${status},${last_name},${email},"${JSON.stringify(metadata).replaceAll('"', '""')}"`), ""].join("\n");

describe("an import", () => {
  for (const [format, text] of [["csv", asCsv], ["jsonl", (rows) => rows.map((row) => JSON.stringify(row)).join("\n")]]) {
    it(`of ${format} creates a customer for each row, and skips them when it is repeated`, async () => {
      const env = await startServer();
      await writeFile(`${cwd}/all.${format}`, text(rowsOf(20)));
      const args = ["import", `all.${format}`, "--checkpoint", `${format}.journal`, "--key", "metadata.row"];
      const first = await run(args, { env, cwd });
      assert.deepEqual([first.code, first.stderr], [0, ""]);
      assert.deepEqual(countsOf(first), { total: 20, created: 20, failed: 0, unknown: 0, skipped: 0 });
      assert.deepEqual(countsOf(await run(args, { env, cwd })), { total: 20, created: 0, failed: 0, unknown: 0, skipped: 20 });
      const rows = (await customersOf(env)).map(({ metadata }) => Number(metadata.row));
      assert.deepEqual(rows.sort((a, b) => a - b), [...Array(20).keys()]);
      assertSilent(await readFile(`${cwd}/${format}.journal`, "utf8"));
    });
  }

  it("without a checkpoint sends the same idempotency keys again, and creates nothing twice", async () => {
    const env = await startServer();
    for (let times = 0; times < 2; times += 1) await run(["import", "-"], { env, input: rowsOf(5).map((row) => JSON.stringify(row)).join("\n") });
    assert.equal((await customersOf(env)).length, 5);
  });

  it("writes failed rows to a file that can be corrected and imported again", async () => {
    const env = await startServer();
    const rows = rowsOf(6).map((row, index) => (index % 3 === 2 ? { ...row, status: "WRONG" } : row));
    await writeFile(`${cwd}/rows.csv`, asCsv(rows));
    const { code, stdout, stderr } = await run(["import", "rows.csv", "--failed", "failed.csv", "--checkpoint", "failed.journal"], { env, cwd });
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(stdout), { total: 6, created: 4, failed: 2, unknown: 0, skipped: 0 });
    assert.match(stderr, /^line 4: failed: createCustomer: customer\.status: .*\nline 7: failed: .*\n.*2 failed; --failed has them\.\n$/);
    const failed = await readFile(`${cwd}/failed.csv`, "utf8");
    assert.equal(failed, asCsv([rows[2], rows[5]]));
    assert.equal((await stat(`${cwd}/failed.csv`)).mode & 0o777, 0o600);
    await writeFile(`${cwd}/corrected.csv`, failed.replaceAll("WRONG", "PROSPECT"));
    const again = await run(["import", "corrected.csv", "--checkpoint", "failed.journal"], { env, cwd });
    assert.deepEqual([again.code, countsOf(again).created], [0, 2]);
    assert.equal((await customersOf(env)).length, 6);
  });

  it("reports what the server rejects by line and field, and sends it again when it is corrected", async () => {
    const env = await startServer("--strict-active");
    const row = (status) => JSON.stringify({ status, metadata: { row: "1" } });
    const args = ["import", "-", "--checkpoint", "rejected.journal", "--key", "metadata.row"];
    const rejected = await run(args, { env, cwd, input: row("ACTIVE") });
    assert.equal(rejected.code, 1);
    assert.match(rejected.stderr, /^line 1: failed: createCustomer failed: 400 BAD_REQUEST_BODY.* missing: first_name, last_name, dob\n/);
    assert.deepEqual(countsOf(await run(args, { env, cwd, input: row("PROSPECT") })).created, 1);
  });

  it("begins no more requests in a second than it may", async () => {
    const env = await startServer();
    const start = performance.now();
    const { code } = await run(["import", "-", "--max-requests-per-second", "10"], { env, input: asJsonLines(rowsOf(12)) });
    assert.equal(code, 0);
    // Eleven waits of 100 ms.
    assert.ok(performance.now() - start >= 1100);
  });

  it("stops with exit code 4 when the token is rejected", async () => {
    const env = { ...(await startServer()), SYNCTERA_API_KEY: "another" };
    const { code, stdout, stderr } = await run(["import", "-", "--concurrency", "2"], { env, input: asJsonLines(rowsOf(50)) });
    assert.deepEqual([code, stdout], [4, ""]);
    assert.ok(lines(stderr).length < 10, stderr);
  });

  it("does not overwrite the file that it reads", async () => {
    const env = await startServer();
    await writeFile(`${cwd}/own.csv`, asCsv(rowsOf(1)));
    const { code } = await run(["import", "own.csv", "--failed", "./own.csv"], { env, cwd });
    assert.equal(code, 2);
    assert.equal(await readFile(`${cwd}/own.csv`, "utf8"), asCsv(rowsOf(1)));
  });

  it("in a dry run checks every row, prints the requests and sends nothing", async () => {
    const rows = rowsOf(3);
    rows[1].status = "WRONG";
    const nowhere = { SYNCTERA_BASE_URL: "http://127.0.0.1:9/v0" };
    const { code, stdout, stderr } = await run(["import", "-", "--dry-run"], { env: nowhere, input: asJsonLines(rows) });
    assert.equal(code, 1);
    assertSilent(stdout);
    assert.deepEqual(records(stdout).map(({ method, body }) => [method, body.ssn]), [["POST", "[secret]"], ["POST", "[secret]"]]);
    assert.match(stderr, /^line 2: .*customer\.status.*\n.*1 rows would fail\. Nothing was sent\.\n$/);
  });

  it("needs confirmation of production", async () => {
    const { code, stderr } = await run(["import", "-", "--environment", "production"], { env: { SYNCTERA_API_KEY: "x" }, input: "" });
    assert.equal(code, 2);
    assert.match(stderr, /create customers in production: give --yes/);
  });
});

describe("an import that is stopped", () => {
  const COUNT = 1200;

  for (const [signal, expected] of [["SIGINT", 130], ["SIGKILL", "SIGKILL"]]) {
    it(`by ${signal} resumes, and creates each row once`, async () => {
      const env = await startServer();
      const journal = `${signal}.journal`;
      const args = ["import", "many.jsonl", "--checkpoint", journal, "--concurrency", "4"];
      await writeFile(`${cwd}/many.jsonl`, asJsonLines(smallRowsOf(COUNT)));
      const { child, ended } = start(args, { env, cwd });
      await until(async () => ((await stat(`${cwd}/${journal}`).catch(() => undefined))?.size ?? 0) > 10_000);
      child.kill(signal);
      const { code, stdout } = await ended;
      assert.equal(code, expected);
      const states = lines(await readFile(`${cwd}/${journal}`, "utf8")).map((line) => JSON.parse(line));
      const done = states.filter(({ state }) => state === "done").length;
      assert.ok(done > 0 && done < COUNT, String(done));
      if (signal === "SIGINT") {
        // What was in flight has been settled: no row was begun that is not done.
        assert.equal(states.filter(({ state }) => state === "sending").length, done);
        assert.equal(JSON.parse(stdout).created, done);
      }
      const rest = await run(args, { env, cwd });
      assert.equal(rest.code, 0, rest.stderr);
      assert.equal(countsOf(rest).skipped, done);
      assert.equal(countsOf(rest).created, COUNT - done);
      assert.equal((await customersOf(env, "--fields", "id")).length, COUNT);
    });
  }
});

function asJsonLines(rows) {
  return rows.map((row) => JSON.stringify(row)).join("\n");
}
