// bun test.
import { expect, test } from "bun:test";
import { CustomersApi } from "synctera-customers";
import { createSandbox, fakeCustomer } from "synctera-customers/testing";

test("a connection that breaks before the request is handled", async () => {
  const sandbox = createSandbox();
  const api = new CustomersApi({ accessToken: sandbox.token, fetch: sandbox.fetch, clock: sandbox.clock });
  sandbox.fail({ fault: "connection reset", times: 2 });
  await api.createCustomer(fakeCustomer());
  expect(sandbox.customers).toHaveLength(1);
  expect(sandbox.requests).toHaveLength(3);
});
