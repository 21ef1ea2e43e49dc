//! Two specs that give the same service name.

use std::collections::BTreeMap;

use crate::diagnostic::{Findings, Severity};
use crate::document::Located;
use crate::rules::names::bare;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// Two specs that give the same service name.
pub(crate) static RULE: Rule = Rule {
    id: "service-name-duplicate",
    family: Family::Spec,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "Two services give the same name",
    subjects: &[Subject::Spec],
    docs: include_str!("../../../docs/rules/service-name-duplicate.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let mut seen: BTreeMap<String, (&str, &Located<String>)> = BTreeMap::new();
    for service in &context.documents.services {
        let Some(name) = service.spec().and_then(|spec| spec.name.as_ref()) else { continue };
        let text = bare(&name.value);
        match seen.get(&text.to_ascii_lowercase()) {
            Some((folder, first)) => {
                let message = format!("`{}` and `{folder}` both call themselves `{text}`", service.name);
                let finding = RULE.finding(name.route, message).related(first.route, "the same name here");
                out.push(finding.help(format!("Write `{}` here, the name of its folder", service.name)));
            }
            None => {
                seen.insert(text.to_ascii_lowercase(), (&service.name, name));
            }
        }
    }
}
