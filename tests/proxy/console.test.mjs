// The console in Chromium, through the example proxy: it gets the session's token and never a key.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { connect as connectTo } from "../console/browser.mjs";
import { useConsole } from "../console/harness.mjs";
import { buildWorker, copyExample } from "./build.mjs";
import { AUDIENCE, SESSION_SECRET, direct, session } from "./stage.mjs";
import { startWorkers } from "./workers.mjs";

const ADDRESS = { "Line 1": "1 Example Street", City: "Springfield", State: "IL", "Postal code": "62701", Country: "US" };

const page = useConsole(60);
const { rows, button, field, heading, alert } = page;
let workers;

const connect = async ({ url = page.server.url, claims } = {}) => {
  await connectTo(page.tab, url, { baseUrl: `${workers.urls.proxy}/v0`, token: await session(claims) });
};
const notice = () => page.tab.getByRole("status");

async function openNewForm() {
  await connect();
  await rows().first().waitFor();
  await page.tab.getByRole("navigation").getByRole("link", { name: "New customer" }).click();
  await heading("New customer").waitFor();
  await page.tab.getByRole("combobox", { name: /^Status/ }).selectOption("ACTIVE");
}

describe("the console through the proxy", () => {
  before(async () => {
    const { sandbox, server } = page;
    const bindings = {
      SESSION_SECRET,
      SESSION_AUDIENCE: AUDIENCE,
      ALLOWED_ORIGINS: server.url,
      SYNCTERA_API_KEY: sandbox.token,
      SYNCTERA_BASE_URL: sandbox.baseUrl,
    };
    const built = await buildWorker(await copyExample("worker-proxy", "worker-proxy-console"));
    workers = await startWorkers([{ name: "proxy", built, bindings }]);
  });

  after(() => workers?.stop());

  beforeEach(() => page.start({ failing: true }));

  afterEach(async () => {
    await page.close();
    for (const request of page.requests) {
      assert.ok(request.url().startsWith(workers.urls.proxy), request.url());
      assert.ok(!JSON.stringify(request.headers()).includes(page.sandbox.token));
    }
  });

  it("lists, pages and filters", async () => {
    await connect();
    await rows().first().waitFor();
    assert.equal(await rows().count(), 25);
    await button("Load more").scrollIntoViewIfNeeded();
    await page.tab.waitForFunction(() => document.querySelectorAll("tr[data-id]").length >= 50);
    await page.tab.getByRole("search").getByLabel("Last name", { exact: true }).fill("Qu");
    await page.tab.getByText(/^\d+ customers?, that is all$/).waitFor();
    for (const name of await page.tab.locator("tr[data-id] > :nth-child(1)").allInnerTexts()) assert.match(name, /^Qu/);
  });

  it("opens a customer, and shows as not set what the proxy keeps back", async () => {
    const newest = await direct(page.sandbox).listCustomers({ limit: 1, sort_by: ["creation_time:desc"] });
    const [{ id }] = newest.customers;
    const change = { email: "ada@example.com", dob: "1951-12-19" };
    const { email, dob, tenant } = await direct(page.sandbox).patchCustomer(id, change);
    await connect();
    await page.tab.locator(`tr[data-id="${id}"]`).getByRole("link").click();
    await page.tab.getByRole("heading", { name: "Record" }).waitFor();
    const shown = await page.tab.getByRole("main").innerText();
    assert.ok(shown.includes(email));
    for (const hidden of [dob, tenant]) assert.ok(!shown.includes(hidden), hidden);
    assert.match(shown, /Date of birth\s+not set/);
  });

  it("creates a customer and patches it, and shows the request ids", async () => {
    await openNewForm();
    await field("First name").fill("Ada");
    await field("Last name").fill("Proxied");
    await field("Date of birth").fill("1951-12-19");
    await button("Create").click();
    await notice().getByText("Created: Ada Proxied").waitFor();
    await notice().getByRole("link").click();
    await heading("Ada Proxied").waitFor();
    await page.tab.getByRole("link", { name: "Edit", exact: true }).click();
    await heading("Edit: Ada Proxied").waitFor();
    await field("E-mail").fill("ada@example.com");
    const legal = page.tab.getByRole("group", { name: "Legal address" });
    for (const [label, value] of Object.entries(ADDRESS)) await legal.getByLabel(label).fill(value);
    await button("Save changes").click();
    await button("Send").click();
    await notice().getByText("Saved: Ada Proxied").waitFor();

    const { customers } = await direct(page.sandbox).listCustomers({ last_name: "Proxied" });
    const stored = customers.map(({ email, dob, legal_address }) => [email, dob, legal_address.city]);
    assert.deepEqual(stored, [["ada@example.com", "1951-12-19", ADDRESS.City]]);
    await button("Inspector").click();
    const writes = page.tab.locator(".calls > li").filter({ hasText: /POST|PATCH/ });
    assert.equal(await writes.count(), 2);
    for (const write of await writes.all()) {
      await write.locator("summary").click();
      const facts = write.locator(".call-content > .facts");
      for (const name of ["Request id", "Idempotency key"]) {
        assert.match(await facts.innerText(), new RegExp(`${name}\\s+[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`));
      }
    }
  });

  it("marks a field that the proxy does not let be written", async () => {
    await openNewForm();
    await field("Note").fill("by hand");
    await button("Create").click();
    await alert().getByText("The server refused this").waitFor();
    assert.equal(await field("Note").getAttribute("aria-invalid"), "true");
  });

  it("says that replacing is not allowed", async () => {
    await connect();
    await rows().first().getByRole("link").click();
    await page.tab.getByRole("link", { name: "Replace", exact: true }).click();
    await button("Replace").click();
    await button("Send").click();
    await alert().getByText("Not allowed").waitFor();
  });

  it("says that a session has ended, and leads back to connecting", async () => {
    await connect({ claims: { exp: 1 } });
    await alert().getByText("The server does not accept the token").waitFor();
    await button("Connect anew").click();
    await heading("Connect").waitFor();
  });

  it("gets nothing on a page of another origin, whatever its session", async () => {
    await connect({ url: page.server.url.replace("127.0.0.1", "localhost") });
    await alert().getByRole("heading", { name: "No response" }).waitFor();
    assert.equal(await rows().count(), 0);
    // What the browser itself says of it.
    page.problems = page.problems.filter((text) => !/blocked by CORS policy/.test(text));
  });
});
