// Anything for the parts of the host's side that need no client: what is read of a problem, what
// becomes of an id, of parameters and headers, what a log may hold. `FUZZ_CASES` says how many.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import fc from "fast-check";
import { any, MARK, params, problem, real, secret, stored } from "./fuzz-values.mjs";
import { consumer } from "./harness.mjs";

const CASES = Number(process.env.FUZZ_CASES ?? 6_000);
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

const { learn, operations, typeOf, check, target, options, problemOf, complaints, codeOf, slugOf, retryAfterOf, redacted } =
  await hostsSide();
learn(await rules());

/** The sources as one module, since Node may take files of that folder for CommonJS. */
async function hostsSide() {
  const host = fileURLToPath(new URL("../../src/host/", import.meta.url));
  const outfile = `${consumer}/host.mjs`;
  await mkdir(consumer, { recursive: true });
  const names = ["shape", "arguments", "problem", "log"];
  await build({
    stdin: { contents: names.map((name) => `export * from "./${name}.js";`).join("\n"), resolveDir: host },
    bundle: true,
    format: "esm",
    outfile,
    logLevel: "error",
  });
  return import(pathToFileURL(outfile).href);
}

/** The rules, which are one text in the module. */
async function rules() {
  const module = await readFile(`${consumer}/node_modules/synctera-customers/dist/synctera_customers.wasm`);
  const last = "updateCustomer\tPUT\t/customers/{customer_id}\tcustomer\tCustomerWrite\tCustomer";
  const [start, end] = [module.indexOf("tCalendarDate\t"), module.indexOf(last)];
  assert.ok(start > 0 && end > start, "the rules are in the module");
  return module.toString("utf8", start, end + last.length);
}

/** An answer as it is when its body has been read. */
const answered = (body) => ({ isJson: true, body });
const [LIST, GET] = ["listCustomers", "getCustomer"].map((name) => operations.findIndex((operation) => operation.name === name));
const checked = { validate: true };
const unchecked = { validate: false };

/** What the function gives, or nothing if it refuses. */
function unlessRefused(run) {
  try {
    return run();
  } catch (error) {
    assert.equal(error.name, "ValidationError");
    assert.ok(!error.message.includes(MARK), error.message);
    return undefined;
  }
}

function assertAny(arbitrary, judge) {
  fc.assert(fc.property(arbitrary, (made) => judge(real(made))), { numRuns: CASES, seed, endOnFailure: CASES > 100_000 });
}

describe(`the parts, ${CASES} cases each (FUZZ_SEED=${seed})`, () => {
  it("of a problem only what has the right type is read, and nothing of it throws", () => {
    assertAny(fc.oneof(problem, any), (body) => {
      const answer = answered(body);
      const read = problemOf(answer);
      if (read) {
        for (const name of ["code", "title", "detail", "type"]) assert.ok(["string", "undefined"].includes(typeof read[name]), name);
        for (const name of ["missing", "immutable", "validStatus"]) assert.ok(read[name].every((text) => typeof text === "string"), name);
        for (const text of Object.values(read.invalid)) assert.equal(typeof text, "string");
        assert.ok(!complaints(read).includes(MARK));
      }
      assert.match(codeOf(answer) ?? "NONE", /^[A-Z_]{1,40}$/);
      assert.match(slugOf(answer) ?? "none", /^[a-z-]{1,40}$/);
      const seconds = retryAfterOf(answer) ?? 0;
      assert.ok(seconds >= 0 && seconds < Infinity);
    });
  });

  it("an id is one step of the path, and what it was", () => {
    assertAny(fc.oneof(secret, fc.string(), fc.string({ unit: "binary" }), fc.constantFrom(".", "..", "%2e%2e", "...", " "), any), (id) => {
      const path = unlessRefused(() => target(checked, GET, id));
      if (path === undefined) return;
      const { pathname, search, hash } = new URL(`https://api.example.com/v0/customers${path}`);
      assert.equal(search + hash, "");
      const [first, ...rest] = pathname.slice("/v0/customers/".length).split("/");
      assert.deepEqual(rest, []);
      assert.equal(decodeURIComponent(first), id);
    });
  });

  it("a query says what was given, page tokens to the character, and nothing else", () => {
    assertAny(fc.oneof(params, any), (given) => {
      for (const settings of [checked, unchecked]) {
        const query = unlessRefused(() => target(settings, LIST, undefined, given));
        if (query === undefined) continue;
        assert.match(query, /^$|^\?[\w=&%.~,*-]+$/);
        const url = new URL(`https://api.example.com/v0/customers${query}`);
        assert.equal(url.pathname + url.hash, "/v0/customers");
        const names = [...url.searchParams.keys()];
        assert.equal(new Set(names).size, names.length, "each parameter once");
        for (const name of names) assert.ok(typeOf("ListCustomersParams").fields.has(name), name);
        if (settings !== checked) continue;
        for (const name of names) {
          const value = given[name];
          const parts = query.slice(1).split("&").find((part) => part.startsWith(`${name}=`)).slice(name.length + 1).split(",");
          assert.deepEqual(parts.map(decodeURIComponent), [value].flat().map(String), name);
        }
      }
    });
  });

  it("a header that is taken is a header, with that value and no other beside it", () => {
    const name = fc.oneof(fc.constantFrom("x-a", "__proto__", "constructor", "Content-Length"), fc.string({ maxLength: 8 }), secret);
    const value = fc.oneof(secret, fc.string({ unit: "binary", maxLength: 8 }), fc.string({ maxLength: 8 }), any);
    assertAny(fc.oneof(fc.dictionary(name, value, { maxKeys: 3 }), any), (given) => {
      const read = unlessRefused(() => options(GET, { headers: given }));
      if (read?.headers === undefined) return;
      // Node's own `Headers` drops that name.
      const wanted = Object.entries(read.headers).filter(([key]) => key !== "__proto__");
      assert.deepEqual([...new Headers(read.headers)], wanted.sort(([a], [b]) => (a < b ? -1 : 1)));
      for (const [key, text] of Object.entries(given)) assert.equal(read.headers[key.toLowerCase()] !== undefined, typeof text === "string");
    });
  });

  it("a finding names a path and types, and quotes nothing", () => {
    const models = ["CustomerWrite", "PatchCustomer", "Customer", "CustomerList", "ListCustomersParams", "RequestOptions", "ClientOptions"].map(typeOf);
    assertAny(fc.tuple(fc.oneof(stored, params, any), fc.constantFrom(...models), fc.boolean()), ([value, type, response]) => {
      let found;
      try {
        found = check("it", value, type, response);
      } catch {
        // What a value's own traps throw is caught by whoever asks.
        return;
      }
      assert.ok(!JSON.stringify(found?.findings ?? []).includes(MARK));
      assert.ok((found?.findings.length ?? 0) <= 100);
    });
  });

  it("a log's data hold nothing that may be somebody's", () => {
    const models = ["CustomerWrite", "Customer", "CustomerList", "ListCustomersParams"].map(typeOf);
    // From JSON, as it is in a log.
    const json = fc.oneof(stored, params, any).map((made) => {
      try {
        return JSON.parse(JSON.stringify(real(made)) ?? "null");
      } catch {
        return null;
      }
    });
    assertAny(fc.tuple(json, fc.constantFrom(...models)), ([value, type]) => {
      assert.ok(!JSON.stringify(redacted(value, type) ?? null).includes(MARK));
    });
  });
});
