//! What a conjunction says, merged keyword by keyword into one view.

use std::collections::BTreeMap;

use super::conjunction::{Conj, LIMIT, Part, Side, keywords};
use super::local::{Local, TypeSet, type_of_text};
use super::merge;
use super::number::{Count, Num};
use crate::model::{AdditionalProperties, JsonType, Keyword, List, Schema, SchemaId, Text, Types, Values};

/// What lies beyond the declared properties or items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Anything.
    Open,
    /// Nothing.
    Closed,
    /// What a conjunction allows.
    Schema(Conj),
}

/// More alternatives than this are not compared one by one: the time grows with their square.
pub(crate) const MOST_BRANCHES: usize = 500;

/// Alternatives: `anyOf`, or `oneOf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// Whether a value must match exactly one.
    pub(crate) exclusive: bool,
    /// Whether a discriminator tells the branches apart.
    pub(crate) discriminated: bool,
    /// The branches in the order of the file.
    pub(crate) branches: Vec<Conj>,
    /// Their schemas.
    pub(crate) ids: List<SchemaId>,
}

impl Group {
    /// Whether there are more branches than are compared one by one.
    pub(crate) fn is_large(&self) -> bool {
        self.branches.len() > MOST_BRANCHES
    }
}

/// `contains` with its counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Contains {
    /// What items are counted.
    pub(crate) node: Conj,
    /// How many there must be.
    pub(crate) count: Count,
}

/// `if`, `then` and `else`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) when: Conj,
    pub(crate) then: Option<Conj>,
    pub(crate) otherwise: Option<Conj>,
}

/// A merged conjunction.
#[derive(Clone, Debug)]
pub(crate) struct Flat<'a> {
    /// What needs no other schemas.
    pub(crate) local: Local,
    /// Items by position.
    pub(crate) prefix: Vec<Conj>,
    /// Items after these.
    pub(crate) rest: Rest,
    /// `contains`.
    pub(crate) contains: Vec<Contains>,
    /// Declared properties.
    pub(crate) properties: BTreeMap<&'a str, Conj>,
    /// `patternProperties`.
    pub(crate) patterns: BTreeMap<String, Conj>,
    /// Properties that are not declared.
    pub(crate) additional: Rest,
    /// `unevaluatedProperties` that depend on which alternatives match.
    pub(crate) unevaluated: Option<Rest>,
    /// `unevaluatedItems` that depend on which alternatives match.
    pub(crate) unevaluated_items: Option<Rest>,
    /// `propertyNames`.
    pub(crate) names: Option<Conj>,
    /// `dependentSchemas`.
    pub(crate) dependent: BTreeMap<&'a str, Conj>,
    /// `contentSchema`.
    pub(crate) content: Option<Conj>,
    /// `anyOf` and `oneOf`.
    pub(crate) groups: Vec<Group>,
    /// `not`.
    pub(crate) nots: Vec<Conj>,
    /// `if`.
    pub(crate) conditions: Vec<Condition>,
    /// The schemas that a discriminator's values name, where they could be resolved.
    pub(crate) mapping: BTreeMap<&'a str, SchemaId>,
}

impl<'a> Flat<'a> {
    pub(super) fn of(side: &mut Side<'a>, conj: Conj) -> Flat<'a> {
        let parts: Vec<Part> = side.members(conj).to_vec();
        let mut flat = Flat::open();
        if parts.len() > LIMIT {
            flat.local.unsure = Some("the schema is composed of too many parts");
        }
        let mut schemas: Vec<(Part, &'a Schema)> = Vec::with_capacity(parts.len());
        for part in &parts {
            match side.schema(*part) {
                Some(schema) => schemas.push((*part, schema)),
                None => flat.narrow(part.bare_types().unwrap_or(Types::ALL)),
            }
        }
        for (part, schema) in &schemas {
            flat.narrow(schema.types);
            for keyword in keywords(schema, *part) {
                flat.local.take(keyword);
            }
            flat.structure(side, schema, *part);
        }
        merge::objects(&mut flat, side, &schemas);
        merge::arrays(&mut flat, side, &schemas);
        flat.settle(side);
        flat
    }

    fn open() -> Flat<'a> {
        Flat {
            local: Local::default(),
            prefix: Vec::new(),
            rest: Rest::Open,
            contains: Vec::new(),
            properties: BTreeMap::new(),
            patterns: BTreeMap::new(),
            additional: Rest::Open,
            unevaluated: None,
            unevaluated_items: None,
            names: None,
            dependent: BTreeMap::new(),
            content: None,
            groups: Vec::new(),
            nots: Vec::new(),
            conditions: Vec::new(),
            mapping: BTreeMap::new(),
        }
    }

    /// How much memory it takes, in units of a view of a few dozen names.
    pub(super) fn weight(&self) -> usize {
        let local = &self.local;
        let needed = local.dependent_required.size();
        let branches: usize = self.groups.iter().map(|group| group.branches.len()).sum();
        let values = local.values.as_ref().map_or(0, Values::size) + local.known_values.size();
        let names = branches + self.properties.len() + self.patterns.len() + self.prefix.len();
        let names = names + self.dependent.len() + self.mapping.len();
        // Names that are required are texts of the schemas.
        1 + names / 256 + (local.required.len() + needed) / 1024 + values / 4096
    }

    /// Its types.
    pub(crate) fn types(&self) -> Types {
        self.local.types.0
    }

    /// Whether it has parts that need more than one look: alternatives, negations, conditions.
    pub(crate) fn is_plain(&self) -> bool {
        self.groups.is_empty() && self.nots.is_empty() && self.conditions.is_empty() && self.dependent.is_empty()
    }

    /// Whether it has schemas in it beyond properties and items.
    pub(crate) fn is_composed(&self) -> bool {
        !self.is_plain()
            || !self.contains.is_empty()
            || !self.prefix.is_empty()
            || !self.patterns.is_empty()
            || self.names.is_some()
            || self.content.is_some()
            || self.rest != Rest::Open
            || self.unevaluated.is_some()
            || self.unevaluated_items.is_some()
    }

    fn narrow(&mut self, types: Types) {
        self.local.types = TypeSet(self.types().intersection(types));
    }

    /// Keywords with schemas, other than those of objects and arrays.
    fn structure(&mut self, side: &mut Side<'_>, schema: &'a Schema, part: Part) {
        let discriminated = schema.keywords.iter().any(|keyword| matches!(keyword, Keyword::Discriminator { .. }));
        let mut condition = (None, None, None);
        for keyword in keywords(schema, part) {
            match keyword {
                Keyword::AnyOf(list) | Keyword::OneOf(list) => {
                    let branches: Vec<Conj> = list.iter().map(|id| side.single(*id)).collect();
                    let exclusive = matches!(keyword, Keyword::OneOf(_));
                    self.groups.push(Group { exclusive, discriminated, branches, ids: list.clone() });
                }
                Keyword::Not(id) => self.nots.push(side.single(*id)),
                Keyword::If(id) => condition.0 = Some(side.single(*id)),
                Keyword::Then(id) => condition.1 = Some(side.single(*id)),
                Keyword::Else(id) => condition.2 = Some(side.single(*id)),
                Keyword::ContentSchema(id) => self.content = Some(merge::with(side, self.content, *id)),
                Keyword::PropertyNames(id) => self.names = Some(merge::with(side, self.names, *id)),
                Keyword::Discriminator { mapping, .. } => {
                    let resolved = mapping.iter().filter_map(|(value, id)| Some((value.as_str(), (*id)?)));
                    self.mapping.extend(resolved);
                }
                Keyword::DependentSchemas(list) => {
                    for (name, id) in list {
                        let known = self.dependent.get(name.as_str()).copied();
                        self.dependent.insert(name.as_str(), merge::with(side, known, *id));
                    }
                }
                _ => {}
            }
        }
        if let (Some(when), then, otherwise) = condition
            && (then.is_some() || otherwise.is_some())
        {
            self.conditions.push(Condition { when, then, otherwise });
        }
    }

    /// Drops types that nothing of is left of.
    fn settle(&mut self, side: &mut Side<'_>) {
        let never = side.never();
        let local = &mut self.local;
        let mut types = local.types.0;
        if local.multiples.iter().any(|factor| factor.is_multiple_of(Num::whole(1))) {
            types = Types(types.0 & !(JsonType::Fraction as u8));
        }
        if !types.has(JsonType::Fraction) {
            local.range = local.range.whole();
            local.multiples.retain(|factor| !Num::whole(1).is_multiple_of(*factor));
        }
        local.multiples.sort_by(|a, b| a.order(*b));
        local.multiples.dedup();
        let impossible = |name: &Text| self.properties.get(name.as_str()) == Some(&never);
        let empty = [
            (local.range.is_empty(), 12),
            (local.length.is_empty(), JsonType::String as u8),
            (local.items.is_empty(), JsonType::Array as u8),
            (local.properties.is_empty() || local.required.iter().any(impossible), JsonType::Object as u8),
        ];
        for (is_empty, bits) in empty {
            if is_empty {
                types = Types(types.0 & !bits);
            }
        }
        if let Some(values) = &mut local.values {
            values.retain(|text| types.has(type_of_text(text)));
            let held = values.texts().fold(0, |bits, text| bits | type_of_text(text) as u8);
            types = Types(types.0 & held);
        }
        local.types = TypeSet(types);
        local.forget_other_types();
    }
}

/// What a keyword says of the rest, as the merged view tells it.
pub(super) fn rest_of(side: &mut Side<'_>, rest: AdditionalProperties) -> Rest {
    match rest {
        AdditionalProperties::Open => Rest::Open,
        AdditionalProperties::Closed => Rest::Closed,
        AdditionalProperties::Schema(id) => {
            let conj = side.single(id);
            normal_rest(side, conj)
        }
    }
}

/// A rest with the schemas `true` and `false` seen as what they are.
pub(super) fn normal_rest(side: &mut Side<'_>, conj: Conj) -> Rest {
    if conj == side.never() {
        Rest::Closed
    } else if side.members(conj).is_empty() {
        Rest::Open
    } else {
        Rest::Schema(conj)
    }
}
