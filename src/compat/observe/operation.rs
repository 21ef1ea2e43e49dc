//! Compares two operations: what each takes and gives.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::change::{Action, Change, Effect, Kind, Reach};
use super::media;
use super::schema::Comparison;
use crate::model::{Link, MediaType, Operation, Parameter, ParameterLocation, RequestBody, Response, SchemaId};

/// One operation's two directions.
pub(super) struct Reaches {
    pub(super) request: Reach,
    pub(super) response: Reach,
}

/// Where changes of an operation go.
pub(super) struct Requests<'c, 's> {
    pub(super) schemas: &'c mut Comparison<'s>,
    pub(super) reaches: &'c Reaches,
}

impl Requests<'_, '_> {
    pub(super) fn compare(mut self, old: &Operation, new: &Operation) {
        let reaches = self.reaches;
        self.parameters(&old.parameters, &new.parameters, new, &reaches.request);
        self.body(old, new, &reaches.request);
        self.responses(old, new, &reaches.response);
        self.lifecycle(old, new, &reaches.request);
    }

    fn parameters(&mut self, old: &[Parameter], new: &[Parameter], holder: &Operation, reach: &Reach) {
        let path = |parameters: &[Parameter]| -> Vec<String> {
            let in_path = parameters.iter().filter(|parameter| parameter.location == ParameterLocation::Path);
            in_path.map(|parameter| parameter.name.clone()).collect()
        };
        let (old_path, new_path) = (path(old), path(new));
        let key = |location: ParameterLocation, name: &str| match location {
            ParameterLocation::Header => (location, name.to_ascii_lowercase()),
            _ => (location, name.to_owned()),
        };
        let mut index: FxHashMap<(ParameterLocation, String), usize> = FxHashMap::default();
        for (at, after) in new.iter().enumerate() {
            index.entry(key(after.location, &after.name)).or_insert(at);
        }
        // A path parameter is known by its position where its name is not there: its name is not sent.
        let partner = |before: &Parameter| {
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
                Some(at) => self.parameter(before, &new[*at], reach),
                None => {
                    let change = Change::new(Kind::Parameter, Action::Removed, Effect::Widened, &before.name)
                        .required(before.required)
                        .places(Some(&before.origin), Some(&holder.origin));
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

    fn parameter(&mut self, old: &Parameter, new: &Parameter, reach: &Reach) {
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
        match (&old.content[..], &new.content[..]) {
            ([], []) => self.schema(old.schema, new.schema, (old, new), reach),
            (before @ [_, ..], after @ [_, ..]) => {
                media::compare(self.schemas, (before, &old.origin), (after, &new.origin), reach)
            }
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

    fn body(&mut self, old: &Operation, new: &Operation, reach: &Reach) {
        let change = |action, effect, required, before: Option<&RequestBody>, after: Option<&RequestBody>| {
            let new_origin = after.map_or(&new.origin, |body| &body.origin);
            Change::new(Kind::RequestBody, action, effect, "request body")
                .required(required)
                .places(before.map(|body| &body.origin), Some(new_origin))
                .reaching(reach)
        };
        match (&old.request_body, &new.request_body) {
            (None, None) => {}
            (None, Some(body)) => {
                let effect = if body.required { Effect::Narrowed } else { Effect::Widened };
                self.schemas.tell(change(Action::Added, effect, body.required, None, Some(body)));
            }
            (Some(body), None) => {
                self.schemas.tell(change(Action::Removed, Effect::Narrowed, body.required, Some(body), None));
            }
            (Some(before), Some(after)) => {
                if before.required != after.required {
                    let (action, effect) = required_change(after.required);
                    let change = Change::new(Kind::RequestBodyRequired, action, effect, "request body");
                    self.schemas.tell(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
                }
                let (old, new) = ((&before.content[..], &before.origin), (&after.content[..], &after.origin));
                media::compare(self.schemas, old, new, reach);
            }
        }
    }

    /// Responses by code, then by range (`4XX`), then `default`: a code that was covered by a range is no new one.
    fn responses(&mut self, old: &Operation, new: &Operation, reach: &Reach) {
        let (was, is) = (by_status(&old.responses), by_status(&new.responses));
        let mut taken: FxHashSet<String> = FxHashSet::default();
        for before in &old.responses {
            taken.extend(covering(&is, &before.status).map(|after| after.status.to_ascii_lowercase()));
            let Some(after) = covering(&is, &before.status) else {
                let change = Change::new(Kind::Response, Action::Removed, Effect::Narrowed, &before.status);
                let change = change.places(Some(&before.origin), Some(&new.origin)).reaching(reach);
                self.schemas.tell(change);
                continue;
            };
            if after.status.eq_ignore_ascii_case(&before.status) {
                self.response(before, after, reach);
            } else {
                let change = Change::new(Kind::Response, Action::Changed, Effect::Widened, &before.status);
                let change = change.values(&before.status, &after.status);
                self.schemas.tell(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
                self.response(before, after, reach);
            }
        }
        for after in &new.responses {
            let status = after.status.to_ascii_lowercase();
            if was.contains_key(&status) || taken.contains(&status) {
                continue;
            }
            // What a range or `default` promised for this code is promised more exactly now.
            if let Some(before) = covering(&was, &after.status) {
                self.response(before, after, reach);
            }
            let change = Change::new(Kind::Response, Action::Added, Effect::Widened, &after.status);
            self.schemas.tell(change.places(None, Some(&after.origin)).reaching(reach));
        }
    }

    fn response(&mut self, before: &Response, after: &Response, reach: &Reach) {
        let (old, new) = ((&before.content[..], &before.origin), (&after.content[..], &after.origin));
        media::compare(self.schemas, old, new, reach);
        self.headers(before, after, reach);
        let index = |list: &'_ [Link]| -> FxHashMap<String, usize> {
            list.iter().enumerate().rev().map(|(at, link)| (link.name.clone(), at)).collect()
        };
        let (was, is) = (index(&before.links), index(&after.links));
        for link in &before.links {
            let same = is.get(&link.name).map(|at| &after.links[*at]);
            let change = match same {
                None => Change::new(Kind::Link, Action::Removed, Effect::None, &link.name),
                Some(other) if other.operation != link.operation => {
                    let text = |operation: &Option<String>| operation.clone().unwrap_or_else(|| "none".to_owned());
                    Change::new(Kind::Link, Action::Changed, Effect::None, &link.name)
                        .values(text(&link.operation), text(&other.operation))
                }
                Some(_) => continue,
            };
            let origin = same.map_or(&after.origin, |other| &other.origin);
            self.schemas.tell(change.places(Some(&link.origin), Some(origin)).reaching(reach));
        }
        for link in after.links.iter().filter(|link| !was.contains_key(&link.name)) {
            let change = Change::new(Kind::Link, Action::Added, Effect::None, &link.name);
            self.schemas.tell(change.places(Some(&before.origin), Some(&link.origin)).reaching(reach));
        }
    }

    fn headers(&mut self, old: &Response, new: &Response, reach: &Reach) {
        let key = |header: &Parameter| header.name.to_ascii_lowercase();
        let index = |list: &[Parameter]| -> FxHashMap<String, usize> {
            list.iter().enumerate().rev().map(|(at, header)| (key(header), at)).collect()
        };
        let (was, is) = (index(&old.headers), index(&new.headers));
        for before in &old.headers {
            let Some(after) = is.get(&key(before)).map(|at| &new.headers[*at]) else {
                let change = Change::new(Kind::Header, Action::Removed, Effect::Narrowed, &before.name)
                    .required(before.required)
                    .places(Some(&before.origin), Some(&new.origin));
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
            let (old, new) = ((&before.content[..], &before.origin), (&after.content[..], &after.origin));
            media::compare(self.schemas, old, new, reach);
        }
        for after in new.headers.iter().filter(|after| !was.contains_key(&key(after))) {
            let change = Change::new(Kind::Header, Action::Added, Effect::Widened, &after.name);
            self.schemas.tell(change.places(Some(&old.origin), Some(&after.origin)).reaching(reach));
        }
    }

    /// A missing schema allows any value, and has no node to compare: that one side has a schema and the other not is
    /// seen as a constraint that came or went.
    fn schema(
        &mut self,
        old: Option<SchemaId>,
        new: Option<SchemaId>,
        places: (&Parameter, &Parameter),
        reach: &Reach,
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

    fn lifecycle(&mut self, old: &Operation, new: &Operation, reach: &Reach) {
        let mut add = |change: Change| {
            self.schemas.tell(change.places(Some(&old.origin), Some(&new.origin)).reaching(reach));
        };
        let none = || "none".to_owned();
        if old.deprecated != new.deprecated {
            let action = Action::of(old.deprecated, new.deprecated);
            add(Change::new(Kind::Deprecation, action, Effect::None, super::api::name(new)));
        }
        if old.sunset != new.sunset {
            let action = Action::of(old.sunset.is_some(), new.sunset.is_some());
            // Days are written so that the earlier one sorts first (RFC 3339).
            let sooner = old.sunset.is_some() && new.sunset.is_some() && new.sunset < old.sunset;
            let effect = if sooner { Effect::Narrowed } else { Effect::None };
            let change = Change::new(Kind::Sunset, action, effect, super::api::name(new));
            add(change.values(old.sunset.clone().unwrap_or_else(none), new.sunset.clone().unwrap_or_else(none)));
        }
        if old.stability != new.stability {
            let rank = |level: &Option<String>| {
                const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];
                level.as_ref().map_or(Some(3), |level| LEVELS.iter().position(|known| known == level))
            };
            let less = rank(&old.stability) > rank(&new.stability);
            let effect = if less { Effect::Narrowed } else { Effect::None };
            let change = Change::new(Kind::Stability, Action::Changed, effect, super::api::name(new));
            add(change.values(old.stability.clone().unwrap_or_else(none), new.stability.clone().unwrap_or_else(none)));
        }
        if old.named && old.id != new.id {
            let now = if new.named { new.id.clone() } else { none() };
            let change = Change::new(Kind::OperationId, Action::Changed, Effect::None, super::api::name(new));
            add(change.values(old.id.clone(), now));
        }
        if old.tags != new.tags {
            let text = |tags: &[String]| if tags.is_empty() { none() } else { tags.join(", ") };
            let change = Change::new(Kind::Tag, Action::Changed, Effect::None, super::api::name(new));
            add(change.values(text(&old.tags), text(&new.tags)));
        }
    }
}

/// The responses by code in lower case, the first of each.
fn by_status(responses: &[Response]) -> FxHashMap<String, &Response> {
    responses.iter().rev().map(|response| (response.status.to_ascii_lowercase(), response)).collect()
}

/// The response for a code: its own, that of its range, or `default`; for a range or `default` only the same.
fn covering<'r>(responses: &FxHashMap<String, &'r Response>, status: &str) -> Option<&'r Response> {
    let find = |wanted: &str| responses.get(&wanted.to_ascii_lowercase()).copied();
    let is_code = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
    find(status).or_else(|| {
        let range = status.get(..1).filter(|_| is_code).map(|first| format!("{first}XX"));
        range.and_then(|range| find(&range))
    })
}

pub(super) fn required_change(now: bool) -> (Action, Effect) {
    if now { (Action::Added, Effect::Narrowed) } else { (Action::Removed, Effect::Widened) }
}
