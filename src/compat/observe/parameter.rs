//! Compares parameters and the headers of answers.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::change::{Action, Change, Effect, Kind, Reaching};
use super::extension;
use super::later::{Pair, Part};
use super::operation::{Requests, required_change};
use super::spread::spread;
use crate::model::{MediaType, Parameter, ParameterLocation, SchemaId, Text};

impl<'s> Requests<'_, 's> {
    pub(super) fn parameters(&mut self, [old, new]: Pair<'s, Parameter>, reach: &Reaching) {
        let holder = new.holder;
        let [old, new] = spread(self.schemas, [old.list, new.list]);
        let path = |parameters: &[Cow<'_, Parameter>]| -> Vec<Text> {
            let in_path = parameters.iter().filter(|parameter| parameter.location == ParameterLocation::Path);
            in_path.map(|parameter| parameter.name.clone()).collect()
        };
        let (old_path, new_path) = (path(&old), path(&new));
        let key = |location: ParameterLocation, name: &str| match location {
            ParameterLocation::Header => (location, name.to_ascii_lowercase()),
            _ => (location, name.to_owned()),
        };
        let mut index: FxHashMap<(ParameterLocation, String), usize> = FxHashMap::default();
        for (at, after) in new.iter().enumerate() {
            index.entry(key(after.location, &after.name)).or_insert(at);
        }
        // A path parameter is known by its position where its name is not there: its name is not sent.
        let partner = |before: &Cow<'_, Parameter>| {
            let is_path = before.location == ParameterLocation::Path;
            let name = match old_path.iter().position(|name| *name == before.name) {
                Some(at) if is_path && !new_path.contains(&before.name) => new_path.get(at).cloned(),
                _ => Some(before.name.clone()),
            };
            index.get(&key(before.location, &name?)).copied()
        };
        let partners: Vec<Option<usize>> = old.iter().map(partner).collect();
        let known: FxHashSet<usize> = partners.iter().flatten().copied().collect();
        for (before, at) in old.iter().zip(&partners) {
            match at {
                Some(at) => {
                    self.parameter(before, &new[*at], reach);
                    if let (Cow::Borrowed(before), Cow::Borrowed(after)) = (before, &new[*at])
                        && !before.content.is_empty()
                        && !after.content.is_empty()
                    {
                        self.content((before, after), reach);
                    }
                }
                None => {
                    let change = Change::new(Kind::Parameter, Action::Removed, Effect::Widened, &before.name)
                        .required(before.required)
                        .places(Some(&before.origin), Some(holder));
                    self.schemas.tell(change.reaching(reach));
                }
            }
        }
        for (at, after) in new.iter().enumerate() {
            if !known.contains(&at) {
                let required = after.required || after.location == ParameterLocation::Path;
                let effect = if required { Effect::Narrowed } else { Effect::Widened };
                let change = Change::new(Kind::Parameter, Action::Added, effect, &after.name)
                    .required(required)
                    .places(None, Some(&after.origin));
                self.schemas.tell(change.reaching(reach));
            }
        }
    }

    fn parameter(&mut self, old: &Parameter, new: &Parameter, reach: &Reaching) {
        let is_style = self.schemas.is_serialised_differently(old, new);
        let mut add = |change: Change| {
            self.schemas.tell(change.places(Some(&old.origin), Some(&new.origin)).reaching(reach));
        };
        if old.required != new.required && old.location != ParameterLocation::Path {
            let (action, effect) = required_change(new.required);
            add(Change::new(Kind::ParameterRequired, action, effect, &new.name));
        }
        if is_style {
            let text = |one: &Parameter| format!("style {}, explode {}", one.style, one.explode);
            let change = Change::new(Kind::ParameterStyle, Action::Changed, Effect::Disjoint, &new.name);
            add(change.values(text(old), text(new)));
        } else if old.allow_reserved != new.allow_reserved {
            let (action, effect) =
                if new.allow_reserved { (Action::Added, Effect::Widened) } else { (Action::Removed, Effect::Narrowed) };
            let change = Change::new(Kind::ParameterStyle, action, effect, &new.name);
            add(change.values(
                format!("allowReserved {}", old.allow_reserved),
                format!("allowReserved {}", new.allow_reserved),
            ));
        }
        if old.deprecated != new.deprecated {
            let action = Action::of(old.deprecated, new.deprecated);
            add(Change::new(Kind::Deprecation, action, Effect::None, &new.name));
        }
        extension::changes(&old.extensions, &new.extensions, Some(&new.name)).for_each(&mut add);
        match (&old.content[..], &new.content[..]) {
            ([], []) => self.schema(old.schema, new.schema, (old, new), reach),
            // It waits, for several may share it.
            ([_, ..], [_, ..]) => {}
            _ if self.schemas.content_like_schema(old, new, reach) => {}
            (before, after) => {
                let text =
                    |content: &[MediaType]| content.first().map_or("a schema".to_owned(), |media| media.name.clone());
                let change = Change::new(Kind::ParameterStyle, Action::Changed, Effect::Disjoint, &new.name);
                let change = change.values(text(before), text(after)).places(Some(&old.origin), Some(&new.origin));
                self.schemas.tell(change.reaching(reach));
            }
        }
    }

    fn content(&mut self, (old, new): (&'s Parameter, &'s Parameter), reach: &Reaching) {
        let part = |one: &'s Parameter| Part { list: &one.content, holder: &one.origin };
        self.later.content.lists([part(old), part(new)], reach);
    }

    pub(super) fn headers(&mut self, [old, new]: Pair<'s, Parameter>, reach: &Reaching) {
        let key = |header: &Parameter| header.name.to_ascii_lowercase();
        let index = |list: &[Parameter]| -> FxHashMap<String, usize> {
            list.iter().enumerate().rev().map(|(at, header)| (key(header), at)).collect()
        };
        let (was, is) = (index(old.list), index(new.list));
        for before in old.list {
            let Some(after) = is.get(&key(before)).map(|at| &new.list[*at]) else {
                let change = Change::new(Kind::Header, Action::Removed, Effect::Narrowed, &before.name)
                    .required(before.required)
                    .places(Some(&before.origin), Some(new.holder));
                self.schemas.tell(change.reaching(reach));
                continue;
            };
            if before.required != after.required {
                let (action, effect) = required_change(after.required);
                let change = Change::new(Kind::HeaderRequired, action, effect, &after.name);
                self.schemas.tell(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
            }
            if self.schemas.is_serialised_differently(before, after) {
                let text = |one: &Parameter| format!("explode {}", one.explode);
                let change = Change::new(Kind::HeaderStyle, Action::Changed, Effect::Disjoint, &after.name);
                let change = change.values(text(before), text(after));
                self.schemas.tell(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
            }
            self.schema(before.schema, after.schema, (before, after), reach);
            self.content((before, after), reach);
        }
        for after in new.list.iter().filter(|after| !was.contains_key(&key(after))) {
            let change = Change::new(Kind::Header, Action::Added, Effect::Widened, &after.name);
            self.schemas.tell(change.places(Some(old.holder), Some(&after.origin)).reaching(reach));
        }
    }

    /// A missing schema allows any value, and has no node to compare: that one side has a schema and the other not is
    /// seen as a constraint that came or went.
    fn schema(
        &mut self,
        old: Option<SchemaId>,
        new: Option<SchemaId>,
        places: (&Parameter, &Parameter),
        reach: &Reaching,
    ) {
        let (action, effect) = match (old, new) {
            (None, None) => return,
            (Some(_), Some(_)) => {
                let change = self.schemas.parameter(places.0, places.1, reach);
                return change.into_iter().for_each(|change| self.schemas.tell(change));
            }
            (None, Some(_)) => (Action::Added, Effect::Narrowed),
            (Some(_), None) => (Action::Removed, Effect::Widened),
        };
        let change = Change::new(Kind::Schema, action, effect, "schema");
        self.schemas.tell(change.places(Some(&places.0.origin), Some(&places.1.origin)).reaching(reach));
    }
}
