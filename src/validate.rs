//! Says what is wrong with a value: a path, what is there and what should be, never the value.
//!
//! Values that fit, as nearly all do, are recognised by the kernel in `js/shape.js` in one crossing; only
//! one that does not is walked here, by reference.

use crate::contract::schema::{Access, Enumeration, Field, Model, Pattern, Shape};
use crate::contract::{Address, Customer};
use crate::kernel::{describe, fits, is_object, items, names, own, own_by, text_of};
use js_sys::JsString;
use serde::Serialize;
use std::borrow::Cow;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// How many findings are kept: one drifting field in a page of a thousand customers says all.
const MAX_FINDINGS: usize = 100;

/// What a name looks like. Any other is not repeated: it may be data.
static NAME: Shape = Shape::Text(&Pattern {
    name: "Name",
    form: "^[A-Za-z_][0-9A-Za-z_]{0,39}$",
    wanted: "a name",
});

/// One difference from what should be there.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct Finding {
    /// Where: `customers[3].kyc_last_run`.
    pub path: String,
    /// What is there: a type, `missing`, or of a text its length and what is unusual about it.
    #[tsify(type = "string")]
    pub found: Cow<'static, str>,
    /// What should be there.
    #[tsify(type = "string")]
    pub expected: Cow<'static, str>,
}

/// Which way a value travels, which decides what may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the caller: lists are closed.
    Request {
        /// Whether a body may have fields that the contract does not know.
        allows_unknown_fields: bool,
        /// Whether fields that only the server sets are errors, rather than left out of the request.
        rejects_read_only: bool,
    },
    /// From the API: every name that the contract does not know is reported.
    Response,
}

impl Direction {
    /// From the caller, where nothing unknown may pass: options and parameters.
    pub const STRICT: Self = Self::Request {
        allows_unknown_fields: false,
        rejects_read_only: true,
    };
}

/// What is wrong with a value.
#[derive(Debug, Default)]
pub struct Report {
    /// The differences, at most 100.
    pub findings: Vec<Finding>,
    /// How many differences there are in all.
    pub total: u32,
}

/// What is wrong with a value; nothing if it fits. `root` is what the value is called; empty for bare
/// paths.
pub fn check(root: &str, value: &JsValue, shape: &'static Shape, direction: Direction) -> Report {
    let mut walk = Walk {
        report: Report::default(),
        path: String::new(),
        direction,
        is_from_api: false,
    };
    if !fits(value, shape) {
        walk.enter(Step::Name(root), |walk| walk.value(value, shape));
    }
    walk.report
}

/// The first required field that a response's body lacks, or has of another type; the body itself, if it
/// is no object.
pub fn first_required(body: &JsValue, shape: &'static Shape) -> Option<Finding> {
    let Shape::Object(model) = shape else {
        return None;
    };
    let finding = |path: &str, value: &JsValue, shape: &Shape| Finding {
        path: path.to_owned(),
        found: describe(value).into(),
        expected: type_of_shape(shape),
    };
    if !is_object(body) {
        return Some(finding("the body", body, shape));
    }
    let mut required = model.fields().filter(|field| field.required);
    required.find_map(|field| {
        let value = own(body, field.name);
        let is_fine = match field.shape {
            Shape::List(_) => items(&value, 0).is_some(),
            _ => value.is_string(),
        };
        (!is_fine).then(|| finding(field.name, &value, &field.shape))
    })
}

/// The JSON type of a shape.
fn type_of_shape(shape: &Shape) -> Cow<'static, str> {
    match shape {
        Shape::Text(_) | Shape::Enumeration(_) | Shape::Token(_) => "string".into(),
        _ => wanted(shape),
    }
}

/// What is there instead of what is wanted: a type, and of a text its length and what is unusual about it,
/// never the text.
pub fn found(value: &JsValue) -> String {
    if value.is_string() {
        describe_text(value.unchecked_ref())
    } else {
        describe(value)
    }
}

/// Why a number may not fit, without the number.
fn describe_number(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number < 0.0 {
        "a negative number"
    } else if number == 0.0 {
        "0"
    } else if number.is_finite() && number.fract() != 0.0 {
        "a fraction"
    } else {
        "a number that is too large"
    }
}

/// How many UTF-16 code units of a text are looked at.
const MAX_DESCRIBED: u32 = 10_000;

/// A text's length, and the first thing about it that is often the mistake, with its position from 1.
fn describe_text(text: &JsString) -> String {
    let length = text.length();
    if length == 0 {
        return "an empty string".to_owned();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a UTF-16 code unit"
    )]
    let unit = |index| text.char_code_at(index) as u16;
    let is_space = |unit: u16| matches!(unit, 0x20 | 0xa0);
    let unusual = |unit: u16| match unit {
        0x0a | 0x0d => Some("a line break"),
        0x00..0x20 | 0x7f => Some("a control character"),
        0x100.. => Some("a character beyond Latin-1"),
        _ => None,
    };
    let mut words = [
        "a string of ",
        &number(length),
        if length == 1 {
            " character"
        } else {
            " characters"
        },
    ]
    .concat();
    let mut strange =
        (0..length.min(MAX_DESCRIBED)).filter_map(|at| Some((at, unusual(unit(at))?)));
    if is_space(unit(0)) {
        words.push_str(" that begins with a space");
    } else if is_space(unit(length - 1)) {
        words.push_str(" that ends with a space");
    } else if let Some((at, what)) = strange.next() {
        for part in [" with ", what, " at position ", &number(at + 1)] {
            words.push_str(part);
        }
    }
    words
}

/// What a value of a shape is called in a message.
pub fn wanted(shape: &Shape) -> Cow<'static, str> {
    match shape {
        Shape::Text(pattern) | Shape::Token(pattern) => pattern.wanted.into(),
        Shape::Boolean => "boolean".into(),
        Shape::Integer { .. } => "a whole number of at least 1".into(),
        Shape::Number(range) => range.wanted.into(),
        Shape::Enumeration(list) => one_of(list.values.iter().copied()),
        Shape::Object(_) | Shape::FreeObject => "object".into(),
        Shape::List(_) | Shape::NonEmptyList(_) => "array".into(),
        Shape::Host(value) => value.wanted.into(),
    }
}

fn one_of<'a>(names: impl Iterator<Item = &'a str>) -> Cow<'static, str> {
    let mut text = String::from("one of ");
    for (index, name) in names.enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(name);
    }
    text.into()
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Index(u32),
}

struct Walk {
    report: Report,
    path: String,
    direction: Direction,
    /// Whether the object that is walked, or one around it, came from the API: it has an `id`.
    is_from_api: bool,
}

impl Walk {
    /// Walks what is a step further down.
    fn enter(&mut self, step: Step<'_>, walk: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        match step {
            Step::Name(name) => {
                if !self.path.is_empty() && !name.is_empty() {
                    self.path.push('.');
                }
                self.path.push_str(name);
            }
            Step::Index(index) => {
                self.path.push('[');
                self.path.push_str(&number(index));
                self.path.push(']');
            }
        }
        walk(self);
        self.path.truncate(length);
    }

    fn report(
        &mut self,
        found: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
    ) {
        self.report.total += 1;
        if self.report.findings.len() < MAX_FINDINGS {
            self.report.findings.push(Finding {
                path: self.path.clone(),
                found: found.into(),
                expected: expected.into(),
            });
        }
    }

    fn value(&mut self, value: &JsValue, shape: &'static Shape) {
        match shape {
            Shape::List(item) | Shape::NonEmptyList(item) => match items(value, u32::MAX) {
                Some(members) => {
                    if members.is_empty() && matches!(shape, Shape::NonEmptyList(_)) {
                        self.report("an empty array", wanted(item));
                    }
                    for (index, member) in (0..).zip(&members) {
                        self.enter(Step::Index(index), |walk| walk.value(member, item));
                    }
                }
                None => self.mismatch(value, shape),
            },
            Shape::Object(model) if is_object(value) => self.object(value, model),
            _ if fits(value, shape) => {}
            _ => self.mismatch(value, shape),
        }
    }

    /// A value of another type, or one of the right type that does not fit.
    fn mismatch(&mut self, value: &JsValue, shape: &Shape) {
        let found = describe(value);
        let is_text = matches!(
            shape,
            Shape::Text(_) | Shape::Enumeration(_) | Shape::Token(_)
        );
        let is_number = matches!(shape, Shape::Integer { .. } | Shape::Number(_));
        let is_close = (is_text && found == "string") || (is_number && found == "number");
        let is_any_text = self.direction == Direction::Response && !is_close;
        let expected = match shape {
            Shape::Text(_) if is_any_text => "string".into(),
            Shape::Enumeration(list) => same_letters(value, list).map_or_else(
                || wanted(shape),
                |near| {
                    [&wanted(shape), "; did you mean ", near, "?"]
                        .concat()
                        .into()
                },
            ),
            _ => wanted(shape),
        };
        let found = match (is_close, is_text) {
            (true, true) => describe_text(value.unchecked_ref()),
            (true, false) => describe_number(value.as_f64().unwrap_or_default()).to_owned(),
            (false, _) => found,
        };
        self.report(found, expected);
    }

    fn object(&mut self, value: &JsValue, model: &'static Model) {
        let was_from_api = self.is_from_api;
        self.is_from_api |= own(value, "id").is_string();
        self.members(value, model);
        self.is_from_api = was_from_api;
    }

    fn members(&mut self, value: &JsValue, model: &'static Model) {
        for name in &names(value, u32::MAX) {
            let member = own_by(value, name);
            let known = text_of(name, &NAME);
            let field = known.as_deref().and_then(|name| model.field(name));
            let shown = known.as_deref().unwrap_or("(a name that is not shown)");
            self.enter(Step::Name(shown), |walk| match field {
                // A filter or an option of an unknown name is a mistake, even without a value.
                _ if member.is_undefined() && !(field.is_none() && model.is_closed) => {}
                None => walk.unknown(known.as_deref(), &member, model),
                Some(field) => walk.member(&member, field, model),
            });
        }
        for field in model.fields().filter(|field| field.required) {
            let member = own(value, field.name);
            if member.is_undefined() {
                self.enter(Step::Name(field.name), |walk| {
                    walk.mismatch(&member, &field.shape);
                });
            }
        }
    }

    fn member(&mut self, value: &JsValue, field: &'static Field, model: &Model) {
        let is_body = self.direction != Direction::Response && !model.is_closed;
        if value.is_null() && is_body && !field.required {
            // The contract has no nullable field (BEHAVIOUR 4.15).
            self.report("null", "a value, or nothing: the API cannot clear a field");
        } else {
            self.value(value, &field.shape);
        }
    }

    /// A name that the model does not know: the API ignores it without a word, so it is a mistake, unless
    /// the API has grown.
    fn unknown(&mut self, name: Option<&str>, value: &JsValue, model: &Model) {
        let Direction::Request {
            allows_unknown_fields,
            rejects_read_only,
        } = self.direction
        else {
            self.report(describe(value), "nothing: not in the contract");
            return;
        };
        if !model.is_closed && name.is_some_and(|name| is_read_only(model, name)) {
            // A patch that changes less than it says would hide a mistake.
            if rejects_read_only {
                self.report(describe(value), "nothing: only the server sets it");
            }
            return;
        }
        if !model.is_closed && (allows_unknown_fields || self.is_from_api) {
            return;
        }
        let known = || model.fields().map(|field| field.name);
        let mut expected = match name.and_then(|name| nearest(name, known())) {
            Some(near) => ["a known name; did you mean ", near, "?"].concat(),
            None => one_of(known()).into_owned(),
        };
        if !model.is_closed {
            expected.push_str(" (allowUnknownFields: true sends it all the same)");
        }
        self.report("an unknown name", expected);
    }
}

/// The value of a list that differs from a text in the case of letters only. Compared by reference, since
/// the text may be anything.
fn same_letters(value: &JsValue, list: &Enumeration) -> Option<&'static str> {
    let text: &JsString = value.dyn_ref()?;
    let lower = text.to_lower_case();
    let mut values = list.values.iter().copied();
    values.find(|known| JsString::from(*known).to_lower_case() == lower)
}

/// Whether a field that a request's model does not have is one that only the server sets (BEHAVIOUR 4.2).
fn is_read_only(model: &Model, name: &str) -> bool {
    let response = if model.name == "AddressWrite" {
        &Address::MODEL
    } else {
        &Customer::MODEL
    };
    read_only_fields(response).any(|field| field == name)
}

/// The names of the fields that only the server sets.
pub fn read_only_fields(model: &Model) -> impl Iterator<Item = &'static str> {
    let fields = model.fields();
    fields
        .filter(|field| field.access == Access::ReadOnly)
        .map(|field| field.name)
}

/// A whole number as text. `format!` would weigh more than all the words.
pub fn number(number: impl Into<u64>) -> String {
    digits_of(number.into())
}

fn digits_of(mut rest: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((rest % 10) as u32, 10).unwrap_or('0'));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}

/// The known name nearest to the one given, if any is near.
fn nearest(given: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // Case and separators are what people most often get wrong, so they do not count.
    let plain = |name: &str| -> Vec<u8> {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let given = plain(given);
    known
        .map(|name| (distance(&given, &plain(name)), name))
        .filter(|(edits, name)| edits * 3 <= name.len())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name)
}

/// The number of single-letter edits from one to the other (Levenshtein).
fn distance(from: &[u8], to: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, a) in from.iter().enumerate() {
        let mut before = line;
        let mut left = line + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(to) {
            let edited = before + usize::from(a != b);
            before = *cell;
            left = edited.min(left + 1).min(before + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::options::ClientOptions;

    #[test]
    fn suggests_the_nearest_known_name_if_one_is_near() {
        let options = || ClientOptions::MODEL.fields().map(|field| field.name);
        for (given, wanted) in [
            ("accesToken", Some("accessToken")),
            ("access_token", Some("accessToken")),
            ("timeout", Some("timeoutMs")),
            ("base_url", Some("baseUrl")),
            ("color", None),
        ] {
            assert_eq!(nearest(given, options()), wanted, "{given}");
        }
    }

    #[test]
    fn counts_single_letter_edits() {
        for (a, b, edits) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("ab", "ba", 2),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), edits, "{a} {b}");
        }
    }

    #[test]
    fn writes_whole_numbers() {
        for (value, text) in [
            (0_u64, "0"),
            (7, "7"),
            (60_000, "60000"),
            (u64::MAX, "18446744073709551615"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn knows_what_only_the_server_sets() {
        let names: Vec<_> = read_only_fields(&Customer::MODEL).collect();
        assert_eq!(
            names,
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
        assert_eq!(
            read_only_fields(&Address::MODEL).collect::<Vec<_>>(),
            ["id", "address_type"]
        );
    }
}
