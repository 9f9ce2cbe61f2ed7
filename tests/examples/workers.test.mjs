// The Workers, in the workerd of `wrangler dev`. The groups `proxy` and `bulk-worker` test the latter two in full.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createExample, run, serve } from "./example.mjs";

const DEV = "npm run dev -- --port $PORT --ip 127.0.0.1";

let folder;
let server;
let customer;
before(async () => {
  folder = await createExample("hono-worker");
  server = await serve(folder, DEV);
  customer = await server.api.createCustomer({ status: "ACTIVE", first_name: "Ottoline", email: "ottoline@example.com" });
});

/** A session, signed by the example's script or by another secret. */
const session = async (id, environment) => (await run(folder, `npm run --silent session -- ${id}`, environment)).trim();

async function ask(token, method = "GET", body) {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), "content-type": "application/json" };
  const response = await fetch(`${server.url}/me`, { method, headers, body: body && JSON.stringify(body) });
  return [response.status, await response.json()];
}

describe("examples/hono-worker", () => {
  it("is accepted by the compiler", () => run(folder, "npm run check"));

  it("shows users their own customer, and changes it", async () => {
    const token = await session(customer.id);
    const { status, first_name, email } = customer;
    assert.deepEqual(await ask(token), [200, { status, first_name, email }]);
    const changed = await ask(token, "PATCH", { phone_number: "+13125550188", status: "DENIED" });
    assert.deepEqual(changed, [200, { email, phone_number: "+13125550188" }]);
    const stored = await server.api.getCustomer(customer.id);
    assert.deepEqual([stored.phone_number, stored.status], ["+13125550188", "ACTIVE"]);
  });

  it("names the field that is wrong", async () => {
    const token = await session(customer.id);
    assert.deepEqual(await ask(token, "PATCH", { phone_number: "555" }), [400, { error: "ValidationError", fields: ["phone_number"] }]);
  });

  it("rejects a request without a session that it can verify", async () => {
    const unauthorized = [401, { error: "Unauthorized" }];
    const token = await session(customer.id);
    const [head, payload, signature] = token.split(".");
    const claims = (change) => Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, "base64url")), ...change })).toString("base64url");
    const forged = await session(customer.id, { SESSION_SECRET: "another-secret-0123456789abcdefghijkl" });
    for (const wrong of [
      undefined,
      customer.id,
      forged,
      `${head}.${claims({ customer_id: "00000000-0000-4000-8000-000000000000" })}.${signature}`,
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`,
    ]) {
      assert.deepEqual(await ask(wrong), unauthorized, wrong);
    }
  });

  it("has neither the key nor personal data in its log", () => {
    const printed = server.printed().replace(`SYNCTERA_API_KEY=${server.key}`, "");
    for (const secret of [server.key, "Ottoline", "ottoline@", "3125550188"]) assert.ok(!printed.includes(secret), secret);
  });
});

describe("examples/worker-proxy", () => {
  it("starts by `npm run dev`, and shows customers to staff", async () => {
    const folder = await createExample("worker-proxy");
    const { url } = await serve(folder, DEV);
    const claims = JSON.stringify({ sub: "me", role: "staff", aud: "customers-proxy" });
    const token = await run(folder, `node --env-file=sandbox.env sign-session.mjs ${claims}`);
    const response = await fetch(`${url}/v0/customers?limit=2`, { headers: { authorization: `Bearer ${token.trim()}` } });
    assert.equal((await response.json()).customers.length, 2);
    assert.equal((await fetch(`${url}/v0/customers?limit=2`)).status, 401);
  });
});

describe("examples/bulk-worker", () => {
  it("starts by `npm run dev`, and creates the customers of a job", async () => {
    const { url, api } = await serve(await createExample("bulk-worker"), DEV);
    const headers = { authorization: "Bearer only-for-this-machine" };
    const body = '{ "key": "record-1", "customer": { "status": "PROSPECT", "last_name": "Quay-bulk" } }';
    const taken = await fetch(`${url}/jobs/import-2026-03`, { method: "POST", headers, body });
    assert.ok(taken.ok, await taken.text());
    for (let tries = 0; tries < 100; tries += 1) {
      if ((await api.listCustomers({ last_name: "Quay-bulk" })).customers.length === 1) return;
      await sleep(200);
    }
    assert.fail("no customer in 20 s");
  });
});
