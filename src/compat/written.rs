//! How bodies are written, by their media types: as JSON, as forms, or as text.

use std::collections::BTreeSet;

use super::relation::{Fields, Relation, Writing};
use crate::model::{Encoding, MediaType};

/// What a media type is a form of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notation {
    /// One that tells numbers from texts, or an unknown one.
    Json,
    Form,
    Text,
    Xml,
}

/// A media type without its parameters, in lower case.
pub(super) fn essence(name: &str) -> String {
    let plain = name.split(';').next().unwrap_or_default();
    plain.trim().to_ascii_lowercase()
}

/// Whether it is XML (RFC 7303, section 4.2).
pub(super) fn is_xml(name: &str) -> bool {
    notation(name) == Notation::Xml
}

/// Whether single values are texts in it.
pub(super) fn is_text(name: &str) -> bool {
    notation(name) != Notation::Json
}

fn notation(name: &str) -> Notation {
    let name = essence(name);
    let (kind, own) = name.split_once('/').unwrap_or((&name, ""));
    let format = own.rsplit_once('+').map_or(own, |(_, suffix)| suffix).trim_start_matches("x-");
    match (kind, format) {
        (_, "xml") => Notation::Xml,
        ("multipart", _) | ("application", "www-form-urlencoded") => Notation::Form,
        // What these hold has types of its own.
        ("text", "json" | "yaml" | "vnd.yaml" | "event-stream") => Notation::Json,
        ("text", _) => Notation::Text,
        _ => Notation::Json,
    }
}

/// How values are written in the content of both sides. Where it is not the same, what differs in either counts.
pub(super) fn writing(relation: &mut Relation<'_>, before: &MediaType, after: &MediaType) -> Writing {
    match (notation(&before.name), notation(&after.name)) {
        (Notation::Form, Notation::Form) => relation.form(fields(before, after)),
        (Notation::Xml, Notation::Xml) => Writing::Xml,
        (Notation::Xml | Notation::Text, Notation::Xml | Notation::Text) => Writing::Text,
        _ => Writing::Json,
    }
}

/// The fields of a form that say how they are written, where it is not as others are.
fn fields(before: &MediaType, after: &MediaType) -> Fields {
    let stated = |media: &MediaType, name: &str| {
        media.encoding.iter().find(|one| one.property == name).map_or(Writing::Field, field)
    };
    let names: BTreeSet<&String> = before.encoding.iter().chain(&after.encoding).map(|one| &one.property).collect();
    // That it changed is told as that.
    let each = names.into_iter().map(|name| (name.clone(), stricter(stated(before, name), stated(after, name))));
    each.filter(|(_, writing)| *writing != Writing::Field).collect()
}

/// How a field is written: like a parameter where it has a style, and else by its media types. With the style of most it is
/// taken to have none.
fn field(stated: &Encoding) -> Writing {
    if stated.style != "form" {
        return Writing::Text;
    }
    let Some(types) = &stated.content_type else { return Writing::Field };
    let each = types.split(',').map(|one| match notation(one) {
        Notation::Json => Writing::Json,
        Notation::Xml => Writing::Xml,
        Notation::Form | Notation::Text => Writing::Field,
    });
    each.reduce(stricter).unwrap_or(Writing::Field)
}

/// Of two writings the one that tells more values apart.
fn stricter(one: Writing, other: Writing) -> Writing {
    let rank = |writing| match writing {
        Writing::Json => 0,
        Writing::Form(_) | Writing::Field => 1,
        Writing::Text | Writing::Xml | Writing::Parameter => 2,
    };
    if rank(other) < rank(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_say_how_bodies_are_written() {
        for (name, expected) in [
            ("application/json; charset=utf-8", Notation::Json),
            ("application/problem+json", Notation::Json),
            ("application/vnd.acme", Notation::Json),
            ("*/*", Notation::Json),
            ("Application/X-WWW-Form-Urlencoded", Notation::Form),
            ("multipart/mixed", Notation::Form),
            ("multipart/*", Notation::Form),
            ("application/xml", Notation::Xml),
            ("text/xml; charset=utf-8", Notation::Xml),
            ("image/svg+xml", Notation::Xml),
            ("text/plain", Notation::Text),
            ("text/csv", Notation::Text),
            ("text/*", Notation::Text),
            ("text/x-yaml", Notation::Json),
            ("text/vnd.acme+json", Notation::Json),
        ] {
            assert_eq!(notation(name), expected, "{name}");
        }
    }
}
