// The server's client. A client component that imports it fails the build.
import "server-only";
import { CustomersApi } from "synctera-customers";

let api: CustomersApi | undefined;

/** Made by the first request: there is no key in the build's environment. */
export function customers(): CustomersApi {
  return (api ??= new CustomersApi({
    accessToken: process.env["SYNCTERA_API_KEY"],
    baseUrl: process.env["SYNCTERA_BASE_URL"], // not set: Synctera's sandbox
  }));
}
