//! Approvals: changes that somebody answers for fail no run, and stay in sight.

use super::breaking::Base;
use crate::compat;
use crate::diagnostic::closest::closest;
use crate::diagnostic::{AccountLine, Approved, Changed, Diagnostic, Finding, Severity};
use crate::document::approvals::{Approval, Entry};
use crate::document::date::Date;
use crate::rules::{self, Context, Selection};
use crate::workspace::Workspace;

/// The rule about an entry that approves nothing.
pub(super) const INCOMPLETE: &str = "approval-incomplete";
/// The rule about an entry that matches no change.
const STALE: &str = "approval-stale";
/// The rule about an entry whose last day is over.
const ENDED: &str = "approval-ended";

/// So many approved changes are named in the account.
const NAMED: usize = 20;

/// An approval names at most so many operations; one of a change that reaches more goes without.
const MOST_PLACES: usize = 20;

/// What is known while approvals are applied.
pub(super) struct Run<'a> {
    pub(super) base: Base<'a>,
    pub(super) workspace: &'a Workspace,
    /// Only the approvals of this service can be stale.
    pub(super) service: Option<&'a str>,
    /// Whether everything could be compared: only then can an approval be stale.
    pub(super) is_whole: bool,
}

/// Marks the changes that are approved, adds what is wrong with approvals, and gives the lines of the account.
pub(super) fn approve(run: &Run<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<AccountLine> {
    let entries = run.workspace.documents.approvals.iter().flat_map(|approvals| &approvals.entries);
    let entries: Vec<&Approval> = entries.filter(|entry| entry.is_complete()).collect();
    let mut found = Vec::new();
    let mut lines = Vec::new();
    for entry in &entries {
        let matching: Vec<usize> =
            (0..diagnostics.len()).filter(|&at| covers(entry, &diagnostics[at], run.workspace)).collect();
        if let Some(ended) = ended(entry, run.base.today) {
            found.push(ended);
            continue;
        }
        found.extend(stale(entry, run).filter(|_| matching.is_empty()));
        for at in matching {
            lines.extend(mark(&mut diagnostics[at], entry));
        }
    }
    diagnostics.extend(found);
    diagnostics.extend(incomplete(run.workspace));
    let more = lines.len().saturating_sub(NAMED);
    lines.truncate(NAMED);
    if more > 0 {
        lines.push(AccountLine::holds(format!("{more} more changes are approved")));
    }
    if run.base.today.is_none() && !entries.is_empty() {
        let text = "Whether approvals have ended was not judged: say which day it is with --today YYYY-MM-DD or AGENTSPEC_TODAY";
        lines.push(AccountLine::warns(text));
    }
    lines
}

/// What is wrong with the file of approvals: who relies on an entry that approves nothing must learn of it in this run.
fn incomplete(workspace: &Workspace) -> Vec<Diagnostic> {
    let context =
        Context { sources: &workspace.sources, documents: &workspace.documents, platform: &workspace.platform };
    rules::run(context, &Selection { only: vec![INCOMPLETE.to_owned()], ..Selection::default() })
}

/// Whether an entry is about a change: by rule, service and place, where it names them.
fn covers(entry: &Approval, diagnostic: &Diagnostic, workspace: &Workspace) -> bool {
    let Some(Changed { service, at, subject }) = diagnostic.changed.as_deref() else { return false };
    // What stands for many is none of those that an entry names.
    if diagnostic.count > 1 {
        return false;
    }
    let is = |wanted: &Option<String>, there: &str| wanted.as_deref().is_none_or(|wanted| wanted == there);
    let same_pointer = || match &entry.pointer {
        Some(wanted) => workspace.sources.pointer(diagnostic.route).is_some_and(|pointer| pointer == **wanted),
        None => true,
    };
    entry.rule.as_ref().is_some_and(|rule| rule.value == diagnostic.rule)
        && is(&entry.service, service)
        && is(&entry.subject, subject)
        && (entry.at.is_empty() || at.iter().all(|one| entry.at.contains(one)))
        && same_pointer()
}

/// Makes a change an approved one; the line that says so, unless another entry approved it before.
fn mark(diagnostic: &mut Diagnostic, entry: &Approval) -> Option<AccountLine> {
    if diagnostic.approved.is_some() {
        return None;
    }
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let until = entry.until.map(|until| until.to_string()).unwrap_or_default();
    let (owner, reason) = (said(&entry.owner), said(&entry.reason));
    diagnostic.severity = Severity::Info;
    diagnostic.notes.push(format!("Approved by {owner} until {until}: {reason}"));
    let line = format!("Approved by {owner} until {until}: {} ({reason})", diagnostic.message);
    diagnostic.approved = Some(Box::new(Approved { reason, owner, until }));
    Some(AccountLine::holds(line))
}

/// What is to be said of an entry that holds no longer on the given day.
fn ended(entry: &Approval, today: Option<Date>) -> Option<Diagnostic> {
    let until = entry.until.filter(|until| today.is_some_and(|today| *until < today))?;
    let rule = entry.rule.as_ref().map_or("", |rule| rule.as_str());
    let message = format!("The approval of `{rule}` ended on {until}");
    let help = "Undo the change, or agree with its consumers on another day and write it down; then remove this entry or set `until`";
    Some(Diagnostic::new(ENDED, Severity::Warning, entry.route, message).help(help))
}

/// What is to be said of an entry that matches no change.
fn stale(entry: &Approval, run: &Run<'_>) -> impl Iterator<Item = Diagnostic> {
    let rule = entry.rule.as_ref().map_or("", |rule| rule.as_str());
    let stale = |message: String, help: String| {
        Some(Diagnostic::new(STALE, Severity::Warning, entry.route, message).help(help))
    };
    let about = run.service.is_none_or(|service| entry.service.as_deref() == Some(service));
    let found = if compat::find(rule).is_none() {
        let help = match closest(rule, compat::ROWS.iter().map(|row| row.id)) {
            Some(closest) => format!("Did you mean `{closest}`? `agentspec list changes` names them all"),
            None => "`agentspec list changes` names them all".to_owned(),
        };
        stale(format!("The approval names `{rule}`, which is no kind of change"), help)
    } else if about && run.is_whole {
        let rev = run.base.rev;
        let help = "Remove the entry: the change is undone, or released already; or mend what it names";
        stale(format!("The approval of `{rule}` matches no change since {rev}"), help.to_owned())
    } else {
        None
    };
    found.into_iter()
}

/// The entry that approves a finding; nothing where it is none of a comparison.
pub fn approval_of(finding: &Finding, (reason, owner, until): (&str, &str, Date)) -> Option<Entry> {
    let Changed { service, at, subject } = *finding.changed.clone()?;
    Some(Entry {
        rule: finding.rule.clone(),
        service,
        at: if at.len() > MOST_PLACES { Vec::new() } else { at.to_vec() },
        pointer: finding.position.pointer.as_ref().map(ToString::to_string),
        subject: Some(subject.to_string()),
        reason: reason.to_owned(),
        owner: owner.to_owned(),
        until: until.to_string(),
    })
}
