// What the tests of the console share: its parts, and the page that a test looks at.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { connect, launch, openTab } from "./browser.mjs";
import { startConsole } from "./console-server.mjs";

/**
 * Starts sandbox, console and browser for the tests of a file, and returns what they look at.
 *
 * @param {number} seed how many customers there are
 */
export function useConsole(seed) {
  const page = new Page();
  before(async () => {
    page.sandbox = await startSandbox("--seed", String(seed));
    page.server = await startConsole();
    page.browser = await launch();
  });
  after(async () => {
    await page.browser?.close();
    page.server?.stop();
    page.sandbox?.stop();
  });
  return page;
}

/** Calls the sandbox as the API, and returns the body of its response. */
export async function callSandbox({ baseUrl, token }, method, path, body) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
  const response = await fetch(`${baseUrl}${path}`, { method, headers, body: body && JSON.stringify(body) });
  return response.json();
}

/** Opens a tab for each test of a suite, and looks for problems after it. */
export function eachOnTheList(page, settings) {
  beforeEach(() => page.open(settings));
  afterEach(() => page.close());
}

class Page {
  sandbox;
  server;
  browser;
  tab;
  problems;
  requests;

  /** Opens a tab, not yet at any page. */
  async start(settings) {
    Object.assign(this, await openTab(this.browser, settings));
  }

  async open(settings) {
    await this.start({ failing: true, ...settings });
    await this.connect();
  }

  /** Connects the console to the sandbox, and waits for the list if the token is right. */
  connect = async (token = this.sandbox.token) => {
    await connect(this.tab, this.server.url, { baseUrl: this.sandbox.baseUrl, token });
    if (token !== this.sandbox.token) return;
    await this.rows().first().waitFor().catch((error) => {
      throw new Error(`the list does not come up; the page reported: ${this.problems.join("; ")}`, { cause: error });
    });
  };

  async close() {
    await this.tab.context().close();
    assert.deepEqual(this.problems, [], "the page reported problems");
  }

  rows = () => this.tab.locator("tr[data-id]");
  button = (name) => this.tab.getByRole("button", { name, exact: true });
  link = (name) => this.tab.getByRole("main").getByRole("link", { name, exact: true });
  field = (name) => this.tab.getByLabel(name, { exact: true });
  heading = (name) => this.tab.getByRole("heading", { level: 1, name });
  alert = () => this.tab.getByRole("alert");
  status = () => this.tab.getByRole("combobox", { name: /^Status/ });
  dialog = () => this.tab.getByRole("dialog");
  address = () => this.tab.evaluate(() => location.hash);
  hasFocus = (locator) => locator.evaluate((element) => element === document.activeElement);

  /** The requests so far by method. */
  sent = (method) => this.requests.filter((request) => request.method() === method);

  /** Waits until the list has been read once more by what `act` does. */
  reading = async (act) => {
    const answer = this.tab.waitForResponse((response) => /\/v0\/customers(\?|$)/.test(response.url()));
    await act();
    await answer;
    await this.tab.locator('table[aria-busy="false"]').waitFor();
  };

  /** The parameters of the last read of the list. */
  lastQuery = () => {
    const reads = this.requests.filter((request) => /\/v0\/customers\?/.test(request.url()));
    return new URL(reads.at(-1).url()).searchParams;
  };

  /** Calls the sandbox without the page. */
  call = (method, path, body) => callSandbox(this.sandbox, method, path, body);

  /** Creates a customer without the page, and opens it in the page by its last name. */
  openCustomer = async (customer) => {
    const stored = await this.call("POST", "/customers", customer);
    await this.reading(() => this.button("Reload").click());
    await this.tab.locator(`tr[data-id="${stored.id}"]`).getByRole("link").click();
    await this.tab.getByRole("heading", { name: "Record" }).waitFor();
    return stored;
  };

  /** Answers the next question of the browser, and returns its words. */
  answer = async (accept, act) => {
    const asked = this.tab.waitForEvent("dialog");
    const acting = act();
    const dialog = await asked;
    const message = dialog.message();
    await (accept ? dialog.accept() : dialog.dismiss());
    await acting;
    return message;
  };
}
