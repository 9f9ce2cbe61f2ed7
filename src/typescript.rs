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
    /** The request's headers, names in lower case. The token, if there is one, is among them. */
    headers: Record<string, string>;
    /** JSON; absent where nothing is sent but the address. */
    body?: string;
    /** An `AbortSignal` that fires when the call ends before its response. */
    signal: any;
    /** A redirect is not followed, so that the token goes only where you said. */
    redirect: "manual";
    /** No response stays in a cache, a framework's included; absent where the runtime does not take it. */
    cache?: "no-store";
    /** In a browser only: which cookies go along; none, unless the client's `credentials` says so. */
    credentials?: "omit" | "same-origin" | "include";
    /** In a browser only: no address is passed on. */
    referrerPolicy?: "no-referrer";
}

/** Where log lines go; `console` is one. */
export interface Logger {
    /** An attempt, with its data redacted. */
    debug(message: string, fields: object): void;
    /** A call that succeeded, with its duration and number of attempts. */
    info(message: string, fields: object): void;
    /** An attempt that will be retried. */
    warn(message: string, fields: object): void;
    /** A call that has failed. */
    error(message: string, fields: object): void;
}

/** Time for tests. No method may throw. */
export interface Clock {
    /** Milliseconds since 1970; never less than before. */
    now(): number;
    /** Calls a function once after so many milliseconds; gives what `clearTimeout` takes. */
    setTimeout(run: () => void, ms: number): unknown;
    /** Does nothing for a timer that has run, or for `undefined`. */
    clearTimeout(timer: unknown): void;
    /** A number from 0 to 1, without 1: how much of a backoff is waited. */
    random(): number;
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
 * that looks like a code, and no other, is an own property too.
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
    /** What logs may hold: the words and the error's own properties, no one's data. */
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

/** No whole response came: no connection, or it broke off. See `cause`. */
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
 * An argument or an option is missing, unknown or of the wrong form. Nothing was sent; only where
 * `onRequest` returns headers that cannot be sent may an earlier attempt have gone out, see `outcome`.
 */
export class ValidationError extends SyncteraError {
    protected constructor(message?: string);
    /** Always `"ValidationError"`. */
    readonly name: "ValidationError";
    /** The argument: `customerId`, `customer`, `patch`, `params`, `options`, or the hook `onRequest`. */
    readonly argument: string;
    /** Everything that was found; paths and types, never values. */
    readonly issues: Finding[];
    /** The name and the code of what a getter threw. */
    readonly cause?: { readonly name: string; readonly code?: string };
}

/**
 * The `accessToken` function failed, or returned something that is no token. `outcome` says whether an
 * earlier attempt of the call had gone out.
 */
export class TokenError extends SyncteraError {
    protected constructor(message?: string);
    /** Always `"TokenError"`. */
    readonly name: "TokenError";
    /** The name and the code of what the function threw, if they are known; all of it is in `unredacted()`. */
    readonly cause?: { readonly name: string; readonly code?: string };
}

/**
 * The `throttle` function threw, or its promise rejected; the attempt was not sent. `outcome` says whether an
 * earlier attempt of the call had gone out.
 */
export class ThrottleError extends SyncteraError {
    protected constructor(message?: string);
    /** Always `"ThrottleError"`. */
    readonly name: "ThrottleError";
    /** The name and the code of what the function threw, if they are known; all of it is in `unredacted()`. */
    readonly cause?: { readonly name: string; readonly code?: string };
}

/**
 * The server reported success, but its body is of no use; or a body was larger than allowed; or the page
 * token of `iterateCustomers` leads back to an earlier page (`"repeated_page_token"`).
 */
export class DecodeError extends SyncteraError {
    protected constructor(message?: string);
    /** Always `"DecodeError"`. */
    readonly name: "DecodeError";
    /** The HTTP status, a success. */
    readonly status: number;
    /** Why it is of no use. */
    readonly problem: "malformed_json" | "not_json" | "empty_body" | "unexpected_shape" | "too_large" | "repeated_page_token";
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
    /** No whole response came. */
    ConnectionError: ConnectionError;
    /** The deadline passed. */
    TimeoutError: TimeoutError;
    /** The caller's signal fired. */
    AbortError: AbortError;
    /** An argument or an option is missing, unknown or of the wrong form. */
    ValidationError: ValidationError;
    /** The `accessToken` function failed. */
    TokenError: TokenError;
    /** The `throttle` function failed. */
    ThrottleError: ThrottleError;
    /** The server reported success, but its body is of no use. */
    DecodeError: DecodeError;
}

/**
 * Every error of this package, for `switch (error.name)`. One whose name is `"SyncteraError"` says that
 * the package itself failed.
 */
export type AnySyncteraError =
    | ApiError
    | ConnectionError
    | TimeoutError
    | AbortError
    | ValidationError
    | DecodeError
    | ThrottleError
    | TokenError
    | (SyncteraError & { readonly name: "SyncteraError" });

/** Whether a value is an error of this package, of any kind; `error.name` narrows it further. */
export function isSyncteraError(value: unknown): value is AnySyncteraError;
/** Whether a value is an error of this package, of the kind named. */
export function isSyncteraError<K extends keyof ErrorsByName>(value: unknown, kind: K): value is ErrorsByName[K];

/** Whether a customer is a prospect; narrows to `Prospect` or `Customer`. */
export function isProspect(customer: CustomerInBody): customer is Prospect;
"#;

#[wasm_bindgen(typescript_custom_section)]
const OVERLOADS: &str = r#"
/** The methods that take a whole customer, each in two forms. */
export interface CustomersApi {
    /**
     * Creates a customer and returns it as stored.
     *
     * Without `shipping_address`, the API stores a copy of `legal_address` as such. The request
     * carries an idempotency key: if the outcome of a call is unknown (`error.outcome`), repeat it
     * with `error.idempotencyKey` and there will be one customer.
     */
    createCustomer(customer: CustomerWrite, options?: RequestOptions): Promise<CustomerInBody>;
    /**
     * Creates a customer from an object that came from the API: fields that only the server sets, and
     * a masked `ssn`, are left out of the request.
     */
    createCustomer<Received extends CustomerInBody>(customer: Received, options?: RequestOptions): Promise<CustomerInBody>;
    /** As `createCustomer`, with the HTTP exchange. */
    createCustomerWithHttpInfo(customer: CustomerWrite, options?: RequestOptions): Promise<HttpInfo<CustomerInBody>>;
    /** As `createCustomer`, with the HTTP exchange. */
    createCustomerWithHttpInfo<Received extends CustomerInBody>(customer: Received, options?: RequestOptions): Promise<HttpInfo<CustomerInBody>>;
    /**
     * Replaces a customer. **Without `shipping_address` the API overwrites the stored one with a copy
     * of `legal_address`**; prefer `patchCustomer` for changing a few fields.
     */
    updateCustomer(customerId: string, customer: CustomerWrite, options?: RequestOptions): Promise<CustomerInBody>;
    /**
     * Replaces a customer by an object that came from the API: fields that only the server sets, and a
     * masked `ssn`, are left out of the request.
     */
    updateCustomer<Received extends CustomerInBody>(customerId: string, customer: Received, options?: RequestOptions): Promise<CustomerInBody>;
    /** As `updateCustomer`, with the HTTP exchange. */
    updateCustomerWithHttpInfo(customerId: string, customer: CustomerWrite, options?: RequestOptions): Promise<HttpInfo<CustomerInBody>>;
    /** As `updateCustomer`, with the HTTP exchange. */
    updateCustomerWithHttpInfo<Received extends CustomerInBody>(customerId: string, customer: Received, options?: RequestOptions): Promise<HttpInfo<CustomerInBody>>;
}
"#;

#[wasm_bindgen(typescript_custom_section)]
const PAGING: &str = r#"
/**
 * Filters and order of an iteration: the parameters of `listCustomers` without `limit` and `page_token`,
 * for which `iterateCustomers` has the options `pageSize`, `maxItems` and `cursor`.
 */
export type IterateCustomersParams = Omit<ListCustomersParams, "limit" | "page_token">;

/** The options of `toArray`. */
export interface ToArrayOptions {
    /** How many customers the array may hold at most. If there are more, the call fails. */
    max: number;
}

/**
 * The customers of all pages, as `for await` takes them.
 *
 * It can be iterated once. A loop that is left early, by `break`, `return` or an error in its body, ends the
 * iteration and aborts a page on its way; a loop over an iteration that is over throws a `ValidationError`.
 * After an error of a page it is not over: the next call of `next()` requests that page again. Calls at the
 * same time are served in order, so several workers may share one iteration.
 */
export interface CustomerIterator extends AsyncIterableIterator<CustomerInBody> {
    /**
     * Where another iteration, with the same filters and order, goes on after the last customer that was
     * given out: the option `cursor`. `undefined` while that is the beginning of the list. It is not to be
     * taken apart, holds no customer's data, and stays readable when the iteration is over.
     */
    readonly cursor: string | undefined;
    /**
     * Whether the list is at its end: every customer was given out. `false` after `maxItems`, unless there
     * are no more, and after a loop that was left. At the end, `cursor` leads to what was added since.
     */
    readonly done: boolean;
    /** Gives the next customer. */
    next(): Promise<IteratorResult<CustomerInBody, undefined>>;
    /** Ends the iteration and aborts a page on its way; `for await` calls it when a loop is left early. */
    return(): Promise<IteratorResult<CustomerInBody, undefined>>;
    /**
     * The same iteration, page by page: each array holds what is left of a page, and is never empty.
     * `cursor` then leads to the page after the last array.
     */
    pages(): AsyncIterableIterator<CustomerInBody[]>;
    /**
     * Gives all customers that are left, as one array. It never leaves one out: if there are more than
     * `max`, which is required, it rejects with a `ValidationError`. After any error the iteration is over,
     * and `cursor` leads to where `toArray` began.
     */
    toArray(options: ToArrayOptions): Promise<CustomerInBody[]>;
}
"#;

#[wasm_bindgen(typescript_custom_section)]
const VALIDATORS: &str = r#"
/** A check of a value before it is sent; also a Standard Schema, for forms and servers. */
export interface Validator<T> {
    /** Everything that is wrong with a value; an empty array if nothing is. Paths and types, never values. */
    (value: unknown): Finding[];
    /** See https://standardschema.dev. */
    readonly "~standard": {
        /** The version of Standard Schema. */
        readonly version: 1;
        /** Always `"synctera-customers"`. */
        readonly vendor: string;
        /** Gives the value itself, or what is wrong with it. */
        readonly validate: (value: unknown) =>
            | { readonly value: T; readonly issues?: undefined }
            | { readonly issues: ReadonlyArray<{ readonly message: string; readonly path: ReadonlyArray<string | number> }> };
        /** For type inference only. */
        readonly types?: { readonly input: T; readonly output: T } | undefined;
    };
}

/** Checks a value as the body of `createCustomer` and `updateCustomer`. */
export const validateCustomer: Validator<CustomerWrite>;

/** Checks a value as the body of `patchCustomer`. */
export const validatePatch: Validator<PatchCustomer>;
"#;
