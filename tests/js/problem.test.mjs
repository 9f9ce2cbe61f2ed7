// What is read of an error body, and what of it stands in the message.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { document, schemas } from "../contract/contract.mjs";
import { ID, failure, respond, stub } from "./client.mjs";

/** The error for an error body. */
const errorFor = (body, status = 400) => failure((api) => api.getCustomer(ID), {}, () => respond(status, body));

/** The error for a body that is a test double's, and need not be JSON. */
const errorForDouble = (body) => failure((api) => api.getCustomer(ID), {}, () => ({ status: 400, headers: {}, json: async () => body }));

/** What the error says of the body: its members, absent ones not at all. */
function said({ code, title, detail, type, missing, invalid, immutable, validStatus, retryAfter, bodyKind }) {
  const members = { code, title, detail, type, missing, invalid, immutable, validStatus, retryAfter, bodyKind };
  return JSON.parse(JSON.stringify(members));
}

const EMPTY = { missing: [], invalid: {}, immutable: [], validStatus: [] };

/** What the message says of the body. */
const words = ({ message }) => /^getCustomer failed: 400 ?(.*)\. Correct the request\.$/s.exec(message)[1];

describe("an error body", () => {
  it("is read member by member", async () => {
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
    const { status: _, valid_status: validStatus, retry_after: retryAfter, ...same } = body;
    const error = await errorFor(body);
    assert.deepEqual(said(error), { ...same, validStatus, retryAfter, bodyKind: "problem" });
    assert.deepEqual(error.body, body);
  });

  for (const [body, wanted] of [
    [{ code: 7, title: "T", missing: "status", invalid: ["x"], retry_after: -1 }, { title: "T" }],
    [{ immutable: [1, "a", null] }, { immutable: ["a"] }],
    [{ missing: { 0: "x" }, detail: "d" }, { detail: "d" }],
    [{ invalid: { a: 1, b: "x", c: null } }, { invalid: { b: "x" } }],
    [{ title: "T", retry_after: "7" }, { title: "T" }],
    [{ title: "T", retry_after: null }, { title: "T" }],
    [{ retry_after: 0 }, { retryAfter: 0 }],
    [{ code: "" }, { code: "" }],
  ]) {
    it(`has no member of a wrong type: ${JSON.stringify(body)}`, async () => {
      assert.deepEqual(said(await errorFor(body)), { ...EMPTY, ...wanted, bodyKind: "problem" });
    });
  }

  for (const body of [{}, { error: "old gateway" }, { status: 400 }, { missing: [] }, { invalid: {} }, { code: 7 }, [], ["code"], 5, null, true]) {
    it(`is no problem report without any member of one: ${JSON.stringify(body)}`, async () => {
      assert.deepEqual(said(await errorFor(body)), { ...EMPTY, bodyKind: "json" });
    });
  }

  for (const [text, bodyKind] of [["", "empty"], [" \n", "empty"], ["<html>", "text"], ['{"code":', "text"]]) {
    it(`is ${bodyKind} where it is ${JSON.stringify(text)}`, async () => {
      const error = await errorFor(text);
      assert.deepEqual(said(error), { ...EMPTY, bodyKind });
      assert.equal(error.body, text);
    });
  }

  it("of a test double may hold a getter that throws, a Map or an inherited member, which count as absent", async () => {
    for (const body of [{ get code() { throw new Error("no"); } }, new Map([["code", "X"]]), Object.create({ code: "X" }), () => 1, undefined]) {
      assert.deepEqual({ ...said(await errorForDouble(body)), bodyKind: "json" }, { ...EMPTY, bodyKind: "json" });
    }
    const half = { get code() { throw new Error("no"); }, title: "T", retry_after: Infinity };
    assert.deepEqual(said(await errorForDouble(half)), { ...EMPTY, title: "T", bodyKind: "problem" });
  });

  it("has nothing of a polluted Object.prototype", async () => {
    Object.prototype.code = "POLLUTED";
    try {
      assert.equal((await errorFor({ error: 1 })).bodyKind, "json");
    } finally {
      delete Object.prototype.code;
    }
  });

  it("may have a field of any name", async () => {
    const { invalid } = await errorFor('{"invalid":{"__proto__":"x","constructor":"y"}}');
    assert.deepEqual(Object.entries(invalid), [["__proto__", "x"], ["constructor", "y"]]);
  });

  it("is read of whatever there is, and the call ends in an ApiError", async () => {
    const names = ["code", "title", "detail", "type", "missing", "invalid", "immutable", "valid_status", "retry_after"];
    let body;
    const { api } = stub({}, () => ({ status: 400, headers: {}, json: async () => body }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...names), fc.anything())), async (made) => {
        // A promise that resolves with a thenable would ask it.
        fc.pre(typeof made?.then !== "function");
        body = made;
        await assert.rejects(api.getCustomer(ID), { name: "ApiError", status: 400, outcome: "rejected" });
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a large error body", () => {
  const path = (index) => `addresses[${index}].city`;
  const paths = (count) => Array.from({ length: count }, (_, index) => path(index));
  const named = (count) => Object.fromEntries(paths(count).map((name) => [name, "x"]));
  const list = (count) => paths(count).join(", ");

  for (const [member, body] of [
    ["missing", { missing: paths(1001) }],
    ["immutable", { immutable: paths(1001) }],
    ["validStatus", { valid_status: paths(1001) }],
    ["invalid", { invalid: named(1001) }],
  ]) {
    it(`has at most 1,000 names of ${member} kept`, async () => {
      const error = await errorFor(body);
      assert.equal(Object.keys(error[member]).length, 1000);
      assert.deepEqual(error.body, body, "the body itself is whole");
    });
  }

  it("has at most 20 names of a list in the message, and the rest counted", async () => {
    assert.equal(words(await errorFor({ missing: paths(20) })), `; missing: ${list(20)}`.trim());
    assert.equal(words(await errorFor({ missing: paths(21), invalid: named(25) })), `; missing: ${list(20)}, 1 more; invalid: ${list(20)}, 5 more`);
    assert.equal(words(await errorFor({ immutable: [...paths(30), "Ottoline"] })), `; immutable: ${list(20)}, 11 more`);
  });

  it("is not parsed beyond 1 MiB, however many names it has, and takes no time for it", async () => {
    const body = JSON.stringify({ invalid: Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`name_${index}`, "x"])) });
    assert.ok(body.length > 1024 * 1024);
    const started = performance.now();
    const error = await errorFor(body);
    assert.ok(performance.now() - started < 2_000);
    assert.deepEqual(said(error), { ...EMPTY, bodyKind: "text" });
    assert.equal(error.body, body);
  });

  it("is read once below that, in time that grows with its length", async () => {
    const most = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`name_${index}`, "x"]));
    const body = JSON.stringify({ invalid: most, missing: Object.keys(most).slice(0, 10_000) });
    assert.ok(body.length < 1024 * 1024 && body.length > 900_000, String(body.length));
    const started = performance.now();
    const error = await errorFor(body);
    assert.ok(performance.now() - started < 2_000);
    assert.equal(words(error), "; missing: 1000 more; invalid: 1000 more");
  });
});

describe("the contract's error body", () => {
  const samples = { string: "x", integer: 7, array: ["x"], object: { x: "y" } };
  for (const [name, { type }] of Object.entries(schemas.Problem.properties)) {
    // The HTTP status itself is at hand, and more trustworthy than its copy.
    const bodyKind = name === "status" ? "json" : "problem";
    it(`with its member ${name} alone is of the kind ${bodyKind}`, async () => {
      assert.ok(type in samples, type);
      assert.equal((await errorFor({ [name]: samples[type] })).bodyKind, bodyKind);
    });
  }

  it("is read in every example", async () => {
    const found = [];
    (function walk(node) {
      if (typeof node !== "object" || node === null) return;
      found.push(...Object.values(node["application/problem+json"]?.examples ?? {}).map(({ value }) => value));
      Object.values(node).forEach(walk);
    })(document);
    assert.ok(found.length >= 12, `only ${found.length} examples`);
    for (const body of found) {
      const error = await errorFor(body, body.status);
      assert.deepEqual([error.bodyKind, error.code, error.title, error.type], ["problem", body.code, body.title, body.type]);
      if (body.code !== undefined) assert.ok(error.message.startsWith(`getCustomer failed: ${body.status} ${body.code}`), error.message);
    }
  });
});

describe("the last segment of type", () => {
  // By it a 400 is retried, which it is not otherwise.
  const attempts = async (body) => {
    const { api, requests } = stub({ maxRetries: 1 }, () => respond(400, { retry_after: 0, ...body }));
    await assert.rejects(api.getCustomer(ID), { name: "ApiError" });
    return requests.length;
  };
  for (const [type, isRetried] of [
    ["https://dev.synctera.com/errors/conflict", true],
    ["https://dev.synctera.com/errors/conflict//", true],
    ["conflict", true],
    ["https://dev.synctera.com/errors/not-found", false],
    ["https://dev.synctera.com/errors/conflict?x", false],
    ["https://dev.synctera.com/conflict/errors", false],
    ["Conflict", false],
    ["", false],
    ["/", false],
    [7, false],
    [undefined, false],
  ]) {
    it(`decides ${isRetried ? "" : "not "}to retry where the code does not: ${type}`, async () => {
      assert.equal(await attempts({ type }), isRetried ? 2 : 1);
    });
  }

  it("counts less than the code, and more than the status", async () => {
    assert.equal(await attempts({ type: "conflict", code: "BAD_REQUEST" }), 1);
    assert.equal(await attempts({ type: "not-found", code: "IDEMPOTENCY_CONCURRENT_USE" }), 2);
    assert.equal(await attempts({ type: "conflict", code: "A_CODE_OF_TOMORROW" }), 2);
  });
});

describe("the fields that the server complains of", () => {
  for (const [body, wanted] of [
    [{ title: "T" }, ""],
    [{ missing: ["first_name", "legal_address.city"] }, "; missing: first_name, legal_address.city"],
    [{ invalid: { ssn: "987654329" } }, "; invalid: ssn"],
    [{ immutable: ["creation_time"], missing: ["dob"] }, "; missing: dob; immutable: creation_time"],
    [{ immutable: ["Ottoline"] }, "; immutable: 1 more"],
    [{ invalid: { ssn: "x", "ottoline.quay@example.com": "x", Quay: "y" } }, "; invalid: ssn, 2 more"],
    [{ missing: ["related_customers[0]", "addresses[12].id"] }, "; missing: related_customers[0], addresses[12].id"],
    [{ missing: ["addresses[987654329].id"] }, "; missing: 1 more"],
    [{ missing: ["status.", "", "legal_address.Ottoline"] }, "; missing: 3 more"],
    [{ missing: ["status\n", " status", "status,Ottoline", "ssn.987654329"] }, "; missing: 4 more"],
    [{ missing: ["constructor", "__proto__", "toString"] }, "; missing: 3 more"],
  ]) {
    it(`are named if the contract knows them, else counted: ${JSON.stringify(body)}`, async () => {
      assert.equal(words(await errorFor(body)), wanted);
    });
  }
});
