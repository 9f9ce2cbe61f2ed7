//! What a client is made of: its options, checked, and what its calls share.

use crate::base_url;
use crate::contract::operation::Operation;
use crate::error::{invalid, refuse, token_missing};
use crate::events::{Level, Watchers};
use crate::execute;
use crate::executor::Slot;
use crate::iteration::plan;
use crate::kernel::{bare, define, fits, own, snapshot};
use crate::options::{BLANK, CLIENT_OPTIONS, TOKEN};
use crate::policy::budget::Budget;
use crate::policy::rate_limiter::{RateLimiter, Rates};
use crate::request::{self, header_fields};
use crate::transport::{Host, environment_variable, is_page, page_origin};
use crate::validate::{Direction, check, found, wanted};
use js_sys::Promise;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What all calls of one client share.
pub struct ClientState {
    /// The values that only the host can use.
    pub host: Host,
    /// Where requests go, without `/customers`.
    pub base_url: String,
    /// Whether the token comes from a function, so that a fresh one may be had.
    pub has_token_function: bool,
    /// Whether attempts wait for a function of the caller's.
    pub has_throttle: bool,
    /// Whether arguments are checked.
    pub validate: bool,
    /// Whether a body may have fields that the contract does not know.
    pub allows_unknown_fields: bool,
    /// What a call that says nothing else may do.
    pub defaults: Limits,
    /// What may be spent on retries.
    pub budget: Budget,
    /// How many requests go at a time.
    pub limiter: RateLimiter,
    /// The calls that wait for a permit: ticket and slot, in the order of asking.
    pub waiting: RefCell<Vec<(u32, Slot)>>,
    /// Who watches.
    pub watchers: Watchers,
    /// How many calls were watched.
    pub watched_calls: Cell<u32>,
    /// Whether responses are compared with the contract.
    pub compares: bool,
}

impl ClientState {
    /// Puts a call at the end of those that wait for a permit, unless it waits already.
    pub fn wait_for_permit(&self, ticket: u32, slot: Slot) {
        let mut waiting = self.waiting.borrow_mut();
        if !waiting.contains(&(ticket, slot)) {
            waiting.push((ticket, slot));
        }
    }

    /// The call does not wait any more.
    pub fn stop_waiting(&self, ticket: u32) {
        self.waiting
            .borrow_mut()
            .retain(|(waiting, _)| *waiting != ticket);
    }
}

/// What one call may do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The deadline from the call's start, in milliseconds.
    pub timeout_ms: f64,
    /// How many retries may follow the first attempt.
    pub max_retries: u32,
    /// The longest wait between two attempts, in milliseconds.
    pub max_retry_delay_ms: f64,
}

impl Limits {
    /// Takes those that are given in checked options.
    pub fn replace(&mut self, options: &JsValue) {
        let number = |name| own(options, name).as_f64();
        self.timeout_ms = number("timeoutMs").unwrap_or(self.timeout_ms);
        self.max_retries = count(options, "maxRetries").unwrap_or(self.max_retries);
        self.max_retry_delay_ms = number("maxRetryDelayMs").unwrap_or(self.max_retry_delay_ms);
    }
}

/// A whole number of checked options.
fn count(options: &JsValue, name: &str) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked"
    )]
    own(options, name).as_f64().map(|number| number as u32)
}

/// A client.
pub struct Client(Rc<ClientState>);

impl Client {
    /// Takes and checks the options.
    ///
    /// # Errors
    /// A `Failure` that becomes a `ValidationError`.
    pub fn new(given: &JsValue) -> Result<Self, JsValue> {
        let copy = if given.is_undefined() {
            Ok(js_sys::Object::new().into())
        } else {
            snapshot(given, &CLIENT_OPTIONS, false)
        };
        let copy = copy.map_err(|thrown| {
            refuse(
                None,
                "options",
                "an object that cannot be read",
                "plain data",
                &thrown,
            )
        })?;
        if fits(&own(&copy, "accessToken"), &BLANK) {
            return Err(token_missing());
        }
        let report = check("options", &copy, &CLIENT_OPTIONS, Direction::STRICT);
        if !report.findings.is_empty() {
            return Err(invalid(None, &report.findings, &JsValue::UNDEFINED));
        }
        let options = bare(&copy);
        let is_true = |name| own(&options, name).is_truthy();
        let is_given = |name| !own(&options, name).is_undefined();
        let headers = match own(&options, "headers") {
            headers if headers.is_undefined() => headers,
            headers => header_fields("options.headers", &headers)
                .map_err(|rejected| rejected.into_failure(None))?,
        };
        let base_url = base_url_of(&options)?;
        if base_url::is_syncteras(&base_url) {
            check_options_for_synctera(&options)?;
        }
        let host = Host::new(&options, &base_url, &headers);
        let mut defaults = Limits {
            timeout_ms: 60_000.0,
            max_retries: 2,
            max_retry_delay_ms: f64::INFINITY,
        };
        defaults.replace(&options);
        Ok(Self(Rc::new(ClientState {
            has_token_function: own(&options, "accessToken").is_function(),
            has_throttle: is_given("throttle"),
            host,
            base_url,
            validate: !is_given("validate") || is_true("validate"),
            allows_unknown_fields: is_true("allowUnknownFields"),
            defaults,
            budget: Budget::default(),
            limiter: RateLimiter::new(Rates {
                max_concurrent: count(&options, "maxConcurrent"),
                per_second: own(&options, "maxRequestsPerSecond").as_f64(),
            }),
            waiting: RefCell::default(),
            watchers: Watchers {
                hooks: ["onRequest", "onResponse", "onRetry"].map(is_given),
                level: if is_given("logger") {
                    let name = own(&options, "logLevel").as_string();
                    name.map_or(Level::Warn, |name| Level::of_name(&name))
                } else {
                    Level::Off
                },
            },
            watched_calls: Cell::new(0),
            compares: is_given("onSchemaDrift"),
        })))
    }

    /// Reads the arguments and starts the call. They are read before this returns, so that the caller
    /// may change them afterwards. The promise borrows nothing of the client, which may be freed while
    /// it is pending.
    ///
    /// If an argument does not fit, it is a `Failure` in place of the promise, with which `js/methods.js`
    /// rejects: to return a `Result` would cost each call that succeeds an array. Of an iteration it is the
    /// plan.
    pub fn start(&self, arguments: &Arguments<'_>, with_info: bool) -> Promise {
        let started = request::read(&self.0, arguments).and_then(|request| {
            if request.operation == Operation::Iterate {
                return Err(plan(&request));
            }
            execute::start(&self.0, request, with_info)
        });
        started.unwrap_or_else(JsCast::unchecked_into)
    }
}

/// What a client of Synctera's own servers must have: a token, which is the caller's or, unless a
/// `baseUrl` is given, the environment's; in a page, the caller's permission; and no cookies.
fn check_options_for_synctera(options: &JsValue) -> Result<(), JsValue> {
    let wrong = |path: &str, found: &str, wanted: &str| {
        Err(refuse(None, path, found, wanted, &JsValue::UNDEFINED))
    };
    if is_page() && !own(options, "dangerouslyAllowBrowser").is_truthy() {
        let wanted = "true, since every visitor of this page can read the key; better is a backend \
                      of your own by baseUrl";
        return wrong(
            "options.dangerouslyAllowBrowser",
            "missing in a browser",
            wanted,
        );
    }
    if !matches!(
        own(options, "credentials").as_string().as_deref(),
        None | Some("omit")
    ) {
        let wanted = "omit, unless baseUrl is a backend of your own";
        return wrong("options.credentials", "a mode that sends cookies", wanted);
    }
    if !own(options, "accessToken").is_undefined() {
        return Ok(());
    }
    // A key goes to a host only if the caller chose both.
    let may_read = own(options, "baseUrl").is_undefined();
    let token = if may_read {
        environment_variable(TOKEN_VARIABLE)
    } else {
        JsValue::UNDEFINED
    };
    if token.is_undefined() || fits(&token, &BLANK) {
        return Err(token_missing());
    }
    if !fits(&token, &TOKEN) {
        return wrong(TOKEN_VARIABLE, &found(&token), &wanted(&TOKEN));
    }
    define(options, "accessToken", &token);
    Ok(())
}

/// The variable of the environment that holds the token if the caller gives none.
const TOKEN_VARIABLE: &str = "SYNCTERA_API_KEY";

/// The arguments of a call.
pub struct Arguments<'a> {
    /// The operation.
    pub operation: Operation,
    /// The customer's id, where the operation has one.
    pub id: &'a JsValue,
    /// The body or the list parameters.
    pub content: &'a JsValue,
    /// The call's options.
    pub options: &'a JsValue,
}

/// Where the client's requests go.
fn base_url_of(options: &JsValue) -> Result<String, JsValue> {
    let wrong = |found: &str, wanted: &str| {
        Err(refuse(
            None,
            "options.baseUrl",
            found,
            wanted,
            &JsValue::UNDEFINED,
        ))
    };
    let text = |name| own(options, name).as_string();
    match (text("baseUrl"), text("environment")) {
        (Some(_), Some(_)) => wrong("environment as well", "either of the two"),
        (Some(url), None) => {
            let allows_http = own(options, "dangerouslyAllowHttp").is_truthy();
            let origin = if url.starts_with('/') {
                page_origin()
            } else {
                None
            };
            let absolute = base_url::resolve(&url, origin.as_deref());
            base_url::check(&absolute, allows_http)
                .or_else(|wanted| wrong(&found(&own(options, "baseUrl")), wanted))
        }
        (None, name) => Ok(base_url::environment(name.as_deref()).to_owned()),
    }
}
