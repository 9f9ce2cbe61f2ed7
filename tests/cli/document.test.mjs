// docs/cli.md: its examples run, and it names every command, option and exit code.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { BIN, PACKAGE, SECRET, makeFolder, run, start, startServer, until } from "./harness.mjs";

const { sign } = await import(pathToFileURL(`${PACKAGE}/entries/webhooks.js`).href);
const DOCUMENT = await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");
const EXAMPLES = [...DOCUMENT.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code]) => code);

describe("docs/cli.md", () => {
  let env;
  let cwd;
  before(async () => {
    cwd = await makeFolder();
    const PATH = `${BIN.slice(0, BIN.lastIndexOf("/"))}:${process.env.PATH}`;
    env = { ...(await startServer("--seed", "5")), PATH, SYNCTERA_WEBHOOK_SECRET: SECRET };
    const body = '{"id":"e","type":"CUSTOMER.CREATED","event_time":"t","url":"u","webhook_id":"w"}';
    const headers = Object.entries(await sign(body, { secrets: SECRET }));
    await writeFile(`${cwd}/webhook.json`, body);
    await writeFile(`${cwd}/headers.txt`, headers.map((header) => `${header.join(": ")}\n`).join(""));
    await writeFile(`${cwd}/secret.txt`, SECRET);
    // Customers whose ids the examples name.
    const { stdout } = await run(["list", "--limit", "1", "--fields", "id"], { env });
    env.ID = JSON.parse(stdout).id;
  });

  assert.ok(EXAMPLES.length >= 8, "the examples were not found");
  // In order: an example may use what another has made.
  for (const code of EXAMPLES) {
    it(code.split("\n").find((line) => !line.startsWith("#")), async () => {
      if (/synctera-customers (listen|sandbox)/.test(code)) {
        const { child, output, ended } = start(["-euc", `exec ${code}`], { env, cwd, program: ["sh"] });
        await until(() => output.stderr.includes("Listening") || output.stdout.includes("SYNCTERA_API_KEY"));
        child.kill("SIGINT");
        assert.equal((await ended).code, 130);
        return;
      }
      const { code: exitCode, stdout, stderr } = await run(["-euc", code], { env, cwd, program: ["sh"] });
      assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
    });
  }

  it("names every command and every option", async () => {
    const commands = [...(await run(["--help"])).stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name);
    for (const command of commands) {
      assert.match(DOCUMENT, new RegExp(`\`${command}\\b`), command);
      const help = (await run([command, "--help"])).stdout;
      for (const [, option] of help.matchAll(/(--[a-z][a-z0-9-]+)/g)) assert.ok(DOCUMENT.includes(option) || option === "--help", option);
    }
  });
});
