//! The bodies and parameters of the five operations, as `contract/customers.openapi.yaml` has them.
//!
//! `tests/contract.rs` compares every field and every list of values here with that document.

mod address;
mod customer;
mod enumerations;
mod list;
mod request;

pub use address::{Address, AddressWrite};
pub use customer::{Customer, CustomerCommon, CustomerInBody, CustomerList, Prospect};
pub use enumerations::{
    AddressType, BanStatus, CustomerKycStatus, CustomerStatus, Open, RelationshipRole, SortBy,
    SsnSource,
};
pub use list::ListCustomersParams;
pub use request::{CustomerFields, CustomerWrite, PatchCustomer};

use crate::schema::{Pattern, Shape, Shaped};
use serde::{Deserialize, Serialize};

/// Declares a text type of its own, so that its form stands beside its name.
macro_rules! text {
    ($($(#[$meta:meta])* $name:ident, $pattern:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl Shaped for $name {
            const SHAPE: Shape = Shape::Text(Pattern::$pattern);
        }
    )*};
}

text! {
    /// A calendar date, `YYYY-MM-DD`, kept as text: a date with a time zone is a different day.
    CalendarDate, Date;
    /// An RFC 3339 instant in UTC, kept as text: a JavaScript `Date` would lose its microseconds.
    Instant, Instant;
    /// An E.164 phone number.
    Phone, Phone;
    /// A whole tax number, `NNN-NN-NNNN`.
    FullSsn, FullSsn;
    /// The last four digits of a tax number.
    MaskedSsn, MaskedSsn;
    /// An ISO 3166-1 alpha-2 country code.
    Country, Country;
    /// Exactly four characters.
    FourCharacters, FourCharacters;
}

/// Free-form JSON that belongs to the integrator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(pub serde_json::Map<String, serde_json::Value>);

impl Shaped for Metadata {
    const SHAPE: Shape = Shape::FreeObject;
}
