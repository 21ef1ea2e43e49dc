//! Schemas of contracts into the model's arena. A work list instead of recursion: a schema gets its id when it is first
//! referred to and its keywords when its turn comes, so each node of a tree is lowered once and a cycle is one of ids.

mod dynamic;
mod keywords;
mod value;

pub(super) use value::{json, value as json_of};

use rustc_hash::FxHashMap;

use super::build::api;
use super::build::origin::At;
use super::{Keyword, Platform, Schema, SchemaId, Schemas, Text};
use crate::document::Documents;
use crate::document::openapi::{OpenApi, Version};
use crate::source::{FileId, NodeId, NodeKey, NodeRef, Sources};
use dynamic::DynamicNames;

/// What the keywords of a schema mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// OpenAPI 3.0.4, section 4.7.24.
    OpenApi30,
    /// JSON Schema draft 7 and before.
    Draft7,
    /// JSON Schema 2020-12, which OpenAPI 3.1 uses.
    Draft202012,
}

impl Dialect {
    fn of_document(document: &OpenApi) -> Dialect {
        if document.version == Some(Version::V30) { Dialect::OpenApi30 } else { Dialect::Draft202012 }
    }

    /// The dialect that `$schema` names; 2020-12 without it.
    fn of_schema(schema: NodeRef<'_>) -> Dialect {
        let old = ["draft-07", "draft-06", "draft-04", "draft-03"];
        let named = schema.str_at("$schema").is_some_and(|uri| old.iter().any(|draft| uri.contains(draft)));
        if named { Dialect::Draft7 } else { Dialect::Draft202012 }
    }
}

/// Lowers every schema that operations, components and event contracts have, and sets their ids. A reference that leads
/// nowhere becomes a schema that allows anything: a rule reports it.
pub fn lower_schemas(sources: &Sources, documents: &Documents, platform: &mut Platform) {
    let mut lowerer = Lowerer {
        sources,
        dynamic: DynamicNames::of(sources),
        ids: FxHashMap::default(),
        targets: FxHashMap::default(),
        aliased: FxHashMap::default(),
        schemas: Vec::new(),
        open: Vec::new(),
    };
    let mut known = api::Known::default();
    for (service, documents) in platform.services.iter_mut().zip(&documents.services) {
        if let Some(document) = &documents.api {
            let dialect = Dialect::of_document(document);
            // It is read anew, and two of it are not held at once.
            service.api = None;
            let api = api::read(sources, document, &mut known, &mut |schema| Some(lowerer.id_of(schema, dialect)));
            lowerer.name_components(&api.schemas);
            service.api = Some(api);
        }
    }
    let contracts = event_schemas(&mut lowerer, documents);
    let definitions = platform.services.iter_mut().flat_map(|service| &mut service.publishes);
    for definition in definitions.chain(platform.events.iter_mut().flat_map(|event| &mut event.definitions)) {
        let place = definition.contract.as_ref().map(|contract| (&*contract.file, contract.pointer.as_ref()));
        definition.schema = place.and_then(|(file, pointer)| {
            let file = sources.id_of(file)?;
            let node = sources.root(file)?.pointer(&pointer?.text())?;
            contracts.get(&NodeKey { file, node: node.id() }).copied()
        });
    }
    platform.schemas = lowerer.finish();
}

/// The schema of each event contract's entry.
fn event_schemas(lowerer: &mut Lowerer<'_>, documents: &Documents) -> FxHashMap<NodeKey, SchemaId> {
    let mut found = FxHashMap::default();
    for event in documents.event_files().flat_map(|file| &file.events) {
        let Some(schema) = event.schema else { continue };
        let schema = At::key(lowerer.sources, schema);
        let dialect = Dialect::of_schema(schema.node);
        found.insert(event.node, lowerer.id_of(schema, dialect));
    }
    found
}

pub(super) struct Lowerer<'s> {
    sources: &'s Sources,
    dynamic: DynamicNames,
    ids: FxHashMap<NodeKey, SchemaId>,
    /// By file, resource in it, and text, the schemas that references name.
    targets: FxHashMap<(FileId, Option<NodeId>, &'s str), SchemaId>,
    /// By node, resource around the schema, and key, the keywords that aliases stand for.
    aliased: FxHashMap<(NodeKey, Option<NodeId>, &'s str), Option<Keyword>>,
    schemas: Vec<Schema>,
    /// Schemas that have an id and no keywords yet; their pointers stand in their origins.
    open: Vec<(FileId, NodeRef<'s>, SchemaId, Dialect)>,
}

impl<'s> Lowerer<'s> {
    /// The id of a schema, which will be lowered in its turn.
    fn id_of(&mut self, schema: At<'s>, dialect: Dialect) -> SchemaId {
        let key = schema.node_key();
        if let Some(&id) = self.ids.get(&key) {
            return id;
        }
        let id = SchemaId(u32::try_from(self.schemas.len()).unwrap_or(u32::MAX));
        self.open.push((schema.file, schema.node, id, dialect));
        self.schemas.push(Schema::any(schema.into_origin(self.sources)));
        self.ids.insert(key, id);
        id
    }

    /// The schema that a reference names, itself not followed any further.
    fn referenced(&mut self, from: &At<'s>, reference: &'s str, dialect: Dialect) -> Option<SchemaId> {
        let resource = self.sources.resource_around(from.node_key());
        if let Some(&id) = self.targets.get(&(from.file, resource, reference)) {
            return Some(id);
        }
        let id = self.target(from, reference, dialect)?;
        self.targets.insert((from.file, resource, reference), id);
        Some(id)
    }

    fn target(&mut self, from: &At<'s>, reference: &str, dialect: Dialect) -> Option<SchemaId> {
        let key = self.sources.resolve(from.node_key(), reference).ok()?;
        if let Some(&id) = self.ids.get(&key) {
            return Some(id);
        }
        let node = self.sources.node(key);
        // A plain pointer into the file is the target's own; anything else is worked out.
        let fragment = reference.split_once('#').map_or("", |(_, fragment)| fragment);
        let named = self.sources.root(key.file).and_then(|root| root.pointer(fragment));
        let target = if named.is_some_and(|named| named.id() == key.node) {
            At { file: key.file, node, pointer: fragment.into(), shared: true }
        } else {
            At::key(self.sources, key)
        };
        let name = component_name(&target.pointer.text());
        let id = self.id_of(target, dialect);
        if let Some(schema) = self.schemas.get_mut(id.0 as usize) {
            schema.name = schema.name.take().or_else(|| name.map(Into::into));
        }
        Some(id)
    }

    fn name_components(&mut self, components: &[(Text, SchemaId)]) {
        for (name, id) in components {
            if let Some(schema) = self.schemas.get_mut(id.0 as usize) {
                schema.name = Some(name.clone());
            }
        }
    }

    fn finish(mut self) -> Schemas {
        while let Some((file, node, id, dialect)) = self.open.pop() {
            let pointer = self.schemas.get_mut(id.0 as usize).and_then(|schema| schema.origin.pointer.take());
            let at = At { file, node, pointer: pointer.unwrap_or_default(), shared: true };
            let (types, keywords) = self.keywords(&at, dialect);
            if let Some(schema) = self.schemas.get_mut(id.0 as usize) {
                (schema.types, schema.keywords) = (types, keywords);
                schema.origin.pointer = Some(at.pointer);
            }
        }
        self.schemas.shrink_to_fit();
        Schemas { nodes: self.schemas }
    }
}

/// The name of a schema that stands among named ones: below `schemas`, `$defs` or `definitions`, or at a file's top.
fn component_name(pointer: &str) -> Option<String> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let holder = parent.rsplit('/').next().unwrap_or_default();
    let named = parent.is_empty() || matches!(holder, "schemas" | "$defs" | "definitions");
    named.then(|| name.replace("~1", "/").replace("~0", "~"))
}
