// `fetch` by hand with a deadline over all of the call, as a caller writes it who cannot wait for ever.
export function open({ fetch = globalThis.fetch, baseUrl, token }) {
  const authorization = `Bearer ${token}`;
  const send = async (path, { method, body }) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 60_000);
    try {
      const headers = { authorization, ...(body && { "content-type": "application/json" }) };
      const { signal } = controller;
      const response = await fetch(baseUrl + path, { method, headers, body: JSON.stringify(body), signal });
      return await response.json();
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    create: (body) => send("/customers", { method: "POST", body }),
    get: (id) => send(`/customers/${id}`, { method: "GET" }),
    list: (limit) => send(`/customers?limit=${limit}`, { method: "GET" }),
    patch: (id, body) => send(`/customers/${id}`, { method: "PATCH", body }),
    update: (id, body) => send(`/customers/${id}`, { method: "PUT", body }),
  };
}
