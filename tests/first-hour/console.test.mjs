// The first hour in the console: a customer is created, its response lost on purpose, the retry seen, and the
// call copied into a new project of Vite.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { serve } from "../bundlers/app.mjs";
import { arm, openTab } from "../console/browser.mjs";
import { useConsole } from "../console/harness.mjs";
import { TSC, createProject, run } from "./project.mjs";

const page = useConsole(30);

/** Creates a customer whose first response is lost, and copies the call; returns the customer's id and the copy. */
async function createAndCopy() {
  await page.open({ permissions: ["clipboard-read", "clipboard-write"] });
  const { tab, requests } = page;
  await tab.getByRole("main").getByRole("link", { name: "New customer" }).click();
  await tab.getByRole("combobox", { name: /^Status/ }).selectOption("PROSPECT");
  await tab.getByLabel("Last name", { exact: true }).fill("Quay");
  await arm(tab, "do it, then lose the response");
  await tab.getByRole("button", { name: "Create", exact: true }).click();
  await tab.getByRole("status").getByText("Created").waitFor();
  await tab.getByRole("button", { name: "Inspector", exact: true }).click();
  const post = tab.locator(".calls > li").filter({ hasText: "POST" });
  await post.getByText("2 attempts").waitFor();
  await post.locator("summary").click();
  await post.getByRole("button", { name: "TypeScript for Vite" }).click();
  await post.getByRole("button", { name: "Copied" }).waitFor();
  const copy = await tab.evaluate(() => navigator.clipboard.readText());
  const { id } = await (await requests.findLast((request) => request.method() === "POST").response()).json();
  await page.close();
  return { id, copy };
}

describe("the console's copy of a call whose response was lost", () => {
  it("compiles and runs in a new project of Vite, and gives the same customer", async () => {
    const { id, copy } = await createAndCopy();
    const app = await createProject("vite", ["vite"]);
    await mkdir(`${app}/src`);
    await writeFile(`${app}/src/main.ts`, copy);
    await writeFile(`${app}/.env.local`, `VITE_SYNCTERA_API_KEY=${page.sandbox.token}\n`);
    assert.equal((await run(app, process.execPath, [TSC, "--project", "."])).printed, "");
    const server = await serve(app, "vite --host localhost --port 0");
    try {
      const { tab, context } = await openTab(page.browser);
      const logged = tab.waitForEvent("console", (message) => message.type() === "log");
      await tab.goto(server.url);
      const customer = await (await logged).args()[0].jsonValue();
      assert.deepEqual([customer.id, customer.last_name], [id, "Quay"]);
      await context.close();
    } finally {
      await server.stop();
    }
  });
});
