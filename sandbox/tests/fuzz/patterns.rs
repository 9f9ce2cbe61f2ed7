//! What `SQLite` finds for a filter, against a plain model of "matches".

use std::{collections::BTreeSet, time::Duration};

use proptest::prelude::*;
use synctera_sandbox::{
    core::{
        instant::Instant,
        listing,
        pattern::{Pattern, fold, matches},
        record::Record,
        seed,
    },
    store::{Cancellation, SqliteStore, Store},
};
use uuid::Uuid;

use crate::{
    cases,
    input::{encoded, text},
};

/// The definition: the whole value, any letter case, `*` for any run of characters, and an empty or
/// absent value never. Fills the table of "the first p of the pattern match the first v of the
/// value".
fn model(pattern: &str, value: &str) -> bool {
    let lower = |text: &str| {
        text.chars()
            .flat_map(char::to_lowercase)
            .collect::<Vec<char>>()
    };
    let (pattern, value) = (lower(pattern), lower(value));
    if value.is_empty() {
        return false;
    }
    let mut row = vec![false; value.len() + 1];
    row[0] = true;
    for letter in pattern {
        let before = row.clone();
        for v in 0..=value.len() {
            row[v] = if letter == '*' {
                before[v] || (v > 0 && row[v - 1])
            } else {
                v > 0 && before[v - 1] && value[v - 1] == letter
            };
        }
    }
    row[value.len()]
}

/// A pattern made of a value: parts of it become stars, or something else.
fn near(value: &str) -> impl Strategy<Value = String> + use<> {
    let letters: Vec<char> = value.chars().collect();
    let changes = prop::collection::vec(0..10_u8, letters.len());
    changes.prop_map(move |changes| {
        let mut pattern = String::new();
        for (letter, change) in letters.iter().zip(changes) {
            match change {
                0 => pattern.push('*'),
                1 => pattern.extend([*letter, '*']),
                2 => pattern.extend(letter.to_uppercase()),
                3 => {}
                _ => pattern.push(*letter),
            }
        }
        pattern
    })
}

/// A value and a pattern that may fit it.
fn pair() -> impl Strategy<Value = (String, String)> {
    text().prop_flat_map(|value| {
        let pattern = prop_oneof![near(&value).boxed(), text().boxed()];
        (Just(value), pattern)
    })
}

fn person(number: u64, values: &Three) -> Record {
    let [first_name, last_name, email] = values.clone();
    Record {
        id: Uuid::from_u128(u128::from(number)),
        first_name,
        last_name,
        email,
        creation_time: Instant(i64::try_from(number % 3).unwrap()),
        ..seed::person(0, number, "t")
    }
}

/// First name, last name, e-mail address.
type Three = [Option<String>; 3];

/// A list to ask for.
#[derive(Clone, Debug)]
struct Question {
    patterns: Three,
    /// Takes one pattern from a person's value instead, so that something is found without a star.
    from: Option<(prop::sample::Index, usize)>,
    sort: &'static str,
    limit: u32,
}

fn question() -> impl Strategy<Value = Question> {
    let pattern = prop_oneof![3 => "[abA*]{1,5}", 1 => text()];
    let sorts: &[&str] = &[
        "creation_time:asc",
        "first_name:desc",
        "last_name:asc,first_name:desc",
        "last_updated_time:desc",
    ];
    (
        prop::array::uniform3(prop::option::weighted(0.4, pattern)),
        prop::option::of((any::<prop::sample::Index>(), 0_usize..3)),
        prop::sample::select(sorts.to_vec()),
        1_u32..6,
    )
        .prop_map(|(patterns, from, sort, limit)| Question {
            patterns,
            from,
            sort,
            limit,
        })
}

impl Question {
    fn patterns(&self, people: &[Three]) -> Three {
        let mut patterns = self.patterns.clone();
        if let Some((at, column)) = self.from {
            let value = at.get(people)[column].clone();
            patterns[column] = value.or(patterns[column].take());
        }
        patterns
    }

    fn query(&self, patterns: &Three) -> String {
        let mut query = format!("sort_by={}", self.sort);
        for (name, pattern) in ["first_name", "last_name", "email"].iter().zip(patterns) {
            if let Some(pattern) = pattern {
                query.push_str(&format!("&{name}={}", encoded(pattern)));
            }
        }
        query
    }
}

fn fit(patterns: &Three, values: &Three) -> bool {
    values.iter().zip(patterns).all(|(value, pattern)| {
        pattern
            .as_ref()
            .is_none_or(|pattern| model(pattern, value.as_deref().unwrap_or("")))
    })
}

/// What a page needs far less than.
const LONG: Duration = Duration::from_secs(60);

/// The ids of all pages.
fn found(store: &SqliteStore, query: &str, limit: u32) -> Vec<Uuid> {
    let query = format!("{query}&limit={limit}");
    let mut listing = listing::parse(&query).unwrap().0;
    let mut ids = Vec::new();
    loop {
        let page = store.page(&listing, &Cancellation::after(LONG)).unwrap();
        let documents = [b"[", &page.documents[..], b"]"].concat();
        let records: Vec<Record> = serde_json::from_slice(&documents).unwrap();
        ids.extend(records.iter().map(|record| record.id));
        let Some(last) = page.last else {
            return ids;
        };
        let token = listing.token_after(&last);
        listing = listing::parse(&format!("{query}&page_token={token}"))
            .unwrap()
            .0;
    }
}

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn the_matcher_agrees_with_the_model((value, pattern) in pair()) {
        let folded = Pattern::new(&pattern);
        prop_assert_eq!(matches(folded.as_str(), &fold(&value)), model(&pattern, &value));
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn sqlite_finds_what_the_model_finds_each_once(
        people in prop::collection::vec(
            prop::array::uniform3(prop::option::of(prop_oneof![2 => "[abB]{0,4}", 1 => text()])),
            1..12,
        ),
        questions in prop::collection::vec(question(), 20),
    ) {
        let store = SqliteStore::in_memory().unwrap();
        let records: Vec<Record> = (0..).zip(&people).map(|(n, values)| person(n, values)).collect();
        store.add_all(0, records.iter().cloned()).unwrap();
        for question in questions {
            let patterns = question.patterns(&people);
            let ids = found(&store, &question.query(&patterns), question.limit);
            let expected: BTreeSet<Uuid> = records
                .iter()
                .zip(&people)
                .filter(|(_, values)| fit(&patterns, values))
                .map(|(record, _)| record.id)
                .collect();
            prop_assert_eq!(ids.len(), expected.len(), "lost or doubled by {:?}", patterns);
            prop_assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), expected, "{:?}", patterns);
        }
    }
}
