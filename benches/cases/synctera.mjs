// This package, packed and installed, as it comes: arguments checked, a key for each create, a
// deadline, repeats.
import { CustomersApi } from "synctera-customers";

export function open({ fetch, baseUrl, token, ...options }) {
  const api = new CustomersApi({ accessToken: token, baseUrl, ...(fetch && { fetch }), ...options });
  return {
    create: (draft) => api.createCustomer(draft),
    get: (id) => api.getCustomer(id),
    list: (limit) => api.listCustomers({ limit }),
    patch: (id, changes) => api.patchCustomer(id, changes),
    update: (id, draft) => api.updateCustomer(id, draft),
  };
}
