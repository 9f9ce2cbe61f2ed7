// What the compiler knows after a test: of a customer, and of an error.
import {
  AbortError,
  ApiError,
  ConnectionError,
  DecodeError,
  SyncteraError,
  TimeoutError,
  ValidationError,
  isProspect,
  isSyncteraError,
} from "synctera-customers";
import type { AnySyncteraError, Customer, CustomerInBody, CustomerStatus, Finding, Open, Prospect } from "synctera-customers";

/** Whether two types are the same one. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for `true`. */
function assert<T extends true>(_proof?: T): void {}

export function customers(customer: CustomerInBody): void {
  if (isProspect(customer)) {
    assert<Same<typeof customer, Prospect>>();
    assert<Same<typeof customer.status, "PROSPECT">>();
  } else {
    assert<Same<typeof customer, Customer>>();
  }
  // The status alone narrows nothing, since a status of tomorrow may be any text; that is why
  // there is isProspect. Comparing it is fine all the same.
  if (customer.status === "PROSPECT" || customer.status === "ACTIVE") {
    assert<Same<typeof customer, CustomerInBody>>();
  }
  // Fields that both have need no test.
  assert<Same<typeof customer.id, string>>();
  assert<Same<typeof customer.email, string | undefined>>();
  const status: string = customer.status;
  void status;
}

/** Open: known values complete, others pass; closed: nothing but the list. */
export const opened: Open<CustomerStatus>[] = ["ACTIVE", "A_STATUS_OF_TOMORROW"];
export const prospect: Prospect = { id: "1", status: "PROSPECT" };
export const both: CustomerInBody[] = [prospect, { id: "2", status: "A_STATUS_OF_TOMORROW" }];

export function byClass(error: unknown): string {
  if (error instanceof ApiError) {
    assert<Same<typeof error.name, "ApiError">>();
    assert<Same<typeof error.status, number>>();
    assert<Same<typeof error.bodyKind, "problem" | "json" | "text" | "empty">>();
    switch (error.code) {
      case "DUPLICATE_RESOURCE":
      case "A_CODE_OF_TOMORROW":
        return error.code;
      default:
        return `${error.retryAfter ?? ""}${error.missing.join()}${Object.keys(error.invalid).join()}`;
    }
  }
  if (error instanceof ConnectionError) return error.cause?.code ?? error.cause?.name ?? "";
  if (error instanceof TimeoutError) return String(error.timeoutMs);
  if (error instanceof AbortError) return String(error.reason);
  if (error instanceof ValidationError) {
    assert<Same<typeof error.issues, Finding[]>>();
    return error.argument;
  }
  if (error instanceof DecodeError) {
    assert<Same<typeof error.problem, "malformed_json" | "not_json" | "empty_body" | "unexpected_shape" | "too_large" | "repeated_page_token">>();
    return error.problem;
  }
  if (error instanceof SyncteraError) {
    assert<Same<typeof error.outcome, "not_sent" | "rejected" | "unknown">>();
    return error.operation ?? error.message;
  }
  return "not ours";
}

export function byGuard(error: unknown): number | undefined {
  if (isSyncteraError(error, "ApiError")) {
    assert<Same<typeof error, ApiError>>();
    return error.status;
  }
  if (isSyncteraError(error, "TimeoutError")) {
    assert<Same<typeof error, TimeoutError>>();
    return error.timeoutMs;
  }
  if (isSyncteraError(error)) {
    assert<Same<typeof error, AnySyncteraError>>();
    const asError: Error = error;
    assert<Same<ReturnType<typeof error.toJSON>, Record<string, unknown>>>();
    assert<Same<ReturnType<typeof error.unredacted>, Record<string, unknown>>>();
    return asError.message.length + error.attempts;
  }
  // @ts-expect-error there is no such kind
  isSyncteraError(error, "HttpError");
  return undefined;
}

/** By the name, as a switch over a union of them. */
export function byName(error: unknown): number {
  if (!isSyncteraError(error)) return 0;
  switch (error.name) {
    case "ApiError":
      return error.status;
    case "TimeoutError":
      return error.timeoutMs;
    case "ValidationError":
      return error.issues.length;
    default:
      assert<Same<typeof error.outcome, "not_sent" | "rejected" | "unknown">>();
      return error.attempts;
  }
}
