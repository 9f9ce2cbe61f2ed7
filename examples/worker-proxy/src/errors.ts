// What the page gets when Synctera was not asked, did not answer, or refused. The page's client
// reads two things from it: whether asking again may help, and what may have happened. So nothing
// here may claim a refusal where Synctera may have done it (see the README's table).
import { isSyncteraError, type ApiError, type ValidationError } from "synctera-customers";
import { Problem } from "./problem.ts";
import { passedHeaders, unreadable } from "./response.ts";

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isSyncteraError(error, "ApiError")) return refused(error);
  if (isSyncteraError(error, "ValidationError")) return invalid(error);
  if (isSyncteraError(error, "TimeoutError")) {
    return new Problem(504, { code: "GATEWAY_TIMEOUT", detail: "Synctera did not answer in time." });
  }
  if (isSyncteraError(error, "ConnectionError")) {
    return new Problem(502, { detail: "There was no whole response from Synctera." });
  }
  if (isSyncteraError(error, "DecodeError")) {
    return unreadable(passedHeaders(error.headers));
  }
  // A mistake in this Worker; its words might quote anything.
  return new Problem(500, { code: "INTERNAL_ERROR" });
}

/** Synctera's response as the package has read it, but for two that would mislead the page. */
function refused(error: ApiError): Problem {
  const { status } = error;
  const headers = passedHeaders(error.headers);
  if (status === 401) {
    // It is the proxy's key that is refused. As 401 the page would take its own session for ended.
    const detail = "Synctera does not accept the proxy's key.";
    return new Problem(502, { code: "BAD_CONFIGURATION", detail }, headers);
  }
  // A redirect is none of the page's business.
  if (status < 400 || status > 599) return new Problem(502, { detail: `Synctera answered ${status}.` }, headers);
  // The known members of a problem, each of its type. What is no problem, such as a gateway's web
  // page, has none.
  const { type, title, detail, code, missing, invalid, immutable, validStatus, retryAfter } = error;
  const lists = {
    missing: unlessEmpty(missing),
    invalid: unlessEmpty(invalid),
    immutable: unlessEmpty(immutable),
    valid_status: unlessEmpty(validStatus),
  };
  return new Problem(status, { type, title, detail, code, ...lists, retry_after: retryAfter }, headers);
}

function unlessEmpty<T extends object>(list: T): T | undefined {
  return Object.keys(list).length > 0 ? list : undefined;
}

const CODES = { customer: "BAD_REQUEST_BODY", patch: "BAD_REQUEST_BODY", params: "BAD_QUERY_PARAMETER" } as const;

/** The client's own checks: paths and what is wanted there, never values. Nothing was sent. */
function invalid({ operation, argument, issues }: ValidationError): Problem {
  if (operation === undefined) {
    const options = issues.map(({ path }) => path).join(", ");
    return new Problem(500, { code: "BAD_CONFIGURATION", detail: `The proxy is not set up: ${options}.` });
  }
  const isMissing = ({ found }: { found: string }) => found === "missing";
  const name = (path: string) => path.replace(/^(customer|patch|params)\./, "");
  return new Problem(400, {
    code: (CODES as Readonly<Record<string, (typeof CODES)[keyof typeof CODES]>>)[argument] ?? "BAD_REQUEST",
    detail: "The proxy's client did not send this; see missing and invalid.",
    missing: issues.filter(isMissing).map(({ path }) => name(path)),
    invalid: Object.fromEntries(
      issues.filter((issue) => !isMissing(issue)).map(({ path, expected }) => [name(path), `wanted: ${expected}`]),
    ),
  });
}
