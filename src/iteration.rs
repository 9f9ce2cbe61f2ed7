//! Between `js/pages.js`, which carries an iteration out, and [`crate::policy::paging`], which decides.

use crate::kernel::define;
use crate::policy::paging::{self, Token, Turn};
use crate::request::Request;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/pages.js")]
extern "C" {
    #[wasm_bindgen(js_name = planOf)]
    fn plan_of(params: &JsValue, options: &JsValue) -> JsValue;
}

/// What an iteration is made of: its arguments, read and checked.
pub fn plan(request: &Request) -> JsValue {
    let Some(options) = &request.options else {
        return plan_of(&request.content, &JsValue::UNDEFINED);
    };
    if let Some(headers) = &request.headers {
        // The caller may change its own.
        define(options, "headers", headers);
    }
    plan_of(&request.content, options)
}

/// How many customers to ask for with each page. `page_size` is 0 where none is given.
#[wasm_bindgen(js_name = pageLimit, skip_typescript)]
pub fn page_limit(page_size: f64, max_items: f64) -> f64 {
    paging::limit(page_size, max_items)
}

/// What is to be done with a page that has arrived: how far to give it out, times eight, plus the number of
/// what follows.
#[wasm_bindgen(js_name = turnPage, skip_typescript)]
pub fn turn_page(length: u32, given: u32, remaining: f64, token: u32) -> f64 {
    let Turn { end, next } = paging::turn(length, given, remaining, Token::of_number(token));
    f64::from(end) * 8.0 + f64::from(next as u32)
}
