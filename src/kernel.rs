//! Bindings to `js/shape.js`, which reads values where they are: by reference, so that none enters
//! WebAssembly's memory.

use crate::contract::schema::Shape;
use js_sys::JsString;
use serde::Serialize;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/shape.js")]
extern "C" {
    /// A shape, made ready to check values by.
    pub type Type;
    fn compile(row: &JsValue) -> Type;
    #[wasm_bindgen(js_name = fits)]
    fn fits_type(value: &JsValue, shape: &Type) -> bool;
    #[wasm_bindgen(catch, js_name = snapshot)]
    fn snapshot_of(source: &JsValue, shape: &Type, is_body: bool) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = capture)]
    fn capture_of(value: &JsValue, shape: &Type) -> JsValue;

    /// Whether a value is an object with members to read.
    #[wasm_bindgen(js_name = isRecord)]
    fn is_record(value: &JsValue) -> bool;
    /// The word for a value: a type, or the name of one of the host's classes.
    pub fn describe(value: &JsValue) -> String;
    /// An own member; `undefined` where there is none or a getter throws.
    pub fn own(value: &JsValue, name: &str) -> JsValue;
    /// The same, by a name of the host's.
    #[wasm_bindgen(js_name = own)]
    pub fn own_by(value: &JsValue, name: &JsValue) -> JsValue;
    /// Defines an own member.
    pub fn define(object: &JsValue, name: &str, value: &JsValue);
    /// The same, by a name of the host's.
    #[wasm_bindgen(js_name = define)]
    pub fn define_by(object: &JsValue, name: &JsValue, value: &JsValue);
    /// A copy without a prototype, of which members are read by name.
    pub fn bare(value: &JsValue) -> JsValue;
    /// Removes a member of a copy.
    pub fn remove(copy: &JsValue, name: &str);
    /// The names of the own members, at most so many.
    pub fn names(value: &JsValue, most: u32) -> Vec<JsValue>;
    /// The items of an array, at most so many; `None` if it is none.
    pub fn items(value: &JsValue, most: u32) -> Option<Vec<JsValue>>;
    /// The pairs of a caller's headers.
    #[wasm_bindgen(catch, js_name = headerPairs)]
    pub fn header_pairs(source: &JsValue) -> Result<Vec<js_sys::Array>, JsValue>;
    /// JSON text; `None` if JSON cannot hold the value.
    pub fn stringify(value: &JsValue) -> Option<JsString>;
    /// A value after a prefix, percent-encoded; `None` if it has no UTF-8 form.
    pub fn encode(prefix: &JsValue, value: &JsValue) -> Option<JsString>;
}

thread_local! {
    /// The types made so far, by the shape's address.
    static TYPES: RefCell<Vec<(*const Shape, Rc<Type>)>> = const { RefCell::new(Vec::new()) };
}

/// The type of a shape, made on first use: a shape that is not used costs nothing at the start.
pub fn type_of(shape: &'static Shape) -> Rc<Type> {
    let address = std::ptr::from_ref(shape);
    let known = TYPES.with_borrow(|types| {
        let mut found = types.iter().filter(|(known, _)| *known == address);
        found.next().map(|(_, known)| Rc::clone(known))
    });
    known.unwrap_or_else(|| {
        let made = Rc::new(compile(&to_js(shape)));
        TYPES.with_borrow_mut(|types| types.push((address, Rc::clone(&made))));
        made
    })
}

/// Names, types, words and numbers as plain objects of the host's.
pub fn to_js(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new();
    // What is written here has no part that can fail.
    value.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}

/// Whether a value fits a shape.
pub fn fits(value: &JsValue, shape: &'static Shape) -> bool {
    fits_type(value, &type_of(shape))
}

/// An argument's members as own data of a new object; what is no object is given back.
///
/// # Errors
/// What getters, proxies or `toJSON` throw.
pub fn snapshot(
    source: &JsValue,
    shape: &'static Shape,
    is_body: bool,
) -> Result<JsValue, JsValue> {
    snapshot_of(source, &type_of(shape), is_body)
}

/// The first group of a pattern's form in a text.
pub fn capture(value: &JsValue, shape: &'static Shape) -> Option<String> {
    capture_of(value, &type_of(shape)).as_string()
}

/// A text, copied only if it fits the shape.
pub fn text_of(value: &JsValue, shape: &'static Shape) -> Option<String> {
    fits(value, shape).then(|| value.as_string()).flatten()
}

/// Whether a value is an object with members to read.
pub fn is_object(value: &JsValue) -> bool {
    // Most values are no objects, which is found out without the host.
    value.is_object() && is_record(value)
}
