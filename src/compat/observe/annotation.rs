//! What schemas say that is not about values: defaults, known values, deprecation, discriminators.

use std::collections::{BTreeMap, BTreeSet};

use super::super::change::{Action, Change, Effect, Kind};
use super::super::relation::{Flat, Mapping, Writing, is_within};
use super::describe::{differing, first};
use super::node::Look;
use crate::model::Text;

impl Look<'_, '_> {
    /// What is not about values: defaults, deprecation, discriminators.
    pub(super) fn annotations(&mut self, before: &Flat<'_>, after: &Flat<'_>) {
        let (old, new) = (&before.local, &after.local);
        if old.default != new.default {
            let text = |value: &Option<String>| value.clone().unwrap_or("none".to_owned());
            let action = Action::of(old.default.is_some(), new.default.is_some());
            let kind = if self.view.writing == Writing::Parameter { Kind::ParameterDefault } else { Kind::Default };
            let change = Change::new(kind, action, Effect::None, self.subject());
            self.add(change.values(text(&old.default), text(&new.default)));
        }
        if old.known_values != new.known_values {
            let kept = is_within(&old.known_values, &new.known_values);
            let effect = if kept || new.known_values.is_empty() { Effect::None } else { Effect::Narrowed };
            let action = Action::of(!old.known_values.is_empty(), !new.known_values.is_empty());
            let change = Change::new(Kind::KnownValues, action, effect, self.subject());
            let (from, to) = differing(&old.known_values, &new.known_values);
            self.add(change.values(from, to));
        }
        if old.deprecated != new.deprecated {
            let action = Action::of(old.deprecated, new.deprecated);
            self.add(Change::new(Kind::Deprecation, action, Effect::None, self.subject()));
        }
        for (value, now) in self.remapped(before, after) {
            let change = Change::new(Kind::Discriminator, Action::Changed, Effect::None, self.subject());
            self.add(change.values(value, now));
        }
        if old.discriminators != new.discriminators {
            let action = match () {
                () if only_gained(&old.discriminators, &new.discriminators) => Action::Added,
                () if only_gained(&new.discriminators, &old.discriminators) => Action::Removed,
                () => Action::Changed,
            };
            let change = Change::new(Kind::Discriminator, action, Effect::None, self.subject());
            self.add(change.values(told(&old.discriminators), told(&new.discriminators)));
        }
    }

    /// Values of a discriminator that name another schema now, as they were and as they are.
    fn remapped(&mut self, before: &Flat<'_>, after: &Flat<'_>) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (value, old) in &before.mapping {
            let Some(new) = after.mapping.get(value) else { continue };
            let (was, is) = (&self.schemas.0.get(*old).name, &self.schemas.1.get(*new).name);
            let pair = self.relation.pair_of_schemas(*old, *new);
            if was != is && !self.relation.is_same(pair) {
                let text = |name: &Option<Text>| {
                    format!("{value} for {}", name.as_deref().unwrap_or("a schema without a name"))
                };
                found.push((text(was), text(is)));
            }
        }
        found
    }
}

/// Discriminators by their properties.
type Discriminators = BTreeMap<String, Mapping>;

/// Whether the properties are the same, and each has all the values that it had.
fn only_gained(old: &Discriminators, new: &Discriminators) -> bool {
    let kept = |(before, after): (&Mapping, &Mapping)| {
        let after: BTreeSet<&str> = after.values().collect();
        before.values().all(|value| after.contains(value))
    };
    old.keys().eq(new.keys()) && old.values().zip(new.values()).all(kept)
}

fn told(list: &Discriminators) -> String {
    let one = |(name, mapping): (&String, &Mapping)| {
        let values = first(mapping.values().map(str::to_owned));
        if values.is_empty() { name.clone() } else { format!("{name} ({values})") }
    };
    if list.is_empty() { "none".to_owned() } else { list.iter().map(one).collect::<Vec<_>>().join(", ") }
}
