// The journal in a file of `synctera-customers/bulk`, in every runtime that has files.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { BUN, DENO, NODE_MAJORS, node } from "../runtimes/programs.mjs";

const entry = pathToFileURL(`${process.env.CONSUMER}/node_modules/synctera-customers/entries/bulk.js`).href;
const program = fileURLToPath(new URL("programs/journal.mjs", import.meta.url));
const { NODE_TEST_CONTEXT: _, ...env } = process.env;

let folder;
before(async () => {
  folder = await mkdtemp(`${tmpdir()}/journal-`);
});
after(() => rm(folder, { recursive: true, force: true }));

describe("a journal in a file lets a run go on", () => {
  for (const [name, path, ...args] of [
    ...NODE_MAJORS.map((major) => [`Node ${major}`, node(major)]),
    ["Deno", DENO, "run", "--no-prompt", "--allow-read", "--allow-write", "--no-config"],
    ["Bun", BUN, "run", "--no-install"],
  ]) {
    it(`in ${name}`, async () => {
      const { stdout } = await promisify(execFile)(path, [...args, program, entry, `${folder}/${name}`], { env });
      const counts = { total: 20, created: 0, failed: 0, unknown: 0, skipped: 0 };
      assert.deepEqual(JSON.parse(stdout), [{ ...counts, created: 20 }, { ...counts, skipped: 20 }]);
    });
  }
});
