// The example proxy in workerd, between the package in a page's place and the real sandbox.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import "./allow-lists.mjs";
import { exampleFolder } from "./build.mjs";
import "./key.mjs";
import {
  ADDRESS,
  HIDDEN,
  NEVER_SHOWN,
  UNKNOWN_ID,
  assertNothingSent,
  assertProblem,
  page,
  post,
  rejection,
  send,
  stage,
  stored,
  received,
} from "./pages.mjs";
import { AUDIENCE, ODD_KEY, ORIGIN, SESSION_SECRET, direct, newName, session } from "./stage.mjs";

describe("the five operations", () => {
  const all = { worker: "wide", claims: { role: "all" } };

  for (const { name, run } of [
    {
      name: "createCustomer",
      async run(api) {
        const made = await api.createCustomer({ status: "ACTIVE", last_name: newName() });
        return { made, stored: await direct(stage.sandbox).getCustomer(made.id) };
      },
    },
    {
      name: "getCustomer",
      async run(api) {
        const { id } = await stored();
        return { made: await api.getCustomer(id), stored: await direct(stage.sandbox).getCustomer(id) };
      },
    },
    {
      name: "listCustomers",
      async run(api) {
        const customer = await stored();
        const { id, last_name } = customer;
        const { customers } = await api.listCustomers({ last_name, has_accounts: false, id: [id] });
        assert.equal(customers.length, 1);
        return { made: customers[0], stored: customer };
      },
    },
    {
      name: "patchCustomer",
      async run(api) {
        const { id } = await stored();
        const made = await api.patchCustomer(id, { first_name: "Grace", metadata: { a: [1, { b: null }] } });
        const after = await direct(stage.sandbox).getCustomer(id);
        assert.deepEqual([after.first_name, after.dob], ["Grace", HIDDEN.dob]);
        return { made, stored: after };
      },
    },
    {
      name: "updateCustomer",
      async run(api) {
        const { id, last_name } = await stored();
        const made = await api.updateCustomer(id, { status: "INACTIVE", last_name });
        return { made, stored: await direct(stage.sandbox).getCustomer(id) };
      },
    },
  ]) {
    it(`${name} does what it does without the proxy, and shows what may be read`, async () => {
      const { made, stored } = await run(await page(all));
      const { id, status, first_name, last_name, email, legal_address, metadata, addresses } = stored;
      const cities = addresses?.map(({ city }) => ({ city }));
      const readable = { id, status, first_name, last_name, email, legal_address, metadata, addresses: cities };
      assert.deepEqual(made, JSON.parse(JSON.stringify(readable)));
    });
  }

  it("pages lead to the end, each no longer than the config says", async () => {
    const last_name = newName();
    for (let made = 0; made < 3; made += 1) await stored({ last_name });
    const api = await page();
    const seen = [];
    let page_token;
    do {
      const list = await api.listCustomers({ last_name, limit: 2, ...(page_token && { page_token }) });
      const names = list.next_page_token ? ["customers", "next_page_token"] : ["customers"];
      assert.deepEqual(Object.keys(list).sort(), names);
      seen.push(...list.customers.map(({ id }) => id));
      page_token = list.next_page_token;
    } while (page_token);
    assert.equal(new Set(seen).size, 3);
    for (const [asked, sent] of [[undefined, "50"], [100, "50"], [7, "7"]]) {
      stage.relay.requests.length = 0;
      await api.listCustomers(asked === undefined ? {} : { limit: asked });
      assert.equal(new URLSearchParams(stage.relay.requests[0].path.split("?")[1]).get("limit"), sent);
    }
  });

  it("status, request id and idempotency key pass in both directions", async () => {
    const api = await page();
    const info = await api.createCustomerWithHttpInfo({ status: "PROSPECT" }, { idempotencyKey: "of-the-page" });
    const [{ method, path, headers }] = stage.relay.requests;
    assert.deepEqual([info.status, method, path], [201, "POST", "/v0/customers"]);
    assert.equal(headers["idempotency-key"], "of-the-page");
    assert.match(info.requestId, /^[0-9a-f-]{36}$/);
  });

  it("Synctera sees the proxy's key, and nothing of the page's", async () => {
    await (await page()).listCustomers();
    const [{ headers }] = stage.relay.requests;
    assert.equal(headers.authorization, `Bearer ${stage.sandbox.token}`);
    for (const name of ["origin", "cookie", "referer", "user-agent", "x-forwarded-for", "sandbox-fault"]) {
      assert.equal(headers[name], undefined, name);
    }
  });
});

describe("origins", () => {
  const preflight = (headers) =>
    send("/v0/customers", {
      method: "OPTIONS",
      headers: {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,idempotency-key",
        ...headers,
      },
    });

  it("a preflight of an allowed origin allows what the package needs", async () => {
    const response = await preflight({ authorization: "" });
    assert.equal(response.status, 204);
    assert.equal(response.headers.get("access-control-allow-origin"), ORIGIN);
    assert.equal(response.headers.get("access-control-allow-methods"), "GET, POST, PATCH, PUT");
    assert.equal(response.headers.get("access-control-allow-headers"), "authorization, content-type, idempotency-key");
    assert.equal(response.headers.get("access-control-max-age"), "600");
    assert.equal(response.headers.get("access-control-allow-credentials"), null);
    assert.match(response.headers.get("vary"), /Origin/);
    assertNothingSent();
  });

  for (const origin of [
    "https://stranger.example.com",
    "https://app.example.com.stranger.example",
    "https://app.example.com:8443",
    "http://app.example.com",
    "https://APP.example.com",
    "app.example.com",
    "null",
    "*",
    `${ORIGIN} https://other.example.com`,
  ]) {
    it(`the origin ${JSON.stringify(origin)} is refused, whatever it sends`, async () => {
      for (const response of [
        await send("/v0/customers", { headers: { origin } }),
        await send("/v0/customers", { headers: { origin, authorization: "" } }),
        await post({ status: "PROSPECT" }, { headers: { origin } }),
        // What a page may send without a preflight.
        await post("{}", { headers: { origin, "content-type": "text/plain" } }),
        await preflight({ origin }),
      ]) {
        await assertProblem(response, 403, "FORBIDDEN");
        assert.equal(response.headers.get("access-control-allow-origin"), null);
        assert.match(response.headers.get("vary"), /Origin/);
      }
      assertNothingSent();
    });
  }

  it("an allowed page may read refusals too", async () => {
    for (const response of [
      await send("/v0/customers", { token: "x.y.z" }),
      await send("/v0/nothing"),
      await send(`/v0/customers/${UNKNOWN_ID}`),
    ]) {
      assert.equal(response.headers.get("access-control-allow-origin"), ORIGIN);
      assert.equal(response.headers.get("access-control-expose-headers"), "retry-after, x-request-id");
      assert.match(response.headers.get("x-request-id"), /^[0-9a-f-]{36}$/);
    }
  });
});

describe("a session in a cookie", () => {
  /** Asks with a good session in a cookie, and with these headers as well, or without those that are undefined. */
  const ask = async (headers) => {
    const good = { "x-csrf-protection": "1", cookie: `a=b; __Host-session=${await session()}; c=d` };
    const given = Object.entries({ ...good, ...headers }).filter(([, value]) => value !== undefined);
    return fetch(`${stage.workers.urls.shipped}/v0/customers`, { headers: Object.fromEntries(given) });
  };

  it("is taken from a page of the Worker's own origin", async () => {
    assert.equal((await ask({})).status, 200);
  });

  for (const [what, headers] of [
    ["without the header that only such a page can add", { "x-csrf-protection": undefined }],
    ["under another name", { cookie: "session=a.b.c" }],
    ["that is empty", { cookie: "__Host-session=" }],
    ["that is three parts of nonsense", { cookie: "__Host-session=a.b.c" }],
    ["where a header names another session", { authorization: "Bearer a.b.c" }],
  ]) {
    it(`is none ${what}`, async () => {
      await assertProblem(await ask(headers), 401, "UNAUTHENTICATED");
      assertNothingSent();
    });
  }

  it("is not offered to pages of other origins", async () => {
    const preflight = { "access-control-request-method": "GET", "access-control-request-headers": "x-csrf-protection" };
    const response = await send("/v0/customers", { method: "OPTIONS", headers: preflight });
    assert.doesNotMatch(response.headers.get("access-control-allow-headers"), /x-csrf/);
    assert.equal(response.headers.get("access-control-allow-credentials"), null);
  });
});

describe("sessions", () => {
  const now = () => Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = () => ({ sub: "user-17", role: "staff", aud: AUDIENCE, exp: now() + 600 });
  const signed = (header, payload) => {
    const text = `${header}.${Buffer.from(payload).toString("base64url")}`;
    return `${text}.${createHmac("sha256", SESSION_SECRET).update(text).digest("base64url")}`;
  };

  for (const [what, token, worker] of [
    ["none", () => ""],
    ["the API key itself", () => stage.sandbox.token],
    ["no token at all", () => "nonsense"],
    ["three parts of nonsense", () => "a.b.c"],
    ["one signed by another", () => session({}, "another-secret-0123456789abcdefghij")],
    ["one signed with an empty secret", () => session({}, "\0")],
    ["one changed after it was signed", async () => {
      const [header, , signature] = (await session({ role: "customer" })).split(".");
      return `${header}.${part(claims())}.${signature}`;
    }],
    ["one without a signature", () => `${part({ alg: "none" })}.${part(claims())}.`],
    ["one well signed that names another algorithm", () => signed(part({ alg: "none" }), JSON.stringify(claims()))],
    ["an expired one", () => session({ exp: now() - 1 })],
    ["one that never expires", () => session({ exp: undefined })],
    ["one that expires in milliseconds", () => session({ exp: (now() + 600) * 1000 })],
    ["one that is good for more than a day", () => session({ exp: now() + 25 * 60 * 60 })],
    ["one that expires at infinity", () => signed(part({ alg: "HS256" }), JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999'))],
    ["one that expires in words", () => session({ exp: "tomorrow" })],
    ["one of the future", () => session({ nbf: now() + 600 })],
    ["one made for something else", () => session({ aud: "newsletter" })],
    ["one made for nothing", () => session({ aud: undefined })],
    ["one without a user", () => session({ sub: "" })],
    ["one without a role", () => session({ role: undefined })],
    ["any, where no secret is set up", () => session(), "bare"],
    ["any, where the secret is short", () => session({}, "short"), "a short secret"],
    ["any, where no audience is set up", () => session({ aud: "" }), "no audience"],
  ]) {
    it(`with ${what} access is denied`, async () => {
      const response = await send("/v0/customers", { token: await token(), worker });
      await assertProblem(response, 401, "UNAUTHENTICATED");
      assert.equal(response.headers.get("www-authenticate"), "Bearer");
      assertNothingSent();
    });
  }

  it("a session is the header's: in a cookie, a query or a body access is denied", async () => {
    const token = await session();
    for (const [path, options] of [
      ["/v0/customers", { headers: { authorization: "", cookie: `authorization=Bearer ${token}; token=${token}` } }],
      [`/v0/customers?access_token=${token}`, { headers: { authorization: "" } }],
      ["/v0/customers", { method: "POST", body: `access_token=${token}`, headers: { authorization: "" } }],
      ["/v0/customers", { headers: { authorization: `Basic ${token}` } }],
      ["/v0/customers", { headers: { authorization: `Bearer ${token}, Bearer ${token}` } }],
    ]) {
      await assertProblem(await send(path, options), 401, "UNAUTHENTICATED");
    }
    assertNothingSent();
  });

  it("a session for several audiences is good for this one", async () => {
    const response = await send("/v0/customers", { token: await session({ aud: ["newsletter", AUDIENCE] }) });
    assert.equal(response.status, 200);
  });

  it("a page whose session has ended fetches another, and the call goes on", async () => {
    const sessions = [await session({ exp: now() - 1 }), await session()];
    const api = await page({ accessToken: () => sessions.shift() });
    assert.equal((await api.listCustomersWithHttpInfo()).attempts, 2);
    assert.equal(stage.relay.requests.length, 1);
  });
});

describe("roles", () => {
  const customer = (customer_id) => ({ role: "customer", customer_id });

  it("a customer reads and changes the own record", async () => {
    const { id } = await stored();
    const api = await page({ claims: customer(id) });
    assert.equal((await api.getCustomer(id)).id, id);
    assert.equal((await api.patchCustomer(id, { email: "grace@example.com" })).email, "grace@example.com");
  });

  for (const [what, call, claims] of [
    ["a customer reading another's record", (api, id) => api.getCustomer(id), customer(UNKNOWN_ID)],
    ["a customer changing another's record", (api, id) => api.patchCustomer(id, { email: "x@example.com" }), customer(UNKNOWN_ID)],
    ["a customer listing", (api) => api.listCustomers(), customer(UNKNOWN_ID)],
    ["a customer creating", (api) => api.createCustomer({ status: "ACTIVE" }), customer(UNKNOWN_ID)],
    ["a customer without a record", (api) => api.getCustomer(UNKNOWN_ID), { role: "customer" }],
    ["staff replacing, which the config leaves out", (api, id) => api.updateCustomer(id, { status: "ACTIVE" }), { role: "staff" }],
    ["a role that the config does not name", (api) => api.listCustomers(), { role: "guest" }],
    ["a role that every object has", (api) => api.listCustomers(), { role: "constructor" }],
  ]) {
    it(`${what} is refused`, async () => {
      const { id } = await stored();
      const { name, status, code, outcome } = await rejection(call(await page({ claims }), id));
      assert.deepEqual([name, status, code, outcome], ["ApiError", 403, "FORBIDDEN", "rejected"]);
      assertNothingSent();
    });
  }

  it("what a customer may not write is refused, though staff may", async () => {
    const { id } = await stored();
    const error = await rejection((await page({ claims: customer(id) })).patchCustomer(id, { status: "DENIED" }));
    assert.deepEqual([error.status, Object.keys(error.invalid)], [400, ["status"]]);
    assertNothingSent();
  });
});

describe("paths and methods", () => {
  for (const [method, path, status, allow] of [
    ["GET", "/", 404],
    ["GET", "/customers", 404],
    ["GET", "/v0", 404],
    ["GET", "/v0/customers/", 404],
    ["GET", "/v0//customers", 404],
    ["GET", "/v0/persons", 404],
    ["GET", `/v0/customers/${UNKNOWN_ID}/accounts`, 404],
    ["GET", "/v0/customers/%2e%2e", 404],
    ["GET", "/v0/customers/%E0%A4%A", 404],
    ["GET", "/v0/Customers", 404],
    ["DELETE", `/v0/customers/${UNKNOWN_ID}`, 405, "GET, PATCH, PUT"],
    ["POST", `/v0/customers/${UNKNOWN_ID}`, 405, "GET, PATCH, PUT"],
    ["PUT", "/v0/customers", 405, "GET, POST"],
    ["PATCH", "/v0/customers", 405, "GET, POST"],
    ["OPTIONS", "/v0/customers", 405, "GET, POST"],
    ["PROPFIND", "/v0/customers", 405, "GET, POST"],
  ]) {
    it(`${method} ${path} gives ${status}`, async () => {
      const response = await send(path, { method });
      await assertProblem(response, status, status === 404 ? "RESOURCE_NOT_FOUND" : undefined);
      assert.equal(response.headers.get("allow"), allow ?? null);
      assertNothingSent();
    });
  }

  it("the method is the request's, whatever a header says", async () => {
    for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
      await assertProblem(await post({}, { headers: { [name]: "GET" } }), 400, "BAD_REQUEST_BODY");
      const response = await send(`/v0/customers/${UNKNOWN_ID}`, { method: "DELETE", headers: { [name]: "GET" } });
      await assertProblem(response, 405, undefined);
    }
    assertNothingSent();
  });

  it("an id is a UUID, and cannot lead to another path", async () => {
    const token = await session({ role: "customer", customer_id: "..%2Fpersons" });
    for (const id of [
      "a%2Fb", "..%2Fpersons", "..%2f..%2fpersons", "..%5Cpersons", "..;", "%23", "undefined", "a%3Fb=c", `${UNKNOWN_ID}%00`,
      `${UNKNOWN_ID}%2F..%2F${UNKNOWN_ID}`, `${UNKNOWN_ID}%2Faccounts`, `${UNKNOWN_ID},${UNKNOWN_ID}`, `%7B${UNKNOWN_ID}%7D`, UNKNOWN_ID.slice(1), `urn:uuid:${UNKNOWN_ID}`,
    ]) {
      for (const options of [{}, { method: "PATCH" }, { token }]) {
        await assertProblem(await send(`/v0/customers/${id}`, options), 404, "RESOURCE_NOT_FOUND");
      }
    }
    assertNothingSent();
    assert.equal((await send(`/v0/customers/${UNKNOWN_ID.replaceAll("0", "A")}`)).status, 404);
    assert.equal(stage.relay.requests.length, 1, "capital letters are a UUID's too");
  });
});

describe("bodies", () => {
  const LIMIT = 64 * 1024;
  const inPieces = (pieces) => ReadableStream.from(pieces.map((piece) => Uint8Array.from(Buffer.from(piece, "latin1"))));

  for (const [what, options, status, code] of [
    ["no JSON", { body: "{" }, 400, "BAD_REQUEST_BODY"],
    ["a list", { body: "[]" }, 400, "BAD_REQUEST_BODY"],
    ["null", { body: "null" }, 400, "BAD_REQUEST_BODY"],
    ["nothing", { body: "" }, 400, "BAD_REQUEST_BODY"],
    ["no UTF-8", { body: () => inPieces(['{ "email": "', "\xff", '" }']) }, 400, "BAD_REQUEST_BODY"],
    ["another type", { body: "{}", headers: { "content-type": "text/plain" } }, 415],
    ["a type that only begins alike", { body: "{}", headers: { "content-type": "application/jsonp" } }, 415],
    ["more than the limit, not announced", { body: () => inPieces([" ".repeat(LIMIT), " "]) }, 413],
    ["no idempotency key", { body: { status: "ACTIVE" }, headers: { "idempotency-key": "" } }, 400, "BAD_REQUEST"],
  ]) {
    it(`a body with ${what} is refused`, async () => {
      const { body, ...more } = options;
      await assertProblem(await post(typeof body === "function" ? body() : body, more), status, code);
      assertNothingSent();
    });
  }

  // Nothing of it is sent: of a body that it does not read, workerd discards 64 KiB and then closes
  // the connection, and a sender that is not done by then may lose the response.
  it("a body with more than the limit, announced is refused", async () => {
    const headers = { authorization: `Bearer ${await session()}`, "content-type": "application/json", "content-length": LIMIT + 1 };
    const sent = request(`${stage.workers.urls.shipped}/v0/customers`, { method: "POST", headers });
    sent.flushHeaders();
    const [response] = await once(sent, "response");
    assert.equal(response.statusCode, 413);
    sent.destroy();
    assertNothingSent();
  });

  const SECRET = "not-to-be-repeated";
  for (const [what, worker, role, body, names] of [
    ["a field", "shipped", "staff", { status: "ACTIVE", tenant: SECRET, note: SECRET }, ["tenant", "note"]],
    ["a field that is unknown", "shipped", "staff", { status: "ACTIVE", shoe_size: SECRET }, ["shoe_size"]],
    ["a field of the server", "shipped", "staff", { status: "ACTIVE", id: SECRET, kyc_status: SECRET }, ["id", "kyc_status"]],
    ["a name that is data", "shipped", "staff", { status: "ACTIVE", [SECRET.repeat(4)]: 1 }, ["(a long name)"]],
    ["a path for a name", "wide", "little", { "legal_address.city": SECRET }, ["legal_address.city"]],
    ["a member of an address", "wide", "little", { legal_address: { city: "Here", state: SECRET } }, ["legal_address.state"]],
    ["the whole of an address", "wide", "little", { legal_address: SECRET }, ["legal_address"]],
    ["an address made null", "wide", "little", { legal_address: null }, ["legal_address"]],
    ["a prototype", "shipped", "staff", `{ "status": "ACTIVE", "__proto__": { "status": "${SECRET}" } }`, ["__proto__"]],
  ]) {
    it(`${what} that is not listed is refused by name, and its value is not repeated`, async () => {
      const path = role === "little" ? `/v0/customers/${UNKNOWN_ID}` : "/v0/customers";
      const token = await session({ role });
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
      const method = role === "little" ? "PATCH" : "POST";
      const response = await send(path, { worker, token, method, body: text, headers });
      const problem = await assertProblem(response, 400, "BAD_REQUEST_BODY");
      assert.deepEqual(Object.keys(problem.invalid), names);
      for (const name of names) assert.ok(problem.detail.includes(name), problem.detail);
      assert.ok(!JSON.stringify(problem).includes(SECRET));
      assertNothingSent();
    });
  }

  it("what the Worker's client objects to comes back by field, without its value", async () => {
    const body = { dob: "19 December", ssn: "123456789", legal_address: { city: SECRET } };
    const problem = await assertProblem(await post(body), 400, "BAD_REQUEST_BODY");
    assert.deepEqual(problem.missing.sort(), ["legal_address.address_line_1", "legal_address.country_code", "status"]);
    assert.deepEqual(Object.keys(problem.invalid).sort(), ["dob", "ssn"]);
    assert.doesNotMatch(JSON.stringify(problem), /December|123456789|not-to-be/);
    assertNothingSent();
  });
});

describe("queries", () => {
  for (const [query, names] of [
    ["ssn_last_4=1234", ["ssn_last_4"]],
    ["last_name=Quay&shoe_size=43", ["shoe_size"]],
    ["status=ACTIVE&status=DENIED", ["status"]],
    ["sort_by=email:asc", ["sort_by"]],
    ["sort_by=creation_time:asc,kyc_status:asc", ["sort_by"]],
    ["sort_by=", ["sort_by"]],
    ["__proto__=1", ["__proto__"]],
    [`${"x".repeat(41)}=1`, ["(a long name)"]],
    ["limit=0", ["limit"]],
    ["limit=many", ["limit"]],
    ["limit=1e1", ["limit"]],
    ["has_accounts=perhaps", ["has_accounts"]],
    ["status=SLEEPING", ["status"]],
    ["sort_by=last_name:sideways", ["sort_by[0]"]],
    ["id=", ["id[0]"]],
    ["page_token=", ["page_token"]],
  ]) {
    it(`?${query.slice(0, 40)} is refused by name`, async () => {
      const problem = await assertProblem(await send(`/v0/customers?${query}`), 400, "BAD_QUERY_PARAMETER");
      assert.deepEqual(Object.keys(problem.invalid), names);
      assertNothingSent();
    });
  }

  it("a parameter that a role has no filter for is refused, though another role has", async () => {
    for (const [role, params, name] of [
      ["little", { last_name: "Q*" }, "last_name"],
      ["all", { sort_by: ["first_name:asc"] }, "sort_by"],
    ]) {
      const api = await page({ worker: "wide", claims: { role } });
      const { status, invalid } = await rejection(api.listCustomers(params));
      assert.deepEqual([status, Object.keys(invalid)], [400, [name]]);
    }
    assertNothingSent();
  });

  it("only a list has a query", async () => {
    await assertProblem(await send(`/v0/customers/${UNKNOWN_ID}?expand=accounts`), 400, "BAD_QUERY_PARAMETER");
    assertNothingSent();
  });
});

describe("what may be read", () => {
  it("staff see the listed fields, and of an address its listed members, one by one and in lists", async () => {
    const { id, last_name } = await stored();
    const api = await page();
    const seen = [
      await api.getCustomer(id),
      (await api.listCustomers({ last_name })).customers[0],
      await api.patchCustomer(id, { dob: HIDDEN.dob }),
    ];
    for (const customer of seen) {
      assert.deepEqual(Object.keys(customer).sort(), [
        "ban_status", "creation_time", "email", "first_name", "has_accounts", "id", "kyc_status", "last_name",
        "last_updated_time", "legal_address", "status",
      ]);
      assert.deepEqual(customer.legal_address, ADDRESS);
    }
  });

  it("a role that may read one member of an address gets that, and what makes it a customer", async () => {
    const { id } = await stored();
    const customer = await (await page({ worker: "wide", claims: { role: "little" } })).getCustomer(id);
    assert.deepEqual(customer, { id, status: "ACTIVE", legal_address: { city: ADDRESS.city } });
  });

  it("what may be written but not read goes in and does not come out", async () => {
    const { dob, ssn } = HIDDEN;
    const made = await (await page()).createCustomer({ status: "ACTIVE", last_name: newName(), dob, ssn });
    assert.deepEqual([made.dob, made.ssn], [undefined, undefined]);
    const stored = await direct(stage.sandbox).getCustomer(made.id);
    assert.deepEqual([stored.dob, stored.ssn], [dob, "7788"]);
  });
});

describe("the rate limiter", () => {
  it("counts each user, and says when to come again", async () => {
    const busy = await page({ worker: "counting", maxRetries: 0, claims: { sub: "busy" } });
    // Two a minute: of five calls in a row at least one is refused, even if the minute turns between.
    const ends = [];
    for (let calls = 0; calls < 5; calls += 1) ends.push(await busy.listCustomers().catch((error) => error));
    const refused = ends.filter(({ name }) => name === "ApiError");
    assert.ok(refused.length >= 1 && refused.length <= 3, `${refused.length} refused`);
    for (const { status, code, retryAfterMs, outcome } of refused) {
      assert.deepEqual([status, code, retryAfterMs, outcome], [429, "TOO_MANY_REQUESTS", 10_000, "rejected"]);
    }
    assert.equal(stage.relay.requests.length, 5 - refused.length);
    await (await page({ worker: "counting", claims: { sub: "calm" } })).listCustomers();
  });
});

describe("failures, as the page's client sees them", () => {
  const WEB_PAGE = encodeURIComponent("<html>Bad Gateway, says host-17.internal</html>");
  const PROBLEM = encodeURIComponent('{"code":"BAD_REQUEST","detail":"d","trace":"host-17.internal"}');

  const asksToWait = (error) => assert.equal(error.retryAfterMs, 90_000);
  const tellsNothing = (error) => assert.doesNotMatch(JSON.stringify(error.body), /internal/);

  /** What Synctera does, as the sandbox's fault; `by` names another Worker. Of two attempts allowed: `attempts`. */
  for (const { what, fault, by, status, code, outcome, attempts, check } of [
    ...[
      ["a bad body", "BAD_REQUEST_BODY", 400, "rejected", 1],
      ["no right", "FORBIDDEN", 403, "rejected", 1],
      ["nothing there", "RESOURCE_NOT_FOUND", 404, "rejected", 1],
      ["a duplicate", "DUPLICATE_RESOURCE", 409, "rejected", 1],
      ["a key in use", "IDEMPOTENCY_CONCURRENT_USE", 409, "unknown", 2],
      ["a failure", "INTERNAL_ERROR", 500, "unknown", 2],
      ["something not made yet", "NOT_IMPLEMENTED", 501, "unknown", 1],
      ["a vendor's time-out", "VENDOR_TIMEOUT", 504, "unknown", 2],
    ].map(([what, code, status, outcome, attempts]) => ({ what, fault: `code=${code}`, status, code, outcome, attempts })),
    ...[
      ["a rate limit, in the body", "retry-after=90"],
      ["a rate limit, in the header", "retry-after-header=90"],
    ].map(([what, wait]) => ({
      what,
      fault: `code=TOO_MANY_REQUESTS;${wait}`,
      status: 429,
      code: "TOO_MANY_REQUESTS",
      outcome: "rejected",
      attempts: 1,
      check: asksToWait,
    })),
    ...[
      ["a bare 503", 503, "status=503"],
      ["a gateway's web page", 502, `status=502;body=${WEB_PAGE};content-type=text%2Fhtml`, tellsNothing],
      ["a redirect", 502, "status=302"],
      ["a success that is no customer", 502, "status=200;body=%7B%7D"],
      ["no response, nothing done", 502, "drop=before"],
      ["no response, and all done", 502, "drop=after"],
      ["half a response", 502, "truncate=20"],
    ].map(([what, status, fault, check]) => ({ what, fault, status, outcome: "unknown", attempts: 2, check })),
    {
      what: "a problem with further members",
      fault: `status=400;body=${PROBLEM}`,
      status: 400,
      code: "BAD_REQUEST",
      outcome: "rejected",
      attempts: 1,
      check: tellsNothing,
    },
    {
      what: "no response in time",
      fault: "stall=headers",
      by: { worker: "impatient", claims: { role: "all" } },
      status: 504,
      code: "GATEWAY_TIMEOUT",
      outcome: "unknown",
      attempts: 2,
    },
    {
      what: "the proxy's key refused",
      fault: "",
      by: { worker: "a wrong key" },
      status: 502,
      code: "BAD_CONFIGURATION",
      outcome: "unknown",
      attempts: 1,
    },
  ]) {
    it(`${what}: ${status}, ${outcome}`, async () => {
      const api = await page({ ...by, maxRetries: 1, maxRetryDelayMs: 5_000 });
      stage.relay.fault = fault;
      const error = await rejection(api.createCustomer({ status: "ACTIVE", last_name: newName() }));
      const got = [error.name, error.status, error.code, error.outcome, error.attempts];
      assert.deepEqual(got, ["ApiError", status, code, outcome, attempts], error.message);
      assert.equal(error.bodyKind, "problem");
      assert.match(error.requestId, /^[0-9a-f-]{36}$/);
      assert.equal(stage.relay.requests.length, attempts, "the proxy asks once for each time it is asked");
      const keys = stage.relay.requests.map(({ headers }) => headers["idempotency-key"]);
      assert.deepEqual([...new Set(keys)], [error.idempotencyKey]);
      check?.(error);
    });
  }

  it("no server there: 502, unknown", async () => {
    const api = await page({ worker: "no server there", maxRetries: 0 });
    const { name, status, outcome } = await rejection(api.createCustomer({ status: "ACTIVE" }));
    assert.deepEqual([name, status, outcome], ["ApiError", 502, "unknown"]);
  });

  it("a Worker without the API key says that it is not set up", async () => {
    const error = await rejection((await page({ worker: "no key" })).listCustomers());
    assert.deepEqual([error.status, error.code, error.attempts], [500, "BAD_CONFIGURATION", 1]);
    assert.match(error.detail, /accessToken/);
    assertNothingSent();
  });

  it("a problem of Synctera's comes with its detail and its lists", async () => {
    const { id } = await stored({ status: "INACTIVE" });
    const error = await rejection((await page()).patchCustomer(id, { status: "PROSPECT" }));
    const same = await rejection(direct(stage.sandbox).patchCustomer(id, { status: "PROSPECT" }));
    assert.deepEqual(
      [error.status, error.code, error.detail, error.title, error.type, error.validStatus],
      [same.status, same.code, same.detail, same.title, same.type, same.validStatus],
    );
    assert.ok(error.validStatus.length > 0);
  });

  it("after an unknown outcome no refusal of the proxy's own makes it a known one", async () => {
    const sessions = [await session(), await session({ exp: 1 }), await session({ exp: 1 })];
    const api = await page({ accessToken: () => sessions.shift(), maxRetries: 1 });
    stage.relay.fault = "drop=after";
    const error = await rejection(api.createCustomer({ status: "ACTIVE" }));
    assert.deepEqual([error.status, error.outcome], [401, "unknown"]);
  });
});

describe("one customer for one create", () => {
  it("where the first response is lost, the second attempt finds what the first made", async () => {
    const last_name = newName();
    stage.relay.fault = `drop=after;times=1;id=${crypto.randomUUID()}`;
    const info = await (await page()).createCustomerWithHttpInfo({ status: "ACTIVE", last_name });
    assert.deepEqual([info.attempts, stage.relay.requests.length], [2, 2]);
    const { customers } = await direct(stage.sandbox).listCustomers({ last_name });
    assert.deepEqual(customers.map(({ id }) => id), [info.data.id]);
  });

  it("a call that ended in doubt is repeated by its key, tomorrow by another page", async () => {
    const customer = { status: "ACTIVE", last_name: newName() };
    stage.relay.fault = "drop=after";
    const { outcome, idempotencyKey } = await rejection((await page({ maxRetries: 0 })).createCustomer(customer));
    assert.equal(outcome, "unknown");
    stage.relay.fault = "";
    const { id } = await (await page()).createCustomer(customer, { idempotencyKey });
    const { customers } = await direct(stage.sandbox).listCustomers({ last_name: customer.last_name });
    assert.deepEqual(customers.map((customer) => customer.id), [id]);
  });

  it("sixty creates through a failing network make sixty customers", async () => {
    // Clients enough that none runs out of its budget of repetitions.
    const made = Array.from({ length: 60 }, async (_, number) => {
      const api = await page({ worker: "unlucky", maxRetries: 8 });
      return api.createCustomerWithHttpInfo({ status: "ACTIVE", last_name: `Lucky-${number}` });
    });
    const infos = await Promise.all(made);
    assert.ok(infos.some(({ attempts }) => attempts > 1), "no call met a fault");
    const { customers } = await direct(stage.unlucky).listCustomers({ last_name: "Lucky-*" });
    assert.deepEqual(customers.map(({ id }) => id).sort(), infos.map(({ data }) => data.id).sort());
  });
});

describe("the example itself", () => {
  const tsc = fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url));
  const check = () =>
    promisify(execFile)(process.execPath, [tsc, "--project", stage.app]).then(
      () => "",
      ({ stdout }) => stdout,
    );

  it("fits the types of the package", async () => {
    assert.equal(await check(), "");
  });

  for (const [what, file, written, instead, complaint] of [
    ["a field in the config that the API does not have", "config", '"kyc_status",', '"kyc_status", "shoe_size",', /"shoe_size"/],
    ["a field in the schema that the API does not have", "schema", "  id:", '  shoe_size: "string",\n  id:', /'shoe_size' does not exist/],
    ["a field of the API that is not in the schema", "schema", '  kyc_exempt: "boolean",\n', "", /'kyc_exempt' is missing/],
    ["a member of an address that is not in the schema", "schema", '  nickname: "string",\n', "", /'nickname' is missing/],
    ["a field of another type in the schema", "schema", 'has_accounts: "boolean"', 'has_accounts: "string"', /'"boolean"'/],
  ]) {
    it(`does not compile with ${what}`, async () => {
      const path = `${stage.app}/src/${file}.ts`;
      const text = await readFile(path, "utf8");
      assert.ok(text.includes(written));
      await writeFile(path, text.replace(written, instead));
      assert.match(await check(), complaint);
      await writeFile(path, text);
    });
  }

  it("names the versions of its tools with which it is tested here", async () => {
    const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
    const { dependencies, devDependencies } = await read("../../examples/worker-proxy/package.json");
    const tools = ["../package.json", "../bundlers/package.json", "../packaging/package.json"];
    const pinned = await Promise.all(tools.map(read));
    const versions = Object.assign({}, ...pinned.map(({ devDependencies }) => devDependencies));
    for (const [name, version] of Object.entries(devDependencies)) assert.equal(version, versions[name], name);
    assert.deepEqual(dependencies, { "synctera-customers": process.env.PACKAGE_VERSION });
  });

  it("keeps Cloudflare's log of requests off, since a URL may hold people's data", async () => {
    assert.match(await readFile(`${exampleFolder("worker-proxy")}/wrangler.jsonc`, "utf8"), /"invocation_logs": false/);
  });
});

// Last, since they look at all that was said.
describe("after all this", () => {
  it("no response may be kept in a cache, taken for another type, or for another origin's", () => {
    for (const text of received) {
      const headers = new Headers(JSON.parse(text.slice(4, text.indexOf("\n"))));
      assert.equal(headers.get("cache-control"), "no-store");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.match(headers.get("vary"), /Origin/);
    }
  });

  it("no page was ever sent a key, the session's secret, or what is hidden, nor has the log any", () => {
    assert.ok(received.length > 200, `${received.length} answers`);
    for (const text of [...received, ...stage.workers.lines]) {
      for (const secret of [...stage.keys, ODD_KEY, "not-the-key", SESSION_SECRET, ...NEVER_SHOWN]) {
        assert.ok(!text.includes(secret), `${secret} in ${text}`);
      }
    }
  });

  it("the log has a line for each request, with method, template, status, time and request id", () => {
    const { lines } = stage.workers;
    assert.ok(lines.length >= received.length, `${lines.length} lines, ${received.length} answers`);
    for (const line of lines) {
      const { method, path, status, ms, request_id, key_in_response, ...more } = JSON.parse(line);
      assert.deepEqual(more, {}, line);
      if (key_in_response !== undefined) assert.deepEqual([status, key_in_response], [502, true]);
      assert.match(method, /^(GET|POST|PATCH|PUT|OPTIONS|DELETE|\(other\))$/);
      assert.match(path, /^(\/v0\/customers|\/v0\/customers\/\{customer_id\}|\(none\))$/);
      assert.ok(Number.isInteger(status) && Number.isFinite(ms), line);
      assert.match(request_id, /^[\w.:+/=-]{1,100}$/);
    }
  });
});
