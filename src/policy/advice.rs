//! What the caller of a failed call should do, in a sentence, with no value of anybody's data.

use crate::contract::operation::Operation;
use crate::policy::outcome::Outcome;
use crate::policy::retry::Row;

/// What to do about an answer that is not a success.
pub fn rejected(operation: Operation, status: u16, row: Option<&'static Row>) -> &'static str {
    if let Some(row) = row.filter(|row| !row.advice.is_empty()) {
        return row.advice;
    }
    match status {
        401 => "Check accessToken, and that it belongs to this environment.",
        403 => "The key is known but may not do this.",
        404 => "No customer has this id in this environment.",
        429 => "Slow down; retryAfter says for how long, if the server did.",
        304 => {
            "The client sends no conditions: something between here and the API keeps responses."
        }
        300..=399 => "A redirect is not followed: check baseUrl.",
        400 | 422 if operation.needs_key() => {
            "Correct the request, and take a new idempotency key for it: this answer is kept under the old one."
        }
        400 | 422 => "Correct the request.",
        499 | 500.. => after(operation, Outcome::Unknown),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::retry::look_up;

    #[test]
    fn a_write_that_was_refused_wants_a_new_key_and_one_that_is_unknown_the_same() {
        let table = [
            (Operation::Create, 400, None, "take a new idempotency key"),
            (Operation::Get, 400, None, "Correct the request."),
            (Operation::Patch, 503, None, "with the same idempotency key"),
            (Operation::Update, 503, None, "safe to repeat"),
            (
                Operation::Create,
                409,
                Some("DUPLICATE_RESOURCE"),
                "look it up",
            ),
            (
                Operation::Create,
                409,
                Some("NEW_CODE"),
                "See code and detail.",
            ),
        ];
        for (operation, status, code, words) in table {
            let advice = rejected(operation, status, look_up(code, None));
            assert!(
                advice.contains(words),
                "{operation:?} {status} {code:?}: {advice}"
            );
        }
    }
}
