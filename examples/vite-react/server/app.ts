// The backend. It alone has the API key, and lets a page do one thing: create a customer.
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { validator } from "hono/validator";
import { CustomersApi, isSyncteraError, type CustomerWrite } from "synctera-customers";

const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", "data:"],
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"], // the package compiles its WebAssembly in the page
};

/** The fields of the form. What a page sends besides is dropped; the status is not its choice. */
const signUp = validator("json", ({ first_name, last_name, dob, email, phone_number }): CustomerWrite => {
  return { status: "ACTIVE", first_name, last_name, dob, email, phone_number };
});

export function createApp(): Hono {
  const api = new CustomersApi({
    accessToken: process.env["SYNCTERA_API_KEY"],
    baseUrl: process.env["SYNCTERA_BASE_URL"], // not set: Synctera's sandbox
    maxRetries: 0, // the page's client retries, under its key
    timeoutMs: 25_000, // half of the page's, which then has time for a second attempt
  });
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: CONTENT_SECURITY_POLICY }));
  app.post("/v0/customers", bodyLimit({ maxSize: 16 * 1024 }), signUp, async (c) => {
    const idempotencyKey = c.req.header("idempotency-key");
    // A page of another origin cannot send this header.
    if (!idempotencyKey) return c.json({ code: "BAD_REQUEST" }, 400);
    const { id, status } = await api.createCustomer(c.req.valid("json"), { idempotencyKey, signal: c.req.raw.signal });
    return c.json({ id, status }, 201);
  });
  app.onError(problemOf);
  return app;
}

/** A failure as the page's client reads it: what may help, and what may have happened. */
function problemOf(error: Error, c: Context): Response {
  if (error instanceof HTTPException) return error.getResponse();
  if (!isSyncteraError(error)) {
    console.error(error.name);
    return c.json({ code: "INTERNAL_ERROR" }, 500);
  }
  console.error(error.message); // says what to do, and holds no personal data
  // The page's client makes the same checks, so its user does not get here.
  if (isSyncteraError(error, "ValidationError")) return c.json({ code: "BAD_REQUEST_BODY" }, 400);
  // It is this backend's key that a 401 or 403 is about.
  if (isSyncteraError(error, "ApiError") && ![401, 403].includes(error.status)) {
    const { status, code, missing, invalid, retryAfter } = error;
    return Response.json({ code, missing, invalid, retry_after: retryAfter }, { status });
  }
  // Without a code, the page's client takes the outcome for unknown.
  return c.json({}, 502);
}
