// What an error of the package says: which fields it is about, and what to do next.
import { isSyncteraError } from "./api.js";
import { ConnectError } from "./connection.js";
import { maskedQuote } from "./format.js";

/**
 * What can be done about an error: repeat the very same call under its key, try again, connect
 * anew, go back to the list, or nothing but correcting the form.
 *
 * @typedef {"repeat" | "retry" | "connect" | "list" | "none"} Next
 * @typedef {{ title: string, text: string, next: Next }} Advice
 */

/** Messages by the path of the field, such as `legal_address.city`. @typedef {Map<string, string[]>} FieldErrors */

/**
 * The messages that belong next to fields: the server's, or the client's.
 *
 * @param {unknown} error
 * @returns {FieldErrors}
 */
export function fieldErrors(error) {
  /** @type {FieldErrors} */
  const fields = new Map();
  /** @type {(path: string, message: string) => void} */
  const add = (path, message) => {
    fields.set(path, [...(fields.get(path) ?? []), maskedQuote(message)]);
  };
  if (isSyncteraError(error, "ApiError")) {
    for (const path of error.missing) add(path, "The server wants a value here.");
    for (const [path, message] of Object.entries(error.invalid)) add(path, `Server: ${message}.`);
    for (const path of error.immutable) add(path, "The server does not let this be changed.");
  }
  if (isSyncteraError(error, "ValidationError")) {
    for (const { path, found, expected } of error.issues) {
      add(fieldPath(path), `Wanted: ${expected}${found === "missing" ? "" : `; found: ${found}`}.`);
    }
  }
  return fields;
}

/**
 * The path of an issue without the argument and positions in lists: of `customer.dob`, `dob`; of
 * `params.id[1]`, `id`.
 *
 * @param {string} path
 */
function fieldPath(path) {
  return path.replace(/^(customer|patch|params)\./, "").replace(/\[\d+\]/g, "");
}

/**
 * What happened, and what to do next.
 *
 * @param {unknown} error
 * @returns {Advice}
 */
export function advise(error) {
  if (error instanceof ConnectError) return { title: "Not connected by the link", text: error.message, next: "none" };
  if (!isSyncteraError(error)) {
    return { title: "Something in this page failed", text: String(error), next: "none" };
  }
  if (isSyncteraError(error, "ApiError")) return adviseOnApiError(error);
  if (isSyncteraError(error, "ValidationError")) {
    return { title: "Not sent", text: "Correct the marked fields and send again.", next: "none" };
  }
  if (isSyncteraError(error, "TimeoutError")) return { title: "No response in time", ...afterFailure(error) };
  if (isSyncteraError(error, "DecodeError")) {
    return { title: "The response could not be read", ...afterFailure(error) };
  }
  return { title: "No response", ...afterFailure(error) };
}

/** @param {import("/pkg/entries/default.js").ApiError} error */
function adviseOnApiError(error) {
  /** @type {Record<string, Advice>} */
  const byStatus = {
    401: { title: "The server does not accept the token", text: "Connect with another one.", next: "connect" },
    403: { title: "Not allowed", text: "The token is known, but has no right to this.", next: "none" },
    404: { title: "No such customer", text: "Nothing is stored under this id.", next: "list" },
    409: { title: "There is one like it", text: "Look it up in the list.", next: "none" },
    429: { title: "Too many requests", text: "The server did nothing with it.", next: "retry" },
  };
  if (error.outcome === "unknown") return { title: "The server failed", ...afterFailure(error) };
  if (error.validStatus.length > 0) {
    return {
      title: "This status cannot follow",
      text: `The server would take: ${error.validStatus.join(", ")}.`,
      next: /** @type {const} */ ("none"),
    };
  }
  const known = error.code === "IDEMPOTENCY_CONCURRENT_USE" ? undefined : byStatus[error.status];
  return known ?? refused(error);
}

/**
 * @param {import("/pkg/entries/default.js").ApiError} error
 * @returns {Advice}
 */
function refused(error) {
  const text = fieldErrors(error).size > 0
    ? "It changed nothing. Correct the marked fields and send again."
    : "It changed nothing.";
  return { title: "The server refused this", text, next: "none" };
}

/**
 * @param {import("/pkg/entries/default.js").SyncteraError} error
 * @returns {{ text: string, next: Next }}
 */
function afterFailure(error) {
  const reads = error.operation === "getCustomer" || error.operation === "listCustomers";
  if (reads) return { text: "Nothing was changed; try again.", next: "retry" };
  if (error.outcome !== "unknown") return { text: "Nothing was changed; try again.", next: "retry" };
  if (error.idempotencyKey === undefined) {
    return {
      text: "The server may or may not have done it. Replacing once more ends in the same result.",
      next: "retry",
    };
  }
  return {
    text: "The server may or may not have done it. Repeat it with the same key: it is then done once, whatever happened.",
    next: "repeat",
  };
}
