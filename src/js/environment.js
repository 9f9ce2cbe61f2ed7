// What the runtime is and has: a page or not, its environment, its clock, its random values. No function throws but
// `randomUuid`.

import { inherited } from "./shape.js";

/** A number from 0 to 1, without 1. */
function random() {
  try {
    return Number(Math.random());
  } catch {
    return 0.5;
  }
}

/** Milliseconds on a clock that does not jump, unless a test replaces it. */
function now() {
  try {
    return globalThis.performance.now();
  } catch {
    return Date.now();
  }
}

/** The host's own time. Its timers are looked up at each use, since a test may replace them. @type {any} */
export const HOST_CLOCK = {
  now,
  random,
  date: () => Date.now(),
  setTimeout: (/** @type {() => void} */ run, /** @type {number} */ ms) => setTimeout(run, ms),
  clearTimeout: (/** @type {any} */ timer) => clearTimeout(timer),
};

/**
 * A caller's clock. Where it throws, the host's own takes its place.
 * @param {any} clock
 */
export function guarded(clock) {
  /** @type {any} */
  const safe = {};
  for (const name in HOST_CLOCK) {
    safe[name] = (/** @type {any[]} */ ...args) => {
      try {
        return clock[name](...args);
      } catch {
        return HOST_CLOCK[name](...args);
      }
    };
  }
  safe.date = safe.now;
  return safe;
}

/**
 * Whether this is a page or one of its workers, in a browser or a WebView: there a key is everybody's,
 * and requests carry cookies unless an option says otherwise. Other runtimes have none of these, whatever they call
 * themselves.
 */
export function isPage() {
  const global = (/** @type {string} */ name) => inherited(globalThis, name);
  const navigator = global("navigator");
  if (typeof global("document") === "object" || navigator?.product === "ReactNative") return true;
  const isWorker = typeof global("importScripts") === "function";
  return isWorker && global("Deno") === undefined && navigator?.userAgent !== "Cloudflare-Workers";
}

/** The origin that a page's relative addresses are resolved against; `undefined` elsewhere. */
export function pageOrigin() {
  try {
    return isPage() ? String(globalThis.location.origin) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A variable of the environment in Node, Deno and Bun; `undefined` elsewhere, or where reading it is not
 * permitted. A page has none: what a bundler puts there is everybody's.
 * @param {string} name
 * @returns {string | undefined}
 */
export function environmentVariable(name) {
  try {
    if (isPage()) return undefined;
    const { Deno, process } = /** @type {any} */ (globalThis);
    const value = Deno?.env?.get ? Deno.env.get(name) : process?.env?.[name];
    return typeof value === "string" ? value.trim() : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether one call may wake another. In a Worker each request has its own I/O, which a promise of
 * another request's cannot touch.
 */
export function canWakeOthers() {
  return globalThis.navigator?.userAgent !== "Cloudflare-Workers";
}

/** A random UUID. Throws where the host has no source of random values. */
export function randomUuid() {
  const { crypto } = globalThis;
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // A page that is not a secure context has only this.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
