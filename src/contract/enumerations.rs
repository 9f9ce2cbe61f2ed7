//! The lists of values. Closed in requests, [`Open`] in responses (BEHAVIOUR §5).

use crate::contract::schema::{Enumerated, Enumeration, Shape, Shaped, enumeration};
use serde::{Deserialize, Serialize};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// A value of a list that may grow: the known values complete in an editor, and a value that the
/// API adds later passes through untouched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[tsify(type = "T | (string & {})")]
#[serde(untagged)]
pub enum Open<T> {
    /// A value of the list as known today.
    Known(T),
    /// Any other value.
    Unknown(String),
}

impl<T: Enumerated> Shaped for Open<T> {
    const SHAPE: Shape = Shape::Enumeration(&Enumeration {
        name: T::NAME,
        values: T::VALUES,
        open: true,
    });
}

enumeration! {
    /// The administrative status of a customer. The integrator sets it; the outcome of KYC is
    /// separate, see `CustomerKycStatus`.
    ///
    /// - `ACTIVE`: considered fit to do business
    /// - `DECEASED`: has died
    /// - `DENIED`: was turned away
    /// - `DORMANT`: stopped being active
    /// - `ESCHEAT`: the assets count as abandoned and belong to the state
    /// - `FROZEN`: barred from acting, for a security, legal or similar cause
    /// - `INACTIVE`: a former customer
    /// - `PROSPECT`: not a customer yet, data may be incomplete
    /// - `SANCTION`: on a sanctions list, to be watched closely
    pub enum CustomerStatus {
        /// Considered fit to do business.
        Active = "ACTIVE",
        /// Has died.
        Deceased = "DECEASED",
        /// Was turned away.
        Denied = "DENIED",
        /// Stopped being active.
        Dormant = "DORMANT",
        /// The assets count as abandoned and belong to the state.
        Escheat = "ESCHEAT",
        /// Barred from acting.
        Frozen = "FROZEN",
        /// A former customer.
        Inactive = "INACTIVE",
        /// Not a customer yet.
        Prospect = "PROSPECT",
        /// On a sanctions list.
        Sanction = "SANCTION",
    }
}

enumeration! {
    /// Whether a customer is put on hold.
    ///
    /// - `ALLOWED`: neither banned nor suspended
    /// - `BANNED`: matched a ban rule; only the platform moves a customer into or out of it
    /// - `SUSPENDED`: put on hold by hand because of fraud; setting and clearing it needs a `note`
    pub enum BanStatus {
        /// Neither banned nor suspended.
        Allowed = "ALLOWED",
        /// Matched a ban rule.
        Banned = "BANNED",
        /// Put on hold by hand.
        Suspended = "SUSPENDED",
    }
}

enumeration! {
    /// How far the identity check has come. The platform sets it.
    ///
    /// - `ACCEPTED`: verified
    /// - `PENDING`: running
    /// - `PROVIDER_FAILURE`: the vendor call failed
    /// - `PROVISIONAL`: verified in part or with limits
    /// - `REJECTED`: refused
    /// - `REVIEW`: needs a human
    /// - `UNVERIFIED`: not completed
    pub enum CustomerKycStatus {
        /// Verified.
        Accepted = "ACCEPTED",
        /// Running.
        Pending = "PENDING",
        /// The vendor call failed.
        ProviderFailure = "PROVIDER_FAILURE",
        /// Verified in part or with limits.
        Provisional = "PROVISIONAL",
        /// Refused.
        Rejected = "REJECTED",
        /// Needs a human.
        Review = "REVIEW",
        /// Not completed.
        Unverified = "UNVERIFIED",
    }
}

enumeration! {
    /// How the tax number was collected.
    ///
    /// - `MANUAL`: all nine digits were supplied
    /// - `PREFILL`: obtained through SSN prefill
    pub enum SsnSource {
        /// All nine digits were supplied.
        Manual = "MANUAL",
        /// Obtained through SSN prefill.
        Prefill = "PREFILL",
    }
}

enumeration! {
    /// What an address is used for.
    pub enum AddressType {
        /// Where bills go.
        Billing = "BILLING",
        /// Where the person legally lives.
        Legal = "LEGAL",
        /// Where a business operates.
        Operating = "OPERATING",
        /// Anything else.
        Other = "OTHER",
        /// Where parcels go.
        Shipping = "SHIPPING",
    }
}

enumeration! {
    /// The role in a retired `related_customers` entry.
    pub enum RelationshipRole {
        /// Receives a benefit.
        Beneficiary = "BENEFICIARY",
        /// Holds in trust.
        Custodian = "CUSTODIAN",
        /// Is a partner.
        Partner = "PARTNER",
    }
}

enumeration! {
    /// One term of a sort order: a field and a direction.
    pub enum SortBy {
        /// Oldest record first.
        CreationTimeAsc = "creation_time:asc",
        /// Newest record first.
        CreationTimeDesc = "creation_time:desc",
        /// Given names from A.
        FirstNameAsc = "first_name:asc",
        /// Given names from Z.
        FirstNameDesc = "first_name:desc",
        /// Family names from A.
        LastNameAsc = "last_name:asc",
        /// Family names from Z.
        LastNameDesc = "last_name:desc",
        /// Longest untouched first.
        LastUpdatedTimeAsc = "last_updated_time:asc",
        /// Last changed first.
        LastUpdatedTimeDesc = "last_updated_time:desc",
    }
}
