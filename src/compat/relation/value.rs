//! Whether a value is valid. Used to decide schemas with few values, and to refute by example what cannot be proven.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::conjunction::{Conj, Part, Side, keywords};
use super::local::{DYNAMIC, type_of};
use super::merge::matches;
use super::number::{Limit, Num, Range};
use super::text::{NULL, READINGS, may_be_null, readings};
use super::{Decision, Flow, View};
use crate::model::json::canonical;
use crate::model::{Keyword, Schema, SchemaId, Types};

/// Schemas within schemas, and values within values, are followed this far.
const DEPTH: u32 = 40;

/// Schemas are looked at so often for a long list of values: thousands against thousands of alternatives would take hours.
const STEPS: u32 = 2_000_000;
/// The same for one value, and for the few that are made of a schema.
const FEW_STEPS: u32 = 50_000;
pub(super) const TOO_MANY: Decision = Decision::Unknown("there are too many values and alternatives to try");

/// Values that a contract lists are not tried where their text has more bytes: as values they take forty times as much.
pub(super) const LONGEST_VALUE: usize = 10_000;

/// Lists of values up to this length are searched through.
const FEW: usize = 16;

/// Whether the value satisfies the conjunction.
pub(super) fn member(side: &Side<'_>, conj: Conj, value: &Value, view: View) -> Decision {
    among(side, conj, value, view, &Steps::few())
}

/// The same for one of many values, which share what they may take.
pub(super) fn among(side: &Side<'_>, conj: Conj, value: &Value, view: View, steps: &Steps) -> Decision {
    let judge = Judge { side, view, steps, known: Rc::default() };
    judge.read(view, value, |judge, value| all(side.members(conj).iter().map(|part| judge.part(*part, value, DEPTH))))
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

    pub(super) fn is_taken(&self) -> bool {
        let left = self.0.get().checked_sub(1);
        left.inspect(|left| self.0.set(*left)).is_some()
    }
}

pub(super) fn all(decisions: impl IntoIterator<Item = Decision>) -> Decision {
    let mut worst = Decision::Yes;
    for decision in decisions {
        worst = worst.min(decision);
        if worst == Decision::No {
            break;
        }
    }
    worst
}

pub(super) fn yes(holds: bool) -> Decision {
    if holds { Decision::Yes } else { Decision::No }
}

fn not(decision: Decision) -> Decision {
    match decision {
        Decision::Yes => Decision::No,
        Decision::No => Decision::Yes,
        unknown => unknown,
    }
}

/// Judges a value, or a part of one.
pub(super) struct Judge<'s, 'a> {
    pub(super) side: &'s Side<'a>,
    pub(super) view: View,
    pub(super) steps: &'s Steps,
    /// What composed schemas say of parts of the value: there are more ways through alternatives than there are of these.
    known: Rc<Known>,
}

type Known = RefCell<FxHashMap<(SchemaId, *const Value), Decision>>;

impl Judge<'_, '_> {
    /// For a value that is none of the parts: another may stand in its place in memory later.
    fn aside(&self) -> Self {
        Judge { known: Rc::default(), ..*self }
    }

    /// Judges a part of the value as it is written there. A text is read as what it may stand for, and what it was read as is
    /// judged like JSON: each keyword speaks of the same value.
    fn read(&self, view: View, value: &Value, judge: impl Fn(&Self, &Value) -> Decision) -> Decision {
        let seen = |view| Judge { view, known: Rc::clone(&self.known), ..*self };
        if !view.is_text() || value.is_array() || value.is_object() {
            return if view == self.view { judge(self, value) } else { judge(&seen(view), value) };
        }
        let json = seen(view.json());
        let best = readings(value).iter().map(|read| judge(&json.aside(), read)).max().unwrap_or(Decision::No);
        if may_be_null(value) { best.max(self.null(&json, value, judge)) } else { best }
    }

    /// What is known where the value may be a `null`.
    fn null(&self, json: &Self, value: &Value, judge: impl Fn(&Self, &Value) -> Decision) -> Decision {
        if value.is_null() || judge(&json.aside(), &Value::Null) != Decision::No { NULL } else { Decision::No }
    }

    /// A schema of a property, an item, or a property without a name of its own.
    pub(super) fn inner(&self, view: View, id: SchemaId, value: &Value, depth: u32) -> Decision {
        self.read(view, value, |judge, value| judge.id(id, value, depth))
    }

    /// A name, which is a text however values are written.
    pub(super) fn name(&self, id: SchemaId, name: &str, depth: u32) -> Decision {
        let names = Judge { view: self.view.json(), ..self.aside() };
        names.id(id, &Value::String(name.to_owned()), depth)
    }

    fn part(&self, part: Part, value: &Value, depth: u32) -> Decision {
        let Some(schema) = self.side.schema(part) else {
            return yes(part.bare_types().unwrap_or(Types::ALL).has(type_of(value)));
        };
        self.schema(schema, part, value, depth)
    }

    pub(super) fn id(&self, id: SchemaId, value: &Value, depth: u32) -> Decision {
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
            return Decision::No;
        }
        all(keywords(schema, part).map(|keyword| match keyword {
            Keyword::Enum(values) if values.len() > FEW => self.listed(self.side.lists(part.id, values, value)),
            _ => self.keyword(schema, keyword, value, depth),
        }))
    }

    fn keyword(&self, schema: &Schema, keyword: &Keyword, value: &Value, depth: u32) -> Decision {
        use Keyword as K;
        match keyword {
            K::Ref(id) => self.id(*id, value, depth),
            K::AllOf(list) => all(list.iter().map(|id| self.id(*id, value, depth))),
            K::AnyOf(list) => list.iter().map(|id| self.id(*id, value, depth)).max().unwrap_or(Decision::No),
            K::OneOf(list) => {
                let each: Vec<Decision> = list.iter().map(|id| self.id(*id, value, depth)).collect();
                let found = one_of(&each);
                if each.contains(&Decision::Yes) { self.doubted(found) } else { found }
            }
            K::Not(id) => self.doubted(not(self.id(*id, value, depth))),
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
                    Decision::Yes => self.doubted(follow(true)),
                    Decision::No => follow(false),
                    unknown => unknown.max(follow(true).min(follow(false))),
                }
            }
            K::Enum(values) => self.listed(is_one_of(values.texts(), value)),
            K::Const(known) => self.listed(is_one_of([known.text()], value)),
            _ => match value {
                Value::Number(number) => number_keyword(keyword, Num::of(number)),
                Value::String(text) => string_keyword(keyword, text),
                Value::Array(items) => self.array(schema, keyword, items, depth),
                Value::Object(fields) => self.object(schema, keyword, fields, value, depth),
                _ => Decision::Yes,
            },
        }
    }

    /// A refusal for what a value is: of texts another reading may not be that.
    pub(super) fn doubted(&self, decision: Decision) -> Decision {
        if decision == Decision::No && self.view.is_text() { READINGS } else { decision }
    }

    /// Whether a value is listed. Lists and objects of texts may be equal where they differ as JSON.
    fn listed(&self, is_listed: bool) -> Decision {
        self.doubted(yes(is_listed))
    }
}

fn is_one_of<'t>(texts: impl IntoIterator<Item = &'t str>, value: &Value) -> bool {
    let text = value.to_string();
    let text = canonical(&text);
    texts.into_iter().any(|known| canonical(known) == text)
}

fn one_of(decisions: &[Decision]) -> Decision {
    let (mut sure, mut unknown) = (0, None);
    for decision in decisions {
        match decision {
            Decision::Yes => sure += 1,
            Decision::Unknown(why) => unknown = Some(*why),
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
        Keyword::ReadOnly(on) => *on && view.flow == Flow::Sent,
        Keyword::WriteOnly(on) => *on && view.flow == Flow::Received,
        _ => false,
    })
}

pub(super) fn is_composition(keyword: &Keyword) -> bool {
    use Keyword as K;
    matches!(keyword, K::Ref(_) | K::AllOf(_) | K::AnyOf(_) | K::OneOf(_) | K::If(_) | K::DependentSchemas(_))
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
