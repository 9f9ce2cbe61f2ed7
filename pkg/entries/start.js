// What the package exports, once its WebAssembly module is in hand. Every entry that need not
// wait for the module calls this; they differ only in where it comes from.
import {
  AbortError,
  ApiError,
  ConnectionError,
  CustomersApi,
  DecodeError,
  SyncteraError,
  TimeoutError,
  ValidationError,
  initSync,
  isProspect,
  isSyncteraError,
  protect,
} from "../dist/core.js";

/**
 * Instantiates the module and returns the package's exports.
 *
 * Entries bind these to names of their own. A plain re-export of core.js would let a bundler,
 * told that this package has no side effects, drop the entry and with it the call to `initSync`.
 *
 * @param {WebAssembly.Module | BufferSource} module
 */
export function start(module) {
  initSync({ module: adopt(module) });
  protect(CustomersApi);
  return {
    AbortError,
    ApiError,
    ConnectionError,
    CustomersApi,
    DecodeError,
    SyncteraError,
    TimeoutError,
    ValidationError,
    isProspect,
    isSyncteraError,
  };
}

/**
 * Makes a compiled module this realm's own. Next.js compiles it in its server's realm and runs
 * the program in another, where the glue's `instanceof WebAssembly.Module` would be false, and
 * the module be taken for bytes.
 */
function adopt(module) {
  const isModule = Object.prototype.toString.call(module) === "[object WebAssembly.Module]";
  if (isModule && !(module instanceof WebAssembly.Module)) {
    Object.setPrototypeOf(module, WebAssembly.Module.prototype);
  }
  return module;
}

/**
 * The bytes of a module that travels as base64 text.
 *
 * @param {string} base64
 */
export function decode(base64) {
  if (Uint8Array.fromBase64) {
    return Uint8Array.fromBase64(base64);
  }
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i += 1) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes;
}
