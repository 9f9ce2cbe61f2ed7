//! What a list costs does not grow with the table: the same lists of a thousand customers and of a
//! million, by the plans that `SQLite` makes and by the steps that it takes. No time is measured.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, Statement, StatementStatus};
use uuid::Uuid;

use super::{
    Cancellation, SqliteStore, Store,
    plan::{self, BROAD},
    schema,
};
use crate::core::{
    listing::{self, Listing},
    page_token::{self, Cursor, Position, SortValue},
    record::Record,
    seed::person,
};

const FEW: i64 = 1_000;
const MANY: i64 = 1_000_000;

/// Customers as they are searched for, `?1` of them, by numbers from 0: unique e-mail addresses and
/// phone numbers, names that five people have, or one in five hundred, or one in three, a status
/// that few have, and a document `?2`.
const CUSTOMERS: &str = "
WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ?1)
INSERT INTO customer SELECT
    n + 1, randomblob(16),
    CASE WHEN n % 1000 = 7 THEN 'ESCHEAT' WHEN n % 7 < 2 THEN 'PROSPECT' ELSE 'ACTIVE' END,
    n % 4 = 0,
    n * 1000, (n * 7919 % ?1) * 1000,
    CASE WHEN n < 5 THEN 'ottoline' WHEN n % 3 = 0 THEN 'common' ELSE 'first' || (n * 31 % 500) END,
    CASE WHEN n < 5 THEN 'quay' WHEN n % 5 = 0 THEN 'common' ELSE 'last' || (n * 37 % 500) END,
    'p' || n || '@example.com', '+1202555' || n,
    CASE WHEN n < 5 THEN 'abcd' ELSE printf('%04d', n * 13 % 10000) END,
    '', 0, ?2
FROM number";

fn store(folder: &Path, rows: i64) -> SqliteStore {
    let path = folder.join(format!("{rows}.db"));
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; {} {}",
            schema::create(),
            schema::drop_indexes(),
        ))
        .unwrap();
    connection.execute(CUSTOMERS, (rows, document())).unwrap();
    connection.execute_batch(&schema::create_indexes()).unwrap();
    drop(connection);
    SqliteStore::open(&path).unwrap()
}

/// Any document will do.
fn document() -> Vec<u8> {
    let record = Record {
        email: None,
        phone_number: None,
        legal_address: None,
        shipping_address: None,
        ..person(0, 0, "t")
    };
    record.to_document().unwrap()
}

#[derive(Debug, Default)]
struct Cost {
    /// Steps of `SQLite`'s virtual machine.
    steps: i64,
    /// Rows of an index or a table that were stepped over without a bound to begin or end at.
    scanned: i64,
}

/// What one page costs: all statements that may have run for it.
fn cost(store: &SqliteStore, listing: &Listing) -> Cost {
    let after = match &listing.after {
        Some(Cursor::After(position)) => Some(position),
        _ => None,
    };
    let ways = plan::ways(listing, after);
    let statements = ways
        .iter()
        .flat_map(|way| way.probe.iter().chain([&way.query]));
    // The statements stay in the connection's cache, and their counters with them.
    let each = |count: &mut dyn FnMut(&Statement<'_>)| {
        let reader = store.reader();
        for statement in statements.clone() {
            count(&reader.prepare_cached(&statement.sql).unwrap());
        }
    };
    each(&mut |statement| {
        statement.reset_status(StatementStatus::VmStep);
        statement.reset_status(StatementStatus::FullscanStep);
    });
    let unlimited = Cancellation::after(Duration::from_secs(600));
    store.page(listing, &unlimited).unwrap();
    let mut cost = Cost::default();
    each(&mut |statement| {
        cost.steps += i64::from(statement.get_status(StatementStatus::VmStep));
        cost.scanned += i64::from(statement.get_status(StatementStatus::FullscanStep));
    });
    assert!(cost.steps > 0, "nothing was counted");
    cost
}

fn parse(query: &str) -> Listing {
    listing::parse(query).unwrap().0
}

/// Each filter with each order.
fn with_orders(filters: &'static [&'static str]) -> impl Iterator<Item = String> {
    const ORDERS: [&str; 10] = [
        "creation_time:asc",
        "creation_time:desc",
        "last_updated_time:asc",
        "last_updated_time:desc",
        "first_name:asc",
        "first_name:desc",
        "last_name:asc",
        "last_name:desc",
        "last_name:asc,first_name:asc",
        "first_name:desc,last_name:desc",
    ];
    filters
        .iter()
        .flat_map(|filter| ORDERS.map(|order| format!("{filter}&sort_by={order}")))
}

struct Scale {
    few: SqliteStore,
    many: SqliteStore,
}

impl Scale {
    /// Rows come out of the index in order, so the page costs what it holds.
    fn in_order(&self, query: &str) {
        let listing = parse(query);
        let plan = self.many.explain(&listing).unwrap();
        assert_eq!(plan.len(), 1, "{query}: {plan:?}");
        assert!(plan[0].contains("INDEX by_"), "{query}: {plan:?}");
        for store in [&self.few, &self.many] {
            let cost = cost(store, &listing);
            assert!(
                cost.steps < 1_100 && cost.scanned < 150,
                "{query}: {cost:?}"
            );
        }
    }

    /// The same few rows match in both, and are found through an index; then they may be sorted.
    fn few_found(&self, query: &str) {
        let listing = parse(query);
        let plan = self.many.explain(&listing).unwrap();
        assert!(
            plan[0].starts_with("SEARCH") && plan[0].contains("INDEX by_"),
            "{query}: {plan:?}"
        );
        let (few, many) = (cost(&self.few, &listing), cost(&self.many, &listing));
        assert!(few.steps < 500, "{query}: {few:?}");
        assert!(
            many.steps < few.steps * 2,
            "{query}: {few:?}, then {many:?}"
        );
        assert_eq!(many.scanned, 0, "{query}: {many:?}");
    }

    /// Many rows match, and not in order: no more of them are counted and sorted than [`BROAD`], or
    /// the order is walked until the page is full.
    fn many_found(&self, query: &str) {
        let listing = parse(query);
        let plan = self.many.explain(&listing).unwrap();
        assert!(plan[0].contains("INDEX by_"), "{query}: {plan:?}");
        let many = cost(&self.many, &listing);
        assert!(many.steps < 30 * BROAD, "{query}: {many:?}");
        assert!(many.scanned < 4 * BROAD, "{query}: {many:?}");
    }

    /// Nothing narrows the rows down, and none is found: all are looked at, once.
    fn all_looked_at(&self, query: &str) {
        let listing = parse(query);
        for (store, rows) in [(&self.few, FEW), (&self.many, MANY)] {
            let cost = cost(store, &listing);
            assert!(cost.scanned < rows, "{query}: {cost:?}");
            assert!(cost.steps < 6 * rows, "{query}: {cost:?}");
        }
    }
}

#[test]
fn what_a_page_costs_does_not_grow_with_the_table() {
    // Next to the tests' own program rather than in the system's folder, which may be in memory.
    let program = std::env::current_exe().unwrap();
    let folder = tempfile::tempdir_in(program.parent().unwrap()).unwrap();
    let scale = Scale {
        few: store(folder.path(), FEW),
        many: store(folder.path(), MANY),
    };

    let orders = with_orders(&[""]);
    let closed = with_orders(&[
        "status=ACTIVE",
        "status=FROZEN",
        "has_accounts=true",
        "has_accounts=false",
    ])
    // Two names and a closed filter at once have no index; see below.
    .filter(|query| !query.contains(','));
    let texts = [
        "first_name=common",
        "last_name=common",
        "last_name=common&sort_by=last_name:asc",
        "last_name=common&sort_by=first_name:desc",
        "last_name=common&sort_by=last_name:asc,first_name:asc",
        "first_name=common&last_name=common&sort_by=last_name:asc,first_name:asc",
        "first_name=fir*&sort_by=first_name:desc",
        "last_name=las*&sort_by=last_name:asc,first_name:asc",
        "ssn_last_4=0013",
        "email=p7@example.com",
        "phone_number=%2B12025557",
        "last_name=common&status=ACTIVE",
        "last_name=*",
        "email=*@example.com",
        "last_name=*s*&sort_by=last_updated_time:desc",
    ];
    orders
        .chain(closed)
        .chain(texts.map(str::to_owned))
        .for_each(|query| scale.in_order(&query));

    with_orders(&[
        "first_name=ottoline",
        "first_name=ot*",
        "last_name=quay",
        "last_name=q*y",
        "last_name=quay&first_name=ottoline&status=ACTIVE",
        "last_name=quay&email=*@example.com",
        "ssn_last_4=abcd",
        "email=p7@example.com",
        "email=p7@*&has_accounts=false",
        "phone_number=%2B12025557",
        "id=3f0c2b9e-6d1a-4c57-9a53-1b7f2f0e8c11,b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64",
    ])
    .for_each(|query| scale.few_found(&query));

    with_orders(&[
        "status=ACTIVE",
        "status=ESCHEAT",
        "status=ESCHEAT&last_name=*unknown*",
        "status=ESCHEAT&has_accounts=true",
        "has_accounts=true",
        "first_name=common",
        "last_name=first7*",
        "last_name=las*",
        "first_name=common&last_name=common",
        "ssn_last_4=0013",
        "email=p*",
    ])
    .for_each(|query| scale.many_found(&query));

    // Where a pattern begins with `*` and nothing else is asked for, there is nothing to search by.
    for query in [
        "last_name=*unknown*",
        "email=*@nowhere&sort_by=last_name:asc",
    ] {
        scale.all_looked_at(query);
    }
    far_pages(&scale.many);
}

/// A page in the middle costs what the first one does.
fn far_pages(store: &SqliteStore) {
    // A third of all is called so; half of those come before.
    let common = "first_name=common&sort_by=first_name:desc,last_name:desc";
    let (time, name) = (SortValue::Time, |name: &str| {
        SortValue::Text(name.to_owned())
    });
    for (query, values) in [
        ("sort_by=creation_time:asc", vec![time(MANY * 500)]),
        (
            "sort_by=creation_time:desc&status=ACTIVE",
            vec![time(MANY * 500)],
        ),
        (
            "sort_by=last_updated_time:asc",
            vec![time(MANY * 500), time(7)],
        ),
        (
            "sort_by=last_name:asc",
            vec![name("last250"), time(MANY * 500)],
        ),
        (
            "sort_by=last_name:desc&has_accounts=true",
            vec![name("last250"), time(MANY * 500)],
        ),
        (common, vec![name("common"), name("last250"), time(7)]),
    ] {
        let position = Position {
            values,
            id: Uuid::nil(),
        };
        let token = page_token::encode(parse(query).fingerprint(), &position);
        let listing = parse(&format!("{query}&page_token={token}"));
        let plan = store.explain(&listing).unwrap();
        assert!(
            plan.len() == 1 && plan[0].starts_with("SEARCH"),
            "{query}: {plan:?}"
        );
        let cost = cost(store, &listing);
        assert!(cost.steps < 1_100, "{query}: {cost:?}");
    }
}
