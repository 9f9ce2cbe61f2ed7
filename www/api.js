// The page's way to the package. Every call goes through a `Session`, which has it recorded.
import { CustomersApi, isProspect, isSyncteraError } from "/pkg/entries/default.js";
import { Recorder } from "./recorder.js";

/** @import { CustomerInBody, CustomerWrite, HttpInfo, ListCustomersParams, PatchCustomer, RequestOptions } from "/pkg/entries/default.js" */
/** @import { Arguments, CallLog } from "./call-log.js" */
/** @import { Faults } from "./faults.js" */

export { isProspect, isSyncteraError };

/** Parameters whose values are no personal data: only these are shown in the path of a call. */
const SHOWN_PARAMETERS = ["has_accounts", "limit", "sort_by", "status"];

/** A client for one server and token, and the log of its calls. */
export class Session {
  #api;
  #recorder;
  /** Whether the person has disconnected: what still ends is reported no more. */
  isClosed = false;

  /**
   * Throws the package's `ValidationError` if the address or the token is unfit.
   *
   * @param {{ baseUrl: string, token: string }} connection
   * @param {CallLog} log
   * @param {Faults} faults
   */
  constructor({ baseUrl, token }, log, faults) {
    this.baseUrl = baseUrl;
    this.#recorder = new Recorder(log, faults, token);
    this.#api = new CustomersApi({ baseUrl, accessToken: token, ...this.#recorder.options });
  }

  /**
   * @param {ListCustomersParams} params
   * @param {RequestOptions} [options]
   */
  list(params, options) {
    const what = { operation: "listCustomers", method: "GET", path: `/customers${shownQuery(params)}`, arguments: { params } };
    return this.#call(what, options, (all) => this.#api.listCustomersWithHttpInfo(params, all));
  }

  /**
   * @param {string} id
   * @param {RequestOptions} [options]
   */
  get(id, options) {
    const what = { operation: "getCustomer", method: "GET", path: `/customers/${id}`, arguments: { id } };
    return this.#call(what, options, (all) => this.#api.getCustomerWithHttpInfo(id, all));
  }

  /**
   * @param {CustomerWrite} customer
   * @param {RequestOptions} [options]
   */
  create(customer, options) {
    const what = { operation: "createCustomer", method: "POST", path: "/customers", arguments: { body: customer } };
    return this.#call(what, options, (all) => this.#api.createCustomerWithHttpInfo(customer, all));
  }

  /**
   * @param {string} id
   * @param {PatchCustomer} patch
   * @param {RequestOptions} [options]
   */
  patch(id, patch, options) {
    const what = { operation: "patchCustomer", method: "PATCH", path: `/customers/${id}`, arguments: { id, body: patch } };
    return this.#call(what, options, (all) => this.#api.patchCustomerWithHttpInfo(id, patch, all));
  }

  /**
   * @param {string} id
   * @param {CustomerWrite | CustomerInBody} customer
   * @param {RequestOptions} [options]
   */
  replace(id, customer, options) {
    const what = { operation: "updateCustomer", method: "PUT", path: `/customers/${id}`, arguments: { id, body: customer } };
    const body = /** @type {CustomerInBody} */ (customer);
    return this.#call(what, options, (all) => this.#api.updateCustomerWithHttpInfo(id, body, all));
  }

  close() {
    this.isClosed = true;
  }

  /**
   * @template T
   * @param {{ operation: string, method: string, path: string, arguments: Arguments }} what
   * @param {RequestOptions | undefined} options
   * @param {(options: RequestOptions) => Promise<HttpInfo<T>>} send
   * @returns {Promise<T>}
   */
  async #call(what, options, send) {
    const { call, headers } = this.#recorder.begin({ ...what, baseUrl: this.baseUrl }, options?.maxRetries);
    try {
      const info = await send({ ...options, headers });
      this.#recorder.succeed(call, info);
      return info.data;
    } catch (error) {
      this.#recorder.fail(call, error);
      throw error;
    }
  }
}

/**
 * The query as the inspector shows it: names of all parameters, values only of those that say
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
