//! Several jobs at once, where they share nothing.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// What only one job at a time may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    /// Cargo's folder `target`: a second cargo that compiles there waits for the first.
    Target,
    /// `.cache/cargo`, where the tools from crates.io are built.
    CargoTools,
}

pub(super) struct Job<'a> {
    pub(super) name: &'a str,
    /// The places in the list of those that must have ended, well or not. They stand before it.
    pub(super) after: Vec<usize>,
    pub(super) holds: &'a [Resource],
    pub(super) work: Box<dyn Fn() + Sync + 'a>,
}

/// Runs all jobs, `workers` at a time: always the first in the list that has nothing to wait for.
/// Every `interval`, `beat` is called with the names of those that are running, and for how long.
pub(super) fn run(
    jobs: &[Job],
    workers: usize,
    interval: Duration,
    beat: impl Fn(&[(&str, Duration)]),
) {
    let schedule = Schedule {
        jobs,
        state: Mutex::new(vec![State::Waiting; jobs.len()]),
        changed: Condvar::new(),
    };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| schedule.work());
        }
        schedule.watch(interval, beat);
    });
}

struct Schedule<'a> {
    jobs: &'a [Job<'a>],
    state: Mutex<Vec<State>>,
    changed: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Running(Instant),
    Ended,
}

impl Schedule<'_> {
    fn work(&self) {
        let mut states = self.states();
        while states.contains(&State::Waiting) {
            let Some(next) = (0..self.jobs.len()).find(|job| self.can_start(*job, &states)) else {
                states = self
                    .changed
                    .wait(states)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            states[next] = State::Running(Instant::now());
            drop(states);
            (self.jobs[next].work)();
            states = self.states();
            states[next] = State::Ended;
            self.changed.notify_all();
        }
    }

    fn can_start(&self, job: usize, states: &[State]) -> bool {
        let Job { after, holds, .. } = &self.jobs[job];
        let is_free = |resource| {
            let mut others = self.jobs.iter().zip(states);
            !others.any(|(other, state)| {
                matches!(state, State::Running(_)) && other.holds.contains(resource)
            })
        };
        states[job] == State::Waiting
            && after.iter().all(|earlier| states[*earlier] == State::Ended)
            && holds.iter().all(is_free)
    }

    fn watch(&self, interval: Duration, beat: impl Fn(&[(&str, Duration)])) {
        let mut states = self.states();
        let mut last = Instant::now();
        while states.iter().any(|state| *state != State::Ended) {
            let rest = interval.saturating_sub(last.elapsed());
            let waited = self.changed.wait_timeout(states, rest);
            states = waited.unwrap_or_else(PoisonError::into_inner).0;
            if last.elapsed() < interval {
                continue;
            }
            last = Instant::now();
            let running: Vec<_> = self
                .jobs
                .iter()
                .zip(states.iter())
                .filter_map(|(job, state)| match state {
                    State::Running(since) => Some((job.name, since.elapsed())),
                    _ => None,
                })
                .collect();
            beat(&running);
        }
    }

    fn states(&self) -> MutexGuard<'_, Vec<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    /// A job that says when it begins and ends, `+name` and `-name`, and does `work` between.
    fn saying<'a>(
        said: &'a Mutex<Vec<String>>,
        name: &'a str,
        work: impl Fn() + Sync + 'a,
    ) -> Job<'a> {
        let say = move |mark: &str| said.lock().expect("no panic").push(format!("{mark}{name}"));
        Job {
            name,
            after: Vec::new(),
            holds: &[],
            work: Box::new(move || {
                say("+");
                work();
                say("-");
            }),
        }
    }

    #[test]
    fn one_worker_runs_the_jobs_in_their_order() {
        let said = Mutex::default();
        let jobs = ["a", "b", "c"].map(|name| saying(&said, name, || {}));
        run(&jobs, 1, LONG, |_| {});
        let said = said.lock().expect("no panic");
        assert_eq!(*said, ["+a", "-a", "+b", "-b", "+c", "-c"]);
    }

    #[test]
    fn a_job_waits_for_those_before_it_and_for_what_another_holds_and_lets_others_pass() {
        let said = Mutex::default();
        // The first and the last wait for each other: one after the other they would never end.
        let together = Barrier::new(2);
        let meet = || {
            together.wait();
        };
        let jobs = [
            Job {
                holds: &[Resource::Target],
                ..saying(&said, "build", meet)
            },
            Job {
                after: vec![0],
                ..saying(&said, "uses it", || {})
            },
            Job {
                holds: &[Resource::Target],
                ..saying(&said, "builds too", || {})
            },
            saying(&said, "free", meet),
        ];
        run(&jobs, 2, LONG, |_| {});
        let said = said.lock().expect("no panic");
        let at = |what: &str| said.iter().position(|line| line == what).expect(what);
        assert!(at("-build") < at("+uses it"), "{said:?}");
        assert!(at("-build") < at("+builds too"), "{said:?}");
        assert_eq!(said.len(), 8);
    }

    #[test]
    fn what_is_running_is_reported_at_intervals() {
        let is_reported = Mutex::new(false);
        // It ends once it has been reported.
        let job = Job {
            name: "slow",
            after: Vec::new(),
            holds: &[],
            work: Box::new(|| {
                while !*is_reported.lock().expect("no panic") {
                    thread::sleep(Duration::from_millis(1));
                }
            }),
        };
        run(&[job], 2, Duration::from_millis(5), |running| {
            *is_reported.lock().expect("no panic") |=
                running.iter().any(|(name, _)| *name == "slow");
        });
    }
}
