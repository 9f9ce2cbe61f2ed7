//! What a client is made of, and how arguments become a [`Call`].

use crate::budget::Budget;
use crate::call::{Facts, Policy};
use crate::host::{self, Answer, Call, Options, Sender, is_page, now, refuse};
use crate::operation::Operation;
use crate::throttle::{Rates, Throttle};
use crate::url;
use js_sys::Promise;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// What all calls of one client share.
pub struct Client {
    sender: Sender,
    policy: Rc<Policy>,
}

/// What the host calls for a call that is not done with its first attempt: the call, the answer to
/// that attempt, and what [`Facts`] holds, in its order.
type CarryOn = dyn Fn(Call, Option<Answer>, u32, bool, u32, f64);

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
    /// The description of a `ValidationError`.
    pub fn new(options: &JsValue) -> Result<Self, JsValue> {
        let options = host::client_options(options)?;
        let base_url = base_url(&options)?;
        if url::is_syncteras(&base_url)
            && is_page()
            && options.dangerously_allow_browser() != Some(true)
        {
            let wanted = "true, since every visitor of this page can read the key; or a proxy by \
                          baseUrl, which is the way to do it (examples/worker-proxy)";
            let name = "options.dangerouslyAllowBrowser";
            return Err(refuse(None, name, "missing in a browser", wanted));
        }
        let policy = Rc::new(Policy {
            budget: Budget::default(),
            calls: Cell::new(0),
            throttle: Throttle::new(Rates {
                max_concurrent: options.max_concurrent(),
                per_second: options.max_requests_per_second(),
            }),
        });
        let shared = Rc::clone(&policy);
        // It holds nothing of the host's, so that the host can tell when it is free.
        let carry_on = Closure::<CarryOn>::new(
            move |call, answer, operation, with_info, max_retries, max_delay_ms| {
                let facts = Facts {
                    operation: Operation::of_number(operation),
                    with_info,
                    max_retries,
                    max_delay_ms,
                };
                spawn_local(Rc::clone(&shared).carry_on(call, answer, facts));
            },
        );
        let sender = Sender::new(&options, &base_url, &carry_on.into_js_value());
        Ok(Self { sender, policy })
    }

    /// Reads the arguments and sets the call going. They are read before this returns, so that the
    /// caller may change them afterwards.
    ///
    /// # Errors
    /// The description of a `ValidationError`: nothing was sent.
    pub fn start(
        &self,
        subject: &Subject,
        options: &JsValue,
        with_info: bool,
    ) -> Result<Promise, JsValue> {
        let call = self.plan(subject, options)?;
        let straight = !with_info && self.policy.throttle.is_open(now) && !self.sender.watched();
        Ok(call.go(straight, with_info))
    }

    /// Everything that is sent is made here, once: every attempt sends the same bytes under the same
    /// key.
    fn plan(&self, subject: &Subject, options: &JsValue) -> Result<Call, JsValue> {
        let Subject {
            operation,
            id,
            content,
        } = subject;
        let (sender, number) = (&self.sender, operation.number());
        let options = if options.is_null_or_undefined() {
            None
        } else {
            Some(host::request_options(number, options)?)
        };
        let options = options.as_ref();
        let target = host::target(sender, number, id, content)?;
        let body = if operation.has_body() {
            host::body(sender, number, content)?
        } else {
            JsValue::UNDEFINED
        };
        let key = host::key(
            number,
            options,
            operation.takes_key(),
            operation.needs_key(),
        )?;
        Call::new(sender, number, &target, &body, &key, options)
    }
}

/// The address the client talks to.
fn base_url(options: &Options) -> Result<String, JsValue> {
    let wrong = |found, wanted| refuse(None, "options.baseUrl", found, wanted);
    match (options.base_url(), options.environment()) {
        (Some(_), Some(_)) => Err(wrong("environment as well", "either of the two")),
        (Some(url), None) => url::base(&url).map_err(|wanted| wrong("another string", wanted)),
        (None, name) => Ok(url::environment(name.as_deref()).to_owned()),
    }
}
