//! `constitution.md`: principles, technology stack and standards.

use super::Located;
use super::spec::KeyValue;
use crate::source::{FileId, Route};

/// A constitution as it was written.
#[derive(Debug)]
pub struct Constitution {
    /// The file.
    pub file: FileId,
    /// The first heading.
    pub title: Option<Located<String>>,
    /// Second-level headings, as written.
    pub sections: Vec<Located<String>>,
    /// Every bullet of every section, in order.
    pub bullets: Vec<Bullet>,
    /// Bullets of a "Waivers" section.
    pub waivers: Vec<Waiver>,
}

/// What part of the constitution a bullet stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// "Core Principles".
    Principles,
    /// "Technology Stack".
    Technology,
    /// "Standards".
    Standards,
    /// Any other section; its bullets count as principles.
    Other,
}

/// One bullet.
#[derive(Clone, Debug)]
pub struct Bullet {
    /// Where it stands.
    pub part: Part,
    /// Key and value, or a sentence.
    pub entry: KeyValue,
}

/// "Waivers": a rule that does not hold for a service until a date.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rule's id.
    pub rule: Option<Located<String>>,
    /// The service, or nothing for all.
    pub service: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The last day it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// The bullet or row.
    pub route: Route,
}
