// Images of the console's main views, into the folder that is named. `cargo xtask screenshots` starts it.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { arm, connect, launch, openTab } from "./browser.mjs";
import { startConsole } from "./console-server.mjs";

const [, , folder] = process.argv;

async function takeAll(tab, url, sandbox) {
  const button = (name) => tab.getByRole("button", { name, exact: true });
  const take = (name) => tab.screenshot({ path: join(folder, `${name}.png`) });
  const openNewForm = async () => {
    await tab.getByRole("navigation").getByRole("link", { name: "New customer" }).click();
    await tab.getByRole("combobox", { name: /^Status/ }).selectOption("ACTIVE");
    await tab.getByLabel("First name", { exact: true }).fill("Ottoline");
    await tab.getByLabel("Last name", { exact: true }).fill("Quay");
  };
  await connect(tab, url, sandbox);
  await tab.locator("tr[data-id]").first().waitFor();
  await take("list");
  await tab.locator("tr[data-id] a").first().click();
  await tab.getByRole("heading", { name: "Record" }).waitFor();
  await take("customer");
  await openNewForm();
  await arm(tab, "do it, then lose the response");
  await take("form");
  await button("Create").click();
  await tab.getByRole("status").getByText("Created").waitFor();
  await button("Inspector").click();
  await tab.locator(".calls > li").filter({ hasText: "POST" }).locator("summary").click();
  await take("inspector");
}

await mkdir(folder, { recursive: true });
const sandbox = await startSandbox("--seed", "120");
const server = await startConsole();
const browser = await launch();
try {
  const { tab } = await openTab(browser, { colorScheme: "light", viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  await takeAll(tab, server.url, sandbox);
} finally {
  await browser.close();
  server.stop();
  sandbox.stop();
}
