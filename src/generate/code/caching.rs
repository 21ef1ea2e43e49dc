//! Answers that are kept for a time, as "Caching" of a spec asks: of which operations, what they depend on, and the changes
//! after which they are not given any more.

use crate::model::{
    Api, CachedOperation, Method, Operation, OperationIndex, ParameterLocation, SecuritySchemeKind, Service,
};

use super::behaviour::Behaviour;
use super::events::Events;
use super::resource;
use super::service::{OperationCode, ResourceCode, scheme_of};

/// How the answers of an operation are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// For how long.
    pub(crate) seconds: u64,
    /// Whether clients may keep them as long.
    pub(crate) clients: bool,
    /// The tables whose changes end that: the collection that is read, or all where only its author knows what is read.
    pub(crate) tables: Vec<String>,
    /// The headers of a request that an answer depends on.
    pub(crate) headers: Vec<String>,
}

/// The operations of a service whose answers are kept, each with its row; of two rows the first one counts.
pub(crate) fn rows<'a>(service: &'a Service, api: &'a Api) -> Vec<(&'a Operation, &'a CachedOperation)> {
    let index = OperationIndex::new(api);
    let mut found: Vec<(&Operation, &CachedOperation)> = Vec::new();
    for row in service.caching.iter().filter(|row| row.seconds.is_some()) {
        let name = row.operation.trim_matches(|c: char| c.is_whitespace() || c == '`' || c == '"');
        for operation in index.find(name) {
            let keeps = operation.method == Method::Get && !resource::is_probe(api, operation);
            if keeps && !found.iter().any(|(known, _)| std::ptr::eq(*known, operation)) {
                found.push((operation, row));
            }
        }
    }
    found
}

/// Says for each operation whether and how its answers are kept.
pub(crate) fn mark(
    service: &Service,
    api: &Api,
    events: &Events,
    resources: &[ResourceCode],
    operations: &mut [OperationCode<'_>],
) {
    let rows = rows(service, api);
    let copies = events.projections.iter().map(|copy| format!("{}_copies", copy.name));
    let tables: Vec<String> = resources.iter().map(|resource| resource.table.clone()).chain(copies).collect();
    for code in operations {
        let row = rows.iter().find(|(operation, _)| std::ptr::eq(*operation, code.operation));
        let Some((seconds, clients)) = row.and_then(|(_, row)| Some((row.seconds?, row.clients))) else { continue };
        let reads = matches!(code.behaviour, Behaviour::Read(_) | Behaviour::List(_));
        let collection = code.resource.filter(|_| reads).and_then(|at| resources.get(at));
        code.kept = Some(Kept {
            seconds,
            clients,
            tables: collection.map_or_else(|| tables.clone(), |resource| vec![resource.table.clone()]),
            headers: headers(api, code.operation),
        });
    }
}

/// The headers that tell who calls, and those that the operation declares.
fn headers(api: &Api, operation: &Operation) -> Vec<String> {
    let schemes =
        operation.security.iter().flatten().filter_map(|requirement| match scheme_of(api, &requirement.scheme) {
            SecuritySchemeKind::ApiKey { location, parameter } => header(location, &parameter),
            _ => Some("Authorization".to_owned()),
        });
    let parameters = operation.parameters.iter().filter_map(|one| header(one.location, &one.name));
    let mut found: Vec<String> = Vec::new();
    for name in schemes.chain(parameters) {
        if !found.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            found.push(name);
        }
    }
    found
}

/// The header in which a value travels; nothing for one of the URL.
fn header(location: ParameterLocation, name: &str) -> Option<String> {
    match location {
        ParameterLocation::Header => Some(name.to_owned()),
        ParameterLocation::Cookie => Some("Cookie".to_owned()),
        ParameterLocation::Path | ParameterLocation::Query => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::code::python::NAMING;
    use crate::generate::code::service::ServiceCode;
    use crate::generate::code::tests_clients::platform;
    use crate::model::Platform;

    fn marked(platform: &mut Platform, operation: &str) -> Option<Kept> {
        let orders = platform.services.iter_mut().find(|service| service.name == "order-service").unwrap();
        let seconds = Some(60);
        orders.caching = vec![CachedOperation { operation: operation.to_owned(), seconds, ..Default::default() }];
        let service = platform.service("order-service").unwrap();
        let api = service.api.as_ref().unwrap();
        let code = ServiceCode::new(platform, service, api, &NAMING);
        code.operations.into_iter().find_map(|operation| operation.kept)
    }

    #[test]
    fn what_is_read_and_who_calls_decides_how_answers_are_kept() {
        let mut platform = platform("examples/ecommerce");
        let kept = marked(&mut platform, "`GET /api/v1/orders/{orderId}`").unwrap();
        assert_eq!((kept.seconds, kept.clients), (60, false));
        assert_eq!(kept.tables, ["orders"]);
        assert_eq!(kept.headers, ["Authorization"]);
    }

    #[test]
    fn only_a_get_that_is_no_probe_is_kept() {
        let mut platform = platform("examples/ecommerce");
        for operation in ["POST /api/v1/orders", "GET /health", "GET /nothing"] {
            assert_eq!(marked(&mut platform, operation), None, "{operation}");
        }
    }
}
