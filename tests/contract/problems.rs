//! The error catalogue: the document's known codes, the table of BEHAVIOUR §8 and the client's own.

use crate::document::{BEHAVIOUR, DOCUMENT, at, schema, texts};
use serde_json::Value;
use std::collections::BTreeSet;
use synctera_customers::policy::retry::{CATALOGUE, Failed, Verdict, look_up, verdict};

/// One row of the table.
struct Row {
    code: String,
    statuses: Vec<u16>,
    slug: String,
    extras: Vec<String>,
    verdict: Verdict,
}

/// A code whose slug in the table is another code's too: the slug alone does not identify it.
const SHARED_SLUGS: [(&str, &str); 2] = [
    ("FEATURE_NOT_AVAILABLE", "bad-request"),
    ("CUSTOMER_NOT_FOUND", "not-found"),
];

/// A code of BEHAVIOUR that the document does not list: the catalogue says it may come with these
/// operations only when a body refers to another customer.
const NOT_IN_THE_DOCUMENT: [&str; 1] = ["CUSTOMER_NOT_FOUND"];

/// The rows that begin with a code, and the cells of the last one, which does not.
fn table() -> (Vec<Row>, Vec<String>) {
    let section = BEHAVIOUR.split("\n## 8. Errors").nth(1).expect("section 8");
    let section = section.split("\n## ").next().expect("its text");
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect()
    };
    let mut lines = section
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(cells);
    let head = lines.next().expect("a head");
    assert_eq!(head[..4], ["code", "HTTP", "slug", "Extras"]);
    let (rows, rest): (Vec<_>, Vec<_>) = lines
        .skip(1)
        .partition(|row| row[0].bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
    let rest = rest.into_iter().next().expect("the row without a code");
    (rows.into_iter().map(read_row).collect(), rest)
}

fn read_row(cells: Vec<String>) -> Row {
    let plain_slug = cells[2]
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b == b'-');
    Row {
        statuses: cells[1]
            .split(" or ")
            .map(|status| status.parse().expect("a status"))
            .collect(),
        slug: if plain_slug {
            cells[2].clone()
        } else {
            String::new()
        },
        extras: cells[3]
            .split_whitespace()
            .map(|extra| extra.trim_end_matches(['[', ']', '{', '}']).to_owned())
            .filter(|extra| !extra.starts_with('('))
            .collect(),
        verdict: judgement(&cells[4]),
        code: cells.into_iter().next().expect("a code"),
    }
}

/// "Retry?": a row says yes, says no, repeats another row's answer, or gives a condition that the
/// client always meets: it sends POST and PATCH under a key, and the caller's own cancellation ends
/// the call.
fn judgement(cell: &str) -> Verdict {
    if cell.starts_with("no") {
        return Verdict::Fail;
    }
    let retried = [
        "yes",
        "as 500",
        "GET/PUT yes; POST/PATCH yes",
        "only if you did not cancel",
    ];
    assert!(
        retried.iter().any(|start| cell.starts_with(start)),
        "a new judgement: {cell}"
    );
    Verdict::Retry
}

#[test]
fn the_catalogue_is_behaviours_table_row_by_row() {
    let (rows, _) = table();
    let ours: Vec<_> = CATALOGUE
        .iter()
        .map(|row| (row.code, row.slug, row.verdict))
        .collect();
    let documented = |row: &'static Row| {
        let shared = SHARED_SLUGS.contains(&(row.code.as_str(), row.slug.as_str()));
        (
            row.code.as_str(),
            if shared { "" } else { row.slug.as_str() },
            row.verdict,
        )
    };
    let rows: &'static [Row] = Vec::leak(rows);
    assert_eq!(ours, rows.iter().map(documented).collect::<Vec<_>>());
}

#[test]
fn the_guide_to_errors_says_of_every_code_whether_it_is_retried() {
    let guide = include_str!("../../docs/errors.md");
    for row in &CATALOGUE {
        let code = format!("`{}`", row.code);
        let mut lines = guide.lines().filter(|line| line.starts_with("| `"));
        let line = lines.find(|line| {
            line.split('|')
                .nth(1)
                .is_some_and(|cell| cell.contains(&code))
        });
        let retried = line.and_then(|line| line.split('|').nth(2)).map(str::trim);
        let expected = match row.verdict {
            Verdict::Retry => "yes",
            Verdict::Fail if row.code == "UNAUTHENTICATED" => {
                "once, where `accessToken` is a function"
            }
            Verdict::Fail => "no",
        };
        assert_eq!(retried, Some(expected), "{code}");
    }
}

#[test]
fn codes_that_share_a_slug_share_a_verdict() {
    let (rows, _) = table();
    for (code, slug) in SHARED_SLUGS {
        let row = rows.iter().find(|row| row.code == code).expect(code);
        assert_eq!(row.slug, slug, "{code} no longer shares its slug");
        let by_slug = verdict(Failed {
            status: None,
            row: look_up(None, Some(slug)),
        });
        assert_eq!(row.verdict, by_slug, "{code}");
    }
}

#[test]
fn each_code_is_judged_alike_under_each_of_its_statuses() {
    for row in table().0 {
        for status in row.statuses {
            let by_code = Failed {
                status: Some(status),
                row: look_up(Some(&row.code), None),
            };
            assert_eq!(verdict(by_code), row.verdict, "{} {status}", row.code);
        }
    }
}

#[test]
fn a_gateways_failure_and_no_response_at_all_are_retried_as_the_table_says() {
    let (_, cells) = table();
    assert_eq!(cells[0], "502, 503, no answer");
    let wanted = judgement(&cells[4]);
    for status in [Some(502), Some(503), None] {
        assert_eq!(
            verdict(Failed {
                status,
                ..Failed::default()
            }),
            wanted,
            "{status:?}"
        );
    }
}

#[test]
fn the_documents_known_codes_are_the_catalogues() {
    let known = texts(&schema("Problem")["properties"]["code"], "x-known-values");
    let known: BTreeSet<_> = known
        .iter()
        .map(String::as_str)
        .chain(NOT_IN_THE_DOCUMENT)
        .collect();
    let ours: BTreeSet<_> = CATALOGUE.iter().map(|row| row.code).collect();
    assert_eq!(ours, known);
    assert_eq!(known.len(), CATALOGUE.len(), "a code stands twice");
}

#[test]
fn the_extras_that_the_table_names_are_members_of_the_document() {
    let properties = &schema("Problem")["properties"];
    for row in table().0 {
        for extra in row.extras {
            assert!(properties.get(&extra).is_some(), "{}: {extra}", row.code);
        }
    }
}

/// The examples of a response, with its status.
fn examples() -> Vec<(u16, Value)> {
    let mut found = Vec::new();
    let mut stack = vec![&*DOCUMENT];
    while let Some(value) = stack.pop() {
        match value {
            Value::Object(members) => {
                let problem = members.get("application/problem+json");
                let examples = problem.and_then(|media| media["examples"].as_object());
                for example in examples.into_iter().flat_map(|examples| examples.values()) {
                    let body = example["value"].clone();
                    let status = body["status"].as_u64().expect("a status");
                    found.push((u16::try_from(status).expect("a status"), body));
                }
                stack.extend(members.values());
            }
            Value::Array(items) => stack.extend(items),
            _ => {}
        }
    }
    found
}

#[test]
fn every_example_of_a_problem_is_judged_by_its_row() {
    let examples = examples();
    assert!(examples.len() >= 12, "only {} examples", examples.len());
    for (status, body) in examples {
        let code = body["code"].as_str().expect("a code");
        let row = table()
            .0
            .into_iter()
            .find(|row| row.code == code)
            .expect("a row");
        assert!(row.statuses.contains(&status), "{code} {status}");
        let slug = body["type"]
            .as_str()
            .and_then(|kind| kind.rsplit('/').next());
        if let Some(slug) = slug {
            assert_eq!(slug, row.slug, "{code}");
            // The status alone leads to the same result.
            let by_slug = Failed {
                status: Some(status),
                row: look_up(None, Some(slug)),
            };
            assert_eq!(verdict(by_slug), row.verdict, "{code}");
        }
    }
}

#[test]
fn a_shared_response_of_the_document_holds_examples_of_its_status_only() {
    for (name, statuses) in [
        ("BadRequest", vec![400]),
        ("Unauthorized", vec![401]),
        ("Forbidden", vec![403]),
        ("NotFound", vec![404]),
        ("AlreadyExists", vec![409]),
        ("Unprocessable", vec![422]),
        ("TooManyRequests", vec![429]),
        ("InternalServerError", vec![500]),
    ] {
        let media = at(&format!(
            "/components/responses/{name}/content/application~1problem+json"
        ));
        let examples = media["examples"].as_object().expect("examples");
        for example in examples.values() {
            assert!(
                statuses.contains(&example["value"]["status"].as_u64().unwrap_or(0)),
                "{name}"
            );
        }
    }
}
