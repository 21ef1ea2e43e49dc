//! An event that two services publish.

use std::collections::{BTreeMap, BTreeSet};

use super::look::{contracts, event_named, name_of, published};
use crate::diagnostic::{Findings, Severity};
use crate::model::Event;
use crate::rules::names::{bare, folder_of};
use crate::rules::route::route_of;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// An event that two services publish.
pub(crate) static RULE: Rule = Rule {
    id: "event-two-publishers",
    family: Family::Event,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "An event has more than one publisher",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/event-two-publishers.md"),
    check: Check::Platform(check),
};

const HELP: &str = "Let one service own the event; give the other's an event of its own";

fn check(context: Context<'_>, out: &mut Findings) {
    let (places, common) = (places(context), common(context));
    for event in context.platform.events.iter().filter(|event| event.publishers.len() > 1) {
        let name = event.name.as_str();
        if common.contains(name) {
            continue;
        }
        let place = |publisher: &str| places.get(&(name, publisher)).copied().or_else(|| defined(context, event, publisher));
        let mut claims = event.publishers.iter().filter_map(|publisher| Some((publisher, place(publisher)?)));
        let Some((first, first_route)) = claims.next() else { continue };
        for (other, route) in claims {
            let message = format!("`{name}` has two publishers, `{first}` and `{other}`");
            let finding = RULE.finding(route, message).related(first_route, format!("`{first}` publishes it too"));
            out.push(finding.help(HELP));
        }
    }
    disowned(context, out);
}

/// Entries in a service's own files that name another publisher of what the service's spec publishes.
fn disowned(context: Context<'_>, out: &mut Findings) {
    for service in &context.documents.services {
        let published = service.spec().map(|spec| spec.published.as_slice()).unwrap_or_default();
        let published: BTreeMap<&str, Route> =
            published.iter().map(|event| (bare(&event.name.value), event.name.route)).collect();
        for event in service.event_files.iter().flat_map(|file| &file.events) {
            let (Some(name), Some(publisher)) = (name_of(event), &event.publisher) else { continue };
            let (Some(own), Some(other)) = (published.get(name), folder_of(context, &publisher.value)) else { continue };
            // Where the other says so itself, both are publishers above.
            let also = event_named(context, name).is_some_and(|event| event.publishers.iter().any(|one| one == other));
            if other != service.name && !also {
                let own_name = &service.name;
                let message = format!("`{name}` has two publishers, `{own_name}` by its spec and `{other}` by this contract");
                let finding = RULE.finding(publisher.route, message).related(*own, "published here");
                out.push(finding.help(HELP));
            }
        }
    }
}

/// Events of shared files that name no publisher: any service may publish them.
fn common<'a>(context: Context<'a>) -> BTreeSet<&'a str> {
    let shared = contracts(context).filter(|(service, event)| service.is_none() && event.publisher.is_none());
    shared.filter_map(|(_, event)| name_of(event)).collect()
}

/// Where each service says that it publishes an event: the heading in its spec, or else its contract.
fn places<'a>(context: Context<'a>) -> BTreeMap<(&'a str, &'a str), Route> {
    let mut places = BTreeMap::new();
    for (service, event) in published(context) {
        places.entry((bare(&event.name.value), service)).or_insert(event.name.route);
    }
    for (service, event) in contracts(context) {
        let publisher = service.or(event.publisher.as_ref().map(|publisher| bare(&publisher.value)));
        if let (Some(name), Some(publisher)) = (name_of(event), publisher) {
            let route = event.name.as_ref().map_or(Route::node(event.node), |name| name.route);
            places.entry((name, publisher)).or_insert(route);
        }
    }
    places
}

/// The place in the model, for a publisher that is named in other words.
fn defined(context: Context<'_>, event: &Event, publisher: &str) -> Option<Route> {
    let own = event.definitions.iter().find(|definition| definition.publisher.as_deref() == Some(publisher))?;
    route_of(context.sources, own.spec.as_ref().or(own.contract.as_ref())?)
}
