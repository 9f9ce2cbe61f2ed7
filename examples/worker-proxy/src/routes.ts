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
    pattern: /^\/v0\/customers\/([^/]+)$/,
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
    const customerId = match[1] === undefined ? undefined : decoded(match[1]);
    if (match[1] !== undefined && customerId === undefined) break;
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

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
