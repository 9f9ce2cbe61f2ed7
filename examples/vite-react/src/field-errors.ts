import { isSyncteraError } from "synctera-customers";

/** What a form shows next to its fields, by their names. */
export function fieldErrors(error: unknown): Record<string, string> {
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
