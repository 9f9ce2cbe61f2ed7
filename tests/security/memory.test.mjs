// What a caller hands over, and what a server answers, never enters the memory of the WebAssembly
// module: it is looked for there, in both encodings, whenever the module is entered or left, in calls
// of every kind.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { argumentsOf, BASE, consumer, ending, ID, OPERATIONS } from "./harness.mjs";

const dist = `${consumer}/node_modules/synctera-customers/dist`;
/** A separate module with its own memory. */
const core = await import(`${pathToFileURL(`${dist}/core.js`).href}?own`);
const SSN = "987-65-4329";
/** What every text that is planted has in it, and what the module is meant to know. */
const MARKS = ["-canary", SSN];
const BASE_HOST = "api.example.com";

let seen = [];
let looks = 0;
let memory;
/** Looks through the memory, since what was there for a moment may be gone at the end. */
function look(where) {
  if (memory === undefined) return;
  looks += 1;
  for (const mark of [...MARKS, BASE_HOST]) if (found(mark)) seen.push(`${mark} at ${where}`);
}

/** Whether a text is in the memory, in UTF-8 or in UTF-16. */
function found(text) {
  const bytes = Buffer.from(memory.buffer);
  return bytes.includes(text, 0, "utf8") || bytes.includes(text, 0, "utf16le");
}

/** The functions, watched: their arguments have been put into the memory when they are called. */
function watched(functions, where) {
  const entries = Object.entries(functions).map(([name, value]) => {
    if (typeof value !== "function") return [name, value];
    return [name, (...args) => {
      look(`${where} ${name}, begun`);
      try {
        return value(...args);
      } finally {
        look(`${where} ${name}, done`);
      }
    }];
  });
  return Object.fromEntries(entries);
}

class Instance extends WebAssembly.Instance {
  constructor(module, imports) {
    super(module, Object.fromEntries(Object.entries(imports).map(([from, names]) => [from, watched(names, from)])));
    const exports = super.exports;
    Object.defineProperty(this, "exports", { value: { ...exports, ...watched(exports, "export") } });
  }
}

const { Instance: real } = WebAssembly;
WebAssembly.Instance = Instance;
({ memory } = core.initSync({ module: await readFile(`${dist}/synctera_customers.wasm`) }));
WebAssembly.Instance = real;
core.protect(core.CustomersApi);

/** A text that occurs nowhere else. */
let count = 0;
const canary = (name, form = (text) => text) => form(`${name}-${count++}-canary`);

const CUSTOMER = () => ({
  status: "ACTIVE",
  first_name: canary("ada"),
  email: canary("mail", (text) => `${text}@example.com`),
  note: canary("note"),
  ssn: SSN,
  legal_address: { address_line_1: canary("street"), country_code: "US" },
  metadata: { [canary("name")]: canary("metadata") },
  [canary("unknown")]: canary("value"),
});
const PARAMS = () => ({
  last_name: canary("last"),
  email: canary("filter"),
  first_name: canary("first"),
  phone_number: canary("phone"),
  page_token: canary("page"),
  id: [canary("id"), canary("id")],
});
const PROBLEM = (status) => [
  status,
  () => ({
    title: canary("title"),
    detail: canary("detail"),
    type: `https://dev.synctera.com/errors/${canary("slug")}/${canary("last")}`,
    code: canary("code"),
    missing: [canary("missing")],
    invalid: { [canary("field")]: canary("why") },
    valid_status: [canary("valid")],
  }),
];
const STORED = [200, (operation) => (operation === "listCustomers" ? { customers: [{ id: canary("stored"), ...CUSTOMER() }], next_page_token: canary("next") } : { id: canary("stored"), ...CUSTOMER() })];

/** A response that echoes, whatever it is. */
const answer = ([status, body]) => async () =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "x-echo": canary("header"), "x-request-id": "r-1" },
  });

const KINDS = {
  "a success": [STORED],
  "a success without the contract's shape": [[200, () => ({ echo: canary("echo") })]],
  "a body that is not JSON": [[502, () => canary("page")]],
  "a refusal": [PROBLEM(400)],
  "a missing customer": [PROBLEM(404)],
  "a conflict": [PROBLEM(409)],
  "a success after two failures": [PROBLEM(503), PROBLEM(429), STORED],
  "a body of a megabyte": [[200, () => ({ id: "1", status: "ACTIVE", metadata: { long: canary("long").repeat(60_000) } })]],
  "no connection": ["unreachable"],
  "a fetch that throws no error": ["thrown"],
  "a response that breaks off": ["broken"],
};

const failing = {
  unreachable: async () => {
    throw new TypeError(canary("cause"));
  },
  thrown: () => {
    throw canary("thrown");
  },
  broken: async () => ({ status: 200, headers: {}, text: () => Promise.reject(new Error(canary("broken"))) }),
};

/** One call, watched by everything there is. */
async function call(operation, steps, options = {}) {
  const token = canary("token");
  const logger = Object.fromEntries(["debug", "info", "warn", "error"].map((level) => [level, () => {}]));
  let sent = 0;
  const fetch = () => {
    const step = steps[Math.min(sent++, steps.length - 1)];
    const [status, body] = step;
    return typeof step === "string" ? failing[step]() : answer([status, body(operation)])();
  };
  const api = new core.CustomersApi({
    accessToken: options.asks ? async () => token : token,
    baseUrl: BASE,
    allowUnknownFields: true,
    fetch,
    headers: { "x-own": canary("own") },
    maxRetries: 2,
    maxRetryDelayMs: 8_000,
    ...(options.watched && { logger, logLevel: "debug", onSchemaDrift() {}, onRequest() {} }),
  });
  const { isList, hasBody, keyed } = OPERATIONS[operation];
  const args = argumentsOf(operation, {
    id: canary("id"),
    content: isList ? PARAMS() : hasBody ? CUSTOMER() : undefined,
    options: { ...(keyed && { idempotencyKey: canary("key") }), headers: { "x-call": canary("extra") } },
  });
  const { data, error } = await ending(() => api[operation + (options.withInfo ? "WithHttpInfo" : "")](...args));
  assert.ok(data ?? error);
  error?.unredacted();
}

describe("the module's memory holds nothing that was handed over", () => {
  beforeEach(() => {
    seen = [];
    looks = 0;
  });
  afterEach(() => {
    look("the end");
    assert.ok(looks > 2, "the module was entered");
    assert.deepEqual(seen.filter((what) => !what.startsWith(BASE_HOST)), []);
  });

  it("and would be seen to: what the module is meant to know is found there", () => {
    new core.CustomersApi({ accessToken: "t", baseUrl: BASE }).free();
    assert.ok(seen.some((what) => what.startsWith(BASE_HOST)));
    assert.ok(found("RESOURCE_NOT_FOUND"));
  });

  for (const [kind, steps] of Object.entries(KINDS)) {
    for (const operation of Object.keys(OPERATIONS)) {
      it(`${operation}: ${kind}`, async () => {
        const random = Math.random;
        // The waits between attempts are random, and as good when they are short.
        Math.random = () => 0.001;
        try {
          for (const options of [{}, { withInfo: true, watched: true }, { asks: true }]) {
            await call(operation, steps, options);
          }
        } finally {
          Math.random = random;
        }
      });
    }
  }

  it("iterateCustomers: pages, cursors and a page token that repeats", async () => {
    const { page_token: _, ...params } = PARAMS();
    let sent = 0;
    const repeated = canary("repeated");
    const tokens = [canary("next"), canary("next"), repeated, repeated];
    const fetch = () => {
      const customers = [{ id: canary("stored"), ...CUSTOMER() }];
      return answer([200, { customers, next_page_token: tokens[Math.min(sent++, 3)] }])();
    };
    const api = new core.CustomersApi({ accessToken: canary("token"), baseUrl: BASE, fetch });
    const options = { cursor: `10-0-${canary("cursor")}`, prefetch: true, headers: { "x-call": canary("extra") } };
    const iteration = api.iterateCustomers(params, options);
    const { error } = await ending(async () => {
      for await (const customer of iteration) assert.ok(customer.id);
    });
    assert.equal(error?.problem, "repeated_page_token");
    assert.ok(iteration.cursor.includes(repeated));
    assert.throws(() => api.iterateCustomers({ ...params, page_token: canary("refused") }));
    assert.throws(() => api.iterateCustomers(params, { cursor: canary("refused") }));
  });

  it("after arguments that are refused", async () => {
    const api = new core.CustomersApi({ accessToken: "t", baseUrl: BASE });
    const calls = [
      () => api.createCustomer({ ...CUSTOMER(), status: canary("status") }),
      () => api.patchCustomer(canary("id"), { ssn: `${SSN}x` }),
      () => api.updateCustomer(canary("id"), canary("body")),
      () => api.listCustomers({ status: canary("status"), [canary("name")]: canary("value") }),
      () => api.listCustomers({ ssn_last_4: canary("digits") }),
      () => api.getCustomer(canary("id"), { headers: { "x-a": canary("header", (text) => `${text}\n`) } }),
      () => api.getCustomer(canary("id"), { idempotencyKey: canary("key") }),
      () => api.getCustomer(canary("half", (text) => `${text}\ud800`)),
      () => api.createCustomer({ get email() { throw new Error(canary("getter")); } }),
    ];
    for (const one of calls) assert.ok((await ending(one)).error);
  });

  it("after options that are refused", () => {
    for (const options of [
      { accessToken: canary("token", (text) => `${text}\n`) },
      { accessToken: canary("token"), headers: { "x-a": canary("header", (text) => `${text}\n`) } },
      { accessToken: canary("token"), environment: canary("environment") },
      { accessToken: canary("token"), [canary("name")]: canary("value") },
      canary("options"),
    ]) {
      assert.throws(() => new core.CustomersApi(options));
    }
  });

  it("after a call that was aborted, one that took too long, and one whose client was freed", async () => {
    const api = new core.CustomersApi({ accessToken: canary("token"), baseUrl: BASE, fetch: () => new Promise(() => {}) });
    const controller = new AbortController();
    const aborted = ending(() => api.createCustomer(CUSTOMER(), { signal: controller.signal }));
    const late = ending(() => api.patchCustomer(canary("id"), CUSTOMER(), { timeoutMs: 20 }));
    controller.abort(new Error(canary("reason")));
    assert.ok((await aborted).error);
    assert.ok((await late).error);
    api.free();
    assert.ok((await ending(() => api.getCustomer(canary("id")))).error);
  });

  it("nor of the token's function that fails", async () => {
    const fail = [
      () => { throw new Error(canary("thrown")); },
      async () => { throw canary("rejected"); },
      () => canary("token", (text) => `${text}\n`),
    ];
    for (const accessToken of fail) {
      const api = new core.CustomersApi({ accessToken, baseUrl: BASE });
      assert.ok((await ending(() => api.getCustomer(ID))).error);
    }
  });
});
