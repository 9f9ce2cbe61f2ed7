//! What a request comes to: an answer, and what the sandbox remarks on it.

use super::{idempotency::Answer, problem::ApiError, warning::Warning};

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What is sent.
    pub answer: Answer,
    /// What had no effect.
    pub warnings: Vec<Warning>,
    /// Whether the answer comes from memory.
    pub is_replay: bool,
}

impl From<ApiError> for Answer {
    fn from(error: ApiError) -> Self {
        Self {
            status: error.status,
            is_problem: true,
            body: error.to_json(),
        }
    }
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            warnings: Vec::new(),
            is_replay: false,
        }
    }
}
