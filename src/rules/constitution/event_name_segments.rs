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
        let has = match segments.len() {
            _ if !whole => "an empty segment".to_owned(),
            count => counted(count),
        };
        let message = format!("The event `{}` has {has}, the constitution demands `{shape}`", event.name);
        let example = example(&segments, wanted as usize).map(|name| format!(", `{name}` for example")).unwrap_or_default();
        let help = format!("Rename it to {}{example}", counted(wanted as usize));
        let finding = RULE.finding(route, message).help(help);
        out.push(routes.filter(|other| *other != route).fold(finding, |finding, other| finding.related(other, "the same event")));
    }
}

fn counted(segments: usize) -> String {
    if segments == 1 { "1 segment".to_owned() } else { format!("{segments} segments") }
}

/// A name of so many segments: the event's own, shortened in the middle, or where it has too few that of another.
fn example(segments: &[&str], wanted: usize) -> Option<String> {
    let filled: Vec<&str> = segments.iter().copied().filter(|segment| !segment.trim().is_empty()).collect();
    let (last, first) = filled.split_last()?;
    if wanted == 0 || filled.len() < wanted {
        const SAMPLE: [&str; 4] = ["shop", "order", "order", "created"];
        return Some(SAMPLE.get(SAMPLE.len().checked_sub(wanted)?..)?.join(".")).filter(|sample| !sample.is_empty());
    }
    Some([&first[..wanted - 1], &[*last]].concat().join("."))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_has_the_segments_that_are_wanted() {
        assert_eq!(example(&["order", "order", "created"], 2).as_deref(), Some("order.created"));
        assert_eq!(example(&["a", "", "b", "c"], 3).as_deref(), Some("a.b.c"));
        assert_eq!(example(&["placed"], 2).as_deref(), Some("order.created"));
        assert_eq!(example(&["placed"], 3).as_deref(), Some("order.order.created"));
        assert_eq!((example(&["placed"], 9), example(&["placed"], 0)), (None, None));
        assert_eq!((counted(1).as_str(), counted(2).as_str()), ("1 segment", "2 segments"));
    }
}
