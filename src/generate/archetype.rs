//! What an operation does to a collection of documents, by its method and path. `/users` is a collection where
//! `/users/{id}` exists beside it.

use crate::model::{Api, Method, Operation};

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Archetype {
    /// Adds a document to a collection.
    Create,
    /// Answers one document.
    Read,
    /// Answers some documents of a collection.
    List,
    /// Puts a document in the place of another.
    Replace,
    /// Changes parts of a document.
    Patch,
    /// Removes a document.
    Delete,
    /// Something that only its author knows.
    Custom,
    /// Health, readiness and metrics, which every generated service answers by itself.
    Probe,
}

/// Paths that the runtime of a generated service answers.
const PROBES: [&str; 3] = ["/health", "/ready", "/metrics"];

/// The archetype of an operation; what the contract says by `x-behaviour` wins.
pub(crate) fn of(api: &Api, operation: &Operation) -> Archetype {
    if let Some(stated) = operation.behaviour.as_deref().and_then(parse) {
        return stated;
    }
    let path = operation.path.trim_end_matches('/');
    if operation.method == Method::Get && PROBES.contains(&path) {
        return Archetype::Probe;
    }
    match (item_of(path), operation.method) {
        (Some(_), Method::Get) => Archetype::Read,
        (Some(_), Method::Put) => Archetype::Replace,
        (Some(_), Method::Patch) => Archetype::Patch,
        (Some(_), Method::Delete) => Archetype::Delete,
        (None, Method::Get) if is_collection(api, path) => Archetype::List,
        (None, Method::Post) if is_collection(api, path) => Archetype::Create,
        _ => Archetype::Custom,
    }
}

fn parse(stated: &str) -> Option<Archetype> {
    let known = [
        ("create", Archetype::Create),
        ("read", Archetype::Read),
        ("list", Archetype::List),
        ("replace", Archetype::Replace),
        ("patch", Archetype::Patch),
        ("delete", Archetype::Delete),
        ("custom", Archetype::Custom),
    ];
    known.iter().find(|(name, _)| name.eq_ignore_ascii_case(stated.trim())).map(|(_, archetype)| *archetype)
}

/// The collection of an item path: `/users/{id}` gives `/users`.
fn item_of(path: &str) -> Option<&str> {
    let (collection, last) = path.rsplit_once('/')?;
    (last.starts_with('{') && last.ends_with('}') && last.matches('{').count() == 1).then_some(collection)
}

fn is_collection(api: &Api, path: &str) -> bool {
    api.operations.iter().any(|operation| item_of(operation.path.trim_end_matches('/')) == Some(path))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::operation;
    use super::*;

    #[test]
    fn collections_are_told_from_actions() {
        let listed = [
            (Method::Post, "/users", Archetype::Create),
            (Method::Get, "/users", Archetype::List),
            (Method::Get, "/users/{id}", Archetype::Read),
            (Method::Put, "/users/{id}", Archetype::Replace),
            (Method::Patch, "/users/{id}", Archetype::Patch),
            (Method::Delete, "/users/{id}", Archetype::Delete),
            (Method::Post, "/users/{id}", Archetype::Custom),
            (Method::Post, "/users/{id}/suspend", Archetype::Custom),
            (Method::Post, "/login", Archetype::Custom),
            (Method::Get, "/reports/{from}-{to}", Archetype::Custom),
            (Method::Get, "/health", Archetype::Probe),
        ];
        let operations = listed.iter().map(|(method, path, _)| operation("", *method, path)).collect();
        let api = Api { operations, ..Api::default() };
        for (operation, (_, path, expected)) in api.operations.iter().zip(listed) {
            assert_eq!(of(&api, operation), expected, "{path}");
        }
    }

    #[test]
    fn the_contract_may_say_it() {
        let mut operation = operation("", Method::Post, "/login");
        operation.behaviour = Some("Create".to_owned());
        assert_eq!(of(&Api::default(), &operation), Archetype::Create);
    }
}
