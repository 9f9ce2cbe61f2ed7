// What Node hands over: the environment, its own fetch and signals, and a file with the module.
import { readFile } from "node:fs/promises";
import { CustomersApi, type FetchLike } from "synctera-customers";
import { init } from "synctera-customers/slim";

const native: FetchLike = fetch;
const api = new CustomersApi({ accessToken: process.env["SYNCTERA_API_KEY"] ?? "", fetch });

export async function read(id: string): Promise<string> {
  await init(readFile(new URL("synctera_customers.wasm", import.meta.url)));
  const { status } = await api.getCustomer(id, { signal: AbortSignal.timeout(native.length) });
  return status;
}
