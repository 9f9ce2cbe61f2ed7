//! Plain objects of numbers for the host, through serde-wasm-bindgen. A derived serialiser for each
//! kind of event would do the same for several times the bytes.

use serde::ser::{Serialize, SerializeMap, Serializer};
use wasm_bindgen::prelude::*;

/// A name and its number; what is `None` is left out.
type Member<'a> = Option<(&'a str, f64)>;

struct Members<'a>(&'a [Member<'a>]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, number) in self.0.iter().flatten() {
            map.serialize_entry(name, number)?;
        }
        map.end()
    }
}

/// A plain object of these members.
pub fn object(members: &[Member<'_>]) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    // Names and numbers cannot fail to serialise.
    Members(members)
        .serialize(&serializer)
        .unwrap_or(JsValue::UNDEFINED)
}
