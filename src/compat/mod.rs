//! Compatibility of two models: observe what changed, look the verdict up, name whom it hits.
//!
//! `observe` knows nothing of breaking; `verdict` is a table; `affected` joins with the dependency graph; `witness` shows what
//! breaks; `finding` puts all that into words, and `judge` sorts them for a changelog.

mod affected;
mod change;
mod finding;
mod judge;
mod observe;
mod relation;
mod verdict;
mod witness;

pub use affected::affected;
pub use change::{Action, Change, Containment, Direction, Effect, Kind, Reach};
pub use finding::{Level, Sides, findings};
pub use judge::{Judged, Judgement, judge};
pub use observe::observe;
pub use relation::{Decision, Relation, View, Which};
pub use verdict::{ROWS, Row, Verdict, find, row, verdict};
