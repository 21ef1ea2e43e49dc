//! Compares events: which there are, in which versions, on which topic, with which payload.

use super::super::change::{Action, Change, Direction, Effect, Kind, Reach};
use super::schema::Comparison;
use crate::model::{Event, EventDefinition, Origin, Platform};

pub(super) fn observe(old: &Platform, new: &Platform, schemas: &mut Comparison<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let defined = |event: &&Event| !event.definitions.is_empty();
    for before in old.events.iter().filter(defined) {
        let reach = reach(before);
        match new.event(&before.name).filter(defined) {
            Some(after) => definitions(before, after, &reach, schemas, &mut changes),
            None => {
                let origin = before.definitions.first().and_then(origin);
                let change = Change::new(Kind::Event, Action::Removed, Effect::Narrowed, &before.name);
                changes.push(change.places(origin, None).reaching(&reach));
            }
        }
    }
    for after in new.events.iter().filter(defined) {
        if old.event(&after.name).filter(defined).is_none() {
            let origin = after.definitions.first().and_then(origin);
            let change = Change::new(Kind::Event, Action::Added, Effect::Widened, &after.name);
            changes.push(change.places(None, origin).reaching(&reach(after)));
        }
    }
    changes
}

fn reach(event: &Event) -> Reach {
    Reach {
        service: event.publishers.first().cloned().unwrap_or_default(),
        subject: event.name.clone(),
        key: event.name.clone(),
        direction: Direction::Event,
    }
}

fn origin(definition: &EventDefinition) -> Option<&Origin> {
    definition.contract.as_ref().or(definition.spec.as_ref())
}

fn definitions(old: &Event, new: &Event, reach: &Reach, schemas: &mut Comparison<'_>, changes: &mut Vec<Change>) {
    for before in &old.definitions {
        let Some(after) = new.definitions.iter().find(|after| after.version == before.version) else {
            let version = before.version.as_deref().unwrap_or("no version");
            let now = new.definitions.first();
            let versions: Vec<_> = new.definitions.iter().filter_map(|one| one.version.as_deref()).collect();
            let change = Change::new(Kind::EventVersion, Action::Removed, Effect::Narrowed, &old.name)
                .values(version, versions.join(", "))
                .places(origin(before), now.and_then(origin));
            changes.push(change.reaching(reach));
            continue;
        };
        if let (Some(from), Some(to)) = (&before.topic, &after.topic)
            && from != to
        {
            let change = Change::new(Kind::EventTopic, Action::Changed, Effect::Disjoint, &old.name);
            let change = change.values(from, to).places(origin(before), origin(after));
            changes.push(change.reaching(reach));
        }
        match (before.schema, after.schema) {
            (Some(from), Some(to)) => schemas.root(from, to, reach),
            (None, None) => {}
            (from, _) => {
                let (action, effect) =
                    if from.is_some() { (Action::Removed, Effect::Widened) } else { (Action::Added, Effect::Narrowed) };
                let change = Change::new(Kind::Schema, action, effect, "schema");
                changes.push(change.places(origin(before), origin(after)).reaching(reach));
            }
        }
    }
    for after in &new.definitions {
        if old.definitions.iter().all(|before| before.version != after.version) {
            let version = after.version.as_deref().unwrap_or("no version");
            let change = Change::new(Kind::EventVersion, Action::Added, Effect::Widened, &new.name);
            let change = change.values("none", version).places(None, origin(after));
            changes.push(change.reaching(reach));
        }
    }
}
