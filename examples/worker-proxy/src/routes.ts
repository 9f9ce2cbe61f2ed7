// The five operations by method and path. Nothing else exists.
import type { Operation } from "./types.ts";

const PATHS: readonly { template: string; pattern: RegExp; operations: Readonly<Record<string, Operation>> }[] = [
  {
    template: "/v0/customers",
    pattern: /^\/v0\/customers$/,
    operations: { GET: "listCustomers", POST: "createCustomer" },
  },
  {
    template: "/v0/customers/{customer_id}",
    // An id is a UUID. Sent on, `..%2Fpersons` might lead a server that decodes it to another resource.
    pattern: /^\/v0\/customers\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i,
    operations: { GET: "getCustomer", PATCH: "patchCustomer", PUT: "updateCustomer" },
  },
];

/** The methods of the five, for a preflight. */
export const METHODS = [...new Set(PATHS.flatMap(({ operations }) => Object.keys(operations)))];

export interface Route {
  /** The path with its variable part blanked out, for the log. */
  readonly template: string;
  /** The methods that the path has; none, if there is no such path. */
  readonly methods: readonly string[];
  readonly operation?: Operation;
  readonly customerId?: string;
}

/** Where a request leads. */
export function routeOf(method: string, pathname: string): Route {
  for (const { template, pattern, operations } of PATHS) {
    const match = pattern.exec(pathname);
    if (!match) continue;
    const [, customerId] = match;
    const operation = Object.hasOwn(operations, method) ? operations[method] : undefined;
    return {
      template,
      methods: Object.keys(operations),
      ...(operation !== undefined && { operation }),
      ...(customerId !== undefined && { customerId }),
    };
  }
  return { template: "(none)", methods: [] };
}
