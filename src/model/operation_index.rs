//! Operations by what people call them: `POST /api/v1/orders`, `/orders/{id}`, or an operation id.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use super::{Api, Method, Operation};

/// The operations of one contract by every way to name them. A look-up takes no longer for a large contract.
#[derive(Clone, Debug)]
pub struct OperationIndex<'a> {
    api: &'a Api,
    /// Marks of ids with places in the contract's list, sorted. Ids may be long, and thousands of operations share one.
    by_id: Vec<(u64, u32)>,
    /// Shapes of the path, with and without the base path, with places in the contract's list, sorted.
    by_path: Vec<(String, u32)>,
    /// Places in the contract's list by method and number of segments of the path.
    by_length: BTreeMap<(Method, usize), Vec<u32>>,
}

impl<'a> OperationIndex<'a> {
    /// Indexes the operations of `api`.
    pub fn new(api: &'a Api) -> OperationIndex<'a> {
        let count = api.operations.len();
        let (by_id, by_path) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut index = OperationIndex { api, by_id, by_path, by_length: BTreeMap::new() };
        for (operation, at) in api.operations.iter().zip(0..) {
            index.by_id.push((mark(&operation.id), at));
            let length = segments(&operation.path).count();
            index.by_length.entry((operation.method, length)).or_default().push(at);
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
        let mut found: Vec<u32> = self.of_id(rest).collect();
        found.extend(by_path.iter().map(|entry| entry.1));
        found.sort_unstable();
        found.dedup();
        let operations = found.into_iter().filter_map(|at| self.api.operations.get(at as usize));
        operations.filter(|operation| method.is_none_or(|method| method == operation.method)).collect()
    }
}

/// What ids that are the same in any case have in common.
fn mark(id: &str) -> u64 {
    const ENDS: usize = 64;
    let bytes = id.as_bytes();
    let ends = bytes.iter().take(ENDS).chain(bytes.iter().rev().take(ENDS));
    let lower: Vec<u8> = ends.map(u8::to_ascii_lowercase).collect();
    FxBuildHasher.hash_one((bytes.len(), lower))
}

/// The entries of a name in a sorted list.
fn entries<'i>(index: &'i [(String, u32)], name: &str) -> &'i [(String, u32)] {
    let first = index.partition_point(|(known, _)| known.as_str() < name);
    let count = index[first..].partition_point(|(known, _)| known == name);
    &index[first..first + count]
}

impl<'a> OperationIndex<'a> {
    /// The places of operations with an id, in any case.
    fn of_id(&self, id: &str) -> impl Iterator<Item = u32> {
        let wanted = mark(id);
        let first = self.by_id.partition_point(|(known, _)| *known < wanted);
        let alike = self.by_id[first..].iter().take_while(move |(known, _)| *known == wanted);
        let is_of_id =
            move |at: &u32| self.api.operations.get(*at as usize).is_some_and(|one| one.id.eq_ignore_ascii_case(id));
        alike.map(|entry| entry.1).filter(is_of_id)
    }

    /// The operation that serves a request: by method and path, with the base path of the server before it or not. A
    /// template with a literal segment wins over one with a parameter there (OpenAPI 3.1.1, section 4.8.8.2).
    pub fn serving(&self, method: &str, path: &str) -> Option<&'a Operation> {
        let method = Method::parse(method)?;
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let base = self.api.base_path.as_str();
        let below = path.strip_prefix(base).filter(|rest| !base.is_empty() && rest.starts_with('/'));
        let mut best: Option<(Vec<u8>, usize)> = None;
        for path in below.into_iter().chain([path]) {
            let known = self.by_length.get(&(method, segments(path).count()));
            for at in known.into_iter().flatten().map(|at| *at as usize) {
                let Some(fit) = self.api.operations.get(at).and_then(|one| fit(&one.path, path)) else { continue };
                // Of equals the first counts.
                if best.as_ref().is_none_or(|(known, _)| fit > *known) {
                    best = Some((fit, at));
                }
            }
        }
        self.api.operations.get(best?.1)
    }
}

/// How exactly a template fits a path, segment by segment: 2 for a literal, 1 for one with literal signs around a
/// parameter, 0 for a parameter. Nothing where it does not fit.
fn fit(template: &str, path: &str) -> Option<Vec<u8>> {
    let same_length = segments(template).count() == segments(path).count();
    let fits = segments(template).zip(segments(path)).map(|(wanted, given)| segment_fit(wanted, given));
    if same_length { fits.collect() } else { None }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn segment_fit(wanted: &str, given: &str) -> Option<u8> {
    let Some((before, rest)) = wanted.split_once('{') else { return (wanted == given).then_some(2) };
    let after = rest.rsplit_once('}').map_or("", |(_, after)| after);
    let inner = given.strip_prefix(before)?.strip_suffix(after)?;
    (!inner.is_empty()).then_some(u8::from(!before.is_empty() || !after.is_empty()))
}

impl Method {
    /// The method that a text names before a path: `POST /orders`.
    pub fn named_in(text: &str) -> Option<Method> {
        method_and_rest(text).0
    }

    /// The operations that a sentence names by method and path, as `POST /orders`. Methods are in capital letters.
    pub fn operations_in(sentence: &str) -> Vec<String> {
        let signs = ['`', ',', ';', '.', '(', ')', '"', '\''];
        let words: Vec<&str> = sentence.split_whitespace().map(|word| word.trim_matches(signs)).collect();
        let named = |pair: &&[&str]| {
            let capitals = pair[0].chars().all(|c| c.is_ascii_uppercase());
            capitals && Method::parse(pair[0]).is_some() && pair[1].starts_with('/')
        };
        words.windows(2).filter(named).map(|pair| pair.join(" ")).collect()
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

    fn operation(id: &str, method: Method, path: &str) -> Operation {
        Operation { id: id.to_owned().into(), path: path.to_owned(), ..Operation::new(method) }
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
    fn a_request_is_served_by_the_template_that_fits_best() {
        let operations = vec![
            operation("getOrder", Method::Get, "/orders/{id}"),
            operation("getOpen", Method::Get, "/orders/open"),
            operation("getFile", Method::Get, "/orders/{name}.json"),
            operation("deleteOrder", Method::Delete, "/orders/{id}"),
        ];
        let api = Api { base_path: "/api/v1".to_owned(), operations, ..Api::default() };
        let index = OperationIndex::new(&api);
        let id = |method, path| index.serving(method, path).map(|operation| operation.id.as_str());
        assert_eq!(id("GET", "/api/v1/orders/7"), Some("getOrder"));
        assert_eq!(id("get", "/orders/7?expand=items"), Some("getOrder"));
        assert_eq!(id("GET", "/orders/open"), Some("getOpen"), "a literal wins over a parameter");
        assert_eq!(id("GET", "/orders/a.json"), Some("getFile"));
        assert_eq!(id("DELETE", "/orders/open"), Some("deleteOrder"));
        assert_eq!((id("POST", "/orders/7"), id("GET", "/orders"), id("GET", "/orders/7/items")), (None, None, None));
        assert_eq!((id("BREW", "/orders/7"), id("GET", "/api/v12/orders/7")), (None, None));
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
