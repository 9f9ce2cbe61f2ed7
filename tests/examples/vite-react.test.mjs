// examples/vite-react: the built page in Chromium, and its backend.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, openTab } from "../console/browser.mjs";
import { createExample, newPerson, run, serve, signUp } from "./example.mjs";

let folder;
let server;
let browser;
before(async () => {
  folder = await createExample("vite-react");
  await run(folder, "npm run build");
  server = await serve(folder, "synctera-customers sandbox -- npm start");
  browser = await launch();
});
after(() => browser?.close());

/** Uses the page; its Content-Security-Policy and console are watched. */
async function inTab(use) {
  const { tab, problems, requests, context } = await openTab(browser, { failing: true });
  const said = [];
  const keep = async (response) => said.push(JSON.stringify(await response.allHeaders()), await response.text());
  // A response that its test has cut off has no text.
  tab.on("response", (response) => keep(response).catch(() => {}));
  await tab.goto(server.url);
  await use(tab, requests);
  assert.deepEqual(problems, []);
  assert.ok(said.length > 0);
  for (const text of said) assert.ok(!text.includes(server.key), "the page was sent the API key");
  await context.close();
}

const sameName = async (person) => (await server.api.listCustomers({ last_name: person["Last name"] })).customers;

describe("examples/vite-react", () => {
  it("is accepted by the compiler", () => run(folder, "npm run check"));

  it("creates a customer", () =>
    inTab(async (tab) => {
      const person = newPerson();
      await signUp(tab, person);
      await tab.getByText(/^Welcome! Your customer number is /).waitFor();
      const [{ first_name, dob, status }] = await sameName(person);
      assert.deepEqual([first_name, dob, status], ["Ottoline", "1990-04-17", "ACTIVE"]);
    }));

  it("shows next to each field what the client, the API and a missing value say of it", () =>
    inTab(async (tab) => {
      const errorAt = async (label) => {
        const id = await tab.getByLabel(label).getAttribute("aria-describedby");
        return tab.locator(`#${id}`).innerText();
      };
      const person = newPerson();
      await signUp(tab, { ...person, "Mobile number": "202-555-0143" });
      await tab.getByText("Please correct").waitFor();
      assert.match(await errorAt("Mobile number"), /^Expected .*\+12025550143/);
      await signUp(tab, { "Mobile number": "", "Date of birth": "2999-01-01" });
      await tab.locator("[name=dob][aria-invalid=true]").waitFor();
      assert.notEqual(await errorAt("Date of birth"), "");
      assert.equal(await errorAt("Mobile number"), "");
      const body = { code: "BAD_REQUEST_BODY", missing: ["last_name"] };
      await tab.route("**/v0/customers", (route) => route.fulfill({ status: 400, json: body }), { times: 1 });
      await signUp(tab, { "Date of birth": "1990-04-17" });
      await tab.locator("[name=last_name][aria-invalid=true]").waitFor();
      assert.equal(await errorAt("Last name"), "Required.");
      assert.deepEqual(await sameName(person), []);
    }));

  it("repeats under the same key: by itself, and by hand while the outcome is unknown", () =>
    inTab(async (tab, requests) => {
      const person = newPerson();
      // The backend gets each request; the page gets no response.
      const lose = async (route) => {
        await route.fetch();
        await route.abort("connectionreset");
      };
      await tab.route("**/v0/customers", lose);
      await signUp(tab, person);
      await tab.getByRole("button", { name: "Try again" }).waitFor();
      assert.ok(await tab.getByLabel("Last name").isDisabled());
      await tab.unroute("**/v0/customers", lose);
      await tab.getByRole("button", { name: "Try again" }).click();
      await tab.getByText(/^Welcome!/).waitFor();
      assert.ok(requests.length >= 3, `${requests.length} requests`);
      assert.equal(new Set(requests.map((request) => request.headers()["idempotency-key"])).size, 1);
      assert.equal((await sameName(person)).length, 1);
    }));

  it("lets a page do nothing else", async () => {
    const send = (path, headers, body) =>
      fetch(server.url + path, { method: body ? "POST" : "GET", headers: { "content-type": "application/json", ...headers }, body });
    assert.equal((await send("/v0/customers")).status, 404);
    assert.equal((await send("/v0/customers", {}, "{}")).status, 400);
    assert.equal((await send("/v0/customers", { "idempotency-key": "k1" }, "{")).status, 400);
    const person = newPerson();
    const body = JSON.stringify({ status: "DENIED", last_name: person["Last name"], note: "mine" });
    const made = await send("/v0/customers", { "idempotency-key": person["Last name"] }, body);
    assert.deepEqual(Object.keys(await made.json()), ["id", "status"]);
    assert.equal((await sameName(person))[0].status, "ACTIVE");
  });

  it("starts by `npm run dev`, page and backend in one server", async () => {
    const { url } = await serve(folder, "npm run dev -- --port $PORT --host 127.0.0.1");
    assert.match(await (await fetch(url)).text(), /src="\/src\/main\.tsx"/);
    const headers = { "content-type": "application/json", "idempotency-key": "dev-1" };
    const made = await fetch(`${url}/v0/customers`, { method: "POST", headers, body: '{ "last_name": "Quay" }' });
    assert.equal(made.status, 201);
  });
});
