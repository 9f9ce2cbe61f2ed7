//! Remarks on a request that was served although part of it had no effect.

use std::{collections::BTreeMap, fmt};

/// Longest name that a warning repeats; longer ones are cut.
const LONGEST_NAME: usize = 64;

/// Something in a request that was not used. It names the part and never carries a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A body field that the API does not have (BEHAVIOUR 4.15).
    UnknownField(String),
    /// A read-only body field, under `--read-only-fields ignore` (BEHAVIOUR 4.3).
    ReadOnlyField(String),
    /// A query parameter that the operation does not have.
    UnknownParameter(String),
    /// A query parameter sent more than once (BEHAVIOUR 6.4).
    RepeatedParameter(&'static str),
    /// A phone filter that begins with a space: a `+` that was not sent as `%2B` (BEHAVIOUR 6.7).
    PlusBecameSpace,
    /// An idempotency key on an operation that declares none (BEHAVIOUR 7.1).
    KeyIgnored,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownField(name) => write!(f, "unknown field {} ignored", plain(name)),
            Self::ReadOnlyField(name) => write!(f, "read-only field {} ignored", plain(name)),
            Self::UnknownParameter(name) => {
                write!(f, "unknown query parameter {} ignored", plain(name))
            }
            Self::RepeatedParameter(name) => {
                write!(f, "query parameter {name} sent more than once")
            }
            Self::PlusBecameSpace => {
                f.write_str("phone_number begins with a space, send the plus sign as %2B")
            }
            Self::KeyIgnored => {
                f.write_str("Idempotency-Key ignored, only POST and PATCH declare it")
            }
        }
    }
}

impl Warning {
    /// What kind it is, without the name, which the client chose.
    fn kind(&self) -> &'static str {
        match self {
            Self::UnknownField(_) => "unknown field",
            Self::ReadOnlyField(_) => "read-only field",
            Self::UnknownParameter(_) => "unknown query parameter",
            Self::RepeatedParameter(_) => "repeated query parameter",
            Self::PlusBecameSpace => "unencoded plus sign",
            Self::KeyIgnored => "ignored idempotency key",
        }
    }
}

/// How many there are of each kind, in words: what a log may hold of them. Empty if there are none.
#[must_use]
pub fn summary(warnings: &[Warning]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for warning in warnings {
        *counts.entry(warning.kind()).or_default() += 1;
    }
    let counted: Vec<String> = counts
        .into_iter()
        .map(|(kind, count)| format!("{count} {kind}{}", if count == 1 { "" } else { "s" }))
        .collect();
    counted.join(", ")
}

/// A name as it can stand in a header: printable ASCII, and not too long.
fn plain(name: &str) -> String {
    let mut out: String = name
        .chars()
        .take(LONGEST_NAME)
        .map(|c| {
            if c.is_ascii_graphic() && c != ',' {
                c
            } else {
                '?'
            }
        })
        .collect();
    if name.chars().count() > LONGEST_NAME {
        out.push_str("...");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_printable_ascii_whatever_the_name() {
        let text = Warning::UnknownField(format!("a,\r\nß{}", "x".repeat(100))).to_string();
        assert!(text.bytes().all(|b| (0x20..0x7f).contains(&b)), "{text}");
        assert!(text.starts_with("unknown field a????x") && text.ends_with("... ignored"));
    }
}
