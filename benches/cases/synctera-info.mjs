// This package, each operation with the HTTP exchange.
import { CustomersApi } from "synctera-customers";

export const open = ({ fetch, baseUrl, token }) => {
  const api = new CustomersApi({ accessToken: token, baseUrl, fetch });
  const dataOf = async (call) => (await call).data;
  return {
    create: (draft) => dataOf(api.createCustomerWithHttpInfo(draft)),
    get: (id) => dataOf(api.getCustomerWithHttpInfo(id)),
    list: (limit) => dataOf(api.listCustomersWithHttpInfo({ limit })),
    patch: (id, changes) => dataOf(api.patchCustomerWithHttpInfo(id, changes)),
    update: (id, draft) => dataOf(api.updateCustomerWithHttpInfo(id, draft)),
  };
};
