//! What a request comes to: a response, and what the sandbox remarks on it.

use super::{idempotency::ApiResponse, problem::ApiError, warning::Warning};

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What is sent.
    pub response: ApiResponse,
    /// What had no effect.
    pub warnings: Vec<Warning>,
    /// Whether the response comes from memory.
    pub is_replay: bool,
}

impl From<ApiError> for ApiResponse {
    fn from(error: ApiError) -> Self {
        Self {
            status: error.status,
            is_problem: true,
            body: error.to_json(),
        }
    }
}

impl From<ApiResponse> for Outcome {
    fn from(response: ApiResponse) -> Self {
        Self {
            response,
            warnings: Vec::new(),
            is_replay: false,
        }
    }
}
