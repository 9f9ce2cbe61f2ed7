// Vitest: a program's own tests, with a sandbox of its own for each.
import { beforeEach, expect, test } from "vitest";
import { CustomersApi } from "synctera-customers";
import { createSandbox, fakeCustomer, type Sandbox } from "synctera-customers/testing";

let sandbox: Sandbox;
let api: CustomersApi;
beforeEach(() => {
  sandbox = createSandbox();
  api = new CustomersApi({ accessToken: sandbox.token, fetch: sandbox.fetch, clock: sandbox.clock });
});

test("waits as long as the server asks", async () => {
  sandbox.fail({ fault: { status: 429, retryAfter: 30 } });
  await api.createCustomer(fakeCustomer());
  const [first, second] = sandbox.requests;
  expect(second!.at - first!.at).toBeGreaterThanOrEqual(30_000);
});

test("gives up at its deadline", async () => {
  sandbox.fail({ on: "listCustomers", fault: "headers never" });
  await expect(api.listCustomers()).rejects.toMatchObject({ name: "TimeoutError" });
});
