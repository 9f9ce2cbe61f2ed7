//! What a write does to a record: defaults, ban and note rules, status transitions.

use uuid::Uuid;

use super::{
    address::{self, CopyRule},
    body::{self, Draft, Reading},
    instant::Instant,
    problem::{ApiError, Code, FieldErrors},
    record::{BanStatus, KycStatus, Record, SsnSource, Status},
    rules::Rules,
};

/// What a write needs besides the body and the stored record.
pub struct Context<'a> {
    /// The switches.
    pub rules: &'a Rules,
    /// The present moment.
    pub now: Instant,
    /// Gives a new identifier at each call.
    pub new_id: &'a mut dyn FnMut() -> Uuid,
}

/// The record that a POST makes. `is_banned` says whether a new record has the identity of a
/// banned customer; such a one is banned on creation (BEHAVIOUR 5.b5).
///
/// # Errors
/// 400 with every field error, or 422 `INVALID_TENANCY`.
pub fn create(
    reading: Reading,
    context: &mut Context<'_>,
    is_banned: impl FnOnce(&Record) -> bool,
) -> Result<Record, ApiError> {
    let Reading {
        draft, mut errors, ..
    } = reading;
    require_note(BanStatus::Allowed, &draft, &mut errors);
    if context.rules.strict_active && draft.status == Some(Status::Active) {
        require_identity(
            [&draft.first_name, &draft.last_name, &draft.dob],
            &mut errors,
        );
    }
    finish(&errors)?;
    check_tenant(&draft, context.rules)?;
    let blank = Record {
        id: (context.new_id)(),
        // Present, or `status` were among the errors.
        status: draft.status.unwrap_or(Status::Active),
        first_name: None,
        middle_name: None,
        last_name: None,
        dob: None,
        email: None,
        phone_number: None,
        ssn_last_4: None,
        ssn_source: None,
        ban_status: BanStatus::Allowed,
        kyc_status: KycStatus::Unverified,
        kyc_exempt: false,
        kyc_last_run: None,
        has_accounts: false,
        tenant: context.rules.tenant.clone(),
        creation_time: context.now,
        last_updated_time: context.now,
        legal_address: None,
        shipping_address: None,
        metadata: None,
    };
    let mut record = merge(blank, draft, CopyRule::Always, context);
    if is_banned(&record) {
        record.ban_status = BanStatus::Banned;
    }
    Ok(record)
}

/// The record after a PUT. Omitted fields are dropped, except the ssn (BEHAVIOUR 4.6), the ban
/// status (leaving it out is no transition) and what only the server sets.
///
/// # Errors
/// 400 with every field error, 422 `INVALID_TENANCY`, or 422 `INVALID_STATUS`.
pub fn replace(
    stored: Record,
    reading: Reading,
    context: &mut Context<'_>,
) -> Result<Record, ApiError> {
    let Reading {
        draft, mut errors, ..
    } = reading;
    let names = [&draft.first_name, &draft.last_name, &draft.dob];
    check_against(&stored, &draft, names, context.rules, &mut errors);
    finish(&errors)?;
    check_tenant(&draft, context.rules)?;
    check_transition(stored.status, draft.status)?;
    let bare = Record {
        first_name: None,
        middle_name: None,
        last_name: None,
        dob: None,
        email: None,
        phone_number: None,
        legal_address: None,
        shipping_address: None,
        metadata: None,
        ..stored
    };
    Ok(merge(bare, draft, CopyRule::Always, context))
}

/// The record after a PATCH: only what the body has changes. An address is replaced whole
/// (BEHAVIOUR 4.16), and so is `metadata` (BEHAVIOUR 4.11).
///
/// # Errors
/// 400 with every field error, or 422 `INVALID_STATUS`.
pub fn patch(
    stored: Record,
    reading: Reading,
    context: &mut Context<'_>,
) -> Result<Record, ApiError> {
    let Reading {
        draft, mut errors, ..
    } = reading;
    let names = [
        draft
            .first_name
            .as_ref()
            .map_or(&stored.first_name, |_| &draft.first_name),
        draft
            .last_name
            .as_ref()
            .map_or(&stored.last_name, |_| &draft.last_name),
        draft.dob.as_ref().map_or(&stored.dob, |_| &draft.dob),
    ];
    // What a patch states or makes of a prospect is a Customer's, whose birth date has a range.
    let is_stated = draft.status.is_some() || draft.dob.is_some();
    if is_stated && draft.status.unwrap_or(stored.status) != Status::Prospect {
        body::check_birth_date(names[2].as_deref(), context.now.date(), &mut errors);
    }
    check_against(&stored, &draft, names, context.rules, &mut errors);
    finish(&errors)?;
    check_transition(stored.status, draft.status)?;
    Ok(merge(stored, draft, CopyRule::IfNoneStored, context))
}

/// The field rules that look at the stored record. `names` are first name, last name and birth
/// date as they would be afterwards.
fn check_against(
    stored: &Record,
    draft: &Draft,
    names: [&Option<String>; 3],
    rules: &Rules,
    errors: &mut FieldErrors,
) {
    if stored.ban_status == BanStatus::Banned && draft.ban_status.is_some() {
        errors.invalid("ban_status", "BANNED is cleared by the platform only");
    } else {
        require_note(stored.ban_status, draft, errors);
    }
    if rules.strict_active && draft.status == Some(Status::Active) {
        require_identity(names, errors);
    }
}

/// Moving between ALLOWED and SUSPENDED takes a note, either way (BEHAVIOUR 5.b5).
fn require_note(from: BanStatus, draft: &Draft, errors: &mut FieldErrors) {
    let moved = draft.ban_status.is_some_and(|to| to != from);
    // A note of the wrong type is reported as such already.
    let noted = draft.note.as_deref().is_some_and(|note| !note.is_empty())
        || errors.invalid.contains_key("note");
    if moved && !noted {
        errors.missing("note");
    }
}

fn require_identity(names: [&Option<String>; 3], errors: &mut FieldErrors) {
    for (field, value) in ["first_name", "last_name", "dob"].into_iter().zip(names) {
        if value.is_none() && !errors.invalid.contains_key(field) {
            errors.missing(field);
        }
    }
}

fn finish(errors: &FieldErrors) -> Result<(), ApiError> {
    if errors.is_empty() {
        Ok(())
    } else {
        Err(ApiError::body(errors))
    }
}

fn check_tenant(draft: &Draft, rules: &Rules) -> Result<(), ApiError> {
    match &draft.tenant {
        Some(tenant) if *tenant != rules.tenant => Err(ApiError::new(
            Code::InvalidTenancy,
            "tenant is not a workspace of this key",
        )),
        _ => Ok(()),
    }
}

/// Every transition is allowed except a return to PROSPECT (BEHAVIOUR 5.b4).
fn check_transition(from: Status, to: Option<Status>) -> Result<(), ApiError> {
    if from == Status::Prospect || to != Some(Status::Prospect) {
        return Ok(());
    }
    let valid_status = Status::ALL
        .iter()
        .filter(|status| **status != Status::Prospect)
        .map(|status| status.as_str())
        .collect();
    Err(ApiError {
        valid_status,
        ..ApiError::new(
            Code::InvalidStatus,
            "a customer cannot become a prospect again",
        )
    })
}

/// Lays the draft over the record.
fn merge(mut record: Record, draft: Draft, rule: CopyRule, context: &mut Context<'_>) -> Record {
    let put = |slot: &mut Option<String>, value: Option<String>| {
        if value.is_some() {
            *slot = value;
        }
    };
    put(&mut record.first_name, draft.first_name);
    put(&mut record.middle_name, draft.middle_name);
    put(&mut record.last_name, draft.last_name);
    put(&mut record.dob, draft.dob);
    put(&mut record.email, draft.email);
    put(&mut record.phone_number, draft.phone_number);
    if draft.ssn_last_4.is_some() {
        record.ssn_last_4 = draft.ssn_last_4;
        record.ssn_source = Some(SsnSource::Manual);
    }
    if draft.metadata.is_some() {
        record.metadata = draft.metadata;
    }
    record.status = draft.status.unwrap_or(record.status);
    record.ban_status = draft.ban_status.unwrap_or(record.ban_status);
    (record.legal_address, record.shipping_address) = address::settle(
        rule,
        (record.legal_address, record.shipping_address),
        draft.legal_address,
        draft.shipping_address,
        context.new_id,
    );
    // A clock that was set back must not make an update older than what it updates.
    record.last_updated_time = context.now.max(record.last_updated_time);
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::{self, Operation};
    use serde_json::{Value, json};

    struct World {
        rules: Rules,
        ids: u128,
    }

    impl World {
        fn new() -> Self {
            Self {
                rules: Rules::default(),
                ids: 0,
            }
        }

        fn write(
            &mut self,
            operation: Operation,
            stored: Option<&Record>,
            body: &Value,
        ) -> Result<Record, ApiError> {
            let now = Instant(1_750_000_000_000_000);
            let reading = body::read(
                &body::parse(body.to_string().as_bytes()).unwrap(),
                operation,
                &self.rules,
                now.date(),
            );
            let rules = self.rules.clone();
            let mut new_id = || {
                self.ids += 1;
                Uuid::from_u128(self.ids)
            };
            let mut context = Context {
                rules: &rules,
                now,
                new_id: &mut new_id,
            };
            match operation {
                Operation::Create => create(reading, &mut context, |_| false),
                Operation::Replace => replace(stored.unwrap().clone(), reading, &mut context),
                Operation::Patch => patch(stored.unwrap().clone(), reading, &mut context),
            }
        }

        fn created(&mut self, body: &Value) -> Record {
            self.write(Operation::Create, None, body).unwrap()
        }
    }

    // BEHAVIOUR 5.b5
    #[test]
    fn the_ban_status_moves_by_the_rules() {
        use BanStatus::{Allowed, Banned, Suspended};
        // stored, body, what is complained about
        let cases = [
            (Allowed, json!({"ban_status": "SUSPENDED"}), "missing note"),
            (
                Allowed,
                json!({"ban_status": "SUSPENDED", "note": ""}),
                "missing note",
            ),
            (Allowed, json!({"ban_status": "SUSPENDED", "note": "n"}), ""),
            (Suspended, json!({"ban_status": "ALLOWED"}), "missing note"),
            (Suspended, json!({"ban_status": "ALLOWED", "note": "n"}), ""),
            (Suspended, json!({"ban_status": "SUSPENDED"}), ""),
            (
                Allowed,
                json!({"ban_status": "BANNED", "note": "n"}),
                "invalid ban_status",
            ),
            (
                Banned,
                json!({"ban_status": "ALLOWED", "note": "n"}),
                "invalid ban_status",
            ),
            (Banned, json!({"first_name": "A"}), ""),
            (
                Allowed,
                json!({"ban_status": "SUSPENDED", "note": 1}),
                "invalid note",
            ),
        ];
        for (ban_status, patch, expected) in cases {
            let mut world = World::new();
            let stored = Record {
                ban_status,
                ..world.created(&json!({"status": "ACTIVE"}))
            };
            let complaint = match world.write(Operation::Patch, Some(&stored), &patch) {
                Ok(_) => String::new(),
                Err(error) => {
                    let missing = error.fields.missing.iter().map(|f| format!("missing {f}"));
                    let invalid = error.fields.invalid.keys().map(|f| format!("invalid {f}"));
                    missing.chain(invalid).collect::<Vec<_>>().join(" ")
                }
            };
            assert_eq!(complaint, expected, "{ban_status:?} {patch}");
        }
    }

    // BEHAVIOUR 5.b4
    #[test]
    fn only_the_way_back_to_prospect_is_closed() {
        let mut world = World::new();
        for from in Status::ALL {
            for to in Status::ALL {
                let stored = Record {
                    status: *from,
                    ..world.created(&json!({"status": "ACTIVE"}))
                };
                for operation in [Operation::Patch, Operation::Replace] {
                    let result = world.write(operation, Some(&stored), &json!({"status": to}));
                    let closed = *to == Status::Prospect && *from != Status::Prospect;
                    match result {
                        Ok(record) => assert!(!closed && record.status == *to),
                        Err(error) => {
                            assert!(closed, "{from:?} {to:?}");
                            assert_eq!(error.code, Some(Code::InvalidStatus));
                            assert_eq!(error.valid_status.len(), 8);
                        }
                    }
                }
            }
        }
    }

    // BEHAVIOUR 4.6, 4.11, 4.16
    #[test]
    fn put_drops_what_it_omits_but_keeps_the_ssn_and_patch_keeps_everything() {
        let mut world = World::new();
        let full = json!({
            "status": "ACTIVE", "first_name": "Ottoline", "middle_name": "Wren", "last_name": "Quay",
            "dob": "1980-02-29", "email": "o@example.com", "phone_number": "+12025550143",
            "ssn": "987-65-4329", "metadata": {"a": 1, "b": 2},
            "legal_address": {"address_line_1": "1 Row", "city": "Springfield", "country_code": "US"},
        });
        let stored = world.created(&full);
        let put = world
            .write(
                Operation::Replace,
                Some(&stored),
                &json!({"status": "ACTIVE"}),
            )
            .unwrap();
        let names = [&put.first_name, &put.middle_name, &put.last_name];
        assert_eq!(names, [&None; 3]);
        assert_eq!([&put.dob, &put.email, &put.phone_number], [&None; 3]);
        assert_eq!(put.metadata, None);
        assert_eq!((&put.legal_address, &put.shipping_address), (&None, &None));
        assert_eq!(put.ssn_last_4.as_deref(), Some("4329"));
        let patched = world
            .write(
                Operation::Patch,
                Some(&stored),
                &json!({
                    "metadata": {"b": 3},
                    "legal_address": {"address_line_1": "2 Row", "country_code": "US"},
                }),
            )
            .unwrap();
        assert_eq!(patched.first_name.as_deref(), Some("Ottoline"));
        assert_eq!(
            serde_json::to_value(patched.metadata).unwrap(),
            json!({"b": 3})
        );
        assert_eq!(
            patched.legal_address.unwrap().draft.city,
            None,
            "replaced whole"
        );
        assert_eq!(
            patched.shipping_address, stored.shipping_address,
            "the copy goes stale"
        );
    }

    // BEHAVIOUR 4.1
    #[test]
    fn the_strict_switch_asks_for_identity_on_the_way_to_active() {
        let mut world = World::new();
        world.rules.strict_active = true;
        let error = world
            .write(
                Operation::Create,
                None,
                &json!({"status": "ACTIVE", "last_name": "Quay"}),
            )
            .unwrap_err();
        assert_eq!(error.fields.missing, ["first_name", "dob"]);
        let prospect = world.created(&json!({"status": "PROSPECT", "first_name": "Ottoline"}));
        let patch = json!({"status": "ACTIVE", "dob": "1991-07-23"});
        let error = world
            .write(Operation::Patch, Some(&prospect), &patch)
            .unwrap_err();
        assert_eq!(error.fields.missing, ["last_name"]);
        let put = json!({"status": "ACTIVE", "dob": "1991-07-23", "last_name": "Quay"});
        let error = world
            .write(Operation::Replace, Some(&prospect), &put)
            .unwrap_err();
        assert_eq!(error.fields.missing, ["first_name"]);
        // A replacement of an ACTIVE customer may not drop them either.
        let identity = json!({"status": "ACTIVE", "first_name": "Ottoline", "last_name": "Quay", "dob": "1991-07-23"});
        let active = world.created(&identity);
        let bare = json!({"status": "ACTIVE"});
        let error = world
            .write(Operation::Replace, Some(&active), &bare)
            .unwrap_err();
        assert_eq!(error.fields.missing, ["first_name", "last_name", "dob"]);
        for patch in [bare, json!({"email": "a@example.com"})] {
            assert!(world.write(Operation::Patch, Some(&active), &patch).is_ok());
        }
    }

    // BEHAVIOUR 4.8
    #[test]
    fn a_patch_that_makes_or_leaves_a_customer_keeps_to_the_range_of_birth_dates() {
        let mut world = World::new();
        let far = json!({"status": "PROSPECT", "dob": "1850-01-01"});
        let prospect = world.created(&far);
        let customer = world.created(&json!({"status": "ACTIVE"}));
        for (stored, patch, is_refused) in [
            (&prospect, json!({"status": "ACTIVE"}), true),
            (
                &prospect,
                json!({"status": "ACTIVE", "dob": "1950-01-01"}),
                false,
            ),
            (&prospect, json!({"dob": "1851-01-01"}), false),
            (&prospect, json!({"email": "a@example.com"}), false),
            (&customer, json!({"dob": "1850-01-01"}), true),
            (&customer, json!({"dob": "1950-01-01"}), false),
        ] {
            let written = world.write(Operation::Patch, Some(stored), &patch);
            let complaint = written.err().map(|error| error.fields.invalid);
            let is_about_dob = complaint.is_some_and(|invalid| invalid.contains_key("dob"));
            assert_eq!(is_about_dob, is_refused, "{patch}");
        }
    }

    // BEHAVIOUR 4.13
    #[test]
    fn a_foreign_tenant_is_refused_after_the_field_errors() {
        let mut world = World::new();
        let body = json!({"status": "ACTIVE", "tenant": "abcdef_ghijkl"});
        let error = world.write(Operation::Create, None, &body).unwrap_err();
        assert_eq!(error.code, Some(Code::InvalidTenancy));
        let body = json!({"tenant": "abcdef_ghijkl"});
        let error = world.write(Operation::Create, None, &body).unwrap_err();
        assert_eq!(error.code, Some(Code::BadRequestBody));
        let body = json!({"status": "ACTIVE", "tenant": "qzwxec_mkjnhb"});
        assert_eq!(world.created(&body).tenant, "qzwxec_mkjnhb");
    }
}
