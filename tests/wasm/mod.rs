//! The cases, each on the class as JavaScript sees it: calls go through the generated glue, and
//! what is looked at is what a caller can see.

mod classes;
mod endings;
mod errors;
mod harness;
mod hosts;
mod life;
mod pages;
mod responses;
mod retries;
mod secrets;
mod throttle;
mod tokens;
mod traffic;
mod wire;
