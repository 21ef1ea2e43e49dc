//! An approval that lacks what makes it one.

use crate::diagnostic::{Findings, Severity};
use crate::document::approvals::KEYS;
use crate::rules::closest::did_you_mean;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// An approval that lacks what makes it one.
pub(crate) static RULE: Rule = Rule {
    id: "approval-incomplete",
    family: Family::Document,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An approval lacks its rule, place, reason, owner or end date, and approves nothing",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/approval-incomplete.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let Some(approvals) = &context.documents.approvals else { return };
    for (problem, route) in &approvals.problems {
        let help = "Write `{\"version\": 1, \"approvals\": [ … ]}`, or let `agentspec validate-contracts --approve` write it";
        out.push(RULE.finding(*route, problem.clone()).help(help));
    }
    for entry in &approvals.entries {
        for (key, expected, route) in &entry.wrong {
            let (message, help) = if expected.is_empty() {
                let help = did_you_mean(out.len(), key, KEYS, || format!("The keys are {}", KEYS.join(", ")));
                (format!("An approval has no key `{key}`"), help)
            } else {
                (format!("`{key}` of an approval is {expected}"), format!("Write {expected}"))
            };
            out.push(RULE.finding(*route, message).help(help));
        }
        // What has the wrong type is said already.
        let is_said = |word: &&str| entry.wrong.iter().any(|(key, _, _)| word.contains(&format!("`{key}`")));
        let lacks: Vec<&str> = entry.lacks().into_iter().filter(|word| !is_said(word)).collect();
        if !lacks.is_empty() {
            let of = entry.rule.as_ref().map_or_else(String::new, |rule| format!(" of `{}`", rule.value));
            let message = format!("The approval{of} has no {}, and approves nothing", lacks.join(" and no "));
            out.push(RULE.finding(entry.route, message).help("Add it, or remove the entry"));
        }
    }
}
