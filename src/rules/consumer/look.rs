//! What the rules of consumers share: the interactions of Pact files with the operation that serves each, and the schemas
//! of operations and events.

use std::collections::BTreeMap;

use crate::document::openapi::{Object, Operation as OperationView};
use crate::document::pact::{Exchange, Http, Message, PactFile};
use crate::model::{EventIndex, Operation, OperationIndex, UsedPlace};
use crate::rules::Context;
use crate::rules::operations::readable_api;
use crate::source::NodeKey;

/// A request of a Pact file to a service that has a contract.
pub(super) struct Request<'a> {
    /// The service that answers.
    pub provider: &'a str,
    /// What is exchanged.
    pub http: &'a Http,
    /// The operation that serves it.
    pub operation: Option<&'a Operation>,
}

/// Every request of every Pact file to a service that has a contract, in order.
pub(super) fn requests<'a>(context: Context<'a>) -> Vec<Request<'a>> {
    let mut known: BTreeMap<&str, Option<OperationIndex<'a>>> = BTreeMap::new();
    let mut found = Vec::new();
    for (provider, pact) in with_provider(context) {
        let index = known.entry(provider).or_insert_with(|| {
            let api = readable_api(context, provider)?;
            Some(OperationIndex::new(api))
        });
        let Some(index) = index else { continue };
        for interaction in &pact.interactions {
            if let Exchange::Http(http) = &interaction.exchange {
                let operation = index.serving(&http.method.value, &http.path.value);
                found.push(Request { provider, http, operation });
            }
        }
    }
    found
}

/// A message of a Pact file from a service.
pub(super) struct Taken<'a> {
    /// The service that publishes it.
    pub provider: &'a str,
    /// What is taken.
    pub message: &'a Message,
    /// The event that it is one of.
    pub event: Option<&'a str>,
    /// Whether it answers a message of the consumer.
    pub answers: bool,
}

/// Every message of every Pact file from a service, in order.
pub(super) fn messages<'a>(context: Context<'a>) -> Vec<Taken<'a>> {
    let index = EventIndex::new(&context.platform.events);
    let mut found = Vec::new();
    for (provider, pact) in with_provider(context) {
        for interaction in &pact.interactions {
            let Exchange::Messages { messages, answers } = &interaction.exchange else { continue };
            found.extend(messages.iter().map(|message| {
                let event = index.of_message(message).map(|(_, event)| event);
                Taken { provider, message, event, answers: *answers }
            }));
        }
    }
    found
}

/// The Pact files whose provider is a service of the platform.
fn with_provider<'a>(context: Context<'a>) -> impl Iterator<Item = (&'a str, &'a PactFile)> {
    let pacts = context.documents.pacts.iter();
    pacts.filter_map(move |pact| Some((context.documents.service_named(&pact.provider.as_ref()?.value)?, pact)))
}

/// The operation of the contract that the model's operation was built from.
pub(super) fn view<'a>(context: Context<'a>, service: &str, operation: &Operation) -> Option<OperationView<'a>> {
    let api = context.documents.service(service)?.api.as_ref()?.view(context.sources);
    let same = |one: &OperationView<'_>| one.path == operation.path && one.method == operation.method.key();
    api.operations().find(same)
}

/// The schemas of the bodies at a place of an operation: of the answers with that status code, or of all answers. Nothing
/// where it is not known: there is no such answer, or one has content without a schema.
pub(super) fn bodies(operation: OperationView<'_>, place: UsedPlace, status: Option<&str>) -> Option<Vec<NodeKey>> {
    let holders: Vec<Object<'_>> = match place {
        UsedPlace::Request => operation.request_body().into_iter().collect(),
        _ => answers(operation, status),
    };
    let content = holders.iter().flat_map(|holder| holder.entries_of("content")).collect::<Vec<_>>();
    let schemas = content.iter().map(|(_, media)| media.followed()?.at("schema").map(Object::key));
    schemas.collect::<Option<Vec<_>>>().filter(|_| !holders.is_empty())
}

/// The answers with a status code: its own entry, that of its range, or `default`; all of them without a code.
pub(super) fn answers<'a>(operation: OperationView<'a>, status: Option<&str>) -> Vec<Object<'a>> {
    let Some(status) = status else { return operation.responses().map(|(_, answer)| answer).collect() };
    let range = status.get(..1).map(|first| format!("{first}XX")).unwrap_or_default();
    let find = |wanted: &str| operation.responses().find(|(code, _)| code.eq_ignore_ascii_case(wanted));
    let found = find(status).or_else(|| find(&range)).or_else(|| find("default"));
    found.into_iter().map(|(_, answer)| answer).collect()
}

/// The schemas of an event's messages.
pub(super) fn payloads(context: Context<'_>, event: &str) -> Vec<NodeKey> {
    let entries = context.documents.event_files().flat_map(|file| &file.events);
    let of_name = entries.filter(|entry| entry.name.as_ref().is_some_and(|name| name.value == event));
    of_name.filter_map(|entry| entry.schema).collect()
}

/// Method and path, as messages show an operation.
pub(super) fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method.key().to_uppercase(), operation.path)
}
