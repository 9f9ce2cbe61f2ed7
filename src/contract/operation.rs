//! The five operations, the iteration over one of them, and what is fixed about each.

use super::{Customer, CustomerList, CustomerWrite, ListCustomersParams, PatchCustomer};
use crate::contract::schema::{Shape, Shaped};
use crate::options::{ITERATE_OPTIONS, REQUEST_OPTIONS};
use gloo_net::http::Method;

/// One of the five operations, or the iteration over the pages of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `POST /customers`
    Create,
    /// `GET /customers/{customer_id}`
    Get,
    /// `GET /customers`
    List,
    /// `PATCH /customers/{customer_id}`
    Patch,
    /// `PUT /customers/{customer_id}`
    Update,
    /// `GET /customers`, page after page. Its arguments are read under this name; each page is a call of
    /// its own, of [`Self::List`].
    Iterate,
}

/// A customer in a response.
pub static CUSTOMER: Shape = Customer::SHAPE;
/// A page of customers in a response.
pub static CUSTOMER_LIST: Shape = CustomerList::SHAPE;
/// The body of create and update.
pub static CUSTOMER_WRITE: Shape = CustomerWrite::SHAPE;
/// The body of patch.
pub static PATCH_CUSTOMER: Shape = PatchCustomer::SHAPE;
/// The parameters of list.
pub static LIST_PARAMS: Shape = ListCustomersParams::SHAPE;

impl Operation {
    /// Every operation of the contract, in its order.
    pub const ALL: [Self; 5] = [
        Self::Create,
        Self::Get,
        Self::List,
        Self::Patch,
        Self::Update,
    ];

    /// The method's name in JavaScript, and the operation's in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "createCustomer",
            Self::Get => "getCustomer",
            Self::List => "listCustomers",
            Self::Patch => "patchCustomer",
            Self::Update => "updateCustomer",
            Self::Iterate => "iterateCustomers",
        }
    }

    /// The HTTP method.
    pub fn method(self) -> Method {
        match self {
            Self::Create => Method::POST,
            Self::Get | Self::List | Self::Iterate => Method::GET,
            Self::Patch => Method::PATCH,
            Self::Update => Method::PUT,
        }
    }

    /// The path's template, below the base URL.
    pub fn template(self) -> &'static str {
        match self {
            Self::Create | Self::List | Self::Iterate => "/customers",
            Self::Get | Self::Patch | Self::Update => "/customers/{customer_id}",
        }
    }

    /// The name of the argument that is the body or holds the parameters; for get, the id's.
    pub fn argument(self) -> &'static str {
        match self {
            Self::Create | Self::Update => "customer",
            Self::Get => "customerId",
            Self::List | Self::Iterate => "params",
            Self::Patch => "patch",
        }
    }

    /// What the body or the parameters look like.
    pub fn sends(self) -> Option<&'static Shape> {
        match self {
            Self::Create | Self::Update => Some(&CUSTOMER_WRITE),
            Self::Get => None,
            Self::List | Self::Iterate => Some(&LIST_PARAMS),
            Self::Patch => Some(&PATCH_CUSTOMER),
        }
    }

    /// What the body of a success looks like.
    pub fn receives(self) -> &'static Shape {
        match self {
            Self::List | Self::Iterate => &CUSTOMER_LIST,
            _ => &CUSTOMER,
        }
    }

    /// What the options of a call look like. A key given to a call that reads is an error with words of
    /// its own.
    pub fn options(self) -> &'static Shape {
        match self {
            Self::Iterate => &ITERATE_OPTIONS,
            _ => &REQUEST_OPTIONS,
        }
    }

    /// Whether the path ends in a customer's id.
    pub fn has_id(self) -> bool {
        matches!(self, Self::Get | Self::Patch | Self::Update)
    }

    /// Whether it sends a body. What sends none only reads, and takes no idempotency key; what sends
    /// one takes a key: some guides say that PUT does too (BEHAVIOUR §7).
    pub fn has_body(self) -> bool {
        !matches!(self, Self::Get | Self::List | Self::Iterate)
    }

    /// Whether the client makes an idempotency key if none is given: for POST and PATCH. PUT declares
    /// none and is idempotent by nature, as GET is (BEHAVIOUR §7).
    pub fn needs_key(self) -> bool {
        matches!(self, Self::Create | Self::Patch)
    }
}
