//! What changed since a base, and whom it breaks.

use super::outcome::{Outcome, Scope, settle};
use super::unreadable::unreadable;
use crate::compat::{self, Level, Sides};
use crate::diagnostic::{AccountLine, Diagnostic, Finding, Severity};
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
    let mut diagnostics = compat::findings(sides, scope.service, Level::Breaking);
    let unread = unreadable(workspace, scope.service);
    let is_unread = |path: &str| unread.iter().any(|one| workspace.sources.file(one.route.file).path.as_ref() == path);
    // What a file held that cannot be read now is not gone, but unknown.
    let before = |one: &Diagnostic| one.related.iter().find(|related| related.base).map(|related| related.route.file);
    diagnostics.retain(|one| before(one).is_none_or(|file| !is_unread(&base.sources.file(file).path)));
    diagnostics.extend(unread.iter().cloned());
    diagnostics.extend(unreadable(base, scope.service).into_iter().map(|one| unknown(base, one, rev)));
    // The comparison has picked the changes of the service: what consumers see of it may stand in a shared file.
    let all = Scope { service: None, baseline: scope.baseline.clone() };
    let ran = |id: &str| compat::find(id).is_some();
    let mut outcome = settle(workspace, Some(base), &diagnostics, &all, &ran);
    outcome.account = account(&outcome.findings, rev);
    outcome.next = next(&outcome.findings);
    outcome
}

/// What is to be said of a file that cannot be read in the base.
fn unknown(base: &Workspace, problem: Diagnostic, rev: &str) -> Diagnostic {
    let path = &base.sources.file(problem.route.file).path;
    let message = format!("`{path}` cannot be read at {rev}, so what changed in it is unknown");
    let help = "Compare with a revision at which it can be read: `--base REF`";
    let said = Diagnostic::new(problem.rule, Severity::Warning, problem.route, message).at_missing(path.as_ref());
    said.related_base(problem.route, problem.message).help(help)
}

fn account(findings: &[Finding], rev: &str) -> Vec<AccountLine> {
    let changes = findings.iter().filter(|finding| compat::find(&finding.rule).is_some());
    let errors = changes.filter(|finding| finding.severity == Severity::Error);
    let (count, mut hit): (usize, Vec<&str>) = errors.fold((0, Vec::new()), |(count, mut hit), finding| {
        hit.extend(finding.consumers.iter().map(String::as_str));
        (count + 1, hit)
    });
    hit.sort_unstable();
    hit.dedup();
    let changes = if count == 1 { "1 breaking change".to_owned() } else { format!("{count} breaking changes") };
    let is_whole = findings.iter().all(|finding| compat::find(&finding.rule).is_some());
    let first = match count {
        0 if is_whole => AccountLine::holds(format!("No breaking changes since {rev}")),
        0 => AccountLine::warns(format!("No breaking changes since {rev} in what can be read")),
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
