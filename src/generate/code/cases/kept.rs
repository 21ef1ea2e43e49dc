//! The tests of answers that are kept: a document is made and read twice, something changes, and it is read again.

use serde_json::Value;

use crate::generate::code::behaviour::Behaviour;

use super::Samples;

/// An operation whose answers are kept.
#[derive(Clone, Debug)]
pub(crate) struct KeptCase {
    /// The URL at which a document is made.
    pub(crate) url: String,
    /// The body that makes it.
    pub(crate) body: Value,
    /// The property of the answer that holds the document; none where the answer is the document.
    pub(crate) envelope: Option<String>,
    /// The property that is the key.
    pub(crate) key: String,
    /// Whether one document is read, whose key follows the URL.
    pub(crate) one: bool,
    /// For how many seconds answers are kept.
    pub(crate) seconds: u64,
    /// Whether clients may keep them as long.
    pub(crate) clients: bool,
    /// Whether the answer is for one caller alone.
    pub(crate) private: bool,
    /// How something is changed.
    pub(crate) change: Option<KeptChange>,
}

/// A request that changes the collection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeptChange {
    /// The method in capital letters.
    pub(crate) method: String,
    /// Whether it is sent to the document that was made.
    pub(crate) one: bool,
    /// What is sent.
    pub(crate) body: Option<Value>,
}

impl Samples<'_, '_> {
    /// The operations whose answers are kept and whose collection can be filled by samples. Sagas change documents by
    /// themselves, so that there are none in a service that runs some.
    pub(crate) fn kept(&self) -> Vec<KeptCase> {
        let operations = if self.service.sagas.is_empty() { self.service.operations.as_slice() } else { &[] };
        let case = |code: &super::OperationCode<'_>| {
            let (kept, at) = (code.kept.as_ref()?, code.resource?);
            let resource = self.resource(at, self.service.resources.get(at)?)?;
            let one = match &code.behaviour {
                Behaviour::Read(_) if resource.read.is_some() => true,
                Behaviour::List(_) if resource.list.is_some() && code.path == resource.url => false,
                _ => return None,
            };
            let change = |method: &str, one: bool, body: Option<Value>| {
                Some(KeptChange { method: method.to_owned(), one, body })
            };
            let replaced = resource.replace.as_ref().and_then(|item| change("PUT", true, item.body.clone()));
            let removed = || resource.delete.as_ref().and_then(|_| change("DELETE", true, None));
            let created = || (!resource.conflict).then(|| change("POST", false, Some(resource.body.clone()))).flatten();
            Some(KeptCase {
                change: replaced.or_else(created).or_else(removed),
                url: resource.url,
                body: resource.body,
                envelope: resource.created_envelope,
                key: resource.key,
                one,
                seconds: kept.seconds,
                clients: kept.clients,
                private: !code.is_public(),
            })
        };
        operations.iter().filter(|code| self.can_authenticate(code)).filter_map(case).collect()
    }
}
