//! A comparison put in order for people: by service, then from what breaks to what is compatible.

use crate::compat::{Direction, Reach, Verdict};
use crate::diagnostic::Finding;

use super::Outcome;

/// Everything that a comparison of two sides found.
#[derive(Debug, Default)]
pub struct Changelog {
    /// What the old side is called.
    pub old: String,
    /// What the new side is called.
    pub new: String,
    /// The direction that was asked for, where not all were.
    pub direction: Option<Direction>,
    /// The changes by service, sorted; what belongs to no service comes last.
    pub groups: Vec<Group>,
    /// How many there are.
    pub counts: Counts,
    /// What the reader must know to understand the rest, a sentence each.
    pub remarks: Vec<String>,
    /// The same as findings, for machines.
    pub outcome: Outcome,
    /// The way from the top of the repository to the root of the new side, with a slash at its end; empty for the top.
    pub prefix: String,
}

/// The changes of one service.
#[derive(Debug)]
pub struct Group {
    /// The service, or several that share what changed.
    pub title: String,
    /// The changes from bad to harmless.
    pub sections: Vec<Section>,
}

/// The changes of a service that mean the same.
#[derive(Debug)]
pub struct Section {
    /// What they mean.
    pub class: Class,
    /// The changes by file and line.
    pub entries: Vec<Entry>,
}

/// What a change means, as a changelog is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A file that cannot be read, so that nothing can be told of it.
    Unread,
    /// Consumers that worked stop working.
    Breaking,
    /// It breaks some who use it in a way that the contract does not tell.
    MayBreak,
    /// It could not be decided.
    Unknown,
    /// Nobody needs to do anything.
    Compatible,
}

impl Class {
    /// Every class, from bad to harmless.
    pub const ALL: [Class; 5] = [Class::Unread, Class::Breaking, Class::MayBreak, Class::Unknown, Class::Compatible];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Class::Unread => "Cannot be read",
            Class::Breaking => "Breaking",
            Class::MayBreak => "May break",
            Class::Unknown => "Unknown",
            Class::Compatible => "Compatible",
        }
    }
}

impl From<Verdict> for Class {
    fn from(verdict: Verdict) -> Class {
        match verdict {
            Verdict::BreaksConsumers => Class::Breaking,
            Verdict::MayBreak => Class::MayBreak,
            Verdict::Unknown => Class::Unknown,
            Verdict::Compatible => Class::Compatible,
        }
    }
}

/// One change.
#[derive(Debug)]
pub struct Entry {
    /// The finding.
    pub finding: Finding,
    /// The operations and events that it reaches, each once.
    pub reached: Vec<Reached>,
    /// Sentences about it, without the list of what it reaches.
    pub facts: Vec<String>,
}

/// An operation or event that a change reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// `METHOD path`, or the event's name.
    pub subject: String,
    /// Which ways the data flows there.
    pub directions: Vec<Direction>,
}

impl Reached {
    /// What changes reach, each subject once, in the order of its first mention.
    pub(super) fn of(reaches: &[Reach]) -> Vec<Reached> {
        let mut found: Vec<Reached> = Vec::new();
        let mut places: rustc_hash::FxHashMap<&str, usize> = rustc_hash::FxHashMap::default();
        for reach in reaches {
            let at = *places.entry(&reach.subject).or_insert_with(|| {
                found.push(Reached { subject: reach.subject.clone(), directions: Vec::new() });
                found.len() - 1
            });
            let directions = &mut found[at].directions;
            if !directions.iter().any(|known| known.name() == reach.direction.name()) {
                directions.push(reach.direction);
            }
        }
        found
    }
}

/// How many changes of each class there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that cannot be read.
    pub unread: usize,
    /// What breaks.
    pub breaking: usize,
    /// What may break.
    pub may_break: usize,
    /// What could not be decided.
    pub unknown: usize,
    /// What is compatible.
    pub compatible: usize,
}

impl Counts {
    /// The number of a class.
    pub fn of(&self, class: Class) -> usize {
        match class {
            Class::Unread => self.unread,
            Class::Breaking => self.breaking,
            Class::MayBreak => self.may_break,
            Class::Unknown => self.unknown,
            Class::Compatible => self.compatible,
        }
    }

    pub(super) fn add(&mut self, class: Class) {
        match class {
            Class::Unread => self.unread += 1,
            Class::Breaking => self.breaking += 1,
            Class::MayBreak => self.may_break += 1,
            Class::Unknown => self.unknown += 1,
            Class::Compatible => self.compatible += 1,
        }
    }
}

/// Divides entries by group and class. They come with the service, which is empty for none, in report order.
pub(super) fn divide(entries: Vec<(String, Class, Entry)>) -> Vec<Group> {
    let mut sorted = entries;
    // Stable, so that the report order holds inside a section.
    sorted.sort_by(|a, b| (a.0.is_empty(), &a.0, a.1).cmp(&(b.0.is_empty(), &b.0, b.1)));
    let mut groups: Vec<Group> = Vec::new();
    for (service, class, entry) in sorted {
        let title = if service.is_empty() { "Events".to_owned() } else { service };
        if groups.last().is_none_or(|group| group.title != title) {
            groups.push(Group { title, sections: Vec::new() });
        }
        let Some(group) = groups.last_mut() else { continue };
        match group.sections.last_mut().filter(|section| section.class == class) {
            Some(section) => section.entries.push(entry),
            None => group.sections.push(Section { class, entries: vec![entry] }),
        }
    }
    groups
}
