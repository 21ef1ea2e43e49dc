//! Every change with its verdict, for a changelog: what breaks, what may, what nobody knows, and what is compatible.

use rustc_hash::FxHashMap;

use super::change::{Change, Direction, Reaching};
use super::finding::{self, Aids, NOBODY, Sides};
use super::headline;
use super::verdict::{Verdict, row, verdict};
use crate::diagnostic::{Diagnostic, KEPT};
use crate::source::Pointer;

/// A change that was judged.
#[derive(Clone, Debug)]
pub struct Judged<'c> {
    /// The worst of what it means where it reaches.
    pub verdict: Verdict,
    /// What it reaches in that way: operations and events. Shared by all that reach the same.
    pub reaches: Reaching,
    /// The notes of the diagnostic, but for the list of what is reached.
    pub facts: Vec<String>,
    /// JSON Pointers to the old and the new place, as far as they are known.
    pub pointers: [Option<&'c Pointer>; 2],
    /// The same as a finding.
    pub diagnostic: Diagnostic,
    /// How many changes it stands for: more than one where there are too many like it to tell them all.
    pub count: usize,
}

/// How changes are judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judgement {
    /// Only what matters where data flows in this direction.
    pub direction: Option<Direction>,
    /// Whether both sides are platforms, of which it is known who uses what.
    pub knows_consumers: bool,
}

/// Judges observed changes, in their order. A change that reaches nothing in the asked direction is left out. Of those of one
/// rule, verdict and file the first [`KEPT`] are told, and one stands for the others: a file can hold tens of thousands.
pub fn judge<'c>(sides: Sides<'_>, changes: &'c [Change], how: Judgement) -> Vec<Judged<'c>> {
    let mut aids = Aids::new(sides);
    let mut told: FxHashMap<(&str, Verdict, Option<&str>), usize> = FxHashMap::default();
    // Where in the list what stands for the others is.
    let mut rests: FxHashMap<(&str, Verdict, Option<&str>), usize> = FxHashMap::default();
    let mut judged: Vec<Judged<'c>> = Vec::new();
    for change in changes {
        let Some(verdict) = worst(change, how) else { continue };
        let file = change.new_origin.as_ref().or(change.old_origin.as_ref()).map(|origin| &*origin.file);
        let kind = (row(change).id, verdict, file);
        let told = told.entry(kind).or_default();
        *told += 1;
        if let Some(rest) = rests.get(&kind).and_then(|at| judged.get_mut(*at)) {
            rest.count += change.count;
            continue;
        }
        let Some(mut one) = one(sides, &mut aids, change, (how, verdict)) else { continue };
        if *told > KEPT || change.count > 1 {
            rests.insert(kind, judged.len());
            one.diagnostic = Diagnostic::new(one.diagnostic.rule, one.diagnostic.severity, one.diagnostic.route, "");
            one.facts.clear();
        }
        judged.push(one);
    }
    for at in rests.into_values() {
        if let Some(rest) = judged.get_mut(at) {
            rest.diagnostic.message = match rest.count {
                1 => "one more change of this kind in this file".to_owned(),
                count => format!("{count} more changes of this kind in this file"),
            };
        }
    }
    judged
}

/// The directions that are asked for.
fn asked(how: Judgement) -> [bool; 4] {
    Direction::ALL.map(|one| how.direction.is_none_or(|direction| one.name() == direction.name()))
}

/// The worst of what a change means where it is asked.
fn worst(change: &Change, how: Judgement) -> Option<Verdict> {
    let (asked, verdicts) = (asked(how), Direction::ALL.map(|one| verdict(change, one)));
    let reached = change.reaches.iter().filter(|reach| asked[reach.direction as usize]);
    reached.map(|reach| verdicts[reach.direction as usize]).max()
}

fn one<'c, 'a>(
    sides: Sides<'a>,
    aids: &mut Aids<'a>,
    change: &'c Change,
    (how, worst): (Judgement, Verdict),
) -> Option<Judged<'c>> {
    let asked = asked(how);
    let hit = Direction::ALL.map(|one| asked[one as usize] && verdict(change, one) == worst);
    let reaches = aids.part(&change.reaches, hit);
    let mut diagnostic = match how.direction {
        None => finding::diagnostic(sides, aids, change)?,
        Some(_) => {
            let narrowed = Change { reaches: aids.part(&change.reaches, asked), ..change.clone() };
            finding::diagnostic(sides, aids, &narrowed)?
        }
    };
    if !how.knows_consumers {
        diagnostic.notes.retain(|note| note != NOBODY);
    }
    let list = headline::reached(&reaches.iter().collect::<Vec<_>>());
    let facts = diagnostic.notes.iter().filter(|note| list.as_ref() != Some(*note)).cloned().collect();
    let pointers = [&change.old_origin, &change.new_origin].map(|origin| origin.as_ref()?.pointer.as_ref());
    Some(Judged { verdict: worst, reaches, facts, pointers, diagnostic, count: change.count })
}
