//! A spec folder without a number.

use crate::diagnostic::{Findings, Severity};
use crate::document::{ServiceDocuments, SpecFolder};
use crate::rules::route::any_below;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A spec folder without a number.
pub(crate) static RULE: Rule = Rule {
    id: "spec-folder-unnumbered",
    family: Family::Spec,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "The name of a spec folder does not start with a number",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/spec-folder-unnumbered.md"),
    check: Check::Service(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, out: &mut Findings) {
    for folder in service.specs.iter().filter(|folder| number_of(folder).is_none()) {
        let path = format!("services/{}/specs/{}/", service.name, folder.name);
        if let Some(route) = any_below(context, &path) {
            let message = format!("The spec folder `{}` of `{}` has no number", folder.name, service.name);
            let help = format!("Rename it to `001-{}`, so that the order of specs is clear", folder.name);
            out.push(RULE.finding(route, message).help(help));
        }
    }
}

/// The number in front of the folder's name.
pub(super) fn number_of(folder: &SpecFolder) -> Option<u32> {
    let (digits, rest) = folder.name.split_once('-')?;
    if rest.is_empty() { None } else { digits.parse().ok() }
}
