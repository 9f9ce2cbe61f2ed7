// What stands in for the network: functions with fetch's shape that answer at once, or on request.
import { customer, customers } from "./customers.js";

/** The texts that a case's server sends; a case whose server wraps customers otherwise says how. */
export function texts(caseModule, pageSize = 100) {
  const { customerResponse = (one) => one, pageResponse = (list) => ({ customers: list }) } = caseModule;
  return {
    customer: () => JSON.stringify(customerResponse(customer())),
    page: () => JSON.stringify(pageResponse(customers(pageSize).map(customerResponse))),
  };
}

/** A `fetch` that resolves at once to a new response with `text`. */
export function answering(text, status = 200) {
  const init = { status, headers: headersOf(text) };
  return async () => new Response(text, init);
}

/**
 * A `fetch` with a queue: once so many calls wait as shall be under way, the oldest is answered.
 *
 * @returns {{ fetch: () => Promise<Response>, expect: (calls: number, underWay: number) => void }}
 *   `expect` says how many calls will come, of which so many shall be under way; the last ones are
 *   answered as they come
 */
export function answeringInTurn(text) {
  const init = { status: 200, headers: headersOf(text) };
  const waiting = [];
  let coming = 0;
  let underWay = 1;
  return {
    fetch: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        coming -= 1;
        while (waiting.length >= underWay || (coming <= 0 && waiting.length > 0)) {
          waiting.shift()(new Response(text, init));
        }
      }),
    expect(calls, most) {
      coming = calls;
      underWay = most;
    },
  };
}

/** A `fetch` that never answers, and keeps its caller alive as a connection would. */
export function silent() {
  const waiting = [];
  return () => new Promise((resolve) => waiting.push(resolve));
}

/** A `fetch` that answers at once and keeps what it was asked for. */
export function recording(text, status, requests) {
  const answer = answering(text, status);
  return async (input, init = {}) => {
    const request = new Request(input, init);
    requests.push({
      method: request.method,
      url: new URL(request.url),
      authorization: request.headers.get("authorization"),
      idempotencyKey: request.headers.get("idempotency-key"),
      body: await request.text(),
    });
    return answer();
  };
}

/** As a server sends them. */
function headersOf(text) {
  return {
    "content-type": "application/json",
    "content-length": String(new TextEncoder().encode(text).length),
  };
}
