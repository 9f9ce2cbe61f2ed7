// The error classes by themselves: kinds, what is redacted, copies. What errors say is in
// messages.test.mjs.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import * as errors from "../../src/js/errors.js";
// A second copy, as a bundler may make one.
import * as copy from "../../src/js/errors.js?copy";

const { Failure, SyncteraError, ApiError, errorOf, isProspect, isSyncteraError, moduleFailure } = errors;
const KINDS = ["ApiError", "ConnectionError", "TimeoutError", "AbortError", "ValidationError", "DecodeError"];

const DETAILS = { operation: "getCustomer", outcome: "rejected", attempts: 1, status: 404, code: "RESOURCE_NOT_FOUND", requestId: undefined };
const HIDDEN = { body: { detail: "canary" }, detail: "canary", headers: { "x-a": "canary" }, code: "RESOURCE_NOT_FOUND", missing: ["canary"] };
const made = () => new ApiError("getCustomer failed: 404.", DETAILS, HIDDEN);

describe("an error", () => {
  for (const kind of KINDS) {
    it(`of kind ${kind} is one of it, a SyncteraError and an Error, and of no other kind`, () => {
      const error = new errors[kind]("words");
      for (const other of ["SyncteraError", ...KINDS]) {
        const isOne = other === kind || other === "SyncteraError";
        assert.equal(error instanceof errors[other], isOne, other);
        assert.equal(error instanceof copy[other], isOne, `${other} of another copy`);
        assert.equal(isSyncteraError(error, other), isOne, other);
        assert.equal(copy.isSyncteraError(error, other), isOne, `${other} of another copy`);
      }
      assert.ok(error instanceof Error);
      assert.equal(isSyncteraError(error), true);
      assert.deepEqual([error.name, errors[kind].name], [kind, kind]);
      assert.equal(String(error), `${kind}: words`);
    });
  }

  it("of another package or none is not one, and what cannot be asked is none", () => {
    const hostile = new Proxy({}, { get() { throw new Error("no"); } });
    for (const value of [undefined, null, 5, "ApiError", {}, new Error("x"), { name: "ApiError" }, hostile]) {
      assert.equal(isSyncteraError(value), false);
      assert.equal(value instanceof SyncteraError, false);
    }
  });

  it("has the details as its own properties, absent ones not at all", () => {
    assert.deepEqual({ ...made() }, { operation: "getCustomer", outcome: "rejected", attempts: 1, status: 404, code: "RESOURCE_NOT_FOUND" });
  });

  it("gives what is redacted by name, and shows it nowhere else", () => {
    const error = made();
    assert.deepEqual([error.detail, error.body, error.headers, error.missing], [HIDDEN.detail, HIDDEN.body, HIDDEN.headers, HIDDEN.missing]);
    const shown = [
      error.message,
      error.stack,
      String(error),
      JSON.stringify(error),
      JSON.stringify({ ...error }),
      Reflect.ownKeys(error).map((key) => inspect(error[key])).join(),
      inspect(error, { depth: Infinity, showHidden: true }),
      inspect(new Error("outer", { cause: error }), { depth: Infinity }),
      inspect(structuredClone(error), { depth: Infinity, showHidden: true }),
    ];
    for (const text of shown) assert.doesNotMatch(text, /canary/);
    assert.match(inspect(error), /^ApiError: getCustomer failed: 404\.\n.*status: 404/s);
  });

  it("has no redacted detail where none was given", () => {
    const error = new ApiError("words");
    for (const name of Object.keys(HIDDEN)) assert.equal(error[name], undefined, name);
    assert.equal(ApiError.prototype.body, undefined);
  });

  it("as JSON is its name, its message and its properties", () => {
    const { requestId: _, ...details } = DETAILS;
    assert.deepEqual(made().toJSON(), { name: "ApiError", message: "getCustomer failed: 404.", ...details });
    assert.deepEqual(JSON.parse(JSON.stringify(made())), made().toJSON());
  });

  it("unredacted is everything, as a plain object", () => {
    const error = made();
    const all = error.unredacted();
    assert.deepEqual(all, { ...error.toJSON(), stack: error.stack, ...HIDDEN });
    assert.equal(Object.getPrototypeOf(all), Object.prototype);
  });

  it("clones as an Error with its message", () => {
    const cloned = structuredClone(made());
    assert.ok(cloned instanceof Error);
    assert.equal(cloned.message, "getCustomer failed: 404.");
  });

  it("keeps what is redacted whatever is assigned to it", () => {
    const error = made();
    assert.throws(() => { error.body = "other"; }, TypeError);
    assert.equal(error.body, HIDDEN.body);
  });

  it("is made although Object.prototype is polluted", () => {
    Object.assign(Object.prototype, { get: () => "polluted", detail: "polluted", cause: "polluted" });
    try {
      const error = new ApiError("words", { status: 404 }, { title: "T" });
      assert.deepEqual([error.status, error.title, error.detail], [404, "T", undefined]);
      assert.equal(Object.hasOwn(error.unredacted(), "cause"), false);
    } finally {
      for (const name of ["get", "detail", "cause"]) delete Object.prototype[name];
    }
  });
});

describe("a class that a caller derives", () => {
  class NotFound extends ApiError {
    constructor(id) {
      super(`no customer ${id}`, { status: 404 });
    }
  }
  class Base extends SyncteraError {}

  it("is an ordinary class: its instances are of it and of what it extends, and no others are of it", () => {
    const error = new NotFound("7");
    for (const [constructor, isOne] of [[NotFound, true], [ApiError, true], [SyncteraError, true], [Error, true], [Base, false], [errors.TimeoutError, false]]) {
      assert.equal(error instanceof constructor, isOne, constructor.name);
    }
    assert.equal(made() instanceof NotFound, false);
    assert.equal(new Base("words") instanceof Base, true);
    assert.equal(isSyncteraError(error, "ApiError"), true);
    assert.deepEqual([error.message, error.status, error.body], ["no customer 7", 404, undefined]);
  });
});

describe("a failure", () => {
  const failure = () => new Failure("TimeoutError", "no result", { outcome: "unknown", attempts: 1 }, { idempotencyKey: "k" });

  it("becomes the error of its kind", () => {
    const error = errorOf(failure());
    assert.ok(error instanceof errors.TimeoutError);
    assert.deepEqual([error.message, error.outcome, error.idempotencyKey], ["no result", "unknown", "k"]);
  });

  it("is logged as the error that it becomes, if it is to be", () => {
    const logged = [];
    const error = errorOf(Object.assign(failure(), { log: (error) => logged.push(error) }));
    assert.deepEqual(logged, [error]);
  });

  it("is no error itself, so that none is made before the module has returned", () => {
    assert.equal(failure() instanceof Error, false);
  });

  it("is distinguished from any other reason, which stays unchanged", () => {
    const redirect = { digest: "NEXT_REDIRECT" };
    assert.equal(errorOf(redirect), redirect);
  });
});

describe("the error of the module itself", () => {
  it("says where to look and what to do, and keeps cause and key apart", () => {
    const cause = new Error("trap");
    const error = errorOf(moduleFailure("createCustomer", cause, "unknown", "Repeat.", "k"));
    assert.equal(error.name, "SyncteraError");
    assert.equal(error.message, "createCustomer: synctera-customers itself failed, see unredacted().cause. Repeat.");
    assert.deepEqual([error.operation, error.outcome, error.attempts], ["createCustomer", "unknown", 0]);
    assert.equal(error.idempotencyKey, "k");
    assert.equal(error.unredacted().cause, cause);
    assert.equal(error.cause, undefined);
  });
});

describe("isProspect", () => {
  it("is true for the status PROSPECT alone", () => {
    for (const [status, expected] of [["PROSPECT", true], ["ACTIVE", false], ["prospect", false], [undefined, false]]) {
      assert.equal(isProspect({ status }), expected);
    }
  });
});
