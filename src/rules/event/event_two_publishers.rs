//! An event that two services publish.

use super::look::{contracts, name_of, published};
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::names::bare;
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

fn check(context: Context<'_>, out: &mut Vec<Diagnostic>) {
    for event in context.platform.events.iter().filter(|event| event.publishers.len() > 1) {
        if is_common(context, &event.name) {
            continue;
        }
        let places: Vec<(&str, Route)> = event
            .publishers
            .iter()
            .filter_map(|publisher| Some((publisher.as_str(), place_of(context, &event.name, publisher)?)))
            .collect();
        let Some(((first, first_route), others)) = places.split_first() else { continue };
        for (other, route) in others {
            let message = format!("`{}` has two publishers, `{first}` and `{other}`", event.name);
            let finding = RULE.finding(*route, message).related(*first_route, format!("`{first}` publishes it too"));
            out.push(finding.help("Let one service own the event; give the other's an event of its own"));
        }
    }
}

/// Whether the event stands in a shared file that names no publisher: then any service may publish it.
fn is_common(context: Context<'_>, name: &str) -> bool {
    let mut contracts = contracts(context).filter(|(_, event)| name_of(event) == Some(name));
    contracts.any(|(service, event)| service.is_none() && event.publisher.is_none())
}

/// Where a service says that it publishes an event: the spec's heading, or the contract.
fn place_of(context: Context<'_>, name: &str, service: &str) -> Option<Route> {
    let in_spec = published(context).find(|(owner, event)| *owner == service && bare(&event.name.value) == name);
    if let Some((_, event)) = in_spec {
        return Some(event.name.route);
    }
    let own = |owner: Option<&str>, publisher: Option<&str>| owner == Some(service) || publisher == Some(service);
    let in_contract = contracts(context).find(|(owner, event)| {
        name_of(event) == Some(name) && own(*owner, event.publisher.as_ref().map(|publisher| bare(&publisher.value)))
    });
    if let Some((_, event)) = in_contract {
        return Some(event.name.as_ref().map_or(Route::node(event.node), |name| name.route));
    }
    let definitions = &context.platform.event(name)?.definitions;
    let own = definitions.iter().find(|definition| definition.publisher.as_deref() == Some(service))?;
    route_of(context.sources, own.spec.as_ref().or(own.contract.as_ref())?)
}
