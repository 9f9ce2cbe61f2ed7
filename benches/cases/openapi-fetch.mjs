// openapi-fetch: types of the contract over fetch; nothing is checked, made or repeated.
import createClient from "openapi-fetch";

export function open({ fetch, baseUrl, token }) {
  const client = createClient({ baseUrl, fetch, headers: { authorization: `Bearer ${token}` } });
  const path = (customer_id) => ({ params: { path: { customer_id } } });
  return {
    create: (body) => data(client.POST("/customers", { body })),
    get: (id) => data(client.GET("/customers/{customer_id}", path(id))),
    list: (limit) => data(client.GET("/customers", { params: { query: { limit } } })),
    patch: (id, body) => data(client.PATCH("/customers/{customer_id}", { ...path(id), body })),
    update: (id, body) => data(client.PUT("/customers/{customer_id}", { ...path(id), body })),
  };
}

async function data(call) {
  const { data, error } = await call;
  if (error !== undefined) throw error;
  return data;
}
