//! A payload field of the spec that the schema does not declare.

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::ServiceDocuments;
use crate::document::spec::Spec;
use crate::model::{Keyword, SchemaId, Schemas};
use crate::rules::closest::did_you_mean;
use crate::rules::names::bare;
use crate::rules::route::route_of;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// A payload field of the spec that the schema does not declare.
pub(crate) static RULE: Rule = Rule {
    id: "event-payload-undeclared",
    family: Family::Event,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A payload field of the spec is not in the event's schema",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-payload-undeclared.md"),
    check: Check::Spec(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, spec: &Spec, out: &mut Vec<Diagnostic>) {
    for published in &spec.published {
        let name = bare(&published.name.value);
        let Some(id) = schema_of(context, &service.name, name) else { continue };
        let schemas = &context.platform.schemas;
        let message = properties(schemas, id);
        let data = message.iter().find(|(name, _)| matches!(name.as_str(), "data" | "payload"));
        let declared = data.map_or_else(|| message.clone(), |(_, data)| properties(schemas, *data));
        if declared.is_empty() {
            continue;
        }
        for field in &published.payload {
            let path = field_path(&field.value);
            // The envelope's own fields may be listed beside those of the data.
            let known = holds(schemas, &declared, &path) || holds(schemas, &message, &path);
            if path.is_empty() || known {
                continue;
            }
            let text = path.join(".");
            let help = did_you_mean(&text, declared.iter().map(|(name, _)| name.as_str()), || {
                format!("Add `{text}` to the schema's properties, or remove it from the payload")
            });
            let headline = format!("The payload field `{text}` of `{name}` is not in its schema");
            let mut finding = RULE.finding(field.route, headline).help(help);
            if let Some(route) = route_of(context.sources, &schemas.get(id).origin) {
                finding = finding.related(route, "the schema");
            }
            out.push(finding);
        }
    }
}

/// The schema of the newest definition that has one.
fn schema_of(context: Context<'_>, service: &str, name: &str) -> Option<SchemaId> {
    let own = context.platform.service(service)?.publishes.iter().filter(|event| event.name == name);
    let all = context.platform.event(name).map(|event| event.definitions.as_slice()).unwrap_or_default();
    own.chain(all).filter_map(|definition| definition.schema).next_back()
}

/// `items[].sku: string` as `items`, `sku`; nothing for a sentence.
fn field_path(text: &str) -> Vec<String> {
    let text = text.trim().trim_start_matches(['`', '*', '"']);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '-' | '$' | '?');
    let end = text.find(|c: char| !plain(c)).unwrap_or(text.len());
    let rest = text[end..].trim_start_matches(['`', '*', '"']).trim_start();
    if !(rest.is_empty() || rest.starts_with([':', '(', '-', '–', '—', ',', '='])) {
        return Vec::new();
    }
    let parts = text[..end].trim_end_matches(['.', '?', '-']).split('.');
    let parts: Vec<String> = parts.map(|part| part.trim_end_matches(['[', ']', '?']).to_owned()).collect();
    if parts.iter().any(String::is_empty) { Vec::new() } else { parts }
}

/// Whether a path of fields is declared. What stands below a schema without properties is open.
fn holds(schemas: &Schemas, declared: &[(String, SchemaId)], path: &[String]) -> bool {
    let mut level = declared.to_vec();
    for part in path {
        let Some((_, next)) = level.iter().find(|(name, _)| name == part) else { return false };
        level = properties(schemas, item_of(schemas, *next));
        if level.is_empty() {
            return true;
        }
    }
    true
}

/// The items' schema of an array, or the schema itself.
fn item_of(schemas: &Schemas, id: SchemaId) -> SchemaId {
    let resolved = schemas.resolve(id);
    let items = schemas.get(resolved).keywords.iter().find_map(|keyword| match keyword {
        Keyword::Items(items) => Some(*items),
        _ => None,
    });
    items.unwrap_or(resolved)
}

/// Every property that a schema declares, through references and compositions; each schema is visited once.
fn properties(schemas: &Schemas, id: SchemaId) -> Vec<(String, SchemaId)> {
    let (mut found, mut seen, mut open) = (Vec::new(), Vec::new(), vec![id]);
    while let Some(id) = open.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        for keyword in &schemas.get(id).keywords {
            match keyword {
                Keyword::Properties(properties) => found.extend(properties.iter().cloned()),
                Keyword::Ref(target) => open.push(*target),
                Keyword::AllOf(parts) | Keyword::AnyOf(parts) | Keyword::OneOf(parts) => open.extend(parts),
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_field_names_as_people_write_them() {
        assert_eq!(field_path("orderId"), ["orderId"]);
        assert_eq!(field_path("`items[]`: the lines"), ["items"]);
        assert_eq!(field_path("items[].sku (string)"), ["items", "sku"]);
        assert!(field_path("everything about the order").is_empty());
    }
}
