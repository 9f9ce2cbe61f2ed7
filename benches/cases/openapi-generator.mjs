// The typescript-fetch client that openapi-generator makes of the contract: each response is copied
// into its own objects, with camelCase names and dates.
import { Configuration, CustomersApi } from "../generated/openapi-generator.mjs";

export function open({ fetch, baseUrl, token }) {
  const configuration = new Configuration({ basePath: baseUrl, fetchApi: fetch, accessToken: token });
  const api = new CustomersApi(configuration);
  return {
    create: (customerWrite) => api.createCustomer({ customerWrite }),
    get: (customerId) => api.getCustomer({ customerId }),
    list: (limit) => api.listCustomers({ limit }),
    patch: (customerId, patchCustomer) => api.patchCustomer({ customerId, patchCustomer }),
    update: (customerId, customerWrite) => api.updateCustomer({ customerId, customerWrite }),
  };
}

/** A draft or a change as its callers write it. */
export function argument(wire) {
  const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  const value = (name, member) => {
    if (name === "dob") return new Date(member);
    return typeof member === "object" && name !== "metadata" ? argument(member) : member;
  };
  return Object.fromEntries(
    Object.entries(wire).map(([name, member]) => [camel(name), value(name, member)]),
  );
}
