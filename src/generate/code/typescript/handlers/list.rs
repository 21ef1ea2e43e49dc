//! Statements that read and answer pages.

use crate::generate::code::behaviour::{List, PagePart};
use crate::generate::code::service::{OperationCode, ResourceCode, Type, default_of};
use crate::generate::code::typescript::layout::{Code, value};

use super::{MethodView, Methods, answer, name_of};

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
        let limit = limit.as_deref().map(|limit| self.number(code, limit, "20"));
        let page = page.as_deref().map(|page| self.number(code, page, &list.first_page.to_string()));
        let offset = match (&offset, &page, &limit) {
            (Some(offset), ..) => Some(self.number(code, offset, "0")),
            (None, Some(page), Some(limit)) if list.first_page == 0 => Some(format!("{page} * {limit}")),
            (None, Some(page), Some(limit)) => Some(format!("({page} - 1) * {limit}")),
            _ => None,
        };
        let mut slice: Vec<Code> = Vec::new();
        slice.extend(limit.as_ref().map(|limit| Code::entry("limit", Code::text(bare(limit)))));
        slice.extend(offset.as_ref().map(|offset| Code::entry("offset", Code::text(bare(offset)))));
        let mut filters: Vec<Code> = Vec::new();
        for (variable, property) in &resource.resource.parents {
            filters.push(Code::entry(property, Code::text(name_of(code, variable))));
        }
        for (parameter, property) in &list.filters {
            if code.argument(parameter).is_some() {
                filters.push(Code::entry(property, Code::text(name_of(code, parameter))));
            }
        }
        if !filters.is_empty() {
            slice.push(Code::entry("where", Code::Object(filters)));
        }
        let mut arguments = vec![Code::text("context")];
        if !slice.is_empty() {
            arguments.push(Code::Object(slice));
        }
        let call = Code::Call(format!("{}.page", resource.constant), arguments);
        view.statements.push(call.lay_out(4, "const found = await ", ";"));
        let to = self.item_type(code, list);
        let items = match self.projection(resource, &list.view, &to) {
            None => "found.items".to_owned(),
            Some(show) => format!("found.items.map({show})"),
        };
        let shown = match &list.answer {
            None => Code::text(items),
            Some(parts) => {
                let (limit, positive) = (limit.unwrap_or_default(), list.positive);
                PageNumbers { items, limit, offset, page, positive }.object(parts)
            }
        };
        answer(view, Some(shown));
    }

    /// A number argument that is never undefined: itself where it has a default, else with one.
    fn number(&self, code: &OperationCode<'_>, name: &str, fallback: &str) -> String {
        let argument = code.arguments.iter().find(|argument| argument.name == name);
        let known = argument
            .is_some_and(|argument| argument.parameter.required || default_of(self.schemas, argument).is_some());
        if known { name.to_owned() } else { format!("({name} ?? {fallback})") }
    }

    /// The type of a list's items.
    fn item_type(&self, code: &OperationCode<'_>, list: &List) -> Type {
        match (&list.answer, &code.returns) {
            (None, Type::List(item)) => (**item).clone(),
            (None, _) => Type::Any,
            (Some(parts), returns) => self.item_within(returns, parts).unwrap_or(Type::Any),
        }
    }

    /// The type of the items in an answer, however deep they stand.
    fn item_within(&self, kind: &Type, parts: &[(String, PagePart)]) -> Option<Type> {
        parts.iter().find_map(|(name, part)| match part {
            PagePart::Items => Some(self.member_type(kind, name)),
            PagePart::Group(inner) => self.item_within(&self.member_type(kind, name), inner),
            _ => None,
        })
    }
}

/// An expression without the parentheses around the whole of it.
fn bare(expression: &str) -> String {
    let inner = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.filter(|inner| !inner.contains(['(', ')'])).unwrap_or(expression).to_owned()
}

/// Expressions for the parts of a page.
struct PageNumbers {
    items: String,
    limit: String,
    offset: Option<String>,
    page: Option<String>,
    /// Whether the limit is one or more.
    positive: bool,
}

impl PageNumbers {
    fn object(&self, parts: &[(String, PagePart)]) -> Code {
        Code::Object(parts.iter().map(|(name, part)| Code::entry(name, self.part(part))).collect())
    }

    fn part(&self, part: &PagePart) -> Code {
        let offset = self.offset.clone().unwrap_or_else(|| "0".to_owned());
        Code::text(match part {
            PagePart::Items => self.items.clone(),
            PagePart::Total => "found.total".to_owned(),
            PagePart::Count => "found.items.length".to_owned(),
            PagePart::Limit => bare(&self.limit),
            PagePart::Offset => bare(&offset),
            PagePart::Page => bare(self.page.as_deref().unwrap_or("1")),
            PagePart::Pages if self.positive => format!("Math.ceil(found.total / {})", self.limit),
            PagePart::Pages => format!("Math.ceil(found.total / Math.max({}, 1))", bare(&self.limit)),
            PagePart::More if self.offset.is_none() => "found.items.length < found.total".to_owned(),
            PagePart::More => format!("{offset} + found.items.length < found.total"),
            PagePart::Constant(constant) => return value(constant),
            PagePart::Group(parts) => return self.object(parts),
        })
    }
}
