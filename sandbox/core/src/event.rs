//! What webhooks say about customers (BEHAVIOUR 9).

use std::collections::BTreeMap;

use serde_json::{json, value::RawValue};
use uuid::Uuid;

use super::{instant::Instant, record::Record};

/// That a customer was created or changed.
#[derive(Clone, Debug)]
pub struct Event {
    /// What the event is, as `CUSTOMER.CREATED`.
    pub kind: &'static str,
    customer: Uuid,
    at: Instant,
    /// The customer's document, as a response holds it.
    resource: String,
    /// Of the fields that changed, the values from before. None for a new customer.
    changed: Option<Members>,
}

/// The members of a document, as they stand there.
type Members = BTreeMap<String, Box<RawValue>>;

impl Event {
    /// Of a customer that is now `after`, and whose document is `document`.
    ///
    /// # Errors
    /// When the record from before cannot be written as JSON.
    pub fn new(
        before: Option<&Record>,
        after: &Record,
        document: &[u8],
        at: Instant,
    ) -> serde_json::Result<Self> {
        let changed = match before {
            Some(before) => Some(changed(&before.to_document()?, document)?),
            None => None,
        };
        Ok(Self {
            kind: if before.is_some() {
                "CUSTOMER.UPDATED"
            } else {
                "CUSTOMER.CREATED"
            },
            customer: after.id,
            at,
            resource: String::from_utf8_lossy(document).into_owned(),
            changed,
        })
    }

    /// The body of a delivery: JSON, and within it the customer as JSON in a string.
    #[must_use]
    pub fn envelope(&self, id: Uuid, webhook: Uuid, url: &str) -> String {
        let mut envelope = json!({
            "event_resource": self.resource,
            "event_time": self.at.to_string(),
            "id": id,
            "metadata": "",
            "resource_id": self.customer,
            "type": self.kind,
            "url": url,
            "webhook_id": webhook,
        });
        if let Some(changed) = &self.changed {
            // Text and JSON as it was cannot fail to be written.
            let text = serde_json::to_string(changed).unwrap_or_default();
            envelope["event_resource_changed_fields"] = text.into();
        }
        envelope.to_string()
    }
}

/// The members that differ, with their values from before; null where there was none.
fn changed(before: &[u8], after: &[u8]) -> serde_json::Result<Members> {
    let before: Members = serde_json::from_slice(before)?;
    let after: Members = serde_json::from_slice(after)?;
    let text =
        |members: &Members, name: &str| members.get(name).map(|value| value.get().to_owned());
    let names = before.keys().chain(after.keys());
    let changed = names.filter(|name| text(&before, name) != text(&after, name));
    changed
        .map(|name| {
            let old = text(&before, name).unwrap_or_else(|| "null".to_owned());
            Ok((name.clone(), RawValue::from_string(old)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::person;

    #[test]
    fn an_event_holds_the_customer_and_the_values_from_before() {
        let before = person(1, 7, "tenant");
        let after = Record {
            first_name: Some("Ottoline".to_owned()),
            ..before.clone()
        };
        let document = after.to_document().unwrap();
        let (id, webhook) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let delivered = |before: Option<&Record>| -> serde_json::Value {
            let event = Event::new(before, &after, &document, Instant(0)).unwrap();
            serde_json::from_str(&event.envelope(id, webhook, "https://example.com")).unwrap()
        };
        let created = json!({
            "event_resource": String::from_utf8(document.clone()).unwrap(),
            "event_time": Instant(0).to_string(),
            "id": id,
            "metadata": "",
            "resource_id": after.id,
            "type": "CUSTOMER.CREATED",
            "url": "https://example.com",
            "webhook_id": webhook,
        });
        assert_eq!(delivered(None), created);
        let mut updated = created;
        updated["type"] = "CUSTOMER.UPDATED".into();
        let changed = json!({"first_name": before.first_name}).to_string();
        updated["event_resource_changed_fields"] = changed.into();
        assert_eq!(delivered(Some(&before)), updated);
    }

    #[test]
    fn changed_fields_have_their_values_from_before() {
        for (before, after, fields) in [
            (r#"{"a":1,"b":2}"#, r#"{"a":1,"b":3}"#, r#"{"b":2}"#),
            (r#"{"a":1}"#, r#"{"a":1,"b":3}"#, r#"{"b":null}"#),
            (
                r#"{"a":1,"b":{"c":[1]}}"#,
                r#"{"a":1}"#,
                r#"{"b":{"c":[1]}}"#,
            ),
            (r#"{"a":1}"#, r#"{"a":1}"#, "{}"),
        ] {
            let found = changed(before.as_bytes(), after.as_bytes()).unwrap();
            assert_eq!(serde_json::to_string(&found).unwrap(), fields);
        }
    }
}
