//! Decides what is to be done: from the plan, the disk and the lock to an action for each file.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use super::action::{Action, ActionKind, LockChange, missing};
use super::dead::{DeadPart, Live, advice, dead, remembered};
use super::disk::{Disk, DiskText, has_header, hash};
use super::error::OutputError;
use super::lock::{Entry, Locks, base};
use super::merge::merge;
use super::plan::{Ownership, Plan, PlannedFile};
use super::region::{regions, splice};
use super::root::{Root, check_name, check_planned};
use super::shell::quoted;

/// An action for each planned file, and for each file that is not planned any more, sorted by path. Nothing is written.
///
/// # Errors
/// When a planned path is not one that may be written, two files claim one path, or lock or root cannot be read.
pub fn inspect<'p>(root: &Path, plan: &'p Plan) -> Result<Vec<Action<'p>>, OutputError> {
    let root = Root::open(root)?;
    check(plan)?;
    let locks = Locks::load(&root)?;
    let live = Live::of(plan);
    let planned = plan.files.par_iter().map(|file| of_planned(&root, file, locks.entry(&file.path), &live));
    let mut actions = planned.collect::<Result<Vec<_>, _>>()?;
    let paths: BTreeSet<&str> = plan.files.iter().map(|file| file.path.as_str()).collect();
    let covered: BTreeSet<(&str, &str)> =
        plan.covers.iter().map(|(target, service)| (*target, service.as_str())).collect();
    let stale = locks.entries().filter(|(service, entry)| {
        !paths.contains(entry.path.as_str()) && covered.contains(&(entry.target.as_str(), *service))
    });
    actions.extend(stale.map(|(service, entry)| of_stale(&root, service, entry)));
    actions.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(actions)
}

/// Whether every path may be written and is claimed once, on systems too where `A` and `a` are one file.
fn check(plan: &Plan) -> Result<(), OutputError> {
    let mut claimed: BTreeMap<String, &PlannedFile> = BTreeMap::new();
    for file in &plan.files {
        let refused = |reason: String| OutputError::Path { path: file.path.clone(), reason };
        check_planned(&file.path).map_err(refused)?;
        if let Some(service) = &file.service {
            check_name(service).map_err(|reason| refused(format!("of service {service:?}: {reason}")))?;
        }
        if file.template.contains(|sign: char| sign.is_control()) {
            return Err(refused("its template's name has a control character".to_owned()));
        }
        if let Some(first) = claimed.insert(file.path.to_lowercase(), file) {
            let (first, second) = (first.target.to_owned(), file.target.to_owned());
            return Err(OutputError::Twice { path: file.path.clone(), first, second });
        }
    }
    Ok(())
}

/// What is decided about a planned file.
struct Decision<'p> {
    kind: ActionKind,
    reason: String,
    dead: Vec<DeadPart>,
    content: Option<Cow<'p, str>>,
    /// Whether the lock is to say that this plan is on disk.
    settled: bool,
}

impl<'p> Decision<'p> {
    fn write(kind: ActionKind, content: impl Into<Cow<'p, str>>, reason: &str) -> Decision<'p> {
        Decision { content: Some(content.into()), ..Decision::stay(kind, reason) }
    }

    fn stay(kind: ActionKind, reason: &str) -> Decision<'p> {
        Decision { kind, reason: reason.to_owned(), dead: Vec::new(), content: None, settled: true }
    }

    fn conflict(path: &str, reason: &str) -> Decision<'p> {
        let path = quoted(path);
        let reason =
            format!("{reason}; decide with `agentspec generate --resolve ours {path}` or `--resolve theirs {path}`");
        Decision::wait(ActionKind::Conflict, &reason)
    }

    fn wait(kind: ActionKind, reason: &str) -> Decision<'p> {
        Decision { settled: false, ..Decision::stay(kind, reason) }
    }
}

fn of_planned<'p>(
    root: &Root,
    file: &'p PlannedFile,
    entry: Option<&Entry>,
    live: &Live<'_>,
) -> Result<Action<'p>, OutputError> {
    let disk = Disk::read(root, &file.path);
    let base = |entry: &Entry| base(root, &entry.hash);
    let decision = match file.ownership {
        Ownership::Generated => generated(file, &disk, entry, &base),
        Ownership::Scaffold => scaffold(file, &disk, entry, live),
        Ownership::Merged => merged(file, &disk, entry, &base)?,
    };
    let lock = match entry {
        _ if !decision.settled => LockChange::Leave,
        // What the user owns keeps the hash of what was written, however the plan changes.
        Some(entry) if decision.kind == ActionKind::Keep => LockChange::Set(kept(entry, file, live)),
        _ => LockChange::Set(Entry::of(file)),
    };
    Ok(Action {
        path: Cow::Borrowed(&file.path),
        kind: decision.kind,
        reason: decision.reason,
        dead: decision.dead,
        target: Cow::Borrowed(file.target),
        service: Cow::Borrowed(file.service.as_deref().unwrap_or_default()),
        content: decision.content,
        planned: Some(file),
        disk,
        lock,
    })
}

fn kept(entry: &Entry, file: &PlannedFile, live: &Live<'_>) -> Entry {
    Entry {
        ownership: Ownership::Scaffold,
        template: entry.template.clone(),
        hash: entry.hash.clone(),
        parts: remembered(entry, file, live),
        ..Entry::of(file)
    }
}

/// What is decided alike for generated and merged files where there is no text to look at.
fn without_text<'p>(file: &'p PlannedFile, disk: &Disk, entry: Option<&Entry>) -> Decision<'p> {
    let accepted = entry.is_some_and(|entry| entry.hash == hash(file.content.as_bytes()));
    match disk {
        Disk::Blocked { reason } => {
            Decision::wait(ActionKind::Conflict, &format!("{reason}; move it away and generate again"))
        }
        Disk::Binary { .. } if accepted => Decision::stay(ActionKind::Unchanged, "edited by hand; the edits stay"),
        Disk::Binary { .. } => Decision::conflict(&file.path, "what stands there is not UTF-8 text"),
        _ if entry.is_some() => Decision::write(ActionKind::Create, &file.content, "it was removed by hand"),
        _ => Decision::write(ActionKind::Create, &file.content, ""),
    }
}

fn generated<'p>(
    file: &'p PlannedFile,
    disk: &Disk,
    entry: Option<&Entry>,
    base: &dyn Fn(&Entry) -> Option<String>,
) -> Decision<'p> {
    let Disk::Text(there) = disk else { return without_text(file, disk, entry) };
    if there.text == file.content {
        return as_planned(file, there);
    }
    let Some(entry) = entry else { return foreign(file, there) };
    if hash(there.text.as_bytes()) == entry.hash {
        return Decision::write(ActionKind::Update, &file.content, "");
    }
    if entry.hash == hash(file.content.as_bytes()) {
        return Decision::stay(ActionKind::Unchanged, "edited by hand; the edits stay");
    }
    let Some(base) = base(entry) else {
        return Decision::conflict(&file.path, "edited by hand, and what was generated before is not kept any more");
    };
    match merge(&base, &file.content, &there.text) {
        Some(text) if text == there.text => Decision::stay(ActionKind::Unchanged, "edited by hand; the edits stay"),
        Some(text) => Decision::write(ActionKind::Merge, text, "edited by hand; both changes are kept"),
        None => Decision::conflict(&file.path, "edited by hand where the generated text changes too"),
    }
}

fn as_planned<'p>(file: &'p PlannedFile, there: &DiskText) -> Decision<'p> {
    if file.executable && !there.executable {
        return Decision::write(ActionKind::Update, &file.content, "it could not be run");
    }
    Decision::stay(ActionKind::Unchanged, "")
}

fn foreign<'p>(file: &'p PlannedFile, there: &DiskText) -> Decision<'p> {
    let reason = match has_header(&there.text) {
        true => "it differs, and the lock does not know it, so nobody can tell whether it was edited",
        false => "a file that is not ours stands there",
    };
    Decision::conflict(&file.path, reason)
}

fn scaffold<'p>(file: &'p PlannedFile, disk: &Disk, entry: Option<&Entry>, live: &Live<'_>) -> Decision<'p> {
    match disk {
        Disk::Missing if entry.is_some() => {
            let reason =
                format!("removed by hand; `agentspec generate --resolve ours {}` writes it again", quoted(&file.path));
            Decision::stay(ActionKind::Keep, &reason)
        }
        Disk::Missing | Disk::Blocked { .. } => without_text(file, disk, entry),
        Disk::Binary { .. } => Decision::stay(ActionKind::Keep, ""),
        Disk::Text(there) => {
            let found = entry.map(|entry| (dead(entry, file, live, &there.text), entry));
            let Some((dead, entry)) = found.filter(|(dead, _)| !dead.is_empty()) else {
                return Decision::stay(ActionKind::Keep, "");
            };
            let reason = advice(entry, &there.text, &quoted(&file.path));
            Decision { dead, ..Decision::wait(ActionKind::Dead, &reason) }
        }
    }
}

fn merged<'p>(
    file: &'p PlannedFile,
    disk: &Disk,
    entry: Option<&Entry>,
    base: &dyn Fn(&Entry) -> Option<String>,
) -> Result<Decision<'p>, OutputError> {
    let broken = |reason: &str| OutputError::Region {
        path: file.path.clone(),
        template: file.template.clone(),
        reason: reason.to_owned(),
    };
    let from_disk = matches!((disk, &file.made_from), (Disk::Text(there), Some(text)) if there.text == *text);
    let wanted = match regions(&file.content) {
        Ok(wanted) => wanted,
        Err(reason) if from_disk => {
            return Ok(Decision::conflict(&file.path, &format!("its markers are broken: {reason}")));
        }
        Err(reason) => return Err(broken(&reason)),
    };
    if wanted.is_empty() {
        return Err(broken("there is no `agentspec:begin NAME` line"));
    }
    let Disk::Text(there) = disk else { return Ok(without_text(file, disk, entry)) };
    if there.text == file.content {
        return Ok(as_planned(file, there));
    }
    let lacking = missing(file, &there.text);
    if entry.is_some_and(|entry| entry.ownership == Ownership::Scaffold)
        && lacking.as_ref().is_none_or(|l| !l.is_empty())
    {
        return Ok(Decision::stay(ActionKind::Keep, "its marked regions were given up; the file is yours"));
    }
    if let Err(reason) = regions(&there.text) {
        return Ok(Decision::conflict(&file.path, &format!("its markers are broken: {reason}")));
    }
    if let Some(region) = lacking.unwrap_or_default().first() {
        return Ok(Decision::conflict(&file.path, &format!("its marked region `{}` is missing", region.name)));
    }
    if from_disk {
        let (kind, reason) = match entry {
            Some(entry) if hash(there.text.as_bytes()) == entry.hash => (ActionKind::Update, ""),
            _ => (ActionKind::Merge, "what a person wrote is in it"),
        };
        return Ok(Decision::write(kind, &file.content, reason));
    }
    Ok(merge_regions(file, there, entry.and_then(base).as_deref()))
}

/// Merges region by region; the text around them is the user's.
fn merge_regions<'p>(file: &'p PlannedFile, there: &DiskText, base: Option<&str>) -> Decision<'p> {
    let wanted = regions(&file.content).unwrap_or_default();
    let on_disk = regions(&there.text).unwrap_or_default();
    let known = base.map(|base| regions(base).unwrap_or_default()).unwrap_or_default();
    let known = |name: &str| {
        let region = known.iter().find(|region| region.name == name)?;
        base.map(|base| &base[region.body.clone()])
    };
    let mut kind = ActionKind::Update;
    let mut edits = Vec::new();
    for region in on_disk {
        let theirs = &there.text[region.body.clone()];
        let ours = wanted.iter().find(|other| other.name == region.name).map(|other| &file.content[other.body.clone()]);
        match (ours, known(&region.name)) {
            // A region that is not planned any more: removed where nobody edited it, the user's otherwise.
            (None, Some(base)) if base == theirs => edits.push((region.whole, String::new())),
            (None, _) => {}
            (Some(ours), _) if ours == theirs => {}
            (Some(ours), Some(base)) if base == theirs => edits.push((region.body, ours.to_owned())),
            (Some(ours), Some(base)) => match merge(base, ours, theirs) {
                Some(body) => {
                    kind = ActionKind::Merge;
                    edits.push((region.body, body));
                }
                None => {
                    let reason = format!("region `{}` was edited by hand where it changes too", region.name);
                    return Decision::conflict(&file.path, &reason);
                }
            },
            (Some(_), None) => {
                let reason = format!("region `{}` differs, and what was generated before is not known", region.name);
                return Decision::conflict(&file.path, &reason);
            }
        }
    }
    let edits: Vec<_> = edits.iter().map(|(range, body)| (range.clone(), body.as_str())).collect();
    let text = splice(&there.text, &edits);
    if text == there.text {
        return Decision::stay(ActionKind::Unchanged, "");
    }
    let reason = if kind == ActionKind::Merge { "edited by hand; both changes are kept" } else { "" };
    Decision::write(kind, text, reason)
}

fn of_stale<'p>(root: &Root, service: &str, entry: &Entry) -> Action<'p> {
    let disk = Disk::read(root, &entry.path);
    let untouched = matches!(&disk, Disk::Text(there) if hash(there.text.as_bytes()) == entry.hash);
    let path = quoted(&entry.path);
    let decide =
        format!("`agentspec generate --resolve ours {path}` removes it, `--resolve theirs {path}` leaves it to you");
    let (kind, reason, lock) = match (&disk, entry.ownership) {
        (Disk::Missing, _) => (ActionKind::Gone, "removed already".to_owned(), LockChange::Drop),
        (_, Ownership::Scaffold) => {
            (ActionKind::Dead, format!("what it was written for is not planned any more; {decide}"), LockChange::Leave)
        }
        _ if untouched => (ActionKind::Remove, "not planned any more".to_owned(), LockChange::Drop),
        (Disk::Blocked { reason }, _) => {
            (ActionKind::StaleEdited, format!("not planned any more, but {reason}"), LockChange::Leave)
        }
        _ => {
            (ActionKind::StaleEdited, format!("not planned any more, but edited by hand; {decide}"), LockChange::Leave)
        }
    };
    Action {
        path: Cow::Owned(entry.path.clone()),
        kind,
        reason,
        dead: Vec::new(),
        target: Cow::Owned(entry.target.clone()),
        service: Cow::Owned(service.to_owned()),
        content: None,
        planned: None,
        disk,
        lock,
    }
}
