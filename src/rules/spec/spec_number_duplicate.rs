//! Two spec folders of a service with the same number.

use super::spec_folder_unnumbered::number_of;
use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::rules::route::any_below;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// Two spec folders of a service with the same number.
pub(crate) static RULE: Rule = Rule {
    id: "spec-number-duplicate",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "Two spec folders of a service have the same number",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/spec-number-duplicate.md"),
    check: Check::Service(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, out: &mut Findings) {
    let next = service.specs.iter().filter_map(number_of).max().unwrap_or(0) + 1;
    for (at, folder) in service.specs.iter().enumerate() {
        let Some(number) = number_of(folder) else { continue };
        let Some(first) = service.specs[..at].iter().find(|other| number_of(other) == Some(number)) else { continue };
        let path = |name: &str| format!("services/{}/specs/{name}/", service.name);
        if let Some(route) = any_below(context, &path(&folder.name)) {
            let message = format!("`{}` and `{}` have the same number", first.name, folder.name);
            let mut finding = RULE.finding(route, message).help(format!("Renumber one of them, to {next:03} for example"));
            if let Some(other) = any_below(context, &path(&first.name)) {
                finding = finding.related(other, "the other folder");
            }
            out.push(finding);
        }
    }
}
