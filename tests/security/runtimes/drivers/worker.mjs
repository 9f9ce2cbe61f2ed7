// In a Cloudflare Worker: one request tells it all.
import { CustomersApi } from "synctera-customers";
import { sing } from "../../canary.js";
import { travel } from "../../transport.js";

export default {
  async fetch(request) {
    const { server } = await request.json();
    const results = [
      ...(await sing({ CustomersApi, print: console.log })),
      ...(await travel({ CustomersApi, server, isBrowser: false })),
    ];
    return Response.json(results);
  },
};
