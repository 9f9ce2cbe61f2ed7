// The console in Chromium, on the real package and against the real sandbox.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { arm, connect as connectTo } from "./browser.mjs";
import { eachOnTheList, useConsole } from "./harness.mjs";

const SEED = 120;
const SSN = "900-12-3456";
const WHOLE_SSN = /\d{3}-\d{2}-\d{4}|(?<!\d)\d{9}(?!\d)/;

const page = useConsole(SEED);
const { rows, button, field, heading, alert, status, reading, connect, hasFocus } = page;

/** Each test of the suite begins on the list; a request that fails is a problem too. */
const onTheList = (settings) => eachOnTheList(page, { failing: false, ...settings });

/**
 * Types into a filter as a person does, and waits until the list has answered the whole of it: on a
 * busy machine it is read in between, for what stands there by then.
 */
async function typing(label, value, parameter, sent = value.includes("*") ? value : `${value}*`) {
  const asked = (url) => new URL(url).searchParams.get(parameter) === sent;
  const answer = page.tab.waitForResponse((response) => asked(response.url()));
  await page.tab.getByRole("search").getByLabel(label, { exact: true }).pressSequentially(value);
  await answer;
  await page.tab.locator('table[aria-busy="false"]').waitFor();
}

/** The texts of a part of each row of the list. */
const texts = (part) => page.tab.locator(`tr[data-id] ${part}`).allInnerTexts();
const NAME = ".name a";
const EMAIL = ".contact .line:first-child";
const PHONE = ".contact .line:last-child";

/** Sends a change, after the review of what it does. */
async function send(name) {
  await button(name).click();
  await button("Send").click();
}

async function openNewForm() {
  await page.tab.getByRole("navigation").getByRole("link", { name: "New customer" }).click();
  await heading("New customer").waitFor();
}

async function createCustomer(lastName, more = async () => {}) {
  await openNewForm();
  await status().selectOption("ACTIVE");
  await field("First name").fill("Ada");
  await field("Last name").fill(lastName);
  await more();
  await button("Create").click();
  await page.tab.getByRole("status").getByText(`Created: Ada ${lastName}`).waitFor();
}

/** Creates a customer and opens its form for a change. */
async function openChange(lastName, link, more) {
  await createCustomer(lastName, more);
  await page.tab.getByRole("status").getByRole("link").click();
  await heading(`Ada ${lastName}`).waitFor();
  await page.tab.getByRole("link", { name: link, exact: true }).click();
  await heading(`${link}: Ada ${lastName}`).waitFor();
}

async function fillLegalAddress() {
  const legal = page.tab.getByRole("group", { name: "Legal address" });
  await legal.getByLabel("Line 1").fill("1 Example Street");
  await legal.getByLabel("City").fill("Springfield");
  await legal.getByLabel("State").fill("IL");
  await legal.getByLabel("Postal code").fill("62701");
  await legal.getByLabel("Country").fill("US");
}

/** The text that the browser gives to a field that has the focus and is marked as wrong. */
async function assertMarked(locator, message) {
  assert.equal(await locator.getAttribute("aria-invalid"), "true");
  const ids = (await locator.getAttribute("aria-describedby")).split(" ");
  const texts = await Promise.all(ids.map((id) => page.tab.locator(`#${id}`).innerText()));
  assert.match(texts.join(" "), message);
}

describe("connecting", () => {
  beforeEach(() => page.start({ failing: true }));
  afterEach(() => page.close());

  it("keeps the token nowhere but in the page's memory", async () => {
    await connect();
    const kept = await page.tab.evaluate(async () => ({
      local: localStorage.length,
      session: { ...sessionStorage },
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      cookie: document.cookie,
      state: history.state,
      name: window.name,
    }));
    const session = { "synctera-console.base-url": page.sandbox.baseUrl };
    assert.deepEqual(kept, { local: 0, session, databases: 0, caches: 0, cookie: "", state: null, name: "" });
    assert.ok(page.requests.every((request) => !request.url().includes(page.sandbox.token)));
  });

  it("asks for the token again after a reload, and for the address too after disconnecting", async () => {
    await connect();
    await page.tab.reload();
    await heading("Connect").waitFor();
    assert.equal(await field("Base URL").inputValue(), page.sandbox.baseUrl);
    assert.equal(await field("Token").inputValue(), "");
    await field("Token").fill(page.sandbox.token);
    await button("Connect").click();
    await rows().first().waitFor();
    await button("Disconnect").click();
    await heading("Connect").waitFor();
    assert.equal(await field("Base URL").inputValue(), "");
    assert.equal(await page.tab.evaluate(() => sessionStorage.length), 0);
  });

  for (const { what, baseUrl, token, message, name } of [
    { what: "an address that is none", baseUrl: "not an address", message: /baseUrl/, name: "Base URL" },
    { what: "a host that is a number", baseUrl: "http://2130706433/v0", message: /baseUrl/, name: "Base URL" },
    { what: "a token with a space", token: "two words", message: /accessToken/, name: "Token" },
    { what: "no token", token: "", message: /accessToken/, name: "Token" },
  ]) {
    it(`says what is wrong with ${what}, and takes another`, async () => {
      await connectTo(page.tab, page.server.url, { baseUrl: baseUrl ?? page.sandbox.baseUrl, token: token ?? page.sandbox.token });
      await alert().getByText(message).waitFor();
      assert.ok(await hasFocus(field(name)));
      if (token) assert.ok(!(await alert().filter({ hasText: message }).innerText()).includes(token));
      await field("Base URL").fill(page.sandbox.baseUrl);
      await field("Token").fill(page.sandbox.token);
      await button("Connect").click();
      await rows().first().waitFor();
    });
  }

  it("says that a token is refused, and leads back to connecting", async () => {
    await connect("not-the-token");
    await alert().getByText("The server does not accept the token").waitFor();
    await button("Connect anew").click();
    await heading("Connect").waitFor();
  });
});

describe("the list", () => {
  onTheList();

  it("shows the newest customers first", async () => {
    assert.equal(await rows().count(), 25);
    await page.tab.getByText("25 customers loaded, more follow").waitFor();
    assert.equal(await page.tab.getByRole("columnheader", { name: "Created" }).getAttribute("aria-sort"), "descending");
  });

  it("sorts by a header, and the other way round by the same header", async () => {
    const header = page.tab.getByRole("columnheader", { name: "Last name" });
    for (const [order, compare] of [
      ["ascending", (a, b) => (a < b ? -1 : 1)],
      ["descending", (a, b) => (a > b ? -1 : 1)],
    ]) {
      await reading(() => header.getByRole("button").click());
      assert.equal(await header.getAttribute("aria-sort"), order);
      const { customers } = await (await page.requests.at(-1).response()).json();
      const names = customers.map(({ last_name }) => (last_name ?? "").toLowerCase());
      assert.deepEqual(names, names.toSorted(compare));
      const shown = await texts(NAME);
      for (const [index, { last_name }] of customers.entries()) assert.ok(shown[index].startsWith(last_name ?? ""));
      assert.equal(await header.getByRole("button").evaluate((b) => b === document.activeElement), true);
    }
  });

  it("sorts by two fields", async () => {
    await page.tab.getByText("More filters").click();
    await reading(() => field("Order").selectOption("first_name:asc"));
    await reading(() => field("Then sort by").selectOption("last_name:desc"));
    const query = new URL(page.requests.at(-1).url()).searchParams;
    assert.equal(query.get("sort_by"), "first_name:asc,last_name:desc");
  });

  for (const { label, value, parameter, sent = value, shows, part } of [
    { label: "Last name", value: "qu*", parameter: "last_name", shows: /^Qu/, part: NAME },
    { label: "First name", value: "*a", parameter: "first_name", shows: /, .*a|^[^,]*a$/, part: NAME },
    { label: "E-mail", value: "*quay*", parameter: "email", shows: /quay/, part: EMAIL },
    { label: "Phone number", value: "+1202*", parameter: "phone_number", shows: /^\+1202/, part: PHONE },
  ]) {
    it(`filters by ${parameter} a moment after it is typed`, async () => {
      await page.tab.getByText("More filters").click();
      await typing(label, value, parameter, sent);
      assert.equal(new URL(page.requests.at(-1).url()).searchParams.get(parameter), sent);
      const shown = await texts(part);
      assert.ok(shown.length > 0);
      for (const text of shown) assert.match(text, shows);
    });
  }

  for (const { label, choice, parameter, part, shows } of [
    { label: "Status", choice: "PROSPECT", parameter: "status", part: ".status", shows: "PROSPECT" },
    { label: "Has accounts", choice: "true", parameter: "has_accounts", part: ".accounts", shows: "yes" },
  ]) {
    it(`filters by ${parameter}`, async () => {
      await page.tab.getByText("More filters").click();
      await reading(() => page.tab.getByRole("search").getByLabel(label, { exact: true }).selectOption(choice));
      assert.equal(new URL(page.requests.at(-1).url()).searchParams.get(parameter), choice);
      assert.deepEqual([...new Set(await texts(part))], [shows]);
    });
  }

  it("filters by ids and by the last four digits, once they are entered", async () => {
    const ids = await rows().evaluateAll((all) => all.slice(0, 2).map((row) => row.dataset.id));
    await page.tab.getByText("More filters").click();
    await field("Ids").fill(ids.join("\n"));
    await reading(() => field("SSN, last four").focus());
    assert.equal(await rows().count(), 2);
    await reading(() => button("Clear filters").click());
    await field("SSN, last four").fill("0000");
    await reading(() => field("SSN, last four").press("Enter"));
    await page.tab.getByText("No customer fits these filters.").waitFor();
  });

  it("begins at a page token that is given", async () => {
    const { next_page_token: token } = await (await page.requests.at(-1).response()).json();
    await page.tab.getByText("More filters").click();
    const before = await texts(EMAIL);
    await field("Begin at page token").fill(token);
    await reading(() => field("Begin at page token").press("Enter"));
    assert.equal((await texts(EMAIL)).some((email) => before.includes(email)), false);
  });

  it("puts what the client objects to next to the filter, and sends nothing", async () => {
    await page.tab.getByText("More filters").click();
    const count = page.requests.length;
    await field("SSN, last four").fill("12");
    await field("SSN, last four").press("Enter");
    await alert().getByText("Not sent").waitFor();
    await assertMarked(field("SSN, last four"), /exactly 4 characters/);
    assert.equal(page.requests.length, count);
  });

  it("ends the read under way when the filters change", async () => {
    await arm(page.tab, "answer after 2 s", { target: "next call" });
    const slow = page.tab.waitForEvent("requestfailed");
    await page.tab.getByRole("columnheader", { name: "Last name" }).getByRole("button").click();
    await page.tab.locator('table[aria-busy="true"]').waitFor();
    await reading(() => page.tab.getByRole("search").getByLabel("Status").selectOption("DENIED"));
    assert.match((await slow).failure().errorText, /ABORTED/);
    assert.deepEqual([...new Set(await texts(".status"))], ["DENIED"]);
    assert.equal(await alert().innerText(), "", "what was given up is no failure");
  });
});

describe("a customer's page", () => {
  onTheList();

  it("shows every field, and goes back to the row it came from", async () => {
    await rows().nth(3).getByRole("link").click();
    await page.tab.getByRole("heading", { name: "Record" }).waitFor();
    const customer = await (await page.requests.at(-1).response()).json();
    const shown = await page.tab.getByRole("main").innerText();
    const { ssn, legal_address, shipping_address, addresses, metadata, ...fields } = customer;
    const times = await page.tab.getByRole("main").locator("time").evaluateAll((all) => all.map(({ title }) => title));
    for (const [name, value] of Object.entries(fields)) {
      assert.equal(await page.tab.locator(`dt[title="${name}"]`).first().isVisible(), true, name);
      if (typeof value === "string") assert.ok(shown.includes(value) || times.includes(value), `${name}: ${value}`);
    }
    for (const value of Object.values(legal_address ?? {})) assert.ok(shown.includes(value), value);
    assert.ok(!ssn || shown.includes(`•••-••-${ssn}`));
    assert.ok(await hasFocus(page.tab.getByRole("heading", { level: 1 })));
    await page.tab.goBack();
    const link = rows().nth(3).getByRole("link");
    await link.waitFor();
    await page.tab.waitForFunction((id) => document.activeElement.closest("tr")?.dataset.id === id, customer.id);
  });

  it("shows fields that it does not know", async () => {
    await page.tab.route(/\/v0\/customers\/[^/?]+$/, async (route) => {
      if (route.request().method() !== "GET") return route.continue();
      const response = await route.fetch();
      const json = { ...(await response.json()), shoe_size: 43, status: "ARCHIVED" };
      return route.fulfill({ response, json });
    });
    await rows().first().getByRole("link").click();
    await page.tab.getByRole("heading", { name: "Other" }).waitFor();
    const shown = await page.tab.getByRole("main").innerText();
    for (const text of ["shoe_size", "43", "ARCHIVED"]) assert.ok(shown.includes(text), text);
  });
});

describe("creating", () => {
  onTheList({ failing: true });

  it("ends in the list, at the new row", async () => {
    await createCustomer("Listed");
    await page.tab.waitForFunction(() => document.activeElement.textContent === "Listed, Ada");
    assert.equal((await texts(NAME))[0], "Listed, Ada");
    const post = page.requests.find((request) => request.method() === "POST");
    assert.deepEqual(post.postDataJSON(), { status: "ACTIVE", first_name: "Ada", last_name: "Listed" });
  });

  it("sends the addresses and the metadata that are typed", async () => {
    await createCustomer("Whole", async () => {
      await fillLegalAddress();
      await field("Metadata").fill('{"crm": [1, null]}');
      await field("Phone number").fill(" +12125550123 ");
    });
    const sent = page.requests.find((request) => request.method() === "POST").postDataJSON();
    assert.deepEqual(sent.legal_address, {
      address_line_1: "1 Example Street", city: "Springfield", state: "IL", postal_code: "62701", country_code: "US",
    });
    assert.deepEqual(sent.metadata, { crm: [1, null] });
    assert.equal(sent.phone_number, "+12125550123");
  });

  it("puts the server's objections next to the fields and goes to the first", async () => {
    await openNewForm();
    await status().selectOption("ACTIVE");
    await field("Ban status").selectOption("SUSPENDED");
    await field("Date of birth").fill("1850-01-01");
    await button("Create").click();
    await alert().getByText("The server refused this").waitFor();
    await assertMarked(field("Note"), /wants a value/);
    await assertMarked(field("Date of birth"), /1900-01-01/);
    assert.ok(await hasFocus(field("Note")));
    await field("Note").fill("by hand");
    await field("Date of birth").fill("1950-01-01");
    await button("Create").click();
    await page.tab.getByRole("status").getByText("Created").waitFor();
    const keys = page.requests.filter((r) => r.method() === "POST").map((r) => r.headers()["idempotency-key"]);
    assert.equal(new Set(keys).size, 2, "a corrected body goes under a new key");
  });

  it("puts what is wrong with the fields next to them, and sends nothing", async () => {
    await openNewForm();
    await field("SSN").fill("90012345");
    await page.tab.getByRole("group", { name: "Legal address" }).getByLabel("Line 1").fill("1 Example Street");
    await button("Create").click();
    await page.tab.getByText("Not sent: 3 fields have to be corrected.").waitFor();
    await assertMarked(status(), /one of ACTIVE/);
    await assertMarked(field("SSN"), /NNN-NN-NNNN/);
    await assertMarked(page.tab.getByRole("group", { name: "Legal address" }).getByLabel("Country"), /country/);
    assert.ok(await hasFocus(status()));
    assert.ok(page.requests.every((request) => request.method() === "GET"));
  });

  it("says next to it that metadata is no JSON", async () => {
    await openNewForm();
    await status().selectOption("ACTIVE");
    await field("Metadata").fill("{");
    await button("Create").click();
    await assertMarked(field("Metadata"), /no valid JSON/);
    assert.ok(page.requests.every((request) => request.method() === "GET"));
  });

  it("shows a whole SSN nowhere but in its input", async () => {
    await openNewForm();
    assert.equal(await field("SSN").getAttribute("autocomplete"), "off");
    await field("SSN").fill(SSN);
    await status().selectOption("ACTIVE");
    await field("Last name").fill("Secret");
    await field("Date of birth").fill("1850-01-01");
    await page.tab.route(/\/v0\/customers$/, async (route) => {
      const response = await route.fetch();
      const problem = await response.json();
      const quoting = { ...problem, detail: `bad ${SSN}`, invalid: { ssn: `${SSN} and ${SSN.replaceAll("-", "")} are bad` } };
      return route.fulfill({ response, json: quoting });
    });
    await button("Create").click();
    await alert().getByText("The server refused this").waitFor();
    await assertMarked(field("SSN"), /•••-••-3456.*•••••3456/);
    await page.tab.unroute(/\/v0\/customers$/);
    await alert().getByText("Details").click();
    await assertNoWholeSsn();
    await field("Date of birth").fill("1950-01-01");
    await button("Create").click();
    await page.tab.getByRole("status").getByRole("link").click();
    await page.tab.getByText("•••-••-3456").waitFor();
    await assertNoWholeSsn();
  });

  it("works by keyboard alone", async () => {
    await page.tab.reload();
    await heading("Connect").waitFor();
    await page.tab.keyboard.press("Tab");
    assert.ok(await hasFocus(page.tab.getByRole("link", { name: "Skip to content" })));
    await page.tab.keyboard.press("Enter");
    await tabTo(field("Token"));
    await page.tab.keyboard.type(page.sandbox.token);
    await page.tab.keyboard.press("Enter");
    await rows().first().waitFor();
    await tabTo(page.tab.getByRole("main").getByRole("link", { name: "New customer" }));
    await page.tab.keyboard.press("Enter");
    await heading("New customer").waitFor();
    await tabTo(status());
    await page.tab.keyboard.type("PROSP");
    await tabTo(field("Last name"));
    await page.tab.keyboard.type("Keyboard");
    await tabTo(field("E-mail"));
    await page.tab.keyboard.type("keyboard@example.com");
    await tabTo(button("Create"));
    await page.tab.keyboard.press("Enter");
    await page.tab.waitForFunction(() => document.activeElement.textContent === "Keyboard");
    await page.tab.keyboard.press("Enter");
    await heading("Keyboard").waitFor();
  });
});

/** Presses Tab until `locator` has the focus, which has to be visible. */
async function tabTo(locator) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.tab.keyboard.press("Tab");
    if (await hasFocus(locator)) {
      const outline = await locator.evaluate((element) => getComputedStyle(element).outlineStyle);
      assert.notEqual(outline, "none", "the focus is visible");
      return;
    }
  }
  assert.fail(`Tab does not reach ${locator}`);
}

async function assertNoWholeSsn() {
  const html = await page.tab.evaluate(() => document.documentElement.outerHTML);
  const ids = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  assert.doesNotMatch(html.replaceAll(ids, ""), WHOLE_SSN);
}

describe("patching", () => {
  onTheList({ failing: true });

  it("sends what changed and nothing else", async () => {
    await openChange("Patched", "Edit", fillLegalAddress);
    await page.tab.getByText("Nothing changed yet.").waitFor();
    await field("E-mail").fill("ada@example.com");
    await page.tab.getByRole("group", { name: "Legal address" }).getByLabel("City").fill("Chicago");
    await page.tab.getByText("Will send: email, legal_address").waitFor();
    await send("Save changes");
    await page.tab.getByRole("status").getByText("Saved: Ada Patched").waitFor();
    const patch = page.requests.find((request) => request.method() === "PATCH").postDataJSON();
    assert.deepEqual(patch, {
      email: "ada@example.com",
      legal_address: { address_line_1: "1 Example Street", city: "Chicago", state: "IL", postal_code: "62701", country_code: "US" },
    });
    await page.tab.getByText("ada@example.com").waitFor();
  });

  it("sends nothing where nothing changed", async () => {
    await openChange("Unchanged", "Edit");
    await button("Save changes").click();
    await page.tab.getByText("Nothing changed, so nothing was sent.").waitFor();
    assert.ok(page.requests.every((request) => request.method() !== "PATCH"));
  });

  it("says of an emptied field that the API cannot clear it, and sends nothing", async () => {
    await openChange("Emptied", "Edit");
    await field("First name").fill("");
    await button("Save changes").click();
    await assertMarked(field("First name"), /cannot clear a field/);
    assert.ok(page.requests.every((request) => request.method() !== "PATCH"));
  });

  it("says which status could follow where the chosen one cannot", async () => {
    await openChange("Settled", "Edit");
    await status().selectOption("PROSPECT");
    await send("Save changes");
    await alert().getByText("This status cannot follow").waitFor();
    await alert().getByText(/^The server would take: ACTIVE, .*SANCTION/).waitFor();
  });
});

describe("replacing", () => {
  onTheList({ failing: true });

  it("begins with what is stored, without what only the server sets", async () => {
    await openChange("Replaced", "Replace", async () => {
      await fillLegalAddress();
      await field("SSN").fill(SSN);
      await field("Metadata").fill('{"a": 1}');
    });
    await field("First name").fill("Grace");
    await field("Metadata").fill("");
    await send("Replace");
    await page.tab.getByRole("status").getByText("Replaced: Grace Replaced").waitFor();
    const { shipping_address, legal_address, ...sent } = page.requests.find((request) => request.method() === "PUT").postDataJSON();
    assert.deepEqual(sent, {
      status: "ACTIVE", first_name: "Grace", last_name: "Replaced", ban_status: "ALLOWED", tenant: sent.tenant,
    });
    assert.deepEqual(shipping_address, legal_address);
    assert.equal("id" in legal_address, false);
  });

  it("warns that without a shipping address the stored one becomes a copy of the legal one", async () => {
    await openChange("Copied", "Replace", fillLegalAddress);
    const shipping = page.tab.getByRole("group", { name: "Shipping address" });
    const warning = shipping.getByText(/overwritten with a copy of the legal one/);
    await warning.waitFor();
    for (const label of ["Line 1", "City", "State", "Postal code", "Country"]) await shipping.getByLabel(label).fill("");
    await shipping.getByText(/It is empty now/).waitFor();
    await send("Replace");
    await page.tab.getByRole("status").getByText("Replaced").waitFor();
    assert.equal("shipping_address" in page.requests.find((request) => request.method() === "PUT").postDataJSON(), false);
  });
});

describe("failures", () => {
  onTheList({ failing: true });

  it("repeats a creation of unknown outcome under its key, and there is one customer", async () => {
    await openNewForm();
    await status().selectOption("ACTIVE");
    await field("Last name").fill("Unsure");
    await arm(page.tab, "do it, then lose the response", { often: "always" });
    await button("Create").click();
    await alert().getByText("may or may not have done it").waitFor();
    const repeat = button("Repeat with the same key");
    assert.ok(await hasFocus(repeat));
    await button("Disarm").click();
    await repeat.click();
    await page.tab.getByRole("status").getByText("Created").waitFor();
    const keys = page.requests.filter((r) => r.method() === "POST").map((r) => r.headers()["idempotency-key"]);
    assert.ok(keys.length > 1);
    assert.equal(new Set(keys).size, 1);
    await typing("Last name", "Unsure", "last_name");
    assert.equal(await rows().count(), 1);
  });

  it("tries a failed read again", async () => {
    await arm(page.tab, "lose the request", { target: "next call", often: "always" });
    await page.tab.getByRole("columnheader", { name: "Created" }).getByRole("button").click();
    await alert().getByRole("heading", { name: "No response" }).waitFor();
    await button("Disarm").click();
    await reading(() => button("Try again").click());
    assert.equal(await alert().innerText(), "");
  });

  it("holds a repetition back for as long as the server asks", async () => {
    await arm(page.tab, "answer 429, wait 2 s", { target: "next call", often: "always" });
    await page.tab.getByRole("columnheader", { name: "Created" }).getByRole("button").click();
    await alert().getByText("Too many requests").waitFor();
    assert.ok(await page.tab.getByRole("button", { name: /^Try again in \d s$/ }).isDisabled());
    await button("Disarm").click();
    await reading(() => button("Try again").click());
  });

  it("leads back to the list from a customer that is not there", async () => {
    await page.tab.route(/\/v0\/customers\/[^/?]+$/, (route) =>
      route.continue({ url: `${page.sandbox.baseUrl}/customers/00000000-0000-4000-8000-000000000000` }));
    await rows().first().getByRole("link").click();
    await alert().getByText("No such customer").waitFor();
    await button("Back to the list").click();
    await rows().first().waitFor();
  });

  it("says of a creation that was cancelled that it may be done, and repeats it under its key", async () => {
    await openNewForm();
    await status().selectOption("ACTIVE");
    await field("First name").fill("Ada");
    await field("Last name").fill("Cancelled");
    await arm(page.tab, "answer after 2 s");
    await button("Create").click();
    await page.tab.getByText("Sending…").waitFor();
    await page.tab.getByRole("link", { name: "Cancel", exact: true }).click();
    await alert().getByText("Cancelled, but it may be done").waitFor();
    await heading("Customers").waitFor();
    assert.ok(await button("Look for it").isVisible());
    await button("Repeat with the same key").click();
    await page.tab.getByRole("status").getByText("Created: Ada Cancelled").waitFor();
    const keys = page.requests.filter((r) => r.method() === "POST").map((r) => r.headers()["idempotency-key"]);
    assert.equal(keys.length, 2);
    assert.equal(new Set(keys).size, 1);
    await typing("Last name", "Cancelled", "last_name");
    assert.equal(await rows().count(), 1);
  });

  it("looks for a creation that was cancelled at the top of the list", async () => {
    await reading(() => page.tab.getByRole("columnheader", { name: "Last name" }).getByRole("button").click());
    await openNewForm();
    await status().selectOption("ACTIVE");
    await field("Last name").fill("Sought");
    await arm(page.tab, "answer after 2 s");
    await button("Create").click();
    await page.tab.getByText("Sending…").waitFor();
    await page.tab.getByRole("link", { name: "Cancel", exact: true }).click();
    await reading(() => button("Look for it").click());
    assert.equal(await page.tab.getByRole("columnheader", { name: "Created" }).getAttribute("aria-sort"), "descending");
    assert.equal(await alert().innerText(), "");
  });

  it("reports nothing of a creation that ends after disconnecting", async () => {
    await openNewForm();
    await status().selectOption("ACTIVE");
    await arm(page.tab, "answer after 2 s");
    await button("Create").click();
    const ended = page.tab.waitForEvent("requestfailed");
    await button("Disconnect").click();
    await ended;
    await heading("Connect").waitFor();
    assert.equal(await page.tab.locator("#alert").innerText(), "");
  });

  it("says that a base URL lacks its version, and leads back to connecting", async () => {
    await button("Disconnect").click();
    const baseUrl = page.sandbox.baseUrl.replace(/\/v0$/, "");
    await connectTo(page.tab, page.server.url, { baseUrl, token: page.sandbox.token });
    await alert().getByText("The base URL leads to no customers").waitFor();
    await alert().getByText(`Connect with ${baseUrl}/v0.`).waitFor();
    await button("Connect anew").click();
    await heading("Connect").waitFor();
  });
});

describe("the page", () => {
  for (const colorScheme of ["light", "dark"]) {
    describe(`at 360 pixels, ${colorScheme}`, () => {
      onTheList({ viewport: { width: 360, height: 740 }, colorScheme });

      it("fits the screen in every view", async () => {
        const assertFits = async () => {
          const width = await page.tab.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(width <= 360, `${page.tab.url()} is ${width} px wide`);
        };
        await assertFits();
        await page.tab.getByText("More filters").click();
        await assertFits();
        await rows().first().getByRole("link").click();
        await page.tab.getByRole("heading", { name: "Record" }).waitFor();
        await assertFits();
        await page.tab.getByRole("link", { name: "Edit" }).click();
        await button("Save changes").waitFor();
        await assertFits();
      });

      it("has the colours of the scheme", async () => {
        const [red] = (await page.tab.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g);
        assert.equal(Number(red) < 128, colorScheme === "dark");
      });
    });
  }

  describe("under a strict policy", () => {
    onTheList();

    it("is refused what the policy forbids, so that its silence means something", async () => {
      const refused = await page.tab.evaluate(async () => {
        const directives = [];
        addEventListener("securitypolicyviolation", (event) => directives.push(event.violatedDirective));
        const script = document.createElement("script");
        script.append("globalThis.hasRun = true");
        document.body.append(script);
        document.body.setAttribute("style", "color: red");
        new Image().src = "http://127.0.0.1:1/stranger.png";
        while (directives.length < 3) await new Promise((later) => setTimeout(later, 10));
        return { directives, hasRun: globalThis.hasRun };
      });
      // Trusted Types refuse the script before the list of sources would.
      const directives = ["require-trusted-types-for", "style-src-attr", "img-src"];
      assert.deepEqual(refused, { directives, hasRun: undefined });
      // These are the test's own.
      page.problems = [];
    });
  });
});
