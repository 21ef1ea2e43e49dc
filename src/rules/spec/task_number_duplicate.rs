//! Two tasks with the same number.

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::ServiceDocuments;
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

fn check(_: Context<'_>, service: &ServiceDocuments, out: &mut Vec<Diagnostic>) {
    for tasks in service.specs.iter().filter_map(|folder| folder.tasks.as_ref()) {
        for (at, task) in tasks.tasks.iter().enumerate() {
            let Some(number) = &task.number else { continue };
            let first = tasks.tasks[..at].iter().find(|other| other.number.as_ref() == Some(number));
            if let Some(first) = first {
                let message = format!("The task `{}` has the number {number} of another one", task.title.trim());
                let related = format!("`{}` has it too", first.title.trim());
                let finding = RULE.finding(task.route, message).related(first.route, related);
                out.push(finding.help("Give it the next free number"));
            }
        }
    }
}
