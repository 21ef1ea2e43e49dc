//! What an operation does, inferred from its contract: create, read, list, replace, patch or delete a document of a
//! resource, or something that only its author knows.

use serde_json::{Value, json};

use crate::model::{JsonType, Method, Operation, SchemaId, Schemas};

use super::resource::{self, KeyKind, Resource, alike, item_of};
use super::shape::{self, Property, Shape};

/// Where the value of a property comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// The body, which has it.
    Body,
    /// The body, where it has it.
    BodyIfSent,
    /// The body, or else this value.
    BodyOr(Value),
    /// The body, or else what is stored.
    BodyOrCurrent,
    /// What is stored.
    Current,
    /// What is stored, where it is.
    CurrentIfSet,
    /// A new UUID.
    NewId,
    /// The next number of the collection.
    NextNumber,
    /// The time of the request.
    Now,
    /// A variable of the path.
    Path(String),
    /// The id of the caller.
    Caller,
    /// A constant.
    Constant(Value),
}

/// A property with the source of its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// Its name in JSON.
    pub(crate) name: String,
    /// Where the value comes from.
    pub(crate) source: Source,
}

/// How a document is shown where an answer is not the document itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct View {
    /// The property around it.
    pub(crate) envelope: Option<String>,
    /// The properties that are shown, and whether each document has it; nothing means all.
    pub(crate) properties: Option<Vec<(String, bool)>>,
}

/// A part of the answer of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PagePart {
    /// The documents.
    Items,
    /// How many documents match in all.
    Total,
    /// How many are on this page.
    Count,
    /// The limit that was asked for.
    Limit,
    /// The offset that was asked for.
    Offset,
    /// The number of the page.
    Page,
    /// The number of pages.
    Pages,
    /// Whether there are more.
    More,
    /// A constant.
    Constant(Value),
    /// An object of parts.
    Group(Vec<(String, PagePart)>),
}

/// How a list is paged and filtered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct List {
    /// How each document is shown.
    pub(crate) view: View,
    /// The answer: its properties, or nothing where it is the array itself.
    pub(crate) answer: Option<Vec<(String, PagePart)>>,
    /// Query parameter with the page size.
    pub(crate) limit: Option<String>,
    /// Query parameter with the number of documents to skip.
    pub(crate) offset: Option<String>,
    /// Query parameter with the number of the page, from 1.
    pub(crate) page: Option<String>,
    /// Query parameter and the property that must equal it.
    pub(crate) filters: Vec<(String, String)>,
    /// Query parameters without a known meaning.
    pub(crate) ignored: Vec<String>,
}

/// What an operation does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Behaviour {
    /// Stores a new document.
    Create {
        /// Every property that it gets.
        fields: Vec<Field>,
        /// Properties of the body that the document does not have.
        dropped: Vec<String>,
        /// The answer; nothing where it has no content.
        view: Option<View>,
        /// Whether the answer has a `Location` header.
        location: bool,
    },
    /// Answers one document.
    Read(View),
    /// Answers some of them.
    List(List),
    /// Stores a document in place of another.
    Replace {
        /// Every property that it gets.
        fields: Vec<Field>,
        /// The answer; nothing where it has no content.
        view: Option<View>,
    },
    /// Changes some properties of a document.
    Patch {
        /// The properties that change.
        fields: Vec<Field>,
        /// Properties that `null` removes.
        removable: Vec<String>,
        /// The answer; nothing where it has no content.
        view: Option<View>,
    },
    /// Removes a document.
    Delete(Option<View>),
    /// Only the service's author knows.
    Unknown,
}

/// What an operation does, and to which of the resources.
pub(crate) fn infer(schemas: &Schemas, resources: &[Resource], operation: &Operation) -> (Behaviour, Option<usize>) {
    let path = operation.path.trim_end_matches('/');
    let (collection, item) = match item_of(path) {
        Some((collection, _)) => (collection, true),
        None => (path, false),
    };
    let Some(at) = resources.iter().position(|resource| resource.path == collection) else {
        return (Behaviour::Unknown, None);
    };
    let inference = Inference { schemas, resource: &resources[at], operation };
    let (name, found) = match (operation.method, item) {
        (Method::Post, false) => ("create", inference.create()),
        (Method::Get, false) => ("list", inference.list()),
        (Method::Get, true) => ("read", inference.view().flatten().map(Behaviour::Read)),
        (Method::Put, true) => ("replace", inference.replace()),
        (Method::Patch, true) => ("patch", inference.patch()),
        (Method::Delete, true) => ("delete", inference.view().map(Behaviour::Delete)),
        _ => ("", None),
    };
    let wanted = operation.behaviour.as_deref().is_none_or(|behaviour| behaviour == name);
    match found.filter(|_| wanted) {
        Some(behaviour) => (behaviour, Some(at)),
        None => (Behaviour::Unknown, None),
    }
}

struct Inference<'a> {
    schemas: &'a Schemas,
    resource: &'a Resource,
    operation: &'a Operation,
}

impl Inference<'_> {
    /// How the answer shows the document: `Some(None)` where it has no content, nothing where it shows something else.
    fn view(&self) -> Option<Option<View>> {
        let (_, response) = resource::success(self.operation);
        if response.is_none_or(|response| response.content.is_empty()) {
            return Some(None);
        }
        let payload = resource::answer(self.schemas, self.operation)?;
        let properties = self.projection(payload.schema)?;
        Some(Some(View { envelope: payload.envelope, properties }))
    }

    /// The properties that an answer takes from the document; nothing where it needs others.
    fn projection(&self, shown: SchemaId) -> Option<Option<Vec<(String, bool)>>> {
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

    fn create(&self) -> Option<Behaviour> {
        let (_, body) = resource::body(self.schemas, self.operation)?;
        if body.properties.iter().any(|property| property.write_only) {
            return None;
        }
        let mut fields = Vec::new();
        for property in &self.resource.shape.properties {
            if let Some(source) = self.created(property, &body)? {
                fields.push(Field { name: property.name.clone(), source });
            }
        }
        let kept = |name: &String| self.resource.shape.property(name).is_some();
        let dropped = body.properties.iter().map(|property| property.name.clone()).filter(|name| !kept(name)).collect();
        let (_, response) = resource::success(self.operation);
        let location = response
            .is_some_and(|response| response.headers.iter().any(|header| header.name.eq_ignore_ascii_case("location")));
        Some(Behaviour::Create { fields, dropped, view: self.view()?, location })
    }

    /// The source of a new document's property: `Some(None)` leaves it out, nothing where it cannot be known.
    fn created(&self, property: &Property, body: &Shape) -> Option<Option<Source>> {
        if property.write_only {
            return Some(None);
        }
        if property.name == self.resource.key {
            return Some(Some(match self.resource.key_kind {
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
        let default = [sent.schema, property.schema].iter().find_map(|id| shape::default(self.schemas, *id).cloned());
        match default {
            Some(value) => Some(Some(Source::BodyOr(value))),
            None if !property.required => Some(Some(Source::BodyIfSent)),
            None => match self.made_up(property)? {
                Some(Source::Constant(value)) => Some(Some(Source::BodyOr(value))),
                _ => None,
            },
        }
    }

    /// A value that the client does not send.
    fn made_up(&self, property: &Property) -> Option<Option<Source>> {
        let id = property.schema;
        let types = shape::types(self.schemas, id);
        if shape::format(self.schemas, id) == "date-time" && is_stamp(&property.name) {
            return Some(Some(Source::Now));
        }
        if let Some(value) = shape::default(self.schemas, id) {
            return Some(Some(Source::Constant(value.clone())));
        }
        if !property.required {
            return Some(None);
        }
        if is_caller(&property.name) && types.has(JsonType::String) && !self.operation.security.is_empty() {
            return Some(Some(Source::Caller));
        }
        let words = super::names::words(&property.name);
        let value = match shape::choices(self.schemas, id).and_then(<[Value]>::first) {
            Some(first) => first.clone(),
            None if types.has(JsonType::Null) => Value::Null,
            None if types.has(JsonType::Integer) && ["version", "revision"].contains(&words.as_str()) => json!(1),
            None if types.has(JsonType::Integer) && words.ends_with("count") => json!(0),
            None if types.has(JsonType::Boolean) => {
                json!(["active", "enabled"].iter().any(|word| words.ends_with(word)))
            }
            None if types.has(JsonType::Array) => json!([]),
            None => return None,
        };
        Some(Some(Source::Constant(value)))
    }

    fn replace(&self) -> Option<Behaviour> {
        let (_, body) = resource::body(self.schemas, self.operation)?;
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
        Some(Behaviour::Replace { fields, view: self.view()? })
    }

    fn patch(&self) -> Option<Behaviour> {
        let (_, body) = resource::body(self.schemas, self.operation)?;
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
                            return None;
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
        Some(Behaviour::Patch { fields, removable, view: self.view()? })
    }

    fn is_update_stamp(&self, property: &Property) -> bool {
        let words = super::names::words(&property.name);
        shape::format(self.schemas, property.schema) == "date-time"
            && is_stamp(&property.name)
            && (words.contains("update") || words.contains("modified") || words.contains("change"))
    }

    fn list(&self) -> Option<Behaviour> {
        let (_, response) = resource::success(self.operation);
        let schema = resource::json_content(&response?.content)?.schema?;
        let mut list = List {
            view: View::default(),
            answer: None,
            limit: None,
            offset: None,
            page: None,
            filters: Vec::new(),
            ignored: Vec::new(),
        };
        self.read_query(&mut list);
        if let Some(items) = shape::items(self.schemas, schema) {
            list.view.properties = self.projection(items)?;
        } else {
            let shape = Shape::of(self.schemas, schema)?;
            let mut view = None;
            list.answer = Some(self.page_parts(&shape, &list, &mut view, 4)?);
            list.view = view?;
        }
        Some(Behaviour::List(list))
    }

    fn read_query(&self, list: &mut List) {
        use crate::model::ParameterLocation::Query;
        for parameter in self.operation.parameters.iter().filter(|parameter| parameter.location == Query) {
            let name = &parameter.name;
            let types = parameter.schema.map_or(crate::model::Types::ALL, |id| shape::types(self.schemas, id));
            let words = super::names::words(name);
            let number = types.0 == JsonType::Integer as u8;
            let stored = self.resource.shape.properties.iter().find(|property| property.name == *name);
            match words.as_str() {
                "limit" | "page_size" | "per_page" | "size" | "top" | "max_results" if number => {
                    list.limit = Some(name.clone());
                }
                "offset" | "skip" | "start" if number => list.offset = Some(name.clone()),
                "page" | "page_number" if number => list.page = Some(name.clone()),
                _ => match stored {
                    Some(property) if self.filters_by(types, property) => {
                        list.filters.push((name.clone(), property.name.clone()));
                    }
                    _ => list.ignored.push(name.clone()),
                },
            }
        }
    }

    fn filters_by(&self, types: crate::model::Types, property: &Property) -> bool {
        let scalar =
            JsonType::Boolean as u8 | JsonType::Integer as u8 | JsonType::Fraction as u8 | JsonType::String as u8;
        let stored = shape::types(self.schemas, property.schema);
        types.0 & !scalar == 0 && types.intersection(stored).0 != 0
    }

    fn page_parts(
        &self,
        shape: &Shape,
        list: &List,
        view: &mut Option<View>,
        depth: u8,
    ) -> Option<Vec<(String, PagePart)>> {
        let mut parts = Vec::new();
        for property in &shape.properties {
            let part = self.page_part(property, list, view, depth);
            match part {
                Some(part) => parts.push((property.name.clone(), part)),
                None if property.required => return None,
                None => {}
            }
        }
        Some(parts)
    }

    fn page_part(&self, property: &Property, list: &List, view: &mut Option<View>, depth: u8) -> Option<PagePart> {
        if let Some(items) = shape::items(self.schemas, property.schema) {
            let properties = self.projection(items).filter(|_| view.is_none())?;
            *view = Some(View { envelope: None, properties });
            return Some(PagePart::Items);
        }
        let words = super::names::words(&property.name);
        let types = shape::types(self.schemas, property.schema);
        let limited = list.limit.is_some();
        if types.has(JsonType::Integer) {
            let part = match words.as_str() {
                "total" | "total_count" | "total_items" | "total_results" => PagePart::Total,
                "count" => PagePart::Count,
                "limit" | "page_size" | "per_page" | "size" if limited => PagePart::Limit,
                "offset" | "skip" | "start" if list.offset.is_some() => PagePart::Offset,
                "page" | "page_number" if list.page.is_some() => PagePart::Page,
                "pages" | "total_pages" | "page_count" if limited => PagePart::Pages,
                _ => return None,
            };
            return Some(part);
        }
        if types.0 == JsonType::Boolean as u8 {
            return words
                .contains("more")
                .then_some(PagePart::More)
                .or((words == "has_next").then_some(PagePart::More));
        }
        if types.has(JsonType::Null) && property.required {
            return Some(PagePart::Constant(Value::Null));
        }
        let inner = Shape::of(self.schemas, property.schema).filter(|_| depth > 0)?;
        Some(PagePart::Group(self.page_parts(&inner, list, view, depth - 1)?))
    }
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
