//! Compatibility of two models: observe what changed, look the verdict up, name whom it hits.
//!
//! `observe` knows nothing of breaking; `verdict` is a table; `consumers` joins with what others say that they use; `finding` puts the
//! three into words.

mod change;
pub mod consumers;
mod finding;
mod observe;
mod relation;
mod verdict;

pub use change::{Action, Change, Containment, Direction, Effect, Kind, Reach};
pub use consumers::Consumers;
pub use finding::{Level, Sides, findings};
pub use observe::observe;
pub use relation::{Decision, Relation, View, Which};
pub use verdict::{ROWS, Row, Verdict, find, row, verdict};
