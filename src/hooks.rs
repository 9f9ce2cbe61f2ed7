//! What a caller may watch: each attempt's start and end, and each wait. Enough to hang a trace or a
//! metric on, and nothing of anybody's data: a path is its template, and there is no query.

use crate::host::{Answer, Ending, now};
use crate::operation::Operation;
use js_sys::Function;
use serde::Serialize;
use std::cell::Cell;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// What every event tells of its call.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct CallEvent {
    /// Numbers the calls of one client from 1, so that the events of one can be told from
    /// another's.
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

/// An attempt begins.
#[derive(Debug, Serialize, Tsify)]
pub struct RequestEvent {
    /// The call.
    #[serde(flatten)]
    pub call: CallEvent,
}

/// An attempt has ended.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ResponseEvent {
    /// The call.
    #[serde(flatten)]
    pub call: CallEvent,
    /// How it ended; `answered` only if the whole answer came.
    #[tsify(
        type = "\"answered\" | \"timed_out\" | \"aborted\" | \"no_token\" | \"unreachable\" | \"broken_off\" | \"not_a_response\" | \"too_large\""
    )]
    pub ended: &'static str,
    /// From the attempt's start, the question for a token included, to its end.
    pub duration_ms: f64,
    /// The HTTP status, if there was an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The id the server gave the request, if it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// The attempt will be repeated.
#[derive(Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RetryEvent {
    /// The call; `attempt` is the one that failed.
    #[serde(flatten)]
    pub call: CallEvent,
    /// How long the call waits first.
    pub wait_ms: f64,
}

/// The functions of one client.
#[derive(Default)]
pub struct Hooks {
    /// `onRequest`
    pub on_request: Option<Function>,
    /// `onResponse`
    pub on_response: Option<Function>,
    /// `onRetry`
    pub on_retry: Option<Function>,
    calls: Cell<u32>,
}

impl Hooks {
    /// Takes the functions.
    pub fn new(
        on_request: Option<Function>,
        on_response: Option<Function>,
        on_retry: Option<Function>,
    ) -> Self {
        Self {
            on_request,
            on_response,
            on_retry,
            calls: Cell::new(0),
        }
    }

    /// Watches one call.
    pub fn watch(&self, operation: Operation) -> Watch<'_> {
        let call = self.calls.get().wrapping_add(1);
        self.calls.set(call);
        Watch {
            hooks: self,
            operation,
            call,
            started: Cell::new(0.0),
        }
    }
}

/// One call, as its hooks see it.
pub struct Watch<'a> {
    hooks: &'a Hooks,
    operation: Operation,
    call: u32,
    started: Cell<f64>,
}

impl Watch<'_> {
    /// An attempt begins.
    pub fn request(&self, attempt: u32) {
        if self.hooks.on_response.is_some() {
            self.started.set(now());
        }
        if let Some(hook) = &self.hooks.on_request {
            tell(
                hook,
                &RequestEvent {
                    call: self.event(attempt),
                },
            );
        }
    }

    /// An attempt has ended.
    pub fn response(&self, attempt: u32, answer: &Answer) {
        let Some(hook) = &self.hooks.on_response else {
            return;
        };
        let ending = answer.ending();
        tell(
            hook,
            &ResponseEvent {
                call: self.event(attempt),
                ended: ending.name(),
                duration_ms: now() - self.started.get(),
                status: matches!(
                    ending,
                    Ending::Answered | Ending::BrokenOff | Ending::TooLarge
                )
                .then(|| answer.status()),
                request_id: answer.request_id(),
            },
        );
    }

    /// The attempt will be repeated.
    pub fn retry(&self, attempt: u32, wait_ms: f64) {
        if let Some(hook) = &self.hooks.on_retry {
            tell(
                hook,
                &RetryEvent {
                    call: self.event(attempt),
                    wait_ms,
                },
            );
        }
    }

    fn event(&self, attempt: u32) -> CallEvent {
        CallEvent {
            call: self.call,
            operation: self.operation.name(),
            method: self.operation.method(),
            path: self.operation.template(),
            attempt,
        }
    }
}

/// Calls a hook. What it does wrong is not the call's failure.
fn tell(hook: &Function, event: &impl Serialize) {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    if let Ok(event) = event.serialize(&serializer) {
        let _ = hook.call1(&JsValue::UNDEFINED, &event);
    }
}
