//! The bodies and parameters of the five operations, as `contract/customers.openapi.yaml` has them.
//!
//! `tests/contract.rs` compares every field and every list of values here with that document.

mod address;
mod customer;
mod enumerations;
mod list;
pub mod operation;
mod request;
pub mod schema;

pub use address::{Address, AddressWrite};
pub use customer::{Customer, CustomerCommon, CustomerInBody, CustomerList, Prospect};
pub use enumerations::{
    AddressType, BanStatus, CustomerKycStatus, CustomerStatus, Open, RelationshipRole, SortBy,
    SsnSource,
};
pub use list::ListCustomersParams;
pub use request::{CustomerFields, CustomerWrite, PatchCustomer};

use schema::{Shape, Shaped, text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

text! {
    /// A calendar date, `YYYY-MM-DD`, kept as text: a date with a time zone is a different day.
    CalendarDate,
        r"^([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$",
        "a date of the calendar as YYYY-MM-DD";
    /// An RFC 3339 instant with zero to nine digits of fraction (BEHAVIOUR 4.17), kept as text: a
    /// JavaScript `Date` would lose its microseconds.
    Instant,
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$",
        "an RFC 3339 instant";
    /// An E.164 phone number, `+` and at most 15 digits (BEHAVIOUR 4.9).
    Phone, r"^\+[1-9][0-9]{1,14}$", "an E.164 phone number, such as +12025550143";
    /// A whole tax number, nine digits with hyphens, as a request carries it (BEHAVIOUR 4.5).
    FullSsn, r"^[0-9]{3}-[0-9]{2}-[0-9]{4}$", "nine digits as NNN-NN-NNNN";
    /// The last four digits of a tax number, as a response carries it (BEHAVIOUR 4.5).
    MaskedSsn, r"^[0-9]{4}$", "four digits";
    /// An ISO 3166-1 alpha-2 country code.
    Country, r"^[A-Z]{2}$", "a two-letter ISO 3166-1 country code in upper case";
    /// Exactly four characters, digits or not (BEHAVIOUR 6.8).
    FourCharacters, r"^.{4}$", "a string of exactly 4 characters";
    /// The id of a customer as a step of a path: `.` and `..` would lead elsewhere even when
    /// percent-encoded.
    CustomerId, r"[^\s.]|\.\.\.", "the id of a customer, a string that is neither empty nor a path step";
    /// The id of a customer in a list of ids: one with a comma would ask for two customers.
    ListedId, r"^\s*[^,\s][^,]*$", "the id of a customer, without a comma";
    /// Where a page begins; an empty one would begin anew.
    PageToken, r".", "the next_page_token of the page before, or to be left out";
}

/// Free-form JSON that belongs to the integrator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(pub BTreeMap<String, Json>);

impl Shaped for Metadata {
    const SHAPE: Shape = Shape::FreeObject;
}

/// Any JSON value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Json {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(BTreeMap<String, Json>),
    /// `null`.
    Null,
}
