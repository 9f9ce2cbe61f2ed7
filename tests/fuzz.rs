//! Anything, for the parts that decide about addresses, waits and repetitions: what they make of it
//! is compared with other people's parsers and with what they promise.
//!
//! `PROPTEST_CASES=1000000 cargo test --release --test fuzz` makes that many cases of each.

#![cfg(not(target_arch = "wasm32"))]

use proptest::collection::vec;
use proptest::prelude::*;
use synctera_customers::base_url::{check, is_syncteras};
use synctera_customers::policy::attempts::{AttemptEnd, Attempts, Limits, Next};
use synctera_customers::policy::budget::Budget;
use synctera_customers::policy::rate_limiter::{Admission, RateLimiter, Rates};
use synctera_customers::policy::retry::{self, CATALOGUE, Failed};

/// Texts that are nearly URLs, and where parsers differ.
fn near_urls() -> impl Strategy<Value = String> {
    let scheme = "(https|http|HTTPS|hTTp|ftp|file|https |ws|)";
    let slashes = r"(://|:/|:///|:\\\\|://///|:/\t/)";
    let user = "([a-z]{1,3}@|[a-z]{1,3}:[a-z]{1,3}@|%40|)";
    let host = prop_oneof![
        r"(api\.|)(synctera|syncterа|ſynctera|SYNCTERA)(\.|%2e|。|)(com|COM)(\.|)",
        r"(localhost|LocalHost|a\.localhost|localhost\.|127\.0\.0\.1|127\.1|0x7f\.1|2130706433|017700000001)",
        r"[0-9]{1,3}(\.[0-9x]{1,4}){0,4}\.?",
        r"\[[0-9a-fA-F:.%]{0,12}\]?",
        r"[a-zA-Z0-9._%@:\[\]-]{0,12}",
        r"\PC{0,6}",
    ];
    let port = "(:[0-9]{0,6}|:x|)";
    let path = r"(/v0|/|//|/\.\.|/%2e%2e|/[a-z?#@:%\\ ]{0,6}|\PC{0,6}|)";
    (scheme, slashes, user, host, port, path)
        .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].concat())
}

/// What a URL that is accepted is to the parser of the web.
fn judge_url(given: &str) -> Result<(), TestCaseError> {
    let Ok(base) = check(given, false) else {
        return Ok(());
    };
    let Ok(parsed) = url::Url::parse(&format!("{base}/customers")) else {
        // Then no `fetch` takes it either: a wrong address in brackets, a wrong punycode.
        let known = base.contains("://[") || base.to_ascii_lowercase().contains("xn--");
        prop_assert!(known, "{base} is no URL");
        return Ok(());
    };
    let host = parsed.host_str().unwrap_or_default();
    let is_loopback = match parsed.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    prop_assert!(parsed.scheme() == "https" || (parsed.scheme() == "http" && is_loopback));
    prop_assert!(parsed.username().is_empty() && parsed.password().is_none());
    prop_assert!(parsed.query().is_none() && parsed.fragment().is_none());
    prop_assert!(parsed.path().ends_with("/customers"), "{}", parsed.path());
    // Addresses in brackets have many forms.
    if !host.starts_with('[') {
        let text = base.to_ascii_lowercase();
        let after = text.split("://").nth(1).unwrap_or_default();
        prop_assert!(after.starts_with(host), "{base} leads to {host}");
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let theirs = name == "synctera.com" || name.ends_with(".synctera.com");
    prop_assert_eq!(is_syncteras(&base), theirs, "{}", base);
    Ok(())
}

/// Numbers as a host may hand them over.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        0.0..100_000.0,
        any::<f64>(),
        Just(f64::INFINITY),
        Just(f64::NAN),
        Just(-1.0),
        Just(0.0),
    ]
}

/// What comes of an attempt.
fn any_end() -> impl Strategy<Value = AttemptEnd> {
    let codes: Vec<_> = CATALOGUE.iter().map(|row| row.code).collect();
    let rows = proptest::option::of(proptest::sample::select(codes));
    let refused = (any::<u16>(), rows, proptest::option::of(any_number()));
    prop_oneof![
        1 => Just(AttemptEnd::NoToken),
        1 => any::<bool>().prop_map(|sent| AttemptEnd::Over { sent }),
        4 => Just(AttemptEnd::NoResponse),
        1 => Just(AttemptEnd::Useless),
        8 => refused.prop_map(|(status, code, asked_ms)| AttemptEnd::Rejected {
            failed: Failed { status: Some(status), row: retry::look_up(code, None) },
            asked_ms,
        }),
    ]
}

proptest! {
    #[test]
    fn an_accepted_base_url_leads_where_it_seems_to(given in near_urls()) {
        judge_url(&given)?;
    }

    #[test]
    fn so_does_any_text_that_is_taken_for_one(given: String) {
        judge_url(&given)?;
        judge_url(&format!("https://{given}"))?;
        judge_url(&format!("http://{given}"))?;
    }

    #[test]
    fn what_retry_after_says_is_a_time_that_can_be_waited(
        header in prop_oneof![
            any::<String>(),
            "[0-9]{0,11}",
            "(Mon|Sun|Foo), [0-9]{2} (Jan|Feb|Nov|nov|anF) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} (GMT|UTC)",
            r"\PC{3}, \PC{20,24} GMT",
        ],
        now_ms in any_number(),
    ) {
        if let Some(wait) = retry::retry_after_ms(&header, now_ms) {
            prop_assert!(wait >= 0.0, "{wait}");
            let seconds = header.trim().parse::<u32>().ok();
            if let Some(seconds) = seconds {
                prop_assert_eq!(wait, f64::from(seconds) * 1000.0);
            }
        }
    }

    #[test]
    fn a_date_in_retry_after_is_read_as_a_library_reads_it(seconds in 1_i64..253_402_207_200) {
        let at = jiff::Timestamp::from_second(seconds).expect("a time");
        let date = at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        let wanted = seconds as f64 * 1000.0;
        prop_assert_eq!(retry::retry_after_ms(&date, 0.0), Some(wanted), "{}", date);
    }

    #[test]
    fn only_an_error_of_the_catalogue_is_found_in_it(
        code in proptest::option::of(prop_oneof![any::<String>(), "[A-Z_]{3,20}"]),
        slug in proptest::option::of(prop_oneof![any::<String>(), "[a-z-]{0,20}"]),
    ) {
        if let Some(row) = retry::look_up(code.as_deref(), slug.as_deref()) {
            let by_slug = !row.slug.is_empty() && Some(row.slug) == slug.as_deref();
            prop_assert!(Some(row.code) == code.as_deref() || by_slug);
        }
    }

    #[test]
    fn whatever_numbers_the_host_has_a_call_keeps_within_its_limits(
        script in vec(any_end(), 1..12),
        max_retries in 0_u32..6,
        refreshable: bool,
        left_ms in any_number(),
        max_delay_ms in any_number(),
        random in 0.0_f64..1.0,
    ) {
        let budget = Budget::default();
        let mut attempts = Attempts::new(Limits { max_retries, max_delay_ms, refreshable });
        for end in &script {
            attempts.begin();
            match attempts.after_attempt(end, left_ms, random, &budget) {
                Next::Fail => break,
                Next::Refresh => prop_assert!(refreshable),
                Next::Retry { wait_ms } => {
                    prop_assert!(!(wait_ms >= left_ms || wait_ms > max_delay_ms));
                }
            }
        }
        prop_assert!(attempts.retries() <= max_retries);
        prop_assert!(attempts.made() <= max_retries + 1 + u32::from(refreshable));
    }

    #[test]
    fn a_queue_gives_no_more_places_than_there_are_and_always_a_time_to_wait(
        steps in vec((0_u8..4, 1_u32..8, any_number()), 1..40),
        most in 1_u32..4,
        per_second in proptest::option::of(prop_oneof![0.001..1e6, Just(1e308), Just(5e-324)]),
    ) {
        let limiter = RateLimiter::new(Rates { max_concurrent: Some(most), per_second });
        let mut now = 0.0;
        let mut running = Vec::new();
        for (what, ticket, number) in steps {
            match what {
                0 => {
                    limiter.leave(ticket);
                    running.retain(|one| *one != ticket);
                }
                1 => limiter.pause(now, number),
                2 => now += 1.0,
                _ if running.contains(&ticket) => {}
                // Long enough that no waiting call is given up.
                _ => match limiter.ask(ticket, now, 1e6) {
                    Admission::Go => running.push(ticket),
                    Admission::Wait(ms) => prop_assert!(ms > 0.0 && ms < 1e6, "{ms}"),
                },
            }
            prop_assert!(running.len() <= most as usize);
        }
    }
}
