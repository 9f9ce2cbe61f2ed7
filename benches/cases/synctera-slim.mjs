// The entry that leaves loading the module to the caller.
import { CustomersApi, init } from "synctera-customers/slim";

export { init };

export function open({ fetch, baseUrl, token }) {
  const api = new CustomersApi({ accessToken: token, baseUrl, ...(fetch && { fetch }) });
  return {
    create: (draft) => api.createCustomer(draft),
    get: (id) => api.getCustomer(id),
    list: (limit) => api.listCustomers({ limit }),
    patch: (id, changes) => api.patchCustomer(id, changes),
    update: (id, draft) => api.updateCustomer(id, draft),
  };
}
