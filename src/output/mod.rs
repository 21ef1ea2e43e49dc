//! Writing files: the plan, who owns what, and the application of a plan to the platform's folder. Whoever writes files
//! writes through here.

mod plan;

pub use plan::{Ownership, Plan, PlannedFile};
