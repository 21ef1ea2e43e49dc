//! Two services behind a gateway that would answer the same requests.

use crate::diagnostic::{Findings, Severity};
use crate::model::Routing;
use crate::rules::route::{key_route_of, route_of};
use crate::rules::{Check, Context, Family, Rule, Subject};

/// Two services behind a gateway that would answer the same requests.
pub(crate) static RULE: Rule = Rule {
    id: "gateway-route-conflict",
    family: Family::Platform,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A gateway has two services for the same method and path",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/gateway-route-conflict.md"),
    check: Check::Platform(check),
};

fn check(context: Context<'_>, out: &mut Findings) {
    for gateway in &context.platform.services {
        let Some(routing) = Routing::of(context.platform, gateway) else { continue };
        for conflict in routing.conflicts {
            let Some(route) = route_of(context.sources, &conflict.row.origin) else { continue };
            let ((first, one), (second, other)) = (conflict.first, conflict.second);
            let method = other.method.key().to_uppercase();
            let path = format!("{}{}", second.api.as_ref().map_or("", |api| &api.base_path), other.path);
            let message = format!("`{method} {path}` of `{second}` is offered by `{first}` already", second = second.name, first = first.name);
            let help = format!(
                "Name the operations that are meant in the row's `API` column, or mark one as `x-internal: true`; `{}` has `{}`",
                first.name, one.id
            );
            let mut finding = RULE.finding(route, message).help(help);
            for (service, operation) in [(first, one), (second, other)] {
                if let Some(place) = key_route_of(context.sources, &operation.origin) {
                    finding = finding.related(place, format!("the operation of `{}`", service.name));
                }
            }
            out.push(finding);
        }
    }
}
