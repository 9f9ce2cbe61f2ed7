//! Addresses: where the API is, and what a base URL may be.

/// Where the API is.
pub const SANDBOX: &str = "https://api-sandbox.synctera.com/v0";
/// Where the API is that moves real money.
pub const PRODUCTION: &str = "https://api.synctera.com/v0";

/// The base URL of a named environment; without a name, the sandbox's.
pub fn environment(name: Option<&str>) -> &'static str {
    match name {
        Some("production") => PRODUCTION,
        _ => SANDBOX,
    }
}

/// A base URL as an absolute one: in a page, a path such as `/api` is resolved against the page's origin.
pub fn resolve(url: &str, page_origin: Option<&str>) -> String {
    match (page_origin, url.as_bytes()) {
        // Two slashes would name another host.
        (Some(origin), [b'/', rest @ ..]) if rest.first() != Some(&b'/') => [origin, url].concat(),
        _ => url.to_owned(),
    }
}

/// Whether the path of a base URL ends in a version of the API, such as `/v0`.
pub fn ends_in_version(base: &str) -> bool {
    let last = base.as_bytes().rsplit(|b| *b == b'/').next();
    matches!(last, Some([b'v', digits @ ..]) if number(digits).is_some() && !digits.is_empty())
}

/// Checks a base URL and takes trailing slashes off. The token travels there, so only `https`
/// will do, or `http` on the machine's own loopback: `localhost`, `127.0.0.0/8` and `[::1]`; or on any
/// host, if the caller allows it.
///
/// It looks at bytes, since searching for text in text would weigh as much as all the rest.
///
/// # Errors
/// What is wrong with it, in words that do not repeat it.
pub fn check(url: &str, allows_http: bool) -> Result<String, &'static str> {
    let bytes = url.as_bytes();
    let parts = bytes
        .windows(3)
        .position(|three| three == b"://")
        .and_then(|at| Some((bytes.get(..at)?, bytes.get(at + 3..)?)));
    let Some((scheme, rest)) = parts else {
        return Err(
            "an absolute URL, such as https://example.com/v0; only a page may give a path, such as /api",
        );
    };
    if bytes.iter().any(|b| matches!(b, 0..=b' ' | b'\\' | 0x7f)) {
        return Err("a URL without spaces, backslashes or control characters");
    }
    if rest.iter().any(|b| matches!(b, b'?' | b'#')) {
        return Err("a URL without a query or a fragment");
    }
    let authority = until(rest, b'/');
    if authority.contains(&b'@') {
        return Err("a URL without credentials in it");
    }
    let Some(host) = host_of(authority) else {
        return Err("a URL with a plain host, and at most a port: a name in ASCII, or an address");
    };
    let is = |name: &[u8]| scheme.eq_ignore_ascii_case(name);
    let is_safe = is(b"https") || (is(b"http") && (allows_http || is_loopback(&host)));
    if !is_safe {
        return Err(
            "an https URL; http is for localhost only, since the token travels there (dangerouslyAllowHttp lifts that)",
        );
    }
    let slashes = bytes.iter().rev().take_while(|b| **b == b'/').count();
    Ok(url.get(..url.len() - slashes).unwrap_or(url).to_owned())
}

/// A host that every URL parser takes for the same.
struct Host<'a> {
    text: &'a [u8],
    /// Whether it is an IPv4 address in its usual form.
    is_address: bool,
}

/// The host of an authority: no percent sign, no letter that is mapped to another, no number that is
/// an address in disguise; and after it nothing but a port.
fn host_of(authority: &[u8]) -> Option<Host<'_>> {
    let (host, rest) = if let [b'[', rest @ ..] = authority {
        let text = until(rest, b']');
        let is_in_address = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.');
        if text.is_empty() || !text.iter().all(is_in_address) {
            return None;
        }
        let host = Host {
            text,
            is_address: false,
        };
        (host, rest.get(text.len() + 1..)?)
    } else {
        let host = named(until(authority, b':'))?;
        let rest = authority.get(host.text.len()..)?;
        (host, rest)
    };
    match rest {
        [] => Some(host),
        [b':', port @ ..] => (port.len() < 6 && number(port)? < 65_536).then_some(host),
        _ => None,
    }
}

/// A host's name, or an IPv4 address.
fn named(text: &[u8]) -> Option<Host<'_>> {
    let (mut labels, mut is_address, mut is_number) = (0, true, false);
    for label in text
        .strip_suffix(b".")
        .unwrap_or(text)
        .split(|b| *b == b'.')
    {
        let is_in_label = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if label.is_empty() || !label.iter().all(is_in_label) {
            return None;
        }
        let value = number(label);
        labels += 1;
        // A leading zero makes a number octal to some.
        is_address &= label.len() < 4 && value.is_some_and(|value| value < 256);
        is_address &= !matches!(label, [b'0', _, ..]);
        // What ends in a number is an address to a URL parser, `0x7f.1` too.
        is_number = value.is_some() || matches!(label, [b'0', b'x' | b'X', ..]);
    }
    is_address &= labels == 4;
    (is_address || !is_number).then_some(Host { text, is_address })
}

/// The number that these digits are; if there are many, any.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value: u32, b| {
        let digit = b.wrapping_sub(b'0');
        (digit < 10).then(|| value.wrapping_mul(10).wrapping_add(u32::from(digit)))
    })
}

/// Whether an address is one of Synctera's own servers, where the token is an API key.
pub fn is_syncteras(base: &str) -> bool {
    let host = base
        .as_bytes()
        .get(b"https://".len()..)
        .map_or(&[][..], |rest| until(until(rest, b'/'), b':'));
    let host = host.strip_suffix(b".").unwrap_or(host);
    host.eq_ignore_ascii_case(b"synctera.com") || ends_with(host, b".synctera.com")
}

fn ends_with(host: &[u8], name: &[u8]) -> bool {
    let from = host.len().saturating_sub(name.len());
    host.get(from..)
        .is_some_and(|end| end.eq_ignore_ascii_case(name))
}

/// What comes before a byte.
fn until(text: &[u8], end: u8) -> &[u8] {
    text.split(|b| *b == end).next().unwrap_or(text)
}

fn is_loopback(host: &Host) -> bool {
    let text = host.text;
    text == b"::1"
        || text.eq_ignore_ascii_case(b"localhost")
        || (host.is_address && text.starts_with(b"127."))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            // Outside browsers the name is looked up like any other, and may lead anywhere.
            ("http://sandbox.localhost:1/v0", Err("https")),
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
            ("https://api.synctera%2ecom", Err("host")),
            ("https://api.ſynctera.com", Err("host")),
            ("https://]", Err("host")),
            ("https://example.com:99999", Err("host")),
            ("https://example.com:65536", Err("host")),
            ("https://example.com:65535", Ok("https://example.com:65535")),
            ("https://example.com:000443", Err("host")),
            ("https://example.com::443", Err("host")),
            ("https://example.com:x", Err("host")),
            ("https://.example.com", Err("host")),
            ("https://0x7f.1", Err("host")),
            ("https://300.1.1.1", Err("host")),
            ("https://256.1.1.1", Err("host")),
            ("https://255.1.1.1", Ok("https://255.1.1.1")),
            ("http://127.0.0.08", Err("host")),
            ("http://[::1]evil.example", Err("host")),
            ("http://[::1", Err("host")),
            ("http://[::1%25]", Err("host")),
            ("https://[]", Err("host")),
            ("https://[example]", Err("host")),
            ("https://example.com.:8443", Ok("https://example.com.:8443")),
            ("https://[2001:db8::1]/v0", Ok("https://[2001:db8::1]/v0")),
            ("https://10.0.0.1", Ok("https://10.0.0.1")),
        ];
        for (given, expected) in table {
            match (check(given, false), expected) {
                (Ok(url), Ok(wanted)) => assert_eq!(url, wanted),
                (Err(text), Err(part)) => assert!(text.contains(part), "{given}: {text}"),
                (got, _) => panic!("{given}: {got:?}"),
            }
        }
    }

    #[test]
    fn an_environment_has_its_servers_address_and_the_sandbox_is_the_default() {
        for (name, url) in [
            (Some("production"), PRODUCTION),
            (Some("sandbox"), SANDBOX),
            (None, SANDBOX),
        ] {
            assert_eq!(environment(name), url, "{name:?}");
        }
    }

    #[test]
    fn resolves_a_path_against_the_origin_of_a_page() {
        let page = Some("https://app.example.com");
        for (url, origin, wanted) in [
            ("/api", page, "https://app.example.com/api"),
            ("/", page, "https://app.example.com/"),
            ("//evil.example/api", page, "//evil.example/api"),
            ("api", page, "api"),
            ("https://example.com", page, "https://example.com"),
            ("/api", None, "/api"),
        ] {
            assert_eq!(resolve(url, origin), wanted, "{url}");
        }
    }

    #[test]
    fn recognises_a_version_at_the_end_of_the_path() {
        for (url, wanted) in [
            ("https://example.com/v0", true),
            ("https://example.com/api/v12", true),
            ("https://example.com/v", false),
            ("https://example.com/v0/x", false),
            ("http://127.0.0.1:4050", false),
        ] {
            assert_eq!(ends_in_version(url), wanted, "{url}");
        }
    }

    #[test]
    fn http_to_any_host_must_be_allowed() {
        assert_eq!(
            check("http://sandbox:4030/v0", true),
            Ok("http://sandbox:4030/v0".to_owned())
        );
        assert!(check("ftp://sandbox:4030/v0", true).is_err());
    }

    #[test]
    fn syncteras_own_servers_are_known_by_their_host() {
        for url in [
            SANDBOX,
            PRODUCTION,
            "https://API.SYNCTERA.COM:443/v0",
            "https://synctera.com",
            "https://api.synctera.com./v0",
        ] {
            assert!(is_syncteras(url), "{url}");
        }
        for url in [
            "https://example.com/v0",
            "https://notsynctera.com/v0",
            "https://api.synctera.com.example.com/v0",
            "https://example.com/api.synctera.com",
            "http://localhost:8080/v0",
        ] {
            assert!(!is_syncteras(url), "{url}");
        }
    }
}
