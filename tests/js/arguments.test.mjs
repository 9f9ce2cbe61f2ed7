// Arguments on their way in: what is rejected, and what is made of the rest.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CustomersApi, ID, LAX, TOKEN, WRITES, errorOf, findings, line, rejected, sent, stub } from "./client.mjs";
import { types } from "./tables.mjs";

/** The names that a message lists. */
function namesOf(model) {
  return [...types[model].fields.keys()].join(", ");
}

/** The query that these parameters give. */
const query = async (params, options) => (await sent((api) => api.listCustomers(params), options)).target;

/** The findings for these parameters. */
const paramsRejected = (params, options) => rejected((api) => api.listCustomers(params), options);

/** The body that a method sends, as text and parsed. */
const bodyOf = async (method, content, options) => (await sent((api) => api[method](...WRITES[method], content), options)).body;
const sentBody = async (method, content, options) => JSON.parse(await bodyOf(method, content, options));

/** The findings for a body. */
const bodyRejected = (method, content, options) => rejected((api) => api[method](...WRITES[method], content), options);

/** The findings for the options of a call. */
const optionsRejected = (options) => rejected((api) => api.createCustomer({ status: "ACTIVE" }, options));

/** The findings for the options of a client. */
const clientRejected = (options) => findings(() => new CustomersApi(options));

/** The headers and the key that a call sends with these options. */
const headersOf = async (options, clientOptions) => (await sent((api) => api.createCustomer({ status: "ACTIVE" }, options), clientOptions)).headers;

/** Adds members to Object.prototype for as long as an act lasts. */
async function polluted(members, act) {
  Object.assign(Object.prototype, members);
  try {
    return await act();
  } finally {
    for (const name of Object.keys(members)) delete Object.prototype[name];
  }
}

/** What has its contents elsewhere than in members, and its name in messages. */
const EXOTIC = [
  ["a Map", () => new Map([["status", "ACTIVE"]])],
  ["a Set", () => new Set(["ACTIVE"])],
  ["a FormData", () => Object.assign(new FormData(), { status: "ACTIVE" })],
  ["a URLSearchParams", () => new URLSearchParams("status=ACTIVE")],
  ["a Promise", () => Promise.resolve({ status: "ACTIVE" })],
  ["a Date", () => new Date(0)],
  ["a RegExp", () => /x/],
  ["a Headers", () => new Headers({ status: "ACTIVE" })],
  ["an ArrayBuffer", () => new ArrayBuffer(1)],
  ["an Error", () => new Error("ACTIVE")],
  ["array", () => [["status", "ACTIVE"]]],
  ["string", () => "status=ACTIVE"],
  ["number", () => 5],
  ["boolean", () => true],
];

describe("listCustomers", () => {
  const NAMES = namesOf("ListCustomersParams");
  for (const [params, start] of [
    [{ limit: 0 }, "params.limit: 0, expected a whole number of at least 1"],
    [{ limit: -1 }, "params.limit: a negative number, expected"],
    [{ limit: 1.5 }, "params.limit: a fraction, expected"],
    [{ limit: NaN }, "params.limit: NaN, expected"],
    [{ limit: Infinity }, "params.limit: a number that is too large, expected"],
    [{ limit: 2 ** 53 }, "params.limit: a number that is too large, expected"],
    [{ limit: "5" }, "params.limit: string"],
    [{ limit: 10n }, "params.limit: a value that JSON cannot hold"],
    [{ ssn_last_4: "123" }, "params.ssn_last_4: a string of 3 characters, expected"],
    [{ status: "ACTVE" }, "params.status: a string of 5 characters, expected one of ACTIVE, "],
    [{ sort_by: ["name:asc"] }, "params.sort_by[0]: a string of 8 characters, expected one of "],
    [{ sort_by: "last_name:asc" }, "params.sort_by: string, expected array"],
    [{ id: [] }, "params.id: an empty array, expected the id of a customer, without a comma"],
    [{ id: ["a", "b,c"] }, "params.id[1]: a string of 3 characters, expected the id of a customer, without a comma"],
    [{ id: ["a", " "] }, "params.id[1]: a string of 1 character that begins with a space, expected"],
    [{ id: [7] }, "params.id[0]: number"],
    [{ id: "a" }, "params.id: string, expected array"],
    [{ id: new Set(["a"]) }, "params.id: a Set, expected array"],
    [{ page_token: "" }, "params.page_token: an empty string, expected"],
    [{ page_token: null }, "params.page_token: null"],
    [{ status: null }, "params.status: null"],
    [{ has_accounts: "true" }, "params.has_accounts: string, expected boolean"],
    [{ last_name: new Date(0) }, "params.last_name: a Date, expected a string"],
    [{ firstName: "x" }, "params.firstName: an unknown name, expected a known name; did you mean first_name?"],
    [{ kyc: "x" }, `params.kyc: an unknown name, expected one of ${NAMES}`],
    [{ "ottoline@example.com": "x" }, `params.(a name that is not shown): an unknown name, expected one of ${NAMES}`],
  ]) {
    const shown = JSON.stringify(params, (_name, value) => (typeof value === "bigint" || Number.isNaN(value) ? String(value) : value));
    it(`rejects a parameter that would not do what it says: ${shown}`, async () => {
      const found = await paramsRejected(params);
      assert.equal(found.length, 1, found.join("\n"));
      assert.ok(found[0].startsWith(start), found[0]);
    });
  }

  for (const [word, make] of EXOTIC) {
    it(`rejects parameters that are ${word} by name`, async () => {
      assert.deepEqual(await paramsRejected(make()), [`params: ${word}, expected object`]);
    });
  }

  it("rejects everything that is wrong at once", async () => {
    const found = await paramsRejected({ limit: 0, last_nam: "x", id: [], email: 5 });
    assert.deepEqual(found.map((text) => text.split(":")[0]), ["params.limit", "params.last_nam", "params.id", "params.email"]);
  });

  it("accepts a limit from 1 up to the largest whole number", async () => {
    for (const limit of [1, 250, 2 ** 53 - 1]) assert.equal(await query({ limit }), `?limit=${limit}`);
  });

  it("sends all eleven parameters as the contract says, in its order and not the caller's", async () => {
    const params = {
      status: "ACTIVE",
      sort_by: ["last_name:asc", "creation_time:desc"],
      limit: 25,
      id: ["3f0c2b9e-6d1a-4c57-9a53-1b7f2f0e8c11", ID],
      page_token: "k7w2p9xd",
      phone_number: "+12025550143",
      first_name: "Otto*",
      email: "*@example.com",
      last_name: "Quay",
      ssn_last_4: "4329",
      has_accounts: true,
    };
    assert.equal(
      await query(params),
      "?has_accounts=true&ssn_last_4=4329&last_name=Quay&email=%2A%40example.com" +
        "&first_name=Otto%2A&phone_number=%2B12025550143&page_token=k7w2p9xd" +
        `&id=3f0c2b9e-6d1a-4c57-9a53-1b7f2f0e8c11,${ID}` +
        "&limit=25&sort_by=last_name%3Aasc,creation_time%3Adesc&status=ACTIVE",
    );
  });

  for (const [params, wanted] of [
    [undefined, ""],
    [null, ""],
    [{}, ""],
    [{ sort_by: [] }, ""],
    [{ last_name: undefined }, ""],
    [{ has_accounts: false }, "?has_accounts=false"],
    [{ last_name: "" }, "?last_name="],
    [{ sort_by: ["last_name:asc"] }, "?sort_by=last_name%3Aasc"],
    [{ ssn_last_4: "12x4" }, "?ssn_last_4=12x4"],
  ]) {
    it(`sends ${wanted || "no query"} for ${JSON.stringify(params)}`, async () => assert.equal(await query(params), wanted));
  }

  for (const [params, wanted] of [
    [{ limit: -1, unknown: 1 }, "?limit=-1"],
    [{ id: [] }, ""],
    [{ status: ["A", "B"] }, "?status=A,B"],
    ["text", ""],
    [5, ""],
  ]) {
    it(`sends what can be sent if validation is off: ${JSON.stringify(params)}`, async () => {
      assert.equal(await query(params, LAX), wanted);
    });
  }

  it("rejects a parameter that is no text, with validation off too", async () => {
    const found = await paramsRejected({ email: Symbol("s") }, LAX);
    assert.deepEqual(found, ["params.email: a value that JSON cannot hold, expected text that has a UTF-8 form"]);
  });

  class Page {
    get limit() {
      return 5;
    }
    next() {
      return this;
    }
    toString() {
      return "page";
    }
  }
  for (const [what, params] of [
    ["of a prototype", Object.create({ limit: 5 })],
    ["without a prototype", Object.assign(Object.create(null), { limit: 5 })],
    ["with an accessor", { get limit() { return 5; } }],
    ["of a class with methods", new Page()],
  ]) {
    it(`reads the members of an object ${what}`, async () => {
      for (const options of [undefined, LAX]) assert.equal(await query(params, options), "?limit=5");
    });
  }

  it("reads each member once, before it returns", async () => {
    let asked = 0;
    const { api, requests } = stub();
    const params = { get limit() { return (asked += 1); }, id: ["a"] };
    const promise = api.listCustomers(params);
    params.id.push("b");
    await promise;
    assert.equal(requests[0].target, "?id=a&limit=1");
    assert.equal(asked, 1);
  });

  it("sends nothing of a polluted Object.prototype", async () => {
    await polluted({ limit: 7, status: "CLOSED" }, async () => {
      for (const params of [undefined, {}, new (class {})()]) assert.equal(await query(params), "");
    });
  });
});

describe("percent-encoding", () => {
  // One client for all cases.
  const { api, requests } = stub();
  const targetOf = async (call) => {
    requests.length = 0;
    await call(api);
    return requests[0].target;
  };

  it("loses nothing of a parameter and lets nothing special through", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
        const encoded = (await targetOf((api) => api.listCustomers({ last_name: text }))).slice("?last_name=".length);
        assert.equal(decodeURIComponent(encoded), text);
        assert.match(encoded, /^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives the same for an id, whose one step cannot become two", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (id) => {
        if (!/[^\s.]|\.\.\./u.test(id)) return;
        const step = await targetOf((api) => api.getCustomer(id));
        assert.equal(decodeURIComponent(step.slice(1)), id);
        const url = new URL(`https://api.example.com/v0/customers${step}`);
        assert.equal(url.pathname, `/v0/customers${step}`);
        assert.equal(url.search + url.hash, "");
      }),
      { numRuns: 1000 },
    );
  });

  it("is denied to half a surrogate pair, wherever it stands", async () => {
    for (const [half, place] of [["\ud834", 1], ["x\udd1e", 2], ["\udd1e\ud834", 1], ["a\ud834b", 2]]) {
      const length = `${half.length} character${half.length === 1 ? "" : "s"}`;
      const words = `a string of ${length} with a character beyond Latin-1 at position ${place}, expected text that has a UTF-8 form`;
      assert.deepEqual(await paramsRejected({ email: half }), [`params.email: ${words}`]);
      assert.deepEqual(await paramsRejected({ id: ["a", half] }), [`params.id: ${words}`]);
      assert.deepEqual(await rejected((api) => api.getCustomer(half)), [`customerId: ${words}`]);
    }
    assert.equal(await query({ email: "\ud834\udd1e" }), "?email=%F0%9D%84%9E");
  });
});

describe("an id", () => {
  const calls = { getCustomer: [], patchCustomer: [{}], updateCustomer: [{ status: "ACTIVE" }] };
  for (const id of ["", " ", ".", "..", " .. ", undefined, null, 5, {}, ["a"], Object("a"), new URL("https://api.example.com")]) {
    it(`that would change the path is rejected, with or without validation: ${JSON.stringify(id)}`, async () => {
      for (const options of [undefined, LAX]) {
        for (const [method, args] of Object.entries(calls)) {
          const [found] = await rejected((api) => api[method](id, ...args), options);
          assert.match(found, /^customerId: .*, expected the id of a customer, a string that is/);
        }
      }
    });
  }

  for (const id of ["a", "...", "a/../b", ID]) {
    it(`is one step of the path: ${id}`, async () => {
      for (const [method, args] of Object.entries(calls)) {
        assert.equal((await sent((api) => api[method](id, ...args))).target, `/${encodeURIComponent(id)}`);
      }
    });
  }
});

/** The fields of a customer and of an address that a request may have. */
const FIELDS = namesOf("CustomerWrite");
const ADDRESS_FIELDS = namesOf("AddressWrite");
const STATUSES = `one of ${[...types.CustomerWrite.fields.get("status").values].join(", ")}`;

describe("a body", () => {
  for (const [customer, expected] of [
    [{ status: "ACTIVE" }, []],
    [{ status: "ACTIVE", first_name: null }, ["first_name: null, expected a value, or nothing: the API cannot clear a field"]],
    [{ status: "ACTIVE", not_known_yet: 1 }, [`not_known_yet: an unknown name, expected one of ${FIELDS} (allowUnknownFields: true sends it all the same)`]],
    [{ status: "ACTIVE", firstName: "Ada" }, ["firstName: an unknown name, expected a known name; did you mean first_name? (allowUnknownFields: true sends it all the same)"]],
    [
      { status: "ACTIVE", legal_address: { address_line_1: "1 Dock", country_code: "US", zip: "1" } },
      [`legal_address.zip: an unknown name, expected one of ${ADDRESS_FIELDS} (allowUnknownFields: true sends it all the same)`],
    ],
    [{ status: "active" }, [`status: a string of 6 characters, expected ${STATUSES}; did you mean ACTIVE?`]],
    [{ status: "ACTIVE", dob: " 1991-07-23" }, ["dob: a string of 11 characters that begins with a space, expected a date of the calendar as YYYY-MM-DD"]],
    [{ status: "ACTIVE", dob: "1991-07-23\n" }, ["dob: a string of 11 characters with a line break at position 11, expected a date of the calendar as YYYY-MM-DD"]],
    [{ status: "ACTIVE", dob: "1991–07–23" }, ["dob: a string of 10 characters with a character beyond Latin-1 at position 5, expected a date of the calendar as YYYY-MM-DD"]],
    [{ status: "ACTIVE", first_name: undefined }, []],
    [{ status: "ACTIVE", dob: "2024-02-29" }, []],
    [{ status: "ACTIVE", dob: "2000-02-29" }, []],
    [{}, [`status: missing, expected ${STATUSES}`]],
    [
      { ssn: "98765432", status: "ACTIVE", phone_number: 5 },
      [
        "ssn: a string of 8 characters, expected nine digits as NNN-NN-NNNN",
        "phone_number: number, expected an E.164 phone number, such as +12025550143",
      ],
    ],
    [{ status: null }, [`status: null, expected ${STATUSES}`]],
    [{ status: undefined }, [`status: missing, expected ${STATUSES}`]],
    [{ status: "ACTIVE", metadata: [] }, ["metadata: array, expected object"]],
    [{ status: "ACTIVE", metadata: new Map([["a", 1]]) }, ["metadata: a Map, expected object"]],
    [{ status: "ACTIVE", email: new URL("mailto:o@example.com") }, ["email: a URL, expected a string"]],
    [{ status: "ACTIVE", dob: new Date(0) }, ["dob: a Date, expected a date of the calendar as YYYY-MM-DD"]],
    ...["2023-02-29", "2023-13-01", "1900-02-29", "2023-04-31", "0000-00-00"].map((dob) => [
      { status: "ACTIVE", dob },
      ["dob: a string of 10 characters, expected a date of the calendar as YYYY-MM-DD"],
    ]),
    [
      { status: "ACTIVE", legal_address: { country_code: "us" } },
      [
        "legal_address.country_code: a string of 2 characters, expected a two-letter ISO 3166-1 country code in upper case",
        "legal_address.address_line_1: missing, expected a string",
      ],
    ],
    [{ status: "ACTIVE", legal_address: "12 Lantern Row" }, ["legal_address: string, expected object"]],
    [{ status: "ACTIVE", legal_address: new Map() }, ["legal_address: a Map, expected object"]],
  ]) {
    it(`of a customer has ${expected.length} findings: ${JSON.stringify(customer)}`, async () => {
      for (const method of ["createCustomer", "updateCustomer"]) {
        if (expected.length === 0) assert.deepEqual(await sentBody(method, customer), JSON.parse(JSON.stringify(customer)));
        else assert.deepEqual(await bodyRejected(method, customer), expected.map((text) => `customer.${text}`));
      }
    });
  }

  const arguments_ = { createCustomer: "customer", patchCustomer: "patch", updateCustomer: "customer" };
  for (const [word, make] of [...EXOTIC, ["null", () => null], ["missing", () => undefined], ["a value that JSON cannot hold", () => () => 1]]) {
    it(`that is ${word} is rejected by name`, async () => {
      for (const [method, argument] of Object.entries(arguments_)) {
        assert.deepEqual(await bodyRejected(method, make()), [`${argument}: ${word}, expected object`]);
      }
    });
  }

  const received = {
    id: ID,
    status: "ACTIVE",
    first_name: "Ottoline",
    ssn: "4329",
    ssn_source: "MANUAL",
    kyc_status: "ACCEPTED",
    kyc_exempt: false,
    kyc_last_run: "2025-02-04T09:30:00.5Z",
    ban_status: "BANNED",
    related_customers: [{ id: "r1" }],
    has_accounts: true,
    creation_time: "2025-02-03T14:05:06.120045Z",
    last_updated_time: "2025-02-03T14:05:06.120045Z",
    legal_address: { id: "a1", address_type: "LEGAL", address_line_1: "12 Lantern Row", country_code: "US" },
    shipping_address: { address_line_1: "1 Dock", country_code: "US", id: "a2", address_type: "SHIPPING" },
    addresses: [{ id: "a1", address_line_1: "12 Lantern Row", country_code: "US" }],
    metadata: { id: "the integrator's own" },
  };
  const writable = {
    status: "ACTIVE",
    first_name: "Ottoline",
    legal_address: { address_line_1: "12 Lantern Row", country_code: "US" },
    shipping_address: { address_line_1: "1 Dock", country_code: "US" },
    metadata: { id: "the integrator's own" },
  };
  const readOnly = Object.keys(received).filter((name) => !(name in writable) && !["ssn", "ban_status", "related_customers"].includes(name));

  for (const method of ["createCustomer", "updateCustomer"]) {
    it(`of ${method} that came from the API loses what only the server or the platform sets, in its addresses too`, async () => {
      const before = structuredClone(received);
      for (const options of [undefined, LAX]) assert.deepEqual(await sentBody(method, received, options), writable);
      assert.deepEqual(received, before, "the caller's object was changed");
    });

    it(`of ${method} loses one field that only the server sets as well as all`, async () => {
      for (const name of [...readOnly, "ssn"]) {
        assert.deepEqual(await sentBody(method, { status: "ACTIVE", [name]: received[name] }), { status: "ACTIVE" }, name);
      }
      for (const extra of [{ id: "a1" }, { address_type: "LEGAL" }]) {
        const address = { address_line_1: "1 Dock", country_code: "US" };
        const customer = { status: "ACTIVE", legal_address: { ...address, ...extra } };
        assert.deepEqual(await sentBody(method, customer), { status: "ACTIVE", legal_address: address });
      }
    });

    it(`of ${method} loses related_customers and a ban only with the id that the API gave`, async () => {
      for (const [more, wanted] of [
        [{ id: ID, ban_status: "BANNED" }, {}],
        [{ id: ID, related_customers: [] }, {}],
        [{ id: ID, ban_status: "SUSPENDED", note: "why" }, { ban_status: "SUSPENDED", note: "why" }],
        [{ id: ID, ban_status: "ALLOWED" }, { ban_status: "ALLOWED" }],
        [{ ban_status: "BANNED" }, { ban_status: "BANNED" }],
      ]) {
        assert.deepEqual(await sentBody(method, { status: "ACTIVE", ...more }), { status: "ACTIVE", ...wanted });
      }
    });
  }

  for (const [ssn, wanted] of [
    ["4329", {}],
    ["987-65-4329", { ssn: "987-65-4329" }],
    [undefined, {}],
  ]) {
    it(`has ${wanted.ssn === undefined ? "no tax number" : "the tax number as it is"} for ${ssn}`, async () => {
      assert.deepEqual(await sentBody("createCustomer", { status: "ACTIVE", ssn }), { status: "ACTIVE", ...wanted });
    });
  }

  for (const ssn of ["", "43x9", "43290", "987654329"]) {
    it(`is rejected for a tax number that only looks masked: ${JSON.stringify(ssn)}`, async () => {
      const found = await bodyRejected("createCustomer", { status: "ACTIVE", ssn });
      const text = ssn === "" ? "an empty string" : `a string of ${ssn.length} characters`;
      assert.deepEqual(found, [`customer.ssn: ${text}, expected nine digits as NNN-NN-NNNN`]);
    });
  }

  it("of a patch is rejected for each field that only the server sets, in its addresses too", async () => {
    for (const name of readOnly) {
      const found = await bodyRejected("patchCustomer", { email: "a@example.com", [name]: "x" });
      assert.deepEqual(found, [`patch.${name}: string, expected nothing: only the server sets it`]);
    }
    for (const address of ["legal_address", "shipping_address"]) {
      for (const name of ["id", "address_type"]) {
        const found = await bodyRejected("patchCustomer", { [address]: { ...writable[address], [name]: "x" } });
        assert.deepEqual(found, [`patch.${address}.${name}: string, expected nothing: only the server sets it`]);
      }
    }
    assert.deepEqual(await bodyRejected("patchCustomer", { ssn: "4329" }), ["patch.ssn: a string of 4 characters, expected nine digits as NNN-NN-NNNN"]);
    // Left to the server, it is sent unchanged.
    assert.deepEqual(await sentBody("patchCustomer", { kyc_status: "ACCEPTED" }, LAX), { kyc_status: "ACCEPTED" });
  });

  it("of a patch is not rejected for a field that is undefined, which JSON leaves out", async () => {
    for (const name of ["email", "not_known_yet", "id", "kyc_status"]) {
      assert.deepEqual(await sentBody("patchCustomer", { first_name: "Ada", [name]: undefined }), { first_name: "Ada" }, name);
    }
  });

  it("keeps the order of the caller's keys, and without validation whatever it holds", async () => {
    const text = '{"zz":[1],"status":"ACTIVE","email":null,"a":{"deep":true}}';
    assert.equal(await bodyOf("createCustomer", JSON.parse(text), LAX), text);
    assert.equal(await bodyOf("createCustomer", JSON.parse('{"status":"ACTIVE","email":"a@example.com","dob":"1991-07-23"}')), '{"status":"ACTIVE","email":"a@example.com","dob":"1991-07-23"}');
  });

  it("may have unknown fields where the client or the call allows them", async () => {
    const address = { address_line_1: "1 Dock", country_code: "US", geo: [1, 2] };
    for (const [method, content] of [["createCustomer", { status: "ACTIVE", a: 1, legal_address: address }], ["patchCustomer", { a: 1, legal_address: address }]]) {
      assert.deepEqual(await sentBody(method, content, { allowUnknownFields: true }), content);
      const ofCall = (allowUnknownFields) => (api) => api[method](...WRITES[method], content, { allowUnknownFields });
      assert.deepEqual(JSON.parse((await sent(ofCall(true))).body), content);
      assert.equal((await rejected(ofCall(false), { allowUnknownFields: true })).length, 2);
    }
    const found = await bodyRejected("patchCustomer", { kyc_status: "ACCEPTED" }, { allowUnknownFields: true });
    assert.deepEqual(found, ["patch.kyc_status: string, expected nothing: only the server sets it"], "known, and not the caller's to set");
  });

  it("may have unknown fields where it came from the API, as a whole or in an address", async () => {
    const address = { address_line_1: "1 Dock", country_code: "US", geo: 1 };
    for (const method of ["createCustomer", "updateCustomer"]) {
      const sentBack = await sentBody(method, { id: ID, status: "ACTIVE", tier: "gold", legal_address: address });
      assert.deepEqual(sentBack, { status: "ACTIVE", tier: "gold", legal_address: address });
      const moved = await sentBody(method, { status: "ACTIVE", legal_address: { id: "a1", ...address } });
      assert.deepEqual(moved, { status: "ACTIVE", legal_address: address });
      const found = await bodyRejected(method, { status: "ACTIVE", tier: "gold", legal_address: { id: "a1", ...address } });
      assert.deepEqual(found.map((text) => text.split(":")[0]), ["customer.tier"], "the customer around it did not");
    }
  });

  class Address {
    get address_line_1() {
      return "12 Lantern Row";
    }
    get country_code() {
      return "US";
    }
  }
  class Person {
    status = "ACTIVE";
    legal_address = new Address();
    #name = "Ottoline";
    get first_name() {
      return this.#name;
    }
    save() {}
  }
  class Customer extends Person {}
  const whole = { status: "ACTIVE", legal_address: new Address(), first_name: "Ottoline" };
  for (const [what, customer] of [
    ["of a class", new Person()],
    ["of a class that extends another", new Customer()],
    ["with members of a prototype", Object.create(whole)],
    ["without a prototype", Object.assign(Object.create(null), whole)],
    ["with toJSON", { toJSON: () => whole }],
    ["of a class with toJSON", new (class { toJSON() { return new Person(); } })()],
    ["with metadata of a class", { ...whole, metadata: new (class { get plan() { return "gold"; } })() }],
  ]) {
    it(`is read fully of an object ${what}`, async () => {
      const address = { address_line_1: "12 Lantern Row", country_code: "US" };
      const wanted = { status: "ACTIVE", legal_address: address, first_name: "Ottoline", ...(customer.metadata && { metadata: { plan: "gold" } }) };
      for (const method of Object.keys(WRITES)) assert.deepEqual(await sentBody(method, customer), wanted);
    });
  }

  it("is made of members each of which is asked once, and of none that JSON would not have", async () => {
    let asked = 0;
    const address = { address_line_1: "x", get country_code() { asked += 1; return "US"; } };
    const customer = Object.create({ email: "inherited@example.com" }, {
      status: { get: () => "ACTIVE", enumerable: true },
      hidden: { value: 1 },
      legal_address: { value: address, enumerable: true },
    });
    const wanted = { status: "ACTIVE", legal_address: { address_line_1: "x", country_code: "US" }, email: "inherited@example.com" };
    assert.equal(await bodyOf("createCustomer", customer), JSON.stringify(wanted));
    assert.equal(asked, 1);
  });

  it("has nothing of a polluted Object.prototype", async () => {
    await polluted({ email: "polluted", id: "polluted", note: "polluted" }, async () => {
      for (const customer of [{ status: "ACTIVE" }, Object.assign(new (class {})(), { status: "ACTIVE" })]) {
        assert.equal(await bodyOf("createCustomer", customer), '{"status":"ACTIVE"}');
      }
    });
  });

  it("is rejected if JSON cannot hold it, with validation off too", async () => {
    const cycle = { status: "ACTIVE" };
    cycle.self = cycle;
    for (const content of [cycle, { status: "ACTIVE", metadata: { n: 1n } }, undefined, () => 1, Symbol("s")]) {
      const found = await bodyRejected("createCustomer", content, LAX);
      assert.deepEqual(found, ["customer: a value that JSON cannot hold, expected plain data"]);
    }
  });

  it("is rejected if a getter or toJSON throws, with what was thrown", async () => {
    const thrown = new RangeError("no");
    const fail = () => {
      throw thrown;
    };
    for (const customer of [{ get status() { return fail(); } }, { toJSON: fail }, { status: "ACTIVE", legal_address: { get city() { return fail(); } } }]) {
      const { api } = stub();
      const error = await errorOf(() => api.createCustomer(customer));
      assert.deepEqual(error.issues.map(line), ["customer: an object that cannot be read, expected plain data"]);
      assert.deepEqual(error.cause, { name: "RangeError" });
      assert.equal(error.unredacted().cause, thrown);
    }
  });

  it("is sent as JSON or rejected, whatever it is, and the call ends in no other way", async () => {
    const clients = [stub(), stub(LAX)];
    const like = fc.dictionary(fc.constantFrom("status", "ssn", "legal_address", "metadata", "id", "__proto__"), fc.anything());
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(fc.oneof(anything, like), fc.constantFrom(...Object.keys(WRITES)), async (content, method) => {
        for (const { api, requests } of clients) {
          requests.length = 0;
          try {
            await api[method](...WRITES[method], content);
            JSON.parse(requests[0].body);
          } catch (error) {
            assert.equal(error.name, "ValidationError", String(error.stack));
            assert.equal(requests.length, 0);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("an unknown option", () => {
  const rejectedFor = async (name) => (await clientRejected({ accessToken: TOKEN, [name]: 1 }))[0];
  for (const [given, meant] of [
    ["timeoutMS", "timeoutMs"],
    ["timeout", "timeoutMs"],
    ["base_url", "baseUrl"],
    ["baseURL", "baseUrl"],
    ["acessToken", "accessToken"],
    ["maxRetry", "maxRetries"],
    ["max_retries", "maxRetries"],
    ["onSchemaDrfit", "onSchemaDrift"],
    ["header", "headers"],
  ]) {
    it(`is taken for a slip of a known one: ${given} of ${meant}`, async () => {
      assert.equal(await rejectedFor(given), `options.${given}: an unknown name, expected a known name; did you mean ${meant}?`);
    });
  }

  for (const given of ["color", "x", "bench", "quiteAnotherThing"]) {
    it(`that is near to none is answered with all there are: ${given}`, async () => {
      assert.match(await rejectedFor(given), new RegExp(`^options\\.${given}: an unknown name, expected one of accessToken, environment, `));
    });
  }

  for (const given of ["", "ottoline.quay@example.com", "a b", "é", "x".repeat(41)]) {
    it(`is not repeated, since it may be data: ${JSON.stringify(given)}`, async () => {
      assert.match(await rejectedFor(given), /^options\.\(a name that is not shown\): an unknown name, expected one of accessToken, /);
    });
  }

  it("hides nothing else that is wrong", async () => {
    const found = await clientRejected({ color: 1, accessToken: 5, timeoutMs: 0 });
    assert.deepEqual(found.map((text) => text.split(", expected ")[0]), [
      "options.color: an unknown name",
      "options.accessToken: number",
      "options.timeoutMs: 0",
    ]);
  });

  it("of a call is rejected too", async () => {
    assert.deepEqual(await optionsRejected({ timeout: 1 }), ["options.timeout: an unknown name, expected a known name; did you mean timeoutMs?"]);
  });
});

describe("the number that an option is", () => {
  for (const [name, fit, unfit] of [
    ["timeoutMs", [1, 0.5, 1e12, Infinity], [0, -1, NaN, "5", null]],
    ["maxRetries", [0, 1, 100], [-1, 1.5, 101, NaN, Infinity, true]],
    ["maxRetryDelayMs", [0, 0.5, Infinity], [-1, NaN, "0"]],
    ["maxResponseBytes", [1, Infinity], [0, -1, NaN]],
    ["maxConcurrent", [1, 1_000_000], [0, 1.5, 1_000_001, Infinity]],
    ["maxRequestsPerSecond", [0.1, 1e6], [0, -1, NaN, Infinity]],
  ]) {
    it(`is one of those that make sense: ${name}`, async () => {
      for (const value of fit) assert.doesNotThrow(() => stub({ [name]: value }), `${value}`);
      for (const value of unfit) {
        const [found] = await clientRejected({ accessToken: TOKEN, [name]: value });
        assert.ok(found.startsWith(`options.${name}: `), found);
      }
    });
  }
});

const MISSING = "new CustomersApi: accessToken is missing. Is SYNCTERA_API_KEY set? Nothing was sent.";

describe("the options of a client", () => {
  for (const [given, found] of [
    [null, "options: null, expected object"],
    ["x", "options: string, expected object"],
    [["x"], "options: array, expected object"],
    [new Map([["accessToken", TOKEN]]), "options: a Map, expected object"],
    [Promise.resolve({ accessToken: TOKEN }), "options: a Promise, expected object"],
    [new URLSearchParams({ accessToken: TOKEN }), "options: a URLSearchParams, expected object"],
  ]) {
    it(`are rejected where they are ${found.slice("options: ".length).split(",")[0]}`, async () => {
      assert.deepEqual(await clientRejected(given), [found]);
    });
  }

  for (const [options, path] of [
    [{ accessToken: "two words" }, "accessToken: a string of 9 characters"],
    [{ accessToken: null }, "accessToken: null"],
    [{ accessToken: Promise.resolve("x") }, "accessToken: a Promise"],
    [{ environment: "staging" }, "environment: a string of 7 characters"],
    [{ environment: "sandbox", baseUrl: "https://api.example.com" }, "baseUrl: environment as well"],
    [{ baseUrl: new URL("https://api.example.com") }, "baseUrl: a URL"],
    [{ baseUrl: "http://api.example.com" }, "baseUrl: a string of 22 characters"],
    [{ baseUrl: "/api" }, "baseUrl: a string of 4 characters"],
    [{ credentials: "yes" }, "credentials: a string of 3 characters"],
    [{ credentials: "include" }, "credentials: a mode that sends cookies"],
    [{ fetch: {} }, "fetch: object"],
    [{ fetch: "fetch" }, "fetch: string"],
    [{ logger: { warn() {} } }, "logger: object"],
    [{ clock: { now() {} } }, "clock: object"],
    [{ logLevel: "trace" }, "logLevel: a string of 5 characters"],
    [{ onRequest: "x" }, "onRequest: string"],
    [{ validate: "no" }, "validate: string"],
    [{ headers: 5 }, "headers: number"],
    [{ dangerouslyAllowHttp: 1 }, "dangerouslyAllowHttp: number"],
  ]) {
    it(`are rejected for ${path}`, async () => {
      const [found, ...others] = await clientRejected({ ...("accessToken" in options || path.startsWith("accessToken") ? {} : { accessToken: TOKEN }), ...options });
      assert.ok(found.startsWith(`options.${path}, expected `), found);
      assert.deepEqual(others, []);
    });
  }

  it("need no token for a backend of the caller's own, and then send none", async () => {
    const { requests, api } = stub({ accessToken: undefined });
    await api.getCustomer(ID);
    assert.equal("authorization" in requests[0].headers, false);
  });

  it("lack a token where Synctera's servers are meant, whatever the environment holds with a baseUrl", () => {
    process.env.SYNCTERA_API_KEY = "of-the-environment";
    try {
      new CustomersApi();
      new CustomersApi({ environment: "production" });
      for (const options of [{ baseUrl: "https://api.synctera.com/v0" }, { accessToken: "" }, { accessToken: " " }, { accessToken: "", baseUrl: "https://api.example.com" }]) {
        assert.throws(() => new CustomersApi(options), { name: "ValidationError", message: MISSING });
      }
      process.env.SYNCTERA_API_KEY = " \n";
      assert.throws(() => new CustomersApi(), { message: MISSING });
      process.env.SYNCTERA_API_KEY = "two words";
      assert.throws(() => new CustomersApi(), { message: /^new CustomersApi: SYNCTERA_API_KEY: a string of 9 characters, expected a string of visible ASCII/ });
    } finally {
      delete process.env.SYNCTERA_API_KEY;
    }
    assert.throws(() => new CustomersApi({}), { message: MISSING, argument: "options" });
  });

  it("cookies are not for Synctera's own servers", async () => {
    for (const credentials of ["same-origin", "include"]) {
      const found = await clientRejected({ accessToken: TOKEN, credentials });
      assert.deepEqual(found, ["options.credentials: a mode that sends cookies, expected omit, unless baseUrl is a backend of your own"]);
    }
    // There are none outside of a page, so nothing is said to fetch.
    const { init } = await sent((api) => api.getCustomer(ID), { credentials: "include" });
    assert.equal("credentials" in init, false);
  });

  it("may be those of a class, with accessors, inherited members, methods and functions that use their object", async () => {
    const seen = [];
    class Settings {
      #token = "of-the-object";
      get baseUrl() {
        return "https://settings.example.com";
      }
      accessToken() {
        return this.#token;
      }
      onRequest() {
        seen.push(this.#token);
      }
    }
    class Mine extends Settings {
      async fetch(url, { headers }) {
        seen.push(url, headers.authorization);
        return new Response(`{"id":"${ID}","status":"ACTIVE"}`);
      }
      describe() {
        return "mine";
      }
    }
    await new CustomersApi(new Mine()).getCustomer("1");
    assert.deepEqual(seen, ["of-the-object", "https://settings.example.com/customers/1", "Bearer of-the-object"]);
  });

  it("are copied: what is changed afterwards changes no call", async () => {
    const headers = { "x-a": "1" };
    const options = { headers, maxRetries: 0 };
    const { api, requests } = stub(options);
    headers["x-a"] = "2";
    options.headers = { "x-b": "3" };
    await api.getCustomer(ID);
    assert.deepEqual([requests[0].headers["x-a"], requests[0].headers["x-b"]], ["1", undefined]);
  });

  it("are not what a polluted Object.prototype holds", async () => {
    const members = { maxRetries: "many", timeoutMs: "long", environment: "production", headers: { "x-a": "1" }, validate: false, idempotencyKey: "polluted", signal: 5 };
    await polluted(members, async () => {
      const { init } = await sent((api) => api.createCustomer({ status: "ACTIVE" }, {}));
      assert.equal(init.headers["x-a"], undefined);
      assert.notEqual(init.headers["idempotency-key"], "polluted");
    });
  });
});

describe("the options of a call", () => {
  it("may be left out, be null, or be undefined one by one, but not null", async () => {
    for (const options of [undefined, null, {}, { timeoutMs: undefined, signal: undefined, headers: undefined, idempotencyKey: undefined }]) {
      await sent((api) => api.createCustomer({ status: "ACTIVE" }, options));
    }
    for (const name of ["timeoutMs", "signal", "headers", "idempotencyKey"]) {
      const [found] = await optionsRejected({ [name]: null });
      assert.ok(found.startsWith(`options.${name}: null, expected `), found);
    }
  });

  for (const [word, make] of EXOTIC) {
    it(`are rejected by name where they are ${word}`, async () => {
      assert.deepEqual(await optionsRejected(make()), [`options: ${word}, expected object`]);
    });
  }

  class Settings {
    get idempotencyKey() { return "k"; }
    forCall() { return this; }
  }
  for (const [what, options] of [
    ["inherited", Object.create({ idempotencyKey: "k" })],
    ["of a class with methods", new Settings()],
    ["of a class that extends another", new (class extends Settings {})()],
  ]) {
    it(`may be ${what}`, async () => assert.equal((await headersOf(options))["idempotency-key"], "k"));
  }

  it("are rejected where one cannot be read", async () => {
    const options = { get timeoutMs() { throw new Error("no"); } };
    assert.deepEqual(await optionsRejected(options), ["options: an object that cannot be read, expected plain data"]);
    const signal = { addEventListener() { throw new Error("no"); }, removeEventListener() {} };
    assert.deepEqual(await optionsRejected({ signal }), ["options.signal: an object that cannot be read, expected an AbortSignal that can be listened to"]);
  });
});

describe("headers to add", () => {
  const OWN = ["accept", "authorization", "content-type", "idempotency-key"];
  /** Those that are sent besides the client's own. */
  async function added(headers) {
    const given = await headersOf({ headers });
    return Object.fromEntries(Object.entries(given).filter(([name]) => !OWN.includes(name)));
  }
  const headersRejected = async (headers) => {
    const found = await optionsRejected({ headers });
    assert.deepEqual(await clientRejected({ accessToken: TOKEN, headers }), found, "the client's are checked likewise");
    return found;
  };

  const wanted = { "x-trace": "1", "x-b": "2" };
  class Trace { get "x-trace"() { return "1"; } "X-B" = "2"; toJSON() {} }
  for (const [what, headers] of [
    ["an object", { "X-Trace": "1", "x-b": "2" }],
    ["an object without a prototype", Object.assign(Object.create(null), wanted)],
    ["an object of a class", new Trace()],
    ["an object with inherited members", Object.create(wanted)],
    ["a Headers", new Headers(wanted)],
    ["an array of pairs", [["X-Trace", "1"], ["x-b", "2"]]],
    ["an array of pairs of which the last wins", [["X-Trace", "0"], ["x-b", "2"], ["x-trace", "1"]]],
    ["an object with a header that is undefined", { ...wanted, "x-none": undefined }],
    ["pairs with a header that is undefined", [["X-Trace", "1"], ["x-b", "2"], ["x-none", undefined]]],
  ]) {
    it(`may be ${what}; names are sent in lower case`, async () => assert.deepEqual(await added(headers), wanted));
  }

  it("may be any that RFC 9110 calls one, with an empty value too, and may replace accept", async () => {
    assert.deepEqual(await added({ "x!#$%&'*+-.^_`|~": "" }), { "x!#$%&'*+-.^_`|~": "" });
    assert.equal((await headersOf({ headers: { Accept: "application/json" } })).accept, "application/json");
  });

  it("of a call win over the client's", async () => {
    const headers = await headersOf({ headers: { "X-A": "call" } }, { headers: { "x-a": "client", "x-b": "client" } });
    assert.deepEqual([headers["x-a"], headers["x-b"]], ["call", "client"]);
  });

  const odd = (what) => `a name that is ${what}, expected a header name made of letters, digits and hyphens (header whose name is not shown)`;
  const reserved = (advice, name) => `a header that the client sets, expected it to be left out: ${advice} (header ${name})`;
  for (const [headers, found] of [
    [{ Authorization: "x" }, reserved("use the option accessToken", "Authorization")],
    [{ "IDEMPOTENCY-KEY": "x" }, reserved("use the option idempotencyKey", "IDEMPOTENCY-KEY")],
    [{ "content-type": "x" }, reserved("a body is always application/json", "content-type")],
    [{ "Content-Length": "1" }, reserved("the runtime sets it", "Content-Length")],
    [[["Authorization", "x"]], reserved("use the option accessToken", "Authorization")],
    [{ "": "v" }, odd("an empty string")],
    [{ "a b": "v" }, odd("a string of 3 characters")],
    [{ "x:y": "v" }, odd("a string of 3 characters")],
    [{ "x\n": "v" }, odd("a string of 2 characters with a line break at position 2")],
    [{ "é": "v" }, odd("a string of 1 character")],
    [[["a b", "v"]], odd("a string of 3 characters")],
    [{ "X-Count": 5 }, "number, expected a string (header X-Count)"],
    [{ "X-Null": null }, "null, expected a string (header X-Null)"],
    [[["X-List", ["a"]]], "array, expected a string (header X-List)"],
    [{ ["x".repeat(41)]: 5 }, "number, expected a string (header whose name is not shown)"],
  ]) {
    it(`are rejected: ${JSON.stringify(headers)}`, async () => {
      assert.deepEqual(await headersRejected(headers), [`options.headers: ${found}`]);
    });
  }

  for (const [what, headers] of [
    ["a pair of one", [["x-a"]]],
    ["a pair of three", [["x-a", "1", "2"]]],
    ["a text where a pair should be", ["ab"]],
    ["a number where a pair should be", [5]],
    ["a promise", Promise.resolve({ "x-a": "1" })],
    ["a Date", new Date(0)],
    ["a function", () => ({ "x-a": "1" })],
    ["a text", "x-a: 1"],
    ["an object that throws", { get "x-a"() { throw new Error("no"); } }],
  ]) {
    it(`are rejected and not lost: ${what}`, async () => {
      const [found, ...others] = await headersRejected(headers);
      assert.match(found, /^options\.headers: /);
      assert.deepEqual(others, []);
    });
  }

  it("are rejected for a value that would break the request", async () => {
    for (const value of ["a\nb", "a\r\nX: y", "a\0", "a\u007f", "snow ☃", " a", "a\t"]) {
      const [found] = await headersRejected({ "X-A": value });
      assert.match(found, /^options\.headers: a string of \d+ characters( that| with|,).*expected a string that can go into a header: /);
      assert.match(found, /\(header X-A\)$/);
    }
  });

  it("that are accepted can be sent as they are", async () => {
    const { api, requests } = stub();
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string({ unit: "binary" }), async (name, value) => {
        requests.length = 0;
        try {
          await api.getCustomer(ID, { headers: { [name]: value } });
        } catch (error) {
          assert.equal(error.name, "ValidationError");
          return;
        }
        const { headers } = requests[0];
        new Headers(headers);
        assert.equal(Object.getOwnPropertyDescriptor(headers, name.toLowerCase())?.value, value);
      }),
      { numRuns: 2000 },
    );
  });

  it("may be called what an object calls its prototype", async () => {
    const headers = await added(JSON.parse('{"__proto__":"v","constructor":"w"}'));
    assert.deepEqual(Object.entries(headers), [["__proto__", "v"], ["constructor", "w"]]);
  });
});

describe("the idempotency key", () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const keyOf = async (method, options) => {
    const { headers } = await sent((api) => api[method](...WRITES[method], { status: "ACTIVE" }, options));
    return headers["idempotency-key"];
  };

  it("is the one given, or a new one where one is needed", async () => {
    for (const method of Object.keys(WRITES)) assert.equal(await keyOf(method, { idempotencyKey: "k" }), "k");
    assert.equal(await keyOf("updateCustomer"), undefined);
    for (const method of ["createCustomer", "patchCustomer"]) {
      assert.match(await keyOf(method), UUID);
      assert.notEqual(await keyOf(method, {}), await keyOf(method, {}));
    }
  });

  it("is rejected by what only reads", async () => {
    const found = ["options.idempotencyKey: string, expected to be left out: reading needs no key"];
    assert.deepEqual(await rejected((api) => api.getCustomer(ID, { idempotencyKey: "k" })), found);
    assert.deepEqual(await rejected((api) => api.listCustomers({}, { idempotencyKey: "k" })), found);
  });

  it("is rejected if it could not be a header or would be none", async () => {
    for (const idempotencyKey of ["", " k", "k\n", "☃", 7]) {
      const [found] = await optionsRejected({ idempotencyKey });
      assert.match(found, /^options\.idempotencyKey: .*, expected a string that is unique to this logical call/);
    }
  });

  it("must be given where the host has nothing to make one of", async () => {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, "crypto");
    Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
    try {
      const found = await rejected((api) => api.createCustomer({ status: "ACTIVE" }));
      assert.deepEqual(found, ["options.idempotencyKey: missing, expected a key, since this host has no crypto to make one"]);
      assert.equal(await keyOf("createCustomer", { idempotencyKey: "k" }), "k");
    } finally {
      Object.defineProperty(globalThis, "crypto", descriptor);
    }
  });
});
