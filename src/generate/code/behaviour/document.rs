//! Behaviours that store, show and remove one document.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::generate::code::names::words;
use crate::generate::code::resource::{self, KeyKind, Resource, alike};
use crate::generate::code::shape::{self, Property, Shape};
use crate::model::json_schema::children;
use crate::model::{JsonType, Keyword, Operation, SchemaId, Schemas};

use super::{Behaviour, Field, Source, View};

/// Characters of a UUID.
const UUID_LENGTH: u64 = 36;

/// Looks at one operation on one resource. What it cannot tell it says as a clause: "`price` comes from nowhere".
pub(super) struct Inference<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) resource: &'a Resource,
    pub(super) operation: &'a Operation,
}

impl Inference<'_> {
    /// How the answer shows the document; nothing where it has no content.
    pub(super) fn view(&self) -> Result<Option<View>, String> {
        let (_, response) = resource::success(self.operation);
        if response.is_none_or(|response| response.content.is_empty()) {
            return Ok(None);
        }
        let payload = resource::answer(self.schemas, self.operation);
        let properties = payload.as_ref().and_then(|payload| self.projection(payload.schema));
        match (payload, properties) {
            (Some(payload), Some(properties)) => Ok(Some(View { envelope: payload.envelope, properties })),
            _ => Err("its answer shows something else than the document".to_owned()),
        }
    }

    pub(super) fn read(&self) -> Result<Behaviour, String> {
        self.view()?.map(Behaviour::Read).ok_or_else(|| "its answer has no content".to_owned())
    }

    pub(super) fn delete(&self) -> Result<Behaviour, String> {
        self.view().map(Behaviour::Delete)
    }

    /// The properties of the body.
    fn body(&self) -> Result<Shape, String> {
        let body = resource::body(self.schemas, self.operation);
        let (_, body) = body.ok_or_else(|| "its body is no JSON object with declared properties".to_owned())?;
        let stored = |property: &&Property| {
            let kept = self.resource.shape.property(&property.name).is_some();
            kept && !property.read_only && !property.write_only && property.name != self.resource.key
        };
        match body.properties.iter().filter(stored).find_map(|one| Some((one, one_sided(self.schemas, one.schema)?))) {
            Some((holder, inner)) => {
                Err(format!("`{}` holds `{inner}`, which only one of request and answer has", holder.name))
            }
            None if body.properties.iter().any(|one| self.resource.shape.property(&one.name).is_some()) => Ok(body),
            None => Err("its body has nothing of the document".to_owned()),
        }
    }

    /// The properties that an answer takes from the document; nothing where it needs others.
    pub(super) fn projection(&self, shown: SchemaId) -> Option<Option<Vec<(String, bool)>>> {
        if self.schemas.resolve(shown) == self.schemas.resolve(self.resource.document) {
            return Some(None);
        }
        let shape = Shape::of(self.schemas, shown)?;
        let mut taken = Vec::new();
        for property in shape.properties.iter().filter(|property| !property.write_only) {
            match self.resource.shape.property(&property.name) {
                Some(stored) if stored.required || !property.required => {
                    taken.push((property.name.clone(), stored.required));
                }
                _ if property.required => return None,
                _ => {}
            }
        }
        let all = taken.len() == self.resource.shape.properties.len() && taken.len() == shape.properties.len();
        let same = all && shape.properties.iter().all(|p| self.same_property(p));
        (!taken.is_empty()).then(|| (!same).then_some(taken))
    }

    fn same_property(&self, property: &Property) -> bool {
        self.resource.shape.property(&property.name).is_some_and(|stored| stored.required == property.required)
    }

    pub(super) fn create(&self) -> Result<Behaviour, String> {
        let body = self.body()?;
        if let Some(secret) = body.properties.iter().find(|property| property.write_only) {
            return Err(format!("`{}` is sent and never shown, and only its author knows what for", secret.name));
        }
        let fields = self.created_fields(&body)?;
        let kept = |name: &String| self.resource.shape.property(name).is_some();
        let dropped = body.properties.iter().map(|property| property.name.clone()).filter(|name| !kept(name)).collect();
        let (_, response) = resource::success(self.operation);
        let location = response
            .is_some_and(|response| response.headers.iter().any(|header| header.name.eq_ignore_ascii_case("location")));
        Ok(Behaviour::Create { fields, dropped, view: self.view()?, location })
    }

    /// Every property of a new document.
    pub(super) fn created_fields(&self, body: &Shape) -> Result<Vec<Field>, String> {
        let mut fields = Vec::new();
        for property in &self.resource.shape.properties {
            match self.created(property, body) {
                Some(Some(source)) => fields.push(Field { name: property.name.clone(), source }),
                Some(None) => {}
                None => return Err(format!("`{}` is required and comes from nowhere", property.name)),
            }
        }
        Ok(fields)
    }

    /// The source of a new document's property: `Some(None)` leaves it out, nothing where it cannot be known.
    fn created(&self, property: &Property, body: &Shape) -> Option<Option<Source>> {
        if property.write_only {
            return Some(None);
        }
        if property.name == self.resource.key {
            let sent = body.property(&property.name).is_some_and(|sent| self.may_be_sent(sent));
            return Some(Some(match self.resource.key_kind {
                KeyKind::Text if sent && shape::format(self.schemas, property.schema) == "uuid" => Source::FreeId,
                KeyKind::Number if sent => Source::FreeNumber,
                KeyKind::Text => Source::NewId,
                KeyKind::Number => Source::NextNumber,
                KeyKind::Sent => Source::Body,
            }));
        }
        if let Some((variable, _)) = self.resource.parents.iter().find(|(_, name)| *name == property.name) {
            return Some(Some(Source::Path(variable.clone())));
        }
        let Some(sent) = body.property(&property.name).filter(|sent| !sent.read_only) else {
            return self.made_up(property);
        };
        if sent.required {
            return Some(Some(Source::Body));
        }
        let default = [sent.schema, property.schema].iter().find_map(|id| shape::default(self.schemas, *id));
        match default {
            Some(value) => Some(Some(Source::BodyOr(value))),
            None if !property.required => Some(Some(Source::BodyIfSent)),
            None => match self.made_up(property)? {
                Some(Source::Constant(value)) => Some(Some(Source::BodyOr(value))),
                _ => None,
            },
        }
    }

    /// Whether an identifier is taken from the body where it is there: not where the contract says who makes it.
    fn may_be_sent(&self, sent: &Property) -> bool {
        let told = words(shape::description(self.schemas, sent.schema));
        let made = told.split('_').any(|word| ["generated", "assigned", "server"].contains(&word));
        let types = shape::types(self.schemas, sent.schema).0;
        let plain = types == JsonType::Integer as u8 || types == JsonType::String as u8;
        !sent.read_only && !sent.write_only && !made && plain
    }

    /// A value that the client does not send.
    fn made_up(&self, property: &Property) -> Option<Option<Source>> {
        let caller = property.required
            && is_caller(&property.name)
            && shape::types(self.schemas, property.schema).has(JsonType::String)
            && !self.operation.security.is_empty();
        match made_up(self.schemas, property) {
            Some(Some(Source::Now)) => Some(Some(Source::Now)),
            _ if caller && shape::default(self.schemas, property.schema).is_none() => Some(Some(Source::Caller)),
            None => self.confirmed(property).map(Some),
            found => found,
        }
    }

    /// What a service tells of its own accord: a text that the contract calls unique, and a message about what was done.
    fn confirmed(&self, property: &Property) -> Option<Source> {
        let id = property.schema;
        let told = words(shape::description(self.schemas, id));
        let unique =
            shape::has(self.schemas, id, &Keyword::Unique(true)) || told.split('_').any(|word| word == "unique");
        if unique && shape::admits_any_text(self.schemas, id, UUID_LENGTH) {
            return Some(Source::NewId);
        }
        let (_, response) = resource::success(self.operation);
        let said = response.map(|one| one.description.trim()).filter(|said| !said.is_empty())?;
        let fits =
            words(&property.name) == "message" && shape::admits_any_text(self.schemas, id, said.chars().count() as u64);
        fits.then(|| Source::Constant(said.into()))
    }

    pub(super) fn replace(&self) -> Result<Behaviour, String> {
        let body = self.body()?;
        let mut fields = Vec::new();
        for property in self.resource.shape.properties.iter().filter(|property| !property.write_only) {
            let fixed = property.name == self.resource.key
                || self.resource.parents.iter().any(|(_, name)| *name == property.name);
            let sent = body.property(&property.name).filter(|sent| !sent.read_only && !fixed);
            let source = match sent {
                Some(sent) if sent.required => Source::Body,
                Some(sent) => match shape::default(self.schemas, sent.schema) {
                    Some(value) => Source::BodyOr(value.clone()),
                    None if property.required => Source::BodyOrCurrent,
                    None => Source::BodyIfSent,
                },
                None if self.is_update_stamp(property) => Source::Now,
                None if property.required => Source::Current,
                None => Source::CurrentIfSet,
            };
            fields.push(Field { name: property.name.clone(), source });
        }
        Ok(Behaviour::Replace { fields, view: self.view()? })
    }

    pub(super) fn patch(&self) -> Result<Behaviour, String> {
        let body = self.body()?;
        let mut fields = Vec::new();
        let mut removable = Vec::new();
        for property in &self.resource.shape.properties {
            let fixed = property.name == self.resource.key
                || self.resource.parents.iter().any(|(_, name)| *name == property.name);
            match body.property(&property.name).filter(|sent| !sent.read_only && !fixed) {
                Some(sent) => {
                    let null = |id| shape::types(self.schemas, id).has(JsonType::Null);
                    if null(sent.schema) && !null(property.schema) {
                        if property.required {
                            return Err(format!("`null` may be sent for `{}`, which is required", property.name));
                        }
                        removable.push(property.name.clone());
                    }
                    fields.push(Field { name: property.name.clone(), source: Source::BodyIfSent });
                }
                None if self.is_update_stamp(property) => {
                    fields.push(Field { name: property.name.clone(), source: Source::Now });
                }
                None => {}
            }
        }
        Ok(Behaviour::Patch { fields, removable, view: self.view()? })
    }

    pub(super) fn is_update_stamp(&self, property: &Property) -> bool {
        let words = words(&property.name);
        shape::format(self.schemas, property.schema) == "date-time"
            && is_stamp(&property.name)
            && (words.contains("update") || words.contains("modified") || words.contains("change"))
    }
}

/// A value that nobody sends: `Some(None)` leaves it out, nothing where it cannot be known.
pub(crate) fn made_up(schemas: &Schemas, property: &Property) -> Option<Option<Source>> {
    let id = property.schema;
    let types = shape::types(schemas, id);
    if shape::format(schemas, id) == "date-time" && is_stamp(&property.name) {
        return Some(Some(Source::Now));
    }
    if let Some(value) = shape::default(schemas, id) {
        return Some(Some(Source::Constant(value.clone())));
    }
    if !property.required {
        return Some(None);
    }
    let words = words(&property.name);
    let value = match shape::first_choice(schemas, id) {
        Some(first) => first.clone(),
        None if types.has(JsonType::Null) => Value::Null,
        None if types.has(JsonType::Integer) && ["version", "revision"].contains(&words.as_str()) => json!(1),
        None if types.has(JsonType::Integer) && words.ends_with("count") => json!(0),
        None if types.has(JsonType::Boolean) => json!(["active", "enabled"].iter().any(|word| words.ends_with(word))),
        None if types.has(JsonType::Array) => json!([]),
        None => return None,
    };
    Some(Some(Source::Constant(value)))
}

/// A property within a value that is sent and needed in the answer, or sent and never shown: who stores the value as it came
/// cannot show it.
fn one_sided(schemas: &Schemas, id: SchemaId) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        if !seen.insert(id) {
            continue;
        }
        let shape = Shape::of(schemas, id).unwrap_or_default();
        let hidden = shape.properties.into_iter().find(|one| one.write_only || one.read_only && one.required);
        if let Some(property) = hidden {
            return Some(property.name);
        }
        pending.extend(schemas.get(id).keywords.iter().flat_map(children));
    }
    None
}

/// Whether a property's name says that it holds the time of creation or of the last change.
fn is_stamp(name: &str) -> bool {
    let names = ["created", "createdAt", "createdOn", "dateCreated", "updated", "updatedAt", "updatedOn", "modified"];
    let more =
        ["modifiedAt", "lastModified", "lastModifiedAt", "lastUpdated", "lastUpdatedAt", "changedAt", "timestamp"];
    names.iter().chain(&more).any(|known| alike(known, name))
}

/// Whether a property's name says that it holds the id of whoever made the document.
fn is_caller(name: &str) -> bool {
    ["userId", "ownerId", "createdBy", "customerId", "accountId", "authorId"].iter().any(|known| alike(known, name))
}
