//! What the cases share: the exported class, a stand-in for the server, and ways to look at
//! JavaScript values.

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use serde_json::Value;
use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use synctera_customers::api::CustomersApi;
use synctera_customers::transport::protect;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The token of every client here that does not say otherwise.
pub(crate) const TOKEN: &str = "key-0123";

/// An id, and the least customer with it.
pub(crate) const ID: &str = "b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64";
pub(crate) const CUSTOMER: &str =
    r#"{"id":"b8a5e1d4-70c2-4e1f-8d36-5f9a0c7b2e64","status":"ACTIVE"}"#;

/// The value of a JavaScript expression.
#[track_caller]
pub(crate) fn js(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})"))
        .unwrap_or_else(|error| panic!("{expression}: {error:?}"))
}

/// A member, by a path such as `issues.0.path`; `undefined` where there is none.
pub(crate) fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| {
        Reflect::get(&value, &name.into()).unwrap_or(JsValue::UNDEFINED)
    })
}

/// A member that is a string.
#[track_caller]
pub(crate) fn text(value: &JsValue, path: &str) -> String {
    let member = get(value, path);
    member
        .as_string()
        .unwrap_or_else(|| panic!("{path} is {member:?}"))
}

/// The value as `JSON.stringify` gives it; null for what it leaves out.
pub(crate) fn json(value: &JsValue) -> Value {
    let text = JSON::stringify(value)
        .ok()
        .and_then(|text| text.as_string());
    text.map_or(Value::Null, |text| {
        serde_json::from_str(&text).expect("the host's JSON")
    })
}

/// The named members that are there, enumerable or not.
pub(crate) fn pick(value: &JsValue, names: &str) -> Value {
    let present = names
        .split_whitespace()
        .map(|name| (name.to_owned(), get(value, name)))
        .filter(|(_, member)| !member.is_undefined());
    present
        .map(|(name, member)| (name, json(&member)))
        .collect()
}

/// What a JavaScript function, given as an expression, makes of these arguments.
#[track_caller]
pub(crate) fn apply(function: &str, arguments: &[&JsValue]) -> JsValue {
    let arguments: Array = arguments.iter().copied().collect();
    Reflect::apply(
        &js(function).unchecked_into::<Function>(),
        &JsValue::UNDEFINED,
        &arguments,
    )
    .unwrap_or_else(|error| panic!("{function}: {error:?}"))
}

/// The names of an object's enumerable members.
pub(crate) fn keys(value: &JsValue) -> Vec<String> {
    let names = apply("Object.keys", &[value]);
    serde_json::from_value(json(&names)).expect("names")
}

/// A function body as a JavaScript function.
pub(crate) fn function(parameters: &str, body: &str) -> Function {
    Function::new_with_args(parameters, body)
}

/// Whether this is a browser, where a key of Synctera's own servers needs leave.
pub(crate) fn in_browser() -> bool {
    js("/^Mozilla/.test(globalThis.navigator?.userAgent)").is_truthy()
}

/// The class as the package exports it.
pub(crate) fn class() -> Function {
    thread_local! {
        static CLASS: Function = {
            let options = js("{ accessToken: 'any', dangerouslyAllowBrowser: true }");
            let api = CustomersApi::new(options).expect("a client");
            protect(&get(&JsValue::from(api), "constructor")).unchecked_into()
        };
    }
    CLASS.with(Clone::clone)
}

/// `new CustomersApi(…arguments)`.
pub(crate) fn construct(arguments: &[JsValue]) -> Result<Api, JsValue> {
    let arguments: Array = arguments.iter().collect();
    Reflect::construct(&class(), &arguments).map(Api)
}

/// An instance of the exported class.
#[derive(Clone)]
pub(crate) struct Api(pub(crate) JsValue);

impl Api {
    /// Calls a method and takes the promise it returns; the test fails if it throws instead.
    #[track_caller]
    pub(crate) fn start(&self, method: &str, arguments: &[JsValue]) -> JsFuture {
        let method: Function = get(&self.0, method).unchecked_into();
        let arguments: Array = arguments.iter().collect();
        let promise = Reflect::apply(&method, &self.0, &arguments)
            .unwrap_or_else(|error| panic!("it threw: {error:?}"));
        JsFuture::from(promise.unchecked_into::<Promise>())
    }

    /// The value that a call's promise gives.
    pub(crate) async fn ok(&self, method: &str, arguments: &[JsValue]) -> JsValue {
        self.start(method, arguments)
            .await
            .unwrap_or_else(|error| panic!("{method} failed: {}", text(&error, "message")))
    }

    /// The error that a call's promise rejects with.
    pub(crate) async fn err(&self, method: &str, arguments: &[JsValue]) -> JsValue {
        match self.start(method, arguments).await {
            Ok(value) => panic!("{method} gave {}", json(&value)),
            Err(error) => error,
        }
    }

    /// `getCustomer(ID)`, the call of a case that is not about the operation.
    pub(crate) async fn get(&self) -> Result<JsValue, JsValue> {
        self.start("getCustomer", &[ID.into()]).await
    }
}

/// One request as `fetch` got it.
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<String>,
    pub(crate) init: JsValue,
}

impl Sent {
    fn read(url: &JsValue, init: &JsValue) -> Self {
        // Through the host's own `Headers`, which refuses what could not be sent.
        let headers = function("init", "return [...new Headers(init.headers)]")
            .call1(&JsValue::UNDEFINED, init)
            .expect("headers that can be sent");
        Self {
            method: text(init, "method"),
            url: url.as_string().expect("a URL"),
            headers: serde_json::from_value(json(&headers))
                .map(|pairs: Vec<(String, String)>| pairs.into_iter().collect())
                .expect("headers"),
            body: get(init, "body").as_string(),
            init: init.clone(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// Keeps each request and answers from a script.
pub(crate) struct Server {
    sent: Rc<RefCell<Vec<Sent>>>,
    fetch: JsValue,
}

impl Server {
    /// Answers with the script's lines one by one, the last one from then on. A line is a
    /// JavaScript expression, evaluated anew for each attempt, with `url` and `init` in sight; it
    /// may throw.
    pub(crate) fn new<S: AsRef<str>>(script: impl IntoIterator<Item = S>) -> Self {
        let lines: Vec<_> = script
            .into_iter()
            .map(|line| function("url, init", &format!("return {}", line.as_ref())))
            .collect();
        let sent = Rc::new(RefCell::new(Vec::new()));
        let seen = Rc::clone(&sent);
        let fetch = Closure::<dyn FnMut(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(
            move |url: JsValue, init: JsValue| {
                seen.borrow_mut().push(Sent::read(&url, &init));
                let count = seen.borrow().len();
                let line = lines.get(count - 1).or(lines.last()).expect("a script");
                line.call2(&JsValue::UNDEFINED, &url, &init)
            },
        );
        let fetch = fetch.into_js_value();
        Self { sent, fetch }
    }

    /// Answers every request with the least customer.
    pub(crate) fn fine() -> Self {
        Self::new([fine()])
    }

    /// A client of this server.
    pub(crate) fn client(&self) -> Api {
        self.client_with("{}")
    }

    /// A client of this server with further options, the members of an object literal.
    pub(crate) fn client_with(&self, options: &str) -> Api {
        construct(&[self.options(options)])
            .unwrap_or_else(|error| panic!("{options}: {}", text(&error, "message")))
    }

    /// The options of such a client.
    pub(crate) fn options(&self, more: &str) -> JsValue {
        let options = Object::new();
        for (name, value) in [
            ("accessToken", TOKEN.into()),
            ("fetch", self.fetch.clone()),
            ("dangerouslyAllowBrowser", true.into()),
        ] {
            Reflect::set(&options, &name.into(), &value).expect("an object");
        }
        Object::assign(&options, &js(more).unchecked_into()).into()
    }

    /// What was sent so far.
    pub(crate) fn sent(&self) -> Ref<'_, Vec<Sent>> {
        self.sent.borrow()
    }

    /// How many attempts were made so far.
    pub(crate) fn attempts(&self) -> usize {
        self.sent.borrow().len()
    }
}

/// A line of a script: a `Response` with a JSON body.
pub(crate) fn response(status: u16, body: &str) -> String {
    response_with(status, body, r#"{"content-type":"application/json"}"#)
}

/// A line of a script: a `Response` with the headers of an object literal.
pub(crate) fn response_with(status: u16, body: &str, headers: &str) -> String {
    let body = Value::from(body);
    format!("new Response({body}, {{ status: {status}, headers: {headers} }})")
}

/// A line of a script: a success with the least customer.
pub(crate) fn fine() -> String {
    response(200, CUSTOMER)
}

/// A line of a script: a problem with this code. `more` holds further members.
pub(crate) fn problem(status: u16, code: &str, more: &Value) -> String {
    let mut body = more.clone();
    body["code"] = code.into();
    body["status"] = status.into();
    response_with(
        status,
        &body.to_string(),
        r#"{"content-type":"application/problem+json"}"#,
    )
}

/// A line of a script: a response that never comes, but for the end of the call.
pub(crate) const NEVER: &str = "new Promise((_, fail) => \
     init.signal.addEventListener('abort', () => fail(init.signal.reason)))";

/// Waits.
pub(crate) async fn sleep(ms: u32) {
    let wait = function("ms", "return new Promise((done) => setTimeout(done, ms))");
    let promise = wait
        .call1(&JsValue::UNDEFINED, &ms.into())
        .expect("a promise");
    JsFuture::from(promise.unchecked_into::<Promise>())
        .await
        .expect("a timer");
}

/// The clock, in milliseconds.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}
