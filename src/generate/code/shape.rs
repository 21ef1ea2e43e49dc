//! What an object schema says about its properties, seen through `$ref` and `allOf`.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::model::{AdditionalProperties, JsonType, Keyword, Schema, SchemaId, Schemas, Types};

/// One property of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Property {
    /// Its name in JSON.
    pub(crate) name: String,
    /// Its schema.
    pub(crate) schema: SchemaId,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// Whether only the service sets it.
    pub(crate) read_only: bool,
    /// Whether it is sent and never shown.
    pub(crate) write_only: bool,
}

/// The properties of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shape {
    /// In the order of the contract, those of `allOf` where it stands; no name twice.
    pub(crate) properties: Vec<Property>,
    /// Whether nothing else may be sent.
    pub(crate) closed: bool,
    /// What else may be sent, where a schema says so.
    pub(crate) additional: Option<SchemaId>,
}

impl Shape {
    /// The shape of a schema that admits objects and perhaps null, and declares properties; nothing for others and for
    /// those that are alternatives (`oneOf`, `anyOf`).
    pub(crate) fn of(schemas: &Schemas, id: SchemaId) -> Option<Shape> {
        let parts = parts(schemas, id);
        let choice = |keyword: &Keyword| matches!(keyword, Keyword::OneOf(_) | Keyword::AnyOf(_));
        if parts.iter().any(|part| schemas.get(*part).keywords.iter().any(choice)) {
            return None;
        }
        let types = types(schemas, id);
        let declares = parts.iter().any(|part| !schemas.get(*part).properties().is_empty());
        let object = types.has(JsonType::Object) && (declares || types.0 & !(JsonType::Null as u8) == 64);
        if !object || (types.0 & !65 != 0 && types != Types::ALL) {
            return None;
        }
        let (mut shape, mut places) = (Shape::default(), FxHashMap::default());
        for part in &parts {
            shape.add(schemas, schemas.get(*part), &mut places);
        }
        Some(shape)
    }

    /// The property of that name.
    pub(crate) fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// Adds what one part says; `places` tell where properties are by their names.
    fn add<'a>(&mut self, schemas: &Schemas, schema: &'a Schema, places: &mut FxHashMap<&'a str, usize>) {
        for (name, id) in schema.properties() {
            let read_only = has(schemas, *id, &Keyword::ReadOnly(true));
            let write_only = has(schemas, *id, &Keyword::WriteOnly(true));
            if let Some(known) = places.get(name.as_str()).map(|at| &mut self.properties[*at]) {
                (known.read_only, known.write_only) = (known.read_only || read_only, known.write_only || write_only);
                if detail(schemas, *id) > detail(schemas, known.schema) {
                    known.schema = *id;
                }
            } else {
                places.insert(name.as_str(), self.properties.len());
                self.properties.push(Property {
                    name: name.clone(),
                    schema: *id,
                    required: false,
                    read_only,
                    write_only,
                });
            }
        }
        for at in schema.required().iter().filter_map(|name| places.get(name.as_str())) {
            self.properties[*at].required = true;
        }
        for keyword in &schema.keywords {
            match keyword {
                Keyword::AdditionalProperties(AdditionalProperties::Closed)
                | Keyword::UnevaluatedProperties(AdditionalProperties::Closed) => self.closed = true,
                Keyword::AdditionalProperties(AdditionalProperties::Schema(id)) => self.additional = Some(*id),
                _ => {}
            }
        }
    }
}

/// How much a schema tells: nothing, a type, or properties (those of the items, for an array). Who declares a property again
/// in `allOf` often tells more, as for the `data` of a shared envelope.
fn detail(schemas: &Schemas, id: SchemaId) -> u8 {
    let told = items(schemas, id).unwrap_or(id);
    let has_parts = |part: &SchemaId| {
        let schema = schemas.get(*part);
        let choice = |keyword: &Keyword| matches!(keyword, Keyword::OneOf(_) | Keyword::AnyOf(_));
        !schema.properties().is_empty() || schema.keywords.iter().any(choice)
    };
    match parts(schemas, told).iter().any(has_parts) {
        true => 2,
        false => u8::from(types(schemas, id) != Types::ALL),
    }
}

/// The schema itself and what holds beside it: targets of `$ref` and members of `allOf`, each once, bases first.
pub(crate) fn parts(schemas: &Schemas, id: SchemaId) -> Vec<SchemaId> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut pending = vec![(id, false)];
    while let Some((at, done)) = pending.pop() {
        if done {
            found.push(at);
            continue;
        }
        if !seen.insert(at) {
            continue;
        }
        pending.push((at, true));
        let beside: Vec<SchemaId> = schemas
            .get(at)
            .keywords
            .iter()
            .flat_map(|keyword| match keyword {
                Keyword::Ref(target) => vec![*target],
                Keyword::AllOf(members) => members.to_vec(),
                _ => Vec::new(),
            })
            .collect();
        pending.extend(beside.into_iter().rev().map(|next| (next, false)));
    }
    found
}

/// The types that a schema and all that holds beside it admit.
pub(crate) fn types(schemas: &Schemas, id: SchemaId) -> Types {
    parts(schemas, id).iter().fold(Types::ALL, |types, part| types.intersection(schemas.get(*part).types))
}

/// Whether a schema or what holds beside it has that keyword.
pub(crate) fn has(schemas: &Schemas, id: SchemaId, keyword: &Keyword) -> bool {
    crate::model::json_schema::says(schemas, id, keyword)
}

/// The first value that `pick` finds among the keywords, outer schemas before the ones they refer to.
pub(crate) fn find<'a, T>(schemas: &'a Schemas, id: SchemaId, pick: impl Fn(&'a Keyword) -> Option<T>) -> Option<T> {
    parts(schemas, id).iter().rev().find_map(|part| schemas.get(*part).keywords.iter().find_map(&pick))
}

/// The `default`.
pub(crate) fn default(schemas: &Schemas, id: SchemaId) -> Option<Value> {
    find(schemas, id, |keyword| match keyword {
        Keyword::Default(value) => Some(value.value()),
        _ => None,
    })
}

/// The values of `enum`, or the one of `const`.
pub(crate) fn choices(schemas: &Schemas, id: SchemaId) -> Option<Vec<Value>> {
    find(schemas, id, |keyword| match keyword {
        Keyword::Enum(values) => Some(values.iter().collect()),
        Keyword::Const(value) => Some(vec![value.value()]),
        _ => None,
    })
}

/// The first value of `enum`, or the one of `const`.
pub(crate) fn first_choice(schemas: &Schemas, id: SchemaId) -> Option<Value> {
    find(schemas, id, |keyword| match keyword {
        Keyword::Enum(values) => Some(values.iter().next()),
        Keyword::Const(value) => Some(Some(value.value())),
        _ => None,
    })
    .flatten()
}

/// The `format`; empty for none.
pub(crate) fn format(schemas: &Schemas, id: SchemaId) -> &str {
    let found = find(schemas, id, |keyword| match keyword {
        Keyword::Format(format) => Some(format.as_str()),
        _ => None,
    });
    found.unwrap_or_default()
}

/// Whether a schema admits every text of that length: it has no pattern, format or choices.
pub(crate) fn admits_any_text(schemas: &Schemas, id: SchemaId, length: u64) -> bool {
    let fits = |keyword: &Keyword| match keyword {
        Keyword::MinLength(least) => *least <= length,
        Keyword::MaxLength(most) => length <= *most,
        Keyword::Pattern(_) | Keyword::Format(_) | Keyword::Enum(_) | Keyword::Const(_) => false,
        _ => true,
    };
    types(schemas, id).has(JsonType::String)
        && parts(schemas, id).iter().all(|part| schemas.get(*part).keywords.iter().all(fits))
}

/// The `description`; empty for none.
pub(crate) fn description(schemas: &Schemas, id: SchemaId) -> &str {
    let found = find(schemas, id, |keyword| match keyword {
        Keyword::Description(text) => Some(text.as_str()),
        _ => None,
    });
    found.unwrap_or_default()
}

/// The schema of an array's items.
pub(crate) fn items(schemas: &Schemas, id: SchemaId) -> Option<SchemaId> {
    if types(schemas, id).0 & !1 != JsonType::Array as u8 {
        return None;
    }
    find(schemas, id, |keyword| match keyword {
        Keyword::Items(items) => Some(*items),
        _ => None,
    })
}
