// `synctera-customers/webhooks`: what is Synctera's passes, and nothing else.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { startSandbox } from "../runtimes/sandbox.mjs";

const installed = `${process.env.CONSUMER}/node_modules/synctera-customers`;
const { WebhookError, isCustomerEvent, isPersonEvent, sign, unwrap, verify } = await import(pathToFileURL(`${installed}/entries/webhooks.js`).href);

const SECRET = "s".repeat(64);
const OLD = "o".repeat(64);
const customer = { id: "c-1", status: "ACTIVE", first_name: "Ottoline 🦉" };
const envelope = {
  id: "e-1",
  type: "CUSTOMER.UPDATED",
  event_time: "2026-03-01T10:00:00Z",
  url: "https://example.com/hook",
  webhook_id: "w-1",
  metadata: {},
  resource_id: "c-1",
  event_resource: JSON.stringify(customer),
  event_resource_changed_fields: JSON.stringify({ first_name: "Otto" }),
};
const body = JSON.stringify(envelope);

/** Signs by Node's own crypto, so that the same mistake would not be made twice. */
function signed(text, { secret = SECRET, at = Math.floor(Date.now() / 1000) } = {}) {
  const signature = createHmac("sha256", secret).update(`${at}.${text}`).digest("hex");
  return { "Synctera-Signature": signature, "Request-Timestamp": String(at) };
}

describe("an event", () => {
  it("is unwrapped, with the JSON inside its texts", async () => {
    const event = await unwrap(body, signed(body), { secrets: SECRET });
    assert.deepEqual(event, { ...envelope, event_resource: customer, event_resource_changed_fields: { first_name: "Otto" } });
    assert.deepEqual([isCustomerEvent(event), isPersonEvent(event)], [true, false]);
  });

  it("of a type that is not known passes", async () => {
    const text = JSON.stringify({ ...envelope, type: "CARD.UPDATED", event_resource: undefined });
    const event = await unwrap(text, signed(text), { secrets: SECRET });
    assert.deepEqual([event.type, isCustomerEvent(event), isPersonEvent(event)], ["CARD.UPDATED", false, false]);
  });

  it("comes as text, bytes, a part of a buffer or an ArrayBuffer", async () => {
    const bytes = new TextEncoder().encode(body);
    const part = new Uint8Array(bytes.length + 2);
    part.set(bytes, 1);
    for (const raw of [body, bytes, Buffer.from(body), part.subarray(1, -1), bytes.buffer]) {
      assert.equal(await verify(raw, signed(body), { secrets: SECRET }), true);
    }
  });

  // One second for all, which may pass between two calls.
  const at = Math.floor(Date.now() / 1000);
  const { "Synctera-Signature": signature, "Request-Timestamp": timestamp } = signed(body, { at });
  for (const [what, headers] of [
    ["a Headers", new Headers(signed(body, { at }))],
    ["an object in any case of letters", { "SYNCTERA-signature": signature, "request-timestamp": timestamp }],
    ["Node's headers with arrays", { "synctera-signature": [signature], "request-timestamp": timestamp, "set-cookie": ["a", "b"] }],
    ["pairs", [["Synctera-Signature", signature], ["Request-Timestamp", timestamp]]],
    ["Node's rawHeaders", ["Host", "example.com", "Synctera-Signature", signature, "Request-Timestamp", timestamp]],
    ["a signature in upper case", { ...signed(body, { at }), "Synctera-Signature": signature.toUpperCase() }],
  ]) {
    it(`has its headers as ${what}`, async () => {
      assert.equal(await verify(body, headers, { secrets: SECRET, toleranceMs: Infinity }), true);
    });
  }

  it("passes with the old secret or the new one while they are being replaced", async () => {
    const [first, second] = [SECRET, OLD].map((secret) => signed(body, { secret, at })["Synctera-Signature"]);
    const both = { "Request-Timestamp": timestamp, "Synctera-Signature": `${first}.${second}` };
    for (const secrets of [SECRET, OLD, [OLD, SECRET]]) assert.equal(await verify(body, both, { secrets }), true);
    assert.equal(await verify(body, signed(body, { secret: OLD }), { secrets: [SECRET, OLD] }), true);
    assert.equal(await verify(body, both, { secrets: "x".repeat(64) }), false);
  });

  it("is signed for a test as Synctera would", async () => {
    for (const secrets of [SECRET, [SECRET, OLD]]) {
      const headers = await sign(body, { secrets });
      assert.equal((await unwrap(body, headers, { secrets: OLD === secrets ? OLD : SECRET })).id, "e-1");
      assert.equal(headers["Synctera-Signature"].split(".").length, [secrets].flat().length);
    }
    const then = 1_700_000_000;
    assert.deepEqual(await sign(body, { secrets: SECRET, timestampMs: then * 1000 + 999 }), signed(body, { at: then }));
  });
});

describe("a request is rejected", () => {
  const now = Math.floor(Date.now() / 1000);
  const good = signed(body, { at: now });
  for (const [reason, raw, headers] of [
    ["missing_signature", body, { ...good, "Synctera-Signature": undefined }],
    ["missing_signature", body, {}],
    ["missing_signature", body, undefined],
    ["missing_signature", body, { "synctera-signature": [good["Synctera-Signature"], good["Synctera-Signature"]], ...{ "Request-Timestamp": String(now) } }],
    ["missing_timestamp", body, { "Synctera-Signature": good["Synctera-Signature"] }],
    ["malformed_signature", body, { ...good, "Synctera-Signature": "" }],
    ["malformed_signature", body, { ...good, "Synctera-Signature": good["Synctera-Signature"].slice(1) }],
    ["malformed_signature", body, { ...good, "Synctera-Signature": `${good["Synctera-Signature"]}.` }],
    ["malformed_signature", body, { ...good, "Synctera-Signature": `${good["Synctera-Signature"]}\n` }],
    ["malformed_signature", body, { ...good, "Synctera-Signature": Array(3).fill(good["Synctera-Signature"]).join(".") }],
    ["malformed_timestamp", body, { ...good, "Request-Timestamp": "" }],
    ["malformed_timestamp", body, { ...good, "Request-Timestamp": "1e9" }],
    ["malformed_timestamp", body, { ...good, "Request-Timestamp": "-1" }],
    ["malformed_timestamp", body, { ...good, "Request-Timestamp": "2026-03-01T10:00:00Z" }],
    ["wrong_signature", `${body} `, good],
    ["wrong_signature", body, { ...good, "Request-Timestamp": String(now + 1) }],
    ["wrong_signature", body, signed(body, { secret: OLD })],
    ["wrong_signature", body, { ...good, "Synctera-Signature": "0".repeat(64) }],
    ["outside_tolerance", body, signed(body, { at: now - 301 })],
    ["outside_tolerance", body, signed(body, { at: now + 400 })],
    ["unreadable_body", envelope, good],
    ["unreadable_body", undefined, good],
    ["malformed_event", "{", signed("{")],
    ["malformed_event", "null", signed("null")],
    ["malformed_event", "{}", signed("{}")],
    ["malformed_event", JSON.stringify({ ...envelope, event_resource: "{" }), signed(JSON.stringify({ ...envelope, event_resource: "{" }))],
  ]) {
    it(`as ${reason}: ${JSON.stringify(headers ?? null).slice(0, 60)}`, async () => {
      const rejected = await unwrap(raw, headers, { secrets: SECRET }).then(assert.fail, (error) => error);
      assert.ok(rejected instanceof WebhookError, String(rejected));
      assert.deepEqual([rejected.name, rejected.reason], ["WebhookError", reason]);
      assert.doesNotMatch(`${rejected.stack} ${JSON.stringify(rejected)}`, /Ottoline|c-1|ssss/);
      if (reason !== "malformed_event") assert.equal(await verify(raw, headers, { secrets: SECRET }), false);
    });
  }

  it("never for want of a secret: that is the program's mistake, and verify says so too", async () => {
    for (const secrets of [undefined, "", [], [""], [undefined], 5]) {
      await assert.rejects(verify(body, good, { secrets }), { name: "WebhookError", reason: "missing_secret" });
      await assert.rejects(unwrap(body, good, { secrets }), { reason: "missing_secret" });
    }
    await assert.rejects(verify(body, good), { reason: "missing_secret" });
    await assert.rejects(verify(body, good, { secrets: SECRET, toleranceMs: -1 }), { name: "TypeError" });
    await assert.rejects(verify(body, good, { secrets: SECRET, toleranceMs: NaN }), { name: "TypeError" });
  });
});

describe("what the sandbox sends", () => {
  /** What came, the first delivery twice: it was answered with 500. */
  const deliveries = [];
  let sandbox, server, api, arrived;

  before(async () => {
    server = createServer(async (request, response) => {
      deliveries.push({ headers: request.headers, body: await text(request) });
      response.writeHead(deliveries.length === 1 ? 500 : 204).end();
      arrived?.();
    });
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${server.address().port}/hooks`;
    sandbox = await startSandbox("--webhook", url, "--webhook-secret", SECRET);
    const { CustomersApi } = await import(pathToFileURL(`${installed}/entries/node.js`).href);
    api = new CustomersApi({ accessToken: sandbox.token, baseUrl: sandbox.baseUrl });
  });
  after(() => {
    sandbox?.stop();
    server?.close();
  });

  const delivered = async (count) => {
    while (deliveries.length < count) await new Promise((resolve) => (arrived = resolve));
    return Promise.all(deliveries.slice(0, count).map(({ body, headers }) => unwrap(body, headers, { secrets: SECRET })));
  };

  it("is signed, sent again until a 2xx response, and sent for creates and changes alone", async () => {
    const created = await api.createCustomer({ status: "ACTIVE", first_name: "Zoë" });
    const [first, again] = await delivered(2);
    assert.deepEqual(again, first);
    assert.deepEqual([first.type, first.resource_id, first.event_resource], ["CUSTOMER.CREATED", created.id, created]);
    assert.equal("event_resource_changed_fields" in first, false);

    await api.getCustomer(created.id);
    await assert.rejects(api.patchCustomer(created.id, { ban_status: "SUSPENDED" }), { name: "ApiError", status: 400 });
    const patched = await api.patchCustomer(created.id, { first_name: "Grace" });
    const patch = (await delivered(3)).at(-1);
    const { last_updated_time } = created;
    assert.deepEqual([patch.type, patch.event_resource], ["CUSTOMER.UPDATED", patched]);
    assert.deepEqual(patch.event_resource_changed_fields, { first_name: "Zoë", last_updated_time });

    await api.updateCustomer(created.id, { status: "INACTIVE" });
    const update = (await delivered(4)).at(-1);
    const { status, first_name } = update.event_resource_changed_fields;
    assert.deepEqual([update.type, status, first_name], ["CUSTOMER.UPDATED", "ACTIVE", "Grace"]);
  });
});

describe("the entry", () => {
  it("can be required, and holds no WebAssembly", () => {
    const required = createRequire(`${process.env.CONSUMER}/index.cjs`)("synctera-customers/webhooks");
    assert.doesNotMatch(readFileSync(`${installed}/dist/webhooks.cjs`, "utf8"), /WebAssembly\.|require\(/);
    assert.deepEqual(Object.keys(required).sort(), ["WebhookError", "isCustomerEvent", "isPersonEvent", "sign", "unwrap", "verify"]);
  });
});
