//! Compatibility of two models: observe what changed, look the verdict up, name whom it hits.
//!
//! `observe` knows nothing of breaking; `verdict` is a table; `consumers` joins with what others say that they use; `witness` shows
//! what breaks; `finding` puts all that into words, and `judge` sorts them for a changelog. `written` tells how
//! bodies of a media type are written.

mod change;
pub mod consumers;
mod finding;
mod headline;
mod judge;
mod kind;
mod moved;
mod observe;
mod order;
mod policy;
mod relation;
mod release;
mod verdict;
mod witness;
mod written;

pub use change::{Action, Change, Containment, Direction, Effect, Kind, Reach, Reaching};
pub use consumers::Consumers;
pub use finding::{Level, Observed, Sides, changes, findings, findings_of, observed, payload_findings};
pub use judge::{Judged, Judgement, judge};
pub use observe::{observe, observe_payloads};
pub use order::{Cycle, Order, Released, Step, order};
pub use policy::version_findings;
pub use relation::{Decision, Flow, Relation, View, Which, Writing};
pub use release::{Obstacle, Release, Way, obstacles};
pub use verdict::{ROWS, Row, Verdict, find, row, verdict};
