//! Compares HTTP contracts: operations by method and path, webhooks by name, and what belongs to the contract as a whole.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::change::{Action, Change, Direction, Effect, Kind, Reach};
use super::operation::{Reaches, Requests};
use super::schema::Comparison;
use super::security;
use crate::model::{Api, Callback, Method, Operation, Platform};

pub(super) fn observe(old: &Platform, new: &Platform, schemas: &mut Comparison<'_>) {
    for service in &old.services {
        let Some(before) = &service.api else { continue };
        let after = new.service(&service.name).and_then(|service| service.api.as_ref());
        Apis { service: &service.name, schemas }.compare(before, after);
    }
    for service in &new.services {
        let is_new = old.service(&service.name).is_none_or(|known| known.api.is_none());
        if let Some(after) = service.api.as_ref().filter(|_| is_new) {
            let mut apis = Apis { service: &service.name, schemas };
            for operation in &after.operations {
                apis.operation_added(operation);
            }
        }
    }
}

/// The path with its parameters without names: what a client's request looks like.
fn shape(path: &str) -> String {
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
    let trimmed = shape.trim_end_matches('/');
    if trimmed.is_empty() { shape } else { trimmed.to_owned() }
}

fn is_same_callback(one: &Callback, other: &Callback) -> bool {
    one.name == other.name && shape(&one.operation.path) == shape(&other.operation.path)
}

/// What an operation's callback reaches: who answered is asked, and who asked answers.
fn turned(reaches: &Reaches, callback: &Operation, subject: &str) -> Reaches {
    let reach = |from: &Reach| Reach { subject: subject.to_owned(), key: callback.id.clone(), ..from.clone() };
    Reaches { request: reach(&reaches.response), response: reach(&reaches.request) }
}

struct Apis<'c, 's> {
    service: &'c str,
    schemas: &'c mut Comparison<'s>,
}

impl Apis<'_, '_> {
    fn compare(&mut self, old: &Api, new: Option<&Api>) {
        let Some(new) = new else {
            for operation in &old.operations {
                self.operation_removed(operation, None);
            }
            return;
        };
        let partners = self.partners(old, new);
        for (before, partner) in old.operations.iter().zip(&partners) {
            match partner {
                Some(at) => self.operation(before, &new.operations[*at], old, new),
                None => self.operation_removed(before, Some(new)),
            }
        }
        let known: FxHashSet<usize> = partners.iter().flatten().copied().collect();
        for (at, after) in new.operations.iter().enumerate() {
            if !known.contains(&at) {
                self.operation_added(after);
            }
        }
        self.webhooks(old, new);
        self.whole(old, new, &partners);
    }

    /// The operation of the new side for each of the old: with the base path before both where that finds one, so that a
    /// prefix that moves between server and path is no change; else by the path alone, where only the server changed.
    fn partners(&self, old: &Api, new: &Api) -> Vec<Option<usize>> {
        let mut found: Vec<Option<usize>> = vec![None; old.operations.len()];
        let full = |api: &Api, operation: &Operation| shape(&format!("{}{}", api.base_path, operation.path));
        let alone = |_: &Api, operation: &Operation| shape(&operation.path);
        type Key<'k> = &'k dyn Fn(&Api, &Operation) -> String;
        let moved = old.base_path != new.base_path;
        let keys: &[Key<'_>] = if moved { &[&full, &alone] } else { &[&alone] };
        for key in keys {
            let mut index: FxHashMap<(String, Method), usize> = FxHashMap::default();
            let taken: FxHashSet<usize> = found.iter().flatten().copied().collect();
            for (at, operation) in new.operations.iter().enumerate().rev() {
                if !taken.contains(&at) {
                    index.insert((key(new, operation), operation.method), at);
                }
            }
            for (slot, operation) in found.iter_mut().zip(&old.operations).filter(|(slot, _)| slot.is_none()) {
                *slot = index.remove(&(key(old, operation), operation.method));
            }
        }
        found
    }

    fn operation(&mut self, before: &Operation, after: &Operation, old: &Api, new: &Api) {
        let reaches = self.reaches(before);
        Requests { schemas: self.schemas, reaches: &reaches }.compare(before, after);
        if let Some(change) = security::compare((old, before), (new, after), &reaches.request) {
            self.schemas.tell(change);
        }
        self.callbacks(before, after, &reaches);
    }

    /// Callbacks run the other way than what holds them, and so do their own.
    fn callbacks(&mut self, before: &Operation, after: &Operation, reaches: &Reaches) {
        for callback in &before.callbacks {
            let own = &callback.operation;
            let same = |other: &&Callback| is_same_callback(callback, other) && other.operation.method == own.method;
            let subject = format!("callback {} of {}", callback.name, reaches.request.subject);
            let back = turned(reaches, own, &subject);
            match after.callbacks.iter().find(same) {
                Some(other) => {
                    let requests = Requests { schemas: self.schemas, reaches: &back };
                    requests.compare(own, &other.operation);
                    self.callbacks(own, &other.operation, &back);
                }
                None => {
                    let change = Change::new(Kind::Callback, Action::Removed, Effect::Narrowed, &callback.name);
                    let change = change.places(Some(&own.origin), Some(&after.origin)).reaching(&back.request);
                    self.schemas.tell(change);
                }
            }
        }
        for callback in &after.callbacks {
            if !before.callbacks.iter().any(|other| is_same_callback(other, callback)) {
                let change = Change::new(Kind::Callback, Action::Added, Effect::Widened, &callback.name);
                let change = change.places(Some(&before.origin), Some(&callback.operation.origin));
                self.schemas.tell(change.reaching(&reaches.response));
            }
        }
    }

    fn operation_removed(&mut self, operation: &Operation, new: Option<&Api>) {
        let reaches = self.reaches(operation);
        let mut change = Change::new(Kind::Operation, Action::Removed, Effect::Narrowed, name(operation));
        change.announced = operation.deprecated;
        let change = change.places(Some(&operation.origin), new.map(|api| &api.origin));
        self.schemas.tell(change.reaching(&reaches.request));
    }

    fn operation_added(&mut self, operation: &Operation) {
        let reaches = self.reaches(operation);
        let change = Change::new(Kind::Operation, Action::Added, Effect::Widened, name(operation));
        self.schemas.tell(change.places(None, Some(&operation.origin)).reaching(&reaches.request));
    }

    fn reaches(&self, operation: &Operation) -> Reaches {
        let reach = |direction| Reach {
            service: self.service.to_owned(),
            subject: name(operation),
            key: operation.id.clone(),
            direction,
        };
        Reaches { request: reach(Direction::Request), response: reach(Direction::Response) }
    }

    /// A request that the service sends: who consumes the service receives it, and answers.
    fn sent_back(&self, operation: &Operation, subject: &str) -> Reaches {
        let reach = |direction| Reach {
            service: self.service.to_owned(),
            subject: subject.to_owned(),
            key: operation.id.clone(),
            direction,
        };
        Reaches { request: reach(Direction::Response), response: reach(Direction::Request) }
    }

    fn webhooks(&mut self, old: &Api, new: &Api) {
        let key = |operation: &Operation| (operation.path.clone(), operation.method);
        let index = |list: &[Operation]| -> FxHashMap<_, usize> {
            list.iter().enumerate().rev().map(|(at, one)| (key(one), at)).collect()
        };
        let (known, there) = (index(&old.webhooks), index(&new.webhooks));
        let subject =
            |operation: &Operation| format!("webhook {} {}", operation.method.key().to_uppercase(), operation.path);
        for before in &old.webhooks {
            let reaches = self.sent_back(before, &subject(before));
            match there.get(&key(before)).map(|at| &new.webhooks[*at]) {
                Some(after) => {
                    let requests = Requests { schemas: self.schemas, reaches: &reaches };
                    requests.compare(before, after);
                    self.callbacks(before, after, &reaches);
                }
                None => {
                    let change = Change::new(Kind::Webhook, Action::Removed, Effect::Narrowed, &before.path);
                    let change = change.places(Some(&before.origin), Some(&new.origin)).reaching(&reaches.request);
                    self.schemas.tell(change);
                }
            }
        }
        for after in new.webhooks.iter().filter(|after| !known.contains_key(&key(after))) {
            let reaches = self.sent_back(after, &subject(after));
            let change = Change::new(Kind::Webhook, Action::Added, Effect::Widened, &after.path);
            self.schemas.tell(change.places(None, Some(&after.origin)).reaching(&reaches.request));
        }
    }

    /// What belongs to the contract as a whole; it reaches every operation that was and is there.
    fn whole(&mut self, old: &Api, new: &Api, partners: &[Option<usize>]) {
        let kept = old.operations.iter().zip(partners).filter(|(_, partner)| partner.is_some());
        let mut reaches: Vec<Reach> = kept.map(|(operation, _)| self.reaches(operation).request).collect();
        reaches.sort();
        reaches.dedup();
        let reaches: std::sync::Arc<[Reach]> = reaches.into();
        let mut add = |change: Change| {
            if !reaches.is_empty() {
                let change = Change { reaches: reaches.clone(), ..change };
                self.schemas.tell(change.places(Some(&old.origin), Some(&new.origin)));
            }
        };
        // A prefix that moved into the paths is no change: then no operation has its place by the path alone.
        let same_paths = |(operation, partner): (&Operation, &Option<usize>)| {
            partner.is_none_or(|at| shape(&operation.path) == shape(&new.operations[at].path))
        };
        if old.base_path != new.base_path && old.operations.iter().zip(partners).all(same_paths) {
            let text = |api: &Api| if api.base_path.is_empty() { "/".to_owned() } else { api.base_path.clone() };
            let change = Change::new(Kind::BasePath, Action::Changed, Effect::Disjoint, "base path");
            add(change.values(text(old), text(new)));
        }
        for (list, other, action) in
            [(&old.servers, &new.servers, Action::Removed), (&new.servers, &old.servers, Action::Added)]
        {
            for url in list.iter().filter(|url| !other.contains(url)) {
                let effect = if action == Action::Added { Effect::Widened } else { Effect::Narrowed };
                add(Change::new(Kind::Server, action, effect, url));
            }
        }
        if old.version != new.version {
            let change = Change::new(Kind::ContractVersion, Action::Changed, Effect::None, "info.version");
            add(change.values(&old.version, &new.version));
        }
    }
}

pub(super) fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method.key().to_ascii_uppercase(), operation.path)
}
