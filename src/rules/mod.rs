//! The rules: what must hold for a platform's files. One file a rule, one list a family, one page a rule in `docs/rules/`
//! whose examples run as its tests.

#[macro_use]
mod registry;
mod account;
mod names;
mod operations;
mod route;
mod run;
mod subject;
mod waiver;

use crate::diagnostic::closest;

mod anti_pattern;
mod api;
mod constitution;
mod consumer;
mod document;
mod event;
mod platform;
mod resilience;
mod security;
mod spec;

pub use account::account;
pub use constitution::enforcement;
pub use registry::{Check, Context, Family, Rule, Subject};
pub use run::{Selection, run};

/// Every rule, sorted by family and id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// The lists of the families, in report order.
static FAMILIES: &[&[&Rule]] = &[
    document::RULES,
    spec::RULES,
    constitution::RULES,
    api::RULES,
    event::RULES,
    platform::RULES,
    consumer::RULES,
    resilience::RULES,
    security::RULES,
    anti_pattern::RULES,
];
