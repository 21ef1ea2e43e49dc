//! What the column "Failure Mode" means for a client.

use crate::generate::code::behaviour::Archetypes;
use crate::generate::code::events::{Effect, Events, data};
use crate::generate::code::names::words;
use crate::generate::code::resource::{self, alike};
use crate::model::{Method, Operation, ParameterLocation, Schemas, Service};

use super::answer_shape;

/// How long an answer is kept for bad times where the spec does not say, in seconds.
const KEPT_SECONDS: u64 = 300;

/// What happens when no answer comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The call fails; uncaught it becomes a 503.
    Fail,
    /// The request is refused with this status.
    Refuse(u16),
    /// The work goes on without an answer.
    Degrade,
    /// The newest answer is used that is not older than these seconds.
    Cached(u64),
    /// The local copy made from events is used.
    Copy(Copied),
}

/// What is read of a local copy in place of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copied {
    /// Index of the copies in [`Events::projections`].
    pub(crate) projection: usize,
    /// The variable of the path whose value is the copy's key.
    pub(crate) parameter: String,
    /// Properties of the answer, and those of the copy that they are.
    pub(crate) properties: Vec<(String, String)>,
}

/// What is known of a call.
pub(super) struct Asked<'a, 'b> {
    pub(super) schemas: &'a Schemas,
    pub(super) upstream: &'a Service,
    pub(super) operation: &'a Operation,
    pub(super) known: &'b Archetypes<'a>,
    pub(super) events: &'b Events,
    /// Properties of the answer that the row says are used.
    pub(super) used: Option<Vec<String>>,
}

/// The failure mode that a text means, and the properties of the answer that are looked at then.
pub(super) fn of(text: &str, asked: &Asked<'_, '_>) -> (Failure, Option<Vec<String>>) {
    let shape = answer_shape(asked.schemas, asked.operation);
    let there = |name: &String| shape.as_ref().is_some_and(|shape| shape.property(name).is_some());
    let used = asked.used.as_ref().map(|used| used.iter().filter(|name| there(name)).cloned().collect::<Vec<_>>());
    let used = used.filter(|used| !used.is_empty());
    let told = format!("_{}_", words(text));
    let says = |all: &[&str]| all.iter().any(|word| told.contains(&format!("_{word}_")));
    if let Some(status) = status(text) {
        return (if status == 503 { Failure::Fail } else { Failure::Refuse(status) }, used);
    }
    if says(&["copy", "copies", "replica", "projection", "read_model"])
        && let Some(copied) = copied(asked, used.as_deref())
    {
        let fields = copied.properties.iter().map(|(name, _)| name.clone()).collect();
        return (Failure::Copy(copied), Some(fields));
    }
    let is_safe = matches!(asked.operation.method, Method::Get | Method::Head | Method::Options);
    let never = says(&["do_not_cache", "no_cache", "not_cached", "without_cache", "never_cache", "not_cache"]);
    if is_safe && !never && says(&["cache", "cached", "stale", "last_known"]) {
        return (Failure::Cached(seconds(text).unwrap_or(KEPT_SECONDS)), used);
    }
    let goes_on =
        ["degrade", "degraded", "skip", "omit", "ignore", "continue", "go_on", "proceed", "empty", "best_effort"];
    let without = ["fallback", "fall_back", "default", "defaults", "without", "leave_out", "left_out"];
    if says(&goes_on) || says(&without) {
        return (Failure::Degrade, used);
    }
    (Failure::Fail, used)
}

/// A status that the text names, such as that of `Return 401`.
fn status(text: &str) -> Option<u16> {
    let numbers = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() == 3);
    numbers.filter_map(|word| word.parse().ok()).find(|status| (400..600).contains(status))
}

/// A length of time that the text names: `5 minutes`, `30s`.
fn seconds(text: &str) -> Option<u64> {
    let told = text.to_ascii_lowercase();
    let start = told.find(|c: char| c.is_ascii_digit())?;
    let rest = &told[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number: u64 = rest[..end].parse().ok()?;
    let unit = rest[end..].trim_start();
    let factor = match unit.chars().next()? {
        's' => 1,
        'm' if !unit.starts_with("ms") && !unit.starts_with("mil") => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    Some(number.saturating_mul(factor).clamp(1, 86_400 * 30))
}

/// What a local copy of what the call reads can tell; nothing where there is no such copy, or it lacks what is used.
fn copied(asked: &Asked<'_, '_>, used: Option<&[String]>) -> Option<Copied> {
    let (_, variable) = resource::item_of(&asked.operation.path)?;
    let only = |name: &str| asked.operation.parameters.iter().all(|one| !one.required || one.name == name);
    let in_path = |name: &str| {
        let mut parameters = asked.operation.parameters.iter();
        parameters.any(|one| one.name == name && one.location == ParameterLocation::Path)
    };
    if asked.operation.method != Method::Get || !only(variable) || !in_path(variable) {
        return None;
    }
    let shape = answer_shape(asked.schemas, asked.operation)?;
    let events = asked.events;
    let published = |name: &str| asked.upstream.publishes.iter().any(|event| event.name == name);
    let sources = events.subscriptions.iter().filter(|one| published(&events.wires[one.wire].name));
    let mut puts = sources.filter_map(|one| match one.effect {
        Effect::Put(projection) => Some((projection, data(asked.schemas, &events.wires[one.wire])?)),
        _ => None,
    });
    let (projection, copy) = puts.next()?;
    let key = &events.projections[projection].key;
    let resource = asked.known.of(asked.operation).resource.and_then(|at| asked.known.resources.get(at));
    let is_key = |name: &str| resource.map_or(alike(name, variable), |resource| resource.key == name);
    let wanted = shape.properties.iter().filter(|property| property.required);
    let source = |name: &str| match is_key(name) {
        true => Some(key.clone()),
        false => copy.property(name).filter(|property| property.required).map(|property| property.name.clone()),
    };
    let properties: Vec<(String, String)> = wanted
        .filter(|property| used.is_none_or(|used| used.contains(&property.name)))
        .filter_map(|property| Some((property.name.clone(), source(&property.name)?)))
        .collect();
    let complete = used.is_none_or(|used| used.len() == properties.len());
    (complete && !properties.is_empty()).then(|| Copied { projection, parameter: variable.to_owned(), properties })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_name_statuses_and_times() {
        assert_eq!(status("Return 401, do not cache"), Some(401));
        assert_eq!(status("Retry 3 times"), None);
        let times = ["for 5 minutes", "30s", "1 h", "500ms", "old"].map(seconds);
        assert_eq!(times, [Some(300), Some(30), Some(3600), None, None]);
    }
}
