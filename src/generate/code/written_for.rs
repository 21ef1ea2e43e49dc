//! What of a scaffold is for which operation or event: the texts that functions and tests begin with, in the words of a
//! language. They are remembered with the file, so that it can be told what is dead when a contract loses an operation. A text
//! that was not written counts as well: whoever writes a function where the contract has it wrote it for that operation.

use crate::output::{Parts, PlannedFile};

use super::behaviour::{AuthStep, Behaviour};
use super::cases::Samples;
use super::service::{OperationCode, ServiceCode};

/// Says of the file that was planned last what in it is for which operation or event.
pub(crate) fn mark(files: &mut [PlannedFile], parts: Parts) {
    if let Some(file) = files.last_mut() {
        file.parts = parts;
    }
}

/// The methods of a group, by the index of their operation.
pub(crate) fn handlers(code: &ServiceCode<'_>, group: usize, method: impl Fn(usize) -> String) -> Parts {
    let own = code.operations.iter().enumerate().filter(|(_, operation)| operation.group == group);
    own.map(|(at, operation)| (operation.operation.id.to_string(), [method(at)].into())).collect()
}

/// The methods for events, by the index of the event.
pub(crate) fn consumers(code: &ServiceCode<'_>, method: impl Fn(usize) -> String) -> Parts {
    let subscriptions = code.events.subscriptions.iter();
    subscriptions.map(|one| (code.events.wires[one.wire].name.clone(), [method(one.wire)].into())).collect()
}

/// The tests of a collection, by their titles, and the steps of its documents. What is for its creation is not among them,
/// as there are no tests without.
pub(crate) fn collection(
    code: &ServiceCode<'_>,
    resource: usize,
    test: impl Fn(&str) -> String,
    step: impl Fn(&str) -> String,
) -> Parts {
    let texts = |operation: &OperationCode<'_>| match &operation.behaviour {
        Behaviour::Read(_) => vec![test("read"), test("read what is not there")],
        Behaviour::List(_) => vec![test("list")],
        Behaviour::Replace { .. } => vec![test("replace")],
        Behaviour::Patch { .. } => vec![test("patch")],
        Behaviour::Delete(_) => vec![test("delete")],
        Behaviour::Transition(_) => operation.path.rsplit('/').take(1).map(&step).collect(),
        Behaviour::Create { .. } | Behaviour::Auth(_) | Behaviour::Unknown => Vec::new(),
    };
    of(code.operations.iter().filter(|operation| operation.resource == Some(resource)), texts)
}

/// The tests of accounts and tokens, by their titles; `validate` begins the function that asks whether a token holds.
pub(crate) fn sessions(code: &ServiceCode<'_>, test: impl Fn(&str) -> String, validate: &str) -> Parts {
    let texts = |operation: &OperationCode<'_>| match &operation.behaviour {
        Behaviour::Auth(AuthStep::Refresh { .. }) => vec![test("a refresh token works once")],
        Behaviour::Auth(AuthStep::Validate { .. }) => vec![validate.to_owned()],
        Behaviour::Auth(AuthStep::Logout { .. }) => vec![test("a session that is ended is over")],
        _ => Vec::new(),
    };
    of(code.operations.iter(), texts)
}

/// The URLs of operations that have no default.
pub(crate) fn not_implemented(code: &ServiceCode<'_>, samples: &Samples<'_, '_>) -> Parts {
    let unknown = code.operations.iter().filter(|operation| operation.behaviour == Behaviour::Unknown);
    of(unknown, |operation| samples.request(operation).map(|sent| format!("\"{}\"", sent.url)).into_iter().collect())
}

fn of<'c>(
    operations: impl Iterator<Item = &'c OperationCode<'c>>,
    texts: impl Fn(&OperationCode<'_>) -> Vec<String>,
) -> Parts {
    let pairs = operations.map(|code| (code.operation.id.to_string(), texts(code).into_iter().collect()));
    pairs.filter(|(_, texts): &(_, std::collections::BTreeSet<String>)| !texts.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::code::fixture;
    use crate::generate::code::tests_clients::platform;
    use crate::model::{Framework, Language, Platform};
    use crate::output::Ownership;

    const KITS: [(Language, Framework); 3] = [
        (Language::Python, Framework::Fastapi),
        (Language::Typescript, Framework::Express),
        (Language::Go, Framework::NetHttp),
    ];

    fn in_each_language(mut platform: Platform, look: impl Fn(&[PlannedFile])) {
        for kit in KITS {
            platform.services.iter_mut().for_each(|service| (service.language, service.framework) = kit);
            look(&fixture::plan(&platform).unwrap());
        }
    }

    /// The parts of all files as operation and text.
    fn texts(files: &[PlannedFile]) -> impl Iterator<Item = (&PlannedFile, &String, &String)> {
        files.iter().flat_map(|file| {
            let parts = file.parts.iter();
            parts.flat_map(move |(operation, texts)| texts.iter().map(move |text| (file, operation, text)))
        })
    }

    #[test]
    fn what_is_written_begins_so_in_each_language() {
        in_each_language(platform("examples/ecommerce"), |files| {
            let missing = texts(files).filter(|(file, _, text)| !file.content.contains(text.as_str()));
            let missing: Vec<&str> = missing.map(|(_, event, _)| event.as_str()).collect();
            assert_eq!(missing, ["platform.audit.recorded"], "what is done with it is left to a person");
            assert!(files.iter().all(|file| file.parts.is_empty() || file.ownership == Ownership::Scaffold));
            let count = |operation: &str| texts(files).filter(|(_, of, _)| *of == operation).count();
            let operations = ["createUser", "deleteUser", "getUser", "cancelOrder", "logout", "validateToken"];
            assert_eq!(operations.map(count), [1, 2, 3, 2, 2, 2]);
            assert_eq!(count("user.profile.deleted"), 2, "two services handle it");
        });
    }

    #[test]
    fn requests_without_a_handler_are_found_by_their_url() {
        let operation = serde_json::json!({ "operationId": "rebuildIndex", "responses": { "204": {} } });
        let contract = serde_json::json!({
            "info": { "title": "Search", "version": "1.0.0" },
            "paths": { "/search/rebuild": { "post": operation } }
        });
        in_each_language(fixture::platform("search-service", &contract), |files| {
            let found: Vec<_> = texts(files).filter(|(_, _, text)| text.starts_with('"')).collect();
            let [(file, operation, text)] = found.as_slice() else { panic!("{found:?}") };
            assert_eq!((operation.as_str(), text.as_str()), ("rebuildIndex", "\"/search/rebuild\""));
            assert!(file.content.contains(text.as_str()), "{}", file.content);
        });
    }
}
