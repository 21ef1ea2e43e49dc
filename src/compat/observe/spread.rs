//! Objects that are sent as several query parameters: in the style `form` exploded as one for each property, and in
//! `deepObject` with the name of the object before it (OpenAPI 3.1.1, section 4.8.12.2). The name of the first kind is never
//! sent, so an object and the same parameters one by one are the same request.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::super::relation::Which;
use super::schema::Comparison;
use crate::model::{JsonType, Keyword, Parameter, ParameterLocation, Text, Types};

/// The parameters of a side, some of them made.
type Sent<'s> = Vec<Cow<'s, Parameter>>;

/// What an object is sent as, for each parameter; nothing for those that are sent as what they are.
type Parts = Vec<Option<Vec<Parameter>>>;

/// The parameters of both sides. An object that only one side has stands there as its parts, where the other side sends
/// something under one of their names.
pub(super) fn spread<'s>(schemas: &mut Comparison<'s>, [old, new]: [&'s [Parameter]; 2]) -> [Sent<'s>; 2] {
    let (was, is) = (parts(schemas, (Which::Old, old), new), parts(schemas, (Which::New, new), old));
    let none = FxHashSet::default();
    if was.iter().chain(&is).all(Option::is_none) {
        return [settled(old, was, &none), settled(new, is, &none)];
    }
    let (sent, asked) = (names(old, &was), names(new, &is));
    [settled(old, was, &asked), settled(new, is, &sent)]
}

fn parts(schemas: &mut Comparison<'_>, (which, own): (Which, &[Parameter]), other: &[Parameter]) -> Parts {
    let known: FxHashSet<_> = other.iter().map(|one| (one.location, &one.name)).collect();
    let of = |one: &Parameter| {
        if known.contains(&(one.location, &one.name)) { None } else { in_parts(schemas, which, one) }
    };
    own.iter().map(of).collect()
}

/// Under which names something may be sent.
fn names(own: &[Parameter], parts: &Parts) -> FxHashSet<Text> {
    let queries = own.iter().filter(|one| one.location == ParameterLocation::Query);
    queries.chain(parts.iter().flatten().flatten()).map(|one| one.name.clone()).collect()
}

fn settled<'s>(own: &'s [Parameter], parts: Parts, others: &FxHashSet<Text>) -> Sent<'s> {
    let mut list = Vec::with_capacity(own.len());
    for (whole, parts) in own.iter().zip(parts) {
        match parts {
            Some(parts) if parts.iter().any(|part| others.contains(&part.name)) => {
                list.extend(parts.into_iter().map(Cow::Owned));
            }
            _ => list.push(Cow::Borrowed(whole)),
        }
    }
    list
}

/// What is sent for an object, where it is sent in parts.
fn in_parts(schemas: &mut Comparison<'_>, which: Which, whole: &Parameter) -> Option<Vec<Parameter>> {
    let name = |property: &str| match (whole.style.as_str(), whole.explode) {
        ("form", true) => Some(Text::from(property)),
        ("deepObject", _) => Some(format!("{}[{property}]", whole.name).into()),
        _ => None,
    };
    name("").filter(|_| whole.location == ParameterLocation::Query)?;
    let node = schemas.relation.node(which, whole.schema?);
    if schemas.relation.flat(node).types() != Types(JsonType::Object as u8) {
        return None;
    }
    let side = if which == Which::Old { schemas.old } else { schemas.new };
    let members = schemas.relation.schemas_of(node);
    let keywords = || members.iter().flat_map(|id| &side.get(*id).keywords);
    let asked: FxHashSet<&str> = keywords()
        .filter_map(|keyword| match keyword {
            Keyword::Required(names) => Some(names.iter().map(Text::as_str)),
            _ => None,
        })
        .flatten()
        .collect();
    let properties = members.iter().flat_map(|id| side.get(*id).properties());
    let part = |(property, id): &(String, _)| {
        let required = whole.required && asked.contains(property.as_str());
        let (style, explode) = ("form".into(), true);
        Some(Parameter { name: name(property)?, required, schema: Some(*id), style, explode, ..whole.clone() })
    };
    properties.map(part).collect()
}
