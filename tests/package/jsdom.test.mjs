// The entry that Jest's jsdom environment takes, where there is no `TextDecoder`, no `fetch` and no `Response`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import vm from "node:vm";

const ENTRY = `${process.env.CONSUMER}/node_modules/synctera-customers/entries/default.cjs`;

/** Loads CommonJS files in a realm that has what jsdom has, as Jest does. */
function loadIn(realm) {
  const load = (file) => {
    const module = { exports: {} };
    const require = (name) => load(createRequire(file).resolve(name));
    const wrapper = `(function (module, exports, require) {${readFileSync(file, "utf8")}\n})`;
    vm.runInContext(wrapper, realm, { filename: file })(module, module.exports, require);
    return module.exports;
  };
  return load(ENTRY);
}

describe("a host without TextDecoder and TextEncoder", () => {
  const realm = vm.createContext({ AbortController, setTimeout, clearTimeout, performance, crypto, document: {}, location: { origin: "http://localhost" } });
  const { CustomersApi, isSyncteraError } = loadIn(realm);

  it("imports the package", () => assert.equal(vm.runInContext("typeof TextDecoder", realm), "undefined"));

  it("carries calls with an injected fetch, whatever the text", async () => {
    const customer = { id: "1", status: "ACTIVE", first_name: "Zoë 🦉 Ωmega" };
    const bodies = [];
    const fetch = async (_url, { body }) => (bodies.push(body), { status: 200, headers: {}, text: async () => JSON.stringify(customer) });
    const api = new CustomersApi({ baseUrl: "https://backend.example.com/v0", fetch });
    assert.deepEqual({ ...(await api.getCustomer("Zoë")) }, customer);
    await api.createCustomer({ status: "ACTIVE", first_name: "Zoë 🦉" });
    assert.equal(bodies[1], '{"status":"ACTIVE","first_name":"Zoë 🦉"}');
    await assert.rejects(api.createCustomer({ status: "ACTVE" }), (error) => isSyncteraError(error, "ValidationError"));
  });

  it("carries calls by Node's own fetch, which takes no signal of another realm, and ends them in time", async () => {
    const server = createServer((request, response) => {
      if (request.url.endsWith("/1")) response.setHeader("content-type", "application/json").end('{ "id": "1", "status": "ACTIVE" }');
    });
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    vm.runInContext("AbortController = class { signal = { aborted: false, addEventListener() {}, removeEventListener() {} }; abort() {} }", realm);
    const api = new CustomersApi({ baseUrl: `http://127.0.0.1:${server.address().port}/v0`, fetch, maxRetries: 0 });
    const { data, attempts } = await api.getCustomerWithHttpInfo("1");
    assert.deepEqual([{ ...data }, attempts], [{ id: "1", status: "ACTIVE" }, 1]);
    await assert.rejects(api.getCustomer("2", { timeoutMs: 50 }), (error) => isSyncteraError(error, "TimeoutError"));
    server.closeAllConnections();
    server.close();
  });
});
