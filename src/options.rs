//! The options of a client and of a call. One block gives the TypeScript interface and the rule the
//! host checks by, so that an option that exists cannot be unknown, nor the other way round.

use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// Declares an options object whose values are the host's. An option reads `name "jsName" Type optional:
/// "TypeScript type";`, where `Type` is one of [`RULES`] and `optional` is left out for what must be there.
macro_rules! options {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$field_meta:meta])* $field:ident $js:literal $kind:ident $($optional:ident)?: $ts:literal;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Tsify)]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[serde(rename = $js)]
                #[tsify(type = $ts $(, $optional)?)]
                pub $field: JsValue,
            )*
        }

        impl $name {
            /// The names of the options.
            pub const NAMES: &'static [&'static str] = &[$($js),*];

            /// These options as a line of the host's rules.
            pub const RULES: &'static str = concat!(
                "m", stringify!($name), "\t\t",
                $($js, options!(@need $($optional)?), "b-:", stringify!($kind), ";",)*
                "\n",
            );
        }
    };

    (@need) => { "!" };
    (@need optional) => { "?" };
}

options! {
    /// The options of `new CustomersApi(…)`.
    pub struct ClientOptions {
        /// The API key, or a function that gives it (or a promise of it) and is asked before each
        /// attempt. It is a server's secret: do not ship it to a browser.
        access_token "accessToken" AccessToken: "string | (() => string | PromiseLike<string>)";
        /// Which of Synctera's servers to talk to. Default `"sandbox"`:
        /// `https://api-sandbox.synctera.com/v0`. `"production"` moves real money.
        environment "environment" Environment optional: "\"sandbox\" | \"production\"";
        /// Another address instead of `environment`, such as a proxy or the local sandbox:
        /// `https`, or `http` on loopback. Giving both is an error.
        base_url "baseUrl" BaseUrl optional: "string";
        /// Used instead of the global `fetch`: a Workers service binding, a test double.
        fetch "fetch" Hook optional: "FetchLike";
        /// One deadline over a whole call, token, attempts, waits and the body's last byte
        /// included, in milliseconds. Default 60 000; `Infinity` for none.
        timeout_ms "timeoutMs" Deadline optional: "number";
        /// How many times a call that failed in passing is repeated at most. Default 2; 0 for never.
        max_retries "maxRetries" Retries optional: "number";
        /// The longest wait between two attempts, in milliseconds; a server that asks for more ends
        /// the call at once (`error.retryAfterMs` says how much). Default: whatever fits the
        /// deadline.
        max_retry_delay_ms "maxRetryDelayMs" Delay optional: "number";
        /// The largest body of a response that is read, in bytes. Default 33 554 432 (32 MiB);
        /// `Infinity` for no limit. More ends in a `DecodeError`.
        max_response_bytes "maxResponseBytes" Bytes optional: "number";
        /// How many requests of this client may be under way at a time; further ones wait their
        /// turn, within their deadlines. Default: any number.
        max_concurrent "maxConcurrent" Places optional: "number";
        /// How many requests of this client may begin a second, evenly spaced. Default: any number.
        max_requests_per_second "maxRequestsPerSecond" Rate optional: "number";
        /// Headers to add to every request.
        headers "headers" Headers optional: "Record<string, string>";
        /// Whether arguments are checked before anything is sent. Default `true`. What would lead
        /// to another address or break a header is refused in any case.
        validate "validate" bool optional: "boolean";
        /// Called when a response differs from the contract, with paths and types but no values.
        /// The response passes all the same. Without this option nothing is
        /// compared beyond the least shape.
        on_schema_drift "onSchemaDrift" Hook optional: "(drift: SchemaDrift) => void";
        /// Called when an attempt begins. No event of this or the next two holds anybody's data;
        /// what a hook throws is ignored.
        on_request "onRequest" Hook optional: "(event: RequestEvent) => void";
        /// Called when an attempt has ended, whatever its end.
        on_response "onResponse" Hook optional: "(event: ResponseEvent) => void";
        /// Called when an attempt failed and will be repeated, before the wait.
        on_retry "onRetry" Hook optional: "(event: RetryEvent) => void";
        /// Where log lines go: `console`, or an object with the same four methods. Without it nothing
        /// is logged. No line holds a token, an id, a query's values, or a value of a field that the
        /// contract marks as personal; what a logger throws is ignored.
        logger "logger" Logger optional: "Logger";
        /// The least important lines that are logged. Default `"warn"`: repetitions and failures.
        /// `"info"` adds a line for each call, `"debug"` one for each attempt and its redacted data.
        log_level "logLevel" LogLevel optional: "\"debug\" | \"info\" | \"warn\" | \"error\" | \"off\"";
        /// Whether the key of one of Synctera's own servers may be used in a browser, where every
        /// visitor can read it. Default `false`: such a client is refused. A page should talk to a
        /// proxy by `baseUrl` (`examples/worker-proxy`), which needs no such leave.
        dangerously_allow_browser "dangerouslyAllowBrowser" bool optional: "boolean";
    }
}

options! {
    /// The options of one call; each replaces the client's.
    pub struct RequestOptions {
        /// The idempotency key of this logical call. Without it the client makes one for create
        /// and patch. To repeat a call whose outcome is unknown, give the key of the first try.
        idempotency_key "idempotencyKey" IdempotencyKey optional: "string";
        /// Ends the call at once when it fires, in whatever phase it is.
        signal "signal" Signal optional: "AbortSignalLike";
        /// One deadline over the whole call, in milliseconds.
        timeout_ms "timeoutMs" Deadline optional: "number";
        /// How many times the call is repeated at most.
        max_retries "maxRetries" Retries optional: "number";
        /// The longest wait between two attempts, in milliseconds.
        max_retry_delay_ms "maxRetryDelayMs" Delay optional: "number";
        /// Headers to add; they win over the client's.
        headers "headers" Headers optional: "Record<string, string>";
    }
}

/// What the values of options look like, as lines of the host's rules: each begins with its kind, as
/// `host/shape.js` lists them, and ends with what is wanted. A limit is inclusive; 5e-324 is the least
/// number above 0.
pub const RULES: &str = "\
fAccessToken\t^[!-~]+$\tthe API key, a string of visible ASCII characters, or a function that gives it
fHook\t\ta function
sSignal\tan AbortSignal
lLogger\tan object with the methods debug, info, warn and error
tLogLevel\t^(debug|info|warn|error|off)$\tdebug, info, warn, error or off
hHeaders\tan object of strings
tEnvironment\t^(sandbox|production)$\tsandbox or production
tBaseUrl\t\ta URL as a string
tHeaderValue\t^([!-~\u{80}-\u{ff}]([\\t -~\u{80}-\u{ff}]*[!-~\u{80}-\u{ff}])?)?$\ta string that can go into a header: \
no line breaks, control characters or characters beyond Latin-1, without spaces around it
tIdempotencyKey\t^[!-~\u{80}-\u{ff}]([\\t -~\u{80}-\u{ff}]*[!-~\u{80}-\u{ff}])?$\ta string that is unique to this \
logical call, a UUID by preference: no line breaks, control characters or characters beyond Latin-1, \
without spaces around it
nDeadline\t5e-324\tInfinity\tfalse\ta number of milliseconds above 0; Infinity for no deadline
nDelay\t0\tInfinity\tfalse\ta number of milliseconds from 0; Infinity for no limit
nBytes\t5e-324\tInfinity\tfalse\ta number of bytes above 0; Infinity for no limit
nRetries\t0\t100\ttrue\ta whole number from 0 to 100
nPlaces\t1\t1000000\ttrue\ta whole number from 1
nRate\t5e-324\t1e308\tfalse\ta number above 0
rauthorization\tuse the option accessToken
rcontent-type\ta body is always application/json
ridempotency-key\tuse the option idempotencyKey
rcontent-length\tthe runtime sets it
";
