// Creating customers from a file.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, it } from "node:test";
import { eachOnTheList, useConsole } from "./harness.mjs";

const page = useConsole(5);
const { button, field, heading, alert, sent, answer } = page;

const choose = (name, text) => page.tab.getByLabel("File", { exact: true }).setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
const preview = () => page.tab.getByRole("group", { name: "First rows" });
const failures = () => page.tab.getByRole("group", { name: "Rows that failed" });
const summary = (text) => page.tab.getByRole("status").filter({ hasText: text });
const rowsOf = (table) => table.locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
const stored = async (lastName) => (await page.call("GET", `/customers?last_name=${lastName}`)).customers;
const numbered = (count, name) => Array.from({ length: count }, (_, index) => JSON.stringify({ status: "PROSPECT", first_name: `Row ${index}`, last_name: name })).join("\n");

describe("an import", () => {
  eachOnTheList(page);

  beforeEach(async () => {
    await page.tab.getByRole("navigation").getByRole("link", { name: "Import" }).click();
    await heading("Import").waitFor();
  });

  it("of CSV guesses the columns, shows the first rows, and creates a customer for each", async () => {
    await choose("people.csv", "First Name,surname,Zip,SSN,Shoe\nAda,\"Csv, the first\",62701,900-12-3456,43\nGrace,Csv2,,,\n");
    await heading("Import").waitFor();
    assert.equal(await field("Shoe").inputValue(), "");
    assert.equal(await field("surname").inputValue(), "last_name");
    await field("Zip").selectOption("");
    await field("Status of rows without one").selectOption("PROSPECT");
    assert.deepEqual(await rowsOf(preview()), [
      ["2", "PROSPECT", "Ada", "Csv, the first", "•••-••-3456"],
      ["3", "PROSPECT", "Grace", "Csv2", ""],
    ]);
    await button("Create 2 customers").click();
    await summary("Done: 2 created.").waitFor();
    assert.deepEqual(sent("POST").map((request) => request.postDataJSON()), [
      { status: "PROSPECT", first_name: "Ada", last_name: "Csv, the first", ssn: "900-12-3456" },
      { status: "PROSPECT", first_name: "Grace", last_name: "Csv2" },
    ]);
  });

  it("lists the rows that failed with the reason, and saves them", async () => {
    await choose("people.ndjson", `${JSON.stringify({ status: "ACTIVE", last_name: "Good" })}\n\n${JSON.stringify({ status: "EVIL", last_name: "Bad" })}\n${JSON.stringify({ status: "ACTIVE", dob: "1850-01-01" })}\n`);
    await button("Create 3 customers").click();
    await summary("Done: 1 created, 2 failed").waitFor();
    const rows = await rowsOf(failures());
    assert.deepEqual(rows.map(([line, outcome]) => [line, outcome]).toSorted(), [["3", "failed"], ["4", "failed"]]);
    assert.match(rows.find(([line]) => line === "3")[2], /Status: .*ACTIVE/);
    assert.match(rows.find(([line]) => line === "4")[2], /Date of birth: Server: /);
    const download = page.tab.waitForEvent("download");
    await button("Save failed rows").click();
    const file = await download;
    assert.equal(file.suggestedFilename(), "failed.ndjson");
    assert.equal((await readFile(await file.path(), "utf8")).trimEnd().split("\n").length, 2);
  });

  it("pauses, goes on, and creates each row once", async () => {
    await page.tab.route(/\/v0\/customers$/, async (route) => {
      await new Promise((later) => setTimeout(later, 50));
      await route.continue();
    });
    await choose("people.ndjson", numbered(40, "Pausing"));
    await button("Create 40 customers").click();
    await page.tab.waitForFunction(() => document.querySelector("progress").value > 4);
    await button("Pause").click();
    await summary(/^Paused/).waitFor();
    await page.tab.waitForTimeout(400);
    const paused = sent("POST").length;
    assert.ok(paused < 40);
    await page.tab.waitForTimeout(400);
    assert.equal(sent("POST").length, paused, "nothing is sent during a pause");
    await button("Resume").click();
    await summary("Done: 40 created.").waitFor();
    const names = new Set(sent("POST").map((request) => request.postDataJSON().first_name));
    assert.equal(names.size, 40);
    assert.equal(sent("POST").length, 40);
  });

  it("goes on after it was cancelled, and after a reload, and creates nothing twice", async () => {
    await page.tab.route(/\/v0\/customers$/, async (route) => {
      await new Promise((later) => setTimeout(later, 50));
      await route.continue();
    });
    const text = numbered(30, "Resuming");
    await choose("people.ndjson", text);
    await button("Create 30 customers").click();
    await page.tab.waitForFunction(() => document.querySelector("progress").value > 4);
    await button("Cancel").click();
    await summary(/^Stopped: /).waitFor();
    const before = sent("POST").length;
    assert.ok(before < 30);
    await button("Create 30 customers").click();
    await summary(`Done: ${30 - before} created, ${before} done before.`).waitFor();
    assert.equal(sent("POST").length, 30);
    // The journal is gone with the page; the keys are the same.
    await page.tab.reload();
    await field("Token").fill(page.sandbox.token);
    await button("Connect").click();
    await page.tab.getByRole("navigation").getByRole("link", { name: "Import" }).click();
    await choose("people.ndjson", text);
    await button("Create 30 customers").click();
    await summary("Done: 30 created.").waitFor();
    assert.equal(new Set(sent("POST").map((request) => request.headers()["idempotency-key"])).size, 30);
    assert.equal((await stored("Resuming")).length, 30);
  });

  it("takes a field that rows share as what makes them the same", async () => {
    const rows = ["one@example.com", "two@example.com", "one@example.com"].map((email) => JSON.stringify({ status: "PROSPECT", email, last_name: "Keyed" }));
    await choose("people.ndjson", rows.join("\n"));
    await field("Rows are the same that share").selectOption("email");
    await button("Create 3 customers").click();
    await summary("Done: 2 created, 1 failed").waitFor();
    assert.match((await rowsOf(failures()))[0][2], /same key/);
  });

  it("ends where the server does not accept the token", async () => {
    await page.tab.route(/\/v0\/customers$/, (route) => route.fulfill({ status: 401, json: { code: "UNAUTHENTICATED" } }));
    await choose("people.ndjson", numbered(30, "Denied"));
    await button("Create 30 customers").click();
    await alert().getByText("The server does not accept the token").waitFor();
    await summary(/^Stopped: /).waitFor();
    assert.ok(sent("POST").length < 10);
  });

  it("is asked about before it is left", async () => {
    await page.tab.route(/\/v0\/customers$/, async (route) => {
      await new Promise((later) => setTimeout(later, 100));
      await route.continue();
    });
    await choose("people.ndjson", numbered(60, "Leaving"));
    await button("Create 60 customers").click();
    await page.tab.waitForFunction(() => document.querySelector("progress").value > 0);
    const go = () => page.tab.getByRole("navigation").getByRole("link", { name: "Customers" }).click();
    assert.match(await answer(false, go), /not finished/);
    await heading("Import").waitFor();
    await answer(true, go);
    await heading("Customers").waitFor();
    await page.tab.waitForTimeout(500);
    const count = sent("POST").length;
    await page.tab.waitForTimeout(400);
    assert.equal(sent("POST").length, count, "no further row is sent");
  });

  for (const { what, name, text, message } of [
    { what: "is not UTF-8", name: "a.csv", text: [0x61, 0xff, 0x0a, 0x62], message: "The file is not UTF-8" },
    { what: "is no CSV", name: "a.csv", text: "status\nAC\"TIVE\n", message: "Line 2 is not CSV" },
    { what: "has an uneven row", name: "a.csv", text: "status,email\nACTIVE\n", message: "Line 2 has 1 cells, and the header 2." },
    { what: "has no rows", name: "a.csv", text: "status\n", message: "The file has no rows below its header." },
    { what: "is no JSON", name: "a.ndjson", text: "{}\n{\n", message: "Line 2 is not JSON." },
  ]) {
    it(`says what is wrong with a file that ${what}, and sends nothing`, async () => {
      await choose(name, text);
      await alert().getByText(message).waitFor();
      assert.equal(await page.tab.getByRole("button", { name: /^Create/ }).count(), 0);
      assert.equal(sent("POST").length, 0);
    });
  }
});
