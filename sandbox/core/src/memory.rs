//! A store in memory, for one thread.

use std::collections::{HashMap, HashSet, VecDeque};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    idempotency::{LIFETIME_MICROS, Saved, ScopedKey},
    instant::Instant,
    listing::Listing,
    page_token::{Cursor, Position},
    record::{BanStatus, Record},
    store::{Page, Unit},
};

/// Customers and answered keys. A write takes effect at once: none of its steps can fail after the
/// first.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    /// In the order of creation time and id, which is the default order of a listing.
    rows: Vec<Row>,
    /// Where the row of an id stands, unless rows were put in before it since.
    places: HashMap<Uuid, usize>,
    answers: HashMap<ScopedKey, Saved>,
    /// The keys by the age of their answers, some of which may have been replaced since.
    ages: VecDeque<(Instant, ScopedKey)>,
    notes: Vec<(Uuid, Instant, String)>,
}

#[derive(Clone, Debug)]
struct Row {
    record: Record,
    document: Vec<u8>,
}

/// What a store holds, as JSON can.
#[derive(Serialize, Deserialize)]
struct Contents {
    customers: Vec<Record>,
    answers: Vec<(ScopedKey, Saved)>,
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
        self.rows.iter().map(|row| row.document.as_slice())
    }

    /// The document of a customer.
    #[must_use]
    pub fn document(&self, id: Uuid) -> Option<&[u8]> {
        Some(self.rows.get(*self.places.get(&id)?)?.document.as_slice())
    }

    /// The answer given under a key, if any.
    #[must_use]
    pub fn answer(&self, key: &ScopedKey) -> Option<Saved> {
        self.answers.get(key).cloned()
    }

    /// One page of a listing.
    #[must_use]
    pub fn page(&self, listing: &Listing) -> Page {
        let after = match &listing.after {
            None => None,
            Some(Cursor::After(position)) => Some(position.clone()),
            Some(Cursor::AfterRow(id)) => {
                match self.places.get(id).and_then(|place| self.rows.get(*place)) {
                    Some(row) => Some(listing.position(&row.record)),
                    None => return Page::default(),
                }
            }
        };
        let is_after = |position: &Position| {
            after
                .as_ref()
                .is_none_or(|after| listing.compare(position, after).is_gt())
        };
        let limit = usize::try_from(listing.limit).unwrap_or(usize::MAX);
        let mut found: Vec<&Row> = if listing.is_by_creation() {
            // The rows stand in this order already.
            self.rows
                .iter()
                .filter(|row| after.is_none() || is_after(&listing.position(&row.record)))
                .filter(|row| listing.filters.matches(&row.record))
                .take(limit + 1)
                .collect()
        } else {
            let mut found: Vec<(Position, &Row)> = self
                .rows
                .iter()
                .filter(|row| listing.filters.matches(&row.record))
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
        let mut answers: Vec<_> = newest
            .filter_map(|(_, key)| Some((key.clone(), self.answer(key)?)))
            .collect();
        answers.reverse();
        serde_json::to_string(&Contents {
            customers: self.rows.iter().map(|row| row.record.clone()).collect(),
            answers,
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
        for (key, saved) in contents.answers {
            store.remember(&key, &saved)?;
        }
        store.notes = contents.notes;
        Ok(store)
    }
}

impl Unit for MemoryStore {
    type Error = serde_json::Error;

    fn customer(&mut self, id: Uuid) -> serde_json::Result<Option<Record>> {
        let place = self.places.get(&id);
        Ok(place
            .and_then(|place| self.rows.get(*place))
            .map(|row| row.record.clone()))
    }

    fn insert(&mut self, record: &Record, document: &[u8]) -> serde_json::Result<()> {
        let key = |record: &Record| (record.creation_time, record.id);
        let place = self
            .rows
            .partition_point(|row| key(&row.record) < key(record));
        let row = Row {
            record: record.clone(),
            document: document.to_vec(),
        };
        self.rows.insert(place, row);
        for (place, row) in self.rows.iter().enumerate().skip(place) {
            self.places.insert(row.record.id, place);
        }
        Ok(())
    }

    fn replace(&mut self, record: &Record, document: &[u8]) -> serde_json::Result<()> {
        let place = self.places.get(&record.id);
        if let Some(row) = place.and_then(|place| self.rows.get_mut(*place)) {
            row.record = record.clone();
            row.document = document.to_vec();
        }
        Ok(())
    }

    fn add_note(&mut self, customer: Uuid, at: Instant, note: &str) -> serde_json::Result<()> {
        self.notes.push((customer, at, note.to_owned()));
        Ok(())
    }

    fn is_banned_identity(&mut self, record: &Record) -> serde_json::Result<bool> {
        Ok(self.rows.iter().any(|row| {
            row.record.ban_status == BanStatus::Banned && row.record.is_same_person(record)
        }))
    }

    fn recall(&mut self, key: &ScopedKey) -> serde_json::Result<Option<Saved>> {
        Ok(self.answer(key))
    }

    fn remember(&mut self, key: &ScopedKey, saved: &Saved) -> serde_json::Result<()> {
        let oldest = saved.at.0.saturating_sub(LIFETIME_MICROS);
        while let Some((at, key)) = self.ages.front()
            && at.0 <= oldest
        {
            // A key may have been answered again meanwhile.
            if self.answers.get(key).is_some_and(|saved| saved.at == *at) {
                self.answers.remove(key);
            }
            self.ages.pop_front();
        }
        self.ages.push_back((saved.at, key.clone()));
        self.answers.insert(key.clone(), saved.clone());
        Ok(())
    }
}
