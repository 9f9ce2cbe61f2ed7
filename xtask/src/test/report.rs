//! How a group of tests went.

use std::process::Command;

use anyhow::Result;

use super::counts::Counts;
use crate::process;

/// The counts, and the output that explains them.
#[derive(Default)]
pub(super) struct Report {
    pub(super) counts: Counts,
    pub(super) text: String,
}

impl Report {
    /// A group that could not run.
    pub(super) fn error(error: &anyhow::Error) -> Self {
        Self {
            counts: Counts::verdict(false),
            text: format!("{error:#}"),
        }
    }

    /// Adds a test that ran in this process, and the line that reports it.
    pub(super) fn verdict(mut self, passed: bool, line: &str) -> Self {
        self.counts.add(Counts::verdict(passed));
        self.text.push_str(line);
        self.text.push('\n');
        self
    }

    /// Runs a check that has no tests to count: it passes or fails as one.
    pub(super) fn check(mut self, command: &mut Command) -> Result<Self> {
        let finished = process::capture(command)?;
        self.counts.add(Counts::verdict(finished.ok));
        self.text.push_str(&finished.text);
        Ok(self)
    }

    /// Runs a test runner, whose own counts `count` reads out of its output.
    pub(super) fn tests(
        mut self,
        command: &mut Command,
        count: fn(&str) -> Counts,
    ) -> Result<Self> {
        let finished = process::capture(command)?;
        let mut counts = count(&finished.text);
        // It did not compile, crashed, or could not start a browser: no test says so.
        if !finished.ok && counts.failed == 0 {
            counts.failed = 1;
        }
        self.counts.add(counts);
        self.text.push_str(failures(&finished.text));
        Ok(self)
    }
}

/// The part of a runner's output that says what failed. `node --test` prints it last, after what
/// passed and what the tests' servers say; where it is missing, all of it is wanted.
fn failures(output: &str) -> &str {
    output
        .find("✖ failing tests:")
        .map_or(output, |start| &output[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_failures_of_a_long_node_report_are_shown() {
        assert_eq!(
            failures("✔ a\nlog\n✖ b\nℹ fail 1\n\n✖ failing tests:\n\n✖ b\n"),
            "✖ failing tests:\n\n✖ b\n"
        );
        assert_eq!(failures("crashed at once\n"), "crashed at once\n");
    }
}
