//! The laws of the comparison, on generated schemas with a JSON Schema validator as the judge.
#![allow(clippy::unwrap_used)]

mod texts;

use agentspec::compat::{self, Decision, Level, Relation, Sides, View, Which};
use agentspec::diagnostic::Finding;
use agentspec::model::SchemaId;
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A small generator of numbers (xorshift), so that a schema is a function of its seed.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(seed | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize].clone()
    }
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

fn schema(dice: &mut Dice, depth: u32) -> Value {
    let kinds = if depth == 0 { 7 } else { 14 };
    match dice.below(kinds) {
        0 => number(dice, "integer"),
        1 => number(dice, "number"),
        2 | 3 => string(dice),
        4 => {
            json!({ "type": dice.pick(&[json!("boolean"), json!("null"), json!(["string", "null"]), json!(["integer", "string"])]) })
        }
        5 => json!({ "enum": [scalar(dice), scalar(dice), scalar(dice)] }),
        6 => dice.pick(&[json!({}), json!({"const": 1}), json!({"const": "x"}), json!({"type": "object"})]),
        7..=9 => object(dice, depth - 1),
        10 => array(dice, depth - 1),
        11 => json!({ "anyOf": [schema(dice, depth - 1), schema(dice, depth - 1)] }),
        12 => json!({ "oneOf": [schema(dice, depth - 1), schema(dice, depth - 1)] }),
        _ => match dice.below(5) {
            0 => json!({ "not": schema(dice, 0) }),
            1 => json!({ "if": schema(dice, 0), "then": schema(dice, 0), "else": schema(dice, 0) }),
            2 => json!({ "allOf": [object(dice, depth - 1)], "unevaluatedProperties": false }),
            _ => json!({ "allOf": [schema(dice, depth - 1), object(dice, depth - 1)] }),
        },
    }
}

fn number(dice: &mut Dice, kind: &str) -> Value {
    let mut made = json!({ "type": kind });
    let bound = |dice: &mut Dice| dice.pick(&[json!(0), json!(1), json!(2.5), json!(5), json!(10)]);
    for key in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
        if dice.one_in(4) {
            made[key] = bound(dice);
        }
    }
    if dice.one_in(4) {
        made["multipleOf"] = dice.pick(&[json!(1), json!(2), json!(0.5), json!(4)]);
    }
    made
}

fn string(dice: &mut Dice) -> Value {
    let mut made = json!({ "type": "string" });
    if dice.one_in(3) {
        made["minLength"] = json!(dice.below(3));
    }
    if dice.one_in(3) {
        made["maxLength"] = json!(dice.below(4));
    }
    if dice.one_in(4) {
        made["pattern"] = json!(dice.pick(&["^[a-z]*$", "^[a-z]+$", "^[xy]{1,2}$", ".*", "x", "^\\d+$"]));
    }
    made
}

fn object(dice: &mut Dice, depth: u32) -> Value {
    let mut made = json!({ "type": "object" });
    let mut properties = Map::new();
    for name in NAMES {
        if dice.one_in(2) {
            properties.insert(name.to_owned(), schema(dice, depth));
        }
    }
    let required: Vec<&str> = NAMES.into_iter().filter(|_| dice.one_in(4)).collect();
    if !required.is_empty() {
        made["required"] = json!(required);
    }
    made["properties"] = Value::Object(properties);
    match dice.below(12) {
        0 | 1 => made["additionalProperties"] = json!(false),
        2 => made["additionalProperties"] = schema(dice, 0),
        3 => made["patternProperties"] = json!({ "^[ab]$": schema(dice, 0) }),
        4 => made["minProperties"] = json!(dice.below(3)),
        5 => made["maxProperties"] = json!(dice.below(4)),
        6 => made["propertyNames"] = json!({ "enum": ["a", "b"] }),
        7 => made["dependentRequired"] = json!({ "a": ["b"] }),
        8 => made["dependentSchemas"] = json!({ "a": schema(dice, 0) }),
        _ => {}
    }
    made
}

fn array(dice: &mut Dice, depth: u32) -> Value {
    let mut made = json!({ "type": "array", "items": schema(dice, depth) });
    match dice.below(8) {
        0 => made["minItems"] = json!(dice.below(3)),
        1 => made["maxItems"] = json!(dice.below(3)),
        2 => made["uniqueItems"] = json!(true),
        3 => made["prefixItems"] = json!([schema(dice, 0), schema(dice, 0)]),
        4 => made["contains"] = schema(dice, 0),
        5 => made["items"] = json!(false),
        _ => {}
    }
    made
}

fn scalar(dice: &mut Dice) -> Value {
    let values = [
        json!(0),
        json!(1),
        json!(2),
        json!(5),
        json!(10),
        json!(2.5),
        json!(-1),
        json!(1.0),
        json!(0.5),
        json!(""),
        json!("a"),
        json!("x"),
        json!("xy"),
        json!("abc"),
        json!("12"),
        json!("A"),
        json!(true),
        json!(false),
        json!(null),
    ];
    dice.pick(&values)
}

fn value(dice: &mut Dice, depth: u32) -> Value {
    match dice.below(if depth == 0 { 4 } else { 9 }) {
        0..=3 => scalar(dice),
        4..=6 => {
            let names = NAMES.into_iter().filter(|_| dice.one_in(2)).collect::<Vec<_>>();
            Value::Object(names.into_iter().map(|name| (name.to_owned(), value(dice, depth - 1))).collect())
        }
        _ => (0..dice.below(4)).map(|_| value(dice, depth - 1)).collect(),
    }
}

/// A schema that is a step away: one part replaced, added or dropped.
fn changed(dice: &mut Dice, from: &Value) -> Value {
    let Some(fields) = from.as_object() else { return from.clone() };
    let mut made = fields.clone();
    let keys: Vec<String> = fields.keys().cloned().collect();
    if keys.is_empty() || dice.one_in(5) {
        return schema(dice, 2);
    }
    let key = dice.pick(&keys);
    let inner = fields[&key].clone();
    match (key.as_str(), inner) {
        ("type", _) => {
            let other = schema(dice, 1);
            return dice.pick(&[json!({"anyOf": [from, {"type": "null"}]}), json!({"allOf": [from]}), other]);
        }
        ("properties", Value::Object(mut properties)) => {
            let name = dice.pick(&NAMES).to_owned();
            match properties.get(&name).cloned() {
                Some(_) if dice.one_in(3) => drop(properties.remove(&name)),
                Some(known) => drop(properties.insert(name, changed(dice, &known))),
                None => drop(properties.insert(name, schema(dice, 1))),
            }
            made.insert(key, Value::Object(properties));
        }
        ("anyOf" | "oneOf" | "allOf", Value::Array(mut list)) => {
            let at = dice.below(list.len() as u64) as usize;
            match dice.below(3) {
                0 => list.push(schema(dice, 1)),
                1 => list.reverse(),
                _ => list[at] = changed(dice, &list[at]),
            }
            made.insert(key, Value::Array(list));
        }
        ("patternProperties" | "dependentSchemas", Value::Object(list)) => {
            let inside = list.iter().map(|(name, inner)| (name.clone(), changed(dice, inner)));
            made.insert(key, Value::Object(inside.collect()));
        }
        ("dependentRequired", _) => drop(made.remove(&key)),
        (_, inner @ Value::Object(_)) => drop(made.insert(key, changed(dice, &inner))),
        (_, Value::Number(number)) => {
            drop(made.insert(key, json!(number.as_f64().unwrap() + dice.pick(&[1.0, -1.0, 0.5]))))
        }
        _ => drop(made.remove(&key)),
    }
    for count in ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "multipleOf"] {
        if let Some(number) = made.get(count).and_then(Value::as_f64) {
            let whole = if count == "multipleOf" { number.max(0.5) } else { number.max(0.0).floor() };
            made.insert(count.to_owned(), if whole.fract() == 0.0 { json!(whole as u64) } else { json!(whole) });
        }
    }
    Value::Object(made)
}

fn workspace(schema: &Value) -> Workspace {
    with_responses(schema, true)
}

/// The schema as that of a request body, and of the answer too where wanted.
fn with_responses(schema: &Value, answered: bool) -> Workspace {
    let media = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/S" } } });
    let answer = if answered { media.clone() } else { json!({}) };
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/x": { "post": {
            "requestBody": { "required": true, "content": media },
            "responses": { "200": { "description": "d", "content": answer } }
        } } },
        "components": { "schemas": { "S": schema } }
    });
    let store = MemoryStore::new([("api.json", document.to_string())]);
    Workspace::contract(&store, "api.json", "s").unwrap()
}

fn root(workspace: &Workspace) -> SchemaId {
    workspace.platform.services[0].api.as_ref().unwrap().schemas[0].1
}

fn decide(view: View, old: &Workspace, new: &Workspace) -> Decision {
    let mut relation = Relation::new(&old.platform.schemas, &new.platform.schemas);
    relation.contains(view, Which::Old, root(old), root(new))
}

fn errors_and_warnings(old: &Workspace, new: &Workspace, level: Level) -> Vec<String> {
    let sides = Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources };
    compat::findings(sides, None, level).into_iter().map(|one| format!("{:?} {}", one.severity, one.message)).collect()
}

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().with_draft(jsonschema::Draft::Draft202012).build(schema).unwrap()
}

/// Whether every property of the value is one that the schema declares on the way that the value takes through it.
fn is_declared(schemas: &[&Value], value: &Value) -> bool {
    let mut open: Vec<&Value> = schemas.to_vec();
    let mut all: Vec<&Value> = Vec::new();
    while let Some(one) = open.pop() {
        all.push(one);
        for key in ["allOf", "anyOf", "oneOf"] {
            let list = one.get(key).and_then(Value::as_array).into_iter().flatten();
            open.extend(list.filter(|branch| validator(branch).is_valid(value)));
        }
        for key in ["if", "then", "else"] {
            open.extend(one.get(key).filter(|branch| validator(branch).is_valid(value)));
        }
        let dependent = one.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten();
        open.extend(dependent.filter(|(name, _)| value.get(name.as_str()).is_some()).map(|(_, schema)| schema));
    }
    match value {
        Value::Object(fields) => fields.iter().all(|(name, field)| {
            let declared: Vec<&Value> = all
                .iter()
                .filter_map(|one| {
                    let own = one.get("properties").and_then(|properties| properties.get(name));
                    let matching = one
                        .get("patternProperties")
                        .filter(|_| name == "a" || name == "b")
                        .and_then(|p| p.get("^[ab]$"));
                    own.or(matching).or_else(|| {
                        one.get("additionalProperties")
                            .filter(|rest| rest.as_object().is_some_and(|rest| !rest.is_empty()))
                    })
                })
                .collect();
            !declared.is_empty() && is_declared(&declared, field)
        }),
        Value::Array(items) => items.iter().enumerate().all(|(at, item)| {
            let declared: Vec<&Value> = all
                .iter()
                .filter_map(|one| one.get("prefixItems").and_then(|list| list.get(at)).or_else(|| one.get("items")))
                .collect();
            declared.is_empty() && !item.is_object() && !item.is_array() || is_declared(&declared, item)
        }),
        _ => true,
    }
}

fn pair(seed: u64) -> (Value, Value, Dice) {
    let mut dice = Dice::new(seed);
    let old = schema(&mut dice, 2);
    let mut new = changed(&mut dice, &old);
    if dice.one_in(3) {
        new = changed(&mut dice, &new);
    }
    (old, new, dice)
}

fn values(dice: &mut Dice) -> Vec<Value> {
    (0..150).map(|_| value(dice, 2)).collect()
}

fn shuffled(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => fields.iter().rev().map(|(key, inner)| (key.clone(), shuffled(inner))).collect(),
        Value::Array(items) => items.iter().map(shuffled).collect(),
        other => other.clone(),
    }
}

/// How many schemas are tried; `COMPAT_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("COMPAT_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(600)
}

/// Two services whose contracts stand in files of their own, with the schema in a third that both refer to.
fn platform(files: &[(&str, String)]) -> Workspace {
    let store = MemoryStore::new(files.iter().map(|(path, text)| (*path, text.as_str())));
    Workspace::load(&store).unwrap().lower_schemas()
}

fn contracts(schema: &Value) -> [(&'static str, String); 3] {
    let media = json!({ "application/json": { "schema": { "$ref": "../../../shared/common.json#/S" } } });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/x": { "post": {
            "requestBody": { "content": media },
            "responses": { "200": { "description": "d", "content": media } }
        } } }
    });
    [
        ("services/a/contracts/api-spec.json", document.to_string()),
        ("services/b/contracts/api-spec.json", document.to_string()),
        ("shared/common.json", json!({ "S": schema }).to_string()),
    ]
}

#[test]
fn neither_the_order_of_files_nor_the_threads_change_the_result() {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let (alone, many) = (pool(1), pool(8));
    for seed in 0..40 {
        let (old, new, _) = pair(seed * 7919 + 1);
        let (before, after) = (contracts(&old), contracts(&new));
        let compared = |before: &[(&str, String)], after: &[(&str, String)]| {
            let (old, new) = rayon::join(|| platform(before), || platform(after));
            let sides =
                Sides { old: &old.platform, old_sources: &old.sources, new: &new.platform, new_sources: &new.sources };
            let found = compat::findings(sides, None, Level::All);
            found
                .into_iter()
                .map(|one| format!("{:?}", Finding::resolve(&one, &new.sources, Some(&old.sources))))
                .collect::<Vec<_>>()
        };
        let (mut other_before, mut other_after) = (before.clone(), after.clone());
        other_before.reverse();
        other_after.rotate_left(1);
        let first = alone.install(|| compared(&before, &after));
        assert_eq!(first, many.install(|| compared(&before, &after)), "{old} {new}");
        assert_eq!(first, many.install(|| compared(&other_before, &other_after)), "{old} {new}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_that_separates_is_never_called_contained(seed in any::<u64>()) {
        let (old, new, mut dice) = pair(seed);
        let (before, after) = (workspace(&old), workspace(&new));
        let (own, other) = (validator(&old), validator(&new));
        let strict = decide(View::STRICT, &before, &after);
        let whole = decide(View::WHOLE, &before, &after);
        prop_assert!(strict != Decision::Yes || whole == Decision::Yes, "strict but not whole: {old} {new} {whole:?}");
        for value in values(&mut dice) {
            if own.is_valid(&value) && !other.is_valid(&value) {
                prop_assert!(strict != Decision::Yes, "{value} separates {old} from {new}");
                prop_assert!(whole != Decision::Yes || !is_declared(&[&old], &value), "{value} separates {old} from {new}");
            }
        }
    }

    #[test]
    fn nothing_differs_from_itself(seed in any::<u64>()) {
        let schema = schema(&mut Dice::new(seed), 3);
        let (before, after) = (workspace(&schema), workspace(&shuffled(&schema)));
        prop_assert_eq!(decide(View::STRICT, &before, &after), Decision::Yes, "{}", schema);
        prop_assert_eq!(errors_and_warnings(&before, &after, Level::All), Vec::<String>::new(), "{}", schema);
    }

    #[test]
    fn the_order_of_keys_changes_nothing(seed in any::<u64>()) {
        let (old, new, _) = pair(seed);
        let found = |old: &Value, new: &Value| {
            let mut found = errors_and_warnings(&workspace(old), &workspace(new), Level::All);
            found.sort();
            found
        };
        let straight = found(&old, &new);
        prop_assert_eq!(&straight, &found(&shuffled(&old), &new), "{} {}", old, new);
        prop_assert_eq!(&straight, &found(&old, &shuffled(&new)), "{} {}", old, new);
    }

    #[test]
    fn a_witness_separates(seed in any::<u64>()) {
        let (old, new, _) = pair(seed);
        let (before, after) = (workspace(&old), workspace(&new));
        let mut relation = Relation::new(&before.platform.schemas, &after.platform.schemas);
        let (from, to) = (root(&before), root(&after));
        if let Some(value) = relation.witness(View::WHOLE, Which::Old, from, to) {
            prop_assert!(validator(&old).is_valid(&value), "{value} is no value of {old}");
            prop_assert!(!validator(&new).is_valid(&value), "{value} is a value of {new}");
            prop_assert!(relation.contains(View::WHOLE, Which::Old, from, to) != Decision::Yes, "{value} separates {old} from {new}");
        }
    }

    #[test]
    fn what_separates_is_reported(seed in any::<u64>()) {
        let (old, new, mut dice) = pair(seed);
        let (before, after) = (with_responses(&old, false), with_responses(&new, false));
        let (own, other) = (validator(&old), validator(&new));
        let separates = |value: &Value| own.is_valid(value) && !other.is_valid(value) && is_declared(&[&old], value);
        if let Some(value) = values(&mut dice).iter().find(|value| separates(value)) {
            let found = errors_and_warnings(&before, &after, Level::Breaking);
            prop_assert!(!found.is_empty(), "{value} separates {old} from {new}, and nothing is said");
        }
    }

    #[test]
    fn what_differs_is_observed_and_mirrored(seed in any::<u64>()) {
        let (old, new, _) = pair(seed);
        let (before, after) = (with_responses(&old, false), with_responses(&new, false));
        let there = compat::observe(&before.platform, &after.platform);
        let back = compat::observe(&after.platform, &before.platform);
        let whole = [decide(View::WHOLE, &before, &after), decide(View::WHOLE, &after, &before)];
        let worst = |changes: &[compat::Change], forward: bool| {
            let own = |change: &compat::Change| {
                let both = change.containment;
                if forward { both.old_in_new } else { both.new_in_old }
            };
            changes.iter().map(own).min().unwrap_or(Decision::Yes)
        };
        for (answer, found, mirrored) in
            [(whole[0], worst(&there, true), worst(&back, false)), (whole[1], worst(&there, false), worst(&back, true))]
        {
            prop_assert!(answer == Decision::Yes || found != Decision::Yes, "{old} {new}: {answer:?} unseen");
            prop_assert!(answer == Decision::Yes || mirrored != Decision::Yes, "{new} {old}: {answer:?} unseen backwards");
        }
    }
}
