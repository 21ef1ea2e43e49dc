//! Generated services on the machine of a developer: prepared, started, watched, stopped, tested. Nothing here is
//! deterministic, and nothing of it reaches a file that is committed.

mod broker;
mod child;
mod prepare;
mod probe;
mod supervise;
mod token;

pub use broker::Broker;
pub use prepare::{Job, Problem, Secrets, prepare};
pub use supervise::{Event, Fleet, run_step};
