//! The one way of a call, for every form of every operation: permit, throttle, token, attempt, classify,
//! wait, settle.

use crate::client::ClientState;
use crate::contract::operation::Operation;
use crate::error::{Failed, is_control_flow, permanent};
use crate::events::{Events, Level};
use crate::executor::Slot;
use crate::info::SchemaDrift;
use crate::kernel::{fits, to_js};
use crate::options::TOKEN;
use crate::policy::attempts::{AttemptEnd, Attempts, Limits, Next};
use crate::policy::rate_limiter::Admission;
use crate::policy::retry;
use crate::request::{RejectedHeaders, Request};
use crate::response::Problem;
use crate::transport::{AttemptResult, Ending, Transport, can_wake_others};
use crate::validate::{Direction, check};
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Starts a call; it runs until it waits for the host for the first time.
///
/// # Errors
/// A `Failure`, if the caller's signal cannot be listened to.
pub fn start(
    client: &Rc<ClientState>,
    request: Request,
    with_info: bool,
) -> Result<Promise, JsValue> {
    let slot = Slot::reserve();
    let transport = Transport::open(&client.host, slot, &request).map_err(|thrown| {
        slot.release();
        let expected = "an AbortSignal that can be listened to";
        let found = "an object that cannot be read";
        crate::error::refuse(
            Some(request.operation),
            "options.signal",
            found,
            expected,
            &thrown,
        )
    })?;
    let promise = transport.exchange().promise();
    let call = Call {
        client: Rc::clone(client),
        operation: request.operation,
        has_token_function: request.has_token_function,
        has_callers_key: request.has_callers_key,
        content: request.content,
        limits: request.limits,
        slot,
        transport,
    };
    slot.run(call.run(with_info));
    Ok(promise)
}

/// One call in flight.
struct Call {
    client: Rc<ClientState>,
    operation: Operation,
    has_token_function: bool,
    has_callers_key: bool,
    content: JsValue,
    limits: crate::client::Limits,
    slot: Slot,
    transport: Transport,
}

/// What is known of a call's attempts besides how the last one ended.
#[derive(Default)]
pub struct Known {
    /// What was read of the last response that was not a success.
    pub problem: Option<Problem>,
    /// What is wrong with the headers that the hook `onRequest` gave.
    pub headers: Option<RejectedHeaders>,
}

/// Why a call rejects.
enum Rejection {
    /// With an error of this package.
    Failure(JsValue),
    /// With what the host threw, unchanged: a framework's control flow.
    ControlFlow(JsValue),
}

impl Call {
    async fn run(self, with_info: bool) {
        let exchange = self.transport.exchange();
        match self.execute().await {
            Ok(attempts) if with_info => exchange.succeed_with_info(attempts),
            Ok(_) => exchange.succeed(),
            Err(Rejection::Failure(failure)) => {
                exchange.fail(&failure, self.client.watchers.logs(Level::Error));
            }
            Err(Rejection::ControlFlow(thrown)) => exchange.fail(&thrown, false),
        }
    }

    /// Sends the request, and again where that is safe and may help; gives the number of attempts.
    async fn execute(&self) -> Result<u32, Rejection> {
        let Self {
            client, transport, ..
        } = self;
        let exchange = transport.exchange();
        let events = Events::new(client, exchange, self.operation, &self.content);
        let mut attempts = Attempts::new(Limits {
            max_retries: self.limits.max_retries,
            max_delay_ms: self.limits.max_retry_delay_ms,
            refreshable: self.has_token_function,
        });
        let mut known = Known::default();
        loop {
            let permit = match transport.over() {
                Some(over) => Err(over),
                None => Permit::acquire(self, &events, attempts.made() + 1).await,
            };
            let permit = match permit {
                Ok(permit) => permit,
                Err(result) => return Err(self.failure(result, &attempts, &known)),
            };
            attempts.begin();
            let (result, is_sent) = match events.request(attempts.made()) {
                Ok(()) => self.attempt().await,
                Err(rejected) => {
                    known.headers = Some(rejected);
                    let ending = Ending::InvalidHeaders;
                    (AttemptResult { ending, status: 0 }, false)
                }
            };
            drop(permit);
            let is_success = self.is_success(result);
            let is_problem = result.ending == Ending::Answered && result.status >= 300;
            if is_problem {
                known.problem = Some(Problem::read(transport, &client.host));
            }
            let problem = known.problem.as_ref().filter(|_| is_problem);
            events.response(attempts.made(), result, is_success, problem);
            if is_success {
                events.done(attempts.made());
                client.budget.put_back(attempts.retries());
                self.compare();
                return Ok(attempts.made());
            }
            if result.ending == Ending::Unreachable && is_control_flow(&exchange.error()) {
                return Err(self.failure(result, &attempts, &known));
            }
            let end = self.end_of(result, is_sent, known.problem.as_ref());
            let remaining_ms = exchange.remaining_ms();
            match attempts.after_attempt(&end, remaining_ms, client.host.random(), &client.budget) {
                Next::Fail => return Err(self.failure(result, &attempts, &known)),
                Next::Refresh => events.retry(attempts.made(), result, 0.0, &known),
                Next::Retry { wait_ms } => {
                    if result.status == 429 {
                        client.limiter.pause(client.host.now(), wait_ms);
                    }
                    events.retry(attempts.made(), result, wait_ms, &known);
                    if let Err(over) = transport.wait(wait_ms).await {
                        return Err(self.failure(over, &attempts, &known));
                    }
                }
            }
        }
    }

    /// Makes one attempt; returns its result, and whether it has gone out.
    async fn attempt(&self) -> (AttemptResult, bool) {
        match self.prepare().await {
            Ok(()) => (self.transport.send().await, true),
            Err(result) => (result, false),
        }
    }

    /// Asks for a token, if it comes from a function. `Err` if the attempt ends before it is sent.
    async fn prepare(&self) -> Result<(), AttemptResult> {
        if let Some(over) = self.transport.over() {
            return Err(over);
        }
        if self.has_token_function {
            self.transport.ask_for_token().await?;
            if !fits(&self.transport.exchange().token(), &TOKEN) {
                return Err(AttemptResult {
                    ending: Ending::NoToken,
                    status: 0,
                });
            }
        }
        Ok(())
    }

    /// Whether a response is a success with the required fields.
    fn is_success(&self, result: AttemptResult) -> bool {
        let exchange = self.transport.exchange();
        result.ending == Ending::Answered
            && (200..300).contains(&result.status)
            && exchange.has_data(self.operation)
    }

    /// Compares the data with the contract, if the caller wants to know.
    fn compare(&self) {
        if !self.client.compares {
            return;
        }
        let body = self.transport.exchange().body();
        let report = check("", &body, self.operation.receives(), Direction::Response);
        if report.total > 0 {
            self.client.host.report_drift(&to_js(&SchemaDrift {
                operation: self.operation.name(),
                findings: report.findings,
                total: report.total,
            }));
        }
    }

    fn end_of(
        &self,
        result: AttemptResult,
        is_sent: bool,
        problem: Option<&Problem>,
    ) -> AttemptEnd {
        match result.ending {
            Ending::NoToken | Ending::InvalidHeaders => AttemptEnd::NoToken,
            Ending::TimedOut | Ending::Aborted => AttemptEnd::Over { sent: is_sent },
            Ending::Answered if result.status >= 300 => AttemptEnd::Rejected {
                failed: retry::Failed {
                    status: Some(result.status),
                    row: problem.and_then(|problem| problem.row),
                },
                asked_ms: problem.and_then(|problem| problem.asked_ms),
            },
            Ending::Unreachable if permanent(&self.transport.exchange().error()).is_some() => {
                AttemptEnd::NotSent
            }
            Ending::Unreachable | Ending::BrokenOff => AttemptEnd::NoResponse,
            _ => AttemptEnd::Useless,
        }
    }

    /// Why the call rejects, after an attempt or a wait that ended like this.
    fn failure(&self, result: AttemptResult, attempts: &Attempts, known: &Known) -> Rejection {
        if matches!(
            result.ending,
            Ending::NoToken | Ending::ThrottleFailed | Ending::Unreachable
        ) {
            let thrown = self.transport.exchange().error();
            if is_control_flow(&thrown) {
                return Rejection::ControlFlow(thrown);
            }
        }
        let failed = Failed {
            operation: self.operation,
            base_url: &self.client.base_url,
            timeout_ms: self.limits.timeout_ms,
            has_callers_key: self.has_callers_key,
            attempts,
            result,
            known,
        };
        Rejection::Failure(failed.error(self.transport.exchange()))
    }
}

/// A permit to send one attempt, returned when it is dropped.
struct Permit<'a> {
    ticket: u32,
    client: &'a ClientState,
}

impl<'a> Permit<'a> {
    /// Waits for a permit, then for the caller's throttle; `Err` if the call is over before, or the throttle
    /// failed. Where nothing limits the client there is nothing to return.
    async fn acquire(
        call: &'a Call,
        events: &Events<'_>,
        attempt: u32,
    ) -> Result<Option<Self>, AttemptResult> {
        let client = &*call.client;
        if !client.has_throttle && client.limiter.is_open(|| client.host.now()) {
            return Ok(None);
        }
        let permit = Self {
            ticket: client.limiter.ticket(),
            client,
        };
        let exchange = call.transport.exchange();
        loop {
            let awaited =
                match client
                    .limiter
                    .ask(permit.ticket, client.host.now(), exchange.remaining_ms())
                {
                    Admission::Wait(ms) => {
                        client.wait_for_permit(permit.ticket, call.slot);
                        exchange.start_waiting(ms);
                        Ending::Waited
                    }
                    Admission::Go => {
                        client.stop_waiting(permit.ticket);
                        if !client.has_throttle {
                            return Ok(Some(permit));
                        }
                        events.call_throttle(attempt);
                        Ending::Admitted
                    }
                };
            call.transport.until(awaited).await?;
            if awaited == Ending::Admitted {
                return Ok(Some(permit));
            }
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.client.limiter.leave(self.ticket);
        self.client.stop_waiting(self.ticket);
        // The call that waits longest asks again at once; in a Worker each does on its own timer.
        let next = self.client.waiting.borrow().first().copied();
        if let Some((_, slot)) = next
            && can_wake_others()
        {
            slot.wake();
        }
    }
}
