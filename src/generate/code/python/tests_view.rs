//! The tests that come with a service: what they send, and what they expect, derived from the contract.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::generate::code::behaviour::{Behaviour, View};
use crate::generate::code::resource;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::model::{ParameterLocation, SchemaId, Schemas, SecuritySchemeKind};

use super::layout::{Code, string, value};
use super::operations::{is_basic, is_token};
use super::service::{OperationCode, ResourceCode, ServiceCode};

/// Makes requests that hold to the contract.
pub(crate) struct Samples<'a, 'b> {
    schemas: &'a Schemas,
    service: &'b ServiceCode<'a>,
}

/// One request that a test sends.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
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
        let schema = json!({
            "$ref": format!("#/$defs/{definition}"),
            "$defs": self.service.schemas.get("$defs").cloned().unwrap_or_default(),
        });
        let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema);
        validator.is_ok_and(|validator| validator.is_valid(candidate))
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
                ParameterLocation::Header => drop(headers.insert(argument.parameter.name.clone(), text)),
                ParameterLocation::Cookie => return None,
            }
        }
        if !query.is_empty() {
            url = format!("{url}?{}", query.join("&"));
        }
        (!url.contains('{')).then_some(Sent { url, headers, body: self.body(code)? })
    }

    /// The body that is sent: `Some(None)` for none.
    fn body(&self, code: &OperationCode<'_>) -> Option<Option<Value>> {
        let Some(body) = &code.body else { return Some(None) };
        let (media_type, definition) = body.content.first()?;
        match (definition, json_schema(code)) {
            (Some(definition), Some(id)) if media_type == "application/json" => Some(Some(self.valid(id, definition)?)),
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
        let variants = body.as_object()?.iter().filter_map(|(name, value)| {
            let mut other = body.clone();
            other[name] = json!(format!("{} again", value.as_str()?));
            Some(other)
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

/// The tests of one resource.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ResourceTests {
    /// What the collection is called.
    label: String,
    /// Statement with the body of a new one.
    body: String,
    /// The collection's URL.
    url: String,
    /// Status of a successful creation.
    created: u16,
    /// How the answers show the document: `["data"]`, or nothing.
    created_envelope: String,
    /// The key as a literal.
    key: String,
    /// Statement with the properties that were sent and are answered.
    kept: String,
    /// The URL of a document that does not exist.
    missing: String,
    read: Option<ItemTest>,
    list: Option<ListTest>,
    replace: Option<ItemTest>,
    patch: Option<PatchTest>,
    delete: Option<ItemTest>,
    /// Whether creating twice conflicts.
    conflict: bool,
}

#[derive(Clone, Debug, Serialize)]
struct ItemTest {
    status: u16,
    envelope: String,
    content: bool,
    body: String,
    /// Whether all that was sent is shown.
    shown: bool,
}

#[derive(Clone, Debug, Serialize)]
struct ListTest {
    status: u16,
    items: String,
}

#[derive(Clone, Debug, Serialize)]
struct PatchTest {
    status: u16,
    envelope: String,
    content: bool,
    change: String,
    /// The media type, where it is another than `application/json`.
    media_type: Option<String>,
}

impl Samples<'_, '_> {
    /// The tests of a resource's life, where a document can be created by a sample and is shown with its key.
    pub(crate) fn resource(&self, at: usize, resource: &ResourceCode) -> Option<ResourceTests> {
        let of = |wanted: fn(&Behaviour) -> bool| {
            let mut codes = self.service.operations.iter();
            codes.find(|code| code.resource == Some(at) && wanted(&code.behaviour) && self.can_authenticate(code))
        };
        let create = of(|behaviour| matches!(behaviour, Behaviour::Create { .. }))?;
        let Behaviour::Create { view: Some(view), .. } = &create.behaviour else { return None };
        let sent = self.request(create).filter(|sent| sent.headers.is_empty())?;
        let body = sent.body?;
        let key = &resource.resource.key;
        let shows = |view: &View, name: &str| {
            let listed = view.properties.as_ref().is_none_or(|list| list.iter().any(|(known, _)| known == name));
            listed && resource.resource.shape.property(name).is_some_and(|property| !property.write_only)
        };
        if !shows(view, key) {
            return None;
        }
        let names: Vec<String> = body.as_object()?.keys().filter(|name| shows(view, name)).cloned().collect();
        let item = |code: &OperationCode<'_>, view: Option<&View>, body: String| ItemTest {
            status: code.success,
            envelope: envelope(view),
            content: view.is_some_and(|view| shows(view, key)),
            body,
            shown: false,
        };
        let simple = |code: &&OperationCode<'_>| self.request(code).is_some_and(|sent| sent.headers.is_empty());
        let read = of(|behaviour| matches!(behaviour, Behaviour::Read(_))).filter(simple);
        let replace = of(|behaviour| matches!(behaviour, Behaviour::Replace { .. })).filter(simple);
        let patch = of(|behaviour| matches!(behaviour, Behaviour::Patch { .. }));
        let delete = of(|behaviour| matches!(behaviour, Behaviour::Delete(_))).filter(simple);
        let list = of(|behaviour| matches!(behaviour, Behaviour::List(_)));
        let view_of = |behaviour: &Behaviour| match behaviour {
            Behaviour::Read(view) => Some(view.clone()),
            Behaviour::Replace { view, .. } | Behaviour::Patch { view, .. } | Behaviour::Delete(view) => view.clone(),
            _ => None,
        };
        let replaced = |code: &OperationCode<'_>| {
            let body = self.changed(code)?;
            let view = view_of(&code.behaviour);
            let all = body.as_object()?.keys().all(|name| view.as_ref().is_some_and(|view| shows(view, name)));
            let test = item(code, view.as_ref(), value(&body).lay_out(0, "CHANGED: dict[str, Any] = ", ""));
            Some(ItemTest { shown: all, ..test })
        };
        let unique = |name: &String| names.contains(name);
        Some(ResourceTests {
            label: label(&resource.resource.name),
            body: value(&body).lay_out(0, "NEW: dict[str, Any] = ", ""),
            url: string(&sent.url),
            created: create.success,
            created_envelope: envelope(Some(view)),
            key: string(key),
            kept: Code::group("[", names.iter().map(|name| Code::text(string(name))).collect(), "]").lay_out(
                0,
                "KEPT: list[str] = ",
                "",
            ),
            missing: missing_key(&sent.url, self, read.or(replace).or(delete)),
            read: read.map(|code| item(code, view_of(&code.behaviour).as_ref(), String::new())),
            list: list.and_then(|code| self.list_test(code, &sent.url)),
            replace: replace.and_then(replaced),
            patch: patch.and_then(|code| {
                let (name, changed) = self.patch(code)?;
                let view = view_of(&code.behaviour);
                let item = item(code, view.as_ref(), String::new());
                let media_type = &code.body.as_ref()?.content.first()?.0;
                Some(PatchTest {
                    status: item.status,
                    envelope: item.envelope,
                    content: view.is_some_and(|view| shows(&view, &name)),
                    change: value(&json!({ name: changed })).lay_out(0, "CHANGE: dict[str, Any] = ", ""),
                    media_type: (media_type != "application/json").then(|| string(media_type)),
                })
            }),
            delete: delete.map(|code| item(code, view_of(&code.behaviour).as_ref(), String::new())),
            conflict: resource.resource.unique.iter().any(unique)
                || resource.resource.key_kind == resource::KeyKind::Sent,
        })
    }

    fn list_test(&self, code: &OperationCode<'_>, url: &str) -> Option<ListTest> {
        self.request(code).filter(|sent| sent.headers.is_empty() && sent.url == url)?;
        let Behaviour::List(list) = &code.behaviour else { return None };
        let items = match &list.answer {
            None => String::new(),
            Some(parts) => {
                let items = parts.iter().find(|(_, part)| *part == crate::generate::code::behaviour::PagePart::Items);
                format!("[{}]", string(&items?.0))
            }
        };
        Some(ListTest { status: code.success, items })
    }

    /// Requests to operations that have no default: method, URL and body, as elements of a list.
    pub(crate) fn unknown(&self) -> Vec<String> {
        let unknown = self.service.operations.iter().filter(|code| code.behaviour == Behaviour::Unknown);
        let rows = unknown.filter(|code| self.can_authenticate(code)).filter_map(|code| {
            let sent = self.request(code).filter(|sent| sent.headers.is_empty())?;
            let method = code.operation.method.key().to_uppercase();
            let body = sent.body.as_ref().map_or(Code::text("None"), value);
            Some(Code::group("(", vec![Code::text(string(&method)), Code::text(string(&sent.url)), body], ")"))
        });
        rows.map(|row| row.lay_out(4, "", ",")).collect()
    }

    /// Requests that need credentials: method and URL.
    pub(crate) fn secured(&self) -> Vec<String> {
        let codes = self.service.operations.iter().filter(|code| !code.is_public());
        codes.filter_map(|code| Some(row(code, &self.request(code)?, Vec::new()))).collect()
    }

    /// Method and URL of an operation that needs a token and nothing else, as arguments.
    pub(crate) fn bearer_secured(&self) -> String {
        let token = |scheme: &str| super::operations::is_token(&self.service.scheme(scheme));
        let fits = |code: &&OperationCode<'_>| {
            !code.is_public() && code.operation.security.iter().all(|all| all.iter().all(|one| token(&one.scheme)))
        };
        let mut codes = self.service.operations.iter().filter(fits);
        let found = codes.find_map(|code| {
            let sent = self.request(code)?;
            Some(format!("{}, {}", string(&code.operation.method.key().to_uppercase()), string(&sent.url)))
        });
        found.unwrap_or_default()
    }

    /// Bodies that break the contract: method, URL, bytes and the status that refuses them.
    pub(crate) fn bad_bodies(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for code in &self.service.operations {
            let Some(body) = code.body.as_ref().filter(|body| body.required) else { continue };
            let json = body.content.first().is_some_and(|(name, _)| name == "application/json");
            let Some(sent) = self.request(code).filter(|sent| json && sent.headers.is_empty()) else { continue };
            if !self.can_authenticate(code) {
                continue;
            }
            let refusal = |statuses: &[u16]| {
                statuses.iter().find(|status| code.errors.contains(status)).or(statuses.first()).copied().unwrap_or(422)
            };
            let unparsable = refusal(&[400, 422]);
            rows.push(row(code, &sent, vec![Code::text("\"{\""), Code::text(unparsable.to_string())]));
            let Some((_, shape)) = resource::body(self.schemas, code.operation) else { continue };
            let invalid = refusal(&[422, 400]).to_string();
            for property in shape.properties.iter().filter(|property| property.required && !property.read_only) {
                let mut without = sent.body.clone().unwrap_or_default();
                let Some(object) = without.as_object_mut() else { continue };
                object.shift_remove(&property.name);
                let definition = body.content.first().and_then(|(_, definition)| definition.clone());
                if definition.is_some_and(|definition| !self.accepts(&definition, &without)) {
                    let text = Code::text(string(&without.to_string()));
                    rows.push(row(code, &sent, vec![text, Code::text(invalid.clone())]));
                }
            }
        }
        rows
    }

    /// Requests by a method that the contract does not have at a path, with those that it has.
    pub(crate) fn methods(&self) -> Vec<String> {
        let mut paths: BTreeMap<&str, Vec<&OperationCode<'_>>> = BTreeMap::new();
        for code in &self.service.operations {
            paths.entry(&code.path).or_default().push(code);
        }
        let segments = |path: &str| path.matches('/').count();
        let rows = paths.iter().filter_map(|(path, codes)| {
            // Another path of the same length may match this one, too, and then its methods are allowed as well.
            if paths.keys().filter(|other| segments(other) == segments(path)).count() > 1 {
                return None;
            }
            let mut methods: Vec<String> =
                codes.iter().map(|code| code.operation.method.key().to_uppercase()).collect();
            methods.sort();
            let other = ["DELETE", "PATCH", "PUT", "POST", "GET"]
                .into_iter()
                .find(|other| !methods.iter().any(|known| known == other))?;
            let url = codes.iter().find_map(|code| self.request(code))?.url;
            let url = url.split('?').next().unwrap_or_default();
            let elements = [other, url, &methods.join(", ")].map(|text| Code::text(string(text)));
            Some(Code::group("(", elements.to_vec(), ")").lay_out(4, "", ","))
        });
        rows.collect()
    }
}

/// Words of a name in snake case, the first with a capital letter.
pub(crate) fn label(name: &str) -> String {
    let words = name.trim_end_matches('_').replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// `["data"]` for an envelope.
fn envelope(view: Option<&View>) -> String {
    view.and_then(|view| view.envelope.as_ref()).map_or(String::new(), |name| format!("[{}]", string(name)))
}

/// The URL of a document that does not exist.
fn missing_key(url: &str, samples: &Samples<'_, '_>, item: Option<&OperationCode<'_>>) -> String {
    let item = item.and_then(|code| samples.request(code));
    string(&item.map_or_else(|| format!("{url}/missing"), |sent| sent.url))
}

/// A request as an element of a list.
fn row(code: &OperationCode<'_>, sent: &Sent, more: Vec<Code>) -> String {
    let method = code.operation.method.key().to_uppercase();
    let mut elements = vec![Code::text(string(&method)), Code::text(string(&sent.url))];
    elements.extend(more);
    Code::group("(", elements, ")").lay_out(4, "", ",")
}
