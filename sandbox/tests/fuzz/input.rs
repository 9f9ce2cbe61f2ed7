//! What the tests feed in.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any text, or one of few letters, among them all that mean something to a pattern, to SQL, to JSON
/// or to the folding of letter case.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        "[abAB*%_\\\\'\"\u{0}\u{7f}éÉßΣσςİIıÅÅﬁ\u{301}\u{1f980}\u{10ffff}\u{d7ff}\u{e000} .-]{0,8}",
        any::<String>(),
        Just("*".repeat(50)),
        Just("x".repeat(300)),
    ]
}

/// Any JSON value, not very deep.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Every field that a body may hold.
const FIELDS: &[&str] = &[
    "status",
    "ban_status",
    "first_name",
    "middle_name",
    "last_name",
    "dob",
    "email",
    "phone_number",
    "ssn",
    "tenant",
    "note",
    "metadata",
    "legal_address",
    "shipping_address",
];

/// Fields that it may not hold, or that do not exist.
const OTHERS: &[&str] = &[
    "related_customers",
    "id",
    "creation_time",
    "kyc_status",
    "has_accounts",
    "addresses",
    "colour",
    "",
];

/// A value that `field` takes, or nearly.
fn fitting(field: &str) -> BoxedStrategy<Value> {
    let one_of = |values: &'static [&'static str]| {
        prop::sample::select(values).prop_map(Value::from).boxed()
    };
    match field {
        "status" => one_of(&[
            "ACTIVE", "ACTIVE", "ACTIVE", "PROSPECT", "FROZEN", "ESCHEAT", "active",
        ]),
        "ban_status" => one_of(&["ALLOWED", "SUSPENDED", "BANNED"]),
        "dob" => prop_oneof![
            "[12][0-9]{3}-[01][0-9]-[0-3][0-9]",
            Just("2000-02-29".to_owned()),
            Just("９９９９-01-01".to_owned()),
        ]
        .prop_map(Value::from)
        .boxed(),
        "phone_number" => "\\+[0-9]{1,17}".prop_map(Value::from).boxed(),
        "ssn" => "[0-9]{3}-[0-9]{2}-[0-9]{4}".prop_map(Value::from).boxed(),
        "tenant" => one_of(&["qzwxec_mkjnhb", "qzwxec_mkjnhb", "abcdef_ghijkl"]),
        "metadata" => prop::collection::vec((text(), json()), 0..4)
            .prop_map(|members| Value::Object(members.into_iter().collect()))
            .boxed(),
        "legal_address" | "shipping_address" => address().boxed(),
        _ => text().prop_map(Value::from).boxed(),
    }
}

fn address() -> impl Strategy<Value = Value> {
    let country = prop::sample::select(&["US", "CA", "DE", "XX", "us"][..]);
    let code = prop_oneof![
        "[0-9]{5}",
        "[0-9]{5}-[0-9]{4}",
        "[A-Za-z][0-9][A-Z] ?[0-9][A-Z][0-9]",
        text()
    ];
    let state = prop_oneof!["[A-Z]{2}", text()];
    let more = prop::collection::vec((text(), json()), 0..2);
    (text(), country, code, state, more).prop_map(|(line, country, code, state, more)| {
        let mut address = json!({
            "address_line_1": line, "country_code": country, "postal_code": code, "state": state,
        });
        if let Value::Object(members) = &mut address {
            members.extend(more);
        }
        address
    })
}

fn member() -> impl Strategy<Value = (String, Value)> {
    let name = prop_oneof![
        19 => prop::sample::select(FIELDS),
        1 => prop::sample::select(OTHERS),
    ];
    name.prop_flat_map(|field| {
        let value = prop_oneof![19 => fitting(field), 1 => json().boxed()];
        value.prop_map(move |value| (field.to_owned(), value))
    })
}

/// The members of a body: mostly such as would do.
pub(crate) fn members() -> impl Strategy<Value = Map<String, Value>> {
    let status = fitting("status").prop_map(|status| ("status".to_owned(), status));
    (
        prop::option::weighted(0.9, status),
        prop::collection::vec(member(), 0..6),
    )
        .prop_map(|(status, members)| members.into_iter().chain(status).collect())
}

/// The bytes of a body: JSON, damaged JSON, or anything.
pub(crate) fn body() -> impl Strategy<Value = Vec<u8>> {
    let whole = members()
        .prop_map(|members| Value::Object(members).to_string().into_bytes())
        .boxed();
    prop_oneof![
        6 => whole.clone(),
        2 => (whole, any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut bytes, at, byte)| {
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes
        }),
        1 => json().prop_map(|value| value.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..64),
    ]
}

/// Text as it stands in a query: each byte encoded, or as few as can be.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A raw query string: of parameters that exist with values that may, or anything.
pub(crate) fn query() -> impl Strategy<Value = String> {
    const NAMES: &[&str] = &[
        "has_accounts",
        "ssn_last_4",
        "last_name",
        "email",
        "first_name",
        "phone_number",
        "page_token",
        "id",
        "limit",
        "sort_by",
        "status",
        "else",
    ];
    let value = prop_oneof![
        text().prop_map(|text| encoded(&text)),
        prop::sample::select(
            &[
                "true",
                "ACTIVE",
                "1",
                "100",
                "last_name:asc,creation_time:desc",
                "first_name:desc",
                "a*",
                "4329",
                "%",
                "%zz",
                "%ff",
                "+",
                "",
                "00000000-0000-4000-8000-000000000000",
            ][..]
        )
        .prop_map(str::to_owned),
    ];
    let pair =
        (prop::sample::select(NAMES), value).prop_map(|(name, value)| format!("{name}={value}"));
    prop_oneof![
        4 => prop::collection::vec(pair, 0..6).prop_map(|pairs| pairs.join("&")),
        1 => "[!-~]{0,40}",
        1 => any::<String>(),
    ]
}
