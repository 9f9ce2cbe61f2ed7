//! Checks the arguments of a call before anything is sent.

use crate::check::{Check, Direction, Finding};
use crate::model::{CustomerCommon, CustomerWrite, ListCustomersParams, PatchCustomer};
use crate::schema::{Access, Model, Pattern, Shape};
use crate::suggest::nearest;
use crate::view::{Kind, View};

/// The fields that only the server sets; create and update leave them out (BEHAVIOUR 4.2, 4.3).
pub fn server_fields() -> impl Iterator<Item = &'static str> {
    CustomerCommon::MODEL
        .fields()
        .filter(|f| f.access == Access::ReadOnly)
        .map(|f| f.name)
}

/// The fields of an address that only the server sets.
pub const SERVER_ADDRESS_FIELDS: [&str; 2] = ["id", "address_type"];

/// Whether a tax number is the masked form of a response, which a request must not carry
/// (BEHAVIOUR 4.5, 4.6).
pub fn is_masked<V: View>(ssn: &V) -> bool {
    ssn.with_text(|text| Pattern::MaskedSsn.fits(text)) == Some(true)
}

/// Checks the body of create or update, after what only the server sets has been left out.
pub fn customer<V: View>(customer: &V) -> Vec<Finding> {
    body(customer, "customer", &CustomerWrite::MODEL)
}

/// Checks the body of a patch. A field that only the server sets is refused rather than left out:
/// a patch that silently changes less than it says would hide a mistake.
pub fn patch<V: View>(patch: &V) -> Vec<Finding> {
    let mut findings = body(patch, "patch", &PatchCustomer::MODEL);
    for name in server_fields() {
        let kind = patch.member(name).kind();
        if kind != Kind::Absent {
            findings.push(Finding {
                path: format!("patch.{name}"),
                found: kind.name(),
                expected: "nothing: only the server sets it".to_owned(),
            });
        }
    }
    findings
}

fn body<V: View>(value: &V, root: &str, model: &'static Model) -> Vec<Finding> {
    let mut check = Check::new(Direction::Request, root);
    check.value(value, &Shape::Object(model));
    check.finish().0
}

/// Checks the parameters of a list. Unlike in a body, an unknown name is an error: it would be a
/// filter that does not filter.
pub fn list<V: View>(params: &V) -> Vec<Finding> {
    let mut findings = body(params, "params", &ListCustomersParams::MODEL);
    let known: Vec<_> = ListCustomersParams::MODEL
        .fields()
        .map(|field| field.name)
        .collect();
    for name in params.names() {
        if !known.contains(&name.as_str()) {
            findings.push(unknown("params", &name, &known));
        }
    }
    for field in ListCustomersParams::MODEL.fields() {
        if params.member(field.name).kind() == Kind::Null {
            findings.push(Finding {
                path: format!("params.{}", field.name),
                found: "null",
                expected: "a value, or to be left out".to_owned(),
            });
        }
    }
    findings.extend(ids(&params.member("id")));
    if params.member("page_token").with_text(str::is_empty) == Some(true) {
        findings.push(Finding {
            path: "params.page_token".to_owned(),
            found: "an empty string",
            expected: "the next_page_token of the page before, or to be left out".to_owned(),
        });
    }
    findings
}

/// An empty list of ids would ask for every customer, and an id with a comma for two.
fn ids<V: View>(ids: &V) -> Option<Finding> {
    let wrong = |path: String, found| Finding {
        path,
        found,
        expected: "the ids of customers".to_owned(),
    };
    if ids.kind() != Kind::List {
        return None;
    }
    if ids.length() == 0 {
        return Some(wrong("params.id".to_owned(), "an empty array"));
    }
    let bad = ids
        .items()
        .position(|id| id.with_text(|id| id.trim().is_empty() || id.contains(',')) == Some(true))?;
    Some(wrong(
        format!("params.id[{bad}]"),
        "a string that is empty or has a comma",
    ))
}

/// The finding for a name that nobody knows.
pub fn unknown(root: &str, name: &str, known: &[&str]) -> Finding {
    /// A name longer than this is not repeated: it may be data.
    const LONGEST: usize = 40;
    let advice = match nearest(name, known.iter().copied()) {
        Some(near) => format!("a known name; did you mean {near}?"),
        None => format!("one of {}", known.join(", ")),
    };
    let shown = if name.chars().count() > LONGEST {
        "(a long name)"
    } else {
        name
    };
    Finding {
        path: format!("{root}.{shown}"),
        found: "an unknown name",
        expected: advice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lines(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_only_the_server_sets_is_known_from_the_model() {
        assert_eq!(
            server_fields().collect::<Vec<_>>(),
            [
                "id",
                "creation_time",
                "last_updated_time",
                "addresses",
                "has_accounts",
                "kyc_exempt",
                "kyc_last_run",
                "kyc_status",
                "ssn_source",
            ]
        );
    }

    #[test]
    fn a_patch_of_a_server_field_is_refused() {
        let found = lines(&patch(&Some(
            &json!({"kyc_status": "ACCEPTED", "email": null}),
        )));
        assert_eq!(
            found,
            ["patch.kyc_status: string, expected nothing: only the server sets it"]
        );
    }

    #[test]
    fn a_list_parameter_that_would_not_do_what_it_says_is_refused() {
        let table = [
            (json!({"limit": 0}), "params.limit"),
            (json!({"ssn_last_4": "123"}), "params.ssn_last_4"),
            (json!({"status": "ACTVE"}), "params.status"),
            (json!({"sort_by": ["name:asc"]}), "params.sort_by[0]"),
            (json!({"sort_by": "last_name:asc"}), "params.sort_by"),
            (json!({"id": []}), "params.id: an empty array"),
            (json!({"id": ["a", "b,c"]}), "params.id[1]"),
            (json!({"id": "a"}), "params.id"),
            (json!({"page_token": ""}), "params.page_token"),
            (json!({"page_token": null}), "params.page_token"),
            (json!({"has_accounts": "true"}), "params.has_accounts"),
            (
                json!({"firstName": "x"}),
                "params.firstName: an unknown name, expected a known name; did you mean first_name?",
            ),
            (json!("x"), "params: string, expected object"),
        ];
        for (value, start) in table {
            let found = lines(&list(&Some(&value)));
            assert!(
                found.len() == 1 && found[0].starts_with(start),
                "{value}: {found:?}"
            );
        }
        let fine = json!({"limit": 5, "ssn_last_4": "12x4", "sort_by": [], "id": ["a"]});
        assert_eq!(lines(&list(&Some(&fine))), Vec::<String>::new());
    }

    #[test]
    fn only_four_digits_count_as_masked() {
        for (ssn, masked) in [
            ("4329", true),
            ("987-65-4329", false),
            ("", false),
            ("43x9", false),
        ] {
            assert_eq!(is_masked(&Some(&json!(ssn))), masked, "{ssn}");
        }
    }
}
