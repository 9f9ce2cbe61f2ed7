//! Page tokens: the place where a page ends, and the listing it belongs to (BEHAVIOUR 6.2, 6.3).
//!
//! A token holds the sort values of the last row, not an offset: rows added meanwhile neither
//! repeat nor hide others.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{bounds, listing::SortField};

/// Sort values that are longer than this in total are looked up when the token comes back, so that
/// a token always fits a URL.
const LONGEST_INLINE: usize = 512;

const INLINE: u8 = 1;
const ROW: u8 = 2;

/// One value to sort by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortValue {
    /// Microseconds.
    Time(i64),
    /// A folded name.
    Text(String),
}

/// A place in an order: the values of each sort term, then the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// One value per sort term.
    pub values: Vec<SortValue>,
    /// The tie-breaker.
    pub id: Uuid,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// After this place.
    After(Position),
    /// After this row, wherever it stands now; only for overlong names.
    AfterRow(Uuid),
}

/// Writes a token.
#[must_use]
pub fn encode(fingerprint: [u8; 8], position: &Position) -> String {
    let mut values = Vec::new();
    for value in &position.values {
        match value {
            SortValue::Time(micros) => values.extend(micros.to_be_bytes()),
            SortValue::Text(text) => {
                let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
                values.extend(length.to_be_bytes());
                values.extend(text.as_bytes());
            }
        }
    }
    let is_inline = values.len() <= LONGEST_INLINE;
    let mut token = vec![if is_inline { INLINE } else { ROW }];
    token.extend(fingerprint);
    token.extend(position.id.as_bytes());
    if is_inline {
        token.extend(values);
    }
    token.extend(checksum(&token));
    BASE64_URL_SAFE_NO_PAD.encode(token)
}

/// Reads a token made for the listing with this `fingerprint` and these sort `fields`; anything
/// else is none.
#[must_use]
pub fn decode(token: &str, fingerprint: [u8; 8], fields: &[SortField]) -> Option<Cursor> {
    if token.len() > bounds::PAGE_TOKEN {
        return None;
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (content, sum) = bytes.split_last_chunk::<4>()?;
    if *sum != checksum(content) {
        return None;
    }
    let mut rest = content;
    let [kind] = take::<1>(&mut rest)?;
    if take::<8>(&mut rest)? != fingerprint {
        return None;
    }
    let id = Uuid::from_bytes(take::<16>(&mut rest)?);
    match kind {
        ROW if rest.is_empty() => Some(Cursor::AfterRow(id)),
        INLINE => {
            let values = fields
                .iter()
                .map(|field| take_value(&mut rest, *field))
                .collect::<Option<Vec<_>>>()?;
            rest.is_empty()
                .then_some(Cursor::After(Position { values, id }))
        }
        _ => None,
    }
}

fn take_value(rest: &mut &[u8], field: SortField) -> Option<SortValue> {
    match field {
        SortField::CreationTime | SortField::LastUpdatedTime => {
            Some(SortValue::Time(i64::from_be_bytes(take::<8>(rest)?)))
        }
        SortField::FirstName | SortField::LastName => {
            let length = usize::from(u16::from_be_bytes(take::<2>(rest)?));
            let (text, after) = rest.split_at_checked(length)?;
            *rest = after;
            Some(SortValue::Text(String::from_utf8(text.to_vec()).ok()?))
        }
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*head)
}

/// Guards against typing errors and truncation. It is no signature: a token opens nothing that
/// the filters would not.
fn checksum(content: &[u8]) -> [u8; 4] {
    let digest: [u8; 32] = Sha256::digest(content).into();
    [digest[0], digest[1], digest[2], digest[3]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_terms() -> impl Strategy<Value = Vec<(SortField, SortValue)>> {
        let time = |field| any::<i64>().prop_map(move |t| (field, SortValue::Time(t)));
        let name = |field| "\\PC{0,20}".prop_map(move |t| (field, SortValue::Text(t)));
        prop::collection::vec(
            prop_oneof![
                time(SortField::CreationTime),
                time(SortField::LastUpdatedTime),
                name(SortField::FirstName),
                name(SortField::LastName),
            ],
            1..4,
        )
    }

    proptest! {
        #[test]
        fn a_token_reads_back_as_what_was_written(
            terms in any_terms(), id in any::<u128>(), fingerprint in any::<[u8; 8]>()
        ) {
            let (fields, values): (Vec<_>, Vec<_>) = terms.into_iter().unzip();
            let position = Position { values, id: Uuid::from_u128(id) };
            let token = encode(fingerprint, &position);
            prop_assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            prop_assert_eq!(decode(&token, fingerprint, &fields), Some(Cursor::After(position)));
        }

        #[test]
        fn a_changed_token_is_refused(
            terms in any_terms(), at in any::<prop::sample::Index>(), flip in 1_u8..=255
        ) {
            let (fields, values): (Vec<_>, Vec<_>) = terms.into_iter().unzip();
            let token = encode([7; 8], &Position { values, id: Uuid::nil() });
            let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&token).unwrap();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            let changed = BASE64_URL_SAFE_NO_PAD.encode(bytes);
            prop_assert_eq!(decode(&changed, [7; 8], &fields), None);
        }

        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in "\\PC{0,80}") {
            prop_assert_eq!(decode(&text, [0; 8], &[SortField::LastName]), None);
        }
    }

    #[test]
    fn bytes_after_the_end_are_refused_even_with_a_right_checksum() {
        let token = |tail: &[u8]| {
            let mut bytes = vec![ROW];
            bytes.extend([7; 8]);
            bytes.extend(Uuid::from_u128(7).as_bytes());
            bytes.extend(tail);
            bytes.extend(checksum(&bytes));
            BASE64_URL_SAFE_NO_PAD.encode(bytes)
        };
        let row = Some(Cursor::AfterRow(Uuid::from_u128(7)));
        assert_eq!(decode(&token(&[]), [7; 8], &[]), row);
        assert_eq!(decode(&token(&[0]), [7; 8], &[]), None);
    }

    #[test]
    fn another_fingerprint_is_refused_and_a_long_name_still_fits_a_url() {
        let position = Position {
            values: vec![SortValue::Text("x".repeat(1_000_000))],
            id: Uuid::from_u128(7),
        };
        let token = encode([1; 8], &position);
        assert!(token.len() < 64);
        let fields = [SortField::LastName];
        assert_eq!(
            decode(&token, [1; 8], &fields),
            Some(Cursor::AfterRow(Uuid::from_u128(7)))
        );
        assert_eq!(decode(&token, [2; 8], &fields), None);
    }
}
