//! What a client is made of, and how arguments become a [`Request`].

use crate::arguments;
use crate::budget::Budget;
use crate::call::{Reply, Request, Shared};
use crate::check::{Check, Direction, Finding};
use crate::failure::{argument, headers, validation};
use crate::hooks::Hooks;
use crate::host::{Sender, without};
use crate::info::{HttpInfo, SchemaDrift};
use crate::model::{Customer, CustomerList};
use crate::operation::Operation;
use crate::options::{ClientOptions, RequestOptions};
use crate::query;
use crate::schema::{Model, Shape};
use crate::settings::{
    base_url, delay, extra_headers, flag, function, key, rates, retries, signal, size, timeout,
    token,
};
use crate::throttle::Throttle;
use crate::url;
use crate::view::{Kind, View};
use js_sys::{Array, Function, JSON, Reflect};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

/// The state that all calls of one client share; nothing in it changes.
pub struct Client {
    shared: Shared,
    base_url: String,
    timeout_ms: f64,
    max_retries: u32,
    max_retry_delay_ms: f64,
    validate: bool,
    on_schema_drift: Option<Function>,
}

/// What a call is about.
pub struct Subject {
    /// The operation.
    pub operation: Operation,
    /// The customer's id, where the operation has one.
    pub id: JsValue,
    /// The body or the list parameters.
    pub content: JsValue,
}

impl Client {
    /// Takes and checks the options.
    ///
    /// # Errors
    /// A `ValidationError`.
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        if options.kind() == Kind::Absent {
            return Err(argument(
                None,
                "options",
                "missing",
                "an object with accessToken",
            ));
        }
        let options = ClientOptions::read(options, "options").map_err(|f| invalid(None, f))?;
        token(&options.access_token)?;
        let fetch =
            function(&options.fetch, "options.fetch")?.map_or(JsValue::UNDEFINED, Into::into);
        let headers = extra_headers(None, &options.headers)?;
        let limit = size(&options.max_response_bytes)?.unwrap_or(32.0 * 1024.0 * 1024.0);
        Ok(Self {
            shared: Shared {
                sender: Sender::new(&options.access_token, &fetch, &headers, limit),
                budget: Budget::default(),
                hooks: Hooks::new(
                    function(&options.on_request, "options.onRequest")?,
                    function(&options.on_response, "options.onResponse")?,
                    function(&options.on_retry, "options.onRetry")?,
                ),
                throttle: Throttle::new(rates(&options)?),
            },
            base_url: base_url(&options)?,
            timeout_ms: timeout(None, &options.timeout_ms)?.unwrap_or(60_000.0),
            max_retries: retries(None, &options.max_retries)?.unwrap_or(2),
            max_retry_delay_ms: delay(None, &options.max_retry_delay_ms)?.unwrap_or(f64::INFINITY),
            validate: flag(&options.validate)?.unwrap_or(true),
            on_schema_drift: function(&options.on_schema_drift, "options.onSchemaDrift")?,
        })
    }

    /// Turns arguments into a request.
    ///
    /// # Errors
    /// A `ValidationError`.
    pub fn plan(&self, subject: &Subject, options: &JsValue) -> Result<Request, JsValue> {
        let operation = subject.operation;
        let some = Some(operation);
        let options = RequestOptions::read(options, "options").map_err(|f| invalid(some, f))?;
        Ok(Request {
            operation,
            base_url: self.base_url.clone(),
            target: self.target(subject)?,
            body: self.body(subject)?,
            key: key(operation, &options.idempotency_key)?,
            headers: extra_headers(some, &options.headers)?,
            signal: signal(operation, options.signal)?,
            timeout_ms: timeout(some, &options.timeout_ms)?.unwrap_or(self.timeout_ms),
            max_retries: retries(some, &options.max_retries)?.unwrap_or(self.max_retries),
            max_retry_delay_ms: delay(some, &options.max_retry_delay_ms)?
                .unwrap_or(self.max_retry_delay_ms),
        })
    }

    /// Performs a request, and wraps the data where the caller wants to see the exchange.
    ///
    /// # Errors
    /// One of the error objects of `errors.js`.
    pub async fn perform(&self, request: &Request, with_info: bool) -> Result<JsValue, JsValue> {
        let reply = request.perform(&self.shared).await?;
        self.report_drift(request.operation, &reply.data);
        if with_info {
            Ok(info(request, reply))
        } else {
            Ok(reply.data)
        }
    }

    fn target(&self, subject: &Subject) -> Result<String, JsValue> {
        let operation = subject.operation;
        let mut target = String::from("/customers");
        match operation {
            Operation::Create => {}
            Operation::List => {
                if self.validate && !subject.content.is_undefined() {
                    none(operation, arguments::list(&subject.content))?;
                }
                target.push_str(&query::from_params(&subject.content));
            }
            Operation::Get | Operation::Patch | Operation::Update => {
                let id = subject.id.text().ok_or_else(|| {
                    let found = subject.id.kind().name();
                    argument(
                        Some(operation),
                        "customerId",
                        found,
                        "the id of a customer, a string",
                    )
                })?;
                url::customer_id(&id).map_err(|wanted| {
                    argument(Some(operation), "customerId", "another string", wanted)
                })?;
                target.push('/');
                url::encode(&id, &mut target);
            }
        }
        Ok(target)
    }

    fn body(&self, subject: &Subject) -> Result<JsValue, JsValue> {
        let operation = subject.operation;
        let (name, body) = match operation {
            Operation::Get | Operation::List => return Ok(JsValue::UNDEFINED),
            Operation::Patch => ("patch", subject.content.clone()),
            _ => ("customer", writable(operation, &subject.content)?),
        };
        if self.validate {
            none(
                operation,
                match operation {
                    Operation::Patch => arguments::patch(&body),
                    _ => arguments::customer(&body),
                },
            )?;
        }
        JSON::stringify(&body)
            .ok()
            .map(JsValue::from)
            .filter(JsValue::is_string)
            .ok_or_else(|| {
                argument(
                    Some(operation),
                    name,
                    "a value that JSON cannot hold",
                    "plain data",
                )
            })
    }

    fn report_drift(&self, operation: Operation, data: &JsValue) {
        let Some(callback) = &self.on_schema_drift else {
            return;
        };
        let model: &'static Model = match operation {
            Operation::List => &CustomerList::MODEL,
            _ => &Customer::MODEL,
        };
        let mut check = Check::new(Direction::Response, "");
        check.value(data, &Shape::Object(model));
        let (findings, total) = check.finish();
        if total == 0 {
            return;
        }
        let drift = SchemaDrift {
            operation: operation.name(),
            findings,
            total,
        };
        if let Ok(drift) = drift.into_ts() {
            // What the callback does wrong is not the call's failure.
            let _ = callback.call1(&JsValue::UNDEFINED, &drift.js_value());
        }
    }
}

fn info(request: &Request, reply: Reply) -> JsValue {
    let info = HttpInfo {
        status: reply.answer.status(),
        request_id: reply.answer.request_id(),
        headers: headers(&reply.answer),
        idempotency_key: request.key.as_string(),
        attempts: reply.attempts,
        data: reply.data.clone(),
    };
    info.into_ts().map_or(reply.data, |info| info.js_value())
}

/// A copy of a customer without what only the server sets, so that an object that came from the API
/// can be sent back (BEHAVIOUR 4.2, 4.6).
fn writable(operation: Operation, customer: &JsValue) -> Result<JsValue, JsValue> {
    let unreadable = |cause| {
        let finding = Finding {
            path: "customer".to_owned(),
            found: "an object that cannot be read",
            expected: "plain data".to_owned(),
        };
        validation(Some(operation), vec![finding], cause)
    };
    let left_out = name_list(arguments::server_fields());
    if arguments::is_masked(&customer.member("ssn")) {
        left_out.push(&JsValue::from_str("ssn"));
    }
    let copy = without(customer, &left_out).map_err(unreadable)?;
    let address_fields = name_list(arguments::SERVER_ADDRESS_FIELDS);
    for name in ["legal_address", "shipping_address"] {
        let address = copy.member(name);
        if address.kind() == Kind::Object {
            let address = without(&address, &address_fields).map_err(unreadable)?;
            Reflect::set(&copy, &JsValue::from_str(name), &address).map_err(unreadable)?;
        }
    }
    Ok(copy)
}

fn name_list<'a>(names: impl IntoIterator<Item = &'a str>) -> Array {
    names.into_iter().map(JsValue::from_str).collect()
}

fn invalid(operation: Option<Operation>, findings: Vec<Finding>) -> JsValue {
    validation(operation, findings, JsValue::UNDEFINED)
}

fn none(operation: Operation, findings: Vec<Finding>) -> Result<(), JsValue> {
    if findings.is_empty() {
        Ok(())
    } else {
        Err(invalid(Some(operation), findings))
    }
}
