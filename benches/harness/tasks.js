// What can be measured in any runtime: each task takes the cases it needs and its settings, and
// returns plain data.
import { answering, answeringInTurn, recording } from "./responses.js";
import { DRAFT, TOKEN, customer, customers } from "./customers.js";
import { OPERATIONS, responseTo, callOf } from "./operations.js";
import { race, timed } from "./race.js";
import { inParallel } from "./workers.js";

/**
 * What a case's module exports: `open`, and where its server differs from the contract's how.
 *
 * @typedef {object} Case
 * @property {string} title
 * @property {(settings: object) => Record<string, (...args: any[]) => Promise<any>>} open
 * @property {boolean} [foreign] whether it speaks to another API
 * @property {(customer: object) => object} [customerResponse]
 * @property {(customers: object[]) => object} [pageResponse]
 * @property {(wire: object) => object} [argument] a draft as its callers write it
 */

/** One operation's cost per call, against a response that is there at once. */
export function calls(cases, { operation, pageSize, schedule }) {
  const runners = Object.entries(cases).map(([name, caseModule]) => ({
    name,
    batch: timed(callOf(operation, caseModule, answering(responseTo(operation, caseModule, pageSize)))),
  }));
  return race(runners, schedule);
}

/** The cost of a get by the number of calls under way: `sizes` at a time, on one client. */
export function flights(cases, { sizes, schedule }) {
  const runners = Object.entries(cases).flatMap(([name, caseModule]) =>
    sizes.map((size) => ({ name: `${name} ${size}`, batch: underWay(caseModule, size) })),
  );
  return race(runners, schedule);
}

/** Batches of calls, `size` of them under way until the last have begun. */
function underWay(caseModule, size) {
  const { fetch, expect } = answeringInTurn(responseTo("get", caseModule));
  const call = callOf("get", caseModule, fetch);
  return async (calls) => {
    // A batch of few calls would never have as many under way for long.
    const all = Math.max(calls, size * 5);
    expect(all, size);
    const start = performance.now();
    await inParallel(all, size, call);
    // As if it were exactly the calls that were asked for.
    return ((performance.now() - start) * calls) / all;
  };
}

/** The cost of a get over real sockets, `atATime` under way at a time: by each client's own `fetch`. */
export function sockets(cases, { baseUrl, token, ids, atATime, schedule }) {
  const runners = Object.entries(cases).map(([name, caseModule]) => {
    const client = caseModule.open({ baseUrl, token });
    return {
      name,
      async batch(calls) {
        const start = performance.now();
        await inParallel(calls, atATime, (made) => client.get(ids[made % ids.length]));
        return performance.now() - start;
      },
    };
  });
  return race(runners, schedule);
}

/** Makes each operation once and says what is wrong with it: nothing, if the case is fit. */
export async function faults(cases) {
  const wrong = [];
  for (const [name, caseModule] of Object.entries(cases)) {
    for (const operation of Object.keys(OPERATIONS)) {
      const problem = await faultOf(operation, caseModule).catch((error) => String(error?.message ?? error));
      if (problem) wrong.push(`${name}: ${operation}: ${problem}`);
    }
  }
  return wrong;
}

/** How often a case reports drift: on a page as it should be, and on one whose last customer is not. */
export async function driftReports(cases) {
  const reports = {};
  for (const [name, caseModule] of Object.entries(cases)) {
    reports[name] = [];
    for (const last of [{}, { has_accounts: "yes" }]) {
      let count = 0;
      const page = customers(100);
      Object.assign(page.at(-1), last);
      const fetch = answering(JSON.stringify({ customers: page }));
      await callOf("list", caseModule, fetch, { onDrift: () => (count += 1) })();
      reports[name].push(count);
    }
  }
  return reports;
}

const METHODS = { get: "GET", list: "GET", create: "POST", patch: "PATCH", update: "PUT" };

async function faultOf(operation, caseModule) {
  const requests = [];
  const status = operation === "create" ? 201 : 200;
  const fetch = recording(responseTo(operation, caseModule), status, requests);
  const answer = await callOf(operation, caseModule, fetch)();
  if (requests.length !== 1) return `${requests.length} requests`;
  const [{ method, url, authorization, body }] = requests;
  if (authorization !== `Bearer ${TOKEN}`) return `authorization ${authorization}`;
  if (OPERATIONS[operation].holds === "page") {
    const { length } = answer.customers ?? answer.data;
    if (length !== 100) return `a page of ${length}`;
  } else if (answer.id !== customer().id) {
    return `answers ${JSON.stringify(answer)}`;
  }
  if (caseModule.foreign) return undefined;
  if (method !== METHODS[operation]) return method;
  const path = ["create", "list"].includes(operation) ? "/v0/customers" : `/v0/customers/${customer().id}`;
  if (url.pathname !== path) return url.pathname;
  if (operation === "list" && url.searchParams.get("limit") !== "100") return url.search;
  if (operation === "create" && !sameDraft(JSON.parse(body))) return body;
  return undefined;
}

/** Whether a body holds what was to be created, in whatever order. */
function sameDraft(body) {
  const inOrder = (value) => JSON.stringify(value, (_, member) => sorted(member));
  return inOrder(body) === inOrder(DRAFT);
}

const sorted = (value) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort())
    : value;
