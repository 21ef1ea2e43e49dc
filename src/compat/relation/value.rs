//! Whether a value is valid. Used to decide schemas with few values, and to refute by example what cannot be proven.

use std::cell::{Cell, RefCell};

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};

use super::conjunction::{Conj, Part, Side, keywords};
use super::local::{DYNAMIC, type_of};
use super::merge::{MOST_PATTERNS, matches};
use super::number::{Limit, Num, Range};
use super::{Decision, View};
use crate::model::json::canonical;
use crate::model::{AdditionalProperties, JsonType, Keyword, Schema, SchemaId, Text, Types};

/// Schemas within schemas, and values within values, are followed this far.
const DEPTH: u32 = 40;

/// Schemas are looked at so often for a long list of values: thousands against thousands of alternatives would take hours.
const STEPS: u32 = 2_000_000;
/// The same for one value, and for the few that are made of a schema.
const FEW_STEPS: u32 = 50_000;
const TOO_MANY: Decision = Decision::Unknown("there are too many values and alternatives to try");

/// Values that a contract lists are not tried where their text has more bytes: as values they take forty times as much.
pub(super) const LONGEST_VALUE: usize = 50_000;

/// Lists of values up to this length are searched through.
const FEW: usize = 16;

/// Whether the value satisfies the conjunction.
pub(super) fn member(side: &Side<'_>, conj: Conj, value: &Value, view: View) -> Decision {
    among(side, conj, value, view, &Steps::few())
}

/// The same for one of many values, which share what they may take.
pub(super) fn among(side: &Side<'_>, conj: Conj, value: &Value, view: View, steps: &Steps) -> Decision {
    let judge = Judge { side, view, steps, known: RefCell::default() };
    all(side.members(conj).iter().map(|part| judge.part(*part, value, DEPTH)))
}

/// How often a schema may still be looked at.
pub(super) struct Steps(Cell<u32>);

impl Steps {
    /// For a list of values that a contract holds.
    pub(super) fn many() -> Self {
        Steps(Cell::new(STEPS))
    }

    /// For one value, or a few.
    pub(super) fn few() -> Self {
        Steps(Cell::new(FEW_STEPS))
    }

    fn is_taken(&self) -> bool {
        let left = self.0.get().checked_sub(1);
        left.inspect(|left| self.0.set(*left)).is_some()
    }
}

fn all(decisions: impl IntoIterator<Item = Decision>) -> Decision {
    let mut worst = Decision::Yes;
    for decision in decisions {
        worst = worst.min(decision);
        if worst == Decision::No {
            break;
        }
    }
    worst
}

fn yes(holds: bool) -> Decision {
    if holds { Decision::Yes } else { Decision::No }
}

fn not(decision: Decision) -> Decision {
    match decision {
        Decision::Yes => Decision::No,
        Decision::No => Decision::Yes,
        unknown => unknown,
    }
}

struct Judge<'s, 'a> {
    side: &'s Side<'a>,
    view: View,
    steps: &'s Steps,
    /// What composed schemas say of parts of the value: there are more ways through alternatives than there are of these.
    known: RefCell<FxHashMap<(SchemaId, *const Value), Decision>>,
}

impl Judge<'_, '_> {
    /// For a value that is none of the parts: another may stand in its place in memory later.
    fn aside(&self) -> Self {
        Judge { known: RefCell::default(), ..*self }
    }

    fn part(&self, part: Part, value: &Value, depth: u32) -> Decision {
        let Some(schema) = self.side.schema(part) else {
            return yes(part.bare_types().unwrap_or(Types::ALL).has(type_of(value)));
        };
        self.schema(schema, part, value, depth)
    }

    fn id(&self, id: SchemaId, value: &Value, depth: u32) -> Decision {
        if !self.side.schemas.get(id).keywords.iter().any(is_composition) {
            return self.part(Part::of(id), value, depth);
        }
        let key = (id, std::ptr::from_ref(value));
        if let Some(known) = self.known.borrow().get(&key) {
            return *known;
        }
        let decision = self.part(Part::of(id), value, depth);
        self.known.borrow_mut().insert(key, decision);
        decision
    }

    fn schema(&self, schema: &Schema, part: Part, value: &Value, depth: u32) -> Decision {
        let Some(depth) = depth.checked_sub(1) else { return Decision::Unknown("the value is nested too deep") };
        if !self.steps.is_taken() {
            return TOO_MANY;
        }
        if schema.keywords.last() == Some(&Keyword::DynamicScope) {
            return Decision::Unknown(DYNAMIC);
        }
        if !schema.types.has(type_of(value)) {
            let is_text = self.view == View::Text && (value.is_number() || value.is_boolean());
            if is_text && schema.types.has(JsonType::String) {
                return self.aside().schema(schema, part, &Value::String(value.to_string()), depth);
            }
            return Decision::No;
        }
        all(keywords(schema, part).map(|keyword| match keyword {
            Keyword::Enum(values) if values.len() > FEW => yes(self.side.lists(part.id, values, value)),
            _ => self.keyword(schema, keyword, value, depth),
        }))
    }

    fn keyword(&self, schema: &Schema, keyword: &Keyword, value: &Value, depth: u32) -> Decision {
        use Keyword as K;
        match keyword {
            K::Ref(id) => self.id(*id, value, depth),
            K::AllOf(list) => all(list.iter().map(|id| self.id(*id, value, depth))),
            K::AnyOf(list) => list.iter().map(|id| self.id(*id, value, depth)).max().unwrap_or(Decision::No),
            K::OneOf(list) => one_of(list.iter().map(|id| self.id(*id, value, depth))),
            K::Not(id) => not(self.id(*id, value, depth)),
            K::If(id) => {
                let pick = |then: bool| {
                    schema.keywords.iter().find_map(|other| match other {
                        K::Then(id) if then => Some(*id),
                        K::Else(id) if !then => Some(*id),
                        _ => None,
                    })
                };
                let follow = |then| pick(then).map_or(Decision::Yes, |id| self.id(id, value, depth));
                match self.id(*id, value, depth) {
                    Decision::Yes => follow(true),
                    Decision::No => follow(false),
                    unknown => unknown.max(follow(true).min(follow(false))),
                }
            }
            K::Enum(values) => yes(is_one_of(values.texts(), value)),
            K::Const(known) => yes(is_one_of([known.text()], value)),
            _ => match value {
                Value::Number(number) => number_keyword(keyword, Num::of(number)),
                Value::String(text) => string_keyword(keyword, text),
                Value::Array(items) => self.array(schema, keyword, items, depth),
                Value::Object(fields) => self.object(schema, keyword, fields, value, depth),
                _ => Decision::Yes,
            },
        }
    }

    fn array(&self, schema: &Schema, keyword: &Keyword, items: &[Value], depth: u32) -> Decision {
        use Keyword as K;
        let count = items.len() as u64;
        match keyword {
            K::MinItems(min) => yes(count >= *min),
            K::MaxItems(max) => yes(count <= *max),
            K::UniqueItems(true) => yes(items.iter().collect::<FxHashSet<_>>().len() == items.len()),
            K::PrefixItems(list) => all(list.iter().zip(items).map(|(id, item)| self.id(*id, item, depth))),
            K::Items(id) => all(items.iter().skip(prefix(schema)).map(|item| self.id(*id, item, depth))),
            K::Contains(id) => {
                let (mut min, mut max) = (1, u64::MAX);
                for other in &schema.keywords {
                    match other {
                        K::MinContains(count) => min = *count,
                        K::MaxContains(count) => max = *count,
                        _ => {}
                    }
                }
                let decisions: Vec<Decision> = items.iter().map(|item| self.id(*id, item, depth)).collect();
                let sure = decisions.iter().filter(|decision| **decision == Decision::Yes).count() as u64;
                if decisions.iter().any(|decision| matches!(decision, Decision::Unknown(_))) {
                    return Decision::Unknown("whether an item counts for `contains` is not known");
                }
                yes(sure >= min && sure <= max)
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
                        all(items.iter().skip(prefix(schema)).map(|item| self.id(*id, item, depth)))
                    }
                    _ => Decision::No,
                }
            }
            _ => Decision::Yes,
        }
    }

    fn object(
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
                let sent = list.iter().filter_map(|(name, id)| Some((*id, fields.get(name)?)));
                all(sent.map(|(id, field)| self.id(id, field, depth)))
            }
            K::PatternProperties(list) if list.len() > MOST_PATTERNS => match fields.is_empty() {
                true => Decision::Yes,
                false => Decision::Unknown("there are more `patternProperties` than are tried on each name"),
            },
            K::PatternProperties(list) => all(list.iter().flat_map(|(pattern, id)| {
                let matching = fields.iter().filter(move |(name, _)| matches(pattern, name) == Some(true));
                matching.map(move |(_, field)| self.id(*id, field, depth))
            })),
            K::AdditionalProperties(AdditionalProperties::Open) => Decision::Yes,
            K::AdditionalProperties(rest) => {
                let beyond = fields.iter().filter(|(name, _)| !declares(schema, name));
                all(beyond.map(|(_, field)| self.rest(*rest, field, depth)))
            }
            K::UnevaluatedProperties(rest) => {
                all(fields.iter().map(|(name, field)| match self.evaluates(schema, name, value, depth) {
                    Decision::No => self.rest(*rest, field, depth),
                    unknown_or_yes => unknown_or_yes.max(self.rest(*rest, field, depth)),
                }))
            }
            K::PropertyNames(id) => {
                all(fields.keys().map(|name| self.aside().id(*id, &Value::String(name.clone()), depth)))
            }
            K::DependentRequired(pairs) => yes(pairs.iter().all(|(name, needed)| {
                !fields.contains_key(name) || needed.iter().all(|other| fields.contains_key(other.as_str()))
            })),
            K::DependentSchemas(list) => {
                let asked = list.iter().filter(|(name, _)| fields.contains_key(name));
                all(asked.map(|(_, id)| self.id(*id, value, depth)))
            }
            _ => Decision::Yes,
        }
    }

    fn rest(&self, rest: AdditionalProperties, field: &Value, depth: u32) -> Decision {
        match rest {
            AdditionalProperties::Open => Decision::Yes,
            AdditionalProperties::Closed => Decision::No,
            AdditionalProperties::Schema(id) => self.id(id, field, depth),
        }
    }

    /// Whether all required properties are there, but for those that are not sent this way.
    fn are_there(&self, schema: &Schema, names: &[Text], fields: &Map<String, Value>) -> bool {
        let mut missing: FxHashSet<&str> =
            names.iter().map(Text::as_str).filter(|name| !fields.contains_key(*name)).collect();
        if missing.is_empty() || self.view == View::Whole || self.view == View::Strict {
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

fn is_one_of<'t>(texts: impl IntoIterator<Item = &'t str>, value: &Value) -> bool {
    let text = value.to_string();
    let text = canonical(&text);
    texts.into_iter().any(|known| canonical(known) == text)
}

fn one_of(decisions: impl Iterator<Item = Decision>) -> Decision {
    let (mut sure, mut unknown) = (0, None);
    for decision in decisions {
        match decision {
            Decision::Yes => sure += 1,
            Decision::Unknown(why) => unknown = Some(why),
            Decision::No => {}
        }
    }
    match (sure, unknown) {
        (0 | 1, Some(why)) => Decision::Unknown(why),
        _ => yes(sure == 1),
    }
}

/// Whether properties of that schema are not sent in this view.
pub(super) fn is_left_out(schema: &Schema, view: View) -> bool {
    schema.keywords.iter().any(|keyword| match keyword {
        Keyword::ReadOnly(on) => *on && matches!(view, View::Sent | View::Text),
        Keyword::WriteOnly(on) => *on && view == View::Received,
        _ => false,
    })
}

fn is_composition(keyword: &Keyword) -> bool {
    use Keyword as K;
    matches!(keyword, K::Ref(_) | K::AllOf(_) | K::AnyOf(_) | K::OneOf(_) | K::If(_) | K::DependentSchemas(_))
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

fn number_keyword(keyword: &Keyword, number: Num) -> Decision {
    use Keyword as K;
    let bound = |at: &serde_json::Number, exclusive| Limit { at: Num::of(at), exclusive };
    let mut range = Range::default();
    match keyword {
        K::Minimum(at) => range.at_least(bound(at, false)),
        K::ExclusiveMinimum(at) => range.at_least(bound(at, true)),
        K::Maximum(at) => range.at_most(bound(at, false)),
        K::ExclusiveMaximum(at) => range.at_most(bound(at, true)),
        K::MultipleOf(factor) => return yes(number.is_multiple_of(Num::of(factor))),
        _ => return Decision::Yes,
    }
    yes(range.has(number))
}

fn string_keyword(keyword: &Keyword, text: &str) -> Decision {
    use Keyword as K;
    match keyword {
        K::MinLength(min) => yes(text.chars().count() as u64 >= *min),
        K::MaxLength(max) => yes(text.chars().count() as u64 <= *max),
        K::Pattern(pattern) => matches(pattern, text).map_or(Decision::Unknown("the pattern is not understood"), yes),
        _ => Decision::Yes,
    }
}
