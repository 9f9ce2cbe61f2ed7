// The list of customers: reading on, filters, rows, columns, the plot and the export.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { eachOnTheList, useConsole } from "./harness.mjs";

const SEED = 120;
const page = useConsole(SEED);
const { rows, button, field, heading, alert, reading, address } = page;

const names = () => page.tab.locator("tr[data-id] .name a").allInnerTexts();
const ids = () => rows().evaluateAll((all) => all.map((row) => row.dataset.id));
const filters = () => page.tab.getByRole("search");
const chips = () => page.tab.getByRole("list", { name: "Filters that apply" }).getByRole("button");

/** Types into a filter, and returns what is asked for by it. */
async function asked(label, text, parameter) {
  const isAsked = (request) => new URL(request.url()).searchParams.has(parameter);
  const request = page.tab.waitForRequest(isAsked);
  await filters().getByLabel(label, { exact: true }).fill(text);
  const sent = new URL((await request).url()).searchParams.get(parameter);
  await page.tab.locator('table[aria-busy="false"]').waitFor();
  return sent;
}

describe("reading on", () => {
  eachOnTheList(page);

  it("loads customers while the page is scrolled, each once, until all are there", async () => {
    assert.equal(await rows().count(), 25);
    const isWhole = page.tab.getByText(`${SEED} customers, that is all`);
    for (let turns = 0; turns < 40 && !(await isWhole.isVisible()); turns += 1) {
      await page.tab.mouse.wheel(0, 2000);
      await page.tab.waitForTimeout(50);
    }
    await isWhole.waitFor();
    const all = await ids();
    assert.equal(all.length, SEED);
    assert.equal(new Set(all).size, SEED);
    const isLaidOut = (row) => row.evaluate((element) => element.checkVisibility({ contentVisibilityAuto: true }));
    assert.deepEqual([await isLaidOut(rows().first()), await isLaidOut(rows().last())], [false, true]);
  });

  it("loads more by the button too, and keeps what was there", async () => {
    await page.tab.addInitScript(() => {
      globalThis.IntersectionObserver = class {
        observe() {}
        unobserve() {}
        disconnect() {}
      };
    });
    await page.tab.reload();
    await field("Token").fill(page.sandbox.token);
    await button("Connect").click();
    await rows().first().waitFor();
    const first = await ids();
    await button("Load more").click();
    await page.tab.waitForFunction(() => document.querySelectorAll("tr[data-id]").length >= 50);
    assert.deepEqual((await ids()).slice(0, 25), first);
  });

  it("keeps the rows and says so when the next ones cannot be read", async () => {
    await page.tab.route(/page_token=/, (route) => route.fulfill({ status: 400, json: { detail: "no" } }));
    await button("Load more").scrollIntoViewIfNeeded();
    await alert().getByRole("heading").first().waitFor();
    assert.equal(await rows().count(), 25);
  });

  it("comes back to the loaded rows without reading them again", async () => {
    await button("Load more").scrollIntoViewIfNeeded();
    await page.tab.waitForFunction(() => document.querySelectorAll("tr[data-id]").length >= 50);
    const before = await ids();
    await rows().nth(40).getByRole("link").click();
    await page.tab.getByRole("heading", { name: "Record" }).waitFor();
    const count = page.requests.length;
    await page.tab.goBack();
    await page.tab.waitForFunction((id) => document.activeElement.closest("tr")?.dataset.id === id, before[40]);
    assert.deepEqual((await ids()).slice(0, before.length), before);
    assert.ok(page.requests.slice(count).every((request) => request.url().includes("page_token=")));
  });
});

describe("filters", () => {
  eachOnTheList(page);

  it("match what begins with the text, unless it holds a star or stands in quotes", async () => {
    assert.equal(await asked("Last name", "qu", "last_name"), "qu*");
    for (const name of await names()) assert.match(name, /^qu/i);
    assert.equal(await asked("First name", "*a", "first_name"), "*a");
    assert.equal(await asked("E-mail", "\"a@example.com\"", "email"), "a@example.com");
    await page.tab.getByText("More filters").click();
    assert.equal(await asked("Phone number", "+1 (202)", "phone_number"), "+1202*");
  });

  it("are shown as chips, which remove them", async () => {
    assert.equal(await chips().count(), 0);
    await asked("Last name", "qu", "last_name");
    await reading(() => filters().getByLabel("Status", { exact: true }).selectOption("ACTIVE"));
    await reading(() => filters().getByLabel("Order", { exact: true }).selectOption({ label: "Oldest first" }));
    assert.deepEqual(await chips().locator(".filter-text").allInnerTexts(), ["Last name: qu", "Status: ACTIVE", "Order: Oldest first"]);
    await reading(() => button("Remove filter Last name: qu").click());
    assert.equal(page.lastQuery().has("last_name"), false);
    assert.equal(await filters().getByLabel("Last name", { exact: true }).inputValue(), "");
    await reading(() => button("Clear filters").click());
    assert.equal(await chips().count(), 0);
    assert.equal(page.lastQuery().get("sort_by"), "creation_time:desc");
  });

  it("leave status and order in the address, and nothing that is typed", async () => {
    await asked("Last name", "qu", "last_name");
    await reading(() => filters().getByLabel("Status", { exact: true }).selectOption("ACTIVE"));
    await reading(() => page.tab.getByRole("columnheader", { name: "Last name" }).getByRole("button").click());
    assert.equal(await address(), "#/?status=ACTIVE&sort=last_name:asc");
    await page.tab.reload();
    await field("Token").fill(page.sandbox.token);
    await button("Connect").click();
    await rows().first().waitFor();
    assert.equal(page.lastQuery().get("status"), "ACTIVE");
    assert.equal(page.lastQuery().get("sort_by"), "last_name:asc");
    assert.equal(page.lastQuery().has("last_name"), false);
    assert.equal(await chips().count(), 2);
  });

  it("take nothing from an address that is no status or order", async () => {
    await page.tab.evaluate(() => {
      location.hash = "#/?status=EVIL&sort=ssn:asc&last_name=Quay";
    });
    await page.tab.waitForFunction(() => location.hash === "#/");
    await rows().first().waitFor();
    assert.equal(await chips().count(), 0);
  });

  it("that fail leave no rows of another list on the screen", async () => {
    await page.tab.route(/status=DENIED/, (route) => route.fulfill({ status: 400, json: { detail: "no" } }));
    await filters().getByLabel("Status", { exact: true }).selectOption("DENIED");
    await page.tab.getByText("The customers could not be read.").waitFor();
    assert.equal(await rows().count(), 0);
    await page.tab.getByText("By status, of 0 loaded").waitFor();
  });

  it("that the client rejects leave no rows either, and the error goes with the correction", async () => {
    await page.tab.getByText("More filters").click();
    await field("SSN, last four").fill("12");
    await field("SSN, last four").press("Enter");
    await page.tab.getByText("Correct the filters to see customers.").waitFor();
    assert.equal(await rows().count(), 0);
    await field("SSN, last four").pressSequentially("3");
    assert.equal(await field("SSN, last four").getAttribute("aria-invalid"), null);
  });
});

describe("a row", () => {
  eachOnTheList(page);

  it("opens the customer by a click anywhere in it", async () => {
    await rows().nth(2).locator(".accounts").click();
    await page.tab.getByRole("heading", { name: "Record" }).waitFor();
  });

  it("lets its text be selected without opening", async () => {
    const box = await rows().nth(2).locator(".contact .line").first().boundingBox();
    await page.tab.mouse.move(box.x + 2, box.y + box.height / 2);
    await page.tab.mouse.down();
    await page.tab.mouse.move(box.x + 80, box.y + box.height / 2, { steps: 5 });
    await page.tab.mouse.up();
    assert.notEqual(await page.tab.evaluate(() => getSelection().toString()), "");
    assert.ok(await heading("Customers").isVisible());
  });

  it("has a button that copies the id", async () => {
    await page.tab.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const [id] = await ids();
    await rows().first().getByRole("button", { name: /^Copy the id of/ }).click();
    await rows().first().getByRole("status").getByText("Copied").waitFor({ state: "attached" });
    assert.equal(await page.tab.evaluate(() => navigator.clipboard.readText()), id);
    assert.ok(await heading("Customers").isVisible());
  });

  it("is reached by arrow keys and opened by Enter", async () => {
    await rows().first().getByRole("link").focus();
    await page.tab.keyboard.press("ArrowDown");
    await page.tab.keyboard.press("ArrowDown");
    await page.tab.keyboard.press("ArrowUp");
    const [, id] = await ids();
    assert.equal(await page.tab.evaluate(() => document.activeElement.closest("tr")?.dataset.id), id);
    const opened = page.tab.waitForRequest((request) => request.url().endsWith(`/customers/${id}`));
    await page.tab.keyboard.press("Enter");
    await opened;
  });
});

describe("the columns", () => {
  for (const width of [1280, 1150]) {
    describe(`at ${width} pixels`, () => {
      eachOnTheList(page, { viewport: { width, height: 900 } });

      it("all fit, the last one too", async () => {
        const cut = await page.tab.evaluate(() => {
          const edge = document.querySelector(".table-card").getBoundingClientRect().right;
          const cells = [...document.querySelectorAll(".customers thead th, .customers tbody tr:nth-child(-n + 3) > *")];
          return cells.filter((cell) => cell.getBoundingClientRect().right > edge).map((cell) => cell.className);
        });
        assert.deepEqual(cut, []);
        const isScrolled = await page.tab.locator(".table-card").evaluate((card) => card.scrollWidth > card.clientWidth);
        assert.equal(isScrolled, false);
      });

      it("show the ban status whole", async () => {
        const badge = rows().first().locator(".ban .badge");
        assert.match(await badge.innerText(), /^(ALLOWED|SUSPENDED|BANNED)$/);
        assert.ok(await badge.evaluate((element) => element.scrollWidth <= element.clientWidth));
      });
    });
  }
});

describe("of the loaded customers", () => {
  eachOnTheList(page);

  // Few enough for one page: on the way to the buttons the page would read on.
  const showDenied = () => reading(() => filters().getByLabel("Status", { exact: true }).selectOption("DENIED"));

  it("the plot counts each status", async () => {
    const shown = await page.tab.locator(".plot-row").evaluateAll((all) =>
      all.map((row) => [row.querySelector(".plot-label").textContent, Number(row.querySelector(".plot-count").textContent)]));
    const counts = {};
    for (const status of await page.tab.locator("tr[data-id] .status").allInnerTexts()) counts[status] = (counts[status] ?? 0) + 1;
    assert.deepEqual(Object.fromEntries(shown), counts);
    await page.tab.getByText("By status, of 25 loaded").waitFor();
  });

  const exported = async (format) => {
    await showDenied();
    const download = page.tab.waitForEvent("download");
    await button(`Export as ${format}`).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
  };
  const loaded = async () => (await (await page.sent("GET").at(-1).response()).json()).customers;

  it("the export as NDJSON has every field as it came", async () => {
    const { name, text } = await exported("NDJSON");
    assert.equal(name, "customers.ndjson");
    assert.deepEqual(text.trimEnd().split("\n").map((line) => JSON.parse(line)), await loaded());
  });

  it("the export as CSV has a header and a row each", async () => {
    const { name, text } = await exported("CSV");
    assert.equal(name, "customers.csv");
    const customers = await loaded();
    const [header, ...lines] = text.trimEnd().split("\n");
    assert.match(header, /^id,status,first_name,middle_name,last_name,dob,email,/);
    assert.equal(lines.length, customers.length);
    for (const [index, { id, status }] of customers.entries()) assert.ok(lines[index].startsWith(`${id},${status},`));
  });
});
