//! The tests that come with a service, in any language: what they send, and what they expect, derived from the contract.

mod chaos;
mod clients;
mod contract;
mod documents;
mod kept;
mod pacts;
mod scenarios;
mod sessions;
mod steps;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::generate::code::behaviour::{Behaviour, Source};
use crate::generate::code::resource;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::model::{ParameterLocation, SchemaId, Schemas, SecuritySchemeKind};

use super::service::{OperationCode, ServiceCode, is_basic, is_token};

pub(crate) use chaos::{FaultCase, Found, MadeCase};
pub(crate) use clients::{ClientCase, ReferenceCase, Sample, answer, path_pattern};
pub(crate) use contract::{Broken, Incomplete, WrongMethod};
pub(crate) use documents::{ItemCase, ResourceCase};
pub(crate) use kept::KeptCase;
pub(crate) use pacts::{PactCase, is_called};
pub use scenarios::Left;
pub(crate) use scenarios::{Caller, Line, NamedBody, Request, ScenarioPlan, ScenarioTests, Shown, Term, bodies, plans};
pub(crate) use sessions::{SessionCall, SessionCase};
pub(crate) use steps::StepCase;

/// Of a body with more texts, the first ones are tried when one is to differ.
const MANY_TEXTS: usize = 50;

/// Makes requests that hold to the contract.
pub(crate) struct Samples<'a, 'b> {
    schemas: &'a Schemas,
    service: &'b ServiceCode<'a>,
}

/// One request that a test sends.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// The method in capital letters.
    pub(crate) method: String,
    /// The URL with values for every variable of the path and for required query parameters.
    pub(crate) url: String,
    /// Required headers.
    pub(crate) headers: BTreeMap<String, String>,
    /// The JSON body.
    pub(crate) body: Option<Value>,
}

impl<'a, 'b> Samples<'a, 'b> {
    /// Samples for a service.
    pub(crate) fn new(schemas: &'a Schemas, service: &'b ServiceCode<'a>) -> Self {
        Samples { schemas, service }
    }

    /// A value that the definition accepts.
    fn valid(&self, id: SchemaId, definition: &str) -> Option<Value> {
        let found = sample(self.schemas, id, Direction::Request)?;
        self.accepts(definition, &found).then_some(found)
    }

    fn accepts(&self, definition: &str, candidate: &Value) -> bool {
        self.service.accepts(definition, candidate)
    }

    /// A request that the operation admits; nothing where no plain sample of a part is known.
    pub(crate) fn request(&self, code: &OperationCode<'_>) -> Option<Sent> {
        let mut url = code.path.clone();
        let mut query = Vec::new();
        let mut headers = BTreeMap::new();
        for argument in &code.arguments {
            let location = argument.parameter.location;
            if location != ParameterLocation::Path && !argument.parameter.required {
                continue;
            }
            let text = match argument.schema {
                Some(id) => plain_text(&self.valid(id, &argument.definition)?)?,
                None => "example".to_owned(),
            };
            match location {
                ParameterLocation::Path => url = url.replace(&format!("{{{}}}", argument.name), &escape(&text)),
                ParameterLocation::Query => {
                    query.push(format!("{}={}", escape(&argument.parameter.name), escape(&text)))
                }
                ParameterLocation::Header => drop(headers.insert(argument.parameter.name.to_string(), text)),
                ParameterLocation::Cookie => return None,
            }
        }
        if !query.is_empty() {
            url = format!("{url}?{}", query.join("&"));
        }
        let method = code.operation.method.key().to_uppercase();
        (!url.contains('{')).then_some(Sent { method, url, headers, body: self.body(code)? })
    }

    /// The body that is sent: `Some(None)` for none.
    fn body(&self, code: &OperationCode<'_>) -> Option<Option<Value>> {
        let Some(body) = &code.body else { return Some(None) };
        let (media_type, definition) = body.content.first()?;
        match (definition, json_schema(code)) {
            (Some(definition), Some(id)) if media_type == "application/json" => {
                let whole = self.valid(id, definition)?;
                let unnamed = without_key(code, &whole).filter(|body| self.accepts(definition, body));
                Some(Some(unnamed.unwrap_or(whole)))
            }
            _ if !body.required => Some(None),
            _ => None,
        }
    }

    /// A body for PATCH that changes one property.
    fn patch(&self, code: &OperationCode<'_>) -> Option<(String, Value)> {
        let (id, shape) = resource::body(self.schemas, code.operation)?;
        let definition = code.body.as_ref()?.content.first()?.1.clone()?;
        let whole = sample(self.schemas, id, Direction::Request)?;
        shape.properties.iter().find_map(|property| {
            let value = whole.get(&property.name)?.clone();
            let body = json!({ property.name.clone(): value.clone() });
            self.accepts(&definition, &body).then(|| (property.name.clone(), value))
        })
    }

    /// A body for PUT in which one text differs from the sample, where the contract leaves room for that.
    fn changed(&self, code: &OperationCode<'_>) -> Option<Value> {
        let body = self.request(code)?.body?;
        let definition = code.body.as_ref()?.content.first()?.1.clone()?;
        let properties =
            resource::body(self.schemas, code.operation).map(|(_, shape)| shape.properties).unwrap_or_default();
        // What another text of a format looks like is not known, and not every validator checks every format.
        let has_format = |name: &String| {
            let mut formats = properties.iter().filter(|property| property.name == *name);
            formats.any(|property| !super::shape::format(self.schemas, property.schema).is_empty())
        };
        let texts = body.as_object()?.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
        let texts = texts.filter(|(name, _)| !has_format(name));
        let variants = texts.take(MANY_TEXTS).map(|(name, text)| {
            let mut other = body.clone();
            other[name] = json!(format!("{text} again"));
            other
        });
        let found = variants.into_iter().find(|other| self.accepts(&definition, other));
        Some(found.unwrap_or(body))
    }

    /// Whether a test's credentials let it in: they travel in headers.
    pub(crate) fn can_authenticate(&self, code: &OperationCode<'_>) -> bool {
        let fits = |scheme: &str| match self.service.scheme(scheme) {
            SecuritySchemeKind::ApiKey { location, .. } => location == ParameterLocation::Header,
            // The Authorization header holds one kind of credentials: a token where any operation takes one.
            kind => !is_basic(&kind) || !self.service.uses_scheme(is_token),
        };
        let security = &code.operation.security;
        code.is_public() || security.iter().any(|all| all.iter().all(|requirement| fits(&requirement.scheme)))
    }
}

/// The schema of the first JSON body.
fn json_schema(code: &OperationCode<'_>) -> Option<SchemaId> {
    resource::json_content(&code.operation.request_body.as_ref()?.content)?.schema
}

/// A body without the key that a client may choose, as two requests cannot have the same; nothing where there is none.
fn without_key(code: &OperationCode<'_>, whole: &Value) -> Option<Value> {
    let Behaviour::Create { fields, .. } = &code.behaviour else { return None };
    let key = fields.iter().find(|field| matches!(field.source, Source::FreeId | Source::FreeNumber))?;
    let mut body = whole.clone();
    body.as_object_mut()?.shift_remove(&key.name)?;
    Some(body)
}

/// A scalar as a parameter's text.
fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Percent-encoding of what is not unreserved (RFC 3986, section 2.3).
fn escape(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Words of a name in snake case, the first with a capital letter.
pub(crate) fn label(name: &str) -> String {
    let words = name.trim_end_matches('_').replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
