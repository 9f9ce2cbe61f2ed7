// The first hour in a Worker: the client at module level, the key from the environment's bindings.
import { CustomersApi, isSyncteraError } from "synctera-customers";

interface Env {
  SYNCTERA_API_KEY?: string;
  BASE_URL: string;
}

let api: CustomersApi | undefined;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    try {
      api ??= new CustomersApi({ accessToken: env.SYNCTERA_API_KEY, baseUrl: env.BASE_URL });
      const id = new URL(request.url).pathname.slice(1);
      const customer = await (id ? api.getCustomer(id) : api.createCustomer({ status: "PROSPECT" }, { timeoutMs: 5_000 }));
      return Response.json(customer);
    } catch (error) {
      if (!isSyncteraError(error)) throw error;
      const stack = (error.stack ?? "").replace(error.message, "");
      return Response.json({ name: error.name, message: error.message, stack }, { status: error.name === "ApiError" ? error.status : 502 });
    }
  },
};
