//! The models module: an interface for an object, an alias for another named schema.

use serde_json::{Value as View, json};

use crate::generate::code::service::{Body, Definition, Field, ServiceCode, Type};

use super::layout::{WIDTH, annotation, is_union, key, members};

/// What the template of the models module is rendered over.
pub(crate) fn view(code: &ServiceCode<'_>) -> View {
    json!({ "definitions": code.definitions.iter().map(definition).collect::<Vec<_>>() })
}

/// The declaration of a type with a name.
pub(crate) fn definition(definition: &Definition) -> String {
    let name = &definition.name;
    match &definition.body {
        Body::Alias { to: Type::Map(item), forward: true } => {
            format!("export interface {name} {{\n  [name: string]: {};\n}}", annotation(item, ""))
        }
        Body::Alias { to, forward } => {
            let mut lines = typed(&format!("export type {name} ="), to, "", 0);
            if *forward {
                // `Record` cannot be part of what it is defined by.
                lines = open_maps(&lines);
            }
            lines
        }
        Body::Object(fields) if fields.is_empty() => format!("export type {name} = Record<string, unknown>;"),
        Body::Object(fields) => {
            let fields: Vec<String> = fields.iter().map(|one| format!("  {}\n", declared(one))).collect();
            format!("export interface {name} {{\n{}}}", fields.concat())
        }
    }
}

/// Every `Record<string, X>` as `{ [name: string]: X }`.
fn open_maps(text: &str) -> String {
    const OPEN: &str = "Record<string, ";
    let mut rest = text;
    let mut opened = String::with_capacity(text.len());
    let mut inside = 0_usize;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(OPEN) {
            opened.push_str("{ [name: string]: ");
            inside += 1;
            rest = after;
            continue;
        }
        match first {
            '>' if inside > 0 => {
                opened.push_str(" }");
                inside -= 1;
            }
            other => opened.push(other),
        }
        rest = &rest[first.len_utf8()..];
    }
    opened
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
    let below = format!("{}{};", " ".repeat(indent + 2), annotation(kind, module));
    match kind {
        // A union fits on a line of its own, or has one for each member.
        kind if is_union(kind) && before.starts_with("export type") && below.chars().count() <= WIDTH => {
            format!("{before}\n{below}")
        }
        kind if is_union(kind) => format!("{before}\n{};", rows(kind)),
        Type::List(item) if is_union(item) => format!("{before} (\n{}\n{})[];", rows(item), " ".repeat(indent)),
        _ => flat,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_may_hold_itself() {
        let text = "export type Json = string | Json[] | Record<string, Json>;";
        assert_eq!(open_maps(text), "export type Json = string | Json[] | { [name: string]: Json };");
    }
}
