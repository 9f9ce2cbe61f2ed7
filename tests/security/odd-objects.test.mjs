// Odd values at every argument and option: each ends in a typed error or in the right request.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, describe, it } from "node:test";
import {
  argumentsOf,
  assertRefuses,
  assertRight,
  assertTyped,
  BASE,
  client,
  consumer,
  CustomersApi,
  ending,
  ID,
  OPERATIONS,
  recorder,
  TOKEN,
} from "./harness.mjs";
import { ODD } from "./odd-values.mjs";

const FIELDS = ["status", "ssn", "email", "dob", "legal_address", "metadata", "unknown_field", "__proto__", "constructor", "toJSON"];
const PARAMS = ["has_accounts", "ssn_last_4", "last_name", "page_token", "id", "limit", "sort_by", "status", "__proto__"];
const CALL_OPTIONS = ["idempotencyKey", "signal", "timeoutMs", "maxRetries", "maxRetryDelayMs", "headers", "__proto__"];
const CLIENT_OPTIONS = [
  "accessToken",
  "environment",
  "baseUrl",
  "fetch",
  "timeoutMs",
  "maxRetries",
  "maxRetryDelayMs",
  "maxResponseBytes",
  "maxConcurrent",
  "maxRequestsPerSecond",
  "throttle",
  "headers",
  "validate",
  "onSchemaDrift",
  "onRequest",
  "onResponse",
  "onRetry",
  "logger",
  "logLevel",
  "dangerouslyAllowBrowser",
  "__proto__",
];

/** The object with an own member, whatever its name. */
const having = (object, name, value) =>
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });

const natives = Object.fromEntries(
  [Object, Array, Function, String, Promise, Error, Map, RegExp].map(({ name, prototype }) => [name, shape(prototype)]),
);

function shape(prototype) {
  return Reflect.ownKeys(prototype).map((key) => [String(key), Object.getOwnPropertyDescriptor(prototype, key).value]);
}

afterEach(() => {
  for (const [name, before] of Object.entries(natives)) {
    assert.deepEqual(shape(globalThis[name].prototype), before, `${name}.prototype is as it was`);
  }
});

/** The call ends as it may, and the next one works. */
async function assertSound(operation, args, options) {
  const { fetch, requests } = recorder();
  const api = client({ fetch, timeoutMs: 200, ...options });
  const { error } = await ending(() => api[operation](...args));
  if (error) assertTyped(error);
  for (const request of requests) assertRight(operation, request);
  if (error) assert.equal(requests.length === 0, error.outcome === "not_sent");
  assert.equal((await client({ fetch: recorder().fetch }).getCustomer(ID)).id, ID, "the next call works");
}

/** Each odd value, in turn; says which one it was. */
async function forEachOdd(check) {
  for (const [name, make] of Object.entries(ODD)) {
    try {
      await check(make, name);
    } catch (cause) {
      throw new Error(name, { cause });
    }
  }
}

describe("an odd value ends in a typed error or in the right request", () => {
  for (const operation of Object.keys(OPERATIONS)) {
    const { hasId, hasBody, isList } = OPERATIONS[operation];
    for (const validate of [true, false]) {
      const name = `${operation}${validate ? "" : ", not validated"}`;
      if (hasId) {
        it(`${name}: as the id`, () =>
          forEachOdd((make) => assertSound(operation, argumentsOf(operation, { id: make() }), { validate })));
      }
      if (hasBody || isList) {
        it(`${name}: as the ${isList ? "parameters" : "body"}`, () =>
          forEachOdd((make) => {
            const args = argumentsOf(operation);
            args[hasId ? 1 : 0] = make();
            return assertSound(operation, args, { validate });
          }));
        for (const field of isList ? PARAMS : FIELDS) {
          it(`${name}: as ${field}`, () =>
            forEachOdd((make) => {
              const content = having(isList ? {} : { status: "ACTIVE" }, field, make());
              return assertSound(operation, argumentsOf(operation, { content }), { validate });
            }));
        }
      }
    }
    it(`${operation}: as the options`, () =>
      forEachOdd((make) => assertSound(operation, argumentsOf(operation, { options: make() }))));
    for (const option of CALL_OPTIONS) {
      it(`${operation}: as the option ${option}`, () =>
        forEachOdd((make) =>
          assertSound(operation, argumentsOf(operation, { options: having({}, option, make()) })),
        ));
    }
  }

  for (const name of ["id", "sort_by"]) {
    it(`listCustomers: in the list ${name}`, () =>
      forEachOdd((make) => assertSound("listCustomers", [{ [name]: ["a", make()] }])));
  }

  it("as a header of a call", () =>
    forEachOdd((make) => assertSound("getCustomer", [ID, { headers: { "x-odd": make() } }])));

  it("as the name of a header", () =>
    forEachOdd((make, name) => {
      const value = make();
      if (typeof value !== "string") return undefined;
      return assertSound("getCustomer", [ID, { headers: { [value]: "x" } }]);
    }));

  /** A client with an odd option is refused by a `ValidationError`, or works. */
  async function assertClientSound(name, value) {
    const { fetch, requests } = recorder();
    const options = having({ accessToken: TOKEN, baseUrl: BASE, fetch, maxRetries: 0, timeoutMs: 200 }, name, value);
    if (name === "environment") delete options.baseUrl;
    let api;
    try {
      api = new CustomersApi(options);
    } catch (error) {
      assertRefuses(error, "options");
      return;
    }
    const { error } = await ending(() => api.createCustomer({ status: "ACTIVE" }));
    if (error) assertTyped(error);
    // Without a base URL the environment's is taken, and without an environment the sandbox's.
    const base = name === "environment" || name === "baseUrl" ? "https://api-sandbox.synctera.com/v0" : BASE;
    // A token that is undefined is none, which a backend of the caller's own may not need.
    const token = name === "accessToken" && requests.length > 0 ? await (typeof value === "function" ? value() : value) : TOKEN;
    for (const request of requests) assertRight("createCustomer", request, token === undefined ? { base, token: null } : { base, token });
  }

  for (const option of CLIENT_OPTIONS) {
    it(`new CustomersApi: as the option ${option}`, () =>
      forEachOdd((make) => assertClientSound(option, make())));
  }

  it("new CustomersApi: as the options", () =>
    forEachOdd((make) => assert.throws(() => new CustomersApi(make()), (error) => (assertRefuses(error, "options"), true))));

  /** Whatever `fetch` gives, the call settles by a typed error or the data. */
  async function assertResponseSound(make) {
    for (const operation of Object.keys(OPERATIONS)) {
      const api = client({ fetch: () => make(), timeoutMs: 100, logger: quiet, logLevel: "debug", onSchemaDrift() {} });
      const { error } = await ending(() => api[`${operation}WithHttpInfo`](...argumentsOf(operation)));
      if (error) {
        assertTyped(error);
        error.unredacted();
      }
    }
  }
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const PLACES = {
    "what fetch returns": (value) => value,
    "what fetch's promise gives": async (value) => value,
    "what fetch throws": (value) => {
      throw value;
    },
    "the status": (status) => ({ status, headers: {}, text: async () => "{}" }),
    "the headers": (headers) => ({ status: 200, headers, text: async () => "{}" }),
    "the text": (value) => ({ status: 200, headers: {}, text: async () => value }),
    "what text() returns": (value) => ({ status: 200, headers: {}, text: () => value }),
    "what text() throws": (value) => ({ status: 200, headers: {}, async text() { throw value; } }),
    "the method text": (text) => ({ status: 200, headers: {}, text }),
    "the JSON of a success": (value) => ({ status: 200, headers: {}, json: async () => value }),
    "the JSON of a refusal": (value) => ({ status: 400, headers: {}, json: async () => value }),
    "the body": (body) => ({ status: 200, headers: {}, body, text: async () => "{}" }),
    "the type": (type) => ({ status: 200, type, headers: {}, text: async () => "{}" }),
    ...Object.fromEntries(
      ["code", "title", "detail", "type", "missing", "invalid", "immutable", "valid_status", "retry_after"].map((name) => [
        `${name} of a problem`,
        (value) => ({ status: 422, headers: {}, json: async () => having({}, name, value) }),
      ]),
    ),
  };
  for (const [place, answer] of Object.entries(PLACES)) {
    it(`as ${place}`, () => forEachOdd((make) => assertResponseSound(() => answer(make()))));
  }

  it("as what the throttle gives or throws", () =>
    forEachOdd(async (make) => {
      for (const throttle of [() => make(), async () => make(), () => { throw make(); }, () => Promise.reject(make())]) {
        const { fetch, requests } = recorder();
        const { error } = await ending(() => client({ throttle, fetch, timeoutMs: 100 }).getCustomer(ID));
        assert.equal(requests.length, error ? 0 : 1);
        if (error) assertTyped(error);
      }
    }));

  it("as what the token's function gives or throws", () =>
    forEachOdd(async (make) => {
      for (const accessToken of [() => make(), async () => make(), () => { throw make(); }, () => Promise.reject(make())]) {
        const { fetch, requests } = recorder();
        const { error } = await ending(() => client({ accessToken, fetch, timeoutMs: 100 }).getCustomer(ID));
        if (error) assertTyped(error);
        else for (const request of requests) assertRight("getCustomer", request, { token: await accessToken() });
      }
    }));
});

describe("an argument that cannot be right is named", () => {
  const noObject = ["null", "true", "zero", "a BigInt", "a symbol", "a function", "an empty string", "bytes", "an empty array", "a proxy that throws", "a revoked proxy"];
  for (const [argument, operation, at] of [
    ["customer", "createCustomer", 0],
    ["patch", "patchCustomer", 1],
    ["customer", "updateCustomer", 1],
    ["params", "listCustomers", 0],
    ["options", "getCustomer", 1],
  ]) {
    it(`${argument} of ${operation}`, async () => {
      for (const name of noObject) {
        // Bytes are an object with members `0`, `1`, …: unknown fields, which the API may take. What
        // may be left out may be null.
        if (name === "bytes" && argument === "patch") continue;
        if (name === "null" && ["params", "options"].includes(argument)) continue;
        const args = argumentsOf(operation);
        args[at] = ODD[name]();
        const { error } = await ending(() => client({ fetch: recorder().fetch })[operation](...args));
        assert.ok(error, name);
        assertRefuses(error, argument);
      }
    });
  }

  it("customerId", async () => {
    for (const name of ["undefined", "null", "zero", "a BigInt", "a symbol", "an empty string", "spaces", "a dot", "two dots", "half a surrogate pair", "a String object", "a revoked proxy of an array", "a proxy that throws"]) {
      for (const validate of [true, false]) {
        const { error } = await ending(() => client({ fetch: recorder().fetch, validate }).getCustomer(ODD[name]()));
        assert.ok(error, name);
        assertRefuses(error, "customerId");
      }
    }
  });
});

describe("what comes down a prototype changes nothing", () => {
  /** What a client does: the same requests, the same data, the same errors. */
  async function scenario(pollute) {
    const answers = [
      [200, `{"id":"${ID}","status":"ACTIVE","tenant":"t"}`],
      [200, `{"customers":[{"id":"${ID}","status":"NEW","first_name":1}]}`],
      [422, '{"title":"No"}'],
      [404, "not here"],
      [204, ""],
    ].map(([status, body]) => ({ status, headers: new Headers({ "x-request-id": "r-1" }), text: async () => body }));
    const { fetch, requests } = recorder(async () => answers[requests.length - 1]);
    const reported = [];
    const logger = Object.fromEntries(["debug", "info", "warn", "error"].map((level) => [level, (...line) => reported.push(line)]));
    const restore = pollute();
    const ends = [];
    try {
      const api = new CustomersApi({ accessToken: TOKEN, baseUrl: BASE, fetch, logger, logLevel: "debug", onSchemaDrift: (drift) => reported.push(drift) });
      const calls = [
        () => api.createCustomer({ status: "ACTIVE", legal_address: { address_line_1: "1", country_code: "US" } }, { idempotencyKey: "k" }),
        () => api.listCustomers({ limit: 3 }),
        () => api.patchCustomer(ID, { email: "e" }, { idempotencyKey: "k", headers: { "x-a": "b" } }),
        () => api.getCustomer(ID),
        () => api.updateCustomer(ID, { status: "ACTIVE" }),
        () => api.createCustomer({ first_name: "no status" }),
        () => api.listCustomers({ limits: 3 }),
        () => api.getCustomer(""),
      ];
      for (const call of calls) ends.push(await ending(call));
    } catch (error) {
      ends.push({ error });
    } finally {
      restore();
    }
    const shown = ends.map(({ data, error }) => data ?? (error.unredacted ? { ...error.unredacted(), stack: 0 } : String(error.stack)));
    const sent = requests.map(({ url, init }) => [url, { ...init, signal: 0 }]);
    // A `fetch` asks for more than is there, and must not find it further down.
    for (const { init } of requests) assert.equal(init instanceof Object, false);
    return JSON.parse(JSON.stringify({ shown, sent, reported }, (key, value) => (key === "durationMs" ? 0 : value)));
  }

  const polluted = (name, value) => () => {
    const before = Object.getOwnPropertyDescriptor(Object.prototype, name);
    Object.defineProperty(Object.prototype, name, { __proto__: null, value, configurable: true, writable: true, enumerable: true });
    return () => {
      if (before) Object.defineProperty(Object.prototype, name, { __proto__: null, ...before });
      else delete Object.prototype[name];
    };
  };

  it("of no name that the client's code mentions", async () => {
    const dist = `${consumer}/node_modules/synctera-customers/dist`;
    const code = await readFile(`${dist}/core.js`, "utf8");
    const declarations = await readFile(`${dist}/index.d.ts`, "utf8");
    // What follows on a dot, or may be a member of a literal or of a pattern; and the members that Rust's tables
    // hold, from which the declarations are made.
    const mentioned = code.matchAll(/[.{,"]\s*([A-Za-z_]\w*)/g);
    const declared = declarations.matchAll(/^ {4}(?:readonly )?(\w+)\??:/gm);
    const words = new Set([...mentioned, ...declared].map(([, name]) => name));
    assert.ok(["email", "legal_address", "page_token", "idempotencyKey"].every((name) => words.has(name)));
    // The last three are looked up by the language itself: of a promise's value, of what becomes
    // JSON, of an iterator that is left early.
    const own = new Set([...Object.getOwnPropertyNames(Object.prototype), "then", "toJSON", "return"]);
    const plain = await scenario(() => () => {});
    assert.ok(words.size > 300);
    const wrong = [];
    for (const word of [...words].filter((word) => !own.has(word))) {
      for (const value of ["polluted", 7, () => "polluted"]) {
        const got = await scenario(polluted(word, value));
        try {
          assert.deepEqual(got, plain);
        } catch (error) {
          wrong.push(`${word} (${typeof value}): ${error.message.slice(0, 300)}`);
          break;
        }
      }
    }
    assert.deepEqual(wrong, []);
  });
});

describe("the caller's objects stay as they are", () => {
  const address = () => ({ id: "a", address_type: "LEGAL", address_line_1: "1 Example Street", country_code: "US" });
  const BODY = () => ({
    id: ID,
    status: "ACTIVE",
    ssn: "1234",
    legal_address: address(),
    shipping_address: address(),
    metadata: { list: [1, { two: 2 }] },
    has_accounts: false,
  });
  const frozen = (value) => {
    if (typeof value !== "object" || value === null) return value;
    Object.values(value).forEach(frozen);
    return Object.freeze(value);
  };
  const content = {
    createCustomer: BODY,
    updateCustomer: BODY,
    patchCustomer: () => ({ first_name: "Ada", legal_address: { address_line_1: "1", country_code: "US" } }),
    listCustomers: () => ({ id: ["a", "b"], sort_by: ["last_name:asc"] }),
    getCustomer: () => undefined,
  };
  for (const operation of Object.keys(OPERATIONS)) {
    for (const keep of [(value) => value, frozen]) {
      it(`${operation}${keep === frozen ? ", frozen" : ""}`, async () => {
        const options = keep({ headers: { "X-A": "b" }, timeoutMs: 1_000 });
        const args = argumentsOf(operation, { content: keep(content[operation]()), options });
        const before = structuredClone(args);
        const { error } = await ending(() => client({ fetch: recorder().fetch })[operation](...args));
        assert.equal(error, undefined);
        assert.deepEqual(args, before);
      });
    }
  }

  it("though they change while the call is under way, what is sent does not", async () => {
    const { fetch, requests } = recorder((url, init) => (requests.length < 3 ? Promise.reject(new Error("no")) : { status: 200, headers: {}, text: async () => `{"id":"${ID}","status":"ACTIVE"}` }));
    const customer = { status: "ACTIVE", metadata: { a: 1 }, legal_address: { address_line_1: "1", country_code: "US" } };
    const options = { headers: { "x-a": "b" }, maxRetries: 2 };
    const call = client({ fetch }).createCustomer(customer, options);
    customer.metadata.a = 2;
    customer.legal_address.address_line_1 = "2";
    options.headers["x-a"] = "c";
    await call;
    assert.equal(requests.length, 3);
    for (const { init } of requests) {
      assert.equal(init.body, requests[0].init.body);
      assert.match(init.body, /"a":1.*"address_line_1":"1"/);
      assert.equal(init.headers["x-a"], "b");
    }
  });
});
