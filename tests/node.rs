//! The client as WebAssembly in Node, as an ECMAScript module: the crate brings JavaScript files of
//! its own, which cannot be required. The cases are those of `web.rs`.

#![cfg(target_arch = "wasm32")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_node_experimental);

mod wasm;
