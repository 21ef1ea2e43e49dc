//! Operations by what people call them: `POST /api/v1/orders`, `/orders/{id}`, or an operation id.

use super::{Api, Method, Operation};

/// The operations of one contract by every way to name them. A look-up takes no longer for a large contract.
#[derive(Clone, Debug)]
pub struct OperationIndex<'a> {
    api: &'a Api,
    /// Ids in lower case with places in the contract's list, sorted.
    by_id: Vec<(String, u32)>,
    /// Shapes of the path, with and without the base path, with places in the contract's list, sorted.
    by_path: Vec<(String, u32)>,
}

impl<'a> OperationIndex<'a> {
    /// Indexes the operations of `api`.
    pub fn new(api: &'a Api) -> OperationIndex<'a> {
        let count = api.operations.len();
        let mut index = OperationIndex { api, by_id: Vec::with_capacity(count), by_path: Vec::with_capacity(count) };
        for (operation, at) in api.operations.iter().zip(0..) {
            index.by_id.push((operation.id.to_ascii_lowercase(), at));
            let own = shape(&operation.path);
            let full = format!("{}{own}", shape(&api.base_path));
            if full != own {
                index.by_path.push((full, at));
            }
            index.by_path.push((own, at));
        }
        index.by_id.sort_unstable();
        index.by_path.sort_unstable();
        index
    }

    /// The contract.
    pub fn api(&self) -> &'a Api {
        self.api
    }

    /// Every operation that `named` means, in the order of the contract: one by id, in any case, or by method and path;
    /// all methods of a bare path. Names of path parameters, a query, a trailing slash, the base path of the server and
    /// backticks, quotes and full stops around do not matter.
    pub fn find(&self, named: &str) -> Vec<&'a Operation> {
        let (method, rest) = method_and_rest(named);
        let by_path = if rest.starts_with('/') { entries(&self.by_path, &shape(rest)) } else { &[] };
        let mut found: Vec<u32> =
            entries(&self.by_id, &rest.to_ascii_lowercase()).iter().map(|entry| entry.1).collect();
        found.extend(by_path.iter().map(|entry| entry.1));
        found.sort_unstable();
        found.dedup();
        let operations = found.into_iter().filter_map(|at| self.api.operations.get(at as usize));
        operations.filter(|operation| method.is_none_or(|method| method == operation.method)).collect()
    }
}

/// The entries of a name in a sorted list.
fn entries<'i>(index: &'i [(String, u32)], name: &str) -> &'i [(String, u32)] {
    let first = index.partition_point(|(known, _)| known.as_str() < name);
    let count = index[first..].partition_point(|(known, _)| known == name);
    &index[first..first + count]
}

impl Method {
    /// The method that a text names before a path: `POST /orders`.
    pub fn named_in(text: &str) -> Option<Method> {
        method_and_rest(text).0
    }
}

/// A text's words taken apart.
fn method_and_rest(text: &str) -> (Option<Method>, &str) {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "`*\"'.".contains(c));
    if let Some((first, rest)) = text.split_once(char::is_whitespace)
        && let Some(method) = Method::parse(first)
    {
        return (Some(method), rest.trim().trim_matches('`'));
    }
    (None, text)
}

/// A path with its parameters unnamed, whichever way they are written, without a query and empty segments. Two paths
/// have the same shape when one request may fit both templates.
fn shape(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let mut shape = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        shape.push('/');
        if segment.starts_with([':', '<']) && segment.len() > 1 {
            shape.push_str("{}");
            continue;
        }
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            shape.push_str(before);
            shape.push_str("{}");
            rest = after.split_once('}').map_or("", |(_, after)| after);
        }
        shape.push_str(rest);
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    fn operation(id: &str, method: Method, path: &str) -> Operation {
        Operation {
            id: id.to_owned(),
            named: true,
            method,
            path: path.to_owned(),
            summary: None,
            description: None,
            tags: Vec::new(),
            parameters: Vec::new(),
            request_body: None,
            responses: Vec::new(),
            security: Vec::new(),
            deprecated: false,
            sunset: None,
            stability: None,
            callbacks: Vec::new(),
            behaviour: None,
            origin: Origin::default(),
        }
    }

    #[test]
    fn finds_operations_by_every_way_to_write_them() {
        let operations = vec![
            operation("getOrder", Method::Get, "/orders/{id}"),
            operation("x", Method::Delete, "/orders/{id}"),
            operation("GET /orders", Method::Get, "/orders"),
            operation("file", Method::Get, "/files/{name}.json"),
        ];
        let api = Api { base_path: "/api/v1".to_owned(), operations, ..Api::default() };
        let index = OperationIndex::new(&api);
        let ids = |named: &str| index.find(named).iter().map(|found| found.id.as_str()).collect::<Vec<_>>();
        assert_eq!(ids("`GET /api/v1/orders/{orderId}`"), ["getOrder"]);
        assert_eq!(ids("get /orders/:id/"), ["getOrder"]);
        assert_eq!(ids("GET /orders/<id>?expand=items."), ["getOrder"]);
        assert_eq!(ids("/orders/{id}"), ["getOrder", "x"]);
        assert_eq!(ids("getorder"), ["getOrder"]);
        assert_eq!(ids("GET /orders"), ["GET /orders"], "an id that is made of method and path is found by them");
        assert_eq!(ids("/files/{file}.json"), ["file"]);
        assert!(ids("/files/{file}.xml").is_empty());
        assert!(ids("POST /orders/{id}").is_empty());
        assert!(ids("the orders").is_empty() && ids("").is_empty());
    }

    #[test]
    fn a_method_stands_before_a_path() {
        assert_eq!(Method::named_in("`post /orders`"), Some(Method::Post));
        assert_eq!(Method::named_in("/orders"), None);
    }

    #[test]
    fn a_contract_of_thousands_is_asked_thousands_of_times() {
        let own = |n: usize| operation(&format!("o{n}"), Method::Get, &format!("/things{n}/{{id}}"));
        let api = Api { operations: (0..20_000).map(own).collect(), ..Api::default() };
        let index = OperationIndex::new(&api);
        assert!((0..20_000).all(|n| index.find(&format!("GET /things{n}/:id")).len() == 1));
    }
}
