// The server's client: a page that imports from `lib/server` fails the build.
import { SYNCTERA_API_KEY, SYNCTERA_BASE_URL } from "$app/env/private";
import { CustomersApi, isSyncteraError, type SyncteraError } from "synctera-customers";

let api: CustomersApi | undefined;

/** Made by the first request: there is no key in the build's environment. */
export function customers(): CustomersApi {
  return (api ??= new CustomersApi({ accessToken: SYNCTERA_API_KEY, baseUrl: SYNCTERA_BASE_URL }));
}

/** What a form shows next to its fields, by their names. */
export function fieldErrors(error: SyncteraError): Record<string, string> {
  // The client's own checks, before anything was sent.
  if (isSyncteraError(error, "ValidationError")) {
    const found = error.issues.map(({ path, expected }) => [path.replace(/^customer\./, ""), `Expected ${expected}.`]);
    return Object.fromEntries(found);
  }
  if (isSyncteraError(error, "ApiError")) {
    return { ...error.invalid, ...Object.fromEntries(error.missing.map((name) => [name, "Required."])) };
  }
  return {};
}
