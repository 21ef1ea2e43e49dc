//! Statements that read and answer pages.

use crate::generate::code::behaviour::{List, PagePart};
use crate::generate::code::python::layout::{Code, value};
use crate::generate::code::service::Type;
use crate::generate::code::service::{OperationCode, ResourceCode, default_of};

use super::{MethodView, Methods};

impl Methods<'_, '_> {
    pub(super) fn list(
        &mut self,
        view: &mut MethodView,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        list: &List,
    ) {
        let name = |parameter: &Option<String>| {
            parameter.as_ref().and_then(|parameter| Some(code.argument(parameter)?.name.clone()))
        };
        let (limit, offset, page) = (name(&list.limit), name(&list.offset), name(&list.page));
        let size = limit.as_deref().map(|limit| self.number(code, limit, "20"));
        let mut arguments = vec![Code::text("context")];
        if let Some(size) = &size {
            arguments.push(Code::text(format!("limit={size}")));
        }
        match (&offset, &page, &size) {
            (Some(offset), ..) => arguments.push(Code::text(format!("offset={}", self.number(code, offset, "0")))),
            (None, Some(page), Some(size)) => {
                let number = self.number(code, page, &list.first_page.to_string());
                arguments.push(Code::text(format!("offset={} * {size}", before(&number, list))));
            }
            _ => {}
        }
        let mut filters: Vec<Code> = Vec::new();
        for (variable, property) in &resource.resource.parents {
            let argument = code.argument(variable).map_or("None", |argument| argument.name.as_str());
            filters.push(Code::entry(property, Code::text(argument)));
        }
        for (parameter, property) in &list.filters {
            if let Some(argument) = code.argument(parameter) {
                filters.push(Code::entry(property, Code::text(argument.name.clone())));
            }
        }
        if !filters.is_empty() {
            arguments.push(Code::Labelled("where=".to_owned(), Box::new(Code::group("{", filters, "}"))));
        }
        let call = Code::group(format!("await {}.page(", resource.constant), arguments, ")");
        view.page = call.lay_out(8, "found = ", "");
        let to = self.item_type(code, list);
        let shown = self.projected(resource, &list.view, &to, &resource.variable);
        let items = match shown == resource.variable {
            true => "found.items".to_owned(),
            false => format!("[{shown} for {} in found.items]", resource.variable),
        };
        let answer = match &list.answer {
            None => Code::text(items),
            Some(parts) => {
                let numbers = PageNumbers {
                    items,
                    limit: size.unwrap_or_default(),
                    offset: offset.as_deref().map(|offset| self.number(code, offset, "0")),
                    page: page.as_deref().map(|page| self.number(code, page, &list.first_page.to_string())),
                    pages_before: page.as_deref().map(|page| {
                        let number = self.number(code, page, &list.first_page.to_string());
                        before(&number, list)
                    }),
                    positive: list.positive,
                };
                numbers.object(parts)
            }
        };
        view.result = answer.lay_out(8, "return ", "").trim_start_matches("return ").to_owned();
    }

    /// A number argument that is never None: itself where it has a default, else with one.
    fn number(&self, code: &OperationCode<'_>, name: &str, fallback: &str) -> String {
        let argument = code.arguments.iter().find(|argument| argument.name == name);
        let known = argument
            .is_some_and(|argument| argument.parameter.required || default_of(self.schemas, argument).is_some());
        if known { name.to_owned() } else { format!("({name} or {fallback})") }
    }

    /// The type of a list's items.
    fn item_type(&self, code: &OperationCode<'_>, list: &List) -> Type {
        match (&list.answer, &code.returns) {
            (None, Type::List(item)) => (**item).clone(),
            (None, _) => Type::Any,
            (Some(parts), _) => {
                let items = parts.iter().find(|(_, part)| *part == PagePart::Items);
                items.map_or(Type::Any, |(name, _)| self.property_type(code, name))
            }
        }
    }
}

/// How many pages stand before the one with that number.
fn before(number: &str, list: &List) -> String {
    if list.first_page == 0 { number.to_owned() } else { format!("({number} - 1)") }
}

/// Expressions for the parts of a page.
struct PageNumbers {
    items: String,
    limit: String,
    offset: Option<String>,
    page: Option<String>,
    /// How many pages stand before that one.
    pages_before: Option<String>,
    /// Whether the limit is one or more.
    positive: bool,
}

impl PageNumbers {
    fn object(&self, parts: &[(String, PagePart)]) -> Code {
        let entries = parts.iter().map(|(name, part)| Code::entry(name, self.part(part)));
        Code::group("{", entries.collect(), "}")
    }

    fn part(&self, part: &PagePart) -> Code {
        let offset = match (&self.offset, &self.pages_before) {
            (Some(offset), _) => offset.clone(),
            (None, Some(before)) => format!("{before} * {}", self.limit),
            (None, None) => "0".to_owned(),
        };
        Code::text(match part {
            PagePart::Items => self.items.clone(),
            PagePart::Total => "found.total".to_owned(),
            PagePart::Count => "len(found.items)".to_owned(),
            PagePart::Limit => self.limit.clone(),
            PagePart::Offset => offset,
            PagePart::Page => self.page.clone().unwrap_or_else(|| "1".to_owned()),
            PagePart::Pages if self.positive => format!("-(-found.total // {})", self.limit),
            PagePart::Pages => {
                let limit = self.limit.trim_start_matches('(').trim_end_matches(')');
                format!("-(-found.total // max({limit}, 1))")
            }
            PagePart::More => format!("{offset} + len(found.items) < found.total"),
            PagePart::Constant(constant) => return value(constant),
            PagePart::Group(parts) => return self.object(parts),
        })
    }
}
