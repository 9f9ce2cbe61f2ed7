//! What the caller of a failed call should do, in a sentence, without anyone's data.

use crate::base_url;
use crate::contract::operation::Operation;
use crate::policy::outcome::Outcome;
use crate::policy::retry::Row;
use crate::validate::number;
use std::borrow::Cow;

/// What is known of a response that is not a success.
#[derive(Debug, Clone, Copy)]
pub struct Rejected<'a> {
    /// The operation.
    pub operation: Operation,
    /// The HTTP status.
    pub status: u16,
    /// The problem's row of the catalogue.
    pub row: Option<&'static Row>,
    /// Where the request went, without `/customers`.
    pub base_url: &'a str,
    /// Whether the idempotency key is the caller's, not one that the client made.
    pub has_callers_key: bool,
    /// How long the server asked to wait, in milliseconds.
    pub asked_ms: Option<f64>,
    /// The statuses that would have been accepted.
    pub accepted: &'a [String],
}

/// What to do about a response that is not a success.
pub fn rejected(failed: &Rejected<'_>) -> Cow<'static, str> {
    if let Some(row) = failed.row.filter(|row| !row.advice.is_empty()) {
        if failed.accepted.is_empty() {
            return row.advice.into();
        }
        return ["Accepted from here: ", &failed.accepted.join(", "), "."]
            .concat()
            .into();
    }
    match failed.status {
        401 => "Check accessToken, and that it belongs to this environment.".into(),
        403 => "The key is known but may not do this.".into(),
        404 => not_found(failed).into(),
        429 => slow_down(failed.asked_ms),
        304 => {
            "The client sends no conditions: something between here and the API keeps responses.".into()
        }
        300..=399 => "A redirect is not followed: check baseUrl.".into(),
        400 | 422 if failed.operation.needs_key() && failed.has_callers_key => {
            "Correct the request, and take a new idempotency key for it: this response is kept under the old one.".into()
        }
        400 | 422 => "Correct the request.".into(),
        499 | 500.. => after(failed.operation, Outcome::Unknown).into(),
        _ => "See code and detail.".into(),
    }
}

/// A customer that is not there, or a path.
fn not_found(failed: &Rejected<'_>) -> String {
    let mut words = String::new();
    if !base_url::ends_in_version(failed.base_url) {
        for part in ["Nothing at ", failed.base_url, failed.operation.template()] {
            words.push_str(part);
        }
        words.push_str(". A base URL usually ends in /v0.");
        if failed.operation.has_id() {
            words.push_str(" If this one is right, no customer has this id.");
        }
    } else if failed.operation.has_id() {
        let environment = match failed.base_url {
            base_url::SANDBOX => "Synctera's sandbox; an id of production is not known there",
            base_url::PRODUCTION => "production; an id of the sandbox is not known there",
            other => other,
        };
        for part in ["No customer has this id in ", environment, "."] {
            words.push_str(part);
        }
    } else {
        for part in ["Nothing at ", failed.base_url, failed.operation.template()] {
            words.push_str(part);
        }
        words.push_str(": check baseUrl.");
    }
    words
}

fn slow_down(asked_ms: Option<f64>) -> Cow<'static, str> {
    match asked_ms {
        Some(ms) => [
            "Wait ",
            &duration(ms),
            " before the next call (retryAfterMs).",
        ]
        .concat()
        .into(),
        None => "Slow down: the server did not say for how long; see maxRequestsPerSecond.".into(),
    }
}

/// A time in whole seconds or milliseconds, rounded up.
fn duration(ms: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it saturates"
    )]
    let ms = ms.ceil() as u64;
    match ms {
        0..1_000 => number(ms) + " ms",
        _ => number(ms.div_ceil(1_000)) + " s",
    }
}

/// The sentence about what the server may have done, for a call that ended without a response.
pub fn after(operation: Operation, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent => "Nothing was sent.",
        Outcome::Rejected => "The server had rejected it: nothing was changed.",
        Outcome::Unknown if operation.needs_key() => {
            "Whether it was done is unknown: repeat with the same idempotency key (error.idempotencyKey)."
        }
        Outcome::Unknown => "It is safe to repeat.",
    }
}

/// What to do about a body that is too large to be read. To repeat the call would not help.
pub fn too_large(operation: Operation) -> &'static str {
    match operation {
        Operation::List => {
            "Raise maxResponseBytes, or ask for fewer customers with limit or pageSize."
        }
        Operation::Get => "Raise maxResponseBytes.",
        _ => "Raise maxResponseBytes, and read the customer to see what was done.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::retry::look_up;

    const GET: Rejected<'_> = Rejected {
        operation: Operation::Get,
        status: 404,
        row: None,
        base_url: "https://example.com/v0",
        has_callers_key: false,
        asked_ms: None,
        accepted: &[],
    };

    #[test]
    fn advises_by_the_code_and_then_by_the_status() {
        let table = [
            (
                Operation::Create,
                400,
                true,
                None,
                "take a new idempotency key",
            ),
            (Operation::Create, 400, false, None, "Correct the request."),
            (Operation::Get, 400, true, None, "Correct the request."),
            (
                Operation::Patch,
                503,
                true,
                None,
                "with the same idempotency key",
            ),
            (Operation::Update, 503, true, None, "safe to repeat"),
            (
                Operation::Create,
                409,
                true,
                Some("DUPLICATE_RESOURCE"),
                "look it up",
            ),
            (
                Operation::Create,
                409,
                true,
                Some("NEW_CODE"),
                "See code and detail.",
            ),
            (Operation::Get, 401, false, None, "Check accessToken"),
            (Operation::Get, 403, false, None, "may not do this"),
            (Operation::Get, 304, false, None, "keeps responses"),
            (
                Operation::Get,
                302,
                false,
                None,
                "A redirect is not followed",
            ),
            (Operation::Get, 429, false, None, "Slow down"),
            (
                Operation::List,
                404,
                false,
                None,
                "Nothing at https://example.com/v0/customers: check",
            ),
        ];
        for (operation, status, has_callers_key, code, words) in table {
            let row = look_up(code, None);
            let failed = Rejected {
                operation,
                status,
                row,
                has_callers_key,
                ..GET
            };
            let advice = rejected(&failed);
            assert!(advice.contains(words), "{failed:?}: {advice}");
        }
    }

    #[test]
    fn says_for_how_long_the_server_asks_to_wait() {
        for (asked_ms, words) in [
            (2_000.0, "Wait 2 s "),
            (2_100.0, "Wait 3 s "),
            (250.5, "Wait 251 ms "),
        ] {
            let failed = Rejected {
                status: 429,
                asked_ms: Some(asked_ms),
                ..GET
            };
            assert!(
                rejected(&failed).starts_with(words),
                "{}",
                rejected(&failed)
            );
        }
    }

    #[test]
    fn says_where_nothing_was_found() {
        let table = [
            (
                "http://127.0.0.1:4050",
                "Nothing at http://127.0.0.1:4050/customers/{customer_id}. A base URL usually ends in /v0.",
            ),
            (
                base_url::SANDBOX,
                "No customer has this id in Synctera's sandbox; an id of production is not known there.",
            ),
            (
                base_url::PRODUCTION,
                "No customer has this id in production; an id of the sandbox is not known there.",
            ),
            (
                "https://example.com/v0",
                "No customer has this id in https://example.com/v0.",
            ),
        ];
        for (base_url, words) in table {
            let failed = Rejected { base_url, ..GET };
            assert!(
                rejected(&failed).starts_with(words),
                "{}",
                rejected(&failed)
            );
        }
    }

    #[test]
    fn says_how_to_read_a_body_that_is_too_large() {
        for (operation, words) in [
            (Operation::List, "or ask for fewer customers"),
            (Operation::Get, "Raise maxResponseBytes."),
            (Operation::Patch, "read the customer to see what was done"),
        ] {
            let advice = too_large(operation);
            assert!(advice.contains(words), "{operation:?}: {advice}");
        }
    }

    #[test]
    fn lists_the_statuses_that_would_be_accepted() {
        let accepted = ["ACTIVE".to_owned(), "DELETED".to_owned()];
        let row = look_up(Some("INVALID_STATUS"), None);
        let failed = Rejected {
            status: 422,
            row,
            accepted: &accepted,
            ..GET
        };
        assert_eq!(rejected(&failed), "Accepted from here: ACTIVE, DELETED.");
    }
}
