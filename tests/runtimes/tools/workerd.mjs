// Runs a bundled Worker in workerd by miniflare and prints the scenario's results. A program of its
// own since miniflare wants a newer Node than the package does.
import { Miniflare } from "miniflare";
import { workerOf } from "./worker.mjs";

const { BASE_URL, BUNDLE, README_STEP, SHARED_STEP, TOKEN } = process.env;

/** Where the README's client, which names no `baseUrl`, sends its calls. */
const DEFAULT_BASE_URL = "https://api-sandbox.synctera.com/v0";

const worker = { ...workerOf(BUNDLE), bindings: { BASE_URL, TOKEN, SYNCTERA_API_KEY: TOKEN } };

const miniflare = new Miniflare({
  workers: [
    { ...worker, name: "scenario" },
    // The same program, where the sandbox stands for Synctera, and a header for a session.
    { ...worker, name: "readme", outboundService: asSynctera, serviceBindings: { SESSIONS: sessions } },
  ],
});

async function asSynctera(request) {
  if (!request.url.startsWith(DEFAULT_BASE_URL)) throw new Error(`nothing answers ${request.url}`);
  const { method, headers } = request;
  const body = request.body ? await request.arrayBuffer() : undefined;
  return fetch(BASE_URL + request.url.slice(DEFAULT_BASE_URL.length), { method, headers, body });
}

function sessions(request) {
  const customerId = request.headers.get("x-session");
  return customerId ? Response.json({ customerId }) : new Response(null, { status: 401 });
}

/** A customer's status by the README's Worker, and what it says without a session and without a customer. */
async function readmeStep() {
  const customer = await createCustomer();
  const worker = await miniflare.getWorker("readme");
  const found = await responseOf(worker, customer.id);
  const missing = await responseOf(worker, "00000000-0000-4000-8000-000000000000");
  const { status } = await worker.fetch("http://worker.example/");
  const got = JSON.stringify([found, missing, status]);
  const wanted = JSON.stringify([
    { status: 200, body: { id: customer.id, status: "PROSPECT" } },
    { status: 404, body: { error: "ApiError" } },
    401,
  ]);
  return { name: README_STEP, ok: got === wanted, detail: `got ${got}, want ${wanted}` };
}

/**
 * Sixty requests at once; every third leaves its call half-way and ends. A request that waited for
 * what belongs to one of those would never be answered.
 */
async function sharedStep() {
  const { id } = await createCustomer();
  const worker = await miniflare.getWorker("scenario");
  const requests = Array.from({ length: 60 }, async (_, number) => {
    const leave = number % 3 === 0 ? `?leave=${number * 3}` : "";
    const late = new Promise((done) => setTimeout(done, 60_000, "no response in 60 s").unref());
    const answer = worker
      .fetch(`http://worker.example/shared/${id}${leave}`)
      .then(async (response) => `${response.status} ${await response.text()}`, String);
    return { wanted: `200 ${leave ? "left" : id}`, got: await Promise.race([answer, late]) };
  });
  const wrong = (await Promise.all(requests)).filter(({ wanted, got }) => wanted !== got);
  return { name: SHARED_STEP, ok: wrong.length === 0, detail: `${wrong.length} wrong: ${wrong[0]?.got}` };
}

async function createCustomer() {
  const response = await fetch(`${BASE_URL}/customers`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ status: "PROSPECT", email: "worker@example.com" }),
  });
  return response.json();
}

async function responseOf(worker, id) {
  const response = await worker.fetch("http://worker.example/", { headers: { "x-session": id } });
  return { status: response.status, body: await response.json() };
}

try {
  const response = await miniflare.dispatchFetch("http://worker.example/scenario");
  if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${await response.text()}`);
  const steps = [await readmeStep(), await sharedStep()];
  console.log(JSON.stringify([...steps, ...(await response.json())]));
} finally {
  await miniflare.dispose();
}
