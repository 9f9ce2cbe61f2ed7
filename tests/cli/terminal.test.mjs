// Behaviour on a terminal, which `script` of util-linux emulates.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { before, describe, it } from "node:test";
import { BIN, makeFolder, start, startServer } from "./harness.mjs";

let env;
let cwd;
before(async () => {
  env = { ...(await startServer("--seed", "30")), TERM: "xterm" };
  cwd = await makeFolder();
});

/** Runs the command line on a terminal; gives the exit code and all that the terminal got. */
async function onTerminal(command, { input = "", environment = env } = {}) {
  const line = `stty cols 70; ${process.execPath} ${BIN} ${command}`;
  const { child, output, ended } = start(["-qec", line, "/dev/null"], { env: environment, cwd, program: ["script"] });
  if (input) {
    child.stdout.on("data", () => {
      if (output.stdout.includes("[y/N]")) child.stdin.end(input);
    });
  } else child.stdin.end();
  const { code } = await ended;
  return { code, screen: output.stdout.replaceAll("\r\n", "\n") };
}

describe("on a terminal", () => {
  it("a list is a table that fits", async () => {
    const { code, screen } = await onTerminal("list --limit 2 --quiet");
    assert.equal(code, 0);
    const rows = screen.trimEnd().split("\n");
    assert.match(rows[0], /^id +status +kyc_status/);
    assert.equal(rows.length, 3);
    assert.ok(rows.every((row) => [...row].length <= 70), screen);
  });

  it("a write to production needs a yes", async () => {
    const environment = { ...env, SYNCTERA_BASE_URL: undefined };
    const { code, screen } = await onTerminal("create '{\"status\":\"PROSPECT\"}' --environment production", { input: "n\n", environment });
    assert.equal(code, 2, screen);
    assert.match(screen, /This will create a customer in production\. Continue\? \[y\/N\]/);
    assert.match(screen, /Nothing was sent\./);
  });

  it("an import shows its progress, and the counts at the end", async () => {
    await writeFile(`${cwd}/rows.jsonl`, Array.from({ length: 400 }, (_, row) => `{"status":"PROSPECT","metadata":{"row":${row}}}`).join("\n"));
    const { code, screen } = await onTerminal("import rows.jsonl --concurrency 4");
    assert.equal(code, 0, screen);
    assert.match(screen, /\r\d+ created, 0 failed, 0 unknown, 0 skipped, \d+\/s, \d+ left/);
    assert.match(screen, /created +400\n/);
  });

  it("no progress is shown with --quiet", async () => {
    const { screen } = await onTerminal("import rows.jsonl --quiet");
    assert.ok(!screen.includes("left"), screen);
  });
});
