// The same program in the other Nodes, in Deno and in Bun: enough to see that it runs there.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { BUN, DENO, NODE_MAJORS, node } from "../runtimes/programs.mjs";
import { BIN, ENVELOPE, PACKAGE, SECRET, makeFolder, records, run, start, startServer, until } from "./harness.mjs";

const { sign } = await import(pathToFileURL(`${PACKAGE}/entries/webhooks.js`).href);

/** The permissions that `docs/cli.md` names. `npm:` takes the package that is installed. */
const DENO_RUN = ["run", "--no-prompt", "--node-modules-dir=manual", "--allow-env", "--allow-net=127.0.0.1", "--allow-read", "--allow-write"];

const PROGRAMS = [
  ...NODE_MAJORS.map((major) => [`Node ${major}`, [node(major), BIN]]),
  ["Deno", [DENO, ...DENO_RUN, "npm:synctera-customers"]],
  ["Bun", [BUN, "--no-install", BIN]],
];

let folder;
before(async () => {
  folder = await makeFolder();
});

for (const [name, program] of PROGRAMS) {
  describe(name, () => {
    it("creates, imports, lists and fails as Node does", async () => {
      const environment = { ...(await startServer()), DENO_DIR: `${folder}/deno`, DENO_NO_UPDATE_CHECK: "1" };
      // Deno looks for the package from here.
      const cli = (args, input) => run(args, { env: environment, cwd: process.env.CONSUMER, program, input });
      await writeFile(`${folder}/rows.csv`, "status,last_name\nACTIVE,Ash\nWRONG,Birch\n");
      const created = await cli(["create", "-"], '{"status":"PROSPECT"}');
      assert.deepEqual([created.code, created.stderr], [0, ""]);
      const imported = await cli(["import", `${folder}/rows.csv`, "--checkpoint", `${folder}/${name}`, "--failed", `${folder}/failed`]);
      assert.equal(imported.code, 1, imported.stderr);
      assert.deepEqual(JSON.parse(imported.stdout), { total: 2, created: 1, failed: 1, unknown: 0, skipped: 0 });
      const listed = await cli(["list", "--all", "--fields", "status"]);
      assert.deepEqual([listed.code, records(listed.stdout).length], [0, 2]);
      assert.equal((await cli(["list", "--limit", "0"])).code, 2);
      assert.equal((await cli(["get", "00000000-0000-4000-8000-000000000000"])).code, 1);
    });

    it("listens for webhooks, and answers one that is too large", async () => {
      const env = { SYNCTERA_WEBHOOK_SECRET: SECRET, DENO_DIR: `${folder}/deno`, DENO_NO_UPDATE_CHECK: "1" };
      const { child, output, ended } = start(["listen", "--port", "0"], { env, cwd: process.env.CONSUMER, program });
      await until(() => output.stderr.includes("Listening"));
      const url = /http:\S+/.exec(output.stderr)[0];
      const post = async (body) => (await fetch(url, { method: "POST", body, headers: await sign(body, { secrets: SECRET }) })).status;
      assert.equal(await post(JSON.stringify(ENVELOPE)), 204);
      assert.equal(await post("x".repeat(16 << 20)), 413);
      child.kill("SIGINT");
      assert.equal((await ended).stdout, "CUSTOMER.UPDATED event-1\n");
    });
  });
}
