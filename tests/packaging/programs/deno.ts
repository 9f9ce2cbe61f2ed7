// What Deno hands over: the environment, its own fetch and signals, and `using`.
import { CustomersApi, type FetchLike } from "synctera-customers";
import { init } from "synctera-customers/slim";

const native: FetchLike = fetch;

export async function read(id: string): Promise<string> {
  await init(Deno.readFile("synctera_customers.wasm"));
  using api = new CustomersApi({ accessToken: Deno.env.get("SYNCTERA_API_KEY") ?? "", fetch });
  const { status } = await api.getCustomer(id, { signal: AbortSignal.timeout(native.length) });
  return status;
}

// @ts-expect-error a variable that may be unset is no token
export const unset = new CustomersApi({ accessToken: () => Deno.env.get("SYNCTERA_API_KEY") });
