// Node, by import, and where Node can require() a module also by that, so that a program that does
// both has one instance. The bytes are inside as for everybody, in the one form that Node reads at once.
import base64 from "../dist/wasm-base64.js";
import { start } from "../dist/core.js";

export const {
  AbortError,
  ApiError,
  ConnectionError,
  CustomersApi,
  DecodeError,
  SyncteraError,
  TimeoutError,
  TokenError,
  ValidationError,
  isProspect,
  isSyncteraError,
  validateCustomer,
  validatePatch,
} = /* @__PURE__ */ start(/* @__PURE__ */ Buffer.from(base64, "base64"));
