// What a log line may hold.
import assert from "node:assert/strict";
import { before, describe, it, mock } from "node:test";
import fc from "fast-check";
import { ID, LAX, TOKEN, respond, stub } from "./client.mjs";
import { types } from "./tables.mjs";

const LEVELS = ["debug", "info", "warn", "error"];

/** A logger that keeps its lines: level, message, fields. */
function keeper() {
  const lines = [];
  const methods = LEVELS.map((level) => [level, (message, fields) => lines.push([level, message, fields])]);
  return { ...Object.fromEntries(methods), lines };
}

/** The lines of calls at debug. */
async function logged(calls, { answer, ...options } = {}) {
  const logger = keeper();
  const { api } = stub({ logger, logLevel: "debug", ...options }, answer);
  await calls(api);
  return logger.lines;
}

/** What the lines show of the data that are received. */
async function shownData(body, call = (api) => api.getCustomer(ID)) {
  const lines = await logged(call, { answer: () => respond(200, body) });
  return lines.find(([, message]) => message.endsWith(" got"))[2].data;
}

/** What the lines show of what a call sends. */
async function shownContent(call, options) {
  const lines = await logged(call, options);
  return lines.find(([, message]) => message.endsWith(" sends"))[2].content;
}

// So that no retry waits.
before(() => mock.method(Math, "random", () => 0));

describe("a log line at debug", () => {
  const customer = {
    id: ID,
    status: "ACTIVE",
    first_name: "Ottoline",
    ssn: "4329",
    dob: null,
    creation_time: "2025-02-03T14:05:06.120045Z",
    last_updated_time: "yesterday, by Ottoline",
    has_accounts: true,
    kyc_exempt: "Ottoline",
    ssn_source: "MANUAL",
    tenant: "qzwxec_mkjnhb",
    metadata: { any: "thing" },
    legal_address: { id: "a1", address_line_1: "12 Lantern Row", country_code: "US" },
    addresses: [{ address_type: "LEGAL", city: "Springfield" }],
    "ottoline@example.com": 1,
    nickname: 2,
  };
  const shown = {
    id: "[text]",
    status: "[personal]",
    first_name: "[personal]",
    ssn: "[secret]",
    dob: null,
    creation_time: "2025-02-03T14:05:06.120045Z",
    last_updated_time: "[text]",
    has_accounts: true,
    kyc_exempt: "[text]",
    ssn_source: "MANUAL",
    tenant: "[text]",
    metadata: "[personal]",
    legal_address: { id: "[text]", address_line_1: "[personal]", country_code: "[personal]" },
    addresses: [{ address_type: "LEGAL", city: "[personal]" }],
    "(unknown)": "[unknown]",
  };

  it("shows of a customer what is public and leaves no room for anything else", async () => {
    assert.deepEqual(await shownData(customer), shown);
  });

  it("shows of a page its customers likewise", async () => {
    const page = { customers: [customer, { id: "2", status: "ACTIVE" }], next_page_token: "k7" };
    assert.deepEqual(await shownData(page, (api) => api.listCustomers()), {
      customers: [shown, { id: "[text]", status: "[personal]" }],
      next_page_token: "[text]",
    });
  });

  it("shows of what is sent no value that says something about a person", async () => {
    const body = { status: "ACTIVE", ssn: "987-65-4329", x: 1, id: ID };
    // What is sent has none of what only the server sets.
    assert.deepEqual(await shownContent((api) => api.createCustomer(body)), { status: "[personal]", ssn: "[secret]", "(unknown)": "[unknown]" });
    const params = { id: ["a", "b"], limit: 25, ssn_last_4: "4329", last_name: "Quay", page_token: "k7", has_accounts: true, sort_by: ["last_name:asc"], status: "ACTIVE" };
    assert.deepEqual(await shownContent((api) => api.listCustomers(params)), {
      id: ["[text]", "[text]"],
      limit: 25,
      ssn_last_4: "[secret]",
      last_name: "[personal]",
      page_token: "[text]",
      has_accounts: true,
      sort_by: ["last_name:asc"],
      status: "ACTIVE",
    });
    assert.equal(await shownContent((api) => api.getCustomer("canary")), undefined);
    assert.equal(await shownContent((api) => api.listCustomers()), undefined);
  });

  it("shows a date as personal, and nothing of null", async () => {
    const patch = { dob: "1991-07-23", email: null };
    assert.deepEqual(await shownContent((api) => api.patchCustomer(ID, patch), LAX), { dob: "[personal]", email: null });
  });

  it("shows no body of a response that is not a success", async () => {
    const lines = await logged((api) => api.getCustomer("canary").catch(() => {}), {
      answer: () => respond(400, { id: "1", status: "ACTIVE", detail: "canary", missing: ["canary"] }),
    });
    assert.deepEqual(lines.map(([level, , { data }]) => [level, data]), [["debug", undefined], ["debug", undefined], ["error", undefined]]);
    assert.doesNotMatch(JSON.stringify(lines), /canary/);
  });

  // Odd values in every field of every type, whatever the field's class.
  const canary = fc.string({ minLength: 1 }).map((text) => `canary ${text}`);
  const odd = fc.oneof(canary, fc.constant(987654329), fc.array(canary, { maxLength: 2 }), fc.dictionary(fc.constantFrom("city", "x"), canary));
  const received = (answer) => ({ answer: () => answer });
  const calls = {
    CustomerWrite: (value) => logged((api) => api.createCustomer(value), LAX),
    PatchCustomer: (value) => logged((api) => api.patchCustomer("canary", value), LAX),
    AddressWrite: (value) => logged((api) => api.updateCustomer("canary", { status: "ACTIVE", legal_address: value }), LAX),
    // A whole number is a limit, and none of a person's.
    ListCustomersParams: ({ limit: _, ...value }) => logged((api) => api.listCustomers(value), LAX),
    Customer: (value) => logged((api) => api.getCustomer("canary"), received(respond(200, { id: "1", status: "ACTIVE", ...value }))),
    CustomerList: (value) => logged((api) => api.listCustomers(), received(respond(200, { customers: [value], ...value, ...(Array.isArray(value.customers) ? {} : { customers: [] }) }))),
    Address: (value) => logged((api) => api.getCustomer("canary"), received(respond(200, { id: "1", status: "ACTIVE", legal_address: value, addresses: [value] }))),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(`shows no text that a ${name} could hold, whatever it is`, async () => {
      let seen = 0;
      await fc.assert(
        fc.asyncProperty(fc.dictionary(fc.constantFrom(...types[name].fields.keys(), "canary"), odd), async (value) => {
          const lines = await call(value).catch(({ name }) => assert.match(name, /^(Decode|Validation)Error$/));
          assert.doesNotMatch(JSON.stringify(lines ?? []), /canary|987654329/);
          seen += Number(lines?.length > 2);
        }),
        { numRuns: 300 },
      );
      assert.ok(seen > 100, `only ${seen} calls were logged to their end`);
    });
  }
});

describe("a log", () => {
  const LINES = [
    "debug: synctera-customers: getCustomer sends",
    "debug: synctera-customers: getCustomer got",
    "warn: synctera-customers: getCustomer will be retried",
    "debug: synctera-customers: getCustomer sends",
    "debug: synctera-customers: getCustomer got",
    "info: synctera-customers: getCustomer is done",
    "debug: synctera-customers: getCustomer sends",
    "debug: synctera-customers: getCustomer got",
    "error: synctera-customers: getCustomer failed: 404, with JSON that is no problem report. No customer has this id in https://api.example.com/v0.",
  ];
  const answers = [
    () => {
      throw new TypeError("fetch failed");
    },
    () => respond(200, { id: "1", status: "ACTIVE" }),
    () => respond(404, {}),
  ];

  /** What a log of this level writes of a call of two attempts, and of one that fails. */
  async function written(options) {
    const logger = keeper();
    const { api } = stub({ logger, maxRetries: 1, ...options }, (number) => answers[number - 1]());
    await api.getCustomer(ID);
    await assert.rejects(api.getCustomer(ID));
    return logger.lines;
  }

  for (const [level, least] of [["off", 4], ["error", 3], ["warn", 2], [undefined, 2], ["info", 1], ["debug", 0]]) {
    const wanted = LINES.filter((line) => LEVELS.indexOf(line.split(":")[0]) >= least);
    it(`of the level ${level} has ${wanted.length} lines`, async () => {
      const lines = await written({ logLevel: level });
      assert.deepEqual(lines.map(([level, message]) => `${level}: ${message}`), wanted);
    });
  }

  it("has the same fields as the events of the hooks, and of an error what its toJSON gives", async () => {
    const events = [];
    const keep = (event) => events.push(event);
    const lines = await written({ logLevel: "debug", onRequest: keep, onResponse: keep, onRetry: keep });
    const shown = lines.filter(([level, message]) => level !== "error" && !message.endsWith(" is done"));
    assert.deepEqual(shown.map(([, , { content: _, data: __, problem: ___, ...fields }]) => fields), events);
    const fields = lines.at(-1)[2];
    assert.deepEqual([fields.name, fields.status, fields.outcome], ["ApiError", 404, "rejected"]);
    assert.ok(lines.at(-1)[1].endsWith(fields.message));
  });

  it("is not written without a logger, nor by the console unless it is the logger", async () => {
    const spies = LEVELS.map((level) => mock.method(console, level, () => {}));
    try {
      const { api } = stub({ logLevel: "debug" });
      await api.getCustomer(ID);
      assert.deepEqual(spies.map(({ mock }) => mock.callCount()), [0, 0, 0, 0]);
      await stub({ logLevel: "debug", logger: console }).api.getCustomer(ID);
      assert.deepEqual(spies.map(({ mock }) => mock.callCount()), [2, 1, 0, 0]);
    } finally {
      spies.forEach(({ mock }) => mock.restore());
    }
  });

  it("shows no token, no id, no key and no header", async () => {
    const lines = await logged(
      async (api) => {
        await api.getCustomer("canary", { headers: { "x-a": "canary" } });
        await api.createCustomer({ status: "ACTIVE" }, { idempotencyKey: "canary" });
      },
      { accessToken: `${TOKEN}-canary` },
    );
    assert.ok(lines.length >= 6);
    assert.doesNotMatch(JSON.stringify(lines), /canary/);
  });

  it("that throws or rejects is not the call's failure", async () => {
    for (const write of [() => { throw new Error("mine"); }, async () => { throw new Error("mine"); }]) {
      const logger = Object.fromEntries(LEVELS.map((level) => [level, write]));
      const { api } = stub({ logger, logLevel: "debug" }, (number) => respond(number === 1 ? 200 : 404, { id: "1", status: "ACTIVE" }));
      assert.equal((await api.getCustomer(ID)).id, "1");
      await assert.rejects(api.getCustomer(ID), { name: "ApiError" });
    }
  });
});
