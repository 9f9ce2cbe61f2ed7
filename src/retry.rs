//! Whether a failed attempt may be repeated, and when: pure, and readable against the API's error
//! catalogue (BEHAVIOUR §8) line by line.

/// What is known of a failed attempt.
#[derive(Debug, Clone, Copy, Default)]
pub struct Failed<'a> {
    /// The HTTP status; `None` if no whole answer came.
    pub status: Option<u16>,
    /// The problem's `code`.
    pub code: Option<&'a str>,
    /// The last segment of the problem's `type`.
    pub slug: Option<&'a str>,
}

/// What the catalogue says of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Repeating it as it is may succeed.
    Retry,
    /// Repeating it as it is cannot help.
    Fail,
}

use Verdict::{Fail, Retry};

/// The catalogue: code, slug of `type` (empty where none is given or where it does not tell one
/// code from another), verdict. The code decides, else the slug, else the status.
pub const CATALOGUE: [(&str, &str, Verdict); 20] = [
    ("BAD_REQUEST", "bad-request", Fail),
    ("BAD_REQUEST_BODY", "bad-request-body", Fail),
    ("BAD_QUERY_PARAMETER", "bad-request-query", Fail),
    ("FEATURE_NOT_AVAILABLE", "", Fail),
    ("CUSTOMER_NOT_FOUND", "", Fail),
    ("UNAUTHENTICATED", "unauthenticated", Fail),
    ("FORBIDDEN", "forbidden", Fail),
    ("RESOURCE_NOT_FOUND", "not-found", Fail),
    ("DUPLICATE_RESOURCE", "duplicate", Fail),
    ("IDEMPOTENCY_CONCURRENT_USE", "conflict", Retry),
    ("IDEMPOTENCY_INVALID_REUSE", "unprocessable-entity", Fail),
    ("INVALID_STATUS", "", Fail),
    ("INVALID_TENANCY", "rule-violation", Fail),
    ("BAD_CONFIGURATION", "", Fail),
    ("TOO_MANY_REQUESTS", "too-many-requests", Retry),
    // The caller's own cancellation never gets here: it ends the call.
    ("REQUEST_CANCELED", "client-closed-request", Retry),
    ("INTERNAL_ERROR", "internal-server-error", Retry),
    ("NOT_IMPLEMENTED", "not-implemented", Fail),
    ("VENDOR_TIMEOUT", "", Retry),
    ("GATEWAY_TIMEOUT", "gateway-timeout", Retry),
];

/// Whether repeating the attempt may succeed. Whether it is *safe* is decided by the key: a POST or
/// PATCH is sent only under one.
pub fn verdict(failed: Failed<'_>) -> Verdict {
    let by_code = |code: &str| CATALOGUE.iter().find(|row| row.0 == code);
    let by_slug = |slug: &str| {
        CATALOGUE
            .iter()
            .find(|row| !row.1.is_empty() && row.1 == slug)
    };
    let row = failed
        .code
        .and_then(by_code)
        .or_else(|| failed.slug.and_then(by_slug));
    match (row, failed.status) {
        (Some(row), _) => row.2,
        (None, None | Some(408 | 429 | 499 | 500 | 502 | 503 | 504)) => Retry,
        (None, Some(_)) => Fail,
    }
}

/// Whether the server refused because another request under the same key is still running
/// (BEHAVIOUR 7).
pub fn is_key_in_use(failed: Failed<'_>) -> bool {
    match failed.code {
        Some(code) => code == "IDEMPOTENCY_CONCURRENT_USE",
        None => failed.slug == Some("conflict"),
    }
}

/// How long to wait before the next attempt, in milliseconds: what the server asked for, else
/// exponential backoff with full jitter.
///
/// `attempt` counts the attempts made, from 1; `random` is in `0.0..1.0`.
pub fn delay_ms(attempt: u32, asked_ms: Option<f64>, random: f64) -> f64 {
    /// The most the first wait lasts.
    const BASE_MS: f64 = 500.0;
    /// The most any wait lasts that the server did not ask for.
    const CAP_MS: f64 = 8_000.0;
    asked_ms.unwrap_or_else(|| {
        let doublings = attempt.saturating_sub(1).min(10);
        random * (BASE_MS * f64::from(1_u32 << doublings)).min(CAP_MS)
    })
}

/// Reads a `Retry-After` header, seconds or an HTTP date, as milliseconds from `now_ms` (since the
/// Unix epoch).
pub fn retry_after_ms(header: &str, now_ms: f64) -> Option<f64> {
    let header = header.trim();
    if !header.is_empty() && header.len() <= 9 && header.bytes().all(|b| b.is_ascii_digit()) {
        let seconds: u32 = header.parse().ok()?;
        return Some(f64::from(seconds) * 1000.0);
    }
    http_date_ms(header).map(|at| (at - now_ms).max(0.0))
}

/// An HTTP date in the one form that servers may send today, `Sun, 06 Nov 1994 08:49:37 GMT`
/// (RFC 9110 §5.6.7), in milliseconds since the Unix epoch.
fn http_date_ms(text: &str) -> Option<f64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let rest = text.strip_suffix(" GMT")?;
    let (_, rest) = rest.split_once(", ")?;
    let mut parts = rest.split([' ', ':']);
    let mut next = || parts.next();
    let day: u32 = next()?.parse().ok().filter(|day| (1..=31).contains(day))?;
    let month = next().filter(|name| name.len() == 3)?;
    let month = MONTHS.find(month).filter(|at| at % 3 == 0)? / 3 + 1;
    let year: i32 = next()?
        .parse()
        .ok()
        .filter(|year| (1970..=9999).contains(year))?;
    let mut clock = |most: u32| next()?.parse::<u32>().ok().filter(|part| *part <= most);
    let (hour, minute, second) = (clock(23)?, clock(59)?, clock(60)?);
    let days = days_since_epoch(year, u32::try_from(month).ok()?, day);
    Some((f64::from(days) * 86_400.0 + f64::from(hour * 3600 + minute * 60 + second)) * 1000.0)
}

/// Days from 1970-01-01 in the Gregorian calendar, counting years from March so that the leap day
/// comes last.
fn days_since_epoch(year: i32, month: u32, day: u32) -> i32 {
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    let month_days = (153 * month + 2) / 5;
    #[expect(clippy::cast_possible_wrap, reason = "at most 366")]
    let in_year = (month_days + day) as i32 - 1;
    year * 365 + leap_days + in_year - 719_468
}

// Natively only: the crates these tests need are not built for WebAssembly.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_catalogue_of_the_contract_is_followed_row_by_row() {
        let table = [
            ("BAD_REQUEST", 400, Fail),
            ("BAD_REQUEST_BODY", 400, Fail),
            ("BAD_QUERY_PARAMETER", 400, Fail),
            ("FEATURE_NOT_AVAILABLE", 400, Fail),
            ("CUSTOMER_NOT_FOUND", 400, Fail),
            ("UNAUTHENTICATED", 401, Fail),
            ("FORBIDDEN", 403, Fail),
            ("RESOURCE_NOT_FOUND", 404, Fail),
            ("DUPLICATE_RESOURCE", 409, Fail),
            ("IDEMPOTENCY_CONCURRENT_USE", 409, Retry),
            ("IDEMPOTENCY_CONCURRENT_USE", 422, Retry),
            ("IDEMPOTENCY_INVALID_REUSE", 422, Fail),
            ("INVALID_STATUS", 422, Fail),
            ("INVALID_TENANCY", 422, Fail),
            ("BAD_CONFIGURATION", 422, Fail),
            ("TOO_MANY_REQUESTS", 429, Retry),
            ("REQUEST_CANCELED", 499, Retry),
            ("INTERNAL_ERROR", 500, Retry),
            ("NOT_IMPLEMENTED", 501, Fail),
            ("VENDOR_TIMEOUT", 504, Retry),
            ("GATEWAY_TIMEOUT", 504, Retry),
        ];
        for (code, status, wanted) in table {
            let failed = Failed {
                status: Some(status),
                code: Some(code),
                slug: None,
            };
            assert_eq!(verdict(failed), wanted, "{code}");
        }
    }

    #[test]
    fn without_a_known_code_the_slug_decides_and_then_the_status() {
        let table = [
            (Some(422), None, Some("conflict"), Retry),
            (Some(409), None, Some("duplicate"), Fail),
            (Some(409), None, None, Fail),
            (Some(503), Some("NEW_CODE"), Some("new-slug"), Retry),
            (Some(400), Some("NEW_CODE"), None, Fail),
            (Some(408), None, None, Retry),
            (Some(429), None, None, Retry),
            (Some(499), None, None, Retry),
            (Some(500), None, None, Retry),
            (Some(501), None, None, Fail),
            (Some(502), None, None, Retry),
            (Some(503), None, None, Retry),
            (Some(504), None, None, Retry),
            (Some(505), None, None, Fail),
            (Some(302), None, None, Fail),
            (Some(422), None, Some(""), Fail),
            (None, None, None, Retry),
        ];
        for (status, code, slug, wanted) in table {
            let failed = Failed { status, code, slug };
            assert_eq!(verdict(failed), wanted, "{failed:?}");
        }
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let now = 784_111_777_000.0; // Sun, 06 Nov 1994 08:49:37 GMT
        let table = [
            ("7", Some(7_000.0)),
            (" 120 ", Some(120_000.0)),
            ("0", Some(0.0)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60_000.0)),
            ("Sun, 06 Nov 1994 08:48:37 GMT", Some(0.0)),
            (
                "Thu, 29 Feb 1996 00:00:00 GMT",
                Some(825_552_000_000.0 - 784_111_777_000.0),
            ),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
            ("99999999999", None),
            ("Sun, 06 Foo 1994 08:49:37 GMT", None),
            ("Sun, 06 ovD 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 25:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49 GMT", None),
        ];
        for (header, wanted) in table {
            assert_eq!(retry_after_ms(header, now), wanted, "{header}");
        }
    }

    proptest! {
        #[test]
        fn a_wait_of_our_own_grows_to_the_cap_and_never_past_it(
            attempt in 1_u32..100, random in 0.0_f64..1.0,
        ) {
            let wait = delay_ms(attempt, None, random);
            let most = 500.0 * 2_f64.powi(i32::try_from(attempt).unwrap() - 1);
            prop_assert!(wait >= 0.0 && wait <= most.min(8_000.0));
        }

        #[test]
        fn what_the_server_asks_for_is_what_is_waited(asked in 0.0_f64..1e9, random in 0.0_f64..1.0) {
            prop_assert_eq!(delay_ms(3, Some(asked), random), asked);
        }

        #[test]
        fn no_header_can_upset_the_reader(header: String) {
            let _ = retry_after_ms(&header, 0.0);
        }

        #[test]
        fn the_calendar_agrees_with_a_library(day in 0_i64..2_932_896) {
            let date = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(day);
            let ours = days_since_epoch(date.year().into(), date.month().unsigned_abs().into(), date.day().unsigned_abs().into());
            prop_assert_eq!(i64::from(ours), day);
        }
    }
}
