// Who asks: the customer's id in a signed cookie that scripts cannot read.
import "server-only";
import { SignJWT, jwtVerify } from "jose";
import { cookies } from "next/headers";

const COOKIE = "session";
const SECONDS = 60 * 60;

function secret(): Uint8Array {
  const text = process.env["SESSION_SECRET"] ?? "";
  if (text.length < 32) throw new Error("SESSION_SECRET is missing, or shorter than 32 characters");
  return new TextEncoder().encode(text);
}

export async function startSession(customerId: string): Promise<void> {
  const token = new SignJWT().setProtectedHeader({ alg: "HS256" }).setSubject(customerId);
  token.setExpirationTime(`${SECONDS}s`);
  const value = await token.sign(secret());
  (await cookies()).set(COOKIE, value, { httpOnly: true, secure: true, sameSite: "lax", path: "/", maxAge: SECONDS });
}

/** The id of the customer who asks; `undefined` without a valid session. */
export async function customerOfSession(): Promise<string | undefined> {
  const token = (await cookies()).get(COOKIE)?.value ?? "";
  const options = { algorithms: ["HS256"], requiredClaims: ["sub", "exp"] };
  const verified = await jwtVerify(token, secret(), options).catch(() => undefined);
  return verified?.payload.sub;
}
