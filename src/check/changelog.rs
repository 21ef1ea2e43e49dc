//! A comparison put in order for people: by service, then from what breaks to what is compatible.

use rustc_hash::FxHashMap;

use super::Outcome;
use crate::compat::{Direction, Reach, Verdict};
use crate::diagnostic::Finding;

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
    /// The operations and events that it reaches, each once; no more than [`MOST_REACHED`].
    pub reached: Vec<Reached>,
    /// How many more there are.
    pub more_reached: usize,
    /// Sentences about it, without the list of what it reaches.
    pub facts: Vec<String>,
    /// How many changes it stands for.
    pub count: usize,
}

/// Operations and events that are listed for one change. In a contract whose schemas form a cycle each change reaches all.
pub const MOST_REACHED: usize = 30;

/// An operation or event that a change reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// `METHOD path`, or the event's name.
    pub subject: String,
    /// Which ways the data flows there.
    pub directions: Vec<Direction>,
}

impl Reached {
    /// What a change reaches, each subject once, in the order of its first mention; and how many more there are.
    pub(super) fn of(reaches: &[Reach]) -> (Vec<Reached>, usize) {
        let mut found: Vec<(&str, Vec<Direction>)> = Vec::new();
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        for reach in reaches {
            let at = *places.entry(&reach.subject).or_insert_with(|| {
                found.push((&reach.subject, Vec::new()));
                found.len() - 1
            });
            let directions = &mut found[at].1;
            if !directions.iter().any(|known| known.name() == reach.direction.name()) {
                directions.push(reach.direction);
            }
        }
        let more = found.len().saturating_sub(MOST_REACHED);
        let shown = found.into_iter().take(MOST_REACHED);
        let shown = shown.map(|(subject, directions)| Reached { subject: shortened(subject), directions });
        (shown.collect(), more)
    }
}

/// Names of kilobytes are shown in part.
const LONGEST_NAME: usize = 400;

fn shortened(name: &str) -> String {
    match name.len() > LONGEST_NAME {
        true => format!("{}…", &name[..name.floor_char_boundary(LONGEST_NAME)]),
        false => name.to_owned(),
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

    pub(super) fn add(&mut self, class: Class, count: usize) {
        match class {
            Class::Unread => self.unread += count,
            Class::Breaking => self.breaking += count,
            Class::MayBreak => self.may_break += count,
            Class::Unknown => self.unknown += count,
            Class::Compatible => self.compatible += count,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(subject: &str, direction: Direction) -> Reach {
        Reach {
            service: "s".to_owned().into(),
            subject: subject.to_owned().into(),
            key: subject.to_owned().into(),
            direction,
        }
    }

    #[test]
    fn what_is_reached_is_listed_once_and_within_bounds() {
        let both = [reach("a", Direction::Request), reach("b", Direction::Request), reach("a", Direction::Response)];
        let (found, more) = Reached::of(&both);
        assert_eq!((found[0].directions.len(), found[1].directions.len(), found.len(), more), (2, 1, 2, 0));
        let many: Vec<Reach> = (0..100).map(|n| reach(&n.to_string(), Direction::Event)).collect();
        let (found, more) = Reached::of(&many);
        assert_eq!((found.len(), more), (MOST_REACHED, 70));
    }

    #[test]
    fn what_belongs_to_no_service_comes_last() {
        let entry = |message: &str| Entry {
            finding: Finding { message: message.to_owned(), ..finding() },
            reached: Vec::new(),
            more_reached: 0,
            facts: Vec::new(),
            count: 1,
        };
        let entries = vec![
            (String::new(), Class::Breaking, entry("1")),
            ("b".to_owned(), Class::Compatible, entry("2")),
            ("b".to_owned(), Class::Breaking, entry("3")),
            ("a".to_owned(), Class::Unknown, entry("4")),
            ("b".to_owned(), Class::Breaking, entry("5")),
        ];
        let told: Vec<String> = divide(entries)
            .iter()
            .flat_map(|group| {
                group.sections.iter().map(|section| {
                    let messages: Vec<&str> = section.entries.iter().map(|one| one.finding.message.as_str()).collect();
                    format!("{} {}: {}", group.title, section.class.title(), messages.join(" "))
                })
            })
            .collect();
        assert_eq!(told, ["a Unknown: 4", "b Breaking: 3 5", "b Compatible: 2", "Events Breaking: 1"]);
    }

    fn finding() -> Finding {
        let json = r#"{"rule": "r", "severity": "info", "message": "", "file": "f", "line": 1, "column": 1, "endLine": 1,
                       "endColumn": 1, "excerpt": "", "fingerprint": ""}"#;
        serde_json::from_str(json).unwrap()
    }
}
