// The way to Synctera: one client, which holds the key.
import {
  CustomersApi,
  type CustomerWrite,
  type HttpInfo,
  type PatchCustomer,
  type RequestOptions,
} from "synctera-customers";
import type { Env } from "./env.ts";
import { findingsIn, select } from "./fields.ts";
import { notAllowed } from "./problem.ts";
import { notAllowedParams, readBody, readKey, readParams } from "./request.ts";
import type { Route } from "./routes.ts";
import { REQUESTS } from "./schema.ts";
import type { Access, Limits, Operation } from "./types.ts";

/** At module level: it holds no connection, and all requests may share it. */
let client: CustomersApi | undefined;

function clientOf(env: Env, { timeoutMs, responseBytes }: Limits): CustomersApi {
  client ??= new CustomersApi({
    accessToken: env.SYNCTERA_API_KEY ?? "",
    ...(env.SYNCTERA_BASE_URL
      ? { baseUrl: env.SYNCTERA_BASE_URL }
      : { environment: env.SYNCTERA_ENVIRONMENT as "sandbox" | "production" }),
    timeoutMs,
    maxResponseBytes: responseBytes,
    // One request here is one request there. The page's client repeats: it has the deadline and the
    // key, and the budget. Were both to repeat, three attempts would become nine; and the response to
    // a second attempt, a 429 say, would hide that the first may have made the customer.
    maxRetries: 0,
  });
  return client;
}

/** Sends what the page asks for, as far as it may; throws a `Problem` or an error of the package. */
export async function callSynctera(
  request: Request,
  env: Env,
  { operation, customerId: id = "" }: Route & { operation: Operation },
  access: Access,
  limits: Limits,
): Promise<HttpInfo<object>> {
  const api = clientOf(env, limits);
  const query = new URL(request.url).searchParams;
  if (operation !== "listCustomers" && query.size > 0) {
    throw notAllowedParams([...query.keys()]);
  }
  const body = (type: keyof typeof REQUESTS) => writableBody(request, type, access, limits.bodyBytes);
  switch (operation) {
    case "listCustomers":
      return api.listCustomersWithHttpInfo(readParams(query, access, limits.pageSize));
    case "getCustomer":
      return api.getCustomerWithHttpInfo(id);
    case "createCustomer":
      return api.createCustomerWithHttpInfo((await body(operation)) as CustomerWrite, keyed(request, operation));
    case "patchCustomer":
      return api.patchCustomerWithHttpInfo(id, (await body(operation)) as PatchCustomer, keyed(request, operation));
    case "updateCustomer":
      return api.updateCustomerWithHttpInfo(id, (await body(operation)) as CustomerWrite, keyed(request, operation));
  }
}

async function writableBody(
  request: Request,
  operation: keyof typeof REQUESTS,
  { writable }: Access,
  limit: number,
): Promise<object> {
  const body = await readBody(request, limit);
  const findings = findingsIn(body, select(REQUESTS[operation], writable));
  if (findings.length > 0) throw notAllowed("BAD_REQUEST_BODY", findings);
  return body;
}

/** The page's key and no other: however often the page asks, Synctera sees one call. */
function keyed(request: Request, operation: Operation): RequestOptions {
  const idempotencyKey = readKey(request, operation);
  return idempotencyKey === undefined ? {} : { idempotencyKey };
}
