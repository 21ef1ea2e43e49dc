//! Events of a service: which operation publishes which event with what, and what a consumed event does. What a spec or
//! contract says is used; nothing else is made up.

use crate::model::{
    Api, ConsumedEvent, EventDefinition, Method, Operation, OperationIndex, Platform, SchemaId, Schemas, Service,
};

use super::behaviour::{Archetypes, Behaviour};
use super::names::words;
use super::records::{self, Record};
use super::resource::{Resource, alike};
use super::shape::Shape;

/// Properties that every message of ours has.
const ALWAYS: [&str; 4] = ["eventId", "eventType", "timestamp", "data"];
/// Properties that a message has unless its schema refuses them.
const USUALLY: [&str; 3] = ["eventVersion", "correlationId", "causationId"];
/// How often a message is tried again where the spec does not say.
const RETRIES: u32 = 3;

/// An event as messages carry it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wire {
    /// Its name.
    pub(crate) name: String,
    /// Its version, where it has one.
    pub(crate) version: Option<String>,
    /// Where it is published.
    pub(crate) topic: String,
    /// The schema of the whole message.
    pub(crate) schema: Option<SchemaId>,
    /// Properties of the envelope that the schema refuses.
    pub(crate) without: Vec<&'static str>,
}

/// A property of an event's data.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Datum {
    /// Its name.
    pub(crate) name: String,
    /// The property of the document that it is.
    pub(crate) property: String,
    /// Whether each document has it.
    pub(crate) always: bool,
}

/// An event that an operation publishes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trigger {
    /// `operationId`, or `METHOD path`.
    pub(crate) operation: String,
    /// Index of the event in [`Events::wires`].
    pub(crate) wire: usize,
    /// What the message tells.
    pub(crate) data: Vec<Datum>,
}

/// What a consumed event does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Puts its data in place of a local copy.
    Put(usize),
    /// Removes a local copy.
    Forget(usize),
    /// Stores a document: index in [`Events::records`].
    Record(usize),
    /// Only the service's author knows.
    Unknown,
}

/// An event that the service listens to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subscription {
    /// Index of the event in [`Events::wires`].
    pub(crate) wire: usize,
    /// What is done with it, as the spec says.
    pub(crate) action: String,
    /// How often it is tried again.
    pub(crate) retries: u32,
    /// Whether what still fails is kept as a dead letter.
    pub(crate) dead_letter: bool,
    /// What it does.
    pub(crate) effect: Effect,
}

/// Local copies of what another service owns, made from its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Projection {
    /// What is copied, in snake case: `user_profile`.
    pub(crate) name: String,
    /// The property of the data that identifies one.
    pub(crate) key: String,
}

/// The events of a service.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Events {
    /// Every event that it publishes or consumes and whose messages can be made and read.
    pub(crate) wires: Vec<Wire>,
    /// What operations publish.
    pub(crate) triggers: Vec<Trigger>,
    /// What it listens to.
    pub(crate) subscriptions: Vec<Subscription>,
    /// The copies that it keeps.
    pub(crate) projections: Vec<Projection>,
    /// The documents that events make.
    pub(crate) records: Vec<Record>,
    /// Whether it publishes anything.
    pub(crate) publishes: bool,
    /// Published events that no operation is known to publish, or not all of which are.
    pub(crate) unpublished: Vec<String>,
    /// Consumed events whose action is not, or not all, done.
    pub(crate) unhandled: Vec<String>,
}

impl Events {
    /// The events of a service, as its spec and the contracts tell.
    pub(crate) fn new(platform: &Platform, service: &Service, api: &Api, archetypes: &Archetypes<'_>) -> Events {
        let mut found = Events::default();
        let schemas = &platform.schemas;
        for definition in &service.publishes {
            let Some(at) = found.wire(platform, &definition.name, definition.topic.as_deref()) else {
                found.unpublished.push(definition.name.clone());
                continue;
            };
            found.publishes = true;
            let (triggers, complete) = triggers(schemas, definition, &found.wires[at], at, api, archetypes);
            if !complete {
                found.unpublished.push(definition.name.clone());
            }
            found.triggers.extend(triggers);
        }
        for event in &service.consumes {
            let Some(wire) = found.wire(platform, &event.name, event.topic.as_deref()) else {
                found.unhandled.push(event.name.clone());
                continue;
            };
            let (effect, complete) = found.effect(schemas, event, wire);
            if !complete {
                found.unhandled.push(event.name.clone());
            }
            let handling = event.error_handling.as_ref();
            found.subscriptions.push(Subscription {
                wire,
                action: event.action.clone().unwrap_or_else(|| format!("Handle {}", event.name)),
                retries: handling.and_then(|handling| handling.retries).unwrap_or(RETRIES),
                dead_letter: handling.is_none_or(|handling| handling.dead_letter),
                effect,
            });
        }
        found.add_records(schemas, service, archetypes);
        found
    }

    /// Finds what events store, once all copies are known.
    fn add_records(&mut self, schemas: &Schemas, service: &Service, archetypes: &Archetypes<'_>) {
        for at in 0..self.subscriptions.len() {
            let one = &self.subscriptions[at];
            let event = service.consumes.iter().find(|event| event.name == self.wires[one.wire].name);
            let Some(event) = event.filter(|_| one.effect == Effect::Unknown) else { continue };
            let Some(record) = records::record(schemas, event, one.wire, self, archetypes) else { continue };
            self.subscriptions[at].effect = Effect::Record(self.records.len());
            self.records.push(record);
            if !goes_on(event) {
                self.unhandled.retain(|name| *name != event.name);
            }
        }
    }

    /// Whether there are any.
    pub(crate) fn any(&self) -> bool {
        !self.wires.is_empty()
    }

    /// The index of an event; nothing where its messages need what no message of ours has.
    fn wire(&mut self, platform: &Platform, name: &str, topic: Option<&str>) -> Option<usize> {
        if let Some(at) = self.wires.iter().position(|wire| wire.name == name) {
            return Some(at);
        }
        let definitions = platform.event(name).map_or([].as_slice(), |event| &event.definitions);
        let definition = definitions.iter().find(|one| one.schema.is_some()).or(definitions.first());
        let schema = definition.and_then(|one| one.schema);
        let mut without = Vec::new();
        if let Some(shape) = schema.and_then(|id| Shape::of(&platform.schemas, id)) {
            let known = |name: &str| ALWAYS.contains(&name) || USUALLY.contains(&name);
            if shape.properties.iter().any(|property| property.required && !known(&property.name)) {
                return None;
            }
            without = USUALLY.into_iter().filter(|name| shape.closed && shape.property(name).is_none()).collect();
        }
        let declared = definition.and_then(|one| one.topic.as_deref());
        self.wires.push(Wire {
            name: name.to_owned(),
            version: definition.and_then(|one| one.version.clone()),
            topic: topic.or(declared).unwrap_or(name).to_owned(),
            schema,
            without,
        });
        Some(self.wires.len() - 1)
    }

    /// What a consumed event does, and whether that is all of its action.
    fn effect(&mut self, schemas: &Schemas, event: &ConsumedEvent, wire: usize) -> (Effect, bool) {
        let action = event.action.as_deref().unwrap_or_default();
        let told = format!("_{}_", words(action));
        let says = |all: &[&str]| all.iter().any(|word| told.contains(&format!("_{word}_")));
        let first = |all: &[&str]| all.iter().any(|word| told.starts_with(&format!("_{word}_")));
        if !says(&["copy", "copies", "cache", "projection", "replica"]) {
            return (Effect::Unknown, false);
        }
        let put = first(&["create", "add", "store", "replace", "update", "upsert", "save", "refresh", "keep"]);
        let forget = first(&["delete", "remove", "forget", "drop", "evict"]);
        let Some(projection) = self.projection(schemas, event, wire).filter(|_| put || forget) else {
            return (Effect::Unknown, false);
        };
        (if put { Effect::Put(projection) } else { Effect::Forget(projection) }, !goes_on(event))
    }

    /// The copies that an event is about: one kind for each entity of event names.
    fn projection(&mut self, schemas: &Schemas, event: &ConsumedEvent, wire: usize) -> Option<usize> {
        let mut segments: Vec<&str> = event.name.split('.').collect();
        if segments.len() > 1 {
            segments.pop();
        }
        let name = words(&segments.join("_"));
        if let Some(at) = self.projections.iter().position(|projection| projection.name == name) {
            return Some(at);
        }
        let data = data(schemas, &self.wires[wire])?;
        let told = event.idempotency.as_deref().unwrap_or_default();
        let named = |name: &str| told.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name);
        let required = || data.properties.iter().filter(|property| property.required);
        let key = required()
            .find(|property| named(&property.name))
            .or_else(|| required().find(|property| words(&property.name).ends_with("id")))?;
        self.projections.push(Projection { name, key: key.name.clone() });
        Some(self.projections.len() - 1)
    }
}

/// Whether an action asks for more than one thing.
fn goes_on(event: &ConsumedEvent) -> bool {
    words(event.action.as_deref().unwrap_or_default()).split('_').any(|word| ["and", "then"].contains(&word))
}

/// The data of an event's messages.
pub(crate) fn data(schemas: &Schemas, wire: &Wire) -> Option<Shape> {
    let message = Shape::of(schemas, wire.schema?)?;
    Shape::of(schemas, message.property("data")?.schema)
}

/// What operations publish of an event, and whether all that should are known to.
fn triggers(
    schemas: &Schemas,
    definition: &EventDefinition,
    wire: &Wire,
    at: usize,
    api: &Api,
    archetypes: &Archetypes<'_>,
) -> (Vec<Trigger>, bool) {
    let trigger = definition.trigger.as_deref().unwrap_or_default();
    let operations = named(trigger, api);
    let mut found = Vec::new();
    for operation in &operations {
        let inferred = archetypes.of(operation);
        let changes = !matches!(inferred.behaviour, Behaviour::Read(_) | Behaviour::List(_) | Behaviour::Unknown);
        let resource = inferred.resource.and_then(|at| archetypes.resources.get(at)).filter(|_| changes);
        if let Some(data) = resource.and_then(|resource| told(schemas, definition, wire, resource)) {
            found.push(Trigger { operation: operation.id.to_string(), wire: at, data });
        }
    }
    let complete = !operations.is_empty() && found.len() == operations.len();
    (found, complete)
}

/// The operations that a sentence names, by method and path or by `operationId`.
fn named<'a>(sentence: &str, api: &'a Api) -> Vec<&'a Operation> {
    let index = OperationIndex::new(api);
    let words: Vec<&str> = sentence.split_whitespace().map(|word| word.trim_matches(['`', ',', ';', '.'])).collect();
    let mut found: Vec<&Operation> = Vec::new();
    for pair in words.windows(2) {
        if Method::parse(pair[0]).is_some() && pair[1].starts_with('/') {
            found.extend(index.find(&pair.join(" ")));
        }
    }
    found.extend(api.operations.iter().filter(|operation| operation.named && words.contains(&operation.id.as_str())));
    found
}

/// The data of an event, taken from a document; nothing where the document does not have all of it.
fn told(schemas: &Schemas, definition: &EventDefinition, wire: &Wire, resource: &Resource) -> Option<Vec<Datum>> {
    let declared = data(schemas, wire);
    let names: Vec<(String, bool)> = match &declared {
        Some(shape) => shape.properties.iter().map(|one| (one.name.clone(), one.required)).collect(),
        None => definition.payload.iter().map(|name| (name.trim_end_matches("[]").to_owned(), true)).collect(),
    };
    let mut found = Vec::new();
    for (name, required) in names {
        let stored = resource.shape.property(&name).or_else(|| {
            let of = definition.name.split('.').chain([resource.singular.as_str()]);
            let is_key = of.into_iter().any(|word| alike(&format!("{word}_id"), &name));
            resource.shape.property(&resource.key).filter(|_| is_key)
        });
        match stored.filter(|stored| !stored.write_only) {
            Some(stored) if stored.required || !required => {
                found.push(Datum { name, property: stored.name.clone(), always: stored.required });
            }
            _ if required => return None,
            _ => {}
        }
    }
    (!found.is_empty()).then_some(found)
}
