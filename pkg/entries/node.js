// Node, by import: the instance of require(). Every tool that follows imports knows this form; one that
// chooses a file by a newer condition (`module-sync`) is not known to those that copy what is required.
import exports from "./node.cjs";

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
} = exports;
