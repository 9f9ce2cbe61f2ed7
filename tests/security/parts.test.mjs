// Anything for one part of a call at a time: what is read of an error body, what becomes of an id, of
// parameters and headers, what a finding and a log line may hold. `FUZZ_CASES` says how many.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { any, MARK, params, problem, real, secret, stored } from "./fuzz-values.mjs";
import { assertTyped, BASE, client, CustomersApi, ending, ID, recorder, rightResponse, TOKEN } from "./harness.mjs";

const CASES = Number(process.env.FUZZ_CASES ?? 6_000);
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

/** The parameters of listCustomers. */
const PARAMS = ["has_accounts", "ssn_last_4", "last_name", "email", "first_name", "phone_number", "page_token", "id", "limit", "sort_by", "status"];

/** A client for all cases of a test: what it sends, and what its `fetch` gives. */
function stub(options) {
  let answer = rightResponse;
  const { fetch, requests } = recorder((...args) => answer(...args));
  const api = client({ fetch, timeoutMs: 1_000, ...options });
  /** The requests of one call, and how it ends; `given` is what `fetch` gives. */
  async function run(call, given = rightResponse) {
    requests.length = 0;
    answer = given;
    return { ...(await ending(() => call(api))), requests };
  }
  return { run };
}

/** The request of a call, or nothing if its arguments are rejected, in silence about what was given. */
async function unlessRejected({ run }, call) {
  const { error, requests } = await run(call);
  if (error === undefined) return requests[0];
  assert.equal(error.name, "ValidationError", String(error.stack));
  assert.ok(!error.message.includes(MARK), error.message);
  assert.equal(requests.length, 0);
  return undefined;
}

/** What a test double answers whose JSON is this. */
const double = (status, body) => () => ({ status, headers: {}, json: async () => body });

const assertAny = (arbitrary, judge) =>
  fc.assert(
    fc.asyncProperty(arbitrary, (made) => judge(real(made))),
    { numRuns: CASES, seed, endOnFailure: CASES > 100_000 },
  );

describe(`the parts, ${CASES} cases each (FUZZ_SEED=${seed})`, () => {
  it("of a problem only what has the right type is read, and nothing of it throws", async () => {
    const { run } = stub();
    await assertAny(fc.oneof(problem, any), async (body) => {
      const { error } = await run((api) => api.getCustomer(ID), double(400, body));
      assertTyped(error);
      assert.ok(!error.message.includes(MARK), error.message);
      assert.ok(!JSON.stringify(error).includes(MARK));
      // A promise whose value looks like another may be anything.
      if (error.name !== "ApiError") return;
      for (const name of ["code", "title", "detail", "type"]) assert.ok(["string", "undefined"].includes(typeof error[name]), name);
      for (const name of ["missing", "immutable", "validStatus"]) assert.ok(error[name].every((text) => typeof text === "string"), name);
      for (const text of Object.values(error.invalid)) assert.equal(typeof text, "string");
      assert.match(error.toJSON().code ?? "NONE", /^[A-Z_]{1,40}$/);
      const seconds = error.retryAfter ?? 0;
      assert.ok(seconds >= 0 && seconds < Infinity);
    });
  });

  it("an id is one step of the path, and what it was", async () => {
    const plain = stub();
    await assertAny(fc.oneof(secret, fc.string(), fc.string({ unit: "binary" }), fc.constantFrom(".", "..", "%2e%2e", "...", " "), any), async (id) => {
      const request = await unlessRejected(plain, (api) => api.getCustomer(id));
      if (request === undefined) return;
      const { pathname, search, hash } = new URL(request.url);
      assert.equal(search + hash, "");
      const [first, ...rest] = pathname.slice("/v0/customers/".length).split("/");
      assert.deepEqual(rest, []);
      assert.equal(decodeURIComponent(first), id);
    });
  });

  it("a query says what was given, page tokens to the character, and nothing else", async () => {
    const checked = stub();
    const unchecked = stub({ validate: false });
    await assertAny(fc.oneof(params, any), async (given) => {
      for (const settings of [checked, unchecked]) {
        const request = await unlessRejected(settings, (api) => api.listCustomers(given));
        if (request === undefined) continue;
        const query = request.url.slice(`${BASE}/customers`.length);
        assert.match(query, /^$|^\?[\w=&%.~,*-]+$/);
        const url = new URL(request.url);
        assert.equal(url.pathname + url.hash, "/v0/customers");
        const names = [...url.searchParams.keys()];
        assert.equal(new Set(names).size, names.length, "each parameter once");
        for (const name of names) assert.ok(PARAMS.includes(name), name);
        if (settings !== checked) continue;
        for (const name of names) {
          const value = given[name];
          const parts = query.slice(1).split("&").find((part) => part.startsWith(`${name}=`)).slice(name.length + 1).split(",");
          assert.deepEqual(parts.map(decodeURIComponent), [value].flat().map(String), name);
        }
      }
    });
  });

  it("a header that is taken is a header, with that value and no other next to it", async () => {
    const plain = stub();
    const name = fc.oneof(fc.constantFrom("x-a", "__proto__", "constructor", "Content-Length"), fc.string({ maxLength: 8 }), secret);
    const value = fc.oneof(secret, fc.string({ unit: "binary", maxLength: 8 }), fc.string({ maxLength: 8 }), any);
    const pairs = fc.array(fc.tuple(name, value), { maxLength: 3 });
    await assertAny(fc.oneof(fc.dictionary(name, value, { maxKeys: 3 }), pairs, any), async (given) => {
      const request = await unlessRejected(plain, (api) => api.getCustomer(ID, { headers: given }));
      if (request === undefined) return;
      const { headers } = request.init;
      assert.equal(headers.authorization, `Bearer ${TOKEN}`);
      // Node's own `Headers` drops that name. Whatever is no header's name or value throws.
      const wanted = Object.entries(headers).filter(([key]) => key !== "__proto__");
      assert.deepEqual([...new Headers(headers)], wanted.sort(([a], [b]) => (a < b ? -1 : 1)));
      const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(Object(given)));
      const entries = Array.isArray(given) ? given : isPlain ? Object.entries(Object(given)) : [];
      // Of a name that is given twice, the last value counts.
      const last = new Map(entries.filter(([, text]) => text !== undefined).map(([key, text]) => [key.toLowerCase(), text]));
      for (const [key, text] of last) assert.equal(Object.hasOwn(headers, key) ? headers[key] : undefined, text);
      if (Array.isArray(given) || isPlain) {
        const own = new Set(["accept", "authorization", ...last.keys()]);
        for (const key of Object.keys(headers)) assert.ok(own.has(key), key);
      }
    });
  });

  it("a finding names a path and types, and quotes nothing", async () => {
    let drifts = [];
    const watched = stub({ onSchemaDrift: (drift) => drifts.push(drift) });
    /** How a value is looked at: as an argument, an option or a response. */
    const places = [
      (value) => watched.run((api) => api.createCustomer(value)),
      (value) => watched.run((api) => api.patchCustomer(ID, value)),
      (value) => watched.run((api) => api.listCustomers(value)),
      (value) => watched.run((api) => api.getCustomer(ID, value)),
      async (value) => {
        try {
          new CustomersApi(value);
          return {};
        } catch (error) {
          return { error };
        }
      },
      (value) => watched.run((api) => api.getCustomer(ID), double(200, value)),
      (value) => watched.run((api) => api.getCustomer(ID), double(200, { id: "1", status: "ACTIVE", legal_address: value, addresses: value })),
      (value) => watched.run((api) => api.listCustomers(), double(200, { customers: [value] })),
    ];
    await assertAny(fc.tuple(fc.oneof(stored, params, any), fc.constantFrom(...places)), async ([value, look]) => {
      drifts = [];
      const { error } = await look(value);
      if (error) assertTyped(error);
      const reports = [...drifts, ...(error?.issues ? [{ findings: error.issues }] : [])];
      for (const { findings } of reports) {
        assert.ok(findings.length <= 100);
        for (const finding of findings) assert.deepEqual(Object.values(finding).map((text) => typeof text), ["string", "string", "string"]);
      }
      assert.ok(!JSON.stringify(reports).includes(MARK));
    });
  });

  it("a log's data hold nothing that may be personal", async () => {
    let lines = [];
    const write = (...args) => lines.push(args);
    const logger = { debug: write, info: write, warn: write, error: write };
    const watched = stub({ logger, logLevel: "debug", validate: false });
    const places = [
      (value) => watched.run((api) => api.createCustomer(value)),
      (value) => watched.run((api) => api.patchCustomer(ID, value)),
      (value) => watched.run((api) => api.listCustomers(value)),
      (value) => watched.run((api) => api.getCustomer(ID), double(200, value)),
      (value) => watched.run((api) => api.getCustomer(ID), double(200, { id: "1", status: "ACTIVE", legal_address: value, addresses: [value] })),
      (value) => watched.run((api) => api.listCustomers(), double(200, { customers: [value] })),
    ];
    let seen = 0;
    await assertAny(fc.tuple(fc.oneof(stored, params, any), fc.constantFrom(...places)), async ([value, call]) => {
      lines = [];
      const { error } = await call(value);
      if (error) assertTyped(error);
      assert.ok(!JSON.stringify(lines).includes(MARK));
      seen += Number(lines.length > 2);
    });
    assert.ok(seen > CASES / 10, `only ${seen} calls were logged to their end`);
  });
});
