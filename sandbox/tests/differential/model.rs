//! What must hold whatever the rules are: a customer that was acknowledged is there with what was
//! last acknowledged of it, and a key creates one customer.

use std::collections::HashMap;

use serde_json::Value;
use synctera_sandbox::core::instant::Instant;

use crate::{
    Arrived,
    requests::{Generator, Given},
};

/// 7 days in microseconds.
const KEPT: i64 = 7 * 24 * 3_600 * 1_000_000;

pub(crate) struct Model {
    people: u64,
    /// What was last acknowledged of each customer that was created; none if a write of it may have
    /// been done without a response.
    created: HashMap<String, Option<Value>>,
    /// Which customer a key created, and when.
    keys: HashMap<String, (String, Instant)>,
    lost_responses: bool,
    checks: [usize; 3],
}

impl Model {
    pub(crate) fn new(people: u64) -> Self {
        Self {
            people,
            created: HashMap::new(),
            keys: HashMap::new(),
            lost_responses: false,
            checks: [0; 3],
        }
    }

    pub(crate) fn check(&mut self, given: &Given, arrived: &Arrived, now: Instant) {
        let id = given.target.strip_prefix("/v0/customers/");
        let id = id.map(|id| id.replace("%2D", "-").to_lowercase());
        // A fault may be spent, and what is delivered twice is answered as it was the first time.
        let fault = given.header("sandbox-fault").unwrap_or_default();
        let is_odd = fault.starts_with("status") || fault.starts_with("deliver");
        if is_odd && let Some(known) = id.as_ref().and_then(|id| self.created.get_mut(id)) {
            *known = None;
        }
        let Some((status, headers, body)) = &arrived.0 else {
            // Whether it was done is unknown.
            self.lost_responses = true;
            if let Some(known) = id.and_then(|id| self.created.get_mut(&id)) {
                *known = None;
            }
            return;
        };
        let Ok(body) = serde_json::from_str::<Value>(body) else {
            return;
        };
        if is_odd || !matches!(status, 200 | 201) {
            return;
        }
        let is_replay = headers
            .iter()
            .any(|(name, _)| name == "idempotency-replayed");
        match (given.method, id) {
            ("POST", _) => self.check_create(given, &body, is_replay, now),
            ("GET", Some(id)) => {
                if let Some(Some(known)) = self.created.get(&id) {
                    assert_eq!(*known, body, "what was acknowledged is there: {given:?}");
                    self.checks[0] += 1;
                }
            }
            ("PUT" | "PATCH", Some(id)) => {
                // A response that is given again says nothing of now.
                let is_replay =
                    given.method == "PATCH" && given.header("idempotency-key").is_some();
                if let Some(known) = self.created.get_mut(&id) {
                    *known = (!is_replay).then_some(body);
                }
            }
            ("GET", None) if given.target.starts_with("/v0/customers?") => {
                let customers = body["customers"].as_array().unwrap();
                for customer in customers {
                    if let Some(Some(known)) = self.created.get(customer["id"].as_str().unwrap()) {
                        assert_eq!(
                            known, customer,
                            "a list holds what was acknowledged: {given:?}"
                        );
                        self.checks[1] += 1;
                    }
                }
            }
            _ => {}
        }
    }

    fn check_create(&mut self, given: &Given, body: &Value, is_replay: bool, now: Instant) {
        let id = body["id"].as_str().unwrap().to_owned();
        let known = given
            .header("idempotency-key")
            .and_then(|key| self.keys.get(key));
        let known = known.filter(|(_, at)| now.0 - at.0 < KEPT);
        if is_replay {
            // Of one whose response was lost nothing is known.
            if let Some((first, _)) = known {
                assert_eq!(*first, id, "a key creates one customer: {given:?}");
                self.checks[2] += 1;
            }
            return;
        }
        assert!(known.is_none(), "a key creates one customer: {given:?}");
        if let Some(key) = given.header("idempotency-key") {
            self.keys.insert(key.to_owned(), (id.clone(), now));
        }
        let before = self.created.insert(id, Some(body.clone()));
        assert!(before.is_none(), "no customer is created twice: {given:?}");
    }

    pub(crate) fn finish(&self, generator: &Generator) {
        let known = usize::try_from(self.people).unwrap() + self.created.len();
        assert!(self.lost_responses || generator.ids.len() >= known);
        assert!(
            self.checks.iter().all(|count| *count > 0),
            "the model compared something: {:?}",
            self.checks
        );
    }
}
