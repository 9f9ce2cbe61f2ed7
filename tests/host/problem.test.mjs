// What is read of an error body, and what of it is repeated.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Answer } from "../../src/host/answer.js";
import { codeOf, complaints, problemOf, retryAfterOf, slugOf } from "../../src/host/problem.js";
import { document, schemas } from "../contract/contract.mjs";
import "./host.mjs";

/** An answer with this body, parsed. */
function answer(body, isJson = true) {
  return Object.assign(new Answer("answered"), { status: 400, body, isJson });
}

const EMPTY = { missing: [], invalid: {}, immutable: [], validStatus: [] };

/** A problem without its members that say nothing. */
const read = (body) => {
  const problem = problemOf(answer(body));
  return problem && JSON.parse(JSON.stringify(problem));
};

describe("a problem", () => {
  it("is read member by member", () => {
    const body = {
      type: "https://dev.synctera.com/errors/bad-request-body",
      title: "Bad Request Body",
      status: 400,
      code: "BAD_REQUEST_BODY",
      detail: "see invalid",
      missing: ["status"],
      invalid: { ssn: "use hyphens" },
      immutable: ["id"],
      valid_status: ["ACTIVE"],
      retry_after: 7,
    };
    assert.deepEqual(read(body), {
      type: "https://dev.synctera.com/errors/bad-request-body",
      title: "Bad Request Body",
      code: "BAD_REQUEST_BODY",
      detail: "see invalid",
      missing: ["status"],
      invalid: { ssn: "use hyphens" },
      immutable: ["id"],
      validStatus: ["ACTIVE"],
      retryAfter: 7,
    });
    const whole = answer(body);
    assert.deepEqual([codeOf(whole), slugOf(whole), retryAfterOf(whole)], ["BAD_REQUEST_BODY", "bad-request-body", 7]);
  });

  for (const [body, wanted] of [
    [{ code: 7, title: "T", missing: "status", invalid: ["x"], retry_after: -1 }, { title: "T" }],
    [{ immutable: [1, "a", null] }, { immutable: ["a"] }],
    [{ missing: { 0: "x" }, detail: "d" }, { detail: "d" }],
    [{ invalid: { a: 1, b: "x", c: null } }, { invalid: { b: "x" } }],
    [{ title: "T", retry_after: "7" }, { title: "T" }],
    [{ retry_after: 0 }, { retryAfter: 0 }],
    [{ title: "T", retry_after: Infinity }, { title: "T" }],
    [{ code: "" }, { code: "" }],
  ]) {
    it(`has no member of a wrong type: ${JSON.stringify(body)}`, () => {
      assert.deepEqual(read(body), { ...EMPTY, ...wanted });
    });
  }

  for (const body of [{}, { error: "old gateway" }, { status: 400 }, { missing: [] }, { code: 7 }, [], "x", 5, null, undefined]) {
    it(`is none without any member of one: ${JSON.stringify(body)}`, () => assert.equal(read(body), undefined));
  }

  it("is none in a body that was no JSON, in an answer without a body, or behind a getter that throws", () => {
    assert.equal(problemOf(answer({ code: "X" }, false)), undefined);
    assert.equal(problemOf(new Answer("unreachable")), undefined);
    assert.equal(problemOf(answer({ get code() { throw new Error("no"); } })), undefined);
  });

  it("does not come down a polluted prototype", () => {
    assert.equal(read(Object.create({ code: "X" })), undefined);
    Object.prototype.code = "POLLUTED";
    try {
      assert.equal(read({ error: 1 }), undefined);
    } finally {
      delete Object.prototype.code;
    }
  });

  it("may have a field of any name", () => {
    const { invalid } = problemOf(answer(JSON.parse('{"invalid":{"__proto__":"x","constructor":"y"}}')));
    assert.deepEqual(Object.entries(invalid), [["__proto__", "x"], ["constructor", "y"]]);
  });

  it("is read of whatever there is, and nothing throws", () => {
    const names = ["code", "title", "detail", "type", "missing", "invalid", "immutable", "valid_status", "retry_after"];
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...names), fc.anything())), (body) => {
        const problem = problemOf(answer(body));
        if (problem) complaints(problem);
        slugOf(answer(body));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the contract's problem", () => {
  const samples = { string: "x", integer: 7, array: ["x"], object: { x: "y" } };
  for (const [name, { type }] of Object.entries(schemas.Problem.properties)) {
    // The HTTP status itself is at hand, and more trustworthy than its copy.
    const counts = name !== "status";
    it(`${counts ? "is one" : "is none"} by its member ${name} alone`, () => {
      assert.ok(type in samples, type);
      assert.equal(problemOf(answer({ [name]: samples[type] })) !== undefined, counts);
    });
  }

  it("is read in every example", () => {
    const found = [];
    (function walk(node) {
      if (typeof node !== "object" || node === null) return;
      found.push(...Object.values(node["application/problem+json"]?.examples ?? {}).map(({ value }) => value));
      Object.values(node).forEach(walk);
    })(document);
    assert.ok(found.length >= 12, `only ${found.length} examples`);
    for (const body of found) {
      const problem = problemOf(answer(body));
      assert.deepEqual([problem.code, problem.title, problem.type], [body.code, body.title, body.type]);
      assert.equal(slugOf(answer(body)), body.type?.split("/").at(-1));
    }
  });
});

describe("the slug of a problem", () => {
  for (const [type, slug] of [
    ["https://dev.synctera.com/errors/not-found", "not-found"],
    ["https://dev.synctera.com/errors/not-found//", "not-found"],
    ["not-found", "not-found"],
    ["", undefined],
    ["/", undefined],
    [undefined, undefined],
  ]) {
    it(`of ${type} is ${JSON.stringify(slug)}`, () => assert.equal(slugOf(answer({ type, title: "T" })), slug));
  }
});

describe("the fields that the server complains of", () => {
  const told = (problem) => complaints({ ...EMPTY, ...problem });
  for (const [problem, words] of [
    [{}, ""],
    [{ missing: ["first_name", "legal_address.city"] }, "; missing: first_name, legal_address.city"],
    [{ invalid: { ssn: "987654329" } }, "; invalid: ssn"],
    [{ immutable: ["creation_time"], missing: ["dob"] }, "; missing: dob; immutable: creation_time"],
    [{ immutable: ["Ottoline"] }, "; immutable: 1 more"],
    [{ invalid: { ssn: "x", "ottoline.quay@example.com": "x", Quay: "y" } }, "; invalid: ssn, 2 more"],
    [{ missing: ["related_customers[0]", "addresses[12].id"] }, "; missing: related_customers[0], addresses[12].id"],
    [{ missing: ["addresses[987654329].id"] }, "; missing: 1 more"],
    [{ missing: ["status.", "", "legal_address.Ottoline"] }, "; missing: 3 more"],
    [{ missing: ["constructor", "__proto__", "toString"] }, "; missing: 3 more"],
  ]) {
    it(`are named if the contract knows them, else counted: ${JSON.stringify(problem)}`, () => {
      assert.equal(told(problem), words);
    });
  }
});
