//! The five operations and what is fixed about each.

use super::{Customer, CustomerList, CustomerWrite, ListCustomersParams, PatchCustomer};
use crate::contract::schema::{Shape, Shaped};
use gloo_net::http::Method;

/// One of the five operations.
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
    /// Every operation, in the contract's order.
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
        }
    }

    /// The HTTP method.
    pub fn method(self) -> Method {
        match self {
            Self::Create => Method::POST,
            Self::Get | Self::List => Method::GET,
            Self::Patch => Method::PATCH,
            Self::Update => Method::PUT,
        }
    }

    /// The path's template, below the base URL.
    pub fn template(self) -> &'static str {
        match self {
            Self::Create | Self::List => "/customers",
            Self::Get | Self::Patch | Self::Update => "/customers/{customer_id}",
        }
    }

    /// The name of the argument that is the body or holds the parameters; for get, the id's.
    pub fn argument(self) -> &'static str {
        match self {
            Self::Create | Self::Update => "customer",
            Self::Get => "customerId",
            Self::List => "params",
            Self::Patch => "patch",
        }
    }

    /// What the body or the parameters look like.
    pub fn sends(self) -> Option<&'static Shape> {
        match self {
            Self::Create | Self::Update => Some(&CUSTOMER_WRITE),
            Self::Get => None,
            Self::List => Some(&LIST_PARAMS),
            Self::Patch => Some(&PATCH_CUSTOMER),
        }
    }

    /// What the body of a success looks like.
    pub fn receives(self) -> &'static Shape {
        match self {
            Self::List => &CUSTOMER_LIST,
            _ => &CUSTOMER,
        }
    }

    /// Whether the path ends in a customer's id.
    pub fn has_id(self) -> bool {
        matches!(self, Self::Get | Self::Patch | Self::Update)
    }

    /// Whether it sends a body. What sends none only reads, and takes no idempotency key; what sends
    /// one takes a key: some guides say that PUT does too (BEHAVIOUR §7).
    pub fn has_body(self) -> bool {
        !matches!(self, Self::Get | Self::List)
    }

    /// Whether the client makes an idempotency key if none is given: for POST and PATCH. PUT declares
    /// none and is idempotent by nature, as GET is (BEHAVIOUR §7).
    pub fn needs_key(self) -> bool {
        matches!(self, Self::Create | Self::Patch)
    }
}
