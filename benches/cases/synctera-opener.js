// The five operations by this package's class, from whichever entry it comes.
export const opener =
  (CustomersApi) =>
  ({ fetch, baseUrl, token, ...options }) => {
    const api = new CustomersApi({ accessToken: token, baseUrl, ...(fetch && { fetch }), ...options });
    return {
      create: (draft) => api.createCustomer(draft),
      get: (id) => api.getCustomer(id),
      list: (limit) => api.listCustomers({ limit }),
      patch: (id, changes) => api.patchCustomer(id, changes),
      update: (id, draft) => api.updateCustomer(id, draft),
    };
  };
