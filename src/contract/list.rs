//! The parameters of `listCustomers`.

use super::{CustomerStatus, FourCharacters, ListedId, PageToken, SortBy};
use crate::contract::schema::{NonEmpty, model};
use wasm_bindgen::prelude::*;

model! {
    /// Filters, order and paging of a list. All are optional, and filters combine with AND.
    pub struct ListCustomersParams, closed {
        /// Keep only customers that do (`true`) or do not (`false`) have accounts.
        read_write public optional has_accounts: bool;
        /// Keep only customers whose SSN ends with these four characters.
        read_write secret optional ssn_last_4: FourCharacters, "string";
        /// Match on the family name; `*` stands for any run of characters.
        read_write personal optional last_name: String;
        /// Match on the e-mail address; `*` stands for any run of characters.
        read_write personal optional email: String;
        /// Match on the given or the chosen name; `*` stands for any run of characters.
        read_write personal optional first_name: String;
        /// Match on the E.164 number; `*` stands for any run of characters.
        read_write personal optional phone_number: String;
        /// The `next_page_token` of the page before, with the same filters, order and limit.
        read_write public optional page_token: PageToken, "string";
        /// Keep only these customers.
        read_write public optional id: NonEmpty<ListedId>, "readonly string[]";
        /// Rows a page holds at most: 1 to 100, default 100. The API treats more as 100.
        read_write public optional limit: u32;
        /// The order, first term first. The API's default is not documented.
        read_write public optional sort_by: Vec<SortBy>, "readonly SortBy[]";
        /// Keep only customers in this status.
        read_write public optional status: CustomerStatus;
    }
}
