//! The query of a list request (BEHAVIOUR 6).

use std::{borrow::Cow, cmp::Ordering};

use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    bounds,
    page_token::{self, Cursor, Position, SortValue},
    pattern::{Pattern, fold, matches},
    problem::{ApiError, Code},
    record::{Record, Status},
    warning::Warning,
};

/// The largest page, and the default (BEHAVIOUR 6.1).
pub const LARGEST_PAGE: u32 = 100;

/// The fields of `sort_by` (BEHAVIOUR 5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SortField {
    CreationTime,
    FirstName,
    LastName,
    LastUpdatedTime,
}

/// One term of `sort_by`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortTerm {
    /// What to sort by.
    pub field: SortField,
    /// Whether the largest value comes first.
    pub descending: bool,
}

impl SortTerm {
    fn parse(text: &str) -> Option<Self> {
        let (field, direction) = text.split_once(':')?;
        let field = match field {
            "creation_time" => SortField::CreationTime,
            "first_name" => SortField::FirstName,
            "last_name" => SortField::LastName,
            "last_updated_time" => SortField::LastUpdatedTime,
            _ => return None,
        };
        let descending = match direction {
            "asc" => false,
            "desc" => true,
            _ => return None,
        };
        Some(Self { field, descending })
    }

    /// The value that `record` is sorted by: a name folded, absent as the empty string.
    #[must_use]
    pub fn value(self, record: &Record) -> SortValue {
        let text = |name: &Option<String>| SortValue::Text(fold(name.as_deref().unwrap_or("")));
        match self.field {
            SortField::CreationTime => SortValue::Time(record.creation_time.0),
            SortField::LastUpdatedTime => SortValue::Time(record.last_updated_time.0),
            SortField::FirstName => text(&record.first_name),
            SortField::LastName => text(&record.last_name),
        }
    }
}

/// The filters; all of them have to hold (BEHAVIOUR 6.8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Filters {
    pub id: Option<Vec<Uuid>>,
    pub has_accounts: Option<bool>,
    pub ssn_last_4: Option<String>,
    pub status: Option<Status>,
    pub first_name: Option<Pattern>,
    pub last_name: Option<Pattern>,
    pub email: Option<Pattern>,
    pub phone_number: Option<Pattern>,
}

impl Filters {
    /// Whether `record` passes every filter. An absent value passes none.
    #[must_use]
    pub fn matches(&self, record: &Record) -> bool {
        let is_match = |pattern: &Option<Pattern>, text: &Option<String>| {
            pattern.as_ref().is_none_or(|pattern| {
                text.as_ref()
                    .is_some_and(|text| matches(pattern.as_str(), &fold(text)))
            })
        };
        let is_digits = |digits| record.ssn_last_4.as_ref() == Some(digits);
        self.id.as_ref().is_none_or(|ids| ids.contains(&record.id))
            && self
                .has_accounts
                .is_none_or(|has| has == record.has_accounts)
            && self.status.is_none_or(|status| status == record.status)
            && self.ssn_last_4.as_ref().is_none_or(is_digits)
            && is_match(&self.first_name, &record.first_name)
            && is_match(&self.last_name, &record.last_name)
            && is_match(&self.email, &record.email)
            && is_match(&self.phone_number, &record.phone_number)
    }
}

/// A list request, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which rows.
    pub filters: Filters,
    /// In which order. The last term is the time of creation, unless that was asked for before; the
    /// id breaks ties, in the direction of the last term.
    pub sort: Vec<SortTerm>,
    /// How many at most, 1 to 100.
    pub limit: u32,
    /// Where the page begins: after this place.
    pub after: Option<Cursor>,
}

impl Listing {
    /// Where `record` stands in this order.
    #[must_use]
    pub fn position(&self, record: &Record) -> Position {
        Position {
            values: self.sort.iter().map(|term| term.value(record)).collect(),
            id: record.id,
        }
    }

    /// Whether the order is that of creation, oldest first, which is the default.
    #[must_use]
    pub fn is_by_creation(&self) -> bool {
        self.sort == [DEFAULT_SORT]
    }

    /// Which of two places comes first in this order.
    #[must_use]
    pub fn compare(&self, a: &Position, b: &Position) -> Ordering {
        let directed = |ordering: Ordering, descending: bool| {
            if descending {
                ordering.reverse()
            } else {
                ordering
            }
        };
        let values = a.values.iter().zip(&b.values).zip(&self.sort);
        let by_value = values
            .map(|((a, b), term)| directed(a.cmp(b), term.descending))
            .find(|ordering| ordering.is_ne());
        let is_descending = self.sort.last().is_some_and(|term| term.descending);
        by_value.unwrap_or_else(|| directed(a.id.cmp(&b.id), is_descending))
    }

    /// The token for the page after `last`.
    #[must_use]
    pub fn token_after(&self, last: &Record) -> String {
        page_token::encode(self.fingerprint(), &self.position(last))
    }

    /// Digest of filters and order: a token is good for the listing it was made for (BEHAVIOUR 6.3).
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 8] {
        let digest = Sha256::digest(format!("{:?}{:?}", self.filters, self.sort));
        let mut short = [0; 8];
        short
            .iter_mut()
            .zip(digest)
            .for_each(|(to, from)| *to = from);
        short
    }
}

/// The text of a parameter after `application/x-www-form-urlencoded` decoding.
fn decode(text: &str) -> Option<String> {
    let spaced: Cow<'_, str> = if text.contains('+') {
        text.replace('+', " ").into()
    } else {
        text.into()
    };
    percent_decode_str(&spaced)
        .decode_utf8()
        .ok()
        .map(Cow::into_owned)
}

/// Collects the parameters before they are understood.
#[derive(Default)]
struct Query {
    values: Vec<(&'static str, String)>,
    warnings: Vec<Warning>,
    faults: Vec<String>,
}

/// The parameters of the operation.
const PARAMETERS: &[&str] = &[
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
];

impl Query {
    fn read(raw: &str) -> Self {
        let mut query = Self::default();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).unwrap_or_else(|| "?".to_owned());
            match PARAMETERS.iter().find(|known| **known == name) {
                Some(known) => query.add(known, value),
                None => query.warnings.push(Warning::UnknownParameter(name)),
            }
        }
        query
    }

    /// A repeated list is joined, of any other parameter the last one counts (BEHAVIOUR 6.4).
    fn add(&mut self, name: &'static str, raw: &str) {
        let Some(value) = decode(raw) else {
            self.fault(format!("{name} is not valid UTF-8"));
            return;
        };
        match self.values.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => {
                self.warnings.push(Warning::RepeatedParameter(name));
                if matches!(name, "id" | "sort_by") {
                    old.push(',');
                    old.push_str(&value);
                } else {
                    *old = value;
                }
            }
            None => self.values.push((name, value)),
        }
    }

    /// Takes a parameter and reads it; a value that `parse` refuses is a fault.
    fn take<T>(
        &mut self,
        name: &'static str,
        wanted: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let (_, text) = self.values.iter().find(|(known, _)| *known == name)?;
        let parsed = parse(text);
        if parsed.is_none() {
            self.fault(format!("{name} has to be {wanted}"));
        }
        parsed
    }

    fn pattern(&mut self, name: &'static str) -> Option<Pattern> {
        let wanted = format!("text of {} characters at most", bounds::PATTERN);
        self.take(name, &wanted, |text| {
            bounds::fits(text, bounds::PATTERN).then(|| Pattern::new(text))
        })
    }

    /// Adds what is wrong, once however often it is sent.
    fn fault(&mut self, fault: String) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// Understands the raw query string of a list request.
///
/// # Errors
/// 400 `BAD_QUERY_PARAMETER`, which names every parameter that is wrong and quotes none.
pub fn parse(raw: &str) -> Result<(Listing, Vec<Warning>), ApiError> {
    let mut query = Query::read(raw);
    let filters = Filters {
        id: query.take(
            "id",
            &format!(
                "customer ids (UUIDs) joined by commas, {} at most",
                bounds::IDS
            ),
            parse_ids,
        ),
        has_accounts: query.take("has_accounts", "true or false", |text| text.parse().ok()),
        ssn_last_4: query.take("ssn_last_4", "four characters", |text| {
            (text.chars().count() == 4).then(|| text.to_owned())
        }),
        status: query.take(
            "status",
            &format!("one of {}", Status::list()),
            Status::parse,
        ),
        first_name: query.pattern("first_name"),
        last_name: query.pattern("last_name"),
        email: query.pattern("email"),
        phone_number: query.pattern("phone_number"),
    };
    if filters
        .phone_number
        .as_ref()
        .is_some_and(|p| p.as_str().starts_with(' '))
    {
        query.warnings.push(Warning::PlusBecameSpace);
    }
    let mut listing = Listing {
        filters,
        sort: query
            .take(
                "sort_by",
                "field:direction terms joined by commas, with creation_time, first_name, last_name \
                 or last_updated_time, and asc or desc",
                parse_sort,
            )
            .unwrap_or_else(|| vec![DEFAULT_SORT]),
        limit: query
            .take("limit", "a whole number of 1 or more", parse_limit)
            .unwrap_or(LARGEST_PAGE),
        after: None,
    };
    let fingerprint = listing.fingerprint();
    let fields: Vec<SortField> = listing.sort.iter().map(|term| term.field).collect();
    listing.after = query.take(
        "page_token",
        "the next_page_token of the previous page, with the same filters and sort_by",
        |text| page_token::decode(text, fingerprint, &fields),
    );
    if query.faults.is_empty() {
        Ok((listing, query.warnings))
    } else {
        Err(ApiError::new(
            Code::BadQueryParameter,
            query.faults.join("; "),
        ))
    }
}

/// Creation time ascending (BEHAVIOUR 6.5).
const DEFAULT_SORT: SortTerm = SortTerm {
    field: SortField::CreationTime,
    descending: false,
};

fn parse_ids(text: &str) -> Option<Vec<Uuid>> {
    let ids = text.split(',').map(parse_uuid);
    // One more than is allowed shows that there are too many.
    let ids: Vec<Uuid> = ids.take(bounds::IDS + 1).collect::<Option<_>>()?;
    (ids.len() <= bounds::IDS).then_some(ids)
}

/// A UUID in its one canonical spelling, in either letter case.
#[must_use]
pub fn parse_uuid(text: &str) -> Option<Uuid> {
    if text.len() == 36 {
        Uuid::try_parse(text).ok()
    } else {
        None
    }
}

/// A field that comes a second time cannot change the order any more, so it is left out. Equal rows
/// follow each other as they were created, in the direction of the last term.
fn parse_sort(text: &str) -> Option<Vec<SortTerm>> {
    let mut terms: Vec<SortTerm> = Vec::new();
    for part in text.split(',') {
        let term = SortTerm::parse(part)?;
        if terms.iter().all(|known| known.field != term.field) {
            terms.push(term);
        }
    }
    if terms.iter().all(|term| term.field != DEFAULT_SORT.field) {
        let descending = terms.last().is_some_and(|last| last.descending);
        terms.push(SortTerm {
            descending,
            ..DEFAULT_SORT
        });
    }
    Some(terms)
}

/// More than 100 counts as 100, however large the number (BEHAVIOUR 6.1).
fn parse_limit(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let clamped = text.parse().unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
    (digits && clamped >= 1).then_some(clamped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(raw: &str) -> Listing {
        parse(raw).unwrap().0
    }

    // BEHAVIOUR 6.1
    #[test]
    fn the_limit_is_clamped_above_and_refused_below() {
        for (raw, limit) in [
            ("", 100),
            ("limit=1", 1),
            ("limit=100", 100),
            ("limit=101", 100),
            ("limit=99999999999999999999", 100),
        ] {
            assert_eq!(good(raw).limit, limit, "{raw}");
        }
        for raw in [
            "limit=0",
            "limit=-1",
            "limit=",
            "limit=ten",
            "limit=1.5",
            "limit=%2B5",
            "limit",
        ] {
            let error = parse(raw).unwrap_err();
            assert_eq!(error.code, Some(Code::BadQueryParameter), "{raw}");
        }
    }

    // BEHAVIOUR 6.4
    #[test]
    fn commas_come_plain_encoded_or_as_repetition() {
        let a = "3f0c2b9e-6d1a-4c57-9a53-1b7f2f0e8c11";
        let b = "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64";
        for raw in [
            format!("id={a},{b}"),
            format!("id={a}%2C{b}"),
            format!("id={a}%2c{b}"),
        ] {
            let (listing, warnings) = parse(&raw).unwrap();
            assert_eq!(listing.filters.id.unwrap().len(), 2);
            assert!(warnings.is_empty());
        }
        let (listing, warnings) = parse(&format!("id={a}&id={b}")).unwrap();
        assert_eq!(listing.filters.id.unwrap().len(), 2);
        assert_eq!(warnings, [Warning::RepeatedParameter("id")]);
        let (listing, warnings) = parse("status=ACTIVE&status=FROZEN").unwrap();
        assert_eq!(listing.filters.status, Some(Status::Frozen));
        assert_eq!(warnings, [Warning::RepeatedParameter("status")]);
    }

    #[test]
    fn all_faults_are_named_and_no_value_is_quoted() {
        let error =
            parse("status=HAPPY&has_accounts=yes&ssn_last_4=123&id=7&sort_by=age&page_token=!")
                .unwrap_err();
        for name in [
            "status",
            "has_accounts",
            "ssn_last_4",
            "id",
            "sort_by",
            "page_token",
        ] {
            assert!(error.detail.contains(name), "{name}");
        }
        assert!(!error.detail.contains("HAPPY") && !error.detail.contains("yes"));
    }

    // BEHAVIOUR 5.6
    #[test]
    fn sort_by_takes_the_eight_terms_and_drops_repetitions() {
        for field in [
            "creation_time",
            "first_name",
            "last_name",
            "last_updated_time",
        ] {
            for direction in ["asc", "desc"] {
                let sort = good(&format!("sort_by={field}:{direction}")).sort;
                let ties = usize::from(field != "creation_time");
                assert_eq!(sort.len(), 1 + ties, "equal rows come as they were created");
                assert!(
                    sort.iter()
                        .all(|term| term.descending == (direction == "desc"))
                );
            }
        }
        assert_eq!(
            good("sort_by=last_name:asc,creation_time:desc,last_name:desc")
                .sort
                .len(),
            2
        );
        for raw in [
            "sort_by=",
            "sort_by=last_name",
            "sort_by=last_name:up",
            "sort_by=Last_name:asc",
        ] {
            assert!(parse(raw).is_err(), "{raw}");
        }
    }

    // BEHAVIOUR 6.7
    #[test]
    fn a_plus_that_was_not_encoded_is_a_space_and_warns() {
        let (listing, warnings) = parse("phone_number=+12025550143").unwrap();
        assert_eq!(
            listing.filters.phone_number.unwrap().as_str(),
            " 12025550143"
        );
        assert_eq!(warnings, [Warning::PlusBecameSpace]);
        let (listing, warnings) = parse("phone_number=%2B12025550143").unwrap();
        assert_eq!(
            listing.filters.phone_number.unwrap().as_str(),
            "+12025550143"
        );
        assert!(warnings.is_empty());
    }
}
