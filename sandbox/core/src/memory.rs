//! A store in memory, for one thread.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    ops::Bound,
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    idempotency::{LIFETIME_MICROS, Saved, ScopedKey},
    instant::Instant,
    listing::Listing,
    page_token::{Cursor, Position, SortValue},
    record::{BanStatus, Record},
    store::{Page, Unit},
};

/// Customers and answered keys. A write takes effect at once: none of its steps can fail after the
/// first.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    /// In the order of creation time and id, which is the default order of a listing.
    rows: BTreeMap<RowKey, Row>,
    /// The key of each id's row. A creation time never changes.
    keys: HashMap<Uuid, RowKey>,
    /// The keys of banned customers, with whom each new one is compared.
    banned: HashSet<RowKey>,
    responses: HashMap<ScopedKey, Saved>,
    /// The keys by the age of their responses, some of which may have been replaced since.
    ages: VecDeque<(Instant, ScopedKey)>,
    notes: Vec<(Uuid, Instant, String)>,
}

type RowKey = (Instant, Uuid);

#[derive(Clone, Debug)]
struct Row {
    record: Record,
    document: Vec<u8>,
}

/// What a store holds, as JSON can.
#[derive(Serialize, Deserialize)]
struct Contents {
    customers: Vec<Record>,
    responses: Vec<(ScopedKey, Saved)>,
    notes: Vec<(Uuid, Instant, String)>,
}

impl MemoryStore {
    /// A store of these customers.
    ///
    /// # Errors
    /// When a record cannot be written as JSON.
    pub fn of(records: impl IntoIterator<Item = Record>) -> serde_json::Result<Self> {
        let mut store = Self::default();
        for record in records {
            let document = record.to_document()?;
            store.insert(&record, &document)?;
        }
        Ok(store)
    }

    /// All documents, in the order of creation time and id.
    pub fn documents(&self) -> impl Iterator<Item = &[u8]> {
        self.rows.values().map(|row| row.document.as_slice())
    }

    /// The document of a customer.
    #[must_use]
    pub fn document(&self, id: Uuid) -> Option<&[u8]> {
        Some(self.row(id)?.document.as_slice())
    }

    fn row(&self, id: Uuid) -> Option<&Row> {
        self.rows.get(self.keys.get(&id)?)
    }

    fn put(&mut self, key: RowKey, record: &Record, document: &[u8]) {
        if record.ban_status == BanStatus::Banned {
            self.banned.insert(key);
        } else {
            self.banned.remove(&key);
        }
        let row = Row {
            record: record.clone(),
            document: document.to_vec(),
        };
        self.rows.insert(key, row);
    }

    /// The response given under a key, if any.
    #[must_use]
    pub fn response(&self, key: &ScopedKey) -> Option<Saved> {
        self.responses.get(key).cloned()
    }

    /// One page of a listing.
    #[must_use]
    pub fn page(&self, listing: &Listing) -> Page {
        let after = match &listing.after {
            None => None,
            Some(Cursor::After(position)) => Some(position.clone()),
            Some(Cursor::AfterRow(id)) => match self.row(*id) {
                Some(row) => Some(listing.position(&row.record)),
                None => return Page::default(),
            },
        };
        let limit = usize::try_from(listing.limit).unwrap_or(usize::MAX);
        let is_found = |row: &&Row| listing.filters.matches(&row.record);
        let mut found: Vec<&Row> = if listing.is_by_creation() {
            // The rows stand in this order already.
            let begin = after.as_ref().and_then(row_key);
            let begin = begin.map_or(Bound::Unbounded, Bound::Excluded);
            let rows = self.rows.range((begin, Bound::Unbounded));
            rows.map(|(_, row)| row)
                .filter(is_found)
                .take(limit + 1)
                .collect()
        } else {
            let is_after = |position: &Position| {
                after
                    .as_ref()
                    .is_none_or(|after| listing.compare(position, after).is_gt())
            };
            let rows = self.rows.values().filter(is_found);
            let mut found: Vec<(Position, &Row)> = rows
                .map(|row| (listing.position(&row.record), row))
                .filter(|(position, _)| is_after(position))
                .collect();
            found.sort_by(|(a, _), (b, _)| listing.compare(a, b));
            found.into_iter().map(|(_, row)| row).collect()
        };
        let has_more = found.len() > limit;
        found.truncate(limit);
        let documents: Vec<&[u8]> = found.iter().map(|row| row.document.as_slice()).collect();
        let last = found.last().filter(|_| has_more);
        Page {
            documents: documents.join(&b','),
            last: last.map(|row| row.record.clone()),
        }
    }

    /// Everything that the store holds, as JSON: the same contents give the same bytes.
    ///
    /// # Errors
    /// When a record cannot be written as JSON.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut seen = HashSet::new();
        let newest = self.ages.iter().rev().filter(|(_, key)| seen.insert(key));
        let mut responses: Vec<_> = newest
            .filter_map(|(_, key)| Some((key.clone(), self.response(key)?)))
            .collect();
        responses.reverse();
        serde_json::to_string(&Contents {
            customers: self.rows.values().map(|row| row.record.clone()).collect(),
            responses,
            notes: self.notes.clone(),
        })
    }

    /// The store that [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// When the text is of something else.
    pub fn from_json(text: &str) -> serde_json::Result<Self> {
        let contents: Contents = serde_json::from_str(text)?;
        let mut store = Self::of(contents.customers)?;
        for (key, saved) in contents.responses {
            store.remember(&key, &saved)?;
        }
        store.notes = contents.notes;
        Ok(store)
    }
}

impl Unit for MemoryStore {
    type Error = serde_json::Error;

    fn customer(&mut self, id: Uuid) -> serde_json::Result<Option<Record>> {
        Ok(self.row(id).map(|row| row.record.clone()))
    }

    fn insert(&mut self, record: &Record, document: &[u8]) -> serde_json::Result<()> {
        let key = (record.creation_time, record.id);
        self.keys.insert(record.id, key);
        self.put(key, record, document);
        Ok(())
    }

    fn replace(&mut self, record: &Record, document: &[u8]) -> serde_json::Result<()> {
        if let Some(key) = self.keys.get(&record.id).copied() {
            self.put(key, record, document);
        }
        Ok(())
    }

    fn add_note(&mut self, customer: Uuid, at: Instant, note: &str) -> serde_json::Result<()> {
        self.notes.push((customer, at, note.to_owned()));
        Ok(())
    }

    fn is_banned_identity(&mut self, record: &Record) -> serde_json::Result<bool> {
        let mut banned = self.banned.iter().filter_map(|key| self.rows.get(key));
        Ok(banned.any(|row| row.record.is_same_person(record)))
    }

    fn recall(&mut self, key: &ScopedKey) -> serde_json::Result<Option<Saved>> {
        Ok(self.response(key))
    }

    fn remember(&mut self, key: &ScopedKey, saved: &Saved) -> serde_json::Result<()> {
        let oldest = saved.at.0.saturating_sub(LIFETIME_MICROS);
        while let Some((at, key)) = self.ages.front()
            && at.0 <= oldest
        {
            // A key may have been answered again meanwhile.
            if self.responses.get(key).is_some_and(|saved| saved.at == *at) {
                self.responses.remove(key);
            }
            self.ages.pop_front();
        }
        self.ages.push_back((saved.at, key.clone()));
        self.responses.insert(key.clone(), saved.clone());
        Ok(())
    }
}

/// The key of the row at a position of the default order.
fn row_key(position: &Position) -> Option<RowKey> {
    match position.values.first()? {
        SortValue::Time(micros) => Some((Instant(*micros), position.id)),
        SortValue::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        idempotency::{ApiResponse, Fingerprint},
        seed::person,
    };

    fn key(name: &str) -> ScopedKey {
        ScopedKey {
            scope: [7; 32],
            key: name.as_bytes().to_vec(),
        }
    }

    fn saved(status: u16, at: i64) -> Saved {
        Saved {
            fingerprint: Fingerprint::new("POST", "/v0/customers", b"{}"),
            response: ApiResponse {
                status,
                is_problem: false,
                body: b"{}".to_vec(),
            },
            at: Instant(at),
        }
    }

    // BEHAVIOUR 5.b5
    #[test]
    fn a_new_customer_is_compared_with_those_that_are_banned_now() {
        let with = |ban_status| Record {
            first_name: Some("Ottoline".to_owned()),
            last_name: Some("Quay".to_owned()),
            dob: Some("1980-02-29".to_owned()),
            ban_status,
            ..person(0, 1, "tenant")
        };
        let (banned, allowed) = (with(BanStatus::Banned), with(BanStatus::Allowed));
        let mut store = MemoryStore::of([allowed.clone()]).unwrap();
        for (record, is_banned) in [(&banned, true), (&allowed, false)] {
            store
                .replace(record, &record.to_document().unwrap())
                .unwrap();
            assert_eq!(store.is_banned_identity(&allowed).unwrap(), is_banned);
        }
    }

    #[test]
    fn what_is_written_as_json_reads_back_whole() {
        let people: Vec<Record> = (0..3).map(|number| person(0, number, "tenant")).collect();
        let mut store = MemoryStore::of(people.clone()).unwrap();
        store.add_note(people[0].id, Instant(1), "a note").unwrap();
        store.remember(&key("a"), &saved(201, 1)).unwrap();
        store.remember(&key("b"), &saved(400, 2)).unwrap();
        let text = store.to_json().unwrap();
        assert!(text.contains("a note"));
        let back = MemoryStore::from_json(&text).unwrap();
        assert_eq!(back.to_json().unwrap(), text);
        let documents: Vec<_> = people
            .iter()
            .map(|one| one.to_document().unwrap())
            .collect();
        assert!(back.documents().eq(documents.iter().map(Vec::as_slice)));
        assert_eq!(back.response(&key("b")), Some(saved(400, 2)));
    }

    // BEHAVIOUR 7.2
    #[test]
    fn a_response_is_dropped_after_seven_days_unless_a_newer_one_took_its_place() {
        let mut store = MemoryStore::default();
        for (name, status, at) in [
            ("old", 201, 0),
            ("again", 400, 0),
            ("again", 201, 1),
            ("new", 201, LIFETIME_MICROS),
        ] {
            store.remember(&key(name), &saved(status, at)).unwrap();
        }
        assert_eq!(store.response(&key("old")), None);
        assert_eq!(store.response(&key("again")), Some(saved(201, 1)));
        let later = LIFETIME_MICROS + 1;
        store.remember(&key("last"), &saved(201, later)).unwrap();
        assert_eq!(store.response(&key("again")), None);
        assert!(store.response(&key("new")).is_some());
    }
}
