//! Turning a listing into SQL that an index answers.
//!
//! The index is named in the statement (`INDEXED BY`), because `SQLite` without statistics prefers an
//! index that gives the order over one that finds the few matching rows, and would walk a million
//! rows for one e-mail address.
//!
//! With statistics (`ANALYZE`) and without this module, `SQLite` answers 424 of the 454 lists of
//! `scale.rs` in as many steps or fewer, since it counts no rows first. But 13 lists by a name that a
//! third of a million have take 3,000 to 10,000 times as many, as it sorts all of those for one page; and a
//! sandbox starts without rows to analyse.

use rusqlite::types::Value;

use super::schema::{BY_ID, Column, INDEXES};
use crate::core::{
    listing::{Filters, Listing, SortField, SortTerm},
    page_token::{Position, SortValue},
    pattern::{Pattern, after_prefix},
};

/// A statement with its values.
#[derive(Debug, PartialEq)]
pub(super) struct Query {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

/// One way to answer a listing.
pub(super) struct Way {
    /// Gives the `seq` of the rows, in order.
    pub(super) query: Query,
    /// Set if the rows found through a filter still have to be sorted: counts them, up to
    /// [`BROAD`]. If there are that many, the next way is the better one.
    pub(super) probe: Option<Query>,
}

/// So many rows are quickly sorted; with more, walking the order and testing each row finds a page
/// sooner.
pub(super) const BROAD: i64 = 5_000;

/// One condition on one column.
enum Test {
    In(Vec<Value>),
    Equal(Value),
    /// Whether there are accounts. Those who have some are indexed, those who have none are most.
    Accounts(bool),
    /// From here, and below there if there is an end.
    Prefix(String, Option<String>),
    Matches(String),
}

struct Condition {
    column: Column,
    test: Test,
}

impl Condition {
    /// Whether an index finds the rows; else each row has to be looked at.
    fn is_narrowing(&self) -> bool {
        !matches!(self.test, Test::Matches(_) | Test::Accounts(false))
    }

    /// Whether it fixes the value of its column.
    fn is_equal(&self) -> bool {
        matches!(self.test, Test::Equal(_) | Test::Accounts(true))
    }
}

/// The ways to answer a listing, best first; the last one needs no probe.
///
/// First through each filter that an index can be asked for, the one that is expected to leave the
/// fewest rows first; then through the order, each row tested as it comes.
pub(super) fn ways(listing: &Listing, after: Option<&Position>) -> Vec<Way> {
    let conditions = conditions(&listing.filters);
    let mut narrowing: Vec<&Condition> = conditions.iter().filter(|c| c.is_narrowing()).collect();
    narrowing.sort_by_key(|c| rank(c.column));
    let mut ways = Vec::new();
    for first in narrowing {
        let (index, is_ordered) = match first.test {
            Test::In(_) => (BY_ID, true),
            _ => index_for(first, &conditions, &listing.sort),
        };
        ways.push(Way {
            query: select(index, &conditions, listing, after),
            probe: (!is_ordered).then(|| probe(index, &conditions)),
        });
        if is_ordered {
            return ways;
        }
    }
    ways.push(Way {
        query: in_order(&conditions, listing, after),
        probe: None,
    });
    ways
}

fn in_order(conditions: &[Condition], listing: &Listing, after: Option<&Position>) -> Query {
    let first = listing.sort.first().map(|term| column(term.field));
    let index = best(|columns| {
        (columns.first().copied() == first).then(|| Score {
            equal: 0,
            ordered: ordered(columns, &listing.sort),
            held: held(columns, &listing.sort),
        })
    });
    select(index.0, conditions, listing, after)
}

/// Filters that leave fewer rows come first.
fn rank(column: Column) -> usize {
    use Column::{
        Created, Email, FirstName, HasAccounts, Id, LastName, Phone, Ssn, Status, Updated,
    };
    [
        Id,
        Email,
        Phone,
        Ssn,
        LastName,
        FirstName,
        Status,
        HasAccounts,
        Created,
        Updated,
    ]
    .iter()
    .position(|c| *c == column)
    .unwrap_or(usize::MAX)
}

fn column(field: SortField) -> Column {
    match field {
        SortField::CreationTime => Column::Created,
        SortField::LastUpdatedTime => Column::Updated,
        SortField::FirstName => Column::FirstName,
        SortField::LastName => Column::LastName,
    }
}

fn conditions(filters: &Filters) -> Vec<Condition> {
    let mut conditions = Vec::new();
    let mut add = |column, test| conditions.push(Condition { column, test });
    if let Some(ids) = &filters.id {
        let ids = ids.iter().map(|id| Value::Blob(id.as_bytes().to_vec()));
        add(Column::Id, Test::In(ids.collect()));
    }
    if let Some(has_accounts) = filters.has_accounts {
        add(Column::HasAccounts, Test::Accounts(has_accounts));
    }
    if let Some(digits) = &filters.ssn_last_4 {
        add(Column::Ssn, Test::Equal(Value::Text(digits.clone())));
    }
    if let Some(status) = filters.status {
        let value = Value::Text(status.as_str().to_owned());
        add(Column::Status, Test::Equal(value));
    }
    for (column, pattern) in [
        (Column::FirstName, &filters.first_name),
        (Column::LastName, &filters.last_name),
        (Column::Email, &filters.email),
        (Column::Phone, &filters.phone_number),
    ] {
        for test in pattern.iter().flat_map(tests) {
            add(column, test);
        }
    }
    conditions
}

/// A pattern as conditions: the part before the first `*` as a range, the whole as a match unless
/// the range says it all. An absent value is stored as the empty string and matches nothing.
fn tests(pattern: &Pattern) -> Vec<Test> {
    let text = pattern.as_str().to_owned();
    if pattern.is_exact() && !text.is_empty() {
        return vec![Test::Equal(Value::Text(text))];
    }
    let prefix = pattern.prefix();
    let mut tests = Vec::new();
    if !prefix.is_empty() {
        tests.push(Test::Prefix(prefix.to_owned(), after_prefix(prefix)));
    }
    if prefix.is_empty() || !pattern.is_prefix_only() {
        tests.push(Test::Matches(text));
    }
    tests
}

/// How well an index serves; compared from the first field on.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// How many of its columns are fixed by filters.
    equal: usize,
    /// How many terms of the order it gives after those; [`FULL`] if all.
    ordered: usize,
    /// How many terms of the order it holds at all, so that a row need not be fetched to be sorted.
    held: usize,
}

/// Marks an index that gives the whole order.
const FULL: usize = usize::MAX;

/// The best index that begins with the column of `first`, and whether rows come out in order.
fn index_for(
    first: &Condition,
    conditions: &[Condition],
    sort: &[SortTerm],
) -> (&'static str, bool) {
    // What is the same in all rows orders nothing.
    let varying: Vec<SortTerm> = sort
        .iter()
        .copied()
        .filter(|term| !is_fixed(column(term.field), conditions))
        .collect();
    let (name, score) = best(|columns| {
        (columns.first() == Some(&first.column)).then(|| {
            let equal = columns
                .iter()
                .take_while(|c| is_fixed(**c, conditions))
                .count();
            let rest = columns.get(equal..).unwrap_or_default();
            Score {
                equal,
                ordered: ordered(rest, &varying),
                held: held(rest, &varying),
            }
        })
    });
    (name, score.ordered == FULL)
}

/// Whether the filters leave one value of a column.
fn is_fixed(column: Column, conditions: &[Condition]) -> bool {
    conditions
        .iter()
        .any(|c| c.column == column && c.is_equal())
}

/// The index with the best score; the first one where scores are equal.
fn best(score: impl Fn(&[Column]) -> Option<Score>) -> (&'static str, Score) {
    let mut best = (BY_ID, Score::default());
    let mut found = false;
    for index in INDEXES {
        if let Some(score) = score(index.columns)
            && (!found || score > best.1)
        {
            best = (index.name, score);
            found = true;
        }
    }
    best
}

/// How many terms of the order an index gives that has `columns` and then the id.
fn ordered(columns: &[Column], sort: &[SortTerm]) -> usize {
    let direction = sort.first().is_some_and(|term| term.descending);
    let given = columns
        .iter()
        .zip(sort)
        .take_while(|(c, term)| **c == column(term.field) && term.descending == direction)
        .count();
    if given == sort.len() && given == columns.len() {
        FULL
    } else {
        given
    }
}

fn held(columns: &[Column], sort: &[SortTerm]) -> usize {
    sort.iter()
        .filter(|term| columns.contains(&column(term.field)))
        .count()
}

/// Writes a statement and numbers its values.
struct Writer {
    sql: String,
    values: Vec<Value>,
    has_where: bool,
}

impl Writer {
    fn new(sql: String) -> Self {
        Self {
            sql,
            values: Vec::new(),
            has_where: false,
        }
    }

    fn condition(&mut self, text: &str) {
        self.sql
            .push_str(if self.has_where { " AND " } else { " WHERE " });
        self.has_where = true;
        self.sql.push_str(text);
    }

    fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    fn test(&mut self, condition: &Condition) {
        let name = condition.column.name();
        match &condition.test {
            Test::In(values) => {
                let places: Vec<String> = values.iter().map(|v| self.bind(v.clone())).collect();
                self.condition(&format!("{name} IN ({})", places.join(", ")));
            }
            Test::Equal(value) => {
                let place = self.bind(value.clone());
                self.condition(&format!("{name} = {place}"));
            }
            // Spelled out: by a parameter SQLite would not see that the partial indexes fit.
            Test::Accounts(has) => self.condition(&format!("{name} = {}", i64::from(*has))),
            Test::Prefix(from, below) => {
                let place = self.bind(Value::Text(from.clone()));
                self.condition(&format!("{name} >= {place}"));
                if let Some(below) = below {
                    let place = self.bind(Value::Text(below.clone()));
                    self.condition(&format!("{name} < {place}"));
                }
            }
            Test::Matches(pattern) => {
                let place = self.bind(Value::Text(pattern.clone()));
                self.condition(&format!("matches_pattern({place}, {name})"));
            }
        }
    }

    /// Rows that come after `position` in the order of `sort`. Where all rows have one value, as
    /// `is_fixed` says, a bound would keep the index from being entered at the others.
    fn after(&mut self, sort: &[SortTerm], position: &Position, is_fixed: impl Fn(Column) -> bool) {
        let mut keys: Vec<(&'static str, bool, String)> = Vec::new();
        for (term, value) in sort.iter().zip(&position.values) {
            let column = column(term.field);
            if is_fixed(column) {
                continue;
            }
            let value = match value {
                SortValue::Time(micros) => Value::Integer(*micros),
                SortValue::Text(text) => Value::Text(text.clone()),
            };
            let place = self.bind(value);
            keys.push((column.name(), term.descending, place));
        }
        let descending = id_descends(sort);
        let place = self.bind(Value::Blob(position.id.as_bytes().to_vec()));
        keys.push(("id", descending, place));
        let text = if keys.iter().all(|(_, d, _)| *d == descending) {
            // A row value comparison is the start of an index range.
            let names: Vec<&str> = keys.iter().map(|(name, ..)| *name).collect();
            let places: Vec<&str> = keys.iter().map(|(.., place)| place.as_str()).collect();
            let sign = if descending { "<" } else { ">" };
            format!("({}) {sign} ({})", names.join(", "), places.join(", "))
        } else {
            mixed(&keys)
        };
        self.condition(&text);
    }
}

/// `a >= x AND (a > x OR (b <= y AND (b < y OR …)))`: the outermost bound is what an index uses.
fn mixed(keys: &[(&'static str, bool, String)]) -> String {
    let Some(((name, descending, place), rest)) = keys.split_first() else {
        return "FALSE".to_owned();
    };
    let sign = if *descending { "<" } else { ">" };
    if rest.is_empty() {
        return format!("{name} {sign} {place}");
    }
    format!(
        "{name} {sign}= {place} AND ({name} {sign} {place} OR ({}))",
        mixed(rest)
    )
}

/// The id follows the last term, so that one index walked backwards gives the reverse order.
fn id_descends(sort: &[SortTerm]) -> bool {
    sort.last().is_some_and(|term| term.descending)
}

fn select(
    index: &str,
    conditions: &[Condition],
    listing: &Listing,
    after: Option<&Position>,
) -> Query {
    let mut writer = Writer::new(format!("SELECT seq FROM customer INDEXED BY {index}"));
    for condition in conditions {
        writer.test(condition);
    }
    if let Some(position) = after {
        writer.after(&listing.sort, position, |c| is_fixed(c, conditions));
    }
    let mut order: Vec<String> = listing
        .sort
        .iter()
        .map(|term| order_term(column(term.field).name(), term.descending))
        .collect();
    order.push(order_term("id", id_descends(&listing.sort)));
    // One row more than the page holds shows whether another page follows.
    let limit = writer.bind(Value::Integer(i64::from(listing.limit) + 1));
    Query {
        sql: format!("{} ORDER BY {} LIMIT {limit}", writer.sql, order.join(", ")),
        values: writer.values,
    }
}

fn order_term(name: &str, descending: bool) -> String {
    if descending {
        format!("{name} DESC")
    } else {
        name.to_owned()
    }
}

/// Counts the rows that the columns of an index leave, without fetching them.
fn probe(index: &'static str, conditions: &[Condition]) -> Query {
    let columns = INDEXES
        .iter()
        .find(|known| known.name == index)
        .map_or(&[][..], |known| known.columns);
    let mut writer = Writer::new(format!("SELECT 1 FROM customer INDEXED BY {index}"));
    for condition in conditions {
        if condition.is_narrowing() && columns.contains(&condition.column) {
            writer.test(condition);
        }
    }
    Query {
        sql: format!("SELECT count(*) FROM ({} LIMIT {BROAD})", writer.sql),
        values: writer.values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::listing;

    fn sql(raw: &str) -> String {
        let (listing, _) = listing::parse(raw).unwrap();
        ways(&listing, None).remove(0).query.sql
    }

    fn index(raw: &str) -> String {
        named_index(&sql(raw))
    }

    fn named_index(sql: &str) -> String {
        let (_, rest) = sql.split_once("INDEXED BY ").unwrap();
        rest.split(' ').next().unwrap().to_owned()
    }

    #[test]
    fn the_index_fits_the_narrowest_filter_and_the_order() {
        for (raw, expected) in [
            ("", "by_created"),
            ("sort_by=last_name:desc", "by_last_name"),
            (
                "sort_by=last_name:asc,first_name:asc",
                "by_last_name_first_name",
            ),
            (
                "sort_by=last_name:asc,first_name:desc",
                "by_last_name_first_name",
            ),
            ("status=ACTIVE", "by_status_created"),
            ("status=ACTIVE&sort_by=last_name:asc", "by_status_last_name"),
            (
                "has_accounts=true&sort_by=last_updated_time:desc",
                "by_accounts_updated",
            ),
            ("last_name=quay", "by_last_name"),
            ("last_name=quay&status=ACTIVE", "by_last_name"),
            (
                "last_name=quay&first_name=ottoline",
                "by_last_name_first_name",
            ),
            (
                "sort_by=first_name:asc,last_name:desc",
                "by_first_name_last_name",
            ),
            ("last_name=qu*&sort_by=last_name:asc", "by_last_name"),
            ("last_name=*ay&status=ACTIVE", "by_status_created"),
            ("last_name=*ay", "by_created"),
            ("email=a*&last_name=quay", "by_email"),
            ("ssn_last_4=4329&has_accounts=true", "by_ssn"),
            ("id=3f0c2b9e-6d1a-4c57-9a53-1b7f2f0e8c11&email=a", "by_id"),
        ] {
            assert_eq!(index(raw), expected, "{raw}");
        }
    }

    #[test]
    fn only_an_order_that_the_filter_does_not_give_is_probed() {
        for (raw, probed) in [
            ("email=a@example.com", false),
            ("email=a@example.com&sort_by=last_name:asc", true),
            ("last_name=qu*", true),
            ("last_name=qu*&sort_by=last_name:asc", false),
            ("status=ACTIVE&sort_by=first_name:desc", false),
        ] {
            let (listing, _) = listing::parse(raw).unwrap();
            assert_eq!(ways(&listing, None)[0].probe.is_some(), probed, "{raw}");
        }
    }

    #[test]
    fn a_broad_filter_gives_way_to_the_next_and_at_last_to_the_order() {
        let indexes = |raw: &str| -> Vec<String> {
            let (listing, _) = listing::parse(raw).unwrap();
            let ways = ways(&listing, None);
            assert!(ways.last().unwrap().probe.is_none());
            ways.iter().map(|way| named_index(&way.query.sql)).collect()
        };
        assert_eq!(
            indexes("first_name=ot*&status=FROZEN"),
            ["by_first_name", "by_status_created"]
        );
        assert_eq!(
            indexes("first_name=ot*&sort_by=last_updated_time:asc"),
            ["by_first_name", "by_updated"]
        );
    }

    #[test]
    fn values_never_stand_in_the_statement() {
        let sql = sql("last_name=O'Neil&email=x*y&ssn_last_4=4329&status=ACTIVE");
        for value in ["neil", "x*y", "4329", "ACTIVE"] {
            assert!(!sql.contains(value), "{sql}");
        }
    }

    #[test]
    fn a_page_in_mixed_directions_begins_at_an_index_bound() {
        let (listing, _) = listing::parse("sort_by=last_name:asc,creation_time:desc").unwrap();
        let position = Position {
            values: vec![SortValue::Text("quay".into()), SortValue::Time(7)],
            id: uuid::Uuid::nil(),
        };
        assert_eq!(
            ways(&listing, Some(&position))[0].query.sql,
            "SELECT seq FROM customer INDEXED BY by_last_name WHERE last_name >= ?1 AND \
             (last_name > ?1 OR (created <= ?2 AND (created < ?2 OR (id < ?3)))) \
             ORDER BY last_name, created DESC, id DESC LIMIT ?4"
        );
    }
}
