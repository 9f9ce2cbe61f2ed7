// examples/nextjs and examples/sveltekit: built, and used in Chromium as customers do.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launch, openTab } from "../console/browser.mjs";
import { createExample, newPerson, run, serve, signUp } from "./example.mjs";

const SESSION_SECRET = "a-secret-of-the-tests-0123456789abcdef";

/** As a proxy that ends TLS says it; SvelteKit takes any other request for `https`. */
const FORWARDED = { "x-forwarded-proto": "http" };

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

for (const [name, dev] of [
  ["nextjs", "npm run dev -- --port $PORT --hostname 127.0.0.1"],
  ["sveltekit", "npm run dev -- --port $PORT --host 127.0.0.1"],
]) {
  describe(`examples/${name}`, () => {
    let folder;
    let server;
    before(async () => {
      folder = await createExample(name);
      await run(folder, "npm run build");
      server = await serve(folder, "synctera-customers sandbox -- npm start", { SESSION_SECRET, PROTOCOL_HEADER: "x-forwarded-proto" });
    });

    // Next.js checks types as it builds.
    if (name !== "nextjs") it("is accepted by its compiler", () => run(folder, "npm run check"));

    it("creates a customer, and shows it to the one who has signed up", async () => {
      const { tab, problems, context } = await openTab(browser, { failing: true, extraHTTPHeaders: FORWARDED });
      const person = newPerson();
      await tab.goto(server.url);
      await signUp(tab, { ...person, "Date of birth": "2999-01-01" });
      await tab.getByText("Please correct your details.").waitFor();
      assert.notEqual(await tab.locator("#dob-error").innerText(), "");
      assert.equal(await tab.getByLabel("Last name").inputValue(), person["Last name"]);
      await signUp(tab, { "Date of birth": "1990-04-17" });
      await tab.getByText("Welcome, Ottoline! Your status is ACTIVE.").waitFor();
      const { customers } = await server.api.listCustomers({ last_name: person["Last name"] });
      assert.equal(customers.length, 1);
      const [cookie] = await context.cookies();
      assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite], [true, true, "Lax"]);
      assert.deepEqual(problems, []);
      await context.close();
    });

    it("shows a customer to no request without its session", async () => {
      const forged = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiZXhwIjo5OTk5OTk5OTk5fQ.";
      for (const cookie of ["", `session=${forged}`]) {
        const response = await fetch(`${server.url}/me`, { headers: { cookie }, redirect: "manual" });
        assert.deepEqual([response.status, response.headers.get("location")?.replace(server.url, "")], [name === "nextjs" ? 307 : 303, "/"]);
      }
    });

    it("starts by `npm run dev`", async () => {
      const { url, stop } = await serve(folder, dev);
      assert.match(await (await fetch(url)).text(), /Mobile number/);
      await stop();
    });
  });
}
