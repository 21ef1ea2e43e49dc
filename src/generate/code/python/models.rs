//! The models module: a `TypedDict` for an object, an alias for another named schema.

use std::collections::BTreeSet;

use serde_json::{Value as View, json};

use crate::generate::code::service::{Body, Definition, Field, ServiceCode, Type};

use super::layout::{Code, WIDTH, string, value};
use super::words::{BUILT_INS, is_identifier, may_be_identifier};

/// A type as an annotation; `module` stands before models (`models.`).
pub(crate) fn annotation(kind: &Type, module: &str) -> String {
    match kind {
        Type::Any => "Any".to_owned(),
        Type::Null => "None".to_owned(),
        Type::Text => "str".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Integer => "int".to_owned(),
        Type::Number => "float".to_owned(),
        Type::Bytes => "bytes".to_owned(),
        Type::Named(name) => format!("{module}{name}"),
        Type::Literal(values) => {
            let values: Vec<String> = values.iter().map(|one| value(one).lay_out(0, "", "")).collect();
            format!("Literal[{}]", values.join(", "))
        }
        Type::List(item) => format!("list[{}]", annotation(item, module)),
        Type::Map(item) => format!("dict[str, {}]", annotation(item, module)),
        Type::Union(members) => members.iter().map(|member| annotation(member, module)).collect::<Vec<_>>().join(" | "),
    }
}

/// What the templates of the models module are rendered over.
pub(crate) fn view(code: &ServiceCode<'_>) -> View {
    json!({
        "definitions": definitions(&code.definitions),
        "typing_import": format!("from typing import {}", typing(&code.definitions).join(", "))})
}

/// Definitions, as a template writes them.
pub(crate) fn definitions(definitions: &[Definition]) -> Vec<View> {
    let view = |definition: &Definition| {
        let fields = definition.fields();
        let functional = fields.iter().any(|field| is_hiding(&field.name));
        let fields = if functional { &[] } else { fields };
        json!({
            "name": definition.name,
            "alias": matches!(definition.body, Body::Alias { .. }),
            "functional": functional,
            "fields": fields.iter().map(declared).collect::<Vec<_>>(),
            "source": source(definition)})
    };
    definitions.iter().map(view).collect()
}

/// Whether a field's name is none that the class syntax can express.
fn is_hiding(name: &str) -> bool {
    !is_identifier(name) || name.starts_with("__") || BUILT_INS.contains(&name)
}

/// The names of `typing` that the definitions use.
pub(crate) fn typing(definitions: &[Definition]) -> Vec<&'static str> {
    let mut names = BTreeSet::new();
    let mut note = |kind: &Type| {
        kind.walk(&mut |part| match part {
            Type::Any => drop(names.insert("Any")),
            Type::Literal(_) => drop(names.insert("Literal")),
            _ => {}
        });
    };
    for definition in definitions {
        match &definition.body {
            Body::Object(fields) => fields.iter().for_each(|field| note(&field.kind)),
            Body::Alias { to, .. } => note(to),
        }
    }
    let is_alias = |definition: &&Definition| matches!(definition.body, Body::Alias { .. });
    if definitions.iter().any(|definition| is_alias(&definition)) {
        names.insert("TypeAlias");
    }
    if definitions.iter().any(|definition| !is_alias(&definition)) {
        names.insert("TypedDict");
    }
    if definitions.iter().flat_map(Definition::fields).any(|field| !field.required) {
        names.insert("NotRequired");
    }
    names.into_iter().collect()
}

/// A field's annotation.
fn field_annotation(field: &Field) -> String {
    let kind = annotation(&field.kind, "");
    if field.required { kind } else { format!("NotRequired[{kind}]") }
}

/// A field of a class; an enumeration that is too long for a line has one for each member.
fn declared(field: &Field) -> String {
    let flat = format!("{}: {}", field.name, field_annotation(field));
    if 4 + flat.chars().count() <= WIDTH {
        return flat;
    }
    broken(&field.kind, !field.required, 4, &format!("{}: ", field.name)).unwrap_or(flat)
}

/// A type over several lines, as far as it is an enumeration in brackets.
fn broken(kind: &Type, optional: bool, indent: usize, before: &str) -> Option<String> {
    let (open, inner) = match kind {
        _ if optional => ("NotRequired[", kind),
        Type::Literal(_) => return Some(literal(kind).lay_out(indent, before, "")),
        Type::List(item) => ("list[", &**item),
        _ => return None,
    };
    let (deeper, shallower) = (" ".repeat(indent + 4), " ".repeat(indent));
    let flat = annotation(inner, "");
    let fits = indent + 4 + flat.chars().count() <= WIDTH;
    let inner = if fits { flat } else { broken(inner, false, indent + 4, "")? };
    Some(format!("{before}{open}\n{deeper}{inner}\n{shallower}]"))
}

/// `Literal["a", "b"]`.
fn literal(kind: &Type) -> Code {
    let Type::Literal(values) = kind else { return Code::text("") };
    Code::group("Literal[", values.iter().map(value).collect(), "]")
}

/// Keeps the linter from making a class of a definition.
const KEPT: &str = "  # noqa: UP013";

/// A definition that is no class.
fn source(definition: &Definition) -> String {
    let name = &definition.name;
    let fields = match &definition.body {
        Body::Alias { to, forward: true } => return format!("{name}: TypeAlias = {}", string(&annotation(to, ""))),
        Body::Alias { to: to @ Type::Literal(_), .. } => {
            return literal(to).lay_out(0, &format!("{name}: TypeAlias = "), "");
        }
        Body::Alias { to, .. } => return format!("{name}: TypeAlias = {}", annotation(to, "")),
        Body::Object(fields) => fields,
    };
    let entry = |field: &Field| Code::entry(&field.name, Code::text(string(&field_annotation(field))));
    // Where a class could say the same, the linter asks for one, although its fields would hide what their types are called.
    let classlike = fields.iter().all(|field| may_be_identifier(&field.name) && !field.name.starts_with("__"));
    let fields = Code::group("{", fields.iter().map(entry).collect(), "}");
    let arguments = vec![Code::text(string(name)), fields];
    let source = Code::group("TypedDict(", arguments, ")").lay_out(0, &format!("{name} = "), "");
    let (head, rest) = source.split_at(source.find('\n').unwrap_or(source.len()));
    if classlike { format!("{head}{KEPT}{rest}") } else { source }
}
