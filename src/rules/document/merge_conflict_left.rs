//! Lines that a merge left for a person to choose between.

use crate::diagnostic::{Findings, Severity};
use crate::rules::{Check, Context, Family, Rule};
use crate::source::{FileId, Route, Span};

/// Lines that a merge left for a person to choose between.
pub(crate) static RULE: Rule = Rule {
    id: "merge-conflict-left",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A merge left both sides of a conflict in a file",
    subjects: super::ANY,
    docs: include_str!("../../../docs/rules/merge-conflict-left.md"),
    check: Check::File(check),
};

/// How git marks where a conflict begins, is divided and ends: at the start of a line.
const MARKERS: [&str; 3] = ["<<<<<<< ", "=======", ">>>>>>> "];

fn check(context: Context<'_>, file: FileId, out: &mut Findings) {
    let text = &context.sources.file(file).text;
    // The marker of a conflict that is begun, and which marker comes next: each alone may be text.
    let (mut begun, mut next) = (Span::new(0, 0), 0);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end();
        if line.starts_with(MARKERS[0]) {
            (begun, next) = (Span::new(start, start + shown.len()), 1);
        } else if next == 1 && shown == MARKERS[1] {
            next = 2;
        } else if next == 2 && line.starts_with(MARKERS[2]) {
            next = 0;
            let finding = RULE.finding(Route::span(file, begun), "A merge left both sides of a conflict here");
            out.push(finding.help("Keep what is right of the two sides, and remove the three lines that mark them"));
        }
        start += line.len();
    }
}
