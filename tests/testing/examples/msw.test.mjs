// MSW: a program that makes its own client, whose requests the sandbox answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { http } from "msw";
import { setupServer } from "msw/node";
import { CustomersApi } from "synctera-customers";
import { createSandbox, fakeCustomer } from "synctera-customers/testing";

test("requests of the global fetch reach the sandbox", async () => {
  const sandbox = createSandbox();
  const server = setupServer(http.all("https://api-sandbox.synctera.com/*", sandbox.handler));
  server.listen({ onUnhandledRequest: "error" });
  try {
    const api = new CustomersApi({ accessToken: sandbox.token });
    const { id } = await api.createCustomer(fakeCustomer());
    assert.equal((await api.getCustomer(id)).id, id);
    assert.equal(sandbox.requests.length, 2);
  } finally {
    server.close();
  }
});
