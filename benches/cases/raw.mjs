// `fetch` by hand, the yardstick: no check, no key, no deadline, no repeat.
export function open({ fetch = globalThis.fetch, baseUrl, token }) {
  const authorization = `Bearer ${token}`;
  const send = async (path, method, body) =>
    (
      await fetch(baseUrl + path, {
        method,
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify(body),
      })
    ).json();
  const read = async (path) => (await fetch(baseUrl + path, { headers: { authorization } })).json();
  return {
    create: (draft) => send("/customers", "POST", draft),
    get: (id) => read(`/customers/${id}`),
    list: (limit) => read(`/customers?limit=${limit}`),
    patch: (id, changes) => send(`/customers/${id}`, "PATCH", changes),
    update: (id, draft) => send(`/customers/${id}`, "PUT", draft),
  };
}
