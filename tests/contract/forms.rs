//! Each form of a text as Rust reads it; `tests/host/forms.test.mjs` goes through the same table as
//! JavaScript reads it.

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use std::collections::BTreeMap;
use synctera_customers::rules::RULES;

/// What a form accepts, and what it refuses.
#[derive(Deserialize)]
struct Row {
    fit: Vec<String>,
    unfit: Vec<String>,
}

/// The forms of the rules by name; a text may have any form where none is given.
fn forms() -> BTreeMap<&'static str, Regex> {
    let mut forms = BTreeMap::new();
    for line in RULES.lines().filter(|line| line.starts_with(['t', 'f'])) {
        let [name, form, _] = line[1..].split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line} has another number of parts");
        };
        if !form.is_empty() {
            // As the host does, by its flags `su`.
            let form = RegexBuilder::new(form).dot_matches_new_line(true).build();
            forms.insert(name, form.expect("a regular expression"));
        }
    }
    forms
}

#[test]
fn each_form_accepts_what_it_is_meant_for_and_nothing_else() {
    let table: BTreeMap<String, Row> =
        serde_json::from_str(include_str!("../host/forms.json")).expect("the table");
    let forms = forms();
    assert!(forms.keys().eq(table.keys()), "each form has a row");
    for (name, row) in &table {
        let form = &forms[name.as_str()];
        for text in &row.fit {
            assert!(form.is_match(text), "{name} refuses {text:?}");
        }
        for text in &row.unfit {
            assert!(!form.is_match(text), "{name} accepts {text:?}");
        }
    }
}
