// The one place that imports the package. Every call goes through a `Session`, which writes down
// how it went.
import { CustomersApi, isProspect, isSyncteraError } from "/pkg/entries/default.js";

/** @import { CustomerInBody, CustomerList, CustomerWrite, HttpInfo, ListCustomersParams, PatchCustomer, RequestOptions } from "/pkg/entries/default.js" */
/** @import { ExchangeLog } from "./exchange.js" */

export { isProspect, isSyncteraError };

/** Parameters whose values are no personal data: only these are shown in the exchange. */
const SHOWN_PARAMETERS = ["has_accounts", "limit", "sort_by", "status"];

/** A client for one server and token, and the log of its calls. */
export class Session {
  #api;
  #log;

  /**
   * Throws the package's `ValidationError` if the address or the token is unfit.
   *
   * @param {{ baseUrl: string, token: string }} connection
   * @param {ExchangeLog} log
   */
  constructor({ baseUrl, token }, log) {
    this.baseUrl = baseUrl;
    /** A fault that the sandbox shall play in the next call (its header `Sandbox-Fault`). */
    this.nextFault = "";
    this.#log = log;
    this.#api = new CustomersApi({ baseUrl, accessToken: token });
  }

  /**
   * @param {ListCustomersParams} params
   * @param {RequestOptions} [options]
   */
  list(params, options) {
    return this.#call("GET", `/customers${shownQuery(params)}`, options, (all) =>
      this.#api.listCustomersWithHttpInfo(params, all),
    );
  }

  /**
   * @param {string} id
   * @param {RequestOptions} [options]
   */
  get(id, options) {
    return this.#call("GET", `/customers/${id}`, options, (all) =>
      this.#api.getCustomerWithHttpInfo(id, all),
    );
  }

  /**
   * @param {CustomerWrite} customer
   * @param {RequestOptions} [options]
   */
  create(customer, options) {
    return this.#call("POST", "/customers", options, (all) =>
      this.#api.createCustomerWithHttpInfo(customer, all),
    );
  }

  /**
   * @param {string} id
   * @param {PatchCustomer} patch
   * @param {RequestOptions} [options]
   */
  patch(id, patch, options) {
    return this.#call("PATCH", `/customers/${id}`, options, (all) =>
      this.#api.patchCustomerWithHttpInfo(id, patch, all),
    );
  }

  /**
   * @param {string} id
   * @param {CustomerWrite | CustomerInBody} customer
   * @param {RequestOptions} [options]
   */
  replace(id, customer, options) {
    return this.#call("PUT", `/customers/${id}`, options, (all) =>
      this.#api.updateCustomerWithHttpInfo(id, /** @type {CustomerInBody} */ (customer), all),
    );
  }

  /**
   * @template T
   * @param {string} method
   * @param {string} path
   * @param {RequestOptions | undefined} options
   * @param {(options: RequestOptions) => Promise<HttpInfo<T>>} send
   * @returns {Promise<T>}
   */
  async #call(method, path, options, send) {
    const start = performance.now();
    /** @param {Partial<HttpInfo<T>> & { name?: string }} outcome */
    const log = ({ status, name, attempts = 0, idempotencyKey, requestId }) =>
      this.#log.add({
        at: new Date(),
        method,
        path,
        result: status === undefined ? (name ?? "Error") : String(status),
        failed: name !== undefined,
        ms: performance.now() - start,
        attempts,
        idempotencyKey,
        requestId,
      });
    try {
      const info = await send({ ...options, ...this.#fault(options) });
      log(info);
      return info.data;
    } catch (error) {
      if (isSyncteraError(error)) log(error);
      throw error;
    }
  }

  /** @param {RequestOptions | undefined} options */
  #fault(options) {
    const fault = this.nextFault;
    this.nextFault = "";
    if (!fault) return {};
    this.#log.faultUsed();
    // `times=` counts by an id, which has to be new.
    const id = fault.includes("times=") ? `;id=${crypto.randomUUID()}` : "";
    return { headers: { ...options?.headers, "Sandbox-Fault": fault + id } };
  }
}

/**
 * The query as the exchange shows it: names of all parameters, values only of those that say
 * nothing about a person.
 *
 * @param {ListCustomersParams} params
 */
function shownQuery(params) {
  const parts = Object.entries(params).map(([name, value]) =>
    `${name}=${SHOWN_PARAMETERS.includes(name) ? value : "…"}`,
  );
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}
