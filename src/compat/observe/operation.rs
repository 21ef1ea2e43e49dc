//! Compares two operations: what each takes and gives.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::change::{Action, Change, Direction, Effect, Kind, Reach, Reaching};
use super::extension;
use super::later::{Later, Pair, Part};
use super::media;
use super::schema::Comparison;
use crate::model::{Link, Operation, RequestBody, Response, Text};

/// One operation's two directions, or those of several that are compared together.
#[derive(Clone)]
pub(super) struct Reaches {
    pub(super) request: Reaching,
    pub(super) response: Reaching,
}

impl Reaches {
    /// Of the direction of requests, which says the other.
    pub(super) fn of(request: Reaching) -> Reaches {
        let flipped = |reach: &Reach| Reach {
            direction: match reach.direction {
                Direction::Request => Direction::Response,
                _ => Direction::Request,
            },
            ..reach.clone()
        };
        let response = request.iter().map(flipped).collect();
        Reaches { request, response }
    }
}

/// Where changes of operations go, and what waits to be compared.
pub(super) struct Requests<'c, 's> {
    pub(super) schemas: &'c mut Comparison<'s>,
    pub(super) later: &'c mut Later<'s>,
}

impl<'s> Requests<'_, 's> {
    /// Compares what operations say themselves; their parts wait.
    pub(super) fn compare(&mut self, old: &'s Operation, new: &'s Operation, reaches: &Reaches) {
        let (was, is) = (&old.origin, &new.origin);
        let parameters = [Part { list: &old.parameters, holder: was }, Part { list: &new.parameters, holder: is }];
        self.later.parameters.lists(parameters, &reaches.request);
        self.body(old, new, &reaches.request);
        let responses = [Part { list: &old.responses, holder: was }, Part { list: &new.responses, holder: is }];
        self.later.responses.lists(responses, &reaches.response);
        self.lifecycle(old, new, &reaches.request);
    }

    /// Compares the parts that wait, from the larger to the smaller.
    pub(super) fn finish(&mut self) {
        for (pair, reach) in self.later.parameters.take(&mut self.later.merged) {
            self.parameters(pair, &reach);
        }
        for (pair, reach) in self.later.responses.take(&mut self.later.merged) {
            self.responses(pair, &reach);
        }
        for (pair, reach) in self.later.headers.take(&mut self.later.merged) {
            self.headers(pair, &reach);
        }
        for (pair, reach) in self.later.links.take(&mut self.later.merged) {
            self.links(pair, &reach);
        }
        for ([old, new], reach) in self.later.content.take(&mut self.later.merged) {
            media::compare(self.schemas, (old.list, old.holder), (new.list, new.holder), &reach);
        }
    }

    fn body(&mut self, old: &'s Operation, new: &'s Operation, reach: &Reaching) {
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
                let part = |body: &'s RequestBody| Part { list: &body.content, holder: &body.origin };
                self.later.content.lists([part(before), part(after)], reach);
            }
        }
    }

    /// Responses by code, then by range (`4XX`), then `default`: a code that was covered by a range is no new one.
    fn responses(&mut self, [old, new]: Pair<'s, Response>, reach: &Reaching) {
        let (was, is) = (by_status(old.list), by_status(new.list));
        let mut taken: FxHashSet<String> = FxHashSet::default();
        for before in old.list {
            taken.extend(covering(&is, &before.status).map(|after| after.status.to_ascii_lowercase()));
            let Some(after) = covering(&is, &before.status) else {
                let change = Change::new(Kind::Response, Action::Removed, Effect::Narrowed, &before.status);
                let change = change.places(Some(&before.origin), Some(new.holder)).reaching(reach);
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
        for after in new.list {
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

    /// What a response holds waits: a component may be the response of many codes.
    fn response(&mut self, before: &'s Response, after: &'s Response, reach: &Reaching) {
        let (was, is) = (&before.origin, &after.origin);
        let content = [Part { list: &before.content, holder: was }, Part { list: &after.content, holder: is }];
        self.later.content.lists(content, reach);
        let headers = [Part { list: &before.headers, holder: was }, Part { list: &after.headers, holder: is }];
        self.later.headers.lists(headers, reach);
        let links = [Part { list: &before.links, holder: was }, Part { list: &after.links, holder: is }];
        self.later.links.lists(links, reach);
    }

    fn links(&mut self, [old, new]: Pair<'s, Link>, reach: &Reaching) {
        let index = |list: &'s [Link]| -> FxHashMap<&'s str, usize> {
            list.iter().enumerate().rev().map(|(at, link)| (link.name.as_str(), at)).collect()
        };
        let (was, is) = (index(old.list), index(new.list));
        for link in old.list {
            let same = is.get(link.name.as_str()).map(|at| &new.list[*at]);
            let change = match same {
                None => Change::new(Kind::Link, Action::Removed, Effect::None, &link.name),
                Some(other) if other.operation != link.operation => {
                    Change::new(Kind::Link, Action::Changed, Effect::None, &link.name)
                        .values(or_none(&link.operation), or_none(&other.operation))
                }
                Some(_) => continue,
            };
            let origin = same.map_or(new.holder, |other| &other.origin);
            self.schemas.tell(change.places(Some(&link.origin), Some(origin)).reaching(reach));
        }
        for link in new.list.iter().filter(|link| !was.contains_key(link.name.as_str())) {
            let change = Change::new(Kind::Link, Action::Added, Effect::None, &link.name);
            self.schemas.tell(change.places(Some(old.holder), Some(&link.origin)).reaching(reach));
        }
    }

    fn lifecycle(&mut self, old: &Operation, new: &Operation, reach: &Reaching) {
        let mut add = |change: Change| {
            self.schemas.tell(change.places(Some(&old.origin), Some(&new.origin)).reaching(reach));
        };
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
            add(change.values(or_none(&old.sunset), or_none(&new.sunset)));
        }
        if old.stability != new.stability {
            let rank = |level: &Option<Text>| {
                const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];
                level.as_ref().map_or(Some(3), |level| LEVELS.iter().position(|known| level == known))
            };
            let less = rank(&old.stability) > rank(&new.stability);
            let effect = if less { Effect::Narrowed } else { Effect::None };
            let change = Change::new(Kind::Stability, Action::Changed, effect, super::api::name(new));
            add(change.values(or_none(&old.stability), or_none(&new.stability)));
        }
        if old.named && old.id != new.id {
            let now = if new.named { new.id.as_str() } else { "none" };
            let change = Change::new(Kind::OperationId, Action::Changed, Effect::None, super::api::name(new));
            add(change.values(old.id.as_str(), now));
        }
        extension::changes(&old.extensions, &new.extensions, None).for_each(&mut add);
        if old.tags != new.tags {
            let text = |tags: &[Text]| {
                let tags: Vec<&str> = tags.iter().map(Text::as_str).collect();
                if tags.is_empty() { "none".to_owned() } else { tags.join(", ") }
            };
            let change = Change::new(Kind::Tag, Action::Changed, Effect::None, super::api::name(new));
            add(change.values(text(&old.tags), text(&new.tags)));
        }
    }
}

fn or_none(text: &Option<Text>) -> &str {
    text.as_ref().map_or("none", Text::as_str)
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
