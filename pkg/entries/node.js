// Node's import: the exports of require(), so that a program that uses both has one instance,
// and `instanceof` holds across them.
import exports from "./node.cjs";

export const {
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
} = exports;
