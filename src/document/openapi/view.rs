//! Small views over the document: an object with its fields, an operation with its parameters and responses.

use super::{Component, ObjectType, OpenApi, OperationEntry, Version};
use crate::source::{NodeId, NodeKey, NodeRef, Route, Sources};

/// A node together with the sources, so that `$ref` can be followed.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    sources: &'a Sources,
    key: NodeKey,
    /// The key that it stands under, where an alias stands for it: its own key is that of the anchor.
    alias_key: Option<NodeId>,
}

impl<'a> Object<'a> {
    /// The object at a node.
    pub fn new(sources: &'a Sources, key: NodeKey) -> Self {
        Object { sources, key, alias_key: None }
    }

    /// The node's key.
    pub fn key(self) -> NodeKey {
        self.key
    }

    /// The node.
    pub fn node(self) -> NodeRef<'a> {
        self.sources.node(self.key)
    }

    /// The sources it belongs to.
    pub fn sources(self) -> &'a Sources {
        self.sources
    }

    /// Its value, for findings.
    pub fn route(self) -> Route {
        Route::node(self.key)
    }

    /// The key it stands under, for findings.
    pub fn key_route(self) -> Route {
        let alias = self.alias_key.map(|node| Route::node(NodeKey { node, ..self.key }));
        alias.unwrap_or_else(|| Route::key_of(self.key))
    }

    /// The object behind every `$ref`; nothing where one leads nowhere.
    pub fn followed(self) -> Option<Object<'a>> {
        let key = self.sources.follow(self.key).ok()?;
        Some(if key == self.key { self } else { Object::new(self.sources, key) })
    }

    /// A field as it stands there.
    pub fn at(self, name: &str) -> Option<Object<'a>> {
        self.node().entry(name).map(|entry| self.entry(entry))
    }

    /// A field, behind `$ref`.
    pub fn get(self, name: &str) -> Option<Object<'a>> {
        self.at(name)?.followed()
    }

    /// The text of a field.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.node().str_at(name)
    }

    /// Whether a field is `true`.
    pub fn flag(self, name: &str) -> bool {
        self.node().get(name).and_then(NodeRef::as_bool).unwrap_or(false)
    }

    /// Key and value of every entry, as they stand there.
    pub fn entries(self) -> impl ExactSizeIterator<Item = (&'a str, Object<'a>)> {
        self.node().entries().map(move |entry| (entry.0.scalar().unwrap_or_default(), self.entry(entry)))
    }

    /// The items of a list, as they stand there.
    pub fn items(self) -> impl ExactSizeIterator<Item = Object<'a>> {
        self.node().items().map(move |node| self.beside(node))
    }

    /// The entries of a field that is a map, as they stand there.
    pub fn entries_of(self, name: &str) -> impl Iterator<Item = (&'a str, Object<'a>)> {
        self.at(name).into_iter().flat_map(Object::entries)
    }

    /// The items of a field that is a list, as they stand there.
    pub fn items_of(self, name: &str) -> impl Iterator<Item = Object<'a>> {
        self.at(name).into_iter().flat_map(Object::items)
    }

    /// The texts of a field that is a list of texts.
    pub fn texts_of(self, name: &str) -> impl Iterator<Item = &'a str> {
        self.items_of(name).filter_map(|item| item.node().as_str())
    }

    fn entry(self, (key, value): (NodeRef<'a>, NodeRef<'a>)) -> Object<'a> {
        let is_alias = value.parent() != Some(self.node());
        Object { alias_key: is_alias.then(|| key.id()), ..self.beside(value) }
    }

    fn beside(self, node: NodeRef<'a>) -> Object<'a> {
        Object::new(self.sources, NodeKey { file: self.key.file, node: node.id() })
    }
}

/// A document with its sources.
#[derive(Clone, Copy, Debug)]
pub struct Api<'a> {
    document: &'a OpenApi,
    sources: &'a Sources,
}

impl OpenApi {
    /// The document's views.
    pub fn view<'a>(&'a self, sources: &'a Sources) -> Api<'a> {
        Api { document: self, sources }
    }
}

impl<'a> Api<'a> {
    /// The document's topmost object.
    pub fn root(self) -> Object<'a> {
        self.object(self.document.root)
    }

    /// The version, taken for 3.1 where it is unknown.
    pub fn version(self) -> Version {
        self.document.version.unwrap_or(Version::V31)
    }

    /// A node of the document.
    pub fn object(self, key: NodeKey) -> Object<'a> {
        Object::new(self.sources, key)
    }

    /// Every object of a type that is reachable, each once, in the order of the walk; never a bare reference.
    pub fn objects(self, kind: ObjectType) -> impl ExactSizeIterator<Item = Object<'a>> {
        self.document.objects(kind).iter().map(move |&key| self.object(key))
    }

    /// Every schema and subschema.
    pub fn schemas(self) -> impl ExactSizeIterator<Item = Object<'a>> {
        self.objects(ObjectType::Schema)
    }

    /// The schemas and subschemas that have at least one of these keywords. Cheaper than to ask each schema.
    pub fn schemas_with(self, keywords: &[&str]) -> impl Iterator<Item = Object<'a>> {
        let fields = ObjectType::Schema.table(self.version()).fields;
        let wanted = fields.iter().enumerate().filter(|(_, field)| keywords.contains(&field.name));
        let wanted = wanted.fold(0_u64, |bits, (index, _)| bits | 1 << index);
        let schemas = self.document.objects(ObjectType::Schema).iter().zip(&self.document.schema_fields);
        schemas.filter(move |(_, fields)| *fields & wanted != 0).map(move |(&key, _)| self.object(key))
    }

    /// The entries of `paths`, in the order of the file.
    pub fn paths(self) -> impl Iterator<Item = PathEntry<'a>> {
        let paths = self.root().get("paths").filter(|paths| paths.node().is_mapping());
        let entries = paths.into_iter().flat_map(Object::entries).filter(|(path, _)| path.starts_with('/'));
        entries.map(|(path, slot)| PathEntry { path, slot })
    }

    /// Every operation below `paths`, by path in the order of the file, then in the order of the path item.
    pub fn operations(self) -> impl Iterator<Item = Operation<'a>> {
        self.all_operations().filter(|operation| operation.kind == OperationKind::Path)
    }

    /// Every operation, those of webhooks and callbacks too.
    pub fn all_operations(self) -> impl Iterator<Item = Operation<'a>> {
        self.document.operations.iter().map(move |entry| Operation::new(self, entry))
    }

    /// The components of a kind with their names, in the order of the file, as they stand there.
    pub fn components(self, kind: ObjectType) -> impl Iterator<Item = (&'a str, Object<'a>)> {
        let of_kind = self.document.components.iter().filter(move |component| component.kind == kind);
        of_kind.map(move |component| (self.name_of(component), self.object(component.node)))
    }

    /// The name of a component.
    pub fn name_of(self, component: &Component) -> &'a str {
        self.sources.node(component.key).scalar().unwrap_or_default()
    }
}

/// An entry of `paths`.
#[derive(Clone, Copy, Debug)]
pub struct PathEntry<'a> {
    /// The template, as written.
    pub path: &'a str,
    /// The path item or the reference to one, as it stands there.
    pub slot: Object<'a>,
}

/// What leads to an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OperationKind {
    /// A path of the API.
    Path,
    /// A webhook, called by the API.
    Webhook,
    /// A callback, called by the API.
    Callback,
}

/// One operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// What leads to it.
    pub kind: OperationKind,
    /// The method in lower case, as it is written.
    pub method: &'static str,
    /// The path template, the webhook's name or the callback's expression, as written.
    pub path: &'a str,
    /// The value under the path, as it stands there.
    pub slot: Object<'a>,
    /// The path item.
    pub item: Object<'a>,
    /// The operation object.
    pub object: Object<'a>,
    root: Object<'a>,
}

impl<'a> Operation<'a> {
    fn new(api: Api<'a>, entry: &OperationEntry) -> Self {
        Operation {
            kind: entry.kind,
            method: entry.method,
            path: api.sources.node(entry.path).scalar().unwrap_or_default(),
            slot: api.object(entry.slot),
            item: api.object(entry.item),
            object: api.object(entry.node),
            root: api.root(),
        }
    }

    /// `GET /path`.
    pub fn label(self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// `operationId`.
    pub fn id(self) -> Option<&'a str> {
        self.object.text("operationId")
    }

    /// The key of the method, for findings.
    pub fn route(self) -> Route {
        self.object.key_route()
    }

    /// The parameters that hold: the operation's own, then those of the path item that it does not override. One whose
    /// `$ref` leads nowhere is left out.
    pub fn parameters(self) -> Vec<Parameter<'a>> {
        let mut all: Vec<Parameter<'a>> =
            self.object.items_of("parameters").filter_map(|slot| Parameter::new(slot, true)).collect();
        let own = all.len();
        for parameter in self.item.items_of("parameters").filter_map(|slot| Parameter::new(slot, false)) {
            let overridden = all[..own].iter().any(|other| other.identity() == parameter.identity());
            if !overridden {
                all.push(parameter);
            }
        }
        all
    }

    /// The request body, behind `$ref`.
    pub fn request_body(self) -> Option<Object<'a>> {
        self.object.get("requestBody")
    }

    /// Status and response, behind `$ref`, in the order of the file. One whose `$ref` leads nowhere stands as it is.
    pub fn responses(self) -> impl Iterator<Item = (&'a str, Object<'a>)> {
        let entries = self.object.entries_of("responses").filter(|(status, _)| !status.starts_with("x-"));
        entries.map(|(status, slot)| (status, slot.followed().unwrap_or(slot)))
    }

    /// Whether a response for one of these keys is declared (`400`, `4XX`, `default`).
    pub fn declares_any(self, keys: &[&str]) -> bool {
        self.responses().any(|(status, _)| keys.iter().any(|key| key.eq_ignore_ascii_case(status)))
    }

    /// The list of alternatives that holds: the operation's own or the document's.
    pub fn security(self) -> Option<Object<'a>> {
        self.object.at("security").or_else(|| self.root.at("security"))
    }

    /// Whether a caller must authenticate: there are alternatives, and none is empty.
    pub fn is_secured(self) -> bool {
        self.security().is_some_and(|list| {
            list.items().len() > 0 && list.items().all(|alternative| !alternative.node().is_empty())
        })
    }

    /// The `servers` that hold: the operation's own, the path item's or the document's.
    pub fn servers(self) -> Option<Object<'a>> {
        self.object.at("servers").or_else(|| self.item.at("servers")).or_else(|| self.root.at("servers"))
    }
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Parameter<'a> {
    /// The list's item, as it stands there.
    pub slot: Object<'a>,
    /// The parameter object.
    pub object: Object<'a>,
    /// Whether it stands in the operation and not in its path item.
    pub own: bool,
}

impl<'a> Parameter<'a> {
    fn new(slot: Object<'a>, own: bool) -> Option<Self> {
        Some(Parameter { slot, object: slot.followed()?, own })
    }

    /// Its name, as sent.
    pub fn name(self) -> &'a str {
        self.object.text("name").unwrap_or_default()
    }

    /// `path`, `query`, `header` or `cookie`.
    pub fn location(self) -> &'a str {
        self.object.text("in").unwrap_or_default()
    }

    /// What makes a parameter unique; the names of headers are compared without regard to case (RFC 9110, section 5.1).
    pub fn identity(self) -> (&'a str, String) {
        let name = self.name();
        (self.location(), if self.location() == "header" { name.to_ascii_lowercase() } else { name.to_owned() })
    }

    /// Its schema, as it stands there.
    pub fn schema(self) -> Option<Object<'a>> {
        self.object.at("schema")
    }
}
