//! What is read of a response that is not a success: the API's error body (RFC 7807 with extensions,
//! BEHAVIOUR §8) and how long it asks to wait.
//!
//! Nothing in an error body is required, and whatever has the wrong type counts as absent: a bad error
//! body must not hide the error. It is read once, and no more of it than is used.

use crate::contract::schema::{Pattern, Shape, Shaped};
use crate::contract::{Address, BanStatus, Customer, CustomerStatus, CustomerWrite};
use crate::kernel::{capture, define_by, is_object, items, names, own, own_by, text_of};
use crate::policy::retry::{self, Row};
use crate::transport::{Host, Transport};
use crate::validate::number;
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

/// How many names of each list of an error body are kept.
const MAX_NAMES: u32 = 1_000;
/// How many names of each list stand in a message.
const MAX_SHOWN: usize = 20;

/// What looks like a code of the catalogue. Any other code may be data.
static CODE: Shape = Shape::Text(&Pattern {
    name: "Code",
    form: "^[A-Z_]{1,40}$",
    wanted: "",
});
/// The last segment of `type`, the second-best name of an error.
static SLUG: Shape = Shape::Text(&Pattern {
    name: "Slug",
    form: "(?:^|/)([a-z-]{1,40})/*$",
    wanted: "",
});

/// What is known of a response that is not a success.
#[derive(Default)]
pub struct Problem {
    /// Its row of the catalogue.
    pub row: Option<&'static Row>,
    /// How long the server asked to wait, in milliseconds: in the body, else in the header.
    pub asked_ms: Option<f64>,
    /// The error body, if there was one.
    pub report: Option<Report>,
}

impl Problem {
    /// Reads a response.
    pub fn read(transport: &Transport, host: &Host) -> Self {
        let exchange = transport.exchange();
        let body = exchange.body();
        let report = (exchange.is_json() && is_object(&body))
            .then(|| Report::read(&body))
            .flatten();
        let in_body = report.as_ref().and_then(|report| report.retry_after);
        let in_header = || retry::retry_after_ms(&transport.header("retry-after")?, host.date());
        Self {
            row: report
                .as_ref()
                .and_then(|report| retry::look_up(report.code.as_deref(), report.slug.as_deref())),
            asked_ms: in_body.map(|seconds| seconds * 1000.0).or_else(in_header),
            report,
        }
    }
}

/// An error body.
#[derive(Default)]
pub struct Report {
    /// The code, if it looks like one of the catalogue's.
    pub code: Option<String>,
    slug: Option<String>,
    /// In seconds.
    retry_after: Option<f64>,
    /// What a message says of it, beginning with a space.
    pub words: String,
    /// The statuses that would have been accepted, of those that the contract knows.
    pub accepted: Vec<String>,
    texts: Vec<(&'static str, JsValue)>,
    missing: Array,
    invalid: Object,
    immutable: Array,
    valid_status: Array,
}

impl Report {
    /// Reads a body; nothing if it has no member of an error body.
    fn read(body: &JsValue) -> Option<Self> {
        let mut report = Self::default();
        for name in ["code", "title", "detail", "type"] {
            let value = own(body, name);
            if value.is_string() {
                report.texts.push((name, value));
            }
        }
        report.code = text_of(&own(body, "code"), &CODE);
        report.slug = capture(&own(body, "type"), &SLUG);
        report.retry_after = own(body, "retry_after")
            .as_f64()
            .filter(|seconds| (0.0..f64::INFINITY).contains(seconds));
        report.missing = strings(&own(body, "missing"));
        report.immutable = strings(&own(body, "immutable"));
        report.valid_status = strings(&own(body, "valid_status"));
        report.accepted = report
            .valid_status
            .iter()
            .filter_map(|value| known_status(&value))
            .collect();
        let complained = reasons(&own(body, "invalid"), &report.invalid);
        if let Some(code) = &report.code {
            report.words = [" ", code].concat();
        }
        for (what, list) in [
            ("missing", &report.missing),
            ("invalid", &complained),
            ("immutable", &report.immutable),
        ] {
            report.words.push_str(&complaint(what, list));
        }
        let lists = [
            &report.missing,
            &complained,
            &report.immutable,
            &report.valid_status,
        ];
        let says = !report.texts.is_empty()
            || report.retry_after.is_some()
            || lists.iter().any(|list| list.length() > 0);
        says.then_some(report)
    }

    /// What may quote input, for the error's accessors.
    pub fn members(&self) -> Vec<(&'static str, JsValue)> {
        let mut members = self.texts.clone();
        members.extend([
            ("missing", self.missing.clone().into()),
            ("invalid", self.invalid.clone().into()),
            ("immutable", self.immutable.clone().into()),
            ("validStatus", self.valid_status.clone().into()),
        ]);
        members
    }
}

/// A value of the contract's status lists; any other may be data.
fn known_status(value: &JsValue) -> Option<String> {
    static STATUS: Shape = CustomerStatus::SHAPE;
    static BAN_STATUS: Shape = BanStatus::SHAPE;
    text_of(value, &STATUS).or_else(|| text_of(value, &BAN_STATUS))
}

/// The strings of a list, as many as are kept.
fn strings(list: &JsValue) -> Array {
    let items = items(list, MAX_NAMES).unwrap_or_default();
    items.into_iter().filter(JsValue::is_string).collect()
}

/// Copies names with their reasons into `kept`; gives the names.
fn reasons(given: &JsValue, kept: &Object) -> Array {
    let found = Array::new();
    if !is_object(given) {
        return found;
    }
    for name in names(given, MAX_NAMES) {
        let reason = own_by(given, &name);
        if reason.is_string() {
            define_by(kept, &name, &reason);
            found.push(&name);
        }
    }
    found
}

/// Names the fields that the server complains of: those the contract knows, and how many others.
fn complaint(what: &str, list: &Array) -> String {
    if list.length() == 0 {
        return String::new();
    }
    let known: Vec<String> = list
        .iter()
        .filter_map(|name| KNOWN_PATH.with(|shape| text_of(&name, shape)))
        .take(MAX_SHOWN)
        .collect();
    let mut words = ["; ", what, ": ", &known.join(", ")].concat();
    let others = list.length() as usize - known.len();
    if others > 0 {
        if !known.is_empty() {
            words.push_str(", ");
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most MAX_NAMES")]
        words.push_str(&number(others as u32));
        words.push_str(" more");
    }
    words
}

thread_local! {
    /// A path each of whose steps is a field of the contract, such as `legal_address.city`.
    static KNOWN_PATH: &'static Shape = {
        let mut step = String::from("(related_customers");
        for model in [CustomerWrite::MODEL, Customer::MODEL, Address::MODEL] {
            for field in model.fields() {
                step.push('|');
                step.push_str(field.name);
            }
        }
        step.push_str(r")(\[[0-9]{1,4}\])?");
        let form: &'static str = ["^", &step, "(\\.", &step, ")*$"].concat().leak();
        // Once for all calls.
        let pattern: &'static Pattern = Box::leak(Box::new(Pattern {
            name: "KnownPath",
            form,
            wanted: "",
        }));
        Box::leak(Box::new(Shape::Text(pattern)))
    };
}
