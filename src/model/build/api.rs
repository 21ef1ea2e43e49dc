//! OpenAPI documents as the model's HTTP contracts (OpenAPI 3.0.4 and 3.1.1, section 4.8).

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::behaviour;
use super::origin::At;
use crate::document::openapi::OpenApi;
use crate::model::lower::json;
use crate::model::{
    Api, Callback, Encoding, Extensions, Json, Link, List, MediaType, Method, Operation, Parameter, ParameterLocation,
    RequestBody, Response, SchemaId, SecurityRequirement, SecurityScheme, SecuritySchemeKind, StatedBehaviour, Text,
};
use crate::source::{NodeKey, Sources};

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

/// Callbacks within callbacks are read this far.
const DEEPEST: usize = 32;
/// So many path items of callbacks within callbacks are read of a document.
const MOST_INNER: usize = 1000;

/// Lists of parameters up to this length are searched through.
const FEW: usize = 16;

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

/// What was built of nodes that several places may lead to. Each is built once, and those places hold it together: one
/// large component may be referred to thousands of times, and one large file by many services.
#[derive(Default)]
pub(crate) struct Known {
    texts: FxHashMap<NodeKey, Text>,
    tags: FxHashMap<NodeKey, List<Text>>,
    security: FxHashMap<NodeKey, List<Vec<SecurityRequirement>>>,
    parameters: FxHashMap<NodeKey, Option<Parameter>>,
    /// By the lists of the path item and of the operation.
    parameter_lists: FxHashMap<[Option<NodeKey>; 2], List<Parameter>>,
    bodies: FxHashMap<NodeKey, Arc<RequestBody>>,
    responses: FxHashMap<NodeKey, Response>,
    response_lists: FxHashMap<NodeKey, List<Response>>,
    headers: FxHashMap<NodeKey, List<Parameter>>,
    links: FxHashMap<NodeKey, List<Link>>,
    content: FxHashMap<NodeKey, List<MediaType>>,
    encodings: FxHashMap<NodeKey, List<Encoding>>,
    /// By the node and how many callbacks are around it.
    callbacks: [FxHashMap<NodeKey, List<Callback>>; DEEPEST],
    /// The operations of one callback, in the same way.
    requests: [FxHashMap<NodeKey, List<Operation>>; DEEPEST],
    behaviours: FxHashMap<NodeKey, Option<Arc<StatedBehaviour>>>,
    extensions: FxHashMap<NodeKey, Json>,
}

impl<'s> Reader<'_, 's> {
    /// What is known of a node that several places may lead to, or what `build` makes of it.
    fn once<T: Clone>(
        &mut self,
        at: &At<'s>,
        known: impl Fn(&mut Known) -> &mut FxHashMap<NodeKey, T>,
        build: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if !at.shared {
            return build(self);
        }
        let key = at.node_key();
        if let Some(known) = known(self.known).get(&key) {
            return known.clone();
        }
        let built = build(self);
        known(self.known).insert(key, built.clone());
        built
    }

    /// The text of the scalar under `key`.
    fn text(&mut self, at: &At<'s>, key: &str) -> Option<Text> {
        let node = at.node.get(key)?;
        let text = node.scalar()?;
        let is_shared = at.shared || node.parent() != Some(at.node);
        // A short text takes no more room than the entry that would find it again.
        if !is_shared || text.len() < 32 {
            return Some(text.into());
        }
        let key = NodeKey { file: at.file, node: node.id() };
        Some(self.known.texts.entry(key).or_insert_with(|| text.into()).clone())
    }

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

    fn callbacks(&mut self, at: &At<'s>) -> List<Callback> {
        let depth = self.within.len();
        let Some(callbacks) = at.get("callbacks").filter(|_| depth < DEEPEST) else { return List::default() };
        self.once(
            &callbacks,
            |known| &mut known.callbacks[depth],
            |reader| {
                let one = |(name, callback): (&str, At<'s>)| {
                    let callback = callback.follow(reader.sources);
                    let requests = |reader: &mut Self| reader.requests(&callback);
                    let operations = reader.once(&callback, |known| &mut known.requests[depth], requests);
                    Callback { name: name.to_owned(), operations }
                };
                callbacks.fields().map(one).collect()
            },
        )
    }

    /// The operations of one callback.
    fn requests(&mut self, callback: &At<'s>) -> List<Operation> {
        let mut found = Vec::new();
        for (expression, item) in callback.fields().filter(|(key, _)| !key.starts_with("x-")) {
            // One that leads back to itself says nothing new.
            let item = item.follow(self.sources);
            let key = item.node_key();
            if self.within.contains(&key) {
                continue;
            }
            if !self.within.is_empty() {
                let Some(left) = self.inner.checked_sub(1) else { break };
                self.inner = left;
            }
            self.within.push(key);
            found.extend(self.item(expression, item));
            self.within.pop();
        }
        found.into()
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

    fn body(&mut self, operation: &At<'s>) -> Option<Arc<RequestBody>> {
        let at = operation.get("requestBody")?.follow(self.sources);
        let build = |reader: &mut Self| {
            Arc::new(RequestBody {
                required: at.flag("required").unwrap_or(false),
                content: reader.content(&at),
                origin: at.origin(reader.sources),
            })
        };
        at.node.is_mapping().then(|| self.once(&at, |known| &mut known.bodies, build))
    }

    /// Parameters of the path item, then of the operation; an operation's own takes the place of one with its name and
    /// location.
    fn parameters(&mut self, item: &At<'s>, operation: &At<'s>) -> List<Parameter> {
        let lists = [item, operation].map(|at| at.get("parameters"));
        // The operations of one path item may have the same list, and many paths the same item.
        let [common, own] = &lists;
        let is_shared =
            [common, own].into_iter().flatten().any(|list| list.shared) || (common.is_some() && own.is_none());
        let key = lists.each_ref().map(|list| list.as_ref().map(At::node_key));
        if let Some(known) = self.known.parameter_lists.get(&key) {
            return known.clone();
        }
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut places: FxHashMap<(Text, ParameterLocation), usize> = FxHashMap::default();
        for parameter in lists.iter().flatten().flat_map(At::items) {
            let Some(parameter) = self.parameter(parameter) else { continue };
            // Of a few each is looked at: a name may be long, and thousands of operations may have it.
            let same = |known: &Parameter| known.name == parameter.name && known.location == parameter.location;
            let place = match parameters.len() < FEW && places.is_empty() {
                true => parameters.iter().position(same).unwrap_or(parameters.len()),
                false => {
                    if places.is_empty() {
                        let known = parameters.iter().map(|one| (one.name.clone(), one.location));
                        places.extend(known.zip(0..));
                    }
                    *places.entry((parameter.name.clone(), parameter.location)).or_insert(parameters.len())
                }
            };
            match parameters.get_mut(place) {
                Some(known) => *known = parameter,
                None => parameters.push(parameter),
            }
        }
        let parameters: List<Parameter> = parameters.into();
        if is_shared {
            self.known.parameter_lists.insert(key, parameters.clone());
        }
        parameters
    }

    fn parameter(&mut self, at: At<'s>) -> Option<Parameter> {
        let at = at.follow(self.sources);
        let build = |reader: &mut Self| {
            let location = match at.node.str_at("in")? {
                "path" => ParameterLocation::Path,
                "query" => ParameterLocation::Query,
                "header" => ParameterLocation::Header,
                "cookie" => ParameterLocation::Cookie,
                _ => return None,
            };
            let name = reader.text(&at, "name")?;
            Some(reader.described(name, location, &at))
        };
        self.once(&at, |known| &mut known.parameters, build)
    }

    /// What parameters and headers have in common.
    fn described(&mut self, name: Text, location: ParameterLocation, at: &At<'s>) -> Parameter {
        let default_style = match location {
            ParameterLocation::Query | ParameterLocation::Cookie => "form",
            ParameterLocation::Path | ParameterLocation::Header => "simple",
        };
        let style = self.text(at, "style").unwrap_or_else(|| default_style.into());
        Parameter {
            name,
            location,
            required: at.flag("required").unwrap_or(false),
            description: self.text(at, "description"),
            explode: at.flag("explode").unwrap_or(style == "form"),
            style,
            allow_reserved: at.flag("allowReserved").unwrap_or(false),
            deprecated: at.flag("deprecated").unwrap_or(false),
            schema: at.get("schema").and_then(|schema| (self.lower)(schema)),
            content: self.content(at),
            extensions: self.extensions([Some(at), None]),
            origin: at.origin(self.sources),
        }
    }

    fn content(&mut self, at: &At<'s>) -> List<MediaType> {
        let Some(content) = at.get("content") else { return List::default() };
        let build = |reader: &mut Self| {
            let one = |(name, media_type): (&str, At<'s>)| {
                let media_type = media_type.follow(reader.sources);
                MediaType {
                    name: name.to_owned(),
                    schema: media_type.get("schema").and_then(|schema| (reader.lower)(schema)),
                    encoding: reader.encodings(&media_type),
                    origin: media_type.origin(reader.sources),
                }
            };
            content.fields().map(one).collect()
        };
        self.once(&content, |known| &mut known.content, build)
    }

    fn encodings(&mut self, media_type: &At<'s>) -> List<Encoding> {
        let Some(list) = media_type.get("encoding") else { return List::default() };
        self.once(&list, |known| &mut known.encodings, |reader| encodings(reader.sources, &list))
    }

    fn responses(&mut self, operation: &At<'s>) -> List<Response> {
        let Some(responses) = operation.get("responses") else { return List::default() };
        let build = |reader: &mut Self| {
            let stated = responses.fields().filter(|(status, _)| !status.starts_with("x-"));
            stated.map(|(status, response)| reader.response(status, response)).collect()
        };
        self.once(&responses, |known| &mut known.response_lists, build)
    }

    fn response(&mut self, status: &str, at: At<'s>) -> Response {
        let at = at.follow(self.sources);
        let build = |reader: &mut Self| Response {
            status: String::new(),
            description: reader.text(&at, "description").unwrap_or_default(),
            headers: reader.headers(&at),
            links: reader.links(&at),
            content: reader.content(&at),
            origin: at.origin(reader.sources),
        };
        Response { status: status.to_owned(), ..self.once(&at, |known| &mut known.responses, build) }
    }

    fn headers(&mut self, response: &At<'s>) -> List<Parameter> {
        let Some(headers) = response.get("headers") else { return List::default() };
        let build = |reader: &mut Self| {
            let one = |(name, header): (&str, At<'s>)| {
                let header = header.follow(reader.sources);
                reader.described(name.into(), ParameterLocation::Header, &header)
            };
            headers.fields().map(one).collect()
        };
        self.once(&headers, |known| &mut known.headers, build)
    }

    fn links(&mut self, response: &At<'s>) -> List<Link> {
        let Some(links) = response.get("links") else { return List::default() };
        let build = |reader: &mut Self| links.fields().map(|(name, link)| reader.link(name, link)).collect();
        self.once(&links, |known| &mut known.links, build)
    }

    fn link(&mut self, name: &str, at: At<'s>) -> Link {
        let origin = at.origin(self.sources);
        let link = at.follow(self.sources);
        let operation = self.text(&link, "operationId").or_else(|| self.text(&link, "operationRef"));
        Link { name: name.to_owned(), operation, origin }
    }

    fn schemas(&mut self, root: &At<'s>) -> Vec<(String, SchemaId)> {
        let Some(schemas) = root.get("components").and_then(|components| components.get("schemas")) else {
            return Vec::new();
        };
        schemas.fields().filter_map(|(name, schema)| Some((name.to_owned(), (self.lower)(schema)?))).collect()
    }
}

fn encodings(sources: &Sources, list: &At<'_>) -> List<Encoding> {
    let one = |(property, at): (&str, At<'_>)| {
        let style = at.text("style").unwrap_or_else(|| "form".to_owned());
        Encoding {
            property: property.to_owned(),
            content_type: at.text("contentType"),
            explode: at.flag("explode").unwrap_or(style == "form"),
            style,
            allow_reserved: at.flag("allowReserved").unwrap_or(false),
            origin: at.origin(sources),
        }
    };
    list.fields().map(one).collect()
}

/// Alternatives, each a set of schemes.
fn requirements(list: &At<'_>) -> List<Vec<SecurityRequirement>> {
    let one = |(scheme, scopes): (&str, crate::source::NodeRef<'_>)| SecurityRequirement {
        scheme: scheme.to_owned(),
        scopes: scopes.items().filter_map(|scope| scope.scalar().map(str::to_owned)).collect(),
    };
    list.node.items().map(|alternative| alternative.fields().map(one).collect()).collect()
}

fn security_schemes(sources: &Sources, root: &At<'_>) -> Vec<SecurityScheme> {
    let Some(schemes) = root.get("components").and_then(|components| components.get("securitySchemes")) else {
        return Vec::new();
    };
    let scheme = |(name, at): (&str, At<'_>)| {
        let end = match sources.follow(at.node_key()) {
            Ok(key) if key != at.node_key() => sources.node(key),
            _ => at.node,
        };
        Some(SecurityScheme { name: name.to_owned(), kind: scheme_kind(end)?, origin: at.origin(sources) })
    };
    schemes.fields().filter_map(scheme).collect()
}

fn scheme_kind(node: crate::source::NodeRef<'_>) -> Option<SecuritySchemeKind> {
    let text = |key: &str| node.str_at(key).unwrap_or_default().to_owned();
    Some(match node.str_at("type")? {
        "http" => SecuritySchemeKind::Http {
            scheme: text("scheme").to_ascii_lowercase(),
            format: node.str_at("bearerFormat").map(str::to_owned),
        },
        "apiKey" => SecuritySchemeKind::ApiKey {
            location: match node.str_at("in")? {
                "query" => ParameterLocation::Query,
                "cookie" => ParameterLocation::Cookie,
                _ => ParameterLocation::Header,
            },
            parameter: text("name"),
        },
        "oauth2" => {
            let flows = node.get("flows");
            let flows = flows.iter().flat_map(|flows| flows.fields());
            let scopes = flows.filter_map(|(_, flow)| flow.get("scopes"));
            let mut scopes: Vec<String> = scopes
                .flat_map(|scopes| scopes.fields().map(|(scope, _)| scope.to_owned()).collect::<Vec<_>>())
                .collect();
            scopes.sort();
            scopes.dedup();
            SecuritySchemeKind::Oauth2 { scopes }
        }
        "openIdConnect" => SecuritySchemeKind::OpenIdConnect { url: text("openIdConnectUrl") },
        "mutualTLS" => SecuritySchemeKind::MutualTls,
        _ => return None,
    })
}
