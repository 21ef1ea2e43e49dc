//! What changed since a base, and whom it breaks.

use super::outcome::{Outcome, Scope, settle};
use crate::compat::{self, Level, Sides};
use crate::diagnostic::{AccountLine, Finding, Severity};
use crate::workspace::Workspace;

/// Compares two platforms, both with their schemas, and reports what breaks, may break, or could not be decided. `rev`
/// names the base in the account.
pub fn breaking_changes(base: &Workspace, workspace: &Workspace, rev: &str, scope: &Scope<'_>) -> Outcome {
    let sides = Sides {
        old: &base.platform,
        old_sources: &base.sources,
        new: &workspace.platform,
        new_sources: &workspace.sources,
    };
    let diagnostics = compat::findings(sides, scope.service, Level::Breaking);
    // The comparison has picked the changes of the service: what consumers see of it may stand in a shared file.
    let all = Scope { service: None, baseline: scope.baseline.clone() };
    let ran = |id: &str| compat::find(id).is_some();
    let mut outcome = settle(workspace, Some(base), &diagnostics, &all, &ran);
    outcome.account = account(&outcome.findings, rev);
    outcome.next = next(&outcome.findings);
    outcome
}

fn account(findings: &[Finding], rev: &str) -> Vec<AccountLine> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let (count, mut hit): (usize, Vec<&str>) = errors.fold((0, Vec::new()), |(count, mut hit), finding| {
        hit.extend(finding.consumers.iter().map(String::as_str));
        (count + 1, hit)
    });
    hit.sort_unstable();
    hit.dedup();
    let changes = if count == 1 { "1 breaking change".to_owned() } else { format!("{count} breaking changes") };
    let first = match count {
        0 => AccountLine::holds(format!("No breaking changes since {rev}")),
        _ => AccountLine::fails(format!("{changes} since {rev}")),
    };
    let second = match hit.as_slice() {
        [] if count == 0 => return vec![first],
        [] => AccountLine::warns("No declared consumer is affected"),
        names => AccountLine::fails(format!("Consumers affected: {}", names.join(", "))),
    };
    vec![first, second]
}

/// The way out of the first breaking change.
fn next(findings: &[Finding]) -> Option<String> {
    findings.iter().find(|finding| finding.severity == Severity::Error)?.help.clone()
}
