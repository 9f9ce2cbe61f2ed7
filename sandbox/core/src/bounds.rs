//! How large the parts of a request can be.
//!
//! Neither the contract nor the API's documents give a size for any of them (BEHAVIOUR 11), so each
//! bound is the sandbox's own and names what it follows. Characters are Unicode's, as in the
//! `maxLength` of JSON Schema.

/// Characters of a name or of a part of an address: the usual width of a column of text.
pub const TEXT: usize = 255;

/// Characters of an e-mail address: the longest that fits a path of SMTP (RFC 5321, 4.5.3.1.3, 256
/// octets with the angle brackets).
pub const EMAIL: usize = 254;

/// Characters of a note: a page of text.
pub const NOTE: usize = 4_096;

/// Bytes of `metadata` as JSON without spaces. Others who let integrators keep their own data
/// with an object take far less: Stripe 50 entries of 540 characters, which is 27 KB.
pub const METADATA_BYTES: usize = 64 * 1024;

/// Objects and arrays of `metadata` within each other, itself included. Readers of JSON stop at 64
/// levels (.NET) or 128 (Rust), and a list adds three.
pub const METADATA_DEPTH: usize = 32;

/// Characters of a filter on text. A longer one matches nothing: between any two characters of the
/// longest field, before and after them, it has a `*`.
pub const PATTERN: usize = 2 * TEXT + 1;

/// Customers that one list can ask for by id: ten of the largest pages.
pub const IDS: usize = 1_000;

/// Bytes of a page token. Those that the sandbox makes have fewer than 800.
pub const PAGE_TOKEN: usize = 1_024;

/// Bytes of an idempotency key. Stripe, whose API made the header known, takes as many.
pub const IDEMPOTENCY_KEY: usize = 255;

/// Bytes of a body: 1 MiB.
pub const BODY: usize = 1024 * 1024;

/// Bytes of path, query and headers together: 64 KiB.
pub const HEAD: usize = 64 * 1024;

/// Whether `text` has at most so many characters.
#[must_use]
pub fn fits(text: &str, most: usize) -> bool {
    // A character takes one to four bytes, so most texts need not be counted.
    text.len() <= most || (text.len() <= 4 * most && text.chars().count() <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        for (text, most, expected) in [
            ("abc", 3, true),
            ("abcd", 3, false),
            ("ééé", 3, true),
            ("éééé", 3, false),
            ("🦀🦀🦀", 3, true),
            ("", 0, true),
        ] {
            assert_eq!(fits(text, most), expected, "{text}");
        }
    }
}
