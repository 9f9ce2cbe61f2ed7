//! The words of an error: what happened and what to do, with no value of anybody's data.

use crate::model::{AddressWrite, CustomerCommon, CustomerFields};
use crate::operation::Operation;
use crate::outcome::Outcome;
use crate::problem::Problem;

/// What kind of body came with an error, as `error.bodyKind` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// JSON with members of a problem (RFC 7807).
    Problem,
    /// Other JSON.
    Json,
    /// Text that is no JSON, such as a gateway's HTML page.
    Text,
    /// Nothing.
    Empty,
}

impl BodyKind {
    /// The value of `error.bodyKind`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Json => "json",
            Self::Text => "text",
            Self::Empty => "empty",
        }
    }
}

/// The message of an `ApiError`.
pub fn api(operation: Operation, status: u16, body: BodyKind, problem: &Problem) -> String {
    let mut text = format!("{} failed: {status}", operation.name());
    if let Some(code) = problem.code.as_deref().filter(|code| is_code(code)) {
        text.push(' ');
        text.push_str(code);
    }
    text.push_str(match body {
        BodyKind::Problem => "",
        BodyKind::Json => ", with JSON that is no problem report",
        BodyKind::Text => ", with a body that is not JSON",
        BodyKind::Empty => ", with an empty body",
    });
    let invalid: Vec<_> = problem
        .invalid
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    append_fields(&mut text, "missing", &problem.missing);
    append_fields(&mut text, "invalid", &invalid);
    append_fields(&mut text, "immutable", &problem.immutable);
    text.push_str(". ");
    text.push_str(advice(operation, status, problem.code.as_deref()));
    text
}

/// A code is repeated only if it looks like one.
fn is_code(code: &str) -> bool {
    code.len() <= 64
        && code
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// Names the fields the server complains of: those the contract knows, and how many others.
fn append_fields(text: &mut String, what: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    let known: Vec<_> = names
        .iter()
        .map(String::as_str)
        .filter(|name| is_known(name))
        .collect();
    text.push_str("; ");
    text.push_str(what);
    text.push_str(": ");
    text.push_str(&known.join(", "));
    let others = names.len() - known.len();
    if others > 0 {
        text.push_str(if known.is_empty() { "" } else { ", " });
        text.push_str(&others.to_string());
        text.push_str(" more");
    }
}

fn is_known(path: &str) -> bool {
    path.split('.').all(|part| {
        let name = part.split('[').next().unwrap_or_default();
        part.len() <= name.len() + 6
            && (["status", "related_customers"].contains(&name)
                || CustomerFields::MODEL.field(name).is_some()
                || CustomerCommon::MODEL.field(name).is_some()
                || AddressWrite::MODEL.field(name).is_some())
    })
}

/// What the caller should do.
fn advice(operation: Operation, status: u16, code: Option<&str>) -> &'static str {
    match (code, status) {
        (Some("DUPLICATE_RESOURCE"), _) => {
            "An equal record exists: look it up; repeating cannot help."
        }
        (Some("IDEMPOTENCY_INVALID_REUSE"), _) => {
            "The idempotency key belongs to another request: take a new one for this."
        }
        (Some("IDEMPOTENCY_CONCURRENT_USE"), _) => {
            "The first request with this key is still running: repeat later with the same key."
        }
        (Some("INVALID_STATUS"), _) => {
            "See validStatus for the values that can be reached from here."
        }
        (Some("INVALID_TENANCY"), _) => "The tenant is not one of this key's.",
        (Some("BAD_CONFIGURATION"), _) => "The workspace is not set up for this: ask Synctera.",
        (Some("FEATURE_NOT_AVAILABLE"), _) => {
            "The workspace does not have this feature: ask Synctera."
        }
        (_, 401) => "Check accessToken, and that it belongs to this environment.",
        (_, 403) => "The key is known but may not do this.",
        (_, 404) => "No customer has this id in this environment.",
        (_, 429) => "Slow down; retryAfter says for how long, if the server did.",
        (_, 300..=399) => "A redirect is not followed: check baseUrl.",
        (_, 400 | 422) if operation.needs_key() => {
            "Correct the request, and take a new idempotency key for it: this answer is kept under the old one."
        }
        (_, 400 | 422) => "Correct the request.",
        (_, 499 | 500..) if operation.needs_key() => {
            "Whether it was done is unknown: repeat with the same idempotency key."
        }
        (_, 499 | 500..) => "It is safe to repeat.",
        _ => "See code and detail.",
    }
}

/// The sentence about what the server may have done, for a call that ended without an answer.
pub fn after(operation: Operation, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent => "Nothing was sent.",
        Outcome::Rejected => "The server had refused it: nothing was changed.",
        Outcome::Unknown if operation.needs_key() => {
            "Whether it was done is unknown: repeat with the same idempotency key."
        }
        Outcome::Unknown => "It is safe to repeat.",
    }
}

/// A whole number as JavaScript prints it, without the machinery that prints fractions: that alone
/// would weigh a tenth of the module.
#[expect(
    clippy::cast_possible_truncation,
    reason = "limits and deadlines are checked to be whole, or rounded for show"
)]
pub fn whole(number: f64) -> String {
    (number as i64).to_string()
}

/// `1 attempt`, `3 attempts`.
pub fn count(attempts: u32) -> String {
    format!("{attempts} attempt{}", if attempts == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_error_names_the_code_the_fields_and_the_way_on_but_no_value() {
        let problem = Problem {
            code: Some("BAD_REQUEST_BODY".to_owned()),
            detail: Some("ottoline.quay@example.com is no e-mail".to_owned()),
            missing: vec!["first_name".to_owned(), "legal_address.city".to_owned()],
            invalid: vec![
                ("ssn".to_owned(), "987654329".to_owned()),
                ("ottoline.quay@example.com".to_owned(), "x".to_owned()),
            ],
            immutable: vec!["Ottoline".to_owned()],
            ..Problem::default()
        };
        assert_eq!(
            api(Operation::Create, 400, BodyKind::Problem, &problem),
            "createCustomer failed: 400 BAD_REQUEST_BODY; missing: first_name, legal_address.city; \
             invalid: ssn, 1 more; immutable: 1 more. Correct the request, and take a new \
             idempotency key for it: this answer is kept under the old one."
        );
    }

    #[test]
    fn each_kind_of_body_is_told_apart() {
        let table = [
            (
                BodyKind::Empty,
                "getCustomer failed: 502, with an empty body. It is safe to repeat.",
            ),
            (
                BodyKind::Text,
                "getCustomer failed: 502, with a body that is not JSON. It is safe to repeat.",
            ),
            (
                BodyKind::Json,
                "getCustomer failed: 502, with JSON that is no problem report. It is safe to repeat.",
            ),
        ];
        for (kind, message) in table {
            assert_eq!(api(Operation::Get, 502, kind, &Problem::default()), message);
        }
    }

    #[test]
    fn a_code_that_looks_like_data_is_not_repeated() {
        let problem = Problem {
            code: Some("Ottoline Quay".to_owned()),
            ..Problem::default()
        };
        assert!(!api(Operation::Get, 400, BodyKind::Problem, &problem).contains("Quay"));
    }
}
