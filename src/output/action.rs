//! What is to be done with one file.

use std::borrow::Cow;

use super::dead::DeadPart;
use super::disk::Disk;
use super::error::OutputError;
use super::lock::Entry;
use super::plan::{Ownership, PlannedFile};
use super::region::{Region, regions, splice};

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionKind {
    /// It is written for the first time, or again after it was removed.
    Create,
    /// It is replaced; nobody edited it.
    Update,
    /// It is written with our changes and a person's.
    Merge,
    /// It is the user's.
    Keep,
    /// It is as it should be.
    Unchanged,
    /// It is not planned any more and nobody edited it.
    Remove,
    /// It is not planned any more, and a person edited it: left alone until it is resolved.
    StaleEdited,
    /// Our changes and a person's meet in the same lines, or what stands there is not ours: left alone until it is
    /// resolved.
    Conflict,
    /// The user's code for something that is not there any more: told, and left alone.
    Dead,
    /// It is not planned any more and was removed already.
    Gone,
}

impl ActionKind {
    /// Whether a check fails on it: something is to be written, removed or decided.
    pub fn is_change(self) -> bool {
        !matches!(self, ActionKind::Keep | ActionKind::Unchanged | ActionKind::Dead | ActionKind::Gone)
    }

    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            ActionKind::Create => "create",
            ActionKind::Update => "update",
            ActionKind::Merge => "merge",
            ActionKind::Keep => "keep",
            ActionKind::Unchanged => "unchanged",
            ActionKind::Remove => "remove",
            ActionKind::StaleEdited => "stale-edited",
            ActionKind::Conflict => "conflict",
            ActionKind::Dead => "dead",
            ActionKind::Gone => "gone",
        }
    }
}

/// Which side wins where a person has to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is planned.
    Ours,
    /// What stands on disk.
    Theirs,
}

/// What is to be done with one file, decided from plan, disk and lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action<'p> {
    /// Relative to the platform root, with `/`.
    pub path: Cow<'p, str>,
    /// What happens.
    pub kind: ActionKind,
    /// Why, and what a person can do about it; empty where there is nothing to say.
    pub reason: String,
    /// The parts of a scaffold that is planned still whose operations or events are not.
    pub dead: Vec<DeadPart>,
    /// The target that wants or wanted the file.
    pub target: Cow<'p, str>,
    /// The service that it belongs to; empty for the platform.
    pub service: Cow<'p, str>,
    pub(super) content: Option<Cow<'p, str>>,
    pub(super) planned: Option<&'p PlannedFile>,
    pub(super) disk: Disk,
    pub(super) lock: LockChange,
}

/// What becomes of the lock's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LockChange {
    Leave,
    Set(Entry),
    Drop,
}

impl<'p> Action<'p> {
    /// What is written, with `\n` line ends; nothing where nothing is.
    pub fn content(&self) -> Option<&str> {
        self.content.as_deref()
    }

    /// What stands on disk, with `\n` line ends; nothing where there is no text.
    pub fn before(&self) -> Option<&str> {
        match &self.disk {
            Disk::Text(text) => Some(&text.text),
            _ => None,
        }
    }

    /// The same file with a side chosen.
    ///
    /// # Errors
    /// When there is nothing to choose, or what stands there must be moved away by hand.
    pub fn resolved(self, side: Side) -> Result<Action<'p>, OutputError> {
        if let Disk::Blocked { reason } = &self.disk {
            return Err(nothing(&self, &format!("{reason}; move it away first")));
        }
        match (self.planned, side) {
            (None, _) if !matches!(self.kind, ActionKind::StaleEdited | ActionKind::Dead) => {
                Err(nothing(&self, "it is not planned"))
            }
            (None, Side::Ours) => Ok(Action { kind: ActionKind::Remove, lock: LockChange::Drop, ..self }),
            (None, Side::Theirs) => Ok(Action { kind: ActionKind::Keep, lock: LockChange::Drop, ..self }),
            (Some(_), Side::Theirs) if self.disk == Disk::Missing => Err(nothing(&self, "no file stands there")),
            (Some(planned), Side::Theirs) => {
                let entry = theirs_entry(planned, self.before());
                Ok(Action { kind: ActionKind::Keep, content: None, lock: LockChange::Set(entry), ..self })
            }
            (Some(planned), Side::Ours) => {
                let content = ours(planned, self.before()).map_err(|reason| nothing(&self, &reason))?;
                let kind = if self.disk == Disk::Missing { ActionKind::Create } else { ActionKind::Update };
                Ok(Action { kind, content: Some(content), lock: LockChange::Set(Entry::of(planned)), ..self })
            }
        }
    }
}

fn nothing(action: &Action<'_>, reason: &str) -> OutputError {
    OutputError::NothingToResolve { path: action.path.to_string(), reason: reason.to_owned() }
}

/// A merged file whose markers are gone is the user's as a whole from then on; any other is taken as edited.
fn theirs_entry(planned: &PlannedFile, before: Option<&str>) -> Entry {
    let entry = Entry::of(planned);
    let marked = || before.is_some_and(|before| missing(planned, before).is_some_and(|missing| missing.is_empty()));
    match planned.ownership {
        Ownership::Merged if !marked() => Entry { ownership: Ownership::Scaffold, ..entry },
        _ => entry,
    }
}

/// The regions of a planned file that a text lacks; nothing where markers are broken.
pub(super) fn missing(planned: &PlannedFile, before: &str) -> Option<Vec<Region>> {
    let there = regions(before).ok()?;
    let mut wanted = regions(&planned.content).ok()?;
    wanted.retain(|region| there.iter().all(|other| other.name != region.name));
    Some(wanted)
}

/// The content that wins over what stands on disk: all of it, or for a merged file its regions, with the user's text
/// around them kept.
fn ours<'p>(planned: &'p PlannedFile, before: Option<&str>) -> Result<Cow<'p, str>, String> {
    let Some(before) = before.filter(|_| planned.ownership == Ownership::Merged) else {
        return Ok(Cow::Borrowed(&planned.content));
    };
    let there = regions(before).map_err(|reason| format!("{reason}; mend its markers by hand first"))?;
    let wanted = regions(&planned.content)?;
    let body = |name: &str| {
        wanted.iter().find(|region| region.name == name).map(|region| &planned.content[region.body.clone()])
    };
    let edits: Vec<_> = there.iter().filter_map(|region| Some((region.body.clone(), body(&region.name)?))).collect();
    let mut content = splice(before, &edits);
    for region in missing(planned, before).unwrap_or_default() {
        if !content.is_empty() {
            content.push_str(if content.ends_with('\n') { "\n" } else { "\n\n" });
        }
        content.push_str(&planned.content[region.whole]);
    }
    Ok(Cow::Owned(content))
}
