// What the tests of safety share: the installed package, a server that is not there, and what any
// call may do at most.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

export const consumer = process.env.CONSUMER;

/** The installed package. */
export const synctera = createRequire(`${consumer}/`)("synctera-customers");

export const { CustomersApi, isSyncteraError } = synctera;

export const BASE = "https://api.example.com/v0";
export const TOKEN = "key-0123";
export const ID = "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64";

/** The operations: HTTP method, whether the address has an id, and where the options stand. */
export const OPERATIONS = {
  createCustomer: { method: "POST", hasId: false, hasBody: true, keyed: true },
  getCustomer: { method: "GET", hasId: true, hasBody: false, keyed: false },
  listCustomers: { method: "GET", hasId: false, hasBody: false, keyed: false, isList: true },
  patchCustomer: { method: "PATCH", hasId: true, hasBody: true, keyed: true },
  updateCustomer: { method: "PUT", hasId: true, hasBody: true, keyed: false },
};

/** An operation's arguments, of which some are replaced. */
export function argumentsOf(operation, { id = ID, content, options } = {}) {
  const { hasId, hasBody, isList } = OPERATIONS[operation];
  const body = operation === "patchCustomer" ? { first_name: "Ada" } : { status: "ACTIVE" };
  return [
    ...(hasId ? [id] : []),
    ...(hasBody ? [content === undefined ? body : content] : isList ? [content] : []),
    options,
  ];
}

/** The least right response to a request. */
export const rightResponse = (_url, { method } = {}) => ({
  status: 200,
  headers: {},
  text: async () => (method === "GET" ? `{"id":"${ID}","status":"ACTIVE","customers":[]}` : `{"id":"${ID}","status":"ACTIVE"}`),
});

/** A `fetch` that keeps what it was asked. */
export function recorder(answer = rightResponse) {
  const requests = [];
  const fetch = (url, init) => {
    requests.push({ url, init });
    return answer(url, init);
  };
  return { fetch, requests };
}

/** A client of a server that is not there. */
export const client = (options) => new CustomersApi({ accessToken: TOKEN, baseUrl: BASE, maxRetries: 0, ...options });

/** How a call ends: its data or its error. Fails if it never does, or throws instead of rejecting. */
export async function ending(call, patienceMs = 20_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still pending after ${patienceMs} ms`)), patienceMs);
  });
  let promise;
  try {
    promise = call();
  } catch (cause) {
    clearTimeout(timer);
    throw new Error("it threw where it should reject", { cause });
  }
  const settled = promise.then(
    (data) => ({ data }),
    (error) => ({ error }),
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An error that may end a call: one of ours, and not the one for a module that failed itself. */
export function assertTyped(error) {
  if (!isSyncteraError(error)) throw new Error("another error than ours", { cause: error });
  const why = error.unredacted().cause;
  if (error.name === "SyncteraError") throw new Error("the client itself failed", { cause: why });
}

/** A `ValidationError` that names the argument. */
export function assertRefuses(error, argument) {
  assertTyped(error);
  assert.equal(error.name, "ValidationError");
  assert.equal(error.outcome, "not_sent");
  if (argument !== undefined) assert.equal(error.argument, argument, error.message);
}

/** A request that goes where it should, as it should. */
export function assertRight(operation, { url, init }, { base = BASE, token = TOKEN } = {}) {
  const { method, hasId, hasBody, keyed } = OPERATIONS[operation];
  assert.equal(typeof url, "string");
  const root = new URL(base);
  const parsed = new URL(url);
  assert.equal(parsed.origin, root.origin, "origin");
  assert.equal(parsed.username + parsed.password + parsed.hash, "", "nothing rides on the address");
  // As the WHATWG's parser leaves it, dots resolved.
  const start = `${root.pathname.replace(/\/+$/, "")}/customers`;
  assert.ok(parsed.pathname.startsWith(start), "below the base URL");
  const steps = parsed.pathname.slice(start.length).split("/");
  assert.equal(steps.length, hasId ? 2 : 1, "the path is the operation's");
  assert.equal(steps[0], "");
  if (hasId) assert.notEqual(decodeURIComponent(steps[1]), "", "an id");
  if (operation !== "listCustomers") assert.equal(parsed.search, "", "no query");
  assert.equal(init.method, method);
  assert.equal(init.redirect, "manual");
  const authorization = token === null ? undefined : `Bearer ${token}`;
  assert.equal(init.headers.authorization, authorization);
  // Whatever is no header's name or value throws.
  const headers = new Headers(init.headers);
  assert.equal(headers.get("authorization"), authorization ?? null, "no header besides the token's");
  if (keyed) assert.ok(headers.get("idempotency-key"), "a key");
  if (hasBody) {
    assert.equal(headers.get("content-type"), "application/json");
    JSON.parse(init.body);
  } else assert.equal(init.body, undefined);
}
