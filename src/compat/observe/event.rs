//! Compares events: which there are, under which names, in which versions, on which topic, with which payload.

use super::super::change::{Action, Change, Direction, Effect, Kind, Reach, Reaching};
use super::super::relation::Writing;
use super::renamed;
use super::schema::Comparison;
use crate::model::{Event, EventDefinition, Origin, Platform, Text};

pub(super) fn observe(old: &Platform, new: &Platform, schemas: &mut Comparison<'_>) {
    let defined = |event: &&Event| !event.definitions.is_empty();
    let mut gone: Vec<&Event> = Vec::new();
    for before in old.events.iter().filter(defined) {
        match new.event(&before.name).filter(defined) {
            Some(after) => Events { new, schemas }.compare(before, after),
            None => gone.push(before),
        }
    }
    let known = |event: &&Event| old.event(&event.name).filter(defined).is_some();
    let mut fresh: Vec<&Event> = new.events.iter().filter(defined).filter(|event| !known(event)).collect();
    for (before, after) in renamed::pairs(old, &gone, new, &fresh) {
        let change = Change::new(Kind::EventName, Action::Changed, Effect::Disjoint, &before.name);
        let change = change.values(format!("`{}`", before.name), format!("`{}`", after.name));
        let change = change.places(first_origin(before), first_origin(after));
        schemas.tell(change.reaching(&reach(before, Direction::Event)));
        gone.retain(|event| event.name != before.name);
        fresh.retain(|event| event.name != after.name);
    }
    for before in gone {
        let change = Change::new(Kind::Event, Action::Removed, Effect::Narrowed, &before.name);
        schemas.tell(change.places(first_origin(before), None).reaching(&reach(before, Direction::Event)));
    }
    for after in fresh {
        let change = Change::new(Kind::Event, Action::Added, Effect::Widened, &after.name);
        schemas.tell(change.places(None, first_origin(after)).reaching(&reach(after, Direction::Event)));
    }
}

/// Compares the payloads alone of those events that both have, each version with the same version.
pub(super) fn observe_payloads(old: &Platform, new: &Platform, names: &[&str], schemas: &mut Comparison<'_>) {
    for name in names {
        let (Some(before), Some(after)) = (old.event(name), new.event(name)) else { continue };
        for one in &before.definitions {
            let same = after.definitions.iter().filter(|other| same_version(one, other));
            let Some(other) = partner(one, same) else { continue };
            if let (Some(from), Some(to)) = (one.schema, other.schema) {
                let reaches = readers(after, other, new);
                reaches.iter().for_each(|reach| schemas.root(Writing::Json, from, to, reach));
            }
        }
    }
}

fn reach(event: &Event, direction: Direction) -> Reaching {
    let name = Text::from(event.name.as_str());
    let service = event.publishers.first().map(|name| Text::from(name.as_str())).unwrap_or_default();
    [Reach { service, subject: name.clone(), key: name, direction }].into()
}

/// Who reads the payload of an event by its compatibility mode: those of before read what comes now, those of now what
/// came before, or both.
fn readers(event: &Event, definition: &EventDefinition, platform: &Platform) -> Vec<Reaching> {
    let mode = platform.compatibility_of(definition);
    let forward = mode.is_forward().then_some(Direction::Event);
    let backward = mode.is_backward().then_some(Direction::Replay);
    forward.into_iter().chain(backward).map(|direction| reach(event, direction)).collect()
}

fn first_origin(event: &Event) -> Option<&Origin> {
    event.definitions.first().and_then(origin)
}

fn origin(definition: &EventDefinition) -> Option<&Origin> {
    definition.contract.as_ref().or(definition.spec.as_ref())
}

/// Whether both are the same version, whether or not it is written with a `v`.
fn same_version(one: &EventDefinition, other: &EventDefinition) -> bool {
    let number = |definition: &EventDefinition| {
        definition.version.as_deref().map(|version| version.trim().trim_start_matches(['v', 'V']).to_owned())
    };
    number(one) == number(other)
}

/// Of several definitions of one version, which a rule reports, the one that stands where this one stood.
fn partner<'e>(
    before: &EventDefinition,
    same: impl Iterator<Item = &'e EventDefinition>,
) -> Option<&'e EventDefinition> {
    let file = |definition: &EventDefinition| origin(definition).map(|origin| origin.file.clone());
    let pointer = |definition: &EventDefinition| origin(definition).and_then(|origin| origin.pointer.clone());
    same.min_by_key(|after| (file(after) != file(before), pointer(after) != pointer(before)))
}

struct Events<'c, 's> {
    new: &'c Platform,
    schemas: &'c mut Comparison<'s>,
}

impl Events<'_, '_> {
    fn compare(&mut self, old: &Event, new: &Event) {
        let reach = reach(old, Direction::Event);
        // A version that is only now named, or no longer, is the one that there was.
        let unnamed = |event: &Event| event.definitions.len() == 1 && event.definitions[0].version.is_none();
        let alone = (unnamed(old) && new.definitions.len() == 1) || (unnamed(new) && old.definitions.len() == 1);
        let same = |one: &EventDefinition, other: &EventDefinition| alone || same_version(one, other);
        let added: Vec<&EventDefinition> =
            new.definitions.iter().filter(|after| !old.definitions.iter().any(|before| same(before, after))).collect();
        let version = |definition: &EventDefinition| definition.version.clone().unwrap_or("no version".to_owned());
        for before in &old.definitions {
            let Some(after) = partner(before, new.definitions.iter().filter(|after| same(before, after))) else {
                let now = added.iter().map(|after| version(after)).collect::<Vec<_>>().join(", ");
                let place = added.first().copied().or(new.definitions.first());
                let mut change = Change::new(Kind::EventVersion, Action::Removed, Effect::Narrowed, &old.name);
                change.old = Some(version(before));
                change.new = Some(now).filter(|now| !now.is_empty());
                self.schemas.tell(change.places(origin(before), place.and_then(origin)).reaching(&reach));
                continue;
            };
            self.definition(&old.name, before, after, &reach);
            self.payload(before, (new, after));
        }
        for after in added {
            let mut change = Change::new(Kind::EventVersion, Action::Added, Effect::Widened, &new.name);
            change.new = Some(version(after));
            self.schemas.tell(change.places(None, origin(after)).reaching(&reach));
        }
    }

    fn definition(&mut self, name: &str, before: &EventDefinition, after: &EventDefinition, reach: &Reaching) {
        if let (Some(from), Some(to)) = (&before.topic, &after.topic)
            && from != to
        {
            let change = Change::new(Kind::EventTopic, Action::Changed, Effect::Disjoint, name);
            let change = change.values(from, to).places(origin(before), origin(after));
            self.schemas.tell(change.reaching(reach));
        }
    }

    fn payload(&mut self, before: &EventDefinition, (event, after): (&Event, &EventDefinition)) {
        let readers = readers(event, after, self.new);
        match (before.schema, after.schema) {
            (Some(from), Some(to)) => {
                readers.iter().for_each(|reach| self.schemas.root(Writing::Json, from, to, reach));
            }
            (None, None) => {}
            (from, _) => {
                let (action, effect) =
                    if from.is_some() { (Action::Removed, Effect::Widened) } else { (Action::Added, Effect::Narrowed) };
                let change = Change::new(Kind::EventSchema, action, effect, &event.name);
                let change = change.places(origin(before), origin(after));
                self.schemas
                    .tell(Change { reaches: readers.iter().flat_map(|list| list.iter().cloned()).collect(), ..change });
            }
        }
    }
}
