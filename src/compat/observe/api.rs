//! Compares HTTP contracts: operations by method and path, webhooks by name, and what belongs to the contract as a whole.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::change::{Action, Change, Direction, Effect, Kind, Reach, Reaching, short};
use super::extension;
use super::later::{Callbacks, Later};
use super::operation::{Reaches, Requests};
use super::schema::Comparison;
use super::security::Compared;
use crate::model::{Api, Callback, Method, Operation, Origin, Platform, Text};

pub(super) fn observe<'a>(old: &'a Platform, new: &'a Platform, schemas: &mut Comparison<'a>) {
    for service in &old.services {
        let Some(before) = &service.api else { continue };
        let after = new.service(&service.name).and_then(|service| service.api.as_ref());
        Apis::new(&service.name, schemas).compare(before, after);
    }
    for service in &new.services {
        let is_new = old.service(&service.name).is_none_or(|known| known.api.is_none());
        if let Some(after) = service.api.as_ref().filter(|_| is_new) {
            let mut apis = Apis::new(&service.name, schemas);
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

/// So many operations are told for callbacks that several of them share; of each callback at least the first.
const MOST_TOLD: usize = 20_000;

struct Apis<'c, 's> {
    service: Text,
    schemas: &'c mut Comparison<'s>,
    later: Later<'s>,
    security: Compared,
    /// How many more operations are told for callbacks that several have.
    left: usize,
}

impl<'c, 's> Apis<'c, 's> {
    fn new(service: &str, schemas: &'c mut Comparison<'s>) -> Self {
        Apis {
            service: service.into(),
            schemas,
            later: Later::default(),
            security: Compared::default(),
            left: MOST_TOLD,
        }
    }

    fn compare(&mut self, old: &'s Api, new: Option<&'s Api>) {
        let Some(new) = new else {
            for operation in &old.operations {
                self.operation_removed(operation, None);
            }
            return;
        };
        let partners = self.partners(old, new);
        for (before, partner) in old.operations.iter().zip(&partners) {
            match partner {
                Some(at) => self.wait(before, &new.operations[*at]),
                None => self.operation_removed(before, Some(new)),
            }
        }
        let known: FxHashSet<usize> = partners.iter().flatten().copied().collect();
        for (at, after) in new.operations.iter().enumerate() {
            if !known.contains(&at) {
                self.operation_added(after);
            }
        }
        for ([before, after], request) in self.later.operations.take(&mut self.later.merged) {
            self.operation((before, after), (old, new), &Reaches::of(request));
        }
        self.webhooks(old, new);
        self.all_callbacks();
        Requests { schemas: self.schemas, later: &mut self.later }.finish();
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

    /// Has two operations compared; what many paths refer to only once.
    fn wait(&mut self, before: &'s Operation, after: &'s Operation) {
        let request = self.reach(before);
        self.later.operations.add([&before.origin, &after.origin], [before, after], &request);
    }

    fn operation(
        &mut self,
        (before, after): (&'s Operation, &'s Operation),
        (old, new): (&Api, &Api),
        reaches: &Reaches,
    ) {
        self.requests(before, after, reaches);
        if let Some(change) = self.security.change((old, before), (new, after), &reaches.request) {
            self.schemas.tell(change);
        }
    }

    /// What two operations take and give, and what is sent back for them.
    fn requests(&mut self, before: &'s Operation, after: &'s Operation, reaches: &Reaches) {
        Requests { schemas: self.schemas, later: &mut self.later }.compare(before, after, reaches);
        let index = |list: &'s [Callback]| -> FxHashMap<&'s str, &'s Callback> {
            list.iter().rev().map(|one| (one.name.as_str(), one)).collect()
        };
        let (was, is) = (index(&before.callbacks), index(&after.callbacks));
        let holders: [&Origin; 2] = [&before.origin, &after.origin];
        for one in &before.callbacks {
            let requests = [Some(one), is.get(one.name.as_str()).copied()];
            self.later.callbacks(Callbacks { name: &one.name, requests, holders }, &reaches.request);
        }
        for one in after.callbacks.iter().filter(|one| !was.contains_key(one.name.as_str())) {
            let callbacks = Callbacks { name: &one.name, requests: [None, Some(one)], holders };
            self.later.callbacks(callbacks, &reaches.request);
        }
    }

    /// Callbacks, and then those of callbacks, which are not read for ever.
    fn all_callbacks(&mut self) {
        let mut known = None;
        loop {
            let waiting = self.later.callbacks.take(&mut self.later.merged);
            if waiting.is_empty() {
                return;
            }
            for (callbacks, reaching) in waiting {
                self.callbacks(callbacks, &reaching, &mut known);
            }
        }
    }

    /// Callbacks run the other way than what holds them, and so do their own. `known` is what those before reached: thousands
    /// may stand below one operation.
    fn callbacks(&mut self, callbacks: Callbacks<'s>, reaching: &Reaching, known: &mut Option<(Reaching, Reaches)>) {
        let Callbacks { name, requests, holders } = callbacks;
        let [old, new] = requests.map(|one| one.map_or(&[][..], |one| &one.operations[..]));
        // Thousands of operations may send thousands of requests back, and each of these is a reach of its own.
        let requests = old.len().max(new.len()).max(1);
        let told = reaching.len().min((self.left / requests).max(1));
        self.left = self.left.saturating_sub((told - 1) * requests);
        let reaching: Reaching = if told < reaching.len() { reaching[..told].into() } else { Arc::clone(reaching) };
        let reaches = match known {
            Some((of, reaches)) if Arc::ptr_eq(of, &reaching) => reaches.clone(),
            _ => known.insert((Arc::clone(&reaching), Reaches::of(reaching))).1.clone(),
        };
        let subject = |reach: &Reach| Text::from(format!("callback {} of {}", short(name), short(&reach.subject)));
        let subjects: Vec<Text> = reaches.response.iter().map(subject).collect();
        // Who answered is asked, and who asked answers.
        let turned = |own: &Operation| {
            let both = reaches.response.iter().zip(&subjects);
            let one = |(reach, subject): (&Reach, &Text)| Reach {
                subject: subject.clone(),
                key: own.id.clone(),
                ..reach.clone()
            };
            Reaches::of(both.map(one).collect())
        };
        let mut index: FxHashMap<(String, Method), &'s Operation> = FxHashMap::default();
        for own in new {
            index.entry((shape(&own.path), own.method)).or_insert(own);
        }
        for own in old {
            let back = turned(own);
            match index.get(&(shape(&own.path), own.method)) {
                Some(other) => self.requests(own, other, &back),
                None => {
                    let change = Change::new(Kind::Callback, Action::Removed, Effect::Narrowed, name);
                    let change = change.places(Some(&own.origin), Some(holders[1])).reaching(&back.request);
                    self.schemas.tell(change);
                }
            }
        }
        let known: FxHashSet<String> = old.iter().map(|own| shape(&own.path)).collect();
        for own in new.iter().filter(|own| !known.contains(&shape(&own.path))) {
            let change = Change::new(Kind::Callback, Action::Added, Effect::Widened, name);
            let change = change.places(Some(holders[0]), Some(&own.origin));
            self.schemas.tell(change.reaching(&reaches.response));
        }
    }

    fn operation_removed(&mut self, operation: &Operation, new: Option<&Api>) {
        let reach = self.reach(operation);
        let mut change = Change::new(Kind::Operation, Action::Removed, Effect::Narrowed, name(operation));
        change.announced = operation.deprecated;
        let change = change.places(Some(&operation.origin), new.map(|api| &api.origin));
        self.schemas.tell(change.reaching(&reach));
    }

    fn operation_added(&mut self, operation: &Operation) {
        let reach = self.reach(operation);
        let change = Change::new(Kind::Operation, Action::Added, Effect::Widened, name(operation));
        self.schemas.tell(change.places(None, Some(&operation.origin)).reaching(&reach));
    }

    fn reach(&self, operation: &Operation) -> Reaching {
        self.reach_of(operation, name(operation).into(), Direction::Request)
    }

    fn reach_of(&self, operation: &Operation, subject: Text, direction: Direction) -> Reaching {
        [Reach { service: self.service.clone(), subject, key: operation.id.clone(), direction }].into()
    }

    /// A request that the service sends: who consumes the service receives it, and answers.
    fn sent_back(&self, operation: &Operation, subject: &str) -> Reaches {
        Reaches::of(self.reach_of(operation, subject.into(), Direction::Response))
    }

    fn webhooks(&mut self, old: &'s Api, new: &'s Api) {
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
                    self.requests(before, after, &reaches);
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
        let mut reaches: Vec<Reach> = kept.flat_map(|(operation, _)| self.reach(operation).to_vec()).collect();
        reaches.sort();
        reaches.dedup();
        let reaches: Reaching = reaches.into();
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
        let are_same_paths = old.operations.iter().zip(partners).all(same_paths);
        if old.base_path != new.base_path && are_same_paths {
            let text = |api: &Api| if api.base_path.is_empty() { "/".to_owned() } else { api.base_path.clone() };
            let change = Change::new(Kind::BasePath, Action::Changed, Effect::Disjoint, "base path");
            add(change.values(text(old), text(new)));
        }
        let (was, is) = (hosts(old, are_same_paths), hosts(new, are_same_paths));
        for (list, other, action) in [(&was, &is, Action::Removed), (&is, &was, Action::Added)] {
            let known: FxHashSet<&str> = other.iter().map(|(host, _)| *host).collect();
            for (_, url) in list.iter().filter(|(host, _)| !known.contains(host)) {
                let effect = if action == Action::Added { Effect::Widened } else { Effect::Narrowed };
                add(Change::new(Kind::Server, action, effect, *url));
            }
        }
        extension::changes(&old.extensions, &new.extensions, None).for_each(&mut add);
        if old.version != new.version {
            let change = Change::new(Kind::ContractVersion, Action::Changed, Effect::None, "info.version");
            add(change.values(&old.version, &new.version));
        }
    }
}

/// The servers by what must stay the same, with their URLs: where a prefix moved between server and path, what is before it.
fn hosts(api: &Api, are_whole: bool) -> Vec<(&str, &str)> {
    let urls = api.servers.iter().map(String::as_str);
    if are_whole {
        return urls.map(|url| (url, url)).collect();
    }
    let before = |url: &str| url.trim_end_matches('/').strip_suffix(&api.base_path).map(str::len);
    urls.map(|url| (url[..before(url).unwrap_or(url.len())].trim_end_matches('/'), url)).collect()
}

pub(super) fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method.key().to_ascii_uppercase(), operation.path)
}
