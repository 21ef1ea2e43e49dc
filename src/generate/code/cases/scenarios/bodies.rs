//! Bodies and messages that the tests of scenarios send more than once, so that they are written once and have a name.

use serde_json::Value;

use super::{Line, ScenarioCase, Term};

/// How many properties may differ where a body is told by another one.
const MOST_CHANGES: usize = 2;

/// A body with a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NamedBody {
    /// Its name, in snake case.
    pub(crate) name: String,
    /// What is sent.
    pub(crate) value: Value,
    /// The index of one before that is the same but for these properties.
    pub(crate) like: Option<(usize, Vec<(String, Value)>)>,
}

/// The bodies that more than one request sends, or that are like others.
pub(crate) fn bodies(cases: &[&ScenarioCase]) -> Vec<NamedBody> {
    let sent = cases.iter().flat_map(|case| &case.lines).filter_map(|line| match line {
        Line::Send(request) => request.body.as_ref(),
        Line::Deliver(_, message) => Some(message),
        _ => None,
    });
    // A name, what is sent, and how often.
    let mut known: Vec<(&str, &Value, usize)> = Vec::new();
    for body in sent {
        let Term::Body(name, value) = body else { continue };
        match known.iter_mut().find(|(_, other, _)| *other == value) {
            Some((_, _, count)) => *count += 1,
            None => known.push((name, value, 1)),
        }
    }
    let alike = |name: &str| known.iter().filter(|(other, _, _)| *other == name).count();
    let mut found: Vec<NamedBody> = Vec::new();
    for (name, value, count) in &known {
        let alike = alike(name);
        if *count == 1 && alike == 1 {
            continue;
        }
        let before = found.iter().filter(|one| one.name.starts_with(name)).count();
        let like = (0..found.len()).find_map(|at| Some((at, changes(&found[at].value, value)?)));
        let name = if before == 0 { (*name).to_owned() } else { format!("{name}_{}", before + 1) };
        found.push(NamedBody { name, value: (*value).clone(), like });
    }
    found
}

/// The few properties in which two objects of the same properties differ.
fn changes(one: &Value, other: &Value) -> Option<Vec<(String, Value)>> {
    let (one, other) = (one.as_object()?, other.as_object()?);
    if one.len() != other.len() || !other.keys().all(|name| one.contains_key(name)) {
        return None;
    }
    let changed = other.iter().filter(|(name, value)| one.get(*name) != Some(value));
    let changed: Vec<(String, Value)> = changed.map(|(name, value)| (name.clone(), value.clone())).collect();
    (changed.len() <= MOST_CHANGES && changed.len() < one.len()).then_some(changed)
}
