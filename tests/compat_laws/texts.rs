//! The same where values are written as text. A value is refused where every reading of it is: the validator is asked about
//! each.

use agentspec::compat::{self, Decision, Flow, Level, Relation, Sides, View, Which, Writing};
use agentspec::source::MemoryStore;
use agentspec::workspace::Workspace;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{cases, is_declared, pair, root, validator, values, workspace};

/// How far single values are texts.
#[derive(Clone, Copy)]
enum Written {
    /// Everywhere.
    AllTheWay,
    /// In the properties of the whole and the items of these; an object in a property is JSON.
    Form,
    /// In a property of a form.
    Field,
    /// Nowhere.
    Json,
}

impl Written {
    fn property(self) -> Written {
        match self {
            Written::AllTheWay => Written::AllTheWay,
            Written::Form => Written::Field,
            Written::Field | Written::Json => Written::Json,
        }
    }

    fn item(self) -> Written {
        if matches!(self, Written::Form) { Written::Field } else { self }
    }
}

/// Everything that a value may be read as.
fn readings(written: Written, value: &Value) -> Vec<Value> {
    match value {
        _ if matches!(written, Written::Json) => vec![value.clone()],
        Value::Array(items) => {
            let mut all = vec![Vec::new()];
            for item in items {
                let inner = readings(written.item(), item);
                let with = |list: &Vec<Value>| {
                    let list = list.clone();
                    inner.iter().map(move |one| [list.clone(), vec![one.clone()]].concat()).collect::<Vec<_>>()
                };
                all = all.iter().flat_map(with).collect();
            }
            all.into_iter().map(Value::Array).collect()
        }
        Value::Object(fields) => {
            let mut all = vec![Map::new()];
            for (name, field) in fields {
                let inner = readings(written.property(), field);
                let with = |object: &Map<String, Value>| {
                    let of = |one: &Value| {
                        let mut object = object.clone();
                        object.insert(name.clone(), one.clone());
                        object
                    };
                    inner.iter().map(of).collect::<Vec<_>>()
                };
                all = all.iter().flat_map(with).collect();
            }
            all.into_iter().map(Value::Object).collect()
        }
        Value::String(text) => {
            let read = serde_json::from_str::<Value>(text).ok().filter(|read| read.is_number() || read.is_boolean());
            [value.clone()].into_iter().chain(read.filter(|_| text.trim() == text)).collect()
        }
        Value::Null => vec![Value::Null],
        // Numbers are written in one form.
        Value::Number(number) if number.as_f64().is_some_and(|float| float.fract() == 0.0) => {
            vec![value.clone(), json!((number.as_f64().unwrap_or_default() as i64).to_string())]
        }
        single => vec![single.clone(), json!(single.to_string())],
    }
}

/// Whether there is a `null` in it, or an empty text that may be one: how it is written nothing says.
fn has_null(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        single => single.is_null() || *single == "",
    }
}

fn view(flow: Flow) -> View {
    View { flow, writing: Writing::Text }
}

fn decide(view: View, old: &Workspace, new: &Workspace) -> Decision {
    let mut relation = Relation::new(&old.platform.schemas, &new.platform.schemas);
    relation.contains(view, Which::Old, root(old), root(new))
}

/// A contract whose request body is of that media type.
fn body(media: &str, schema: &Value) -> Workspace {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/x": { "post": {
            "requestBody": { "content": { media: { "schema": { "$ref": "#/components/schemas/S" } } } },
            "responses": { "200": { "description": "d" } }
        } } },
        "components": { "schemas": { "S": schema } }
    });
    Workspace::contract(&MemoryStore::new([("api.json", document.to_string())]), "api.json", "s").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_text_that_separates_is_never_called_contained(seed in any::<u64>()) {
        let (old, new, mut dice) = pair(seed);
        let (before, after) = (workspace(&old), workspace(&new));
        let (own, other) = (validator(&old), validator(&new));
        let [strict, whole] = [Flow::Strict, Flow::Whole].map(|flow| decide(view(flow), &before, &after));
        // What is valid as it was written is read as that.
        for (json, text) in [(View::STRICT, strict), (View::WHOLE, whole)] {
            prop_assert!(crate::decide(json, &before, &after) != Decision::Yes || text == Decision::Yes, "{old} {new}");
        }
        for value in values(&mut dice).iter().filter(|value| !has_null(value)) {
            let is_taken = || readings(Written::AllTheWay, value).iter().any(|one| other.is_valid(one));
            if own.is_valid(value) && !is_taken() {
                prop_assert!(strict != Decision::Yes, "{value} separates {old} from {new}");
                prop_assert!(whole != Decision::Yes || !is_declared(&[&old], value), "{value} separates {old} from {new}");
            }
        }
    }

    #[test]
    fn a_text_that_is_shown_separates(seed in any::<u64>()) {
        let (old, new, _) = pair(seed);
        let (before, after) = (workspace(&old), workspace(&new));
        let mut relation = Relation::new(&before.platform.schemas, &after.platform.schemas);
        if let Some(value) = relation.witness(view(Flow::Whole), Which::Old, root(&before), root(&after)) {
            let is_taken = |schema: &Value| {
                let validator = validator(schema);
                readings(Written::AllTheWay, &value).iter().any(|one| validator.is_valid(one))
            };
            prop_assert!(is_taken(&old), "{value} is no value of {old}");
            prop_assert!(!is_taken(&new), "{value} is a value of {new}");
        }
    }

    #[test]
    fn what_separates_in_a_form_or_in_xml_is_reported(seed in any::<u64>()) {
        let (old, new, mut dice) = pair(seed);
        let (own, other) = (validator(&old), validator(&new));
        let values = values(&mut dice);
        for (media, written) in [
            ("application/xml", Written::AllTheWay),
            ("text/plain", Written::AllTheWay),
            ("application/x-www-form-urlencoded", Written::Form),
            ("multipart/form-data", Written::Form),
        ] {
            let separates = |value: &&Value| {
                !has_null(value) && own.is_valid(value) && is_declared(&[&old], value)
                    && !readings(written, value).iter().any(|one| other.is_valid(one))
            };
            let found = compat::observe(&body(media, &old).platform, &body(media, &new).platform);
            if let Some(value) = values.iter().find(separates) {
                let worst = found.iter().map(|change| change.containment.old_in_new).min();
                prop_assert!(worst.is_some_and(|worst| worst != Decision::Yes), "{media}: {value} separates {old} from {new}");
            }
            // There and back.
            let back = compat::observe(&body(media, &new).platform, &body(media, &old).platform);
            let own = found.iter().map(|change| change.containment.old_in_new).min().unwrap_or(Decision::Yes);
            let mirrored = back.iter().map(|change| change.containment.new_in_old).min().unwrap_or(Decision::Yes);
            prop_assert_eq!(own == Decision::Yes, mirrored == Decision::Yes, "{} {} {}", media, old, new);
        }
    }

    #[test]
    fn what_is_shown_of_a_form_or_of_xml_separates(seed in any::<u64>()) {
        let (old, new, _) = pair(seed);
        let (own, other) = (validator(&old), validator(&new));
        for (media, written) in [("text/xml", Written::AllTheWay), ("multipart/form-data", Written::Form)] {
            let (before, after) = (body(media, &old), body(media, &new));
            let sides = Sides {
                old: &before.platform,
                old_sources: &before.sources,
                new: &after.platform,
                new_sources: &after.sources,
            };
            let found = compat::findings(sides, None, Level::Breaking);
            for witness in found.iter().filter_map(|one| one.witness.as_ref()).filter(|witness| witness.checked) {
                let value = &witness.example;
                prop_assert!(own.is_valid(value), "{media}: {value} is no value of {old}");
                let is_taken = readings(written, value).iter().any(|one| other.is_valid(one));
                prop_assert!(!is_taken, "{media}: {value} is a value of {new}");
            }
        }
    }
}
