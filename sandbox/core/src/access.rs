//! Who may call (BEHAVIOUR 1.3).

use http::{HeaderMap, header};
use sha2::{Digest, Sha256};

use crate::problem::{ApiError, Code};

/// The keys that the sandbox knows. Only their digests are kept and compared, so that the time of
/// a comparison reveals nothing about a key.
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

    /// Who sent a request with these headers.
    ///
    /// # Errors
    /// 401 `UNAUTHENTICATED` without a known key, 403 `FORBIDDEN` for one that may do nothing.
    pub fn identify(&self, headers: &HeaderMap) -> Identity {
        let token = bearer(headers)
            .ok_or_else(|| unauthenticated("send the API key as Authorization: Bearer KEY"))?;
        let scope = digest(token);
        if scope == self.allowed {
            Ok(Caller { scope })
        } else if self.forbidden.contains(&scope) {
            let detail = "this key may not use customers";
            Err(ApiError::new(Code::Forbidden, detail))
        } else {
            Err(unauthenticated("the API key is not known"))
        }
    }
}

/// The caller of a request, or why it is not let in.
pub type Identity = Result<Caller, ApiError>;

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// A caller with a good key.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The digest of the key, which is the scope of the caller's idempotency keys.
    pub scope: [u8; 32],
}

fn unauthenticated(detail: &str) -> ApiError {
    ApiError::new(Code::Unauthenticated, detail)
}

/// The scheme is case-insensitive (RFC 9110, 11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    // BEHAVIOUR 1.3
    #[test]
    fn a_caller_is_identified_by_a_bearer_token_and_by_nothing_else() {
        let access = Access::new("known", &["forbidden".to_owned()]);
        for (value, status) in [
            (Some("Bearer known"), None),
            (Some("bEARER  known "), None),
            (Some("Bearer forbidden"), Some(403)),
            (Some("Bearer unknown"), Some(401)),
            (Some("Basic known"), Some(401)),
            (Some("Bearer "), Some(401)),
            (Some("Bearer"), Some(401)),
            (Some("known"), Some(401)),
            (None, Some(401)),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert(header::AUTHORIZATION, value.parse().expect("a value"));
            }
            let refused = access.identify(&headers).err();
            assert_eq!(refused.map(|error| error.status), status, "{value:?}");
        }
    }
}
