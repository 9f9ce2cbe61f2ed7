// What a log line may hold.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Answer } from "../../src/host/answer.js";
import { Log, redacted } from "../../src/host/log.js";
import { typeOf } from "../../src/host/shape.js";
import { CREATE, GET, LIST } from "./host.mjs";

const MODELS = ["Customer", "CustomerList", "CustomerWrite", "PatchCustomer", "Address", "AddressWrite", "ListCustomersParams"];

/** A logger that keeps its lines. */
function keeper() {
  const lines = [];
  const method = (level) => (message, fields) => lines.push([level, message, fields]);
  return Object.assign(Object.fromEntries(["debug", "info", "warn", "error"].map((level) => [level, method(level)])), { lines });
}

describe("a redacted value", () => {
  it("shows of a customer what is public and leaves no room for anything else", () => {
    const customer = {
      id: "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64",
      status: "ACTIVE",
      first_name: "Ottoline",
      ssn: "4329",
      dob: null,
      creation_time: "2025-02-03T14:05:06.120045Z",
      last_updated_time: "yesterday, by Ottoline",
      has_accounts: true,
      ssn_source: "MANUAL",
      tenant: "qzwxec_mkjnhb",
      metadata: { any: "thing" },
      legal_address: { id: "a1", address_line_1: "12 Lantern Row", country_code: "US" },
      addresses: [{ address_type: "LEGAL", city: "Springfield" }],
      "ottoline@example.com": 1,
    };
    assert.deepEqual(redacted(customer, typeOf("Customer")), {
      id: "[text]",
      status: "[personal]",
      first_name: "[personal]",
      ssn: "[secret]",
      dob: null,
      creation_time: "2025-02-03T14:05:06.120045Z",
      last_updated_time: "[text]",
      has_accounts: true,
      ssn_source: "MANUAL",
      tenant: "[text]",
      metadata: "[personal]",
      legal_address: { id: "[text]", address_line_1: "[personal]", country_code: "[personal]" },
      addresses: [{ address_type: "LEGAL", city: "[personal]" }],
      "(unknown)": "[unknown]",
    });
  });

  // An odd value in every field of every type, whatever the field's class.
  for (const name of MODELS) {
    it(`shows no text that a ${name} could hold, whatever it is`, () => {
      const type = typeOf(name);
      const canary = fc.string({ minLength: 1 }).map((text) => `canary ${text}`);
      const odd = fc.oneof(canary, fc.constant(987654329), fc.array(canary, { maxLength: 2 }), fc.dictionary(fc.constantFrom("city", "x"), canary));
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...type.fields.keys(), "canary"), odd), (value) => {
          const { limit: _, ...others } = redacted(value, type);
          assert.doesNotMatch(JSON.stringify(others), /canary|987654329/);
        }),
        { numRuns: 500 },
      );
    });
  }

  it("of no known type is personal", () => {
    assert.equal(redacted("x", undefined), "[personal]");
    assert.equal(redacted(undefined, undefined), undefined);
  });
});

describe("a log", () => {
  const call = (operation, more) => ({ operation, target: "", body: undefined, ...more });
  const event = { attempt: 1 };
  const success = Object.assign(new Answer("answered"), { status: 200, isJson: true, body: { id: "1", status: "ACTIVE" } });
  const failed = { message: "getCustomer failed: 404. …", toJSON: () => ({ name: "ApiError" }) };

  /** All that a log of this level writes of a call: two attempts, and one that fails. */
  function written(level) {
    const logger = keeper();
    const log = new Log(logger, level);
    log.event(0, event, call(GET), undefined);
    log.event(2, event, call(GET), new Answer("unreachable"));
    log.event(1, event, call(GET), success);
    log.failure(failed);
    return logger.lines.map(([level, message]) => `${level}: ${message}`);
  }

  const error = "error: synctera-customers: getCustomer failed: 404. …";
  const warn = "warn: synctera-customers: getCustomer will be repeated";
  const info = "info: synctera-customers: getCustomer is done";
  for (const [level, wanted] of [
    ["off", []],
    ["error", [error]],
    ["warn", [warn, error]],
    [undefined, [warn, error]],
    ["info", [warn, info, error]],
    [
      "debug",
      ["debug: synctera-customers: getCustomer sends", warn, "debug: synctera-customers: getCustomer got", info, error],
    ],
  ]) {
    it(`of level ${level} has ${wanted.length} lines`, () => assert.deepEqual(written(level), wanted));
  }

  it("is on where there is a logger and a level", () => {
    const cases = [[undefined, "debug"], [keeper(), "off"], [keeper(), "error"], [keeper(), undefined]];
    assert.deepEqual(cases.map(([logger, level]) => new Log(logger, level).isOn), [false, false, true, true]);
  });

  it("has of what is sent no value of a person's, of a query neither", () => {
    const logger = keeper();
    const log = new Log(logger, "debug");
    log.event(0, event, call(CREATE, { body: '{"status":"ACTIVE","ssn":"987-65-4329","x":1}' }), undefined);
    log.event(0, event, call(LIST, { target: "?id=a,b&limit=25&ssn_last_4=4329&last_name=Quay&page_token=k7" }), undefined);
    log.event(0, event, call(GET, { target: "/canary" }), undefined);
    assert.deepEqual(logger.lines.map(([, , { content }]) => content), [
      { status: "[personal]", ssn: "[secret]", "(unknown)": "[unknown]" },
      { id: "[text]", limit: "[text]", ssn_last_4: "[secret]", last_name: "[personal]", page_token: "[text]" },
      undefined,
    ]);
  });

  it("has of an answer that is no success no body at all", () => {
    const logger = keeper();
    const refused = Object.assign(new Answer("answered"), { status: 400, isJson: true, body: { id: "1", status: "ACTIVE", detail: "canary" } });
    new Log(logger, "debug").event(1, event, call(GET), refused);
    assert.deepEqual(logger.lines.map(([level, , { data }]) => [level, data]), [["debug", undefined]]);
  });

  it("survives a logger that throws, and an error that is odd", () => {
    const thrower = { error() { throw new Error("mine"); } };
    for (const odd of [undefined, null, 5, {}, { toJSON() { throw new Error("odd"); } }]) {
      assert.doesNotThrow(() => new Log(thrower, "error").failure(odd));
      assert.doesNotThrow(() => new Log(keeper(), "error").failure(odd));
    }
  });
});
