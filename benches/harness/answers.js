// What stands in for the network: functions with fetch's shape that answer at once, or when told.
import { customer, customers } from "./customers.js";

/** The texts that a case's server sends; a case whose server wraps customers otherwise says how. */
export function texts(caseModule, pageSize = 100) {
  const { customerAnswer = (one) => one, pageAnswer = (list) => ({ customers: list }) } = caseModule;
  return {
    customer: () => JSON.stringify(customerAnswer(customer())),
    page: () => JSON.stringify(pageAnswer(customers(pageSize).map(customerAnswer))),
  };
}

/** A `fetch` that resolves at once to a new answer with `text`. */
export function answering(text, status = 200) {
  const init = { status, headers: headersOf(text) };
  return async () => new Response(text, init);
}

/** A `fetch` that answers once `size` calls wait for it, and then all of them. */
export function answeringTogether(text, size) {
  const init = { status: 200, headers: headersOf(text) };
  let waiting = [];
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length < size) return;
      const all = waiting;
      waiting = [];
      for (const answer of all) answer(new Response(text, init));
    });
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
