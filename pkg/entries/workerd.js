// Cloudflare Workers: workerd compiles no bytes at run time, but imports a compiled module.
import module from "../dist/synctera_customers.wasm";
import { start } from "../dist/core.js";

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
} = /* @__PURE__ */ start(module);
