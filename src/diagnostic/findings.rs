//! What rules write to: a list that stays short, whatever the files contain.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Diagnostic;
use crate::source::FileId;

/// How many findings of one rule are kept for one file. Nobody mends more by hand, and a file of a megabyte can hold a
/// quarter of a million of them, each a thousand times as long as the byte that is wrong.
pub const KEPT: usize = 500;
/// From so many findings of one rule on, over all files, no more than [`FEW`] of another file are kept: a hundred services that
/// break a rule hundreds of times each say the same.
const MANY: usize = 1000;
const FEW: usize = 10;

/// The findings of a check. The first [`KEPT`] of each rule and file are kept, or [`FEW`], the others counted; one that says the same of
/// the same place as an earlier one is dropped, because a file that several documents refer to is checked once for each.
#[derive(Debug, Default)]
pub struct Findings {
    kept: Vec<Diagnostic>,
    told: FxHashSet<u64>,
    counts: FxHashMap<(&'static str, FileId), Count>,
    by_rule: FxHashMap<&'static str, usize>,
    pushed: usize,
}

/// How many findings there are of one rule and file, and the first that was not kept, without its text.
#[derive(Debug, Default)]
struct Count {
    kept: usize,
    left_out: usize,
    first_left_out: Option<Diagnostic>,
}

impl Findings {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.pushed += 1;
        if !self.told.insert(identity(&diagnostic)) {
            return;
        }
        let count = self.counts.entry((diagnostic.rule, diagnostic.route.file)).or_default();
        let of_rule = self.by_rule.entry(diagnostic.rule).or_default();
        let most = if *of_rule < MANY { KEPT } else { FEW };
        if count.kept < most && diagnostic.count == 1 {
            count.kept += 1;
            *of_rule += 1;
            self.kept.push(diagnostic);
            return;
        }
        count.left_out += diagnostic.count;
        if count.first_left_out.is_none() {
            let Diagnostic { rule, severity, route, .. } = diagnostic;
            count.first_left_out = Some(Diagnostic::new(rule, severity, route, ""));
        }
    }

    /// How many were pushed, those that were not kept included.
    pub fn len(&self) -> usize {
        self.pushed
    }

    /// Whether none was pushed.
    pub fn is_empty(&self) -> bool {
        self.pushed == 0
    }

    /// What was kept, in the order of the pushes, and one finding for those of each rule and file that were not.
    pub fn into_vec(mut self) -> Vec<Diagnostic> {
        let left_out =
            self.counts.into_values().filter_map(|count| Some((count.left_out, count.kept, count.first_left_out?)));
        let mut rests: Vec<Diagnostic> = left_out.map(|(count, kept, one)| rest(count, kept, one)).collect();
        rests.sort_by_key(|one| (one.rule, one.route));
        self.kept.append(&mut rests);
        self.kept
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: T) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}

/// The same for findings that say the same of the same place. The hasher's keys are fixed, so every run agrees.
fn identity(diagnostic: &Diagnostic) -> u64 {
    let mut hasher = DefaultHasher::new();
    let Diagnostic { rule, route, message, .. } = diagnostic;
    (rule, route, message).hash(&mut hasher);
    hasher.finish()
}

/// The finding that stands for those that were not kept, at the first of them.
fn rest(count: usize, kept: usize, mut first: Diagnostic) -> Diagnostic {
    first.message = match count {
        1 => "one more finding of this rule in this file".to_owned(),
        _ => format!("{count} more findings of this rule in this file"),
    };
    first.help(format!("mend the first {kept}, or their common cause; the next run shows more"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::source::Route;

    fn at(file: u32, n: usize) -> Diagnostic {
        Diagnostic::new("rule", Severity::Warning, Route::file(FileId(file)), format!("value {n}"))
    }

    #[test]
    fn the_first_are_kept_and_the_rest_is_counted_in_one() {
        let mut findings = Findings::default();
        findings.extend((0..KEPT + 5).map(|n| at(0, n)));
        findings.extend((0..3).map(|n| at(1, n)));
        assert_eq!(findings.len(), KEPT + 8);
        let all = findings.into_vec();
        assert_eq!(all.len(), KEPT + 4);
        assert_eq!(all.last().unwrap().message, "5 more findings of this rule in this file");
        assert!(all.last().unwrap().help.as_ref().unwrap().contains("500"));
    }

    #[test]
    fn of_many_files_with_many_each_some_are_kept() {
        let mut findings = Findings::default();
        for file in 0..5 {
            findings.extend((0..KEPT).map(|n| at(file, n)));
        }
        let all = findings.into_vec();
        assert_eq!(all.len(), MANY + 3 * FEW + 3);
        assert_eq!(all.last().unwrap().message, "490 more findings of this rule in this file");
    }

    #[test]
    fn what_is_said_twice_is_told_once() {
        let mut findings = Findings::default();
        findings.extend([at(0, 1), at(0, 2), at(0, 1)]);
        assert_eq!(findings.into_vec().len(), 2);
    }
}
