//! An event name of another shape than the constitution demands.

use crate::diagnostic::{Findings, Severity};
use crate::rules::route::route_of;
use crate::rules::{Check, Context, Family, Rule, Subject};

/// An event name of another shape than the constitution demands.
pub(crate) static RULE: Rule = Rule {
    id: "event-name-segments",
    family: Family::Constitution,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An event's name has not the segments that the constitution demands",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-name-segments.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    let Some(wanted) = context.platform.standards.event_segments else { return };
    let shape = shape(context).unwrap_or_else(|| format!("{wanted} segments"));
    for event in &context.platform.events {
        let segments: Vec<&str> = event.name.split('.').collect();
        let whole = segments.iter().all(|segment| !segment.trim().is_empty());
        if segments.len() == wanted as usize && whole {
            continue;
        }
        let places = event.definitions.iter().flat_map(|definition| [&definition.contract, &definition.spec]);
        let mut routes = places.flatten().filter_map(|origin| name_route(context, origin));
        let Some(route) = routes.next() else { continue };
        let message = format!("The event `{}` has {} segments, the constitution demands `{shape}`", event.name, segments.len());
        let finding = RULE.finding(route, message).help(format!("Rename it to {wanted} segments, `order.order.created` for example"));
        out.push(routes.filter(|other| *other != route).fold(finding, |finding, other| finding.related(other, "the same event")));
    }
}

/// The naming as the constitution writes it.
fn shape(context: Context<'_>) -> Option<String> {
    let stated = &context.platform.standards.stated;
    let (_, value) = stated.iter().find(|(key, _)| key.contains("event") && key.contains("nam"))?;
    Some(value.trim().trim_matches('`').to_owned())
}

/// The name of an event's contract, or the heading in the spec.
fn name_route(context: Context<'_>, origin: &crate::model::Origin) -> Option<crate::source::Route> {
    let mut named = origin.clone();
    named.pointer = origin.pointer.as_ref().map(|pointer| pointer.child("eventType"));
    route_of(context.sources, if crate::rules::route::node_of(context.sources, &named).is_some() { &named } else { origin })
}
