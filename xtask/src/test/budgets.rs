//! Sizes and instructions against their budgets; `cargo xtask size` explains what is over.

use anyhow::Result;

use super::report::Report;
use crate::size::{self, Measure};

pub(super) fn size() -> Result<Report> {
    Ok(report(&size::downloads()?))
}

pub(super) fn instructions() -> Result<Report> {
    Ok(report(&size::executions()?))
}

fn report(measures: &[Measure]) -> Report {
    measures.iter().fold(Report::default(), |report, measure| {
        report.verdict(measure.fits(), &measure.to_string())
    })
}
