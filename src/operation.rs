//! The five operations and what is fixed about each.

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

impl Operation {
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
    pub fn method(self) -> &'static str {
        match self {
            Self::Create => "POST",
            Self::Get | Self::List => "GET",
            Self::Patch => "PATCH",
            Self::Update => "PUT",
        }
    }

    /// The path's template, below the base URL.
    pub fn template(self) -> &'static str {
        match self {
            Self::Create | Self::List => "/customers",
            Self::Get | Self::Patch | Self::Update => "/customers/{customer_id}",
        }
    }

    /// Whether the client makes an idempotency key: for POST and PATCH. PUT declares none and is
    /// repeatable by nature, as GET is (BEHAVIOUR §7).
    pub fn needs_key(self) -> bool {
        matches!(self, Self::Create | Self::Patch)
    }

    /// Whether a caller may give a key: for everything that writes. Some guides say that PUT takes
    /// one too (BEHAVIOUR §7).
    pub fn takes_key(self) -> bool {
        !matches!(self, Self::Get | Self::List)
    }
}
