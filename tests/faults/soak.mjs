// Many calls on one client, with a fetch that answers at once: memory must not grow. Runs next to the
// installed package, with `--expose-gc`; prints what it measured as JSON.
//
// Environment: CALLS.
import { readFile } from "node:fs/promises";
import { CustomersApi, init, isSyncteraError } from "synctera-customers/slim";

const CALLS = Number(process.env.CALLS);
const WARM_UP = 10_000;
const AT_A_TIME = 100;

// The glue keeps its instance to itself: the memory is seen where it is made.
let memory;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const made = await instantiate.apply(WebAssembly, args);
  memory = (made.instance ?? made).exports.memory;
  return made;
};
await init(readFile(new URL(import.meta.resolve("synctera-customers/synctera_customers.wasm"))));

const CUSTOMER = { id: "5c1b0a4e-2f2e-4b0e-9d53-1f6f2a3c4d5e", status: "ACTIVE", first_name: "Ada" };
const answer = (status, body) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/** One request in fifty fails for a moment, one in fifty for good; one in a hundred never comes. */
let requests = 0;
async function fetch(_url, { method }) {
  requests += 1;
  if (requests % 50 === 10) return answer(503, { code: "INTERNAL_ERROR", status: 503, retry_after: 0 });
  if (requests % 50 === 20) return answer(404, { code: "RESOURCE_NOT_FOUND", status: 404 });
  if (requests % 100 === 30) throw new TypeError("no network");
  return method === "GET" && _url.includes("?") ? answer(200, { customers: [CUSTOMER] }) : answer(200, CUSTOMER);
}

// One signal for all calls, as a server's shutdown signal is: no listener may stay on it.
const { signal } = new AbortController();
let listeners = 0;
const { addEventListener, removeEventListener } = signal;
signal.addEventListener = (...args) => {
  listeners += 1;
  addEventListener.apply(signal, args);
};
signal.removeEventListener = (...args) => {
  listeners -= 1;
  removeEventListener.apply(signal, args);
};

const api = new CustomersApi({ accessToken: async () => "token", fetch, maxConcurrent: AT_A_TIME / 2, onSchemaDrift() {} });
const { id } = CUSTOMER;
const CALL = [
  () => api.createCustomer({ status: "ACTIVE", first_name: "Ada" }, { signal }),
  () => api.getCustomer(id, { signal }),
  () => api.listCustomers({ limit: 10, sort_by: ["last_name:asc"] }, { signal }),
  () => api.patchCustomer(id, { first_name: "Grace" }, { signal }),
  () => api.updateCustomer(id, { status: "ACTIVE" }, { signal }),
];
const ended = {};
let made = 0;

async function callUntil(limit) {
  const worker = async () => {
    while (made < limit) {
      made += 1;
      const end = await CALL[made % CALL.length]().then(
        () => "resolved",
        (error) => (isSyncteraError(error) ? error.name : "untyped"),
      );
      ended[end] = (ended[end] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** What is in use once nothing is left to collect. */
async function measure() {
  for (let round = 0; round < 4; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.gc();
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { wasm: memory.buffer.byteLength, heapUsed, external, arrayBuffers };
}

await callUntil(WARM_UP);
const before = await measure();
const start = performance.now();
await callUntil(CALLS);
const seconds = Math.round((performance.now() - start) / 100) / 10;
const after = await measure();
console.log(JSON.stringify({ calls: made, warmUp: WARM_UP, requests, seconds, ended, listeners, before, after }));
