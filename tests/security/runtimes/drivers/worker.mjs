// In a Cloudflare Worker: one request returns all results.
import { CustomersApi } from "synctera-customers";
import { findCanaries } from "../../canary.js";
import { travel } from "../../transport.js";

export default {
  async fetch(request) {
    const { server } = await request.json();
    const results = [
      ...(await findCanaries({ CustomersApi, print: console.log })),
      ...(await travel({ CustomersApi, server, isBrowser: false })),
    ];
    return Response.json(results);
  },
};
