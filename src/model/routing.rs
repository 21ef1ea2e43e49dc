//! What a gateway passes on: a service of the type Gateway that has no contract of its own offers operations of the services in
//! its Upstream table.

use std::collections::BTreeMap;

use super::operation_index::OperationIndex;
use super::{Api, Method, Operation, Platform, Service, ServiceKind, Upstream};

/// What a gateway answers itself, whatever a contract says of these paths.
pub const OWN_PATHS: [&str; 4] = ["/health", "/ready", "/metrics", "/openapi.json"];

/// Everything that a gateway passes on.
#[derive(Clone, Debug, Default)]
pub struct Routing<'a> {
    /// The services that it passes requests on to, in the order of the rows; none without routes.
    pub upstreams: Vec<RoutedService<'a>>,
    /// Operations that cannot be told from those of another service; they are no routes.
    pub conflicts: Vec<RouteConflict<'a>>,
}

/// A service behind a gateway.
#[derive(Clone, Debug)]
pub struct RoutedService<'a> {
    /// The service.
    pub service: &'a Service,
    /// Its contract.
    pub api: &'a Api,
    /// Its operations that are offered, each with the row that says so first, in the order of the rows and the contract.
    pub operations: Vec<(&'a Operation, &'a Upstream)>,
}

/// An operation whose requests fit one of another service, too.
#[derive(Clone, Debug)]
pub struct RouteConflict<'a> {
    /// The service of the row that stands first, and its operation.
    pub first: (&'a Service, &'a Operation),
    /// The other service, and its operation.
    pub second: (&'a Service, &'a Operation),
    /// The row of the other service.
    pub row: &'a Upstream,
}

impl<'a> Routing<'a> {
    /// The routes of a service; nothing where it is no gateway, or has a contract of its own.
    pub fn of(platform: &'a Platform, service: &'a Service) -> Option<Routing<'a>> {
        if service.kind != ServiceKind::Gateway || service.api.is_some() {
            return None;
        }
        let mut routing = Routing::default();
        let mut taken = BTreeMap::new();
        for row in &service.upstream {
            let upstream = platform.service(&row.service).filter(|upstream| upstream.name != service.name);
            let Some((upstream, api)) = upstream.and_then(|one| Some((one, one.api.as_ref()?))) else { continue };
            for operation in offered(row, api) {
                let key = (operation.method, PathTemplate::of(api, operation).shape());
                match taken.get(&key) {
                    None => {
                        taken.insert(key, (upstream, operation));
                        routing.add(upstream, api, operation, row);
                    }
                    Some((first, _)) if first.name == upstream.name => {}
                    Some(first) => {
                        routing.conflicts.push(RouteConflict { first: *first, second: (upstream, operation), row });
                    }
                }
            }
        }
        Some(routing)
    }

    fn add(&mut self, service: &'a Service, api: &'a Api, operation: &'a Operation, row: &'a Upstream) {
        match self.upstreams.iter_mut().find(|upstream| upstream.service.name == service.name) {
            Some(upstream) => upstream.operations.push((operation, row)),
            None => self.upstreams.push(RoutedService { service, api, operations: vec![(operation, row)] }),
        }
    }
}

/// The operations of a row, all where it names none; no probes, and none for use within the platform.
fn offered<'a>(row: &Upstream, api: &'a Api) -> Vec<&'a Operation> {
    let index = OperationIndex::new(api);
    let named: Vec<&Operation> = match &row.operations[..] {
        [] => api.operations.iter().collect(),
        names => names.iter().flat_map(|name| index.find(name)).collect(),
    };
    let own = |operation: &Operation| {
        let path = format!("{}{}", api.base_path, operation.path);
        is_probe(api, operation) || OWN_PATHS.contains(&path.as_str())
    };
    named.into_iter().filter(|operation| !operation.internal && !own(operation)).collect()
}

/// Whether the runtime of a service answers an operation itself: a public `GET` of `/ready`, `/metrics`, or health.
pub(crate) fn is_probe(api: &Api, operation: &Operation) -> bool {
    let path = format!("{}{}", api.base_path, operation.path);
    let last = path.rsplit('/').next().unwrap_or_default();
    let known = ["/ready", "/metrics"].contains(&path.as_str()) || ["health", "healthz"].contains(&last);
    operation.method == Method::Get && operation.is_public() && known && !path.contains('{')
}

/// A path with parameters, taken apart at its slashes, the server's base path before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate {
    /// The text, `/api/v1/orders/{orderId}`.
    pub text: String,
    /// What stands behind each slash.
    pub segments: Vec<Segment>,
}

/// A piece of a path between slashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Segment {
    /// This text and no other.
    Fixed(String),
    /// Any text between these two, `{name}.json`; both are empty where a parameter is all.
    Varied(String, String),
}

impl PathTemplate {
    /// The path that requests for an operation have.
    pub fn of(api: &Api, operation: &Operation) -> PathTemplate {
        let text = format!("{}{}", api.base_path, operation.path);
        let segments = text.strip_prefix('/').unwrap_or(&text).split('/').map(segment).collect();
        PathTemplate { text, segments }
    }

    /// The template with its parameters unnamed: two that agree in it are fitted by the same paths.
    pub fn shape(&self) -> Vec<Segment> {
        self.segments.clone()
    }

    /// Compares less than that of another template that fits the same path and is less exact: a fixed segment goes before one
    /// that is fixed in part, and that before a parameter (OpenAPI 3.1.1, section 4.8.8.2).
    pub fn rank(&self) -> Vec<u8> {
        let rank = |segment: &Segment| match segment {
            Segment::Fixed(_) => 0,
            Segment::Varied(before, after) if before.is_empty() && after.is_empty() => 2,
            Segment::Varied(..) => 1,
        };
        self.segments.iter().map(rank).collect()
    }
}

fn segment(text: &str) -> Segment {
    let Some((before, rest)) = text.split_once('{') else { return Segment::Fixed(text.to_owned()) };
    let after = rest.rsplit_once('}').map_or("", |(_, after)| after);
    Segment::Varied(before.to_owned(), after.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(id: &str, method: Method, path: &str) -> Operation {
        Operation { id: id.to_owned().into(), path: path.to_owned(), ..Operation::new(method) }
    }

    fn row(service: &str, operations: &[&str]) -> Upstream {
        let operations = operations.iter().map(|name| (*name).to_owned()).collect();
        Upstream { service: service.into(), operations, ..Upstream::default() }
    }

    fn platform(rows: Vec<Upstream>) -> Platform {
        let api = |operations| Some(Api { base_path: "/v1".to_owned(), operations, ..Api::default() });
        let internal = Operation { internal: true, ..operation("reindex", Method::Post, "/orders/reindex") };
        let orders = vec![
            operation("listOrders", Method::Get, "/orders"),
            operation("getOrder", Method::Get, "/orders/{id}"),
            operation("health", Method::Get, "/orders/health"),
            internal,
        ];
        let stock = vec![
            operation("oldOrder", Method::Get, "/orders/{orderId}"),
            operation("putOrder", Method::Put, "/orders/{orderId}"),
        ];
        let gateway =
            Service { name: "edge".to_owned(), kind: ServiceKind::Gateway, upstream: rows, ..Service::default() };
        let service = |name: &str, api| Service { name: name.to_owned(), api, ..Service::default() };
        let services =
            vec![gateway, service("mail", None), service("orders", api(orders)), service("stock", api(stock))];
        Platform { services, ..Platform::default() }
    }

    fn routes(platform: &Platform) -> (Vec<String>, Vec<String>) {
        let routing = Routing::of(platform, &platform.services[0]).unwrap();
        let routes = routing.upstreams.iter().flat_map(|upstream| {
            upstream.operations.iter().map(|(operation, _)| format!("{}.{}", upstream.service.name, operation.id))
        });
        (routes.collect(), routing.conflicts.iter().map(|conflict| conflict.second.1.id.to_string()).collect())
    }

    #[test]
    fn what_a_row_names_is_offered_or_all_but_probes_and_what_is_internal() {
        let all = platform(vec![row("mail", &[]), row("orders", &[]), row("edge", &[]), row("nobody", &[])]);
        assert_eq!(routes(&all).0, ["orders.listOrders", "orders.getOrder"]);
        let named = platform(vec![row("orders", &["GET /orders/{x}", "reindex", "health", "getOrder"])]);
        assert_eq!(routes(&named).0, ["orders.getOrder"]);
    }

    #[test]
    fn one_request_that_two_services_would_answer_is_a_conflict() {
        let both = platform(vec![row("orders", &[]), row("stock", &[])]);
        let (routes, conflicts) = routes(&both);
        assert_eq!(routes, ["orders.listOrders", "orders.getOrder", "stock.putOrder"]);
        assert_eq!(conflicts, ["oldOrder"]);
    }

    #[test]
    fn only_a_gateway_without_a_contract_has_routes() {
        let mut platform = platform(vec![row("orders", &[])]);
        assert!(Routing::of(&platform, &platform.services[2]).is_none());
        platform.services[0].api = Some(Api::default());
        assert!(Routing::of(&platform, &platform.services[0]).is_none());
    }

    #[test]
    fn a_template_is_taken_apart_at_its_slashes() {
        let api = Api { base_path: "/v1".to_owned(), ..Api::default() };
        let template = PathTemplate::of(&api, &operation("x", Method::Get, "/files/{name}.json/{version}/"));
        let fixed = |text: &str| Segment::Fixed(text.to_owned());
        let varied = |after: &str| Segment::Varied(String::new(), after.to_owned());
        assert_eq!(template.segments, [fixed("v1"), fixed("files"), varied(".json"), varied(""), fixed("")]);
        assert_eq!(template.rank(), [0, 0, 1, 2, 0]);
    }
}
