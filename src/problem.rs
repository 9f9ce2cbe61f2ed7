//! The API's error body (RFC 7807 with extensions, BEHAVIOUR §8). Nothing in it is required, and
//! whatever has the wrong type counts as absent: a bad error body must not hide the error.

use crate::view::{Kind, View};

/// What could be read of an error body.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problem {
    /// `code`, such as `BAD_REQUEST_BODY`.
    pub code: Option<String>,
    /// `title`: the name of the kind of error.
    pub title: Option<String>,
    /// `detail`: what went wrong this time. It may quote input, so it is not for logs.
    pub detail: Option<String>,
    /// `type`: a URI naming the kind of error.
    pub kind: Option<String>,
    /// `missing`: names of required fields that are absent.
    pub missing: Vec<String>,
    /// `invalid`: field name and explanation. It may quote input.
    pub invalid: Vec<(String, String)>,
    /// `immutable`: names of fields that may not be changed.
    pub immutable: Vec<String>,
    /// `valid_status`: the values that would have been accepted.
    pub valid_status: Vec<String>,
    /// `retry_after`: seconds to wait.
    pub retry_after: Option<f64>,
}

impl Problem {
    /// Reads a body that was JSON. `None` if it is not an object with at least one member of a
    /// problem.
    pub fn read<V: View>(body: &V) -> Option<Self> {
        if body.kind() != Kind::Object {
            return None;
        }
        let text = |name| body.member(name).text();
        let problem = Self {
            code: text("code"),
            title: text("title"),
            detail: text("detail"),
            kind: text("type"),
            missing: texts(&body.member("missing")),
            invalid: pairs(&body.member("invalid")),
            immutable: texts(&body.member("immutable")),
            valid_status: texts(&body.member("valid_status")),
            retry_after: body
                .member("retry_after")
                .number()
                .filter(|s| s.is_finite() && *s >= 0.0),
        };
        (problem != Self::default()).then_some(problem)
    }

    /// The last segment of `type`, the second-best name of an error.
    pub fn slug(&self) -> Option<&str> {
        self.kind
            .as_deref()?
            .trim_end_matches('/')
            .rsplit('/')
            .next()
    }
}

fn texts<V: View>(list: &V) -> Vec<String> {
    list.items().filter_map(|item| item.text()).collect()
}

fn pairs<V: View>(object: &V) -> Vec<(String, String)> {
    if object.kind() != Kind::Object {
        return Vec::new();
    }
    let names = object.names();
    names
        .into_iter()
        .filter_map(|name| Some((name.clone(), object.member(&name).text()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_problem_is_read_member_by_member() {
        let body = json!({
            "type": "https://dev.synctera.com/errors/bad-request-body", "title": "Bad Request Body",
            "status": 400, "code": "BAD_REQUEST_BODY", "detail": "see invalid",
            "missing": ["status"], "invalid": {"ssn": "use hyphens"}, "immutable": ["id"],
            "valid_status": ["ACTIVE"], "retry_after": 7,
        });
        let problem = Problem::read(&Some(&body)).expect("a problem");
        assert_eq!(problem.code.as_deref(), Some("BAD_REQUEST_BODY"));
        assert_eq!(problem.slug(), Some("bad-request-body"));
        assert_eq!(
            problem.invalid,
            [("ssn".to_owned(), "use hyphens".to_owned())]
        );
        assert_eq!((problem.missing.len(), problem.retry_after), (1, Some(7.0)));
    }

    #[test]
    fn members_of_the_wrong_type_count_as_absent() {
        let body = json!({
            "code": 7, "title": "T", "missing": "status", "invalid": ["x"], "immutable": [1, "a"],
            "retry_after": -1,
        });
        let problem = Problem::read(&Some(&body)).expect("a problem");
        let wanted = Problem {
            title: Some("T".to_owned()),
            immutable: vec!["a".to_owned()],
            ..Problem::default()
        };
        assert_eq!(problem, wanted);
    }

    #[test]
    fn a_body_without_any_member_of_a_problem_is_none() {
        for body in [
            json!({}),
            json!({"error": "old gateway"}),
            json!([]),
            json!("x"),
            json!(null),
        ] {
            assert_eq!(Problem::read(&Some(&body)), None, "{body}");
        }
    }
}
