//! Lists: how they are paged, filtered and wrapped.

use serde_json::Value;

use crate::generate::code::names::{singular, words};
use crate::generate::code::resource;
use crate::generate::code::shape::{self, Property, Shape};
use crate::model::{JsonType, Keyword, SchemaId, Types};

use super::document::Inference;
use super::{Behaviour, View};

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
    /// Whether the page size is one or more.
    pub(crate) positive: bool,
    /// Query parameter with the number of documents to skip.
    pub(crate) offset: Option<String>,
    /// Query parameter with the number of the page.
    pub(crate) page: Option<String>,
    /// The number of the first page.
    pub(crate) first_page: u8,
    /// Query parameter and the property that must equal it.
    pub(crate) filters: Vec<(String, String)>,
    /// Query parameters without a known meaning.
    pub(crate) ignored: Vec<String>,
}

impl Inference<'_> {
    pub(super) fn list(&self) -> Result<Behaviour, String> {
        self.listed().ok_or_else(|| "its answer is no list of the documents".to_owned())
    }

    /// A list of what is asked for: every parameter is known, and there is one.
    pub(super) fn search(&self) -> Result<Behaviour, String> {
        let found = self.list()?;
        match &found {
            Behaviour::List(List { filters, ignored, .. }) if filters.is_empty() || !ignored.is_empty() => {
                let asked = ignored.first().map_or_else(|| "nothing".to_owned(), |name| format!("`{name}`"));
                Err(format!("it asks by {asked}, which is no plain property of the documents"))
            }
            _ => Ok(found),
        }
    }

    fn listed(&self) -> Option<Behaviour> {
        let (_, response) = resource::success(self.operation);
        let schema = resource::json_content(&response?.content)?.schema?;
        let mut list = List {
            view: View::default(),
            answer: None,
            limit: None,
            positive: false,
            offset: None,
            page: None,
            first_page: 1,
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
            let types = parameter.schema.map_or(Types::ALL, |id| shape::types(self.schemas, id));
            let words = words(name);
            let number = types.0 == JsonType::Integer as u8;
            let stored = self.resource.shape.properties.iter().find(|property| property.name == *name);
            match words.as_str() {
                "limit" | "page_size" | "per_page" | "size" | "top" | "max_results" if number => {
                    list.limit = Some(name.to_string());
                    list.positive = parameter.schema.is_some_and(|id| self.is_positive(id));
                }
                "offset" | "skip" | "start" if number => list.offset = Some(name.to_string()),
                "page" | "page_number" | "page_index" if number => {
                    list.page = Some(name.to_string());
                    list.first_page = u8::from(!parameter.schema.is_some_and(|id| self.is_zero_based(id)));
                }
                _ => match stored {
                    Some(property) if self.filters_by(types, property) => {
                        list.filters.push((name.to_string(), property.name.clone()));
                    }
                    _ => list.ignored.push(name.to_string()),
                },
            }
        }
    }

    fn is_positive(&self, id: SchemaId) -> bool {
        let least = shape::find(self.schemas, id, |keyword| match keyword {
            Keyword::Minimum(least) => least.as_f64(),
            Keyword::ExclusiveMinimum(below) => below.as_f64().map(|below| below + 1.0),
            _ => None,
        });
        least.is_some_and(|least| least >= 1.0)
    }

    /// Whether the number of a page counts from zero: its default says so, or its least value.
    fn is_zero_based(&self, id: SchemaId) -> bool {
        let least = shape::find(self.schemas, id, |keyword| match keyword {
            Keyword::Minimum(least) => least.as_f64(),
            _ => None,
        });
        shape::default(self.schemas, id).as_ref().and_then(Value::as_f64).or(least) == Some(0.0)
    }

    fn filters_by(&self, types: Types, property: &Property) -> bool {
        let scalar =
            JsonType::Boolean as u8 | JsonType::Integer as u8 | JsonType::Fraction as u8 | JsonType::String as u8;
        let stored = shape::types(self.schemas, property.schema);
        types.0 & !scalar == 0 && types.intersection(stored).0 != 0
    }

    /// Whether a name is that of the number of all documents: `booksCount`, `totalBooks`.
    fn counts_all(&self, name: &str) -> bool {
        let last = self.resource.path.rsplit('/').next().map(words).unwrap_or_default();
        [format!("{last}_count"), format!("{}_count", singular(&last)), format!("total_{last}")]
            .iter()
            .any(|own| own == name)
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
        let words = words(&property.name);
        let types = shape::types(self.schemas, property.schema);
        let limited = list.limit.is_some();
        if types.has(JsonType::Integer) {
            let part = match words.as_str() {
                "total" | "total_count" | "total_elements" | "total_items" | "total_results" => PagePart::Total,
                own if self.counts_all(own) => PagePart::Total,
                "count" | "number_of_elements" => PagePart::Count,
                "limit" | "page_size" | "per_page" | "size" if limited => PagePart::Limit,
                "offset" | "skip" | "start" if list.offset.is_some() => PagePart::Offset,
                "page" | "page_number" | "page_index" | "current_page" if list.page.is_some() => PagePart::Page,
                "last_page" if limited && list.first_page == 1 => PagePart::Pages,
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
        let parts = self.page_parts(&inner, list, view, depth - 1)?;
        (!parts.is_empty() || property.required).then_some(PagePart::Group(parts))
    }
}
