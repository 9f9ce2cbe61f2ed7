// `--dry-run`: the requests that would be sent, without the token and personal data.
import { CustomersApi } from "synctera-customers";
import { serverOf } from "./connection.js";

/**
 * A function that makes a call by a client that sends nothing, and gives the request as the package made it,
 * redacted by the package's own logger. It throws what the package throws if it would not send it. For one
 * call at a time.
 *
 * @param {import("./options.js").Options} options
 * @returns {(call: (api: CustomersApi) => Promise<unknown>) => Promise<object>}
 */
export function dryRunner(options) {
  /** @type {any} */
  let request;
  /** @type {unknown} */
  let content;
  const api = new CustomersApi({
    ...serverOf(options),
    allowUnknownFields: options.allowUnknownFields,
    // The real token is not even read.
    accessToken: "dry-run",
    maxRetries: 0,
    fetch(url, { method, headers }) {
      request = { method, url: url.split("?")[0], headers: { ...headers, authorization: "Bearer [redacted]" } };
      return Promise.reject(new Error("dry run"));
    },
    logger: { debug: (_, /** @type {{ content?: unknown }} */ fields) => (content ??= fields.content), info() {}, warn() {}, error() {} },
    logLevel: "debug",
  });
  return async (call) => {
    request = content = undefined;
    try {
      await call(api);
    } catch (error) {
      if (request === undefined) throw error;
    }
    return { ...request, [request.method === "GET" ? "query" : "body"]: content };
  };
}
