// The calls that have not settled, and what remains to be done should the module itself fail: every
// promise settles all the same.
//
// Nothing on a call's path panics. Were it to, or were a host's built-in function to throw where it
// never does, the exception would end a microtask of the module's and the calls that waited for it
// would wait for ever; in Node it would end the process.

import { broken, define, errorOf } from "./errors.js";
import { operations } from "./shape.js";

/** @typedef {import("./call.js").Call} Call */

/** The calls that have not settled. @type {Set<Call>} */
const pending = new Set();

/** How many calls may wait before the abandoned among them are looked for. */
let many = 1_000;

/** Milliseconds on a clock that never goes back. */
export function now() {
  return globalThis.performance?.now() ?? Date.now();
}

/**
 * Whether one call may wait for a promise that another made. In a Worker each request has its own
 * I/O: a promise that belongs to another never settles once that request is gone.
 */
export function sharesPromises() {
  return globalThis.navigator?.userAgent !== "Cloudflare-Workers";
}

/** @param {Call} call */
export function remember(call) {
  pending.add(call);
  if (pending.size < many) return;
  // In a Worker, a request that is gone takes its timers along, and its calls never settle.
  const time = now();
  for (const old of pending) if (old.deadline + 1_000 < time) pending.delete(old);
  many = Math.max(1_000, 2 * pending.size);
}

/** @param {Call} call */
export function forget(call) {
  pending.delete(call);
}

/**
 * Fails every call that waits, since none can trust the module to come back.
 * @param {unknown} cause
 */
export function failAll(cause) {
  for (const call of [...pending]) {
    call.fail(broken(operations[call.operation].name, cause, call.idempotencyKey, "unknown"));
    call.controller?.abort();
  }
}

/**
 * Takes the place of `queueMicrotask` in the module's glue (the build sees to that).
 * @param {() => void} task
 */
export function guardedMicrotask(task) {
  globalThis.queueMicrotask(() => {
    try {
      task();
    } catch (error) {
      failAll(error);
    }
  });
}

/**
 * The class that the package exports, made from the module's. Its constructor and methods make the
 * errors that the module has described, and a method rejects where the module throws: after `free()`,
 * or if the module itself fails.
 * @param {any} Core the class that wasm-bindgen exports
 * @returns {any}
 */
export function protect(Core) {
  // A class of no name of its own takes the property's, which neither a bundler nor a minifier changes.
  const { CustomersApi } = {
    CustomersApi: class extends Core {
      /** @param {unknown} options */
      constructor(options) {
        try {
          super(options);
        } catch (thrown) {
          throw errorOf("new CustomersApi", thrown);
        }
      }
    },
  };
  for (const name of Object.getOwnPropertyNames(Core.prototype)) {
    if (!/Customers?(WithHttpInfo)?$/.test(name)) continue;
    const method = Core.prototype[name];
    const { [name]: value } = {
      /**
       * @this {unknown}
       * @param {unknown[]} args
       */
      [name](...args) {
        let result;
        try {
          result = method.apply(this, args);
        } catch (thrown) {
          result = thrown;
        }
        return result instanceof Promise ? result : Promise.reject(errorOf(name, result));
      },
    };
    define(CustomersApi.prototype, name, { value, configurable: true, writable: true });
  }
  return CustomersApi;
}
