// Pages that call the example proxy, and what all of them were sent. Who imports this runs the stage.
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { CustomersApi, ORIGIN, direct, newName, openStage, session } from "./stage.mjs";

export const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

/** What no config here lets out; each text is nowhere else. */
export const HIDDEN = {
  dob: "1951-12-19",
  ssn: "900-55-7788",
  shipping_address: {
    address_line_1: "99 Hidden Lane",
    city: "Unseen Valley",
    state: "IL",
    postal_code: "62799",
    country_code: "US",
  },
};
const { address_line_1: hiddenLine, postal_code: hiddenCode } = HIDDEN.shipping_address;
/** The short ones as they stand in JSON: an id may hold the digits by chance. */
export const NEVER_SHOWN = [HIDDEN.dob, HIDDEN.ssn, '"7788"', hiddenLine, `"${hiddenCode}"`];

export const ADDRESS = {
  address_line_1: "1 Example Street",
  city: "Springfield",
  state: "IL",
  postal_code: "62701",
  country_code: "US",
};

export let stage;
/** All responses that any page got. */
export const received = [];

before(async () => {
  stage = await openStage();
});

after(async () => {
  await stage?.stop();
});

afterEach(() => {
  stage.relay.fault = "";
  stage.relay.reply = undefined;
  stage.relay.requests.length = 0;
});

async function recordingFetch(url, init) {
  const response = await fetch(url, init);
  const text = await response.text();
  received.push(`${response.status} ${JSON.stringify([...response.headers])}\n${text}`);
  return new Response(response.status === 204 ? null : text, response);
}

/** The package as a page uses it. */
export async function page({ worker = "shipped", claims, ...options } = {}) {
  return new CustomersApi({
    baseUrl: `${stage.workers.urls[worker]}/v0`,
    accessToken: await session(claims),
    // A browser adds it by itself.
    headers: { origin: ORIGIN },
    fetch: recordingFetch,
    ...options,
  });
}

/** A request by any caller, a staff member's unless something else is said. */
export async function send(path, { worker = "shipped", token, headers, ...init } = {}) {
  const url = stage.workers.urls[worker] + path;
  const authorization = `Bearer ${token ?? (await session())}`;
  return recordingFetch(url, { ...init, headers: { origin: ORIGIN, authorization, ...headers } });
}

/** A POST of a customer, or another write; `body` is text, or something to be made JSON. */
export function post(body, { path = "/v0/customers", headers, ...more } = {}) {
  return send(path, {
    method: "POST",
    body: typeof body === "string" || body instanceof ReadableStream ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID(), ...headers },
    duplex: "half",
    ...more,
  });
}

export async function assertProblem(response, status, code) {
  const body = await response.json();
  assert.deepEqual([response.status, body.code], [status, code], JSON.stringify(body));
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(body.status, status);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  return body;
}

export const assertNothingSent = () => assert.deepEqual(stage.relay.requests, [], "Synctera was asked");

export async function rejection(promise) {
  return promise.then(
    (value) => assert.fail(`resolved to ${JSON.stringify(value)}`),
    (error) => error,
  );
}

/** A customer with everything, made at the sandbox itself. */
export function stored(more) {
  const person = { first_name: "Ada", last_name: newName(), email: "ada@example.com", legal_address: ADDRESS };
  return direct(stage.sandbox).createCustomer({ status: "ACTIVE", ...person, ...HIDDEN, ...more });
}
