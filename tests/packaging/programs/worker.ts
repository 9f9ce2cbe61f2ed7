// What a Cloudflare Worker hands over: a secret, a service binding, the request's signal, a module, a stream.
import { CustomersApi, isSyncteraError, type FetchLike } from "synctera-customers";
import { getCustomers } from "synctera-customers/bulk";
import { init } from "synctera-customers/slim";

interface Env {
  SYNCTERA_API_KEY: string;
  CUSTOMERS: Fetcher;
  MODULE: WebAssembly.Module;
}

const native: FetchLike = fetch;
let api: CustomersApi | undefined;

export default {
  async fetch(request, env, context): Promise<Response> {
    api ??= new CustomersApi({
      accessToken: env.SYNCTERA_API_KEY,
      fetch: (url, init) => env.CUSTOMERS.fetch(url, init),
    });
    context.waitUntil(init(env.MODULE));
    try {
      const page = await api.listCustomers({}, { signal: request.signal, timeoutMs: native.length });
      return Response.json(page.customers.length);
    } catch (error) {
      if (!isSyncteraError(error, "ApiError")) throw error;
      return new Response(error.title ?? null, { status: error.status });
    }
  },
} satisfies ExportedHandler<Env>;

/** The customers of a stream of ids. */
export async function readAll(client: CustomersApi, ids: ReadableStream<string>): Promise<number> {
  return (await getCustomers(client, ids, { concurrency: 6 })).found;
}
