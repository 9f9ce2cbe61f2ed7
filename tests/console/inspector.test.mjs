// The console's inspector in Chromium: what it shows of each call, its faults, its copies, and the keys.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { arm, connect as connectTo } from "./browser.mjs";
import { eachOnTheList, useConsole } from "./harness.mjs";

const { CONSUMER } = process.env;
const run = promisify(execFile);
const SSN = "900-12-3456";

const page = useConsole(40);
const { rows, button, field, heading, alert, reading } = page;

eachOnTheList(page, { permissions: ["clipboard-read", "clipboard-write"] });

const inspector = () => page.tab.getByRole("region", { name: "Inspector" });
const calls = () => page.tab.locator(".calls > li");
const call = (text) => calls().filter({ hasText: text }).first();
const chip = () => page.tab.locator(".chip");

const sortByCreation = () => page.tab.getByRole("columnheader", { name: "Created" }).getByRole("button").click();

async function openNewForm() {
  await page.tab.getByRole("navigation").getByRole("link", { name: "New customer" }).click();
  await heading("New customer").waitFor();
}

async function fillNewForm(lastName, more = {}) {
  await openNewForm();
  await page.tab.getByRole("combobox", { name: /^Status/ }).selectOption("ACTIVE");
  for (const [label, value] of Object.entries({ "Last name": lastName, ...more })) await field(label).fill(value);
}

async function createCustomer(lastName, more) {
  await fillNewForm(lastName, more);
  await button("Create").click();
  await page.tab.getByRole("status").getByText(`Created: ${more?.["First name"] ?? ""}`).waitFor();
}

const posts = () => page.requests.filter((request) => request.method() === "POST");
const keysOf = (all) => all.map((request) => request.headers()["idempotency-key"]);

async function openCall(text) {
  await button("Inspector").click();
  await call(text).locator("summary").click();
  await call(text).locator(".copies").waitFor();
  return call(text);
}

describe("a call", () => {
  it("is a line with its method, path, result, duration and attempts", async () => {
    await createCustomer("Lined");
    await button("Inspector").click();
    const cells = await call("POST").locator("summary > *").allInnerTexts();
    assert.match(cells[0], /^\d\d:\d\d:\d\d$/);
    assert.match(cells[4], /^[\d.]+ m?s$/);
    assert.deepEqual([...cells.slice(1, 4), ...cells.slice(5)], ["POST", "/customers", "201", "1 attempt", ""]);
  });

  it("shows its key and the server's request id", async () => {
    await createCustomer("Identified");
    const [post] = posts();
    const { "x-request-id": requestId } = await (await post.response()).allHeaders();
    const text = await (await openCall("POST")).locator(".call-content").innerText();
    for (const id of [post.headers()["idempotency-key"], requestId]) assert.ok(text.includes(id), id);
  });

  it("shows no value of a personal filter in its path", async () => {
    await button("Inspector").click();
    await page.tab.getByRole("search").getByLabel("Last name", { exact: true }).fill("Quay");
    const filtered = calls().filter({ hasText: "last_name" }).first();
    await filtered.getByText("200").waitFor();
    const path = await filtered.locator(".call-path").innerText();
    assert.match(path, /last_name=…/);
    assert.ok(path.includes("sort_by=creation_time:desc"));
    assert.ok(!(await inspector().innerText()).includes("Quay"));
  });

  it("is kept until fifty newer ones have come, or until the list is cleared", async () => {
    for (let number = 0; number < 55; number += 1) await reading(sortByCreation);
    await button("Inspector").click();
    assert.equal(await calls().count(), 50);
    await inspector().getByRole("button", { name: "Clear" }).click();
    await inspector().getByText("No call yet.").waitFor();
  });

  it("says of a write that failed what the server may have done", async () => {
    await fillNewForm("Refused", { "Date of birth": "1850-01-01" });
    await button("Create").click();
    await alert().getByText("The server refused this").waitFor();
    await button("Inspector").click();
    assert.equal(await call("POST").locator(".call-outcome").innerText(), "nothing changed");
    assert.equal(await call("POST").locator(".call-result").innerText(), "400");
  });

  it("shows personal values only after a press of the button, and never a whole SSN", async () => {
    await createCustomer("Marker8471", { "First name": "Ada", SSN, "E-mail": "mark8471@example.com" });
    const post = await openCall("POST");
    assert.match(await post.innerText(), /"last_name": "\[personal\]"/);
    assert.ok(!(await inspector().innerHTML()).includes("ark8471"));
    await post.getByRole("button", { name: "Show personal values" }).click();
    const bodies = await post.locator("pre").allInnerTexts();
    assert.equal(bodies.length, 2, "what was sent and what came back");
    for (const body of bodies) assert.equal(JSON.parse(body).last_name, "Marker8471");
    assert.equal(JSON.parse(bodies[0]).ssn, "•••-••-3456");
    assert.ok(!(await page.tab.locator("html").innerHTML()).includes(SSN));
    await post.getByRole("button", { name: "Show personal values" }).click();
    assert.ok(!(await inspector().innerHTML()).includes("ark8471"));
  });

  it("never shows the token, not even one that the server sends back", async () => {
    await page.tab.route(/\/v0\/customers\/[^/?]+$/, async (route) => {
      const response = await route.fetch();
      return route.fulfill({ response, json: { ...(await response.json()), email: page.sandbox.token } });
    });
    await rows().first().getByRole("link").click();
    await page.tab.getByRole("heading", { name: "Record" }).waitFor();
    const get = await openCall("customers/");
    await get.getByRole("button", { name: "Show personal values" }).click();
    assert.match(await get.innerText(), /authorization\s+Bearer \[token\]/);
    assert.match(await get.innerText(), /"email": "\[token\]"/);
    assert.ok(!(await inspector().innerHTML()).includes(page.sandbox.token));
  });

  it("is gone after disconnecting, and so is what is armed", async () => {
    await createCustomer("Gone8471");
    const post = await openCall("POST");
    await post.getByRole("button", { name: "Show personal values" }).click();
    await button("Inspector").click();
    await arm(page.tab, "answer 503", { often: "always" });
    await button("Disconnect").click();
    await heading("Connect").waitFor();
    const html = await page.tab.locator("body").innerHTML();
    assert.ok(!html.includes("8471"));
    assert.equal(await calls().count(), 0);
    assert.equal(await chip().isVisible(), false);
  });

  it("is drawn in the plot with its attempts", async () => {
    await arm(page.tab, "answer 503", { target: "next call" });
    await reading(sortByCreation);
    await button("Inspector").click();
    const drawing = inspector().getByRole("img", { name: /The last \d+ calls: .*; retried: 1\./ });
    await drawing.waitFor();
    const count = await calls().count();
    assert.equal(await drawing.locator(".bar-good").count(), count);
    assert.equal(await drawing.locator(".plot-attempt").count(), count + 1);
  });
});

describe("a call under way", () => {
  it("shows its attempt and its wait, and afterwards both on its timeline", async () => {
    await arm(page.tab, "answer 429, wait 2 s", { target: "next call" });
    await sortByCreation();
    await page.tab.getByText(/^GET attempt 2 of 3, waiting [12] s$/).waitFor();
    await button("Inspector").click();
    const get = calls().first();
    await get.getByText(/^attempt 2 of 3, waiting [12] s$/).waitFor();
    await get.getByText("200").waitFor();
    await get.locator("summary").click();
    await get.locator(".copies").waitFor();
    const lines = await get.getByRole("list", { name: "Attempts and waits" }).getByRole("listitem").allInnerTexts();
    assert.equal(lines.length, 3);
    assert.match(lines[0], /^Attempt 1\s+[\d.]+ m?s\s+429 TOO_MANY_REQUESTS/);
    assert.match(lines[1], /^Wait\s+2\.\d s\s+2\.0 s before attempt 2/);
    assert.match(lines[2], /^Attempt 2\s+[\d.]+ m?s\s+200/);
  });
});

describe("a fault", () => {
  it("of the next write waits for it through reads, and is used once", async () => {
    await arm(page.tab, "do it, then lose the response");
    await chip().getByText("Fault in the next write: do it, then lose the response").waitFor();
    await reading(sortByCreation);
    await fillNewForm("Lost", { "First name": "Ada" });
    assert.ok(await chip().isVisible(), "a read does not take it");
    await button("Create").click();
    await page.tab.getByRole("status").getByText("Created: Ada Lost").waitFor();
    assert.equal(await chip().isVisible(), false);
    const faulty = posts().filter((request) => request.headers()["sandbox-fault"] !== undefined);
    assert.ok(faulty.length > 0 && posts().length > faulty.length);
    assert.equal(new Set(keysOf(posts())).size, 1, "the retry has the same key");
    assert.ok(page.requests.every((request) => request.method() === "POST" || !("sandbox-fault" in request.headers())));
    await button("Inspector").click();
    assert.equal(await call("POST").locator(".call-attempts").innerText(), "2 attempts");
    await inspector().getByRole("button", { name: "Inspector" }).click();
    await reading(() => page.tab.getByRole("search").getByLabel("Last name", { exact: true }).fill("Lost"));
    await page.tab.getByText(/1 customer\b/).waitFor();
    assert.equal(await rows().count(), 1);
  });

  it("that is armed for always meets every attempt until it is disarmed", async () => {
    await arm(page.tab, "answer 503", { target: "next call", often: "always" });
    await chip().getByText("Fault in every call: answer 503").waitFor();
    await sortByCreation();
    await alert().getByText("The server failed").waitFor();
    const faulty = page.requests.filter((request) => request.headers()["sandbox-fault"] === "status=503");
    assert.equal(faulty.length, 3);
    await chip().getByRole("button", { name: "Disarm" }).click();
    assert.equal(await chip().isVisible(), false);
    await reading(() => button("Try again").click());
    assert.equal(await alert().innerText(), "");
  });

  it("is offered for a server on this machine only", async () => {
    await button("Arm a fault").click();
    await inspector().getByRole("form", { name: "Fault" }).waitFor();
    await button("Inspector").click();
    await button("Disconnect").click();
    await page.tab.route("https://api.example.com/**", (route) => route.abort());
    await connectTo(page.tab, page.server.url, { baseUrl: "https://api.example.com/v0", token: "token-of-another" });
    await heading("Customers").waitFor();
    await button("Inspector").click();
    await inspector().getByRole("button", { name: "Clear" }).waitFor();
    assert.equal(await inspector().getByRole("form", { name: "Fault" }).isVisible(), false);
    assert.equal(await button("Arm a fault").isVisible(), false);
    await page.tab.keyboard.press("Control+k");
    await page.tab.getByRole("option", { name: "New customer" }).waitFor();
    assert.equal(await page.tab.getByRole("option", { name: /Fault/ }).count(), 0);
  });
});

describe("a copy", () => {
  /** Quotes, a variable and a backslash, which shells and JavaScript read differently. */
  const NAME = "O'Brien \"$HOME\" \\ `id`";

  const FORMATS = ["TypeScript", "TypeScript for Vite", "curl", "Command line"];

  async function copy(of, format) {
    const copies = call(of).locator(".copies button");
    await copies.first().waitFor();
    assert.deepEqual(await copies.allInnerTexts(), FORMATS);
    const pressed = copies.nth(FORMATS.indexOf(format));
    await pressed.click();
    await pressed.filter({ hasText: "Copied" }).waitFor();
    const text = await page.tab.evaluate(() => navigator.clipboard.readText());
    assert.ok(!text.includes(page.sandbox.token), "no copy holds the token");
    assert.ok(!text.includes(SSN), "no copy holds an SSN");
    await pressed.filter({ hasText: format }).waitFor();
    return text;
  }

  const environment = () => ({ ...process.env, SYNCTERA_API_KEY: page.sandbox.token });

  /** Runs a program next to the installed package; returns what it prints. */
  async function runProgram(text) {
    const folder = await mkdtemp(join(CONSUMER, "copy-"));
    try {
      await writeFile(join(folder, "main.mjs"), text);
      return (await run(process.execPath, [join(folder, "main.mjs")], { env: environment() })).stdout;
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /** Runs a line of a shell in which `name` prints its arguments, a line each; returns them. */
  async function argumentsOf(name, text) {
    const script = `${name}() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${text}`;
    return (await run("sh", ["-c", script], { env: environment() })).stdout.split("\0").slice(0, -1);
  }

  /** Creates a customer and opens the call; returns what came back. */
  async function created(more) {
    await createCustomer(NAME, { "First name": "Ada", ...more });
    await openCall("POST");
    return (await posts()[0].response()).json();
  }

  it("as TypeScript makes the call again, under its key", async () => {
    const { id } = await created();
    const text = await copy("POST", "TypeScript");
    assert.match(text, /^import \{ CustomersApi \} from "synctera-customers";$/m);
    const printed = await runProgram(text);
    assert.ok(printed.includes(id), printed);
  });

  it("holds no SSN, and then not its key either, which is for the whole body", async () => {
    const { id } = await created({ SSN });
    const text = await copy("POST", "TypeScript");
    assert.match(text, /The SSN of this call is not copied/);
    assert.ok(!text.includes(posts()[0].headers()["idempotency-key"]));
    const printed = await runProgram(text);
    assert.match(printed, /id: '[0-9a-f-]{36}'/);
    assert.ok(!printed.includes(id), "another customer");
  });

  it("as TypeScript for Vite differs only in where the token comes from", async () => {
    await created();
    const [plain, vite] = [await copy("POST", "TypeScript"), await copy("POST", "TypeScript for Vite")];
    const withoutToken = (text) => text.split("\n").filter((line) => !/^\/\/|accessToken/.test(line));
    assert.deepEqual(withoutToken(vite), withoutToken(plain));
    assert.match(vite, /accessToken: import\.meta\.env\["VITE_SYNCTERA_API_KEY"\],/);
  });

  it("as curl holds the same request", async () => {
    await created();
    const [post] = posts();
    const words = await argumentsOf("curl", await copy("POST", "curl"));
    assert.deepEqual(words.slice(0, 3), ["-X", "POST", post.url()]);
    assert.ok(words.includes(`Authorization: Bearer ${page.sandbox.token}`), "from the environment");
    assert.ok(words.includes(`Idempotency-Key: ${post.headers()["idempotency-key"]}`));
    assert.deepEqual(JSON.parse(words.at(-1)), post.postDataJSON());
  });

  it("as a command line makes the call again", async () => {
    await reading(() => page.tab.getByRole("search").getByLabel("Status").selectOption("PROSPECT"));
    const ids = await rows().evaluateAll((all) => all.map((row) => row.dataset.id));
    await openCall("PROSPECT");
    const words = await argumentsOf("npx", await copy("PROSPECT", "Command line"));
    assert.equal(words[0], "synctera-customers");
    const cli = join(CONSUMER, "node_modules/synctera-customers/dist/cli.js");
    const { stdout } = await run(process.execPath, [cli, ...words.slice(1), "--format=jsonl"], { env: environment() });
    assert.deepEqual(stdout.trim().split("\n").map((line) => JSON.parse(line).id), ids);
  });

  it("of a create as a command line holds its body and its key", async () => {
    await created();
    const [post] = posts();
    const words = await argumentsOf("npx", await copy("POST", "Command line"));
    assert.equal(words[1], "create");
    assert.deepEqual(JSON.parse(words[2]), post.postDataJSON());
    assert.ok(words.includes(`--idempotency-key=${post.headers()["idempotency-key"]}`));
    assert.ok(words.includes(`--base-url=${page.sandbox.baseUrl}`));
  });
});

describe("the keys", () => {
  const palette = () => page.tab.getByRole("dialog", { name: "Commands" });
  const option = (name) => page.tab.getByRole("option", { name, exact: true });

  it("open a palette that runs a command, and another after the arrows", async () => {
    await page.tab.keyboard.press("Control+k");
    await page.tab.keyboard.type("new cust");
    await page.tab.keyboard.press("Enter");
    await heading("New customer").waitFor();
    await page.tab.keyboard.press("Meta+k");
    assert.equal(await option("List customers").getAttribute("aria-selected"), "true");
    await page.tab.keyboard.press("ArrowDown");
    assert.equal(await option("New customer").getAttribute("aria-selected"), "true");
    await page.tab.keyboard.press("ArrowUp");
    await page.tab.keyboard.press("Enter");
    await rows().first().waitFor();
  });

  it("open a customer by id, and leave no id in the page's address", async () => {
    const id = await rows().nth(2).getAttribute("data-id");
    await page.tab.keyboard.press("Control+k");
    await page.tab.keyboard.type(id);
    await page.tab.keyboard.press("Enter");
    await page.tab.getByRole("heading", { name: "Record" }).waitFor();
    assert.ok(page.requests.at(-1).url().endsWith(`/customers/${id}`));
    assert.ok(!page.tab.url().includes(id));
    assert.equal(await page.tab.locator(".palette input").inputValue(), "");
  });

  it("arm a fault, open the inspector, and disconnect", async () => {
    for (const [typed, seen] of [
      ["lose the response", () => chip().getByText("do it, then lose the response").waitFor()],
      ["inspector", () => inspector().getByRole("form", { name: "Fault" }).waitFor()],
      ["disarm", () => chip().waitFor({ state: "hidden" })],
      ["disconnect", () => heading("Connect").waitFor()],
    ]) {
      await page.tab.keyboard.press("Control+k");
      await page.tab.keyboard.type(typed);
      await page.tab.keyboard.press("Enter");
      await seen();
    }
    await page.tab.keyboard.press("Control+k");
    assert.equal(await palette().isVisible(), false, "not without a connection");
  });

  it("go to the search, from every view", async () => {
    await openNewForm();
    await page.tab.keyboard.press("/");
    await page.tab.waitForFunction(() => document.activeElement.closest("[role=search]") !== null);
    assert.equal(await page.tab.evaluate(() => document.activeElement.value), "");
  });

  it("show what they are, and Esc closes it", async () => {
    await page.tab.keyboard.press("?");
    const keys = page.tab.getByRole("dialog", { name: "Keys" });
    await keys.getByText("Search the list").waitFor();
    await page.tab.keyboard.press("Escape");
    await keys.waitFor({ state: "hidden" });
    await button("Inspector").click();
    await page.tab.keyboard.press("Escape");
    await inspector().getByRole("button", { name: "Clear" }).waitFor({ state: "hidden" });
  });

  it("are letters in a field, except Ctrl+K", async () => {
    await openNewForm();
    await field("Note").focus();
    await page.tab.keyboard.type("a/b?");
    assert.equal(await field("Note").inputValue(), "a/b?");
    assert.equal(await page.tab.getByRole("dialog").count(), 0);
    await page.tab.keyboard.press("Control+k");
    await palette().waitFor();
    await page.tab.keyboard.press("Escape");
    assert.equal(await field("Note").inputValue(), "a/b?");
  });
});
