//! Page tokens.

use std::{collections::HashSet, time::Duration};

use proptest::prelude::*;
use serde_json::json;
use synctera_sandbox::{
    core::{
        instant::Instant,
        listing,
        pattern::{Pattern, fold, matches},
        record::Record,
        seed::person as seeded,
    },
    seed,
    store::{Cancellation, SqliteStore, Store},
};

use crate::harness::{Sandbox, TENANT};

/// What a page needs far less than.
const LONG: Duration = Duration::from_secs(60);

// BEHAVIOUR 6.2, 6.3
#[test]
fn the_token_is_there_only_while_rows_follow() {
    let sandbox = Sandbox::start();
    for _ in 0..4 {
        sandbox.created(&json!({"status": "ACTIVE"}));
    }
    assert_eq!(
        sandbox.list("limit=4").token(),
        None,
        "a full last page has no token"
    );
    let first = sandbox.list("limit=2");
    let token = first.token().unwrap();
    assert!(token.len() < 200);
    let second = sandbox.list(&format!("limit=2&page_token={token}"));
    assert_eq!(second.token(), None);
    let all: HashSet<_> = first.ids().into_iter().chain(second.ids()).collect();
    assert_eq!(all.len(), 4);
    assert_eq!(
        sandbox.list(&format!("limit=2&page_token={token}")).ids(),
        second.ids(),
        "it keeps"
    );
}

// BEHAVIOUR 6.3
#[test]
fn a_bad_token_or_one_of_another_listing_is_refused() {
    let sandbox = Sandbox::start();
    for _ in 0..3 {
        sandbox.created(&json!({"status": "ACTIVE", "last_name": "Quay"}));
    }
    let token = sandbox.list("limit=1&status=ACTIVE").token().unwrap();
    sandbox
        .list(&format!("limit=2&status=ACTIVE&page_token={token}"))
        .ok();
    for query in [
        format!("page_token={token}"),
        format!("status=FROZEN&page_token={token}"),
        format!("status=ACTIVE&last_name=Quay&page_token={token}"),
        format!("status=ACTIVE&sort_by=last_name:asc&page_token={token}"),
        format!("status=ACTIVE&page_token={}", &token[1..]),
        "page_token=".to_owned(),
        "page_token=k7w2p9xd".to_owned(),
        "page_token=%00".to_owned(),
    ] {
        sandbox.list(&query).problem(400, "BAD_QUERY_PARAMETER");
    }
}

// BEHAVIOUR 6.3
#[test]
fn names_too_long_for_a_url_still_page() {
    let sandbox = Sandbox::start();
    for n in 0..3 {
        let name = format!("{}{n}", "語".repeat(250));
        sandbox.created(&json!({"status": "ACTIVE", "last_name": name}));
    }
    let mut seen = HashSet::new();
    let mut query = "limit=1&sort_by=last_name:desc".to_owned();
    loop {
        let page = sandbox.list(&query);
        seen.extend(page.ids());
        let Some(token) = page.token() else { break };
        assert!(token.len() < 200);
        query = format!("limit=1&sort_by=last_name:desc&page_token={token}");
    }
    assert_eq!(seen.len(), 3);
}

/// A person whose sort fields take few values, so that there are many ties.
fn person(number: u64, time: i64) -> Record {
    let names = [
        None,
        Some("Quay"),
        Some("quay"),
        Some("Quayle"),
        Some("Élodie"),
        Some("Marlow"),
    ];
    let mut names = names.iter().map(|name| name.map(str::to_owned)).cycle();
    let step = usize::try_from(number % 5).unwrap();
    Record {
        first_name: names.nth(step).unwrap(),
        last_name: names.nth(usize::try_from(time).unwrap()).unwrap(),
        creation_time: Instant(time),
        last_updated_time: Instant(time % 3),
        ..seeded(0, number, TENANT)
    }
}

fn any_sort() -> impl Strategy<Value = String> {
    let term = prop_oneof![
        Just("creation_time"),
        Just("first_name"),
        Just("last_name"),
        Just("last_updated_time")
    ];
    prop::collection::vec((term, prop_oneof![Just("asc"), Just("desc")]), 1..4).prop_map(|terms| {
        terms
            .iter()
            .map(|(f, d)| format!("{f}:{d}"))
            .collect::<Vec<_>>()
            .join(",")
    })
}

fn any_filter() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just(""),
        Just("status=ACTIVE&"),
        Just("has_accounts=false&"),
        Just("last_name=quay*&"),
        Just("first_name=*ay&"),
        Just("last_name=quay&"),
        Just("email=*@example.com&"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    // BEHAVIOUR 6.3, 6.5
    #[test]
    fn paging_visits_each_row_exactly_once_and_in_order_while_rows_are_added(
        sort in any_sort(),
        filter in any_filter(),
        limit in 1_u32..8,
        times in prop::collection::vec(0_i64..6, 1..40),
    ) {
        let store = SqliteStore::in_memory().unwrap();
        let rows: Vec<Record> = (0..).zip(&times).map(|(n, time)| person(n, *time)).collect();
        store.add_all(0, rows.iter().cloned()).unwrap();
        let query = format!("{filter}sort_by={sort}&limit={limit}");
        let (first, _) = listing::parse(&query).unwrap();
        let mut listing = first.clone();
        let mut seen: Vec<Record> = Vec::new();
        let mut newcomers = 1_000..1_020;
        loop {
            let page = store.page(&listing, &Cancellation::after(LONG)).unwrap();
            let documents = [b"[", &page.documents[..], b"]"].concat();
            let records: Vec<Record> = serde_json::from_slice(&documents).unwrap();
            prop_assert!(records.len() <= limit as usize);
            prop_assert!(page.last.is_none() || page.last.as_ref() == records.last());
            seen.extend(records);
            let Some(last) = page.last else {
                break;
            };
            // New rows arrive before and after the place where the page ended.
            let arrivals = newcomers.by_ref().take(2).map(|n| person(n, (n % 8) as i64));
            store.add_all(0, arrivals).unwrap();
            let token = listing.token_after(&last);
            listing = listing::parse(&format!("{query}&page_token={token}")).unwrap().0;
        }
        let ids: HashSet<_> = seen.iter().map(|r| r.id).collect();
        prop_assert_eq!(ids.len(), seen.len(), "a row came twice");
        for row in rows.iter().filter(|row| is_wanted(row, filter)) {
            prop_assert!(ids.contains(&row.id), "a row was left out");
        }
        prop_assert!(seen.iter().all(|row| is_wanted(row, filter)), "a row too many");
        prop_assert!(seen.windows(2).all(|pair| precedes(&first, &pair[0], &pair[1])));
    }
}

/// The filters of `any_filter`, decided in another way than the store does.
fn is_wanted(record: &Record, filter: &str) -> bool {
    let name = |pattern: &str, name: &Option<String>| {
        matches(
            Pattern::new(pattern).as_str(),
            &fold(name.as_deref().unwrap_or("")),
        )
    };
    match filter {
        "status=ACTIVE&" => record.status.as_str() == "ACTIVE",
        "has_accounts=false&" => !record.has_accounts,
        "last_name=quay*&" => name("quay*", &record.last_name),
        "first_name=*ay&" => name("*ay", &record.first_name),
        "last_name=quay&" => name("quay", &record.last_name),
        _ => true,
    }
}

fn precedes(listing: &listing::Listing, a: &Record, b: &Record) -> bool {
    use std::cmp::Ordering;
    use synctera_sandbox::core::page_token::SortValue;
    let mut last_descending = false;
    for term in &listing.sort {
        last_descending = term.descending;
        let order = match (term.value(a), term.value(b)) {
            (SortValue::Time(a), SortValue::Time(b)) => a.cmp(&b),
            (SortValue::Text(a), SortValue::Text(b)) => a.cmp(&b),
            _ => Ordering::Equal,
        };
        match if term.descending {
            order.reverse()
        } else {
            order
        } {
            Ordering::Equal => {}
            other => return other == Ordering::Less,
        }
    }
    (a.id < b.id) != last_descending
}

#[test]
fn every_filter_and_order_is_answered_from_an_index() {
    let store = SqliteStore::in_memory().unwrap();
    seed::fill(&store, 500, TENANT).unwrap();
    let filters = [
        "",
        "status=ACTIVE",
        "has_accounts=true",
        "ssn_last_4=1234",
        "last_name=quay",
        "last_name=qu*",
        "first_name=otto*",
        "first_name=ottoline",
        "email=a@example.com",
        "email=a*",
        "phone_number=%2B1202*",
        "phone_number=%2B12025550143",
        "id=3f0c2b9e-6d1a-4c57-9a53-1b7f2f0e8c11",
        "status=ACTIVE&last_name=qu*ay",
    ];
    let in_order = ["", "status=ACTIVE", "has_accounts=true"];
    for filter in filters {
        for field in [
            "creation_time",
            "first_name",
            "last_name",
            "last_updated_time",
        ] {
            for direction in ["asc", "desc"] {
                let query = format!("{filter}&sort_by={field}:{direction}");
                let (listing, _) = listing::parse(&query).unwrap();
                let steps = store.explain(&listing).unwrap();
                assert!(steps[0].contains("INDEX by_"), "{query}: {steps:?}");
                let is_narrow = steps[0].starts_with("SEARCH");
                assert!(is_narrow || filter.is_empty(), "{query}: {steps:?}");
                if in_order.contains(&filter) {
                    assert_eq!(steps.len(), 1, "nothing is sorted: {query}: {steps:?}");
                }
            }
        }
    }
}
