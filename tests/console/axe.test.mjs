// axe finds nothing in the console's main views, light and dark, wide and narrow.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { before, describe, it } from "node:test";
import { arm, connect, openTab } from "./browser.mjs";
import { useConsole } from "./harness.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const page = useConsole(30);
let axe;
before(async () => (axe = await readFile(AXE, "utf8")));

/** What axe finds in the page, in words. */
async function findings(tab) {
  // By the debugger, since the page's policy forbids other scripts than its own.
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() => globalThis.axe.run());
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`));
}

/** The main views, each reached from the one before. @type {[string, (tab: any) => Promise<void>][]} */
const VIEWS = [
  ["the form to connect", (tab) => tab.goto(page.server.url)],
  ["the list", async (tab) => {
    await connect(tab, page.server.url, page.sandbox);
    await tab.locator("tr[data-id]").first().waitFor();
  }],
  ["the palette", async (tab) => {
    await tab.keyboard.press("Control+k");
    await tab.getByRole("dialog").waitFor();
  }],
  ["the keys", async (tab) => {
    await tab.keyboard.press("Escape");
    await tab.locator("h1").click();
    await tab.keyboard.press("?");
    await tab.getByRole("dialog", { name: "Keys" }).waitFor();
  }],
  ["a customer", async (tab) => {
    await tab.keyboard.press("Escape");
    await tab.locator("tr[data-id] a").first().click();
    await tab.getByRole("heading", { name: "Record" }).waitFor();
  }],
  ["the form of a change", async (tab) => {
    await tab.getByRole("link", { name: "Edit", exact: true }).click();
    await tab.getByRole("button", { name: "Save changes" }).waitFor();
  }],
  ["marked fields", async (tab) => {
    await tab.getByRole("navigation").getByRole("link", { name: "New customer" }).click();
    await tab.getByRole("button", { name: "Create", exact: true }).click();
    await tab.getByText("Not sent: one field has to be corrected.").waitFor();
  }],
  ["an alert", async (tab) => {
    await tab.keyboard.press("Control+k");
    await tab.keyboard.type("00000000-0000-4000-8000-000000000000");
    await tab.keyboard.press("Enter");
    await tab.getByRole("alert").getByText("No such customer").waitFor();
  }],
  ["the inspector with a retried call open", async (tab) => {
    await tab.getByRole("navigation").getByRole("link", { name: "Customers" }).click();
    await tab.locator("tr[data-id]").first().waitFor();
    await arm(tab, "answer 503", { target: "next call" });
    await tab.getByRole("columnheader", { name: "Created" }).getByRole("button").click();
    await tab.getByRole("button", { name: "Inspector", exact: true }).click();
    await tab.locator(".call-attempts").first().getByText("2 attempts").waitFor();
    await tab.locator(".call-result").first().getByText("200").waitFor();
    await tab.locator(".call > summary").first().click();
    await tab.getByRole("button", { name: "Arm", exact: true }).click();
    await tab.locator(".chip").waitFor();
  }],
];

describe("axe", () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 400]) {
      it(`finds nothing in any view, ${colorScheme}, ${width} pixels wide`, async () => {
        const { tab } = await openTab(page.browser, { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
        for (const [name, reach] of VIEWS) {
          await reach(tab);
          assert.deepEqual(await findings(tab), [], name);
        }
        await tab.context().close();
      });
    }
  }
});
