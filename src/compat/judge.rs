//! Every change with its verdict, for a changelog: what breaks, what may, what nobody knows, and what is compatible.

use super::change::{Change, Direction, Reach};
use super::finding::{self, Aids, NOBODY, Sides};
use super::verdict::{Verdict, verdict};
use crate::diagnostic::Diagnostic;

/// A change that was judged.
#[derive(Clone, Debug)]
pub struct Judged<'c> {
    /// The worst of what it means where it reaches.
    pub verdict: Verdict,
    /// What it reaches in that way: operations and events.
    pub reaches: Vec<&'c Reach>,
    /// The notes of the diagnostic, but for the list of what is reached.
    pub facts: Vec<String>,
    /// JSON Pointers to the old and the new place, as far as they are known.
    pub pointers: [Option<&'c str>; 2],
    /// The same as a finding.
    pub diagnostic: Diagnostic,
}

/// How changes are judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judgement {
    /// Only what matters where data flows in this direction.
    pub direction: Option<Direction>,
    /// Whether both sides are platforms, of which it is known who uses what.
    pub knows_consumers: bool,
}

/// Judges observed changes, in their order. A change that reaches nothing in the asked direction is left out.
pub fn judge<'c>(sides: Sides<'_>, changes: &'c [Change], how: Judgement) -> Vec<Judged<'c>> {
    let mut aids = Aids::new(sides);
    changes.iter().filter_map(|change| one(sides, &mut aids, change, how)).collect()
}

fn one<'c, 'a>(sides: Sides<'a>, aids: &mut Aids<'a>, change: &'c Change, how: Judgement) -> Option<Judged<'c>> {
    let asked = |reach: &Reach| how.direction.is_none_or(|direction| reach.direction.name() == direction.name());
    let worst =
        change.reaches.iter().filter(|reach| asked(reach)).map(|reach| verdict(change, reach.direction)).max()?;
    let hit = |reach: &&Reach| asked(reach) && verdict(change, reach.direction) == worst;
    let reaches: Vec<&Reach> = change.reaches.iter().filter(hit).collect();
    let mut diagnostic = match how.direction {
        None => finding::diagnostic(sides, aids, change)?,
        Some(_) => {
            let mut narrowed = change.clone();
            narrowed.reaches = change.reaches.iter().filter(|reach| asked(reach)).cloned().collect();
            finding::diagnostic(sides, aids, &narrowed)?
        }
    };
    if !how.knows_consumers {
        diagnostic.notes.retain(|note| note != NOBODY);
    }
    if let (None, Some(old)) = (&change.new_origin, &change.old_origin)
        && sides.new_sources.id_of(&old.file).is_none()
    {
        // Rather the file that is gone than another one that is there.
        diagnostic = diagnostic.at_missing(&*old.file);
    }
    let list = finding::reached(&reaches);
    let facts = diagnostic.notes.iter().filter(|note| list.as_ref() != Some(*note)).cloned().collect();
    let pointers = [&change.old_origin, &change.new_origin].map(|origin| origin.as_ref()?.pointer.as_deref());
    Some(Judged { verdict: worst, reaches, facts, pointers, diagnostic })
}
