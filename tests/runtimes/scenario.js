// One scenario, run in every runtime: the five operations and the ways in which a call can fail,
// against the real sandbox. Plain JavaScript on web standards, with no import, so that it runs
// wherever the package does. Results are data; its caller asserts on them.
//
// Depth is proved elsewhere, natively. Here: does the package work on this runtime at all?

/**
 * @typedef {object} Environment
 * @property {any} CustomersApi
 * @property {any} errors the package's error classes and guards, by name
 * @property {string} baseUrl the sandbox's
 * @property {string} token the sandbox's
 * @property {typeof fetch} [fetch] instead of the runtime's own
 */

const ADDRESS = {
  address_line_1: "1 Example Street",
  city: "Springfield",
  state: "IL",
  postal_code: "62701",
  country_code: "US",
};

/** Never answers, and does not look at the signal either. */
const silentFetch = () => new Promise(() => {});

/** The steps, in order: later ones use what earlier ones put into `scenario`. */
const STEPS = [
  {
    name: "createCustomer resolves to the customer as the API stored it",
    async run({ api, scenario }) {
      scenario.customer = await api.createCustomer({
        status: "ACTIVE",
        first_name: "Ada",
        last_name: scenario.lastName,
        dob: "1990-02-03",
        ssn: "900-12-3456",
        phone_number: "+12125550123",
        email: "ada@example.com",
        legal_address: ADDRESS,
        metadata: { nested: { list: [1, "two", null] } },
      });
      const { customer } = scenario;
      equal(typeof customer.id, "string", "id");
      equal(customer.status, "ACTIVE", "status");
      equal(customer.ssn, "3456", "ssn");
      equal(customer.shipping_address.city, ADDRESS.city, "shipping_address.city");
      equal(customer.metadata, { nested: { list: [1, "two", null] } }, "metadata");
    },
  },
  {
    name: "getCustomer finds it again",
    async run({ api, scenario }) {
      const customer = await api.getCustomer(scenario.customer.id);
      equal(customer, scenario.customer, "customer");
    },
  },
  {
    name: "listCustomers finds it by name",
    async run({ api, scenario }) {
      const list = await api.listCustomers({ last_name: scenario.lastName, sort_by: ["creation_time:desc"] });
      equal(list.customers.map(({ id }) => id), [scenario.customer.id], "ids");
      equal("next_page_token" in list, false, "next_page_token");
    },
  },
  {
    name: "patchCustomer changes what it names and nothing else",
    async run({ api, scenario }) {
      const patched = await api.patchCustomer(scenario.customer.id, { first_name: "Grace" });
      equal(patched.first_name, "Grace", "first_name");
      equal(patched.email, scenario.customer.email, "email");
    },
  },
  {
    name: "updateCustomer replaces the customer",
    async run({ api, scenario }) {
      const updated = await api.updateCustomer(scenario.customer.id, {
        status: "INACTIVE",
        first_name: "Zoë",
        last_name: scenario.lastName,
      });
      equal(updated.id, scenario.customer.id, "id");
      equal(updated.status, "INACTIVE", "status");
      equal(updated.first_name, "Zoë", "first_name");
    },
  },
  {
    name: "…WithHttpInfo says how each of the five calls went",
    async run({ api, scenario }) {
      const { id } = scenario.customer;
      const prospect = { status: "PROSPECT", last_name: scenario.lastName };
      const calls = {
        createCustomer: await api.createCustomerWithHttpInfo(prospect),
        getCustomer: await api.getCustomerWithHttpInfo(id),
        listCustomers: await api.listCustomersWithHttpInfo({ limit: 1 }),
        patchCustomer: await api.patchCustomerWithHttpInfo(id, { middle_name: "B" }),
        updateCustomer: await api.updateCustomerWithHttpInfo(id, { status: "INACTIVE" }),
      };
      scenario.prospect = calls.createCustomer.data;
      for (const [name, info] of Object.entries(calls)) {
        equal(info.status, name === "createCustomer" ? 201 : 200, `${name}: status`);
        equal(info.attempts, 1, `${name}: attempts`);
        equal(/json/.test(info.headers["content-type"]), true, `${name}: content-type is JSON`);
        equal(typeof info.data, "object", `${name}: data`);
        // Sent where the API declares it: on POST and PATCH.
        const keyed = name === "createCustomer" || name === "patchCustomer";
        equal(typeof info.idempotencyKey, keyed ? "string" : "undefined", `${name}: idempotencyKey`);
      }
    },
  },
  {
    name: "isProspect distinguishes a prospect from a customer",
    async run({ errors, scenario }) {
      equal(errors.isProspect(scenario.prospect), true, "of the prospect");
      equal(errors.isProspect(scenario.customer), false, "of the customer");
    },
  },
  {
    name: "the same idempotency key creates one customer only",
    async run({ api, scenario }) {
      const idempotencyKey = `scenario-${scenario.lastName}`;
      const customer = { status: "ACTIVE", last_name: scenario.lastName };
      const first = await api.createCustomer(customer, { idempotencyKey });
      const second = await api.createCustomer(customer, { idempotencyKey });
      equal(second.id, first.id, "id");
    },
  },
  {
    name: "listing all by iterateCustomers gives every customer once, over pages and from a cursor",
    async run({ api, scenario }) {
      await api.createCustomer({ status: "PROSPECT", last_name: scenario.lastName });
      const params = { last_name: scenario.lastName, sort_by: ["creation_time:asc"] };
      const wanted = (await api.listCustomers(params)).customers.map(({ id }) => id);
      equal(wanted.length, 3, "how many there are");
      const iteration = api.iterateCustomers(params, { pageSize: 2, maxItems: 1 });
      const ids = [];
      for await (const { id } of iteration) ids.push(id);
      equal(iteration.done, false, "done after maxItems");
      const rest = api.iterateCustomers(params, { cursor: iteration.cursor, prefetch: true });
      for await (const { id } of rest) ids.push(id);
      equal(ids, wanted, "ids");
      equal(rest.done, true, "done at the end");
      const pages = [];
      for await (const customers of api.iterateCustomers(params, { pageSize: 2 }).pages()) pages.push(customers.length);
      equal(pages, [2, 1], "lengths of the pages");
      const all = await api.iterateCustomers(params, { pageSize: 1 }).toArray({ max: 3 });
      equal(all.map(({ id }) => id), wanted, "ids of toArray");
    },
  },
  {
    name: "calls at the same time do not disturb each other",
    async run({ api, scenario }) {
      const ids = [scenario.customer.id, scenario.prospect.id, scenario.customer.id, scenario.prospect.id];
      const customers = await Promise.all(ids.map((id) => api.getCustomer(id)));
      equal(customers.map(({ id }) => id), ids, "ids");
    },
  },
  {
    name: "what the API refuses rejects with an ApiError that carries its problem",
    async run({ api, errors }) {
      const error = await rejection(api.getCustomer("00000000-0000-4000-8000-000000000000"));
      isError(error, errors, "ApiError");
      equal(error.status, 404, "status");
      equal(error.code, "RESOURCE_NOT_FOUND", "code");
    },
  },
  {
    name: "a wrong token rejects with an ApiError",
    async run({ connect, errors }) {
      const api = connect({ accessToken: "not-the-token" });
      const error = await rejection(api.listCustomers());
      isError(error, errors, "ApiError");
      equal(error.status, 401, "status");
    },
  },
  {
    name: "an abort rejects with an AbortError though fetch never answers",
    async run({ connect, errors, scenario }) {
      const controller = new AbortController();
      const api = connect({ fetch: silentFetch });
      const call = rejection(api.getCustomer(scenario.customer.id, { signal: controller.signal }));
      controller.abort();
      isError(await call, errors, "AbortError");
    },
  },
  {
    name: "a deadline that passes rejects with a TimeoutError though fetch never answers",
    async run({ connect, errors, scenario }) {
      const api = connect({ fetch: silentFetch, timeoutMs: 50 });
      isError(await rejection(api.getCustomer(scenario.customer.id)), errors, "TimeoutError");
    },
  },
  {
    name: "a network that fails rejects with a ConnectionError",
    async run({ connect, errors, scenario }) {
      const fetch = () => Promise.reject(new TypeError("no network"));
      const api = connect({ fetch, maxRetries: 0 });
      isError(await rejection(api.getCustomer(scenario.customer.id)), errors, "ConnectionError");
    },
  },
  {
    name: "an argument that cannot be right rejects with a ValidationError that names it",
    async run({ api, errors }) {
      const error = await rejection(api.createCustomer({ first_name: "Ada" }));
      isError(error, errors, "ValidationError");
      equal(error.message.includes("status"), true, `message (${error.message}) names status`);
    },
  },
  {
    name: "the stack of a rejected call names the method, and the caller where the engine's own errors do",
    async run({ api, scenario }) {
      // A method, whose name no minifier changes.
      const { theCaller } = {
        async theCaller(call) {
          return await call();
        },
      };
      const native = async () => {
        await null;
        throw new Error("of the engine");
      };
      const calls = {
        getCustomer: () => api.getCustomer("00000000-0000-4000-8000-000000000000"),
        patchCustomer: () => api.patchCustomer(scenario.customer.id, { firstName: "Ada" }),
      };
      const hasCallers = frames(await rejection(theCaller(native))).includes("theCaller");
      for (const [name, call] of Object.entries(calls)) {
        const stack = frames(await rejection(theCaller(call)));
        equal(stack.includes(name), true, `the frames name ${name}: ${stack}`);
        equal(stack.includes("theCaller") || !hasCallers, true, `the frames name the caller: ${stack}`);
      }
    },
  },
  {
    name: "options that cannot be right throw a ValidationError that names them",
    async run({ CustomersApi, errors }) {
      let error;
      try {
        new CustomersApi({ accessToken: 5 });
      } catch (thrown) {
        error = thrown;
      }
      isError(error, errors, "ValidationError");
      equal(error.message.includes("accessToken"), true, `message (${error.message}) names accessToken`);
    },
  },
];

/** The names of the results, in order. */
export const stepNames = STEPS.map(({ name }) => name);

/**
 * Runs all steps, whatever happens in each.
 *
 * @param {Environment} environment
 * @returns {Promise<{ name: string, ok: boolean, detail: string }[]>}
 */
export async function runScenario({ CustomersApi, errors, baseUrl, token, fetch }) {
  const connect = (options) =>
    new CustomersApi({ accessToken: token, baseUrl, ...(fetch && { fetch }), ...options });
  const random = Math.floor(Math.random() * 1e9).toString(36);
  const context = { CustomersApi, errors, connect, scenario: { lastName: `Scenario-${random}` } };
  const results = [];
  for (const { name, run } of STEPS) {
    try {
      context.api ??= connect({});
      await inTime(run(context));
      results.push({ name, ok: true, detail: "" });
    } catch (error) {
      results.push({ name, ok: false, detail: String(error?.stack ?? error) });
    }
  }
  return results;
}

/** A promise that hangs is the worst failure of all: it must not hang the scenario. */
async function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("still pending after 30 s")), 30_000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function equal(got, wanted, what) {
  if (canonical(got) !== canonical(wanted)) {
    throw new Error(`${what}: got ${canonical(got)}, want ${canonical(wanted)}`);
  }
}

/** JSON with its members in one order. */
function canonical(value) {
  const sorted = (_, member) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member;
  return JSON.stringify(value, sorted) ?? "undefined";
}

/** The frames of an error's stack; some engines put the message before them. */
function frames({ stack, message }) {
  return stack.replace(message, "");
}

async function rejection(promise) {
  try {
    const value = await promise;
    throw new Error(`resolved to ${canonical(value)} where a rejection is wanted`);
  } catch (error) {
    return error;
  }
}

function isError(error, errors, kind) {
  if (!(error instanceof errors[kind])) throw error;
  equal(error instanceof Error, true, "instanceof Error");
  equal(error instanceof errors.SyncteraError, true, "instanceof SyncteraError");
  equal(errors.isSyncteraError(error), true, "isSyncteraError");
  equal(error.name, kind, "name");
}
