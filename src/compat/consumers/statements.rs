//! Everything that consumers say, by what they say it of.

use std::collections::{BTreeMap, BTreeSet};

use super::said::Statement;
use crate::compat::change::Reach;
use crate::model::{Platform, Usage, UsageGround, Used, UsedPart};

/// What one consumer says of one provider.
#[derive(Default)]
struct Pair<'a> {
    /// Of the provider as a whole.
    service: Vec<Statement<'a>>,
    operations: BTreeMap<&'a str, Vec<Statement<'a>>>,
    events: BTreeMap<&'a str, Vec<Statement<'a>>>,
}

/// The statements of two platforms, of which the older one counts where the newer does not say the same.
pub(super) struct Statements<'a> {
    /// By provider and consumer.
    pairs: BTreeMap<&'a str, BTreeMap<&'a str, Pair<'a>>>,
    /// By event and consumer, whoever publishes it.
    events: BTreeMap<&'a str, BTreeMap<&'a str, Vec<Statement<'a>>>>,
}

impl<'a> Statements<'a> {
    pub fn new(old: &'a Platform, new: &'a Platform) -> Statements<'a> {
        let mut statements = Statements { pairs: BTreeMap::new(), events: BTreeMap::new() };
        let known: BTreeSet<_> = new.usages.iter().map(content).collect();
        new.usages.iter().for_each(|usage| statements.add(Statement { usage, base: false }));
        let gone = old.usages.iter().filter(|usage| !known.contains(&content(usage)));
        gone.for_each(|usage| statements.add(Statement { usage, base: true }));
        statements
    }

    fn add(&mut self, statement: Statement<'a>) {
        let usage = statement.usage;
        if let Used::Event(name) = &usage.used {
            self.events.entry(name).or_default().entry(&usage.consumer).or_default().push(statement);
        }
        if usage.provider.is_empty() {
            return;
        }
        let pair = self.pairs.entry(&usage.provider).or_default().entry(&usage.consumer).or_default();
        match &usage.used {
            Used::Service => pair.service.push(statement),
            Used::Operation(id) => pair.operations.entry(id).or_default().push(statement),
            Used::Event(name) => pair.events.entry(name).or_default().push(statement),
        }
    }

    /// Whether anybody says anything of the service or event that is reached.
    pub fn are_about(&self, reach: &Reach) -> bool {
        // Thousands may be reached, of services that nobody speaks of.
        !self.pairs.is_empty() && self.pairs.contains_key(reach.service.as_str())
            || !self.events.is_empty() && self.events.contains_key(reach.key.as_str())
    }

    /// Who uses an operation, by one of its ids, and what each says of it. A consumer that names operations uses these
    /// alone; one that names none uses all.
    pub fn of_operation(&self, service: &str, ids: &[&str]) -> Vec<Vec<Statement<'a>>> {
        let pairs = self.pairs.get(service).into_iter().flat_map(BTreeMap::values);
        let said = pairs.map(|pair| {
            let named: Vec<_> = ids.iter().filter_map(|id| pair.operations.get(id)).flatten().copied().collect();
            if pair.operations.is_empty() { pair.service.clone() } else { named }
        });
        said.filter(|said| !said.is_empty()).collect()
    }

    /// Who calls a service, and everything that each says of it.
    pub fn of_service(&self, service: &str) -> Vec<Vec<Statement<'a>>> {
        let pairs = self.pairs.get(service).into_iter().flat_map(BTreeMap::values);
        let said = pairs.map(|pair| {
            let operations = pair.operations.values().flatten();
            let calls: Vec<_> = if pair.operations.is_empty() { pair.service.clone() } else { Vec::new() };
            calls.into_iter().chain(operations.copied()).collect::<Vec<_>>()
        });
        said.filter(|said| !said.is_empty()).collect()
    }

    /// Who takes an event, and what each says of it. What the publisher claims counts for those who say nothing.
    pub fn of_event(&self, name: &str) -> Vec<Vec<Statement<'a>>> {
        let consumers = self.events.get(name).into_iter().flat_map(BTreeMap::values);
        consumers.map(|said| without_claims(said)).collect()
    }

    /// Those who say that they take any event of a service.
    pub fn of_events(&self, service: &str) -> Vec<Vec<Statement<'a>>> {
        let pairs = self.pairs.get(service).into_iter().flat_map(BTreeMap::values);
        let said = pairs.map(|pair| pair.events.values().flat_map(|said| without_claims(said)).collect::<Vec<_>>());
        said.filter(|said| !said.is_empty()).collect()
    }

    /// The first thing that each consumer says of a service: of its events, or of what it calls.
    pub fn firsts(&self, service: &str, events: bool) -> impl Iterator<Item = Statement<'a>> {
        let pairs = self.pairs.get(service).into_iter().flat_map(BTreeMap::values);
        pairs.filter_map(move |pair| {
            let own = |said: &&Statement<'a>| said.usage.ground != UsageGround::Claim;
            let mut taken = pair.events.values().flatten();
            let called = || pair.operations.values().flatten().next().or(pair.service.first());
            if events { taken.clone().find(own).or_else(|| taken.next()) } else { called() }.copied()
        })
    }

    /// Who says that it uses a service in any way: for what lies beyond those who are hit.
    pub fn needs(&self) -> impl Iterator<Item = Statement<'a>> {
        let pairs = self.pairs.values().flat_map(BTreeMap::values);
        pairs.flat_map(|pair| {
            let named = pair.operations.values().flatten();
            pair.service.iter().chain(named).chain(pair.events.values().flatten()).copied()
        })
    }
}

fn without_claims<'a>(said: &[Statement<'a>]) -> Vec<Statement<'a>> {
    let own: Vec<_> = said.iter().filter(|one| one.usage.ground != UsageGround::Claim).copied().collect();
    if own.is_empty() { said.to_vec() } else { own }
}

/// What a usage says, wherever in its file it stands.
fn content(usage: &Usage) -> impl Ord + '_ {
    let part = |part: &'_ UsedPart| (part.place, part.name.clone(), part.status.clone());
    let parts: Vec<_> = usage.parts.iter().map(part).collect();
    (&usage.consumer, &usage.provider, &usage.used, usage.ground, usage.exact, parts, &usage.origin.file)
}
