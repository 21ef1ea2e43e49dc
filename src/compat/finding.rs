//! Turns changes into findings: the headline, the operations and events that are reached, the consumers, the way out.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::change::{Action, Change, Direction, Kind, Reach, Reaching};
use super::consumers::Consumers;
use super::headline::{headline, reached, subjects};
use super::observe::{observe, observe_all, observe_payloads};
use super::policy;
use super::relation::Decision;
use super::verdict::{Verdict, relevant, row, verdict};
use super::witness::{Shown, Witnesses};
use crate::diagnostic::{Changed, Diagnostic, Severity};
use crate::model::{Origin, Platform};
use crate::source::{NodeKey, Place, Route, Sources};

/// One side of a comparison.
#[derive(Clone, Copy)]
pub struct Sides<'a> {
    /// The model of the base.
    pub old: &'a Platform,
    /// The files of the base.
    pub old_sources: &'a Sources,
    /// The model that is checked.
    pub new: &'a Platform,
    /// The files that are checked.
    pub new_sources: &'a Sources,
}

/// What is said where no consumer is known.
pub(super) const NOBODY: &str = "No service of this platform declares that it uses this";

/// Which changes are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What breaks, may break, or could not be decided.
    Breaking,
    /// Every change.
    All,
}

/// The findings on the payloads of those events alone: what breaks, may break, or could not be decided.
pub fn payload_findings(sides: Sides<'_>, events: &[&str]) -> Vec<Diagnostic> {
    let changes = observe_payloads(sides.old, sides.new, events);
    let mut aids = Aids::new(sides);
    let diagnostics = changes.iter().filter_map(|change| diagnostic(sides, &mut aids, change));
    diagnostics.filter(|one| one.severity > Severity::Info).collect()
}

/// The findings of a comparison, for one service or for all, in the order of the observation.
pub fn findings(sides: Sides<'_>, service: Option<&str>, level: Level) -> Vec<Diagnostic> {
    findings_of(sides, &changes(sides), service, level)
}

/// Everything that changed between the two sides. Where no file differs, nothing is compared.
pub fn changes(sides: Sides<'_>) -> Vec<Change> {
    match have_same_files(sides.old_sources, sides.new_sources) {
        true => Vec::new(),
        false => observe(sides.old, sides.new),
    }
}

/// What changed, of which too many alike are only counted.
#[derive(Debug, Default)]
pub struct Observed {
    /// The changes.
    pub changes: Vec<Change>,
    /// The consumers that break by those that are only counted.
    pub consumers: BTreeSet<String>,
}

/// Everything that changed between the two sides, with the consumers that what is only counted breaks; where a service is
/// asked for those of its changes. `more` of a kind are kept than else. Where no file differs, nothing is compared.
pub fn observed(sides: Sides<'_>, service: Option<&str>, more: usize) -> Observed {
    if have_same_files(sides.old_sources, sides.new_sources) {
        return Observed::default();
    }
    let (mut known, mut found) = (None, BTreeSet::new());
    let on_counted = Box::new(|change: &Change| {
        let breaks = Direction::ALL.map(|one| verdict(change, one) == Verdict::BreaksConsumers);
        if breaks == [false; 4] {
            return;
        }
        let hit: Vec<&Reach> = change.reaches.iter().filter(|one| breaks[one.direction as usize]).collect();
        if !hit.is_empty() && is_about(change, service) {
            let consumers = known.get_or_insert_with(|| Consumers::new(sides.old, sides.new));
            found.extend(consumers.affected(change, &hit).consumers);
        }
    });
    let changes = observe_all(sides.old, sides.new, more, on_counted);
    Observed { changes, consumers: found }
}

fn is_about(change: &Change, service: Option<&str>) -> bool {
    service.is_none_or(|name| change.reaches.iter().any(|reach| reach.service == name))
}

/// Whether nothing at all differs.
fn have_same_files(old: &Sources, new: &Sources) -> bool {
    old.iter().count() == new.iter().count()
        && old.iter().zip(new.iter()).all(|((_, one), (_, other))| one.path == other.path && one.text == other.text)
}

/// The findings of changes that were observed before.
pub fn findings_of(sides: Sides<'_>, changes: &[Change], service: Option<&str>, level: Level) -> Vec<Diagnostic> {
    let about = |change: &&Change| is_about(change, service);
    let mut aids = Aids::new(sides);
    let diagnostics = changes.iter().filter(about).filter_map(|change| diagnostic(sides, &mut aids, change));
    diagnostics.filter(|one| level == Level::All || one.severity > Severity::Info).collect()
}

/// What the findings of one comparison share.
pub(super) struct Aids<'a> {
    consumers: Consumers<'a>,
    witnesses: Witnesses<'a>,
    /// By the list of what is reached, whose address is the key, and the directions that count.
    lists: FxHashMap<(usize, [bool; 4]), Listed>,
    /// In the same way, the part of a list in those directions.
    parts: FxHashMap<(usize, [bool; 4]), (Reaching, Reaching)>,
}

/// What is told of operations and events that are hit. Many changes reach the same ones.
struct Listed {
    /// The list that it was made of: while it is held, no other has its address.
    _of: Reaching,
    subjects: Arc<[String]>,
    note: Option<String>,
}

impl<'a> Aids<'a> {
    pub(super) fn new(sides: Sides<'a>) -> Self {
        let (consumers, witnesses) = (Consumers::new(sides.old, sides.new), Witnesses::new(sides));
        Aids { consumers, witnesses, lists: FxHashMap::default(), parts: FxHashMap::default() }
    }

    /// What of a list is reached in some directions.
    pub(super) fn part(&mut self, list: &Reaching, counts: [bool; 4]) -> Reaching {
        let entry = self.parts.entry((list.as_ptr().addr(), counts));
        let (_, part) = entry.or_insert_with(|| {
            let is_counted = |reach: &&Reach| counts[reach.direction as usize];
            let part = match list.iter().all(|reach| is_counted(&reach)) {
                true => Arc::clone(list),
                false => list.iter().filter(is_counted).cloned().collect(),
            };
            (Arc::clone(list), part)
        });
        Arc::clone(part)
    }

    fn listed(&mut self, change: &Change, counts: [bool; 4], hit: &[&Reach]) -> &Listed {
        let address = change.reaches.as_ptr().addr();
        self.lists.entry((address, counts)).or_insert_with(|| Listed {
            _of: Arc::clone(&change.reaches),
            subjects: subjects(hit),
            note: reached(hit),
        })
    }
}

/// One change as a finding.
pub(super) fn diagnostic<'a>(sides: Sides<'a>, aids: &mut Aids<'a>, change: &Change) -> Option<Diagnostic> {
    // Thousands may be reached, in four directions.
    let verdicts = Direction::ALL.map(|one| verdict(change, one));
    let verdict = |direction: Direction| verdicts[direction as usize];
    let worst = change.reaches.iter().map(|reach| verdict(reach.direction)).max()?;
    let severity = match worst {
        Verdict::Compatible => Severity::Info,
        Verdict::Unknown | Verdict::MayBreak => Severity::Warning,
        Verdict::BreaksConsumers => Severity::Error,
    };
    let hit: Vec<&Reach> = change.reaches.iter().filter(|reach| verdict(reach.direction) == worst).collect();
    let row = row(change);
    let gone = change.old_origin.as_ref().filter(|_| is_removed_from_paths(change));
    let route = match (&change.new_origin, &change.old_origin) {
        (Some(_), _) if let Some(left) = gone.and_then(|gone| left_of(gone, sides.new_sources)) => left,
        (Some(origin), _) => named(change, origin.route(sides.new_sources)?),
        // The file itself is gone: nothing of the new side can be pointed at but what is left of the service.
        (None, Some(origin)) => origin.route(sides.new_sources).or_else(|| fallback(sides, change))?,
        (None, None) => fallback(sides, change)?,
    };
    let mut diagnostic = Diagnostic::new(row.id, severity, route, headline(change, &hit));
    if let (None, Some(old)) = (&change.new_origin, &change.old_origin)
        && sides.new_sources.id_of(&old.file).is_none()
    {
        // Rather the file that is gone than another one that is there.
        diagnostic = diagnostic.at_missing(&*old.file);
    }
    let listed = aids.listed(change, verdicts.map(|one| one == worst), &hit);
    diagnostic = diagnostic.changed(changed(change, &hit, Arc::clone(&listed.subjects)));
    if let Some(old) = change.old_origin.as_ref().and_then(|origin| origin.route(sides.old_sources)) {
        diagnostic = diagnostic.related_base(named(change, old), "as it was");
    }
    if let Some(note) = &listed.note {
        diagnostic = diagnostic.note(note);
    }
    if let Some(reason) = hit.iter().find_map(|reach| match relevant(change, reach.direction) {
        Decision::Unknown(reason) if worst == Verdict::Unknown => Some(reason),
        _ => None,
    }) {
        diagnostic = diagnostic.note(format!("It could not be decided: {reason}"));
    }
    if worst == Verdict::BreaksConsumers {
        diagnostic = match aids.witnesses.of(change, &hit) {
            Shown::Witness(witness) => diagnostic.note(witness.sentence()).witness(witness),
            Shown::Nothing(why) => diagnostic.note(why),
        };
        let beside = hit.first().and_then(|reach| policy::beside(sides, change, reach));
        diagnostic = beside.into_iter().fold(diagnostic, Diagnostic::note);
        if hit.iter().any(|reach| reach.direction == Direction::Replay) {
            diagnostic = diagnostic
                .note("By the event's compatibility mode, messages that were published before must stay readable");
        }
    }
    if severity > Severity::Info {
        diagnostic = diagnostic.note(row.why).help(row.way_out);
        let impact = aids.consumers.affected(change, &hit);
        if impact.consumers.is_empty() {
            diagnostic = diagnostic.note(NOBODY);
        }
        diagnostic = diagnostic.impact(impact);
    }
    diagnostic.count = change.count;
    Some(diagnostic)
}

/// What the finding is about, for approvals.
pub(super) fn changed(change: &Change, hit: &[&Reach], at: Arc<[String]>) -> Changed {
    let service = hit.first().map(|reach| reach.service.to_string()).unwrap_or_default();
    Changed { service, at, subject: change.subject.clone().into() }
}

/// The place to point at: the key under which the node stands, where what changed is not said in the node itself.
fn named(change: &Change, route: Route) -> Route {
    match route.place {
        Place::Node(node) if change.kind != Kind::Type => Route::key_of(NodeKey { file: route.file, node }),
        _ => route,
    }
}

/// Whether the change is that an operation is gone.
fn is_removed_from_paths(change: &Change) -> bool {
    matches!((change.kind, change.action), (Kind::Operation | Kind::Api, Action::Removed))
}

/// What is left of the place of something that is gone: its path, where that still has other operations.
fn left_of(gone: &Origin, sources: &Sources) -> Option<Route> {
    let file = sources.id_of(&gone.file)?;
    let pointer = gone.pointer.as_ref()?.text();
    let (path, _) = pointer.rsplit_once('/').filter(|(path, _)| path.starts_with("/paths/"))?;
    let node = sources.root(file)?.pointer(path)?;
    Some(Route::key_of(NodeKey { file, node: node.id() }))
}

/// The first file of the service, or of the platform, that still exists.
fn fallback(sides: Sides<'_>, change: &Change) -> Option<Route> {
    let service = change.reaches.first().map(|reach| format!("services/{}/", reach.service)).unwrap_or_default();
    let of_service = sides.new_sources.iter().find(|(_, file)| file.path.starts_with(&service));
    let (file, _) = of_service.or_else(|| sides.new_sources.iter().next())?;
    Some(Route::file(file))
}
