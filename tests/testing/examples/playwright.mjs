// Playwright: a page's requests are answered by the sandbox. What the page does stands for an app.
import assert from "node:assert/strict";
import { createSandbox } from "synctera-customers/testing";

/** @param {import("playwright-core").Page} page */
export async function showsCustomers(page) {
  const sandbox = createSandbox({ customers: 3 });
  await page.route("https://app.example/v0/**", sandbox.handler);
  await page.route("https://app.example/", (route) => route.fulfill({ contentType: "text/html", body: "<p>an app</p>" }));
  await page.goto("https://app.example/");
  const ask = (token) =>
    page.evaluate(async (bearer) => (await (await fetch("/v0/customers", { headers: { authorization: `Bearer ${bearer}` } })).json()).customers?.length, token);
  assert.equal(await ask(sandbox.token), 3);
  assert.equal(await ask("another"), undefined);
  sandbox.fail({ fault: "connection reset" });
  await assert.rejects(ask(sandbox.token), /Failed to fetch/);
}
