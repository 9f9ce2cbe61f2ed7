// Which pages may call, and which CORS headers their browsers get. Pages of other origins have their session in a
// header: neither their cookies nor the header `x-csrf-protection` are allowed here.
import type { Env } from "./env.ts";
import { Problem } from "./problem.ts";
import { METHODS } from "./routes.ts";

/** What the package sends besides what any page may. */
const REQUEST_HEADERS = "authorization, content-type, idempotency-key";
/** What the package reads besides what any page may. */
const RESPONSE_HEADERS = "retry-after, x-request-id";
/** How long a browser may remember a preflight, in seconds. */
const MAX_AGE = "600";

/**
 * The request's origin, if its pages may call: those that are listed, and the Worker's own. A request
 * without one comes from no page, or is a read of a page of the Worker's own origin.
 */
export function originOf(request: Request, env: Env): string | undefined {
  const origin = request.headers.get("origin");
  if (origin === null || origin === new URL(request.url).origin) return undefined;
  // Letter by letter: no patterns, and `null`, which sandboxed frames send, is never listed.
  const allowed = (env.ALLOWED_ORIGINS ?? "").split(/\s+/).filter((known) => known !== "" && known !== "null");
  if (allowed.includes(origin)) return origin;
  throw new Problem(403, { code: "FORBIDDEN", detail: "Pages of this origin may not call." });
}

export function isPreflight(request: Request): boolean {
  return request.method === "OPTIONS" && request.headers.has("access-control-request-method");
}

export function preflightResponse(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": METHODS.join(", "),
      "access-control-allow-headers": REQUEST_HEADERS,
      "access-control-max-age": MAX_AGE,
    },
  });
}

/** Lets the page of an allowed origin read the response, and no cache mistake it for another's. */
export function expose(headers: Headers, origin: string | undefined): void {
  headers.append("vary", "Origin");
  if (origin === undefined) return;
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-expose-headers", RESPONSE_HEADERS);
}
