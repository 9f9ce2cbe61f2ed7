//! Idempotency keys: when a request runs, and when it is answered from memory (BEHAVIOUR 7).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    canonical::canonical,
    instant::Instant,
    problem::{ApiError, Code},
};

/// How long a response is kept: 7 days, in microseconds (BEHAVIOUR 7.2).
pub const LIFETIME_MICROS: i64 = 7 * 24 * 60 * 60 * 1_000_000;

/// A key together with its owner. Two API keys may use the same string (BEHAVIOUR 7.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScopedKey {
    /// Digest of the API key.
    pub scope: [u8; 32],
    /// The header's bytes: any string.
    pub key: Vec<u8>,
}

/// What makes two requests the same: method, path and the meaning of the payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// SHA-256 of the canonical payload. The payload itself holds personal data.
    pub payload: [u8; 32],
}

impl Fingerprint {
    /// Of a request with this `body`.
    #[must_use]
    pub fn new(method: &str, path: &str, body: &[u8]) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            payload: Sha256::digest(canonical(body)).into(),
        }
    }
}

/// A response of the API, as sent and as replayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiResponse {
    /// The HTTP status.
    pub status: u16,
    /// Whether the body is a problem (`application/problem+json`) or data (`application/json`).
    pub is_problem: bool,
    /// The exact body.
    pub body: Vec<u8>,
}

/// A response that was given under a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The request it was given to.
    pub fingerprint: Fingerprint,
    /// The response.
    pub response: ApiResponse,
    /// When it was given.
    pub at: Instant,
}

/// What to do with a request that carries a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Handle it, and keep the response.
    Run,
    /// Give the stored response again.
    Replay(ApiResponse),
    /// Refuse it.
    Refuse(ApiError),
}

/// Whether a response with this status is kept. Server errors and rate limits run again, and so do
/// 401 and 403 (BEHAVIOUR 7.2, 7.5).
#[must_use]
pub fn is_kept(status: u16) -> bool {
    status < 500 && !matches!(status, 401 | 403 | 429)
}

/// Decides about a request that asks for a key which is being used right now.
///
/// Another request under a busy key is a client bug, for which waiting is no cure; so it is
/// refused at once.
#[must_use]
pub fn while_running(running: &Fingerprint, asked: &Fingerprint, status: u16) -> ApiError {
    if running == asked {
        ApiError {
            status,
            ..ApiError::new(
                Code::IdempotencyConcurrentUse,
                "the first request with this key has not finished",
            )
        }
    } else {
        reused()
    }
}

/// Decides about a request whose key no other request is using right now.
#[must_use]
pub fn decide(saved: Option<Saved>, asked: &Fingerprint, now: Instant) -> Decision {
    match saved {
        Some(saved) if now.0.saturating_sub(saved.at.0) < LIFETIME_MICROS => {
            if saved.fingerprint == *asked {
                Decision::Replay(saved.response)
            } else {
                Decision::Refuse(reused())
            }
        }
        _ => Decision::Run,
    }
}

fn reused() -> ApiError {
    ApiError::new(
        Code::IdempotencyInvalidReuse,
        "this key belongs to another path, method or payload",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(body: &[u8], at: i64) -> Option<Saved> {
        let response = ApiResponse {
            status: 201,
            is_problem: false,
            body: b"{}".to_vec(),
        };
        let fingerprint = Fingerprint::new("POST", "/v0/customers", body);
        Some(Saved {
            fingerprint,
            response,
            at: Instant(at),
        })
    }

    // BEHAVIOUR 7.2, 7.3, 7.5
    #[test]
    fn a_key_replays_refuses_or_runs() {
        let ask = |method: &str, path: &str, body: &[u8], now| {
            let asked = Fingerprint::new(method, path, body);
            match decide(saved(br#"{"a":1,"b":2}"#, 0), &asked, Instant(now)) {
                Decision::Run => "run",
                Decision::Replay(_) => "replay",
                Decision::Refuse(_) => "refuse",
            }
        };
        let same = br#"{ "b": 2, "a": 1 }"#;
        assert_eq!(ask("POST", "/v0/customers", same, 0), "replay");
        assert_eq!(
            ask("POST", "/v0/customers", same, LIFETIME_MICROS - 1),
            "replay"
        );
        assert_eq!(ask("POST", "/v0/customers", same, LIFETIME_MICROS), "run");
        assert_eq!(ask("PATCH", "/v0/customers", same, 0), "refuse");
        assert_eq!(ask("POST", "/v0/customers/x", same, 0), "refuse");
        assert_eq!(ask("POST", "/v0/customers", b"{}", 0), "refuse");
        let asked = Fingerprint::new("POST", "/", b"");
        assert_eq!(decide(None, &asked, Instant(0)), Decision::Run);
    }

    // BEHAVIOUR 7.4
    #[test]
    fn a_key_in_use_has_to_wait_or_is_refused() {
        let running = Fingerprint::new("POST", "/v0/customers", b"{}");
        let waiting = while_running(&running, &running, 425);
        assert_eq!(waiting.status, 425);
        assert_eq!(waiting.code, Some(Code::IdempotencyConcurrentUse));
        let other = Fingerprint::new("POST", "/v0/customers", br#"{"a":1}"#);
        assert_eq!(while_running(&running, &other, 425), reused());
    }

    // BEHAVIOUR 7.2, 7.5
    #[test]
    fn only_final_responses_are_kept() {
        for (status, kept) in [
            (201, true),
            (200, true),
            (400, true),
            (404, true),
            (409, true),
            (422, true),
            (401, false),
            (403, false),
            (429, false),
            (500, false),
            (503, false),
            (504, false),
        ] {
            assert_eq!(is_kept(status), kept, "{status}");
        }
    }

    // BEHAVIOUR 7.4
    #[test]
    fn a_busy_key_says_wait_to_its_twin_and_no_to_others() {
        let running = Fingerprint::new("POST", "/v0/customers", b"{}");
        for status in [409, 422] {
            let error = while_running(&running, &running.clone(), status);
            assert_eq!(error.code, Some(Code::IdempotencyConcurrentUse));
            assert_eq!(error.status, status);
            assert!(error.kind.unwrap().ends_with("/conflict"));
        }
        let other = Fingerprint::new("POST", "/v0/customers", b"[]");
        let error = while_running(&running, &other, 409);
        assert_eq!(error.code, Some(Code::IdempotencyInvalidReuse));
    }
}
