//! What a side offers at all (operations, webhooks, callbacks, events) as JSON Schemas of a request line or of a message's
//! name, version and topic.

use serde_json::{Value, json};

use super::message::separates;
use super::part::{called, shape};
use crate::model::{Api, Platform};

/// Whether a side that offered it no longer does.
pub(super) fn is_gone(value: &Value, old: Value, new: Value) -> Result<(), &'static str> {
    match separates(value, [old, new], [true, false]) {
        true => Ok(()),
        false => Err("something else is still there under the same name or path"),
    }
}

/// A request line; parameters of the path have some value.
pub(super) fn line(api: &Api, subject: &str) -> Option<Value> {
    let (method, path) = subject.split_once(' ').filter(|(method, _)| !method.is_empty())?;
    let path = shape(&format!("{}{path}", api.base_path)).replace("{}", "a~value");
    path.starts_with('/').then(|| json!({ "method": method, "path": path }))
}

/// The request lines that a contract answers, of those that may be one: there may be tens of thousands.
pub(super) fn lines(api: Option<&Api>, like: &Value) -> Value {
    let (Some(api), Some(method), Some(path)) = (api, like["method"].as_str(), like["path"].as_str()) else {
        return any(Vec::new());
    };
    let Some(path) = path.strip_prefix(api.base_path.as_str()) else { return any(Vec::new()) };
    let may_be = |template: &str| {
        template.matches('/').count() == path.matches('/').count()
            && template.split('/').zip(path.split('/')).all(|(own, asked)| own.contains('{') || own == asked)
    };
    let mut found = Vec::new();
    for operation in &api.operations {
        if operation.method.key().eq_ignore_ascii_case(method) && may_be(&operation.path) {
            let whole = shape(&format!("{}{}", api.base_path, operation.path));
            let pattern = format!("^{}$", regex::escape(&whole).replace("\\{\\}", "[^/]+"));
            found.push(json!({ "properties": { "method": { "const": method }, "path": { "pattern": pattern } } }));
        }
    }
    any(found)
}

/// The webhooks or callbacks of a contract that are called so.
pub(super) fn sent_back(api: Option<&Api>, subject: &str) -> Value {
    let is_there = api.is_some_and(|api| !called(api, subject).is_empty());
    if is_there { json!({ "const": shape(subject) }) } else { Value::Bool(false) }
}

/// A message: its event, version and topic, as far as they matter.
pub(super) fn message(event: &str, version: Option<&str>, topic: Option<&str>) -> Value {
    let mut message = json!({ "event": event });
    if let Some(version) = version {
        message["version"] = json!(number(version));
    }
    if let Some(topic) = topic {
        message["topic"] = json!(topic);
    }
    message
}

fn number(version: &str) -> &str {
    version.trim().trim_start_matches(['v', 'V'])
}

/// The messages of an event that a platform defines.
pub(super) fn messages(platform: &Platform, event: &str) -> Value {
    let known = platform.events.iter().filter(|one| one.name == event);
    let one = |definition: &crate::model::EventDefinition| {
        let version = definition.version.as_deref().map_or(Value::Bool(true), |one| json!({ "const": number(one) }));
        let topic = definition.topic.as_deref().map_or(Value::Bool(true), |one| json!({ "const": one }));
        json!({ "properties": { "event": { "const": event }, "version": version, "topic": topic } })
    };
    any(known.flat_map(|event| &event.definitions).map(one).collect())
}

fn any(some: Vec<Value>) -> Value {
    if some.is_empty() { Value::Bool(false) } else { json!({ "anyOf": some }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        assert_eq!(message("a.b.c", Some("v2"), None), json!({ "event": "a.b.c", "version": "2" }));
        assert_eq!(message("a.b.c", None, Some("t")), json!({ "event": "a.b.c", "topic": "t" }));
    }

    #[test]
    fn what_is_nowhere_is_gone() {
        assert_eq!(is_gone(&json!({}), any(vec![json!({})]), any(Vec::new())), Ok(()));
        assert!(is_gone(&json!({}), any(Vec::new()), any(Vec::new())).is_err());
    }
}
