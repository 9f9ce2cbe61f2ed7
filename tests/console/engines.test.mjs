// The console in Firefox and WebKit, by real clicks and keys. The other files go further, in Chromium.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { ENGINES } from "../runtimes/webdriver.mjs";
import { startConsole } from "./console-server.mjs";
import { KEYS, button, field, heading, link, openDrivenPage, text } from "./driven-page.mjs";
import { callSandbox } from "./harness.mjs";

const SEED = 60;
const ROWS = "//tr[@data-id]";
const IDLE = '//table[@aria-busy="false"]';

let sandbox;
let server;

before(async () => {
  sandbox = await startSandbox("--seed", String(SEED));
  server = await startConsole();
});

after(() => {
  server?.stop();
  sandbox?.stop();
});

const customersCalled = async (lastName) => (await callSandbox(sandbox, "GET", `/customers?last_name=${lastName}`)).customers;

for (const engine of ["firefox", "webkit"]) {
  const { name } = ENGINES[engine];
  const lastName = (of) => `${of}${name}`;

  describe(name, () => {
    let page;
    before(async () => (page = await openDrivenPage(engine)));
    after(() => page?.close());

    beforeEach(async () => {
      await page.resize(1280, 900);
      await page.goto(server.url);
      await page.fill("Base URL", sandbox.baseUrl);
      await page.fill("Token", sandbox.token);
      await page.evaluate(() => {
        window.problems = [];
        addEventListener("error", ({ message }) => window.problems.push(message));
        addEventListener("unhandledrejection", ({ reason }) => window.problems.push(String(reason)));
        addEventListener("securitypolicyviolation", (event) => window.problems.push(`${event.violatedDirective} ${event.blockedURI}`));
      });
      await page.click(button("Connect"));
      await page.waitFor(ROWS);
    });
    afterEach(async () => {
      assert.deepEqual(await page.evaluate(() => window.problems), [], "the page reported problems");
    });

    it("loads customers while the page is scrolled, until all are there", async () => {
      assert.equal(await page.count(ROWS), 25);
      await page.click(heading("Customers"));
      await page.until(async () => {
        await page.press(KEYS.end);
        return (await page.count(text("that is all"))) > 0;
      });
      assert.ok((await page.count(ROWS)) >= SEED);
    });

    it("filters by the beginning of a name that is typed after `/`", async () => {
      const { id } = await callSandbox(sandbox, "POST", "/customers", { status: "PROSPECT", last_name: lastName("Sought") });
      await page.press("/");
      await page.type(`Sought${name.slice(0, 3)}`);
      await page.until(async () => (await page.count(ROWS)) === 1);
      await page.waitFor(`//tr[@data-id="${id}"]`);
      await page.waitFor(button(`Remove filter Last name: Sought${name.slice(0, 3)}`));
    });

    it("creates a customer once whose first response is lost, and shows both attempts", async () => {
      await page.click(link("New customer"));
      await page.choose("Status", "PROSPECT");
      await page.fill("First name", "Ottoline");
      await page.fill("Last name", lastName("Lost"));
      await page.click(button("Inspector"));
      await page.choose("Fault", "do it, then lose the response");
      await page.click(button("Arm"));
      await page.click(button("Inspector"));
      await page.click(button("Create"));
      await page.waitFor(text("Created: Ottoline"));
      await page.click(button("Inspector"));
      await page.waitFor(`//ol[@aria-label="Calls"]/li[contains(., "POST")]${text("2 attempts")}`);
      assert.equal((await customersCalled(lastName("Lost"))).length, 1);
    });

    it("opens a customer by the palette, and changes it after a review", async () => {
      const { id } = await callSandbox(sandbox, "POST", "/customers", { status: "PROSPECT", last_name: lastName("Changed") });
      await page.press(KEYS.control, "k");
      await page.waitFor('//dialog[@aria-label="Commands"]');
      await page.type(id);
      await page.press(KEYS.enter);
      await page.waitFor(heading("Record"));
      await page.click(link("Edit"));
      await page.fill("E-mail", "changed@example.com");
      await page.click(button("Save changes"));
      await page.waitFor('//table[@class="changes"]//td[normalize-space()="changed@example.com"]');
      await page.click(button("Send"));
      await page.waitFor(text("Saved"));
      assert.equal((await callSandbox(sandbox, "GET", `/customers/${id}`)).email, "changed@example.com");
    });

    it("shows the keys and closes them", async () => {
      await page.press("?");
      await page.waitFor(heading("Keys"));
      await page.press(KEYS.escape);
      await page.until(async () => (await page.count("//dialog[@open]")) === 0);
    });

    it("marks a field that is wrong, and sends nothing", async () => {
      await page.click(link("New customer"));
      await page.choose("Status", "PROSPECT");
      await page.fill("Date of birth", "yesterday");
      await page.click(button("Create"));
      await page.waitFor(`${field("Date of birth")}[@aria-invalid="true"]`);
      await page.waitFor(text("Not sent: one field has to be corrected."));
    });

    it("fits a narrow window", async () => {
      await page.resize(400, 800);
      await page.waitFor(IDLE);
      const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= window, `${content} px in a window of ${window}`);
    });
  });
}
