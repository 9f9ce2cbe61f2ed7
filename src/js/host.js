// What the calls of one client share at the host: its `fetch` and what goes along with every request, its token,
// its clock, and the functions of the caller's that only watch.

import { guarded, HOST_CLOCK, isPage } from "./environment.js";

/** In a page: no cookie goes along unless the caller wants it, no response stays in a cache, and no address is passed on. */
const PAGE_INIT = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };

/** Elsewhere: no framework caches a response, as Next.js 14 does. @type {object | undefined} */
let serverInit;

/** What goes along with every request outside of a page. workerd before its date 2024-11-11 throws for `cache`. */
function initOutsideOfPages() {
  if (serverInit !== undefined) return serverInit;
  const init = { cache: "no-store" };
  try {
    serverInit = typeof Request === "function" && new Request("https://example.com", /** @type {any} */ (init)) ? init : {};
  } catch {
    serverInit = {};
  }
  return serverInit;
}

/**
 * Calls a caller's function whose failure does not matter; gives its result.
 * @param {((...args: any[]) => unknown) | undefined} callback
 * @param {...unknown} args
 */
export function notify(callback, ...args) {
  try {
    const result = /** @type {any} */ (callback?.(...args));
    if (typeof result?.then === "function") result.then(undefined, () => {});
    return result;
  } catch {
    // A hook, a logger or a drift callback that fails is not the call's failure.
    return undefined;
  }
}

/** The values of one client that only the host can use, in one object so that Rust holds one root. */
export class Host {
  /**
   * @param {any} options checked, a copy without a prototype
   * @param {string} baseUrl
   * @param {Record<string, string> | undefined} headers
   */
  constructor(options, baseUrl, headers) {
    const { fetch, accessToken, maxResponseBytes } = options;
    this.url = `${baseUrl}/customers`;
    this.token = accessToken;
    this.fetch = typeof fetch === "object" ? (/** @type {any} */ url, /** @type {any} */ init) => fetch.fetch(url, init) : fetch;
    this.headers = headers;
    /** Whether `fetch` takes this realm's signals, as far as is known. */
    this.takesSignal = true;
    this.clock = options.clock ? guarded(options.clock) : HOST_CLOCK;
    this.maxResponseBytes = maxResponseBytes ?? 32 * 1024 * 1024;
    this.throttle = options.throttle;
    this.hooks = [options.onRequest, options.onResponse, options.onRetry];
    this.onSchemaDrift = options.onSchemaDrift;
    this.logger = options.logger;
    const { credentials = PAGE_INIT.credentials } = options;
    this.init = isPage() ? { ...PAGE_INIT, credentials } : initOutsideOfPages();
  }

  /** Milliseconds on the client's clock. */
  now() {
    return this.clock.now();
  }

  /** Milliseconds since 1970. */
  date() {
    return this.clock.date();
  }

  /** A number from 0 to 1, without 1. */
  random() {
    return this.clock.random();
  }

  /** @param {unknown} drift */
  reportDrift(drift) {
    notify(this.onSchemaDrift, drift);
  }

  /**
   * @param {string} level a method of the logger
   * @param {string} message
   * @param {unknown} fields
   */
  log(level, message, fields) {
    notify((text) => this.logger[level](text, fields), `synctera-customers: ${message}`);
  }
}
