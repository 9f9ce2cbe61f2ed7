//! Customers as an integrator may send them.

use super::{AddressWrite, BanStatus, CalendarDate, CustomerStatus, FullSsn, Metadata, Phone};
use crate::contract::schema::model;
use wasm_bindgen::prelude::*;

model! {
    /// What create and update may carry besides the status. Fields that only the server sets are
    /// not here.
    pub struct CustomerFields {
        /// Whether the customer is put on hold. Moving between `ALLOWED` and `SUSPENDED` needs a
        /// `note`; `BANNED` is the platform's to set and to clear.
        read_write personal optional ban_status: BanStatus;
        /// Birth date, `YYYY-MM-DD`; for customers from 1900-01-01 and before today.
        read_write personal optional dob: CalendarDate, "string";
        /// E-mail address; the API declares no format.
        read_write personal optional email: String;
        /// Given name.
        read_write personal optional first_name: String;
        /// Family name.
        read_write personal optional last_name: String;
        /// Where the person legally lives.
        read_write personal optional legal_address: AddressWrite;
        /// Free-form JSON owned by the integrator; it must not hold personal data.
        read_write personal optional metadata: Metadata, "object";
        /// Middle name.
        read_write personal optional middle_name: String;
        /// A remark stored with the change; never returned. Mandatory when `ban_status` moves
        /// between `SUSPENDED` and `ALLOWED`.
        write_only personal optional note: String;
        /// Mobile number, E.164, such as `+12025550143`.
        read_write personal optional phone_number: Phone, "string";
        /// Where parcels go. Without it, create and update store a copy of the legal address; an
        /// update does so even when a different one was stored.
        read_write personal optional shipping_address: AddressWrite;
        /// Tax number, nine digits as `NNN-NN-NNNN`. Needed before KYC can run.
        read_write secret optional ssn: FullSsn, "string";
        /// The workspace that owns the record; matters only to integrators with more than one.
        read_write public optional tenant: String;
    }
}

model! {
    /// The body of create and update. Only `status` is required.
    pub struct CustomerWrite extends fields: CustomerFields {
        /// The administrative status.
        read_write personal required status: CustomerStatus;
    }
}

model! {
    /// The fields to change; whatever is left out stays as it is. The contract has no way to clear a
    /// field, so none may be `null`.
    pub struct PatchCustomer {
        /// Whether the customer is put on hold. Moving between `ALLOWED` and `SUSPENDED` needs a
        /// `note`; `BANNED` is the platform's to set and to clear.
        read_write personal optional ban_status: BanStatus;
        /// Birth date, `YYYY-MM-DD`.
        read_write personal optional dob: CalendarDate, "string";
        /// E-mail address; the API declares no format.
        read_write personal optional email: String;
        /// Given name.
        read_write personal optional first_name: String;
        /// Family name.
        read_write personal optional last_name: String;
        /// Where the person legally lives; sent whole. If no shipping address is stored and none
        /// is sent, the API copies this one.
        read_write personal optional legal_address: AddressWrite;
        /// Free-form JSON, no personal data; whether it is merged or replaced is not documented.
        read_write personal optional metadata: Metadata, "object";
        /// Middle name.
        read_write personal optional middle_name: String;
        /// A remark stored with the change; never returned. Mandatory when `ban_status` moves
        /// between `SUSPENDED` and `ALLOWED`.
        write_only personal optional note: String;
        /// Mobile number, E.164, such as `+12025550143`.
        read_write personal optional phone_number: Phone, "string";
        /// Where parcels go; sent whole.
        read_write personal optional shipping_address: AddressWrite;
        /// Tax number, nine digits as `NNN-NN-NNNN`.
        write_only secret optional ssn: FullSsn, "string";
        /// The administrative status.
        read_write personal optional status: CustomerStatus;
    }
}
