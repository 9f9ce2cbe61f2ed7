// Browsers, Deno, Bun and everything else: the module's bytes are inside, so that nothing need
// be fetched, read or awaited, and no bundler needs a plugin.
//
// Where the types are, for JSR and for Deno without npm:
// @ts-self-types="../dist/index.d.ts"
import text from "../dist/wasm-text.js";
import { decode, start } from "../dist/core.js";

export const {
  AbortError,
  ApiError,
  ConnectionError,
  CustomersApi,
  DecodeError,
  SyncteraError,
  ThrottleError,
  TimeoutError,
  TokenError,
  ValidationError,
  isProspect,
  isSyncteraError,
  validateCustomer,
  validatePatch,
} = /* @__PURE__ */ start(/* @__PURE__ */ decode(text));
