//! The rules alone.

use proptest::prelude::*;
use serde_json::Value;
use synctera_sandbox::core::{
    body::{self, Operation},
    canonical::canonical,
    change::{self, Context},
    fault,
    instant::Instant,
    listing,
    lottery::Lottery,
    page_token,
    problem::ApiError,
    record::Record,
    rules::{ReadOnlyFields, Rules},
    seed,
};
use uuid::Uuid;

use crate::{cases, input};

const NOW: Instant = Instant(1_750_000_000_000_000);

fn rules(strict: bool, ignore: bool) -> Rules {
    Rules {
        strict_active: strict,
        read_only_fields: if ignore {
            ReadOnlyFields::Ignore
        } else {
            ReadOnlyFields::Reject
        },
        ..Rules::default()
    }
}

/// What a request would come to, without a store.
fn changed(operation: Operation, bytes: &[u8], rules: &Rules) -> Result<Record, ApiError> {
    let members = body::parse(bytes)?;
    let reading = body::read(&members, operation, rules, NOW.date());
    let mut context = Context {
        rules,
        now: NOW,
        new_id: &mut Uuid::new_v4,
    };
    let stored = || seed::person(0, 3, &rules.tenant);
    match operation {
        Operation::Create => change::create(reading, &mut context, |_| false),
        Operation::Replace => change::replace(stored(), reading, &mut context),
        Operation::Patch => change::patch(stored(), reading, &mut context),
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(members) => members
            .iter()
            .any(|(name, v)| name != "metadata" && has_null(v)),
        Value::Array(items) => items.iter().any(has_null),
        _ => false,
    }
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        Just(Operation::Create),
        Just(Operation::Replace),
        Just(Operation::Patch)
    ]
}

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn a_body_makes_a_record_that_reads_back_or_a_problem(
        operation in operation(),
        bytes in input::body(),
        strict in any::<bool>(),
        ignore in any::<bool>(),
    ) {
        match changed(operation, &bytes, &rules(strict, ignore)) {
            Ok(record) => {
                let document = record.to_document().unwrap();
                let back: Record = serde_json::from_slice(&document).unwrap();
                prop_assert_eq!(&back, &record, "what is stored is what was meant");
                prop_assert_eq!(back.to_document().unwrap(), document.clone());
                let value: Value = serde_json::from_slice(&document).unwrap();
                prop_assert!(!has_null(&value), "{}", value);
                prop_assert!(value.get("note").is_none());
                prop_assert!(record.ssn_last_4.is_none_or(|digits| digits.len() == 4));
            }
            Err(error) => {
                prop_assert!([400, 422].contains(&error.status), "{:?}", error);
                let problem: Value = serde_json::from_slice(&error.to_json()).unwrap();
                prop_assert_eq!(&problem["status"], &Value::from(error.status));
            }
        }
    }

    #[test]
    fn a_query_is_a_listing_or_a_problem_that_quotes_nothing(raw in input::query()) {
        match listing::parse(&raw) {
            Ok((listing, warnings)) => {
                prop_assert!((1..=100).contains(&listing.limit) && !listing.sort.is_empty());
                for warning in warnings {
                    let text = warning.to_string();
                    prop_assert!(text.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
                }
                let token = listing.token_after(&seed::person(0, 9, "t"));
                let fields: Vec<_> = listing.sort.iter().map(|term| term.field).collect();
                prop_assert!(page_token::decode(&token, listing.fingerprint(), &fields).is_some());
            }
            Err(error) => prop_assert_eq!(error.status, 400),
        }
    }

    #[test]
    fn any_bytes_have_one_canonical_form(bytes in input::body()) {
        let once = canonical(&bytes);
        prop_assert_eq!(canonical(&once), once);
    }

    #[test]
    fn any_fault_header_is_understood_or_refused(
        text in prop_oneof![
            input::text(),
            "((delay|hold|status|code|body|drop|truncate|stall|times|id|deliver)=[a-z0-9%]{0,6}; ?){0,4}",
        ],
        seed in any::<u64>(),
    ) {
        if let Err(error) = fault::parse(&text) {
            prop_assert_eq!(error.status, 400);
        }
        if let Ok(mut lottery) = Lottery::parse(&format!("50% {text}"), seed) {
            lottery.draw();
        }
    }
}
