// Other roles for the same proxy: one that may do much, one that may do very little, and one that may
// do everything there is.
import { config } from "./config.ts";
import type { Env } from "./env.ts";
import { createProxy } from "./proxy.ts";
import { CUSTOMER, REQUESTS } from "./schema.ts";
import type { Config, ReadableField, WritableField } from "./types.ts";

const operations = ["createCustomer", "getCustomer", "listCustomers", "patchCustomer", "updateCustomer"] as const;

const wide: Config = {
  ...config,
  roles: {
    all: {
      operations,
      readable: ["first_name", "last_name", "email", "legal_address", "metadata", "addresses.city"],
      writable: ["status", "first_name", "last_name", "email", "metadata", "legal_address"],
      filters: ["id", "last_name", "has_accounts"],
      sortable: ["last_name"],
    },
    little: {
      operations: ["getCustomer", "listCustomers", "patchCustomer"],
      readable: ["legal_address.city"],
      writable: ["legal_address.city", "legal_address.country_code"],
    },
    everything: {
      operations,
      readable: Object.keys(CUSTOMER) as ReadableField[],
      writable: Object.keys(REQUESTS.createCustomer) as WritableField[],
    },
  },
};

interface TestEnv extends Env {
  TIMEOUT_MS?: number;
}

export default {
  fetch(request: Request, env: TestEnv): Promise<Response> {
    const limits = { ...wide.limits, timeoutMs: env.TIMEOUT_MS ?? wide.limits.timeoutMs };
    return createProxy({ ...wide, limits }).fetch(request, env);
  },
};
