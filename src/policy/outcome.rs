//! What a failed call may have done at the server, which decides what may safely be done next.

/// What is known of a call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was sent: the server did nothing.
    NotSent,
    /// The server refused: it changed nothing.
    Rejected,
    /// The server may or may not have done it. Repeat the call with the same idempotency key.
    Unknown,
}

impl Outcome {
    /// The value of `error.outcome`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome of one attempt that was answered with a status that is not a success. A server
    /// error says nothing about what was done before it happened.
    pub fn of_status(status: u16) -> Self {
        match status {
            408 | 499 | 500.. | 0..=399 => Self::Unknown,
            _ => Self::Rejected,
        }
    }

    /// The outcome of the whole call after one more attempt ended. Once an attempt's outcome was
    /// unknown, only a response that the server gives to the request itself settles it: it looked
    /// the key up, so a refusal means that no earlier attempt had succeeded. 401, 403 and 429 come
    /// before that, and 409 and 422 can be about the key.
    pub fn after_attempt(self, last: Self, status: Option<u16>) -> Self {
        let settles = matches!(status, Some(400 | 404));
        match (self, last) {
            (Self::Unknown, Self::Rejected) if settles => Self::Rejected,
            (Self::Unknown, _) => Self::Unknown,
            (Self::Rejected, Self::NotSent) => Self::Rejected,
            (_, last) => last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome::{self, NotSent, Rejected, Unknown};

    #[test]
    fn an_outcome_has_the_name_that_callers_compare_with() {
        let names = [NotSent, Rejected, Unknown].map(Outcome::name);
        assert_eq!(names, ["not_sent", "rejected", "unknown"]);
    }

    #[test]
    fn a_status_says_whether_the_server_refused() {
        for (status, outcome) in [
            (400, Rejected),
            (401, Rejected),
            (409, Rejected),
            (422, Rejected),
            (429, Rejected),
            (408, Unknown),
            (499, Unknown),
            (500, Unknown),
            (503, Unknown),
            (302, Unknown),
            (0, Unknown),
        ] {
            assert_eq!(Outcome::of_status(status), outcome, "{status}");
        }
    }

    #[test]
    fn an_unknown_outcome_stays_unknown_until_the_server_answers_the_request_itself() {
        let table = [
            (NotSent, Rejected, Some(400), Rejected),
            (NotSent, Unknown, None, Unknown),
            (NotSent, NotSent, None, NotSent),
            (Rejected, Unknown, None, Unknown),
            (Rejected, NotSent, None, Rejected),
            (Unknown, NotSent, None, Unknown),
            (Unknown, Rejected, Some(429), Unknown),
            (Unknown, Rejected, Some(401), Unknown),
            (Unknown, Rejected, Some(409), Unknown),
            (Unknown, Rejected, Some(400), Rejected),
            (Unknown, Unknown, Some(500), Unknown),
        ];
        for (before, last, status, wanted) in table {
            assert_eq!(
                before.after_attempt(last, status),
                wanted,
                "{before:?} {last:?} {status:?}"
            );
        }
    }
}
