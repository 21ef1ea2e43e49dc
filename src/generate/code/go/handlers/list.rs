//! Statements that read and answer pages.

use crate::generate::code::behaviour::{List, PagePart};
use crate::generate::code::go::fit::{fit, literal};
use crate::generate::code::go::layout::{composite, string};
use crate::generate::code::go::names::ResourceNames;
use crate::generate::code::go::types::{Kind, Types, Wrap};
use crate::generate::code::service::{ResourceCode, Type};

use super::{Handlers, Method};

/// Expressions for the numbers of a page.
struct PageNumbers {
    limit: String,
    offset: String,
    page: String,
}

impl Handlers<'_, '_> {
    pub(super) fn list(
        &self,
        method: &mut Method<'_, '_>,
        resource: &ResourceCode,
        names: &ResourceNames,
        list: &List,
    ) {
        self.note(method, "Not used yet", &list.ignored);
        let numbers = self.numbers(method, list);
        let mut conditions = self.parents(method.code, resource);
        for (parameter, property) in &list.filters {
            conditions.extend(self.filter(method, parameter, property));
        }
        let conditions = match conditions.as_slice() {
            [] => String::new(),
            all => format!(",\n{},\n", all.iter().map(|one| format!("\t{one}")).collect::<Vec<_>>().join(",\n")),
        };
        let offset = if numbers.offset.is_empty() { "0" } else { &numbers.offset };
        let limit = if numbers.limit.is_empty() { "-1" } else { &numbers.limit };
        method.push(format!("page, err := {}.Page(ctx, unit.Tx, {limit}, {offset}{conditions})", names.collection));
        method.check();
        let own = Kind::plain(&format!("[]{}", self.types.value(&resource.model).core));
        let Some(parts) = &list.answer else {
            let returned = self.types.value(&method.code.returns);
            match own.core == returned.core {
                true => method.push("return page.Items, nil"),
                false => method.push(format!("return values.Convert[{}](page.Items)", returned.core)),
            }
            return;
        };
        let returns = method.code.returns.clone();
        let Some(answer) = self.page(method, &returns, parts, &numbers, &own) else { return };
        method.push(format!("return &{answer}, nil"));
    }

    /// A literal with the parts of a page.
    fn page(
        &self,
        method: &mut Method<'_, '_>,
        kind: &Type,
        parts: &[(String, PagePart)],
        numbers: &PageNumbers,
        own: &Kind,
    ) -> Option<String> {
        let definition = self.types.object(kind)?;
        let mut pairs = Vec::new();
        for (name, part) in parts {
            let Some(field) = self.field(kind, name) else { continue };
            let number = Kind::plain("int64");
            let (expression, from) = match part {
                PagePart::Items => ("page.Items".to_owned(), own.clone()),
                PagePart::Total => ("page.Total".to_owned(), number),
                PagePart::Count => ("int64(len(page.Items))".to_owned(), number),
                PagePart::Limit => (or_zero(&numbers.limit), number),
                PagePart::Offset => (or_zero(&numbers.offset), number),
                PagePart::Page => (numbers.page.clone(), number),
                PagePart::Pages => (format!("(page.Total + {0} - 1) / max({0}, 1)", numbers.limit), number),
                PagePart::More => {
                    let offset = or_zero(&numbers.offset);
                    (format!("page.Total-{offset} > int64(len(page.Items))"), Kind::plain("bool"))
                }
                PagePart::Constant(value) => {
                    pairs.extend(literal(self.types, value, &field.kind).map(|value| (field.name, value)));
                    continue;
                }
                PagePart::Group(parts) => {
                    let inner = self.types.object(kind).and_then(|outer| {
                        outer.fields().iter().find(|inner| inner.name == *name).map(|inner| inner.kind.clone())
                    })?;
                    let group = self.page(method, &inner, parts, numbers, own)?;
                    let plain = Kind::plain(&field.kind.core);
                    let value = match field.kind.wrap {
                        Wrap::Optional | Wrap::OrNull => Some(format!("&{group}")),
                        _ => fit(self.types, &group, &plain, &field.kind),
                    };
                    pairs.extend(value.map(|value| (field.name, value)));
                    continue;
                }
            };
            let fitted = fit(self.types, &expression, &from, &field.kind);
            let value = fitted.unwrap_or_else(|| method.convert(&expression, &field.kind, "items"));
            pairs.push((field.name, value));
        }
        Some(composite(&format!("contract.{}", self.types.name(definition)), &pairs))
    }

    fn numbers(&self, method: &mut Method<'_, '_>, list: &List) -> PageNumbers {
        let limit = list.limit.as_ref().map(|name| self.number(method, name, "limit", "20"));
        let page = list.page.as_ref().map(|name| self.number(method, name, "number", &list.first_page.to_string()));
        let offset = match (&list.offset, &page, &limit) {
            (Some(name), ..) => self.number(method, name, "offset", "0"),
            (None, Some(page), Some(limit)) => {
                let number = if list.first_page == 0 { format!("{page}+1") } else { page.clone() };
                method.push(format!("offset := store.Offset({number}, {limit})"));
                "offset".to_owned()
            }
            _ => String::new(),
        };
        PageNumbers { limit: limit.unwrap_or_default(), offset, page: page.unwrap_or_else(|| "1".to_owned()) }
    }

    /// A number that is always there.
    fn number(&self, method: &mut Method<'_, '_>, parameter: &str, name: &str, otherwise: &str) -> String {
        match self.argument(method.code, parameter) {
            Some((expression, kind)) if kind.wrap == Wrap::Plain => expression,
            Some((expression, _)) => {
                method.push(format!("{name} := values.Or({expression}, {otherwise})"));
                name.to_owned()
            }
            None => otherwise.to_owned(),
        }
    }

    /// The condition of a filter, where the database can compare its values.
    fn filter(&self, method: &Method<'_, '_>, parameter: &str, property: &str) -> Option<String> {
        let (expression, kind) = self.argument(method.code, parameter)?;
        let pointer = if kind.wrap == Wrap::Plain { format!("&{expression}") } else { expression };
        is_scalar(self.types, &kind).then(|| format!("store.Equal({}, {pointer})", string(property)))
    }
}

fn is_scalar(types: &Types<'_>, kind: &Kind) -> bool {
    ["string", "int64", "float64", "bool"].contains(&kind.core.as_str()) || types.is_enumeration(&kind.core)
}

fn or_zero(expression: &str) -> String {
    if expression.is_empty() { "0".to_owned() } else { expression.to_owned() }
}
