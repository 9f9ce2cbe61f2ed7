//! The TypeScript declarations that no Rust type stands for: what the host gives us, and the error
//! classes of `errors.js`. Everything else is generated from the types themselves.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const HOST: &str = r#"
/** The part of a response that the client reads; every `Response` has it, a test double may. */
export interface ResponseLike {
    /** The HTTP status. */
    readonly status: number;
    /** A `Headers` object, or a plain object of strings. */
    readonly headers?: unknown;
    /** Gives the body as text. Preferred over `json`. */
    text?(): PromiseLike<string>;
    /** Gives the body as JSON; asked only where there is no `text`. */
    json?(): PromiseLike<unknown>;
}

/** What the client gives to `fetch`. */
export interface FetchInit {
    /** `GET`, `POST`, `PATCH` or `PUT`. */
    method: string;
    /** The request's headers, names in lower case. The token is among them. */
    headers: Record<string, string>;
    /** JSON; absent where nothing is sent but the address. */
    body?: string;
    /** An `AbortSignal` that fires when the call ends before its answer. */
    signal: any;
    /** A redirect is not followed, so that the token goes only where you said. */
    redirect: "manual";
    /** In a browser only: no answer stays in a cache. */
    cache?: "no-store";
    /** In a browser only: no cookie goes along. */
    credentials?: "omit";
    /** In a browser only: no address is passed on. */
    referrerPolicy?: "no-referrer";
}

/** Where log lines go; `console` is one. */
export interface Logger {
    /** An attempt, with its data redacted. */
    debug(message: string, fields: object): void;
    /** A call that succeeded. */
    info(message: string, fields: object): void;
    /** An attempt that will be retried. */
    warn(message: string, fields: object): void;
    /** A call that has failed. */
    error(message: string, fields: object): void;
}

/** Headers to add: an object, in which `undefined` is left out, a `Headers` or an array of pairs. */
export type HeadersLike = Iterable<readonly [string, string]> | { readonly [name: string]: string | undefined };

/** The global `fetch`, a Workers service binding's, or a test double. */
export type FetchLike = (url: string, init: FetchInit) => PromiseLike<ResponseLike>;

/** Every `AbortSignal`, without asking for the DOM's types. */
export interface AbortSignalLike {
    /** Whether it has fired. */
    readonly aborted: boolean;
    /** Why it fired; becomes `reason` of the `AbortError`. */
    readonly reason?: unknown;
    /** Called when a call starts, once for all calls in flight. */
    addEventListener(type: "abort", listener: () => void): void;
    /** Called when the call ends, so that nothing is left on a signal that outlives it. */
    removeEventListener(type: "abort", listener: () => void): void;
}
"#;

#[wasm_bindgen(typescript_custom_section)]
const ERRORS: &str = r#"
/**
 * The base of every error of this package. `instanceof` works across bundled copies and realms.
 *
 * No `message`, no `stack` and no own property of an error holds personal data, a key or the
 * token: printing, serialising, cloning or spreading one shows none. What may hold some (`body`,
 * `code`, `detail`, `headers`, `idempotencyKey`, `immutable`, `invalid`, `missing`, `reason`,
 * `title`, `type`, `validStatus`) is kept apart from it, and read by name all the same. A `code`
 * that looks like a code, and no other, is a property of its own too.
 */
export class SyncteraError extends Error {
    protected constructor(message?: string);
    /** The class, as a word that survives minifying. */
    readonly name: string;
    /** The method that failed; absent if it was the constructor. */
    readonly operation?: string;
    /**
     * What the server may have done: `"not_sent"`, nothing was sent; `"rejected"`, it refused and
     * changed nothing; `"unknown"`, repeat the call with `idempotencyKey`.
     */
    readonly outcome: "not_sent" | "rejected" | "unknown";
    /** How many attempts were made. */
    readonly attempts: number;
    /** The key the call was sent under, given or made. */
    readonly idempotencyKey?: string;
    /** The id the server gave the request, if it gave one. */
    readonly requestId?: string;
    /** How long the server asked to wait, in milliseconds. */
    readonly retryAfterMs?: number;
    /** What logs may hold: the words and the error's own properties, nothing of anybody's data. */
    toJSON(): Record<string, unknown>;
    /**
     * Everything there is, as a plain object: **personal data, the response's headers and the
     * host's own error as `cause` included**. For a place that may hold them, never for logs.
     */
    unredacted(): Record<string, unknown>;
}

/** The server answered with a status that is not a success. */
export class ApiError extends SyncteraError {
    protected constructor(message?: string);
    /** Always `"ApiError"`. */
    readonly name: "ApiError";
    /** The HTTP status. */
    readonly status: number;
    /** The problem's code; other codes than these may come. */
    readonly code?: Open<
        | "BAD_CONFIGURATION" | "BAD_QUERY_PARAMETER" | "BAD_REQUEST" | "BAD_REQUEST_BODY"
        | "CUSTOMER_NOT_FOUND" | "DUPLICATE_RESOURCE" | "FEATURE_NOT_AVAILABLE" | "FORBIDDEN"
        | "GATEWAY_TIMEOUT" | "IDEMPOTENCY_CONCURRENT_USE" | "IDEMPOTENCY_INVALID_REUSE"
        | "INTERNAL_ERROR" | "INVALID_STATUS" | "INVALID_TENANCY" | "NOT_IMPLEMENTED"
        | "REQUEST_CANCELED" | "RESOURCE_NOT_FOUND" | "TOO_MANY_REQUESTS" | "UNAUTHENTICATED"
        | "VENDOR_TIMEOUT"
    >;
    /** The name of the kind of error. */
    readonly title?: string;
    /** What went wrong this time, for developers. It may quote input. */
    readonly detail?: string;
    /** A URI naming the kind of error. */
    readonly type?: string;
    /** Names of required fields that are absent. */
    readonly missing: string[];
    /** Field name and English explanation, for developers. It may quote input. */
    readonly invalid: Record<string, string>;
    /** Names of fields that may not be changed. */
    readonly immutable: string[];
    /** With `INVALID_STATUS`: the values that would have been accepted. */
    readonly validStatus: string[];
    /** How long the server asked to wait, in seconds. */
    readonly retryAfter?: number;
    /** The response's headers, names in lower case. */
    readonly headers: Record<string, string>;
    /** The body: parsed if it was JSON, else its text. */
    readonly body: unknown;
    /** What the body was. */
    readonly bodyKind: "problem" | "json" | "text" | "empty";
}

/** No whole answer came: no connection, or it broke off. See `cause`. */
export class ConnectionError extends SyncteraError {
    protected constructor(message?: string);
    /** Always `"ConnectionError"`. */
    readonly name: "ConnectionError";
    /** The name of what `fetch` threw, and its code, such as `ECONNREFUSED`; all of it is in `unredacted()`. */
    readonly cause?: { readonly name: string; readonly code?: string };
}

/** The deadline passed. */
export class TimeoutError extends SyncteraError {
    protected constructor(message?: string);
    /** Always `"TimeoutError"`. */
    readonly name: "TimeoutError";
    /** The deadline the call had, in milliseconds. */
    readonly timeoutMs: number;
}

/** The caller's signal fired. */
export class AbortError extends SyncteraError {
    protected constructor(message?: string);
    /** Always `"AbortError"`. */
    readonly name: "AbortError";
    /** The signal's reason. */
    readonly reason: unknown;
}

/**
 * An argument or an option is missing, unknown or unfit. Nothing was sent; only where `accessToken`
 * is a function that fails may an earlier attempt of the call have gone out, see `outcome`.
 */
export class ValidationError extends SyncteraError {
    protected constructor(message?: string);
    /** Always `"ValidationError"`. */
    readonly name: "ValidationError";
    /** The argument: `customerId`, `customer`, `patch`, `params`, `options` or `accessToken`. */
    readonly argument: string;
    /** Everything that was found; paths and types, never values. */
    readonly issues: Finding[];
    /** The name and the code of what the `accessToken` function, or a getter, threw. */
    readonly cause?: { readonly name: string; readonly code?: string };
}

/** The server reported success, but its body is of no use; or a body was larger than allowed. */
export class DecodeError extends SyncteraError {
    protected constructor(message?: string);
    /** Always `"DecodeError"`. */
    readonly name: "DecodeError";
    /** The HTTP status, a success. */
    readonly status: number;
    /** Why it is of no use. */
    readonly problem: "malformed_json" | "not_json" | "empty_body" | "unexpected_shape" | "too_large";
    /** The response's headers, names in lower case. */
    readonly headers: Record<string, string>;
    /** The body: parsed if it was JSON, else its text. */
    readonly body: unknown;
}

/** The error classes by name. */
export interface ErrorsByName {
    /** Any error of this package. */
    SyncteraError: SyncteraError;
    /** The server answered with a status that is not a success. */
    ApiError: ApiError;
    /** No whole answer came. */
    ConnectionError: ConnectionError;
    /** The deadline passed. */
    TimeoutError: TimeoutError;
    /** The caller's signal fired. */
    AbortError: AbortError;
    /** An argument or an option is missing, unknown or unfit. */
    ValidationError: ValidationError;
    /** The server reported success, but its body is of no use. */
    DecodeError: DecodeError;
}

/** Whether a value is an error of this package, of any kind. */
export function isSyncteraError(value: unknown): value is SyncteraError;
/** Whether a value is an error of this package, of the kind named. */
export function isSyncteraError<K extends keyof ErrorsByName>(value: unknown, kind: K): value is ErrorsByName[K];

/** Whether a customer is a prospect; narrows to `Prospect` or `Customer`. */
export function isProspect(customer: CustomerInBody): customer is Prospect;
"#;
