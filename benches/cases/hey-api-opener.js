/**
 * How both clients of @hey-api/openapi-ts are used: by the one client that the whole program shares,
 * as their documentation shows. (A client handed to a call ends up in `new Request`, where Deno
 * refuses it.) So what is opened last holds for all.
 */
export const opener =
  ({ client, createCustomer, getCustomer, listCustomers, patchCustomer, updateCustomer }) =>
  ({ fetch, baseUrl, token }) => {
    client.setConfig({ baseUrl, fetch, auth: token, throwOnError: true });
    const data = async (call) => (await call).data;
    const path = (customer_id) => ({ path: { customer_id } });
    return {
      create: (body) => data(createCustomer({ body })),
      get: (id) => data(getCustomer(path(id))),
      list: (limit) => data(listCustomers({ query: { limit } })),
      patch: (id, body) => data(patchCustomer({ ...path(id), body })),
      update: (id, body) => data(updateCustomer({ ...path(id), body })),
    };
  };
