// Signs a session, as your own server would when a user has logged in. It takes nothing but Web
// Crypto, so it runs wherever your server does.
//
// By hand, for an hour:
//   SESSION_SECRET=… node sign-session.mjs '{ "sub": "me", "role": "staff", "aud": "customers-proxy" }'
import { fileURLToPath } from "node:url";

const LASTS_SECONDS = 3600;

/**
 * @param {string} secret the Worker's SESSION_SECRET
 * @param {Record<string, unknown>} claims `sub`, `role`, `aud`, and `customer_id` for a customer; `exp` is
 *   an hour from now unless it is given
 * @returns {Promise<string>} the token, for the page's `accessToken`
 */
export async function signSession(secret, claims) {
  const encoder = new TextEncoder();
  const part = (value) => base64url(encoder.encode(JSON.stringify(value)));
  const exp = Math.floor(Date.now() / 1000) + LASTS_SECONDS;
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ exp, ...claims })}`;
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  return `${text}.${base64url(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))))}`;
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await signSession(process.env.SESSION_SECRET ?? "", JSON.parse(process.argv[2] ?? "{}")));
}
