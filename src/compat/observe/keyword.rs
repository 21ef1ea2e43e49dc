//! Compares the keywords of two schema nodes beyond types and properties: values, bounds, undeclared properties and
//! composition. A keyword that differs in a way that is not understood here is a change of unknown effect, never nothing.

use serde_json::Value;

use super::super::change::{Action, Change, Effect, Kind};
use super::schema::{Node, find};
use crate::model::{AdditionalProperties, Keyword, Schema, SchemaId};

pub(super) fn compare(node: &mut Node<'_>) {
    values(node);
    bounds(node);
    texts(node);
    additional(node);
    single_children(node);
    branches(node);
    structural(node);
}

/// `enum` and `const`: a `const` is an `enum` of one.
fn values(node: &mut Node<'_>) {
    let allowed = |schema: &Schema| {
        find(schema, |keyword| match keyword {
            Keyword::Const(value) => Some(vec![value.clone()]),
            _ => None,
        })
        .or_else(|| {
            find(schema, |keyword| match keyword {
                Keyword::Enum(values) => Some(values.clone()),
                _ => None,
            })
        })
    };
    let (old, new) = (allowed(node.old), allowed(node.new));
    let (action, effect) = match (&old, &new) {
        (None, None) => return,
        (None, Some(_)) => (Action::Added, Effect::Narrowed),
        (Some(_), None) => (Action::Removed, Effect::Widened),
        (Some(old), Some(new)) => {
            let within = |some: &[Value], all: &[Value]| some.iter().all(|value| all.contains(value));
            let disjoint = !old.iter().any(|value| new.contains(value));
            let effect = if disjoint { Effect::Disjoint } else { Effect::of(within(old, new), within(new, old)) };
            (Action::Changed, effect)
        }
    };
    if effect != Effect::None {
        let text = |values: &Option<Vec<Value>>| values.as_ref().map_or("any value".to_owned(), |list| show(list));
        node.add(Change::new(Kind::Values, action, effect, node.subject()).values(text(&old), text(&new)));
    }
}

fn show(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

/// Whether a larger number allows more or fewer values.
#[derive(Clone, Copy, PartialEq)]
enum Bound {
    Lower,
    Upper,
}

/// Every bound of a schema as (name, which way it bounds, value).
fn bounds_of(schema: &Schema) -> Vec<(&'static str, Bound, f64)> {
    let float = |number: &serde_json::Number| number.as_f64().unwrap_or_default();
    let list = schema.keywords.iter().filter_map(|keyword| match keyword {
        Keyword::Minimum(n) => Some(("minimum", Bound::Lower, float(n))),
        Keyword::ExclusiveMinimum(n) => Some(("exclusiveMinimum", Bound::Lower, float(n))),
        Keyword::Maximum(n) => Some(("maximum", Bound::Upper, float(n))),
        Keyword::ExclusiveMaximum(n) => Some(("exclusiveMaximum", Bound::Upper, float(n))),
        Keyword::MinLength(n) => Some(("minLength", Bound::Lower, *n as f64)),
        Keyword::MaxLength(n) => Some(("maxLength", Bound::Upper, *n as f64)),
        Keyword::MinItems(n) => Some(("minItems", Bound::Lower, *n as f64)),
        Keyword::MaxItems(n) => Some(("maxItems", Bound::Upper, *n as f64)),
        Keyword::MinProperties(n) => Some(("minProperties", Bound::Lower, *n as f64)),
        Keyword::MaxProperties(n) => Some(("maxProperties", Bound::Upper, *n as f64)),
        Keyword::MinContains(n) => Some(("minContains", Bound::Lower, *n as f64)),
        Keyword::MaxContains(n) => Some(("maxContains", Bound::Upper, *n as f64)),
        _ => None,
    });
    list.collect()
}

fn bounds(node: &mut Node<'_>) {
    let (old, new) = (bounds_of(node.old), bounds_of(node.new));
    for (name, bound, before) in &old {
        let after = new.iter().find(|(other, _, _)| other == name).map(|(_, _, value)| *value);
        let (action, effect) = match after {
            None => (Action::Removed, Effect::Widened),
            Some(after) if after == *before => continue,
            Some(after) if (after > *before) == (*bound == Bound::Lower) => (Action::Changed, Effect::Narrowed),
            Some(_) => (Action::Changed, Effect::Widened),
        };
        let after = after.map_or("none".to_owned(), |value| value.to_string());
        node.add(Change::new(Kind::Constraint, action, effect, *name).values(before.to_string(), after));
    }
    for (name, _, after) in &new {
        if old.iter().all(|(other, _, _)| other != name) {
            let change = Change::new(Kind::Constraint, Action::Added, Effect::Narrowed, *name);
            node.add(change.values("none", after.to_string()));
        }
    }
}

/// Constraints that are texts or flags: newly set they narrow, taken away they widen, and a different text may do
/// anything.
fn texts(node: &mut Node<'_>) {
    let list = |schema: &Schema| -> Vec<(&'static str, String)> {
        let texts = schema.keywords.iter().filter_map(|keyword| match keyword {
            Keyword::Pattern(text) => Some(("pattern", text.clone())),
            Keyword::Format(text) => Some(("format", text.clone())),
            Keyword::MultipleOf(number) => Some(("multipleOf", number.to_string())),
            Keyword::UniqueItems(true) => Some(("uniqueItems", "true".to_owned())),
            Keyword::ContentEncoding(text) => Some(("contentEncoding", text.clone())),
            Keyword::ContentMediaType(text) => Some(("contentMediaType", text.clone())),
            Keyword::DependentRequired(pairs) => Some(("dependentRequired", format!("{pairs:?}"))),
            _ => None,
        });
        texts.collect()
    };
    let (old, new) = (list(node.old), list(node.new));
    for (name, before) in &old {
        let after = new.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
        if after.as_ref() != Some(before) {
            let (action, effect) =
                if after.is_some() { (Action::Changed, Effect::Unknown) } else { (Action::Removed, Effect::Widened) };
            let after = after.unwrap_or_else(|| "none".to_owned());
            node.add(Change::new(Kind::Constraint, action, effect, *name).values(before, after));
        }
    }
    for (name, after) in &new {
        if old.iter().all(|(other, _)| other != name) {
            let change = Change::new(Kind::Constraint, Action::Added, Effect::Narrowed, *name);
            node.add(change.values("none", after));
        }
    }
}

fn additional(node: &mut Node<'_>) {
    let rest = |schema: &Schema| {
        find(schema, |keyword| match keyword {
            Keyword::AdditionalProperties(rest) => Some(*rest),
            _ => None,
        })
        .unwrap_or(AdditionalProperties::Open)
    };
    use AdditionalProperties::{Closed, Open, Schema as Some_};
    let effect = match (rest(node.old), rest(node.new)) {
        (Open, Open) | (Closed, Closed) => return,
        (Some_(old), Some_(new)) => return node.children.push((old, new)),
        (Open, _) | (Some_(_), Closed) => Effect::Narrowed,
        (_, Open) | (Closed, Some_(_)) => Effect::Widened,
    };
    let text = |rest| match rest {
        Open => "any",
        Closed => "none",
        Some_(_) => "those of a schema",
    };
    let (old, new) = (text(rest(node.old)), text(rest(node.new)));
    let change = Change::new(Kind::AdditionalProperties, Action::Changed, effect, node.subject());
    node.add(change.values(old, new));
}

/// Keywords that hold one schema and keep the direction: the pair goes on below.
fn single_children(node: &mut Node<'_>) {
    let items = |schema: &Schema| {
        find(schema, |keyword| match keyword {
            Keyword::Items(id) => Some(*id),
            _ => None,
        })
    };
    match (items(node.old), items(node.new)) {
        (None, None) => {}
        (Some(old), Some(new)) => node.children.push((old, new)),
        (None, Some(_)) => {
            node.add(Change::new(Kind::Composition, Action::Added, Effect::Narrowed, "items"));
        }
        (Some(_), None) => {
            node.add(Change::new(Kind::Composition, Action::Removed, Effect::Widened, "items"));
        }
    }
}

/// `allOf`, `anyOf` and `oneOf` with the same number of branches are compared branch by branch. Fewer or more alternatives
/// narrow or widen; anything else is unknown.
fn branches(node: &mut Node<'_>) {
    type Pick = fn(&Keyword) -> Option<&Vec<SchemaId>>;
    let picks: [(&str, bool, Pick); 4] = [
        ("allOf", false, |keyword| if let Keyword::AllOf(list) = keyword { Some(list) } else { None }),
        ("anyOf", true, |keyword| if let Keyword::AnyOf(list) = keyword { Some(list) } else { None }),
        ("oneOf", true, |keyword| if let Keyword::OneOf(list) = keyword { Some(list) } else { None }),
        ("prefixItems", false, |keyword| if let Keyword::PrefixItems(list) = keyword { Some(list) } else { None }),
    ];
    for (name, alternatives, pick) in picks {
        let (old, new) = (find(node.old, pick), find(node.new, pick));
        let (before, after) = (old.map_or(0, Vec::len), new.map_or(0, Vec::len));
        if before == after {
            let pairs = old.into_iter().flatten().zip(new.into_iter().flatten());
            node.children.extend(pairs.map(|(old, new)| (*old, *new)));
            continue;
        }
        let more = after > before;
        let (action, effect) = match (before, after) {
            (0, _) => (Action::Added, Effect::Narrowed),
            (_, 0) => (Action::Removed, Effect::Widened),
            _ if alternatives => (Action::Changed, if more { Effect::Widened } else { Effect::Narrowed }),
            _ => (Action::Changed, if more { Effect::Narrowed } else { Effect::Widened }),
        };
        let change = Change::new(Kind::Composition, action, effect, name);
        node.add(change.values(format!("{before} branches"), format!("{after} branches")));
    }
}

/// The remaining keywords with schemas. That one was added narrows, that one was removed widens; whether their insides are
/// the same is decided, and a difference is unknown.
fn structural(node: &mut Node<'_>) {
    type Children = Vec<(String, SchemaId)>;
    let list = |schema: &Schema| -> Vec<(&'static str, Children)> {
        let one = |id: &SchemaId| vec![(String::new(), *id)];
        let rest = |rest: &AdditionalProperties| match rest {
            AdditionalProperties::Schema(id) => one(id),
            closed_or_open => vec![(format!("{closed_or_open:?}"), SchemaId(0))],
        };
        let found = schema.keywords.iter().filter_map(|keyword| match keyword {
            Keyword::Not(id) => Some(("not", one(id))),
            Keyword::If(id) => Some(("if", one(id))),
            Keyword::Then(id) => Some(("then", one(id))),
            Keyword::Else(id) => Some(("else", one(id))),
            Keyword::Contains(id) => Some(("contains", one(id))),
            Keyword::PropertyNames(id) => Some(("propertyNames", one(id))),
            Keyword::PatternProperties(list) => Some(("patternProperties", list.clone())),
            Keyword::DependentSchemas(list) => Some(("dependentSchemas", list.clone())),
            Keyword::UnevaluatedProperties(undeclared) => Some(("unevaluatedProperties", rest(undeclared))),
            Keyword::UnevaluatedItems(undeclared) => Some(("unevaluatedItems", rest(undeclared))),
            _ => None,
        });
        found.collect()
    };
    let (old, new) = (list(node.old), list(node.new));
    for (name, before) in &old {
        match new.iter().find(|(other, _)| other == name) {
            None => node.add(Change::new(Kind::Composition, Action::Removed, Effect::Widened, *name)),
            Some((_, after)) if !node.same(before, after) => {
                node.add(Change::new(Kind::Composition, Action::Changed, Effect::Unknown, *name));
            }
            Some(_) => {}
        }
    }
    for (name, _) in &new {
        if old.iter().all(|(other, _)| other != name) {
            node.add(Change::new(Kind::Composition, Action::Added, Effect::Narrowed, *name));
        }
    }
}
