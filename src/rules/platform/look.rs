//! What the rules of the platform share.

use crate::document::spec::{Spec, UpstreamRow};
use crate::rules::Context;
use crate::rules::names::folder_of;
use crate::source::Route;

/// Every current spec with its service's name.
pub(super) fn specs<'a>(context: Context<'a>) -> impl Iterator<Item = (&'a str, &'a Spec)> {
    let services = context.documents.services.iter();
    services.filter_map(|service| Some((service.name.as_str(), service.spec()?)))
}

/// The row of `consumer`'s Upstream table that names `provider`.
pub(super) fn upstream_row<'a>(context: Context<'a>, consumer: &str, provider: &str) -> Option<&'a UpstreamRow> {
    let spec = context.documents.service(consumer)?.spec()?;
    spec.upstream.iter().find(|row| folder_of(context, &row.service.value) == Some(provider))
}

/// The place where `consumer` says that it calls `provider`.
pub(super) fn edge_route(context: Context<'_>, consumer: &str, provider: &str) -> Option<Route> {
    Some(upstream_row(context, consumer, provider)?.service.route)
}
