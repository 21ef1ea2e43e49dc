//! Everything that consumers say, by what they say it of.

use super::said::Statement;
use crate::compat::change::Reach;
use crate::model::{Platform, Usage, UsageGround, Used};

/// The statements of two platforms, of which the older one counts where the newer does not say the same. They are kept in
/// order, so that all that is said of one thing is a slice: thousands of consumers may be listed.
pub(super) struct Statements<'a> {
    /// By provider, consumer and what is used.
    pairs: Vec<Statement<'a>>,
    /// Those of events, by event and consumer, whoever publishes it.
    events: Vec<Statement<'a>>,
}

impl<'a> Statements<'a> {
    pub fn new(old: &'a Platform, new: &'a Platform) -> Statements<'a> {
        let mut known: Vec<_> = new.usages.iter().map(content).collect();
        known.sort_unstable();
        let gone = old.usages.iter().filter(|usage| known.binary_search(&content(usage)).is_err());
        let gone = gone.map(|usage| Statement { usage, base: true });
        let said = || new.usages.iter().map(|usage| Statement { usage, base: false }).chain(gone.clone());
        let mut pairs: Vec<_> = said().filter(|said| !said.usage.provider.is_empty()).collect();
        pairs.sort_by_key(|said| (&said.usage.provider, &said.usage.consumer, &said.usage.used));
        let mut events: Vec<_> = said().filter(|said| event(said).is_some()).collect();
        events.sort_by_key(|said| (event(said), &said.usage.consumer));
        Statements { pairs, events }
    }

    /// Whether anybody says anything of the service or event that is reached.
    pub fn are_about(&self, reach: &Reach) -> bool {
        !self.of(&reach.service).is_empty() || !self.about(&reach.key).is_empty()
    }

    /// All that is said of a service.
    fn of(&self, service: &str) -> &[Statement<'a>] {
        slice(&self.pairs, service, |said| &said.usage.provider)
    }

    /// All that is said of an event.
    fn about(&self, name: &str) -> &[Statement<'a>] {
        slice(&self.events, name, |said| event(said).unwrap_or_default())
    }

    /// Who uses an operation, by one of its ids, and what each says of it. A consumer that names operations uses these
    /// alone; one that names none uses all.
    pub fn of_operation(&self, service: &str, ids: &[&str]) -> Vec<Vec<Statement<'a>>> {
        let said = by_consumer(self.of(service)).map(|pair| {
            let counts = |said: &&Statement| match &said.usage.used {
                Used::Operation(id) => ids.contains(&id.as_str()),
                Used::Service | Used::Event(_) => true,
            };
            pair.called().iter().filter(counts).copied().collect()
        });
        said.filter(|said: &Vec<_>| !said.is_empty()).collect()
    }

    /// Who calls a service, and everything that each says of it.
    pub fn of_service(&self, service: &str) -> Vec<Vec<Statement<'a>>> {
        let said = by_consumer(self.of(service)).map(|pair| pair.called().to_vec());
        said.filter(|said| !said.is_empty()).collect()
    }

    /// Who takes an event, and what each says of it. What the publisher claims counts for those who say nothing.
    pub fn of_event(&self, name: &str) -> Vec<Vec<Statement<'a>>> {
        let consumers = self.about(name).chunk_by(|one, next| one.usage.consumer == next.usage.consumer);
        consumers.map(without_claims).collect()
    }

    /// Those who say that they take any event of a service.
    pub fn of_events(&self, service: &str) -> Vec<Vec<Statement<'a>>> {
        let said = by_consumer(self.of(service)).map(|pair| {
            let events = pair.events.chunk_by(|one, next| one.usage.used == next.usage.used);
            events.flat_map(without_claims).collect::<Vec<_>>()
        });
        said.filter(|said| !said.is_empty()).collect()
    }

    /// The first thing that each consumer says of a service: of its events, or of what it calls.
    pub fn firsts(&self, service: &str, events: bool) -> impl Iterator<Item = Statement<'a>> {
        by_consumer(self.of(service)).filter_map(move |pair| {
            let own = |said: &&Statement<'a>| said.usage.ground != UsageGround::Claim;
            let taken = || pair.events.iter().find(own).or(pair.events.first());
            if events { taken() } else { pair.called().first() }.copied()
        })
    }

    /// Who says that it uses a service in any way: for what lies beyond those who are hit.
    pub fn needs(&self) -> impl Iterator<Item = Statement<'a>> {
        self.pairs.iter().copied()
    }
}

/// What one consumer says of one provider.
struct Pair<'s, 'a> {
    /// Of the provider as a whole.
    service: &'s [Statement<'a>],
    operations: &'s [Statement<'a>],
    events: &'s [Statement<'a>],
}

impl<'s, 'a> Pair<'s, 'a> {
    /// What it says of operations; where it names none, of the provider as a whole.
    fn called(&self) -> &'s [Statement<'a>] {
        if self.operations.is_empty() { self.service } else { self.operations }
    }
}

/// What is said of one provider, a consumer each.
fn by_consumer<'s, 'a>(said: &'s [Statement<'a>]) -> impl Iterator<Item = Pair<'s, 'a>> {
    let consumers = said.chunk_by(|one, next| one.usage.consumer == next.usage.consumer);
    consumers.map(|said| {
        let calls = said.partition_point(|one| !matches!(one.usage.used, Used::Event(_)));
        let (calls, events) = said.split_at(calls);
        let (service, operations) = calls.split_at(calls.partition_point(|one| one.usage.used == Used::Service));
        Pair { service, operations, events }
    })
}

/// The part of an ordered list whose key is this.
fn slice<'s, 'a>(said: &'s [Statement<'a>], key: &str, of: impl Fn(&Statement<'a>) -> &'a str) -> &'s [Statement<'a>] {
    let start = said.partition_point(|one| of(one) < key);
    let rest = &said[start..];
    &rest[..rest.partition_point(|one| of(one) == key)]
}

/// The event that a statement is about.
fn event<'a>(said: &Statement<'a>) -> Option<&'a str> {
    match &said.usage.used {
        Used::Event(name) => Some(name),
        Used::Service | Used::Operation(_) => None,
    }
}

fn without_claims<'a>(said: &[Statement<'a>]) -> Vec<Statement<'a>> {
    let own: Vec<_> = said.iter().filter(|one| one.usage.ground != UsageGround::Claim).copied().collect();
    if own.is_empty() { said.to_vec() } else { own }
}

/// What a usage says, wherever in its file it stands.
fn content(usage: &Usage) -> impl Ord + '_ {
    let parts = usage.parts.iter().map(|part| (part.place, part.name.as_str(), part.status.as_deref()));
    let parts: Vec<_> = parts.collect();
    (&usage.consumer, &usage.provider, &usage.used, usage.ground, usage.exact, parts, &usage.origin.file)
}
