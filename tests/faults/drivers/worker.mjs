// In a Cloudflare Worker: one request runs it all.
import * as errors from "synctera-customers";
import { runFaults } from "../laboratory.js";

const { CustomersApi } = errors;

export default {
  async fetch(request) {
    return Response.json(await runFaults({ CustomersApi, errors, settings: await request.json() }));
  },
};
