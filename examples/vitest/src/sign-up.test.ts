import { beforeEach, expect, test } from "vitest";
import { CustomersApi } from "synctera-customers";
import { createSandbox, fakeCustomer, type Sandbox } from "synctera-customers/testing";
import { signUp } from "./sign-up.ts";

let sandbox: Sandbox;
let api: CustomersApi;
beforeEach(() => {
  sandbox = createSandbox();
  // With the sandbox's clock, waits and deadlines take no time.
  api = new CustomersApi({ accessToken: sandbox.token, fetch: sandbox.fetch, clock: sandbox.clock });
});

test("creates one customer, though the first response is lost", async () => {
  sandbox.fail({ on: "createCustomer", fault: "response lost" });
  expect(await signUp(api, "20417", fakeCustomer())).toMatchObject({ state: "created" });
  expect(sandbox.customers).toHaveLength(1);
});

test("waits as long as the server asks", async () => {
  sandbox.fail({ fault: { status: 429, retryAfter: 30 } });
  await signUp(api, "20417", fakeCustomer());
  const [first, second] = sandbox.requests;
  expect(second!.at - first!.at).toBeGreaterThanOrEqual(30_000);
});

test("is pending when the deadline passes, and then creates one customer", async () => {
  const customer = fakeCustomer();
  sandbox.fail({ on: "createCustomer", fault: "headers never" });
  expect(await signUp(api, "20417", customer)).toEqual({ state: "pending" });
  sandbox.clock.advance("1 day");
  expect(await signUp(api, "20417", customer)).toMatchObject({ state: "created" });
  expect(sandbox.customers).toHaveLength(1);
});

test("names the fields that the API rejects", async () => {
  const unborn = { ...fakeCustomer(), status: "ACTIVE", dob: "2999-01-01" } as const;
  expect(await signUp(api, "20417", unborn)).toEqual({ state: "rejected", fields: ["dob"] });
});
