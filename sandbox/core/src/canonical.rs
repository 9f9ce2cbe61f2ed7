//! One byte string per meaning of a JSON text, for comparing the payloads of two requests
//! (BEHAVIOUR 7.5).

use serde::Serialize;
use serde_json::{Number, Value};

/// The largest integer below which every integer has its own `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// `body` with sorted members, no spaces and one spelling per number. A body that is not JSON is
/// compared byte for byte.
#[must_use]
pub fn canonical(body: &[u8]) -> Vec<u8> {
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => {
            let mut out = Vec::with_capacity(body.len());
            write(&value, &mut out);
            out
        }
        Err(_) => body.to_vec(),
    }
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            out.push(b'{');
            for (i, (name, member)) in sorted.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_leaf(name, out);
                out.push(b':');
                write(member, out);
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Value::Number(number) => write_leaf(&one_spelling(number), out),
        Value::Null | Value::Bool(_) | Value::String(_) => write_leaf(value, out),
    }
}

fn write_leaf(value: &impl Serialize, out: &mut Vec<u8>) {
    // Neither can the value fail to be JSON, nor the vector to take it.
    let _ = serde_json::to_writer(out, value);
}

/// `1.0`, `1e0` and `1` are one number; so are `-0.0` and `0`.
fn one_spelling(number: &Number) -> Number {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT => {
            // In range by the guard above, so the cast keeps the value.
            #[allow(clippy::cast_possible_truncation)]
            let integer = float as i64;
            Number::from(integer)
        }
        _ => number.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            (-1.0e9..1.0e9).prop_map(Value::from),
            "[a-zé\"\\\\]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-d]{1,3}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn reversed(value: &Value) -> Value {
        match value {
            Value::Object(members) => members
                .iter()
                .rev()
                .map(|(k, v)| (k.clone(), reversed(v)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            Value::Array(items) => items.iter().map(reversed).collect(),
            other => other.clone(),
        }
    }

    // BEHAVIOUR 7.5
    #[test]
    fn spelling_does_not_matter_and_meaning_does() {
        let same = |a: &str, b: &str| canonical(a.as_bytes()) == canonical(b.as_bytes());
        assert!(same(
            r#"{"a":1,"b":[true]}"#,
            " { \"b\" : [ true ], \"a\":1.0 }"
        ));
        assert!(same(r#"{"a":"\u0041"}"#, r#"{"a":"A"}"#));
        assert!(same("[1e2,-0.0]", "[100,0]"));
        assert!(!same("[1,2]", "[2,1]"));
        assert!(!same(r#"{"a":"1"}"#, r#"{"a":1}"#));
        assert!(!same(r#"{"a":null}"#, "{}"));
        assert!(!same("[9007199254740993]", "[9007199254740992]"));
        assert!(same("[9007199254740991.0]", "[9007199254740991]"));
        // From here on a float may stand for several integers.
        assert!(!same("[9007199254740992.0]", "[9007199254740992]"));
        assert!(!same("{", "{ "));
        let odd = b"[1.6865618301231118e+60]";
        assert_eq!(
            canonical(odd),
            odd,
            "numbers are read as exactly as they are written"
        );
    }

    proptest! {
        #[test]
        fn order_and_spaces_never_change_the_canonical_form(value in any_json()) {
            let compact = value.to_string();
            let pretty = serde_json::to_string_pretty(&reversed(&value)).unwrap();
            prop_assert_eq!(canonical(compact.as_bytes()), canonical(pretty.as_bytes()));
        }

        #[test]
        fn the_canonical_form_is_json_of_the_same_meaning_and_does_not_change_again(value in any_json()) {
            let once = canonical(value.to_string().as_bytes());
            let back: Value = serde_json::from_slice(&once).unwrap();
            prop_assert_eq!(canonical(back.to_string().as_bytes()), once.clone());
            prop_assert_eq!(canonical(&once), once);
        }

        #[test]
        fn another_value_has_another_canonical_form(value in any_json()) {
            let other = json!([value]);
            prop_assert_ne!(canonical(value.to_string().as_bytes()), canonical(other.to_string().as_bytes()));
        }
    }
}
