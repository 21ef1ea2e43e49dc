//! The tests of a resource's life: made, read, listed, changed, removed.

use serde_json::{Value, json};

use crate::generate::code::behaviour::{Behaviour, PagePart, View};
use crate::generate::code::resource;
use crate::generate::code::service::{OperationCode, ResourceCode};

use super::steps::StepCase;
use super::{Samples, Sent, label};

/// The tests of one resource.
#[derive(Clone, Debug)]
pub(crate) struct ResourceCase {
    /// What the collection is called.
    pub(crate) label: String,
    /// The body of a new one.
    pub(crate) body: Value,
    /// The collection's URL.
    pub(crate) url: String,
    /// Status of a successful creation.
    pub(crate) created: u16,
    /// The property of the answer that holds the document; none where the answer is the document.
    pub(crate) created_envelope: Option<String>,
    /// The property that is the key.
    pub(crate) key: String,
    /// The properties that were sent and are answered.
    pub(crate) kept: Vec<String>,
    /// The URL of a document that does not exist.
    pub(crate) missing: String,
    /// Reading it.
    pub(crate) read: Option<ItemCase>,
    /// Listing.
    pub(crate) list: Option<ListCase>,
    /// Replacing it.
    pub(crate) replace: Option<ItemCase>,
    /// Changing it in part.
    pub(crate) patch: Option<PatchCase>,
    /// Removing it.
    pub(crate) delete: Option<ItemCase>,
    /// Its states.
    pub(crate) steps: Option<StepCase>,
    /// Whether creating twice conflicts.
    pub(crate) conflict: bool,
}

/// A request to one document.
#[derive(Clone, Debug)]
pub(crate) struct ItemCase {
    /// Status of the answer.
    pub(crate) status: u16,
    /// The property of the answer that holds the document; none where the answer is the document.
    pub(crate) envelope: Option<String>,
    /// Whether the answer shows the document with its key.
    pub(crate) content: bool,
    /// What is sent.
    pub(crate) body: Option<Value>,
    /// Whether all that was sent is shown.
    pub(crate) shown: bool,
}

/// A request for many.
#[derive(Clone, Debug)]
pub(crate) struct ListCase {
    /// Status of the answer.
    pub(crate) status: u16,
    /// The property of the answer that holds the documents; none where the answer is their array.
    pub(crate) items: Option<String>,
}

/// A request that changes one property.
#[derive(Clone, Debug)]
pub(crate) struct PatchCase {
    /// Status of the answer.
    pub(crate) status: u16,
    /// The property of the answer that holds the document; none where the answer is the document.
    pub(crate) envelope: Option<String>,
    /// Whether the answer shows the changed property.
    pub(crate) content: bool,
    /// What is sent.
    pub(crate) change: Value,
    /// The media type.
    pub(crate) media_type: String,
}

impl Samples<'_, '_> {
    /// The tests of a resource's life, where a document can be created by a sample and is shown with its key.
    pub(crate) fn resource(&self, at: usize, resource: &ResourceCode) -> Option<ResourceCase> {
        let of = |wanted: fn(&Behaviour) -> bool| {
            let mut codes = self.service.operations.iter();
            codes.find(|code| code.resource == Some(at) && wanted(&code.behaviour) && self.can_authenticate(code))
        };
        let create = of(|behaviour| matches!(behaviour, Behaviour::Create { .. }))?;
        let Behaviour::Create { view: Some(view), .. } = &create.behaviour else { return None };
        let sent = self.request(create).filter(|sent| sent.headers.is_empty())?;
        let body = sent.body?;
        let key = &resource.resource.key;
        let shows = |view: &View, name: &str| {
            let listed = view.properties.as_ref().is_none_or(|list| list.iter().any(|(known, _)| known == name));
            listed && resource.resource.shape.property(name).is_some_and(|property| !property.write_only)
        };
        if !shows(view, key) {
            return None;
        }
        let sends_key = resource.resource.key_kind == resource::KeyKind::Sent;
        let kept = |name: &&String| shows(view, name) && (sends_key || *name != key);
        let names: Vec<String> = body.as_object()?.keys().filter(kept).cloned().collect();
        let item = |code: &OperationCode<'_>, view: Option<&View>, body: Option<Value>| ItemCase {
            status: code.success,
            envelope: envelope(view),
            content: view.is_some_and(|view| shows(view, key)),
            body,
            shown: false,
        };
        let simple = |code: &&OperationCode<'_>| self.request(code).is_some_and(|sent| sent.headers.is_empty());
        let read = of(|behaviour| matches!(behaviour, Behaviour::Read(_))).filter(simple);
        let replace = of(|behaviour| matches!(behaviour, Behaviour::Replace { .. })).filter(simple);
        let patch = of(|behaviour| matches!(behaviour, Behaviour::Patch { .. }));
        let delete = of(|behaviour| matches!(behaviour, Behaviour::Delete(_))).filter(simple);
        let mut lists = self.service.operations.iter().filter(|code| code.resource == Some(at));
        let view_of = |behaviour: &Behaviour| match behaviour {
            Behaviour::Read(view) => Some(view.clone()),
            Behaviour::Replace { view, .. } | Behaviour::Patch { view, .. } | Behaviour::Delete(view) => view.clone(),
            _ => None,
        };
        let replaced = |code: &OperationCode<'_>| {
            let body = self.changed(code)?;
            let view = view_of(&code.behaviour);
            let shown = |name: &String| name != key && view.as_ref().is_some_and(|view| shows(view, name));
            let all = body.as_object()?.keys().all(shown);
            let test = item(code, view.as_ref(), Some(body));
            Some(ItemCase { shown: all, ..test })
        };
        let unique = |name: &String| names.contains(name);
        Some(ResourceCase {
            label: label(&resource.resource.name),
            body,
            url: sent.url.clone(),
            created: create.success,
            created_envelope: envelope(Some(view)),
            key: key.clone(),
            kept: names.clone(),
            missing: missing_key(&sent.url, self, read.or(replace).or(delete)),
            read: read.map(|code| item(code, view_of(&code.behaviour).as_ref(), None)),
            list: lists.find_map(|code| self.list_test(code, &sent.url)),
            replace: replace.and_then(replaced),
            patch: patch.and_then(|code| {
                let (name, changed) = self.patch(code)?;
                let view = view_of(&code.behaviour);
                let item = item(code, view.as_ref(), None);
                let media_type = &code.body.as_ref()?.content.first()?.0;
                Some(PatchCase {
                    status: item.status,
                    envelope: item.envelope,
                    content: view.is_some_and(|view| shows(&view, &name)),
                    change: json!({ name: changed }),
                    media_type: media_type.clone(),
                })
            }),
            delete: delete.map(|code| item(code, view_of(&code.behaviour).as_ref(), None)),
            steps: self.steps(at, resource, create),
            conflict: resource.resource.unique.iter().any(unique) || sends_key,
        })
    }

    fn list_test(&self, code: &OperationCode<'_>, url: &str) -> Option<ListCase> {
        let Behaviour::List(list) = &code.behaviour else { return None };
        let plain = |sent: &Sent| sent.headers.is_empty() && sent.url == url;
        self.request(code).filter(|sent| plain(sent) && self.can_authenticate(code))?;
        let items = match &list.answer {
            None => None,
            Some(parts) => Some(parts.iter().find(|(_, part)| *part == PagePart::Items)?.0.clone()),
        };
        Some(ListCase { status: code.success, items })
    }
}

/// The property of an answer that holds the document.
fn envelope(view: Option<&View>) -> Option<String> {
    view.and_then(|view| view.envelope.clone())
}

/// The URL of a document that does not exist.
fn missing_key(url: &str, samples: &Samples<'_, '_>, item: Option<&OperationCode<'_>>) -> String {
    let item = item.and_then(|code| samples.request(code));
    item.map_or_else(|| format!("{url}/missing"), |sent| sent.url)
}
