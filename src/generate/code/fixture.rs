//! Contracts as models, for the tests of this target: the part of OpenAPI 3.1 that they use, `$ref` within the document.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::generate::{GenerateError, Request};
use crate::model::{
    AdditionalProperties, Api, Keyword, List, MediaType, Method, Operation, Origin, Parameter, ParameterLocation,
    Platform, RequestBody, Response, Schema, SchemaId, Schemas, SecurityRequirement, SecurityScheme,
    SecuritySchemeKind, Service, StatedBehaviour, Text, Types,
};
use crate::output::{Plan, PlannedFile};
use crate::template::Engine;

/// A platform with one service of that contract.
pub(crate) fn platform(name: &str, contract: &Value) -> Platform {
    let mut reader = Reader { contract, schemas: Schemas::default(), known: BTreeMap::new() };
    let api = reader.api();
    let folder = format!("services/{name}");
    let service = Service { name: name.to_owned(), folder, api: Some(api), ..Service::default() };
    Platform { services: vec![service], schemas: reader.schemas, ..Platform::default() }
}

/// The files of that platform's service.
pub(crate) fn plan(platform: &Platform) -> Result<Vec<PlannedFile>, GenerateError> {
    planned(platform).map(|plan| plan.files)
}

/// The whole plan for that platform.
pub(crate) fn planned(platform: &Platform) -> Result<Plan, GenerateError> {
    let engine = Engine::new(BTreeMap::new()).unwrap();
    let config = crate::document::config::Config::default();
    let request = Request { platform, config: &config, engine: &engine, service: None, existing: &|_| None };
    let mut plan = Plan::default();
    (super::CODE.plan)(&request, &mut plan)?;
    Ok(plan)
}

/// The content of the file whose path ends so.
pub(crate) fn content<'a>(files: &'a [PlannedFile], end: &str) -> &'a str {
    &files.iter().find(|file| file.path.ends_with(end)).unwrap_or_else(|| panic!("no {end}")).content
}

struct Reader<'a> {
    contract: &'a Value,
    schemas: Schemas,
    known: BTreeMap<String, SchemaId>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn optional(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

impl<'a> Reader<'a> {
    fn follow(&self, value: &'a Value) -> &'a Value {
        value["$ref"].as_str().and_then(|path| self.contract.pointer(&path[1..])).unwrap_or(value)
    }

    fn api(&mut self) -> Api {
        let contract = self.contract;
        let named = contract["components"]["schemas"].as_object().into_iter().flatten();
        let schemas =
            named.map(|(name, _)| name).map(|name| (name.into(), self.named(&format!("/components/schemas/{name}"))));
        let schemas = schemas.collect();
        let mut operations = Vec::new();
        for (path, item) in contract["paths"].as_object().into_iter().flatten() {
            for (method, key) in Method::ALL {
                if !item[key].is_null() {
                    operations.push(self.operation(path, item, method, &item[key]));
                }
            }
        }
        let schemes = contract["components"]["securitySchemes"].as_object().into_iter().flatten();
        let server = contract["servers"][0]["url"].as_str().unwrap_or_default();
        let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
        Api {
            title: text(&contract["info"]["title"]),
            version: text(&contract["info"]["version"]),
            openapi: "3.1.0".to_owned(),
            base_path: rest.find('/').map_or("", |at| &rest[at..]).trim_end_matches('/').to_owned(),
            operations,
            security_schemes: schemes.map(|(name, scheme)| security_scheme(name, scheme)).collect(),
            schemas,
            ..Api::default()
        }
    }

    fn operation(&mut self, path: &str, item: &'a Value, method: Method, operation: &'a Value) -> Operation {
        let own = operation["parameters"].as_array().into_iter().flatten();
        let shared = item["parameters"].as_array().into_iter().flatten();
        let parameters = shared.chain(own).map(|parameter| self.parameter(self.follow(parameter))).collect();
        let body = self.follow(&operation["requestBody"]);
        let request_body = (!body.is_null()).then(|| RequestBody {
            required: body["required"] == true,
            content: self.content(&body["content"]).into(),
            origin: Origin::default(),
        });
        let responses = operation["responses"].as_object().into_iter().flatten();
        let responses = responses.map(|(status, response)| self.response(status, self.follow(response))).collect();
        let security =
            if operation["security"].is_null() { &self.contract["security"] } else { &operation["security"] };
        Operation {
            id: optional(&operation["operationId"])
                .unwrap_or_else(|| format!("{} {path}", method.key().to_uppercase()))
                .into(),
            named: operation["operationId"].is_string(),
            method,
            path: path.to_owned(),
            summary: optional(&operation["summary"]).map(Text::from),
            description: None,
            tags: List::default(),
            parameters,
            request_body: request_body.map(Arc::new),
            responses,
            security: security.as_array().into_iter().flatten().map(requirements).collect(),
            inherits_security: false,
            internal: operation["x-internal"] == true,
            deprecated: false,
            sunset: None,
            stability: None,
            callbacks: List::default(),
            extensions: None,
            behaviour: stated(&operation["x-behaviour"]).map(Arc::new),
            origin: Origin::default(),
        }
    }

    fn parameter(&mut self, parameter: &'a Value) -> Parameter {
        let location = match parameter["in"].as_str() {
            Some("path") => ParameterLocation::Path,
            Some("header") => ParameterLocation::Header,
            Some("cookie") => ParameterLocation::Cookie,
            _ => ParameterLocation::Query,
        };
        let form = matches!(location, ParameterLocation::Query | ParameterLocation::Cookie);
        let style = optional(&parameter["style"]).unwrap_or_else(|| if form { "form" } else { "simple" }.to_owned());
        Parameter {
            name: text(&parameter["name"]).into(),
            location,
            required: parameter["required"] == true,
            description: None,
            explode: parameter["explode"].as_bool().unwrap_or(style == "form"),
            style: style.into(),
            allow_reserved: false,
            deprecated: false,
            schema: (!parameter["schema"].is_null()).then(|| self.schema(&parameter["schema"], "")),
            content: self.content(&parameter["content"]).into(),
            extensions: None,
            origin: Origin::default(),
        }
    }

    fn content(&mut self, content: &'a Value) -> Vec<MediaType> {
        let media = content.as_object().into_iter().flatten();
        media
            .map(|(name, media)| MediaType {
                name: name.clone(),
                encoding: List::default(),
                schema: (!media["schema"].is_null()).then(|| self.schema(&media["schema"], "")),
                origin: Origin::default(),
            })
            .collect()
    }

    fn response(&mut self, status: &str, response: &'a Value) -> Response {
        let headers = response["headers"].as_object().into_iter().flatten();
        let headers = headers
            .map(|(name, header)| Parameter { name: name.clone().into(), ..self.parameter(self.follow(header)) });
        Response {
            status: status.to_owned(),
            description: text(&response["description"]).into(),
            links: List::default(),
            headers: headers.collect(),
            content: self.content(&response["content"]).into(),
            origin: Origin::default(),
        }
    }

    /// The schema at a pointer of the document, which is what a `$ref` names.
    fn named(&mut self, pointer: &str) -> SchemaId {
        if let Some(id) = self.known.get(pointer) {
            return *id;
        }
        let id = self.reserve(pointer);
        self.known.insert(pointer.to_owned(), id);
        let name = pointer.rsplit('/').next().map(Into::into);
        let keywords = self.contract.pointer(pointer).unwrap_or(&Value::Null);
        self.fill(id, keywords, pointer);
        self.schemas.nodes[id.0 as usize].name = name;
        id
    }

    fn schema(&mut self, value: &'a Value, pointer: &str) -> SchemaId {
        let id = self.reserve(pointer);
        self.fill(id, value, pointer);
        id
    }

    fn reserve(&mut self, pointer: &str) -> SchemaId {
        let origin = Origin { pointer: Some(pointer.into()), ..Origin::default() };
        self.schemas.nodes.push(Schema::any(origin));
        SchemaId(u32::try_from(self.schemas.nodes.len() - 1).unwrap())
    }

    fn fill(&mut self, id: SchemaId, value: &'a Value, pointer: &str) {
        let mut types = Types::ALL;
        let mut keywords = Vec::new();
        match &value["type"] {
            Value::String(name) => types = Types::of_name(name).unwrap(),
            Value::Array(names) => {
                let all = names.iter().map(|name| Types::of_name(name.as_str().unwrap()).unwrap());
                types = all.fold(Types::NONE, Types::union);
            }
            _ => {}
        }
        for (key, value) in value.as_object().into_iter().flatten() {
            keywords.extend(self.keyword(key, value, pointer));
        }
        let node = &mut self.schemas.nodes[id.0 as usize];
        node.types = types;
        node.keywords = keywords;
    }

    fn keyword(&mut self, key: &str, value: &'a Value, pointer: &str) -> Option<Keyword> {
        let child = |key: &str| format!("{pointer}/{key}");
        let number = || value.as_number().cloned();
        Some(match key {
            "$ref" => Keyword::Ref(self.named(&value.as_str()?[1..])),
            "allOf" => Keyword::AllOf(self.list(value).into()),
            "anyOf" => Keyword::AnyOf(self.list(value).into()),
            "oneOf" => Keyword::OneOf(self.list(value).into()),
            "enum" => Keyword::Enum(value.as_array()?.as_slice().into()),
            "const" => Keyword::Const(value.into()),
            "minimum" => Keyword::Minimum(number()?),
            "maximum" => Keyword::Maximum(number()?),
            "minLength" => Keyword::MinLength(value.as_u64()?),
            "maxLength" => Keyword::MaxLength(value.as_u64()?),
            "minItems" => Keyword::MinItems(value.as_u64()?),
            "maxItems" => Keyword::MaxItems(value.as_u64()?),
            "minProperties" => Keyword::MinProperties(value.as_u64()?),
            "pattern" => Keyword::Pattern(text(value).into()),
            "format" => Keyword::Format(text(value).into()),
            "items" => Keyword::Items(self.schema(value, &child("items"))),
            "properties" => {
                let properties = value.as_object()?.iter();
                Keyword::Properties(properties.map(|(name, value)| (name.clone(), self.schema(value, name))).collect())
            }
            "additionalProperties" => Keyword::AdditionalProperties(match value {
                Value::Bool(false) => AdditionalProperties::Closed,
                Value::Bool(true) => AdditionalProperties::Open,
                schema => AdditionalProperties::Schema(self.schema(schema, &child("additionalProperties"))),
            }),
            "required" => Keyword::Required(value.as_array()?.iter().map(|name| text(name).into()).collect()),
            "default" => Keyword::Default(value.into()),
            "example" => Keyword::Example(value.into()),
            "readOnly" => Keyword::ReadOnly(value.as_bool()?),
            "writeOnly" => Keyword::WriteOnly(value.as_bool()?),
            "description" => Keyword::Description(text(value).into()),
            "x-unique" => Keyword::Unique(value.as_bool()?),
            _ => return None,
        })
    }

    fn list(&mut self, value: &'a Value) -> Vec<SchemaId> {
        value.as_array().into_iter().flatten().map(|one| self.schema(one, "")).collect()
    }
}

fn requirements(alternative: &Value) -> Vec<SecurityRequirement> {
    let all = alternative.as_object().into_iter().flatten();
    all.map(|(scheme, scopes)| SecurityRequirement {
        scheme: scheme.clone(),
        scopes: scopes.as_array().into_iter().flatten().map(text).collect(),
    })
    .collect()
}

fn stated(behaviour: &Value) -> Option<StatedBehaviour> {
    match behaviour {
        Value::String(name) => Some(StatedBehaviour { name: name.clone(), ..StatedBehaviour::default() }),
        Value::Object(_) => Some(serde_json::from_value(behaviour.clone()).unwrap()),
        _ => None,
    }
}

fn security_scheme(name: &str, scheme: &Value) -> SecurityScheme {
    let kind = match scheme["type"].as_str() {
        Some("apiKey") => {
            SecuritySchemeKind::ApiKey { location: ParameterLocation::Header, parameter: text(&scheme["name"]) }
        }
        Some("oauth2") => SecuritySchemeKind::Oauth2 { scopes: Vec::new() },
        _ => SecuritySchemeKind::Http { scheme: text(&scheme["scheme"]), format: None },
    };
    SecurityScheme { name: name.to_owned(), kind, origin: Origin::default() }
}
