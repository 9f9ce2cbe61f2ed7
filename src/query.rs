//! The query of a list, from the table of [`ListCustomersParams`].

use crate::message::whole;
use crate::model::ListCustomersParams;
use crate::schema::{Field, Shape};
use crate::url::encode;
use crate::view::{Kind, View};

/// Serialises the parameters in the contract's order. Lists are joined by commas inside one
/// parameter (BEHAVIOUR 6.4); what is absent, or an empty list, is left out. Returns an empty
/// string or one that begins with `?`.
pub fn from_params<V: View>(params: &V) -> String {
    let mut query = String::new();
    for field in ListCustomersParams::MODEL.fields() {
        append(&mut query, field, &params.member(field.name));
    }
    query
}

fn append<V: View>(query: &mut String, field: &Field, value: &V) {
    if value.kind() == Kind::Absent || (value.kind() == Kind::List && value.length() == 0) {
        return;
    }
    query.push(if query.is_empty() { '?' } else { '&' });
    query.push_str(field.name);
    query.push('=');
    match field.shape {
        Shape::List(_) => {
            for (index, item) in value.items().enumerate() {
                if index > 0 {
                    query.push(',');
                }
                scalar(query, &item);
            }
        }
        _ => scalar(query, value),
    }
}

fn scalar<V: View>(query: &mut String, value: &V) {
    if let Some(flag) = value.boolean() {
        query.push_str(if flag { "true" } else { "false" });
    } else if let Some(number) = value.number() {
        query.push_str(&whole(number));
    } else {
        value.with_text(|text| encode(text, query));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn all_eleven_parameters_travel_as_the_contract_says() {
        let params = json!({
            "status": "ACTIVE", "sort_by": ["last_name:asc", "creation_time:desc"], "limit": 25,
            "id": ["3f0c2b9e-6d1a-4c57-9a53-1b7f2f0e8c11", "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64"],
            "page_token": "k7w2p9xd", "phone_number": "+12025550143", "first_name": "Otto*",
            "email": "*@example.com", "last_name": "Quay", "ssn_last_4": "4329",
            "has_accounts": true,
        });
        assert_eq!(
            from_params(&Some(&params)),
            "?has_accounts=true&ssn_last_4=4329&last_name=Quay&email=%2A%40example.com\
             &first_name=Otto%2A&phone_number=%2B12025550143&page_token=k7w2p9xd\
             &id=3f0c2b9e-6d1a-4c57-9a53-1b7f2f0e8c11,b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64\
             &limit=25&sort_by=last_name%3Aasc,creation_time%3Adesc&status=ACTIVE"
        );
    }

    #[test]
    fn what_is_absent_is_left_out() {
        for params in [json!({}), json!({"sort_by": []})] {
            assert_eq!(from_params(&Some(&params)), "");
        }
        let nothing: Option<&serde_json::Value> = None;
        assert_eq!(from_params(&nothing), "");
    }

    #[test]
    fn false_is_a_value() {
        assert_eq!(
            from_params(&Some(&json!({"has_accounts": false}))),
            "?has_accounts=false"
        );
    }
}
