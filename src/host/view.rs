//! JavaScript values as a [`View`].

use crate::view::{Kind, View};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/view.js")]
extern "C" {
    #[wasm_bindgen(js_name = kindOf)]
    fn kind_of(value: &JsValue) -> u8;
    #[wasm_bindgen(js_name = member)]
    fn member_of(value: &JsValue, name: &str) -> JsValue;
    #[wasm_bindgen(js_name = member)]
    fn item_of(value: &JsValue, index: u32) -> JsValue;
    #[wasm_bindgen(js_name = names)]
    fn names_of(value: &JsValue) -> Vec<String>;
}

impl View for JsValue {
    fn kind(&self) -> Kind {
        match kind_of(self) {
            0 => Kind::Absent,
            1 => Kind::Null,
            2 => Kind::Boolean,
            3 => Kind::Number,
            4 => Kind::Text,
            5 => Kind::List,
            6 => Kind::Object,
            _ => Kind::Other,
        }
    }

    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R> {
        let mut text = self.as_string()?;
        let result = read(&text);
        wipe(&mut text);
        Some(result)
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn member(&self, name: &str) -> Self {
        member_of(self, name)
    }

    fn length(&self) -> u32 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the length of an array is a whole number below 2^32"
        )]
        match self.kind() {
            Kind::List => member_of(self, "length").as_f64().unwrap_or(0.0) as u32,
            _ => 0,
        }
    }

    fn item(&self, index: u32) -> Self {
        item_of(self, index)
    }

    fn names(&self) -> Vec<String> {
        names_of(self)
    }
}

/// Overwrites a text, so that a tax number does not stay in memory that is not given back.
fn wipe(text: &mut String) {
    let mut bytes = std::mem::take(text).into_bytes();
    bytes.fill(0);
    // Otherwise the compiler sees that nobody reads the zeros and leaves them out.
    std::hint::black_box(&bytes);
}
