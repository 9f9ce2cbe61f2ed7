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

/// The operations as lines of the host's rules, in the order of [`Operation`]: name, method, path,
/// the argument's name, what is sent and what comes back.
pub const RULES: &str = "\
ocreateCustomer\tPOST\t/customers\tcustomer\tCustomerWrite\tCustomer
ogetCustomer\tGET\t/customers/{customer_id}\tcustomerId\t\tCustomer
olistCustomers\tGET\t/customers\tparams\tListCustomersParams\tCustomerList
opatchCustomer\tPATCH\t/customers/{customer_id}\tpatch\tPatchCustomer\tCustomer
oupdateCustomer\tPUT\t/customers/{customer_id}\tcustomer\tCustomerWrite\tCustomer";

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

    /// The number that stands for it at the host's side.
    pub fn number(self) -> u32 {
        self as u32
    }

    /// The operation of that number.
    pub fn of_number(number: u32) -> Self {
        match number {
            0 => Self::Create,
            1 => Self::Get,
            2 => Self::List,
            3 => Self::Patch,
            _ => Self::Update,
        }
    }

    /// Whether it sends a body.
    pub fn has_body(self) -> bool {
        !matches!(self, Self::Get | Self::List)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_rules_say_the_same() {
        for (number, line) in (0..).zip(RULES.lines()) {
            let operation = Operation::of_number(number);
            assert_eq!(operation.number(), number);
            let parts: Vec<_> = line.split('\t').collect();
            assert_eq!(
                parts[..3],
                [
                    &format!("o{}", operation.name()),
                    operation.method(),
                    operation.template()
                ]
            );
        }
        assert_eq!(RULES.lines().count(), 5);
    }
}
