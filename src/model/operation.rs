//! HTTP operations, as the OpenAPI contract declares them (OpenAPI 3.0.4 and 3.1.1, section 4.8).

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Json, List, Origin, SchemaId, StatedBehaviour, Text, shared::is_empty};

/// The HTTP contract of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// The OpenAPI version it is written in.
    pub openapi: String,
    /// URLs of `servers`, as written.
    pub servers: Vec<String>,
    /// Path of the first server URL without a trailing slash; empty for none.
    pub base_path: String,
    /// Operations, by path in the order of the file, then by method.
    pub operations: Vec<Operation>,
    /// Where the document says who is let in unless an operation says it; the document itself where it does not.
    #[serde(default)]
    pub security_origin: Origin,
    /// Security schemes by name.
    pub security_schemes: Vec<SecurityScheme>,
    /// Requests that the service sends (OpenAPI 3.1.1, section 4.8.1, `webhooks`); the path of each is its name.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub webhooks: Vec<Operation>,
    /// Named schemas of `components.schemas`, in the order of the file.
    #[schemars(with = "Vec<(String, SchemaId)>")]
    pub schemas: Vec<(Text, SchemaId)>,
    /// Those of the document and of `info`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub extensions: Extensions,
    /// The document.
    pub origin: Origin,
}

impl Api {
    /// Whether the document has schemas and nothing that is sent: others refer to it, or keep to what it says.
    pub fn is_bundle(&self) -> bool {
        self.operations.is_empty() && self.webhooks.is_empty()
    }

    /// How messages call what a schema of such a document describes.
    pub(crate) fn shared_schema(name: &str) -> String {
        format!("schema {name}")
    }
}

/// Extensions (`x-…`; OpenAPI 3.1.1, section 4.9) by name, but for those that the model knows by themselves. Few have any.
pub type Extensions = Option<Arc<BTreeMap<Text, Json>>>;

/// An HTTP method that OpenAPI knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    Get,
    /// PUT.
    Put,
    /// POST.
    Post,
    /// DELETE.
    Delete,
    /// OPTIONS.
    Options,
    /// HEAD.
    Head,
    /// PATCH.
    Patch,
    /// TRACE.
    Trace,
}

impl Method {
    /// All methods with their key in a path item.
    pub const ALL: [(Method, &'static str); 8] = [
        (Method::Get, "get"),
        (Method::Put, "put"),
        (Method::Post, "post"),
        (Method::Delete, "delete"),
        (Method::Options, "options"),
        (Method::Head, "head"),
        (Method::Patch, "patch"),
        (Method::Trace, "trace"),
    ];

    /// The key in a path item.
    pub fn key(self) -> &'static str {
        Method::ALL.iter().find(|(method, _)| *method == self).map_or("get", |(_, key)| key)
    }

    /// The method of a path item's key, in any case.
    pub fn parse(text: &str) -> Option<Method> {
        Method::ALL.iter().find(|(_, key)| key.eq_ignore_ascii_case(text)).map(|(method, _)| *method)
    }
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// `operationId`, or `METHOD path` where none is given.
    pub id: Text,
    /// Whether the id is the contract's own `operationId`.
    pub named: bool,
    /// The method.
    pub method: Method,
    /// The path template, as written.
    pub path: String,
    /// `summary`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub summary: Option<Text>,
    /// `description`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<Text>,
    /// `tags`.
    pub tags: List<Text>,
    /// Parameters of the path item and of the operation, the operation's own winning.
    pub parameters: List<Parameter>,
    /// The request body.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request_body: Option<Arc<RequestBody>>,
    /// Responses in the order of the file.
    pub responses: List<Response>,
    /// Alternatives, each a set of schemes that are needed together; the operation's own or the document's. An empty
    /// list, or one with an empty alternative, lets everybody in.
    pub security: List<Vec<SecurityRequirement>>,
    /// Whether that is the document's (`Api::security_origin`).
    #[serde(default)]
    pub inherits_security: bool,
    /// `x-internal`: for other services of the platform alone, and not offered by gateways.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub internal: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// `x-sunset`: the day on which it goes away, as written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sunset: Option<Text>,
    /// `x-stability` (or `x-stability-level`), in lower case.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stability: Option<Text>,
    /// Requests that the service sends back (`callbacks`).
    #[serde(skip_serializing_if = "is_empty", default)]
    pub callbacks: List<Callback>,
    /// Those of the operation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub extensions: Extensions,
    /// `x-behaviour`, where the contract sets it. Few do, so it takes no room in the others.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub behaviour: Option<Arc<StatedBehaviour>>,
    /// The operation object.
    pub origin: Origin,
}

impl Operation {
    /// How many parts a message of it may have: parameters, media types, responses, headers, requirements and scopes. Each
    /// counts, though other operations may hold the same list.
    pub(crate) fn parts(&self) -> usize {
        let responses = self.responses.iter().map(|one| 1 + one.headers.len() + one.content.len());
        let security = self.security.iter().flatten().map(|one| 1 + one.scopes.len());
        let body = self.request_body.as_ref().map_or(0, |body| body.content.len());
        self.parameters.len() + body + responses.sum::<usize>() + security.sum::<usize>()
    }
}

impl Operation {
    /// An operation without anything but a method.
    #[cfg(test)]
    pub(crate) fn new(method: Method) -> Operation {
        Operation {
            id: Text::default(),
            named: true,
            method,
            path: String::new(),
            summary: None,
            description: None,
            tags: List::default(),
            parameters: List::default(),
            request_body: None,
            responses: List::default(),
            security: List::default(),
            inherits_security: false,
            internal: false,
            deprecated: false,
            sunset: None,
            stability: None,
            callbacks: List::default(),
            extensions: None,
            behaviour: None,
            origin: Origin::default(),
        }
    }

    /// Whether everybody may call it.
    pub fn is_public(&self) -> bool {
        self.security.is_empty() || self.security.iter().any(Vec::is_empty)
    }
}

/// A request that the service sends to an address it was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Callback {
    /// Its name in `callbacks`.
    pub name: String,
    /// The requests, one for each expression and method; the path of each is the expression.
    pub operations: List<Operation>,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParameterLocation {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// As a header.
    Header,
    /// As a cookie.
    Cookie,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// Its name, as sent.
    pub name: Text,
    /// Where it is sent.
    #[serde(rename = "in")]
    pub location: ParameterLocation,
    /// Whether it must be sent.
    pub required: bool,
    /// `description`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<Text>,
    /// `style`, as written or the default of its location.
    pub style: Text,
    /// `explode`, as written or the default of its style.
    pub explode: bool,
    /// `allowReserved`.
    pub allow_reserved: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub schema: Option<SchemaId>,
    /// Its `content`, where it has that instead of a schema.
    #[serde(skip_serializing_if = "is_empty", default)]
    pub content: List<MediaType>,
    /// Those of the parameter.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub extensions: Extensions,
    /// The parameter object.
    pub origin: Origin,
}

/// A request body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequestBody {
    /// Whether it must be sent.
    pub required: bool,
    /// Its media types in the order of the file.
    pub content: List<MediaType>,
    /// The request body object.
    pub origin: Origin,
}

/// A media type with its schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MediaType {
    /// The type or range, such as `application/json`.
    pub name: String,
    /// Its schema; nothing means any content.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub schema: Option<SchemaId>,
    /// `encoding` of the properties of a form or multipart body.
    #[serde(skip_serializing_if = "is_empty", default)]
    pub encoding: List<Encoding>,
    /// The media type object.
    pub origin: Origin,
}

/// How one property of a body is serialised. Without an entry the defaults of OpenAPI 3.1.1, section 4.8.15, hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Encoding {
    /// The property.
    pub property: String,
    /// `contentType`, as written.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub content_type: Option<String>,
    /// `style`.
    pub style: String,
    /// `explode`.
    pub explode: bool,
    /// `allowReserved`.
    pub allow_reserved: bool,
    /// The encoding object.
    pub origin: Origin,
}

/// A link of a response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// `operationId` or `operationRef`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub operation: Option<Text>,
    /// The link object.
    pub origin: Origin,
}

/// A response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Response {
    /// A code (`201`), a range (`4XX`) or `default`.
    pub status: String,
    /// `description`.
    pub description: Text,
    /// Headers with their schemas; `required` as declared.
    pub headers: List<Parameter>,
    /// Links to further operations.
    #[serde(skip_serializing_if = "is_empty", default)]
    pub links: List<Link>,
    /// Its media types in the order of the file.
    pub content: List<MediaType>,
    /// The response object.
    pub origin: Origin,
}

/// A scheme that must be satisfied, with its scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecurityRequirement {
    /// Name of the scheme.
    pub scheme: String,
    /// Scopes or roles.
    pub scopes: Vec<String>,
}

/// A declared security scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecurityScheme {
    /// Its name in `components.securitySchemes`.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: SecuritySchemeKind,
    /// The scheme object.
    pub origin: Origin,
}

/// The kinds of security schemes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum SecuritySchemeKind {
    /// HTTP authentication (RFC 9110, section 11): `bearer`, `basic`, …
    Http {
        /// The scheme in lower case.
        scheme: String,
        /// `bearerFormat`.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        format: Option<String>,
    },
    /// A key in a header, the query or a cookie.
    ApiKey {
        /// Where it is sent.
        #[serde(rename = "in")]
        location: ParameterLocation,
        /// Under which name.
        parameter: String,
    },
    /// OAuth 2.0 flows with their scopes.
    Oauth2 {
        /// Every scope of every flow, sorted.
        scopes: Vec<String>,
    },
    /// OpenID Connect discovery.
    OpenIdConnect {
        /// The discovery URL.
        url: String,
    },
    /// Mutual TLS.
    MutualTls,
}
