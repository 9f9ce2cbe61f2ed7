// In a page: its server takes the results.
import { CustomersApi } from "synctera-customers";
import { findCanaries } from "../../canary.js";
import { travel } from "../../transport.js";

/** In the console: what is logged, and what is not caught. */
function print(value) {
  console.log(value);
  if (value instanceof Error) reportError(value);
  Promise.reject(value);
}

(async () => {
  // There to be sent along, if a request asked for it. A worker has no document.
  if (globalThis.document) document.cookie = "own=1; path=/";
  const results = [
    ...(await findCanaries({ CustomersApi, print })),
    ...(await travel({ CustomersApi, server: location.origin, isBrowser: true })),
  ];
  await fetch("/results", { method: "POST", body: JSON.stringify(results) });
})().catch((error) => fetch("/results", { method: "POST", body: JSON.stringify([{ name: "the page", ok: false, detail: String(error?.stack ?? error) }]) }));
