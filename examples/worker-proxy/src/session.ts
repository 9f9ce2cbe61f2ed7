// Who is asking: a session that your own server signed when the user logged in, as a JWT under
// HMAC-SHA-256. See ../sign-session.mjs for the other side.
//
//   { "sub": "user-17", "role": "staff", "aud": "customers-proxy", "exp": 1767225600 }
//   { "sub": "user-18", "role": "customer", "customer_id": "b8a5e1d4-…", "aud": …, "exp": … }
//
// It comes in the header `authorization`, or in a cookie.
import type { Env } from "./env.ts";
import type { User } from "./types.ts";

/** With any value. */
const CSRF_HEADER = "x-csrf-protection";

/** A shorter secret can be guessed from one token, off-line. */
const SHORTEST_SECRET = 32;

/** How long a session may still be good, in seconds: an `exp` in milliseconds would be good for ever. */
const LONGEST_SESSION = 24 * 60 * 60;

/** The user of a valid session; undefined in every other case. */
export async function sessionFromToken(request: Request, env: Env): Promise<User | undefined> {
  const { SESSION_SECRET: secret = "", SESSION_AUDIENCE: audience = "" } = env;
  if (secret.length < SHORTEST_SECRET || audience === "") return undefined;
  const [header = "", payload = "", signature = "", ...rest] = tokenOf(request).split(".");
  if (rest.length > 0) return undefined;
  try {
    // The algorithm is ours to choose: a token that names another, or none, is refused.
    if (json(header)["alg"] !== "HS256") return undefined;
    if (!(await isSigned(`${header}.${payload}`, bytes(signature), secret))) return undefined;
    return userOf(json(payload), audience);
  } catch {
    return undefined;
  }
}

/** The token of the header or, where there is none, of the cookie; empty if there is neither. */
function tokenOf({ headers }: Request): string {
  const authorization = headers.get("authorization");
  if (authorization !== null) return /^Bearer ([\w.-]+)$/i.exec(authorization)?.[1] ?? "";
  // A browser sends the cookie with every request to this origin, also one that another site caused. Only a
  // page of the same origin can add this header: cors.ts allows it to no other.
  if (headers.get(CSRF_HEADER) === null) return "";
  return /(?:^|; )__Host-session=([\w.-]+)(?:;|$)/.exec(headers.get("cookie") ?? "")?.[1] ?? "";
}

async function isSigned(text: string, signature: Uint8Array, secret: string): Promise<boolean> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["verify"]);
  // Takes the same time whatever is wrong.
  return crypto.subtle.verify("HMAC", key, signature, encoder.encode(text));
}

function userOf(claims: Readonly<Record<string, unknown>>, audience: string): User | undefined {
  const { sub, role, aud, exp, nbf = 0, customer_id: customerId } = claims;
  const now = Date.now() / 1000;
  const isLimited = typeof exp === "number" && exp > now && exp <= now + LONGEST_SESSION;
  const isCurrent = isLimited && typeof nbf === "number" && nbf <= now;
  const isForUs = aud === audience || (Array.isArray(aud) && aud.includes(audience));
  if (!isCurrent || !isForUs) return undefined;
  if (typeof sub !== "string" || sub === "" || typeof role !== "string") return undefined;
  return { id: sub, role, ...(typeof customerId === "string" && { customerId }) };
}

function json(part: string): Readonly<Record<string, unknown>> {
  return JSON.parse(new TextDecoder().decode(bytes(part)));
}

/** The bytes of base64url text. */
function bytes(text: string): Uint8Array {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
