// The first hour in Node, in strict TypeScript: what each step gives, and what each failure says.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { TSC, createProject, run } from "./project.mjs";

const NOTHING = "Nothing was sent.";
let sandbox;
let compiled;
let result;

before(async () => {
  sandbox = await startSandbox();
  const folder = await createProject("node", ["@standard-schema/spec", "@types/node"]);
  compiled = await run(folder, process.execPath, [TSC]);
  const environment = { BASE_URL: sandbox.baseUrl, SANDBOX_TOKEN: sandbox.token, SYNCTERA_API_KEY: "of-the-environment" };
  const { code, stdout, printed } = await run(folder, process.execPath, ["dist/main.js"], environment);
  assert.equal(code, 0, printed);
  result = JSON.parse(stdout);
});

after(() => sandbox?.stop());

/** `BASE` stands for the sandbox's address. */
const words = (text) => text.replaceAll("BASE", sandbox.baseUrl);

describe("a program in strict TypeScript", () => {
  it("compiles, and what must not compile does not", () => assert.equal(compiled.printed, ""));

  it("finds the method and its own functions in an error's stack", () => {
    assert.match(result.stacks.notFound.stack, /getCustomer[^]*findMissing/);
  });

  it("hears of a name that the API does not know, with the one that was meant", () => {
    const allowed = "(allowUnknownFields: true sends it all the same)";
    assert.deepEqual(result.unknownNames.map(({ name, message }) => [name, message]), [
      [
        "ValidationError",
        `createCustomer: customer.lastname: an unknown name, expected a known name; did you mean last_name? ${allowed}; ` +
          `customer.phone: ${result.unknownNames[0].message.split("customer.phone: ")[1]}`,
      ],
      [
        "ValidationError",
        `patchCustomer: patch.phoneNumber: an unknown name, expected a known name; did you mean phone_number? ${allowed}. ${NOTHING}`,
      ],
    ]);
    assert.equal(result.unknownAllowed, "ACTIVE");
  });

  it("sends back what the API returned, though the API has grown", () => assert.equal(result.roundTrip, true));

  it("hears that no field can be cleared", () => {
    assert.equal(result.null.message, `patchCustomer: patch.email: null, expected a value, or nothing: the API cannot clear a field. ${NOTHING}`);
  });

  it("narrows an error by its name", () => assert.deepEqual(result.described, ["404 RESOURCE_NOT_FOUND", "customerId"]));

  it("takes the token from the environment, and sends it to no other address", () => {
    assert.deepEqual(
      result.environment.map(({ url, headers }) => [url, headers.authorization]),
      [["https://api-sandbox.synctera.com/v0/customers/1", "Bearer of-the-environment"]],
    );
    assert.match(result.environmentWithBaseUrl, /accessToken is missing/);
    const [{ url, headers }] = result.ownBackend;
    assert.deepEqual([url, "authorization" in headers], ["https://backend.example.com/api/customers/1", false]);
  });

  it("gives a call its own token, and an attempt its own headers", () => {
    assert.equal(result.tokenOfTheCall[0].headers.authorization, "Bearer of-the-call");
    assert.equal(result.traced[0].headers.traceparent, "00-1");
    assert.deepEqual(
      [result.untraceable.name, result.untraceable.message],
      [
        "ValidationError",
        "getCustomer: the headers that onRequest returned: a header that the client sets, expected it to be left out: " +
          `use the option accessToken (header authorization). ${NOTHING}`,
      ],
    );
  });

  it("hears of a token function that fails by its own error", () => {
    assert.deepEqual([result.token.name, result.token.message], ["TokenError", `getCustomer: the accessToken function failed (RangeError). ${NOTHING}`]);
  });
});

describe("the message", () => {
  for (const [what, text] of Object.entries({
    emptyKey: `new CustomersApi: accessToken is missing. Is SYNCTERA_API_KEY set? ${NOTHING}`,
    unknownPath:
      "getCustomer failed: 404 RESOURCE_NOT_FOUND. Nothing at ROOT/customers/{customer_id}. A base URL usually ends in /v0. " +
      "If this one is right, no customer has this id.",
    torn:
      "getCustomer: called without its client, expected a client: call it as api.getCustomer(…), or hand on " +
      `(…args) => api.getCustomer(…args). ${NOTHING}`,
    connectionRefused: "getCustomer: connection refused by http://127.0.0.1:2/v0 after 1 attempt. It is safe to repeat.",
    nameNotFound: "getCustomer: no address was found for the host of https://unknown.invalid/v0 after 1 attempt. It is safe to repeat.",
    tooManyRequests: "getCustomer failed: 429 TOO_MANY_REQUESTS. Wait 7 s before the next call (retryAfterMs).",
    unexpectedShape: "getCustomer: the server answered 200, but its body lacks what the contract requires: id: number, expected string. It is safe to repeat.",
    tooLarge: "listCustomers: the server answered 200, but its body is larger than maxResponseBytes. Raise maxResponseBytes, or ask for fewer customers with limit or pageSize.",
    madeKey: "createCustomer failed: 400 BAD_REQUEST_BODY; invalid: dob. Correct the request.",
    givenKey:
      "createCustomer failed: 400 BAD_REQUEST_BODY; invalid: dob. Correct the request, and take a new idempotency key for it: " +
      "this response is kept under the old one.",
    wrongEnvironment: "getCustomer failed: 404 RESOURCE_NOT_FOUND. No customer has this id in BASE.",
  })) {
    it(`of ${what} says what is wrong and what to do`, () => {
      assert.equal(result.messages[what].message, words(text).replace("ROOT", sandbox.baseUrl.replace(/\/v0$/, "")));
    });
  }

  it("of a status that cannot follow names those that can", () => {
    assert.match(result.messages.invalidStatus.message, /^patchCustomer failed: 422 INVALID_STATUS\. Accepted from here: [A-Z_]+(, [A-Z_]+)*\.$/);
  });
});

describe("a check by itself", () => {
  it("finds what is wrong, by path and without values", () => {
    assert.deepEqual(result.validated, {
      fine: [],
      patch: [],
      refused: [
        { path: "customer.ssn", found: "a string of 9 characters", expected: "nine digits as NNN-NN-NNNN" },
        {
          path: "customer.legal_address.country_code",
          found: "a string of 2 characters",
          expected: "a two-letter ISO 3166-1 country code in upper case",
        },
        { path: "customer.status", found: "missing", expected: result.validated.refused[2].expected },
      ],
    });
  });

  it("is a Standard Schema", () => {
    assert.deepEqual(result.standard, [
      {
        issues: [
          {
            message: "a string of 2 characters, expected a two-letter ISO 3166-1 country code in upper case",
            path: ["legal_address", "country_code"],
          },
        ],
      },
      { value: { status: "ACTIVE" } },
    ]);
  });
});

describe("who watches", () => {
  it("hears why an attempt is retried", () => {
    const [event] = result.events;
    assert.deepEqual([event.ended, event.status, event.attempt, result.events.length], ["answered", 503, 1, 1]);
    const { message, fields } = result.lines.find(({ level }) => level === "warn");
    assert.match(message, /getCustomer will be retried: 503/);
    assert.equal(fields.status, 503);
  });

  it("sees at debug what the server said of a failure, redacted", () => {
    const failed = result.lines.filter(({ message, fields }) => message.endsWith(" got") && fields.status === 503);
    assert.equal(failed.length, 2);
    for (const { fields } of failed) assert.equal(typeof fields.problem, "string");
  });

  it("sees how long the whole call took, and its attempts", () => {
    const { fields } = result.lines.find(({ level }) => level === "info");
    assert.deepEqual([fields.operation, fields.attempts, fields.status, typeof fields.durationMs], ["getCustomer", 1, 200, "number"]);
  });
});
