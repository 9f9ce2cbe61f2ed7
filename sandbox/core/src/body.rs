//! Reading a request body: every fault is collected, so that one response names them all.

use jiff::civil::Date;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use super::{
    address::{self, AddressDraft},
    bounds, calling_code,
    instant::parse_full_date,
    metadata::Metadata,
    problem::{ApiError, Code, FieldErrors},
    record::{BanStatus, Status},
    rules::{ReadOnlyFields, Rules},
    warning::Warning,
};

/// Fields that only the server sets (BEHAVIOUR 4.2).
const READ_ONLY: &[&str] = &[
    "id",
    "creation_time",
    "last_updated_time",
    "addresses",
    "has_accounts",
    "kyc_status",
    "kyc_exempt",
    "kyc_last_run",
    "ssn_source",
];

/// Fields that a caller may set, but for `metadata`, which is not read but kept.
const WRITABLE: &[&str] = &[
    "status",
    "ban_status",
    "first_name",
    "middle_name",
    "last_name",
    "email",
    "note",
    "dob",
    "phone_number",
    "ssn",
    "legal_address",
    "shipping_address",
    "tenant",
];

/// Which operation a body belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// POST: a new customer.
    Create,
    /// PUT: the customer as it should be afterwards.
    Replace,
    /// PATCH: the fields to change.
    Patch,
}

/// A body that was understood, field by field. Absent means: the body did not have it.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)] // The fields are those of the contract, under their own names.
pub struct Draft {
    pub status: Option<Status>,
    pub ban_status: Option<BanStatus>,
    pub first_name: Option<String>,
    pub middle_name: Option<String>,
    pub last_name: Option<String>,
    pub dob: Option<String>,
    pub email: Option<String>,
    pub phone_number: Option<String>,
    pub ssn_last_4: Option<String>,
    pub legal_address: Option<AddressDraft>,
    pub shipping_address: Option<AddressDraft>,
    pub metadata: Option<Metadata>,
    pub note: Option<String>,
    pub tenant: Option<String>,
}

/// A body after reading: what it says, what is wrong with it, what was left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What was understood.
    pub draft: Draft,
    /// What is wrong so far. The rules that need the stored record add to it.
    pub errors: FieldErrors,
    /// Fields that were ignored.
    pub warnings: Vec<Warning>,
}

/// The members of a JSON object, each value as it was sent. Of a name that comes twice the last value
/// counts.
#[derive(Clone, Debug, Default)]
pub struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    match members.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, known)) => *known = value,
                        None => members.push((name, value)),
                    }
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// Parses `bytes` as a JSON object. What it nests is not looked at, however deep it is.
///
/// # Errors
/// 400 `BAD_REQUEST_BODY` when it is not JSON, or not an object.
pub fn parse(bytes: &[u8]) -> Result<Members, ApiError> {
    let parsed = serde_json::from_slice::<&RawValue>(bytes).and_then(|value| {
        let is_object = value.get().starts_with('{');
        is_object.then(|| serde_json::from_slice(bytes)).transpose()
    });
    match parsed {
        Ok(Some(members)) => Ok(members),
        Ok(None) => Err(ApiError::new(
            Code::BadRequestBody,
            "the body has to be a JSON object",
        )),
        // The parser's own message can quote the input, its position cannot.
        Err(error) => Err(ApiError::new(
            Code::BadRequestBody,
            format!(
                "the body is not valid JSON (line {}, column {})",
                error.line(),
                error.column()
            ),
        )),
    }
}

/// Reads the members of a body. `today` bounds the birth date of a Customer (BEHAVIOUR 4.8).
#[must_use]
pub fn read(members: &Members, operation: Operation, rules: &Rules, today: Date) -> Reading {
    let mut reader = Reader {
        rules,
        errors: FieldErrors::default(),
        warnings: Vec::new(),
    };
    let mut draft = Draft::default();
    if operation != Operation::Patch && !members.0.iter().any(|(name, _)| name == "status") {
        reader.errors.missing("status");
    }
    for (name, value) in &members.0 {
        reader.field(&mut draft, operation, name, value);
    }
    // A prospect's has no range, and a patch's depends on the stored record; a status that is missing reads
    // as a Customer's.
    let ranged = operation != Operation::Patch && draft.status != Some(Status::Prospect);
    if ranged {
        check_birth_date(draft.dob.as_deref(), today, &mut reader.errors);
    }
    Reading {
        draft,
        errors: reader.errors,
        warnings: reader.warnings,
    }
}

/// Adds an error unless a birth date, if there is one, is a Customer's (BEHAVIOUR 4.8).
pub(super) fn check_birth_date(dob: Option<&str>, today: Date, errors: &mut FieldErrors) {
    if dob.is_some_and(|dob| !in_range(dob, today)) {
        errors.invalid("dob", "has to be 1900-01-01 or later and before today");
    }
}

fn in_range(dob: &str, today: Date) -> bool {
    parse_full_date(dob).is_some_and(|date| date >= jiff::civil::date(1900, 1, 1) && date < today)
}

/// Collects faults and warnings while a body is read.
pub(super) struct Reader<'a> {
    rules: &'a Rules,
    pub(super) errors: FieldErrors,
    warnings: Vec<Warning>,
}

impl Reader<'_> {
    fn field(&mut self, draft: &mut Draft, operation: Operation, name: &str, raw: &RawValue) {
        match name {
            "metadata" => match Metadata::read(raw) {
                Ok(metadata) => draft.metadata = Some(metadata),
                Err(wanted) => self.errors.invalid(name, wanted),
            },
            // Not part of PATCH, and a field that the API knows: it may not be changed.
            "tenant" if operation == Operation::Patch => self.read_only(name.to_owned()),
            // Retired: setting it is an error, even to [] (BEHAVIOUR 4.12).
            "related_customers" => self
                .errors
                .invalid(name, "is retired and can no longer be set"),
            _ if READ_ONLY.contains(&name) => self.read_only(name.to_owned()),
            _ if !WRITABLE.contains(&name) => self.unknown(name.to_owned()),
            _ => match serde_json::from_str(raw.get()) {
                Ok(value) => self.writable(draft, name, &value),
                // The value is JSON, so it is one that no field can have.
                Err(_) => {
                    let wanted = "is nested too deeply, or holds a number that is too large";
                    self.errors.invalid(name, wanted);
                }
            },
        }
    }

    /// Reads one of the fields of [`WRITABLE`].
    fn writable(&mut self, draft: &mut Draft, name: &str, value: &Value) {
        match name {
            "status" => draft.status = self.status(value),
            "ban_status" => draft.ban_status = self.ban_status(value),
            "first_name" => draft.first_name = self.text(name, value),
            "middle_name" => draft.middle_name = self.text(name, value),
            "last_name" => draft.last_name = self.text(name, value),
            "email" => draft.email = self.text(name, value),
            "note" => draft.note = self.text(name, value),
            "dob" => {
                draft.dob = self.checked(name, value, "has to be a date as YYYY-MM-DD", |text| {
                    parse_full_date(text).is_some()
                });
            }
            "phone_number" => draft.phone_number = self.phone_number(value),
            "ssn" => draft.ssn_last_4 = self.ssn(value),
            "legal_address" => draft.legal_address = self.address("legal_address", value),
            "shipping_address" => draft.shipping_address = self.address("shipping_address", value),
            "tenant" => draft.tenant = self.text(name, value),
            _ => {}
        }
    }

    pub(super) fn read_only(&mut self, field: String) {
        match self.rules.read_only_fields {
            ReadOnlyFields::Reject => self.errors.immutable(field),
            ReadOnlyFields::Ignore => self.warnings.push(Warning::ReadOnlyField(field)),
        }
    }

    pub(super) fn unknown(&mut self, field: String) {
        self.warnings.push(Warning::UnknownField(field));
    }

    pub(super) fn has_error(&self, field: &str) -> bool {
        self.errors.invalid.contains_key(field) || self.errors.missing.iter().any(|f| f == field)
    }

    pub(super) fn text(&mut self, field: &str, value: &Value) -> Option<String> {
        let most = match field {
            "email" => bounds::EMAIL,
            "note" => bounds::NOTE,
            _ => bounds::TEXT,
        };
        match value {
            Value::String(text) if bounds::fits(text, most) => Some(text.clone()),
            Value::String(_) => {
                let wanted = format!("can be {most} characters at most");
                self.errors.invalid(field, wanted);
                None
            }
            // No field is nullable (BEHAVIOUR 4.15).
            Value::Null => {
                self.errors.invalid(field, "has to be a string, not null");
                None
            }
            _ => {
                self.errors.invalid(field, "has to be a string");
                None
            }
        }
    }

    fn checked(
        &mut self,
        field: &str,
        value: &Value,
        wanted: &str,
        is_good: impl FnOnce(&str) -> bool,
    ) -> Option<String> {
        let text = self.text(field, value)?;
        if is_good(&text) {
            return Some(text);
        }
        self.errors.invalid(field, wanted);
        None
    }

    fn status(&mut self, value: &Value) -> Option<Status> {
        let text = self.text("status", value)?;
        let status = Status::parse(&text);
        if status.is_none() {
            let wanted = format!("has to be one of {}", Status::list());
            self.errors.invalid("status", wanted);
        }
        status
    }

    fn ban_status(&mut self, value: &Value) -> Option<BanStatus> {
        let text = self.text("ban_status", value)?;
        match BanStatus::parse(&text) {
            Some(BanStatus::Banned) => {
                self.errors
                    .invalid("ban_status", "BANNED is set by the platform only");
                None
            }
            Some(status) => Some(status),
            None => {
                self.errors
                    .invalid("ban_status", "has to be ALLOWED or SUSPENDED");
                None
            }
        }
    }

    fn phone_number(&mut self, value: &Value) -> Option<String> {
        let text = self.checked(
            "phone_number",
            value,
            "has to be an E.164 number: a plus sign and 2 to 15 digits, the first not 0",
            is_e164,
        )?;
        if calling_code::has_country_code(text.trim_start_matches('+')) {
            return Some(text);
        }
        self.errors.invalid(
            "phone_number",
            "begins with a country code that does not exist",
        );
        None
    }

    /// Keeps the last four digits of nine.
    fn ssn(&mut self, value: &Value) -> Option<String> {
        let wanted = "has to be NNN-NN-NNNN: three digits, two digits and four digits with hyphens";
        let text = self.checked("ssn", value, wanted, is_ssn)?;
        text.get(7..).map(str::to_owned)
    }

    fn address(&mut self, field: &'static str, value: &Value) -> Option<AddressDraft> {
        let Value::Object(members) = value else {
            self.errors.invalid(field, "has to be an address object");
            return None;
        };
        Some(address::read(self, field, members))
    }
}

/// `^\+[1-9]\d{1,14}$` (BEHAVIOUR 4.9).
fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// `^\d{3}-\d{2}-\d{4}$` (BEHAVIOUR 4.5).
fn is_ssn(text: &str) -> bool {
    text.len() == 11
        && text.bytes().enumerate().all(|(i, b)| match i {
            3 | 6 => b == b'-',
            _ => b.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_json(operation: Operation, body: &Value) -> Reading {
        let members = parse(body.to_string().as_bytes()).unwrap();
        let today = jiff::civil::date(2025, 6, 15);
        read(&members, operation, &Rules::default(), today)
    }

    fn invalid(operation: Operation, body: &Value) -> Vec<String> {
        read_json(operation, body)
            .errors
            .invalid
            .into_keys()
            .collect()
    }

    // BEHAVIOUR 4.1
    #[test]
    fn status_is_the_only_required_field_and_patch_requires_none() {
        assert_eq!(
            read_json(Operation::Create, &json!({})).errors.missing,
            ["status"]
        );
        assert!(read_json(Operation::Patch, &json!({})).errors.is_empty());
        assert!(
            read_json(Operation::Replace, &json!({"status": "ACTIVE"}))
                .errors
                .is_empty()
        );
    }

    // BEHAVIOUR 4.8
    #[test]
    fn the_date_range_holds_for_customers_only() {
        let dob = |operation, status: &str, dob: &str| {
            invalid(operation, &json!({"status": status, "dob": dob}))
        };
        use Operation::{Create, Patch, Replace};
        for good in ["1900-01-01", "2025-06-14"] {
            assert!(dob(Create, "ACTIVE", good).is_empty(), "{good}");
        }
        for bad in ["1899-12-31", "2025-06-15", "2025-02-30", "1-1-1"] {
            assert_eq!(dob(Create, "ACTIVE", bad), ["dob"], "{bad}");
            assert_eq!(dob(Replace, "FROZEN", bad), ["dob"], "{bad}");
        }
        for far in ["1899-12-31", "2025-06-15"] {
            assert!(dob(Create, "PROSPECT", far).is_empty(), "{far}");
            assert!(dob(Patch, "ACTIVE", far).is_empty(), "{far}");
        }
    }

    // BEHAVIOUR 4.15
    #[test]
    fn null_is_named_where_a_text_is_wanted() {
        for (value, words) in [
            (json!(null), "has to be a string, not null"),
            (json!(7), "has to be a string"),
        ] {
            let errors = read_json(Operation::Patch, &json!({"email": value})).errors;
            assert_eq!(errors.invalid["email"], words);
        }
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let reading = read_json(
            Operation::Create,
            &json!({
                "id": "x", "first_name": 7, "ssn": "123456789", "phone_number": "+1",
                "ban_status": "BANNED", "related_customers": [], "metadata": [],
                "legal_address": {"country_code": "US", "state": "Illinois", "postal_code": "1"},
                "shipping_address": {}, "colour": 1,
            }),
        );
        assert_eq!(
            reading.errors.missing,
            [
                "status",
                "legal_address.address_line_1",
                "shipping_address.address_line_1",
                "shipping_address.country_code"
            ]
        );
        assert_eq!(
            reading.errors.invalid.keys().collect::<Vec<_>>(),
            [
                "ban_status",
                "first_name",
                "legal_address.postal_code",
                "legal_address.state",
                "metadata",
                "phone_number",
                "related_customers",
                "ssn",
            ]
        );
        assert_eq!(reading.errors.immutable, ["id"]);
        assert_eq!(
            reading.warnings,
            [Warning::UnknownField("colour".to_owned())]
        );
    }

    #[test]
    fn a_country_is_checked_even_if_another_part_of_the_address_is_missing() {
        let body = json!({"legal_address": {"country_code": "XX"}});
        let errors = read_json(Operation::Patch, &body).errors;
        assert_eq!(errors.missing, ["legal_address.address_line_1"]);
        let invalid: Vec<_> = errors.invalid.into_keys().collect();
        assert_eq!(invalid, ["legal_address.country_code"]);
    }

    // BEHAVIOUR 4.14
    #[test]
    fn patch_takes_exactly_the_thirteen_fields() {
        let body = json!({
            "ban_status": "ALLOWED", "dob": "1991-07-23", "email": "a@example.com",
            "first_name": "Ottoline", "last_name": "Quay", "middle_name": "Wren", "note": "n",
            "legal_address": {"address_line_1": "1 Row", "country_code": "US"}, "metadata": {},
            "phone_number": "+12025550143", "ssn": "987-65-4329", "status": "ACTIVE",
            "shipping_address": {"address_line_1": "1 Row", "country_code": "US"},
        });
        assert_eq!(body.as_object().unwrap().len(), 13);
        let reading = read_json(Operation::Patch, &body);
        assert!(reading.errors.is_empty() && reading.warnings.is_empty());
        let refused = read_json(
            Operation::Patch,
            &json!({"tenant": "qzwxec_mkjnhb", "related_customers": []}),
        );
        assert_eq!(refused.errors.immutable, ["tenant"]);
        assert!(refused.errors.invalid.contains_key("related_customers"));
    }
}
