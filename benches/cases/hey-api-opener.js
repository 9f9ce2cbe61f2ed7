/** How both clients of @hey-api/openapi-ts are used. */
export const opener =
  ({ createClient, createCustomer, getCustomer, listCustomers, patchCustomer, updateCustomer }) =>
  ({ fetch, baseUrl, token }) => {
    const client = createClient({ baseUrl, fetch, auth: token, throwOnError: true });
    const data = async (call) => (await call).data;
    const path = (customer_id) => ({ client, path: { customer_id } });
    return {
      create: (body) => data(createCustomer({ client, body })),
      get: (id) => data(getCustomer(path(id))),
      list: (limit) => data(listCustomers({ client, query: { limit } })),
      patch: (id, body) => data(patchCustomer({ ...path(id), body })),
      update: (id, body) => data(updateCustomer({ ...path(id), body })),
    };
  };
