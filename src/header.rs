//! What may go into a request's headers.

/// Headers the client sets itself, and the option to use instead.
const OWN: [(&str, &str); 4] = [
    ("authorization", "use the option accessToken"),
    ("content-type", "a body is always application/json"),
    ("idempotency-key", "use the option idempotencyKey"),
    ("content-length", "the runtime sets it"),
];

/// Checks a header a caller adds.
///
/// # Errors
/// What is wanted instead, without repeating the value.
pub fn extra(name: &str, value: &str) -> Result<(), String> {
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err("a header name made of letters, digits and hyphens".to_owned());
    }
    if let Some((_, advice)) = OWN.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)) {
        return Err(format!("no header of that name: {advice}"));
    }
    self::value(value).map_err(str::to_owned)
}

/// Checks a header value: text that travels unchanged, so no control characters, nothing beyond
/// Latin-1, and no spaces around it (fetch would trim them).
///
/// # Errors
/// What is wanted instead.
pub fn value(value: &str) -> Result<(), &'static str> {
    let travels = |c: char| c == '\t' || (c >= ' ' && c != '\u{7f}' && c <= '\u{ff}');
    if !value.chars().all(travels) {
        return Err(
            "a string that can go into a header: no line breaks, control characters or \
                    characters beyond Latin-1",
        );
    }
    if value != value.trim_matches([' ', '\t']) {
        return Err("a string without spaces around it");
    }
    Ok(())
}

/// Checks an idempotency key.
///
/// # Errors
/// What is wanted instead.
pub fn idempotency_key(key: &str) -> Result<(), &'static str> {
    if key.is_empty() {
        return Err("a string that is unique to this logical call, a UUID by preference");
    }
    value(key)
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_would_break_the_request_is_refused() {
        for bad in ["a\nb", "a\r\nX: y", "a\0", "a\u{7f}", "snow ☃", " a", "a\t"] {
            assert!(value(bad).is_err(), "{bad:?}");
        }
        for good in ["", "abc", "a b", "caf\u{e9}", "a\tb"] {
            assert!(value(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn the_clients_own_headers_cannot_be_replaced() {
        for (name, advice) in [
            ("Authorization", "accessToken"),
            ("IDEMPOTENCY-KEY", "idempotencyKey"),
            ("content-type", "application/json"),
            ("", "header name"),
            ("a b", "header name"),
            ("x:y", "header name"),
        ] {
            let text = extra(name, "v").expect_err(name);
            assert!(text.contains(advice), "{name}: {text}");
        }
        assert_eq!(extra("X-Correlation-Id", "42"), Ok(()));
    }

    #[test]
    fn an_empty_idempotency_key_is_refused() {
        assert!(idempotency_key("").is_err());
        assert!(idempotency_key(" k").is_err());
        assert!(idempotency_key("order 7").is_ok());
    }
}
