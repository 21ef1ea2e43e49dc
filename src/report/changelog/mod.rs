//! A changelog for people: at a terminal, as Markdown, and as a page.

mod html;
mod human;
mod markdown;

pub use html::{TEMPLATE, write as html};
pub use human::write as human;
pub use markdown::write as markdown;

use crate::check::{Changelog, Class, Counts, Entry, Reached};
use crate::compat::Direction;

/// The headline, with names in backticks and no full stop.
fn title(changelog: &Changelog) -> String {
    let what = match changelog.direction {
        None => "changes".to_owned(),
        Some(direction) => format!("changes of {}s", direction.name()),
    };
    let name = |label: &str| label.replace('`', "'");
    let (old, new) = (name(&changelog.old), name(&changelog.new));
    match changelog.groups.is_empty() {
        true => format!("No {what} from `{old}` to `{new}`"),
        false => format!("C{} from `{old}` to `{new}`", &what[1..]),
    }
}

/// How many changes there are, as a phrase: `2 breaking, 1 may break, 3 compatible`.
fn phrase(counts: &Counts) -> String {
    let count = |class: Class| {
        let n = counts.of(class);
        let phrase = match class {
            Class::Unread if n == 1 => "1 file that cannot be read".to_owned(),
            Class::Unread => format!("{n} files that cannot be read"),
            _ => format!("{n} {}", class.title().to_lowercase()),
        };
        (n > 0).then_some(phrase)
    };
    Class::ALL.into_iter().filter_map(count).collect::<Vec<_>>().join(", ")
}

/// The mark before a class.
fn mark(class: Class, unicode: bool) -> &'static str {
    match (class, unicode) {
        (Class::Unread | Class::Breaking, true) => "❌",
        (Class::MayBreak, true) => "⚠️ ",
        (Class::Unknown, true) => "❔",
        (Class::Compatible, true) => "✅",
        (Class::Unread | Class::Breaking, false) => "[fail]",
        (Class::MayBreak, false) => "[warn]",
        (Class::Unknown, false) => "[?]",
        (Class::Compatible, false) => "[ok]",
    }
}

/// One line below a change.
enum Detail<'a> {
    /// Names under a label, and how many more there are.
    Names(&'static str, Vec<String>, usize),
    /// A sentence.
    Fact(&'a str),
    /// Where it stood before.
    Before(String),
    /// What to do instead.
    WayOut(&'a str),
}

/// What is to be told of a change below its headline.
fn details(entry: &Entry) -> Vec<Detail<'_>> {
    let finding = &entry.finding;
    let mut found = Vec::new();
    let mut names = |label, list: Vec<String>, more| {
        if !list.is_empty() {
            found.push(Detail::Names(label, list, more));
        }
    };
    // A single one stands in the headline.
    if entry.reached.len() > 1 {
        names("Reaches", entry.reached.iter().map(reached).collect(), entry.more_reached);
    }
    names("Directly affected", finding.consumers.clone(), 0);
    names("Affected through another service", finding.transitive.clone(), 0);
    names("Not affected", finding.unaffected.clone(), 0);
    found.extend(entry.facts.iter().map(|fact| Detail::Fact(fact)));
    let before = finding.related.iter().filter(|related| related.base);
    found.extend(before.map(|before| Detail::Before(format!("{}:{}", before.position.file, before.position.line))));
    found.extend(finding.help.as_deref().map(Detail::WayOut));
    found
}

fn reached(one: &Reached) -> String {
    // That an event is sent needs no saying.
    let ways = one.directions.iter().map(|direction| direction.name());
    let ways: Vec<&str> = ways.filter(|way| *way != Direction::Event.name()).collect();
    if ways.is_empty() { one.subject.clone() } else { format!("{} ({})", one.subject, ways.join(", ")) }
}

/// Where a change stands.
fn place(entry: &Entry) -> String {
    format!("{}:{}", entry.finding.position.file, entry.finding.position.line)
}

#[cfg(test)]
mod fixture;
