//! Documents that a consumed event makes: "Record a message of the kind `order-confirmation`". The kind is a value of an
//! enumeration of the document; the rest comes from the event, from a local copy that the event names, or is made up as for a
//! document that a client sends.

use serde_json::Value;

use crate::model::{ConsumedEvent, JsonType, SchemaId, Schemas};

use super::behaviour::{Archetypes, Source, made_up};
use super::events::{Effect, Events, data};
use super::names::words;
use super::resource::{KeyKind, Resource, alike};
use super::shape::{self, Property, Shape};

/// Words with which an action says that something is stored.
const VERBS: [&str; 6] = ["record", "store", "save", "create", "add", "log"];
/// Words of actions that are not always done.
const CONDITIONS: [&str; 7] = ["after", "if", "only", "unless", "when", "where", "while"];

/// Where the value of a property comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given {
    /// A new UUID.
    NewId,
    /// The next number of the collection.
    NextNumber,
    /// The time at which the event is handled.
    Now,
    /// A text of the event's data.
    Data(String),
    /// A text of the local copy.
    Copy(String),
    /// A constant.
    Constant(Value),
}

/// A document that an event makes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    /// The path of its collection.
    pub(crate) collection: String,
    /// Every property that it gets.
    pub(crate) fields: Vec<(String, Given)>,
    /// The copies that it takes something from, by their index, and the property of the event's data with their key.
    pub(crate) copy: Option<(usize, String)>,
}

/// Local copies that an event names one of.
struct Known {
    /// Their index.
    at: usize,
    /// The property of the event's data with their key.
    key: String,
    /// What they hold.
    shape: Shape,
}

/// The document that an event makes; nothing where its action or the contract does not say enough.
pub(crate) fn record(
    schemas: &Schemas,
    event: &ConsumedEvent,
    wire: usize,
    events: &Events,
    archetypes: &Archetypes<'_>,
) -> Option<Record> {
    let action = event.action.as_deref()?;
    let told = words(action);
    let mut spoken = told.split('_');
    if !VERBS.contains(&spoken.next()?) || spoken.any(|word| CONDITIONS.contains(&word)) {
        return None;
    }
    let named: Vec<&str> = action.split_whitespace().map(|word| word.trim_matches(['`', '"', ',', '.', ';'])).collect();
    let kind_of = |property: &Property| {
        let choices = shape::choices(schemas, property.schema).filter(|choices| choices.len() > 1)?;
        choices.iter().filter_map(Value::as_str).find(|choice| named.contains(choice)).map(str::to_owned)
    };
    let mut places = archetypes.resources.iter().flat_map(|resource| {
        let properties = resource.shape.properties.iter();
        properties.filter_map(move |property| Some((resource, property, kind_of(property)?)))
    });
    let (Some((resource, property, kind)), None) = (places.next(), places.next()) else { return None };
    let data = data(schemas, &events.wires[wire])?;
    let known = copies(schemas, events, &data);
    let fields = Fields { schemas, resource, kind: (&kind, property), data: &data, known: known.as_ref() };
    let found = fields.found()?;
    let copied = found.iter().any(|(_, given)| matches!(given, Given::Copy(_)));
    let copy = known.filter(|_| copied).map(|known| (known.at, known.key));
    Some(Record { collection: resource.path.clone(), fields: found, copy })
}

/// The copies whose key an event's data has.
fn copies(schemas: &Schemas, events: &Events, told: &Shape) -> Option<Known> {
    events.subscriptions.iter().find_map(|one| {
        let Effect::Put(at) = one.effect else { return None };
        let key = told.properties.iter().find(|property| {
            property.required && alike(&property.name, &events.projections[at].key) && is_text(schemas, property.schema)
        })?;
        Some(Known { at, key: key.name.clone(), shape: data(schemas, &events.wires[one.wire])? })
    })
}

/// What the properties of a document are found by.
struct Fields<'a> {
    schemas: &'a Schemas,
    resource: &'a Resource,
    /// The value that names its kind, and the property that it is of.
    kind: (&'a str, &'a Property),
    data: &'a Shape,
    known: Option<&'a Known>,
}

impl Fields<'_> {
    /// Every property that the document gets; nothing where a required one comes from nowhere.
    fn found(&self) -> Option<Vec<(String, Given)>> {
        let mut found = Vec::new();
        for property in self.resource.shape.properties.iter().filter(|property| !property.write_only) {
            match self.given(property) {
                Some(given) => found.push((property.name.clone(), given)),
                None if property.required => return None,
                None => {}
            }
        }
        Some(found)
    }

    fn given(&self, property: &Property) -> Option<Given> {
        if property.name == self.resource.key {
            return match self.resource.key_kind {
                KeyKind::Text => Some(Given::NewId),
                KeyKind::Number => Some(Given::NextNumber),
                KeyKind::Sent => None,
            };
        }
        if property.name == self.kind.1.name {
            return Some(Given::Constant(Value::from(self.kind.0)));
        }
        if let Some(same) = self.same(self.data, property) {
            return Some(Given::Data(same));
        }
        match made_up(self.schemas, property) {
            Some(Some(Source::Now)) => return Some(Given::Now),
            Some(Some(Source::Constant(value))) => return Some(Given::Constant(value)),
            _ => {}
        }
        if !property.required || !is_text(self.schemas, property.schema) {
            return None;
        }
        let copied =
            self.known.and_then(|known| self.same(&known.shape, property).or_else(|| self.of_format(known, property)));
        copied.map(Given::Copy).or_else(|| self.text(property))
    }

    /// The required text with the same name.
    fn same(&self, shape: &Shape, property: &Property) -> Option<String> {
        let same = shape.properties.iter().find(|one| one.required && alike(&one.name, &property.name))?;
        let texts = is_text(self.schemas, same.schema) && is_text(self.schemas, property.schema);
        texts.then(|| same.name.clone())
    }

    /// The one text of a copy that has the same format.
    fn of_format(&self, known: &Known, property: &Property) -> Option<String> {
        let format = shape::format(self.schemas, property.schema);
        let is_key = |one: &Property| one.name == *known.key;
        let mut fit = known.shape.properties.iter().filter(|one| {
            one.required && !format.is_empty() && !is_key(one) && shape::format(self.schemas, one.schema) == format
        });
        let (Some(only), None) = (fit.next(), fit.next()) else { return None };
        Some(only.name.clone())
    }

    /// The kind in words, for a person to write more: a text that may be any.
    fn text(&self, property: &Property) -> Option<Given> {
        let words = words(self.kind.0).replace('_', " ");
        let mut letters = words.chars();
        let text: String = letters.next()?.to_uppercase().chain(letters).collect();
        let free = shape::admits_any_text(self.schemas, property.schema, text.chars().count() as u64);
        free.then(|| Given::Constant(Value::from(text)))
    }
}

fn is_text(schemas: &Schemas, id: SchemaId) -> bool {
    shape::types(schemas, id).0 == JsonType::String as u8
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::generate::code::fixture;
    use crate::model::{ConsumedEvent, Event, EventDefinition, Platform};

    /// A service with `/notices`, which knows readers by their copies and hears of books that were lent.
    fn platform(action: &str) -> Platform {
        let notice = json!({
            "type": "object",
            "required": ["id", "to", "kind", "text", "state", "createdAt"],
            "properties": {
                "id": { "type": "string" }, "to": { "type": "string", "format": "email" },
                "kind": { "type": "string", "enum": ["book-lent", "book-late"] }, "text": { "type": "string" },
                "state": { "type": "string", "enum": ["queued", "sent"] },
                "createdAt": { "type": "string", "format": "date-time" }, "note": { "type": "string" }
            }
        });
        let message = |data: Value| {
            json!({ "type": "object", "required": ["eventId", "data"], "properties": {
                "eventId": { "type": "string" },
                "data": { "type": "object", "required": ["readerId"], "properties": data }
            } })
        };
        let mail = json!({ "type": "string", "format": "email" });
        let mut reader = message(json!({ "readerId": { "type": "string" }, "mail": mail }));
        reader["properties"]["data"]["required"] = json!(["readerId", "mail"]);
        let lent = message(json!({ "readerId": { "type": "string" } }));
        let shown =
            json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Notice" } } } });
        let item = json!([{ "name": "noticeId", "in": "path", "required": true, "schema": { "type": "string" } }]);
        let contract = json!({
            "info": { "title": "Notices", "version": "1.0.0" },
            "paths": { "/notices/{noticeId}": {
                "parameters": item, "get": { "operationId": "getNotice", "responses": { "200": shown } }
            } },
            "components": { "schemas": { "Notice": notice, "Reader": reader, "Lent": lent } }
        });
        let mut platform = fixture::platform("notice-service", &contract);
        let declared = platform.services[0].api.as_ref().unwrap().schemas.clone();
        let schemas = ["Reader", "Lent"].map(|name| declared.iter().find(|(own, _)| own == name).unwrap().1);
        let events = [("press.reader.joined", "Store a copy of the reader"), ("press.book.lent", action)];
        for ((name, action), schema) in events.into_iter().zip(schemas) {
            let definition =
                EventDefinition { name: name.to_owned(), schema: Some(schema), ..EventDefinition::default() };
            platform.events.push(Event { name: name.to_owned(), definitions: vec![definition], ..Event::default() });
            platform.services[0].consumes.push(ConsumedEvent {
                name: name.to_owned(),
                action: Some(action.to_owned()),
                ..ConsumedEvent::default()
            });
        }
        platform.events.sort_by(|a, b| a.name.cmp(&b.name));
        platform
    }

    fn found(action: &str) -> Events {
        let platform = platform(action);
        let service = &platform.services[0];
        let api = service.api.as_ref().unwrap();
        Events::new(&platform, service, api, &Archetypes::new(&platform.schemas, api))
    }

    #[test]
    fn an_action_that_names_a_kind_stores_a_document_of_it() {
        let events = found("Record and send a notice of the kind `book-late`");
        let [record] = events.records.as_slice() else { panic!("{events:?}") };
        assert_eq!((record.collection.as_str(), &record.copy), ("/notices", &Some((0, "readerId".to_owned()))));
        let field = |name: &str| record.fields.iter().find(|(own, _)| own == name).map(|(_, given)| given.clone());
        assert_eq!(field("id"), Some(Given::NewId));
        assert_eq!(field("to"), Some(Given::Copy("mail".to_owned())));
        assert_eq!(field("kind"), Some(Given::Constant(json!("book-late"))));
        assert_eq!(field("text"), Some(Given::Constant(json!("Book late"))));
        assert_eq!(field("state"), Some(Given::Constant(json!("queued"))));
        assert_eq!(field("createdAt"), Some(Given::Now));
        assert_eq!(field("note"), None);
        assert_eq!(events.unhandled, ["press.book.lent"], "sending it is left to a person");
        assert!(found("Record a notice of the kind book-lent").unhandled.is_empty());
    }

    #[test]
    fn what_an_action_leaves_open_is_left_to_a_person() {
        let actions = ["Record a notice", "Send a book-lent notice", "Record a book-late notice when it is late"];
        for action in actions {
            assert!(found(action).records.is_empty(), "{action}");
        }
    }
}
