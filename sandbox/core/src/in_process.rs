//! A whole sandbox in one value: the rules over a store in memory, for one thread.
//!
//! Nothing here waits. The program that drives an [`Exchange`] does, between its steps, as long as its fault
//! says.

use std::time::Duration;

use http::{HeaderMap, Method};
use uuid::Uuid;

use crate::{
    access::{Access, Identity},
    api::{Admission, Api, Request, Task, ignores_key},
    change::Context,
    event::Event,
    fault::{Delivery, Fault, Faults},
    instant::Instant,
    memory::MemoryStore,
    operation::{self, Change, Claim, RunningKeys, Write},
    outcome::Outcome,
    random::Random,
    response::{self, Response},
    rules::Rules,
};

/// A sandbox.
pub struct InProcess {
    /// The customers and answered keys.
    pub store: MemoryStore,
    /// Where identifiers come from.
    pub random: Random,
    /// What requests get that ask for no fault.
    pub faults: Faults,
    /// The keys, and the names by which the sandbox is called: any, unless that is changed.
    pub api: Api,
    rules: Rules,
    running: RunningKeys,
    events: Vec<Event>,
}

/// One request on its way.
pub struct Exchange {
    method: Method,
    headers: HeaderMap,
    id: Uuid,
    fault: Fault,
    /// What is still to be handled: the request once, or twice.
    request: Option<(Request, Identity)>,
    rounds: u32,
    work: Option<Work>,
    response: Option<Response>,
}

/// A request that has begun: what it asks for, and whether its key has no effect.
struct Work {
    step: Step,
    ignores_key: bool,
}

enum Step {
    Answered(Response),
    Replayed(Outcome),
    Get(String),
    List(String),
    Write(Write, Option<Claim>),
}

impl InProcess {
    /// Over `store`, for the keys of `access`, with the switches `rules`.
    #[must_use]
    pub fn new(store: MemoryStore, access: Access, rules: Rules, random: Random) -> Self {
        Self {
            store,
            random,
            faults: Faults::default(),
            api: Api {
                access,
                is_any_host: true,
            },
            rules,
            running: RunningKeys::default(),
            events: Vec::new(),
        }
    }

    /// Takes a request, and decides which fault it gets.
    pub fn open(&mut self, request: Request) -> Exchange {
        let id = self.random.uuid();
        let identity = self.api.access.identify(request.headers());
        let (method, headers) = (request.method().clone(), request.headers().clone());
        let (fault, response) = match self.api.admit(&request, &identity, &mut self.faults) {
            Admission::Answered(response) => (Fault::default(), Some(response)),
            Admission::Admitted(fault) => {
                let response = fault.response.as_ref().map(response::of_fault);
                (fault, response)
            }
        };
        let rounds = match response {
            Some(_) => 0,
            None if fault.is_doubled => 2,
            None => 1,
        };
        Exchange {
            method,
            headers,
            id,
            fault,
            request: Some((request, identity)),
            rounds,
            work: None,
            response,
        }
    }

    /// Begins to handle the request: takes its idempotency key. Says whether there was anything left
    /// to begin.
    pub fn begin(&mut self, exchange: &mut Exchange, now: Instant) -> bool {
        if exchange.rounds == 0 {
            return false;
        }
        exchange.rounds -= 1;
        // The last time, the request need not be copied.
        let request = if exchange.rounds == 0 {
            exchange.request.take()
        } else {
            exchange.request.clone()
        };
        let Some((request, identity)) = request else {
            return false;
        };
        let ignores_key = ignores_key(&request);
        let step = match Api::task(request, identity) {
            Task::Answered(response) => Step::Answered(response),
            Task::Get(id) => Step::Get(id),
            Task::List(query) => Step::List(query),
            Task::Write(write, None) => Step::Write(write, None),
            Task::Write(write, Some(claim)) => match self.running.take(&claim) {
                Ok(()) => Step::Write(write, Some(claim)),
                Err(running) => {
                    let (saved, asked) = (self.store.response(&claim.key), &claim.fingerprint);
                    let rules = &self.rules;
                    Step::Replayed(operation::while_running(saved, &running, asked, now, rules))
                }
            },
        };
        exchange.work = Some(Work { step, ignores_key });
        true
    }

    /// Handles what [`begin`](Self::begin) began, and keeps the response, unless there is one: the
    /// first one travels.
    ///
    /// # Errors
    /// When a record cannot be read or written as JSON.
    pub fn finish(&mut self, exchange: &mut Exchange, now: Instant) -> serde_json::Result<()> {
        let Some(Work { step, ignores_key }) = exchange.work.take() else {
            return Ok(());
        };
        let outcome = match step {
            Step::Answered(response) => {
                exchange.response.get_or_insert(response);
                return Ok(());
            }
            Step::Replayed(outcome) => outcome,
            Step::Get(id) => operation::get(&id, |id| {
                Ok::<_, serde_json::Error>(self.store.document(id).map(<[u8]>::to_vec))
            })?,
            Step::List(query) => operation::list(&query, |listing| {
                Ok::<_, serde_json::Error>(self.store.page(listing))
            })?,
            Step::Write(write, claim) => {
                let settled = self.settle(write, claim.as_ref(), now);
                if let Some(claim) = &claim {
                    self.running.release(&claim.key);
                }
                settled?
            }
        };
        let response = Api::respond(outcome, ignores_key);
        exchange.response.get_or_insert(response);
        Ok(())
    }

    fn settle(
        &mut self,
        write: Write,
        claim: Option<&Claim>,
        now: Instant,
    ) -> serde_json::Result<Outcome> {
        let change = Change::read(write, &self.rules, now);
        let mut context = Context {
            rules: &self.rules,
            now,
            new_id: &mut || self.random.uuid(),
        };
        let settled = change.settle(&mut self.store, claim, &mut context, true)?;
        self.events.extend(settled.event);
        Ok(settled.outcome)
    }

    /// The changes since this was last called.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}

impl Exchange {
    /// How long to wait before anything else.
    #[must_use]
    pub fn delay(&self) -> Option<Duration> {
        self.fault.delay
    }

    /// How long to wait while the request is handled, its idempotency key taken.
    #[must_use]
    pub fn hold(&self) -> Option<Duration> {
        self.fault.hold
    }

    /// How the response travels.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.fault.delivery
    }

    /// The response, once everything that was begun is finished.
    pub fn response(&mut self) -> Option<Response> {
        let mut response = self.response.take()?;
        Api::complete(&mut response, &self.method, &self.headers, self.id);
        Some(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::HEADER;

    const NOW: Instant = Instant(1_750_000_000_000_000);

    /// A sandbox, and the exchange of a create that asks for this fault.
    fn open(fault: &str) -> (InProcess, Exchange) {
        let (access, random) = (Access::new("known", &[]), Random(1));
        let mut sandbox = InProcess::new(MemoryStore::default(), access, Rules::default(), random);
        let request = http::Request::post("/v0/customers")
            .header("authorization", "Bearer known")
            .header("content-type", "application/json")
            .header(HEADER, fault)
            .body(Ok(br#"{"status":"ACTIVE"}"#.to_vec()))
            .expect("a request");
        let exchange = sandbox.open(request);
        (sandbox, exchange)
    }

    #[test]
    fn an_exchange_has_the_waits_and_the_delivery_of_its_fault() {
        let (_, exchange) = open("delay=5;hold=7;drop=after");
        assert_eq!(exchange.delay(), Some(Duration::from_millis(5)));
        assert_eq!(exchange.hold(), Some(Duration::from_millis(7)));
        assert_eq!(exchange.delivery(), Delivery::DropAfter);
        let (_, exchange) = open("");
        assert_eq!((exchange.delay(), exchange.hold()), (None, None));
        assert_eq!(exchange.delivery(), Delivery::Whole);
    }

    #[test]
    fn a_request_is_handled_as_often_as_it_arrives_and_each_change_is_an_event() {
        for (fault, times) in [("", 1), ("deliver=twice", 2), ("status=503", 0)] {
            let (mut sandbox, mut exchange) = open(fault);
            for _ in 0..times {
                assert!(sandbox.begin(&mut exchange, NOW), "{fault}");
                sandbox.finish(&mut exchange, NOW).expect("JSON");
            }
            assert!(!sandbox.begin(&mut exchange, NOW), "{fault}");
            let status = exchange
                .response()
                .map(|response| response.status().as_u16());
            assert_eq!(status, Some(if times == 0 { 503 } else { 201 }));
            assert_eq!(sandbox.store.documents().count(), times, "{fault}");
            assert_eq!(sandbox.take_events().len(), times, "{fault}");
            assert!(sandbox.take_events().is_empty());
        }
    }
}
