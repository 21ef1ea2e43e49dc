//! The fields of every object type but the schema.

use super::tables::Others::{Each, Refused, Scopes};
use super::tables::Shape::{Any, AnyMap, Bool, Components, List, Map, Object, Text, TextMap, Texts, Word};
use super::tables::{ObjectType as T, Others, Table, optional, required, required_in_30, since31};

macro_rules! table {
    ($name:ident, $others:expr, [$($field:expr),* $(,)?]) => {
        pub(super) static $name: Table = Table { fields: &[$($field),*], others: $others };
    };
}

table!(
    DOCUMENT,
    Refused,
    [
        required("openapi", Any),
        required("info", Object(T::Info)),
        optional("servers", List(T::Server)),
        required_in_30("paths", Object(T::Paths)),
        since31("webhooks", Map(T::PathItem)),
        optional("components", Object(T::Components)),
        optional("security", List(T::SecurityRequirement)),
        optional("tags", List(T::Tag)),
        optional("externalDocs", Object(T::ExternalDocs)),
        since31("jsonSchemaDialect", Text),
    ]
);
table!(
    INFO,
    Refused,
    [
        required("title", Text),
        required("version", Text),
        optional("description", Text),
        since31("summary", Text),
        optional("termsOfService", Text),
        optional("contact", Object(T::Contact)),
        optional("license", Object(T::License)),
    ]
);
table!(CONTACT, Refused, [optional("name", Text), optional("url", Text), optional("email", Text)]);
table!(LICENSE, Refused, [required("name", Text), optional("url", Text), since31("identifier", Text)]);
table!(
    SERVER,
    Refused,
    [required("url", Text), optional("description", Text), optional("variables", Map(T::ServerVariable)),]
);
table!(SERVER_VARIABLE, Refused, [required("default", Text), optional("enum", Texts), optional("description", Text),]);
table!(
    COMPONENTS,
    Refused,
    [
        optional("schemas", Components(T::Schema)),
        optional("responses", Components(T::Response)),
        optional("parameters", Components(T::Parameter)),
        optional("examples", Components(T::Example)),
        optional("requestBodies", Components(T::RequestBody)),
        optional("headers", Components(T::Header)),
        optional("securitySchemes", Components(T::SecurityScheme)),
        optional("links", Components(T::Link)),
        optional("callbacks", Components(T::Callback)),
        since31("pathItems", Components(T::PathItem)),
    ]
);
table!(PATHS, Others::Paths(Object(T::PathItem)), []);
table!(
    PATH_ITEM,
    Refused,
    [
        optional("get", Object(T::Operation)),
        optional("post", Object(T::Operation)),
        optional("put", Object(T::Operation)),
        optional("delete", Object(T::Operation)),
        optional("patch", Object(T::Operation)),
        optional("parameters", List(T::Parameter)),
        optional("summary", Text),
        optional("description", Text),
        optional("head", Object(T::Operation)),
        optional("options", Object(T::Operation)),
        optional("trace", Object(T::Operation)),
        optional("servers", List(T::Server)),
        optional("$ref", Text),
    ]
);
table!(
    OPERATION,
    Refused,
    [
        optional("tags", Texts),
        optional("summary", Text),
        optional("description", Text),
        optional("operationId", Text),
        optional("parameters", List(T::Parameter)),
        optional("requestBody", Object(T::RequestBody)),
        required_in_30("responses", Object(T::Responses)),
        optional("security", List(T::SecurityRequirement)),
        optional("deprecated", Bool),
        optional("callbacks", Map(T::Callback)),
        optional("servers", List(T::Server)),
        optional("externalDocs", Object(T::ExternalDocs)),
    ]
);
table!(EXTERNAL_DOCS, Refused, [required("url", Text), optional("description", Text)]);
table!(
    PARAMETER,
    Refused,
    [
        required("name", Text),
        required("in", Word(&["path", "query", "header", "cookie"])),
        optional("required", Bool),
        optional("schema", Object(T::Schema)),
        optional("description", Text),
        optional("example", Any),
        optional("examples", Map(T::Example)),
        optional("style", Word(STYLES)),
        optional("explode", Bool),
        optional("deprecated", Bool),
        optional("content", Map(T::MediaType)),
        optional("allowReserved", Bool),
        optional("allowEmptyValue", Bool),
    ]
);
const STYLES: &[&str] = &["form", "simple", "label", "matrix", "spaceDelimited", "pipeDelimited", "deepObject"];
table!(
    REQUEST_BODY,
    Refused,
    [required("content", Map(T::MediaType)), optional("required", Bool), optional("description", Text),]
);
table!(
    MEDIA_TYPE,
    Refused,
    [
        optional("schema", Object(T::Schema)),
        optional("example", Any),
        optional("examples", Map(T::Example)),
        optional("encoding", Map(T::Encoding)),
    ]
);
table!(
    ENCODING,
    Refused,
    [
        optional("contentType", Text),
        optional("headers", Map(T::Header)),
        optional("style", Word(&["form", "spaceDelimited", "pipeDelimited", "deepObject"])),
        optional("explode", Bool),
        optional("allowReserved", Bool),
    ]
);
table!(RESPONSES, Each(Object(T::Response)), []);
table!(
    RESPONSE,
    Refused,
    [
        required("description", Text),
        optional("content", Map(T::MediaType)),
        optional("headers", Map(T::Header)),
        optional("links", Map(T::Link)),
    ]
);
table!(CALLBACK, Each(Object(T::PathItem)), []);
table!(
    EXAMPLE,
    Refused,
    [optional("value", Any), optional("summary", Text), optional("description", Text), optional("externalValue", Text),]
);
table!(
    LINK,
    Refused,
    [
        optional("operationId", Text),
        optional("operationRef", Text),
        optional("parameters", AnyMap),
        optional("requestBody", Any),
        optional("description", Text),
        optional("server", Object(T::Server)),
    ]
);
table!(
    HEADER,
    Refused,
    [
        optional("schema", Object(T::Schema)),
        optional("description", Text),
        optional("required", Bool),
        optional("deprecated", Bool),
        optional("example", Any),
        optional("examples", Map(T::Example)),
        optional("style", Word(&["simple"])),
        optional("explode", Bool),
        optional("content", Map(T::MediaType)),
        optional("allowReserved", Bool),
        optional("allowEmptyValue", Bool),
    ]
);
table!(
    TAG,
    Refused,
    [required("name", Text), optional("description", Text), optional("externalDocs", Object(T::ExternalDocs)),]
);
table!(DISCRIMINATOR, Refused, [required("propertyName", Text), optional("mapping", TextMap)]);
table!(
    XML,
    Refused,
    [
        optional("name", Text),
        optional("wrapped", Bool),
        optional("attribute", Bool),
        optional("namespace", Text),
        optional("prefix", Text),
    ]
);
table!(
    SECURITY_SCHEME,
    Refused,
    [
        required("type", Word(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"])),
        optional("scheme", Text),
        optional("bearerFormat", Text),
        optional("description", Text),
        optional("name", Text),
        optional("in", Word(&["query", "header", "cookie"])),
        optional("flows", Object(T::OauthFlows)),
        optional("openIdConnectUrl", Text),
    ]
);
table!(
    OAUTH_FLOWS,
    Refused,
    [
        optional("implicit", Object(T::ImplicitFlow)),
        optional("password", Object(T::TokenFlow)),
        optional("clientCredentials", Object(T::TokenFlow)),
        optional("authorizationCode", Object(T::CodeFlow)),
    ]
);
table!(
    IMPLICIT_FLOW,
    Refused,
    [required("authorizationUrl", Text), required("scopes", TextMap), optional("refreshUrl", Text),]
);
table!(TOKEN_FLOW, Refused, [required("tokenUrl", Text), required("scopes", TextMap), optional("refreshUrl", Text)]);
table!(
    CODE_FLOW,
    Refused,
    [
        required("authorizationUrl", Text),
        required("tokenUrl", Text),
        required("scopes", TextMap),
        optional("refreshUrl", Text),
    ]
);
table!(SECURITY_REQUIREMENT, Scopes, []);
