// stripe, on its own customers, with its own deadline and repeats.
import Stripe from "stripe";

/** Not the same API: other paths and bodies. */
export const foreign = true;

export function open({ fetch, baseUrl, token }) {
  const { hostname: host, port, protocol } = new URL(baseUrl);
  const stripe = new Stripe(token, {
    httpClient: Stripe.createFetchHttpClient(fetch),
    host,
    port,
    protocol: protocol.slice(0, -1),
  });
  return {
    create: (draft) => stripe.customers.create(draft),
    get: (id) => stripe.customers.retrieve(id),
    list: (limit) => stripe.customers.list({ limit }),
    patch: (id, changes) => stripe.customers.update(id, changes),
    update: (id, draft) => stripe.customers.update(id, draft),
  };
}

export const customerResponse = (customer) => ({ object: "customer", ...customer });

export const pageResponse = (data) => ({ object: "list", data, has_more: false, url: "/v1/customers" });
