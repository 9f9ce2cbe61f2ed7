// Synctera's webhooks: checks that a request is Synctera's, and parses its event. By itself, without
// WebAssembly: who only receives webhooks need not download the client.
//
// The signature is the hexadecimal HMAC-SHA256 of `<Request-Timestamp>.<raw body>`; while a secret is
// being replaced there are two, joined by a full stop.
//
// @ts-self-types="./webhooks.d.ts"

const SIGNATURE = "synctera-signature";
const TIMESTAMP = "request-timestamp";

/** How old a delivery may be, if the caller does not say. */
const TOLERANCE_MS = 300_000;

/** What is wrong, in words that quote nothing of the request. */
const WORDS = {
  missing_secret: "secrets holds no secret: give the webhook's secret, or two while it is being replaced",
  unreadable_body: "the body must be the text or the bytes as they came: a parsed body cannot be checked",
  missing_signature: "the header Synctera-Signature is missing",
  missing_timestamp: "the header Request-Timestamp is missing",
  malformed_signature: "the header Synctera-Signature is not one or two HMAC-SHA256 signatures in hexadecimal",
  malformed_timestamp: "the header Request-Timestamp is no Unix time",
  outside_tolerance: "Request-Timestamp is further from now than toleranceMs: an old delivery, or a wrong clock",
  wrong_signature: "no secret gives this signature: check the secret, and that the body is the one that came",
  malformed_event: "the body is signed, but it is no event",
};

/** A request that is not a webhook of Synctera's. Holds nothing of its body. */
export class WebhookError extends Error {
  /** @param {keyof typeof WORDS} reason */
  constructor(reason) {
    super(`Webhook rejected: ${WORDS[reason]}.`);
    this.reason = reason;
  }
}
Object.defineProperty(WebhookError.prototype, "name", { value: "WebhookError", configurable: true, writable: true });

/** Checks a request and gives its event. */
export async function unwrap(rawBody, headers, options) {
  const body = await check(rawBody, headers, options);
  try {
    return eventOf(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)));
  } catch {
    throw new WebhookError("malformed_event");
  }
}

/** Whether a request is Synctera's. */
export async function verify(rawBody, headers, options) {
  try {
    await check(rawBody, headers, options);
    return true;
  } catch (error) {
    // A missing secret is a mistake of the program, which no request can make good.
    if (!(error instanceof WebhookError) || error.reason === "missing_secret") throw error;
    return false;
  }
}

/** The headers that Synctera would send with a body, for tests. */
export async function sign(rawBody, { secrets, timestampMs = Date.now() }) {
  const timestamp = String(Math.floor(timestampMs / 1000));
  const message = messageOf(timestamp, bytesOf(rawBody));
  const keys = await Promise.all(listOf(secrets).map((secret) => keyOf(secret, "sign")));
  const signatures = await Promise.all(keys.map((key) => crypto.subtle.sign("HMAC", key, message)));
  return { "Request-Timestamp": timestamp, "Synctera-Signature": signatures.map(hexOf).join(".") };
}

/** The body's bytes, once everything has been checked. */
async function check(rawBody, headers, { secrets, toleranceMs = TOLERANCE_MS } = {}) {
  const known = listOf(secrets);
  if (typeof toleranceMs !== "number" || !(toleranceMs >= 0)) throw new TypeError("toleranceMs: expected a number of milliseconds from 0");
  const body = bytesOf(rawBody);
  const signature = header(headers, SIGNATURE);
  if (signature === undefined) throw new WebhookError("missing_signature");
  const timestamp = header(headers, TIMESTAMP);
  if (timestamp === undefined) throw new WebhookError("missing_timestamp");
  if (!/^[0-9a-f]{64}(\.[0-9a-f]{64})?$/i.test(signature)) throw new WebhookError("malformed_signature");
  if (!/^[1-9][0-9]{0,12}$/.test(timestamp)) throw new WebhookError("malformed_timestamp");
  // All of them, whatever comes of the first: how long it takes says nothing about any.
  const message = messageOf(timestamp, body);
  const checks = known.map(async (secret) => {
    const key = await keyOf(secret, "verify");
    return Promise.all(signature.split(".").map((hex) => crypto.subtle.verify("HMAC", key, bytesOfHex(hex), message)));
  });
  if (!(await Promise.all(checks)).flat().includes(true)) throw new WebhookError("wrong_signature");
  // Seconds; in milliseconds it would be far in the future.
  const sentMs = Number(timestamp) * (timestamp.length > 11 ? 1 : 1000);
  if (Math.abs(Date.now() - sentMs) > toleranceMs) throw new WebhookError("outside_tolerance");
  return body;
}

/** The event of an envelope; the JSON inside its texts is parsed. Throws for anything else. */
function eventOf(envelope) {
  for (const name of ["id", "type", "event_time", "url", "webhook_id"]) {
    if (typeof envelope[name] !== "string") throw new TypeError(name);
  }
  const event = { ...envelope };
  for (const name of ["event_resource", "event_resource_changed_fields"]) {
    if (typeof event[name] === "string") event[name] = JSON.parse(event[name]);
  }
  return event;
}

/** Whether an event is about a customer. */
export function isCustomerEvent(event) {
  return event.type.startsWith("CUSTOMER.");
}

/** Whether an event is about a person. */
export function isPersonEvent(event) {
  return event.type.startsWith("PERSON.");
}

function listOf(secrets) {
  const list = typeof secrets === "string" ? [secrets] : secrets;
  const isList = Array.isArray(list) && list.length > 0 && list.every((secret) => typeof secret === "string" && secret !== "");
  if (!isList) throw new WebhookError("missing_secret");
  return list;
}

function bytesOf(body) {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (Object.prototype.toString.call(body) === "[object ArrayBuffer]") return new Uint8Array(body);
  throw new WebhookError("unreadable_body");
}

function messageOf(timestamp, body) {
  const start = new TextEncoder().encode(`${timestamp}.`);
  const message = new Uint8Array(start.length + body.length);
  message.set(start);
  message.set(body, start.length);
  return message;
}

function keyOf(secret, use) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, [use]);
}

/** A header of a `Headers`, an object or an array, in any case of letters; `undefined` if it is not there once. */
function header(headers, name) {
  const values = pairsOf(headers)
    .filter(([key]) => String(key).toLowerCase() === name)
    .flatMap(([, value]) => value)
    .filter((value) => value !== undefined && value !== null);
  return values.length === 1 && typeof values[0] === "string" ? values[0] : undefined;
}

/** Pairs, Node's `rawHeaders` (names and values in turn), a `Headers`, or an object. */
function pairsOf(headers) {
  if (typeof headers !== "object" || headers === null) return [];
  if (!Array.isArray(headers)) return typeof headers.entries === "function" ? [...headers.entries()] : Object.entries(headers);
  if (headers.every(Array.isArray)) return headers;
  return headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1]]] : []));
}

const bytesOfHex = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hexOf = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
