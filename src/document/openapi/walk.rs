//! The walk: each reachable pair of node and object type once, with an explicit stack.

use rustc_hash::FxHashSet;

use super::tables::{Field, ObjectType, Others, Shape, Table};
use super::{
    Component, OpenApi, OperationEntry, OperationKind, Reference, Version, Violation, ViolationKind, Violations,
    conflicts,
};
use crate::source::{FileId, Kind, NodeKey, NodeRef, Sources};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// What the walk carries.
pub(super) struct Walk<'s> {
    sources: &'s Sources,
    version: Version,
    stack: Vec<(NodeKey, ObjectType)>,
    /// For each file, a bit for each object type that a node was visited as.
    seen: Vec<Vec<u32>>,
    lists: Vec<Vec<NodeKey>>,
    violations: Violations,
    references: Vec<Reference>,
    components: Vec<Component>,
    /// For each schema of the list, the fields of its table that it has.
    schema_fields: Vec<u64>,
    /// Whether references into OpenAPI documents are noted and not followed.
    stops_at_apis: bool,
    /// Lists and objects that an alias stands for, with the object and field that have it.
    aliased: FxHashSet<(NodeKey, ObjectType, &'s str)>,
}

impl OpenApi {
    /// Reads the document in `file`. Nothing of a document that is no OpenAPI 3 is walked; one without a known version
    /// is walked as 3.1, and nothing is said about its structure.
    pub fn read(sources: &Sources, file: FileId) -> Option<OpenApi> {
        let root = sources.root(file)?;
        let key = NodeKey { file, node: root.id() };
        let declared = root.get("openapi");
        let version = declared.and_then(NodeRef::as_str).and_then(Version::of);
        let mut walk = Walk::new(sources, version.unwrap_or(Version::V31));
        let foreign = declared.and_then(NodeRef::scalar).is_some_and(|text| !text.starts_with('3'));
        if !foreign && root.get("swagger").is_none() {
            walk.document(key);
        }
        let operations = walk.operations(key);
        walk.shrink();
        let violations = if version.is_some() { walk.violations } else { Violations::default() };
        let (references, components, lists) = (walk.references, walk.components, walk.lists);
        let schema_fields = walk.schema_fields;
        Some(OpenApi { file, version, root: key, violations, references, components, lists, schema_fields, operations })
    }

    /// The document in `file` without what the walk would tell: no objects, no references, nothing on its structure. Enough
    /// for a model to be built of it.
    pub fn unwalked(sources: &Sources, file: FileId) -> Option<OpenApi> {
        let root = sources.root(file)?;
        let version = root.get("openapi").and_then(NodeRef::as_str).and_then(Version::of);
        Some(OpenApi {
            file,
            version,
            root: NodeKey { file, node: root.id() },
            violations: Violations::default(),
            references: Vec::new(),
            components: Vec::new(),
            lists: Vec::new(),
            schema_fields: Vec::new(),
            operations: Vec::new(),
        })
    }

    /// Reads schemas that stand in another document, such as an event contract, as those of an OpenAPI 3.1 document:
    /// the dialect is that of JSON Schema 2020-12. Schemas under `definitions`, as older drafts have them, are read
    /// too. What they refer to in an OpenAPI document is left to that document, which may be of another dialect. There
    /// are no operations and components, and nothing is said about the structure. Nothing where the file has no tree.
    pub fn of_schemas(sources: &Sources, file: FileId, schemas: impl IntoIterator<Item = NodeKey>) -> Option<OpenApi> {
        let root = NodeKey { file, node: sources.root(file)?.id() };
        let mut walk = Walk { stops_at_apis: true, ..Walk::new(sources, Version::V31) };
        for schema in schemas {
            let below = walk.stack.len();
            walk.stack.push((schema, ObjectType::Schema));
            let older = sources.node(schema).get("definitions").into_iter().flat_map(NodeRef::fields);
            let older = older.map(|(_, part)| NodeKey { file: schema.file, node: part.id() });
            walk.stack.extend(older.map(|part| (part, ObjectType::Schema)));
            walk.stack[below..].reverse();
            walk.run();
        }
        walk.shrink();
        Some(OpenApi {
            file,
            version: Some(Version::V31),
            root,
            violations: Violations::default(),
            references: walk.references,
            components: Vec::new(),
            lists: walk.lists,
            schema_fields: walk.schema_fields,
            operations: Vec::new(),
        })
    }

    /// Every object of a type that is reachable, each once, in the order of the walk; never a bare reference.
    pub fn objects(&self, kind: ObjectType) -> &[NodeKey] {
        self.lists.get(kind as usize).map_or(&[], Vec::as_slice)
    }
}

impl<'s> Walk<'s> {
    fn new(sources: &'s Sources, version: Version) -> Self {
        Walk {
            sources,
            version,
            stack: Vec::new(),
            seen: Vec::new(),
            lists: vec![Vec::new(); ObjectType::COUNT],
            violations: Violations::default(),
            references: Vec::new(),
            components: Vec::new(),
            schema_fields: Vec::new(),
            stops_at_apis: false,
            aliased: FxHashSet::default(),
        }
    }

    /// Walks what the paths reach, then notes which components that were, then walks the components.
    fn document(&mut self, root: NodeKey) {
        self.stack.push((root, ObjectType::Document));
        self.run();
        let Some(components) = self.sources.node(root).get("components") else { return };
        let components = NodeKey { file: root.file, node: components.id() };
        self.list_components(components);
        self.mark_used();
        self.stack.push((components, ObjectType::Components));
        self.run();
    }

    fn run(&mut self) {
        while let Some((key, kind)) = self.stack.pop() {
            if self.enter(key, kind) {
                let below = self.stack.len();
                self.visit(key, kind);
                self.stack[below..].reverse();
            }
        }
    }

    /// Whether the node is visited as this type for the first time.
    fn enter(&mut self, key: NodeKey, kind: ObjectType) -> bool {
        let file = key.file.0 as usize;
        if self.seen.len() <= file {
            self.seen.resize_with(file + 1, Vec::new);
        }
        let seen = &mut self.seen[file];
        if seen.is_empty() {
            seen.resize(self.sources.node(key).tree().len(), 0);
        }
        let bits = &mut seen[key.node.0 as usize];
        let bit = 1 << kind as u32;
        let new = *bits & bit == 0;
        *bits |= bit;
        new
    }

    /// Gives back what lists have room for: many documents may list what they all refer to.
    fn shrink(&mut self) {
        self.lists.iter_mut().for_each(Vec::shrink_to_fit);
        self.references.shrink_to_fit();
        self.schema_fields.shrink_to_fit();
    }

    fn was_seen(&self, key: NodeKey, kind: ObjectType) -> bool {
        let bits = self.seen.get(key.file.0 as usize).and_then(|seen| seen.get(key.node.0 as usize));
        bits.is_some_and(|bits| bits & (1 << kind as u32) != 0)
    }

    fn visit(&mut self, key: NodeKey, kind: ObjectType) {
        let node = self.sources.node(key);
        if !node.is_mapping() {
            let boolean_schema = kind == ObjectType::Schema && self.version == Version::V31;
            if !(boolean_schema && node.kind() == Kind::Bool) {
                self.wrong(key, if boolean_schema { "an object or a boolean" } else { "an object" });
            }
            return;
        }
        if kind.may_be_reference()
            && let Some(reference) = node.get("$ref")
        {
            let Some(text) = reference.as_str() else {
                let key = NodeKey { file: key.file, node: reference.id() };
                return self.wrong(key, "a string");
            };
            self.refer(key, kind, text);
            let has_fields =
                kind == ObjectType::PathItem || (kind == ObjectType::Schema && self.version == Version::V31);
            if !has_fields {
                return;
            }
        }
        if !kind.may_be_reference() && node.str_at("$ref").is_some() {
            // The rest of the object is elsewhere: it lacks nothing here.
            let kind = ViolationKind::MisplacedReference { object: kind };
            self.violations.push(Violation { node: key, kind });
            return;
        }
        self.lists[kind as usize].push(key);
        let table = kind.table(self.version);
        self.fields(key, node, kind, table);
        conflicts::check(node, kind, self.version, &mut |at, kind| {
            self.violations.push(Violation { node: NodeKey { file: key.file, node: at.id() }, kind });
        });
    }

    /// Notes a reference, and goes on to its target.
    fn refer(&mut self, key: NodeKey, kind: ObjectType, text: &str) {
        let target = self.sources.resolve(key, text);
        if let Ok(target) = target {
            match component_kind(text) {
                Some(found) if found != kind => {
                    let kind = ViolationKind::WrongTarget { expected: kind, found };
                    self.violations.push(Violation { node: key, kind });
                }
                _ if self.stops_at_apis && self.is_of_api(target) => {}
                _ => self.stack.push((target, kind)),
            }
        }
        self.references.push(Reference { node: key, expected: kind, target });
    }

    /// Whether a node belongs to an OpenAPI document.
    fn is_of_api(&self, key: NodeKey) -> bool {
        self.sources.root(key.file).is_some_and(|root| root.get("openapi").is_some())
    }

    fn fields(&mut self, key: NodeKey, node: NodeRef<'s>, object: ObjectType, table: &'static Table) {
        let mut found = 0_u64;
        for (name, value) in node.fields() {
            let at = NodeKey { file: key.file, node: value.id() };
            // What an alias stands for is looked at once.
            let is_alias = (value.is_sequence() || value.is_mapping()) && value.parent() != Some(node);
            let again = is_alias && !self.aliased.insert((at, object, name));
            match table.fields.iter().position(|field| field.name == name) {
                Some(index) if table.fields[index].is_in(self.version) => {
                    found |= 1 << index;
                    // The components are walked last.
                    if table.fields[index].name != "components" && !again {
                        self.value(at, value, table.fields[index].shape);
                    }
                }
                Some(index) => self.unknown(at, object, table.fields[index].only),
                None if again => {}
                None => self.other(at, name, value, object, table.others),
            }
        }
        if object == ObjectType::Schema {
            self.schema_fields.push(found);
        }
        let missing =
            |(index, field): &(usize, &'static Field)| found & (1 << index) == 0 && field.is_required(self.version);
        let missing = table.fields.iter().enumerate().filter(missing);
        let missing = missing.map(|(_, field)| ViolationKind::Missing { object, field: field.name });
        missing.for_each(|kind| self.violations.push(Violation { node: key, kind }));
    }

    /// A field that the table does not name.
    fn other(&mut self, at: NodeKey, name: &str, value: NodeRef<'s>, object: ObjectType, others: Others) {
        let extension = name.starts_with("x-");
        match others {
            Others::Scopes => self.value(at, value, Shape::Texts),
            _ if extension => {}
            Others::Allowed => {}
            Others::Each(shape) => self.value(at, value, shape),
            Others::Paths(shape) => {
                if !name.starts_with('/') {
                    let kind = ViolationKind::BadKey { expected: "a path that starts with `/`" };
                    self.violations.push(Violation { node: at, kind });
                }
                self.value(at, value, shape);
            }
            Others::Refused => {
                let in_31 =
                    object == ObjectType::Schema && ObjectType::Schema.table(Version::V31).field(name).is_some();
                self.unknown(at, object, in_31.then_some(Version::V31));
            }
        }
    }

    fn value(&mut self, at: NodeKey, value: NodeRef<'s>, shape: Shape) {
        match shape {
            Shape::Object(kind) => self.stack.push((at, kind)),
            Shape::BoolOr(_) if value.kind() == Kind::Bool => {}
            Shape::BoolOr(kind) => self.stack.push((at, kind)),
            Shape::List(kind) | Shape::SomeOf(kind) => {
                if !value.is_sequence() {
                    return self.wrong(at, "a list");
                }
                if value.is_empty() && matches!(shape, Shape::SomeOf(_)) {
                    self.violations.push(Violation { node: at, kind: ViolationKind::Empty });
                }
                let file = at.file;
                self.stack.extend(value.items().map(|item| (NodeKey { file, node: item.id() }, kind)));
            }
            Shape::Map(kind) | Shape::Components(kind) => {
                if !value.is_mapping() {
                    return self.wrong(at, "an object");
                }
                let file = at.file;
                for (name, entry) in value.fields() {
                    let entry = NodeKey { file, node: entry.id() };
                    if matches!(shape, Shape::Components(_)) && !is_component_name(name) {
                        let expected = "a name of letters, digits, `.`, `-` and `_`";
                        self.violations.push(Violation { node: entry, kind: ViolationKind::BadKey { expected } });
                    }
                    self.stack.push((entry, kind));
                }
            }
            plain => {
                let file = at.file;
                conflicts::plain(value, plain, &mut |node, kind| {
                    self.violations.push(Violation { node: NodeKey { file, node: node.id() }, kind });
                });
                if let Shape::TextMap = plain
                    && value.key().is_some_and(|key| key.scalar() == Some("mapping"))
                {
                    self.mapping(at, value);
                }
            }
        }
    }

    /// Goes on to the schemas that a discriminator's mapping names.
    fn mapping(&mut self, at: NodeKey, mapping: NodeRef<'s>) {
        for (_, target) in mapping.fields() {
            let key = NodeKey { file: at.file, node: target.id() };
            if let Some(text) = target.as_str()
                && let Some(schema) = super::mapping_target(self.sources, key, text)
            {
                self.stack.push((schema, ObjectType::Schema));
            }
        }
    }

    fn list_components(&mut self, components: NodeKey) {
        for (name, entries) in self.sources.node(components).fields() {
            let field = ObjectType::Components.table(self.version).field(name);
            let Some(Field { shape: Shape::Components(kind), .. }) = field else { continue };
            let entries = entries.entries().map(|(key, value)| Component {
                kind: *kind,
                key: NodeKey { file: components.file, node: key.id() },
                node: NodeKey { file: components.file, node: value.id() },
                used: false,
            });
            self.components.extend(entries);
        }
    }

    /// A component is used when the walk from the paths came to it, or to a part of it, or when a security requirement
    /// names it.
    fn mark_used(&mut self) {
        let sources = self.sources;
        let requirements = &self.lists[ObjectType::SecurityRequirement as usize];
        let schemes: FxHashSet<&str> =
            requirements.iter().flat_map(|&key| sources.node(key).fields().map(|(name, _)| name)).collect();
        let mut parts: FxHashSet<NodeKey> = FxHashSet::default();
        for target in self.references.iter().filter_map(|reference| reference.target.as_ref().ok()) {
            let mut node = Some(sources.node(*target));
            while let Some(part) = node {
                // What was climbed from before needs no second climb.
                if !parts.insert(NodeKey { file: target.file, node: part.id() }) {
                    break;
                }
                node = part.parent();
            }
        }
        let mut components = std::mem::take(&mut self.components);
        for component in &mut components {
            let by_name = component.kind == ObjectType::SecurityScheme
                && sources.node(component.key).scalar().is_some_and(|name| schemes.contains(name));
            component.used =
                by_name || parts.contains(&component.node) || self.was_seen(component.node, component.kind);
        }
        self.components = components;
    }

    /// The operations of paths, webhooks and callbacks.
    fn operations(&self, root: NodeKey) -> Vec<OperationEntry> {
        let mut all = Vec::new();
        let root_node = self.sources.node(root);
        for (field, kind) in [("paths", OperationKind::Path), ("webhooks", OperationKind::Webhook)] {
            if let Some(map) = root_node.get(field) {
                self.operations_of(root.file, map, kind, &mut all);
            }
        }
        for &callback in &self.lists[ObjectType::Callback as usize] {
            self.operations_of(callback.file, self.sources.node(callback), OperationKind::Callback, &mut all);
        }
        all
    }

    fn operations_of(&self, file: FileId, map: NodeRef<'s>, kind: OperationKind, all: &mut Vec<OperationEntry>) {
        for (key, slot) in map.entries() {
            let path = NodeKey { file, node: key.id() };
            let slot = NodeKey { file, node: slot.id() };
            let Ok(item) = self.sources.follow(slot) else { continue };
            for (name, operation) in self.sources.node(item).fields().filter(|(_, value)| value.is_mapping()) {
                if let Some(&method) = METHODS.iter().find(|method| **method == name) {
                    let node = NodeKey { file: item.file, node: operation.id() };
                    if self.was_seen(node, ObjectType::Operation) {
                        all.push(OperationEntry { kind, method, path, slot, item, node });
                    }
                }
            }
        }
    }

    fn wrong(&mut self, node: NodeKey, expected: &'static str) {
        self.violations.push(Violation { node, kind: ViolationKind::WrongType { expected } });
    }

    fn unknown(&mut self, node: NodeKey, object: ObjectType, version: Option<Version>) {
        self.violations.push(Violation { node, kind: ViolationKind::Unknown { object, version } });
    }
}

/// The kind of the component that a reference names by the usual path.
fn component_kind(reference: &str) -> Option<ObjectType> {
    let (section, name) = reference.split_once("#/components/")?.1.split_once('/')?;
    if name.contains('/') {
        return None;
    }
    match ObjectType::Components.table(Version::V31).field(section)?.shape {
        Shape::Components(kind) => Some(kind),
        _ => None,
    }
}

fn is_component_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}
