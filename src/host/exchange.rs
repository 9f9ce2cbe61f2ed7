//! Bindings to `exchange.js`, `errors.js` and `guard.js`.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/exchange.js")]
extern "C" {
    /// What a client's calls share: token, fetch, headers.
    pub type Sender;
    /// Keeps them out of WebAssembly's memory and out of sight.
    #[wasm_bindgen(constructor)]
    pub fn new(token: &JsValue, fetch: &JsValue, headers: &JsValue, limit: f64) -> Sender;

    /// Whether the token is asked for, so that a fresh one may be had.
    #[wasm_bindgen(method, getter)]
    pub fn asks(this: &Sender) -> bool;

    /// Lets the call that has waited longest for a place ask again.
    #[wasm_bindgen(method)]
    pub fn nudge(this: &Sender);

    /// The deadline and the caller's signal of one call.
    #[wasm_bindgen(js_name = Life)]
    pub type JsLife;
    #[wasm_bindgen(constructor, js_class = "Life", catch)]
    fn new(timeout_ms: f64, signal: &JsValue) -> Result<JsLife, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn left(this: &JsLife) -> f64;
    #[wasm_bindgen(method, getter)]
    fn sent(this: &JsLife) -> bool;
    #[wasm_bindgen(method)]
    fn finish(this: &JsLife);
    #[wasm_bindgen(method)]
    fn sleep(this: &JsLife, ms: f64) -> Promise;
    #[wasm_bindgen(method)]
    fn queue(this: &JsLife, sender: &Sender, ticket: u32, ms: f64) -> Promise;
    #[wasm_bindgen(method)]
    fn exchange(
        this: &JsLife,
        sender: &Sender,
        method: &str,
        url: &str,
        body: &JsValue,
        key: &JsValue,
        headers: &JsValue,
    ) -> Promise;

    /// How an exchange ended.
    pub type Answer;
    #[wasm_bindgen(method, getter, js_name = ending)]
    fn ending_number(this: &Answer) -> u8;
    /// What the host threw, or the caller's reason.
    #[wasm_bindgen(method, getter)]
    pub fn error(this: &Answer) -> JsValue;
    /// The HTTP status.
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Answer) -> u16;
    #[wasm_bindgen(method, getter, js_name = headers)]
    fn raw_headers(this: &Answer) -> JsValue;
    /// The body: parsed if it was JSON, else its text.
    #[wasm_bindgen(method, getter)]
    pub fn body(this: &Answer) -> JsValue;
    /// Whether the body was JSON.
    #[wasm_bindgen(method, getter, js_name = isJson)]
    pub fn is_json(this: &Answer) -> bool;

    /// Milliseconds on a clock that never goes back.
    pub fn now() -> f64;

    /// Whether a token can go into a header.
    #[wasm_bindgen(js_name = isToken)]
    pub fn is_token(token: &JsValue) -> bool;
    /// A fresh idempotency key, a random UUID.
    #[wasm_bindgen(js_name = newKey, catch)]
    pub fn new_key() -> Result<JsValue, JsValue>;
    /// A shallow copy without the named members; throws what a getter throws.
    #[wasm_bindgen(catch)]
    pub fn without(source: &JsValue, names: &JsValue) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/src/host/errors.js")]
extern "C" {
    /// Makes an error of that class.
    #[wasm_bindgen(js_name = makeError)]
    pub fn make_error(kind: &str, message: &str, details: &JsValue) -> JsValue;
}

#[wasm_bindgen(module = "/src/host/guard.js")]
extern "C" {
    /// Lets a call's promise settle even if this module cannot settle it any more.
    pub fn guard(promise: &Promise, operation: &str, key: &JsValue, timeout_ms: f64) -> Promise;
}

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// A whole answer came.
    Answered,
    /// The deadline passed.
    TimedOut,
    /// The caller's signal fired.
    Aborted,
    /// No usable token came; nothing was sent.
    BadToken,
    /// `fetch` failed.
    Unreachable,
    /// The answer broke off on its way.
    BrokenOff,
    /// `fetch` gave something that is no response.
    NotAResponse,
    /// The body is larger than allowed.
    TooLarge,
}

impl Ending {
    /// The value of a response event's `ended`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::TimedOut => "timed_out",
            Self::Aborted => "aborted",
            Self::BadToken => "no_token",
            Self::Unreachable => "unreachable",
            Self::BrokenOff => "broken_off",
            Self::NotAResponse => "not_a_response",
            Self::TooLarge => "too_large",
        }
    }
}

impl Answer {
    /// How the exchange ended.
    pub fn ending(&self) -> Ending {
        match self.ending_number() {
            0 => Ending::Answered,
            1 => Ending::TimedOut,
            2 => Ending::Aborted,
            3 => Ending::BadToken,
            4 => Ending::Unreachable,
            5 => Ending::BrokenOff,
            7 => Ending::TooLarge,
            _ => Ending::NotAResponse,
        }
    }

    /// One header of an answer.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers()?.get(name)
    }

    /// The id the server gave the request, under the names that are in use; none is documented
    /// (BEHAVIOUR §11).
    pub fn request_id(&self) -> Option<String> {
        let headers = self.headers()?;
        headers
            .get("x-request-id")
            .or_else(|| headers.get("request-id"))
    }

    /// The headers of an answer.
    pub fn headers(&self) -> Option<gloo_net::http::Headers> {
        let raw = self.raw_headers();
        raw.is_object()
            .then(|| gloo_net::http::Headers::from_raw(raw.unchecked_into()))
    }
}

/// One call's life. When it is dropped, its timer and its listener are gone.
pub struct Life(JsLife);

impl Life {
    /// Starts the clock. Fails if the signal cannot be listened to.
    pub fn new(timeout_ms: f64, signal: &JsValue) -> Result<Self, JsValue> {
        JsLife::new(timeout_ms, signal).map(Self)
    }

    /// Milliseconds left.
    pub fn left(&self) -> f64 {
        self.0.left()
    }

    /// Whether anything of the present attempt has gone out.
    pub fn sent(&self) -> bool {
        self.0.sent()
    }

    /// Waits; `Some` if the life ended before.
    pub async fn sleep(&self, ms: f64) -> Option<Answer> {
        let woken = settle(self.0.sleep(ms)).await;
        woken.is_object().then(|| woken.unchecked_into())
    }

    /// Waits, or until a place was given up; `Some` if the life ended before.
    pub async fn queue(&self, sender: &Sender, ticket: u32, ms: f64) -> Option<Answer> {
        let woken = settle(self.0.queue(sender, ticket, ms)).await;
        woken.is_object().then(|| woken.unchecked_into())
    }

    /// Sends one attempt.
    pub async fn exchange(
        &self,
        sender: &Sender,
        method: &str,
        url: &str,
        body: &JsValue,
        key: &JsValue,
        headers: &JsValue,
    ) -> Answer {
        settle(self.0.exchange(sender, method, url, body, key, headers))
            .await
            .unchecked_into()
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.0.finish();
    }
}

/// Awaits one of `exchange.js`'s promises, which never reject.
async fn settle(promise: Promise) -> JsValue {
    wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .unwrap_or_else(|error| error)
}
