// Problems: what goes back to the page when there is no success, in the API's own form
// (application/problem+json), so that the page's client reads them as if Synctera had spoken.

/** The codes of Synctera's catalogue that the proxy itself uses. */
type Code =
  | "BAD_CONFIGURATION"
  | "BAD_QUERY_PARAMETER"
  | "BAD_REQUEST"
  | "BAD_REQUEST_BODY"
  | "FORBIDDEN"
  | "GATEWAY_TIMEOUT"
  | "INTERNAL_ERROR"
  | "RESOURCE_NOT_FOUND"
  | "TOO_MANY_REQUESTS"
  | "UNAUTHENTICATED";

/** What a problem may hold; whatever else Synctera's has does not pass. */
const MEMBERS = [
  "type",
  "title",
  "detail",
  "code",
  "missing",
  "invalid",
  "immutable",
  "valid_status",
  "retry_after",
] as const;

type Members = Partial<Record<(typeof MEMBERS)[number], unknown>>;

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

  constructor(
    status: number,
    members: Members & { code?: Code | undefined },
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status}`);
    this.status = status;
    this.members = members;
    this.headers = headers;
  }

  /** A problem of Synctera's, member by member; of a body that is none nothing is left. */
  static passedOn(status: number, body: unknown, headers: Readonly<Record<string, string>>): Problem {
    const source = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
    const members = MEMBERS.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]);
    return new Problem(status, Object.fromEntries(members), headers);
  }

  response(): Response {
    const { status, members, headers } = this;
    return Response.json(
      { title: TITLES[status] ?? "Failed", ...members, status },
      { status, headers: { ...headers, "content-type": "application/problem+json" } },
    );
  }
}

/** 400 for what a request names and may not: names, and never values. */
export function notAllowed(code: "BAD_REQUEST_BODY" | "BAD_QUERY_PARAMETER", names: readonly string[]): Problem {
  return new Problem(400, {
    code,
    detail: `The proxy does not let this pass: ${names.join(", ")}.`,
    invalid: Object.fromEntries(names.map((name) => [name, "not allowed by the proxy"])),
  });
}
