//! What a caller may watch: each attempt's start and end, and each wait. Enough to hang a trace or a
//! metric on, and nothing of anybody's data: a path is its template, and there is no query.

use crate::host::{Answer, Call, now};
use crate::members::object;
use std::cell::Cell;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// What every event tells of its call.
#[derive(Debug, Tsify)]
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
    /// How it ended; `answered` only if the whole answer came.
    #[tsify(
        type = "\"answered\" | \"timed_out\" | \"aborted\" | \"no_token\" | \"unreachable\" | \"broken_off\" | \"not_a_response\" | \"too_large\""
    )]
    pub ended: String,
    /// From the attempt's start, the question for a token included, to its end.
    pub duration_ms: f64,
    /// The HTTP status, if there was an answer.
    #[tsify(optional)]
    pub status: Option<u16>,
    /// The id the server gave the request, if it gave one.
    #[tsify(optional)]
    pub request_id: Option<String>,
}

/// The attempt will be repeated.
#[derive(Debug, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RetryEvent {
    /// The call; `attempt` is the one that failed.
    #[serde(flatten)]
    pub call: CallEvent,
    /// How long the call waits first.
    pub wait_ms: f64,
}

/// Which hook; the numbers are those of `host/sender.js` and `host/log.js`.
#[derive(Debug, Clone, Copy)]
enum Hook {
    Request,
    Response,
    Retry,
}

/// One call, as the hooks of its client see it.
pub struct Watch<'a> {
    call: &'a Call,
    watched: bool,
    number: u32,
    started: Cell<f64>,
}

impl<'a> Watch<'a> {
    /// Watches one call; `calls` counts those of the client.
    pub fn new(call: &'a Call, watched: bool, calls: &Cell<u32>) -> Self {
        if watched {
            calls.set(calls.get().wrapping_add(1));
        }
        Self {
            call,
            watched,
            number: calls.get(),
            started: Cell::new(0.0),
        }
    }

    /// An attempt begins.
    pub fn request(&self, attempt: u32) {
        self.started.set(now());
        self.tell(Hook::Request, attempt, None, None);
    }

    /// An attempt has ended.
    pub fn response(&self, attempt: u32, answer: &Answer) {
        let duration_ms = now() - self.started.get();
        self.tell(
            Hook::Response,
            attempt,
            Some(("durationMs", duration_ms)),
            Some(answer),
        );
    }

    /// The attempt will be repeated.
    pub fn retry(&self, attempt: u32, wait_ms: f64) {
        self.tell(Hook::Retry, attempt, Some(("waitMs", wait_ms)), None);
    }

    /// What is the call's and the answer's own, the host adds.
    fn tell(&self, hook: Hook, attempt: u32, time: Option<(&str, f64)>, answer: Option<&Answer>) {
        if !self.watched {
            return;
        }
        let event = object(&[
            Some(("call", self.number.into())),
            Some(("attempt", attempt.into())),
            time,
        ]);
        self.call.tell(hook as u32, &event, answer);
    }
}
