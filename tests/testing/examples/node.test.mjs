// node:test: a create whose response is lost is repeated, and makes one customer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CustomersApi } from "synctera-customers";
import { createSandbox, fakeCustomer } from "synctera-customers/testing";

test("a lost response makes no second customer", async () => {
  const sandbox = createSandbox({ customers: 10 });
  const api = new CustomersApi({ accessToken: sandbox.token, fetch: sandbox.fetch, clock: sandbox.clock });
  sandbox.fail({ on: "createCustomer", fault: "response lost" });
  const { id } = await api.createCustomer(fakeCustomer());
  assert.equal(sandbox.customers.length, 11);
  assert.equal(sandbox.customers.at(-1).id, id);
});
