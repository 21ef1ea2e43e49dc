//! Whether what a list or an object holds is valid.

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use super::merge::{MOST_PATTERNS, matches};
use super::text::readings;
use super::value::{Judge, TOO_MANY, all, is_composition, is_left_out, yes};
use super::{Decision, Flow};
use crate::model::{AdditionalProperties, Keyword, Schema, SchemaId, Text};

impl Judge<'_, '_> {
    fn item(&self, id: SchemaId, item: &Value, depth: u32) -> Decision {
        self.inner(self.view.item(), id, item, depth)
    }

    fn property(&self, name: &str, id: SchemaId, field: &Value, depth: u32) -> Decision {
        self.inner(self.side.property(self.view, name), id, field, depth)
    }

    pub(super) fn array(&self, schema: &Schema, keyword: &Keyword, items: &[Value], depth: u32) -> Decision {
        use Keyword as K;
        let count = items.len() as u64;
        match keyword {
            K::MinItems(min) => yes(count >= *min),
            K::MaxItems(max) => yes(count <= *max),
            K::UniqueItems(true) => {
                let is_met = yes(items.iter().collect::<FxHashSet<_>>().len() == items.len());
                let is_plain = items.iter().all(|item| readings(item).len() == 1);
                if is_plain { is_met } else { self.doubted(is_met) }
            }
            K::PrefixItems(list) => all(list.iter().zip(items).map(|(id, item)| self.item(*id, item, depth))),
            K::Items(id) => all(items.iter().skip(prefix(schema)).map(|item| self.item(*id, item, depth))),
            K::Contains(id) => {
                let (mut min, mut max) = (1, u64::MAX);
                for other in &schema.keywords {
                    match other {
                        K::MinContains(count) => min = *count,
                        K::MaxContains(count) => max = *count,
                        _ => {}
                    }
                }
                let decisions: Vec<Decision> = items.iter().map(|item| self.item(*id, item, depth)).collect();
                let sure = decisions.iter().filter(|decision| **decision == Decision::Yes).count() as u64;
                if decisions.iter().any(|decision| matches!(decision, Decision::Unknown(_))) {
                    return Decision::Unknown("whether an item counts for `contains` is not known");
                }
                if sure >= min { self.doubted(yes(sure <= max)) } else { Decision::No }
            }
            K::UnevaluatedItems(AdditionalProperties::Open) => Decision::Yes,
            K::UnevaluatedItems(rest) => {
                let composed =
                    schema.keywords.iter().any(|other| is_composition(other) || matches!(other, K::Contains(_)));
                let has_items = schema.keywords.iter().any(|other| matches!(other, K::Items(_)));
                match rest {
                    _ if has_items || items.len() <= prefix(schema) => Decision::Yes,
                    _ if composed => Decision::Unknown("`unevaluatedItems` beside alternatives"),
                    AdditionalProperties::Schema(id) => {
                        all(items.iter().skip(prefix(schema)).map(|item| self.item(*id, item, depth)))
                    }
                    _ => Decision::No,
                }
            }
            _ => Decision::Yes,
        }
    }

    pub(super) fn object(
        &self,
        schema: &Schema,
        keyword: &Keyword,
        fields: &Map<String, Value>,
        value: &Value,
        depth: u32,
    ) -> Decision {
        use Keyword as K;
        let count = fields.len() as u64;
        match keyword {
            K::MinProperties(min) => yes(count >= *min),
            K::MaxProperties(max) => yes(count <= *max),
            K::Required(names) => yes(self.are_there(schema, names, fields)),
            K::Properties(list) => {
                let sent = list.iter().filter_map(|(name, id)| Some((name, *id, fields.get(name)?)));
                all(sent.map(|(name, id, field)| self.property(name, id, field, depth)))
            }
            K::PatternProperties(list) if list.len() > MOST_PATTERNS => match fields.is_empty() {
                true => Decision::Yes,
                false => Decision::Unknown("there are more `patternProperties` than are tried on each name"),
            },
            K::PatternProperties(list) => all(list.iter().flat_map(|(pattern, id)| {
                let matching = fields.iter().filter(move |(name, _)| matches(pattern, name) == Some(true));
                matching.map(move |(name, field)| self.property(name, *id, field, depth))
            })),
            K::AdditionalProperties(AdditionalProperties::Open) => Decision::Yes,
            K::AdditionalProperties(rest) => {
                let beyond = fields.iter().filter(|(name, _)| !declares(schema, name));
                all(beyond.map(|(name, field)| self.rest(*rest, (name, field), depth)))
            }
            K::UnevaluatedProperties(rest) => {
                all(fields.iter().map(|(name, field)| match self.evaluates(schema, name, value, depth) {
                    Decision::No => self.rest(*rest, (name, field), depth),
                    unknown_or_yes => unknown_or_yes.max(self.rest(*rest, (name, field), depth)),
                }))
            }
            K::PropertyNames(id) => all(fields.keys().map(|name| self.name(*id, name, depth))),
            K::DependentRequired(pairs) => yes(pairs.iter().all(|(name, needed)| {
                !fields.contains_key(name.as_str()) || needed.iter().all(|other| fields.contains_key(other.as_str()))
            })),
            K::DependentSchemas(list) => {
                let asked = list.iter().filter(|(name, _)| fields.contains_key(name));
                all(asked.map(|(_, id)| self.id(*id, value, depth)))
            }
            _ => Decision::Yes,
        }
    }

    fn rest(&self, rest: AdditionalProperties, (name, field): (&str, &Value), depth: u32) -> Decision {
        match rest {
            AdditionalProperties::Open => Decision::Yes,
            AdditionalProperties::Closed => Decision::No,
            AdditionalProperties::Schema(id) => self.property(name, id, field, depth),
        }
    }

    /// Whether all required properties are there, but for those that are not sent this way.
    fn are_there(&self, schema: &Schema, names: &[Text], fields: &Map<String, Value>) -> bool {
        let mut missing: FxHashSet<&str> =
            names.iter().map(Text::as_str).filter(|name| !fields.contains_key(*name)).collect();
        if missing.is_empty() || matches!(self.view.flow, Flow::Whole | Flow::Strict) {
            return missing.is_empty();
        }
        for (name, id) in schema.properties() {
            if is_left_out(self.side.schemas.get(self.side.schemas.resolve(*id)), self.view) {
                missing.remove(name.as_str());
            }
        }
        missing.is_empty()
    }

    /// Whether a keyword beside `unevaluatedProperties`, or within a part that the value satisfies, looks at a property.
    fn evaluates(&self, schema: &Schema, name: &str, value: &Value, depth: u32) -> Decision {
        use Keyword as K;
        let Some(depth) = depth.checked_sub(1) else { return Decision::Unknown("the value is nested too deep") };
        if declares(schema, name) || schema.keywords.iter().any(|keyword| matches!(keyword, K::AdditionalProperties(_)))
        {
            return Decision::Yes;
        }
        if !self.steps.is_taken() {
            return TOO_MANY;
        }
        let inner = |id: SchemaId| {
            let valid = self.id(id, value, depth);
            valid.min(self.evaluates(self.side.schemas.get(id), name, value, depth))
        };
        let mut best = Decision::No;
        for keyword in &schema.keywords {
            let found = match keyword {
                K::Ref(id) | K::If(id) | K::Then(id) | K::Else(id) => inner(*id),
                K::AllOf(list) | K::AnyOf(list) | K::OneOf(list) => {
                    list.iter().map(|id| inner(*id)).max().unwrap_or(Decision::No)
                }
                K::DependentSchemas(list) => {
                    let asked = list.iter().filter(|(name, _)| value.get(name).is_some());
                    asked.map(|(_, id)| inner(*id)).max().unwrap_or(Decision::No)
                }
                _ => Decision::No,
            };
            best = best.max(found);
        }
        best
    }
}

fn prefix(schema: &Schema) -> usize {
    let found = schema.keywords.iter().find_map(|keyword| match keyword {
        Keyword::PrefixItems(list) => Some(list.len()),
        _ => None,
    });
    found.unwrap_or(0)
}

fn declares(schema: &Schema, name: &str) -> bool {
    schema.keywords.iter().any(|keyword| match keyword {
        Keyword::Properties(list) => list.iter().any(|(known, _)| known == name),
        Keyword::PatternProperties(list) => list.iter().any(|(pattern, _)| matches(pattern, name) == Some(true)),
        _ => false,
    })
}
