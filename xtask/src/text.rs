//! The module as text, for the entries that carry it inside. Base64 spreads three bytes over four
//! characters, and gzip then sees nothing that repeats: the text ends a third larger than the
//! module. Here each byte stands for itself, as one character or two, so that the text compresses as
//! well as the module does (`cargo xtask size`). `pkg/start.js` reads it.

/// The characters that stand for something. Left out are those that a quoted string, a template, a
/// page or a minifier would escape.
fn characters() -> impl Iterator<Item = char> {
    (' '..='~').filter(|c| !"\"'`$\\<".contains(*c))
}

/// How many of the characters, the last ones, begin a pair.
const PREFIXES: usize = 2;

/// The text and what is needed to read it: the commonest bytes, in hexadecimal, which have one
/// character each. The others, in ascending order, have a prefix and a character.
pub(crate) fn encode(bytes: &[u8]) -> (String, String) {
    let characters: Vec<char> = characters().collect();
    let singles = characters.len() - PREFIXES;
    let mut count = [0_usize; 256];
    for byte in bytes {
        count[usize::from(*byte)] += 1;
    }
    let mut order: Vec<u8> = (0..=255).collect();
    order.sort_by_key(|byte| (usize::MAX - count[usize::from(*byte)], *byte));
    let (common, rest) = order.split_at_mut(singles);
    rest.sort_unstable();

    let mut codes = vec![String::new(); 256];
    for (byte, character) in common.iter().zip(&characters) {
        codes[usize::from(*byte)].push(*character);
    }
    for (index, byte) in rest.iter().enumerate() {
        let code = &mut codes[usize::from(*byte)];
        code.push(characters[singles + index / characters.len()]);
        code.push(characters[index % characters.len()]);
    }
    let text = bytes
        .iter()
        .map(|byte| codes[usize::from(*byte)].as_str())
        .collect();
    let common = common.iter().map(|byte| format!("{byte:02x}")).collect();
    (common, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `start.js` does it.
    fn decode(common: &str, text: &str) -> Vec<u8> {
        let characters: Vec<char> = characters().collect();
        let common: Vec<u8> = (0..common.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&common[at..at + 2], 16).expect("hexadecimal"))
            .collect();
        let rest: Vec<u8> = (0..=255).filter(|byte| !common.contains(byte)).collect();
        let at = |c| {
            characters
                .iter()
                .position(|known| *known == c)
                .expect("a character")
        };
        let mut letters = text.chars();
        let mut bytes = Vec::new();
        while let Some(letter) = letters.next() {
            let index = at(letter);
            bytes.push(match index.checked_sub(common.len()) {
                None => common[index],
                Some(prefix) => {
                    rest[prefix * characters.len() + at(letters.next().expect("a pair"))]
                }
            });
        }
        bytes
    }

    #[test]
    fn what_was_encoded_comes_back() {
        let all: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let skewed: Vec<u8> = (0..5000_u32).map(|i| (i * i % 251) as u8).collect();
        for bytes in [&all[..], &skewed, b"\0asm\x01\0\0\0", b""] {
            let (common, text) = encode(bytes);
            assert_eq!(decode(&common, &text), bytes);
        }
    }

    #[test]
    fn nothing_in_the_text_needs_escaping() {
        let all: Vec<u8> = (0..=255).collect();
        let (_, text) = encode(&all);
        assert!(text.chars().all(|c| c.is_ascii() && !c.is_ascii_control()));
        assert!(!text.contains(['"', '\'', '`', '$', '\\', '<']));
    }

    #[test]
    fn every_byte_has_a_code() {
        let characters = characters().count();
        assert!(characters - PREFIXES + PREFIXES * characters >= 256);
    }
}
