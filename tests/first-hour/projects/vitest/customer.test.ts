// The first hour in Vitest: a program under test whose client gets a fake `fetch`.
import { afterEach, expect, it, vi } from "vitest";
import { CustomersApi, isSyncteraError } from "synctera-customers";

afterEach(() => vi.useRealTimers());

const fake = (status: number, body: object) => vi.fn(async () => new Response(JSON.stringify(body), { status }));

it("reads a customer from a fake", async () => {
  const fetch = fake(200, { id: "1", status: "ACTIVE" });
  const api = new CustomersApi({ accessToken: "test", fetch });
  await expect(api.getCustomer("1")).resolves.toEqual({ id: "1", status: "ACTIVE" });
  expect(fetch).toHaveBeenCalledOnce();
});

it("sees a rejection by its class, its name and its message", async () => {
  const api = new CustomersApi({ accessToken: "test", fetch: fake(404, { code: "RESOURCE_NOT_FOUND" }) });
  await expect(api.getCustomer("1")).rejects.toThrow("No customer has this id in Synctera's sandbox");
  await expect(api.getCustomer("1")).rejects.toSatisfy((error) => isSyncteraError(error) && error.name === "ApiError");
});

it("ends a call by its deadline under fake timers", async () => {
  vi.useFakeTimers();
  const api = new CustomersApi({ accessToken: "test", fetch: () => new Promise(() => {}) });
  const call = api.getCustomer("1").catch((error) => error.name);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await call).toBe("TimeoutError");
});
