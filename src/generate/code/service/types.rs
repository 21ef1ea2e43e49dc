//! Schemas as types of a programming language, before it is known which: named objects, aliases for other named schemas, and
//! what needs no name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::generate::code::names::{Case, Names};
use crate::generate::code::schema_document::{Direction, SchemaDocument};
use crate::generate::code::shape::{self, Shape};
use crate::model::{JsonType, Keyword, SchemaId, Schemas, Types};

use super::Naming;

/// Types nested deeper than this are `Any`.
const DEEPEST: u8 = 64;

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    /// Any JSON value.
    Any,
    /// Null.
    Null,
    /// A text.
    Text,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// What is no JSON.
    Bytes,
    /// A definition.
    Named(String),
    /// Some texts, whole numbers, true or false; at least one, none twice.
    Literal(Vec<Value>),
    /// An array.
    List(Box<Type>),
    /// An object with any names.
    Map(Box<Type>),
    /// One of several, flat, none twice; null stands last.
    Union(Vec<Type>),
}

impl Type {
    /// This or null.
    pub(crate) fn or_null(self) -> Type {
        union(vec![self, Type::Null])
    }

    /// One of several.
    pub(crate) fn one_of(kinds: Vec<Type>) -> Type {
        if kinds.is_empty() { Type::Null } else { union(kinds) }
    }

    /// Calls `visit` with this and every type in it.
    pub(crate) fn walk(&self, visit: &mut dyn FnMut(&Type)) {
        visit(self);
        match self {
            Type::List(item) | Type::Map(item) => item.walk(visit),
            Type::Union(members) => members.iter().for_each(|member| member.walk(visit)),
            _ => {}
        }
    }
}

/// One of several types.
fn union(members: Vec<Type>) -> Type {
    let mut flat: Vec<Type> = Vec::new();
    for member in members {
        let inner = match member {
            Type::Union(inner) => inner,
            other => vec![other],
        };
        for one in inner {
            if !flat.contains(&one) {
                flat.push(one);
            }
        }
    }
    if flat.contains(&Type::Any) || flat.is_empty() {
        return Type::Any;
    }
    if flat.contains(&Type::Null) {
        flat.retain(|one| *one != Type::Null);
        flat.push(Type::Null);
    }
    if flat.len() == 1 { flat.remove(0) } else { Type::Union(flat) }
}

/// A type with a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Definition {
    /// The name.
    pub(crate) name: String,
    /// What it stands for.
    pub(crate) body: Body,
    /// The schema.
    pub(crate) schema: SchemaId,
}

/// What a definition stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// An object with these fields.
    Object(Vec<Field>),
    /// Another type.
    Alias {
        /// Which.
        to: Type,
        /// Whether it uses a definition that stands behind it.
        forward: bool,
    },
}

impl Definition {
    /// The types that it is made of.
    pub(crate) fn kinds(&self) -> Vec<&Type> {
        match &self.body {
            Body::Object(fields) => fields.iter().map(|field| &field.kind).collect(),
            Body::Alias { to, .. } => vec![to],
        }
    }

    /// The fields of an object; none of an alias.
    pub(crate) fn fields(&self) -> &[Field] {
        match &self.body {
            Body::Object(fields) => fields,
            Body::Alias { .. } => &[],
        }
    }
}

/// One field of an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// Its name in JSON.
    pub(crate) name: String,
    /// Its type.
    pub(crate) kind: Type,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// Its schema.
    pub(crate) schema: SchemaId,
}

/// The types of a service as they grow.
pub(crate) struct Models<'a, 'b> {
    schemas: &'a Schemas,
    document: &'b mut SchemaDocument<'a>,
    names: Names,
    known: BTreeMap<(SchemaId, Direction), String>,
    open: BTreeSet<String>,
    /// Finished definitions; what one uses stands before it, but for cycles.
    pub(crate) definitions: Vec<Definition>,
}

impl<'a, 'b> Models<'a, 'b> {
    /// No type yet, for the schemas of a document.
    pub(crate) fn new(schemas: &'a Schemas, document: &'b mut SchemaDocument<'a>, naming: &Naming) -> Self {
        let names = Names::new(naming.language).with(naming.types);
        Models { schemas, document, names, known: BTreeMap::new(), open: BTreeSet::new(), definitions: Vec::new() }
    }

    /// Lets no type have this name.
    pub(crate) fn reserve(&mut self, name: &str) {
        self.names.claim(name, Case::Pascal);
    }

    /// The document of schemas behind the types.
    pub(crate) fn document(&mut self) -> &mut SchemaDocument<'a> {
        self.document
    }

    /// The type of a schema; `hint` names it where the contract does not.
    pub(crate) fn of(&mut self, id: SchemaId, direction: Direction, hint: &str) -> Type {
        self.build(id, direction, hint, DEEPEST)
    }

    fn build(&mut self, id: SchemaId, direction: Direction, hint: &str, depth: u8) -> Type {
        let id = self.schemas.resolve(id);
        let Some(depth) = depth.checked_sub(1) else { return Type::Any };
        let side = self.document.side(id, direction);
        let nullable = shape::types(self.schemas, id).has(JsonType::Null);
        let shape = Shape::of(self.schemas, id).filter(|shape| !shape.properties.is_empty());
        if let Some(name) = self.known.get(&(id, side)) {
            let model = Type::Named(name.clone());
            return if shape.is_some() && nullable { model.or_null() } else { model };
        }
        let shared = self.document.shared_name(id, direction);
        if shape.is_none() && shared.is_none() {
            return self.plain(id, direction, hint, depth);
        }
        let name = self.names.claim(shared.as_deref().unwrap_or(hint), Case::Pascal);
        self.known.insert((id, side), name.clone());
        self.open.insert(name.clone());
        let body = match &shape {
            Some(shape) => Body::Object(self.fields(&name, shape, direction, depth)),
            None => self.alias(&name, id, direction, depth),
        };
        self.open.remove(&name);
        self.definitions.push(Definition { name: name.clone(), body, schema: id });
        let model = Type::Named(name);
        if shape.is_some() && nullable { model.or_null() } else { model }
    }

    fn fields(&mut self, name: &str, shape: &Shape, direction: Direction, depth: u8) -> Vec<Field> {
        let shown = shape.properties.iter().filter(|property| match direction {
            Direction::Request => !property.read_only,
            Direction::Response => !property.write_only,
        });
        let field = |property: &shape::Property| {
            let hint = format!("{name}{}", Case::Pascal.apply(&property.name));
            let kind = self.build(property.schema, direction, &hint, depth);
            Field { name: property.name.clone(), kind, required: property.required, schema: property.schema }
        };
        shown.map(field).collect()
    }

    fn alias(&mut self, name: &str, id: SchemaId, direction: Direction, depth: u8) -> Body {
        let to = self.plain(id, direction, name, depth);
        if to == Type::Named(name.to_owned()) {
            return Body::Alias { to: Type::Any, forward: false };
        }
        let mut forward = false;
        to.walk(&mut |part| forward |= matches!(part, Type::Named(used) if self.open.contains(used)));
        Body::Alias { to, forward }
    }

    /// A type that needs no name.
    fn plain(&mut self, id: SchemaId, direction: Direction, hint: &str, depth: u8) -> Type {
        let types = shape::types(self.schemas, id);
        if let Some(values) = shape::choices(self.schemas, id) {
            return literal(&values, types);
        }
        let alternatives = shape::find(self.schemas, id, |keyword| match keyword {
            Keyword::OneOf(ids) | Keyword::AnyOf(ids) => Some(ids.clone()),
            _ => None,
        });
        if let Some(alternatives) = alternatives {
            let members = alternatives
                .iter()
                .enumerate()
                .map(|(at, one)| self.build(*one, direction, &format!("{hint}{}", at + 1), depth));
            return union(members.collect());
        }
        if types == Types::ALL || types == Types::NONE {
            return Type::Any;
        }
        let mut members = Vec::new();
        for (kind, name) in [(JsonType::String, Type::Text), (JsonType::Boolean, Type::Boolean)] {
            if types.has(kind) {
                members.push(name);
            }
        }
        if types.has(JsonType::Fraction) {
            members.push(Type::Number);
        } else if types.has(JsonType::Integer) {
            members.push(Type::Integer);
        }
        if types.has(JsonType::Array) {
            let items = shape::items(self.schemas, id);
            let item = items.map_or(Type::Any, |items| self.build(items, direction, &format!("{hint}Item"), depth));
            members.push(Type::List(Box::new(item)));
        }
        if types.has(JsonType::Object) {
            let additional = Shape::of(self.schemas, id).and_then(|shape| shape.additional);
            let item = additional
                .map_or(Type::Any, |additional| self.build(additional, direction, &format!("{hint}Value"), depth));
            members.push(Type::Map(Box::new(item)));
        }
        if types.has(JsonType::Null) {
            members.push(Type::Null);
        }
        union(members)
    }
}

/// The values of an enumeration, where languages have types for them.
fn literal(values: &[Value], types: Types) -> Type {
    let mut found = Vec::new();
    for value in values {
        match value {
            Value::Null => continue,
            Value::String(_) | Value::Bool(_) => {}
            Value::Number(number) if number.is_i64() => {}
            _ => return Type::Any,
        }
        if !found.contains(value) {
            found.push(value.clone());
        }
    }
    if found.is_empty() {
        return Type::Null;
    }
    let literal = Type::Literal(found);
    if values.contains(&Value::Null) && types.has(JsonType::Null) { literal.or_null() } else { literal }
}
