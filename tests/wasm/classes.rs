//! The error classes, as `instanceof` and as words.

use super::harness::{ID, NEVER, Server, apply, get, js, response, text};
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The file a second time, as another bundle of the package would bring it.
struct Copy(JsValue);

/// A module as a URL. One that it imports is put into its text: such a URL has no neighbours.
fn as_url(text: &str, imports: &[(&str, &str)]) -> String {
    let text = imports.iter().fold(text.to_owned(), |text, (name, url)| {
        text.replace(&format!("from {name:?}"), &format!("from {url:?}"))
    });
    let text = String::from(js_sys::encode_uri_component(&text));
    format!("data:text/javascript,{text}")
}

impl Copy {
    async fn load() -> Self {
        let shape = as_url(include_str!("../../src/js/shape.js"), &[]);
        let shape = ("./shape.js", shape.as_str());
        let url = as_url(include_str!("../../src/js/errors.js"), &[shape]);
        let module = apply("(url) => import(url)", &[&url.into()]);
        let module = JsFuture::from(module.unchecked_into::<Promise>());
        Self(module.await.expect("a module"))
    }

    fn is_synctera_error(&self, value: &JsValue, kind: &JsValue) -> bool {
        let test = "(copy, value, kind) => copy.isSyncteraError(value, kind)";
        apply(test, &[&self.0, value, kind]).is_truthy()
    }

    fn class(&self, kind: &str) -> Function {
        get(&self.0, kind).unchecked_into()
    }
}

const KINDS: [&str; 6] = [
    "ApiError",
    "ConnectionError",
    "TimeoutError",
    "AbortError",
    "ValidationError",
    "DecodeError",
];

/// One error of each kind, in the order of [`KINDS`], as calls gave them.
async fn errors() -> Vec<JsValue> {
    let mut errors = Vec::new();
    let options = "{ maxRetries: 0, timeoutMs: 20 }";
    for (script, call) in [
        (response(404, "{}"), "{}"),
        ("Promise.reject(1)".to_owned(), "{}"),
        (NEVER.to_owned(), "{}"),
        (NEVER.to_owned(), "{ signal: AbortSignal.abort() }"),
        (NEVER.to_owned(), "{ timeoutMs: -1 }"),
        (response(200, "{}"), "{}"),
    ] {
        let server = Server::new([script]);
        errors.push(
            server
                .client_with(options)
                .err("getCustomer", &[ID.into(), js(call)])
                .await,
        );
    }
    errors
}

fn constructor(error: &JsValue) -> Function {
    get(error, "constructor").unchecked_into()
}

fn instance_of(value: &JsValue, class: &Function) -> bool {
    apply("(value, type) => value instanceof type", &[value, class]).is_truthy()
}

#[test]
async fn every_error_is_an_error_of_its_class_and_of_the_base_and_of_no_other() {
    let errors = errors().await;
    let base = apply("Object.getPrototypeOf", &[&constructor(&errors[0])]);
    for (error, kind) in errors.iter().zip(KINDS) {
        assert_eq!(text(error, "name"), kind);
        assert_eq!(text(error, "constructor.name"), kind);
        assert!(instance_of(error, &js("Error").unchecked_into()), "{kind}");
        assert!(instance_of(error, base.unchecked_ref()), "{kind}");
        for (other, other_kind) in errors.iter().zip(KINDS) {
            assert_eq!(
                instance_of(error, &constructor(other)),
                kind == other_kind,
                "{kind} {other_kind}"
            );
        }
        let string = error.unchecked_ref::<js_sys::Object>().to_string();
        assert!(
            String::from(string).starts_with(&format!("{kind}: ")),
            "{kind}"
        );
        assert!(text(error, "stack").contains(kind), "{kind}");
    }
}

#[test]
async fn an_error_is_known_by_another_copy_of_the_package() {
    let copy = Copy::load().await;
    for (error, kind) in errors().await.iter().zip(KINDS) {
        assert!(
            !js_sys::Object::is(&constructor(error), &copy.class(kind)),
            "{kind}"
        );
        assert!(instance_of(error, &copy.class("SyncteraError")), "{kind}");
        assert!(copy.is_synctera_error(error, &JsValue::UNDEFINED), "{kind}");
        assert!(
            copy.is_synctera_error(error, &"SyncteraError".into()),
            "{kind}"
        );
        for other in KINDS {
            assert_eq!(
                instance_of(error, &copy.class(other)),
                kind == other,
                "{kind} {other}"
            );
            assert_eq!(
                copy.is_synctera_error(error, &other.into()),
                kind == other,
                "{kind} {other}"
            );
        }
    }
}

#[test]
async fn what_is_no_error_of_the_package_is_none_of_its_classes() {
    let copy = Copy::load().await;
    for value in [
        "null",
        "undefined",
        "5",
        "'ApiError'",
        "{}",
        "{ name: 'ApiError' }",
        "new Error('x')",
        "() => 1",
    ] {
        assert!(
            !copy.is_synctera_error(&js(value), &JsValue::UNDEFINED),
            "{value}"
        );
        assert!(!instance_of(&js(value), &copy.class("ApiError")), "{value}");
    }
}

#[test]
async fn a_class_derived_from_one_is_an_ordinary_class() {
    let base = Copy::load().await.class("ApiError");
    let mine: Function = apply("(Base) => class Mine extends Base {}", &[&base]).unchecked_into();
    let make = "(Class) => new Class('m', {})";
    let (error, own) = (apply(make, &[&base]), apply(make, &[&mine]));
    assert!(!instance_of(&error, &mine));
    assert!(instance_of(&own, &mine) && instance_of(&own, &base));
}

#[test]
async fn a_prospect_is_recognised_by_its_status() {
    let copy = Copy::load().await;
    for (customer, prospect) in [
        ("{ status: 'PROSPECT' }", true),
        ("{ status: 'ACTIVE' }", false),
        ("{ status: 'NOT_KNOWN_YET' }", false),
        ("{ status: undefined }", false),
    ] {
        let distinguished = apply(
            "(copy, customer) => copy.isProspect(customer)",
            &[&copy.0, &js(customer)],
        );
        assert_eq!(distinguished, prospect, "{customer}");
    }
}
