import { expect, test, vi } from "vitest";
import { CustomersApi } from "synctera-customers";
import { createSandbox, fakeCustomer } from "synctera-customers/testing";
import { receive, type Refresh } from "./webhook.ts";

test("refreshes the customer of a webhook that is signed, and of no other", async () => {
  // Of now, since a webhook may be 5 minutes old.
  const sandbox = createSandbox({ startTime: Date.now() });
  const api = new CustomersApi({ accessToken: sandbox.token, fetch: sandbox.fetch, clock: sandbox.clock });
  const { id } = await api.createCustomer(fakeCustomer());
  const { headers, body } = sandbox.webhooks[0]!;
  const deliver = (body: string, refresh: Refresh) => {
    const request = new Request("https://app.example/webhooks", { method: "POST", headers, body });
    return receive(request, sandbox.webhookSecret, refresh);
  };

  const refresh = vi.fn();
  expect(await deliver(body, refresh)).toHaveProperty("status", 204);
  expect(refresh).toHaveBeenCalledExactlyOnceWith(id);
  const forged = body.replace(id, "00000000-0000-4000-8000-000000000000");
  expect(await deliver(forged, refresh)).toHaveProperty("status", 401);
  expect(refresh).toHaveBeenCalledOnce();
});
