// Jest, which requires.
const { CustomersApi } = require("synctera-customers");
const { createSandbox, fakeCustomer } = require("synctera-customers/testing");

test("a key is good for seven days", async () => {
  const sandbox = createSandbox();
  const api = new CustomersApi({ accessToken: sandbox.token, fetch: sandbox.fetch, clock: sandbox.clock });
  const customer = fakeCustomer();
  const { id } = await api.createCustomer(customer, { idempotencyKey: "order-1" });
  await expect(api.createCustomer(customer, { idempotencyKey: "order-1" })).resolves.toMatchObject({ id });
  sandbox.clock.advance("8 days");
  await expect(api.createCustomer(customer, { idempotencyKey: "order-1" })).resolves.not.toMatchObject({ id });
});
