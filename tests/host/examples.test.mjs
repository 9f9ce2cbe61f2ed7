// The contract's own examples through the checks: bodies, answers, parameters.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { body, options, target } from "../../src/host/arguments.js";
import { operations } from "../../src/host/shape.js";
import { document, listParameters, resolve } from "../contract/contract.mjs";
import { CREATE, GET, LIST, STRICT, UPDATE, drift, refusal } from "./host.mjs";

const GIVES = { createCustomer: 201 };

/** Each operation of the document with its number. */
const described = operations.map(({ name, method, template }, number) => {
  const operation = document.paths[template][method.toLowerCase()];
  assert.equal(operation.operationId, name);
  return { name, number, operation };
});

/** The examples under a media type, by name. */
function examples(holder) {
  const { examples = {} } = resolve(holder).content["application/json"];
  return Object.entries(examples).map(([name, example]) => [name, resolve(example).value]);
}

const bodies = described.flatMap(({ name, number, operation }) =>
  operation.requestBody ? examples(operation.requestBody).map((example) => [name, number, ...example]) : [],
);
const answers = described.flatMap(({ name, number, operation }) =>
  examples(operation.responses[GIVES[name] ?? 200]).map((example) => [name, number, ...example]),
);

describe("an example of a body", () => {
  it("is there for each operation that has one", () => {
    assert.deepEqual([...new Set(bodies.map(([name]) => name))].sort(), ["createCustomer", "patchCustomer", "updateCustomer"]);
  });

  for (const [name, number, example, value] of bodies) {
    it(`passes the checks and is sent as it is: ${name}, ${example}`, () => {
      assert.equal(body(STRICT, number, value), JSON.stringify(value));
    });
  }
});

describe("an example of an answer", () => {
  it("is there for each operation", () => {
    assert.equal(new Set(answers.map(([name]) => name)).size, 5);
  });

  for (const [name, number, example, value] of answers) {
    it(`is free of drift: ${name}, ${example}`, () => {
      assert.deepEqual(drift(value, number === LIST ? "CustomerList" : "Customer"), []);
    });
  }

  for (const [name, , example, value] of answers.filter(([, number]) => number === GET)) {
    it(`is a fit body when it is sent back: ${name}, ${example}`, () => {
      for (const operation of [CREATE, UPDATE]) {
        const sent = JSON.parse(body(STRICT, operation, value));
        assert.ok(!("id" in sent) && !("ssn" in sent) && !("creation_time" in sent));
        assert.equal(sent.status, value.status);
        assert.deepEqual(sent.metadata, value.metadata);
      }
      // With the masked number it would be refused: that is why it is left out.
      assert.match(value.ssn, /^\d{4}$/);
      const error = refusal(() => body(STRICT, UPDATE, { status: value.status, ssn: `${value.ssn}0` }));
      assert.deepEqual(error.issues.map(({ path }) => path), ["customer.ssn"]);
    });
  }
});

describe("the examples of the list parameters", () => {
  it("pass together and give one query", () => {
    const params = Object.fromEntries(listParameters.map(({ name, example }) => [name, example]));
    const text = (value) => encodeURIComponent(value).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
    const wanted = Object.entries(params).map(([name, value]) => `${name}=${[value].flat().map(text).join(",")}`);
    assert.equal(wanted.length, 11);
    assert.equal(target(STRICT, LIST, undefined, params), `?${wanted.join("&")}`);
  });
});

describe("the example of", () => {
  const { CustomerId, IdempotencyKey } = document.components.parameters;

  it("a customer's id travels as it is", () => {
    assert.equal(target(STRICT, GET, CustomerId.example, undefined), `/${CustomerId.example}`);
  });

  it("an idempotency key can be one", () => {
    const idempotencyKey = IdempotencyKey.example;
    assert.equal(options(CREATE, { idempotencyKey }).idempotencyKey, idempotencyKey);
  });
});
