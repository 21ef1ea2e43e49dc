//! Two tasks with the same number.

use std::collections::BTreeMap;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::plan::Task;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// Two tasks with the same number.
pub(crate) static RULE: Rule = Rule {
    id: "task-number-duplicate",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Two tasks of a list have the same number",
    subjects: &[Subject::Tasks],
    docs: include_str!("../../../docs/rules/task-number-duplicate.md"),
    check: Check::Service(check),
};

fn check(_: Context<'_>, service: &ServiceDocuments, out: &mut Findings) {
    for tasks in service.specs.iter().filter_map(|folder| folder.tasks.as_ref()) {
        let mut seen: BTreeMap<&str, &Task> = BTreeMap::new();
        for task in &tasks.tasks {
            let Some(number) = task.number.as_deref() else { continue };
            let first = *seen.entry(number).or_insert(task);
            if !std::ptr::eq(first, task) {
                let message = format!("The task `{}` has the number {number} of another one", task.title.trim());
                let related = format!("`{}` has it too", first.title.trim());
                let finding = RULE.finding(task.route, message).related(first.route, related);
                out.push(finding.help("Give it the next free number"));
            }
        }
    }
}
