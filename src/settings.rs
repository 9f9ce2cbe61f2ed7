//! Reads the values of options: each is what it should be, or a `ValidationError` says what is wanted.
//! `None` or `undefined` where an option is left out.

use crate::failure::argument;
use crate::header;
use crate::host::{is_token, new_key};
use crate::operation::Operation;
use crate::options::ClientOptions;
use crate::throttle::Rates;
use crate::url;
use crate::view::{Kind, View};
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

/// Checks the token: a string that can go into a header, or a function.
pub(crate) fn token(token: &JsValue) -> Result<(), JsValue> {
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

/// The address the client talks to.
pub(crate) fn base_url(options: &ClientOptions) -> Result<String, JsValue> {
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

/// A function, if one is given.
pub(crate) fn function(value: &JsValue, path: &str) -> Result<Option<Function>, JsValue> {
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

/// `validate`.
pub(crate) fn flag(value: &JsValue) -> Result<Option<bool>, JsValue> {
    if value.is_undefined() {
        return Ok(None);
    }
    let found = value.kind().name();
    value
        .boolean()
        .map(Some)
        .ok_or_else(|| argument(None, "options.validate", found, "boolean"))
}

/// A deadline in milliseconds.
pub(crate) fn timeout(
    operation: Option<Operation>,
    value: &JsValue,
) -> Result<Option<f64>, JsValue> {
    let wanted = "a number of milliseconds above 0; Infinity for no deadline";
    number(operation, value, "options.timeoutMs", wanted, |ms| ms > 0.0)
}

/// The longest wait between two attempts, in milliseconds.
pub(crate) fn delay(operation: Option<Operation>, value: &JsValue) -> Result<Option<f64>, JsValue> {
    let wanted = "a number of milliseconds from 0; Infinity for no limit";
    number(operation, value, "options.maxRetryDelayMs", wanted, |ms| {
        ms >= 0.0
    })
}

/// How many requests may go.
pub(crate) fn rates(options: &ClientOptions) -> Result<Rates, JsValue> {
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

/// The largest body, in bytes.
pub(crate) fn size(value: &JsValue) -> Result<Option<f64>, JsValue> {
    let wanted = "a number of bytes above 0; Infinity for no limit";
    number(None, value, "options.maxResponseBytes", wanted, |bytes| {
        bytes > 0.0
    })
}

/// How many attempts may follow the first.
pub(crate) fn retries(
    operation: Option<Operation>,
    value: &JsValue,
) -> Result<Option<u32>, JsValue> {
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

/// The idempotency key of a call: the one given, or a fresh one where the operation needs it
/// (BEHAVIOUR 7).
pub(crate) fn key(operation: Operation, given: &JsValue) -> Result<JsValue, JsValue> {
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

/// A copy of the headers to add, names in lower case.
pub(crate) fn extra_headers(
    operation: Option<Operation>,
    headers: &JsValue,
) -> Result<JsValue, JsValue> {
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

/// Checks that a signal can be listened to.
pub(crate) fn signal(operation: Operation, signal: JsValue) -> Result<JsValue, JsValue> {
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
