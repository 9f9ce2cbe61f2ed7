//! Failures as the API words them: RFC 7807 bodies with Synctera's codes (BEHAVIOUR 8).

use std::collections::BTreeMap;

use serde::Serialize;

/// Prefix of the `type` member.
const TYPE_BASE: &str = "https://dev.synctera.com/errors/";

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $status:literal $slug:expr, $title:literal;)*) => {
        /// A code of the error catalogue that can arise on the Customers API (BEHAVIOUR 8).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it stands in a body.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The HTTP status that goes with the code.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// The last segment of `type`; the catalogue gives none for some codes.
            #[must_use]
            pub fn slug(self) -> Option<&'static str> {
                match self { $(Self::$variant => $slug,)* }
            }

            /// The title, one to one with `type`.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

codes! {
    /// A path or header is not acceptable.
    BadRequest "BAD_REQUEST" 400 Some("bad-request"), "Bad Request";
    /// The body is not acceptable; see `missing`, `invalid`, `immutable`.
    BadRequestBody "BAD_REQUEST_BODY" 400 Some("bad-request-body"), "Bad Request Body";
    /// A query parameter is not acceptable.
    BadQueryParameter "BAD_QUERY_PARAMETER" 400 Some("bad-request-query"), "Bad Request Query Parameter";
    /// The workspace has not bought the feature.
    FeatureNotAvailable "FEATURE_NOT_AVAILABLE" 400 Some("bad-request"), "Bad Request";
    /// A body refers to a customer that does not exist.
    CustomerNotFound "CUSTOMER_NOT_FOUND" 400 Some("not-found"), "Not Found";
    /// No key, or not a known one.
    Unauthenticated "UNAUTHENTICATED" 401 Some("unauthenticated"), "Unauthenticated";
    /// A known key without the right.
    Forbidden "FORBIDDEN" 403 Some("forbidden"), "Forbidden";
    /// Nothing under that path.
    ResourceNotFound "RESOURCE_NOT_FOUND" 404 Some("not-found"), "Not Found";
    /// Accepting the request would make a duplicate.
    DuplicateResource "DUPLICATE_RESOURCE" 409 Some("duplicate"), "Duplicate Resource";
    /// The first request under this idempotency key is still running; 409 or 422.
    IdempotencyConcurrentUse "IDEMPOTENCY_CONCURRENT_USE" 409 Some("conflict"), "Conflict";
    /// The idempotency key belongs to another request.
    IdempotencyInvalidReuse "IDEMPOTENCY_INVALID_REUSE" 422 Some("unprocessable-entity"), "Unprocessable Entity";
    /// The status cannot be reached from the present one; see `valid_status`.
    InvalidStatus "INVALID_STATUS" 422 None, "Invalid Status";
    /// The tenant is not one of the key.
    InvalidTenancy "INVALID_TENANCY" 422 Some("rule-violation"), "Rule Violation";
    /// The workspace is not set up for this.
    BadConfiguration "BAD_CONFIGURATION" 422 None, "Bad Configuration";
    /// A rate limit was hit; see `retry_after`.
    TooManyRequests "TOO_MANY_REQUESTS" 429 Some("too-many-requests"), "Too Many Requests";
    /// The client went away.
    RequestCanceled "REQUEST_CANCELED" 499 Some("client-closed-request"), "Client Closed Request";
    /// Something failed on the server side.
    InternalError "INTERNAL_ERROR" 500 Some("internal-server-error"), "Internal Server Error";
    /// The operation does not exist yet.
    NotImplemented "NOT_IMPLEMENTED" 501 Some("not-implemented"), "Not Implemented";
    /// A vendor did not answer in time.
    VendorTimeout "VENDOR_TIMEOUT" 504 None, "Gateway Timeout";
    /// The server did not answer in time.
    GatewayTimeout "GATEWAY_TIMEOUT" 504 Some("gateway-timeout"), "Gateway Timeout";
}

impl Code {
    /// The code called `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// The code that a bare `status` most likely stands for, if the catalogue has one.
    #[must_use]
    pub fn for_status(status: u16) -> Option<Self> {
        match status {
            // 422 is led by a code that only idempotency may use, so a bare one has no code.
            422 => None,
            504 => Some(Self::GatewayTimeout),
            _ => Self::ALL
                .iter()
                .copied()
                .find(|code| code.status() == status),
        }
    }
}

/// The three lists of `BAD_REQUEST_BODY`. Nested fields are written `legal_address.city`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FieldErrors {
    /// Required fields that are absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Fields that are present but wrong, with what is wanted instead.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub invalid: BTreeMap<String, String>,
    /// Fields that the caller may not set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub immutable: Vec<String>,
}

impl FieldErrors {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.invalid.is_empty() && self.immutable.is_empty()
    }

    /// Adds a required field that is absent.
    pub fn missing(&mut self, field: impl Into<String>) {
        self.missing.push(field.into());
    }

    /// Adds a field that is wrong; the first complaint about a field stands.
    pub fn invalid(&mut self, field: impl Into<String>, wanted: impl Into<String>) {
        self.invalid
            .entry(field.into())
            .or_insert_with(|| wanted.into());
    }

    /// Adds a field that the caller may not set.
    pub fn immutable(&mut self, field: impl Into<String>) {
        self.immutable.push(field.into());
    }

    /// One sentence for `detail`. It names the fields and quotes no value, since details get logged.
    fn detail(&self) -> String {
        let mut parts = Vec::new();
        if !self.missing.is_empty() {
            parts.push(format!("missing: {}", self.missing.join(", ")));
        }
        if !self.invalid.is_empty() {
            let names: Vec<&str> = self.invalid.keys().map(String::as_str).collect();
            parts.push(format!("not valid: {}", names.join(", ")));
        }
        if !self.immutable.is_empty() {
            parts.push(format!("not yours to set: {}", self.immutable.join(", ")));
        }
        parts.join("; ")
    }
}

/// A failure, ready to be written as `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApiError {
    /// URI of the kind of failure; left out where the catalogue gives none.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Name of the kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Code of the catalogue; absent for plain HTTP failures (405, 413 …).
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "code_name")]
    pub code: Option<Code>,
    /// What went wrong, without quoting what was sent.
    pub detail: String,
    /// The lists of `BAD_REQUEST_BODY`.
    #[serde(flatten)]
    pub fields: Box<FieldErrors>,
    /// With `INVALID_STATUS`: what would have been accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub valid_status: Vec<&'static str>,
    /// With `TOO_MANY_REQUESTS`: seconds to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

// serde's `serialize_with` prescribes the reference to the option.
#[allow(clippy::ref_option)]
fn code_name<S: serde::Serializer>(code: &Option<Code>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.map_or("", Code::as_str))
}

impl ApiError {
    /// A failure of the catalogue.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: code.slug().map(|slug| format!("{TYPE_BASE}{slug}")),
            title: code.title().to_owned(),
            status: code.status(),
            code: Some(code),
            detail: detail.into(),
            fields: Box::default(),
            valid_status: Vec::new(),
            retry_after: None,
        }
    }

    /// A failure of HTTP itself, for which the catalogue has no code.
    #[must_use]
    pub fn plain(status: u16, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: Some("about:blank".to_owned()),
            title: title.into(),
            status,
            code: None,
            ..Self::new(Code::BadRequest, detail)
        }
    }

    /// 400 with the lists of field errors.
    #[must_use]
    pub fn body(fields: &FieldErrors) -> Self {
        Self {
            fields: Box::new(fields.clone()),
            ..Self::new(Code::BadRequestBody, fields.detail())
        }
    }

    /// The body. Serialising plain strings and numbers cannot fail; an empty object stands in.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_else(|_| b"{}".to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn json_of(error: &ApiError) -> Value {
        serde_json::from_slice(&error.to_json()).unwrap()
    }

    #[test]
    fn field_errors_name_fields_and_leave_empty_lists_out() {
        let mut fields = FieldErrors::default();
        fields.missing("status");
        fields.invalid("ssn", "use NNN-NN-NNNN");
        let error = ApiError::body(&fields);
        assert_eq!(
            json_of(&error),
            json!({
                "type": "https://dev.synctera.com/errors/bad-request-body",
                "title": "Bad Request Body",
                "status": 400,
                "code": "BAD_REQUEST_BODY",
                "detail": "missing: status; not valid: ssn",
                "missing": ["status"],
                "invalid": {"ssn": "use NNN-NN-NNNN"},
            })
        );
    }

    #[test]
    fn a_code_without_slug_has_no_type_and_a_plain_failure_has_no_code() {
        assert_eq!(
            json_of(&ApiError::new(Code::InvalidStatus, "x")).get("type"),
            None
        );
        let plain = json_of(&ApiError::plain(405, "Method Not Allowed", "x"));
        assert_eq!(plain["type"], "about:blank");
        assert_eq!(plain["title"], "Method Not Allowed");
        assert_eq!(plain.get("code"), None);
    }

    #[test]
    fn a_bare_status_stands_for_the_code_that_is_likeliest() {
        for (status, code) in [
            (429, Some(Code::TooManyRequests)),
            (422, None),
            (502, None),
            (504, Some(Code::GatewayTimeout)),
        ] {
            assert_eq!(Code::for_status(status), code, "{status}");
        }
    }

    #[test]
    fn a_title_goes_with_one_type() {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for slug_and_title in Code::ALL
            .iter()
            .filter_map(|c| Some((c.slug()?, c.title())))
        {
            let title = seen.entry(slug_and_title.0).or_insert(slug_and_title.1);
            assert_eq!(*title, slug_and_title.1, "{}", slug_and_title.0);
        }
    }
}
