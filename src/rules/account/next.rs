//! What to do next, as one sentence.

use super::Scope;
use crate::diagnostic::{Finding, Severity};
use crate::rules::registry::Subject;

/// The next step: mend what is wrong, build what is missing, or go on with the phase that follows.
pub(super) fn step(scope: Scope<'_>, subjects: &[Subject], findings: &[Finding], missing: &[&str]) -> Option<String> {
    let count = |severity: Severity| findings.iter().filter(|finding| finding.severity == severity).count();
    match count(Severity::Error) {
        0 => {}
        1 => return Some("Mend the error, then run the check again".to_owned()),
        errors => return Some(format!("Mend the {errors} errors, then run the check again")),
    }
    if let Some(names) = listed(missing) {
        return Some(format!("Implement {names} to complete dependency chain"));
    }
    let warnings = count(Severity::Warning);
    if warnings > 0 && scope.context.documents.config.strict {
        let what = if warnings == 1 { "the warning".to_owned() } else { format!("the {warnings} warnings") };
        return Some(format!("Mend {what}: `validation.strict` lets none pass"));
    }
    let asked = |subject: Subject| subjects.is_empty() || subjects.contains(&subject);
    let mut folders = scope.services().flat_map(|service| &service.specs);
    let next = if asked(Subject::Contracts) {
        // Rules see documents, not what was generated from them.
        "Run `agentspec generate` if code, manifests or the catalog are behind: `agentspec generate --check` tells"
    } else if asked(Subject::Tasks) {
        match folders.any(|folder| folder.tasks.is_some()) {
            true => "Ready to proceed to implementation phase",
            false => "Run `agentspec generate` to write the task lists",
        }
    } else if asked(Subject::Plan) {
        match folders.any(|folder| folder.plan.is_some()) {
            true => "Ready to proceed to tasks phase",
            false => "Write `plan.md` beside the spec",
        }
    } else if asked(Subject::Spec) {
        "Ready to proceed to planning phase"
    } else if asked(Subject::Constitution) {
        "Ready to proceed to specification phase"
    } else {
        return None;
    };
    Some(next.to_owned())
}

/// "a", "a and b", "a, b and c"; with more than four names the first three and the number of others.
fn listed(names: &[&str]) -> Option<String> {
    match names {
        [] => None,
        [one] => Some((*one).to_owned()),
        [first @ .., last] if names.len() <= 4 => Some(format!("{} and {last}", first.join(", "))),
        _ => Some(format!("{} and {} others", names[..3].join(", "), names.len() - 3)),
    }
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn names_are_listed_in_words() {
        assert_eq!(listed(&[]), None);
        assert_eq!(listed(&["a", "b", "c"]).as_deref(), Some("a, b and c"));
        assert_eq!(listed(&["a", "b", "c", "d", "e"]).as_deref(), Some("a, b, c and 2 others"));
    }
}
