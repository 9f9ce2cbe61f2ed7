// One customer: its page, its forms, and what is asked before something is sent or lost.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { eachOnTheList, useConsole } from "./harness.mjs";

const page = useConsole(30);
const { rows, button, link, field, heading, alert, status, dialog, address, hasFocus, sent, openCustomer, answer } = page;

const ADDRESS = { address_line_1: "1 Example Street", city: "Springfield", state: "IL", postal_code: "62701", country_code: "US" };
const notice = () => page.tab.locator("#notice");
const errorOf = (locator) => locator.locator("xpath=..").locator(".error");
const group = (name) => page.tab.getByRole("group", { name });

/** Opens the form for a change of a new customer. */
async function openChange(name, customer) {
  const stored = await openCustomer(customer);
  await link(name).click();
  await heading(new RegExp(`^${name}: `)).waitFor();
  return stored;
}

async function openNew() {
  await link("New customer").click();
  await heading("New customer").waitFor();
}

describe("the profile", () => {
  eachOnTheList(page, { timezoneId: "America/New_York" });

  it("has labels for people and local times, with the exact one as title", async () => {
    const { creation_time } = await openCustomer({ status: "ACTIVE", first_name: "Ada", last_name: "Timely", dob: "1950-01-02" });
    const shown = await page.tab.getByRole("main").innerText();
    for (const label of ["First name", "Date of birth", "KYC status", "Has accounts", "Created"]) assert.ok(shown.includes(label), label);
    const created = page.tab.locator(`time[title="${creation_time}"]`).first();
    const local = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: "America/New_York" });
    assert.equal(await created.innerText(), local.format(new Date(creation_time)));
  });

  it("shows the addresses next to each other", async () => {
    await openCustomer({ status: "ACTIVE", last_name: "Located", legal_address: ADDRESS });
    const boxes = await page.tab.locator(".cards .pair > div").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    assert.equal(boxes.length, 2);
    assert.equal(boxes[0].top, boxes[1].top);
    assert.ok(boxes[0].right < boxes[1].left);
  });

  it("has the customer as JSON in another tab, the SSN as the API gives it", async () => {
    const { id } = await openCustomer({ status: "ACTIVE", last_name: "Raw", ssn: "900-12-3456" });
    await page.tab.getByRole("tab", { name: "Profile" }).press("ArrowRight");
    const panel = page.tab.getByRole("tabpanel", { name: "JSON" });
    const shown = JSON.parse(await panel.innerText());
    assert.equal(shown.id, id);
    assert.equal(shown.ssn, "3456");
    assert.equal(await page.tab.getByRole("tabpanel", { name: "Profile" }).isVisible(), false);
  });
});

describe("the standing of a customer", () => {
  eachOnTheList(page);

  it("gets another status by a dialog, and the old one back by undo", async () => {
    await openCustomer({ status: "ACTIVE", last_name: "Moved" });
    await button("Change status").click();
    await dialog().getByLabel("New status").selectOption("DORMANT");
    await dialog().getByRole("button", { name: "Change status" }).click();
    await heading("Moved DORMANT").waitFor();
    assert.deepEqual(sent("PATCH").at(-1).postDataJSON(), { status: "DORMANT" });
    await notice().getByRole("button", { name: "Undo" }).click();
    await heading("Moved ACTIVE").waitFor();
    assert.deepEqual(sent("PATCH").at(-1).postDataJSON(), { status: "ACTIVE" });
  });

  it("is suspended and not suspended with a note only", async () => {
    await openCustomer({ status: "ACTIVE", last_name: "Paused" });
    await button("Suspend").click();
    await dialog().getByRole("button", { name: "Suspend" }).click();
    await dialog().getByText("A note is required.").waitFor();
    assert.equal(sent("PATCH").length, 0);
    await dialog().getByLabel("Note").fill("asked by phone");
    await dialog().getByRole("button", { name: "Suspend" }).click();
    await button("Unsuspend").click();
    assert.deepEqual(sent("PATCH").at(-1).postDataJSON(), { ban_status: "SUSPENDED", note: "asked by phone" });
    assert.equal(await notice().getByRole("button", { name: "Undo" }).count(), 0, "a second patch would need a note");
    await dialog().getByLabel("Note").fill("all is well");
    await dialog().getByRole("button", { name: "Unsuspend" }).click();
    await button("Suspend").waitFor();
    assert.deepEqual(sent("PATCH").at(-1).postDataJSON(), { ban_status: "ALLOWED", note: "all is well" });
  });

  it("stays in the dialog where the server rejects the change", async () => {
    await openCustomer({ status: "ACTIVE", last_name: "Kept" });
    await button("Change status").click();
    await dialog().getByLabel("New status").selectOption("PROSPECT");
    await dialog().getByRole("button", { name: "Change status" }).click();
    await dialog().getByText(/This status cannot follow.*The server would take: ACTIVE/).waitFor();
    await page.tab.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    assert.ok(await hasFocus(button("Change status")));
  });
});

describe("before a change is sent", () => {
  eachOnTheList(page);

  it("an edit shows old and new values, and sends nothing without a yes", async () => {
    await openChange("Edit", { status: "ACTIVE", first_name: "Ada", last_name: "Compared", legal_address: ADDRESS });
    await field("First name").fill("Grace");
    await field("SSN").fill("900-12-3456");
    await group("Legal address").getByLabel("City").fill("Chicago");
    await button("Save changes").click();
    const cells = await dialog().locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    assert.deepEqual(cells, [
      ["First name", "Ada", "Grace"],
      ["SSN", "not set", "•••-••-3456"],
      ["Legal address: City", "Springfield", "Chicago"],
    ]);
    await button("Back to the form").click();
    assert.equal(sent("PATCH").length, 0);
    assert.equal(await field("First name").inputValue(), "Grace");
    await button("Save changes").click();
    await button("Send").click();
    await notice().getByText("Saved: Grace Compared").waitFor();
    assert.deepEqual(Object.keys(sent("PATCH").at(-1).postDataJSON()), ["first_name", "ssn", "legal_address"]);
  });

  it("a replacement lists what it drops", async () => {
    await openChange("Replace", { status: "ACTIVE", first_name: "Ada", middle_name: "B", last_name: "Dropped", metadata: { a: 1 } });
    await field("Middle name").fill("");
    await field("Metadata").fill("");
    await button("Replace").click();
    const dropped = dialog().getByRole("table", { name: "Fields that are dropped" });
    assert.deepEqual(await dropped.locator("tbody th").allInnerTexts(), ["Middle name", "Metadata"]);
    await button("Send").click();
    await notice().getByText("Replaced: Ada Dropped").waitFor();
  });
});

describe("undo", () => {
  eachOnTheList(page);

  it("sends the old values, and says what it leaves", async () => {
    await openChange("Edit", { status: "ACTIVE", first_name: "Ada", last_name: "Undone", legal_address: ADDRESS });
    await field("First name").fill("Grace");
    await field("E-mail").fill("grace@example.com");
    await group("Legal address").getByLabel("City").fill("Chicago");
    await button("Save changes").click();
    await button("Send").click();
    await notice().getByText("Undo leaves E-mail.").waitFor();
    await notice().getByRole("button", { name: "Undo" }).click();
    await notice().getByText("Undone: Ada Undone").waitFor();
    assert.deepEqual(sent("PATCH").at(-1).postDataJSON(), { first_name: "Ada", legal_address: ADDRESS });
  });
});

describe("what is typed", () => {
  eachOnTheList(page);
  beforeEach(openNew);

  for (const { label, typed, text, note } of [
    { label: "SSN", typed: "900123456", text: "900-12-3456", note: "Hyphens were added." },
    { label: "Phone number", typed: "202-555-0143", text: "+12025550143", note: "Changed to +12025550143." },
    { label: "Phone number", typed: "+44 20 7946 0958", text: "+442079460958", note: "Changed to +442079460958." },
    { label: "Date of birth", typed: "1984/07/13", text: "1984-07-13", note: "Changed to 1984-07-13." },
  ]) {
    it(`is brought into the API's form when the field is left, visibly: ${typed}`, async () => {
      await field(label).fill(typed);
      await field(label).blur();
      assert.equal(await field(label).inputValue(), text);
      await page.tab.getByText(note, { exact: true }).waitFor();
    });
  }

  it("is brought into capitals for a country", async () => {
    const country = group("Legal address").getByLabel("Country");
    await country.fill("us");
    await country.blur();
    assert.equal(await country.inputValue(), "US");
    await page.tab.getByText("Changed to US.").waitFor();
  });

  for (const { label, typed } of [
    { label: "Phone number", typed: "123-456-7890" },
    { label: "Phone number", typed: "5550143" },
    { label: "SSN", typed: "90012345" },
    { label: "Date of birth", typed: "07/13/1984" },
    { label: "Date of birth", typed: "1984-02-30" },
  ]) {
    it(`stays, with an error, where it is not clear what is meant: ${label} ${typed}`, async () => {
      await field(label).fill(typed);
      await field(label).blur();
      assert.equal(await field(label).inputValue(), typed);
      assert.equal(await field(label).getAttribute("aria-invalid"), "true");
      assert.match(await errorOf(field(label)).innerText(), /expected/);
    });
  }

  it("loses its error as soon as it is corrected", async () => {
    await field("Phone number").fill("12");
    await field("Phone number").blur();
    assert.equal(await field("Phone number").getAttribute("aria-invalid"), "true");
    await field("Phone number").pressSequentially("3");
    assert.equal(await field("Phone number").getAttribute("aria-invalid"), null);
  });

  it("has all its errors in one round when it is sent", async () => {
    await field("SSN").fill("1");
    await field("Metadata").fill("{");
    await group("Legal address").getByLabel("City").fill("Springfield");
    await button("Create").click();
    await page.tab.getByText("Not sent: 5 fields have to be corrected.").waitFor();
    for (const input of [status(), field("SSN"), field("Metadata"), ...["Line 1", "Country"].map((name) => group("Legal address").getByLabel(name))]) {
      assert.equal(await input.getAttribute("aria-invalid"), "true");
    }
    assert.ok(await hasFocus(status()));
    assert.equal(sent("POST").length, 0);
  });
});

describe("unsaved changes", () => {
  eachOnTheList(page);
  beforeEach(openNew);

  it("are not lost by a link without a yes", async () => {
    await field("Last name").fill("Unsaved");
    const message = await answer(false, () => page.tab.getByRole("navigation").getByRole("link", { name: "Customers" }).click());
    assert.match(message, /not saved/);
    assert.equal(await field("Last name").inputValue(), "Unsaved");
    assert.equal(await address(), "#/new");
    await answer(true, () => link("Cancel").click());
    await heading("Customers").waitFor();
  });

  it("are not lost by going back or disconnecting without a yes", async () => {
    await field("Last name").fill("Unsaved");
    await answer(false, () => page.tab.evaluate(() => history.back()));
    assert.equal(await field("Last name").inputValue(), "Unsaved");
    assert.equal(await address(), "#/new");
    await answer(false, () => button("Disconnect").click());
    assert.equal(await field("Last name").inputValue(), "Unsaved");
  });

  it("are not lost by closing or reloading the page without a yes", async () => {
    await field("Last name").fill("Unsaved");
    const asked = page.tab.waitForEvent("dialog");
    const closing = page.tab.close({ runBeforeUnload: true });
    const question = await asked;
    assert.equal(question.type(), "beforeunload");
    await question.dismiss();
    await closing;
    assert.equal(await field("Last name").inputValue(), "Unsaved");
  });

  it("are asked about no more once they are saved, or taken back", async () => {
    await field("Last name").fill("Unsaved");
    await field("Last name").fill("");
    await link("Cancel").click();
    await heading("Customers").waitFor();
    await openNew();
    await status().selectOption("ACTIVE");
    await field("Last name").fill("Saved");
    await button("Create").click();
    await heading("Customers").waitFor();
  });
});

for (const viewport of [{ width: 1280, height: 640 }, { width: 400, height: 640 }]) {
  describe(`a form at ${viewport.width} pixels`, () => {
    eachOnTheList(page, { viewport });

    it("keeps the field that has the focus clear of its bar", async () => {
      await openNew();
      await status().focus();
      for (let presses = 0; presses < 28; presses += 1) {
        const covered = await page.tab.evaluate(() => {
          const { bottom, top } = document.activeElement.getBoundingClientRect();
          const bar = document.querySelector(".submit-bar");
          const isInBar = bar.contains(document.activeElement);
          return !isInBar && (bottom > bar.getBoundingClientRect().top || top < 0) && document.activeElement.name;
        });
        assert.equal(covered, false);
        await page.tab.keyboard.press("Tab");
      }
    });
  });
}
