//! Whether values hold to the definitions of a document of schemas. A JSON Schema validator is asked, which is made once for a
//! definition; what would take it long or much memory is not asked, and such a value is neither accepted nor refused.

mod steps;
mod weight;

use std::cell::RefCell;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use steps::Steps;

/// Validators that together weigh more than this and than the document are not kept.
const KEPT: usize = 20_000;
/// What a validator weighs by itself.
const EACH: usize = 200;
/// Schemas that all values together meet, beside some for each of the document; from then on nothing is asked.
const MANY: u64 = 20_000_000;

/// A document of schemas with what was asked of it.
pub(crate) struct SchemaChecks {
    document: Value,
    /// How much validators that are kept may weigh.
    most: usize,
    made: RefCell<Made>,
}

/// Validators that were made; none for a definition that is not asked about.
#[derive(Default)]
struct Made {
    validators: FxHashMap<String, Option<Rc<jsonschema::Validator>>>,
    weight: usize,
    /// What was found for a definition and a value, by the hash of both.
    answers: FxHashMap<u64, Option<bool>>,
    /// How many schemas values met.
    steps: u64,
}

impl SchemaChecks {
    /// Checks by the `$defs` of that document.
    pub(crate) fn new(document: Value) -> Self {
        let most = weight::nodes(&document).max(KEPT);
        SchemaChecks { document, most, made: RefCell::default() }
    }

    /// The document itself.
    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    /// Whether a value is known to hold to a definition.
    pub(crate) fn accepts(&self, definition: &str, candidate: &Value) -> bool {
        self.holds(definition, candidate) == Some(true)
    }

    /// Whether a value is known to break a definition.
    pub(crate) fn refuses(&self, definition: &str, candidate: &Value) -> bool {
        self.holds(definition, candidate) == Some(false)
    }

    /// How many schemas a value meets; nothing where they are too many.
    pub(crate) fn steps(&self, definition: &str, candidate: &Value) -> Option<u64> {
        let definitions = self.document.get("$defs")?.as_object()?;
        if self.made.borrow().steps > MANY.saturating_add(u64::try_from(self.most).ok()?.saturating_mul(20)) {
            return None;
        }
        let mut steps = Steps::new(definitions);
        let count = steps.count(definitions.get(definition)?, candidate);
        self.made.borrow_mut().steps += steps.taken();
        count
    }

    fn holds(&self, definition: &str, candidate: &Value) -> Option<bool> {
        let mut hasher = DefaultHasher::new();
        (definition, candidate).hash(&mut hasher);
        let key = hasher.finish();
        if let Some(known) = self.made.borrow().answers.get(&key) {
            return *known;
        }
        let answer = self.asked(definition, candidate);
        self.made.borrow_mut().answers.insert(key, answer);
        answer
    }

    fn asked(&self, definition: &str, candidate: &Value) -> Option<bool> {
        self.steps(definition, candidate)?;
        self.says(definition, candidate)
    }

    /// Whether a part of a value is known to break a definition. How many schemas the whole meets must have been asked.
    pub(crate) fn refuses_part(&self, definition: &str, part: &Value) -> bool {
        self.says(definition, part) == Some(false)
    }

    fn says(&self, definition: &str, candidate: &Value) -> Option<bool> {
        let definitions = self.document.get("$defs")?.as_object()?;
        Some(self.validator(definitions, definition)?.is_valid(candidate))
    }

    fn validator(&self, definitions: &Map<String, Value>, name: &str) -> Option<Rc<jsonschema::Validator>> {
        let mut made = self.made.borrow_mut();
        if let Some(known) = made.validators.get(name) {
            return known.clone();
        }
        let needed = needed(definitions, name);
        let weight = weight::of(&needed).map(|weight| weight + EACH);
        if made.weight + weight.unwrap_or(0) > self.most {
            made.validators.clear();
            made.weight = 0;
        }
        let validator = weight.and_then(|_| build(&needed, name)).map(Rc::new);
        made.weight += weight.unwrap_or(0);
        made.validators.insert(name.to_owned(), validator.clone());
        validator
    }
}

/// A validator for a definition, which has all that it needs.
fn build(needed: &[(&str, &Value)], name: &str) -> Option<jsonschema::Validator> {
    let definitions: Map<String, Value> =
        needed.iter().map(|(name, body)| ((*name).to_owned(), (*body).clone())).collect();
    let schema = json!({ "$ref": format!("#/$defs/{name}"), "$defs": definitions });
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).ok()
}

/// A definition and those that it refers to, in whatever way.
fn needed<'d>(definitions: &'d Map<String, Value>, name: &str) -> Vec<(&'d str, &'d Value)> {
    let mut found: FxHashMap<&str, &Value> =
        definitions.get_key_value(name).map(|(name, body)| (name.as_str(), body)).into_iter().collect();
    let mut pending: Vec<&Value> = found.values().copied().collect();
    while let Some(next) = pending.pop() {
        match next {
            Value::Object(members) => {
                let target = members.get("$ref").and_then(|target| target_of(definitions, target));
                if let Some((name, body)) = target
                    && found.insert(name, body).is_none()
                {
                    pending.push(body);
                }
                pending.extend(members.values());
            }
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable_by_key(|(name, _)| *name);
    found
}

/// The definition that a `$ref` names.
fn target_of<'d>(definitions: &'d Map<String, Value>, reference: &Value) -> Option<(&'d str, &'d Value)> {
    let name = reference.as_str()?.strip_prefix("#/$defs/")?;
    definitions.get_key_value(name).map(|(name, body)| (name.as_str(), body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks(definitions: Value) -> SchemaChecks {
        SchemaChecks::new(json!({ "$defs": definitions }))
    }

    fn refer(name: &str) -> Value {
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// Whether `{"a": 1}` holds to the first of many definitions that each say something of the next.
    fn asked(levels: usize, level: impl Fn(Value) -> Value, last: Value) -> Option<bool> {
        let body = |at: usize| if at == levels { last.clone() } else { level(refer(&format!("D{}", at + 1))) };
        let definitions: Map<String, Value> = (0..=levels).map(|at| (format!("D{at}"), body(at))).collect();
        checks(Value::Object(definitions)).holds("D0", &json!({ "a": 1 }))
    }

    #[test]
    fn a_value_is_accepted_refused_or_not_asked_about() {
        let checks =
            checks(json!({ "Text": { "type": "string" }, "Name": { "$ref": "#/$defs/Text", "minLength": 2 } }));
        assert!(checks.accepts("Name", &json!("ab")) && !checks.refuses("Name", &json!("ab")));
        assert!(checks.refuses("Name", &json!("a")) && checks.refuses("Name", &json!(1)));
        assert!(!checks.accepts("Other", &json!(1)) && !checks.refuses("Other", &json!(1)));
    }

    #[test]
    fn a_value_that_meets_too_many_schemas_is_not_asked_about() {
        let object = || json!({ "type": "object", "required": ["a"] });
        assert_eq!(asked(10, |next| json!({ "allOf": [next, next] }), object()), Some(true));
        assert_eq!(asked(30, |next| json!({ "allOf": [next, next] }), object()), None);
        assert_eq!(asked(200, |next| json!({ "allOf": [next, { "type": "object" }] }), object()), Some(true));
        assert_eq!(asked(1, |next| json!({ "anyOf": [next, refer("D0")] }), object()), None, "it meets itself");
        let nested = |next: Value| json!({ "properties": { "a": next, "b": next } });
        assert_eq!(asked(30, nested, json!(true)), Some(true), "a value meets no more than it has");
    }

    #[test]
    fn many_values_are_asked_about_and_not_all() {
        let wide = json!({ "additionalProperties": { "type": "integer" } });
        let checks = checks(json!({ "Wide": wide }));
        let value = |at: usize| -> Value { (0..1000).map(|name| (format!("p{name}"), json!(at))).collect() };
        assert_eq!((0..50).find(|_| !checks.accepts("Wide", &value(0))), None, "the same value is asked about once");
        checks.made.borrow_mut().steps = MANY + 20 * 20_000 - 50_000;
        let known: Vec<bool> = (1..60).map(|at| checks.accepts("Wide", &value(at))).collect();
        assert!(known[0] && !known[58], "{known:?}");
    }

    #[test]
    fn what_takes_a_validator_much_memory_is_not_asked_about() {
        let nots = |levels: usize| (0..levels).fold(json!({ "type": "integer" }), |inner, _| json!({ "not": inner }));
        assert_eq!(asked(0, |_| json!(true), nots(20)), Some(false));
        assert_eq!(asked(0, |_| json!(true), nots(400)), None);
        let patterns = |count: usize| -> Value {
            let one =
                |at: usize| (format!("p{at}"), json!({ "pattern": format!("^((\\w{{1,20}}){{1,20}}){{1,{at}}}$") }));
            json!({ "properties": (2..count).map(one).collect::<Map<_, _>>() })
        };
        assert_eq!(asked(0, |_| json!(true), patterns(4)), Some(true));
        assert_eq!(asked(0, |_| json!(true), patterns(20)), None);
        let deep = (0..200).fold(json!(true), |inner, _| json!({ "properties": { "x".repeat(2000): inner } }));
        assert_eq!(asked(0, |_| json!(true), deep), None, "each schema has its path");
    }

    #[test]
    fn validators_are_made_once_and_few_are_kept() {
        let wide = json!({ "properties": (0..1000).map(|at| (format!("p{at}"), json!(true))).collect::<Map<_, _>>() });
        let names: Vec<String> = (0..100).map(|at| format!("D{at}")).collect();
        let mut definitions: Map<String, Value> = names.iter().map(|name| (name.clone(), refer("Wide"))).collect();
        definitions.insert("Wide".to_owned(), wide);
        let checks = checks(Value::Object(definitions));
        let mut most = 0;
        for name in &names {
            assert!(checks.accepts(name, &json!({})));
            let made = checks.made.borrow();
            assert!(made.weight <= KEPT);
            most = most.max(made.validators.len());
        }
        assert!((2..20).contains(&most), "{most}");
    }
}
