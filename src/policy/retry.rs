//! Whether a failed attempt may be repeated, and when: pure, and readable against the API's error
//! catalogue (BEHAVIOUR §8) line by line.

/// What is known of a failed attempt.
#[derive(Debug, Clone, Copy, Default)]
pub struct Failed {
    /// The HTTP status; `None` if no whole response came.
    pub status: Option<u16>,
    /// The problem's row of the catalogue.
    pub row: Option<&'static Row>,
}

/// What the catalogue says of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Repeating it unchanged may succeed.
    Retry,
    /// Repeating it unchanged cannot help.
    Fail,
}

use Verdict::{Fail, Retry};

/// One error of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The problem's `code`.
    pub code: &'static str,
    /// The last segment of its `type`; empty where none is given or where it does not distinguish one code
    /// from another.
    pub slug: &'static str,
    /// Whether repeating may help.
    pub verdict: Verdict,
    /// What to do about it; empty where the status says as much.
    pub advice: &'static str,
}

const fn row(
    code: &'static str,
    slug: &'static str,
    verdict: Verdict,
    advice: &'static str,
) -> Row {
    Row {
        code,
        slug,
        verdict,
        advice,
    }
}

/// The code of a request whose key another request is still using.
const KEY_IN_USE: &str = "IDEMPOTENCY_CONCURRENT_USE";

/// The catalogue. The code decides, else the slug, else the status.
#[rustfmt::skip]
pub static CATALOGUE: [Row; 20] = [
    row("BAD_REQUEST", "bad-request", Fail, ""),
    row("BAD_REQUEST_BODY", "bad-request-body", Fail, ""),
    row("BAD_QUERY_PARAMETER", "bad-request-query", Fail, ""),
    row("FEATURE_NOT_AVAILABLE", "", Fail,
        "The workspace does not have this feature: ask Synctera."),
    row("CUSTOMER_NOT_FOUND", "", Fail, ""),
    row("UNAUTHENTICATED", "unauthenticated", Fail, ""),
    row("FORBIDDEN", "forbidden", Fail, ""),
    row("RESOURCE_NOT_FOUND", "not-found", Fail, ""),
    row("DUPLICATE_RESOURCE", "duplicate", Fail,
        "An equal record exists: look it up; repeating cannot help."),
    row(KEY_IN_USE, "conflict", Retry,
        "The first request with this key is still running: repeat later with the same key."),
    row("IDEMPOTENCY_INVALID_REUSE", "unprocessable-entity", Fail,
        "The idempotency key belongs to another request: take a new one for this."),
    row("INVALID_STATUS", "", Fail,
        "See validStatus for the values that can be reached from here."),
    row("INVALID_TENANCY", "rule-violation", Fail, "The tenant is not one of this key's."),
    row("BAD_CONFIGURATION", "", Fail, "The workspace is not set up for this: ask Synctera."),
    row("TOO_MANY_REQUESTS", "too-many-requests", Retry, ""),
    // The caller's own cancellation never gets here: it ends the call.
    row("REQUEST_CANCELED", "client-closed-request", Retry, ""),
    row("INTERNAL_ERROR", "internal-server-error", Retry, ""),
    row("NOT_IMPLEMENTED", "not-implemented", Fail, ""),
    row("VENDOR_TIMEOUT", "", Retry, ""),
    row("GATEWAY_TIMEOUT", "gateway-timeout", Retry, ""),
];

/// The row of an error: by its code, else by its slug.
pub fn look_up(code: Option<&str>, slug: Option<&str>) -> Option<&'static Row> {
    let by_code = |code: &str| CATALOGUE.iter().find(|row| row.code == code);
    let by_slug = |slug: &str| {
        CATALOGUE
            .iter()
            .find(|row| !row.slug.is_empty() && row.slug == slug)
    };
    code.and_then(by_code).or_else(|| slug.and_then(by_slug))
}

/// Whether repeating the attempt may succeed. Whether it is *safe* is decided by the key: a POST or
/// PATCH is sent only under one.
pub fn verdict(failed: Failed) -> Verdict {
    match (failed.row, failed.status) {
        (Some(row), _) => row.verdict,
        // From 520 on a proxy's: 520 to 524 and 530 are Cloudflare's, 529 says that it is overloaded.
        (None, None | Some(408 | 429 | 499 | 500 | 502..=504 | 520..=524 | 529 | 530)) => Retry,
        (None, Some(_)) => Fail,
    }
}

/// Whether the server refused because another request under the same key is still running
/// (BEHAVIOUR 7).
pub fn is_key_in_use(failed: Failed) -> bool {
    failed.row.is_some_and(|row| row.code == KEY_IN_USE)
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
    let header = header.as_bytes().trim_ascii();
    if (1..=9).contains(&header.len())
        && let Some(seconds) = number(header)
    {
        return Some(f64::from(seconds) * 1000.0);
    }
    // A date that has passed says nothing: it is no permission to retry at once.
    http_date_ms(header)
        .map(|at| at - now_ms)
        .filter(|ms| *ms > 0.0)
}

/// An HTTP date in the one form that servers may send today, `Sun, 06 Nov 1994 08:49:37 GMT`
/// (RFC 9110 §5.6.7), in milliseconds since the Unix epoch.
fn http_date_ms(text: &[u8]) -> Option<f64> {
    const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let (day_name, rest) = text.split_at_checked(5)?;
    if !day_name.ends_with(b", ") || !rest.ends_with(b" GMT") || rest.len() != 24 {
        return None;
    }
    let part = |from: usize, length: usize, least: u32, most: u32| {
        let value = number(rest.get(from..from + length)?)?;
        (least..=most).contains(&value).then_some(value)
    };
    let name = rest.get(3..6)?;
    let month = (1..).zip(MONTHS.chunks(3)).find(|(_, n)| *n == name)?.0;
    let (day, year) = (part(0, 2, 1, 31)?, part(7, 4, 1970, 9999)?);
    let clock = part(12, 2, 0, 23)? * 3600 + part(15, 2, 0, 59)? * 60 + part(18, 2, 0, 60)?;
    let between = [(2, b' '), (6, b' '), (11, b' '), (14, b':'), (17, b':')];
    if between.iter().any(|(at, mark)| rest.get(*at) != Some(mark)) {
        return None;
    }
    let days = days_since_epoch(year.cast_signed(), month, day);
    Some((f64::from(days) * 86_400.0 + f64::from(clock)) * 1000.0)
}

/// A number of at most nine digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value: u32, b| {
        let digit = b.wrapping_sub(b'0');
        (digit < 10).then(|| value.wrapping_mul(10).wrapping_add(u32::from(digit)))
    })
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
                row: look_up(Some(code), None),
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
            (Some(520), None, None, Retry),
            (Some(524), None, None, Retry),
            (Some(525), None, None, Fail),
            (Some(526), None, None, Fail),
            (Some(529), None, None, Retry),
            (Some(530), None, None, Retry),
            (Some(302), None, None, Fail),
            (Some(422), None, Some(""), Fail),
            (None, None, None, Retry),
        ];
        for (status, code, slug, wanted) in table {
            let row = look_up(code, slug);
            let failed = Failed { status, row };
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
            ("Sun, 06 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:48:37 GMT", None),
            ("Sun; 06 Nov 1994 08:50:37 GMT", None),
            ("Sun, 06 Nov 1994 08:50:37 UTC", None),
            ("Sun, 06 Nov 1994 08:50:37  GMT", None),
            ("Sun, 06-Nov-1994 08:50:37 GMT", None),
            (
                "Thu, 29 Feb 1996 00:00:00 GMT",
                Some(825_552_000_000.0 - 784_111_777_000.0),
            ),
            ("-1", None),
            ("1.5", None),
            ("1:", None),
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
