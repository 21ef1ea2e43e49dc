//! What is said of a change in one line, in terms of what the reader wrote, and which operations and events it reaches.

use std::sync::Arc;

use super::change::{Action, Change, Direction, Kind, Reach};

/// One headline for a change, in terms of what the reader wrote.
pub(super) fn headline(change: &Change, hit: &[&Reach]) -> String {
    let subject = &change.subject;
    let side = hit.first().map_or(Direction::Request, |reach| reach.direction).name();
    let at = hit.first().map_or(String::new(), |reach| format!(" of `{}`", reach.subject));
    let from_to = match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!(" from {old} to {new}"),
        _ => String::new(),
    };
    let required = if change.required { "required " } else { "" };
    match (change.kind, change.action) {
        (Kind::Operation, Action::Added) => format!("operation `{subject}` added"),
        (Kind::Operation | Kind::Api, _) => format!("operation `{subject}` removed"),
        (Kind::Parameter, Action::Added) => format!("new {required}parameter `{subject}`{at}"),
        (Kind::Parameter, _) => format!("parameter `{subject}`{at} removed"),
        (Kind::ParameterRequired, Action::Added) => format!("parameter `{subject}`{at} became required"),
        (Kind::ParameterRequired, _) => format!("parameter `{subject}`{at} became optional"),
        (Kind::ParameterStyle, _) => format!("parameter `{subject}`{at} is serialised differently:{from_to}"),
        (Kind::RequestBody, Action::Added) => format!("new {required}request body{at}"),
        (Kind::RequestBody, _) => format!("request body{at} removed"),
        (Kind::RequestBodyRequired, Action::Added) => format!("request body{at} became required"),
        (Kind::RequestBodyRequired, _) => format!("request body{at} became optional"),
        (Kind::MediaType, Action::Added) => format!("new media type `{subject}` in the {side}{at}"),
        (Kind::MediaType, Action::Changed) => format!("media type in the {side}{at} changed{from_to}"),
        (Kind::MediaType, _) => format!("media type `{subject}` removed from the {side}{at}"),
        (Kind::Response, Action::Added) => format!("new response `{subject}`{at}"),
        (Kind::Response, Action::Removed) => format!("response `{subject}`{at} removed"),
        (Kind::Response, Action::Changed) => format!("response `{subject}`{at} changed{from_to}"),
        (Kind::Header, Action::Added) => format!("new response header `{subject}`{at}"),
        (Kind::Header, _) => format!("response header `{subject}`{at} removed"),
        (Kind::HeaderRequired, Action::Added) => format!("response header `{subject}`{at} is always sent now"),
        (Kind::HeaderRequired, _) => format!("response header `{subject}`{at} may be missing now"),
        (Kind::HeaderStyle, _) => format!("response header `{subject}`{at} is serialised differently:{from_to}"),
        (Kind::Link, Action::Added) => format!("new link `{subject}` in the response{at}"),
        (Kind::Link, Action::Removed) => format!("link `{subject}` removed from the response{at}"),
        (Kind::Link, _) => format!("link `{subject}` in the response{at} changed{from_to}"),
        (Kind::Webhook, Action::Added) => format!("webhook `{subject}` added"),
        (Kind::Webhook, _) => format!("webhook `{subject}` removed"),
        (Kind::Callback, Action::Added) => format!("callback `{subject}`{at} added"),
        (Kind::Callback, _) => format!("callback `{subject}` removed"),
        (Kind::SharedSchema, Action::Added) => format!("schema `{subject}` added"),
        (Kind::SharedSchema, _) => format!("schema `{subject}` removed"),
        (Kind::BasePath, _) => format!("base path changed{from_to}"),
        (Kind::Server, Action::Added) => format!("server `{subject}` added"),
        (Kind::Server, _) => format!("server `{subject}` removed"),
        (Kind::OperationId, _) => format!("operationId{at} changed{from_to}"),
        (Kind::Tag, _) => format!("tags{at} changed{from_to}"),
        (Kind::Extension, _) if is_of_document(change) => format!("`{subject}` of the contract changed{from_to}"),
        (Kind::Extension, _) => format!("`{subject}`{at} changed{from_to}"),
        (Kind::Deprecation, Action::Added) => format!("`{subject}`{at} is deprecated"),
        (Kind::Deprecation, _) => format!("`{subject}`{at} is no longer deprecated"),
        (Kind::Sunset, _) => format!("sunset{at} changed{from_to}"),
        (Kind::Stability, _) => format!("stability{at} changed{from_to}"),
        (Kind::ContractVersion, _) => format!("version of the contract changed{from_to}"),
        (Kind::Encoding, _) => format!("encoding of `{subject}` in the {side}{at} changed{from_to}"),
        (Kind::Xml, _) => format!("what `{subject}` is in the XML of the {side}{at} changed{from_to}"),
        (Kind::Default | Kind::ParameterDefault, _) => {
            format!("default of `{subject}` in the {side}{at} changed{from_to}")
        }
        (Kind::Discriminator, _) => format!("discriminator of `{subject}` in the {side}{at} changed{from_to}"),
        (Kind::Access, Action::Added) => format!("field `{subject}` is now part of the {side}{at}"),
        (Kind::Access, _) => format!("field `{subject}` is no longer part of the {side}{at}"),
        (Kind::Alternative, Action::Added) => format!("new alternative `{subject}` in the {side}{at}"),
        (Kind::Alternative, _) => format!("alternative `{subject}` removed in the {side}{at}"),
        (Kind::Security, _) => format!("security{at} changed{from_to}"),
        (Kind::Event, Action::Added) => format!("event `{subject}` added"),
        (Kind::Event, _) => format!("event `{subject}` removed"),
        (Kind::EventName, _) => format!("event renamed{from_to}"),
        (Kind::EventVersion, Action::Added) => format!("event `{subject}` has the new version {}", shown(&change.new)),
        (Kind::EventVersion, _) if change.new.is_some() => format!("version of event `{subject}` replaced{from_to}"),
        (Kind::EventVersion, _) => format!("version {} of event `{subject}` removed", shown(&change.old)),
        (Kind::EventTopic, _) => format!("event `{subject}` moved{from_to}"),
        (Kind::Property, Action::Added) => format!("new {required}field `{subject}` in the {side}{at}"),
        (Kind::Property, _) => format!("field `{subject}` removed from the {side}{at}"),
        (Kind::PropertyRequired, Action::Added) => format!("field `{subject}` of the {side}{at} became required"),
        (Kind::PropertyRequired, _) => format!("field `{subject}` of the {side}{at} became optional"),
        (Kind::Type, _) => format!("type of `{subject}` in the {side}{at} changed{from_to}"),
        (Kind::Values, Action::Added | Action::Removed) => {
            format!("allowed values of `{subject}` in the {side}{at} changed{from_to}")
        }
        (Kind::Values | Kind::KnownValues, _) => {
            format!("allowed values of `{subject}` in the {side}{at} {}", lost_and_gained(change))
        }
        (Kind::Constraint, _) => format!("`{subject}` in the {side}{at} changed{from_to}"),
        (Kind::AdditionalProperties, _) => {
            format!("undeclared properties of `{subject}` in the {side}{at} changed{from_to}")
        }
        (Kind::EventSchema, Action::Added) => format!("event `{subject}` has a schema now"),
        (Kind::EventSchema, _) => format!("event `{subject}` has no schema any more"),
        (Kind::Schema, Action::Added) => format!("the {side}{at} has a schema now"),
        (Kind::Schema, _) => format!("the {side}{at} has no schema any more"),
        (Kind::Composition, Action::Added) => format!("`{subject}` added in the {side}{at}"),
        (Kind::Composition, Action::Removed) => format!("`{subject}` removed in the {side}{at}"),
        (Kind::Composition, _) => format!("`{subject}` in the {side}{at} changed{from_to}"),
    }
}

/// What a list lost and gained.
fn lost_and_gained(change: &Change) -> String {
    let list = |values: &Option<String>| values.clone().filter(|values| !values.is_empty());
    match (list(&change.old), list(&change.new)) {
        (Some(lost), Some(gained)) => format!("lost {lost}, and gained {gained}"),
        (Some(lost), None) => format!("lost {lost}"),
        (None, gained) => format!("gained {}", shown(&gained)),
    }
}

/// Whether it stands at the document itself, and not in one of its parts.
fn is_of_document(change: &Change) -> bool {
    let pointer = change.new_origin.as_ref().and_then(|origin| origin.pointer.as_ref());
    pointer.is_none_or(|pointer| pointer.last().is_none())
}

fn shown(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or("none")
}

/// The names of the operations and events that are hit, sorted, each once.
pub(super) fn subjects(hit: &[&Reach]) -> Arc<[String]> {
    let mut names: Vec<&str> = hit.iter().map(|reach| reach.subject.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(str::to_owned).collect()
}

/// The operations and events that are hit, when there are more than the one in the headline.
pub(super) fn reached(hit: &[&Reach]) -> Option<String> {
    const SHOWN: usize = 10;
    // An event may be reached both ways.
    let mut list: Vec<(&str, &str)> =
        hit.iter().map(|reach| (reach.subject.as_str(), reach.direction.name())).collect();
    list.dedup();
    if list.len() < 2 {
        return None;
    }
    let more = list.len().saturating_sub(SHOWN);
    let mut shown: Vec<String> =
        list.iter().take(SHOWN).map(|(subject, direction)| format!("`{subject}` ({direction})")).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    Some(format!("It reaches {}", shown.join(", ")))
}
