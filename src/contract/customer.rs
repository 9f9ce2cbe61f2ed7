//! Customers as the API sends them.

use super::{
    Address, BanStatus, CalendarDate, CustomerKycStatus, CustomerStatus, Instant, MaskedSsn,
    Metadata, Open, Phone, SsnSource,
};
use crate::contract::schema::model;
use serde::{Deserialize, Serialize};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

model! {
    /// What `Customer` and `Prospect` have in common. A field without a value is left out, never
    /// null.
    pub struct CustomerCommon {
        /// Identifier (UUID); the same value works as a person id. Set by the server.
        read_only public required id: String;
        /// When the record was made: RFC 3339, UTC, up to six digits of fraction. Set by the server.
        read_only public optional creation_time: Instant, "string";
        /// When the record last changed: RFC 3339, UTC. Set by the server.
        read_only public optional last_updated_time: Instant, "string";
        /// Every address on file. Set by the server.
        read_only personal optional addresses: Vec<Address>;
        /// Whether the customer is put on hold.
        read_write personal optional ban_status: Open<BanStatus>;
        /// E-mail address; the API declares no format.
        read_write personal optional email: String;
        /// Whether any account exists. Set by the server.
        read_only public optional has_accounts: bool;
        /// Whether KYC is waived. Set by the server.
        read_only public optional kyc_exempt: bool;
        /// When KYC last ran (RFC 3339, UTC); absent if it never did. Set by the server.
        read_only public optional kyc_last_run: Instant, "string";
        /// How far the identity check has come. Set by the server.
        read_only personal optional kyc_status: Open<CustomerKycStatus>;
        /// Where the person legally lives.
        read_write personal optional legal_address: Address;
        /// Where parcels go. A request without it may make it a copy of the legal address.
        read_write personal optional shipping_address: Address;
        /// Free-form JSON owned by the integrator; it must not hold personal data.
        read_write personal optional metadata: Metadata, "Record<string, unknown>";
        /// Middle name.
        read_write personal optional middle_name: String;
        /// Mobile number, E.164.
        read_write personal optional phone_number: Phone, "string";
        /// The **last four digits** of the tax number; a response never carries more.
        read_write secret optional ssn: MaskedSsn, "string";
        /// How the tax number was collected. Set by the server.
        read_only public optional ssn_source: Open<SsnSource>;
        /// The workspace that owns the record; matters only to integrators with more than one.
        read_write public optional tenant: String;
        /// Given name.
        read_write personal optional first_name: String;
        /// Family name.
        read_write personal optional last_name: String;
        /// Birth date, `YYYY-MM-DD`. Keep it as text: a `Date` moves it by the time zone.
        read_write personal optional dob: CalendarDate, "string";
    }
}

model! {
    /// A customer in any status except `PROSPECT`, a status unknown today included.
    pub struct Customer extends common: CustomerCommon {
        /// The administrative status.
        read_write personal required status: Open<CustomerStatus>,
            "Open<Exclude<CustomerStatus, \"PROSPECT\">>";
    }
}

model! {
    /// A potential customer, whose data may be incomplete. It becomes a `Customer` when a patch
    /// sets another status.
    pub struct Prospect extends common: CustomerCommon {
        /// Always `PROSPECT`.
        read_write personal required status: CustomerStatus, "\"PROSPECT\"";
    }
}

/// A customer or a prospect, distinguished by `status`. `isProspect` narrows to either.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(untagged)]
pub enum CustomerInBody {
    /// Any status except `PROSPECT`.
    Customer(Customer),
    /// Status `PROSPECT`.
    Prospect(Prospect),
}

model! {
    /// One page of customers.
    pub struct CustomerList {
        /// The customers of this page; may be empty.
        read_only personal required customers: Vec<Customer>, "CustomerInBody[]";
        /// Present only while further rows exist: send it back as `page_token`, with the same
        /// filters and order. Absent means that this was the last page; a short page does not.
        read_only public optional next_page_token: String;
    }
}
