//! OpenAPI documents as the model's HTTP contracts (OpenAPI 3.0.4 and 3.1.1, section 4.8).

use rustc_hash::FxHashMap;

use super::behaviour;
use super::origin::At;
use crate::document::openapi::OpenApi;
use crate::model::{
    Api, Callback, Encoding, Link, MediaType, Method, Operation, Parameter, ParameterLocation, RequestBody, Response,
    SchemaId, SecurityRequirement, SecurityScheme, SecuritySchemeKind,
};
use crate::source::{NodeKey, Sources};

/// Gives a schema its id; one that leaves schemas out gives none.
pub(crate) type Lower<'l, 's> = &'l mut dyn FnMut(At<'s>) -> Option<SchemaId>;

/// Reads a document. `lower` is asked for each schema that an operation or component has.
pub(crate) fn read<'s>(sources: &'s Sources, document: &OpenApi, lower: Lower<'_, 's>) -> Api {
    let Some(root) = At::root(sources, document.file) else { return Api::default() };
    let info = root.get("info");
    let info_text = |key: &str| info.as_ref().and_then(|info| info.text(key));
    let server_list = root.get("servers");
    let servers: Vec<String> = server_list.iter().flat_map(At::items).filter_map(|server| server.text("url")).collect();
    let mut reader = Reader {
        sources,
        security: root.get("security").map(|list| requirements(&list)).unwrap_or_default(),
        lower,
        within: Vec::new(),
        inner: MOST_INNER,
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
        origin: root.origin(sources),
    }
}

/// The path of a URL or of a relative reference, without a slash at its end.
fn base_path(url: &str) -> String {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None if url.starts_with("//") => url[2..].find('/').map_or("", |at| &url[2 + at..]),
        None => url,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
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

struct Reader<'l, 's> {
    sources: &'s Sources,
    /// The document's own security requirements.
    security: Vec<Vec<SecurityRequirement>>,
    lower: Lower<'l, 's>,
    /// The path items of the callbacks around what is being read.
    within: Vec<NodeKey>,
    /// How many more operations of callbacks within callbacks are read: they may refer to each other for ever.
    inner: usize,
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

    fn callbacks(&mut self, at: &At<'s>) -> Vec<Callback> {
        let mut found = Vec::new();
        let Some(callbacks) = at.get("callbacks").filter(|_| self.within.len() < DEEPEST) else { return found };
        for (name, callback) in callbacks.fields() {
            let callback = callback.follow(self.sources);
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
                let operations = self.item(expression, item);
                self.within.pop();
                found.extend(operations.into_iter().map(|operation| Callback { name: name.to_owned(), operation }));
            }
        }
        found
    }

    fn operation(&mut self, path: &str, method: Method, item: &At<'s>, at: &At<'s>) -> Operation {
        let id = at.text("operationId").filter(|id| !id.is_empty());
        let own_security = at.get("security").map(|list| requirements(&list));
        let body = at.get("requestBody").map(|body| body.follow(self.sources));
        let responses = at.get("responses");
        Operation {
            named: id.is_some(),
            id: id.unwrap_or_else(|| format!("{} {path}", method.key().to_ascii_uppercase())),
            method,
            path: path.to_owned(),
            summary: at.text("summary"),
            description: at.text("description"),
            tags: at
                .get("tags")
                .iter()
                .flat_map(|tags| tags.node.items())
                .filter_map(|tag| tag.scalar().map(str::to_owned))
                .collect(),
            parameters: self.parameters(item, at),
            request_body: body.filter(|body| body.node.is_mapping()).map(|body| Box::new(self.body(&body))),
            responses: responses
                .iter()
                .flat_map(At::fields)
                .filter(|(status, _)| !status.starts_with("x-"))
                .map(|(status, response)| self.response(status, response))
                .collect(),
            inherits_security: own_security.is_none(),
            security: own_security.unwrap_or_else(|| self.security.clone()),
            internal: at.flag("x-internal").unwrap_or(false),
            deprecated: at.flag("deprecated").unwrap_or(false),
            sunset: at.text("x-sunset"),
            stability: at.text("x-stability").or_else(|| at.text("x-stability-level")).map(|text| text.to_lowercase()),
            callbacks: self.callbacks(at),
            behaviour: at.get("x-behaviour").and_then(|stated| behaviour::read(&stated)).map(Box::new),
            origin: at.origin(self.sources),
        }
    }

    fn body(&mut self, at: &At<'s>) -> RequestBody {
        RequestBody {
            required: at.flag("required").unwrap_or(false),
            content: self.content(at),
            origin: at.origin(self.sources),
        }
    }

    /// Parameters of the path item, then of the operation; an operation's own takes the place of one with its name and
    /// location.
    fn parameters(&mut self, item: &At<'s>, operation: &At<'s>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut places: FxHashMap<(String, ParameterLocation), usize> = FxHashMap::default();
        for list in [item, operation].into_iter().filter_map(|at| at.get("parameters")) {
            for parameter in list.items() {
                let Some(parameter) = self.parameter(parameter) else { continue };
                let place = *places.entry((parameter.name.clone(), parameter.location)).or_insert(parameters.len());
                match parameters.get_mut(place) {
                    Some(known) => *known = parameter,
                    None => parameters.push(parameter),
                }
            }
        }
        parameters
    }

    fn parameter(&mut self, at: At<'s>) -> Option<Parameter> {
        let at = at.follow(self.sources);
        let location = match at.node.str_at("in")? {
            "path" => ParameterLocation::Path,
            "query" => ParameterLocation::Query,
            "header" => ParameterLocation::Header,
            "cookie" => ParameterLocation::Cookie,
            _ => return None,
        };
        let name = at.text("name")?;
        Some(self.described(name, location, &at))
    }

    /// What parameters and headers have in common.
    fn described(&mut self, name: String, location: ParameterLocation, at: &At<'s>) -> Parameter {
        let default_style = match location {
            ParameterLocation::Query | ParameterLocation::Cookie => "form",
            ParameterLocation::Path | ParameterLocation::Header => "simple",
        };
        let style = at.text("style").unwrap_or_else(|| default_style.to_owned());
        Parameter {
            name,
            location,
            required: at.flag("required").unwrap_or(false),
            description: at.text("description"),
            explode: at.flag("explode").unwrap_or(style == "form"),
            style,
            allow_reserved: at.flag("allowReserved").unwrap_or(false),
            deprecated: at.flag("deprecated").unwrap_or(false),
            schema: at.get("schema").and_then(|schema| (self.lower)(schema)),
            content: self.content(at),
            origin: at.origin(self.sources),
        }
    }

    fn content(&mut self, at: &At<'s>) -> Vec<MediaType> {
        let Some(content) = at.get("content") else { return Vec::new() };
        let media_types = content.fields().map(|(name, media_type)| {
            let media_type = media_type.follow(self.sources);
            MediaType {
                name: name.to_owned(),
                schema: media_type.get("schema").and_then(|schema| (self.lower)(schema)),
                encoding: encodings(self.sources, &media_type),
                origin: media_type.origin(self.sources),
            }
        });
        media_types.collect()
    }

    fn response(&mut self, status: &str, at: At<'s>) -> Response {
        let at = at.follow(self.sources);
        let headers = at.get("headers");
        Response {
            status: status.to_owned(),
            description: at.text("description").unwrap_or_default(),
            headers: headers
                .iter()
                .flat_map(At::fields)
                .map(|(name, header)| {
                    let header = header.follow(self.sources);
                    self.described(name.to_owned(), ParameterLocation::Header, &header)
                })
                .collect(),
            links: links(self.sources, &at),
            content: self.content(&at),
            origin: at.origin(self.sources),
        }
    }

    fn schemas(&mut self, root: &At<'s>) -> Vec<(String, SchemaId)> {
        let Some(schemas) = root.get("components").and_then(|components| components.get("schemas")) else {
            return Vec::new();
        };
        schemas.fields().filter_map(|(name, schema)| Some((name.to_owned(), (self.lower)(schema)?))).collect()
    }
}

fn encodings(sources: &Sources, media_type: &At<'_>) -> Vec<Encoding> {
    let Some(list) = media_type.get("encoding") else { return Vec::new() };
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

fn links(sources: &Sources, response: &At<'_>) -> Vec<Link> {
    let Some(list) = response.get("links") else { return Vec::new() };
    let mut found = Vec::new();
    for (name, at) in list.fields() {
        let origin = at.origin(sources);
        let node = match sources.follow(at.node_key()) {
            Ok(key) => sources.node(key),
            Err(_) => at.node,
        };
        let operation = node.str_at("operationId").or_else(|| node.str_at("operationRef")).map(str::to_owned);
        found.push(Link { name: name.to_owned(), operation, origin });
    }
    found
}

/// Alternatives, each a set of schemes.
fn requirements(list: &At<'_>) -> Vec<Vec<SecurityRequirement>> {
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
        let own = At { file: at.file, node: at.node, pointer: at.pointer };
        let end = match sources.follow(own.node_key()) {
            Ok(key) if key != own.node_key() => sources.node(key),
            _ => own.node,
        };
        Some(SecurityScheme { name: name.to_owned(), kind: scheme_kind(end)?, origin: own.origin(sources) })
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
