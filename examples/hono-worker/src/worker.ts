// Users read and change their own customer. Which one that is says the session, never the request.
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { validator } from "hono/validator";
import { CustomersApi, isSyncteraError, type PatchCustomer } from "synctera-customers";
import type { App } from "./app.ts";
import { session } from "./session.ts";

const app = new Hono<App>();

/** At module level: its limits and pauses hold from request to request. */
let api: CustomersApi | undefined;

function customers({ SYNCTERA_API_KEY: accessToken, SYNCTERA_BASE_URL: baseUrl }: App["Bindings"]): CustomersApi {
  return (api ??= new CustomersApi({ accessToken, baseUrl }));
}

app.use(session);

app.get("/me", async (c) => {
  const { status, first_name, email, phone_number } = await customers(c.env).getCustomer(c.var.customerId);
  return c.json({ status, first_name, email, phone_number });
});

/** The fields that users may change; others are dropped. */
const contact = validator("json", ({ email, phone_number }): PatchCustomer => ({ email, phone_number }));

app.patch("/me", contact, async (c) => {
  const idempotencyKey = c.req.header("idempotency-key");
  const patch = c.req.valid("json");
  const { email, phone_number } = await customers(c.env).patchCustomer(c.var.customerId, patch, { idempotencyKey });
  return c.json({ email, phone_number });
});

app.onError((error, c) => {
  if (error instanceof HTTPException) return error.getResponse();
  if (!isSyncteraError(error)) {
    console.error(error.name);
    return c.json({ error: "Internal" }, 500);
  }
  console.error(error.message); // says what to do, and holds no personal data
  if (isSyncteraError(error, "ValidationError") && error.argument === "patch") {
    return c.json({ error: error.name, fields: error.issues.map(({ path }) => path.replace(/^patch\./, "")) }, 400);
  }
  if (isSyncteraError(error, "ApiError") && error.status === 400) {
    return c.json({ error: error.name, fields: [...error.missing, ...Object.keys(error.invalid)] }, 400);
  }
  const isNotFound = isSyncteraError(error, "ApiError") && error.status === 404;
  // Where the outcome is unknown, the app repeats the change with the same `Idempotency-Key`.
  return c.json({ error: error.name, outcome: error.outcome }, isNotFound ? 404 : 502);
});

export default app;
