// What happens in one simulation, drawn from a seed as plain data, so that a plan can be reduced.

/**
 * Faults that leave it open whether the request was handled, that refuse it before its key is looked up, or that
 * delay it. Not 400 or 404: to a key whose request was handled the API repeats the first response (BEHAVIOUR 7), so
 * these would imitate an API that does not exist.
 */
const FAULTS = [
  "slow response",
  "connection reset",
  "response lost",
  "delivered twice",
  "body cut off",
  "headers late",
  "headers never",
  "body late",
  "body never",
  "internal error",
  "bad gateway",
  "service unavailable",
  "gateway timeout",
  "web page with 502",
  "empty body with 502",
  "unauthenticated",
  "key in use",
  "rate limited",
  "rate limited by header",
  "rate limited without delay",
  "malformed JSON",
  "empty body with 200",
  "another shape with 200",
];

const OPERATIONS = ["createCustomer", "patchCustomer", "updateCustomer", "getCustomer", "listCustomers", "iterateCustomers"];

/** Numbers from a seed (mulberry32). */
export function numbers(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { next, below, of: (list) => list[below(list.length)], chance: (share) => next() < share };
}

/**
 * @typedef {object} Plan
 * @property {number} seed
 * @property {number} latencyMs the mean time on the way, in each direction
 * @property {object[]} clients options of each client
 * @property {object[]} steps what is done when: calls, and faults that begin
 */

/** @returns {Plan} */
export function drawPlan(seed) {
  const random = numbers(seed);
  const clients = Array.from({ length: 1 + random.below(3) }, () => drawClient(random));
  const lengthMs = random.of([1_000, 20_000, 300_000]);
  const steps = Array.from({ length: 5 + random.below(40) }, (_, number) => ({
    number,
    at: random.below(lengthMs),
    ...(random.chance(0.35) ? drawFault(random) : drawCall(random, clients.length)),
  }));
  steps.sort((one, other) => one.at - other.at);
  return { seed, latencyMs: random.of([1, 30, 400]), clients, steps };
}

function drawClient(random) {
  const maybe = (share, value) => (random.chance(share) ? value : undefined);
  return {
    timeoutMs: random.of([300, 2_000, 10_000, 60_000]),
    maxRetries: random.below(5),
    maxConcurrent: maybe(0.3, 1 + random.below(4)),
    maxRequestsPerSecond: maybe(0.3, random.of([1, 5, 50])),
    throttleMs: maybe(0.2, random.below(300)),
    /** How long a token lasts; without it the client has one token for ever. */
    tokenLastsMs: maybe(0.4, 500 + random.below(20_000)),
  };
}

function drawFault(random) {
  const on = random.of([undefined, "createCustomer", "patchCustomer", "updateCustomer", "getCustomer", "listCustomers"]);
  return { fault: random.of(FAULTS), times: 1 + random.below(4), on };
}

function drawCall(random, clients) {
  const operation = random.chance(0.1) ? "bulk" : random.of(OPERATIONS);
  const abortAfterMs = random.chance(0.15) ? random.below(3_000) : undefined;
  return { operation, client: random.below(clients), abortAfterMs, hasKey: random.chance(0.5), rows: 2 + random.below(8) };
}
