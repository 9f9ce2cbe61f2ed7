// Does to every operation what the table says, and reports the result. Plain JavaScript on web
// standards, so that it runs wherever the package does; what it returns is judged elsewhere.
import { FAULTS, KEYED, OPERATION_NAMES } from "./table.js";

/**
 * @typedef {object} Settings
 * @property {string} baseUrl the sandbox's
 * @property {string} token the sandboxes'
 * @property {Record<string, string>} places base URLs, by what the table calls them
 *
 * @typedef {object} Observation
 * @property {string} fault
 * @property {string} operation
 * @property {string} [ended] as the table says it
 * @property {number} [attempts]
 * @property {string} [outcome]
 * @property {number} [stored] how often the database holds the write; none for a read
 * @property {number} [repeated] the same, after an unknown outcome was repeated as the README says
 * @property {number} [ms]
 * @property {string} [trouble] what should never be: a hang, an error of no type, other data
 */

/** How many calls at a time; a browser opens six connections to a server, others queue. */
const CALM = 4;
const BUSY = 24;

/** A call's deadline, unless the fault is about that. */
const TIMEOUT_MS = 15_000;

/** What has not settled long after its deadline hangs. */
const HANGS_AFTER_MS = 25_000;

/** The customer that a case is about: `name` finds it, `mark` is what a write changes. */
const OPERATIONS = {
  createCustomer: {
    call: (api, { name, mark }, options) =>
      api.createCustomerWithHttpInfo({ status: "PROSPECT", last_name: name, first_name: mark }, options),
    async stored(api, { name }) {
      return (await api.listCustomers({ last_name: name })).customers.length;
    },
  },
  getCustomer: {
    call: (api, { id }, options) => api.getCustomerWithHttpInfo(id, options),
    right: (data, { id }) => data.id === id,
  },
  listCustomers: {
    call: (api, { name }, options) => api.listCustomersWithHttpInfo({ last_name: name }, options),
    right: ({ customers }, { id }) => customers.length === 1 && customers[0].id === id,
  },
  patchCustomer: {
    call: (api, { id, mark }, options) => api.patchCustomerWithHttpInfo(id, { first_name: mark }, options),
    stored: marked,
  },
  updateCustomer: {
    call: (api, { id, name, mark }, options) =>
      api.updateCustomerWithHttpInfo(id, { status: "PROSPECT", last_name: name, first_name: mark }, options),
    stored: marked,
  },
};

async function marked(api, { id, mark }) {
  return (await api.getCustomer(id)).first_name === mark ? 1 : 0;
}

/**
 * @param {{ CustomersApi: any, errors: any, settings: Settings }} environment
 * @returns {Promise<Observation[]>}
 */
export async function runFaults({ CustomersApi, errors, settings }) {
  const run = Math.floor(Math.random() * 1e9).toString(36);
  const cases = FAULTS.flatMap((fault, number) =>
    OPERATION_NAMES.map((operation) => ({ fault, operation, tag: `${run}-${number}-${operation}` })),
  );
  const world = { CustomersApi, errors, ...settings };
  const observed = [];
  for (const [calm, most] of [[true, CALM], [false, BUSY]]) {
    const some = cases.filter(({ fault }) => Boolean(fault.calm) === calm);
    await inParallel(some, most, async (one) => {
      observed.push(await observe(world, one));
    });
  }
  return observed;
}

async function inParallel(items, most, work) {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

/** One fault, one operation. Whatever happens becomes data. */
async function observe(world, { fault, operation, tag }) {
  const observation = { fault: fault.name, operation };
  try {
    const { call, stored, right } = OPERATIONS[operation];
    const place = world.places[fault.place];
    const faultless = connect(world, fault.place === "sandbox422" ? { baseUrl: place } : {});
    const customer = { name: `Fault-${tag}`, mark: `Mark ${tag}` };
    if (operation !== "createCustomer") {
      const { id } = await faultless.createCustomer({ status: "PROSPECT", last_name: customer.name });
      customer.id = id;
    }
    const idempotencyKey = `key-${tag}`;
    const keyed = KEYED.has(operation);
    if (fault.reuse && keyed) {
      const other = { ...customer, name: `Other-${tag}`, mark: "Other" };
      await call(faultless, other, { idempotencyKey });
    }
    const api = connect(world, {
      ...(place && { baseUrl: place }),
      ...(fault.asksForToken && { accessToken: async () => world.token }),
      ...fault.client,
    });
    const attempt = () => call(api, customer, { ...options(fault, tag), ...(keyed && { idempotencyKey }) });
    const calls = await Promise.all((fault.twice ? [attempt, attempt] : [attempt]).map((one) => settle(world, one)));
    const { key, ...end } = worst(calls);
    Object.assign(observation, end);
    if (observation.ended === "resolves" && right && !calls.every(({ data }) => right(data, customer))) {
      observation.trouble = "resolved to other data";
    }
    if (stored) observation.stored = await stored(faultless, customer);
    if (observation.outcome === "unknown" && stored) {
      if (keyed && key !== idempotencyKey) observation.trouble = `the error's key is ${key}`;
      await call(faultless, customer, keyed ? { idempotencyKey: key } : {});
      observation.repeated = await stored(faultless, customer);
    }
  } catch (error) {
    observation.trouble = String(error?.stack ?? error);
  }
  return observation;
}

function connect({ CustomersApi, baseUrl, token }, options) {
  return new CustomersApi({ baseUrl, accessToken: token, timeoutMs: TIMEOUT_MS, ...options });
}

function options({ inject, once, call, abortAfter }, tag) {
  const fault = once ? `${inject};times=1;id=${tag}` : inject;
  const controller = abortAfter && new AbortController();
  if (controller) setTimeout(() => controller.abort(), abortAfter);
  return {
    ...call,
    ...(fault && { headers: { "sandbox-fault": fault } }),
    ...(controller && { signal: controller.signal }),
  };
}

/** How a call settled. */
async function settle({ errors }, call) {
  const start = Date.now();
  const took = () => Date.now() - start;
  let timer;
  const hang = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`HANG: pending after ${HANGS_AFTER_MS} ms`)), HANGS_AFTER_MS);
  });
  try {
    const { data, attempts } = await Promise.race([call(), hang]);
    return { ended: "resolves", attempts, data, ms: took() };
  } catch (error) {
    if (!errors.isSyncteraError(error) || !(error instanceof errors[error.name])) throw error;
    return { ended: named(error), attempts: error.attempts, outcome: error.outcome, key: error.idempotencyKey, ms: took() };
  } finally {
    clearTimeout(timer);
  }
}

/** A browser does not say which redirect it was. */
function named({ name, status, problem }) {
  const detail = name === "DecodeError" ? problem : status >= 300 && status < 400 ? "3xx" : status;
  return detail === undefined ? name : `${name} ${detail}`;
}

/** Of several calls: the one that failed, else the one that took more attempts. */
function worst(calls) {
  const failed = calls.find(({ ended }) => ended !== "resolves");
  const { ended, attempts, outcome, key, ms } = failed ?? calls.reduce((a, b) => (b.attempts > a.attempts ? b : a));
  return { ended, attempts, outcome, key, ms };
}
