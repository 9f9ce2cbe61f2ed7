// Problems: what goes back to the page when there is no success, in the API's own form
// (application/problem+json), so that the page's client reads them as if Synctera had spoken.
import type { ApiError } from "synctera-customers";
import type { Finding } from "./fields.ts";

/** How many names a refusal repeats: a body of nothing but names would make a response twice its size. */
const MOST_NAMED = 20;

/** What a problem can hold besides its status. */
interface Members {
  readonly type?: string | undefined;
  readonly title?: string | undefined;
  readonly detail?: string | undefined;
  readonly code?: ApiError["code"] | undefined;
  readonly missing?: readonly string[] | undefined;
  readonly invalid?: Readonly<Record<string, string>> | undefined;
  readonly immutable?: readonly string[] | undefined;
  readonly valid_status?: readonly string[] | undefined;
  readonly retry_after?: number | undefined;
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthenticated",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  504: "Gateway Timeout",
};

/** Thrown wherever a request cannot be answered with success. */
export class Problem extends Error {
  readonly status: number;
  readonly members: Members;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, members: Members, headers: Readonly<Record<string, string>> = {}) {
    super(`${status}`);
    this.status = status;
    this.members = members;
    this.headers = headers;
  }

  response(): Response {
    const { status, members, headers } = this;
    return Response.json(
      { ...members, title: members.title ?? TITLES[status] ?? "Failed", status },
      { status, headers: { ...headers, "content-type": "application/problem+json" } },
    );
  }
}

/** 400 for what a request holds and may not: names and reasons, and never values. */
export function notAllowed(code: "BAD_REQUEST_BODY" | "BAD_QUERY_PARAMETER", findings: readonly Finding[]): Problem {
  const named = findings.slice(0, MOST_NAMED);
  const more = findings.length > named.length ? `, and ${findings.length - named.length} more` : "";
  return new Problem(400, {
    code,
    detail: `The proxy does not let this pass: ${named.map(([name]) => name).join(", ")}${more}.`,
    invalid: Object.fromEntries(named),
  });
}
