//! What changed since a base, and whom it breaks.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::approve;
use super::history::History;
use super::outcome::{self, Outcome, Scope, settle};
use super::unreadable::unreadable;
use crate::compat::{self, Level, Sides};
use crate::diagnostic::{AccountLine, Diagnostic, Finding, Findings, Severity};
use crate::document::date::Date;
use crate::workspace::Workspace;

/// What a platform is compared with.
#[derive(Clone, Copy)]
pub struct Base<'a> {
    /// The platform before, with its schemas.
    pub workspace: &'a Workspace,
    /// Its name in the account.
    pub rev: &'a str,
    /// What was before it, as far as events ask for it.
    pub history: &'a History,
    /// The day on which it is compared, for approvals that end. Nothing where nobody said.
    pub today: Option<Date>,
}

/// Compares two platforms, both with their schemas, and reports what breaks, may break, or could not be decided.
pub fn breaking_changes(against: Base<'_>, workspace: &Workspace, scope: &Scope<'_>) -> Outcome {
    let Base { workspace: base, rev, history, .. } = against;
    let sides = Sides {
        old: &base.platform,
        old_sources: &base.sources,
        new: &workspace.platform,
        new_sources: &workspace.sources,
    };
    // What is approved is told beside the first of its kind, or they could never all be approved.
    let approvals = workspace.documents.approvals.iter().map(|approvals| approvals.entries.len()).sum();
    let observed = compat::observed(sides, scope.service, approvals);
    let mut diagnostics = compat::findings_of(sides, &observed.changes, scope.service, Level::Breaking);
    let versions = compat::version_findings(sides, &observed.changes, scope.service).into_iter();
    diagnostics.extend(versions.filter(|one| one.severity > Severity::Info));
    diagnostics.extend(history.findings(workspace, scope.service, &diagnostics));
    let unread = unreadable(workspace, scope.service);
    let is_unread = |path: &str| unread.iter().any(|one| workspace.sources.file(one.route.file).path.as_ref() == path);
    // What a file held that cannot be read now is not gone, but unknown.
    let before = |one: &Diagnostic| one.related.iter().find(|related| related.base).map(|related| related.route.file);
    diagnostics.retain(|one| before(one).is_none_or(|file| !is_unread(&base.sources.file(file).path)));
    diagnostics.extend(unread.iter().cloned());
    let unread_before = unreadable(base, scope.service);
    let is_whole = unread.is_empty() && unread_before.is_empty();
    diagnostics.extend(unread_before.into_iter().map(|one| unknown(base, one, rev)));
    let run = approve::Run { base: against, workspace, service: scope.service, is_whole };
    let approved = approve::approve(&run, &mut diagnostics);
    // Of too many of one rule and file the worst are kept, so that what stands for the rest is none that hides a break.
    diagnostics.sort_by_key(|one| Reverse((one.approved.is_none(), one.severity)));
    let breaks = |one: &Diagnostic| one.severity == Severity::Error && compat::find(one.rule).is_some();
    let count: usize = diagnostics.iter().filter(|one| breaks(one)).map(|one| one.count).sum();
    let hit = diagnostics.iter().filter(|one| breaks(one)).filter_map(|one| one.impact.as_ref());
    let hit = hit.flat_map(|impact| impact.consumers.iter().cloned());
    let mut left_out = LeftOut { count: 0, consumers: hit.chain(observed.consumers).collect() };
    let mut kept = Findings::default();
    kept.extend(diagnostics);
    let diagnostics = kept.into_vec();
    left_out.count = count - diagnostics.iter().filter(|one| breaks(one)).count();
    // The comparison has picked the changes of the service: what consumers see of it may stand in a shared file.
    let all = Scope { baseline: scope.baseline.clone(), ..Scope::default() };
    let folder = scope.service.map(|name| outcome::folder(workspace, name));
    let ran = |id: &str, path: &str| {
        let is_own = folder.as_ref().is_none_or(|folder| path.starts_with(folder));
        is_own && (compat::find(id).is_some() || id == approve::INCOMPLETE)
    };
    let mut outcome = settle(workspace, Some(base), diagnostics, &all, &ran);
    outcome.account = account(&outcome.findings, &left_out, rev, is_whole);
    outcome.account.extend(fresh(base, workspace, rev, scope.service));
    outcome.account.extend(approved);
    if history.is_cut {
        let newest = format!("Only the {} newest states of the event files were compared", history.len());
        outcome.account.push(AccountLine::warns(newest));
    }
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

/// Breaking changes for which findings of others stand.
struct LeftOut {
    count: usize,
    /// Whom any breaking change hits.
    consumers: BTreeSet<String>,
}

fn account(findings: &[Finding], left_out: &LeftOut, rev: &str, is_whole: bool) -> Vec<AccountLine> {
    let changes = findings.iter().filter(|finding| compat::find(&finding.rule).is_some());
    let errors = changes.filter(|finding| finding.severity == Severity::Error);
    let (count, mut hit): (usize, Vec<&str>) =
        errors.fold((left_out.count, Vec::new()), |(count, mut hit), finding| {
            hit.extend(finding.consumers.iter().map(String::as_str));
            (count + 1, hit)
        });
    if left_out.count > 0 {
        hit.extend(left_out.consumers.iter().map(String::as_str));
    }
    hit.sort_unstable();
    hit.dedup();
    let changes = if count == 1 { "1 breaking change".to_owned() } else { format!("{count} breaking changes") };
    let is_approved = findings.iter().any(|finding| finding.approved.is_some());
    let first = match count {
        0 if is_approved && is_whole => {
            AccountLine::holds(format!("No breaking changes since {rev} but those that are approved"))
        }
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

/// What is to be said of contracts that the base does not have: nothing in them can break anybody.
fn fresh(base: &Workspace, workspace: &Workspace, rev: &str, service: Option<&str>) -> Option<AccountLine> {
    let help = "name another revision with `--base REF` to compare with more";
    if base.is_empty() {
        let text = format!("Nothing of this platform was there at {rev}, so all of it is new; {help}");
        return Some(AccountLine::warns(text));
    }
    let asked = |name: &str| service.is_none_or(|service| service == name);
    let services = workspace.platform.services.iter().filter(|one| asked(&one.name));
    let had = |name: &str| base.platform.service(name).is_some_and(|before| before.api.is_some());
    let apis = services.filter(|one| !had(&one.name)).filter_map(|one| one.api.as_ref()).map(|api| &api.origin);
    let definitions = workspace.platform.events.iter().filter(|event| base.platform.event(&event.name).is_none());
    let definitions = definitions.flat_map(|event| &event.definitions);
    let events = definitions.filter(|one| asked(one.publisher.as_deref().unwrap_or_default()));
    let events = events.filter_map(|one| one.contract.as_ref()).filter(|one| base.sources.id_of(&one.file).is_none());
    let files: BTreeSet<&str> = apis.chain(events).map(|origin| origin.file.as_ref()).collect();
    let named: Vec<String> = files.iter().take(NAMED).map(|file| format!("`{file}`")).collect();
    let more = files.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let said = || format!("Not there at {rev}, so all of it is new: {}{more}; {help}", named.join(", "));
    (!files.is_empty()).then(|| AccountLine::holds(said()))
}

/// So many files are named in the account.
const NAMED: usize = 5;

/// The way out of the first breaking change.
fn next(findings: &[Finding]) -> Option<String> {
    findings.iter().find(|finding| finding.severity == Severity::Error)?.help.clone()
}
