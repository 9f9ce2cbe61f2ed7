// A scenario that runs in every runtime: a different canary in everything that is handed over and in all that
// comes back, in every kind of failure; then a look at whatever a program, a log or a console would
// show. Plain JavaScript on web standards, with no import. Results are data; its caller asserts.
//
// What was asked for by name is not looked at: the data themselves, `…WithHttpInfo`, the accessors of
// an error, `unredacted()`, and the request.

/** Every canary has this in it, which no name and no code looks like. */
const MARKER = "c4n4ry@";

const ID = "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64";

/** Those that must have a form; the rest is made from their names. */
const FORMED = { ssn: "987-65-4329", digits: "4329", phone: "+12025550199", birth: "1991-07-23" };

/** A text that must not be found. */
const canary = (name) => FORMED[name] ?? `${MARKER}${name}`;

/** What gives one away. Four digits are everywhere. */
const FORBIDDEN = [MARKER, FORMED.ssn, FORMED.phone, FORMED.birth];

const CUSTOMER = {
  status: "ACTIVE",
  first_name: canary("first-name"),
  last_name: canary("last-name"),
  email: canary("email"),
  note: canary("note"),
  ssn: canary("ssn"),
  dob: canary("birth"),
  phone_number: canary("phone"),
  legal_address: { address_line_1: canary("street"), country_code: "US", postal_code: canary("postal-code") },
  metadata: { [canary("metadata-name")]: canary("metadata") },
  [canary("unknown-name")]: canary("unknown"),
};
const PARAMS = {
  has_accounts: true,
  ssn_last_4: canary("digits"),
  last_name: canary("filter-last"),
  email: canary("filter-email"),
  first_name: canary("filter-first"),
  phone_number: canary("phone"),
  page_token: canary("page-token"),
  id: [canary("filter-id"), canary("filter-id-2")],
  limit: 5,
  sort_by: ["last_name:asc"],
  status: "ACTIVE",
};
/** What the server has stored, with values that are of other types than the contract's. */
const STORED = {
  ...CUSTOMER,
  id: canary("stored-id"),
  tenant: [canary("odd-text")],
  has_accounts: { odd: canary("odd-type") },
  ssn_source: [canary("odd-list")],
  kyc_last_run: canary("odd-time"),
};
const HEADERS = { headers: { "x-call": canary("call-header") } };
const WRITES = { ...HEADERS, idempotencyKey: canary("key") };

/** The operations, each with arguments full of canaries. */
const CALLS = {
  createCustomer: [CUSTOMER, WRITES],
  getCustomer: [canary("id"), HEADERS],
  listCustomers: [PARAMS, HEADERS],
  patchCustomer: [canary("id"), CUSTOMER, WRITES],
  updateCustomer: [canary("id"), CUSTOMER, WRITES],
};

const PROBLEM = {
  title: canary("title"),
  detail: canary("detail"),
  type: `https://dev.synctera.com/errors/${canary("slug")}`,
  code: canary("code"),
  missing: [canary("missing"), "ssn"],
  invalid: { [canary("invalid-name")]: canary("invalid"), email: canary("invalid-email") },
  immutable: [canary("immutable")],
  valid_status: [canary("valid-status")],
  [canary("problem-name")]: canary("problem"),
};
const ECHO = { "content-type": "application/json", "x-echo": canary("response-header") };

const answer = (status, body) => async () =>
  new Response(status === 204 ? null : typeof body === "string" ? body : JSON.stringify(body), { status, headers: ECHO });
const problem = (status, more) => answer(status, { ...PROBLEM, ...more });
const never = () => new Promise(() => {});
const throws = (make) => () => {
  throw make();
};

/** What `fetch` does so that a call fails. */
const RESPONSES = {
  "a bad request": problem(400, { code: "BAD_REQUEST_BODY" }),
  "a refused token": problem(401),
  "forbidden": problem(403),
  "not found": problem(404, { code: "RESOURCE_NOT_FOUND" }),
  "a conflict": problem(409),
  "an odd code": problem(422, { code: `${canary("odd-code")} 1` }),
  "too many requests": problem(429, { retry_after: 3600 }),
  "a failure": problem(500),
  "a redirect": answer(307, ""),
  "a body that is not JSON": answer(502, `<p>${canary("page")}`),
  "a success that is not JSON": answer(200, `<p>${canary("fine-page")}`),
  "a success that is half there": answer(200, `{"id":"${canary("half")}`),
  "a success of another shape": answer(200, { echo: canary("shape") }),
  "an empty success": answer(204, ""),
  "no connection": throws(() => {
    const error = new TypeError(`failed to reach ${canary("fetch-message")}`);
    return Object.assign(error, { code: canary("fetch-code"), cause: new Error(canary("fetch-cause")) });
  }),
  "a thrown text": throws(() => canary("thrown-text")),
  "a body that breaks off": async () => ({ status: 200, headers: ECHO, text: async () => throws(() => new Error(canary("body-error")))() }),
  "no response": async () => canary("no-response"),
};

/** Token functions that fail. */
const TOKENS = {
  "a token's function that throws": throws(() => new Error(canary("token-error"))),
  "a token's function that rejects": () => Promise.reject(canary("token-rejection")),
  "a token's function that gives a wrong one": () => `${canary("token-wrong")}\n`,
};

/** Throttles that fail. */
const THROTTLES = {
  "a throttle that throws": throws(() => new Error(canary("throttle-error"))),
  "a throttle that rejects": () => Promise.reject(canary("throttle-rejection")),
};

/** Arguments that are refused. */
const UNFIT = {
  "a wrong status": (api) => api.createCustomer({ ...CUSTOMER, status: canary("wrong-status") }),
  "a wrong ssn": (api) => api.createCustomer({ ...CUSTOMER, ssn: `${canary("ssn")}x` }),
  "a wrong date": (api) => api.patchCustomer(ID, { dob: `${canary("birth")}T` }),
  "a wrong address": (api) => api.createCustomer({ status: "ACTIVE", legal_address: canary("address") }),
  "a wrong body": (api) => api.createCustomer(canary("body")),
  "an unknown field": (api) => api.createCustomer(CUSTOMER, { allowUnknownFields: false }),
  "a field made null": (api) => api.patchCustomer(ID, { ssn: null, email: canary("email") }),
  "a read-only field": (api) => api.patchCustomer(ID, { id: canary("own-id") }),
  "a getter that throws": (api) => api.createCustomer({ get email() { throw new Error(canary("getter")); } }),
  "a wrong filter": (api) => api.listCustomers({ status: canary("wrong-filter"), ssn_last_4: canary("ssn") }),
  "an unknown filter": (api) => api.listCustomers({ [canary("filter-name")]: canary("filter-value") }),
  "a wrong id": (api) => api.getCustomer(`${canary("bad-id")}\ud800`),
  "a wrong header": (api) => api.getCustomer(ID, { headers: { "x-a": `${canary("header")}\n` } }),
  "a wrong header's name": (api) => api.getCustomer(ID, { headers: { [canary("header-name")]: "x" } }),
  "a reserved header": (api) => api.getCustomer(ID, { headers: { Authorization: canary("authorization") } }),
  "a wrong key": (api) => api.createCustomer({ status: "ACTIVE" }, { idempotencyKey: `${canary("bad-key")}\n` }),
  "a wrong option": (api) => api.getCustomer(ID, { timeoutMs: canary("timeout") }),
  "an unknown option": (api) => api.getCustomer(ID, { [canary("option-name")]: 1 }),
};

/** Options that no client is made of. */
const NO_CLIENTS = {
  "a wrong token": { accessToken: `${canary("bad-token")}\n` },
  "a base URL with credentials": { accessToken: "t", baseUrl: `https://user:${canary("password")}@api.example.com` },
  "a base URL with a query": { accessToken: "t", baseUrl: `https://api.example.com?key=${canary("query")}` },
  "a wrong environment": { accessToken: canary("token"), environment: canary("environment") },
  "an unknown option of a client": { accessToken: canary("token"), [canary("client-option")]: canary("client-value") },
  "no options": canary("no-options"),
};

/** With `Math.random` broken, which the module asks for a wait. */
async function inABrokenModule(call) {
  const { random } = Math;
  Math.random = throws(() => new Error(canary("module")));
  try {
    return await call();
  } finally {
    Math.random = random;
  }
}

/** Every kind of failure, by name. */
function* failures(connect, CustomersApi) {
  for (const [operation, args] of Object.entries(CALLS)) {
    for (const [what, fetch] of Object.entries(RESPONSES)) {
      yield [`${operation}: ${what}`, () => connect({ fetch })[operation](...args)];
    }
    yield [`${operation}: a timeout`, () => connect({ fetch: never, timeoutMs: 5 })[operation](...args)];
    const aborted = { ...args.at(-1), signal: AbortSignal.abort(new Error(canary("reason"))) };
    yield [`${operation}: an abort`, () => connect({ fetch: never })[operation](...args.slice(0, -1), aborted)];
    yield [`${operation}: a freed client`, () => {
      const api = connect();
      api.free();
      return api[operation](...args);
    }];
    yield [`${operation}: a module that fails`, () =>
      inABrokenModule(() => connect({ fetch: RESPONSES["a failure"], maxRetries: 1 })[operation](...args))];
  }
  for (const [what, accessToken] of Object.entries(TOKENS)) yield [what, () => connect({ accessToken }).getCustomer(ID)];
  for (const [what, throttle] of Object.entries(THROTTLES)) yield [what, () => connect({ throttle }).getCustomer(ID)];
  for (const [what, call] of Object.entries(UNFIT)) yield [what, () => call(connect())];
  for (const [what, options] of Object.entries(NO_CLIENTS)) yield [what, () => new CustomersApi(options)];
}

/** A client full of canaries, all of whose calls fail. */
const failingClient = (CustomersApi, options) =>
  new CustomersApi({
    accessToken: canary("token"),
    baseUrl: "https://api.example.com/v0",
    headers: { "x-own": canary("own-header") },
    maxRetries: 0,
    // Whose names are canaries too.
    allowUnknownFields: true,
    fetch: RESPONSES["a failure"],
    ...options,
  });

/** The error of one failure, by its name. */
export async function failure(CustomersApi, name) {
  for (const [what, call] of failures((options) => failingClient(CustomersApi, options), CustomersApi)) {
    if (what !== name) continue;
    try {
      await call();
    } catch (error) {
      return error;
    }
  }
  throw new Error(`there is no failure of the name ${name}`);
}

/** The views of a value that a program may come to show without a thought. */
const VIEWS = {
  "String()": (value) => String(value),
  "JSON.stringify": (value) => JSON.stringify(value),
  "JSON.stringify of what it is in": (value) => JSON.stringify({ at: "now", value, list: [value] }),
  "message": (value) => value.message,
  "stack": (value) => value.stack,
  "Object.entries": (value) => deep(Object.entries(value)),
  "all own properties": (value) => deep(value),
  "a spread": (value) => deep({ ...value }),
  "for … in": (value) => {
    const found = {};
    for (const name in value) found[name] = value[name];
    return deep(found);
  },
  "the cause": (value) => deep(value.cause),
  "structuredClone": (value) => {
    const clone = structuredClone(value);
    return `${clone.message} ${clone.stack} ${deep(clone)}`;
  },
};

/** All that is reachable by own properties, those that are not enumerable included. */
function deep(value, seen = new Set()) {
  if (typeof value !== "object" || value === null) return String(value);
  if (seen.has(value)) return "(again)";
  seen.add(value);
  const members = Reflect.ownKeys(value).map((key) => {
    const { value: member } = Object.getOwnPropertyDescriptor(value, key);
    return `${String(key)}: ${deep(member, seen)}`;
  });
  return members.join(", ");
}

/** The canaries in a text, each with what is around it. */
export function canariesIn(text) {
  const found = FORBIDDEN.map((one) => String(text).indexOf(one)).filter((at) => at >= 0);
  return found.map((at) => String(text).slice(Math.max(0, at - 80), at + 60));
}

/** What holds canaries for a caller that asks; where there are none, there was nothing to look for. */
const ASKED = ["body", "detail", "code", "title", "type", "idempotencyKey", "headers", "reason", "invalid", "missing", "immutable", "validStatus"];

const inErrors = (view) => `no canary in an error by ${view}`;

/** The names of the results of a runtime that has these views. */
export const canaryNames = (own = []) => [
  "every kind of failure was met, and gives what it has on request",
  ...[...Object.keys(VIEWS), ...own].map(inErrors),
  "no canary in a client, however it is looked at",
  "no canary in a line of a logger at debug",
  "no canary in a line of a console that is the logger",
  "no canary in an event of a hook",
  "no canary in a report of drift",
];

/** Remembers what it is called with. */
function listener() {
  const heard = [];
  const hear = (...line) => heard.push(line);
  return { heard, hear, logger: { debug: hear, info: hear, warn: hear, error: hear } };
}

/**
 * Runs the scenario.
 *
 * @param {object} environment
 * @param {any} environment.CustomersApi
 * @param {Record<string, (value: any) => string>} [environment.views] the runtime's own
 * @param {(value: any) => void} [environment.print] the runtime's own way to print, whose
 *   output the caller examines
 * @returns {Promise<{ name: string, ok: boolean, detail: string }[]>}
 */
export async function findCanaries({ CustomersApi, views = {}, print }) {
  const [log, events, drift, printed] = [listener(), listener(), listener(), listener()];
  const connect = (options) =>
    failingClient(CustomersApi, {
      logger: log.logger,
      logLevel: "debug",
      onRequest: events.hear,
      onResponse: events.hear,
      onRetry: events.hear,
      throttle: events.hear,
      onSchemaDrift: drift.hear,
      ...options,
    });

  const errors = [];
  const fine = [];
  for (const [what, call] of failures(connect, CustomersApi)) {
    try {
      await call();
      fine.push(`${what} did not fail`);
    } catch (error) {
      errors.push({ what, error });
    }
  }
  // Successes, whose data is asked for and whose log is not.
  for (const [operation, args] of Object.entries(CALLS)) {
    const data = operation === "listCustomers" ? { customers: [STORED], next_page_token: canary("next") } : STORED;
    await connect({ fetch: answer(200, data) })[operation](...args);
  }
  await withConsole(printed, async () => {
    const api = connect({ logger: console });
    for (const [operation, args] of Object.entries(CALLS)) await api[operation](...args).catch(() => {});
  });

  const all = { ...VIEWS, ...views };
  const client = connect();
  const results = [];
  const expect = (name, found) => {
    const once = [...new Set(found)];
    results.push({ name, ok: once.length === 0, detail: once.slice(0, 10).join("\n") });
  };
  const [first] = canaryNames();
  expect(first, [
    ...fine,
    ...errors.filter(({ error }) => typeof error.unredacted !== "function").map(({ what, error }) => `${what}: ${error}`),
    ...ASKED.filter((name) => !errors.some(({ error }) => canariesIn(deep(error[name])).length > 0)).map((name) => `none in ${name}`),
    ...ASKED.filter((name) => !errors.some(({ error }) => canariesIn(deep(error.unredacted?.()[name])).length > 0)).map((name) => `none in unredacted().${name}`),
  ]);
  for (const [view, show] of Object.entries(all)) expect(inErrors(view), errors.flatMap(({ what, error }) => looked(what, show, error)));
  expect("no canary in a client, however it is looked at", Object.entries(all).flatMap(([view, show]) => looked(view, show, client)));
  const plainly = ({ heard }) => (heard.length === 0 ? ["nothing was reported"] : heard.flatMap((one) => [...canariesIn(deep(one)), ...canariesIn(JSON.stringify(one))]));
  expect("no canary in a line of a logger at debug", plainly(log));
  expect("no canary in a line of a console that is the logger", plainly(printed));
  expect("no canary in an event of a hook", plainly(events));
  expect("no canary in a report of drift", plainly(drift));
  if (print) printAll(print, errors.map(({ error }) => error), client, log.heard);
  return results;
}

/** The canaries in a view; a view that fails counts as one. */
function looked(what, show, value) {
  try {
    return canariesIn(show(value)).map((found) => `${what}: ${found}`);
  } catch (error) {
    return [`${what} cannot be looked at: ${error}`];
  }
}

/** Lets the console be heard instead of printing. */
async function withConsole({ logger }, run) {
  const own = {};
  for (const level of Object.keys(logger)) {
    own[level] = console[level];
    console[level] = logger[level];
  }
  try {
    await run();
  } finally {
    Object.assign(console, own);
  }
}

function printAll(print, errors, client, lines) {
  for (const error of errors) print(error);
  print(client);
  for (const line of lines) print(line);
  const rejected = Promise.reject(errors[0]);
  rejected.catch(() => {});
  print(rejected);
  print(new Error("outer", { cause: errors[0] }));
  print(new AggregateError(errors.slice(0, 5), "some"));
  print({ nested: { list: errors.slice(0, 5) } });
}
