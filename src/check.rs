//! Compares a value with a [`Shape`]: the arguments of a call before it is sent, and, where the
//! caller asked for it, every response with the contract.
//!
//! A finding names a path and types, never a value.

use crate::schema::{Access, Enumeration, Model, Pattern, Shape};
use crate::view::{Kind, View};
use wasm_bindgen::prelude::*;

/// Which way the value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the API. Fields the contract does not know pass (the API may have grown), `null` passes
    /// (its meaning is the API's to decide, BEHAVIOUR 4.15), lists of values are closed.
    Request,
    /// From the API. Everything that differs from the contract is reported.
    Response,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, tsify::Tsify)]
pub struct Finding {
    /// Where: `customers[3].kyc_last_run`.
    pub path: String,
    /// What is there: a type, or `missing`.
    pub found: &'static str,
    /// What should be there.
    pub expected: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            path,
            found,
            expected,
        } = self;
        write!(f, "{path}: {found}, expected {expected}")
    }
}

/// How many findings are kept; one drifting field in a page of a thousand customers says all.
pub const MOST_FINDINGS: usize = 100;

/// Walks one value.
pub struct Check {
    direction: Direction,
    path: String,
    findings: Vec<Finding>,
    total: usize,
}

impl Check {
    /// Starts at a value called `root` in paths; an empty root gives bare paths.
    pub fn new(direction: Direction, root: &str) -> Self {
        Self {
            direction,
            path: root.to_owned(),
            findings: Vec::new(),
            total: 0,
        }
    }

    /// What was found: at most [`MOST_FINDINGS`], and how many there were in all.
    pub fn finish(self) -> (Vec<Finding>, usize) {
        (self.findings, self.total)
    }

    /// Compares one value.
    pub fn value<V: View>(&mut self, value: &V, shape: &Shape) {
        let kind = value.kind();
        if kind == Kind::Null && self.direction == Direction::Request && !self.path_is_root() {
            return;
        }
        match *shape {
            Shape::Text(pattern) => self.text(value, kind, pattern),
            Shape::Enumeration(list) => self.enumeration(value, kind, list),
            Shape::Integer { minimum } => self.integer(value, kind, minimum),
            Shape::Boolean => self.kind(kind, Kind::Boolean),
            Shape::Object(model) if kind == Kind::Object => self.object(value, model),
            Shape::Object(_) | Shape::FreeObject => self.kind(kind, Kind::Object),
            Shape::List(item) if kind == Kind::List => self.list(value, item),
            Shape::List(_) => self.kind(kind, Kind::List),
        }
    }

    fn kind(&mut self, kind: Kind, expected: Kind) {
        if kind != expected {
            self.report(kind.name(), expected.name());
        }
    }

    fn path_is_root(&self) -> bool {
        !self.path.contains(['.', '['])
    }

    fn text<V: View>(&mut self, value: &V, kind: Kind, pattern: Pattern) {
        match value.with_text(|text| pattern.fits(text)) {
            Some(true) => {}
            Some(false) => self.report("another string", pattern.wanted()),
            None if self.direction == Direction::Response => self.report(kind.name(), "string"),
            None => self.report(kind.name(), pattern.wanted()),
        }
    }

    fn enumeration<V: View>(&mut self, value: &V, kind: Kind, list: &Enumeration) {
        match value.with_text(|text| list.values.contains(&text)) {
            Some(true) => {}
            Some(false) => self.report("another string", &one_of(list)),
            None => self.report(kind.name(), &one_of(list)),
        }
    }

    fn integer<V: View>(&mut self, value: &V, kind: Kind, minimum: i64) {
        /// Above this a JavaScript number no longer counts one by one.
        const LARGEST: f64 = 9_007_199_254_740_991.0;
        let expected = || format!("a whole number of at least {minimum}");
        match value.number() {
            #[expect(clippy::cast_precision_loss, reason = "minimums are small")]
            Some(number)
                if number.fract() == 0.0 && number >= minimum as f64 && number <= LARGEST => {}
            Some(_) => self.report("another number", &expected()),
            None => self.report(kind.name(), &expected()),
        }
    }

    fn object<V: View>(&mut self, value: &V, model: &Model) {
        for field in model.fields() {
            let member = value.member(field.name);
            let kind = member.kind();
            let unexpected =
                field.access == Access::WriteOnly && self.direction == Direction::Response;
            if kind == Kind::Absent && !field.required {
                continue;
            }
            self.at(field.name, |check| {
                if unexpected {
                    check.report(kind.name(), "nothing: it is never returned");
                } else if kind == Kind::Null && field.required {
                    check.report(kind.name(), "a value");
                } else {
                    check.value(&member, &field.shape);
                }
            });
        }
        if self.direction == Direction::Response {
            self.unknown_members(value, model);
        }
    }

    fn unknown_members<V: View>(&mut self, value: &V, model: &Model) {
        for name in value.names() {
            if model.field(&name).is_none() {
                let kind = value.member(&name).kind();
                self.at(&name, |check| {
                    check.report(kind.name(), "nothing: not in the contract");
                });
            }
        }
    }

    fn list<V: View>(&mut self, value: &V, item: &Shape) {
        for index in 0..value.length() {
            let length = self.path.len();
            self.path.push_str(&format!("[{index}]"));
            self.value(&value.item(index), item);
            self.path.truncate(length);
        }
    }

    fn at(&mut self, name: &str, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        look(self);
        self.path.truncate(length);
    }

    fn report(&mut self, found: &'static str, expected: &str) {
        self.total += 1;
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding {
                path: self.path.clone(),
                found,
                expected: expected.to_owned(),
            });
        }
    }
}

fn one_of(list: &Enumeration) -> String {
    format!("one of {}", list.values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Customer, CustomerList, CustomerWrite, ListCustomersParams, PatchCustomer};
    use serde_json::{Value, json};

    #[track_caller]
    fn findings(
        direction: Direction,
        root: &str,
        model: &'static Model,
        value: &Value,
    ) -> Vec<String> {
        let mut check = Check::new(direction, root);
        check.value(&Some(value), &Shape::Object(model));
        check.finish().0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_response_that_fits_the_contract_has_no_findings() {
        let value = json!({"customers": [{
            "id": "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64", "status": "ACTIVE", "ssn": "4329",
            "dob": "1991-07-23", "metadata": {"any": ["thing"]},
            "creation_time": "2025-02-03T14:05:06.120045Z",
            "legal_address": {"address_line_1": "12 Lantern Row", "country_code": "US"},
            "addresses": [{"address_line_1": "12 Lantern Row", "country_code": "US"}],
        }]});
        let found = findings(Direction::Response, "", &CustomerList::MODEL, &value);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn a_drifting_response_is_reported_by_path_and_type_and_never_by_value() {
        let value = json!({"customers": [
            {"id": "1", "status": "ACTIVE"},
            {"id": "2", "status": "ARCHIVED", "kyc_last_run": 17, "ssn": "987-65-4329",
             "nickname": {}, "note": "secret", "dob": null,
             "legal_address": {"address_line_1": 7}},
        ]});
        let found = findings(Direction::Response, "", &CustomerList::MODEL, &value);
        assert_eq!(
            found,
            [
                "customers[1].kyc_last_run: number, expected string",
                "customers[1].legal_address.address_line_1: number, expected string",
                "customers[1].legal_address.country_code: missing, expected string",
                "customers[1].ssn: another string, expected four digits",
                "customers[1].dob: null, expected string",
                "customers[1].status: another string, expected one of ACTIVE, DECEASED, DENIED, \
                 DORMANT, ESCHEAT, FROZEN, INACTIVE, PROSPECT, SANCTION",
                "customers[1].nickname: object, expected nothing: not in the contract",
                "customers[1].note: string, expected nothing: not in the contract",
            ]
        );
        assert!(
            found
                .iter()
                .all(|line| !line.contains("987") && !line.contains("secret"))
        );
    }

    #[test]
    fn a_request_is_refused_for_wrong_types_forms_and_values_only() {
        let table = [
            (json!({"status": "ACTIVE"}), vec![]),
            (
                json!({"status": "ACTIVE", "first_name": null, "not_known_yet": 1}),
                vec![],
            ),
            (
                json!({}),
                vec![
                    "customer.status: missing, expected one of ACTIVE, DECEASED, DENIED, DORMANT, \
                     ESCHEAT, FROZEN, INACTIVE, PROSPECT, SANCTION",
                ],
            ),
            (
                json!({"status": "ACTIVE", "ssn": "98765432", "phone_number": 5}),
                vec![
                    "customer.phone_number: number, expected an E.164 phone number, such as \
                     +12025550143",
                    "customer.ssn: another string, expected nine digits as NNN-NN-NNNN",
                ],
            ),
            (
                json!({"status": null}),
                vec!["customer.status: null, expected a value"],
            ),
            (json!([]), vec!["customer: array, expected object"]),
            (json!(null), vec!["customer: null, expected object"]),
        ];
        for (value, expected) in table {
            let found = findings(
                Direction::Request,
                "customer",
                &CustomerWrite::MODEL,
                &value,
            );
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn a_limit_is_a_whole_number_from_one() {
        for (limit, fine) in [
            (json!(1), true),
            (json!(250), true),
            (json!(0), false),
            (json!(-1), false),
            (json!(1.5), false),
            (json!("10"), false),
        ] {
            let value = json!({"limit": limit});
            let found = findings(
                Direction::Request,
                "params",
                &ListCustomersParams::MODEL,
                &value,
            );
            assert_eq!(found.is_empty(), fine, "{value}");
        }
    }

    #[test]
    fn a_flood_of_findings_is_counted_but_not_kept() {
        let customers: Vec<_> = (0..1000)
            .map(|_| json!({"id": 1, "status": "ACTIVE"}))
            .collect();
        let value = json!({ "customers": customers });
        let mut check = Check::new(Direction::Response, "");
        check.value(&Some(&value), &Shape::Object(&CustomerList::MODEL));
        let (kept, total) = check.finish();
        assert_eq!((kept.len(), total), (MOST_FINDINGS, 1000));
    }

    #[test]
    fn a_shared_field_is_found_through_the_base() {
        assert!(Customer::MODEL.field("email").is_some());
        assert!(PatchCustomer::MODEL.field("tenant").is_none());
    }
}
