// In a fresh process: loads the sandbox in process, starts it, and sends it requests one after the other. Prints
// milliseconds, and requests per second.
const seconds = Number(process.env.SECONDS ?? 1);
const begin = performance.now();
const { createSandbox, fakeCustomer } = await import("synctera-customers/testing");
const load = performance.now() - begin;

function start(options) {
  const before = performance.now();
  createSandbox(options);
  return performance.now() - before;
}

const starts = { empty: start(), full: start({ customers: 250 }) };
const sandbox = createSandbox({ customers: 250 });
const headers = { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" };
const url = "https://api.example/v0/customers";
const { id } = sandbox.customers[0];
const body = JSON.stringify(fakeCustomer(1));

const REQUESTS = {
  get: () => sandbox.fetch(`${url}/${id}`, { headers }),
  create: () => sandbox.fetch(url, { method: "POST", headers, body }),
  "list of 20": () => sandbox.fetch(`${url}?limit=20`, { headers }),
};

/** How many responses a second, their bodies read. */
async function rate(request) {
  const from = performance.now();
  let count = 0;
  while (performance.now() - from < seconds * 1000) {
    for (let number = 0; number < 50; number += 1) await (await request()).text();
    count += 50;
    // It keeps each request for the test to see.
    sandbox.requests.length = 0;
  }
  return (count / (performance.now() - from)) * 1000;
}

const perSecond = {};
for (const [name, request] of Object.entries(REQUESTS)) {
  await rate(request);
  perSecond[name] = await rate(request);
}
console.log(JSON.stringify({ load, starts, perSecond }));
process.exit(0);
