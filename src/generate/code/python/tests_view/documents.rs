//! The tests of a resource's life: made, read, listed, changed, removed.

use serde::Serialize;
use serde_json::json;

use crate::generate::code::behaviour::{Behaviour, PagePart, View};
use crate::generate::code::python::layout::{Code, string, value};
use crate::generate::code::python::service::{OperationCode, ResourceCode};
use crate::generate::code::resource;

use super::steps::StepTests;
use super::{Samples, label};

/// The tests of one resource.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ResourceTests {
    /// What the collection is called.
    label: String,
    /// Statement with the body of a new one.
    body: String,
    /// The collection's URL.
    url: String,
    /// Status of a successful creation.
    created: u16,
    /// How the answers show the document: `["data"]`, or nothing.
    created_envelope: String,
    /// The key as a literal.
    key: String,
    /// Statement with the properties that were sent and are answered.
    kept: String,
    /// The URL of a document that does not exist.
    missing: String,
    read: Option<ItemTest>,
    list: Option<ListTest>,
    replace: Option<ItemTest>,
    patch: Option<PatchTest>,
    delete: Option<ItemTest>,
    steps: Option<StepTests>,
    /// Whether creating twice conflicts.
    conflict: bool,
}

#[derive(Clone, Debug, Serialize)]
struct ItemTest {
    status: u16,
    envelope: String,
    content: bool,
    body: String,
    /// Whether all that was sent is shown.
    shown: bool,
}

#[derive(Clone, Debug, Serialize)]
struct ListTest {
    status: u16,
    items: String,
}

#[derive(Clone, Debug, Serialize)]
struct PatchTest {
    status: u16,
    envelope: String,
    content: bool,
    change: String,
    /// The media type, where it is another than `application/json`.
    media_type: Option<String>,
}

impl Samples<'_, '_> {
    /// The tests of a resource's life, where a document can be created by a sample and is shown with its key.
    pub(crate) fn resource(&self, at: usize, resource: &ResourceCode) -> Option<ResourceTests> {
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
        let names: Vec<String> = body.as_object()?.keys().filter(|name| shows(view, name)).cloned().collect();
        let item = |code: &OperationCode<'_>, view: Option<&View>, body: String| ItemTest {
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
        let list = of(|behaviour| matches!(behaviour, Behaviour::List(_)));
        let view_of = |behaviour: &Behaviour| match behaviour {
            Behaviour::Read(view) => Some(view.clone()),
            Behaviour::Replace { view, .. } | Behaviour::Patch { view, .. } | Behaviour::Delete(view) => view.clone(),
            _ => None,
        };
        let replaced = |code: &OperationCode<'_>| {
            let body = self.changed(code)?;
            let view = view_of(&code.behaviour);
            let all = body.as_object()?.keys().all(|name| view.as_ref().is_some_and(|view| shows(view, name)));
            let test = item(code, view.as_ref(), value(&body).lay_out(0, "CHANGED: dict[str, Any] = ", ""));
            Some(ItemTest { shown: all, ..test })
        };
        let unique = |name: &String| names.contains(name);
        Some(ResourceTests {
            label: label(&resource.resource.name),
            body: value(&body).lay_out(0, "NEW: dict[str, Any] = ", ""),
            url: string(&sent.url),
            created: create.success,
            created_envelope: envelope(Some(view)),
            key: string(key),
            kept: Code::group("[", names.iter().map(|name| Code::text(string(name))).collect(), "]").lay_out(
                0,
                "KEPT: list[str] = ",
                "",
            ),
            missing: missing_key(&sent.url, self, read.or(replace).or(delete)),
            read: read.map(|code| item(code, view_of(&code.behaviour).as_ref(), String::new())),
            list: list.and_then(|code| self.list_test(code, &sent.url)),
            replace: replace.and_then(replaced),
            patch: patch.and_then(|code| {
                let (name, changed) = self.patch(code)?;
                let view = view_of(&code.behaviour);
                let item = item(code, view.as_ref(), String::new());
                let media_type = &code.body.as_ref()?.content.first()?.0;
                Some(PatchTest {
                    status: item.status,
                    envelope: item.envelope,
                    content: view.is_some_and(|view| shows(&view, &name)),
                    change: value(&json!({ name: changed })).lay_out(0, "CHANGE: dict[str, Any] = ", ""),
                    media_type: (media_type != "application/json").then(|| string(media_type)),
                })
            }),
            delete: delete.map(|code| item(code, view_of(&code.behaviour).as_ref(), String::new())),
            steps: self.steps(at, resource, create),
            conflict: resource.resource.unique.iter().any(unique)
                || resource.resource.key_kind == resource::KeyKind::Sent,
        })
    }

    fn list_test(&self, code: &OperationCode<'_>, url: &str) -> Option<ListTest> {
        self.request(code).filter(|sent| sent.headers.is_empty() && sent.url == url)?;
        let Behaviour::List(list) = &code.behaviour else { return None };
        let items = match &list.answer {
            None => String::new(),
            Some(parts) => {
                let items = parts.iter().find(|(_, part)| *part == PagePart::Items);
                format!("[{}]", string(&items?.0))
            }
        };
        Some(ListTest { status: code.success, items })
    }
}

/// `["data"]` for an envelope.
fn envelope(view: Option<&View>) -> String {
    view.and_then(|view| view.envelope.as_ref()).map_or(String::new(), |name| format!("[{}]", string(name)))
}

/// The URL of a document that does not exist.
fn missing_key(url: &str, samples: &Samples<'_, '_>, item: Option<&OperationCode<'_>>) -> String {
    let item = item.and_then(|code| samples.request(code));
    string(&item.map_or_else(|| format!("{url}/missing"), |sent| sent.url))
}
