//! What a table of fields cannot say: values of plain types, and fields that need or exclude each other.

use super::Version;
use super::tables::{ObjectType, Shape};
use super::violation::ViolationKind;
use crate::source::{Kind, NodeRef};

/// How a finding is handed on: the node, and what is wrong with it.
type Report<'r, 's> = &'r mut dyn FnMut(NodeRef<'s>, ViolationKind);

/// Checks a value that holds no objects.
pub(super) fn plain<'s>(value: NodeRef<'s>, shape: Shape, report: Report<'_, 's>) {
    let kind = value.kind();
    let (fits, expected) = match shape {
        Shape::Text | Shape::Word(_) => (kind == Kind::String, "a string"),
        Shape::Bool => (kind == Kind::Bool, "a boolean"),
        Shape::Number => (kind == Kind::Number, "a number"),
        Shape::Positive => (value.as_f64().is_some_and(|number| number > 0.0), "a number above zero"),
        Shape::Count => (value.as_i64().is_some_and(|count| count >= 0), "an integer, 0 or more"),
        Shape::AnyList | Shape::SomeList => (kind == Kind::Sequence, "a list"),
        Shape::AnyMap | Shape::TextMap | Shape::TextSetMap => (kind == Kind::Mapping, "an object"),
        Shape::Words(_) => (matches!(kind, Kind::String | Kind::Sequence), "a string or a list of strings"),
        Shape::Texts | Shape::TextSet | Shape::SomeTexts => (kind == Kind::Sequence, "a list of strings"),
        _ => return,
    };
    if !fits {
        return report(value, ViolationKind::WrongType { expected });
    }
    if matches!(shape, Shape::SomeList | Shape::SomeTexts) && value.is_empty() {
        report(value, ViolationKind::Empty);
    }
    match shape {
        Shape::Word(allowed) => word(value, allowed, report),
        Shape::Words(allowed) if kind == Kind::String => word(value, allowed, report),
        Shape::Words(allowed) => {
            texts(value, true, report);
            value.items().for_each(|item| word(item, allowed, report));
        }
        Shape::Texts => texts(value, false, report),
        Shape::TextSet | Shape::SomeTexts => texts(value, true, report),
        Shape::TextMap => value.fields().for_each(|(_, entry)| plain(entry, Shape::Text, report)),
        Shape::TextSetMap => value.fields().for_each(|(_, entry)| plain(entry, Shape::TextSet, report)),
        _ => {}
    }
}

fn word<'s>(value: NodeRef<'s>, allowed: &'static [&'static str], report: Report<'_, 's>) {
    if value.as_str().is_some_and(|text| !allowed.contains(&text)) {
        report(value, ViolationKind::NotAllowed { allowed });
    }
}

fn texts<'s>(list: NodeRef<'s>, distinct: bool, report: Report<'_, 's>) {
    let mut seen = rustc_hash::FxHashSet::default();
    for item in list.items() {
        match item.as_str() {
            None => report(item, ViolationKind::WrongType { expected: "a string" }),
            Some(text) if distinct && !seen.insert(text) => report(item, ViolationKind::Repeated),
            Some(_) => {}
        }
    }
}

/// Checks the fields of an object against each other.
pub(super) fn check<'s>(node: NodeRef<'s>, object: ObjectType, version: Version, report: Report<'_, 's>) {
    let has = |field: &str| node.get(field).is_some();
    let mut exclude = |first: &'static str, second: &'static str| {
        if has(first) && has(second) {
            report(node, ViolationKind::Conflict { first, second });
        }
    };
    match object {
        ObjectType::MediaType | ObjectType::Header if version == Version::V30 => exclude("example", "examples"),
        ObjectType::Parameter => {
            if version == Version::V30 {
                exclude("example", "examples");
            }
            style(node, report);
        }
        ObjectType::Example => exclude("value", "externalValue"),
        ObjectType::License => exclude("url", "identifier"),
        ObjectType::Link => {
            exclude("operationId", "operationRef");
            if !has("operationId") && !has("operationRef") {
                report(node, ViolationKind::Missing { object, field: "operationId" });
            }
        }
        ObjectType::SecurityScheme => scheme(node, version, report),
        ObjectType::Responses if node.fields().all(|(status, _)| status.starts_with("x-")) => {
            report(node, ViolationKind::Empty);
        }
        ObjectType::Document if version == Version::V31 && !has("paths") && !has("components") && !has("webhooks") => {
            report(node, ViolationKind::Missing { object, field: "paths" });
        }
        _ => {}
    }
}

/// The styles that a parameter's location allows (3.1.1, section 4.8.12.3), and the one media type of `content`.
fn style<'s>(node: NodeRef<'s>, report: Report<'_, 's>) {
    let allowed: &'static [&'static str] = match node.str_at("in") {
        Some("path") => &["simple", "label", "matrix"],
        Some("query") => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        Some("header") => &["simple"],
        Some("cookie") => &["form"],
        _ => return,
    };
    if let Some(style) = node.get("style") {
        word(style, allowed, report);
    }
    if let Some(content) = node.get("content").filter(|content| content.is_mapping() && content.len() != 1) {
        report(content, ViolationKind::WrongType { expected: "an object with one media type" });
    }
}

/// The fields that a security scheme's type demands (3.1.1, section 4.8.27.1).
fn scheme<'s>(node: NodeRef<'s>, version: Version, report: Report<'_, 's>) {
    let object = ObjectType::SecurityScheme;
    let demanded: &'static [&'static str] = match node.str_at("type") {
        Some("apiKey") => &["name", "in"],
        Some("http") => &["scheme"],
        Some("oauth2") => &["flows"],
        Some("openIdConnect") => &["openIdConnectUrl"],
        Some("mutualTLS") if version == Version::V30 => {
            if let Some(value) = node.get("type") {
                report(value, ViolationKind::NotAllowed { allowed: &["apiKey", "http", "oauth2", "openIdConnect"] });
            }
            return;
        }
        _ => return,
    };
    for field in demanded {
        if node.get(field).is_none() {
            report(node, ViolationKind::Missing { object, field });
        }
    }
}
