// What the console promises about the token and about people's data (docs/security.md).
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { connect, launch, launchWithProfile, openTab, openTabIn } from "./browser.mjs";
import { startConsole } from "./console-server.mjs";

/** The end of a customer's address. */
const REFERENCE = /#\/customers\/[0-9a-z]+$/;

let sandbox;
/** Hands out the sandbox's token for its link, once: there is a new one for each test. */
let server;
let browser;
let context;
let tab;
let problems;

before(async () => {
  sandbox = await startSandbox("--seed", "30");
  browser = await launch();
});

after(async () => {
  await browser?.close();
  sandbox?.stop();
});

beforeEach(async () => {
  server = await startConsole(sandbox);
  ({ context, tab, problems } = await openTab(browser, { failing: true }));
});

afterEach(async () => {
  await context.close();
  server.stop();
  assert.deepEqual(problems, [], "the page reported problems");
});

const rows = (page = tab) => page.locator("tr[data-id]");
const heading = (name, page = tab) => page.getByRole("heading", { level: 1, name });
const button = (name) => tab.getByRole("button", { name, exact: true });
const alert = () => tab.getByRole("alert");
const address = () => tab.evaluate(() => location.href);

/** Follows a link as a person does who pastes it over the page's address. */
const paste = (link) => tab.evaluate((href) => {
  location.href = href;
}, link);

/** Counts the exchanges of codes that the page asks its server for. */
function countExchanges() {
  const exchanges = [];
  tab.on("request", (request) => {
    if (new URL(request.url()).pathname === "/connection") exchanges.push(request);
  });
  return exchanges;
}

/** The next dialog of the page, answered. */
async function answerDialog(accept, act) {
  const dialog = tab.waitForEvent("dialog");
  const acting = act();
  const { message } = await dialog.then(async (asked) => {
    await (accept ? asked.accept() : asked.dismiss());
    return { message: asked.message() };
  });
  await acting;
  return message;
}

describe("a link with a code", () => {
  it("connects, and leaves neither code nor token in the address", async () => {
    const exchanges = countExchanges();
    await tab.goto(server.link);
    await rows().first().waitFor();
    assert.equal(await address(), `${server.url}/#/`);
    const [request] = exchanges;
    assert.equal(exchanges.length, 1);
    assert.equal(request.method(), "POST");
    assert.equal(request.url(), `${server.url}/connection`);
    assert.equal(await tab.evaluate(() => history.length), 2, "about:blank and the console");
  });

  it("connects once only, and the form says so the next time", async () => {
    await tab.goto(server.link);
    await rows().first().waitFor();
    await tab.goto("about:blank");
    await tab.goto(server.link);
    await alert().getByText("used or has expired").waitFor();
    await heading("Connect").waitFor();
    assert.equal(await address(), `${server.url}/#/`);
  });

  it("shows the form where the server does not exchange codes", async () => {
    await tab.route("**/connection", (route) => route.fulfill({ status: 404 }));
    await tab.goto(server.link);
    await alert().getByText("does not exchange the link’s code").waitFor();
    await heading("Connect").waitFor();
  });

  for (const connection of [{ baseUrl: "http://2130706433/v0", token: "t" }, { baseUrl: "http://127.0.0.1:1/v0", token: "two words" }]) {
    it(`shows the form where the server gives what cannot be used: ${JSON.stringify(connection)}`, async () => {
      await tab.route("**/connection", (route) => route.fulfill({ json: connection }));
      await tab.goto(server.link);
      await alert().getByText(/baseUrl|accessToken/).waitFor();
      await heading("Connect").waitFor();
    });
  }
});

describe("a link without a code", () => {
  it("connects to nothing, and the form says so", async () => {
    const asked = [];
    tab.on("request", (request) => asked.push(request.url()));
    for (const [fragment, message] of [
      ["baseUrl=https://stranger.example.com/v0&token=t", "The link holds a token"],
      ["baseUrl=http://127.0.0.1:1/v0&token=t", "The link holds a token"],
      ["baseUrl=http://2130706433/v0&token=t", "The link holds a token"],
      ["baseUrl=http://127.0.0.1:1/v0&token=two%20words", "The link holds a token"],
      ["baseUrl=http://127.0.0.1:1/v0", "This link leads nowhere"],
      ["code=", "This link leads nowhere"],
      ["%", "This link leads nowhere"],
    ]) {
      await tab.goto("about:blank");
      await tab.goto(`${server.url}/#${fragment}`);
      await alert().getByText(message).waitFor();
      await heading("Connect").waitFor();
      assert.equal(await tab.getByLabel("Base URL", { exact: true }).inputValue(), "", fragment);
      assert.equal(await address(), `${server.url}/#/`, fragment);
    }
    assert.ok(asked.every((url) => url === "about:blank" || url.startsWith(`${server.url}/`)), asked.join());
    assert.ok(!asked.includes(`${server.url}/connection`));
  });
});

describe("a link while the page is connected", () => {
  let other;

  beforeEach(async () => {
    other = await startSandbox();
    await connect(tab, server.url, other);
    await tab.getByText("No customer fits these filters.").waitFor();
    await tab.getByRole("navigation").getByRole("link", { name: "New customer" }).click();
    await tab.getByLabel("Last name", { exact: true }).fill("Unsaved");
  });
  afterEach(() => other.stop());

  const unsaved = () => tab.getByLabel("Last name", { exact: true }).inputValue();

  it("asks before it replaces the connection, and changes nothing after a no", async () => {
    const exchanges = countExchanges();
    const message = await answerDialog(false, () => paste(server.link));
    assert.ok(message.includes(other.baseUrl));
    assert.equal(await unsaved(), "Unsaved");
    assert.equal(await address(), `${server.url}/#/new`);
    assert.equal(exchanges.length, 0, "the code is still good");
  });

  it("replaces the connection after a yes", async () => {
    await answerDialog(true, () => paste(server.link));
    await rows().first().waitFor();
    await tab.locator("#connection").getByText(sandbox.baseUrl).waitFor();
  });

  it("keeps the connection where the link's code is void", async () => {
    await answerDialog(true, () => paste(`${server.url}/#code=void`));
    await alert().getByText("used or has expired").waitFor();
    assert.equal(await unsaved(), "Unsaved");
    await tab.locator("#connection").getByText(other.baseUrl).waitFor();
  });

  it("keeps the connection where the link holds a token", async () => {
    await paste(`${server.url}/#baseUrl=${sandbox.baseUrl}&token=${sandbox.token}`);
    await alert().getByText("The link holds a token").waitFor();
    assert.equal(await address(), `${server.url}/#/new`);
    assert.equal(await unsaved(), "Unsaved");
  });
});

describe("what the browser keeps", () => {
  /** A customer whose every text is found nowhere else. */
  const marked = {
    first_name: "Firstmark8471",
    last_name: "Lastmark8471",
    email: "mailmark8471@example.com",
    dob: "1984-07-13",
    status: "ACTIVE",
  };
  const TYPED = "Typedmark8471";
  const FILTER = "Lastmark84*";

  const createMarked = async () => {
    const headers = {
      authorization: `Bearer ${sandbox.token}`,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
    };
    const response = await fetch(`${sandbox.baseUrl}/customers`, { method: "POST", headers, body: JSON.stringify(marked) });
    return response.json();
  };

  /** Goes through every view with the marked customer, and returns the titles and addresses there. */
  const visitAll = async (page) => {
    const seen = [];
    // What is typed into the forms is left without being saved.
    page.on("dialog", (dialog) => dialog.accept());
    const note = async () => seen.push(await page.title(), await page.evaluate(() => location.href));
    await page.goto(server.link);
    await rows(page).first().waitFor();
    await note();
    const search = page.getByRole("search");
    await search.getByLabel("Last name", { exact: true }).fill(FILTER);
    await page.getByText(/^\d customers?, that is all$/).waitFor();
    await note();
    await rows(page).first().getByRole("link").click();
    await heading(marked.last_name, page).waitFor();
    await note();
    for (const name of ["Edit", "Replace"]) {
      await page.getByRole("link", { name, exact: true }).click();
      await heading(`${name}: ${marked.first_name}`, page).waitFor();
      await page.getByLabel("Note", { exact: true }).fill(TYPED);
      await note();
      await page.goBack();
      await heading(marked.last_name, page).waitFor();
    }
    return seen;
  };

  it("no title and no address holds anything about a customer", async () => {
    const { id } = await createMarked();
    const seen = (await visitAll(tab)).map(decodeURIComponent);
    assert.equal(seen.length, 10);
    for (const text of seen) assert.doesNotMatch(text, /8471|1984/);
    for (const secret of [id, sandbox.token, sandbox.baseUrl]) assert.ok(seen.every((text) => !text.includes(secret)));
    assert.match(seen[5], REFERENCE);
  });

  it("an address of a customer leads to the list once the page is loaded anew", async () => {
    await visitAll(tab);
    const customer = await address();
    assert.match(customer, REFERENCE);
    await tab.reload();
    await heading("Connect").waitFor();
    await tab.getByLabel("Token", { exact: true }).fill(sandbox.token);
    await button("Connect").click();
    await heading("Customers").waitFor();
    assert.equal(await address(), `${server.url}/#/`);
  });

  it("no file of the browser's profile holds the token or anything about a customer", async () => {
    const { id } = await createMarked();
    const profile = await mkdtemp(join(tmpdir(), "console-profile-"));
    let own;
    try {
      own = await launchWithProfile(profile);
      const { tab: page } = await openTabIn(own, true);
      await visitAll(page);
      await own.close();
      const names = await readdir(profile, { recursive: true, withFileTypes: true });
      const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      const find = async (text) => {
        const forms = [Buffer.from(text), Buffer.from(text, "utf16le")];
        const found = [];
        for (const file of files) {
          const bytes = await readFile(file);
          if (forms.some((form) => bytes.includes(form))) found.push(file.slice(profile.length));
        }
        return found;
      };
      assert.notDeepEqual(await find("Customers – Customers console"), [], "the history is where it is looked for");
      for (const text of [sandbox.token, id, "mark8471", "mark84*", marked.dob]) {
        assert.deepEqual(await find(text), [], text);
      }
    } finally {
      await own?.close();
      await rm(profile, { recursive: true, force: true });
    }
  });

  it("no customer and no token is left in a page that the browser puts aside", async () => {
    await tab.goto(server.link);
    await rows().first().waitFor();
    await tab.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
    await heading("Connect").waitFor();
    assert.equal(await rows().count(), 0);
    assert.equal(await tab.getByLabel("Token", { exact: true }).inputValue(), "");
  });

  it("another tab is not connected", async () => {
    await tab.goto(server.link);
    await rows().first().waitFor();
    const { tab: second } = await openTabIn(context);
    await second.goto(server.url);
    await heading("Connect", second).waitFor();
  });
});

describe("other people's pages and texts", () => {
  const TEXTS = [
    "<img src=x onerror=\"document.title='hit'\">",
    "\"><script>document.title='hit'</script>",
    "javascript:document.title='hit'",
    "' onfocus='document.title=1' autofocus x='",
    "</td></table><form action=//example.com>",
    "{{constructor.constructor('document.title=1')()}}",
  ];

  it("texts of the server stay texts, whatever they hold", async () => {
    const customer = (text) => ({
      id: crypto.randomUUID(), status: text, kyc_status: text, first_name: text, last_name: text, email: text,
      phone_number: text, creation_time: text, last_updated_time: text, ssn: text, [text]: text,
      metadata: { [text]: text }, addresses: [{ address_type: text, city: text }], legal_address: { city: text },
    });
    await tab.route(/\/v0\/customers/, async (route) => {
      const response = await route.fetch();
      const isList = !/customers\//.test(route.request().url());
      const json = isList ? { customers: TEXTS.map(customer) } : customer(TEXTS.join(" "));
      return route.fulfill({ response, status: 200, json });
    });
    const assertHarmless = async () => {
      const found = await tab.evaluate(() => ({
        made: document.querySelectorAll("img, iframe, script:not([src='main.js']), form[action]").length,
        handlers: [...document.querySelectorAll("*")].filter((one) => one.getAttributeNames().some((name) => name.startsWith("on"))).length,
        links: [...document.querySelectorAll("a")].filter((link) => !link.getAttribute("href").startsWith("#")).length,
        title: document.title.endsWith("Customers console"),
      }));
      assert.deepEqual(found, { made: 0, handlers: 0, links: 0, title: true });
    };
    await tab.goto(server.link);
    await rows().first().waitFor();
    assert.deepEqual(await tab.locator("tr[data-id] .contact .line:first-child").allInnerTexts(), TEXTS);
    await assertHarmless();
    await rows().first().getByRole("link").click();
    await tab.getByRole("heading", { name: "Other" }).waitFor();
    await assertHarmless();
    await button("Inspector").click();
    await tab.locator(".call > summary").first().click();
    await button("Show personal values").click();
    await tab.locator(".message").getByText(TEXTS[4]).first().waitFor();
    await assertHarmless();
    await button("Inspector").click();
    await tab.getByRole("link", { name: "Edit", exact: true }).click();
    await button("Save changes").waitFor();
    await assertHarmless();
  });

  it("no text becomes markup or code, even by a mistake of the page's", async () => {
    await tab.goto(server.url);
    await heading("Connect").waitFor();
    const refused = await tab.evaluate(() => new Promise((resolve) => {
      addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective));
      try {
        document.body.innerHTML = "<p>";
      } catch {
        // The event says why.
      }
    }));
    assert.equal(refused, "require-trusted-types-for");
    // The browser reports what the test itself tried.
    problems.length = 0;
  });

  describe("of another origin", () => {
    let stranger;
    let strangerUrl;

    beforeEach(async () => {
      stranger = createServer((request, response) => {
        response.writeHead(200, { "content-type": "text/html" });
        response.end(`<button onclick="handle = window.open('${server.url}')">open</button><iframe src="${server.url}"></iframe>`);
      });
      await new Promise((listening) => stranger.listen(0, "127.0.0.1", listening));
      strangerUrl = `http://127.0.0.1:${stranger.address().port}/`;
    });
    afterEach(() => stranger.close());

    it("a page cannot show the console in a frame", async () => {
      await tab.goto(strangerUrl);
      assert.match(tab.frames()[1].url(), /^chrome-error:/);
      assert.ok(problems.some((text) => text.includes("frame-ancestors")), problems.join());
      problems.length = 0;
    });

    it("a page that opens the console has no hold on its window", async () => {
      await tab.goto(strangerUrl);
      const opening = context.waitForEvent("page");
      await tab.getByRole("button", { name: "open" }).click();
      const opened = await opening;
      await heading("Connect", opened).waitFor();
      assert.equal(await opened.evaluate(() => opener), null);
      assert.equal(await tab.evaluate(() => globalThis.handle.closed), true);
      problems.length = 0;
    });

    it("a page gets no token for a code", async () => {
      await tab.goto(strangerUrl);
      problems.length = 0;
      const code = server.link.split("=").at(-1);
      const got = await tab.evaluate(([url, body]) =>
        fetch(url, { method: "POST", body }).then((response) => response.text(), (error) => error.name), [`${server.url}/connection`, code]);
      assert.equal(got, "TypeError");
      problems.length = 0;
      // It is not even used up.
      await tab.goto(server.link);
      await rows().first().waitFor();
    });
  });
});
