// The faults, as data: what is done to a call, and how it must end. Plain JavaScript without an
// import: whatever runs the package reads it, and so does the test that judges the results.

/**
 * @typedef {object} Ending how a call must end
 * @property {string} ended "resolves", or the error's class with its status or problem
 * @property {[number, number]} attempts the fewest and the most
 * @property {string} [outcome] the error's
 * @property {number} [stored] how often the database holds the write at that moment; left out where
 *   it depends on who is faster
 *
 * @typedef {object} Fault
 * @property {string} name
 * @property {string} inject the text of `Sandbox-Fault`, or nothing
 * @property {boolean} [once] only the first request gets it
 * @property {string} [by] what else makes the fault, in words, where the header does not
 * @property {"closed" | "redirector" | "sandbox422"} [place] where the call goes instead
 * @property {object} [client] options of the client
 * @property {object} [call] options of the call
 * @property {boolean} [asksForToken] the token is a function
 * @property {boolean} [twice] two calls at the same time, under one key
 * @property {boolean} [reuse] the key has served another request before
 * @property {number} [abortAfter] milliseconds
 * @property {boolean} [calm] runs among few, since time matters to it and some runtimes queue requests
 * @property {number} [minMs] how long the call takes at least
 * @property {number} [maxMs] how long at most
 * @property {Ending} ends for every operation
 * @property {Ending} [endsKeyed] for create and patch, where that differs
 */

/** Two repetitions are the default. */
const ALL = 3;

const resolves = (least, most = least) => ({ ended: "resolves", attempts: [least, most], stored: 1 });
const rejects = (ended, attempts, outcome, stored) => ({
  ended,
  attempts: [attempts, attempts],
  outcome,
  ...(stored !== undefined && { stored }),
});

/** Some runtimes send again by themselves what a reused connection has lost: then we saw one attempt. */
const AGAIN = resolves(1, 2);

const html = encodeURIComponent("<html><body>Bad Gateway</body></html>");
const DEADLINE = { timeoutMs: 600 };
/** Both are held: whichever takes the key first keeps it for so long. */
const CONCURRENT = { twice: true, calm: true, client: { maxRetries: 8 }, ends: resolves(1), endsKeyed: resolves(2, 9) };

/** A server error: once, and for good. */
const passing = (status) => [
  { name: `${status} once`, inject: `status=${status}`, once: true, ends: resolves(2) },
  { name: `${status} for good`, inject: `status=${status}`, ends: rejects(`ApiError ${status}`, ALL, "unknown", 0) },
];

/** @type {Fault[]} */
export const FAULTS = [
  { name: "a slow response", inject: "delay=150", ends: resolves(1), minMs: 150 },
  { name: "a response slower than the deadline", inject: "delay=5000", call: DEADLINE, calm: true, ends: rejects("TimeoutError", 1, "unknown") },

  { name: "connection refused", inject: "", by: "nothing listens", place: "closed", ends: rejects("ConnectionError", ALL, "unknown", 0) },
  { name: "reset before handling, once", inject: "drop=before", once: true, ends: AGAIN },
  { name: "reset before handling, for good", inject: "drop=before", ends: rejects("ConnectionError", ALL, "unknown", 0) },
  { name: "handled, and the response lost, once", inject: "drop=after", once: true, ends: AGAIN },
  { name: "handled, and the response lost, for good", inject: "drop=after", ends: rejects("ConnectionError", ALL, "unknown", 1) },
  { name: "delivered twice", inject: "deliver=twice", ends: resolves(1) },
  { name: "body cut off, once", inject: "truncate=20", once: true, ends: resolves(2) },
  { name: "body cut off, for good", inject: "truncate=20", ends: rejects("ConnectionError", ALL, "unknown", 1) },

  { name: "headers late", inject: "stall=headers:150", ends: resolves(1), minMs: 150 },
  { name: "headers never", inject: "stall=headers", call: DEADLINE, calm: true, ends: rejects("TimeoutError", 1, "unknown", 1) },
  { name: "body late", inject: "stall=body:150", ends: resolves(1), minMs: 150 },
  { name: "body never", inject: "stall=body", call: DEADLINE, calm: true, ends: rejects("TimeoutError", 1, "unknown", 1) },
  { name: "body never, and the caller gives up", inject: "stall=body", abortAfter: 500, calm: true, maxMs: 5_000, ends: rejects("AbortError", 1, "unknown", 1) },

  ...[500, 502, 503, 504].flatMap(passing),
  { name: "408 once", inject: "status=408", once: true, ends: AGAIN },
  { name: "501", inject: "status=501", ends: rejects("ApiError 501", 1, "unknown", 0) },
  { name: "a web page with status 502, once", inject: `status=502;body=${html};content-type=text%2Fhtml`, once: true, ends: resolves(2) },
  { name: "a web page with status 502, for good", inject: `status=502;body=${html};content-type=text%2Fhtml`, ends: rejects("ApiError 502", ALL, "unknown", 0) },
  { name: "an empty body with status 502, once", inject: "status=502;body=", once: true, ends: resolves(2) },
  { name: "an empty body with status 502, for good", inject: "status=502;body=", ends: rejects("ApiError 502", ALL, "unknown", 0) },

  { name: "400", inject: "code=BAD_REQUEST_BODY", ends: rejects("ApiError 400", 1, "rejected", 0) },
  { name: "403", inject: "code=FORBIDDEN", ends: rejects("ApiError 403", 1, "rejected", 0) },
  { name: "404", inject: "code=RESOURCE_NOT_FOUND", ends: rejects("ApiError 404", 1, "rejected", 0) },
  { name: "409, a duplicate", inject: "code=DUPLICATE_RESOURCE", ends: rejects("ApiError 409", 1, "rejected", 0) },
  { name: "409, the key in use", inject: "hold=700", by: "two calls under one key", ...CONCURRENT },
  { name: "422, the key in use", inject: "hold=700", by: "two calls under one key", place: "sandbox422", ...CONCURRENT },
  { name: "409, the key in use for longer than the call lasts", inject: "hold=700", by: "two calls under one key", twice: true, calm: true, client: { maxRetries: 0 }, ends: resolves(1), endsKeyed: rejects("ApiError 409", 1, "unknown", 1) },
  { name: "409, the key said to be in use", inject: "code=IDEMPOTENCY_CONCURRENT_USE;retry-after=0", once: true, ends: resolves(2) },
  { name: "422, the key of another request", inject: "", by: "the key has served another request", reuse: true, ends: resolves(1), endsKeyed: rejects("ApiError 422", 1, "rejected", 0) },
  { name: "422, an invalid status", inject: "code=INVALID_STATUS", ends: rejects("ApiError 422", 1, "rejected", 0) },

  { name: "429, retry_after in the body", inject: "status=429;retry-after=1", once: true, ends: resolves(2), minMs: 1_000 },
  { name: "429, Retry-After in the header", inject: "status=429;retry-after-header=1", once: true, ends: resolves(2), minMs: 1_000 },
  { name: "429, with no word of when", inject: "status=429", once: true, ends: resolves(2) },
  { name: "429, longer than the deadline", inject: "status=429;retry-after=120", maxMs: 8_000, ends: rejects("ApiError 429", 1, "rejected", 0) },
  { name: "429, for good", inject: "status=429;retry-after=0", ends: rejects("ApiError 429", ALL, "rejected", 0) },

  { name: "200 with malformed JSON", inject: "status=200;body=%7B%22id%22%3A;content-type=application%2Fjson", ends: rejects("DecodeError malformed_json", 1, "unknown", 0) },
  { name: "200 with a web page", inject: `status=200;body=${html};content-type=text%2Fhtml`, ends: rejects("DecodeError not_json", 1, "unknown", 0) },
  { name: "200 with an empty body", inject: "status=200;body=;content-type=application%2Fjson", ends: rejects("DecodeError empty_body", 1, "unknown", 0) },
  { name: "200 with another shape", inject: "status=200;body=%7B%7D;content-type=application%2Fjson", ends: rejects("DecodeError unexpected_shape", 1, "unknown", 0) },
  { name: "a body larger than maxResponseBytes", inject: "", by: "maxResponseBytes of 16", client: { maxResponseBytes: 16 }, ends: rejects("DecodeError too_large", 1, "unknown", 1) },

  { name: "401 once, and a token that is a function", inject: "status=401", once: true, asksForToken: true, ends: resolves(2) },
  { name: "401 for good, and a token that is a function", inject: "status=401", asksForToken: true, ends: rejects("ApiError 401", 2, "rejected", 0) },
  { name: "401, and a token that is a text", inject: "status=401", ends: rejects("ApiError 401", 1, "rejected", 0) },
  { name: "a redirect to another origin", inject: "", by: "a server that redirects", place: "redirector", ends: rejects("ApiError 3xx", 1, "unknown", 0) },
];

/** Create and patch carry a key; the others are repeatable by nature. */
export const KEYED = new Set(["createCustomer", "patchCustomer"]);

export const OPERATION_NAMES = ["createCustomer", "getCustomer", "listCustomers", "patchCustomer", "updateCustomer"];
