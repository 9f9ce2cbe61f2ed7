//! The counts that test runners print.

use std::fmt;

/// How many tests there were of each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    /// Left out by their own wish. Shown, since a test that is never run is easily forgotten.
    pub(super) ignored: u64,
}

impl Counts {
    /// A check that is one test.
    pub(super) fn verdict(passed: bool) -> Self {
        Self {
            passed: passed.into(),
            failed: (!passed).into(),
            ignored: 0,
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(f, ", {} ignored", self.ignored)?;
        }
        Ok(())
    }
}

/// Cargo's and wasm-bindgen's: `test result: ok. 3 passed; 0 failed; 1 ignored; …`, once per
/// test binary.
pub(super) fn of_cargo(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().map(without_colors) {
        let Some((_, results)) = line.split_once("test result: ") else {
            continue;
        };
        for (number, what) in results.split(['.', ';']).filter_map(number_and_name) {
            match what {
                "passed" => counts.passed += number,
                "failed" => counts.failed += number,
                "ignored" => counts.ignored += number,
                _ => {}
            }
        }
    }
    counts
}

/// `node --test`'s closing lines, `ℹ pass 3` or `# pass 3`.
pub(super) fn of_node(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().map(without_colors) {
        let Some(summary) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) else {
            continue;
        };
        let Some((what, number)) = summary.split_once(' ') else {
            continue;
        };
        let Ok(number) = number.trim().parse::<u64>() else {
            continue;
        };
        match what {
            "pass" => counts.passed += number,
            "fail" | "cancelled" => counts.failed += number,
            "skipped" | "todo" => counts.ignored += number,
            _ => {}
        }
    }
    counts
}

/// Schemathesis': `✅ 5 passed`, `❌ 1 failed` or `🚫 1 error` operations, once per phase.
pub(super) fn of_schemathesis(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().map(without_colors) {
        let Some((mark, (number, what))) = line
            .split_once(' ')
            .and_then(|(mark, rest)| Some((mark, number_and_name(rest)?)))
        else {
            continue;
        };
        match (mark, what) {
            ("✅", "passed") => counts.passed += number,
            ("❌" | "🚫", _) => counts.failed += number,
            ("⏭", _) => counts.ignored += number,
            _ => {}
        }
    }
    counts
}

/// ` 3 passed` is 3 and `passed`.
fn number_and_name(part: &str) -> Option<(u64, &str)> {
    let (number, what) = part.trim().split_once(' ')?;
    Some((number.parse().ok()?, what.trim()))
}

/// The line without its terminal escapes, `ESC [ … m`.
fn without_colors(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or(piece, |(_, rest)| rest));
    }
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, ignored: u64) -> Counts {
        Counts {
            passed,
            failed,
            ignored,
        }
    }

    #[test]
    fn cargo_counts_are_summed_over_the_test_binaries() {
        let output = "running 3 tests\ntest a ... ok\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s\n\
            test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(of_cargo(output), counts(4, 2, 1));
    }

    #[test]
    fn wasm_bindgen_counts_are_read_through_colors() {
        let output = "test result: \u{1b}[32mok\u{1b}[0m. 12 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.1s";
        assert_eq!(of_cargo(output), counts(12, 0, 0));
    }

    #[test]
    fn node_counts_are_read_from_both_of_its_reporters() {
        for prefix in ["ℹ", "#"] {
            let output = format!(
                "{prefix} tests 8\n{prefix} suites 1\n{prefix} pass 5\n{prefix} fail 1\n\
                 {prefix} cancelled 1\n{prefix} skipped 1\n{prefix} todo 0\n{prefix} duration_ms 12.5\n"
            );
            assert_eq!(of_node(&output), counts(5, 2, 1));
        }
    }

    #[test]
    fn schemathesis_counts_are_summed_over_its_phases() {
        let output = " ✅  Examples (in 0.8s)\n\n     ✅ 5 passed\n\n ❌  Fuzzing (in 9s)\n\n     \
            ✅ 3 passed\n     ❌ 2 failed\n     🚫 1 error\n\n  1594 generated, 1594 passed, 10 skipped\n";
        assert_eq!(of_schemathesis(output), counts(8, 3, 0));
    }

    #[test]
    fn words_that_only_look_like_counts_are_left_alone() {
        assert_eq!(of_cargo("7 passed; 1 failed"), counts(0, 0, 0));
        assert_eq!(
            of_node("# pass\n# a test that can fail 3 times"),
            counts(0, 0, 0)
        );
    }
}
