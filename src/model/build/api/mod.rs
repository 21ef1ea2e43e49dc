//! OpenAPI documents as the model's HTTP contracts (OpenAPI 3.0.4 and 3.1.1, section 4.8).

mod callbacks;
mod known;
mod messages;
mod parameters;
mod security;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::behaviour;
use super::origin::At;
use crate::document::openapi::OpenApi;
use crate::model::lower::json;
use crate::model::{Api, Extensions, List, Method, Operation, SchemaId, SecurityRequirement, Text};
use crate::source::{NodeKey, Sources};
use callbacks::MOST_INNER;
pub(crate) use known::Known;
use security::{requirements, security_schemes};

/// Gives a schema its id; one that leaves schemas out gives none.
pub(crate) type Lower<'l, 's> = &'l mut dyn FnMut(At<'s>) -> Option<SchemaId>;

/// Reads a document. `lower` is asked for each schema that an operation or component has; `known` is what documents of the
/// same sources were built of.
pub(crate) fn read<'s>(sources: &'s Sources, document: &OpenApi, known: &mut Known, lower: Lower<'_, 's>) -> Api {
    let Some(root) = At::root(sources, document.file) else { return Api::default() };
    let info = root.get("info");
    let info_text = |key: &str| info.as_ref().and_then(|info| info.text(key));
    let server_list = root.get("servers");
    let servers: Vec<String> = server_list.iter().flat_map(At::items).filter_map(|server| server.text("url")).collect();
    // Operations of callbacks inherit the security of the document.
    (known.callbacks, known.requests) = Default::default();
    let mut reader = Reader {
        sources,
        security: root.get("security").map(|list| requirements(&list)).unwrap_or_default(),
        lower,
        within: Vec::new(),
        inner: MOST_INNER,
        known,
    };
    Api {
        title: info_text("title").unwrap_or_default(),
        version: info_text("version").unwrap_or_default(),
        description: info_text("description"),
        openapi: root.text("openapi").unwrap_or_default(),
        base_path: servers.first().map(|url| base_path(url)).unwrap_or_default(),
        servers,
        operations: reader.operations(&root, "paths"),
        webhooks: reader.operations(&root, "webhooks"),
        security_origin: root.get("security").as_ref().unwrap_or(&root).origin(sources),
        security_schemes: security_schemes(sources, &root),
        schemas: reader.schemas(&root),
        extensions: reader.extensions([Some(&root), info.as_ref()]),
        origin: root.origin(sources),
    }
}

/// A base path is read this far, in bytes: thousands of operations may stand behind one.
const LONGEST_BASE: usize = 256;

/// The path of a URL or of a relative reference, without a slash at its end.
fn base_path(url: &str) -> String {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None if url.starts_with("//") => url[2..].find('/').map_or("", |at| &url[2 + at..]),
        None => url,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path[..path.floor_char_boundary(LONGEST_BASE)].trim_end_matches('/');
    if path.is_empty() || path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{}", path.trim_start_matches("./"))
    }
}

/// Extensions that have a place of their own in the model, or say nothing of the contract.
const READ: [&str; 4] = ["x-sunset", "x-stability", "x-stability-level", "x-agentspec-ignore"];

struct Reader<'l, 's> {
    sources: &'s Sources,
    /// The document's own security requirements.
    security: List<Vec<SecurityRequirement>>,
    lower: Lower<'l, 's>,
    /// The path items of the callbacks around what is being read.
    within: Vec<NodeKey>,
    /// How many more operations of callbacks within callbacks are read: they may refer to each other for ever.
    inner: usize,
    known: &'l mut Known,
}

impl<'s> Reader<'_, 's> {
    /// The operations of `paths` or `webhooks`.
    fn operations(&mut self, root: &At<'s>, key: &str) -> Vec<Operation> {
        let mut operations = Vec::new();
        let Some(paths) = root.get(key) else { return operations };
        for (path, item) in paths.fields().filter(|(path, _)| key == "webhooks" || path.starts_with('/')) {
            operations.extend(self.item(path, item));
        }
        operations
    }

    /// The operations of a path item.
    fn item(&mut self, path: &str, item: At<'s>) -> Vec<Operation> {
        let item = item.follow(self.sources);
        let mut operations = Vec::new();
        for (method, key) in Method::ALL {
            if let Some(operation) = item.get(key).filter(|operation| operation.node.is_mapping()) {
                operations.push(self.operation(path, method, &item, &operation));
            }
        }
        operations
    }

    fn operation(&mut self, path: &str, method: Method, item: &At<'s>, at: &At<'s>) -> Operation {
        let id = self.text(at, "operationId").filter(|id| !id.is_empty());
        let own_security = at.get("security");
        let stability =
            at.text("x-stability").or_else(|| at.text("x-stability-level")).map(|text| text.to_lowercase().into());
        Operation {
            named: id.is_some(),
            id: id.unwrap_or_else(|| format!("{} {path}", method.key().to_ascii_uppercase()).into()),
            method,
            path: path.to_owned(),
            summary: self.text(at, "summary"),
            description: self.text(at, "description"),
            tags: self.tags(at),
            parameters: self.parameters(item, at),
            request_body: self.body(at),
            responses: self.responses(at),
            inherits_security: own_security.is_none(),
            security: match own_security {
                Some(list) => self.once(&list, |known| &mut known.security, |_| requirements(&list)),
                None => self.security.clone(),
            },
            internal: at.flag("x-internal").unwrap_or(false),
            deprecated: at.flag("deprecated").unwrap_or(false),
            sunset: self.text(at, "x-sunset"),
            stability,
            callbacks: self.callbacks(at),
            extensions: self.extensions([Some(at), None]),
            behaviour: at.get("x-behaviour").and_then(|stated| {
                let read = |_: &mut Self| behaviour::read(&stated).map(Arc::new);
                self.once(&stated, |known| &mut known.behaviours, read)
            }),
            origin: at.origin(self.sources),
        }
    }

    /// What objects say in extensions that nothing here reads.
    fn extensions(&mut self, objects: [Option<&At<'s>>; 2]) -> Extensions {
        let mut found = BTreeMap::new();
        for (name, value) in objects.into_iter().flatten().flat_map(At::fields) {
            if name.starts_with("x-") && !READ.contains(&name) {
                let written = |_: &mut Self| json(value.node);
                let value = self.once(&value, |known| &mut known.extensions, written);
                found.insert(name.into(), value);
            }
        }
        (!found.is_empty()).then(|| Arc::new(found))
    }

    fn tags(&mut self, at: &At<'s>) -> List<Text> {
        let Some(tags) = at.get("tags") else { return List::default() };
        let texts = |_: &mut Self| tags.node.items().filter_map(|tag| tag.scalar().map(Text::from)).collect();
        self.once(&tags, |known| &mut known.tags, texts)
    }

    fn schemas(&mut self, root: &At<'s>) -> Vec<(Text, SchemaId)> {
        let Some(schemas) = root.get("components").and_then(|components| components.get("schemas")) else {
            return Vec::new();
        };
        let lowered = schemas.fields().filter_map(|(name, schema)| Some((name.into(), (self.lower)(schema)?)));
        let mut lowered: Vec<(Text, SchemaId)> = lowered.collect();
        lowered.shrink_to_fit();
        lowered
    }
}
