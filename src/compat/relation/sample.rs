//! A few values of a schema: at its bounds, with and without what is optional, one of each alternative. They refute what
//! cannot be proven, and show what a change breaks.

use serde_json::{Map, Value, json};

use super::conjunction::{Conj, Side};
use super::flat::{Flat, Rest};
use super::number::Num;
use super::pattern::TRIES;
use super::value::{LONGEST_VALUE, Steps, among};
use super::{Decision, View};
use crate::model::JsonType;
use crate::model::json::read;

/// Schemas within schemas are filled this far; below it only what is required.
const DEPTH: u32 = 5;
/// Values of one schema.
const MANY: usize = 48;
/// Values of a schema within another.
const SOME: usize = 6;
/// Texts and lists are not made longer than this.
const LONGEST: u64 = 200;

/// Objects that must have more properties are not made.
const WIDEST: usize = 1000;

/// Schemas that are visited for the values of one, so that recursion and wide objects stay cheap.
const VISITS: u32 = 150;

/// Valid values of a conjunction, made of declared properties; small ones first.
pub(super) fn samples(side: &mut Side<'_>, conj: Conj, view: View, range: Range) -> Vec<Value> {
    let mut way = Way { view, range, visits: VISITS, steps: Steps::few() };
    let mut found = at(side, conj, &mut way, DEPTH);
    let steps = Steps::few();
    found.retain(|value| among(side, conj, value, view, &steps) == Decision::Yes);
    found
}

/// How many values are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Range {
    /// Objects with what is required and no more: cheap, whatever the size of the schema.
    Least,
    /// With and without what is optional.
    Full,
}

/// What is looked for, and how many schemas may still be visited.
struct Way {
    view: View,
    range: Range,
    visits: u32,
    /// How often schemas may still be held against values that are made on the way.
    steps: Steps,
}

fn at(side: &mut Side<'_>, conj: Conj, way: &mut Way, depth: u32) -> Vec<Value> {
    let flat = side.flat(conj);
    let mut found: Vec<Value> = Vec::new();
    if let Some(values) = &flat.local.values {
        let short = values.texts().filter(|text| text.len() <= LONGEST_VALUE);
        return short.take(MANY).map(read).collect();
    }
    let (Some(depth), Some(left)) = (depth.checked_sub(1), way.visits.checked_sub(1)) else { return found };
    way.visits = left;
    for group in &flat.groups {
        let base = side.base(conj);
        for branch in group.branches.iter().take(MANY / 2) {
            let piece = side.both(base, *branch);
            if piece != conj {
                let mut own = at(side, piece, way, depth);
                // One that only another alternative allows would be made of what that one does not declare.
                own.retain(|value| among(side, piece, value, way.view, &way.steps) == Decision::Yes);
                found.extend(own.into_iter().take(SOME * 2));
            }
        }
    }
    let types = flat.types();
    if types.has(JsonType::Null) {
        found.push(Value::Null);
    }
    if types.has(JsonType::Boolean) {
        found.extend([Value::Bool(true), Value::Bool(false)]);
    }
    if types.0 & 12 != 0 {
        found.extend(numbers(&flat));
    }
    if types.has(JsonType::String) {
        found.extend(texts(&flat));
    }
    if types.has(JsonType::Object) {
        found.extend(objects(side, &flat, way, depth));
    }
    if types.has(JsonType::Array) {
        found.extend(arrays(side, &flat, way, depth));
    }
    let mut seen: Vec<Value> = Vec::with_capacity(found.len());
    for value in found {
        if seen.len() < MANY && !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}

fn numbers(flat: &Flat<'_>) -> Vec<Value> {
    let local = &flat.local;
    let step = local.multiples.first().copied();
    let mut tries: Vec<Num> = Vec::new();
    for end in [local.range.min, local.range.max].into_iter().flatten() {
        tries.extend([0.0, 1.0, -1.0, 0.5, -0.5].map(|by| end.at.plus(by)));
    }
    tries.extend([0, 1, 2, -1, 7, 100, 5_000_000_000].map(Num::whole));
    tries.extend(step);
    tries.push(Num::whole(0).plus(0.5));
    let fits =
        |number: &Num| local.range.has(*number) && local.multiples.iter().all(|factor| number.is_multiple_of(*factor));
    let values = tries.into_iter().filter(fits).filter_map(Num::value);
    values.filter(|value| flat.types().has(super::local::type_of(value))).take(12).collect()
}

fn texts(flat: &Flat<'_>) -> Vec<Value> {
    let length = flat.local.length;
    let typical = flat.local.formats.iter().find_map(|format| match format.as_str() {
        "uuid" => Some("6f1c9a52-1f7b-4c8e-9c4c-0f4f1f6f3a11"),
        "date" => Some("2024-01-31"),
        "date-time" => Some("2024-01-31T12:00:00Z"),
        "email" => Some("x@y.example"),
        "uri" => Some("https://example.com/x"),
        "ipv4" => Some("192.0.2.1"),
        _ => None,
    });
    let filled = |count: u64| "abcdefghij".chars().cycle().take(count.min(LONGEST) as usize).collect::<String>();
    let mut tries: Vec<String> = typical.into_iter().map(str::to_owned).collect();
    tries.extend([filled(length.min), filled(length.max.unwrap_or(length.min + 1)), filled(length.min + 1)]);
    // Longer than what is usually excluded.
    tries.push(filled(length.min + 40));
    tries.extend(TRIES.iter().map(|text| (*text).to_owned()));
    let fits = |text: &String| {
        length.has(text.chars().count() as u64)
            && flat.local.patterns.iter().all(|pattern| super::merge::matches(pattern, text) != Some(false))
    };
    tries.into_iter().filter(fits).take(10).map(Value::String).collect()
}

fn objects(side: &mut Side<'_>, flat: &Flat<'_>, way: &mut Way, depth: u32) -> Vec<Value> {
    if flat.local.required.len() > WIDEST {
        return Vec::new();
    }
    let mut choices: Vec<(String, bool, Vec<Value>)> = Vec::new();
    for (name, conj) in &flat.properties {
        let required = flat.local.required.contains(name);
        let is_wanted = required || depth > 0 && way.range == Range::Full && way.visits > 0;
        if is_wanted && !side.traits(*conj).is_left_out(way.view) {
            let values = at(side, *conj, way, depth).into_iter().take(SOME * 2).collect();
            choices.push(((*name).to_owned(), required, values));
        }
    }
    for name in flat.local.required.iter().filter(|name| !flat.properties.contains_key(name.as_str())) {
        choices.push((name.to_string(), true, vec![json!("a")]));
    }
    let make = |keep: &dyn Fn(usize, bool) -> Option<usize>| {
        let mut object = Map::new();
        for (at, (name, required, values)) in choices.iter().enumerate() {
            if let Some(value) = keep(at, *required).and_then(|pick| values.get(pick).or(values.first())) {
                object.insert(name.clone(), value.clone());
            }
        }
        Value::Object(object)
    };
    let least = make(&|_, required| required.then_some(0));
    let mut found = vec![least];
    if way.range == Range::Full {
        found.push(make(&|_, _| Some(0)));
    }
    // Deep inside, the two above and a few of their neighbours are enough.
    let varied = match way.range {
        Range::Least => 0,
        Range::Full if depth + 2 < DEPTH => 2,
        Range::Full => MANY,
    };
    for (one, (_, _, values)) in choices.iter().enumerate().take(varied) {
        found.push(make(&|at, required| (required || at == one).then_some(0)));
        found.push(make(&|at, required| (required || at != one).then_some(0)));
        for pick in 1..values.len() {
            found.push(make(&|at, required| {
                let chosen = if at == one { pick } else { 0 };
                (required || at == one).then_some(chosen)
            }));
        }
        if found.len() > MANY * 2 {
            break;
        }
    }
    if let Rest::Schema(conj) = flat.additional {
        for value in at(side, conj, way, depth).into_iter().take(SOME) {
            found.push(with(&found[0], "other", value));
        }
    }
    for (pattern, conj) in flat.patterns.iter().take(MANY) {
        let value = at(side, *conj, way, depth).into_iter().next();
        if let (Some(name), Some(value)) = (name_of(pattern), value) {
            found.push(with(&found[0], name, value));
        }
    }
    // An open map: names beyond the declared ones are what it is for.
    if choices.is_empty() && flat.additional == Rest::Open {
        found.extend([json!({"zz": 1}), json!({"zz": "b", "z9": 1}), json!({"Z_1": true}), json!({"z y": null})]);
    }
    if flat.local.properties.min > 0 && flat.additional == Rest::Open {
        let names = (0..flat.local.properties.min.min(LONGEST)).map(|at| (format!("p{at}"), json!(1)));
        found.push(Value::Object(names.collect()));
    }
    found.sort_by_key(|value| value.as_object().map_or(0, Map::len));
    found
}

/// A name that matches a pattern, where one is known.
pub(super) fn name_of(pattern: &str) -> Option<&'static str> {
    let mut names = TRIES.iter().chain(&["x-a", "x_a", "S_a", "a_x", "S_25", "I_0"]);
    names.find(|name| super::merge::matches(pattern, name) == Some(true)).copied()
}

/// An object with one more property, or another value of it.
pub(super) fn with(object: &Value, name: &str, value: Value) -> Value {
    let mut fields = object.as_object().cloned().unwrap_or_default();
    fields.insert(name.to_owned(), value);
    Value::Object(fields)
}

fn arrays(side: &mut Side<'_>, flat: &Flat<'_>, way: &mut Way, depth: u32) -> Vec<Value> {
    let mut prefix: Vec<Value> = Vec::new();
    for conj in flat.prefix.iter().take(LONGEST as usize) {
        match at(side, *conj, way, depth).into_iter().next() {
            Some(value) => prefix.push(value),
            None => break,
        }
    }
    let mut items = match flat.rest {
        Rest::Schema(conj) => at(side, conj, way, depth),
        Rest::Open => vec![json!("a"), json!(1), json!(true), json!({}), Value::Null, json!(2), json!("b")],
        Rest::Closed => Vec::new(),
    };
    for contains in &flat.contains {
        let held = at(side, contains.node, way, depth);
        items.splice(0..0, held.into_iter().take(3));
    }
    let counts = flat.local.items;
    let mut lengths = vec![counts.min, counts.min + 1, prefix.len() as u64, prefix.len() as u64 + 1, 2, 3];
    lengths.extend(counts.max);
    lengths.extend(flat.contains.iter().flat_map(|contains| [Some(contains.count.min), contains.count.max]).flatten());
    lengths.sort_unstable();
    lengths.dedup();
    let mut found = Vec::new();
    for length in lengths.into_iter().filter(|length| counts.has(*length) && *length <= LONGEST) {
        let length = length as usize;
        let mut list: Vec<Value> = prefix.iter().take(length).cloned().collect();
        let more = length - list.len();
        let distinct: Vec<Value> =
            items.iter().cycle().take(if items.is_empty() { 0 } else { more }).cloned().collect();
        if let Some(first) = items.first()
            && more > 0
        {
            let mut repeated = list.clone();
            repeated.extend(std::iter::repeat_n(first.clone(), more));
            found.push(Value::Array(repeated));
        }
        list.extend(distinct);
        found.push(Value::Array(list));
    }
    for item in items.iter().take(SOME * 2).filter(|_| prefix.is_empty()) {
        let count = counts.min.clamp(1, LONGEST) as usize;
        found.push(Value::Array(std::iter::repeat_n(item.clone(), count).collect()));
        let mut mixed = vec![item.clone()];
        mixed.extend(items.iter().filter(|other| *other != item).take(count - 1).cloned());
        found.push(Value::Array(mixed));
    }
    found
}
