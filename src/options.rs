//! The options of a client and of a call. One block gives the TypeScript interface and the table that
//! the client checks by, so that an option that exists cannot be unknown, nor the other way round.

use crate::contract::schema::{
    Access, Field, HostValue, MAX_SAFE_INTEGER, Model, Pattern, Privacy, Range, Shape,
};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// Declares an options object whose values are the host's. An option reads `name "jsName" SHAPE optional:
/// "TypeScript type";`, where `optional` is left out for what must be there. `own` holds the options
/// besides those of the interface that it extends.
macro_rules! options {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(extends $base_name:ident: $base:ident)? {
            $($(#[$field_meta:meta])* $field:ident $js:literal $shape:ident $($optional:ident)?: $ts:literal;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Tsify)]
        pub struct $name {
            $(
                /// The options this type shares with others.
                #[serde(flatten)]
                pub $base_name: $base,
            )?
            $(
                $(#[$field_meta])*
                #[serde(rename = $js)]
                #[tsify(type = $ts $(, $optional)?)]
                pub $field: JsValue,
            )*
        }

        impl $name {
            /// The table of these options.
            pub const MODEL: Model = Model {
                name: stringify!($name),
                own: &[$(
                    Field {
                        name: $js,
                        shape: $shape,
                        required: options!(@required $($optional)?),
                        access: Access::ReadWrite,
                        privacy: Privacy::Secret,
                    },
                )*],
                base: options!(@base $($base)?),
                is_closed: true,
            };
        }
    };
    (@required) => { true };
    (@required optional) => { false };
    (@base) => { None };
    (@base $base:ident) => { Some(&$base::MODEL) };
}

options! {
    /// The options of `new CustomersApi(…)`.
    pub struct ClientOptions {
        /// The API key, or a function that gives it (or a promise of it) and is called before each
        /// attempt of each call. It is a server's secret: do not ship it to a browser.
        ///
        /// Without it the client takes `SYNCTERA_API_KEY` from the environment of Node, Deno and Bun,
        /// unless a `baseUrl` is given. With the `baseUrl` of a backend of your own it may be left
        /// out: requests then carry no `authorization`.
        access_token "accessToken" ACCESS_TOKEN optional: "string | (() => string | PromiseLike<string>)";
        /// Which of Synctera's servers to talk to. Default `"sandbox"`:
        /// `https://api-sandbox.synctera.com/v0`. `"production"` moves real money.
        environment "environment" ENVIRONMENT optional: "\"sandbox\" | \"production\"";
        /// Another address instead of `environment`, such as a backend of your own or the local
        /// sandbox: `https`, or `http` on loopback. In a page also a path such as `"/api"`, which
        /// is resolved against the page's origin. Giving both is an error.
        base_url "baseUrl" BASE_URL optional: "string";
        /// In a page, which cookies go along to a backend of your own: those of the same origin, or
        /// also those of another (`"include"`). Default `"omit"`: none. Outside of a page there are
        /// no cookies.
        credentials "credentials" CREDENTIALS optional: "\"omit\" | \"same-origin\" | \"include\"";
        /// Used instead of the global `fetch`: a function, or an object that has a `fetch` method,
        /// such as a Workers service binding.
        fetch "fetch" FETCH optional: "FetchLike | { fetch: FetchLike }";
        /// One deadline over a whole call, token, attempts, waits and the body's last byte
        /// included, in milliseconds. Default 60 000; `Infinity` for none.
        timeout_ms "timeoutMs" TIMEOUT optional: "number";
        /// How many times a call is retried at most after a transient failure. Default 2; 0 for never.
        max_retries "maxRetries" RETRIES optional: "number";
        /// The longest wait between two attempts, in milliseconds; a server that asks for more ends
        /// the call at once (`error.retryAfterMs` says how much). Default: whatever fits the
        /// deadline.
        max_retry_delay_ms "maxRetryDelayMs" DELAY optional: "number";
        /// The largest body of a response that is read, in bytes. Default 33 554 432 (32 MiB);
        /// `Infinity` for no limit. More ends in a `DecodeError`.
        max_response_bytes "maxResponseBytes" BYTES optional: "number";
        /// How many requests of this client may be in flight at a time; further ones wait their
        /// turn, within their deadlines. Default: any number.
        max_concurrent "maxConcurrent" CONCURRENCY optional: "number";
        /// How many requests of this client may start per second, evenly spaced. Default: any number.
        max_requests_per_second "maxRequestsPerSecond" RATE optional: "number";
        /// Called before each attempt of each call, retries included, and awaited: the attempt starts
        /// once its promise resolves. For a limit that several processes or Workers share. The wait
        /// ends with the call's deadline or signal; if the function throws or its promise rejects, the
        /// call fails with a `ThrottleError`. `onResponse` reports the end of the attempt, and after a
        /// 429 how long the API asked to wait.
        throttle "throttle" FUNCTION optional: "(request: ThrottleRequest) => PromiseLike<unknown> | void";
        /// For tests: the time, timers and random numbers of this client, such as `sandbox.clock` of
        /// `synctera-customers/testing`. Deadlines, waits, backoff and rate limits follow it.
        clock "clock" CLOCK optional: "Clock";
        /// Headers to add to every request: an object, a `Headers` or an array of pairs.
        headers "headers" HEADERS optional: "HeadersLike";
        /// Whether arguments are checked before anything is sent. Default `true`. What would lead
        /// to another address or break a header is rejected in any case.
        validate "validate" BOOLEAN optional: "boolean";
        /// Whether a body may have fields that this version does not know, such as one that the API
        /// has added since. Default `false`: the API ignores an unknown field without a word, so a
        /// misspelt one is an error. An object that came from the API (it has an `id`) passes.
        allow_unknown_fields "allowUnknownFields" BOOLEAN optional: "boolean";
        /// Called when a response differs from the contract, with paths and types but no values.
        /// The response passes all the same. Without this option only the required fields are
        /// checked.
        on_schema_drift "onSchemaDrift" FUNCTION optional: "(drift: SchemaDrift) => void";
        /// Called when an attempt starts. No event of this or the next two holds personal data;
        /// an error or a rejected promise of a hook is ignored. It may return headers to add to this
        /// attempt, such as `traceparent`; they follow the rules of `headers`.
        on_request "onRequest" FUNCTION optional: "((event: RequestEvent) => void) | ((event: RequestEvent) => HeadersLike | undefined)";
        /// Called when an attempt has ended, with whatever result.
        on_response "onResponse" FUNCTION optional: "(event: ResponseEvent) => void";
        /// Called when an attempt failed and will be retried, before the wait.
        on_retry "onRetry" FUNCTION optional: "(event: RetryEvent) => void";
        /// Where log lines go: `console`, or an object with the same four methods. Without it nothing
        /// is logged. No line holds a token, an id, a query's values, or a value of a field that the
        /// contract marks as personal; an error that a logger throws is ignored.
        logger "logger" LOGGER optional: "Logger";
        /// The least important lines that are logged. Default `"warn"`: retries and failures.
        /// `"info"` adds a line for each call, `"debug"` one for each attempt and its redacted data.
        log_level "logLevel" LOG_LEVEL optional: "\"debug\" | \"info\" | \"warn\" | \"error\" | \"off\"";
        /// Whether the key of one of Synctera's own servers may be used in a browser, where every
        /// visitor can read it. Default `false`: such a client is rejected. A page should talk to a
        /// backend of yours by `baseUrl`, which needs no permission.
        dangerously_allow_browser "dangerouslyAllowBrowser" BOOLEAN optional: "boolean";
        /// Whether `baseUrl` may be `http` on a host that is not loopback, such as another container.
        /// Default `false`: everyone on the way can read the token and the data.
        dangerously_allow_http "dangerouslyAllowHttp" BOOLEAN optional: "boolean";
    }
}

options! {
    /// The options of a call that reads; each replaces the client's.
    pub struct ReadOptions {
        /// Ends the call at once when it fires, in whatever phase it is.
        signal "signal" SIGNAL optional: "AbortSignalLike";
        /// One deadline over the whole call, in milliseconds.
        timeout_ms "timeoutMs" TIMEOUT optional: "number";
        /// How many times the call is retried at most.
        max_retries "maxRetries" RETRIES optional: "number";
        /// The longest wait between two attempts, in milliseconds.
        max_retry_delay_ms "maxRetryDelayMs" DELAY optional: "number";
        /// Headers to add; they win over the client's.
        headers "headers" HEADERS optional: "HeadersLike";
        /// The token of this call, for a server that acts for many; a string or a function.
        access_token "accessToken" ACCESS_TOKEN optional: "string | (() => string | PromiseLike<string>)";
    }
}

options! {
    /// The options of a call that writes.
    pub struct RequestOptions extends read: ReadOptions {
        /// Whether the body may have fields that this version does not know.
        allow_unknown_fields "allowUnknownFields" BOOLEAN optional: "boolean";
        /// The idempotency key of this logical call. Without it the client makes one for create
        /// and patch. To repeat a call whose outcome is unknown, give the key of the first try.
        idempotency_key "idempotencyKey" IDEMPOTENCY_KEY optional: "string";
    }
}

options! {
    /// The options of `iterateCustomers`. Those that it shares with a call that reads apply to the call
    /// for each page: `timeoutMs` is one page's deadline, not the iteration's.
    pub struct IterateOptions extends read: ReadOptions {
        /// How many customers a page holds at most: 1 to 100. Default 100, or `maxItems` if that is less.
        /// An iteration from a cursor keeps the page size that the cursor was made with.
        page_size "pageSize" PAGE_SIZE optional: "number";
        /// How many customers are wanted in all; the iteration stops there. Default: every one.
        max_items "maxItems" MAX_ITEMS optional: "number";
        /// Where to go on: the `cursor` of an earlier iteration, with the same filters and order.
        cursor "cursor" CURSOR optional: "string";
        /// Whether the next page is requested as soon as a page has arrived, while its customers are
        /// given out. Default `false`: a page is requested when its first customer is wanted, so a loop
        /// that is left early has read no page for nothing.
        prefetch "prefetch" BOOLEAN optional: "boolean";
    }
}

/// The options of a client.
pub static CLIENT_OPTIONS: Shape = Shape::Object(&ClientOptions::MODEL);
/// The options of a call.
pub static REQUEST_OPTIONS: Shape = Shape::Object(&RequestOptions::MODEL);
/// The options of an iteration.
pub static ITERATE_OPTIONS: Shape = Shape::Object(&IterateOptions::MODEL);

const ACCESS_TOKEN: Shape = Shape::Token(&Pattern {
    name: "AccessToken",
    form: "^[!-~]+$",
    wanted: "the API key, a string of visible ASCII characters, or a function that returns it",
});
/// Text that is empty or nothing but spaces.
pub static BLANK: Shape = Shape::Text(&Pattern {
    name: "Blank",
    form: r"^\s*$",
    wanted: "",
});
/// A token that a function gave.
pub static TOKEN: Shape = Shape::Text(&Pattern {
    name: "Token",
    form: "^[!-~]+$",
    wanted: "a string of visible ASCII characters",
});
const ENVIRONMENT: Shape = Shape::Text(&Pattern {
    name: "Environment",
    form: "^(sandbox|production)$",
    wanted: "sandbox or production",
});
const CREDENTIALS: Shape = Shape::Text(&Pattern {
    name: "Credentials",
    form: "^(omit|same-origin|include)$",
    wanted: "omit, same-origin or include",
});
const BASE_URL: Shape = Shape::Text(&Pattern {
    name: "BaseUrl",
    form: "",
    wanted: "a URL as a string",
});
const FETCH: Shape = Shape::Host(&HostValue {
    callable: true,
    methods: &["fetch"],
    wanted: "a function, or an object with the method fetch",
});
const FUNCTION: Shape = Shape::Host(&HostValue {
    callable: true,
    methods: &[],
    wanted: "a function",
});
const SIGNAL: Shape = Shape::Host(&HostValue {
    callable: false,
    methods: &["addEventListener", "removeEventListener"],
    wanted: "an AbortSignal",
});
const CLOCK: Shape = Shape::Host(&HostValue {
    callable: false,
    methods: &["now", "setTimeout", "clearTimeout", "random"],
    wanted: "an object with the methods now, setTimeout, clearTimeout and random",
});
const LOGGER: Shape = Shape::Host(&HostValue {
    callable: false,
    methods: &["debug", "info", "warn", "error"],
    wanted: "an object with the methods debug, info, warn and error",
});
const LOG_LEVEL: Shape = Shape::Text(&Pattern {
    name: "LogLevel",
    form: "^(debug|info|warn|error|off)$",
    wanted: "debug, info, warn, error or off",
});
/// Looked into by `request.rs`, since it may come in three forms.
const HEADERS: Shape = Shape::Host(&HostValue {
    callable: false,
    methods: &[],
    wanted: "an object of strings, a Headers or an array of pairs",
});
const BOOLEAN: Shape = Shape::Boolean;
const TIMEOUT: Shape = Shape::Number(&Range {
    minimum: f64::MIN_POSITIVE,
    maximum: f64::INFINITY,
    whole: false,
    wanted: "a number of milliseconds above 0; Infinity for no deadline",
});
const DELAY: Shape = Shape::Number(&Range {
    minimum: 0.0,
    maximum: f64::INFINITY,
    whole: false,
    wanted: "a number of milliseconds from 0; Infinity for no limit",
});
const BYTES: Shape = Shape::Number(&Range {
    minimum: f64::MIN_POSITIVE,
    maximum: f64::INFINITY,
    whole: false,
    wanted: "a number of bytes above 0; Infinity for no limit",
});
const RETRIES: Shape = Shape::Number(&Range {
    minimum: 0.0,
    maximum: 100.0,
    whole: true,
    wanted: "a whole number from 0 to 100",
});
const CONCURRENCY: Shape = Shape::Number(&Range {
    minimum: 1.0,
    maximum: 1_000_000.0,
    whole: true,
    wanted: "a whole number from 1",
});
const MAX_ITEMS: Shape = Shape::Number(&Range {
    minimum: 1.0,
    maximum: MAX_SAFE_INTEGER,
    whole: true,
    wanted: "a whole number from 1",
});
const RATE: Shape = Shape::Number(&Range {
    minimum: f64::MIN_POSITIVE,
    maximum: 1e308,
    whole: false,
    wanted: "a number above 0",
});
const PAGE_SIZE: Shape = Shape::Number(&Range {
    minimum: 1.0,
    maximum: 100.0,
    whole: true,
    wanted: "a whole number from 1 to 100",
});
/// The page size, how many customers of the page were given out, and the page's token. Its first group is
/// the page size.
pub static CURSOR: Shape = Shape::Text(&Pattern {
    name: "Cursor",
    form: "^(100|[1-9][0-9]?)-[0-9]{1,9}-",
    wanted: "the cursor of an iteration",
});
const IDEMPOTENCY_KEY: Shape = Shape::Text(&Pattern {
    name: "IdempotencyKey",
    form: r"^[!-~\u{80}-\u{ff}]([\t -~\u{80}-\u{ff}]*[!-~\u{80}-\u{ff}])?$",
    wanted: "a string that is unique to this logical call, a UUID by preference: no line breaks, \
             control characters or characters beyond Latin-1, without spaces around it",
});

/// The value of a header.
pub static HEADER_VALUE: Shape = Shape::Text(&Pattern {
    name: "HeaderValue",
    form: r"^([!-~\u{80}-\u{ff}]([\t -~\u{80}-\u{ff}]*[!-~\u{80}-\u{ff}])?)?$",
    wanted: "a string that can go into a header: no line breaks, control characters or characters \
             beyond Latin-1, without spaces around it",
});
/// The name of a header (RFC 9110 §5.1).
pub static HEADER_NAME: Shape = Shape::Text(&Pattern {
    name: "HeaderName",
    form: r"^[0-9A-Za-z_!#$%&'*+.^`|~-]{1,256}$",
    wanted: "a header name made of letters, digits and hyphens",
});

/// The headers that a caller must not set, in lower case, and what to do instead.
pub const RESERVED_HEADERS: [(&str, &str); 4] = [
    ("authorization", "use the option accessToken"),
    ("content-type", "a body is always application/json"),
    ("idempotency-key", "use the option idempotencyKey"),
    ("content-length", "the runtime sets it"),
];
