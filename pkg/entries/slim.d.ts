// TypeScript finds index.d.ts next to index.js, which need not be there; the comment below is for JSR.
// @ts-types="../dist/index.d.ts"
export * from "../dist/index.js";

/**
 * What {@link init} takes: a `WebAssembly.Module`, its bytes as an `ArrayBuffer` or a view of one,
 * a `Response` with them, or the `URL` or string to fetch them from.
 *
 * Written without these names, which only the DOM's types know.
 */
export type WasmSource = object | string;

/**
 * Loads the WebAssembly module; needed once, before the first `new CustomersApi(…)`.
 *
 * The module is this package's file `synctera-customers/synctera_customers.wasm`. Calling again
 * does nothing; after a failure it tries again.
 *
 * @param module the module, or a promise of it.
 * @throws whatever the host's `fetch` or `WebAssembly` throws.
 *
 * @example
 * import { CustomersApi, init } from "synctera-customers/slim";
 *
 * await init(fetch("/assets/synctera_customers.wasm"));
 * const api = new CustomersApi({ accessToken: () => session.token });
 */
export function init(module: WasmSource | PromiseLike<WasmSource>): Promise<void>;
