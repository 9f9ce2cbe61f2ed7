// Counts the instructions that the module executes for a call, through the package's own glue:
// `node instructions.mjs SLIM_ENTRY COUNTING_MODULE` prints them by call, as JSON.
//
// What makes one run differ from the next is replaced before the package is loaded: the clock, the
// random source, and the garbage collector's say in when things are freed.
import { readFile } from "node:fs/promises";
import { argv } from "node:process";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const [, , entry, wasm] = argv;

/** Calls of each kind before the one that counts: caches are filled and memory has grown. */
const WARM_UP = 20;

/** How many customers a long page has; the contract allows no more. */
const PAGE = 100;

globalThis.FinalizationRegistry = class {
  register() {}
  unregister() {}
};
Date.now = () => 1_700_000_000_000;
performance.now = () => 1_000;
Math.random = () => 0;
crypto.randomUUID = () => "0d5c9f7e-2f0b-4a0e-8a53-6c1b7f0a9d42";

const ADDRESS = {
  address_line_1: "12 Lantern Row",
  address_line_2: "Floor 3",
  city: "Springfield",
  state: "IL",
  postal_code: "62701-0001",
  country_code: "US",
  nickname: "Home",
};

const NEW_CUSTOMER = {
  status: "ACTIVE",
  first_name: "Ottoline",
  middle_name: "Wren",
  last_name: "Quay",
  dob: "1991-07-23",
  email: "ottoline.quay@example.com",
  phone_number: "+12025550143",
  ssn: "987-65-4329",
  legal_address: ADDRESS,
  metadata: { crm_ref: "lead-20417" },
};

const CUSTOMER = {
  ...NEW_CUSTOMER,
  id: "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64",
  ssn: "4329",
  ssn_source: "MANUAL",
  ban_status: "ALLOWED",
  kyc_status: "UNVERIFIED",
  kyc_exempt: false,
  has_accounts: false,
  tenant: "qzwxec_mkjnhb",
  creation_time: "2025-02-03T14:05:06.120045Z",
  last_updated_time: "2025-02-03T14:05:06.120045Z",
  legal_address: { ...ADDRESS, id: "5b1d7c1a-9b0e-4f57-8e0f-3c2a9d6e4b10", address_type: "LEGAL" },
  shipping_address: { ...ADDRESS, id: "e2c90b37-14d8-4a6b-b5f3-7d08a1c6f925", address_type: "SHIPPING" },
};

const LIST = { customers: Array(PAGE).fill(CUSTOMER), next_page_token: "cGFnZS0y" };

const PROBLEM = {
  type: "https://dev.synctera.com/errors/bad-request-body",
  title: "Bad Request Body",
  status: 400,
  code: "BAD_REQUEST_BODY",
  detail: "last_name is required",
  missing: ["last_name"],
};

const ok = (body) => new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
const bad = () =>
  new Response(JSON.stringify(PROBLEM), { status: 400, headers: { "content-type": "application/problem+json" } });
const busy = () => new Response("", { status: 503 });

/** The clients and what each one's server answers, in turn. */
function client(answers, options = {}) {
  let next = 0;
  const fetch = async () => answers[next++ % answers.length]();
  return new CustomersApi({ accessToken: "an-access-token", fetch, ...options });
}

/** Each call, and the function that makes it. */
function calls() {
  const one = client([() => ok(CUSTOMER)]);
  const many = client([() => ok(LIST)]);
  const compared = client([() => ok(LIST)], { onSchemaDrift: unexpected });
  const failing = client([bad]);
  const flaky = client([busy, () => ok(CUSTOMER)]);
  const { id } = CUSTOMER;
  return {
    "new CustomersApi": () => client([]),
    getCustomer: () => one.getCustomer(id),
    createCustomer: () => one.createCustomer(NEW_CUSTOMER),
    "listCustomers, a page of 100": () => many.listCustomers({ limit: PAGE }),
    "listCustomers, a page of 100, compared": () => compared.listCustomers({ limit: PAGE }),
    "createCustomer, refused with a 400": () => failing.createCustomer(NEW_CUSTOMER).then(unexpected, isProblem),
    "getCustomer, once more after a 503": () => flaky.getCustomer(id),
  };
}

function unexpected(value) {
  throw new Error(`no such thing was expected: ${JSON.stringify(value)}`);
}

function isProblem(error) {
  if (error.code !== PROBLEM.code) throw error;
}

/** Loads the counting module through the package, and returns what reads its count. */
async function load(init) {
  const { instantiate } = WebAssembly;
  let instance;
  WebAssembly.instantiate = async (...args) => (instance = await instantiate(...args));
  await init(await WebAssembly.compile(await readFile(wasm)));
  WebAssembly.instantiate = instantiate;
  return () => instance.exports.instructions.value;
}

const { CustomersApi, init } = await import(pathToFileURL(entry));
const count = await load(init);
const counts = {};
/** Clients live to the end: when they are freed must not depend on the run. */
const kept = [];
for (const [name, call] of Object.entries(calls())) {
  for (let warm = 0; warm < WARM_UP; warm += 1) kept.push(await call());
  await setImmediate();
  const before = count();
  kept.push(await call());
  // What the call left for later belongs to it.
  await setImmediate();
  counts[name] = Number(count() - before);
}
console.log(JSON.stringify(counts));
