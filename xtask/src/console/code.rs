//! One-time codes: a link to the console holds one instead of the token, since browsers keep
//! addresses.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

/// How long a code is valid: long enough to open a link.
pub(crate) const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// What the console's page needs for its calls.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Connection {
    pub(crate) base_url: String,
    pub(crate) token: String,
}

/// The latest code with its connection, until the code is exchanged or expires.
#[derive(Default)]
pub(super) struct Codes(Mutex<Option<Issued>>);

struct Issued {
    code: String,
    expires: Instant,
    connection: Connection,
}

impl Codes {
    /// A new code for `connection`. The one before it is void.
    pub(super) fn issue(&self, connection: Connection, now: Instant) -> String {
        // 122 random bits, from the operating system.
        let code = Uuid::new_v4().simple().to_string();
        *self.lock() = Some(Issued {
            code: code.clone(),
            expires: now + LIFETIME,
            connection,
        });
        code
    }

    /// The connection that `code` stands for, or `None` if the code is unknown, used or expired.
    /// The code is void afterwards.
    pub(super) fn exchange(&self, code: &str, now: Instant) -> Option<Connection> {
        self.lock()
            .take_if(|issued| issued.code == code || issued.expires <= now)
            .filter(|issued| issued.code == code && now < issued.expires)
            .map(|issued| issued.connection)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Issued>> {
        // Each change is one assignment: a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(token: &str) -> Connection {
        Connection {
            base_url: "http://127.0.0.1:1/v0".into(),
            token: token.into(),
        }
    }

    #[test]
    fn a_code_is_exchanged_once() {
        let (codes, now) = (Codes::default(), Instant::now());
        let code = codes.issue(connection("t"), now);
        for wrong in ["", "x", &code[1..], &code.to_uppercase()] {
            assert_eq!(codes.exchange(wrong, now), None, "{wrong}");
        }
        assert_eq!(codes.exchange(&code, now), Some(connection("t")));
        assert_eq!(codes.exchange(&code, now), None);
    }

    #[test]
    fn a_code_expires_and_its_token_is_dropped() {
        let (codes, now) = (Codes::default(), Instant::now());
        let code = codes.issue(connection("t"), now);
        assert_eq!(codes.exchange(&code, now + LIFETIME), None);
        assert_eq!(codes.exchange(&code, now), None, "it is gone for good");
        let code = codes.issue(connection("t"), now);
        let last = now + LIFETIME - Duration::from_secs(1);
        assert!(codes.exchange(&code, last).is_some());
    }

    #[test]
    fn a_new_code_voids_the_one_before() {
        let (codes, now) = (Codes::default(), Instant::now());
        let first = codes.issue(connection("a"), now);
        let second = codes.issue(connection("b"), now);
        assert_eq!(codes.exchange(&first, now), None);
        assert_eq!(codes.exchange(&second, now), Some(connection("b")));
    }
}
