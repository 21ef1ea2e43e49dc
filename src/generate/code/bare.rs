//! Collections of which no path shows one document: `GET /stations`, which lists what others put there, or `POST /tickets`,
//! of which only `/tickets/{ticketId}/code` is shown.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Api, JsonType, Keyword, Method, Operation, SchemaId, Schemas};

use super::names::{singular, words};
use super::resource::{KeyKind, Resource, answer, body, is_prefix, item_of, json_content, key_of, success};
use super::shape::{self, Shape};

/// Words of paths whose answers are worked out, or a part of what is kept elsewhere.
const DERIVED: [&str; 25] = [
    "aggregate",
    "analytics",
    "autocomplete",
    "availability",
    "count",
    "counts",
    "current",
    "me",
    "metrics",
    "my",
    "popular",
    "quote",
    "quotes",
    "ranking",
    "recommendation",
    "recommendations",
    "report",
    "reports",
    "search",
    "statistics",
    "stats",
    "suggest",
    "suggestions",
    "summary",
    "trending",
];
/// Names of properties that identify a document whose contract has no identifier for it.
const NATURAL: [&str; 5] = ["code", "slug", "key", "symbol", "date"];

/// Adds the collections without a path of an item, in the order of the contract.
pub(super) fn add(schemas: &Schemas, api: &Api, found: &mut Vec<Resource>) {
    let with_items: FxHashSet<&str> =
        api.operations.iter().filter_map(|operation| Some(item_of(&operation.path)?.0)).collect();
    let mut here: FxHashMap<&str, Vec<&Operation>> = FxHashMap::default();
    for operation in &api.operations {
        here.entry(operation.path.trim_end_matches('/')).or_default().push(operation);
    }
    for operation in &api.operations {
        let path = operation.path.trim_end_matches('/');
        if !found.iter().any(|resource| resource.path == path) && !with_items.contains(path) {
            let made = resource(schemas, api, path, &here[path]);
            // What another collection keeps, perhaps in another form, has its place there.
            found.extend(made.filter(|one| !found.iter().any(|known| covers(schemas, known, one))));
        }
    }
}

/// Whether a collection may hold what another path shows.
fn covers(schemas: &Schemas, known: &Resource, other: &Resource) -> bool {
    schemas.resolve(known.document) == schemas.resolve(other.document)
        || known.name == other.name
        || other.path.strip_prefix(&known.path).is_some_and(|rest| rest.starts_with('/'))
}

/// The collection at a path with these operations.
fn resource(schemas: &Schemas, api: &Api, path: &str, here: &[&Operation]) -> Option<Resource> {
    let at = |method: Method| here.iter().copied().find(|other| other.method == method);
    let last = words(path.rsplit('/').next()?);
    let name = words(&path.split('/').filter(|segment| !is_prefix(segment)).collect::<Vec<_>>().join("_"));
    let one = singular(&name);
    let listed = at(Method::Get).and_then(|list| Some((list, items(schemas, list)?)));
    let made = at(Method::Post).filter(|create| listed.is_some() || success(create).0 == 201);
    let stated = |operation: &Operation, name: &str| operation.behaviour.as_ref().is_some_and(|one| one.name == name);
    let wanted = listed.is_some_and(|(list, _)| stated(list, "list")) || made.is_some_and(|one| stated(one, "create"));
    let derived = name.split('_').any(|word| DERIVED.contains(&word));
    if path.contains('{') || !wanted && (derived || one == name || last.is_empty()) {
        return None;
    }
    let parameter = variable_behind(api, path);
    let kept = made.and_then(|create| {
        let document = answer(schemas, create)?.schema;
        let (_, sent) = body(schemas, create)?;
        let shape = Shape::of(schemas, document)?;
        let key = key_of(schemas, &shape, parameter, &one)?;
        let is_sent = sent.property(&key).is_some_and(|property| property.required && !property.read_only);
        Some((document, shape, key, is_sent))
    });
    let (document, shape, key, is_sent) = kept.or_else(|| {
        let (_, document) = listed?;
        let shape = Shape::of(schemas, document)?;
        let key = key_of(schemas, &shape, parameter, &one).or_else(|| natural_key(schemas, &shape))?;
        Some((document, shape, key, false))
    })?;
    let number = shape::types(schemas, shape.property(&key)?.schema).has(JsonType::Integer);
    let key_kind = match (is_sent, number) {
        (true, _) => KeyKind::Sent,
        (false, true) => KeyKind::Number,
        (false, false) => KeyKind::Text,
    };
    let is_unique = |id: SchemaId, property: &str| property != key && shape::has(schemas, id, &Keyword::Unique(true));
    let unique = shape.properties.iter().filter(|one| is_unique(one.schema, &one.name)).map(|one| one.name.clone());
    Some(Resource {
        path: path.to_owned(),
        name,
        singular: one,
        parameter: parameter.to_owned(),
        key_kind,
        unique: unique.collect(),
        key,
        parents: Vec::new(),
        document,
        shape,
    })
}

/// The documents that an operation lists: the items of an array, or of the only array of objects in an envelope.
pub(super) fn items(schemas: &Schemas, list: &Operation) -> Option<SchemaId> {
    let schema = json_content(&success(list).1?.content)?.schema?;
    let of_objects = |id: SchemaId| {
        let items = shape::items(schemas, id)?;
        Shape::of(schemas, items).filter(|shape| !shape.properties.is_empty()).map(|_| schemas.resolve(items))
    };
    if let Some(items) = of_objects(schema) {
        return Some(items);
    }
    let envelope = Shape::of(schemas, schema)?;
    let mut lists = envelope.properties.iter().filter_map(|property| of_objects(property.schema));
    let only = lists.next()?;
    lists.next().is_none().then_some(only)
}

/// The variable behind a collection in longer paths: `ticketId` of `/tickets/{ticketId}/code`; empty for none.
fn variable_behind<'a>(api: &'a Api, path: &str) -> &'a str {
    let behind = |operation: &'a Operation| {
        let segment = operation.path.strip_prefix(path)?.strip_prefix('/')?.split('/').next()?;
        segment.strip_prefix('{')?.strip_suffix('}')
    };
    api.operations.iter().find_map(behind).unwrap_or_default()
}

/// A required text that identifies a document by its nature.
fn natural_key(schemas: &Schemas, shape: &Shape) -> Option<String> {
    let text = |id: SchemaId| shape::types(schemas, id).0 == JsonType::String as u8;
    let mut fits = shape.properties.iter().filter(|one| one.required && !one.write_only && text(one.schema));
    let unique = fits.clone().find(|one| shape::has(schemas, one.schema, &Keyword::Unique(true)));
    let natural = unique.or_else(|| fits.find(|one| NATURAL.contains(&words(&one.name).as_str())));
    natural.map(|property| property.name.clone())
}
