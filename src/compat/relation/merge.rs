//! Merges what the members of a conjunction say of properties and of items. Each member's `additionalProperties` and
//! `items` look only at that member's own declarations (JSON Schema 2020-12 Core, section 10.3).

use std::cell::RefCell;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::conjunction::{Conj, Part, Side, keywords};
use super::flat::{Contains, Flat, Rest, normal_rest, rest_of};
use super::number::Count;
use crate::document::schema_check::{Pattern, Patterns};
use crate::model::{AdditionalProperties, Keyword, Schema, SchemaId};

/// More patterns of names than this are not tried on each name.
pub(super) const MOST_PATTERNS: usize = 200;

/// A conjunction, where there is one, together with a schema.
pub(super) fn with(side: &mut Side<'_>, known: Option<Conj>, id: SchemaId) -> Conj {
    let one = side.single(id);
    known.map_or(one, |known| side.both(known, one))
}

/// What one member says of properties.
#[derive(Default)]
struct Declared<'s> {
    properties: &'s [(String, SchemaId)],
    patterns: &'s [(String, SchemaId)],
    rest: Option<AdditionalProperties>,
}

pub(super) fn objects<'a>(flat: &mut Flat<'a>, side: &mut Side<'_>, schemas: &[(Part, &'a Schema)]) {
    let mut members: Vec<Declared<'_>> = Vec::new();
    let mut unevaluated = None;
    for (part, schema) in schemas {
        let mut member = Declared::default();
        for keyword in keywords(schema, *part) {
            match keyword {
                Keyword::Properties(list) => member.properties = list,
                Keyword::PatternProperties(list) => member.patterns = list,
                Keyword::AdditionalProperties(rest) => member.rest = Some(*rest),
                Keyword::UnevaluatedProperties(rest) => unevaluated = Some(*rest),
                _ => {}
            }
        }
        if !member.properties.is_empty() || !member.patterns.is_empty() || member.rest.is_some() {
            members.push(member);
        }
    }
    let closed = |member: &Declared<'_>| !matches!(member.rest, None | Some(AdditionalProperties::Open));
    if members.len() > 1 && members.iter().any(closed) && members.iter().any(|member| !member.patterns.is_empty()) {
        flat.local.unsure = Some("`patternProperties` and `additionalProperties` stand in different parts of `allOf`");
    }
    if members.iter().map(|member| member.patterns.len()).sum::<usize>() > MOST_PATTERNS {
        flat.local.unsure = Some("there are more `patternProperties` than are tried on each name");
        members.iter_mut().for_each(|member| member.patterns = &[]);
    }
    declared(flat, side, &members);
    for (pattern, id) in members.iter().flat_map(|member| member.patterns) {
        let known = flat.patterns.get(pattern).copied();
        let conj = with(side, known, *id);
        flat.patterns.insert(pattern.clone(), conj);
    }
    for rest in members.iter().filter_map(|member| member.rest) {
        let rest = rest_of(side, rest);
        flat.additional = both(side, flat.additional, rest);
    }
    if let Some(rest) = unevaluated {
        let rest = rest_of(side, rest);
        let has_additional = members.iter().any(|member| member.rest.is_some());
        if !flat.is_plain() {
            flat.unevaluated = (rest != Rest::Open).then_some(rest);
        } else if !has_additional {
            flat.additional = both(side, flat.additional, rest);
        }
    }
}

/// The declared properties.
fn declared<'a>(flat: &mut Flat<'a>, side: &mut Side<'_>, members: &[Declared<'a>]) {
    if let [Declared { properties, patterns: [], .. }] = members {
        // Mostly there is nobody else to ask.
        let mut list: Vec<&'a (String, SchemaId)> = properties.iter().collect();
        list.sort_by_key(|(name, _)| name);
        let group = |group: &[&'a (String, SchemaId)]| match group {
            [] => None,
            [(name, id)] => Some((name.as_str(), side.alone(*id))),
            [(name, _), ..] => Some((name.as_str(), side.intern(group.iter().map(|(_, id)| Part::of(*id))))),
        };
        flat.properties = list.chunk_by(|one, other| one.0 == other.0).filter_map(group).collect();
        return;
    }
    let known: Vec<Known<'a>> = members.iter().map(Known::of).collect();
    let mut patterns = Patterns::default();
    let names: BTreeSet<&'a str> = known.iter().flat_map(|member| member.properties.keys().copied()).collect();
    for name in names {
        let parts = parts_of(side, &known, &mut patterns, name);
        let conj = side.intern(parts);
        flat.properties.insert(name, conj);
    }
}

/// What one member says of properties, to be asked by name.
struct Known<'s> {
    properties: FxHashMap<&'s str, Vec<SchemaId>>,
    patterns: &'s [(String, SchemaId)],
    rest: Option<AdditionalProperties>,
}

impl<'s> Known<'s> {
    fn of(member: &Declared<'s>) -> Self {
        let mut properties: FxHashMap<&'s str, Vec<SchemaId>> = FxHashMap::default();
        for (name, id) in member.properties {
            properties.entry(name).or_default().push(*id);
        }
        Known { properties, patterns: member.patterns, rest: member.rest }
    }
}

/// Everything that the members ask of the property `name`.
fn parts_of<'s>(side: &mut Side<'_>, members: &[Known<'s>], patterns: &mut Patterns<'s>, name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for member in members {
        let before = parts.len();
        parts.extend(member.properties.get(name).into_iter().flatten().map(|id| Part::of(*id)));
        let matching = member
            .patterns
            .iter()
            .filter(|(pattern, _)| patterns.get(pattern).is_some_and(|pattern| pattern.is_match(name) == Some(true)));
        parts.extend(matching.map(|(_, id)| Part::of(*id)));
        if parts.len() > before {
            continue;
        }
        match member.rest {
            Some(AdditionalProperties::Closed) => {
                let never = side.never();
                parts.extend_from_slice(side.members(never));
            }
            Some(AdditionalProperties::Schema(id)) => parts.push(Part::of(id)),
            Some(AdditionalProperties::Open) | None => {}
        }
    }
    parts
}

/// Whether a pattern matches in a text; nothing where it cannot be told.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    COMPILED.with_borrow_mut(|Compiled { plain, large, cost }| {
        // One with counts or classes may take a megabyte.
        let is_plain = !pattern.contains(['{', '\\', '[']);
        let (known, most) = if is_plain { (plain, 2 * MOST_PATTERNS) } else { (large, 8) };
        if !known.contains_key(pattern) {
            *cost = cost.saturating_add(Pattern::cost(pattern));
            if known.len() >= most {
                known.clear();
            }
            let compiled = (*cost < MOST_COST).then(|| Pattern::new(pattern).ok());
            known.insert(pattern.to_owned(), compiled.flatten());
        }
        known.get(pattern)?.as_ref()?.is_match(text)
    })
}

/// Compiling costs so much in all; that many patterns with counts of hundreds take seconds. Later ones are not understood.
const MOST_COST: u64 = 5_000_000;

/// Patterns that were compiled lately: each is tried on many texts.
#[derive(Default)]
struct Compiled {
    plain: FxHashMap<String, Option<Pattern>>,
    large: FxHashMap<String, Option<Pattern>>,
    cost: u64,
}

thread_local! {
    // A comparison runs in one thread.
    static COMPILED: RefCell<Compiled> = RefCell::default();
}

/// What both allow.
pub(super) fn both(side: &mut Side<'_>, one: Rest, other: Rest) -> Rest {
    match (one, other) {
        (Rest::Open, rest) | (rest, Rest::Open) => rest,
        (Rest::Closed, _) | (_, Rest::Closed) => Rest::Closed,
        (Rest::Schema(one), Rest::Schema(other)) => {
            let conj = side.both(one, other);
            normal_rest(side, conj)
        }
    }
}

pub(super) fn arrays(flat: &mut Flat, side: &mut Side<'_>, schemas: &[(Part, &Schema)]) {
    let mut members: Vec<(&[SchemaId], Option<SchemaId>)> = Vec::new();
    let mut unevaluated = None;
    for (part, schema) in schemas {
        let mut member: (&[SchemaId], Option<SchemaId>) = (&[], None);
        let mut contains: (Option<SchemaId>, Count) = (None, Count { min: 1, max: None });
        for keyword in keywords(schema, *part) {
            match keyword {
                Keyword::PrefixItems(list) => member.0 = list,
                Keyword::Items(id) => member.1 = Some(*id),
                Keyword::UnevaluatedItems(rest) => unevaluated = Some(*rest),
                Keyword::Contains(id) => contains.0 = Some(*id),
                Keyword::MinContains(count) => contains.1.min = *count,
                Keyword::MaxContains(count) => contains.1.max = Some(*count),
                _ => {}
            }
        }
        if let (Some(id), count) = contains {
            let node = side.single(id);
            flat.contains.push(Contains { node, count });
        }
        if !member.0.is_empty() || member.1.is_some() {
            members.push(member);
        }
    }
    let longest = members.iter().map(|(prefix, _)| prefix.len()).max().unwrap_or(0);
    for at in 0..longest {
        let ids = members.iter().filter_map(|(prefix, rest)| prefix.get(at).copied().or(*rest));
        let parts: Vec<Part> = ids.map(Part::of).collect();
        let conj = side.intern(parts);
        flat.prefix.push(conj);
    }
    let rest: Vec<Part> = members.iter().filter_map(|(_, rest)| rest.map(Part::of)).collect();
    let conj = side.intern(rest);
    flat.rest = normal_rest(side, conj);
    if let Some(rest) = unevaluated {
        let rest = rest_of(side, rest);
        let has_items = members.iter().any(|(_, rest)| rest.is_some());
        if !flat.is_plain() || !flat.contains.is_empty() {
            flat.unevaluated_items = (rest != Rest::Open).then_some(rest);
        } else if !has_items {
            flat.rest = both(side, flat.rest, rest);
        }
    }
}
