//! Arguments into a request: address, headers, body and idempotency key, each made once, so that every
//! attempt sends the same bytes under the same key.

use crate::client::{Arguments, ClientState, Limits};
use crate::contract::operation::{CUSTOMER_WRITE, Operation, PATCH_CUSTOMER};
use crate::contract::schema::{Pattern, Shape};
use crate::contract::{Address, Customer, CustomerId, MaskedSsn};
use crate::error::{invalid, refuse};
use crate::events::Level;
use crate::kernel::{
    bare, define_by, describe, encode, fits, header_pairs, is_object, items, own, remove, snapshot,
    stringify, text_of, to_js,
};
use crate::options::{HEADER_NAME, HEADER_VALUE, RESERVED_HEADERS};
use crate::transport::random_uuid;
use crate::validate::{Direction, Finding, check, found, read_only_fields, wanted};
use js_sys::JsString;
use wasm_bindgen::prelude::*;

thread_local! {
    /// What comes before an id in a path.
    static SLASH: JsValue = JsValue::from_str("/");
}

/// Everything that a call sends, and what it may do.
pub struct Request {
    /// The operation.
    pub operation: Operation,
    /// What follows on `/customers` in the address.
    pub target: Option<JsString>,
    /// JSON text.
    pub body: Option<JsString>,
    /// The idempotency key.
    pub key: Option<JsValue>,
    /// The call's options: checked, a copy without a prototype.
    pub options: Option<JsValue>,
    /// The call's headers, as a plain object.
    pub headers: Option<JsValue>,
    /// Whether the token comes from a function, so that a fresh one may be had.
    pub has_token_function: bool,
    /// Whether the key is the caller's, not one that the client made.
    pub has_callers_key: bool,
    /// Whether the body may have fields that the contract does not know.
    allows_unknown_fields: bool,
    /// What the call may do.
    pub limits: Limits,
    /// A copy of the body or the parameters for a log line at debug or an iteration; otherwise `undefined`.
    pub content: JsValue,
}

static CUSTOMER_ID: Shape = Shape::Text(&CustomerId::PATTERN);
static MASKED_SSN: Shape = Shape::Text(&MaskedSsn::PATTERN);
/// The name of a header that a message may show.
static SHOWN_NAME: Shape = Shape::Text(&Pattern {
    name: "ShownName",
    form: r"^[0-9A-Za-z_!#$%&'*+.^`|~-]{1,40}$",
    wanted: "",
});
static BANNED: Shape = Shape::Text(&Pattern {
    name: "Banned",
    form: "^BANNED$",
    wanted: "",
});

/// Reads the arguments of a call.
///
/// # Errors
/// A `Failure` that becomes a `ValidationError`: nothing was sent.
pub fn read(client: &ClientState, arguments: &Arguments<'_>) -> Result<Request, JsValue> {
    let operation = arguments.operation;
    let mut request = Request {
        operation,
        target: None,
        body: None,
        key: None,
        options: None,
        headers: None,
        has_token_function: client.has_token_function,
        has_callers_key: false,
        allows_unknown_fields: client.allows_unknown_fields,
        limits: client.defaults,
        content: JsValue::UNDEFINED,
    };
    if !arguments.options.is_null_or_undefined() {
        read_options(&mut request, arguments.options)?;
    }
    if operation.has_id() {
        request.target = Some(id_step(operation, arguments.id)?);
    }
    if let Some(shape) = operation.sends() {
        let content = arguments.content;
        if operation.has_body() || !content.is_null_or_undefined() {
            let copy = copy_of(operation, content, shape)?;
            if operation.has_body() {
                let allows_unknown_fields = request.allows_unknown_fields;
                let check = client.validate.then_some(Direction::Request {
                    allows_unknown_fields,
                    rejects_read_only: operation == Operation::Patch,
                });
                request.body = Some(body(check, operation, &copy, shape)?);
            } else {
                request.target = query(client, operation, &copy, shape)?;
            }
            if operation == Operation::Iterate || client.watchers.logs(Level::Debug) {
                request.content = copy;
            }
        }
    }
    if request.key.is_none() && operation.needs_key() {
        let key = random_uuid().map_err(|thrown| {
            let path = "options.idempotencyKey";
            let expected = "a key, since this host has no crypto to make one";
            refuse(Some(operation), path, "missing", expected, &thrown)
        })?;
        request.key = Some(key);
    }
    Ok(request)
}

fn copy_of(
    operation: Operation,
    given: &JsValue,
    shape: &'static Shape,
) -> Result<JsValue, JsValue> {
    let path = operation.argument();
    let copy = snapshot(given, shape, operation.has_body())
        .map_err(|thrown| unreadable(operation, path, &thrown))?;
    // Never silently nothing, also where arguments are not checked: a `Map` has its contents elsewhere.
    if copy.is_object() && !is_object(&copy) && items(&copy, 0).is_none() {
        let found = describe(&copy);
        return Err(refuse(
            Some(operation),
            path,
            &found,
            "object",
            &JsValue::UNDEFINED,
        ));
    }
    Ok(copy)
}

fn unreadable(operation: Operation, path: &str, thrown: &JsValue) -> JsValue {
    refuse(
        Some(operation),
        path,
        "an object that cannot be read",
        "plain data",
        thrown,
    )
}

/// A customer's id as a step of a path.
fn id_step(operation: Operation, id: &JsValue) -> Result<JsString, JsValue> {
    let wrong = |expected: &str| {
        Err(refuse(
            Some(operation),
            "customerId",
            &found(id),
            expected,
            &JsValue::UNDEFINED,
        ))
    };
    if !fits(id, &CUSTOMER_ID) {
        return wrong(CustomerId::PATTERN.wanted);
    }
    match SLASH.with(|slash| encode(slash, id)) {
        Some(step) => Ok(step),
        None => wrong(UTF_8),
    }
}

/// What text must be that goes into an address: no half of a surrogate pair.
const UTF_8: &str = "text that has a UTF-8 form";

/// The body as JSON text.
fn body(
    direction: Option<Direction>,
    operation: Operation,
    content: &JsValue,
    shape: &'static Shape,
) -> Result<JsString, JsValue> {
    let findings = check_body(direction, operation, content, shape);
    if !findings.is_empty() {
        return Err(invalid(Some(operation), &findings, &JsValue::UNDEFINED));
    }
    stringify(content).ok_or_else(|| {
        let found = "a value that JSON cannot hold";
        refuse(
            Some(operation),
            operation.argument(),
            found,
            "plain data",
            &JsValue::UNDEFINED,
        )
    })
}

/// Makes a copy of a body ready to be sent, and gives what is wrong with it; without a direction it is not
/// checked. What only the server sets, and a masked `ssn`, are left out of a customer, so that an object
/// that came from the API can be sent back (BEHAVIOUR 4.2, 4.6).
fn check_body(
    direction: Option<Direction>,
    operation: Operation,
    content: &JsValue,
    shape: &'static Shape,
) -> Vec<Finding> {
    if fits(content, shape) {
        return Vec::new();
    }
    let is_customer = operation != Operation::Patch && is_object(content);
    if is_customer {
        leave_out_what_the_server_sets(content);
    }
    let root = operation.argument();
    let report = direction.map(|direction| check(root, content, shape, direction));
    if is_customer {
        // Not before: by its `id` the check knows an object that came from the API.
        leave_out_ids(content);
    }
    report.map(|report| report.findings).unwrap_or_default()
}

/// What is wrong with a value as the body of a call; empty if nothing is.
#[wasm_bindgen(js_name = checkBody, skip_typescript)]
pub fn check_value(value: &JsValue, is_patch: bool) -> JsValue {
    let (operation, shape) = if is_patch {
        (Operation::Patch, &PATCH_CUSTOMER)
    } else {
        (Operation::Create, &CUSTOMER_WRITE)
    };
    let direction = Direction::Request {
        allows_unknown_fields: false,
        rejects_read_only: is_patch,
    };
    let findings = match snapshot(value, shape, true) {
        Ok(copy) => check_body(Some(direction), operation, &copy, shape),
        Err(_) => vec![Finding {
            path: operation.argument().to_owned(),
            found: "an object that cannot be read".into(),
            expected: "plain data".into(),
        }],
    };
    to_js(&findings)
}

fn leave_out_what_the_server_sets(customer: &JsValue) {
    if own(customer, "id").is_string() {
        // It came from the API, and may hold what only the platform may set (BEHAVIOUR 4.12).
        remove(customer, "related_customers");
        if fits(&own(customer, "ban_status"), &BANNED) {
            remove(customer, "ban_status");
        }
    }
    let but_id = |model| read_only_fields(model).filter(|name| *name != "id");
    for name in but_id(&Customer::MODEL) {
        remove(customer, name);
    }
    for address in addresses(customer) {
        for name in but_id(&Address::MODEL) {
            remove(&address, name);
        }
    }
    if fits(&own(customer, "ssn"), &MASKED_SSN) {
        remove(customer, "ssn");
    }
}

fn leave_out_ids(customer: &JsValue) {
    remove(customer, "id");
    for address in addresses(customer) {
        remove(&address, "id");
    }
}

fn addresses(customer: &JsValue) -> impl Iterator<Item = JsValue> {
    let names = ["legal_address", "shipping_address"];
    names
        .map(|name| own(customer, name))
        .into_iter()
        .filter(is_object)
}

/// The parameters in the contract's order. Lists are joined by commas inside one parameter
/// (BEHAVIOUR 6.4); what is absent, or an empty list, is left out.
fn query(
    client: &ClientState,
    operation: Operation,
    params: &JsValue,
    shape: &'static Shape,
) -> Result<Option<JsString>, JsValue> {
    if client.validate {
        let report = check(operation.argument(), params, shape, Direction::STRICT);
        if !report.findings.is_empty() {
            return Err(invalid(
                Some(operation),
                &report.findings,
                &JsValue::UNDEFINED,
            ));
        }
    }
    let Shape::Object(model) = shape else {
        return Ok(None);
    };
    let mut text: Option<JsString> = None;
    for field in model.fields() {
        let value = own(params, field.name);
        if value.is_null_or_undefined() {
            continue;
        }
        let parts = items(&value, u32::MAX).unwrap_or_else(|| vec![value]);
        let mark = if text.is_none() { "?" } else { "&" };
        let mut separator = [mark, field.name, "="].concat();
        for item in parts {
            let Some(part) = encode(&separator.as_str().into(), &item) else {
                let path = ["params.", field.name].concat();
                let found = found(&item);
                return Err(refuse(
                    Some(operation),
                    &path,
                    &found,
                    UTF_8,
                    &JsValue::UNDEFINED,
                ));
            };
            text = Some(match text {
                Some(before) => before.concat(&part),
                None => part,
            });
            separator.clear();
            separator.push(',');
        }
    }
    Ok(text)
}

fn read_options(request: &mut Request, given: &JsValue) -> Result<(), JsValue> {
    let operation = request.operation;
    let shape = operation.options();
    let copy = snapshot(given, shape, false)
        .map_err(|thrown| unreadable(operation, "options", &thrown))?;
    let report = check("options", &copy, shape, Direction::STRICT);
    if !report.findings.is_empty() {
        return Err(invalid(
            Some(operation),
            &report.findings,
            &JsValue::UNDEFINED,
        ));
    }
    let copy = bare(&copy);
    let member = |name| Some(own(&copy, name)).filter(|value| !value.is_undefined());
    request.headers = match member("headers") {
        Some(headers) => Some(
            header_fields("options.headers", &headers)
                .map_err(|rejected| rejected.into_failure(Some(operation)))?,
        ),
        None => None,
    };
    if let Some(token) = member("accessToken") {
        request.has_token_function = token.is_function();
    }
    if let Some(allows) = member("allowUnknownFields") {
        request.allows_unknown_fields = allows.is_truthy();
    }
    request.key = member("idempotencyKey");
    request.has_callers_key = request.key.is_some();
    if request.key.is_some() && !operation.has_body() {
        let expected = "to be left out: reading needs no key";
        let path = "options.idempotencyKey";
        return Err(refuse(
            Some(operation),
            path,
            "string",
            expected,
            &JsValue::UNDEFINED,
        ));
    }
    let limits = &mut request.limits;
    limits.replace(&copy);
    request.options = Some(copy);
    Ok(())
}

/// Headers that cannot be sent.
pub struct RejectedHeaders {
    /// Which, what they are and what they should be.
    pub finding: Finding,
    /// What reading them threw.
    pub thrown: JsValue,
}

impl RejectedHeaders {
    /// A `Failure` that becomes a `ValidationError`: nothing was sent.
    pub fn into_failure(self, operation: Option<Operation>) -> JsValue {
        invalid(operation, &[self.finding], &self.thrown)
    }
}

/// A copy of the headers to add, as a plain object, names in lower case. `path` is what they are called.
///
/// # Errors
/// The first header that cannot be sent.
pub fn header_fields(path: &str, given: &JsValue) -> Result<JsValue, RejectedHeaders> {
    let rejected = |found: &str, expected: &str, thrown| RejectedHeaders {
        finding: Finding {
            path: path.to_owned(),
            found: found.to_owned().into(),
            expected: expected.to_owned().into(),
        },
        thrown,
    };
    let pairs = header_pairs(given).map_err(|thrown| {
        let expected = "an object of strings, a Headers or an array of pairs";
        rejected("an object that cannot be read", expected, thrown)
    })?;
    let fields = js_sys::Object::new().into();
    for pair in pairs {
        let (name, value) = (pair.get(0), pair.get(1));
        if value.is_undefined() && pair.length() > 1 {
            continue;
        }
        let wrong = |found: &str, expected: &str| {
            let shown = text_of(&name, &SHOWN_NAME);
            let shown = shown.as_deref().unwrap_or("whose name is not shown");
            let expected = [expected, " (header ", shown, ")"].concat();
            Err(rejected(found, &expected, JsValue::UNDEFINED))
        };
        if pair.length() != 2 {
            return wrong("an item that is no pair", "a name and a value");
        }
        if !fits(&name, &HEADER_NAME) {
            let found = ["a name that is ", &found(&name)].concat();
            return wrong(&found, &wanted(&HEADER_NAME));
        }
        let key: JsValue = name.unchecked_ref::<JsString>().to_lower_case().into();
        if let Some((_, advice)) = reserved(&key) {
            let expected = ["it to be left out: ", advice].concat();
            return wrong("a header that the client sets", &expected);
        }
        if !fits(&value, &HEADER_VALUE) {
            let words = wanted(&HEADER_VALUE);
            let expected = if value.is_string() {
                &words
            } else {
                "a string"
            };
            return wrong(&found(&value), expected);
        }
        define_by(&fields, &key, &value);
    }
    Ok(fields)
}

/// The header's name, if it is one that a caller must not set.
fn reserved(name: &JsValue) -> Option<(&'static str, &'static str)> {
    let name = text_of(name, &SHOWN_NAME)?;
    RESERVED_HEADERS
        .into_iter()
        .find(|(known, _)| *known == name)
}
