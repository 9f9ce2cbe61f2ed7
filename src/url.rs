//! Addresses: the base URL, the path of an operation, percent-encoding.

/// Where the API is.
pub const SANDBOX: &str = "https://api-sandbox.synctera.com/v0";
/// Where the API is that moves real money.
pub const PRODUCTION: &str = "https://api.synctera.com/v0";

/// The base URL of a named environment.
pub fn environment(name: &str) -> Option<&'static str> {
    match name {
        "sandbox" => Some(SANDBOX),
        "production" => Some(PRODUCTION),
        _ => None,
    }
}

/// Checks a base URL and takes trailing slashes off. The token travels there, so only `https`
/// will do, or `http` on the machine's own loopback.
///
/// # Errors
/// What is wrong with it, in words that do not repeat it.
pub fn base(url: &str) -> Result<String, &'static str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err("an absolute URL, such as https://example.com/v0");
    };
    if url
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || c == '\\')
    {
        return Err("a URL without spaces, backslashes or control characters");
    }
    if rest.contains(['?', '#']) {
        return Err("a URL without a query or a fragment");
    }
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.contains('@') {
        return Err("a URL without credentials in it");
    }
    let host = host(authority);
    if host.is_empty() {
        return Err("a URL with a host");
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" => {}
        "http" if is_loopback(host) => {}
        _ => return Err("an https URL; http is for localhost only, since the token travels there"),
    }
    Ok(url.trim_end_matches('/').to_owned())
}

fn host(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

fn is_loopback(host: &str) -> bool {
    let dotted_quad = || host.split('.').all(|part| part.parse::<u8>().is_ok());
    host == "::1"
        || host.eq_ignore_ascii_case("localhost")
        || host.to_ascii_lowercase().ends_with(".localhost")
        || (host.starts_with("127.") && host.split('.').count() == 4 && dotted_quad())
}

/// Checks that an id names one customer and cannot lead to another address: `.` and `..` would be
/// taken as path steps even when percent-encoded.
///
/// # Errors
/// What a good id is.
pub fn customer_id(id: &str) -> Result<(), &'static str> {
    match id.trim() {
        "" => Err("the id of a customer, not an empty string"),
        "." | ".." => Err("the id of a customer, not a path step"),
        _ => Ok(()),
    }
}

/// Appends text with everything percent-encoded but the unreserved characters of RFC 3986: `+`
/// becomes `%2B` (BEHAVIOUR 6.7), a comma inside a value `%2C`.
pub fn encode(text: &str, out: &mut String) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                out.push('%');
                out.extend([byte >> 4, byte & 15].map(|nibble| HEX[usize::from(nibble)]));
            }
        }
    }
}

// Natively only: the crates these tests need are not built for WebAssembly.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_base_url_is_https_or_loopback_and_nothing_else_rides_on_it() {
        let table = [
            (
                "https://api.example.com/v0",
                Ok("https://api.example.com/v0"),
            ),
            (
                "https://api.example.com/v0//",
                Ok("https://api.example.com/v0"),
            ),
            ("http://127.0.0.1:8080/v0/", Ok("http://127.0.0.1:8080/v0")),
            ("http://localhost/v0", Ok("http://localhost/v0")),
            ("http://[::1]:80/v0", Ok("http://[::1]:80/v0")),
            (
                "http://sandbox.localhost:1/v0",
                Ok("http://sandbox.localhost:1/v0"),
            ),
            ("http://api.example.com/v0", Err("https")),
            ("http://127.evil.example", Err("https")),
            ("http://127.0.0.1.example.com", Err("https")),
            ("http://localhost@evil.example", Err("credentials")),
            ("ftp://example.com", Err("https")),
            ("example.com/v0", Err("absolute")),
            ("/v0", Err("absolute")),
            ("https:///v0", Err("host")),
            ("https://u:p@example.com", Err("credentials")),
            ("https://example.com/v0?x=1", Err("query")),
            ("https://example.com/v0#x", Err("query")),
            ("https://exa mple.com", Err("spaces")),
            ("https://example.com\\@evil", Err("backslashes")),
        ];
        for (given, expected) in table {
            match (base(given), expected) {
                (Ok(url), Ok(wanted)) => assert_eq!(url, wanted),
                (Err(text), Err(part)) => assert!(text.contains(part), "{given}: {text}"),
                (got, _) => panic!("{given}: {got:?}"),
            }
        }
    }

    #[test]
    fn an_id_that_would_change_the_path_is_refused() {
        for id in ["", " ", ".", "..", " .. "] {
            assert!(customer_id(id).is_err(), "{id:?}");
        }
        for id in ["a", "...", "a/../b", "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64"] {
            assert!(customer_id(id).is_ok(), "{id:?}");
        }
    }

    #[test]
    fn a_plus_travels_as_2b() {
        let mut out = String::new();
        encode("+1 202*é,/", &mut out);
        assert_eq!(out, "%2B1%20202%2A%C3%A9%2C%2F");
    }

    proptest! {
        #[test]
        fn encoding_loses_nothing_and_lets_nothing_special_through(text: String) {
            let mut out = String::new();
            encode(&text, &mut out);
            prop_assert!(out.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
            let decoded = percent_encoding::percent_decode_str(&out).collect::<Vec<u8>>();
            prop_assert_eq!(decoded, text.into_bytes());
        }
    }
}
