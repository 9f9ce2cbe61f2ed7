// `using`, where the program's types know it.
import { CustomersApi } from "synctera-customers";

export async function count(): Promise<number> {
  using api = new CustomersApi({ accessToken: "token" });
  const dispose: () => void = api[Symbol.dispose];
  const disposable: Disposable = api;
  const { customers } = await api.listCustomers();
  return disposable === api ? dispose.length : customers.length;
}
