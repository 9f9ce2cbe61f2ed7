//! Who may call (BEHAVIOUR 1.3).

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use sha2::{Digest, Sha256};

use super::{App, reply::Failure};
use crate::core::problem::{ApiError, Code};

/// The keys that the sandbox knows. Only their digests are kept and compared, so that the time of
/// a comparison tells nothing about a key.
#[derive(Clone, Debug)]
pub struct Access {
    allowed: [u8; 32],
    forbidden: Vec<[u8; 32]>,
}

impl Access {
    /// `token` may do everything; the `forbidden` ones are known but may do nothing.
    #[must_use]
    pub fn new(token: &str, forbidden: &[String]) -> Self {
        Self {
            allowed: digest(token),
            forbidden: forbidden.iter().map(|token| digest(token)).collect(),
        }
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// A caller with a good key; its digest is the scope of the caller's idempotency keys.
pub(super) struct Caller {
    pub(super) scope: [u8; 32],
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let token = bearer(parts)
            .ok_or_else(|| unauthenticated("send the API key as Authorization: Bearer KEY"))?;
        let scope = digest(token);
        if scope == app.access.allowed {
            Ok(Self { scope })
        } else if app.access.forbidden.contains(&scope) {
            let detail = "this key may not use customers";
            Err(ApiError::new(Code::Forbidden, detail).into())
        } else {
            Err(unauthenticated("the API key is not known"))
        }
    }
}

fn unauthenticated(detail: &str) -> Failure {
    ApiError::new(Code::Unauthenticated, detail).into()
}

/// The scheme is case-insensitive (RFC 9110, 11.1).
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
