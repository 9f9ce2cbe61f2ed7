//! What groups need: tools, and the package itself. Each is installed or built once, next to groups
//! that can do without it.

use std::collections::BTreeSet;

use anyhow::Result;

use super::schedule::Resource;
use crate::python::Environment;
use crate::tools::{self, AptTool, CargoTool};
use crate::{build, npm, sandbox};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// The npm tools by which the package is built.
    Tools,
    /// The package and the sandbox. Many groups wait for it, so it comes early, and what is
    /// downloaded meanwhile takes another worker.
    Package,
    /// A program of Debian's.
    Debian(AptTool),
    /// The npm tools of another folder.
    Npm(&'static str),
    Python(Environment),
    /// A program of crates.io's.
    Crate(CargoTool),
}

pub(super) const PACKAGE: &[Need] = &[Need::Tools, Need::Package];
pub(super) const CHROMIUM: &[Need] = &[
    Need::Debian(tools::CHROMIUM),
    Need::Debian(tools::CHROMEDRIVER),
];
pub(super) const FIREFOX: &[Need] = &[
    Need::Debian(tools::FIREFOX),
    Need::Crate(tools::GECKODRIVER),
];
pub(super) const WEBKIT: &[Need] = &[
    Need::Debian(tools::WEBKIT_DRIVER),
    Need::Debian(tools::XVFB_RUN),
    Need::Debian(tools::XAUTH),
];
/// Every other Node, Deno, Bun, workerd and Vercel's Edge runtime.
pub(super) const RUNTIMES: &[Need] = &[Need::Npm("tests/runtimes/tools")];

/// A job that provides for some needs.
pub(super) struct Step {
    pub(super) name: String,
    /// What it installs, in words; nothing if it only builds.
    installs: Option<String>,
    /// About how long it takes on two cores.
    seconds: usize,
    pub(super) needs: Vec<Need>,
    pub(super) holds: &'static [Resource],
}

/// The steps that provide for what is missing of `needs`.
pub(super) fn steps(needs: &BTreeSet<Need>) -> Result<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    for need in needs {
        if need.is_missing()? {
            let step = need.step();
            match steps.iter_mut().find(|other| other.name == step.name) {
                Some(other) => other.add(step),
                None => steps.push(step),
            }
        }
    }
    Ok(steps)
}

/// What the steps will install and about how long that takes; nothing if there is nothing.
pub(super) fn announcement(steps: &[Step]) -> Option<String> {
    let what: Vec<&str> = steps
        .iter()
        .filter_map(|step| step.installs.as_deref())
        .collect();
    let seconds: usize = steps.iter().map(|step| step.seconds).sum();
    (!what.is_empty()).then(|| {
        format!(
            "To be installed, in about {} min: {}",
            seconds.div_ceil(60),
            what.join("; ")
        )
    })
}

impl Step {
    /// Debian's packages are installed together: that is one look at its lists instead of many.
    fn add(&mut self, other: Self) {
        if let (Some(all), Some(more)) = (&mut self.installs, &other.installs) {
            all.push_str(&format!(", {more}"));
        }
        self.seconds += other.seconds;
        self.needs.extend(other.needs);
    }

    /// What must be there before.
    pub(super) fn after(&self) -> &'static [Need] {
        if self.needs.contains(&Need::Package) {
            &[Need::Tools]
        } else {
            &[]
        }
    }

    pub(super) fn run(&self) -> Result<()> {
        let packages: Vec<&str> = self
            .needs
            .iter()
            .filter_map(|need| match need {
                Need::Debian(tool) => Some(tool.package),
                _ => None,
            })
            .collect();
        if !packages.is_empty() && tools::apt_install(&packages).is_ok() {
            return Ok(());
        }
        // One by one where that fails: a release may lack one of them.
        self.needs.iter().try_for_each(Need::provide)
    }
}

impl Need {
    fn is_missing(&self) -> Result<bool> {
        match self {
            Self::Tools => npm::is_missing(npm::TOOLS),
            // Cargo knows best what is out of date.
            Self::Package => Ok(true),
            Self::Debian(tool) => Ok(tool.is_missing()),
            Self::Npm(folder) => npm::is_missing(folder),
            Self::Python(environment) => environment.is_missing(),
            Self::Crate(tool) => tool.is_missing(),
        }
    }

    pub(super) fn step(self) -> Step {
        let npm = |folder: &str| {
            let name = format!("npm-{}", folder.replace('/', "-"));
            (name, Some(format!("npm's tools of {folder}")), 20)
        };
        let (name, installs, seconds) = match self {
            Self::Tools => npm(npm::TOOLS),
            Self::Package => (String::from("build"), None, 0),
            Self::Debian(tool) => (String::from("debian"), Some(tool.package.to_owned()), 15),
            Self::Npm(folder) => npm(folder),
            Self::Python(environment) => {
                let name = format!("python-{}", environment.name);
                let what = format!("Python's tools of {}", environment.requirements);
                (name, Some(what), 30)
            }
            Self::Crate(tool) => {
                let what = format!("{} from crates.io", tool.label());
                (tool.name.to_owned(), Some(what), 90)
            }
        };
        let holds: &[Resource] = match self {
            Self::Package => &[Resource::Target],
            Self::Crate(_) => &[Resource::CargoTools],
            _ => &[],
        };
        Step {
            name,
            installs,
            seconds,
            needs: vec![self],
            holds,
        }
    }

    fn provide(&self) -> Result<()> {
        match self {
            Self::Tools => drop(npm::tools()?),
            Self::Package => {
                build::build()?;
                sandbox::binary()?;
            }
            Self::Debian(tool) => drop(tool.path()?),
            Self::Npm(folder) => drop(npm::install(folder)?),
            Self::Python(environment) => drop(environment.path()?),
            Self::Crate(tool) => drop(tool.path()?),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_comes_after_its_tools_and_before_what_takes_longer() {
        let needs = BTreeSet::from([
            Need::Crate(tools::WASM_PACK),
            Need::Npm("benches"),
            Need::Package,
            Need::Tools,
            Need::Debian(tools::CHROMIUM),
        ]);
        let steps: Vec<Step> = needs.into_iter().map(Need::step).collect();
        let names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
        let expected = ["npm-tests", "build", "debian", "npm-benches", "wasm-pack"];
        assert_eq!(names, expected);
        assert_eq!(
            announcement(&steps).expect("a line"),
            "To be installed, in about 3 min: npm's tools of tests; chromium; npm's tools of \
             benches; wasm-pack 0.15.1 from crates.io"
        );
    }

    #[test]
    fn debian_s_packages_are_one_step_and_building_is_no_installation() {
        let mut chromium = Need::Debian(tools::CHROMIUM).step();
        chromium.add(Need::Debian(tools::XAUTH).step());
        assert_eq!(chromium.needs.len(), 2);
        let line = announcement(&[chromium, Need::Package.step()]).expect("a line");
        assert!(line.ends_with("about 1 min: chromium, xauth"), "{line}");
        assert!(announcement(&[Need::Package.step()]).is_none());
    }
}
