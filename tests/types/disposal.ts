/// <reference lib="esnext.disposable" />
// A client gives its memory back at the end of a block, where the compiler knows `using` and its
// library.
import { CustomersApi } from "synctera-customers";

export async function once(id: string): Promise<string> {
  using api = new CustomersApi({ accessToken: "key" });
  return (await api.getCustomer(id)).status;
}

export const disposable: Disposable = new CustomersApi({ accessToken: "key" });
