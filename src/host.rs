//! The edge: everything that touches the JavaScript host, as bindings to the files in `host/`. What is
//! decided is decided in the modules beside it.

use crate::rules::RULES;
use js_sys::Promise;
use std::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/shape.js")]
extern "C" {
    fn learn(rules: &str);
}

#[wasm_bindgen(module = "/src/host/arguments.js")]
extern "C" {
    /// Options of a client or of a call that have been checked; a copy.
    pub type Options;
    /// The name of one of Synctera's servers.
    #[wasm_bindgen(method, getter)]
    pub fn environment(this: &Options) -> Option<String>;
    /// Another address instead.
    #[wasm_bindgen(method, getter, js_name = baseUrl)]
    pub fn base_url(this: &Options) -> Option<String>;
    /// How many requests may be under way.
    #[wasm_bindgen(method, getter, js_name = maxConcurrent)]
    pub fn max_concurrent(this: &Options) -> Option<u32>;
    /// How many requests may begin a second.
    #[wasm_bindgen(method, getter, js_name = maxRequestsPerSecond)]
    pub fn max_requests_per_second(this: &Options) -> Option<f64>;

    /// Whether a key may be used in a browser.
    #[wasm_bindgen(method, getter, js_name = dangerouslyAllowBrowser)]
    pub fn dangerously_allow_browser(this: &Options) -> Option<bool>;

    #[wasm_bindgen(catch, js_name = options)]
    fn checked(operation: Option<u32>, options: &JsValue) -> Result<Options, JsValue>;
    /// What follows on `/customers` in the address, or the description of a `ValidationError`.
    #[wasm_bindgen(catch)]
    pub fn target(
        sender: &Sender,
        operation: u32,
        id: &JsValue,
        params: &JsValue,
    ) -> Result<JsValue, JsValue>;
    /// The body as JSON text, or the description of a `ValidationError`.
    #[wasm_bindgen(catch)]
    pub fn body(sender: &Sender, operation: u32, content: &JsValue) -> Result<JsValue, JsValue>;
    /// The idempotency key: the one given, or a fresh one where it is needed.
    #[wasm_bindgen(catch)]
    pub fn key(
        operation: u32,
        options: Option<&Options>,
        takes: bool,
        needs: bool,
    ) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/src/host/errors.js")]
extern "C" {
    /// Describes a `ValidationError` about one argument.
    pub fn refuse(operation: Option<u32>, path: &str, found: &str, expected: &str) -> JsValue;
    /// Describes the error for a call that has failed; the answer tells of which kind.
    pub fn failure(
        call: &Call,
        answer: &Answer,
        outcome: u32,
        attempts: u32,
        retry_after_ms: Option<f64>,
        advice: &str,
    ) -> JsValue;
}

#[wasm_bindgen(module = "/src/host/problem.js")]
extern "C" {
    /// The problem's code.
    #[wasm_bindgen(js_name = codeOf)]
    pub fn code_of(answer: &Answer) -> Option<String>;
    /// The last segment of the problem's `type`, the second-best name of an error.
    #[wasm_bindgen(js_name = slugOf)]
    pub fn slug_of(answer: &Answer) -> Option<String>;
    /// How many seconds the problem says to wait.
    #[wasm_bindgen(js_name = retryAfterOf)]
    pub fn retry_after_of(answer: &Answer) -> Option<f64>;
}

#[wasm_bindgen(module = "/src/host/guard.js")]
extern "C" {
    /// Milliseconds on a clock that never goes back.
    pub fn now() -> f64;
    /// The class that the package exports, made from the module's: for tests, which have no
    /// `pkg/start.js`.
    pub fn protect(core: &JsValue) -> JsValue;
}

#[wasm_bindgen(module = "/src/host/answer.js")]
extern "C" {
    /// How an attempt ended.
    #[derive(Clone)]
    pub type Answer;
    /// The value of a response event's `ended`.
    #[wasm_bindgen(method, getter)]
    pub fn ending(this: &Answer) -> String;
    /// The HTTP status.
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Answer) -> u16;
    #[wasm_bindgen(method, getter, js_name = headers)]
    fn raw_headers(this: &Answer) -> JsValue;
    /// The id the server gave the request.
    #[wasm_bindgen(method, getter, js_name = requestId)]
    pub fn request_id(this: &Answer) -> Option<String>;
    /// Whether it is a success with the least shape.
    #[wasm_bindgen(method)]
    pub fn fits(this: &Answer, operation: u32) -> bool;
}

// Named here so that wasm-bindgen packs it: only the other files use it.
#[wasm_bindgen(module = "/src/host/log.js")]
extern "C" {
    fn redacted(value: &JsValue) -> JsValue;
}

#[wasm_bindgen(module = "/src/host/sender.js")]
extern "C" {
    /// Whether this is a browser, a page or one of its workers.
    #[wasm_bindgen(js_name = isPage)]
    pub fn is_page() -> bool;

    /// What a client's calls share: token, fetch, headers, hooks, and the defaults of a call.
    pub type Sender;
    /// Keeps the options out of WebAssembly's memory and out of sight. `carry_on` is called for each
    /// call that is not done with its first attempt.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &Options, base_url: &str, carry_on: &JsValue) -> Sender;
    /// Whether anybody watches.
    #[wasm_bindgen(method, getter)]
    pub fn watched(this: &Sender) -> bool;
    /// Whether the token is asked for, so that a fresh one may be had.
    #[wasm_bindgen(method, getter)]
    pub fn asks(this: &Sender) -> bool;
    /// How many calls succeeded at once since this was last asked.
    #[wasm_bindgen(method, js_name = takeSuccesses)]
    pub fn take_successes(this: &Sender) -> u32;
    /// Lets the call that has waited longest for a place ask again.
    #[wasm_bindgen(method)]
    pub fn nudge(this: &Sender);
}

#[wasm_bindgen(module = "/src/host/call.js")]
extern "C" {
    /// One call: what is sent, its deadline and signal, and its promise.
    pub type Call;
    /// Takes everything that is sent, and starts the clock. Throws the description of a
    /// `ValidationError` if the signal cannot be listened to.
    #[wasm_bindgen(constructor, catch)]
    pub fn new(
        sender: &Sender,
        operation: u32,
        target: &JsValue,
        body: &JsValue,
        key: &JsValue,
        options: Option<&Options>,
    ) -> Result<Call, JsValue>;
    /// What it shares with the client's other calls.
    #[wasm_bindgen(method, getter)]
    pub fn sender(this: &Call) -> Sender;
    /// Milliseconds left.
    #[wasm_bindgen(method, getter)]
    pub fn left(this: &Call) -> f64;
    /// Whether anything of the present attempt has gone out.
    #[wasm_bindgen(method, getter)]
    pub fn sent(this: &Call) -> bool;
    /// Sets it going, straight if nothing but its data is wanted.
    #[wasm_bindgen(method)]
    pub fn go(this: &Call, straight: bool, with_info: bool) -> Promise;
    /// Tells of an attempt those who watch.
    #[wasm_bindgen(method)]
    pub fn tell(this: &Call, hook: u32, event: &JsValue, answer: Option<&Answer>);
    /// Ends with the answer's data, with the exchange if that is wanted.
    #[wasm_bindgen(method)]
    pub fn data(this: &Call, answer: &Answer, attempts: u32, with_info: bool);
    /// Ends with the error that is described.
    #[wasm_bindgen(method)]
    pub fn fail(this: &Call, description: &JsValue);
    #[wasm_bindgen(method)]
    fn attempt(this: &Call) -> Promise;
    #[wasm_bindgen(method)]
    fn sleep(this: &Call, ms: f64) -> Promise;
    #[wasm_bindgen(method)]
    fn queue(this: &Call, ticket: u32, ms: f64) -> Promise;
}

/// The options of a client, checked.
///
/// # Errors
/// The description of a `ValidationError`.
pub fn client_options(options: &JsValue) -> Result<Options, JsValue> {
    // Once is enough for all clients of this module.
    static LEARNED: AtomicBool = AtomicBool::new(false);
    if !LEARNED.swap(true, Ordering::Relaxed) {
        learn(RULES);
    }
    checked(None, options)
}

/// The options of a call, checked.
///
/// # Errors
/// The description of a `ValidationError`.
pub fn request_options(operation: u32, options: &JsValue) -> Result<Options, JsValue> {
    checked(Some(operation), options)
}

impl Answer {
    /// One header of an answer.
    pub fn header(&self, name: &str) -> Option<String> {
        let headers = self.raw_headers();
        if headers.is_undefined() {
            return None;
        }
        gloo_net::http::Headers::from_raw(headers.unchecked_into()).get(name)
    }
}

impl Call {
    /// Sends one attempt.
    pub async fn send(&self) -> Answer {
        settle(self.attempt()).await.unchecked_into()
    }

    /// Waits; `Some` if the call ended before.
    pub async fn wait(&self, ms: f64) -> Option<Answer> {
        ended(settle(self.sleep(ms)).await)
    }

    /// Waits, or until a place was given up; `Some` if the call ended before.
    pub async fn wait_for_place(&self, ticket: u32, ms: f64) -> Option<Answer> {
        ended(settle(self.queue(ticket, ms)).await)
    }
}

fn ended(answer: JsValue) -> Option<Answer> {
    answer.is_object().then(|| answer.unchecked_into())
}

/// Awaits one of the host's promises, which never reject.
async fn settle(promise: Promise) -> JsValue {
    wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .unwrap_or_else(|error| error)
}
