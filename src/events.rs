//! What a caller may watch: hooks and log lines for each attempt's start and end, and each wait. Enough
//! for a trace or a metric, and no personal data: a path is its template, and there is no query.

use crate::client::ClientState;
use crate::contract::Instant;
use crate::contract::operation::Operation;
use crate::contract::schema::{Field, Privacy, Shape};
use crate::error::network_code;
use crate::execute::Known;
use crate::kernel::{define, fits, is_object, items, names, own_by, text_of, to_js};
use crate::request::{RejectedHeaders, header_fields};
use crate::response::Problem;
use crate::transport::{AttemptResult, Exchange};
use crate::validate::number;
use js_sys::{Array, Object};
use serde::Serialize;
use std::cell::Cell;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// What every event says about its call.
#[derive(Debug, Tsify)]
pub struct CallEvent {
    /// Numbers the calls of one client from 1, which distinguishes the events of concurrent calls.
    pub call: u32,
    /// The method of `CustomersApi`, such as `createCustomer`.
    pub operation: &'static str,
    /// The HTTP method.
    #[tsify(type = "\"GET\" | \"PATCH\" | \"POST\" | \"PUT\"")]
    pub method: &'static str,
    /// The path's template: `/customers` or `/customers/{customer_id}`.
    pub path: &'static str,
    /// The number of the attempt, from 1.
    pub attempt: u32,
}

/// An attempt starts.
#[derive(Debug, Tsify)]
pub struct RequestEvent {
    /// The call.
    #[serde(flatten)]
    pub call: CallEvent,
}

/// An attempt has ended.
#[derive(Debug, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ResponseEvent {
    /// The call.
    #[serde(flatten)]
    pub call: CallEvent,
    /// How it ended; `answered` only if the whole response came.
    #[tsify(
        type = "\"answered\" | \"timed_out\" | \"aborted\" | \"no_token\" | \"unreachable\" | \"broken_off\" | \"not_a_response\" | \"too_large\" | \"invalid_headers\""
    )]
    pub ended: String,
    /// From the attempt's start, before a token is requested, to its end, in milliseconds.
    pub duration_ms: f64,
    /// The HTTP status, if there was a response.
    #[tsify(optional)]
    pub status: Option<u16>,
    /// The id the server gave the request, if it gave one.
    #[tsify(optional)]
    pub request_id: Option<String>,
    /// How long the server asked to wait, in milliseconds, if it did.
    #[tsify(optional)]
    pub retry_after_ms: Option<f64>,
}

/// The attempt will be retried.
#[derive(Debug, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RetryEvent {
    /// The call; `attempt` is the one that failed.
    #[serde(flatten)]
    pub call: CallEvent,
    /// How the attempt ended.
    #[tsify(type = "\"answered\" | \"unreachable\" | \"broken_off\"")]
    pub ended: String,
    /// The HTTP status, if there was a response.
    #[tsify(optional)]
    pub status: Option<u16>,
    /// The problem's code, such as `TOO_MANY_REQUESTS`; without a response the network's, such as
    /// `ECONNRESET`.
    #[tsify(optional)]
    pub code: Option<String>,
    /// How long the call waits first, in milliseconds.
    pub wait_ms: f64,
}

/// What `throttle` is called with.
#[derive(Debug, Tsify)]
pub struct ThrottleRequest {
    /// The call and the attempt that waits, as in the events of that attempt. No personal data.
    #[serde(flatten)]
    pub call: CallEvent,
    /// An `AbortSignal` that fires when the call ends before its response: the attempt that waits will not
    /// be sent.
    #[tsify(type = "any")]
    pub signal: JsValue,
}

/// Which hook; the numbers index `hooks` in `js/host.js`.
#[derive(Debug, Clone, Copy)]
enum Hook {
    Request,
    Response,
    Retry,
}

/// The levels of a log line, the least important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Each attempt, with its redacted data.
    Debug,
    /// Each call that succeeded.
    Info,
    /// Each attempt that will be retried.
    Warn,
    /// Each call that failed.
    Error,
    /// Nothing.
    Off,
}

impl Level {
    /// The level of that name.
    pub fn of_name(name: &str) -> Self {
        match name {
            "debug" => Self::Debug,
            "info" => Self::Info,
            "error" => Self::Error,
            "off" => Self::Off,
            _ => Self::Warn,
        }
    }

    /// The logger's method.
    fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error | Self::Off => "error",
        }
    }
}

/// Who watches the calls of a client.
#[derive(Debug, Clone, Copy)]
pub struct Watchers {
    /// Whether `onRequest`, `onResponse` and `onRetry` are set.
    pub hooks: [bool; 3],
    /// The least important lines that are logged.
    pub level: Level,
}

impl Watchers {
    /// Whether there is anyone.
    pub fn any(self) -> bool {
        self.hooks.contains(&true) || self.level < Level::Off
    }

    /// Whether lines of this level are logged.
    pub fn logs(self, level: Level) -> bool {
        self.level <= level
    }
}

/// What is the same in every event of an operation's calls.
#[derive(Serialize)]
struct Base<'a> {
    operation: &'static str,
    method: &'a str,
    path: &'static str,
}

/// The events of one call. Costs nothing without hooks and a logger.
pub struct Events<'a> {
    client: &'a ClientState,
    exchange: &'a Exchange,
    operation: Operation,
    /// What the call sends, for a line at debug; `undefined` otherwise.
    content: &'a JsValue,
    number: u32,
    /// When the call started.
    started_ms: f64,
    /// When the present attempt started.
    attempt_ms: Cell<f64>,
}

impl<'a> Events<'a> {
    /// Numbers a call, if that number is shown to the caller.
    pub fn new(
        client: &'a ClientState,
        exchange: &'a Exchange,
        operation: Operation,
        content: &'a JsValue,
    ) -> Self {
        let number = client.watched_calls.get().wrapping_add(1);
        let mut started_ms = 0.0;
        if client.watchers.any() || client.has_throttle {
            client.watched_calls.set(number);
            started_ms = client.host.now();
        }
        Self {
            client,
            exchange,
            operation,
            content,
            number,
            started_ms,
            attempt_ms: Cell::new(0.0),
        }
    }

    /// Calls the throttle for an attempt; the exchange reports how that ended.
    pub fn call_throttle(&self, attempt: u32) {
        self.exchange
            .call_throttle(&base(self.operation), self.number, attempt);
    }

    /// An attempt starts; takes the headers that the hook gives for it.
    ///
    /// # Errors
    /// Those headers, if they cannot be sent.
    pub fn request(&self, attempt: u32) -> Result<(), RejectedHeaders> {
        if !self.client.watchers.any() {
            return Ok(());
        }
        self.attempt_ms.set(self.client.host.now());
        let event = || {
            self.exchange
                .request_event(&base(self.operation), self.number, attempt)
        };
        self.log(Level::Debug, " sends", || {
            let fields = event();
            if let Some(shape) = self.operation.sends() {
                define(
                    &fields,
                    "content",
                    &redacted(self.content, shape, Privacy::Personal),
                );
            }
            fields
        });
        let mut headers = self.call_hook(Hook::Request, event);
        if !headers.is_undefined() {
            headers = header_fields("the headers that onRequest returned", &headers)?;
        }
        self.exchange.set_attempt_headers(&headers);
        Ok(())
    }

    /// An attempt has ended.
    pub fn response(
        &self,
        attempt: u32,
        result: AttemptResult,
        is_success: bool,
        problem: Option<&Problem>,
    ) {
        if !self.client.watchers.any() {
            return;
        }
        let duration_ms = self.client.host.now() - self.attempt_ms.get();
        let retry_after_ms = problem.and_then(|problem| problem.asked_ms);
        let event = || {
            let (base, ending) = (base(self.operation), result.ending as u32);
            self.exchange.response_event(
                &base,
                self.number,
                attempt,
                ending,
                duration_ms,
                retry_after_ms,
            )
        };
        self.log(Level::Debug, " got", || {
            let fields = event();
            if let Some(report) = problem.and_then(|problem| problem.report.as_ref()) {
                define(&fields, "problem", &report.words.trim_ascii().into());
            }
            if is_success {
                let shape = self.operation.receives();
                define(
                    &fields,
                    "data",
                    &redacted(&self.exchange.body(), shape, Privacy::Personal),
                );
            }
            fields
        });
        self.call_hook(Hook::Response, event);
    }

    /// The call has succeeded.
    pub fn done(&self, attempts: u32) {
        if !self.client.watchers.any() {
            return;
        }
        let duration_ms = self.client.host.now() - self.started_ms;
        self.log(Level::Info, " is done", || {
            let base = base(self.operation);
            self.exchange
                .done_event(&base, self.number, attempts, duration_ms)
        });
    }

    /// The attempt will be retried.
    pub fn retry(&self, attempt: u32, result: AttemptResult, wait_ms: f64, known: &Known) {
        if !self.client.watchers.any() {
            return;
        }
        let code = if result.status > 0 {
            let report = known
                .problem
                .as_ref()
                .and_then(|problem| problem.report.as_ref());
            report.and_then(|report| report.code.clone())
        } else {
            network_code(&self.exchange.error())
        };
        let event = || {
            let (base, ending) = (base(self.operation), result.ending as u32);
            self.exchange.retry_event(
                &base,
                self.number,
                attempt,
                ending,
                wait_ms,
                code.as_deref(),
            )
        };
        let status = (result.status > 0).then(|| number(result.status));
        let why = [status.as_deref(), code.as_deref()];
        let mut words = String::from(" will be retried");
        for (index, part) in why.into_iter().flatten().enumerate() {
            words.push_str(if index == 0 { ": " } else { " " });
            words.push_str(part);
        }
        self.log(Level::Warn, &words, event);
        self.call_hook(Hook::Retry, event);
    }

    fn call_hook(&self, hook: Hook, event: impl FnOnce() -> JsValue) -> JsValue {
        if self.client.watchers.hooks.get(hook as usize) == Some(&true) {
            self.exchange.observe(hook as u32, &event())
        } else {
            JsValue::UNDEFINED
        }
    }

    fn log(&self, level: Level, what: &str, fields: impl FnOnce() -> JsValue) {
        if self.client.watchers.logs(level) {
            let message = [self.operation.name(), what].concat();
            self.client.host.log(level.name(), &message, &fields());
        }
    }
}

/// What is the same in every event of an operation, made once.
fn base(operation: Operation) -> JsValue {
    thread_local! {
        static BASES: Vec<JsValue> = Operation::ALL
            .iter()
            .map(|operation| {
                to_js(&Base {
                    operation: operation.name(),
                    method: operation.method().as_str(),
                    path: operation.template(),
                })
            })
            .collect();
    }
    BASES.with(|bases| {
        bases
            .get(operation as usize)
            .cloned()
            .unwrap_or(JsValue::UNDEFINED)
    })
}

static INSTANT: Shape = Shape::Text(&Instant::PATTERN);

/// A value without what says something about a person: of a public field its value, if its type leaves
/// no room for anything else; of any other the class.
fn redacted(value: &JsValue, shape: &'static Shape, privacy: Privacy) -> JsValue {
    if value.is_undefined() || value.is_null() {
        return value.clone();
    }
    match shape {
        Shape::List(item) | Shape::NonEmptyList(item) => {
            let members = items(value, u32::MAX).unwrap_or_default();
            let shown = members.iter().map(|member| redacted(member, item, privacy));
            shown.collect::<Array>().into()
        }
        Shape::Object(model) if is_object(value) => {
            let shown = Object::new().into();
            for name in names(value, u32::MAX) {
                match text_of(&name, &KNOWN_NAME).and_then(|name| model.field(&name)) {
                    Some(Field {
                        name: known,
                        shape,
                        privacy,
                        ..
                    }) => {
                        define(
                            &shown,
                            known,
                            &redacted(&own_by(value, &name), shape, *privacy),
                        );
                    }
                    None => define(&shown, "(unknown)", &"[unknown]".into()),
                }
            }
            shown
        }
        _ => match privacy {
            Privacy::Secret => "[secret]".into(),
            Privacy::Personal => "[personal]".into(),
            Privacy::Public if is_plain(value, shape) => value.clone(),
            Privacy::Public => "[text]".into(),
        },
    }
}

/// A name that may be one of the contract's; any other may be data.
static KNOWN_NAME: Shape = Shape::Text(&crate::contract::schema::Pattern {
    name: "KnownName",
    form: "^[a-z_0-9]{1,40}$",
    wanted: "",
});

/// Whether a value is of a type that leaves no room for anything else: one of a list, a number, yes or
/// no, a time.
fn is_plain(value: &JsValue, shape: &'static Shape) -> bool {
    match shape {
        Shape::Text(pattern) if pattern.name == Instant::PATTERN.name => fits(value, &INSTANT),
        Shape::Enumeration(_) | Shape::Boolean | Shape::Integer { .. } => fits(value, shape),
        _ => false,
    }
}
