// What a page hands over: its own fetch, its signals, its streams, and a response with the module.
import { CustomersApi, type FetchLike } from "synctera-customers";
import { createCustomers } from "synctera-customers/bulk";
import { init } from "synctera-customers/slim";

const native: FetchLike = fetch;
const api = new CustomersApi({ accessToken: () => "token", baseUrl: "/api", fetch: window.fetch.bind(window) });

export async function search(form: HTMLFormElement, controller: AbortController): Promise<number> {
  await init(fetch("/assets/synctera_customers.wasm"));
  await init(new URL("/assets/synctera_customers.wasm", location.href));
  await init(WebAssembly.compileStreaming(fetch("/assets/synctera_customers.wasm")));
  const last_name = String(new FormData(form).get("last_name"));
  const { customers } = await api.listCustomers({ last_name }, { signal: controller.signal });
  await api.getCustomer(customers[0]?.id ?? "", { signal: AbortSignal.timeout(100) });
  return native.length;
}

/** The rows of a file, as a stream. */
export async function upload(names: ReadableStream<string>, { signal }: AbortController): Promise<number> {
  const { created } = await createCustomers(api, names, {
    job: "upload",
    key: (name) => name,
    customer: (name) => ({ status: "PROSPECT", last_name: name }),
    signal,
  });
  return created;
}

export const double = new CustomersApi({
  accessToken: "token",
  fetch: async (url, init) => new Response(init.body ?? url, { status: 201, headers: init.headers }),
});
