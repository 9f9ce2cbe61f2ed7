// Values that throw when they are looked at, as a proxy can: the call ends in data or in a typed error,
// and the client and every other call go on. Each case has an instance of the module to itself, since a
// trap would end it for all others.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";

const bytes = await readFile(new URL("../../pkg/dist/synctera_customers.wasm", import.meta.url));
let instances = 0;

/** The package's exports with a separate instance of the module. */
async function instance() {
  instances += 1;
  const { start } = await import(`../../pkg/dist/core.js?${instances}`);
  return start(bytes);
}

const fail = () => {
  throw new Error("a trap");
};
const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
/** What throws when it is asked for its class, its members, or anything at all. */
const UNREADABLE = {
  "an object without a class": () => new Proxy({}, { getPrototypeOf: fail }),
  "an object without members": () => new Proxy({ a: "x" }, { get: fail, ownKeys: fail }),
  "an object without a tag": () => new (class { get [Symbol.toStringTag]() { return fail(); } })(),
  "an object without a then": () => new (class { get then() { return fail(); } })(),
  "a revoked object": () => revoked({}),
  "a revoked array": () => revoked([]),
  "an array without items": () => new Proxy(["x"], { get: fail }),
  "an array of a wrong length": () => new Proxy(["x"], { get: (target, name) => (name === "length" ? "many" : target[name]) }),
};

const customer = { id: "1", status: "ACTIVE" };
const watch = { onSchemaDrift() {}, logger: { debug() {}, info() {}, warn() {}, error() {} }, logLevel: "debug" };
const answers = (status, body) => () => ({ status, headers: {}, json: async () => body });
const get = (api) => api.getCustomer("1");

/** Where such a value may stand: the client's options, what `fetch` gives, and the call. */
const PLACES = {
  "a member of an error body: missing": (value) => [{}, answers(400, { missing: value }), get],
  "a member of an error body: invalid": (value) => [{}, answers(400, { invalid: value }), get],
  "a member of an error body: code": (value) => [{}, answers(400, { code: value, type: value, retry_after: value }), get],
  "an item of an error body's list": (value) => [{}, answers(400, { missing: [value], valid_status: [value] }), get],
  "a member of a success that is watched: an object": (value) => [watch, answers(200, { ...customer, legal_address: value }), get],
  "a member of a success that is watched: a list": (value) => [watch, answers(200, { ...customer, addresses: value }), get],
  "a member of a success that is watched: a text": (value) => [watch, answers(200, { ...customer, email: value, nickname: value }), get],
  "a customer of a page that is watched": (value) => [watch, answers(200, { customers: [value] }), (api) => api.listCustomers()],
  "an error body": (value) => [{}, answers(400, value), get],
  "a success's body": (value) => [watch, answers(200, value), get],
  "a list parameter": (value) => [{}, answers(200, { customers: [] }), (api) => api.listCustomers({ limit: value, email: value })],
  "a list parameter, not validated": (value) => [{ validate: false }, answers(200, { customers: [] }), (api) => api.listCustomers({ limit: value, email: value })],
  "an id": (value) => [{}, answers(200, customer), (api) => api.getCustomer(value)],
  "an id of a list": (value) => [{}, answers(200, { customers: [] }), (api) => api.listCustomers({ id: value })],
  "a field of a body": (value) => [watch, answers(200, customer), (api) => api.createCustomer({ status: "ACTIVE", email: value, metadata: value })],
  "a field of a body, not validated": (value) => [{ ...watch, validate: false }, answers(200, customer), (api) => api.createCustomer({ status: "ACTIVE", email: value, metadata: value })],
  "an address of a body": (value) => [watch, answers(200, customer), (api) => api.updateCustomer("1", { ...customer, legal_address: value })],
  "an option of a call": (value) => [{}, answers(200, customer), (api) => api.getCustomer("1", { timeoutMs: value })],
  "a signal": (value) => [{}, answers(200, customer), (api) => api.getCustomer("1", { signal: value })],
  "the headers to add": (value) => [{}, answers(200, customer), (api) => api.getCustomer("1", { headers: value })],
  "a header to add": (value) => [{}, answers(200, customer), (api) => api.getCustomer("1", { headers: { "x-a": value } })],
  "what a token function gives": (value) => [{ accessToken: () => value }, answers(200, customer), get],
  "what a token function throws": (value) => [{ accessToken: () => { throw value; } }, answers(200, customer), get],
  "what fetch throws": (value) => [{}, () => { throw value; }, get],
  "a response": (value) => [watch, () => value, get],
  "the headers of a response": (value) => [watch, () => ({ status: 429, headers: value, json: async () => ({}) }), get],
  "the status of a response": (value) => [watch, () => ({ status: value, headers: {}, json: async () => ({}) }), get],
};

describe("a value that cannot be read does not stop the module", () => {
  for (const [place, arrange] of Object.entries(PLACES)) {
    it(`as ${place}`, async () => {
      for (const [what, make] of Object.entries(UNREADABLE)) {
        const { CustomersApi, isSyncteraError } = await instance();
        const baseUrl = "https://api.example.com/v0";
        const [options, fetch, call] = arrange(make());
        const api = new CustomersApi({ accessToken: "key", baseUrl, fetch: async () => fetch(), maxRetries: 0, timeoutMs: 500, ...options });
        let error;
        await call(api).catch((reason) => (error = reason));
        if (error !== undefined) {
          assert.ok(isSyncteraError(error), what);
          assert.notEqual(error.name, "SyncteraError", `${what}: ${error.message}`);
        }
        const next = new CustomersApi({ accessToken: "key", baseUrl, fetch: async () => Response.json(customer) });
        assert.equal((await next.getCustomer("1")).id, "1", what);
      }
    });
  }
});
