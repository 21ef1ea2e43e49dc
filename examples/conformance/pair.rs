//! A pair of documents, and what is said of it here.

use std::collections::BTreeSet;

use agentspec::compat::{self, Change, Judged, Judgement, Sides, Verdict};
use agentspec::source::{NodeRef, Store};
use agentspec::workspace::Workspace;
use anyhow::{Context, Result};

use crate::classes::{Broken, Harmless, of_broken, of_harmless};
use crate::difference::{Difference, differences};

/// Two documents that were read, with their names.
pub(crate) struct Pair {
    old: (String, Workspace),
    new: (String, Workspace),
    changes: Vec<Change>,
}

/// What is found in a pair.
pub(crate) struct Said {
    /// Whether something breaks.
    pub(crate) breaks: bool,
    /// What breaks, or everything where nothing does.
    pub(crate) lines: Vec<String>,
}

impl Pair {
    pub(crate) fn read(store: &dyn Store, old: &str, new: &str) -> Result<Pair> {
        let load = |path: &str| -> Result<(String, Workspace)> {
            Ok((path.to_owned(), Workspace::contract(store, path, "api")?))
        };
        let mut pair = Pair { old: load(old)?, new: load(new)?, changes: Vec::new() };
        pair.root(&pair.old).and(pair.root(&pair.new)).with_context(|| format!("{old} or {new} cannot be read"))?;
        pair.changes = compat::changes(pair.sides());
        Ok(pair)
    }

    #[cfg(test)]
    pub(crate) fn of_texts(old: &str, new: &str) -> Pair {
        let store = agentspec::source::MemoryStore::new([("old.yaml", old), ("new.yaml", new)]);
        Pair::read(&store, "old.yaml", "new.yaml").unwrap()
    }

    fn sides(&self) -> Sides<'_> {
        let (old, new) = (&self.old.1, &self.new.1);
        Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources }
    }

    fn root<'p>(&self, (path, workspace): &'p (String, Workspace)) -> Option<NodeRef<'p>> {
        workspace.sources.root(workspace.sources.id_of(path)?)
    }

    fn roots(&self) -> Option<[NodeRef<'_>; 2]> {
        Some([self.root(&self.old)?, self.root(&self.new)?])
    }

    fn differences(&self) -> Vec<Difference<'_>> {
        self.roots().map(|[old, new]| differences(old, new)).unwrap_or_default()
    }

    /// Each change with what is said of it.
    fn judged(&self) -> impl Iterator<Item = (&Change, Judged<'_>)> {
        self.changes.iter().flat_map(|change| {
            let judged = compat::judge(self.sides(), std::slice::from_ref(change), Judgement::default());
            judged.into_iter().map(move |one| (change, one))
        })
    }

    pub(crate) fn said(&self) -> Said {
        let all: Vec<Judged<'_>> = self.judged().map(|(_, one)| one).collect();
        let breaks = all.iter().any(|one| one.verdict == Verdict::BreaksConsumers);
        let told = all.iter().filter(|one| !breaks || one.verdict == Verdict::BreaksConsumers);
        let line = |one: &Judged<'_>| {
            let diagnostic = &one.diagnostic;
            format!("{} {}: {}", diagnostic.severity.name(), diagnostic.rule, diagnostic.message)
        };
        Said { breaks, lines: told.map(line).collect() }
    }

    /// The class of each change that breaks something, where it has one.
    pub(crate) fn broken(&self) -> Vec<Option<&'static str>> {
        let (Some(roots), differences) = (self.roots(), self.differences()) else { return vec![None] };
        let class = |(change, judged): (&Change, Judged<'_>)| {
            let is_broken = judged.verdict == Verdict::BreaksConsumers;
            let witness = judged.diagnostic.witness.as_deref();
            is_broken.then(|| of_broken(&Broken { change, witness, roots, differences: &differences }))
        };
        self.judged().filter_map(class).collect()
    }

    /// The operations of which something breaks, as `METHOD /path`.
    pub(crate) fn operations(&self) -> BTreeSet<String> {
        let broken = self.judged().filter(|(_, judged)| judged.verdict == Verdict::BreaksConsumers);
        let reaches: Vec<_> = broken.map(|(_, judged)| judged.reaches).collect();
        let subjects = reaches.iter().flat_map(|list| list.iter()).map(|reach| reach.subject.to_string());
        subjects.filter(|subject| subject.split_once(' ').is_some_and(|(_, path)| path.starts_with('/'))).collect()
    }

    /// How each change that breaks something is shown.
    pub(crate) fn shown(&self) -> Vec<String> {
        let why = |judged: &Judged<'_>| match &judged.diagnostic.witness {
            Some(witness) if witness.checked => "confirmed by a validator".to_owned(),
            Some(witness) => format!("not confirmed: {}", witness.unchecked.as_deref().unwrap_or("NO REASON")),
            None => {
                let notes = &judged.diagnostic.notes;
                notes.iter().find(|note| note.starts_with("No example")).cloned().unwrap_or("NO REASON".to_owned())
            }
        };
        let broken = self.judged().filter(|(_, judged)| judged.verdict == Verdict::BreaksConsumers);
        broken.map(|(_, judged)| why(&judged)).collect()
    }

    /// The class of each difference, where it has one; what the other tool says breaks is given by its ids.
    pub(crate) fn harmless(&self, theirs: &[String]) -> Vec<Option<&'static str>> {
        let differences = self.differences();
        differences.iter().map(|difference| of_harmless(&Harmless { difference, theirs })).collect()
    }
}
