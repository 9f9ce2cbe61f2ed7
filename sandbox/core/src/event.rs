//! What webhooks say about customers (BEHAVIOUR 9).

use serde_json::{Map, Value, json};
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
    changed: Option<Map<String, Value>>,
}

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
            let text = Value::Object(changed.clone()).to_string();
            envelope["event_resource_changed_fields"] = text.into();
        }
        envelope.to_string()
    }
}

/// The members that differ, with their values from before; null where there was none.
fn changed(before: &[u8], after: &[u8]) -> serde_json::Result<Map<String, Value>> {
    let before: Map<String, Value> = serde_json::from_slice(before)?;
    let after: Map<String, Value> = serde_json::from_slice(after)?;
    let added = after.keys().filter(|name| !before.contains_key(*name));
    let added: Vec<_> = added.map(|name| (name.clone(), Value::Null)).collect();
    let is_changed = |(name, value): &(String, Value)| after.get(name) != Some(value);
    Ok(before.into_iter().filter(is_changed).chain(added).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(Value::Object(found).to_string(), fields);
        }
    }
}
