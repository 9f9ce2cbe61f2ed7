// The built package in Node, with a `fetch` that is a stub.
import assert from "node:assert/strict";
import { CustomersApi } from "../../pkg/entries/node.js";

export { CustomersApi };
export const BASE = "https://api.example.com/v0";
export const TOKEN = "key-0123";
export const ID = "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64";

/** What a client does not check arguments by. */
export const LAX = { validate: false };

/** The methods that send a body, each with its arguments before the body. */
export const WRITES = { createCustomer: [], patchCustomer: [ID], updateCustomer: [ID] };

/** A response with a body: JSON, unless it is a string. */
export function respond(status, body, headers) {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
}

/** The smallest body that every operation accepts as a success. */
const success = () => respond(200, { id: ID, status: "ACTIVE", customers: [] });

/** A client whose `fetch` keeps the requests, and answers each by what `answer` gives for its number from 1. */
export function stub(options, answer = success) {
  const requests = [];
  const fetch = async (url, init) => {
    const target = url.slice(`${BASE}/customers`.length);
    requests.push({ url, target, init, body: init.body, headers: init.headers });
    return answer(requests.length);
  };
  return { api: new CustomersApi({ accessToken: TOKEN, baseUrl: BASE, maxRetries: 0, fetch, ...options }), requests };
}

/** The one request that a call sends. */
export async function sent(call, options) {
  const { api, requests } = stub(options);
  await call(api);
  assert.equal(requests.length, 1);
  return requests[0];
}

/** The error in which a call ends. */
export async function failure(call, options, answer) {
  const { api } = stub(options, answer);
  return errorOf(() => call(api));
}

/** What an act throws, or the promise that it gives rejects with. */
export async function errorOf(act) {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

/** A finding as a message has it. */
export const line = ({ path, found, expected }) => `${path}: ${found}, expected ${expected}`;

/**
 * The findings of the `ValidationError` that an act throws, or its promise rejects with: a line each. The
 * error is complete.
 */
export async function findings(act) {
  const error = await errorOf(act);
  assert.equal(error.name, "ValidationError", String(error.stack));
  const lines = error.issues.map(line);
  assert.equal(error.message, `${error.operation ?? "new CustomersApi"}: ${lines.join("; ")}. Nothing was sent.`);
  assert.equal(error.argument, error.issues[0].path.split(/[.[]/)[0]);
  assert.deepEqual([error.outcome, error.attempts], ["not_sent", 0]);
  return lines;
}

/** The findings for which a call is rejected; nothing is sent. */
export async function rejected(call, options) {
  const { api, requests } = stub(options);
  const lines = await findings(() => call(api));
  assert.equal(requests.length, 0);
  return lines;
}
