// The API key in what Synctera sends: it must not come back to a page, wherever it stands.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { page, send, stage } from "./pages.mjs";
import { ODD_KEY, session } from "./stage.mjs";

const ID = "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64";

const problem = (members, headers) => ({ status: 400, headers, body: JSON.stringify({ code: "BAD_REQUEST", ...members }) });
const customer = (members, headers) => ({ headers, body: JSON.stringify({ id: ID, status: "ACTIVE", ...members }) });
const list = (members) => ({ body: JSON.stringify({ customers: [{ id: ID, status: "ACTIVE" }], ...members }) });

/** Where a text of Synctera's stands in what a page gets. */
const PLACES = {
  "a problem's detail": (text) => problem({ detail: `Bad header: Bearer ${text}.` }),
  "a problem's title": (text) => problem({ title: text }),
  "a problem's type": (text) => problem({ type: `https://dev.synctera.com/errors?key=${text}` }),
  "a problem's code": (text) => problem({ code: text }),
  "the name of an invalid field": (text) => problem({ invalid: { [text]: "unknown" } }),
  "the reason of an invalid field": (text) => problem({ invalid: { email: `not ${text}` } }),
  "a missing field": (text) => problem({ missing: [text] }),
  "an immutable field": (text) => problem({ immutable: [text] }),
  "a valid status": (text) => problem({ valid_status: [text] }),
  "the request id of a failure": (text) => problem({}, { "x-request-id": text }),
  "the request id of a success": (text) => customer({}, { "x-request-id": text }),
  "a customer's id": (text) => customer({ id: text }),
  "a customer's status": (text) => customer({ status: text }),
  "a field": (text) => customer({ first_name: text }),
  "a member of an address": (text) => customer({ legal_address: { city: text } }),
  "a name in metadata": (text) => customer({ metadata: { a: [{ [text]: 1 }] } }),
  "a customer in a list": (text) => list({ customers: [{ id: ID, status: "ACTIVE", email: text }] }),
  "a page token": (text) => list({ next_page_token: text }),
};

const percent = (text) => [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join("");
const escaped = (text) => [...text].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join("");
const base64 = (text) => Buffer.from(text).toString("base64");

/** What a key may look like there. */
const FORMS = {
  "as it is": (key) => key,
  "in capital letters": (key) => key.toUpperCase(),
  "percent-encoded": percent,
  "percent-encoded in part and in capitals": (key) => key.slice(0, 5) + percent(key.slice(5)).toUpperCase(),
  "percent-encoded twice": (key) => percent(percent(key)),
  "escaped in a JSON text": (key) => `{"authorization":"Bearer ${escaped(key)}"}`,
  "escaped in a JSON text in another": (key) => JSON.stringify(`{"authorization":"Bearer ${escaped(key)}"}`),
  "as the name of Basic authentication": (key) => `Basic ${base64(`${key}:`)}`,
  "as the password of Basic authentication": (key) => `Basic ${base64(`synctera:${key}`)}`,
  "with one letter before it in base64": (key) => base64(`x${key}`),
  "with two letters before it in base64": (key) => base64(`xy${key}and more`),
  "in base64url": (key) => Buffer.from(`Bearer ${key}`).toString("base64url"),
  "in base64, percent-encoded": (key) => percent(base64(`Bearer ${key}`)),
};

/** Asks for what the relay replies, as a role that may read everything. */
async function ask(reply, worker = "wide") {
  stage.relay.reply = reply;
  const path = "customers" in JSON.parse(reply.body) ? "/v0/customers" : `/v0/customers/${ID}`;
  return send(path, { worker, token: await session({ role: "everything" }) });
}

/** The log line of a response, which may take a moment to come. */
async function lineOf(response) {
  const id = response.headers.get("x-request-id");
  for (let wait = 0; wait < 100; wait += 1) {
    const line = stage.workers.lines.find((text) => text.includes(id));
    if (line) return JSON.parse(line);
    await setTimeout(20);
  }
  return assert.fail(`no line of ${id}`);
}

async function assertWithheld(response) {
  assert.equal(response.status, 502);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.match(response.headers.get("x-request-id"), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const body = { title: "Bad Gateway", status: 502, detail: "Synctera's response cannot be passed on." };
  assert.deepEqual(await response.json(), body);
  const { status, key_in_response } = await lineOf(response);
  assert.deepEqual([status, key_in_response], [502, true]);
}

describe("the API key in what Synctera sends", () => {
  for (const [place, reply] of Object.entries(PLACES)) {
    it(`${place}: a fixed problem goes back instead, and the log has that it happened`, async () => {
      await assertWithheld(await ask(reply(stage.sandbox.token)));
    });
  }

  for (const [form, text] of Object.entries(FORMS)) {
    it(`${form}: a fixed problem goes back instead`, async () => {
      await assertWithheld(await ask(problem({ detail: text(stage.sandbox.token) })));
      await assertWithheld(await ask(customer({ last_name: text(stage.sandbox.token) })));
    });
  }

  it("a key of other characters than letters is found in all forms too", async () => {
    // Its base64 has the characters that base64url replaces; JSON and URLs escape some others.
    for (const text of Object.values(FORMS)) {
      await assertWithheld(await ask(problem({ detail: text(ODD_KEY) }), "an odd key"));
    }
  });

  it("a text that only resembles the key passes", async () => {
    const key = stage.sandbox.token;
    const texts = [key.slice(1), key.slice(0, -1), `${key.slice(0, 8)} ${key.slice(8)}`, "%", "\\u00", "100 % \\"];
    for (const detail of texts) {
      const response = await ask(problem({ detail }));
      assert.deepEqual([response.status, (await response.json()).detail], [400, detail]);
      assert.equal((await lineOf(response)).key_in_response, undefined);
    }
  });

  it("what the page's client learns of a create is that its outcome is unknown", async () => {
    stage.relay.reply = problem({ detail: stage.sandbox.token });
    const api = await page({ maxRetries: 0 });
    const { status, outcome } = await api.createCustomer({ status: "ACTIVE" }).catch((error) => error);
    assert.deepEqual([status, outcome], [502, "unknown"]);
  });
});
