//! Each form of a text as Rust reads it; `tests/js/forms.test.mjs` goes through the same table as
//! JavaScript reads it.

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use std::collections::BTreeMap;
use synctera_customers::contract::PATTERNS;
use synctera_customers::contract::schema::{Model, Shape};
use synctera_customers::options::{
    ClientOptions, HEADER_NAME, HEADER_VALUE, IterateOptions, RequestOptions, TOKEN,
};

/// What a form accepts, and what it refuses.
#[derive(Deserialize)]
struct Row {
    fit: Vec<String>,
    unfit: Vec<String>,
}

/// The forms that callers are checked by, by name; a text may have any form where none is given.
fn forms() -> BTreeMap<&'static str, Regex> {
    let options = [
        ClientOptions::MODEL,
        RequestOptions::MODEL,
        IterateOptions::MODEL,
    ];
    let of_options = options
        .iter()
        .flat_map(Model::fields)
        .map(|field| field.shape);
    let shapes: Vec<Shape> = of_options
        .chain([HEADER_NAME, HEADER_VALUE, TOKEN])
        .collect();
    let of_shape = |shape: &Shape| match shape {
        Shape::Text(pattern) | Shape::Token(pattern) => Some(*pattern),
        _ => None,
    };
    let patterns = shapes.iter().filter_map(of_shape).chain(PATTERNS);
    patterns
        .filter(|pattern| !pattern.form.is_empty())
        .map(|pattern| {
            // As the host does, by its flags `su`.
            let form = RegexBuilder::new(pattern.form)
                .dot_matches_new_line(true)
                .build();
            (pattern.name, form.expect("a regular expression"))
        })
        .collect()
}

#[test]
fn each_form_accepts_what_it_is_meant_for_and_nothing_else() {
    let table: BTreeMap<String, Row> =
        serde_json::from_str(include_str!("../js/forms.json")).expect("the table");
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
