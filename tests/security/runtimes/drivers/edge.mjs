// In Vercel's Edge runtime: the host calls what is defined here.
import { CustomersApi } from "synctera-customers";
import { findCanaries } from "../../canary.js";
import { travel } from "../../transport.js";

globalThis.tellAll = async (server) =>
  JSON.stringify([
    ...(await findCanaries({ CustomersApi, print: console.log })),
    ...(await travel({ CustomersApi, server, isBrowser: false })),
  ]);
