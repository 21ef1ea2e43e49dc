//! Compares HTTP contracts: operations by method and path, and what each takes and gives.

use super::super::change::{Action, Change, Direction, Effect, Kind, Reach};
use super::schema::Comparison;
use crate::model::{
    Api, MediaType, Operation, Parameter, ParameterLocation, Platform, RequestBody, Response, SchemaId, Service,
};

pub(super) fn observe(old: &Platform, new: &Platform, schemas: &mut Comparison<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for service in &old.services {
        let Some(before) = &service.api else { continue };
        let after = new.service(&service.name).and_then(|service| service.api.as_ref());
        Apis { service, schemas, changes: &mut changes }.compare(before, after);
    }
    changes
}

/// The path with the base path before it and its parameters without names: what a client's request looks like.
fn shape(api: &Api, operation: &Operation) -> String {
    let path = format!("{}{}", api.base_path, operation.path);
    let mut shape = String::with_capacity(path.len());
    let mut depth = 0usize;
    for character in path.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => {
                depth -= 1;
                shape.push_str("{}");
            }
            _ if depth == 0 => shape.push(character),
            _ => {}
        }
    }
    shape
}

struct Apis<'c, 's> {
    service: &'c Service,
    schemas: &'c mut Comparison<'s>,
    changes: &'c mut Vec<Change>,
}

/// One operation's two directions.
struct Reaches {
    request: Reach,
    response: Reach,
}

impl Apis<'_, '_> {
    fn compare(mut self, old: &Api, new: Option<&Api>) {
        let Some(new) = new else {
            for operation in &old.operations {
                let reaches = self.reaches(operation);
                let change = Change::new(Kind::Operation, Action::Removed, Effect::Narrowed, name(operation));
                self.changes.push(change.places(Some(&operation.origin), None).reaching(&reaches.request));
            }
            return;
        };
        for before in &old.operations {
            let same = |after: &&Operation| after.method == before.method && shape(new, after) == shape(old, before);
            let reaches = self.reaches(before);
            match new.operations.iter().find(same) {
                Some(after) => self.operation(before, after, &reaches),
                None => {
                    let change = Change::new(Kind::Operation, Action::Removed, Effect::Narrowed, name(before));
                    let change = change.places(Some(&before.origin), Some(&new.origin)).reaching(&reaches.request);
                    self.changes.push(change);
                }
            }
        }
        for after in &new.operations {
            let same = |before: &Operation| before.method == after.method && shape(old, before) == shape(new, after);
            if !old.operations.iter().any(same) {
                let reaches = self.reaches(after);
                let change = Change::new(Kind::Operation, Action::Added, Effect::Widened, name(after));
                self.changes.push(change.places(None, Some(&after.origin)).reaching(&reaches.request));
            }
        }
    }

    fn reaches(&self, operation: &Operation) -> Reaches {
        let reach = |direction| Reach {
            service: self.service.name.clone(),
            subject: name(operation),
            key: operation.id.clone(),
            direction,
        };
        Reaches { request: reach(Direction::Request), response: reach(Direction::Response) }
    }

    fn operation(&mut self, old: &Operation, new: &Operation, reaches: &Reaches) {
        self.parameters(&old.parameters, &new.parameters, new, &reaches.request);
        self.body(old, new, &reaches.request);
        self.responses(old, new, &reaches.response);
        self.security(old, new, &reaches.request);
    }

    fn parameters(&mut self, old: &[Parameter], new: &[Parameter], holder: &Operation, reach: &Reach) {
        let path = |parameters: &[Parameter]| -> Vec<String> {
            let in_path = parameters.iter().filter(|parameter| parameter.location == ParameterLocation::Path);
            in_path.map(|parameter| parameter.name.clone()).collect()
        };
        let (old_path, new_path) = (path(old), path(new));
        // A path parameter is known by its position: its name is not sent.
        let partner = |before: &Parameter| {
            let name = match old_path.iter().position(|name| *name == before.name) {
                Some(at) if before.location == ParameterLocation::Path => new_path.get(at).cloned(),
                _ => Some(before.name.clone()),
            };
            new.iter().position(|after| after.location == before.location && Some(&after.name) == name.as_ref())
        };
        let partners: Vec<Option<usize>> = old.iter().map(partner).collect();
        for (before, at) in old.iter().zip(&partners) {
            match at {
                Some(at) => self.parameter(before, &new[*at], reach),
                None => {
                    let change = Change::new(Kind::Parameter, Action::Removed, Effect::Widened, &before.name)
                        .required(before.required)
                        .places(Some(&before.origin), Some(&holder.origin));
                    self.changes.push(change.reaching(reach));
                }
            }
        }
        for (at, after) in new.iter().enumerate() {
            if !partners.contains(&Some(at)) {
                let effect = if after.required { Effect::Narrowed } else { Effect::Widened };
                let change = Change::new(Kind::Parameter, Action::Added, effect, &after.name)
                    .required(after.required)
                    .places(None, Some(&after.origin));
                self.changes.push(change.reaching(reach));
            }
        }
    }

    fn parameter(&mut self, old: &Parameter, new: &Parameter, reach: &Reach) {
        if old.required != new.required {
            let (action, effect) = required_change(new.required);
            let change = Change::new(Kind::ParameterRequired, action, effect, &new.name);
            self.changes.push(change.places(Some(&old.origin), Some(&new.origin)).reaching(reach));
        }
        if (&old.style, old.explode) != (&new.style, new.explode) {
            let text = |one: &Parameter| format!("style {}, explode {}", one.style, one.explode);
            let change = Change::new(Kind::ParameterStyle, Action::Changed, Effect::Disjoint, &new.name);
            let change = change.values(text(old), text(new)).places(Some(&old.origin), Some(&new.origin));
            self.changes.push(change.reaching(reach));
        }
        self.schema(old.schema, new.schema, reach);
        self.media(&old.content, &new.content, reach);
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
                self.changes.push(change(Action::Added, effect, body.required, None, Some(body)));
            }
            (Some(body), None) => {
                self.changes.push(change(Action::Removed, Effect::Narrowed, body.required, Some(body), None));
            }
            (Some(before), Some(after)) => {
                if before.required != after.required {
                    let (action, effect) = required_change(after.required);
                    let change = Change::new(Kind::RequestBodyRequired, action, effect, "request body");
                    self.changes.push(change.places(Some(&before.origin), Some(&after.origin)).reaching(reach));
                }
                self.media(&before.content, &after.content, reach);
            }
        }
    }

    fn responses(&mut self, old: &Operation, new: &Operation, reach: &Reach) {
        for before in &old.responses {
            let Some(after) = new.responses.iter().find(|after| after.status == before.status) else {
                let change = Change::new(Kind::Response, Action::Removed, Effect::Narrowed, &before.status);
                let change = change.places(Some(&before.origin), Some(&new.origin)).reaching(reach);
                self.changes.push(change);
                continue;
            };
            self.media(&before.content, &after.content, reach);
            self.headers(before, after, reach);
        }
        for after in &new.responses {
            if !old.responses.iter().any(|before| before.status == after.status) {
                let change = Change::new(Kind::Response, Action::Added, Effect::Widened, &after.status);
                self.changes.push(change.places(None, Some(&after.origin)).reaching(reach));
            }
        }
    }

    fn headers(&mut self, old: &Response, new: &Response, reach: &Reach) {
        for before in &old.headers {
            let same = |after: &&Parameter| after.name.eq_ignore_ascii_case(&before.name);
            match new.headers.iter().find(same) {
                Some(after) => self.schema(before.schema, after.schema, reach),
                None => {
                    let change = Change::new(Kind::Header, Action::Removed, Effect::Narrowed, &before.name)
                        .required(before.required)
                        .places(Some(&before.origin), Some(&new.origin));
                    self.changes.push(change.reaching(reach));
                }
            }
        }
    }

    fn media(&mut self, old: &[MediaType], new: &[MediaType], reach: &Reach) {
        for before in old {
            match new.iter().find(|after| after.name.eq_ignore_ascii_case(&before.name)) {
                Some(after) => self.schema(before.schema, after.schema, reach),
                None => {
                    let change = Change::new(Kind::MediaType, Action::Removed, Effect::Narrowed, &before.name);
                    let holder = new.first().map(|media| &media.origin);
                    self.changes.push(change.places(Some(&before.origin), holder).reaching(reach));
                }
            }
        }
        for after in new {
            if !old.iter().any(|before| before.name.eq_ignore_ascii_case(&after.name)) {
                let change = Change::new(Kind::MediaType, Action::Added, Effect::Widened, &after.name);
                self.changes.push(change.places(None, Some(&after.origin)).reaching(reach));
            }
        }
    }

    /// A missing schema allows any value, and has no node to compare: that one side has a schema and the other not is
    /// seen as a constraint that came or went.
    fn schema(&mut self, old: Option<SchemaId>, new: Option<SchemaId>, reach: &Reach) {
        let (action, effect) = match (old, new) {
            (None, None) => return,
            (Some(old), Some(new)) => return self.schemas.root(old, new, reach),
            (None, Some(_)) => (Action::Added, Effect::Narrowed),
            (Some(_), None) => (Action::Removed, Effect::Widened),
        };
        self.changes.push(Change::new(Kind::Composition, action, effect, "schema").reaching(reach));
    }

    fn security(&mut self, old: &Operation, new: &Operation, reach: &Reach) {
        let alternatives = |operation: &Operation| -> Vec<String> {
            let one = |all: &Vec<crate::model::SecurityRequirement>| {
                let mut names: Vec<String> =
                    all.iter().map(|one| format!("{}({})", one.scheme, one.scopes.join(" "))).collect();
                names.sort();
                names.join(" and ")
            };
            let mut list: Vec<String> = operation.security.iter().map(one).collect();
            list.sort();
            if list.is_empty() { vec![String::new()] } else { list }
        };
        let (before, after) = (alternatives(old), alternatives(new));
        let keeps =
            |some: &[String], all: &[String]| all.contains(&String::new()) || some.iter().all(|s| all.contains(s));
        let effect = Effect::of(keeps(&before, &after), keeps(&after, &before));
        if effect != Effect::None {
            let text = |list: &[String]| {
                list.iter().map(|one| if one.is_empty() { "none" } else { one }).collect::<Vec<_>>().join(" or ")
            };
            let change = Change::new(Kind::Security, Action::Changed, effect, "security");
            let change = change.values(text(&before), text(&after)).places(Some(&old.origin), Some(&new.origin));
            self.changes.push(change.reaching(reach));
        }
    }
}

fn required_change(now: bool) -> (Action, Effect) {
    if now { (Action::Added, Effect::Narrowed) } else { (Action::Removed, Effect::Widened) }
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method.key().to_ascii_uppercase(), operation.path)
}
