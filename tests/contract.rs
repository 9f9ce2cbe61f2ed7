//! The client's tables against the contract: every field, every list of values, every error code,
//! in both directions. What is meant to differ stands in a table with its reason, and a line of
//! that table that no longer differs fails too.

#![cfg(not(target_arch = "wasm32"))]

#[path = "contract/document.rs"]
mod document;
#[path = "contract/examples.rs"]
mod examples;
#[path = "contract/fields.rs"]
mod fields;
#[path = "contract/forms.rs"]
mod forms;
#[path = "contract/operations.rs"]
mod operations;
#[path = "contract/problems.rs"]
mod problems;
#[path = "contract/values.rs"]
mod values;
