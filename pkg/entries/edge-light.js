// Vercel's Edge runtime: like workerd, and it asks for the suffix `?module`.
import module from "../dist/synctera_customers.wasm?module";
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
