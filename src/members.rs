//! Plain objects for the host, member by member, through serde-wasm-bindgen. Derived serialisers would
//! do the same for several times the bytes.

use serde::ser::{Serialize, SerializeMap, Serializer};
use wasm_bindgen::prelude::*;

/// The value of a member.
pub enum Member<'a> {
    /// A string.
    Text(&'a str),
    /// A number.
    Number(f64),
}

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_f64(*number),
        }
    }
}

/// Names and values; what is `None` is left out.
pub struct Members<'a>(pub &'a [(&'static str, Option<Member<'a>>)]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.0 {
            if let Some(value) = value {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// A plain object of these members.
pub fn object(members: &[(&'static str, Option<Member<'_>>)]) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    // Strings and numbers cannot fail to serialise.
    Members(members)
        .serialize(&serializer)
        .unwrap_or(JsValue::UNDEFINED)
}
