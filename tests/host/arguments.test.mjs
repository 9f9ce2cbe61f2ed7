// Arguments on their way in: what is refused, and what is made of the rest.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { body, key, options, target } from "../../src/host/arguments.js";
import { CREATE, GET, LAX, LIST, PATCH, STRICT, UPDATE, lines, refusal } from "./host.mjs";

const ID = "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64";

/** The query of these parameters. */
const query = (params, sender = STRICT) => target(sender, LIST, undefined, params);

/** The lines of a refusal, and that it says as much as it should. */
function refused(act) {
  const error = refusal(act);
  assert.equal(error.outcome, "not_sent");
  assert.match(error.message, /\. Nothing was sent\.$/);
  return lines(error.issues);
}

/** The parsed body that is sent. */
const sent = (operation, content, sender = STRICT) => JSON.parse(body(sender, operation, content));

describe("a list parameter that would not do what it says", () => {
  for (const [params, start] of [
    [{ limit: 0 }, "params.limit: another number"],
    [{ limit: "5" }, "params.limit: string"],
    [{ ssn_last_4: "123" }, "params.ssn_last_4: another string"],
    [{ status: "ACTVE" }, "params.status: another string"],
    [{ sort_by: ["name:asc"] }, "params.sort_by[0]: another string"],
    [{ sort_by: "last_name:asc" }, "params.sort_by: string, expected array"],
    [{ id: [] }, "params.id: an empty array, expected the ids of customers"],
    [{ id: ["a", "b,c"] }, "params.id[1]: another string"],
    [{ id: ["a", " "] }, "params.id[1]: another string"],
    [{ id: [7] }, "params.id[0]: number"],
    [{ id: "a" }, "params.id: string, expected array"],
    [{ page_token: "" }, "params.page_token: another string"],
    [{ page_token: null }, "params.page_token: null"],
    [{ status: null }, "params.status: null"],
    [{ has_accounts: "true" }, "params.has_accounts: string, expected boolean"],
    [
      { firstName: "x" },
      "params.firstName: an unknown name, expected a known name; did you mean first_name?",
    ],
    [
      { kyc: "x" },
      "params.kyc: an unknown name, expected one of has_accounts, ssn_last_4, last_name, email, first_name, " +
        "phone_number, page_token, id, limit, sort_by, status",
    ],
    ["x", "params: string, expected object"],
    [[], "params: array, expected object"],
  ]) {
    it(`is refused: ${JSON.stringify(params)}`, () => {
      const found = refused(() => query(params));
      assert.equal(found.length, 1, found.join("\n"));
      assert.ok(found[0].startsWith(start), found[0]);
    });
  }

  it("is refused together with all others", () => {
    const found = refused(() => query({ limit: 0, last_nam: "x", id: [], email: 5 }));
    assert.deepEqual(found.map((line) => line.split(":")[0]), [
      "params.limit",
      "params.last_nam",
      "params.id",
      "params.email",
    ]);
  });
});

describe("the query", () => {
  it("has all eleven parameters as the contract says, in its order and not the caller's", () => {
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
      query(params),
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
    it(`of ${JSON.stringify(params)} is ${wanted || "nothing"}`, () => assert.equal(query(params), wanted));
  }

  it("is read when validation is off, as far as it can be", () => {
    for (const [params, wanted] of [
      [{ limit: -1, unknown: 1 }, "?limit=-1"],
      [{ id: [] }, ""],
      [{ status: ["A", "B"] }, "?status=A,B"],
      ["text", ""],
      [5, ""],
    ]) {
      assert.equal(query(params, LAX), wanted);
    }
    const found = refused(() => query({ email: Symbol("s") }, LAX));
    assert.deepEqual(found, ["params.email: another string, expected text that has a UTF-8 form"]);
  });

  it("has no parameter that comes down a prototype", () => {
    assert.equal(query(Object.create({ limit: 1 })), "");
    assert.equal(query(Object.create({ limit: 1 }), LAX), "");
  });

  it("was made of what the parameters were when the method was called", () => {
    let asked = 0;
    const params = { get limit() { return (asked += 1); } };
    assert.equal(query(params), "?limit=1");
    assert.equal(asked, 1);
  });
});

describe("percent-encoding", () => {
  const encoded = (text) => query({ last_name: text }).slice("?last_name=".length);
  const wellFormed = fc.string({ unit: "binary" });

  it("loses nothing and lets nothing special through", () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        assert.equal(decodeURIComponent(encoded(text)), text);
        assert.match(encoded(text), /^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves alone what RFC 3986 leaves alone, and nothing else of ASCII", () => {
    const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
    const left = [...ascii].filter((mark) => encoded(mark) === mark).join("");
    assert.equal(left, "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
    assert.equal(encoded("+1 202*é,/"), "%2B1%20202%2A%C3%A9%2C%2F");
  });

  it("gives the same in a path, whose one step cannot become two", () => {
    fc.assert(
      fc.property(wellFormed, (id) => {
        if (!/[^\s.]|\.\.\./u.test(id)) return;
        const step = target(STRICT, GET, id, undefined);
        assert.equal(decodeURIComponent(step.slice(1)), id);
        const address = new URL(`https://api.example.com/v0/customers${step}`);
        assert.equal(address.pathname, `/v0/customers${step}`);
        assert.equal(address.search + address.hash, "");
      }),
      { numRuns: 2000 },
    );
  });

  it("is refused to half a surrogate pair, wherever it stands", () => {
    const words = "text that has a UTF-8 form";
    for (const half of ["\ud834", "x\udd1e", "\udd1e\ud834", "a\ud834b"]) {
      assert.deepEqual(refused(() => query({ email: half })), [`params.email: another string, expected ${words}`]);
      assert.deepEqual(refused(() => query({ id: ["a", half] })), [`params.id: another string, expected ${words}`]);
      const found = refused(() => target(STRICT, GET, half, undefined));
      assert.deepEqual(found, [`customerId: another string, expected ${words}`]);
    }
    assert.equal(query({ email: "\ud834\udd1e" }), "?email=%F0%9D%84%9E");
  });
});

describe("an id", () => {
  for (const id of ["", " ", ".", "..", " .. ", undefined, null, 5, {}, ["a"], Object("a")]) {
    it(`such as ${JSON.stringify(id)} that would change the path is refused, with or without validation`, () => {
      for (const sender of [STRICT, LAX]) {
        for (const operation of [GET, PATCH, UPDATE]) {
          const [found] = refused(() => target(sender, operation, id, undefined));
          assert.match(found, /^customerId: .*, expected the id of a customer, a string that is/);
        }
      }
    });
  }

  for (const id of ["a", "...", "a/../b", ID]) {
    it(`such as ${id} is one step`, () => {
      assert.equal(target(STRICT, GET, id, undefined), `/${encodeURIComponent(id)}`);
    });
  }
});

describe("a body", () => {
  const received = {
    id: ID,
    status: "ACTIVE",
    first_name: "Ottoline",
    ssn: "4329",
    ssn_source: "MANUAL",
    kyc_status: "ACCEPTED",
    kyc_exempt: false,
    kyc_last_run: "2025-02-04T09:30:00.5Z",
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

  for (const [name, operation] of [["createCustomer", CREATE], ["updateCustomer", UPDATE]]) {
    it(`of ${name} has nothing that only the server sets, in its addresses neither`, () => {
      const before = structuredClone(received);
      for (const sender of [STRICT, LAX]) assert.deepEqual(sent(operation, received, sender), writable);
      assert.deepEqual(received, before, "the caller's object was changed");
    });
  }

  it("is stripped of one field that only the server sets as well as of all", () => {
    for (const name of Object.keys(received).filter((name) => !(name in writable))) {
      assert.deepEqual(sent(CREATE, { status: "ACTIVE", [name]: received[name] }), { status: "ACTIVE" }, name);
    }
    for (const extra of [{ id: "a1" }, { address_type: "LEGAL" }]) {
      const address = { address_line_1: "1 Dock", country_code: "US" };
      const customer = { status: "ACTIVE", legal_address: { ...address, ...extra } };
      assert.deepEqual(sent(CREATE, customer), { status: "ACTIVE", legal_address: address });
    }
  });

  for (const [ssn, wanted] of [
    ["4329", {}],
    ["987-65-4329", { ssn: "987-65-4329" }],
    [null, { ssn: null }],
    [undefined, {}],
  ]) {
    it(`has of the tax number ${ssn} ${wanted.ssn === undefined ? "nothing" : "all"}`, () => {
      assert.deepEqual(sent(CREATE, { status: "ACTIVE", ssn }), { status: "ACTIVE", ...wanted });
    });
  }

  for (const ssn of ["", "43x9", "43290", "987654329"]) {
    it(`is refused for the tax number ${JSON.stringify(ssn)}, which only looks masked`, () => {
      const [found] = refused(() => body(STRICT, CREATE, { status: "ACTIVE", ssn }));
      assert.equal(found, "customer.ssn: another string, expected nine digits as NNN-NN-NNNN");
    });
  }

  it("of a patch is refused for each field that only the server sets", () => {
    const names = Object.keys(received).filter((name) => !(name in writable) && name !== "ssn");
    for (const name of names) {
      const found = refused(() => body(STRICT, PATCH, { email: null, [name]: "x" }));
      assert.deepEqual(found, [`patch.${name}: string, expected nothing: only the server sets it`]);
    }
    const address = { address_line_1: "1 Example Street", country_code: "US" };
    for (const name of ["legal_address", "shipping_address"]) {
      for (const member of ["id", "address_type"]) {
        const found = refused(() => body(STRICT, PATCH, { [name]: { ...address, [member]: "x" } }));
        assert.deepEqual(found, [`patch.${name}.${member}: string, expected nothing: only the server sets it`]);
      }
    }
    const [found] = refused(() => body(STRICT, PATCH, { ssn: "4329" }));
    assert.match(found, /^patch\.ssn: another string/);
    // Left to the server, it is sent as it is.
    assert.deepEqual(sent(PATCH, { kyc_status: "ACCEPTED" }, LAX), { kyc_status: "ACCEPTED" });
  });

  it("holds null, unknown fields and the order of the caller's keys", () => {
    const text = '{"zz":[1],"status":"ACTIVE","email":null,"a":{"deep":true}}';
    assert.equal(body(STRICT, CREATE, JSON.parse(text)), text);
    assert.equal(body(STRICT, PATCH, { email: null, note: undefined }), '{"email":null}');
  });

  it("is made of the caller's own members, each asked for once", () => {
    let asked = 0;
    const address = { address_line_1: "x", get country_code() { asked += 1; return "US"; } };
    const customer = Object.create({ email: "inherited@example.com" }, {
      status: { get: () => "ACTIVE", enumerable: true },
      hidden: { value: 1 },
      legal_address: { value: address, enumerable: true },
    });
    assert.equal(
      body(STRICT, CREATE, customer),
      '{"status":"ACTIVE","legal_address":{"address_line_1":"x","country_code":"US"}}',
    );
    assert.equal(asked, 1);
  });

  it("is refused if JSON cannot hold it, or a getter throws", () => {
    const cycle = { status: "ACTIVE" };
    cycle.self = cycle;
    const hopeless = [cycle, { status: "ACTIVE", metadata: { n: 1n } }, undefined, () => 1, Symbol("s")];
    for (const content of hopeless) {
      const found = refused(() => body(LAX, CREATE, content));
      assert.deepEqual(found, ["customer: a value that JSON cannot hold, expected plain data"]);
    }
    const thrown = new RangeError("no");
    const getter = { get status() { throw thrown; } };
    const error = refusal(() => body(STRICT, CREATE, getter));
    assert.deepEqual(lines(error.issues), ["customer: an object that cannot be read, expected plain data"]);
    assert.equal(error.unredacted().cause, thrown);
  });

  it("whatever it is, is sent or refused, and never anything else", () => {
    const like = fc.dictionary(fc.constantFrom("status", "ssn", "legal_address", "metadata", "id", "__proto__"), fc.anything());
    for (const operation of [CREATE, PATCH, UPDATE]) {
      fc.assert(
        fc.property(fc.oneof(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }), like), (content) => {
          for (const sender of [STRICT, LAX]) {
            try {
              JSON.parse(body(sender, operation, content));
            } catch (error) {
              assert.equal(error.name, "ValidationError", String(error.stack));
            }
          }
        }),
        { numRuns: 500 },
      );
    }
  });
});

describe("an unknown option", () => {
  const told = (name) => refused(() => options(undefined, { accessToken: "x", [name]: 1 }))[0];
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
    it(`${given} is taken for a slip of ${meant}`, () => {
      assert.equal(told(given), `options.${given}: an unknown name, expected a known name; did you mean ${meant}?`);
    });
  }

  for (const given of ["color", "x", "bench", "quiteAnotherThing"]) {
    it(`${given} is near to none, and told all there are`, () => {
      assert.match(told(given), new RegExp(`^options\\.${given}: an unknown name, expected one of accessToken, environment, `));
    });
  }

  for (const given of ["", "ottoline.quay@example.com", "a b", "é", "x".repeat(41)]) {
    it(`${JSON.stringify(given)} is not repeated, for it may be data`, () => {
      assert.match(told(given), /^options\.\(an odd name\): an unknown name, expected one of accessToken, /);
    });
  }

  it("hides nothing else that is wrong", () => {
    const found = refused(() => options(undefined, { color: 1, accessToken: 5, timeoutMs: 0 }));
    assert.deepEqual(found.map((line) => line.split(", expected ")[0]), [
      "options.color: an unknown name",
      "options.accessToken: number",
      "options.timeoutMs: another number",
    ]);
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
    it(`${name} is one of those that make sense`, () => {
      for (const value of fit) assert.equal(options(undefined, { accessToken: "x", [name]: value })[name], value);
      for (const value of unfit) {
        const [found] = refused(() => options(undefined, { accessToken: "x", [name]: value }));
        assert.ok(found.startsWith(`options.${name}: `), found);
      }
    });
  }
});

describe("options", () => {
  it("are copied, and read from nowhere else", () => {
    const given = Object.create({ maxRetries: 7 }, { accessToken: { value: "x", enumerable: true } });
    const taken = options(undefined, given);
    assert.deepEqual({ ...taken }, { accessToken: "x" });
    assert.equal(taken.maxRetries, undefined);
    assert.equal(taken.toString, undefined, "a polluted prototype would be an option");
  });

  it("that are none are refused", () => {
    for (const [given, found] of [
      [undefined, "options: missing, expected an object with accessToken"],
      [null, "options: null, expected object"],
      ["x", "options: string, expected object"],
      [["x"], "options: array, expected object"],
    ]) {
      assert.deepEqual(refused(() => options(undefined, given)), [found]);
    }
  });

  it("may be undefined one by one, but not null", () => {
    assert.doesNotThrow(() => options(CREATE, { timeoutMs: undefined, signal: undefined, headers: undefined }));
    for (const name of ["timeoutMs", "signal", "headers", "idempotencyKey"]) {
      const [found] = refused(() => options(CREATE, { [name]: null }));
      assert.ok(found.startsWith(`options.${name}: null, expected `), found);
    }
  });
});

describe("headers to add", () => {
  const taken = (headers) => options(CREATE, { headers }).headers;

  it("have their names in lower case, and are a copy", () => {
    const given = { "X-Trace": "1", accept: "application/json", "x!#$%&'*+-.^_`|~": "" };
    assert.deepEqual(taken(given), { "x-trace": "1", accept: "application/json", "x!#$%&'*+-.^_`|~": "" });
    assert.notEqual(taken(given), given);
  });

  for (const [headers, found] of [
    [{ Authorization: "x" }, "another string, expected no header of that name: use the option accessToken (header Authorization)"],
    [{ "IDEMPOTENCY-KEY": "x" }, "another string, expected no header of that name: use the option idempotencyKey (header IDEMPOTENCY-KEY)"],
    [{ "content-type": "x" }, "another string, expected no header of that name: a body is always application/json (header content-type)"],
    [{ "Content-Length": "1" }, "another string, expected no header of that name: the runtime sets it (header Content-Length)"],
    [{ "": "v" }, "another string, expected a header name made of letters, digits and hyphens (header with an odd name)"],
    [{ "a b": "v" }, "another string, expected a header name made of letters, digits and hyphens (header with an odd name)"],
    [{ "x:y": "v" }, "another string, expected a header name made of letters, digits and hyphens (header with an odd name)"],
    [{ "x\n": "v" }, "another string, expected a header name made of letters, digits and hyphens (header with an odd name)"],
    [{ "é": "v" }, "another string, expected a header name made of letters, digits and hyphens (header with an odd name)"],
    [{ "X-Count": 5 }, "number, expected a string (header X-Count)"],
    [{ "X-None": undefined }, "missing, expected a string (header X-None)"],
    [{ ["x".repeat(41)]: 5 }, "number, expected a string (header with an odd name)"],
  ]) {
    it(`are refused: ${JSON.stringify(headers)}`, () => {
      assert.deepEqual(refused(() => taken(headers)), [`options.headers: ${found}`]);
    });
  }

  it("are refused for a value that would break the request", () => {
    for (const value of ["a\nb", "a\r\nX: y", "a\0", "a\u007f", "snow ☃", " a", "a\t"]) {
      const [found] = refused(() => taken({ "X-A": value }));
      assert.match(found, /^options\.headers: another string, expected a string that can go into a header: /);
      assert.match(found, /\(header X-A\)$/);
    }
  });

  it("that are taken can be sent as they are", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: "binary" }), (name, value) => {
        let headers;
        try {
          headers = taken({ [name]: value });
        } catch (error) {
          assert.equal(error.name, "ValidationError");
          return;
        }
        // As pairs: of an object, Node's `Headers` leaves `__proto__` out.
        assert.equal(new Headers(Object.entries(headers)).get(name), value);
      }),
      { numRuns: 5000 },
    );
  });

  it("may be called what an object calls its prototype", () => {
    const headers = taken(JSON.parse('{"__proto__":"v","constructor":"w"}'));
    assert.deepEqual(Object.entries(headers), [["__proto__", "v"], ["constructor", "w"]]);
  });
});

describe("the idempotency key", () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it("is the one given, or a new one where one is needed", () => {
    assert.equal(key(CREATE, { idempotencyKey: "k" }, true, true), "k");
    assert.equal(key(UPDATE, { idempotencyKey: "k" }, true, false), "k");
    assert.equal(key(UPDATE, undefined, true, false), undefined);
    assert.match(key(CREATE, undefined, true, true), UUID);
    assert.notEqual(key(CREATE, {}, true, true), key(CREATE, {}, true, true));
  });

  it("is refused by what only reads", () => {
    const found = refused(() => key(GET, { idempotencyKey: "k" }, false, false));
    assert.deepEqual(found, ["options.idempotencyKey: string, expected to be left out: reading needs no key"]);
  });

  it("is refused if it could not be a header or would be none", () => {
    for (const idempotencyKey of ["", " k", "k\n", "☃", 7]) {
      const [found] = refused(() => options(CREATE, { idempotencyKey }));
      assert.match(found, /^options\.idempotencyKey: .*, expected a string that is unique to this logical call/);
    }
  });

  it("is a UUID also where the host has no function for one", () => {
    const { randomUUID } = crypto;
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true, writable: true });
    try {
      const keys = Array.from({ length: 100 }, () => key(CREATE, undefined, true, true));
      for (const made of keys) assert.match(made, UUID);
      assert.equal(new Set(keys).size, keys.length);
    } finally {
      delete crypto.randomUUID;
      assert.equal(crypto.randomUUID, randomUUID);
    }
  });
});
