//! Compares documents of schemas alone: what others refer to, or keep to without a `$ref`. Nothing says who sends what is
//! described there, so each schema is one that is sent and one that is received.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::super::change::{Action, Change, Direction, Effect, Kind, Reach, Reaching, short};
use super::schema::Comparison;
use crate::model::{Api, Platform, SchemaId, Text};

/// Compares them where nothing else is there: what is shared among contracts is judged by what it is sent in.
pub(super) fn observe(old: &Platform, new: &Platform, schemas: &mut Comparison<'_>) {
    if !old.events.is_empty() || !old.apis().all(|(_, api)| api.is_bundle()) {
        return;
    }
    for (service, before) in old.apis() {
        Bundle { service: service.into(), schemas }.compare(Some(before), new.api(service));
    }
    let is_new = |(service, api): &(&str, &Api)| api.is_bundle() && old.api(service).is_none();
    for (service, after) in new.apis().filter(is_new) {
        Bundle { service: service.into(), schemas }.compare(None, Some(after));
    }
}

/// The schemas of a document by name.
type Named<'a> = IndexMap<&'a str, SchemaId, FxBuildHasher>;

fn named(api: Option<&Api>) -> Named<'_> {
    let schemas = api.map(|api| &api.schemas[..]).unwrap_or_default();
    // A map that grows takes room for two more of its size, and there may be tens of thousands.
    let mut named = Named::with_capacity_and_hasher(schemas.len(), FxBuildHasher);
    named.extend(schemas.iter().map(|(name, id)| (name.as_str(), *id)));
    named
}

struct Bundle<'c, 's> {
    service: Text,
    schemas: &'c mut Comparison<'s>,
}

impl Bundle<'_, '_> {
    fn compare(&mut self, old: Option<&Api>, new: Option<&Api>) {
        let (was, is) = (named(old), named(new));
        for (name, before) in &was {
            match is.get(name) {
                Some(after) => self.pair(name, *before, *after),
                None => self.removed(name, *before, new),
            }
        }
        // Beside operations that are new, what is new is told by them.
        if new.is_some_and(Api::is_bundle) {
            let is_new = |(name, _): &(&&str, &SchemaId)| !was.contains_key(**name);
            is.iter().filter(is_new).for_each(|(name, after)| self.added(name, *after));
        }
    }

    fn pair(&mut self, name: &str, before: SchemaId, after: SchemaId) {
        let [sent, received] = self.reaches(name);
        self.schemas.both_roots(before, after, [sent, received]);
    }

    fn removed(&mut self, name: &str, before: SchemaId, new: Option<&Api>) {
        let origin = &self.schemas.old.get(before).origin;
        let change = Change::new(Kind::SharedSchema, Action::Removed, Effect::Narrowed, short(name).as_ref());
        let change = change.places(Some(origin), new.map(|api| &api.origin));
        self.tell(name, change);
    }

    fn added(&mut self, name: &str, after: SchemaId) {
        let origin = &self.schemas.new.get(after).origin;
        let change = Change::new(Kind::SharedSchema, Action::Added, Effect::Widened, short(name).as_ref());
        let change = change.places(None, Some(origin));
        self.tell(name, change);
    }

    fn tell(&mut self, name: &str, change: Change) {
        self.schemas.tell(change.reaching(&Reaching::from(self.reaches(name))));
    }

    /// A schema as one that is sent, and as one that is received.
    fn reaches(&self, name: &str) -> [Reach; 2] {
        let subject: Text = Api::shared_schema(&short(name)).into();
        let reach = |direction| Reach {
            service: self.service.clone(),
            key: subject.clone(),
            subject: subject.clone(),
            direction,
        };
        [Direction::Request, Direction::Response].map(reach)
    }
}
