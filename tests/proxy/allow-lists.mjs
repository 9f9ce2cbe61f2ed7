// The allow-lists against the contract: what a role that may read and write everything can send and gets.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { flatten, refName, resolve, schemas } from "../contract/contract.mjs";
import { UNKNOWN_ID, assertNothingSent, assertProblem, page, post, rejection, send, stage } from "./pages.mjs";
import { session } from "./stage.mjs";

const all = { worker: "wide", claims: { role: "everything" } };
const ID = "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64";

/** Values that have the form of their field; the others are made by type. */
const SAMPLES = {
  id: ID,
  status: "ACTIVE",
  ban_status: "ALLOWED",
  dob: "1960-02-29",
  phone_number: "+12025550143",
  country_code: "US",
};

/** The fields of the contract's schema by name; one that is retired is none. */
function fieldsOf(schema) {
  const fields = Object.entries(flatten(schema, "Customer").properties);
  return fields
    .map(([name, property]) => ({ name, reference: refName(property), ...resolve(property) }))
    .filter(({ deprecated }) => !deprecated);
}

const isWritable = ({ readOnly }) => !readOnly;

/** A value of each field; `keep` says which fields an address has. */
function sampleOf(fields, keep = () => true) {
  const address = () => sampleOf(fieldsOf(schemas.Address).filter(keep));
  const values = fields.filter(keep).map(({ name, type, reference, pattern }) => {
    if (reference === "Address") return [name, address()];
    if (name === "ssn") return [name, pattern === "^\\d{4}$" ? "6789" : "123-45-6789"];
    if (type === "array") return [name, [address()]];
    const byType = { string: "some text", boolean: true, object: { a: [1, { b: null }] } };
    return [name, SAMPLES[name] ?? byType[type]];
  });
  return Object.fromEntries(values);
}

/** A value of each type, by the contract's names of types; an address is an object too. */
const VALUES = [[{}, "object"], [[], "array"], [17, "number"], [true, "boolean"], ["text", "string"], [null, "null"]];

const REQUESTS = [
  { operation: "createCustomer", method: "POST", path: "/v0/customers", fields: fieldsOf(schemas.CustomerWrite) },
  { operation: "updateCustomer", method: "PUT", path: `/v0/customers/${ID}`, fields: fieldsOf(schemas.CustomerWrite) },
  { operation: "patchCustomer", method: "PATCH", path: `/v0/customers/${ID}`, fields: fieldsOf(schemas.PatchCustomer) },
];

const CUSTOMER = fieldsOf(schemas.CustomerRead);
const ADDRESS_FIELDS = fieldsOf(schemas.Address);
const json = (value) => ({ body: JSON.stringify(value) });

const sendAll = async ({ method, path }, body, token) =>
  post(body, { worker: "wide", method, path, token: token ?? (await session({ role: "everything" })) });

/** The names that a refusal of the proxy's own gives, with the reasons. */
async function refused(response) {
  const { invalid } = await assertProblem(response, 400, "BAD_REQUEST_BODY");
  assertNothingSent();
  return invalid;
}

describe("what a request may hold", () => {
  for (const request of REQUESTS) {
    const { operation, fields } = request;
    const writable = sampleOf(fields, isWritable);

    it(`${operation} carries every field that the contract lets be written, at every level`, async () => {
      stage.relay.reply = json({ id: ID, status: "ACTIVE" });
      assert.equal((await sendAll(request, writable)).status, 200);
      assert.deepEqual(JSON.parse(stage.relay.requests[0].body), writable);
    });

    it(`${operation} is refused with a field that only the server sets, at every level`, async () => {
      const readOnly = (fields) => fields.filter((field) => field.readOnly).map(({ name }) => name);
      const inAddresses = ["legal_address", "shipping_address"].flatMap((name) =>
        readOnly(ADDRESS_FIELDS).map((member) => `${name}.${member}`),
      );
      const names = [...readOnly(CUSTOMER), ...inAddresses, "related_customers"];
      const body = { ...sampleOf(CUSTOMER), ...sampleOf(fields), related_customers: [] };
      if (operation === "patchCustomer") names.push("tenant");
      const invalid = await refused(await sendAll(request, body));
      assert.deepEqual(invalid, Object.fromEntries(names.sort().map((name) => [name, "not allowed by the proxy"])));
    });

    it(`${operation} is refused with an unknown member, at every level`, async () => {
      const { legal_address, shipping_address } = writable;
      const body = {
        ...writable,
        shoe_size: 43,
        legal_address: { ...legal_address, status: "ACTIVE", metadata: {} },
        shipping_address: { ...shipping_address, legal_address },
      };
      assert.deepEqual(Object.keys(await refused(await sendAll(request, body))).sort(), [
        "legal_address.metadata", "legal_address.status", "shipping_address.legal_address", "shoe_size",
      ]);
    });

    for (const [value, type] of VALUES) {
      it(`${operation} is refused with ${JSON.stringify(value)} where the contract has another type`, async () => {
        const others = (fields) => fields.filter((field) => isWritable(field) && field.type !== type);
        const filled = (fields) => Object.fromEntries(others(fields).map(({ name }) => [name, value]));
        const top = filled(fields);
        if (Object.keys(top).length > 0) {
          assert.deepEqual(Object.keys(await refused(await sendAll(request, top))).sort(), Object.keys(top).sort());
        }
        const members = filled(ADDRESS_FIELDS);
        const names = Object.keys(members).map((name) => `legal_address.${name}`);
        assert.deepEqual(
          Object.keys(await refused(await sendAll(request, { ...writable, legal_address: members }))).sort(),
          names.sort(),
        );
      });
    }
  }

  it("a patch may make nothing null", async () => {
    const token = await session({ role: "little" });
    const body = { legal_address: null, "legal_address.city": null };
    assert.deepEqual(await refused(await sendAll(REQUESTS[2], body, token)), {
      legal_address: "wanted: an object",
      "legal_address.city": "not allowed by the proxy",
    });
  });

  it("of a member that stands twice, upstream gets the one that was checked", async () => {
    stage.relay.reply = json({ id: ID, status: "ACTIVE" });
    const body = '{ "status": "DENIED", "status": "ACTIVE", "email": { "a": 1 }, "email": "ada@example.com" }';
    assert.equal((await sendAll(REQUESTS[0], body)).status, 200);
    assert.equal(stage.relay.requests[0].body, '{"status":"ACTIVE","email":"ada@example.com"}');
  });

  it("the names of prototypes are names like any other", async () => {
    const body =
      '{ "status": "ACTIVE", "__proto__": { "tenant": "x" }, "constructor": {}, "toString": 1,' +
      ' "legal_address": { "__proto__": { "city": "x" }, "hasOwnProperty": true } }';
    assert.deepEqual(Object.keys(await refused(await sendAll(REQUESTS[0], body))).sort(), [
      "__proto__", "constructor", "legal_address.__proto__", "legal_address.hasOwnProperty", "toString",
    ]);
  });

  it("a refusal repeats twenty names, and says how many more there are", async () => {
    const body = Object.fromEntries(Array.from({ length: 500 }, (_, number) => [`field_${number}`, 1]));
    const response = await post({ status: "ACTIVE", ...body });
    const { invalid, detail } = await assertProblem(response, 400, "BAD_REQUEST_BODY");
    assert.equal(Object.keys(invalid).length, 20);
    assert.match(detail, /, and 480 more\.$/);
  });
});

describe("what a response may hold", () => {
  const complete = sampleOf(CUSTOMER);
  const odd = { shoe_size: 43, toString: "text" };
  const withMore = {
    ...complete,
    ...odd,
    note: "of the staff",
    related_customers: [{ id: ID }],
    legal_address: { ...complete.legal_address, ...odd, metadata: { a: 1 } },
    shipping_address: { ...complete.shipping_address, ...odd },
    addresses: [{ ...complete.addresses[0], ...odd }, "text", null, [complete.legal_address]],
  };
  const CALLS = {
    createCustomer: (api) => api.createCustomer({ status: "ACTIVE" }),
    getCustomer: (api) => api.getCustomer(ID),
    patchCustomer: (api) => api.patchCustomer(ID, { email: "ada@example.com" }),
    updateCustomer: (api) => api.updateCustomer(ID, { status: "ACTIVE" }),
    listCustomers: async (api) => (await api.listCustomers()).customers[0],
  };
  const replyOf = (operation, customer) => json(operation === "listCustomers" ? { customers: [customer] } : customer);

  for (const [operation, call] of Object.entries(CALLS)) {
    it(`${operation} gives every field of the contract, at every level, and no other`, async () => {
      stage.relay.reply = replyOf(operation, withMore);
      assert.deepEqual(await call(await page(all)), complete);
    });
  }

  for (const [value, type] of VALUES) {
    it(`${JSON.stringify(value)} is left out where the contract has another type, at every level`, async () => {
      const filled = (fields) => Object.fromEntries(fields.map(({ name }) => [name, value]));
      const kept = (fields) => filled(fields.filter((field) => field.type === type));
      const api = await page(all);
      const [named, address] = [{ id: ID, status: "ACTIVE" }, filled(ADDRESS_FIELDS)];
      stage.relay.reply = json({ ...filled(CUSTOMER), ...named });
      assert.deepEqual(await api.getCustomer(ID), { ...kept(CUSTOMER), ...named });
      stage.relay.reply = json({ ...named, legal_address: address, addresses: [address] });
      assert.deepEqual(await api.getCustomer(ID), {
        ...named,
        legal_address: kept(ADDRESS_FIELDS),
        addresses: [kept(ADDRESS_FIELDS)],
      });
    });
  }

  it("names of prototypes do not pass, nor do they change what passes", async () => {
    const inside = '"__proto__": { "city": "x" }, "constructor": { "prototype": {} }';
    stage.relay.reply = { body: `{ "id": "${ID}", "status": "ACTIVE", ${inside}, "legal_address": { ${inside} } }` };
    const response = await send(`/v0/customers/${ID}`, { worker: "wide", token: await session({ role: "everything" }) });
    assert.deepEqual(JSON.parse(await response.text()), { id: ID, status: "ACTIVE", legal_address: {} });
  });

  it("a page of customers has the contract's members and no other", async () => {
    stage.relay.reply = json({ customers: [], next_page_token: "t", total: 17, _links: {} });
    assert.deepEqual(await (await page(all)).listCustomers(), { customers: [], next_page_token: "t" });
    stage.relay.reply = json({ customers: [], next_page_token: null });
    assert.deepEqual(await (await page(all)).listCustomers(), { customers: [] });
  });

  const CUSTOMER_ONLY = { id: ID, status: "ACTIVE" };
  for (const [what, body] of [
    ["a page token that is an object", { customers: [], next_page_token: { secret: 1 } }],
    ["a page token that is a number", { customers: [], next_page_token: 17 }],
    ["a customer that is null", { customers: [CUSTOMER_ONLY, null] }],
    ["a customer that is a list", { customers: [[CUSTOMER_ONLY]] }],
    ["a customer whose id is an object", { customers: [{ ...CUSTOMER_ONLY, id: { secret: 1 } }] }],
    ["a customer without a status", { customers: [{ id: ID }] }],
  ]) {
    it(`a list with ${what} is a 502, and not a shorter list`, async () => {
      stage.relay.reply = json(body);
      const error = await rejection((await page({ ...all, maxRetries: 0 })).listCustomers());
      assert.deepEqual([error.status, error.outcome], [502, "unknown"]);
      assert.deepEqual(error.body, { title: "Bad Gateway", status: 502, detail: "Synctera's response could not be read." });
    });
  }

  it("another success than 200 and 201 is a 200", async () => {
    for (const [status, passed] of [[200, 200], [201, 201], [202, 200], [206, 200], [299, 200]]) {
      stage.relay.reply = { status, ...json(CUSTOMER_ONLY) };
      assert.equal((await (await page(all)).getCustomerWithHttpInfo(ID)).status, passed);
    }
  });
});

describe("what a failure may hold", () => {
  const error = async () => rejection((await page({ ...all, maxRetries: 0 })).createCustomer({ status: "ACTIVE" }));
  const PROBLEM = {
    type: "https://dev.synctera.com/errors/bad-request-body",
    title: "Bad Request Body",
    detail: "first_name is missing",
    code: "BAD_REQUEST_BODY",
    missing: ["first_name"],
    invalid: { dob: "too early" },
    immutable: ["id"],
    valid_status: ["ACTIVE"],
    retry_after: 7,
  };

  it("the members of a problem in the contract, and no other", async () => {
    assert.deepEqual(Object.keys({ ...PROBLEM, status: 400 }).sort(), Object.keys(schemas.Problem.properties).sort());
    stage.relay.reply = { status: 400, ...json({ ...PROBLEM, status: 418, trace: "host-17.internal", instance: "/x" }) };
    assert.deepEqual((await error()).body, { ...PROBLEM, status: 400 });
  });

  it("each of the contract's type, also inside", async () => {
    const inside = { missing: [{ a: 1 }, "dob", null], invalid: { dob: { a: 1 }, ssn: "no" } };
    const lists = { immutable: {}, valid_status: "ACTIVE" };
    const wrong = { type: 1, title: {}, detail: ["x"], code: { a: 1 }, retry_after: "soon" };
    stage.relay.reply = { status: 422, ...json({ ...inside, ...lists, ...wrong }) };
    assert.deepEqual((await error()).body, {
      title: "Failed",
      missing: ["dob"],
      invalid: { ssn: "no" },
      status: 422,
    });
  });

  it("of Synctera's headers the request id and Retry-After, in their forms", async () => {
    const withheld = { "set-cookie": "a=b", server: "host-17", link: "<x>" };
    const headers = { "x-request-id": "req_1.a:b+c/d=", "retry-after": "7", ...withheld };
    stage.relay.reply = { status: 429, headers, body: "{}" };
    const passed = (await error()).headers;
    assert.deepEqual([passed["x-request-id"], passed["retry-after"]], ["req_1.a:b+c/d=", "7"]);
    for (const name of Object.keys(withheld)) assert.equal(passed[name], undefined, name);
    const odd = { "x-request-id": "ada <ada@example.com>", "retry-after": "when Ada is back" };
    stage.relay.reply = { status: 429, headers: odd, body: "{}" };
    const others = (await error()).headers;
    assert.match(others["x-request-id"], /^[0-9a-f-]{36}$/);
    assert.equal(others["retry-after"], undefined);
    const date = "Wed, 21 Oct 2026 07:28:00 GMT";
    stage.relay.reply = { status: 429, headers: { "retry-after": date }, body: "{}" };
    assert.equal((await error()).headers["retry-after"], date);
  });
});
