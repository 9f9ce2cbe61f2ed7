// Whether values look as the contract says, and how it is told where they do not.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { check, fits, kindOf, operations, reserved, typeOf } from "../../src/host/shape.js";
import { drift, lines, unfit } from "./host.mjs";

const STATUSES = "one of ACTIVE, DECEASED, DENIED, DORMANT, ESCHEAT, FROZEN, INACTIVE, PROSPECT, SANCTION";

describe("the rules", () => {
  it("hold the five operations in the order of their numbers", () => {
    const shown = operations.map(({ name, method, template, root }) => `${name} ${method} ${template} ${root}`);
    assert.deepEqual(shown, [
      "createCustomer POST /customers customer",
      "getCustomer GET /customers/{customer_id} customerId",
      "listCustomers GET /customers params",
      "patchCustomer PATCH /customers/{customer_id} patch",
      "updateCustomer PUT /customers/{customer_id} customer",
    ]);
  });

  it("say of each operation what it sends and what comes back", () => {
    assert.deepEqual(
      operations.map(({ sends, gives }) => [sends, gives]),
      [
        ["CustomerWrite", "Customer"],
        ["", "Customer"],
        ["ListCustomersParams", "CustomerList"],
        ["PatchCustomer", "Customer"],
        ["CustomerWrite", "Customer"],
      ],
    );
  });

  it("hold the headers that are the client's own", () => {
    assert.deepEqual([...reserved.keys()], ["authorization", "content-type", "idempotency-key", "content-length"]);
  });

  it("know a shared field through the base", () => {
    assert.ok(typeOf("Customer").fields.has("email"));
    assert.ok(typeOf("Customer").fields.has("status"));
    assert.ok(!typeOf("PatchCustomer").fields.has("tenant"));
  });

  it("know what only the server sets", () => {
    assert.deepEqual(typeOf("Customer").servers, [
      "id",
      "creation_time",
      "last_updated_time",
      "addresses",
      "has_accounts",
      "kyc_exempt",
      "kyc_last_run",
      "kyc_status",
      "ssn_source",
    ]);
    assert.deepEqual(typeOf("Address").servers, ["id", "address_type"]);
  });
});

describe("a response", () => {
  const address = { address_line_1: "12 Lantern Row", country_code: "US" };

  it("that fits the contract has no findings", () => {
    const customer = {
      id: "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64",
      status: "ACTIVE",
      ssn: "4329",
      dob: "1991-07-23",
      metadata: { any: ["thing"] },
      creation_time: "2025-02-03T14:05:06.120045Z",
      legal_address: address,
      addresses: [address],
    };
    assert.deepEqual(drift({ customers: [customer, { id: "2", status: "PROSPECT" }] }, "CustomerList"), []);
  });

  it("that drifts is told by path and type and never by value, in the order of its keys", () => {
    const page = {
      customers: [
        { id: "1", status: "ACTIVE" },
        {
          id: "2",
          status: "ARCHIVED",
          kyc_last_run: 17,
          ssn: "987-65-4329",
          nickname: {},
          note: "secret",
          dob: null,
          legal_address: { address_line_1: 7 },
        },
      ],
    };
    const found = drift(page, "CustomerList");
    assert.deepEqual(found, [
      `customers[1].status: another string, expected ${STATUSES}`,
      "customers[1].kyc_last_run: number, expected string",
      "customers[1].ssn: another string, expected four digits",
      "customers[1].nickname: object, expected nothing: not in the contract",
      "customers[1].note: string, expected nothing: not in the contract",
      "customers[1].dob: null, expected string",
      "customers[1].legal_address.address_line_1: number, expected string",
      "customers[1].legal_address.country_code: missing, expected string",
    ]);
    assert.doesNotMatch(found.join(), /987|secret|ARCHIVED/);
  });

  it("that is no object or no list at all is told once", () => {
    for (const [value, found] of [
      [null, "null"],
      [undefined, "missing"],
      [[], "array"],
      ["x", "string"],
      [5, "number"],
      [() => 1, "a value that JSON cannot hold"],
    ]) {
      assert.deepEqual(drift(value, "Customer"), [`: ${found}, expected object`]);
    }
    assert.deepEqual(drift({ customers: {} }, "CustomerList"), ["customers: object, expected array"]);
    assert.deepEqual(drift({ customers: [null] }, "CustomerList"), ["customers[0]: null, expected object"]);
  });

  it("whose keys look like data does not have them repeated", () => {
    const customer = { id: "1", status: "ACTIVE", "ottoline.quay@example.com": 1, [`x${"y".repeat(40)}`]: 2, "": 3 };
    assert.deepEqual(
      drift(customer, "Customer"),
      ["number", "number", "number"].map((kind) => `(an odd name): ${kind}, expected nothing: not in the contract`),
    );
  });

  it("with a flood of differences has them counted, and a hundred kept", () => {
    const customers = Array.from({ length: 1000 }, () => ({ id: 1, status: "ACTIVE" }));
    const { findings, total } = check("", { customers }, typeOf("CustomerList"), true);
    assert.deepEqual([findings.length, total], [100, 1000]);
  });

  it("does not count what comes down a polluted prototype", () => {
    const polluted = Object.create({ id: "1", status: "ACTIVE" });
    assert.deepEqual(drift(polluted, "Customer"), [
      "id: missing, expected string",
      `status: missing, expected ${STATUSES}`,
    ]);
  });
});

describe("a request", () => {
  for (const [customer, expected] of [
    [{ status: "ACTIVE" }, []],
    [{ status: "ACTIVE", first_name: null, not_known_yet: 1 }, []],
    [{ status: "ACTIVE", first_name: undefined }, []],
    [{}, [`customer.status: missing, expected ${STATUSES}`]],
    [
      { ssn: "98765432", status: "ACTIVE", phone_number: 5 },
      [
        "customer.ssn: another string, expected nine digits as NNN-NN-NNNN",
        "customer.phone_number: number, expected an E.164 phone number, such as +12025550143",
      ],
    ],
    [{ status: null }, ["customer.status: null, expected a value"]],
    [{ status: undefined }, [`customer.status: missing, expected ${STATUSES}`]],
    [{ status: "ACTIVE", metadata: [] }, ["customer.metadata: array, expected object"]],
    [[], ["customer: array, expected object"]],
    [null, ["customer: null, expected object"]],
    [
      { status: "ACTIVE", legal_address: { country_code: "us" } },
      [
        "customer.legal_address.country_code: another string, expected a two-letter ISO 3166-1 country code in upper case",
        "customer.legal_address.address_line_1: missing, expected a string",
      ],
    ],
  ]) {
    it(`such as ${JSON.stringify(customer)} has ${expected.length} findings`, () => {
      assert.deepEqual(unfit(customer, "CustomerWrite", "customer"), expected);
    });
  }

  it("has a limit that is a whole number from one", () => {
    const table = [[1, true], [250, true], [2 ** 53 - 1, true], [2 ** 53, false], [0, false], [-1, false], [1.5, false],
      [NaN, false], [Infinity, false], ["10", false], [10n, false]];
    for (const [limit, fine] of table) {
      const found = unfit({ limit }, "ListCustomersParams", "params");
      assert.equal(found.length === 0, fine, `${limit}: ${found}`);
    }
  });
});

describe("the words for a value", () => {
  for (const [value, word] of [
    [undefined, "missing"],
    [null, "null"],
    [true, "boolean"],
    [NaN, "number"],
    ["", "string"],
    [[], "array"],
    [{}, "object"],
    [new Date(0), "object"],
    [() => 1, "a value that JSON cannot hold"],
    [Symbol("s"), "a value that JSON cannot hold"],
    [1n, "a value that JSON cannot hold"],
  ]) {
    it(`${String(value)} are "${word}"`, () => assert.equal(kindOf(value), word));
  }
});

/** Values of all sorts, some of which fit; those that come from the API are JSON. */
const some = fc.oneof(
  fc.constantFrom(null, true, 0, 1, 2.5, "", "x", "ACTIVE", "US", "4329", "987-65-4329", "+12025550143"),
  fc.constantFrom("1991-07-23", "2025-02-03T14:05:06.5Z", "last_name:asc", "ACCEPTED", "MANUAL", "LEGAL", "a,b"),
  fc.constantFrom({}, [], [[]], ["a"], ["last_name:asc"], { address_line_1: "x", country_code: "US" }),
  fc.jsonValue(),
);
const anything = fc.oneof(some, fc.constant(undefined), fc.anything());

/** Objects with some of a model's fields, in any order, and now and then another. */
function like(name, values) {
  const fields = [...typeOf(name).fields.keys()];
  const key = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...fields) }, fc.constantFrom("other", "__proto__", "a b"));
  const needed = [...typeOf(name).fields.values()].filter(({ required }) => required).map((field) => field.name);
  const proper = { status: "ACTIVE", id: "1", customers: [], address_line_1: "x", country_code: "US" };
  const start = Object.fromEntries(needed.map((field) => [field, proper[field]]));
  return fc.array(fc.tuple(key, values), { maxLength: 4 }).map((members) => ({ ...start, ...Object.fromEntries(members) }));
}

describe("what is seen at a glance to fit", () => {
  // An unknown name makes sure that the value is looked at closely.
  const closely = (value, type, response) => check("x", { ...value, zz: 1 }, type, response)?.findings ?? [];
  const cases = [
    ["Customer", true, ["x.zz: number, expected nothing: not in the contract"]],
    ["CustomerList", true, ["x.zz: number, expected nothing: not in the contract"]],
    ["Address", true, ["x.zz: number, expected nothing: not in the contract"]],
    ["CustomerWrite", false, []],
    ["PatchCustomer", false, []],
    ["AddressWrite", false, []],
    ["ListCustomersParams", false, undefined],
  ];
  for (const [name, response, expected] of cases) {
    it(`has no findings when it is looked at closely, as a ${name}`, () => {
      const type = typeOf(name);
      let fitting = 0;
      fc.assert(
        fc.property(like(name, response ? some : anything), (value) => {
          const glance = Boolean(fits(value, type));
          const found = lines(closely(value, type, response)).filter((line) => expected || !line.startsWith("x.zz: "));
          if (glance) assert.deepEqual(found, expected ?? []);
          else if (response) assert.notDeepEqual(found, expected);
          fitting += Number(glance);
        }),
        { numRuns: 2000 },
      );
      assert.ok(fitting > 20, `only ${fitting} values fit`);
    });
  }

  it("is judged by itself, whatever came before it", () => {
    const customers = [
      { id: "1", status: "ACTIVE" },
      { status: "ACTIVE", id: "2" },
      { id: "3", status: "ACTIVE", email: "o@example.com" },
      { id: "4", status: 5 },
      { id: "5", status: "ACTIVE" },
      { id: "6" },
      { id: "7", status: "ACTIVE", note: "n" },
    ];
    assert.deepEqual(drift({ customers }, "CustomerList"), [
      `customers[3].status: number, expected ${STATUSES}`,
      `customers[5].status: missing, expected ${STATUSES}`,
      "customers[6].note: string, expected nothing: not in the contract",
    ]);
  });
});
