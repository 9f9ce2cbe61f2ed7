//! Prints the tables as JSON, for the tests next to it: `cargo run --example tables`.
//!
//! `shapes` holds what objects look like, `forms` each text that has a form. JSON has no infinity: of
//! `maximum`, `null` stands for it.

use serde_json::{Map, Value, json};
use synctera_customers::contract::operation::{
    CUSTOMER, CUSTOMER_LIST, CUSTOMER_WRITE, LIST_PARAMS, PATCH_CUSTOMER,
};
use synctera_customers::contract::schema::{Model, Shape, Shaped};
use synctera_customers::contract::{Address, AddressWrite, PATTERNS};
use synctera_customers::options::{
    CLIENT_OPTIONS, ClientOptions, HEADER_NAME, HEADER_VALUE, ITERATE_OPTIONS, IterateOptions,
    REQUEST_OPTIONS, RequestOptions, TOKEN,
};

fn main() {
    let shapes: Map<String, Value> = [
        ("Address", &Address::SHAPE),
        ("AddressWrite", &AddressWrite::SHAPE),
        ("ClientOptions", &CLIENT_OPTIONS),
        ("Customer", &CUSTOMER),
        ("CustomerList", &CUSTOMER_LIST),
        ("CustomerWrite", &CUSTOMER_WRITE),
        ("IterateOptions", &ITERATE_OPTIONS),
        ("ListCustomersParams", &LIST_PARAMS),
        ("PatchCustomer", &PATCH_CUSTOMER),
        ("RequestOptions", &REQUEST_OPTIONS),
    ]
    .map(|(name, shape)| (name.to_owned(), json!(shape)))
    .into_iter()
    .collect();

    let options = [
        ClientOptions::MODEL,
        RequestOptions::MODEL,
        IterateOptions::MODEL,
    ];
    let of_options = options
        .iter()
        .flat_map(Model::fields)
        .map(|field| field.shape);
    let of_contract = PATTERNS.iter().map(Shape::Text);
    let forms: Map<String, Value> = of_options
        .chain([HEADER_NAME, HEADER_VALUE, TOKEN])
        .chain(of_contract)
        .filter_map(|shape| match shape {
            Shape::Text(pattern) | Shape::Token(pattern) if !pattern.form.is_empty() => {
                Some((pattern.name.to_owned(), json!(shape)))
            }
            _ => None,
        })
        .collect();

    println!("{}", json!({ "shapes": shapes, "forms": forms }));
}
