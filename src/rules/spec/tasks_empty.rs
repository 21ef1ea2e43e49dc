//! A task list in which no task was found.

use super::prose::is_read;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A task list in which no task was found.
pub(crate) static RULE: Rule = Rule {
    id: "tasks-empty",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A task list holds nothing that reads as a task",
    subjects: &[Subject::Tasks],
    docs: include_str!("../../../docs/rules/tasks-empty.md"),
    check: Check::Service(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, out: &mut Findings) {
    let lists = service.specs.iter().filter_map(|folder| folder.tasks.as_ref());
    for tasks in lists.filter(|tasks| tasks.tasks.is_empty() && is_read(context.sources, tasks.file)) {
        let route = tasks.title.as_ref().map_or(Route::file(tasks.file), |title| title.route);
        let message = format!("The task list of `{}` holds no task", service.name);
        out.push(RULE.finding(route, message).help("Write tasks as `- [ ] T001 title` or `### Task 1.1: title`"));
    }
}
