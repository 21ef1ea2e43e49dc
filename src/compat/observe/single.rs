//! What one pair of schemas says by itself: types, values, bounds, lengths, patterns and formats.

use super::super::change::{Action, Change, Containment, Effect, Kind};
use super::super::relation::{Decision, Flat, are_apart, failures, is_within};
use super::describe::{describe, type_names, values_text};
use super::node::Look;
use crate::model::{JsonType, Types};

impl Look<'_, '_> {
    /// Types, then values, then everything else that needs no other schemas; the first that differs tells it all.
    pub(super) fn local(&mut self, before: &Flat<'_>, after: &Flat<'_>) {
        let (old, new) = (self.types(self.place.old.0), self.types(self.place.new.0));
        if let Some(effect) = self.type_change(before, after)
            && (effect == Effect::Disjoint
                || before.local.values.is_none() && after.local.values.is_none() && old.0 & new.0 & 28 == 0)
        {
            return;
        }
        if before.local.values.is_some() || after.local.values.is_some() {
            self.values(before, after);
            return;
        }
        let pick = |list: Vec<(&'static str, Decision)>| -> Vec<(&'static str, Decision)> {
            list.into_iter().filter(|(name, _)| !matches!(*name, "type" | "enum")).collect()
        };
        let narrowed = pick(failures(&before.local, &after.local));
        let widened = pick(failures(&after.local, &before.local));
        if narrowed.is_empty() && widened.is_empty() {
            return;
        }
        let mut names: Vec<&str> = narrowed.iter().chain(&widened).map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        let worst = |list: &[(&str, Decision)]| list.iter().map(|(_, one)| *one).min().unwrap_or(Decision::Yes);
        let containment = Containment { old_in_new: worst(&narrowed), new_in_old: worst(&widened) };
        let text =
            |flat: &Flat<'_>| names.iter().map(|name| describe(&flat.local, name)).collect::<Vec<_>>().join(", ");
        let (from, to) = (text(before), text(after));
        let action = Action::of(from.split(", ").any(|one| one != "none"), to.split(", ").any(|one| one != "none"));
        let change =
            Change::new(Kind::Constraint, action, Effect::None, format!("{} of {}", names.join(", "), self.subject()));
        self.add(change.contained(containment).values(from, to));
    }

    /// Tells that other types are possible. What is sent as text is of any type that the text can be read as, so there the
    /// answer is that of the whole, unless values are listed.
    pub(super) fn type_change(&mut self, before: &Flat<'_>, after: &Flat<'_>) -> Option<Effect> {
        let (old, new) = (self.types(self.place.old.0), self.types(self.place.new.0));
        if old == new {
            return None;
        }
        let effect = match (old.is_subset(new), new.is_subset(old)) {
            (false, false) if old.intersection(new) == Types::NONE => Effect::Disjoint,
            (old_in_new, new_in_old) => Effect::of(old_in_new, new_in_old),
        };
        let mut change = Change::new(Kind::Type, Action::Changed, effect, self.subject());
        if self.view.is_text() && before.local.values.is_none() && after.local.values.is_none() {
            change = change.contained(self.whole());
        }
        self.add(change.values(type_names(old), type_names(new)));
        Some(effect)
    }

    fn values(&mut self, before: &Flat<'_>, after: &Flat<'_>) {
        let (old, new) = (&before.local.values, &after.local.values);
        let (action, effect) = match (old, new) {
            (None, _) => (Action::Added, Effect::Narrowed),
            (Some(_), None) => (Action::Removed, Effect::Widened),
            (Some(old), Some(new)) => {
                let contained = || Effect::of(is_within(old, new), is_within(new, old));
                (Action::Changed, if are_apart(old, new) { Effect::Disjoint } else { contained() })
            }
        };
        if effect != Effect::None {
            let change = Change::new(Kind::Values, action, effect, self.subject());
            self.add(change.values(values_text(old), values_text(new)));
        }
    }

    /// Whether what differs at a look differs in what it means.
    pub(super) fn surely_differs(&self, before: &Flat<'_>, after: &Flat<'_>) -> bool {
        const HOLDERS: u8 = JsonType::Object as u8 | JsonType::Array as u8;
        let is_plain = |flat: &Flat<'_>| {
            flat.is_plain()
                && flat.types().0 & HOLDERS != 0
                && flat.local.values.is_none()
                && flat.local.unsure.is_none()
        };
        !self.view.is_text() && is_plain(before) && is_plain(after)
    }

    /// A change of values that are written as text: what the whole holds is held, whatever it was read as before.
    pub(super) fn add_as_text(&mut self, change: Change) {
        let (own, whole) = (change.containment, self.whole());
        let softer = Containment {
            old_in_new: own.old_in_new.max(whole.old_in_new),
            new_in_old: own.new_in_old.max(whole.new_in_old),
        };
        self.add(if softer == own { change } else { change.contained(softer) });
    }
}
