//! Whether a name means this machine.

use std::net::Ipv4Addr;

use http::{HeaderMap, HeaderValue, Uri, header};

/// The origin of a request, if it is a page of this machine.
pub(crate) fn local_origin(headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    is_local_origin(origin.to_str().ok()?).then(|| origin.clone())
}

/// Whether the request was sent to a name of this machine, or to none. A page from elsewhere whose
/// own name was made to lead here (DNS rebinding) sends that name.
pub(crate) fn is_sent_here(uri: &Uri, headers: &HeaderMap) -> bool {
    let hosts = headers.get_all(header::HOST).iter();
    let target = uri.authority();
    hosts
        .map(|host| host.to_str().unwrap_or("?"))
        .chain(target.map(http::uri::Authority::as_str))
        .all(is_local)
}

fn is_local_origin(origin: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .find_map(|scheme| origin.strip_prefix(scheme))
        .is_some_and(is_local)
}

/// A loopback address or `localhost`, with or without a port.
fn is_local(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') => {
            if port.parse::<u16>().is_err() {
                return false;
            }
            host
        }
        _ => authority,
    };
    host.eq_ignore_ascii_case("localhost")
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_local_origin;

    #[test]
    fn only_loopback_origins_are_local() {
        for good in [
            "http://localhost",
            "http://LocalHost:80",
            "http://localhost:5173",
            "https://127.0.0.1:1",
            "http://127.0.0.2",
            "http://[::1]",
            "http://[::1]:80",
        ] {
            assert!(is_local_origin(good), "{good}");
        }
        for bad in [
            "null",
            "http://",
            "http://example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://127.0.0.1:80:80",
            "http://127.1",
            "http://localhost:",
            "http://localhost:99999",
            "http://localhost@example.com",
            "http://example.com#[::1]",
            "http://10.0.0.1",
            "http://[::2]",
            "file://",
        ] {
            assert!(!is_local_origin(bad), "{bad}");
        }
    }
}
