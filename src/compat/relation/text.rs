//! Containment of what is written as text. A single value is sent as its text, and a text is taken where it can be read as a
//! value that is valid: 5 by a schema of texts, and `"5"` by one of numbers.

use serde_json::Value;

use super::conjunction::Part;
use super::scalar::all_values;
use super::value::{Steps, among};
use super::view::divided;
use super::{Decision, Node, Relation, View};
use crate::model::json::canonical;
use crate::model::{JsonType, Types};

/// How `null` is written is left to who writes it (OpenAPI 3.1.1, section 4.8.15 and appendix B).
pub(super) const NULL: Decision = Decision::Unknown("how `null` is written as text, nothing says");
pub(super) const READINGS: Decision =
    Decision::Unknown("whether each text can be read as what is asked for is not decided");

/// The types of single values that are looked at together.
const CLASSES: [Types; 4] = [
    Types(JsonType::Null as u8),
    Types(JsonType::Boolean as u8),
    Types(JsonType::Integer as u8 | JsonType::Fraction as u8),
    Types(JsonType::String as u8),
];

/// Whether all of the first is in the second; nothing where that is decided as elsewhere: few values are tried one by one,
/// and lists and objects are looked into. What is valid as it was written was seen before.
pub(super) fn within(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> Option<Decision> {
    let own = relation.flat(sub);
    if !view.has_texts(own.types()) || all_values(&own.local).is_some() {
        return None;
    }
    let (single, held) = divided(own.types());
    let mut parts: Vec<Types> = CLASSES.into_iter().map(|class| class.intersection(single)).collect();
    parts.push(held);
    parts.retain(|types| *types != Types::NONE);
    if parts.len() > 1 {
        let each = parts.into_iter().map(|types| {
            let part = relation.restricted(sub, types);
            relation.ask_within(view, part, sup)
        });
        return Some(each.min().unwrap_or(Decision::Yes));
    }
    Some(read_otherwise(relation, view, (sub, single), sup))
}

/// The same of values of one type that are not all valid as they were written.
fn read_otherwise(relation: &mut Relation<'_>, view: View, (sub, types): (Node, Types), sup: Node) -> Decision {
    let as_written = relation.ask_within(view.json(), sub, sup);
    let text = Types(JsonType::String as u8);
    if types == CLASSES[0] {
        return as_written.max(NULL);
    }
    let asked = relation.possible_types(sup);
    if types != text && asked.has(JsonType::String) {
        let conj = relation.side(sub.which).intern([Part::types(text)]);
        if relation.ask_within(view.json(), Node { conj, ..sub }, sup) == Decision::Yes {
            return Decision::Yes;
        }
    }
    let others = Types(view.read_as(types).0 & !types.0);
    if asked.intersection(others) == Types::NONE { as_written } else { as_written.max(READINGS) }
}

/// Whether a value is taken: as it is written, or as one of those that it may be read as.
pub(super) fn taken(relation: &mut Relation<'_>, view: View, sup: Node, value: &Value, steps: &Steps) -> Decision {
    let mut is_valid = |view: View, value: &Value| among(relation.side(sup.which), sup.conj, value, view, steps);
    let as_text = is_valid(view, value);
    if !view.is_text() || as_text != Decision::Yes || !(value.is_array() || value.is_object()) {
        return as_text;
    }
    // Each part can be read as something that is asked of it; whether one reading meets all that is asked is another matter.
    let Some(readings) = relation.readings(view, value) else { return READINGS };
    let json = view.json();
    let each = readings.iter().map(|read| among(relation.side(sup.which), sup.conj, read, json, steps));
    each.max().unwrap_or(READINGS)
}

/// What a single value may be read as where it is written as text: itself first.
pub(crate) fn readings(value: &Value) -> Vec<Value> {
    let mut found = vec![value.clone()];
    match value {
        // Numbers are written in one form.
        Value::Bool(_) | Value::Number(_) => found.push(Value::String(canonical(&value.to_string()).into_owned())),
        Value::String(text) if text.trim() == text => {
            let read = serde_json::from_str::<Value>(text).ok();
            found.extend(read.filter(|read| read.is_boolean() || read.is_number()));
        }
        _ => {}
    }
    found
}

/// Values are read in no more ways than this.
const MOST_READINGS: usize = 64;
/// Values within values are read this far.
const DEPTH: u32 = 64;

impl Relation<'_> {
    /// All that a value may be read as where it is written in that way; nothing where there is too much.
    pub(crate) fn readings(&self, view: View, value: &Value) -> Option<Vec<Value>> {
        self.readings_at(self.contained_in(view), value, DEPTH)
    }

    fn readings_at(&self, view: View, value: &Value, depth: u32) -> Option<Vec<Value>> {
        let depth = depth.checked_sub(1)?;
        let list = |made: Vec<Vec<Value>>| made.into_iter().map(Value::Array).collect();
        Some(match value {
            _ if !view.is_text() => vec![value.clone()],
            Value::Array(items) => {
                let inner = items.iter().map(|item| self.readings_at(view.item(), item, depth));
                list(chosen(inner.collect::<Option<_>>()?)?)
            }
            Value::Object(fields) => {
                let inner =
                    fields.iter().map(|(name, field)| self.readings_at(self.property(view, name), field, depth));
                let made = chosen(inner.collect::<Option<_>>()?)?;
                made.into_iter().map(|values| fields.keys().cloned().zip(values).collect()).collect()
            }
            single => readings(single),
        })
    }
}

/// Every choice of one from each.
fn chosen(each: Vec<Vec<Value>>) -> Option<Vec<Vec<Value>>> {
    each.into_iter().try_fold(vec![Vec::new()], |made: Vec<Vec<Value>>, values| {
        let more: Vec<Vec<Value>> = made
            .iter()
            .flat_map(|list| values.iter().map(|value| list.iter().chain([value]).cloned().collect()))
            .collect();
        (more.len() <= MOST_READINGS).then_some(more)
    })
}

/// Whether a text may stand for `null`: where that is so, nothing says.
pub(super) fn may_be_null(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_is_read_as_what_it_looks_like() {
        assert_eq!(readings(&json!(5)), [json!(5), json!("5")]);
        assert_eq!(readings(&json!(5.0)), [json!(5.0), json!("5")]);
        assert_eq!(readings(&json!("5")), [json!("5"), json!(5)]);
        assert_eq!(readings(&json!("true")), [json!("true"), json!(true)]);
        for text in ["a", " 5", "05", "null", "[1]", ""] {
            assert_eq!(readings(&json!(text)), [json!(text)]);
        }
    }
}
