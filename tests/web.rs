//! The client as WebAssembly in a browser. The cases are those of `node.rs`.

#![cfg(target_arch = "wasm32")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod wasm;
