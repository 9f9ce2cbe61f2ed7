//! What a client is made of, and how arguments become a [`Request`].

use crate::arguments;
use crate::budget::Budget;
use crate::call::{Reply, Request, Shared};
use crate::check::{Check, Direction, Finding};
use crate::failure::{argument, headers, validation};
use crate::header;
use crate::hooks::Hooks;
use crate::host::{Sender, is_token, new_key, without};
use crate::info::{HttpInfo, SchemaDrift};
use crate::model::{Customer, CustomerList};
use crate::operation::Operation;
use crate::options::{ClientOptions, RequestOptions};
use crate::query;
use crate::schema::{Model, Shape};
use crate::throttle::{Rates, Throttle};
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

fn token(token: &JsValue) -> Result<(), JsValue> {
    if token.is_function() || is_token(token) {
        return Ok(());
    }
    let found = if token.is_string() {
        "another string"
    } else {
        token.kind().name()
    };
    let wanted = "the API key, a string of visible ASCII characters, or a function that gives it";
    Err(argument(None, "options.accessToken", found, wanted))
}

fn base_url(options: &ClientOptions) -> Result<String, JsValue> {
    let wrong = |name, found, wanted| argument(None, name, found, wanted);
    let (environment, base) = (&options.environment, &options.base_url);
    if !environment.is_undefined() && !base.is_undefined() {
        return Err(wrong(
            "options.baseUrl",
            "environment as well",
            "either of the two",
        ));
    }
    if !base.is_undefined() {
        let text = base
            .text()
            .ok_or_else(|| wrong("options.baseUrl", base.kind().name(), "a URL as a string"))?;
        return url::base(&text)
            .map_err(|wanted| wrong("options.baseUrl", "another string", wanted));
    }
    if environment.is_undefined() {
        return Ok(url::SANDBOX.to_owned());
    }
    let found = if environment.is_string() {
        "another string"
    } else {
        environment.kind().name()
    };
    environment
        .text()
        .and_then(|name| url::environment(&name))
        .map(str::to_owned)
        .ok_or_else(|| wrong("options.environment", found, "sandbox or production"))
}

fn function(value: &JsValue, path: &str) -> Result<Option<Function>, JsValue> {
    if value.is_undefined() {
        return Ok(None);
    }
    let found = value.kind().name();
    value
        .clone()
        .dyn_into()
        .map(Some)
        .map_err(|_| argument(None, path, found, "a function"))
}

fn flag(value: &JsValue) -> Result<Option<bool>, JsValue> {
    if value.is_undefined() {
        return Ok(None);
    }
    let found = value.kind().name();
    value
        .boolean()
        .map(Some)
        .ok_or_else(|| argument(None, "options.validate", found, "boolean"))
}

fn timeout(operation: Option<Operation>, value: &JsValue) -> Result<Option<f64>, JsValue> {
    let wanted = "a number of milliseconds above 0; Infinity for no deadline";
    number(operation, value, "options.timeoutMs", wanted, |ms| ms > 0.0)
}

fn delay(operation: Option<Operation>, value: &JsValue) -> Result<Option<f64>, JsValue> {
    let wanted = "a number of milliseconds from 0; Infinity for no limit";
    number(operation, value, "options.maxRetryDelayMs", wanted, |ms| {
        ms >= 0.0
    })
}

fn rates(options: &ClientOptions) -> Result<Rates, JsValue> {
    let (most, rate) = (&options.max_concurrent, &options.max_requests_per_second);
    let whole = |count: f64| count.fract() == 0.0 && (1.0..=1e6).contains(&count);
    let most = number(
        None,
        most,
        "options.maxConcurrent",
        "a whole number from 1",
        whole,
    )?;
    let wanted = "a number above 0";
    let fits = |rate: f64| rate > 0.0 && rate.is_finite();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "1 to a million"
    )]
    Ok(Rates {
        max_concurrent: most.map(|most| most as u32),
        per_second: number(None, rate, "options.maxRequestsPerSecond", wanted, fits)?,
    })
}

fn size(value: &JsValue) -> Result<Option<f64>, JsValue> {
    let wanted = "a number of bytes above 0; Infinity for no limit";
    number(None, value, "options.maxResponseBytes", wanted, |bytes| {
        bytes > 0.0
    })
}

fn retries(operation: Option<Operation>, value: &JsValue) -> Result<Option<u32>, JsValue> {
    let fits = |count: f64| count.fract() == 0.0 && (0.0..=100.0).contains(&count);
    let count = number(
        operation,
        value,
        "options.maxRetries",
        "a whole number from 0 to 100",
        fits,
    )?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 100"
    )]
    Ok(count.map(|count| count as u32))
}

fn number(
    operation: Option<Operation>,
    value: &JsValue,
    path: &str,
    wanted: &str,
    fits: impl Fn(f64) -> bool,
) -> Result<Option<f64>, JsValue> {
    if value.is_undefined() {
        return Ok(None);
    }
    match value.number() {
        Some(number) if fits(number) => Ok(Some(number)),
        Some(_) => Err(argument(operation, path, "another number", wanted)),
        None => Err(argument(operation, path, value.kind().name(), wanted)),
    }
}

fn key(operation: Operation, given: &JsValue) -> Result<JsValue, JsValue> {
    let wrong =
        |found, wanted: &str| argument(Some(operation), "options.idempotencyKey", found, wanted);
    if given.is_undefined() {
        return if operation.needs_key() {
            new_key()
        } else {
            Ok(JsValue::UNDEFINED)
        };
    }
    if !operation.takes_key() {
        return Err(wrong(
            given.kind().name(),
            "to be left out: reading needs no key",
        ));
    }
    let text = given
        .text()
        .ok_or_else(|| wrong(given.kind().name(), "a string"))?;
    header::idempotency_key(&text).map_err(|wanted| wrong("another string", wanted))?;
    Ok(given.clone())
}

fn extra_headers(operation: Option<Operation>, headers: &JsValue) -> Result<JsValue, JsValue> {
    match headers.kind() {
        Kind::Absent => return Ok(JsValue::UNDEFINED),
        Kind::Object => {}
        kind => {
            return Err(argument(
                operation,
                "options.headers",
                kind.name(),
                "an object of strings",
            ));
        }
    }
    let copy = js_sys::Object::new();
    for name in headers.names() {
        let value = headers.member(&name);
        let fits = value
            .with_text(|text| header::extra(&name, text))
            .unwrap_or_else(|| Err("a string".to_owned()));
        if let Err(wanted) = fits {
            let kind = value.kind();
            let found = if kind == Kind::Text {
                "another string"
            } else {
                kind.name()
            };
            return Err(argument(
                operation,
                "options.headers",
                found,
                format!("{wanted} (header {})", shown(&name)),
            ));
        }
        let name = JsValue::from_str(&name.to_ascii_lowercase());
        Reflect::set(&copy, &name, &value)?;
    }
    Ok(copy.into())
}

/// A header's name, if it is one.
fn shown(name: &str) -> &str {
    let plain = name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if plain { name } else { "with an odd name" }
}

fn signal(operation: Operation, signal: JsValue) -> Result<JsValue, JsValue> {
    let listens = |name: &str| {
        Reflect::get(&signal, &JsValue::from_str(name)).is_ok_and(|member| member.is_function())
    };
    if signal.is_undefined()
        || (signal.is_object() && listens("addEventListener") && listens("removeEventListener"))
    {
        return Ok(signal);
    }
    Err(argument(
        Some(operation),
        "options.signal",
        signal.kind().name(),
        "an AbortSignal",
    ))
}
