//! The schemas that a service needs at run time, as one JSON Schema document (2020-12): its `$defs` hold every schema
//! that an operation or another schema refers to, as requests see it and as responses see it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::model::json_schema::{self, Parts, children};
use crate::model::{JsonType, Keyword, Schema, SchemaId, Schemas};

use super::shape::{self, Shape};
use crate::source::Pointer;

/// Which way a value goes: requests may not hold `readOnly` properties, responses none that are `writeOnly`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    /// From the client.
    Request,
    /// To the client.
    Response,
}

/// Schemas deeper than this are cut off: what lies below admits anything.
const DEEPEST: usize = 512;

/// The definitions that were asked for, and those that they need.
pub(crate) struct SchemaDocument<'a> {
    schemas: &'a Schemas,
    shared: BTreeSet<SchemaId>,
    directed: BTreeSet<SchemaId>,
    used: BTreeSet<(SchemaId, Direction)>,
    names: BTreeMap<(SchemaId, Direction), String>,
    taken: BTreeSet<String>,
    /// The number that comes next behind a name in lower case: all below it are taken.
    next: BTreeMap<String, u64>,
    definitions: BTreeMap<String, Value>,
    /// What stands before every name.
    prefix: String,
}

impl<'a> SchemaDocument<'a> {
    /// A document for operations that use these schemas in these directions.
    pub(crate) fn new(schemas: &'a Schemas, roots: &[(SchemaId, Direction)]) -> Self {
        let mut used = BTreeSet::new();
        let mut shared = BTreeSet::new();
        let mut pending: Vec<_> = roots.to_vec();
        while let Some((id, direction)) = pending.pop() {
            if !used.insert((id, direction)) {
                shared.insert(id);
                continue;
            }
            let schema = schemas.get(id);
            if schema.name.is_some() {
                shared.insert(id);
            }
            for keyword in &schema.keywords {
                if let Keyword::Ref(target) = keyword {
                    shared.insert(*target);
                }
                pending.extend(children(keyword).into_iter().map(|child| (child, direction)));
            }
        }
        let directed = directed(schemas, &used);
        let (taken, next) = (BTreeSet::new(), BTreeMap::new());
        let (names, definitions) = (BTreeMap::new(), BTreeMap::new());
        SchemaDocument { schemas, shared, directed, used, names, taken, next, definitions, prefix: String::new() }
    }

    /// A document for what another service answers, whose definitions can stand beside our own.
    pub(crate) fn of_upstream(schemas: &'a Schemas, roots: &[(SchemaId, Direction)], service: &str) -> Self {
        SchemaDocument { prefix: format!("{}:", plain(service)), ..SchemaDocument::new(schemas, roots) }
    }

    /// The name of the definition of a schema; `hint` names one that the contract does not.
    pub(crate) fn define(&mut self, id: SchemaId, direction: Direction, hint: &str) -> String {
        let id = self.schemas.resolve(id);
        let mut pending = vec![(id, direction)];
        let name = self.name(id, direction, hint);
        while let Some((next, direction)) = pending.pop() {
            let name = self.name(next, direction, hint);
            if self.definitions.contains_key(&name) {
                continue;
            }
            self.definitions.insert(name.clone(), Value::Null);
            let mut needs = Vec::new();
            let body = self.schema(next, direction, hint, DEEPEST, &mut needs);
            self.definitions.insert(name, body);
            pending.extend(needs.into_iter().map(|need| (need, direction)));
        }
        name
    }

    /// The name of the definition of an object of which only these properties are looked at; nothing where the schema is
    /// no plain object.
    pub(crate) fn define_part(&mut self, id: SchemaId, hint: &str, properties: &[String]) -> Option<String> {
        let shape = Shape::of(self.schemas, id)?;
        let name = self.claim(hint.to_owned());
        let mut needs = Vec::new();
        let mut inside =
            Inside { document: self, direction: Direction::Response, hint, depth: DEEPEST, needs: &mut needs };
        let known = shape.properties.iter().filter(|property| properties.contains(&property.name));
        let parts: Map<String, Value> =
            known.clone().map(|property| (property.name.clone(), inside.schema(property.schema))).collect();
        let required: Vec<&str> =
            known.filter(|property| property.required).map(|property| property.name.as_str()).collect();
        let body = json!({ "type": "object", "required": required, "properties": parts });
        self.definitions.insert(name.clone(), body);
        for need in needs {
            self.define(need, Direction::Response, hint);
        }
        Some(name)
    }

    /// The name that a type of this schema has: that of its definition, where it has one. A text or number that the
    /// contract gives no name needs none, however many places share it.
    pub(crate) fn shared_name(&mut self, id: SchemaId, direction: Direction) -> Option<String> {
        let id = self.schemas.resolve(id);
        let schema = self.schemas.get(id);
        let has_parts = schema.types.has(JsonType::Object) || schema.types.has(JsonType::Array);
        let is_named = self.shared.contains(&id) && (schema.name.is_some() || has_parts);
        is_named.then(|| self.name(id, direction, ""))
    }

    /// The name of a definition that admits anything.
    pub(crate) fn anything(&mut self) -> String {
        let name = "_anything".to_owned();
        self.taken.insert(name.clone());
        self.definitions.insert(name.clone(), Value::Bool(true));
        name
    }

    /// The direction whose view of a schema this one shares: a schema that looks the same from both sides has one.
    pub(crate) fn side(&self, id: SchemaId, direction: Direction) -> Direction {
        if self.directed.contains(&id) { direction } else { Direction::Response }
    }

    /// The whole document, definitions sorted by name; `more` are those of other documents.
    pub(crate) fn finish(mut self, more: BTreeMap<String, Value>) -> Value {
        self.definitions.extend(more);
        json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": self.definitions })
    }

    /// The definitions of what another service answers. Who reads it ignores what it does not know, so that objects are
    /// open; alternatives may differ in nothing but that, and are left as they are.
    pub(crate) fn into_tolerant(mut self) -> BTreeMap<String, Value> {
        let tells_apart = |value: &Value| has_key(value, &["oneOf", "not", "if"]);
        if !self.definitions.values().any(tells_apart) {
            self.definitions.values_mut().for_each(open);
        }
        self.definitions
    }

    fn name(&mut self, id: SchemaId, direction: Direction, hint: &str) -> String {
        let direction = self.side(id, direction);
        if let Some(name) = self.names.get(&(id, direction)) {
            return name.clone();
        }
        let schema = self.schemas.get(id);
        let last = schema.origin.pointer.as_ref().and_then(Pointer::last).unwrap_or_default();
        let last = last.as_ref();
        let base = match &schema.name {
            Some(name) => name.as_str(),
            None if self.shared.contains(&id) && hint.is_empty() => last,
            None if self.shared.contains(&id) && !last.chars().all(|c| c.is_ascii_digit()) && last != "schema" => last,
            None => hint,
        };
        let mut base = plain(base);
        if base.is_empty() {
            "Schema".clone_into(&mut base);
        }
        if direction == Direction::Request && self.used.contains(&(id, Direction::Response)) {
            base.push_str("Input");
        }
        let name = self.claim(base);
        self.names.insert((id, direction), name.clone());
        name
    }

    /// A name that no other definition has.
    fn claim(&mut self, base: String) -> String {
        let base = format!("{}{base}", self.prefix);
        let lower = base.to_ascii_lowercase();
        if self.taken.insert(lower.clone()) {
            return base;
        }
        let mut number = self.next.get(&lower).copied().unwrap_or(2);
        while !self.taken.insert(format!("{lower}{number}")) {
            number += 1;
        }
        self.next.insert(lower, number + 1);
        format!("{base}{number}")
    }

    fn schema(
        &mut self,
        id: SchemaId,
        direction: Direction,
        hint: &str,
        depth: usize,
        needs: &mut Vec<SchemaId>,
    ) -> Value {
        let schema = self.schemas.get(id);
        // What is nothing but a reference after it was resolved refers to itself, and says nothing.
        if depth == 0 || matches!(schema.keywords.as_slice(), [Keyword::Ref(_)]) {
            return Value::Bool(true);
        }
        json_schema::write(schema, &mut Inside { document: self, direction, hint, depth, needs })
    }
}

/// The parts of a schema of the document: definitions where they are shared, otherwise written where they stand.
struct Inside<'d, 'a> {
    document: &'d mut SchemaDocument<'a>,
    direction: Direction,
    hint: &'d str,
    depth: usize,
    needs: &'d mut Vec<SchemaId>,
}

impl Parts for Inside<'_, '_> {
    fn schema(&mut self, id: SchemaId) -> Value {
        let id = self.document.schemas.resolve(id);
        if self.document.shared.contains(&id) {
            self.needs.push(id);
            return json!({ "$ref": format!("#/$defs/{}", self.document.name(id, self.direction, self.hint)) });
        }
        self.document.schema(id, self.direction, self.hint, self.depth - 1, self.needs)
    }

    fn is_left_out(&self, id: SchemaId) -> bool {
        hidden(self.document.schemas, id, self.direction)
    }

    fn left_out_beside(&self, schema: &Schema) -> Vec<String> {
        let schemas = self.document.schemas;
        let beside = schema.keywords.iter().flat_map(|keyword| match keyword {
            Keyword::Ref(id) => vec![*id],
            Keyword::AllOf(ids) => ids.to_vec(),
            _ => Vec::new(),
        });
        let parts = beside.flat_map(|id| shape::parts(schemas, id)).map(|id| schemas.get(id));
        let hidden = parts.flat_map(Schema::properties).filter(|(_, id)| self.is_left_out(*id));
        hidden.map(|(name, _)| name.clone()).collect()
    }

    fn left_out(&mut self, _: SchemaId) -> Value {
        Value::Bool(false)
    }
}

/// A name without what a URI's fragment cannot hold as it is.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect()
}

/// Whether any object in a schema has one of these keys.
fn has_key(schema: &Value, keys: &[&str]) -> bool {
    let mut pending = vec![schema];
    while let Some(next) = pending.pop() {
        match next {
            Value::Object(object) if object.keys().any(|key| keys.contains(&key.as_str())) => return true,
            Value::Object(object) => pending.extend(object.values()),
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    false
}

/// Lets every object of a schema have more properties than it names.
fn open(schema: &mut Value) {
    let mut pending = vec![schema];
    while let Some(next) = pending.pop() {
        match next {
            Value::Object(object) => {
                for key in ["additionalProperties", "unevaluatedProperties"] {
                    if object.get(key) == Some(&Value::Bool(false)) {
                        object.remove(key);
                    }
                }
                pending.extend(object.values_mut());
            }
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
}

/// Whether a property may not be sent in this direction.
fn hidden(schemas: &Schemas, id: SchemaId, direction: Direction) -> bool {
    let keyword = match direction {
        Direction::Request => Keyword::ReadOnly(true),
        Direction::Response => Keyword::WriteOnly(true),
    };
    json_schema::says(schemas, id, &keyword)
}

/// The schemas that look different from the two sides: those from which a property is reached that one side hides.
fn directed(schemas: &Schemas, used: &BTreeSet<(SchemaId, Direction)>) -> BTreeSet<SchemaId> {
    let ids: BTreeSet<SchemaId> = used.iter().map(|(id, _)| *id).collect();
    let mut parents: BTreeMap<SchemaId, Vec<SchemaId>> = BTreeMap::new();
    let mut pending = Vec::new();
    for id in &ids {
        let schema = schemas.get(*id);
        for child in schema.keywords.iter().flat_map(children) {
            parents.entry(child).or_default().push(*id);
        }
        let sides = [Direction::Request, Direction::Response];
        if schema.properties().iter().any(|(_, id)| sides.iter().any(|side| hidden(schemas, *id, *side))) {
            pending.push(*id);
        }
    }
    let mut found = BTreeSet::new();
    while let Some(id) = pending.pop() {
        if found.insert(id) {
            pending.extend(parents.get(&id).into_iter().flatten());
        }
    }
    found
}
