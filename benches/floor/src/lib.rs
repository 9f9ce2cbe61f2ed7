//! A class that does nothing of use with each of the client's dependencies: it takes a function, calls
//! it, waits for its promise, reads a header and gives an object. What this weighs, with its glue, is
//! what no client made of these parts can be smaller than.

use serde::ser::{Serialize, SerializeMap, Serializer};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The class.
#[wasm_bindgen]
pub struct Floor {
    function: js_sys::Function,
}

struct Object(f64);

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("number", &self.0)?;
        map.end()
    }
}

#[wasm_bindgen]
impl Floor {
    /// Takes a function that gives a promise of `Headers`.
    #[wasm_bindgen(constructor)]
    pub fn new(function: js_sys::Function) -> Self {
        Self { function }
    }

    /// Calls it.
    pub fn call(&self, argument: JsValue) -> js_sys::Promise {
        let function = self.function.clone();
        wasm_bindgen_futures::future_to_promise(async move {
            let promise = function.call1(&JsValue::UNDEFINED, &argument)?;
            let headers = JsFuture::from(js_sys::Promise::from(promise)).await?;
            let headers = gloo_net::http::Headers::from_raw(headers.unchecked_into());
            let number = headers.get("retry-after").map_or(0.0, |_| 1.0);
            let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
            Object(number)
                .serialize(&serializer)
                .map_err(|_| JsValue::UNDEFINED)
        })
    }
}
