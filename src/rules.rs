//! The rules that the host checks by, as one text that is put together when the crate is compiled.

use crate::options::{self, ClientOptions, RequestOptions};
use crate::{model, operation};

const PARTS: [&[&str]; 2] = [
    &model::RULES,
    &[
        options::RULES,
        ClientOptions::RULES,
        RequestOptions::RULES,
        operation::RULES,
    ],
];

const LENGTH: usize = {
    let mut length = 0;
    let mut group = 0;
    while group < PARTS.len() {
        let mut part = 0;
        while part < PARTS[group].len() {
            length += PARTS[group][part].len();
            part += 1;
        }
        group += 1;
    }
    length
};

static BYTES: [u8; LENGTH] = {
    let mut bytes = [0; LENGTH];
    let mut length = 0;
    let mut group = 0;
    while group < PARTS.len() {
        let mut part = 0;
        while part < PARTS[group].len() {
            let text = PARTS[group][part].as_bytes();
            let mut index = 0;
            while index < text.len() {
                bytes[length] = text[index];
                length += 1;
                index += 1;
            }
            part += 1;
        }
        group += 1;
    }
    bytes
};

/// The rules, one a line; `host/shape.js` says how to read them.
pub static RULES: &str = match str::from_utf8(&BYTES) {
    Ok(text) => text,
    Err(_) => panic!("texts that are joined are a text"),
};
