//! The paths of the API.

use std::borrow::Cow;

use http::Method;
use percent_encoding::percent_decode_str;

use crate::{body::Operation, problem::ApiError};

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/v0/customers`.
    Customers,
    /// `/v0/customers/{customer_id}`, with the id as it was sent, decoded.
    Customer(String),
    /// `/v0/sandbox/health`, which the real API does not have: with it a driver can find out, without a
    /// key, whether the sandbox is up.
    Health,
    /// Nothing.
    Unknown,
}

/// What a request asks of the customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// One page of them.
    List,
    /// One of them.
    Get,
    /// A change.
    Write(Operation),
}

impl Route {
    /// Where a path leads. An id that is not UTF-8 becomes empty, and is refused like any other that
    /// is no UUID.
    #[must_use]
    pub fn of(path: &str) -> Self {
        match path {
            "/v0/customers" => return Self::Customers,
            "/v0/sandbox/health" => return Self::Health,
            _ => {}
        }
        match path.strip_prefix("/v0/customers/") {
            Some(id) if !id.is_empty() && !id.contains('/') => {
                let id = percent_decode_str(id).decode_utf8();
                Self::Customer(id.map(Cow::into_owned).unwrap_or_default())
            }
            _ => Self::Unknown,
        }
    }

    /// The path without the caller's part of it, for logs.
    #[must_use]
    pub fn template(&self) -> &'static str {
        match self {
            Self::Customers => "/v0/customers",
            Self::Customer(_) => "/v0/customers/{customer_id}",
            Self::Health => "/v0/sandbox/health",
            Self::Unknown => "(no route)",
        }
    }

    /// The methods that the path takes, as `Allow` lists them.
    #[must_use]
    pub fn allow(&self) -> &'static str {
        match self {
            Self::Customers => "GET, HEAD, POST, OPTIONS",
            Self::Customer(_) => "GET, HEAD, PATCH, PUT, OPTIONS",
            Self::Health => "GET, HEAD, OPTIONS",
            Self::Unknown => "OPTIONS",
        }
    }

    /// What `method` asks for here, of a path that leads to customers.
    #[must_use]
    pub fn call(&self, method: &Method) -> Option<Call> {
        let is_read = method == Method::GET || method == Method::HEAD;
        match self {
            Self::Customers if is_read => Some(Call::List),
            Self::Customers if method == Method::POST => Some(Call::Write(Operation::Create)),
            Self::Customer(_) if is_read => Some(Call::Get),
            Self::Customer(_) if method == Method::PATCH => Some(Call::Write(Operation::Patch)),
            Self::Customer(_) if method == Method::PUT => Some(Call::Write(Operation::Replace)),
            _ => None,
        }
    }

    /// 405, for a method that the path does not take. Customers are never deleted (BEHAVIOUR 1.10).
    pub(crate) fn method_error(&self) -> ApiError {
        let detail = match self {
            Self::Customers => "this path takes GET and POST",
            Self::Customer(_) => {
                "this path takes GET, PATCH and PUT; to retire a customer set status to INACTIVE"
            }
            Self::Health | Self::Unknown => "this path takes GET",
        };
        ApiError::plain(405, "Method Not Allowed", detail)
    }
}

impl Call {
    /// The name of the operation in the contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "listCustomers",
            Self::Get => "getCustomer",
            Self::Write(Operation::Create) => "createCustomer",
            Self::Write(Operation::Patch) => "patchCustomer",
            Self::Write(Operation::Replace) => "updateCustomer",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_a_method_name_an_operation_of_the_contract() {
        for (method, path, name) in [
            (Method::GET, "/v0/customers", "listCustomers"),
            (Method::HEAD, "/v0/customers", "listCustomers"),
            (Method::POST, "/v0/customers", "createCustomer"),
            (Method::GET, "/v0/customers/1", "getCustomer"),
            (Method::PATCH, "/v0/customers/1", "patchCustomer"),
            (Method::PUT, "/v0/customers/1", "updateCustomer"),
        ] {
            let call = Route::of(path).call(&method);
            assert_eq!(call.map(Call::name), Some(name), "{method} {path}");
        }
        for (method, path) in [
            (Method::DELETE, "/v0/customers/1"),
            (Method::POST, "/v0/customers/1"),
            (Method::PUT, "/v0/customers"),
            (Method::GET, "/v0/customers/"),
            (Method::GET, "/v0/customers/1/2"),
            (Method::GET, "/v0/sandbox/health"),
        ] {
            assert_eq!(Route::of(path).call(&method), None, "{method} {path}");
        }
    }
}
