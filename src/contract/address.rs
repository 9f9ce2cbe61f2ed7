//! Postal addresses, as received and as sent.

use super::{AddressType, Country, Open};
use crate::contract::schema::model;
use wasm_bindgen::prelude::*;

model! {
    /// A postal address, as the API sends it.
    pub struct Address {
        /// Identifier of the address (UUID). Set by the server.
        read_only public optional id: String;
        /// What the address is used for. Set by the server.
        read_only public optional address_type: Open<AddressType>;
        /// First street line.
        read_write personal required address_line_1: String;
        /// Second street line.
        read_write personal optional address_line_2: String;
        /// City or town.
        read_write personal optional city: String;
        /// Second half of the ISO 3166-2 subdivision code, without the country: two letters for
        /// the US, three for Mexico, and so on.
        read_write personal optional state: String;
        /// US: five digits, or five and four with a hyphen. Canada: `A1A 1A1`. Others: free text.
        read_write personal optional postal_code: String;
        /// ISO 3166-1 alpha-2 country code, upper case.
        read_write personal required country_code: Country, "string";
        /// A label shown to people.
        read_write personal optional nickname: String;
        /// True for a registered agent's address; left out otherwise.
        read_write public optional is_registered_agent: bool;
    }
}

model! {
    /// A postal address, as a request carries it. An address is always sent whole: whether the API
    /// would merge parts is not documented.
    pub struct AddressWrite {
        /// First street line.
        read_write personal required address_line_1: String;
        /// Second street line. Leave it out rather than sending an empty string.
        read_write personal optional address_line_2: String;
        /// City or town.
        read_write personal optional city: String;
        /// Second half of the ISO 3166-2 subdivision code, without the country: two letters for
        /// the US, three for Mexico, and so on.
        read_write personal optional state: String;
        /// US: five digits, or five and four with a hyphen. Canada: `A1A 1A1`, with or without the
        /// space, in any letter case; stored upper-case with the space. Others: free text.
        read_write personal optional postal_code: String;
        /// ISO 3166-1 alpha-2 country code, upper case.
        read_write personal required country_code: Country, "string";
        /// A label shown to people.
        read_write personal optional nickname: String;
        /// True for a registered agent's address; left out otherwise.
        read_write public optional is_registered_agent: bool;
    }
}
