//! A customer as stored and as sent.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{address::Address, instant::Instant, metadata::Metadata, pattern::fold};

macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $wire:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $wire)] $variant,)* }

        impl $name {
            /// Every value, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The value as it stands on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire,)* }
            }

            /// Reads the exact wire value.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($wire => Some(Self::$variant),)* _ => None }
            }

            /// All values, for messages.
            #[must_use]
            pub fn list() -> String {
                Self::ALL.iter().map(|v| v.as_str()).collect::<Vec<_>>().join(", ")
            }
        }
    };
}

wire_enum! {
    /// Administrative status, set by the integrator (BEHAVIOUR 5.1).
    Status {
        /// Fit to do business.
        Active "ACTIVE",
        /// Has died.
        Deceased "DECEASED",
        /// Turned away.
        Denied "DENIED",
        /// Stopped being active.
        Dormant "DORMANT",
        /// Assets belong to the state.
        Escheat "ESCHEAT",
        /// Barred from acting.
        Frozen "FROZEN",
        /// A former customer.
        Inactive "INACTIVE",
        /// Not a customer yet.
        Prospect "PROSPECT",
        /// On a sanctions list.
        Sanction "SANCTION",
    }
}

wire_enum! {
    /// Whether the person may be served (BEHAVIOUR 5.3).
    BanStatus {
        /// Neither banned nor suspended.
        Allowed "ALLOWED",
        /// Matched a ban rule; only the platform moves a customer into or out of it.
        Banned "BANNED",
        /// Put on hold by the integrator.
        Suspended "SUSPENDED",
    }
}

wire_enum! {
    /// Outcome of identity verification, set by the platform (BEHAVIOUR 5.2).
    KycStatus {
        /// Verified.
        Accepted "ACCEPTED",
        /// Running.
        Pending "PENDING",
        /// The vendor call failed.
        ProviderFailure "PROVIDER_FAILURE",
        /// Verified in part.
        Provisional "PROVISIONAL",
        /// Refused.
        Rejected "REJECTED",
        /// Needs a human.
        Review "REVIEW",
        /// Not completed.
        Unverified "UNVERIFIED",
    }
}

wire_enum! {
    /// How the SSN was collected (BEHAVIOUR 5.5).
    SsnSource {
        /// The caller sent all nine digits.
        Manual "MANUAL",
        /// Obtained through SSN prefill.
        Prefill "PREFILL",
    }
}

/// A stored customer. The field order is the order on the wire.
///
/// Of an SSN only the last four digits are kept: the API never gives more back (BEHAVIOUR 4.5),
/// and what is not stored cannot leak. `note` is not here either (BEHAVIOUR 4.4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Identifier.
    pub id: Uuid,
    /// Administrative status.
    pub status: Status,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Middle name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Birth date, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dob: Option<String>,
    /// E-mail address, as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// E.164 number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Last four digits of the SSN.
    #[serde(rename = "ssn", default, skip_serializing_if = "Option::is_none")]
    pub ssn_last_4: Option<String>,
    /// How the SSN was collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssn_source: Option<SsnSource>,
    /// Ban status.
    pub ban_status: BanStatus,
    /// KYC outcome.
    pub kyc_status: KycStatus,
    /// Whether KYC is waived.
    pub kyc_exempt: bool,
    /// When KYC last ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc_last_run: Option<Instant>,
    /// Whether any account exists.
    pub has_accounts: bool,
    /// Workspace that owns the record.
    pub tenant: String,
    /// When the record was made.
    pub creation_time: Instant,
    /// When the record was last changed.
    pub last_updated_time: Instant,
    /// Legal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_address: Option<Address>,
    /// Shipping address; see BEHAVIOUR 3 for when it is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_address: Option<Address>,
    /// The integrator's own data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// A record with the derived `addresses`. A record reads back from it: it has no such field.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    record: &'a Record,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<&'a Address>,
}

impl Record {
    /// Whether another record has the same first name, last name (in any case) and birth date, all
    /// three given.
    #[must_use]
    pub fn is_same_person(&self, other: &Self) -> bool {
        let is_same = |a: &Option<String>, b: &Option<String>| match (a, b) {
            (Some(a), Some(b)) => fold(a) == fold(b),
            _ => false,
        };
        self.dob.is_some()
            && self.dob == other.dob
            && is_same(&self.last_name, &other.last_name)
            && is_same(&self.first_name, &other.first_name)
    }

    /// The JSON of the record as a response holds it, which is also how it is stored. Absent values
    /// are left out, never null (BEHAVIOUR 4.15).
    ///
    /// # Errors
    /// When the record cannot be written as JSON.
    pub fn to_document(&self) -> serde_json::Result<Vec<u8>> {
        let addresses = self.legal_address.iter().chain(&self.shipping_address);
        serde_json::to_vec(&Document {
            record: self,
            addresses: addresses.collect(),
        })
    }
}

/// The body of a list response around documents that are joined by commas: `customers` is always
/// there, the token only if more rows exist (BEHAVIOUR 6.2). A token needs no escapes.
#[must_use]
pub fn page_response(documents: &[u8], token: Option<&str>) -> Vec<u8> {
    const HEAD: &[u8] = b"{\"customers\":[";
    let tail = match token {
        None => "]}".to_owned(),
        Some(token) => format!("],\"next_page_token\":\"{token}\"}}"),
    };
    [HEAD, documents, tail.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::person;

    // BEHAVIOUR 5.b5
    #[test]
    fn people_are_the_same_by_both_names_in_any_case_and_by_birth_date() {
        let text = |text: &str| Some(text.to_owned());
        let named = |first: Option<String>, last: Option<String>, dob: Option<String>| Record {
            first_name: first,
            last_name: last,
            dob,
            ..person(0, 1, "tenant")
        };
        let one = named(text("Élodie"), text("Quay"), text("1980-02-29"));
        for (first, last, dob, is_same) in [
            (text("Élodie"), text("Quay"), text("1980-02-29"), true),
            (text("ÉLODIE"), text("quay"), text("1980-02-29"), true),
            (text("Elodie"), text("Quay"), text("1980-02-29"), false),
            (text("Élodie"), text("Quais"), text("1980-02-29"), false),
            (text("Élodie"), text("Quay"), text("1980-02-28"), false),
            (None, text("Quay"), text("1980-02-29"), false),
            (text("Élodie"), None, text("1980-02-29"), false),
            (text("Élodie"), text("Quay"), None, false),
        ] {
            let other = named(first, last, dob);
            assert_eq!(one.is_same_person(&other), is_same, "{other:?}");
            assert_eq!(other.is_same_person(&one), is_same, "{other:?}");
        }
        let unknown = named(text("Élodie"), text("Quay"), None);
        assert!(!unknown.is_same_person(&unknown));
    }
}
