//! The options of a client and of a call. One block gives the TypeScript interface and the list of
//! names, so that an option that exists cannot be unknown, nor the other way round.

use crate::arguments::unknown;
use crate::check::Finding;
use crate::view::{Kind, View};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// Declares an options object whose values are the host's.
macro_rules! options {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$field_meta:meta])* $field:ident $js:literal $($optional:ident)?: $ts:literal;)*
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

            /// Takes the options out of an object; whatever is left out is `undefined`.
            ///
            /// # Errors
            /// Unknown names, or a value that is no object.
            pub fn read(options: &JsValue, root: &str) -> Result<Self, Vec<Finding>> {
                check_names(options, root, Self::NAMES)?;
                Ok(Self { $($field: options.member($js),)* })
            }
        }
    };
}

options! {
    /// The options of `new CustomersApi(…)`.
    pub struct ClientOptions {
        /// The API key, or a function that gives it (or a promise of it) and is asked before each
        /// attempt. It is a server's secret: do not ship it to a browser.
        access_token "accessToken": "string | (() => string | PromiseLike<string>)";
        /// Which of Synctera's servers to talk to. Default `"sandbox"`:
        /// `https://api-sandbox.synctera.com/v0`. `"production"` moves real money.
        environment "environment" optional: "\"sandbox\" | \"production\"";
        /// Another address instead of `environment`, such as a proxy or the local sandbox:
        /// `https`, or `http` on loopback. Giving both is an error.
        base_url "baseUrl" optional: "string";
        /// Used instead of the global `fetch`: a Workers service binding, a test double.
        fetch "fetch" optional: "FetchLike";
        /// One deadline over a whole call, token, attempts, waits and the body's last byte
        /// included, in milliseconds. Default 60 000; `Infinity` for none.
        timeout_ms "timeoutMs" optional: "number";
        /// How many times a call that failed in passing is repeated at most. Default 2; 0 for never.
        max_retries "maxRetries" optional: "number";
        /// The longest wait between two attempts, in milliseconds; a server that asks for more ends
        /// the call at once (`error.retryAfterMs` says how much). Default: whatever fits the
        /// deadline.
        max_retry_delay_ms "maxRetryDelayMs" optional: "number";
        /// The largest body of a response that is read, in bytes. Default 33 554 432 (32 MiB);
        /// `Infinity` for no limit. More ends in a `DecodeError`.
        max_response_bytes "maxResponseBytes" optional: "number";
        /// How many requests of this client may be under way at a time; further ones wait their
        /// turn, within their deadlines. Default: any number.
        max_concurrent "maxConcurrent" optional: "number";
        /// How many requests of this client may begin a second, evenly spaced. Default: any number.
        max_requests_per_second "maxRequestsPerSecond" optional: "number";
        /// Headers to add to every request.
        headers "headers" optional: "Record<string, string>";
        /// Whether arguments are checked before anything is sent. Default `true`. What would lead
        /// to another address or break a header is refused in any case.
        validate "validate" optional: "boolean";
        /// Called when a response differs from the contract, with paths and types but no values.
        /// The response passes all the same. Comparing takes a few times as long as parsing; without
        /// this option nothing is compared beyond the least shape.
        on_schema_drift "onSchemaDrift" optional: "(drift: SchemaDrift) => void";
        /// Called when an attempt begins. No event of this or the next two holds anybody's data;
        /// what a hook throws is ignored.
        on_request "onRequest" optional: "(event: RequestEvent) => void";
        /// Called when an attempt has ended, whatever its end.
        on_response "onResponse" optional: "(event: ResponseEvent) => void";
        /// Called when an attempt failed and will be repeated, before the wait.
        on_retry "onRetry" optional: "(event: RetryEvent) => void";
    }
}

options! {
    /// The options of one call; each replaces the client's.
    pub struct RequestOptions {
        /// The idempotency key of this logical call. Without it the client makes one for create
        /// and patch. To repeat a call whose outcome is unknown, give the key of the first try.
        idempotency_key "idempotencyKey" optional: "string";
        /// Ends the call at once when it fires, in whatever phase it is.
        signal "signal" optional: "AbortSignalLike";
        /// One deadline over the whole call, in milliseconds.
        timeout_ms "timeoutMs" optional: "number";
        /// How many times the call is repeated at most.
        max_retries "maxRetries" optional: "number";
        /// The longest wait between two attempts, in milliseconds.
        max_retry_delay_ms "maxRetryDelayMs" optional: "number";
        /// Headers to add; they win over the client's.
        headers "headers" optional: "Record<string, string>";
    }
}

fn check_names(options: &JsValue, root: &str, known: &[&str]) -> Result<(), Vec<Finding>> {
    match options.kind() {
        Kind::Absent => Ok(()),
        Kind::Object => {
            let names = options.names();
            let strangers: Vec<_> = names
                .iter()
                .filter(|name| !known.contains(&name.as_str()))
                .map(|name| unknown(root, name, known))
                .collect();
            if strangers.is_empty() {
                Ok(())
            } else {
                Err(strangers)
            }
        }
        kind => Err(vec![Finding {
            path: root.to_owned(),
            found: kind.name(),
            expected: "object".to_owned(),
        }]),
    }
}
