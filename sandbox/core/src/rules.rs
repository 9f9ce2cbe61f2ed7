//! The points on which the sandbox can be switched, because the sources are silent or disagree.

/// What to do with a field that only the server may set (BEHAVIOUR 4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadOnlyFields {
    /// Answer 400 with the names in `immutable`.
    #[default]
    Reject,
    /// Leave the field out, with a warning.
    Ignore,
}

/// The switches of one sandbox.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Workspace that owns every record (BEHAVIOUR 4.13).
    pub tenant: String,
    /// Whether an ACTIVE customer needs first name, last name and birth date (BEHAVIOUR 4.1).
    pub strict_active: bool,
    /// What happens to read-only fields in a body (BEHAVIOUR 4.3).
    pub read_only_fields: ReadOnlyFields,
    /// Status of `IDEMPOTENCY_CONCURRENT_USE`: 409 or 422 (BEHAVIOUR 7.4).
    pub concurrent_use_status: u16,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            tenant: "qzwxec_mkjnhb".to_owned(),
            strict_active: false,
            read_only_fields: ReadOnlyFields::Reject,
            concurrent_use_status: 409,
        }
    }
}
