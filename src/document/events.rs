//! Event contracts: `{"events": [{eventType, version, description, schema, consumers}]}`.

use super::Located;
use super::openapi::OpenApi;
use crate::source::{FileId, NodeKey, NodeRef, Route, Sources};

/// One event contract file.
#[derive(Debug)]
pub struct EventFile {
    /// The file.
    pub file: FileId,
    /// The service whose folder it stands in; nothing for a shared one.
    pub service: Option<String>,
    /// Its events in order. A single event object instead of a list is read as a list of one.
    pub events: Vec<EventContract>,
    /// What stands where the object or the list of its events should; nothing where there is one, if an empty one.
    pub misplaced: Option<NodeKey>,
    /// The schemas of the events with all that they reach, for rules on schemas; nothing where the file has no tree.
    pub schemas: Option<OpenApi>,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct EventContract {
    /// The entry's node.
    pub node: NodeKey,
    /// `eventType`.
    pub name: Option<Located<String>>,
    /// `version`.
    pub version: Option<Located<String>>,
    /// `description`.
    pub description: Option<Located<String>>,
    /// `topic`.
    pub topic: Option<Located<String>>,
    /// `x-compatibility`, of the entry or its schema.
    pub compatibility: Option<Located<String>>,
    /// `publisher`, in a shared file.
    pub publisher: Option<Located<String>>,
    /// `consumers`, the first [`MOST_CONSUMERS`] of them.
    pub consumers: Vec<Located<String>>,
    /// Where the first of the others stands, and how many these are.
    pub more_consumers: Option<(Route, usize)>,
    /// `schema`.
    pub schema: Option<NodeKey>,
}

const NAME: [&str; 6] = ["eventType", "event_type", "name", "event", "eventName", "type"];
const SCHEMA: [&str; 5] = ["schema", "payloadSchema", "jsonSchema", "payload", "message"];
const TOPIC: [&str; 3] = ["topic", "channel", "routingKey"];
const COMPATIBILITY: [&str; 3] = ["x-compatibility", "compatibility", "compatibilityMode"];
const PUBLISHER: [&str; 5] = ["publisher", "producer", "owner", "publishedBy", "source"];
const CONSUMERS: [&str; 3] = ["consumers", "subscribers", "consumedBy"];
/// A file with nothing but these keys holds schemas for others.
const DEFINITIONS: [&str; 8] =
    ["$defs", "definitions", "components", "$schema", "$id", "$comment", "title", "description"];
/// Under these a consumer that is written as an object has its name.
const CONSUMER_NAME: [&str; 3] = ["name", "service", "serviceName"];

/// So many consumers of an event are read: no platform has more services.
pub const MOST_CONSUMERS: usize = 10_000;

impl EventFile {
    /// Reads the event contracts in `file`. Accepted are a list below `events` (or a map from names), a list, one event, and
    /// a bare JSON Schema whose `eventType` property has a `const`. Without a tree there are no events, and none are in a
    /// file of definitions, to which others refer.
    pub fn read(sources: &Sources, file: FileId, service: Option<String>) -> EventFile {
        let root = sources.root(file);
        let entries = root.map(entries_of).unwrap_or_default();
        let misplaced = root.and_then(misplaced).map(|node| NodeKey { file, node: node.id() });
        let events: Vec<_> = entries.into_iter().map(|(key, node)| EventContract::read(file, key, node)).collect();
        let schemas = OpenApi::of_schemas(sources, file, events.iter().filter_map(|event| event.schema));
        EventFile { file, service, events, misplaced, schemas }
    }
}

/// Each event's object, with the key under which it stands where that is its name.
fn entries_of(root: NodeRef<'_>) -> Vec<(Option<NodeRef<'_>>, NodeRef<'_>)> {
    if root.is_sequence() {
        return root.items().map(|item| (None, item)).collect();
    }
    match root.get("events") {
        Some(events) if events.is_sequence() => events.items().map(|item| (None, item)).collect(),
        Some(events) if events.is_mapping() => events.entries().map(|(key, value)| (Some(key), value)).collect(),
        Some(_) => Vec::new(),
        None if !root.is_mapping() || root.is_empty() => Vec::new(),
        None if root.get("asyncapi").is_some() || is_definitions(root) => Vec::new(),
        None => vec![(None, root)],
    }
}

/// What holds no events and is no list of none: a value that is no object, an object without a key, `events` that is no list.
fn misplaced(root: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let is_filled = (root.is_mapping() || root.is_sequence()) && !root.is_empty();
    match root.get("events") {
        Some(events) => Some(events).filter(|events| !events.is_sequence() && !events.is_mapping()),
        None => Some(root).filter(|_| !is_filled),
    }
}

fn is_definitions(root: NodeRef<'_>) -> bool {
    let defines = DEFINITIONS[..3].iter().any(|key| root.get(key).is_some());
    defines && root.entries().all(|(key, _)| key.as_str().is_some_and(|key| DEFINITIONS.contains(&key)))
}

impl EventContract {
    fn read(file: FileId, key: Option<NodeRef<'_>>, node: NodeRef<'_>) -> EventContract {
        let of = |node: NodeRef<'_>| NodeKey { file, node: node.id() };
        let located = |node: NodeRef<'_>| {
            Some(Located::new(node.scalar()?.to_owned(), Route::node(of(node)))).filter(|text| !text.value.is_empty())
        };
        let first = |keys: &[&str]| keys.iter().find_map(|key| node.get(key).and_then(located));
        let bare = is_bare_schema(node);
        let name = if bare { schema_name(node).and_then(located) } else { first(&NAME) };
        let named_by_key = key.and_then(|key| Some(Located::new(key.scalar()?.to_owned(), Route::key_of(of(node)))));
        let (consumers, more_consumers) =
            CONSUMERS.iter().find_map(|key| node.get(key)).map(|node| consumers(file, node)).unwrap_or_default();
        let schema = SCHEMA.iter().find_map(|key| node.get(key).filter(|schema| !is_text(*schema)));
        EventContract {
            node: of(node),
            name: name.or(named_by_key),
            version: if bare { version_of(node).and_then(located) } else { first(&["version", "eventVersion"]) },
            description: first(&["description", "summary"]),
            topic: first(&TOPIC),
            compatibility: first(&COMPATIBILITY)
                .or_else(|| schema.and_then(|schema| schema.get("x-compatibility")).and_then(located)),
            publisher: first(&PUBLISHER),
            consumers,
            more_consumers,
            schema: if bare { Some(of(node)) } else { schema.map(of) },
        }
    }
}

fn is_text(node: NodeRef<'_>) -> bool {
    node.as_str().is_some()
}

/// Whether the object is itself the schema of a message.
fn is_bare_schema(node: NodeRef<'_>) -> bool {
    let schema = node.get("properties").is_some() || node.get("$schema").is_some();
    schema && node.get("schema").is_none() && node.get("eventType").is_none()
}

/// The node that names the event in a bare schema: the `const` of its type property, or a title that looks like a name.
fn schema_name(schema: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let properties = schema.get("properties");
    let property = |key: &str| properties.and_then(|properties| properties.get(key)?.get("const"));
    let by_const = ["eventType", "event_type", "type", "event"].iter().find_map(|key| property(key));
    by_const.or_else(|| schema.get("title").filter(|title| title.scalar().is_some_and(|title| title.contains('.'))))
}

fn version_of(schema: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let properties = schema.get("properties");
    let property = |key: &str| properties.and_then(|properties| properties.get(key)?.get("const"));
    schema.get("version").or_else(|| property("eventVersion")).or_else(|| property("version"))
}

/// A list of names or of objects with a name, or names in one text; and what is left out.
fn consumers(file: FileId, node: NodeRef<'_>) -> (Vec<Located<String>>, Option<(Route, usize)>) {
    let located =
        |(name, at): (&str, NodeRef<'_>)| Located::new(name.to_owned(), Route::node(NodeKey { file, node: at.id() }));
    if let Some(text) = node.as_str() {
        let names = text.split([',', ';']).map(str::trim).filter(|name| !name.is_empty());
        return first_of(names.map(|name| (name, node)), located);
    }
    let named = node.items().map(|item| CONSUMER_NAME.iter().find_map(|key| item.get(key)).unwrap_or(item));
    first_of(named.filter_map(|item| Some((item.as_str()?, item))), located)
}

fn first_of<T>(
    mut names: impl Iterator<Item = T>,
    located: impl Fn(T) -> Located<String>,
) -> (Vec<Located<String>>, Option<(Route, usize)>) {
    let first = names.by_ref().take(MOST_CONSUMERS).map(&located).collect();
    let left_out = names.next().map(|next| (located(next).route, 1 + names.count()));
    (first, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, load};

    fn read(text: &str) -> (Sources, EventFile) {
        let sources = load(&MemoryStore::new([("e.yaml", text)]), &|_| true).unwrap();
        let file = EventFile::read(&sources, sources.id_of("e.yaml").unwrap(), None);
        (sources, file)
    }

    #[test]
    fn one_event_in_every_form() {
        let forms = [
            "events: [{eventType: a.b.c, version: v1, schema: {type: object}, consumers: [x-service, {name: y-service}]}]",
            "eventType: a.b.c\nversion: v1\nschema: {type: object}\nconsumers: x-service, y-service",
            "- {name: a.b.c, version: v1, payload: {type: object}, subscribers: [{service: x-service}, y-service]}",
            "events: {a.b.c: {version: v1, schema: {type: object}, consumers: [x-service, y-service]}}",
            "[{type: a.b.c, eventVersion: v1, schema: {type: object}, consumers: [x-service, y-service]}]",
        ];
        for form in forms {
            let (sources, file) = read(form);
            let event = &file.events[0];
            let name = event.name.as_ref().unwrap();
            assert_eq!(name.value, "a.b.c", "{form}");
            assert_eq!(&sources.file(file.file).text[sources.span(name.route).range()], "a.b.c", "{form}");
            assert_eq!(event.version.as_ref().unwrap().value, "v1", "{form}");
            let consumers: Vec<_> = event.consumers.iter().map(Located::as_str).collect();
            assert_eq!(consumers, ["x-service", "y-service"], "{form}");
            assert_eq!(sources.node(event.schema.unwrap()).str_at("type"), Some("object"), "{form}");
        }
    }

    #[test]
    fn of_many_consumers_the_first_are_read() {
        let list = "a,".repeat(MOST_CONSUMERS + 3);
        for form in [format!("{{name: a.b.c, consumers: [{list}]}}"), format!("{{name: a.b.c, consumers: '{list}'}}")] {
            let (_, file) = read(&form);
            let event = &file.events[0];
            assert_eq!(event.consumers.len(), MOST_CONSUMERS);
            assert_eq!(event.more_consumers.map(|(_, count)| count), Some(3));
        }
    }

    #[test]
    fn a_bare_schema_is_an_event() {
        let (_, file) = read("type: object\nproperties: {eventType: {const: a.b.c}, eventVersion: {const: v2}}");
        let event = &file.events[0];
        assert_eq!(event.name.as_ref().unwrap().value, "a.b.c");
        assert_eq!(event.version.as_ref().unwrap().value, "v2");
        assert_eq!(event.schema, Some(event.node));
    }

    #[test]
    fn schemas_are_listed_with_all_that_they_reach() {
        let text = "$defs: {Money: {type: integer}}\n\
                    events:\n\
                    - {name: a.b.c, schema: {properties: {total: {$ref: '#/$defs/Money'}, gone: {$ref: '#/none'}}}}\n\
                    - {name: a.b.d, schema: {definitions: {Unused: {minimum: 1}}}}\n\
                    - {name: a.b.e}\n";
        let (sources, file) = read(text);
        let schemas = file.schemas.unwrap();
        let view = schemas.view(&sources);
        assert_eq!(view.schemas().len(), 6, "two events, two properties, one of $defs, one of definitions");
        assert_eq!(view.schemas_with(&["minimum"]).count(), 1);
        assert_eq!(schemas.references.iter().filter(|reference| reference.target.is_err()).count(), 1);
        assert_eq!((view.operations().count(), schemas.violations.kept.len()), (0, 0));
        assert!(read("[").1.schemas.is_none());
    }

    #[test]
    fn what_is_no_event_is_none() {
        for text in ["", "3", "no", "null", "events: no", "events:", "[]", "{}"] {
            let (_, file) = read(text);
            assert!(file.events.is_empty() && file.misplaced.is_some(), "{text}");
        }
        for text in ["asyncapi: 3.0.0", "events: []", "events: {}", "$defs: {A: {type: integer}}", "["] {
            let (_, file) = read(text);
            assert!(file.events.is_empty() && file.misplaced.is_none(), "{text}");
        }
        for text in ["events: [3]", "name: a.b.c", "[{name: a.b.c}]", "{$defs: {}, name: a.b.c}"] {
            let (_, file) = read(text);
            assert!(file.events.len() == 1 && file.misplaced.is_none(), "{text}");
        }
        assert!(read("events: [3, {version: 1}]").1.events.iter().all(|event| event.name.is_none()));
    }
}
