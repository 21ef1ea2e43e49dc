//! Schemas as Python types: a `TypedDict` for an object, an alias for another named schema.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::generate::code::names::{Case, Names};
use crate::generate::code::schema_document::{Direction, SchemaDocument};
use crate::generate::code::shape::{self, Shape};
use crate::model::{JsonType, Keyword, Language, SchemaId, Schemas, Types};

use super::layout::string;
use super::words::{BUILT_INS, is_identifier};

/// Types nested deeper than this are `Any`.
const DEEPEST: u8 = 64;

/// A type, before it is known from which module it is named.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Annotation {
    /// A built-in type, or one of `typing`.
    Plain(&'static str),
    /// A type of the models module.
    Model(String),
    /// Values.
    Literal(Vec<String>),
    /// `list[…]`.
    List(Box<Annotation>),
    /// `dict[str, …]`.
    Map(Box<Annotation>),
    /// `… | …`.
    Union(Vec<Annotation>),
}

impl Annotation {
    /// The expression; `module` stands before models (`models.`).
    pub(crate) fn render(&self, module: &str) -> String {
        match self {
            Annotation::Plain(name) => (*name).to_owned(),
            Annotation::Model(name) => format!("{module}{name}"),
            Annotation::Literal(values) => format!("Literal[{}]", values.join(", ")),
            Annotation::List(item) => format!("list[{}]", item.render(module)),
            Annotation::Map(item) => format!("dict[str, {}]", item.render(module)),
            Annotation::Union(members) => {
                members.iter().map(|member| member.render(module)).collect::<Vec<_>>().join(" | ")
            }
        }
    }

    /// This or null.
    pub(crate) fn or_none(self) -> Annotation {
        union(vec![self, Annotation::Plain("None")])
    }

    /// The names of `typing` and of the models that it uses.
    pub(crate) fn collect(&self, names: &mut BTreeSet<String>) {
        match self {
            Annotation::Plain("Any") => drop(names.insert("Any".to_owned())),
            Annotation::Plain(_) => {}
            Annotation::Model(name) => drop(names.insert(name.clone())),
            Annotation::Literal(_) => drop(names.insert("Literal".to_owned())),
            Annotation::List(item) | Annotation::Map(item) => item.collect(names),
            Annotation::Union(members) => members.iter().for_each(|member| member.collect(names)),
        }
    }
}

/// One of several types, flat and without repetition; `None` stands last, `Any` takes all.
fn union(members: Vec<Annotation>) -> Annotation {
    let mut flat: Vec<Annotation> = Vec::new();
    for member in members {
        let inner = match member {
            Annotation::Union(inner) => inner,
            other => vec![other],
        };
        for one in inner {
            if !flat.contains(&one) {
                flat.push(one);
            }
        }
    }
    if flat.contains(&Annotation::Plain("Any")) || flat.is_empty() {
        return Annotation::Plain("Any");
    }
    let none = Annotation::Plain("None");
    if flat.contains(&none) {
        flat.retain(|one| *one != none);
        flat.push(none);
    }
    if flat.len() == 1 { flat.remove(0) } else { Annotation::Union(flat) }
}

/// A definition in the models module.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Definition {
    /// Name of the type.
    pub(crate) name: String,
    /// Fields of a `TypedDict`.
    pub(crate) fields: Vec<FieldType>,
    /// The type that an alias stands for.
    pub(crate) alias: Option<String>,
    /// Whether a field's name is no identifier, which the class syntax cannot express.
    pub(crate) functional: bool,
}

/// One field of a `TypedDict`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FieldType {
    /// Its name.
    pub(crate) name: String,
    /// Its name as a literal.
    pub(crate) literal: String,
    /// Its type.
    pub(crate) annotation: String,
}

/// The models module as it grows.
pub(crate) struct Models<'a, 'b> {
    schemas: &'a Schemas,
    document: &'b mut SchemaDocument<'a>,
    names: Names,
    known: BTreeMap<(SchemaId, Direction), String>,
    open: BTreeSet<String>,
    /// Finished definitions; what one uses stands before it, but for cycles.
    pub(crate) definitions: Vec<Definition>,
    /// Names of `typing` that they use.
    pub(crate) typing: BTreeSet<String>,
}

impl<'a, 'b> Models<'a, 'b> {
    /// An empty module for the schemas of a document.
    pub(crate) fn new(schemas: &'a Schemas, document: &'b mut SchemaDocument<'a>) -> Self {
        let names = Names::new(Language::Python).with(&["Any", "Literal", "NotRequired", "TypeAlias", "TypedDict"]);
        Models {
            schemas,
            document,
            names,
            known: BTreeMap::new(),
            open: BTreeSet::new(),
            definitions: Vec::new(),
            typing: BTreeSet::new(),
        }
    }

    /// The document of schemas behind the models.
    pub(crate) fn document(&mut self) -> &mut SchemaDocument<'a> {
        self.document
    }

    /// The type of a schema; `hint` names it where the contract does not.
    pub(crate) fn annotation(&mut self, id: SchemaId, direction: Direction, hint: &str) -> Annotation {
        self.build(id, direction, hint, DEEPEST)
    }

    fn build(&mut self, id: SchemaId, direction: Direction, hint: &str, depth: u8) -> Annotation {
        let id = self.schemas.resolve(id);
        let Some(depth) = depth.checked_sub(1) else { return Annotation::Plain("Any") };
        let side = self.document.side(id, direction);
        let nullable = shape::types(self.schemas, id).has(JsonType::Null);
        let shape = Shape::of(self.schemas, id).filter(|shape| !shape.properties.is_empty());
        if let Some(name) = self.known.get(&(id, side)) {
            let model = Annotation::Model(name.clone());
            return if shape.is_some() && nullable { model.or_none() } else { model };
        }
        let shared = self.document.shared_name(id, direction);
        if shape.is_none() && shared.is_none() {
            return self.plain(id, direction, hint, depth);
        }
        let name = self.names.claim(shared.as_deref().unwrap_or(hint), Case::Pascal);
        self.known.insert((id, side), name.clone());
        self.open.insert(name.clone());
        let definition = match &shape {
            Some(shape) => self.typed_dict(&name, shape, direction, depth),
            None => self.alias(&name, id, direction, depth),
        };
        self.open.remove(&name);
        self.definitions.push(definition);
        let model = Annotation::Model(name);
        if shape.is_some() && nullable { model.or_none() } else { model }
    }

    fn typed_dict(&mut self, name: &str, shape: &Shape, direction: Direction, depth: u8) -> Definition {
        self.typing.insert("TypedDict".to_owned());
        let mut fields = Vec::new();
        let mut functional = false;
        for property in &shape.properties {
            let hidden = match direction {
                Direction::Request => property.read_only,
                Direction::Response => property.write_only,
            };
            if hidden {
                continue;
            }
            functional |= !is_identifier(&property.name)
                || property.name.starts_with("__")
                || BUILT_INS.contains(&property.name.as_str());
            let hint = format!("{name}{}", Case::Pascal.apply(&property.name));
            let annotation = self.build(property.schema, direction, &hint, depth);
            self.note(&annotation);
            let mut annotation = annotation.render("");
            if !property.required {
                self.typing.insert("NotRequired".to_owned());
                annotation = format!("NotRequired[{annotation}]");
            }
            fields.push(FieldType { name: property.name.clone(), literal: string(&property.name), annotation });
        }
        if functional {
            for field in &mut fields {
                field.annotation = string(&field.annotation);
            }
        }
        Definition { name: name.to_owned(), fields, alias: None, functional }
    }

    fn alias(&mut self, name: &str, id: SchemaId, direction: Direction, depth: u8) -> Definition {
        self.typing.insert("TypeAlias".to_owned());
        let annotation = self.plain(id, direction, name, depth);
        self.note(&annotation);
        let mut used = BTreeSet::new();
        annotation.collect(&mut used);
        let itself = annotation == Annotation::Model(name.to_owned());
        let cyclic = used.iter().any(|used| self.open.contains(used));
        let text = annotation.render("");
        let alias = match (itself, cyclic) {
            (true, _) => {
                self.typing.insert("Any".to_owned());
                "Any".to_owned()
            }
            (false, true) => string(&text),
            (false, false) => text,
        };
        Definition { name: name.to_owned(), fields: Vec::new(), alias: Some(alias), functional: false }
    }

    fn note(&mut self, annotation: &Annotation) {
        let mut used = BTreeSet::new();
        annotation.collect(&mut used);
        self.typing.extend(used.into_iter().filter(|name| ["Any", "Literal"].contains(&name.as_str())));
    }

    /// A type that needs no name.
    fn plain(&mut self, id: SchemaId, direction: Direction, hint: &str, depth: u8) -> Annotation {
        let types = shape::types(self.schemas, id);
        if let Some(values) = shape::choices(self.schemas, id) {
            return literal(values, types);
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
            return Annotation::Plain("Any");
        }
        let mut members = Vec::new();
        for (kind, name) in [(JsonType::String, "str"), (JsonType::Boolean, "bool")] {
            if types.has(kind) {
                members.push(Annotation::Plain(name));
            }
        }
        if types.has(JsonType::Fraction) {
            members.push(Annotation::Plain("float"));
        } else if types.has(JsonType::Integer) {
            members.push(Annotation::Plain("int"));
        }
        if types.has(JsonType::Array) {
            let items = shape::items(self.schemas, id);
            let item = items
                .map_or(Annotation::Plain("Any"), |items| self.build(items, direction, &format!("{hint}Item"), depth));
            members.push(Annotation::List(Box::new(item)));
        }
        if types.has(JsonType::Object) {
            let additional = Shape::of(self.schemas, id).and_then(|shape| shape.additional);
            let item = additional.map_or(Annotation::Plain("Any"), |additional| {
                self.build(additional, direction, &format!("{hint}Value"), depth)
            });
            members.push(Annotation::Map(Box::new(item)));
        }
        if types.has(JsonType::Null) {
            members.push(Annotation::Plain("None"));
        }
        union(members)
    }
}

/// The values of an enumeration, where Python has literal types for them.
fn literal(values: &[Value], types: Types) -> Annotation {
    let mut found = Vec::new();
    let mut none = false;
    for value in values {
        let text = match value {
            Value::String(text) => string(text),
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            Value::Number(number) if number.is_i64() => number.to_string(),
            Value::Null => {
                none = true;
                continue;
            }
            _ => return Annotation::Plain("Any"),
        };
        if !found.contains(&text) {
            found.push(text);
        }
    }
    let literal = match found.is_empty() {
        true => return Annotation::Plain("None"),
        false => Annotation::Literal(found),
    };
    if none && types.has(JsonType::Null) { literal.or_none() } else { literal }
}
