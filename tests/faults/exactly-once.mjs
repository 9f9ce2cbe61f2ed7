// Creates and patches through a bad network: afterwards the database must hold each once. Runs
// next to the installed package; prints its counts as JSON.
//
// Environment: BASE_URL, TOKEN, CUSTOMERS (how many), SEED.
import { CustomersApi, isSyncteraError } from "synctera-customers";

const { BASE_URL, TOKEN, CUSTOMERS, SEED } = process.env;
const AT_A_TIME = 50;

/** What one write may meet, in percent; the rest meets nothing. */
const FAULTS = [
  { name: "lost response", percent: 20, inject: () => "drop=after" },
  { name: "reset", percent: 5, inject: () => "drop=before" },
  { name: "5xx", percent: 5, inject: (random) => `status=${[500, 502, 503, 504][Math.floor(random() * 4)]}` },
  { name: "429", percent: 5, inject: () => "status=429;retry-after=0" },
  { name: "concurrent use", percent: 2, inject: () => "hold=80", twice: true },
];

/** One fault in ten strikes every attempt of the call, so that the call ends and is repeated by key. */
const STUBBORN = 0.1;

/** How often a caller repeats a call by its key before it is a defect. */
const PATIENCE = 20;

/** mulberry32: a small generator that gives the same run for the same seed. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const seed = Number(SEED);
const random = generator(seed);
const counts = { faults: {}, attempts: 0, ended: {}, repeatedByKey: 0, endedEarly: 0 };
const count = (of, name) => (of[name] = (of[name] ?? 0) + 1);

/** Drawn before anything runs: what a write meets does not depend on which is faster. */
function draw(id) {
  let point = random() * 100;
  const [which, stubborn] = [random(), random() < STUBBORN];
  for (const fault of FAULTS) {
    point -= fault.percent;
    if (point >= 0) continue;
    count(counts.faults, fault.name);
    const header = fault.inject(() => which);
    // Both are held: whichever takes the key first keeps it for so long.
    if (fault.twice) return { twice: true, header };
    const times = stubborn ? 3 : 1;
    return { times, header: `${header};times=${times};id=${id}` };
  }
  return {};
}

const api = new CustomersApi({
  accessToken: TOKEN,
  baseUrl: BASE_URL,
  timeoutMs: 120_000,
  onRequest: () => (counts.attempts += 1),
});

/** A write as the README says to do it: repeated with its key until its outcome is known. */
async function write(call, { twice, times, header }) {
  const headers = header ? { "sandbox-fault": header } : {};
  const idempotencyKey = crypto.randomUUID();
  const once = async () => {
    for (let repetition = 0; ; repetition += 1) {
      try {
        return await call({ idempotencyKey, headers });
      } catch (error) {
        if (!isSyncteraError(error) || repetition === PATIENCE || error.idempotencyKey !== idempotencyKey) throw error;
        const mayRepeat =
          error.outcome === "unknown" || error.status === 429 || error.code === "IDEMPOTENCY_CONCURRENT_USE";
        if (!mayRepeat) throw error;
        count(counts.ended, `${error.name}${error.status ? ` ${error.status}` : ""}, ${error.outcome}`);
        counts.repeatedByKey += 1;
        // One repetition would have done; the client's budget for them was spent.
        if (times === 1) counts.endedEarly += 1;
      }
    }
  };
  const answers = await Promise.all(twice ? [once(), once()] : [once()]);
  if (new Set(answers.map(({ id }) => id)).size !== 1) throw new Error("one key, two customers");
  return answers[0];
}

const total = Number(CUSTOMERS);
const jobs = Array.from({ length: total }, (_, n) => ({
  name: `Once-${String(n).padStart(6, "0")}`,
  creation: draw(`c${n}`),
  patch: draw(`p${n}`),
}));
const start = performance.now();
const rest = jobs.values();
const worker = async () => {
  for (const job of rest) {
    const { name: last_name } = job;
    job.id = (await write((options) => api.createCustomer({ status: "PROSPECT", last_name }, options), job.creation)).id;
    job.first_name = `Patched ${last_name}`;
    const { first_name } = job;
    await write((options) => api.patchCustomer(job.id, { first_name }, options), job.patch);
  }
};
await Promise.all(Array.from({ length: AT_A_TIME }, worker));
const seconds = Math.round((performance.now() - start) / 100) / 10;
const { attempts } = counts;

// All that the database holds, page by page, and nothing filtered out: it was empty before.
const held = new Map();
let rows = 0;
let page_token;
do {
  const page = await api.listCustomers({ limit: 100, ...(page_token && { page_token }) });
  for (const customer of page.customers) {
    rows += 1;
    held.set(customer.last_name, [...(held.get(customer.last_name) ?? []), customer]);
  }
  page_token = page.next_page_token;
} while (page_token !== undefined);

const of = ({ name }) => held.get(name) ?? [];
console.log(
  JSON.stringify({
    seed,
    creates: total,
    patches: total,
    seconds,
    ...counts,
    attempts,
    rows,
    duplicates: jobs.filter((job) => of(job).length > 1).length,
    lostCreates: jobs.filter((job) => !of(job).some(({ id }) => id === job.id)).length,
    lostPatches: jobs.filter((job) => !of(job).some(({ first_name }) => first_name === job.first_name)).length,
  }),
);
