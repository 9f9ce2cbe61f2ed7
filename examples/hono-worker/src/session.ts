// Who asks: a session that your login has signed (HS256), for this Worker, with an end.
import { createMiddleware } from "hono/factory";
import { verify } from "hono/jwt";
import type { App } from "./app.ts";

const AUDIENCE = "customers-hono";

/** A shorter secret can be guessed from one session. */
const SHORTEST_SECRET = 32;

/** Sets `customerId`, and lets no request pass without one. A missing secret rejects every request. */
export const session = createMiddleware<App>(async (c, next) => {
  const [, token] = /^Bearer (\S+)$/.exec(c.req.header("authorization") ?? "") ?? [];
  const customerId = token && (await customerOf(token, c.env.SESSION_SECRET ?? ""));
  if (!customerId) return c.json({ error: "Unauthorized" }, 401);
  c.set("customerId", customerId);
  return next();
});

async function customerOf(token: string, secret: string): Promise<string | undefined> {
  if (secret.length < SHORTEST_SECRET) return undefined;
  try {
    const { customer_id: id, exp } = await verify(token, secret, { alg: "HS256", aud: AUDIENCE });
    // `verify` looks at an end where there is one; a session without one would be good for ever.
    return typeof exp === "number" && typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}
