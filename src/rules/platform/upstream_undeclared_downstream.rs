//! A caller that the provider does not list.

use std::collections::BTreeSet;

use super::look::specs;
use crate::diagnostic::{Findings, Severity};
use crate::document::spec::SectionKind;
use crate::rules::names::folder_of;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A caller that the provider does not list.
pub(crate) static RULE: Rule = Rule {
    id: "upstream-undeclared-downstream",
    family: Family::Platform,
    severity: Severity::Info,
    since: "0.1.0",
    summary: "A service calls another that does not list it below Downstream",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/upstream-undeclared-downstream.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let listed = listed(context);
    let rows = specs(context).flat_map(|(service, spec)| spec.upstream.iter().map(move |row| (service, row)));
    for (service, row) in rows {
        let Some(provider) = folder_of(context, &row.service.value) else { continue };
        let Some(other) = context.documents.service(provider).and_then(|other| other.spec()) else { continue };
        let Some((_, heading)) = other.sections.iter().find(|(kind, _)| *kind == SectionKind::Downstream) else {
            continue;
        };
        if !listed.contains(&(provider, service)) {
            let message = format!("`{service}` calls `{provider}`, which does not list it below Downstream");
            let finding = RULE.finding(row.service.route, message).related(*heading, "the provider's table");
            out.push(finding.help(format!("Add a row for `{service}` to the Downstream table of `{provider}`")));
        }
    }
}

/// Every service with each one that it lists below Downstream.
fn listed<'a>(context: Context<'a>) -> BTreeSet<(&'a str, &'a str)> {
    let rows = specs(context).flat_map(|(service, spec)| spec.downstream.iter().map(move |row| (service, row)));
    rows.filter_map(|(service, row)| Some((service, folder_of(context, &row.service.value)?))).collect()
}
