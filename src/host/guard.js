// What remains to be done should the module itself fail: every promise settles all the same.
//
// Nothing on a call's path panics. Were it to, or were a host's built-in function to throw where it
// never does, the exception would end a microtask of the module's and the calls that waited for it
// would wait for ever; in Node it would end the process.

import { makeError } from "./errors.js";
import { endAll, now } from "./exchange.js";

/** The calls that have not settled, and until when that may be. @type {Map<(error: unknown) => void, number>} */
const pending = new Map();

/** How many calls may wait before the abandoned among them are looked for. */
let many = 1_000;

/** Forgets calls that cannot settle any more: in a Worker, those of a request that is gone. */
function forgetTheAbandoned() {
  for (const [fail, until] of pending) if (until < now()) pending.delete(fail);
  many = Math.max(1_000, 2 * pending.size);
}

/**
 * Lets a call's promise settle even if the module cannot settle it any more.
 * @param {Promise<unknown>} promise
 * @param {string} operation
 * @param {string | undefined} idempotencyKey
 * @param {number} timeoutMs
 */
export function guard(promise, operation, idempotencyKey, timeoutMs) {
  return new Promise((resolve, reject) => {
    /** @param {unknown} cause */
    const fail = (cause) => reject(failure(operation, cause, idempotencyKey));
    // A little longer than the deadline, at which the module settles it.
    pending.set(fail, now() + timeoutMs + 1_000);
    if (pending.size >= many) forgetTheAbandoned();
    promise.then(
      (value) => {
        pending.delete(fail);
        resolve(value);
      },
      (error) => {
        pending.delete(fail);
        reject(error);
      },
    );
  });
}

/**
 * Takes the place of `queueMicrotask` in the module's glue (the build sees to that). What escapes
 * from the module fails every call that waits, since none can trust it to come back.
 * @param {() => void} task
 */
export function guardedMicrotask(task) {
  globalThis.queueMicrotask(() => {
    try {
      task();
    } catch (error) {
      const waiting = [...pending.keys()];
      pending.clear();
      for (const fail of waiting) fail(error);
      endAll(error);
    }
  });
}

/**
 * Makes every method of the class reject where it would throw: after `free()`, or if the module
 * fails at once.
 * @param {{ prototype: any }} constructor
 */
export function protect(constructor) {
  const { prototype } = constructor;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (!/Customers?(WithHttpInfo)?$/.test(name)) continue;
    const method = prototype[name];
    prototype[name] = {
      /** @param {unknown[]} args */
      [name](...args) {
        try {
          return method.apply(this, args);
        } catch (cause) {
          return Promise.reject(failure(name, cause, undefined, "not_sent"));
        }
      },
    }[name];
  }
  return constructor;
}

/**
 * @param {string} operation
 * @param {unknown} cause
 * @param {string | undefined} idempotencyKey
 */
function failure(operation, cause, idempotencyKey, outcome = "unknown") {
  const after =
    outcome === "unknown"
      ? "Whether it was done is unknown: repeat it, a create or a patch with the same idempotency key."
      : "Nothing was sent. Was the client used after free()?";
  const message = `${operation}: synctera-customers itself failed, see cause. ${after}`;
  return makeError("SyncteraError", message, { operation, outcome, attempts: 0, idempotencyKey, cause });
}
