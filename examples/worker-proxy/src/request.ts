// What is taken over of a page's request: its body, its query and its idempotency key, each only so
// far as the config names it. The checks of forms and values are the client's, in upstream.ts.
import type { ListCustomersParams } from "synctera-customers";
import { isObject, shown } from "./fields.ts";
import { notAllowed, Problem } from "./problem.ts";
import type { Access, Operation } from "./types.ts";

/** The body, a JSON object of at most so many bytes. */
export async function readBody(request: Request, limit: number): Promise<object> {
  if (!/^application\/json *(;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new Problem(415, { detail: "A body has to be application/json." });
  }
  const text = await readText(request, limit);
  const body = text === undefined ? undefined : parsed(text);
  if (!isObject(body)) throw new Problem(400, { code: "BAD_REQUEST_BODY", detail: "The body is no JSON object." });
  return body;
}

/** The text, and no more than is allowed of it is read; nothing if it is no UTF-8. */
async function readText(request: Request, limit: number): Promise<string | undefined> {
  const tooLarge = new Problem(413, { detail: `A body has at most ${limit} bytes.` });
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > limit) throw tooLarge;
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(await new Blob(chunks).arrayBuffer());
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The parameters of a list, each once and each allowed. */
export function readParams(query: URLSearchParams, access: Access, pageSize: number): ListCustomersParams {
  const { filters = [], sortable = [] } = access;
  const order = query.get("sort_by")?.split(",") ?? [];
  const allowed: readonly string[] = ["limit", "page_token", "sort_by", ...filters];
  const refused = [
    ...[...new Set(query.keys())].filter((name) => !allowed.includes(name) || query.getAll(name).length > 1),
    ...(order.every((term) => sortable.some((field) => term.startsWith(`${field}:`))) ? [] : ["sort_by"]),
  ];
  if (refused.length > 0) throw notAllowedParams(refused);
  const params = Object.fromEntries([...query].map(([name, text]) => [name, parameter(name, text)]));
  // As the API does with its own limit: more than there may be is taken for the most.
  const limit = params["limit"] ?? pageSize;
  return { ...params, limit: typeof limit === "number" ? Math.min(limit, pageSize) : limit } as ListCustomersParams;
}

export function notAllowedParams(names: readonly string[]): Problem {
  const findings = [...new Set(names.map(shown))].map((name) => [name, "not allowed by the proxy"] as const);
  return notAllowed("BAD_QUERY_PARAMETER", findings);
}

/** The value that a parameter's text stands for; the text itself where it stands for none. */
function parameter(name: string, text: string): unknown {
  switch (name) {
    case "id":
    case "sort_by":
      return text.split(",");
    case "limit":
      return /^\d{1,9}$/.test(text) ? Number(text) : text;
    case "has_accounts":
      return text === "true" || (text === "false" ? false : text);
    default:
      return text;
  }
}

/**
 * The key of the page's call. Required where Synctera takes one: under a key that the proxy made
 * itself, a page that asks again would make a second customer.
 */
export function readKey(request: Request, operation: Operation): string | undefined {
  const key = request.headers.get("idempotency-key");
  if (key) return key;
  if (operation !== "createCustomer" && operation !== "patchCustomer") return undefined;
  throw new Problem(400, { code: "BAD_REQUEST", detail: "The header Idempotency-Key is missing." });
}
