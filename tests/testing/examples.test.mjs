// Each example by its own runner, next to the installed package.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launch } from "../console/browser.mjs";
import { BUN, DENO } from "../runtimes/programs.mjs";

const { CONSUMER } = process.env;
const EXAMPLES = `${CONSUMER}/examples`;
const TOOLS = fileURLToPath(new URL("node_modules", import.meta.url));
const { NODE_TEST_CONTEXT: _, ...ENVIRONMENT } = process.env;

before(async () => {
  await cp(new URL("examples", import.meta.url), EXAMPLES, { recursive: true });
  await writeFile(`${EXAMPLES}/package.json`, '{ "private": true, "type": "module" }\n');
  // The runners' own modules, and the installed package among them.
  await cp(TOOLS, `${EXAMPLES}/node_modules`, { recursive: true, verbatimSymlinks: true });
  await symlink(`${CONSUMER}/node_modules/synctera-customers`, `${EXAMPLES}/node_modules/synctera-customers`);
});

/** Runs a program among the examples; fails with what it printed. */
function run(path, ...args) {
  const env = { ...ENVIRONMENT, DENO_NO_UPDATE_CHECK: "1", DENO_DIR: `${CONSUMER}/deno`, NO_COLOR: "1" };
  return new Promise((resolve, reject) => {
    execFile(path, args, { cwd: EXAMPLES, env, timeout: 240_000 }, (error, stdout, stderr) =>
      error ? reject(new Error(`${stdout}\n${stderr}`)) : resolve(stdout + stderr),
    );
  });
}

const bin = (path) => `${TOOLS}/${path}`;

describe("the example of", () => {
  it("node:test", () => run(process.execPath, "--test", "node.test.mjs"));
  it("Jest", async () => assert.match(await run(process.execPath, bin("jest/bin/jest.js"), "--ci", "--testMatch", "**/jest.test.cjs"), /1 passed/));
  it("Deno.test", async () => assert.match(await run(DENO, "test", "--no-prompt", "--node-modules-dir=manual", "deno.test.ts"), /1 passed/));
  it("bun test", async () => assert.match(await run(BUN, "test", "./bun.test.ts"), /1 pass/));
  it("MSW", () => run(process.execPath, "--test", "msw.test.mjs"));
  it("Playwright", async () => {
    const require = createRequire(pathToFileURL(`${EXAMPLES}/index.js`));
    assert.ok(require.resolve("synctera-customers/testing"));
    const { showsCustomers } = await import(pathToFileURL(`${EXAMPLES}/playwright.mjs`));
    const browser = await launch();
    try {
      await showsCustomers(await browser.newPage());
    } finally {
      await browser.close();
    }
  });
});
