// What the fuzz tests make up. Whatever may be personal data has `MARK` in it.
import fc from "fast-check";
import { ID } from "./harness.mjs";
import { ODD } from "./odd-values.mjs";

/** In no name that the client may repeat: those are words. */
export const MARK = "Canary@7Q";

export const secret = fc.oneof(
  { weight: 12, arbitrary: fc.string({ maxLength: 8 }).map((text) => `${MARK}${text}x`) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }).map((text) => `${MARK}${text}`) },
  { weight: 1, arbitrary: fc.constantFrom("900-45-6789", "..", `${MARK}\n`, `\0${MARK}`, `${MARK}\ud800`, `${MARK},${MARK}`, `../${MARK}?x#y`) },
);

/** Stands for an odd value, since fast-check looks at what it makes and some do not want that. */
class Odd {
  constructor(name) {
    this.name = name;
  }
}

/** Texts of a million characters have separate tests. */
const odd = fc
  .constantFrom(...Object.keys(ODD).filter((name) => !name.includes("million") && name !== "a deep object"))
  .map((name) => new Odd(name));

/** The value with the odd ones in their places. */
export function real(value) {
  if (value instanceof Odd) return ODD[value.name]();
  if (typeof value !== "object" || value === null) return value;
  const prototype = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== null && prototype !== Object.prototype) return value;
  const copy = Array.isArray(value) ? new Array(value.length) : Object.create(prototype);
  for (const name of Object.keys(value)) {
    Object.defineProperty(copy, name, { value: real(value[name]), enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

/** Any value at all. */
export const any = fc.oneof(
  { weight: 3, arbitrary: secret },
  { weight: 2, arbitrary: odd },
  {
    weight: 3,
    arbitrary: fc.anything({
      key: fc.oneof(fc.constantFrom("__proto__", "constructor", "toJSON", "then", "length", "status", "code", "id"), secret),
      values: [fc.boolean(), fc.integer(), fc.double(), secret, fc.constantFrom(null, undefined, NaN, -0)],
      maxDepth: 2,
      maxKeys: 4,
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    }),
  },
);

const orAny = (right) => fc.oneof({ weight: 15, arbitrary: right }, { weight: 1, arbitrary: any });

/** Some members of an object, each as it should be or, seldom, anything. */
const some = (members, requiredKeys = []) =>
  fc.record(
    Object.fromEntries(Object.entries(members).map(([name, right]) => [name, orAny(right)])),
    { requiredKeys, noNullPrototype: false },
  );

const address = some({
  address_line_1: secret,
  country_code: fc.constant("US"),
  postal_code: secret,
  is_registered_agent: fc.boolean(),
});

const customer = some({
  status: fc.constantFrom("ACTIVE", "PROSPECT", "FROZEN"),
  first_name: secret,
  email: secret,
  note: secret,
  ssn: fc.constantFrom("900-12-3456", "1234"),
  dob: fc.constant("1990-02-03"),
  phone_number: fc.constant("+12125550123"),
  legal_address: address,
  metadata: fc.dictionary(secret, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
  tenant: secret,
  id: secret,
  [MARK]: secret,
}, ["status"]);

export const params = some({
  has_accounts: fc.boolean(),
  ssn_last_4: fc.constant("1234"),
  last_name: secret,
  email: secret,
  page_token: secret,
  id: fc.array(secret, { maxLength: 3 }),
  limit: fc.integer({ min: 1, max: 200 }),
  sort_by: fc.constantFrom([], ["last_name:asc"], ["creation_time:desc", "email:asc"]),
  status: fc.constant("ACTIVE"),
});

/** Headers that may be any, but for those that are listed by name. */
const headers = fc.oneof(
  fc.dictionary(fc.constantFrom("x-a", "Accept", "retry-after", "__proto__"), fc.string({ maxLength: 4 }).map((text) => `${MARK}${text}x`), { maxKeys: 3 }),
  fc.dictionary(
    fc.oneof(fc.constantFrom("x-a", "Accept", "authorization", "retry-after", "__proto__"), fc.string({ maxLength: 6 })),
    fc.oneof(secret, fc.string({ maxLength: 8 }), any),
    { maxKeys: 3 },
  ),
);

const callOptions = some({
  idempotencyKey: fc.uuid().map((id) => id + MARK),
  headers,
  maxRetries: fc.constantFrom(0, 1),
  // Waits between attempts last no longer than that, nor do calls.
  timeoutMs: fc.constantFrom(1, 2, 3, 5),
  maxRetryDelayMs: fc.constantFrom(0, 1),
});

/** What is given to an operation. */
export const given = fc.record({
  id: orAny(fc.oneof(fc.constant(ID), secret)),
  customer: orAny(customer),
  params: orAny(fc.option(params, { nil: undefined })),
  options: orAny(fc.option(callOptions, { nil: undefined })),
  validate: fc.boolean(),
  withInfo: fc.boolean(),
  watched: fc.boolean(),
});

export const problem = some({
  code: fc.oneof(fc.constantFrom("RESOURCE_NOT_FOUND", "TOO_MANY_REQUESTS", "INVALID_STATUS"), secret),
  title: secret,
  detail: secret,
  type: fc.oneof(fc.constant("https://dev.synctera.com/errors/conflict"), secret),
  missing: fc.array(fc.oneof(fc.constantFrom("ssn", "legal_address.city"), secret), { maxLength: 3 }),
  invalid: fc.dictionary(fc.oneof(fc.constantFrom("ssn", "email"), secret), secret, { maxKeys: 3 }),
  immutable: fc.array(secret, { maxLength: 2 }),
  valid_status: fc.array(secret, { maxLength: 2 }),
  retry_after: fc.constantFrom(0, 0.001, 5, -1, 1e300),
});
export const stored = some({ id: secret, status: fc.constantFrom("ACTIVE", "NEW"), email: secret, has_accounts: fc.boolean(), legal_address: address, tenant: secret, [MARK]: secret }, ["id", "status"]);
const list = some({ customers: fc.array(stored, { maxLength: 3 }), next_page_token: secret }, ["customers"]);

/** What a server answers, as a function that makes it anew for each attempt. */
export const answer = fc.oneof(
  { weight: 5, arbitrary: response(fc.constantFrom(200, 201), fc.oneof(stored, list)) },
  { weight: 5, arbitrary: response(fc.constantFrom(301, 400, 401, 404, 409, 422, 429, 500, 503), problem) },
  { weight: 2, arbitrary: response(fc.integer({ min: 0, max: 999 }), any) },
  { weight: 1, arbitrary: any.map((value) => () => real(value)) },
  { weight: 1, arbitrary: any.map((value) => async () => real(value)) },
  { weight: 1, arbitrary: any.map((value) => () => { throw real(value); }) },
  { weight: 1, arbitrary: any.map((value) => async () => { throw real(value); }) },
  { weight: 1, arbitrary: fc.constant(() => new Promise(() => {})) },
);

function response(status, body) {
  return fc
    .record({
      status,
      body,
      headers: fc.oneof({ weight: 3, arbitrary: headers }, { weight: 1, arbitrary: any }),
      how: fc.constantFrom("json", "text", "raw", "broken", "slow", "real"),
    })
    .map((made) => () => answered(real(made)));
}

function answered({ status, body, headers, how }) {
  let text = "";
  try {
    text = JSON.stringify(body) ?? "";
  } catch {
    // Then there is none.
  }
  switch (how) {
    case "json":
      return { status, headers, json: async () => body };
    case "text":
      return { status, headers, text: async () => text };
    case "raw":
      return { status, headers, text: async () => body };
    case "broken":
      return { status, headers, text: async () => { throw body; } };
    case "slow":
      return { status, headers, text: () => new Promise(() => {}) };
    default:
      return status >= 200 && status <= 599 && status !== 204 && status !== 205 && status !== 304
        ? new Response(text, { status })
        : { status, text: async () => text };
  }
}

/** The options of a client. */
export const clientOptions = orAny(
  some({
    accessToken: fc.oneof(
      { weight: 6, arbitrary: fc.constant(`key-${MARK}`) },
      any.map((value) => () => real(value)),
      any.map((value) => async () => real(value)),
      any.map((value) => () => { throw real(value); }),
    ),
    environment: fc.constantFrom("sandbox", "production"),
    baseUrl: fc.oneof(fc.constantFrom("https://api.example.com/v0", "http://localhost:1", "http://[::1]:80/"), fc.webUrl(), fc.string().map((text) => `https://${text}`)),
    timeoutMs: fc.constantFrom(1, 2, 5),
    maxRetries: fc.constantFrom(0, 1),
    maxRetryDelayMs: fc.constantFrom(0, 1),
    maxResponseBytes: fc.constantFrom(1, 100, Infinity),
    maxConcurrent: fc.constantFrom(1, 2),
    maxRequestsPerSecond: fc.constantFrom(1000, 1e9),
    throttle: fc.oneof(
      any.map((value) => () => real(value)),
      any.map((value) => async () => real(value)),
      any.map((value) => () => { throw real(value); }),
    ),
    headers,
    validate: fc.boolean(),
    logLevel: fc.constantFrom("debug", "off"),
    dangerouslyAllowBrowser: fc.boolean(),
  }, ["accessToken"]),
);
