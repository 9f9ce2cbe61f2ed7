//! Tables and indexes.
//!
//! A customer is one JSON document, ready to be sent, next to the columns that are searched and sorted by. Text columns
//! are folded (lower case) and hold the empty string where the value is absent, so that every
//! comparison is a plain one that an index answers. Every index ends in the id, the tie-breaker of
//! every order.

use std::fmt::Write;

/// Version of this layout, kept in `PRAGMA user_version`.
pub(super) const VERSION: i64 = 2;

/// A column that is searched or sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Created,
    Email,
    FirstName,
    HasAccounts,
    Id,
    LastName,
    Phone,
    Ssn,
    Status,
    Updated,
}

impl Column {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Email => "email",
            Self::FirstName => "first_name",
            Self::HasAccounts => "has_accounts",
            Self::Id => "id",
            Self::LastName => "last_name",
            Self::Phone => "phone",
            Self::Ssn => "ssn_last_4",
            Self::Status => "status",
            Self::Updated => "updated",
        }
    }
}

/// An index: its name and its columns, to which the id is added.
pub(super) struct Index {
    pub(super) name: &'static str,
    pub(super) columns: &'static [Column],
}

macro_rules! indexes {
    ($($name:literal on $($column:ident),+;)*) => {
        &[$(Index { name: $name, columns: &[$(Column::$column),+] },)*]
    };
}

/// One index per filter and order: an order alone, each closed filter with each order, and each
/// text filter with the orders it is likely to be asked in.
///
/// All orders end in the time of creation, so that new rows of one name stand side by side and share
/// a page of the index; a write costs what the pages cost that it touches.
pub(super) const INDEXES: &[Index] = indexes! {
    "by_created" on Created;
    "by_updated" on Updated, Created;
    "by_first_name" on FirstName, Created;
    "by_last_name" on LastName, Created;
    "by_first_name_last_name" on FirstName, LastName, Created;
    "by_last_name_first_name" on LastName, FirstName, Created;
    "by_email" on Email, Created;
    "by_phone" on Phone, Created;
    "by_ssn" on Ssn, Created;
    "by_status_created" on Status, Created;
    "by_status_updated" on Status, Updated, Created;
    "by_status_first_name" on Status, FirstName, Created;
    "by_status_last_name" on Status, LastName, Created;
    "by_accounts_created" on HasAccounts, Created;
    "by_accounts_updated" on HasAccounts, Updated, Created;
    "by_accounts_first_name" on HasAccounts, FirstName, Created;
    "by_accounts_last_name" on HasAccounts, LastName, Created;
};

/// Name of the unique index on the id.
pub(super) const BY_ID: &str = "by_id";

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS customer (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    status TEXT NOT NULL,
    has_accounts INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    ssn_last_4 TEXT NOT NULL,
    dob TEXT NOT NULL,
    banned INTEGER NOT NULL,
    document BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS by_id ON customer (id);
CREATE INDEX IF NOT EXISTS by_banned_identity
    ON customer (last_name, first_name, dob) WHERE banned = 1;

CREATE TABLE IF NOT EXISTS note (
    customer BLOB NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS answer (
    scope BLOB NOT NULL,
    key BLOB NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    payload BLOB NOT NULL,
    status INTEGER NOT NULL,
    is_problem INTEGER NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS answer_by_key ON answer (scope, key);
CREATE INDEX IF NOT EXISTS answer_by_age ON answer (at);
";

/// Makes whatever is not there yet.
pub(super) fn create() -> String {
    let mut sql = TABLES.to_owned();
    sql.push_str(&create_indexes());
    let _ = writeln!(sql, "PRAGMA user_version = {VERSION};");
    sql
}

/// Makes the search indexes.
pub(super) fn create_indexes() -> String {
    let mut sql = String::new();
    for index in INDEXES {
        let columns: Vec<&str> = index.columns.iter().map(|c| c.name()).collect();
        // Only seeded people have accounts, so that those without can be found by looking, and a
        // new row costs no entry here.
        let only = match index.columns.first() {
            Some(Column::HasAccounts) => " WHERE has_accounts = 1",
            _ => "",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            sql,
            "CREATE INDEX IF NOT EXISTS {} ON customer ({}, id){only};",
            index.name,
            columns.join(", "),
        );
    }
    sql
}

/// Drops the search indexes; adding very many rows is faster without them.
pub(super) fn drop_indexes() -> String {
    INDEXES.iter().fold(String::new(), |mut sql, index| {
        let _ = writeln!(sql, "DROP INDEX IF EXISTS {};", index.name);
        sql
    })
}
