//! A waiver of a rule, or for a service, that does not exist.

use crate::diagnostic::{Findings, Severity};
use crate::rules::closest::did_you_mean;
use crate::rules::names::{is_service, service_in, unknown_service_help};
use crate::rules::{self, Check, Context, Family, Rule, Subject};

/// A waiver of a rule, or for a service, that does not exist.
pub(crate) static RULE: Rule = Rule {
    id: "waiver-unknown-rule",
    family: Family::Constitution,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A waiver names a rule or a service that does not exist",
    subjects: &[Subject::Constitution],
    docs: include_str!("../../../docs/rules/waiver-unknown-rule.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let Some(constitution) = &context.documents.constitution else { return };
    for waiver in &constitution.waivers {
        let Some(rule) = &waiver.rule else { continue };
        let id = rule.value.trim().trim_matches('`');
        if rules::find(id).is_none() {
            let help = did_you_mean(out.len(), id, rules::all().map(|rule| rule.id), || {
                "`agentspec list` shows every rule".to_owned()
            });
            out.push(RULE.finding(rule.route, format!("There is no rule `{id}` to waive")).help(help));
        }
        if let Some(name) = waiver.service.as_deref().and_then(service_in)
            && !is_service(context, name)
        {
            let message = format!("The waiver of `{id}` is for `{name}`, but no service has that name");
            out.push(RULE.finding(waiver.route, message).help(unknown_service_help(context, out.len(), name)));
        }
    }
}
