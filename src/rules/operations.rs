//! Operations as a table cell names them: `POST /api/v1/orders`, `/orders/{id}`, or an operation id.

use std::collections::BTreeMap;

use super::Context;
use super::closest::{MOST_SUGGESTIONS, did_you_mean};
use crate::document::openapi::Version;
use crate::model::{Api, Operation, OperationIndex};

/// Method and full path, as messages show an operation.
pub(crate) fn title(api: &Api, operation: &Operation) -> String {
    format!("{} {}{}", operation.method.key().to_uppercase(), api.base_path, operation.path)
}

/// The API of the service in folder `name`, where its operations can be known. A contract that is empty or a list, and one
/// whose `paths` are no object, has a finding of its own, and nobody can tell which operations were meant.
pub(crate) fn readable_api<'a>(context: Context<'a>, name: &str) -> Option<&'a Api> {
    let document = context.documents.service(name)?.api.as_ref()?;
    let root = context.sources.node(document.root);
    let has_operations = match root.get("paths") {
        Some(paths) => paths.is_mapping(),
        // From 3.1 on a document without paths is whole.
        None => root.is_mapping() && document.version == Some(Version::V31),
    };
    context.platform.service(name)?.api.as_ref().filter(|_| has_operations)
}

/// The contracts that table cells refer to, each indexed once for all cells of a rule.
pub(crate) struct Contracts<'a> {
    context: Context<'a>,
    known: BTreeMap<&'a str, Option<Contract<'a>>>,
}

/// The contract of a service.
pub(crate) struct Contract<'a> {
    index: OperationIndex<'a>,
    /// Every way to name an operation, made when the first suggestion is asked for.
    titles: Vec<String>,
}

impl<'a> Contracts<'a> {
    /// No contract is indexed yet.
    pub(crate) fn new(context: Context<'a>) -> Self {
        Contracts { context, known: BTreeMap::new() }
    }

    /// The contract of the service in folder `name`, where it has one.
    pub(crate) fn of(&mut self, name: &'a str) -> Option<&mut Contract<'a>> {
        let context = self.context;
        let indexed = || {
            let api = readable_api(context, name)?;
            Some(Contract { index: OperationIndex::new(api), titles: Vec::new() })
        };
        self.known.entry(name).or_insert_with(indexed).as_mut()
    }
}

impl<'a> Contract<'a> {
    /// The contract itself.
    pub(crate) fn api(&self) -> &'a Api {
        self.index.api()
    }

    /// Every operation that a cell names, as [`OperationIndex::find`] reads it.
    pub(crate) fn find(&self, text: &str) -> Vec<&'a Operation> {
        self.index.find(text)
    }

    /// "Did you mean …?" for a name that no operation has, or else `otherwise`; see [`did_you_mean`].
    pub(crate) fn suggest(&mut self, before: usize, text: &str, otherwise: impl FnOnce() -> String) -> String {
        if self.titles.is_empty() && before < MOST_SUGGESTIONS {
            self.titles = titles(self.index.api());
        }
        did_you_mean(before, text, self.titles.iter().map(String::as_str), otherwise)
    }
}

/// Every way to name an operation of `api`, for suggestions.
fn titles(api: &Api) -> Vec<String> {
    let ids = api.operations.iter().filter(|operation| operation.named).map(|operation| operation.id.to_string());
    api.operations.iter().map(|operation| title(api, operation)).chain(ids).collect()
}

/// Whether a path is for probes, metrics or the contract itself, which standards for business paths do not concern.
pub(crate) fn is_operational(path: &str) -> bool {
    let known = ["health", "healthz", "ready", "readyz", "readiness", "live", "livez", "liveness", "metrics", "ping"];
    let last = path.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default().to_lowercase();
    known.contains(&last.as_str())
        || path.starts_with("/.well-known/")
        || last == "openapi.json"
        || last == "docs"
        || path.split('/').any(|segment| segment == "health")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_are_operational() {
        assert!(is_operational("/api/v1/health") && is_operational("/metrics") && is_operational("/health/live"));
        assert!(!is_operational("/api/v1/orders"));
    }
}
