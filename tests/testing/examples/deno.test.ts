// Deno.test, without any permission.
import { CustomersApi } from "synctera-customers";
import { createSandbox } from "synctera-customers/testing";

Deno.test("a page of customers", async () => {
  const sandbox = createSandbox({ customers: 150 });
  const api = new CustomersApi({ accessToken: sandbox.token, fetch: sandbox.fetch, clock: sandbox.clock });
  const ids = new Set<string>();
  for await (const customer of api.iterateCustomers()) ids.add(customer.id!);
  if (ids.size !== 150) throw new Error(`${ids.size} customers`);
});
