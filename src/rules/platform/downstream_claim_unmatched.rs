//! A Downstream row whose service does not use this one by its own spec.

use std::collections::BTreeSet;

use super::look::specs;
use crate::diagnostic::{Findings, Severity};
use crate::rules::names::folder_of;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A Downstream row whose service does not use this one by its own spec.
pub(crate) static RULE: Rule = Rule {
    id: "downstream-claim-unmatched",
    family: Family::Platform,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A Downstream row names a service that does not use this one",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/downstream-claim-unmatched.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let uses = uses(context);
    for (service, spec) in specs(context) {
        for row in &spec.downstream {
            let Some(name) = folder_of(context, &row.service.value) else { continue };
            let Some(other) = context.documents.service(name).and_then(|other| other.spec()) else { continue };
            // Of one that is empty or cannot be read something else is said.
            if !other.sections.is_empty() && !uses.contains(&(name, service)) {
                let message =
                    format!("`{name}` is listed below `{service}`, but its spec neither calls it nor consumes its events");
                let help = format!("Add a row for `{service}` to the Upstream table of `{name}`, or remove this one");
                let finding = RULE.finding(row.service.route, message).help(help);
                out.push(finding.related(Route::file(other.file), format!("the spec of `{name}`")));
            }
        }
    }
}

/// Who uses whom: by an edge of the model, or by a row that names a service and nothing that it offers.
fn uses<'a>(context: Context<'a>) -> BTreeSet<(&'a str, &'a str)> {
    let edges = context.platform.dependencies.iter();
    let edges = edges.map(|edge| (edge.consumer.as_str(), edge.provider.as_str()));
    let rows = specs(context).flat_map(|(service, spec)| spec.upstream.iter().map(move |row| (service, row)));
    let rows = rows.filter_map(|(service, row)| Some((service, folder_of(context, &row.service.value)?)));
    edges.chain(rows).collect()
}
