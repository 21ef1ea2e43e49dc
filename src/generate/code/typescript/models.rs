//! The models module: an interface for an object, an alias for another named schema.

use serde_json::{Value as View, json};

use crate::generate::code::service::{Body, Definition, Field, ServiceCode, Type};

use super::layout::{WIDTH, annotation, is_union, key, members};

/// What the template of the models module is rendered over.
pub(crate) fn view(code: &ServiceCode<'_>) -> View {
    json!({ "definitions": code.definitions.iter().map(definition).collect::<Vec<_>>() })
}

fn definition(definition: &Definition) -> String {
    let name = &definition.name;
    match &definition.body {
        Body::Alias { to, .. } => typed(&format!("export type {name} ="), to, "", 0),
        Body::Object(fields) if fields.is_empty() => format!("export type {name} = Record<string, unknown>;"),
        Body::Object(fields) => {
            let fields: Vec<String> = fields.iter().map(|one| format!("  {}\n", declared(one))).collect();
            format!("export interface {name} {{\n{}}}", fields.concat())
        }
    }
}

fn declared(field: &Field) -> String {
    let mark = if field.required { ":" } else { "?:" };
    typed(&format!("{}{mark}", key(&field.name)), &field.kind, "", 2)
}

/// A declaration with its type behind it; a union that is too long has a line for each member.
pub(crate) fn typed(before: &str, kind: &Type, module: &str, indent: usize) -> String {
    let flat = format!("{before} {};", annotation(kind, module));
    if indent + flat.chars().count() <= WIDTH {
        return flat;
    }
    let rows = |kind: &Type| {
        let row = |member: String| format!("{}| {member}", " ".repeat(indent + 2));
        members(kind, module).into_iter().map(row).collect::<Vec<_>>().join("\n")
    };
    match kind {
        kind if is_union(kind) => format!("{before}\n{};", rows(kind)),
        Type::List(item) if is_union(item) => format!("{before} (\n{}\n{})[];", rows(item), " ".repeat(indent)),
        _ => flat,
    }
}
