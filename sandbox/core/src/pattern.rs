//! Filters on text: a whole-string match in which `*` stands for any run of characters, and
//! letter case does not matter (BEHAVIOUR 6.6).

/// Lower case, one character at a time. Unlike `str::to_lowercase` it does not look at a letter's
/// neighbours (final sigma), so that a pattern and a value fold alike.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// A filter, already folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Folds `text` and joins runs of `*`, which mean the same as one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut folded = fold(text);
        let mut last = None;
        folded.retain(|c| {
            let repeats = c == '*' && last == Some('*');
            last = Some(c);
            !repeats
        });
        Self(folded)
    }

    /// The folded pattern.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text before the first `*`: what an index can be asked for.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.split('*').next().unwrap_or_default()
    }

    /// Whether there is no `*` at all.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        !self.0.contains('*')
    }

    /// Whether the prefix says it all: one `*`, at the end.
    #[must_use]
    pub fn is_prefix_only(&self) -> bool {
        self.0.strip_suffix('*').is_some_and(|p| !p.contains('*'))
    }
}

/// Whether the folded `value` matches the folded `pattern`.
///
/// An absent or empty value matches no pattern, `*` included. Takes time in proportion to the sum of
/// both lengths: what stands between two `*` is searched for once, from where the last search ended,
/// and the standard library's search is linear (Two-Way).
#[must_use]
pub fn matches(pattern: &str, value: &str) -> bool {
    if value.is_empty() {
        return false;
    }
    let Some((prefix, rest)) = pattern.split_once('*') else {
        return pattern == value;
    };
    let (middle, suffix) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = value
        .strip_prefix(prefix)
        .and_then(|value| value.strip_suffix(suffix));
    // The first place where a part is found leaves the most for the parts after it.
    inner
        .and_then(|inner| {
            middle.split('*').try_fold(inner, |left, part| {
                left.split_once(part).map(|(_, after)| after)
            })
        })
        .is_some()
}

/// The smallest string above every string that starts with `prefix`; none if there is no such.
#[must_use]
pub fn after_prefix(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        if last < char::MAX {
            // The code points of surrogates are not characters: step over them.
            let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
            chars.extend(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, word for word; exponential, hence only a reference.
    fn naive(pattern: &[char], value: &[char]) -> bool {
        match pattern.split_first() {
            None => value.is_empty(),
            Some(('*', rest)) => (0..=value.len()).any(|n| naive(rest, &value[n..])),
            Some((c, rest)) => value
                .split_first()
                .is_some_and(|(v, tail)| v == c && naive(rest, tail)),
        }
    }

    // BEHAVIOUR 6.6
    #[test]
    fn a_pattern_matches_the_whole_string_in_any_case() {
        for (pattern, value, expected) in [
            ("quay", "Quay", true),
            ("QUAY", "quay", true),
            ("qua", "Quay", false),
            ("uay", "Quay", false),
            ("qua*", "Quay", true),
            ("*ay", "Quay", true),
            ("q*y", "Quay", true),
            ("*u*", "Quay", true),
            ("*a*a*", "Quay", false),
            ("qu*ua*", "Quay", false),
            ("q*ua*ay", "Quay", false),
            ("q*u*a*y", "Quay", true),
            ("quay*quay", "Quay", false),
            ("quay*", "Quay", true),
            ("*", "Quay", true),
            ("**", "Quay", true),
            ("", "Quay", false),
            ("*", "", false),
            ("", "", false),
            ("ÉLO*", "élodie", true),
            ("q?ay", "quay", false),
            ("q%y", "quay", false),
            ("[q]uay", "quay", false),
            ("ΑΣ*", "ασα", true),
        ] {
            let folded = Pattern::new(pattern);
            assert_eq!(
                matches(folded.as_str(), &fold(value)),
                expected,
                "{pattern} on {value}"
            );
        }
    }

    #[test]
    fn a_pattern_says_what_an_index_can_be_asked_for() {
        // pattern, prefix, whether it is exact, whether the prefix says it all
        for (text, prefix, is_exact, is_prefix_only) in [
            ("Quay", "quay", true, false),
            ("Qu*", "qu", false, true),
            ("*", "", false, true),
            ("Qu*y", "qu", false, false),
            ("Qu**", "qu", false, true),
            ("*ay", "", false, false),
        ] {
            let pattern = Pattern::new(text);
            assert_eq!(pattern.prefix(), prefix, "{text}");
            assert_eq!(pattern.is_exact(), is_exact, "{text}");
            assert_eq!(pattern.is_prefix_only(), is_prefix_only, "{text}");
        }
    }

    #[test]
    fn nothing_is_above_every_string_that_starts_with_the_last_character() {
        let last = char::MAX.to_string();
        assert_eq!(after_prefix(&last), None);
        assert_eq!(after_prefix(&format!("a{last}")).as_deref(), Some("b"));
    }

    /// Longer than a request can send, and as an older database may hold. Time in proportion to the
    /// product of the lengths would be minutes.
    #[test]
    fn a_hostile_pattern_takes_time_in_proportion_to_its_length() {
        let value = "a".repeat(1_000_000);
        for pattern in [
            format!("*{}b", "a".repeat(30_000)),
            format!("*{}b*", "a".repeat(30_000)),
            format!("*b{}*", "a".repeat(30_000)),
            format!("*{}b{}*", "a".repeat(15_000), "a".repeat(15_000)),
            format!("{}b", "*a".repeat(30_000)),
            format!("{}b*", "*aab".repeat(10_000)),
        ] {
            let begin = std::time::Instant::now();
            assert!(!matches(&pattern, &value));
            let time = begin.elapsed();
            assert!(time.as_secs() < 5, "{pattern:.9}… takes {time:?}");
        }
    }

    proptest! {
        #[test]
        fn the_matcher_agrees_with_the_definition(
            pattern in "[ab*é]{0,8}", value in "[abé]{1,8}"
        ) {
            let naive = naive(
                &pattern.chars().collect::<Vec<_>>(),
                &value.chars().collect::<Vec<_>>(),
            );
            prop_assert_eq!(matches(Pattern::new(&pattern).as_str(), &value), naive);
        }

        #[test]
        fn the_range_of_a_prefix_holds_exactly_the_strings_that_start_with_it(
            prefix in "[ab\u{d7ff}\u{10ffff}]{1,3}", value in "[abc\u{d7ff}\u{e000}\u{10ffff}]{0,5}"
        ) {
            let below_end = after_prefix(&prefix).is_none_or(|end| value.as_str() < end.as_str());
            prop_assert_eq!(
                value.as_str() >= prefix.as_str() && below_end,
                value.starts_with(&prefix)
            );
        }
    }
}
