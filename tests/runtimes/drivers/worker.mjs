// A Cloudflare Worker: the scenario at /scenario, calls through one client that all requests share at
// /shared/…, and for the rest the handler that the README shows.
import * as errors from "synctera-customers";
import readme from "./readme.ts";
import { runScenario } from "./scenario.js";

const { CustomersApi } = errors;

/** At module level, as the README advises. */
let api;

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    const { BASE_URL, TOKEN } = env;
    if (pathname.startsWith("/shared/")) return shared(request, BASE_URL, TOKEN);
    if (pathname !== "/scenario") return readme.fetch(request, env, context);
    return Response.json(await runScenario({ CustomersApi, errors, baseUrl: BASE_URL, token: TOKEN }));
  },
};

/** One slow call, whose token takes a while and which may have to wait for its place. */
async function shared(request, baseUrl, token) {
  api ??= new CustomersApi({
    accessToken: async () => {
      await new Promise((done) => setTimeout(done, 10));
      return token;
    },
    baseUrl,
    maxConcurrent: 4,
    timeoutMs: 20_000,
  });
  const { pathname, searchParams } = new URL(request.url);
  const call = api.getCustomer(pathname.split("/").at(-1), { headers: { "sandbox-fault": "delay=40" } });
  if (searchParams.has("leave")) {
    // With the response the request ends, and with it every timer and connection that it has.
    call.catch(() => {});
    await new Promise((done) => setTimeout(done, Number(searchParams.get("leave"))));
    return new Response("left");
  }
  return new Response((await call).id);
}
