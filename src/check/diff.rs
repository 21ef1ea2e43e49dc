//! What changed between two sides that were named: any files, folders, revisions or saved models.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Outcome;
use super::changelog::{Changelog, Class, Counts, Entry, Reached, divide};
use super::place::SideError;
use super::side::{Form, Side};
use super::unreadable::{unreadable, unreadable_contracts};
use crate::compat::{self, Change, Direction, Judged, Judgement, Reaching, Sides};
use crate::diagnostic::{AccountLine, Diagnostic, Finding, Severity, Summary};
use crate::document::loose::{Names, stem};
use crate::source::{Content, SourceFile, Sources};
use crate::workspace::Workspace;

/// What contracts that stand alone on their sides are called inside the comparison.
const ALONE: &str = "contract";

/// Compares two sides. With a direction only what matters where data flows in it is told. Nothing is held back: suppressions
/// and the baseline belong to `validate-contracts`.
///
/// # Errors
/// When the sides are not of one kind, so that it cannot be told which contract of one belongs to which of the other.
pub fn diff(old: Side, new: Side, direction: Option<Direction>) -> Result<Changelog, SideError> {
    let (alone, event) = names(&old, &new)?;
    let labels = (old.label.clone(), new.label.clone());
    let prefix = new.prefix.clone();
    let knows_consumers = old.is_platform() && new.is_platform();
    let mut remarks = missing(&old, &new);
    let are_folders = [&old, &new].map(|side| matches!(&side.form, Form::Loose(side) if !side.is_file));
    let names = Names { api: alone.as_deref(), event: event.as_deref() };
    let (mut old, mut new) = rayon::join(|| old.workspace(names), || new.workspace(names));
    remarks.extend(dangling([(&old, &labels.0), (&new, &labels.1)]));
    let unread = [unread(&old, &new, are_folders[0]), unread(&new, &old, are_folders[1])];
    // The models are compared, and the files shown: nobody needs what stands between them any more.
    (old.documents, new.documents) = Default::default();
    let mut changes = compat::observe(&old.platform, &new.platform);
    let is_unread = |at: usize, workspace: &Workspace, path: &str| {
        unread[at].iter().any(|one| workspace.sources.file(one.route.file).path.as_ref() == path)
    };
    // What a file holds that cannot be read on the other side is not new or gone, but unknown.
    changes.retain(|change| match (&change.old_origin, &change.new_origin) {
        (Some(before), _) if is_unread(1, &new, &before.file) => false,
        (None, Some(after)) => !is_unread(0, &old, &after.file),
        _ => true,
    });
    for (workspace, is_old) in [(&mut old, true), (&mut new, false)] {
        if workspace.sources.iter().next().is_none() {
            workspace.sources = outline(&changes, is_old);
        }
    }
    let sides = Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources };
    let judged = compat::judge(sides, &changes, Judgement { direction, knows_consumers });
    // What the version should say is no change of its own: people are told beside the changes.
    let versions = if direction.is_none() { compat::version_findings(sides, &changes, None) } else { Vec::new() };
    let resolve = |one: &Diagnostic| Finding::resolve(one, &new.sources, Some(&old.sources));
    let versions: Vec<Finding> = versions.iter().map(resolve).collect();
    let asked = versions.iter().filter(|one| one.severity > Severity::Info);
    remarks.extend(asked.map(|one| format!("{} (`{}`)", one.message, one.position.file)));
    let title = title(&old, &new, alone.as_deref());
    let [unread_old, unread_new] = unread;
    let unread_old = unread_old.into_iter().map(|one| unknown(&old.sources, one, &labels.0));
    let unread = unread_old.chain(unread_new).map(|one| {
        let finding = Finding::resolve(&one, &new.sources, Some(&old.sources));
        let service = service_of(&finding.position.file, &old, &new);
        let entry = Entry { finding, reached: Vec::new(), more_reached: 0, facts: one.notes, count: 1 };
        (service, Class::Unread, entry)
    });
    let unread: Vec<(String, Class, Entry)> = unread.collect();
    // What is told shows the files alone.
    let (before, after) = (std::mem::take(&mut old.platform), std::mem::take(&mut new.platform));
    rayon::join(|| drop(before), || drop(after));
    let files = [&old.sources, &new.sources];
    let mut lists = Lists::default();
    let entry = |one| entry(files, one, (alone.as_deref(), &title), &mut lists);
    let mut entries: Vec<_> = judged.into_iter().map(entry).collect();
    entries.extend(unread);
    let mut changelog = changelog(entries, labels, prefix, remarks);
    changelog.outcome.findings.extend(versions);
    Finding::sort(&mut changelog.outcome.findings);
    changelog.outcome.summary = Summary::of(&changelog.outcome.findings);
    Ok(Changelog { direction, ..changelog })
}

fn changelog(
    mut entries: Vec<(String, Class, Entry)>,
    (old, new): (String, String),
    prefix: String,
    remarks: Vec<String>,
) -> Changelog {
    let key = |one: &(String, Class, Entry)| {
        let finding = &one.2.finding;
        let place = &finding.position;
        (place.file.clone(), place.line, place.column, finding.rule.clone(), finding.message.clone())
    };
    entries.sort_by_cached_key(key);
    let mut counts = Counts::default();
    entries.iter().for_each(|(_, class, entry)| counts.add(*class, entry.count));
    // A witness may be as large as a file: only the document of findings has it.
    let finding = |entry: &mut Entry| {
        let witness = entry.finding.witness.take();
        Finding { witness, ..entry.finding.clone() }
    };
    let findings: Vec<Finding> = entries.iter_mut().map(|(_, _, entry)| finding(entry)).collect();
    let outcome = Outcome {
        summary: Summary::of(&findings),
        account: account(&findings, counts, &remarks),
        next: findings.iter().find(|one| one.severity == Severity::Error).and_then(|one| one.help.clone()),
        findings,
        strict: false,
    };
    Changelog { old, new, direction: None, groups: divide(entries), counts, remarks, outcome, prefix }
}

/// What contracts that stand alone are called: the service of an OpenAPI document that is the only one of its side, and the
/// event of a schema without a name.
fn names(old: &Side, new: &Side) -> Result<(Option<String>, Option<String>), SideError> {
    let (before, after) = (old.apis(), new.apis());
    for (few, many, apis) in [(old, new, &after), (new, old, &before)] {
        let Form::Loose(side) = &few.form else { continue };
        let unlike =
            if side.is_file { many.count() > 1 } else { many.is_platform() && few.count().max(many.count()) > 1 };
        if unlike {
            let example = apis.first().map_or("one of its event contracts", |(path, _)| path.as_str());
            let (few, many, example) = (few.label.clone(), many.label.clone(), example.to_owned());
            return Err(SideError::Unlike { few, many, example });
        }
    }
    for (api, event) in [(old, new), (new, old)] {
        let (Form::Loose(one), Form::Loose(other)) = (&api.form, &event.form) else { continue };
        if one.is_file && other.is_file && one.found.events.is_empty() && other.found.apis.is_empty() {
            return Err(SideError::Kinds { api: api.label.clone(), event: event.label.clone() });
        }
    }
    let is_alone = before.len() < 2 && after.len() < 2 && !(old.is_platform() && new.is_platform());
    let known = before.iter().chain(&after).find_map(|(_, name)| name.clone());
    let api = is_alone.then(|| known.unwrap_or_else(|| ALONE.to_owned()));
    let loose = [new, old].into_iter().filter_map(|side| match &side.form {
        Form::Loose(side) => Some(side),
        _ => None,
    });
    let loose: Vec<_> = loose.collect();
    let named = loose.iter().find_map(|side| side.found.only_event(&side.sources));
    let by_file = || {
        let side = loose.iter().find(|side| side.is_file)?;
        Some(stem(side.listing.first()?).trim_end_matches(".schema").to_owned())
    };
    Ok((api, named.or_else(by_file)))
}

/// What is to be said where a side does not exist.
fn missing(old: &Side, new: &Side) -> Vec<String> {
    let mut remarks = Vec::new();
    if old.is_missing() {
        // A revision alone stands for the platform at it.
        let label = match old.label.contains(':') {
            true => format!("`{}` did not exist", old.label),
            false => format!("The folder did not exist at `{}`", old.label),
        };
        remarks.push(format!("{label}: everything in `{}` counts as added", new.label));
    }
    if new.is_missing() {
        remarks.push(format!("`{}` does not exist: everything in `{}` counts as removed", new.label, old.label));
    }
    for (side, other, what) in [(old, new, "added"), (new, old, "removed")] {
        if side.is_empty() && !side.is_missing() {
            let (label, other) = (&side.label, &other.label);
            remarks.push(format!("`{label}` holds no contract: everything in `{other}` counts as {what}"));
        }
    }
    remarks
}

/// What is to be said of references that were not followed, where no rule says it.
fn dangling(sides: [(&Workspace, &String); 2]) -> Option<String> {
    let count = |workspace: &Workspace| {
        let apis = workspace.documents.services.iter().filter_map(|service| service.api.as_ref());
        let events = workspace.documents.event_files().filter_map(|file| file.schemas.as_ref());
        let references = apis.chain(events).flat_map(|document| &document.references);
        references.filter(|reference| reference.target.is_err()).count()
    };
    let counts = sides.map(|(workspace, label)| (count(workspace), label));
    let found: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, label)| format!("{count} in `{label}`")).collect();
    (!found.is_empty()).then(|| {
        let found = found.join(", ");
        format!(
            "A `$ref` that leads nowhere, or out of the folder that is compared, was taken for anything: {found}; name \
             a folder that holds all files"
        )
    })
}

/// What cannot be read on one side.
fn unread(side: &Workspace, other: &Workspace, is_folder: bool) -> Vec<Diagnostic> {
    if is_folder { unreadable_contracts(side, other) } else { unreadable(side, None) }
}

/// What is to be said of a file that cannot be read on the old side.
fn unknown(sources: &Sources, problem: Diagnostic, label: &str) -> Diagnostic {
    let path = &sources.file(problem.route.file).path;
    let message = format!("`{path}` cannot be read in {label}, so what changed in it is unknown");
    let said = Diagnostic::new(problem.rule, Severity::Warning, problem.route, message).at_missing(path.as_ref());
    said.related_base(problem.route, problem.message).help("Compare with a revision at which it can be read")
}

/// Lines of files that are not there; a saved model may name any line.
const MOST_LINES: usize = 1_000_000;

/// Stands for the files of a side that has none, a saved model say: as many empty lines as the changes name.
fn outline(changes: &[Change], is_old: bool) -> Sources {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for change in changes {
        let (own, other) = (&change.old_origin, &change.new_origin);
        let (own, other) = if is_old { (own, other) } else { (other, own) };
        for (origin, line) in own.iter().map(|own| (own, own.line)).chain(other.iter().map(|other| (other, 1))) {
            let last = lines.entry(&origin.file).or_default();
            *last = (*last).max(line as usize);
        }
    }
    let mut left = MOST_LINES;
    let file = |(path, last): (&str, usize)| {
        let last = last.min(left);
        left -= last;
        let text = "\n".repeat(last.saturating_sub(1));
        SourceFile::new(path.to_owned(), text.into(), Content::Nothing, Vec::new())
    };
    Sources::new(lines.into_iter().map(file).collect())
}

/// The heading of contracts that stand alone: what the contract calls itself.
fn title(old: &Workspace, new: &Workspace, alone: Option<&str>) -> String {
    let of = |workspace: &Workspace| {
        let api = workspace.platform.service(alone?)?.api.as_ref()?;
        Some(api.title.trim().to_owned()).filter(|title| !title.is_empty())
    };
    of(new).or_else(|| of(old)).unwrap_or_else(|| "The contract".to_owned())
}

/// What is shown of lists of what is reached, by their address: the services, and operations and events with how many more
/// there are. Many changes reach the same thousands.
type Lists = FxHashMap<usize, (Reaching, String, (Vec<Reached>, usize))>;

fn entry(
    [old, new]: [&Sources; 2],
    mut one: Judged<'_>,
    (alone, title): (Option<&str>, &str),
    lists: &mut Lists,
) -> (String, Class, Entry) {
    let (_, service, (reached, more_reached)) = lists.entry(one.reaches.as_ptr().addr()).or_insert_with(|| {
        let mut services: Vec<&str> = one.reaches.iter().map(|reach| reach.service.as_str()).collect();
        services.sort_unstable();
        services.dedup();
        let service = match services.as_slice() {
            [name] if Some(*name) == alone && *name == ALONE => title.to_owned(),
            names => names.join(", "),
        };
        (Arc::clone(&one.reaches), service, Reached::of(&one.reaches))
    });
    let (service, reached, more_reached) = (service.clone(), reached.clone(), *more_reached);
    let witness = one.diagnostic.witness.take();
    let mut finding = Finding { witness, ..Finding::resolve(&one.diagnostic, new, Some(old)) };
    // What stands for the files of a saved model has lines alone.
    let [before, now] = one.pointers;
    finding.position.pointer = finding.position.pointer.or_else(|| now.cloned());
    for related in finding.related.iter_mut().filter(|related| related.base) {
        related.position.pointer = related.position.pointer.take().or_else(|| before.cloned());
    }
    (service, one.verdict.into(), Entry { finding, reached, more_reached, facts: one.facts, count: one.count })
}

/// The service that a file belongs to, for one that cannot be read.
fn service_of(path: &str, old: &Workspace, new: &Workspace) -> String {
    let name = path.strip_prefix("services/").and_then(|path| path.split('/').next()).unwrap_or_else(|| stem(path));
    let is_known = [old, new].iter().any(|side| side.platform.service(name).is_some());
    if is_known { name.to_owned() } else { path.to_owned() }
}

fn account(findings: &[Finding], counts: Counts, remarks: &[String]) -> Vec<AccountLine> {
    let count = |n: usize, noun: &str| if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") };
    let mut lines = vec![match counts.breaking {
        0 if counts.unread == 0 => AccountLine::holds("No breaking changes".to_owned()),
        0 => AccountLine::warns("No breaking changes in what can be read"),
        n => AccountLine::fails(count(n, "breaking change")),
    }];
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let mut hit: Vec<&str> = errors.flat_map(|finding| &finding.consumers).map(String::as_str).collect();
    hit.sort_unstable();
    hit.dedup();
    if !hit.is_empty() {
        lines.push(AccountLine::fails(format!("Consumers affected: {}", hit.join(", "))));
    }
    lines.extend(remarks.iter().map(|remark| AccountLine::warns(remark.clone())));
    lines
}
