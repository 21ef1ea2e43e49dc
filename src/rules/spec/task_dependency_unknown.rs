//! A task that waits for a task which is not there.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A task that waits for a task which is not there.
pub(crate) static RULE: Rule = Rule {
    id: "task-dependency-unknown",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A task depends on a task that is not in the list",
    subjects: &[Subject::Tasks],
    docs: include_str!("../../../docs/rules/task-dependency-unknown.md"),
    check: Check::Service(check),
};

/// `Task 4.1` or `T001`; anything else in the field is a package or a sentence.
static REFERENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i:\btask\s+)(\d+(?:\.\d+)*)|\b(T\d{2,})\b").ok());

fn check(_: Context<'_>, service: &ServiceDocuments, out: &mut Findings) {
    let Some(reference) = REFERENCE.as_ref() else { return };
    for tasks in service.specs.iter().filter_map(|folder| folder.tasks.as_ref()) {
        let numbers: BTreeSet<&str> = tasks.tasks.iter().filter_map(|task| task.number.as_deref()).collect();
        for task in &tasks.tasks {
            let fields = task.fields.iter().filter(|(key, _)| key.starts_with("depend"));
            for (_, value) in fields {
                let named = reference.captures_iter(&value.value).filter_map(|found| found.get(1).or(found.get(2)));
                for number in named.map(|found| found.as_str()).filter(|number| !numbers.contains(number)) {
                    let message = format!("`{}` depends on task {number}, which is not in the list", task.title.trim());
                    out.push(RULE.finding(value.route, message).help("Correct the number, or add the task"));
                }
            }
        }
    }
}
