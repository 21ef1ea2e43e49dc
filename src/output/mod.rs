//! Writing files: the plan, who owns what, and the application of a plan to the platform's folder. Whoever writes files
//! writes through here.
//!
//! [`inspect`] decides from plan, disk and lock what is to be done with each file and writes nothing; [`apply`] does it;
//! [`resolve`] takes a side where a person has to decide; [`diff`] shows what an action changes; [`write`] writes what no
//! plan has, [`place`] is where another program may, and [`written`] names the services that there are files for.

mod action;
mod apply;
mod dead;
mod decide;
mod diff;
mod disk;
mod error;
mod lock;
mod merge;
mod plan;
mod region;
mod root;
mod shell;

pub use action::{Action, ActionKind, Side};
pub use apply::{Applied, apply, place, resolve, write};
pub use dead::DeadPart;
pub use decide::inspect;
pub use diff::diff;
pub use error::OutputError;
pub use lock::written;
pub use plan::{Ownership, Parts, Plan, PlannedFile};
pub(crate) use shell::quoted;
