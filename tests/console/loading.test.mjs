// The server of `cargo xtask demo` with browsers that open many connections at once: every load of
// the page finishes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, openTab } from "./browser.mjs";
import { startConsole } from "./console-server.mjs";

const LOADS = 50;

let server;
let browser;

before(async () => {
  server = await startConsole();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.stop();
});

describe("the page", () => {
  it(`loads ${LOADS} times in new browser contexts, and shows the form each time`, async () => {
    for (let load = 1; load <= LOADS; load += 1) {
      const { tab, problems } = await openTab(browser);
      // No connection and no cached file is left from the load before.
      await tab.goto(server.url).catch((error) => assert.fail(`load ${load}: ${error.message}`));
      await tab.getByRole("heading", { level: 1, name: "Connect" }).waitFor();
      assert.deepEqual(problems, [], `load ${load}: the page reported problems`);
      await tab.context().close();
    }
  });
});
