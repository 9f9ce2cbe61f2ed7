//! The integrator's own data: a JSON object that is kept as it was sent, so that no number of it is
//! rounded, whatever its size.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::bounds;

/// A JSON object, without the spaces that mean nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Metadata(Box<RawValue>);

impl PartialEq for Metadata {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Metadata {
    /// Takes a value that was sent.
    ///
    /// # Errors
    /// What is wanted instead, in words.
    pub fn read(value: &RawValue) -> Result<Self, String> {
        let text = value.get();
        if !text.starts_with('{') {
            return Err("has to be a JSON object".to_owned());
        }
        let (compact, depth) = compact(text);
        if depth > bounds::METADATA_DEPTH {
            return Err(format!(
                "can be {} levels deep at most",
                bounds::METADATA_DEPTH
            ));
        }
        if compact.len() > bounds::METADATA_BYTES {
            return Err(format!(
                "can be {} bytes of JSON at most",
                bounds::METADATA_BYTES
            ));
        }
        RawValue::from_string(compact)
            .map(Self)
            .map_err(|_| "has to be a JSON object".to_owned())
    }
}

/// JSON without the spaces between its parts, and how many objects and arrays stand within each other.
fn compact(text: &str) -> (String, usize) {
    let mut out = String::with_capacity(text.len());
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut is_text, mut is_escaped) = (false, false);
    for c in text.chars() {
        if is_text {
            is_text = is_escaped || c != '"';
            is_escaped = !is_escaped && c == '\\';
        } else {
            match c {
                '"' => is_text = true,
                '{' | '[' => {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
                '}' | ']' => depth = depth.saturating_sub(1),
                ' ' | '\n' | '\r' | '\t' => continue,
                _ => {}
            }
        }
        out.push(c);
    }
    (out, deepest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Metadata, String> {
        Metadata::read(serde_json::from_str(text).unwrap())
    }

    // BEHAVIOUR 4.11
    #[test]
    fn an_object_is_kept_as_it_was_sent_but_for_spaces() {
        for (sent, kept) in [
            (r#"{ "a" : [ 1 , 2 ] }"#, r#"{"a":[1,2]}"#),
            (r#"{"a b": " \" { [ \\"}"#, r#"{"a b":" \" { [ \\"}"#),
            (
                "{\n\t\"n\": 123456789012345678901234567890}",
                r#"{"n":123456789012345678901234567890}"#,
            ),
            (
                r#"{"n":1e400,"m":-0.0,"k":1.10}"#,
                r#"{"n":1e400,"m":-0.0,"k":1.10}"#,
            ),
        ] {
            assert_eq!(read(sent).unwrap().0.get(), kept);
        }
    }

    #[test]
    fn two_that_were_sent_alike_but_for_spaces_are_equal() {
        let one = read(r#"{"a":1}"#).unwrap();
        assert_eq!(one, read(r#"{ "a": 1 }"#).unwrap());
        assert_ne!(one, read(r#"{"a":2}"#).unwrap());
    }

    #[test]
    fn depth_is_counted_and_not_limited_by_the_parser() {
        let nested =
            |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
        assert!(read(&nested(32)).is_ok());
        for levels in [33, 127, 128, 10_000] {
            assert!(read(&nested(levels)).unwrap_err().contains("32 levels"));
        }
        let siblings: Vec<_> = (0..100).map(|n| format!("\"{n}\":[{{}}]")).collect();
        assert!(read(&format!("{{{}}}", siblings.join(","))).is_ok());
        assert!(read("[]").unwrap_err().contains("object"));
        assert!(read("7").unwrap_err().contains("object"));
    }
}
