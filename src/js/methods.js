// The exported class: its constructor and methods, with errors that hold the caller's functions in their stacks.

import { errorOf, Failure, invalid, moduleFailure } from "./errors.js";
import { abort, rejectAll, trapped } from "./exchange.js";
import { iterate } from "./pages.js";

/**
 * Makes the exported class what callers use. Its constructor throws, and its methods reject with, errors
 * that are constructed after the module has returned, with the caller's functions in their stacks; and no
 * method that gives a promise throws: after `free()`, after a trap, or without its client. Rust's class
 * cannot do that itself, since then the module is not entered or has been left.
 *
 * Each method is written out and constructs its errors itself: the stack of an `async` function goes on
 * with the functions that await it, and not every engine names a function that the source does not.
 * @param {any} Core
 * @param {any} pageLimit Rust's, for iterations
 * @param {any} turnPage Rust's, for iterations
 */
export function protect(Core, pageLimit, turnPage) {
  // An anonymous class takes the property's name, which neither a bundler nor a minifier changes.
  const { CustomersApi } = {
    CustomersApi: class extends Core {
      /** @param {unknown} options */
      constructor(options) {
        if (trapped) throw errorOf(entryFailure("new CustomersApi", trapped.cause));
        try {
          super(options);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      async createCustomer(...args) {
        try {
          return await begin(this, CustomersApi, super.createCustomer, args);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      async createCustomerWithHttpInfo(...args) {
        try {
          return await begin(this, CustomersApi, super.createCustomerWithHttpInfo, args);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      async getCustomer(...args) {
        try {
          return await begin(this, CustomersApi, super.getCustomer, args);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      async getCustomerWithHttpInfo(...args) {
        try {
          return await begin(this, CustomersApi, super.getCustomerWithHttpInfo, args);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      async listCustomers(...args) {
        try {
          return await begin(this, CustomersApi, super.listCustomers, args);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      async listCustomersWithHttpInfo(...args) {
        try {
          return await begin(this, CustomersApi, super.listCustomersWithHttpInfo, args);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      iterateCustomers(...args) {
        try {
          const list = (/** @type {any[]} */ ...page) => begin(this, CustomersApi, super.listCustomersWithHttpInfo, page);
          return iterate(begin(this, CustomersApi, super.iterateCustomers, args), list, abort, pageLimit, turnPage);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      async patchCustomer(...args) {
        try {
          return await begin(this, CustomersApi, super.patchCustomer, args);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      async patchCustomerWithHttpInfo(...args) {
        try {
          return await begin(this, CustomersApi, super.patchCustomerWithHttpInfo, args);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      async updateCustomer(...args) {
        try {
          return await begin(this, CustomersApi, super.updateCustomer, args);
        } catch (reason) {
          throw errorOf(reason);
        }
      }

      /** @param {any[]} args */
      async updateCustomerWithHttpInfo(...args) {
        try {
          return await begin(this, CustomersApi, super.updateCustomerWithHttpInfo, args);
        } catch (reason) {
          throw errorOf(reason);
        }
      }
    },
  };
  return CustomersApi;
}

/**
 * Enters the module; gives what the method gives: a call's promise, or the plan of an iteration. Throws a `Failure` where there is none.
 * @param {any} client
 * @param {any} constructor
 * @param {(...args: unknown[]) => unknown} method
 * @param {unknown[]} args
 * @returns {any}
 */
function begin(client, constructor, method, args) {
  const { name } = method;
  if (!(client instanceof constructor)) throw withoutClient(name);
  if (trapped) throw entryFailure(name, trapped.cause);
  let result;
  try {
    result = method.apply(client, args);
  } catch (cause) {
    if (client.__wbg_ptr !== 0) rejectAll(cause);
    throw entryFailure(name, cause);
  }
  if (result instanceof Failure) throw result;
  return result;
}

/**
 * @param {string} name
 * @param {unknown} cause
 */
function entryFailure(name, cause) {
  const advice = trapped
    ? "It cannot go on: load it anew, by a reload of the page or a restart of the process. Nothing was sent."
    : "Nothing was sent: the client was used after free().";
  return moduleFailure(name, cause, "not_sent", advice);
}

/** @param {string} name */
function withoutClient(name) {
  const expected = `a client: call it as api.${name}(…), or hand on (…args) => api.${name}(…args)`;
  return invalid(name, "this", "missing", expected, 0, "called without its client");
}
