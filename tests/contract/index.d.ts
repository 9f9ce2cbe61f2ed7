
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
    readonly operation?: string | undefined;
    /**
     * What the server may have done: `"not_sent"`, nothing was sent; `"rejected"`, it refused and
     * changed nothing; `"unknown"`, repeat the call with `idempotencyKey`.
     */
    readonly outcome: "not_sent" | "rejected" | "unknown";
    /** How many attempts were made. */
    readonly attempts: number;
    /** The key the call was sent under, given or made. */
    readonly idempotencyKey?: string | undefined;
    /** The id the server gave the request, if it gave one. */
    readonly requestId?: string | undefined;
    /** How long the server asked to wait, in milliseconds. */
    readonly retryAfterMs?: number | undefined;
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
    readonly title?: string | undefined;
    /** What went wrong this time, for developers. It may quote input. */
    readonly detail?: string | undefined;
    /** A URI naming the kind of error. */
    readonly type?: string | undefined;
    /** Names of required fields that are absent. */
    readonly missing: string[];
    /** Field name and English explanation, for developers. It may quote input. */
    readonly invalid: Record<string, string>;
    /** Names of fields that may not be changed. */
    readonly immutable: string[];
    /** With `INVALID_STATUS`: the values that would have been accepted. */
    readonly validStatus: string[];
    /** How long the server asked to wait, in seconds. */
    readonly retryAfter?: number | undefined;
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
    readonly cause?: { readonly name: string; readonly code?: string } | undefined;
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
    readonly cause?: { readonly name: string; readonly code?: string } | undefined;
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
    readonly cause?: { readonly name: string; readonly code?: string } | undefined;
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
    readonly cause?: { readonly name: string; readonly code?: string } | undefined;
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
        readonly types?: { readonly input: T; readonly output: T } | undefined | undefined;
    };
}

/** Checks a value as the body of `createCustomer` and `updateCustomer`. */
export const validateCustomer: Validator<CustomerWrite>;

/** Checks a value as the body of `patchCustomer`. */
export const validatePatch: Validator<PatchCustomer>;



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



/** The part of a response that the client reads; every `Response` has it, a test double may. */
export interface ResponseLike {
    /** The HTTP status. */
    readonly status: number;
    /** A `Headers` object, or a plain object of strings. */
    readonly headers?: unknown | undefined;
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
    readonly reason?: unknown | undefined;
    /** Called when a call starts, once for all calls in flight. */
    addEventListener(type: "abort", listener: () => void): void;
    /** Called when the call ends, so that nothing is left on a signal that outlives it. */
    removeEventListener(type: "abort", listener: () => void): void;
}


/**
 * A customer in any status except `PROSPECT`, a status unknown today included.
 */
export interface Customer extends CustomerCommon {
    /**
     * The administrative status.
     */
    status: Open<Exclude<CustomerStatus, "PROSPECT">>;
}

/**
 * A customer or a prospect, distinguished by `status`. `isProspect` narrows to either.
 */
export type CustomerInBody = Customer | Prospect;

/**
 * A postal address, as a request carries it. An address is always sent whole: whether the API
 * would merge parts is not documented.
 */
export interface AddressWrite {
    /**
     * First street line.
     */
    address_line_1: string;
    /**
     * Second street line. Leave it out rather than sending an empty string.
     */
    address_line_2?: string | undefined;
    /**
     * City or town.
     */
    city?: string | undefined;
    /**
     * Second half of the ISO 3166-2 subdivision code, without the country: two letters for
     * the US, three for Mexico, and so on.
     */
    state?: string | undefined;
    /**
     * US: five digits, or five and four with a hyphen. Canada: `A1A 1A1`, with or without the
     * space, in any letter case; stored upper-case with the space. Others: free text.
     */
    postal_code?: string | undefined;
    /**
     * ISO 3166-1 alpha-2 country code, upper case.
     */
    country_code: string;
    /**
     * A label shown to people.
     */
    nickname?: string | undefined;
    /**
     * True for a registered agent's address; left out otherwise.
     */
    is_registered_agent?: boolean | undefined;
}

/**
 * A postal address, as the API sends it.
 */
export interface Address {
    /**
     * Identifier of the address (UUID). Set by the server.
     */
    id?: string | undefined;
    /**
     * What the address is used for. Set by the server.
     */
    address_type?: Open<AddressType> | undefined;
    /**
     * First street line.
     */
    address_line_1: string;
    /**
     * Second street line.
     */
    address_line_2?: string | undefined;
    /**
     * City or town.
     */
    city?: string | undefined;
    /**
     * Second half of the ISO 3166-2 subdivision code, without the country: two letters for
     * the US, three for Mexico, and so on.
     */
    state?: string | undefined;
    /**
     * US: five digits, or five and four with a hyphen. Canada: `A1A 1A1`. Others: free text.
     */
    postal_code?: string | undefined;
    /**
     * ISO 3166-1 alpha-2 country code, upper case.
     */
    country_code: string;
    /**
     * A label shown to people.
     */
    nickname?: string | undefined;
    /**
     * True for a registered agent's address; left out otherwise.
     */
    is_registered_agent?: boolean | undefined;
}

/**
 * A potential customer, whose data may be incomplete. It becomes a `Customer` when a patch
 * sets another status.
 */
export interface Prospect extends CustomerCommon {
    /**
     * Always `PROSPECT`.
     */
    status: "PROSPECT";
}

/**
 * A value of a list that may grow: the known values complete in an editor, and a value that the
 * API adds later passes through untouched.
 */
export type Open<T> = T | (string & {});

/**
 * An attempt has ended.
 */
export interface ResponseEvent extends CallEvent {
    /**
     * How it ended; `answered` only if the whole response came.
     */
    ended: "answered" | "timed_out" | "aborted" | "no_token" | "unreachable" | "broken_off" | "not_a_response" | "too_large" | "invalid_headers";
    /**
     * From the attempt's start, before a token is requested, to its end, in milliseconds.
     */
    durationMs: number;
    /**
     * The HTTP status, if there was a response.
     */
    status?: number | undefined;
    /**
     * The id the server gave the request, if it gave one.
     */
    requestId?: string | undefined;
    /**
     * How long the server asked to wait, in milliseconds, if it did.
     */
    retryAfterMs?: number | undefined;
}

/**
 * An attempt starts.
 */
export interface RequestEvent extends CallEvent {}

/**
 * Filters, order and paging of a list. All are optional, and filters combine with AND.
 */
export interface ListCustomersParams {
    /**
     * Keep only customers that do (`true`) or do not (`false`) have accounts.
     */
    has_accounts?: boolean | undefined;
    /**
     * Keep only customers whose SSN ends with these four characters.
     */
    ssn_last_4?: string | undefined;
    /**
     * Match on the family name; `*` stands for any run of characters.
     */
    last_name?: string | undefined;
    /**
     * Match on the e-mail address; `*` stands for any run of characters.
     */
    email?: string | undefined;
    /**
     * Match on the given or the chosen name; `*` stands for any run of characters.
     */
    first_name?: string | undefined;
    /**
     * Match on the E.164 number; `*` stands for any run of characters.
     */
    phone_number?: string | undefined;
    /**
     * The `next_page_token` of the page before, with the same filters, order and limit.
     */
    page_token?: string | undefined;
    /**
     * Keep only these customers.
     */
    id?: readonly string[] | undefined;
    /**
     * Rows a page holds at most: 1 to 100, default 100. The API treats more as 100.
     */
    limit?: number | undefined;
    /**
     * The order, first term first. The API's default is not documented.
     */
    sort_by?: readonly SortBy[] | undefined;
    /**
     * Keep only customers in this status.
     */
    status?: CustomerStatus | undefined;
}

/**
 * How a response differs from the contract: paths and types, never values.
 */
export interface SchemaDrift {
    /**
     * The method whose response it is, such as `listCustomers`.
     */
    operation: string;
    /**
     * The differences, at most 100.
     */
    findings: Finding[];
    /**
     * How many differences there are in all.
     */
    total: number;
}

/**
 * How far the identity check has come. The platform sets it.
 *
 * - `ACCEPTED`: verified
 * - `PENDING`: running
 * - `PROVIDER_FAILURE`: the vendor call failed
 * - `PROVISIONAL`: verified in part or with limits
 * - `REJECTED`: refused
 * - `REVIEW`: needs a human
 * - `UNVERIFIED`: not completed
 */
export type CustomerKycStatus = "ACCEPTED" | "PENDING" | "PROVIDER_FAILURE" | "PROVISIONAL" | "REJECTED" | "REVIEW" | "UNVERIFIED";

/**
 * How the tax number was collected.
 *
 * - `MANUAL`: all nine digits were supplied
 * - `PREFILL`: obtained through SSN prefill
 */
export type SsnSource = "MANUAL" | "PREFILL";

/**
 * One difference from what should be there.
 */
export interface Finding {
    /**
     * Where: `customers[3].kyc_last_run`.
     */
    path: string;
    /**
     * What is there: a type, `missing`, or of a text its length and what is unusual about it.
     */
    found: string;
    /**
     * What should be there.
     */
    expected: string;
}

/**
 * One page of customers.
 */
export interface CustomerList {
    /**
     * The customers of this page; may be empty.
     */
    customers: CustomerInBody[];
    /**
     * Present only while further rows exist: send it back as `page_token`, with the same
     * filters and order. Absent means that this was the last page; a short page does not.
     */
    next_page_token?: string | undefined;
}

/**
 * One term of a sort order: a field and a direction.
 */
export type SortBy = "creation_time:asc" | "creation_time:desc" | "first_name:asc" | "first_name:desc" | "last_name:asc" | "last_name:desc" | "last_updated_time:asc" | "last_updated_time:desc";

/**
 * The administrative status of a customer. The integrator sets it; the outcome of KYC is
 * separate, see `CustomerKycStatus`.
 *
 * - `ACTIVE`: considered fit to do business
 * - `DECEASED`: has died
 * - `DENIED`: was turned away
 * - `DORMANT`: stopped being active
 * - `ESCHEAT`: the assets count as abandoned and belong to the state
 * - `FROZEN`: barred from acting, for a security, legal or similar cause
 * - `INACTIVE`: a former customer
 * - `PROSPECT`: not a customer yet, data may be incomplete
 * - `SANCTION`: on a sanctions list, to be watched closely
 */
export type CustomerStatus = "ACTIVE" | "DECEASED" | "DENIED" | "DORMANT" | "ESCHEAT" | "FROZEN" | "INACTIVE" | "PROSPECT" | "SANCTION";

/**
 * The attempt will be retried.
 */
export interface RetryEvent extends CallEvent {
    /**
     * How the attempt ended.
     */
    ended: "answered" | "unreachable" | "broken_off";
    /**
     * The HTTP status, if there was a response.
     */
    status?: number | undefined;
    /**
     * The problem's code, such as `TOO_MANY_REQUESTS`; without a response the network's, such as
     * `ECONNRESET`.
     */
    code?: string | undefined;
    /**
     * How long the call waits first, in milliseconds.
     */
    waitMs: number;
}

/**
 * The body of create and update. Only `status` is required.
 */
export interface CustomerWrite extends CustomerFields {
    /**
     * The administrative status.
     */
    status: CustomerStatus;
}

/**
 * The data of a call together with the exchange they came in.
 */
export interface HttpInfo<T> {
    /**
     * What the call without `WithHttpInfo` gives.
     */
    data: T;
    /**
     * The HTTP status.
     */
    status: number;
    /**
     * The response's headers, names in lower case; of several `Set-Cookie` each on a line.
     */
    headers: Record<string, string>;
    /**
     * The id the server gave the request, if it gave one.
     */
    requestId?: string | undefined;
    /**
     * The idempotency key the request was sent under, given or made.
     */
    idempotencyKey?: string | undefined;
    /**
     * How many attempts it took.
     */
    attempts: number;
}

/**
 * The fields to change; whatever is left out stays as it is. The contract has no way to clear a
 * field, so none may be `null`.
 */
export interface PatchCustomer {
    /**
     * Whether the customer is put on hold. Moving between `ALLOWED` and `SUSPENDED` needs a
     * `note`; `BANNED` is the platform's to set and to clear.
     */
    ban_status?: BanStatus | undefined;
    /**
     * Birth date, `YYYY-MM-DD`.
     */
    dob?: string | undefined;
    /**
     * E-mail address; the API declares no format.
     */
    email?: string | undefined;
    /**
     * Given name.
     */
    first_name?: string | undefined;
    /**
     * Family name.
     */
    last_name?: string | undefined;
    /**
     * Where the person legally lives; sent whole. If no shipping address is stored and none
     * is sent, the API copies this one.
     */
    legal_address?: AddressWrite | undefined;
    /**
     * Free-form JSON, no personal data; whether it is merged or replaced is not documented.
     */
    metadata?: object | undefined;
    /**
     * Middle name.
     */
    middle_name?: string | undefined;
    /**
     * A remark stored with the change; never returned. Mandatory when `ban_status` moves
     * between `SUSPENDED` and `ALLOWED`.
     */
    note?: string | undefined;
    /**
     * Mobile number, E.164, such as `+12025550143`.
     */
    phone_number?: string | undefined;
    /**
     * Where parcels go; sent whole.
     */
    shipping_address?: AddressWrite | undefined;
    /**
     * Tax number, nine digits as `NNN-NN-NNNN`.
     */
    ssn?: string | undefined;
    /**
     * The administrative status.
     */
    status?: CustomerStatus | undefined;
}

/**
 * The options of `iterateCustomers`. Those that it shares with a call that reads apply to the call
 * for each page: `timeoutMs` is one page's deadline, not the iteration's.
 */
export interface IterateOptions extends ReadOptions {
    /**
     * How many customers a page holds at most: 1 to 100. Default 100, or `maxItems` if that is less.
     * An iteration from a cursor keeps the page size that the cursor was made with.
     */
    pageSize?: number | undefined;
    /**
     * How many customers are wanted in all; the iteration stops there. Default: every one.
     */
    maxItems?: number | undefined;
    /**
     * Where to go on: the `cursor` of an earlier iteration, with the same filters and order.
     */
    cursor?: string | undefined;
    /**
     * Whether the next page is requested as soon as a page has arrived, while its customers are
     * given out. Default `false`: a page is requested when its first customer is wanted, so a loop
     * that is left early has read no page for nothing.
     */
    prefetch?: boolean | undefined;
}

/**
 * The options of `new CustomersApi(…)`.
 */
export interface ClientOptions {
    /**
     * The API key, or a function that gives it (or a promise of it) and is called before each
     * attempt of each call. It is a server's secret: do not ship it to a browser.
     *
     * Without it the client takes `SYNCTERA_API_KEY` from the environment of Node, Deno and Bun,
     * unless a `baseUrl` is given. With the `baseUrl` of a backend of your own it may be left
     * out: requests then carry no `authorization`.
     */
    accessToken?: (string | (() => string | PromiseLike<string>)) | undefined;
    /**
     * Which of Synctera's servers to talk to. Default `"sandbox"`:
     * `https://api-sandbox.synctera.com/v0`. `"production"` moves real money.
     */
    environment?: "sandbox" | "production" | undefined;
    /**
     * Another address instead of `environment`, such as a backend of your own or the local
     * sandbox: `https`, or `http` on loopback. In a page also a path such as `"/api"`, which
     * is resolved against the page's origin. Giving both is an error.
     */
    baseUrl?: string | undefined;
    /**
     * In a page, which cookies go along to a backend of your own: those of the same origin, or
     * also those of another (`"include"`). Default `"omit"`: none. Outside of a page there are
     * no cookies.
     */
    credentials?: "omit" | "same-origin" | "include" | undefined;
    /**
     * Used instead of the global `fetch`: a function, or an object that has a `fetch` method,
     * such as a Workers service binding.
     */
    fetch?: FetchLike | { fetch: FetchLike } | undefined;
    /**
     * One deadline over a whole call, token, attempts, waits and the body's last byte
     * included, in milliseconds. Default 60 000; `Infinity` for none.
     */
    timeoutMs?: number | undefined;
    /**
     * How many times a call is retried at most after a transient failure. Default 2; 0 for never.
     */
    maxRetries?: number | undefined;
    /**
     * The longest wait between two attempts, in milliseconds; a server that asks for more ends
     * the call at once (`error.retryAfterMs` says how much). Default: whatever fits the
     * deadline.
     */
    maxRetryDelayMs?: number | undefined;
    /**
     * The largest body of a response that is read, in bytes. Default 33 554 432 (32 MiB);
     * `Infinity` for no limit. More ends in a `DecodeError`.
     */
    maxResponseBytes?: number | undefined;
    /**
     * How many requests of this client may be in flight at a time; further ones wait their
     * turn, within their deadlines. Default: any number.
     */
    maxConcurrent?: number | undefined;
    /**
     * How many requests of this client may start per second, evenly spaced. Default: any number.
     */
    maxRequestsPerSecond?: number | undefined;
    /**
     * Called before each attempt of each call, retries included, and awaited: the attempt starts
     * once its promise resolves. For a limit that several processes or Workers share. The wait
     * ends with the call's deadline or signal; if the function throws or its promise rejects, the
     * call fails with a `ThrottleError`. `onResponse` reports the end of the attempt, and after a
     * 429 how long the API asked to wait.
     */
    throttle?: ((request: ThrottleRequest) => PromiseLike<unknown> | void) | undefined;
    /**
     * For tests: the time, timers and random numbers of this client, such as `sandbox.clock` of
     * `synctera-customers/testing`. Deadlines, waits, backoff and rate limits follow it.
     */
    clock?: Clock | undefined;
    /**
     * Headers to add to every request: an object, a `Headers` or an array of pairs.
     */
    headers?: HeadersLike | undefined;
    /**
     * Whether arguments are checked before anything is sent. Default `true`. What would lead
     * to another address or break a header is rejected in any case.
     */
    validate?: boolean | undefined;
    /**
     * Whether a body may have fields that this version does not know, such as one that the API
     * has added since. Default `false`: the API ignores an unknown field without a word, so a
     * misspelt one is an error. An object that came from the API (it has an `id`) passes.
     */
    allowUnknownFields?: boolean | undefined;
    /**
     * Called when a response differs from the contract, with paths and types but no values.
     * The response passes all the same. Without this option only the required fields are
     * checked.
     */
    onSchemaDrift?: ((drift: SchemaDrift) => void) | undefined;
    /**
     * Called when an attempt starts. No event of this or the next two holds personal data;
     * an error or a rejected promise of a hook is ignored. It may return headers to add to this
     * attempt, such as `traceparent`; they follow the rules of `headers`.
     */
    onRequest?: (((event: RequestEvent) => void) | ((event: RequestEvent) => HeadersLike | undefined)) | undefined;
    /**
     * Called when an attempt has ended, with whatever result.
     */
    onResponse?: ((event: ResponseEvent) => void) | undefined;
    /**
     * Called when an attempt failed and will be retried, before the wait.
     */
    onRetry?: ((event: RetryEvent) => void) | undefined;
    /**
     * Where log lines go: `console`, or an object with the same four methods. Without it nothing
     * is logged. No line holds a token, an id, a query's values, or a value of a field that the
     * contract marks as personal; an error that a logger throws is ignored.
     */
    logger?: Logger | undefined;
    /**
     * The least important lines that are logged. Default `"warn"`: retries and failures.
     * `"info"` adds a line for each call, `"debug"` one for each attempt and its redacted data.
     */
    logLevel?: "debug" | "info" | "warn" | "error" | "off" | undefined;
    /**
     * Whether the key of one of Synctera's own servers may be used in a browser, where every
     * visitor can read it. Default `false`: such a client is rejected. A page should talk to a
     * backend of yours by `baseUrl`, which needs no permission.
     */
    dangerouslyAllowBrowser?: boolean | undefined;
    /**
     * Whether `baseUrl` may be `http` on a host that is not loopback, such as another container.
     * Default `false`: everyone on the way can read the token and the data.
     */
    dangerouslyAllowHttp?: boolean | undefined;
}

/**
 * The options of a call that reads; each replaces the client's.
 */
export interface ReadOptions {
    /**
     * Ends the call at once when it fires, in whatever phase it is.
     */
    signal?: AbortSignalLike | undefined;
    /**
     * One deadline over the whole call, in milliseconds.
     */
    timeoutMs?: number | undefined;
    /**
     * How many times the call is retried at most.
     */
    maxRetries?: number | undefined;
    /**
     * The longest wait between two attempts, in milliseconds.
     */
    maxRetryDelayMs?: number | undefined;
    /**
     * Headers to add; they win over the client's.
     */
    headers?: HeadersLike | undefined;
    /**
     * The token of this call, for a server that acts for many; a string or a function.
     */
    accessToken?: (string | (() => string | PromiseLike<string>)) | undefined;
}

/**
 * The options of a call that writes.
 */
export interface RequestOptions extends ReadOptions {
    /**
     * Whether the body may have fields that this version does not know.
     */
    allowUnknownFields?: boolean | undefined;
    /**
     * The idempotency key of this logical call. Without it the client makes one for create
     * and patch. To repeat a call whose outcome is unknown, give the key of the first try.
     */
    idempotencyKey?: string | undefined;
}

/**
 * The role in a retired `related_customers` entry.
 */
export type RelationshipRole = "BENEFICIARY" | "CUSTODIAN" | "PARTNER";

/**
 * What `Customer` and `Prospect` have in common. A field without a value is left out, never
 * null.
 */
export interface CustomerCommon {
    /**
     * Identifier (UUID); the same value works as a person id. Set by the server.
     */
    id: string;
    /**
     * When the record was made: RFC 3339, UTC, up to six digits of fraction. Set by the server.
     */
    creation_time?: string | undefined;
    /**
     * When the record last changed: RFC 3339, UTC. Set by the server.
     */
    last_updated_time?: string | undefined;
    /**
     * Every address on file. Set by the server.
     */
    addresses?: Address[] | undefined;
    /**
     * Whether the customer is put on hold.
     */
    ban_status?: Open<BanStatus> | undefined;
    /**
     * E-mail address; the API declares no format.
     */
    email?: string | undefined;
    /**
     * Whether any account exists. Set by the server.
     */
    has_accounts?: boolean | undefined;
    /**
     * Whether KYC is waived. Set by the server.
     */
    kyc_exempt?: boolean | undefined;
    /**
     * When KYC last ran (RFC 3339, UTC); absent if it never did. Set by the server.
     */
    kyc_last_run?: string | undefined;
    /**
     * How far the identity check has come. Set by the server.
     */
    kyc_status?: Open<CustomerKycStatus> | undefined;
    /**
     * Where the person legally lives.
     */
    legal_address?: Address | undefined;
    /**
     * Where parcels go. A request without it may make it a copy of the legal address.
     */
    shipping_address?: Address | undefined;
    /**
     * Free-form JSON owned by the integrator; it must not hold personal data.
     */
    metadata?: Record<string, unknown> | undefined;
    /**
     * Middle name.
     */
    middle_name?: string | undefined;
    /**
     * Mobile number, E.164.
     */
    phone_number?: string | undefined;
    /**
     * The **last four digits** of the tax number; a response never carries more.
     */
    ssn?: string | undefined;
    /**
     * How the tax number was collected. Set by the server.
     */
    ssn_source?: Open<SsnSource> | undefined;
    /**
     * The workspace that owns the record; matters only to integrators with more than one.
     */
    tenant?: string | undefined;
    /**
     * Given name.
     */
    first_name?: string | undefined;
    /**
     * Family name.
     */
    last_name?: string | undefined;
    /**
     * Birth date, `YYYY-MM-DD`. Keep it as text: a `Date` moves it by the time zone.
     */
    dob?: string | undefined;
}

/**
 * What `throttle` is called with.
 */
export interface ThrottleRequest extends CallEvent {
    /**
     * An `AbortSignal` that fires when the call ends before its response: the attempt that waits will not
     * be sent.
     */
    signal: any;
}

/**
 * What an address is used for.
 */
export type AddressType = "BILLING" | "LEGAL" | "OPERATING" | "OTHER" | "SHIPPING";

/**
 * What create and update may carry besides the status. Fields that only the server sets are
 * not here.
 */
export interface CustomerFields {
    /**
     * Whether the customer is put on hold. Moving between `ALLOWED` and `SUSPENDED` needs a
     * `note`; `BANNED` is the platform's to set and to clear.
     */
    ban_status?: BanStatus | undefined;
    /**
     * Birth date, `YYYY-MM-DD`; for customers from 1900-01-01 and before today.
     */
    dob?: string | undefined;
    /**
     * E-mail address; the API declares no format.
     */
    email?: string | undefined;
    /**
     * Given name.
     */
    first_name?: string | undefined;
    /**
     * Family name.
     */
    last_name?: string | undefined;
    /**
     * Where the person legally lives.
     */
    legal_address?: AddressWrite | undefined;
    /**
     * Free-form JSON owned by the integrator; it must not hold personal data.
     */
    metadata?: object | undefined;
    /**
     * Middle name.
     */
    middle_name?: string | undefined;
    /**
     * A remark stored with the change; never returned. Mandatory when `ban_status` moves
     * between `SUSPENDED` and `ALLOWED`.
     */
    note?: string | undefined;
    /**
     * Mobile number, E.164, such as `+12025550143`.
     */
    phone_number?: string | undefined;
    /**
     * Where parcels go. Without it, create and update store a copy of the legal address; an
     * update does so even when a different one was stored.
     */
    shipping_address?: AddressWrite | undefined;
    /**
     * Tax number, nine digits as `NNN-NN-NNNN`. Needed before KYC can run.
     */
    ssn?: string | undefined;
    /**
     * The workspace that owns the record; matters only to integrators with more than one.
     */
    tenant?: string | undefined;
}

/**
 * What every event says about its call.
 */
export interface CallEvent {
    /**
     * Numbers the calls of one client from 1, which distinguishes the events of concurrent calls.
     */
    call: number;
    /**
     * The method of `CustomersApi`, such as `createCustomer`.
     */
    operation: string;
    /**
     * The HTTP method.
     */
    method: "GET" | "PATCH" | "POST" | "PUT";
    /**
     * The path's template: `/customers` or `/customers/{customer_id}`.
     */
    path: string;
    /**
     * The number of the attempt, from 1.
     */
    attempt: number;
}

/**
 * Whether a customer is put on hold.
 *
 * - `ALLOWED`: neither banned nor suspended
 * - `BANNED`: matched a ban rule; only the platform moves a customer into or out of it
 * - `SUSPENDED`: put on hold by hand because of fraud; setting and clearing it needs a `note`
 */
export type BanStatus = "ALLOWED" | "BANNED" | "SUSPENDED";


/**
 * Synctera's Customers API.
 *
 * ```ts
 * const api = new CustomersApi({ accessToken: process.env.SYNCTERA_API_KEY });
 * const customer = await api.createCustomer({ status: "PROSPECT", email: "a@example.com" });
 * ```
 *
 * Every method but `iterateCustomers` returns a promise that settles within the deadline. It rejects
 * with an error of this package: `ValidationError` (nothing was sent), `ApiError`, `ConnectionError`,
 * `TimeoutError`, `AbortError`, `DecodeError`, `TokenError` or `ThrottleError`.
 */
export class CustomersApi {
    free(): void;
    /**
     * As `getCustomer`, with the HTTP exchange.
     */
    getCustomerWithHttpInfo(customerId: string, options?: ReadOptions): Promise<HttpInfo<CustomerInBody>>;
    /**
     * Reads one customer.
     */
    getCustomer(customerId: string, options?: ReadOptions): Promise<CustomerInBody>;
    /**
     * Iterates over all customers of a list, and requests each page when its customers are wanted.
     *
     * ```ts
     * for await (const customer of api.iterateCustomers({ status: "ACTIVE" })) {
     *   console.log(customer.id);
     * }
     * ```
     *
     * `listCustomers` takes `limit`, the size of a page, and `page_token`; here `pageSize`, `maxItems` and
     * `cursor` say what is wanted, and the two parameters are rejected.
     *
     * Throws a `ValidationError` if an argument is not right, and sends nothing before the first customer
     * is wanted. The errors of a page are those of `listCustomers`.
     */
    iterateCustomers(params?: IterateCustomersParams, options?: IterateOptions): CustomerIterator;
    /**
     * As `listCustomers`, with the HTTP exchange.
     */
    listCustomersWithHttpInfo(params?: ListCustomersParams, options?: ReadOptions): Promise<HttpInfo<CustomerList>>;
    /**
     * Lists customers, one page at a time. While `next_page_token` is present, give it back as
     * `page_token`, with the same filters; when it is absent, that was the last page.
     */
    listCustomers(params?: ListCustomersParams, options?: ReadOptions): Promise<CustomerList>;
    /**
     * Makes a client. It holds no connection and starts no timer: one at module level will do.
     *
     * Throws a `ValidationError` if an option is missing, unknown or of the wrong form.
     */
    constructor(options?: ClientOptions);
    /**
     * As `patchCustomer`, with the HTTP exchange.
     */
    patchCustomerWithHttpInfo(customerId: string, patch: PatchCustomer, options?: RequestOptions): Promise<HttpInfo<CustomerInBody>>;
    /**
     * Changes the fields that are given. A field left out (or `undefined`) stays; the API cannot
     * clear one. The request carries an idempotency key, as for `createCustomer`.
     */
    patchCustomer(customerId: string, patch: PatchCustomer, options?: RequestOptions): Promise<CustomerInBody>;
}

/** For `using`: has `[Symbol.dispose]` where the program's libraries know it (`esnext.disposable`). */
export interface CustomersApi extends Record<SymbolConstructor extends { readonly dispose: infer S extends symbol } ? S : never, () => void> {}
