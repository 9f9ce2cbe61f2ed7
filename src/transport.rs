//! One call's exchange with the host: bindings to `js/exchange.js`, and its results as futures.

use crate::contract::operation::Operation;
use crate::executor::{self, Slot};
use crate::kernel::{Type, type_of};
use crate::request::Request;
use gloo_net::http::Headers;
use js_sys::{JsString, Promise};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// How an attempt or a wait ended. The names are the values of `ended` in a response event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing has ended: the call is only polled.
    None,
    /// A whole response came.
    Answered,
    /// The deadline passed.
    TimedOut,
    /// The caller's signal fired.
    Aborted,
    /// The token function failed, or gave no usable token.
    NoToken,
    /// `fetch` failed.
    Unreachable,
    /// The response broke off.
    BrokenOff,
    /// `fetch` gave something that is not a response.
    NotAResponse,
    /// The body is larger than `maxResponseBytes`.
    TooLarge,
    /// The hook `onRequest` gave headers that cannot be sent.
    InvalidHeaders,
    /// A wait is over.
    Waited,
    /// The throttle's promise has resolved.
    Admitted,
    /// The throttle failed.
    ThrottleFailed,
}

impl Ending {
    const ALL: [(Self, &'static str); 13] = [
        (Self::None, "none"),
        (Self::Answered, "answered"),
        (Self::TimedOut, "timed_out"),
        (Self::Aborted, "aborted"),
        (Self::NoToken, "no_token"),
        (Self::Unreachable, "unreachable"),
        (Self::BrokenOff, "broken_off"),
        (Self::NotAResponse, "not_a_response"),
        (Self::TooLarge, "too_large"),
        (Self::InvalidHeaders, "invalid_headers"),
        (Self::Waited, "waited"),
        (Self::Admitted, "admitted"),
        (Self::ThrottleFailed, "throttle_failed"),
    ];

    fn of_number(number: u32) -> Self {
        Self::ALL
            .get(number as usize)
            .map_or(Self::None, |(ending, _)| *ending)
    }

    /// Whether the call is over, whatever its attempt was about to bring.
    pub fn is_over(self) -> bool {
        matches!(self, Self::TimedOut | Self::Aborted)
    }
}

#[wasm_bindgen(module = "/src/js/environment.js")]
extern "C" {
    /// Whether this is a page or one of its workers.
    #[wasm_bindgen(js_name = isPage)]
    pub fn is_page() -> bool;
    /// The origin that a page's relative addresses are resolved against; `None` elsewhere.
    #[wasm_bindgen(js_name = pageOrigin)]
    pub fn page_origin() -> Option<String>;
    /// A variable of the environment in Node, Deno and Bun; `undefined` elsewhere.
    #[wasm_bindgen(js_name = environmentVariable)]
    pub fn environment_variable(name: &str) -> JsValue;
    /// Whether one call may wake another.
    #[wasm_bindgen(js_name = canWakeOthers)]
    pub fn can_wake_others() -> bool;
    /// A random UUID.
    #[wasm_bindgen(catch, js_name = randomUuid)]
    pub fn random_uuid() -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/src/js/methods.js")]
extern "C" {
    /// What callers use instead of the exported class.
    pub fn protect(class: &JsValue) -> JsValue;
}

#[wasm_bindgen(module = "/src/js/host.js")]
extern "C" {
    /// What the calls of one client share at the host.
    pub type Host;
    /// Keeps the token, `fetch` and the hooks where only the host sees them.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, base_url: &str, headers: &JsValue) -> Host;
    /// Milliseconds on the client's clock, which does not jump.
    #[wasm_bindgen(method)]
    pub fn now(this: &Host) -> f64;
    /// Milliseconds since 1970.
    #[wasm_bindgen(method)]
    pub fn date(this: &Host) -> f64;
    /// A number in `0.0..1.0`.
    #[wasm_bindgen(method)]
    pub fn random(this: &Host) -> f64;
    /// Calls `onSchemaDrift`.
    #[wasm_bindgen(method, js_name = reportDrift)]
    pub fn report_drift(this: &Host, drift: &JsValue);
    /// Writes a line.
    #[wasm_bindgen(method)]
    pub fn log(this: &Host, level: &str, message: &str, fields: &JsValue);
}

#[wasm_bindgen(module = "/src/js/untrusted.js")]
extern "C" {
    /// Whether a thrown value is how React says that it postpones.
    #[wasm_bindgen(js_name = isPostpone)]
    pub fn is_postpone(value: &JsValue) -> bool;
    /// The name of a thrown value; `undefined` if it has none.
    #[wasm_bindgen(js_name = nameOf)]
    pub fn name_of(value: &JsValue) -> JsValue;
}

#[wasm_bindgen(module = "/src/js/exchange.js")]
extern "C" {
    fn connect(callback: &JsValue, names: Vec<String>);
    /// Polls the call of a slot once the module has returned.
    pub fn schedule(slot: u32);

    /// One call's exchange.
    #[derive(Clone)]
    pub type Exchange;
    #[wasm_bindgen(constructor, catch)]
    fn new(
        host: &Host,
        slot: u32,
        operation: &JsValue,
        method: &JsValue,
        target: Option<&JsString>,
        body: Option<&JsString>,
        key: Option<&JsValue>,
        options: Option<&JsValue>,
        headers: Option<&JsValue>,
        timeout_ms: f64,
    ) -> Result<Exchange, JsValue>;
    /// The promise that the caller gets.
    #[wasm_bindgen(method, getter)]
    pub fn promise(this: &Exchange) -> Promise;
    #[wasm_bindgen(method, getter, js_name = isAborted)]
    fn is_aborted(this: &Exchange) -> bool;
    /// Milliseconds before the deadline.
    #[wasm_bindgen(method, getter, js_name = remainingMs)]
    pub fn remaining_ms(this: &Exchange) -> f64;
    /// The body: parsed if it was JSON, else its text.
    #[wasm_bindgen(method, getter)]
    pub fn body(this: &Exchange) -> JsValue;
    #[wasm_bindgen(method, js_name = hasRequired)]
    fn has_required(this: &Exchange, shape: &Type) -> bool;
    /// Whether the body was JSON.
    #[wasm_bindgen(method, getter, js_name = isJson)]
    pub fn is_json(this: &Exchange) -> bool;
    /// What `fetch`, the token function or the throttle threw.
    #[wasm_bindgen(method, getter)]
    pub fn error(this: &Exchange) -> JsValue;
    /// The reason of the caller's signal.
    #[wasm_bindgen(method, getter)]
    pub fn reason(this: &Exchange) -> JsValue;
    /// The token of the present attempt.
    #[wasm_bindgen(method, getter)]
    pub fn token(this: &Exchange) -> JsValue;
    /// The id the server gave the request, or `undefined`.
    #[wasm_bindgen(method, getter, js_name = requestId)]
    pub fn request_id(this: &Exchange) -> JsValue;
    /// The key, or `undefined`.
    #[wasm_bindgen(method, getter, js_name = idempotencyKey)]
    pub fn idempotency_key(this: &Exchange) -> JsValue;
    /// The response's headers as a plain object.
    #[wasm_bindgen(method, getter, js_name = headersObject)]
    pub fn headers_object(this: &Exchange) -> JsValue;
    /// One header of the response, or `null`.
    #[wasm_bindgen(method)]
    pub fn header(this: &Exchange, name: &str) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = safeHeaders)]
    fn safe_headers(this: &Exchange) -> JsValue;
    #[wasm_bindgen(method, js_name = send)]
    fn send_attempt(this: &Exchange);
    #[wasm_bindgen(method, js_name = requestToken)]
    fn request_token(this: &Exchange) -> Promise;
    /// Calls the caller's throttle; reports `Admitted` or `ThrottleFailed`.
    #[wasm_bindgen(method, js_name = callThrottle)]
    pub fn call_throttle(this: &Exchange, base: &JsValue, call: u32, attempt: u32);
    /// Starts a timer; reports `Waited`.
    #[wasm_bindgen(method, js_name = wait)]
    pub fn start_waiting(this: &Exchange, ms: f64);
    #[wasm_bindgen(method, js_name = stopWaiting)]
    fn stop_waiting(this: &Exchange);
    #[wasm_bindgen(method)]
    fn close(this: &Exchange);
    /// Calls a hook; gives what it returned, if that is headers to add.
    #[wasm_bindgen(method)]
    pub fn observe(this: &Exchange, hook: u32, event: &JsValue) -> JsValue;
    /// Adds headers to the present attempt, as a plain object; `undefined` for none.
    #[wasm_bindgen(method, setter, js_name = attemptHeaders)]
    pub fn set_attempt_headers(this: &Exchange, headers: &JsValue);
    /// The event of an attempt that starts.
    #[wasm_bindgen(method, js_name = requestEvent)]
    pub fn request_event(this: &Exchange, base: &JsValue, call: u32, attempt: u32) -> JsValue;
    /// The event of an attempt that has ended.
    #[wasm_bindgen(method, js_name = responseEvent)]
    pub fn response_event(
        this: &Exchange,
        base: &JsValue,
        call: u32,
        attempt: u32,
        ending: u32,
        duration_ms: f64,
        retry_after_ms: Option<f64>,
    ) -> JsValue;
    /// The event of an attempt that will be retried.
    #[wasm_bindgen(method, js_name = retryEvent)]
    pub fn retry_event(
        this: &Exchange,
        base: &JsValue,
        call: u32,
        attempt: u32,
        ending: u32,
        wait_ms: f64,
        code: Option<&str>,
    ) -> JsValue;
    /// What is logged of a call that succeeded.
    #[wasm_bindgen(method, js_name = doneEvent)]
    pub fn done_event(
        this: &Exchange,
        base: &JsValue,
        call: u32,
        attempts: u32,
        duration_ms: f64,
    ) -> JsValue;
    /// Resolves with the data.
    #[wasm_bindgen(method)]
    pub fn succeed(this: &Exchange);
    /// Resolves with the data and the exchange.
    #[wasm_bindgen(method, js_name = succeedWithInfo)]
    pub fn succeed_with_info(this: &Exchange, attempts: u32);
    /// Rejects.
    #[wasm_bindgen(method)]
    pub fn fail(this: &Exchange, reason: &JsValue, is_logged: bool);
}

impl Exchange {
    /// Whether the body has the required fields of what the operation receives.
    pub fn has_data(&self, operation: Operation) -> bool {
        self.has_required(&type_of(operation.receives()))
    }
}

/// The result of an attempt.
#[derive(Debug, Clone, Copy)]
pub struct AttemptResult {
    /// How it ended.
    pub ending: Ending,
    /// The HTTP status; 0 without a response.
    pub status: u16,
}

/// An exchange as the call's future sees it. Dropped, it leaves nothing behind at the host.
pub struct Transport {
    exchange: Exchange,
    slot: Slot,
}

impl Drop for Transport {
    fn drop(&mut self) {
        self.exchange.close();
    }
}

impl Transport {
    /// Starts the clock of a call.
    ///
    /// # Errors
    /// What a signal throws that cannot be listened to.
    pub fn open(host: &Host, slot: Slot, request: &Request) -> Result<Self, JsValue> {
        let exchange = Words::with(request.operation, |words| {
            Exchange::new(
                host,
                slot.number(),
                &words.name,
                &words.method,
                request.target.as_ref(),
                request.body.as_ref(),
                request.key.as_ref(),
                request.options.as_ref(),
                request.headers.as_ref(),
                request.limits.timeout_ms,
            )
        })?;
        if request.options.is_some() && exchange.is_aborted() {
            slot.put(Ending::Aborted, 0);
        }
        Ok(Self { exchange, slot })
    }

    /// The exchange.
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Whether the call is over already.
    pub fn over(&self) -> Option<AttemptResult> {
        self.slot.take(Ending::is_over)
    }

    /// Sends one attempt.
    pub async fn send(&self) -> AttemptResult {
        self.exchange.send_attempt();
        self.next(|ending| ending != Ending::Waited).await
    }

    /// Waits; `Err` if the call is over before.
    pub async fn wait(&self, ms: f64) -> Result<(), AttemptResult> {
        self.exchange.start_waiting(ms);
        self.until(Ending::Waited).await
    }

    /// Waits until what was started reports `awaited`: `Waited` of a timer, `Admitted` of the throttle. `Err`
    /// with what ends it otherwise. A timer that fires although it was cleared does not end the throttle.
    pub async fn until(&self, awaited: Ending) -> Result<(), AttemptResult> {
        let result = self
            .next(|ending| ending == awaited || ending != Ending::Waited)
            .await;
        self.exchange.stop_waiting();
        if result.ending == awaited {
            Ok(())
        } else {
            Err(result)
        }
    }

    /// Asks the caller's function for a token; `Err` if the call is over before, or there is none.
    pub async fn ask_for_token(&self) -> Result<(), AttemptResult> {
        let mut answer = pin!(JsFuture::from(self.exchange.request_token()));
        let waker = self.slot.waker();
        let has_token = poll_fn(|_| {
            if let Some(over) = self.over() {
                return Poll::Ready(Err(over));
            }
            let mut context = std::task::Context::from_waker(&waker);
            match answer.as_mut().poll(&mut context) {
                // The promise is the exchange's own, and never rejects.
                Poll::Ready(answer) => Poll::Ready(Ok(answer.is_ok_and(|ok| ok.is_truthy()))),
                Poll::Pending => Poll::Pending,
            }
        })
        .await?;
        if has_token {
            Ok(())
        } else {
            Err(AttemptResult {
                ending: Ending::NoToken,
                status: 0,
            })
        }
    }

    /// One header of the response.
    pub fn header(&self, name: &str) -> Option<String> {
        let headers = self.exchange.safe_headers();
        Headers::from_raw(headers.unchecked_into()).get(name)
    }

    async fn next(&self, is_wanted: impl Fn(Ending) -> bool) -> AttemptResult {
        poll_fn(|_| {
            self.slot
                .take(&is_wanted)
                .map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

/// The texts of an operation as the host's own, so that none is copied for a call.
struct Words {
    name: JsValue,
    method: JsValue,
}

thread_local! {
    static WORDS: [Words; 5] = {
        connect_executor();
        Operation::ALL.map(|operation| Words {
            name: operation.name().into(),
            method: operation.method().as_str().into(),
        })
    };
}

impl Words {
    /// Calls with the words of an operation.
    fn with<T>(operation: Operation, act: impl FnOnce(&Self) -> T) -> T {
        WORDS.with(|[create, get, list, patch, update]| {
            act(match operation {
                Operation::Create => create,
                Operation::Get => get,
                Operation::List | Operation::Iterate => list,
                Operation::Patch => patch,
                Operation::Update => update,
            })
        })
    }
}

/// Gives the host the callback by which it enters the module.
fn connect_executor() {
    let callback = Closure::<dyn Fn(u32, u32, u32)>::new(|slot, ending, status: u32| {
        executor::resume(
            slot,
            Ending::of_number(ending),
            u16::try_from(status).unwrap_or_default(),
        );
    });
    let names = Ending::ALL.iter().map(|(_, name)| (*name).to_owned());
    connect(&callback.into_js_value(), names.collect());
}
