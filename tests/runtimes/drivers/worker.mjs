// A Cloudflare Worker: the story at /story, and for the rest the handler that the README shows.
import * as errors from "synctera-customers";
import readme from "./readme.ts";
import { runScenario } from "./scenario.js";

const { CustomersApi } = errors;

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== "/story") return readme.fetch(request, env, context);
    const { BASE_URL, TOKEN } = env;
    return Response.json(await runScenario({ CustomersApi, errors, baseUrl: BASE_URL, token: TOKEN }));
  },
};
