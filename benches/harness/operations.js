// The calls that are measured: how each is made on an opened case, and what is answered.
import { BASE_URL, CHANGES, DRAFT, TOKEN, customer } from "./customers.js";
import { texts } from "./responses.js";

const { id } = customer();

/** How each of the five operations is called, and what the server's response to it holds. */
export const OPERATIONS = {
  get: { call: (client) => () => client.get(id), holds: "customer" },
  create: { call: (client, argument) => prepared(client, "create", argument(DRAFT)), holds: "customer" },
  list: { call: (client) => () => client.list(100), holds: "page" },
  patch: { call: (client, argument) => () => client.patch(id, argument(CHANGES)), holds: "customer" },
  update: { call: (client, argument) => () => client.update(id, argument(DRAFT)), holds: "customer" },
};

const prepared = (client, method, draft) => () => client[method](draft);

/** The text that answers an operation of a case. */
export const responseTo = (operation, caseModule, pageSize) =>
  texts(caseModule, pageSize)[OPERATIONS[operation].holds]();

/**
 * The call of an operation on a case over some `fetch`, ready to be made any number of times.
 *
 * @returns {() => Promise<unknown>}
 */
export function callOf(operation, caseModule, fetch, settings = {}) {
  const client = caseModule.open({ fetch, baseUrl: BASE_URL, token: TOKEN, ...settings });
  return OPERATIONS[operation].call(client, caseModule.argument ?? ((wire) => wire));
}
