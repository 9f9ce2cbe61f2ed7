// Who asks: the customer's id in a signed cookie that scripts cannot read.
import { SESSION_SECRET } from "$app/env/private";
import type { Cookies } from "@sveltejs/kit";
import { SignJWT, jwtVerify } from "jose";

const COOKIE = "session";
const SECONDS = 60 * 60;

function secret(): Uint8Array {
  const text = SESSION_SECRET ?? "";
  if (text.length < 32) throw new Error("SESSION_SECRET is missing, or shorter than 32 characters");
  return new TextEncoder().encode(text);
}

export async function startSession(cookies: Cookies, customerId: string): Promise<void> {
  const token = new SignJWT().setProtectedHeader({ alg: "HS256" }).setSubject(customerId);
  token.setExpirationTime(`${SECONDS}s`);
  // SvelteKit makes it `HttpOnly`, `SameSite=Lax` and, except on localhost, `Secure`.
  cookies.set(COOKIE, await token.sign(secret()), { path: "/", maxAge: SECONDS });
}

/** The id of the customer who asks; `undefined` without a valid session. */
export async function customerOfSession(cookies: Cookies): Promise<string | undefined> {
  const options = { algorithms: ["HS256"], requiredClaims: ["sub", "exp"] };
  const verified = await jwtVerify(cookies.get(COOKIE) ?? "", secret(), options).catch(() => undefined);
  return verified?.payload.sub;
}
