// How a response differs from the contract, as `onSchemaDrift` gets it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ID, line, respond, stub } from "./client.mjs";
import { types } from "./tables.mjs";

/** The reports of drift for a body, and the data that the call gives all the same. */
async function reportsOf(body, call = (api) => api.getCustomer(ID), answer = () => respond(200, body)) {
  const reports = [];
  const { api } = stub({ onSchemaDrift: (report) => reports.push(report) }, answer);
  const data = await call(api);
  return { reports, data };
}

/** What differs in a body, a line each. */
async function drift(body, call) {
  const { reports, data } = await reportsOf(body, call);
  assert.deepEqual(data, body, "the response passes unchanged");
  return reports.flatMap(({ findings }) => findings.map(line));
}

const list = (api) => api.listCustomers();
const STATUSES = `one of ${[...types.CustomerWrite.fields.get("status").values].join(", ")}`;

describe("a response", () => {
  const address = { address_line_1: "12 Lantern Row", country_code: "US" };

  it("that fits the contract is not reported", async () => {
    const customer = {
      id: ID,
      status: "ACTIVE",
      ssn: "4329",
      dob: "1991-07-23",
      metadata: { any: ["thing"] },
      creation_time: "2025-02-03T14:05:06.120045Z",
      legal_address: address,
      addresses: [address],
    };
    assert.deepEqual(await drift({ customers: [customer, { id: "2", status: "PROSPECT" }] }, list), []);
    assert.deepEqual((await reportsOf({ id: "1", status: "ACTIVE" })).reports, []);
  });

  it("that drifts is reported once, by operation, paths and types and never by value, in the order of its keys", async () => {
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
    const { reports } = await reportsOf(page, list);
    assert.equal(reports.length, 1);
    const [{ operation, findings, total }] = reports;
    assert.deepEqual([operation, total], ["listCustomers", 8]);
    assert.deepEqual(findings.map(line), [
      `customers[1].status: a string of 8 characters, expected ${STATUSES}`,
      "customers[1].kyc_last_run: number, expected string",
      "customers[1].ssn: a string of 11 characters, expected four digits",
      "customers[1].nickname: object, expected nothing: not in the contract",
      "customers[1].note: string, expected nothing: not in the contract",
      "customers[1].dob: null, expected string",
      "customers[1].legal_address.address_line_1: number, expected string",
      "customers[1].legal_address.country_code: missing, expected string",
    ]);
    assert.doesNotMatch(JSON.stringify(reports), /987|secret|ARCHIVED/);
  });

  for (const [member, found] of [
    [{ email: 5 }, "email: number, expected string"],
    [{ has_accounts: "yes" }, "has_accounts: string, expected boolean"],
    [{ has_accounts: null }, "has_accounts: null, expected boolean"],
    [{ kyc_status: "A_NEW_ONE" }, "kyc_status: a string of 9 characters, expected one of"],
    [{ dob: "2023-02-29" }, "dob: a string of 10 characters, expected a date of the calendar as YYYY-MM-DD"],
    [{ creation_time: "yesterday" }, "creation_time: a string of 9 characters, expected an RFC 3339 instant"],
    [{ phone_number: "12025550143" }, "phone_number: a string of 11 characters, expected an E.164 phone number"],
    [{ metadata: [] }, "metadata: array, expected object"],
    [{ legal_address: null }, "legal_address: null, expected object"],
    [{ legal_address: "12 Lantern Row" }, "legal_address: string, expected object"],
    [{ addresses: {} }, "addresses: object, expected array"],
    [{ addresses: [null] }, "addresses[0]: null, expected object"],
    [{ addresses: [address, { ...address, city: 5 }] }, "addresses[1].city: number, expected string"],
    [{ related_customers: [] }, "related_customers: array, expected nothing: not in the contract"],
  ]) {
    it(`is reported for one member: ${JSON.stringify(member)}`, async () => {
      const [first, ...others] = await drift({ id: "1", status: "ACTIVE", ...member });
      assert.ok(first.startsWith(found), first);
      assert.deepEqual(others, []);
    });
  }

  it("whose keys look like data does not have them repeated", async () => {
    const customer = { id: "1", status: "ACTIVE", "ottoline.quay@example.com": 1, [`x${"y".repeat(40)}`]: "2", "": null };
    assert.deepEqual(
      await drift(customer),
      ["number", "string", "null"].map((kind) => `(a name that is not shown): ${kind}, expected nothing: not in the contract`),
    );
  });

  it("with a flood of differences has them counted, and a hundred kept", async () => {
    const customers = Array.from({ length: 1000 }, () => ({ id: 1, status: "ACTIVE" }));
    const { reports: [{ findings, total }] } = await reportsOf({ customers }, list);
    assert.deepEqual([findings.length, total], [100, 1000]);
  });

  it("is judged by what it holds itself, in a polluted program too", async () => {
    Object.prototype.email = 5;
    try {
      assert.deepEqual(await drift({ id: "1", status: "ACTIVE" }), []);
    } finally {
      delete Object.prototype.email;
    }
  });

  it("that is a test double's is judged likewise", async () => {
    const customer = Object.assign(new (class {})(), { id: "1", status: "ACTIVE", dob: undefined, email: new Date(0), legal_address: new Map() });
    const { reports } = await reportsOf(undefined, undefined, () => ({ status: 200, json: async () => customer }));
    assert.deepEqual(reports[0].findings.map(line), ["email: a Date, expected string", "legal_address: a Map, expected object"]);
  });

  it("passes without the option, with the required fields alone checked", async () => {
    const { api } = stub({}, () => respond(200, { id: "1", status: "A_NEW_ONE", email: 5 }));
    assert.deepEqual(await api.getCustomer(ID), { id: "1", status: "A_NEW_ONE", email: 5 });
  });

  it("passes whatever the callback does", async () => {
    for (const onSchemaDrift of [() => { throw new Error("mine"); }, async () => { throw new Error("mine"); }]) {
      const { api } = stub({ onSchemaDrift }, () => respond(200, { id: "1", status: 7 + "" }));
      assert.equal((await api.getCustomer(ID)).status, "7");
    }
  });
});
