//! Postal addresses: their checks (BEHAVIOUR 5.4) and the copy rules (BEHAVIOUR 3).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{body::Reader, country};

/// A stored address. The field order is the order on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Identifier of this address.
    pub id: Uuid,
    /// `LEGAL` or `SHIPPING`; the sandbox makes no other kind.
    pub address_type: AddressType,
    /// The part that the caller wrote.
    #[serde(flatten)]
    pub draft: AddressDraft,
}

/// What an address is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AddressType {
    /// The legal address.
    Legal,
    /// The shipping address.
    Shipping,
}

/// The writable part of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressDraft {
    /// First street line.
    pub address_line_1: String,
    /// Second street line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_line_2: Option<String>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Second half of the ISO 3166-2 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code; Canadian ones are stored as `A1A 1A1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country_code: String,
    /// A label shown to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// True for a registered agent's address; left out otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_registered_agent: Option<bool>,
}

impl AddressDraft {
    /// A separate address, with its own id.
    #[must_use]
    pub fn into_address(self, address_type: AddressType, id: Uuid) -> Address {
        Address {
            id,
            address_type,
            draft: self,
        }
    }
}

/// Which copy rule applies (BEHAVIOUR 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyRule {
    /// POST and PUT: no shipping address sent means a copy of the legal one, whatever was stored.
    Always,
    /// PATCH: only if none is stored.
    IfNoneStored,
}

/// The legal and shipping address after a write.
///
/// `stored` is what is kept where the body says nothing: the stored pair for PATCH, nothing for
/// POST and PUT. The copy is a snapshot with its own id.
pub fn settle(
    rule: CopyRule,
    stored: (Option<Address>, Option<Address>),
    legal: Option<AddressDraft>,
    shipping: Option<AddressDraft>,
    new_id: &mut dyn FnMut() -> Uuid,
) -> (Option<Address>, Option<Address>) {
    let (stored_legal, stored_shipping) = stored;
    let copied = match rule {
        CopyRule::Always => legal.clone(),
        CopyRule::IfNoneStored if stored_shipping.is_none() => legal.clone(),
        CopyRule::IfNoneStored => None,
    };
    let legal = legal.map(|draft| draft.into_address(AddressType::Legal, new_id()));
    let shipping = shipping
        .or(copied)
        .map(|draft| draft.into_address(AddressType::Shipping, new_id()));
    (legal.or(stored_legal), shipping.or(stored_shipping))
}

/// Reads an address object under `path`; what is wrong with it goes to `reader`.
pub(super) fn read(
    reader: &mut Reader<'_>,
    path: &'static str,
    members: &Map<String, Value>,
) -> AddressDraft {
    let mut draft = AddressDraft::default();
    for required in ["address_line_1", "country_code"] {
        if !members.contains_key(required) {
            reader.errors.missing(format!("{path}.{required}"));
        }
    }
    for (name, value) in members {
        let field = format!("{path}.{name}");
        match name.as_str() {
            "id" | "address_type" => reader.read_only(field),
            "address_line_1" => {
                draft.address_line_1 = reader.text(&field, value).unwrap_or_default();
            }
            "address_line_2" => draft.address_line_2 = reader.text(&field, value),
            "city" => draft.city = reader.text(&field, value),
            "state" => draft.state = reader.text(&field, value),
            "postal_code" => draft.postal_code = reader.text(&field, value),
            "country_code" => draft.country_code = reader.text(&field, value).unwrap_or_default(),
            "nickname" => draft.nickname = reader.text(&field, value),
            "is_registered_agent" => match value {
                Value::Bool(flag) => draft.is_registered_agent = flag.then_some(true),
                _ => reader.errors.invalid(field, "has to be true or false"),
            },
            _ => reader.unknown(field),
        }
    }
    check(reader, path, &mut draft);
    draft
}

/// The rules that look at the values. They go no further than what is stated: the country exists,
/// a US state has two letters, and postal codes of the US and Canada have their shape.
fn check(reader: &mut Reader<'_>, path: &str, draft: &mut AddressDraft) {
    let country_field = format!("{path}.country_code");
    if !reader.has_error(&country_field) && !country::exists(&draft.country_code) {
        reader.errors.invalid(
            country_field,
            "has to be an ISO 3166-1 alpha-2 code in upper case",
        );
    }
    match draft.country_code.as_str() {
        "US" => check_us(reader, path, draft),
        "CA" => {
            if let Some(code) = draft.postal_code.take() {
                draft.postal_code = canadian(&code);
                if draft.postal_code.is_none() {
                    reader.errors.invalid(
                        format!("{path}.postal_code"),
                        "has to be A1A 1A1 for Canada, with or without the space",
                    );
                }
            }
        }
        _ => {}
    }
}

fn check_us(reader: &mut Reader<'_>, path: &str, draft: &AddressDraft) {
    if draft.state.as_deref().is_some_and(|s| !is_us_state(s)) {
        reader.errors.invalid(
            format!("{path}.state"),
            "has to be two upper-case letters for the US",
        );
    }
    if draft.postal_code.as_deref().is_some_and(|p| !is_zip(p)) {
        reader.errors.invalid(
            format!("{path}.postal_code"),
            "has to be NNNNN or NNNNN-NNNN for the US",
        );
    }
}

fn is_us_state(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())
}

fn is_zip(text: &str) -> bool {
    let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        None => digits(text, 5),
        Some((five, four)) => digits(five, 5) && digits(four, 4),
    }
}

/// `A1A 1A1` in upper case with the space, from any letter case, with or without the space.
fn canadian(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let compact: Vec<u8> = match upper.as_bytes() {
        [a, b, c, b' ', d, e, f] | [a, b, c, d, e, f] => vec![*a, *b, *c, *d, *e, *f],
        _ => return None,
    };
    let shape = compact.iter().enumerate().all(|(i, byte)| {
        if i % 2 == 0 {
            byte.is_ascii_uppercase()
        } else {
            byte.is_ascii_digit()
        }
    });
    let text = String::from_utf8(compact).ok().filter(|_| shape)?;
    let (first, second) = text.split_at_checked(3)?;
    Some(format!("{first} {second}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(line: &str) -> AddressDraft {
        AddressDraft {
            address_line_1: line.to_owned(),
            country_code: "US".to_owned(),
            ..AddressDraft::default()
        }
    }

    #[test]
    fn a_state_of_the_us_is_two_upper_case_letters() {
        for (text, is_one) in [
            ("IL", true),
            ("il", false),
            ("I", false),
            ("ILL", false),
            ("I1", false),
            ("", false),
        ] {
            assert_eq!(is_us_state(text), is_one, "{text}");
        }
    }

    // BEHAVIOUR 3.1, 3.2, 3.3, 3.4, 3.5
    #[test]
    fn the_shipping_address_follows_the_copy_rules() {
        // rule, stored shipping, legal sent, shipping sent -> shipping afterwards
        let cases = [
            (CopyRule::Always, None, Some("L"), None, Some("L")),
            (CopyRule::Always, None, Some("L"), Some("S"), Some("S")),
            (CopyRule::Always, None, None, None, None),
            (CopyRule::Always, None, None, Some("S"), Some("S")),
            (CopyRule::IfNoneStored, None, Some("L"), None, Some("L")),
            (
                CopyRule::IfNoneStored,
                Some("O"),
                Some("L"),
                None,
                Some("O"),
            ),
            (CopyRule::IfNoneStored, Some("O"), None, None, Some("O")),
            (CopyRule::IfNoneStored, None, None, None, None),
            (
                CopyRule::IfNoneStored,
                Some("O"),
                Some("L"),
                Some("S"),
                Some("S"),
            ),
            (CopyRule::IfNoneStored, None, None, Some("S"), Some("S")),
        ];
        for (rule, stored, legal, shipping, expected) in cases {
            let mut ids = 0_u128;
            let mut new_id = || {
                ids += 1;
                Uuid::from_u128(ids)
            };
            let stored = stored.map(|s| draft(s).into_address(AddressType::Shipping, Uuid::nil()));
            let (after_legal, after_shipping) = settle(
                rule,
                (None, stored),
                legal.map(draft),
                shipping.map(draft),
                &mut new_id,
            );
            let line = |a: &Option<Address>| a.as_ref().map(|a| a.draft.address_line_1.clone());
            assert_eq!(line(&after_legal).as_deref(), legal);
            assert_eq!(line(&after_shipping).as_deref(), expected, "{rule:?}");
            if let (Some(a), Some(b)) = (after_legal, after_shipping) {
                assert_ne!(a.id, b.id, "a copy has its own id");
                assert_eq!(b.address_type, AddressType::Shipping);
            }
        }
    }

    // BEHAVIOUR 5.4
    #[test]
    fn canadian_postal_codes_are_normalised() {
        for text in ["k1a0b1", "K1A 0B1", "k1a 0B1"] {
            assert_eq!(canadian(text).as_deref(), Some("K1A 0B1"), "{text}");
        }
        for text in [
            "K1A-0B1", "K1A  0B1", "1K1 A0B", "K1A 0B", "K1A 0B1 ", "", "ÄÄÄ",
        ] {
            assert_eq!(canadian(text), None, "{text}");
        }
    }

    #[test]
    fn a_zip_has_five_digits_or_five_and_four() {
        assert!(is_zip("62701") && is_zip("62701-0001"));
        for text in ["6270", "627010001", "62701-", "62701-1", "6270A", " 62701"] {
            assert!(!is_zip(text), "{text}");
        }
    }
}
