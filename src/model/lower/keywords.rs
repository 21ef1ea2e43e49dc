//! One schema's keywords (JSON Schema 2020-12 Core and Validation; OpenAPI 3.0.4, section 4.7.24).

use rustc_hash::FxHashMap;

use super::value::{count, json, number, values};
use super::{Dialect, Lowerer};
use crate::model::build::origin::At;
use crate::model::{AdditionalProperties, JsonType, Keyword, List, SchemaId, Text, Types, Xml};
use crate::source::{NodeKey, NodeRef};

/// Texts up to this length take no more room than the entry that would find them again.
const SHORT: usize = 32;

/// In a list of more schemas those without keywords are one: each would take a hundred times the room that it has in the file.
const LONG: usize = 100;

impl<'s> Lowerer<'s> {
    /// Types and keywords of a schema, in the order of the file.
    pub(super) fn keywords(&mut self, at: &At<'s>, dialect: Dialect) -> (Types, Vec<Keyword>) {
        if let Some(allowed) = at.node.as_bool() {
            return (if allowed { Types::ALL } else { Types::NONE }, Vec::new());
        }
        if let Some(reference) = at.node.str_at("$ref")
            && dialect != Dialect::Draft202012
        {
            // Siblings of a reference are ignored (OpenAPI 3.0.4, section 4.7.23; draft 7, section 8.3).
            let target = self.referenced(at, reference, dialect);
            return (Types::ALL, target.map(Keyword::Ref).into_iter().collect());
        }
        let mut keywords = Vec::new();
        for (key, node) in at.node.fields() {
            if let Some(keyword) = self.keyword(at, key, node, dialect) {
                let same = |other: &Keyword| std::mem::discriminant(other) == std::mem::discriminant(&keyword);
                if !keywords.iter().any(same) {
                    keywords.push(keyword);
                }
            }
        }
        if at.node.str_at("$dynamicRef").is_some_and(|reference| self.dynamic.is_ambiguous(reference)) {
            keywords.push(Keyword::DynamicScope);
        }
        // Most schemas have one or two, and a list that grows has room for four.
        keywords.shrink_to_fit();
        (types(at.node, dialect), keywords)
    }

    /// A keyword. What an alias stands for is made once for all schemas that have it.
    fn keyword(&mut self, at: &At<'s>, key: &'s str, node: NodeRef<'s>, dialect: Dialect) -> Option<Keyword> {
        let is_short = || node.scalar().is_some_and(|text| text.len() < SHORT);
        // `additionalItems` depends on what stands beside it.
        if node.parent() == Some(at.node) || key == "additionalItems" || is_short() {
            return self.built(at, key, node, dialect);
        }
        self.once(at, key, node, |lowerer| lowerer.built(at, key, node, dialect))
    }

    /// What was built of a node that an alias stands for, or what `build` makes of it.
    fn once(
        &mut self,
        at: &At<'s>,
        key: &'s str,
        node: NodeRef<'s>,
        build: impl FnOnce(&mut Self) -> Option<Keyword>,
    ) -> Option<Keyword> {
        let resource = self.sources.resource_around(at.node_key());
        let place = (NodeKey { file: at.file, node: node.id() }, resource, key);
        if let Some(known) = self.aliased.get(&place) {
            return known.clone();
        }
        let built = build(self);
        self.aliased.insert(place, built.clone());
        built
    }

    fn built(&mut self, at: &At<'s>, key: &str, node: NodeRef<'s>, dialect: Dialect) -> Option<Keyword> {
        // Made only where it is needed: most keywords have no schemas in them.
        let field = || at.child(key, node);
        Some(match key {
            "$ref" | "$dynamicRef" => Keyword::Ref(self.referenced(at, node.as_str()?, dialect)?),
            "allOf" => Keyword::AllOf(self.unordered(&field(), dialect)?),
            "anyOf" => Keyword::AnyOf(self.unordered(&field(), dialect)?),
            "oneOf" => Keyword::OneOf(self.unordered(&field(), dialect)?),
            "not" => Keyword::Not(self.id_of(field(), dialect)),
            "properties" => Keyword::Properties(self.map(&field(), dialect)?),
            "additionalProperties" => Keyword::AdditionalProperties(self.open_or_closed(field(), dialect)),
            "items" if node.is_sequence() => Keyword::PrefixItems(self.list(&field(), dialect)?),
            "items" => Keyword::Items(self.id_of(field(), dialect)),
            "discriminator" => self.discriminator(at, &field(), dialect)?,
            _ if dialect == Dialect::OpenApi30 => return scalar_keyword(at.node, key, node, dialect),
            "if" => Keyword::If(self.id_of(field(), dialect)),
            "then" => Keyword::Then(self.id_of(field(), dialect)),
            "else" => Keyword::Else(self.id_of(field(), dialect)),
            "prefixItems" => Keyword::PrefixItems(self.list(&field(), dialect)?),
            "additionalItems" if at.node.get("items").is_some_and(NodeRef::is_sequence) => {
                Keyword::Items(self.id_of(field(), dialect))
            }
            "contains" => Keyword::Contains(self.id_of(field(), dialect)),
            "contentSchema" => Keyword::ContentSchema(self.id_of(field(), dialect)),
            "patternProperties" => Keyword::PatternProperties(self.map(&field(), dialect)?),
            "propertyNames" => Keyword::PropertyNames(self.id_of(field(), dialect)),
            "dependentSchemas" => Keyword::DependentSchemas(self.map(&field(), dialect)?),
            "dependentRequired" if dialect == Dialect::Draft202012 && node.is_mapping() => {
                self.dependent_required(&field())
            }
            "dependencies" => return self.dependencies(&field(), dialect),
            "unevaluatedItems" => Keyword::UnevaluatedItems(self.open_or_closed(field(), dialect)),
            "unevaluatedProperties" => Keyword::UnevaluatedProperties(self.open_or_closed(field(), dialect)),
            _ => return scalar_keyword(at.node, key, node, dialect),
        })
    }

    /// Whether a schema without keywords allows everything or nothing; nothing where it has some.
    fn bare(&mut self, schema: &At<'s>, dialect: Dialect) -> Option<bool> {
        let is_flat = schema.node.is_mapping() && schema.node.fields().all(|(_, value)| value.scalar().is_some());
        let says_nothing = is_flat && self.keywords(schema, dialect) == (Types::ALL, Vec::new());
        schema.node.as_bool().or(says_nothing.then_some(true))
    }

    /// What stands in no order, so that a schema for the third time says nothing (for the second time it does in `oneOf`).
    fn unordered(&mut self, field: &At<'s>, dialect: Dialect) -> Option<List<SchemaId>> {
        let all = self.list(field, dialect)?;
        if all.len() <= LONG {
            return Some(all);
        }
        let mut seen: FxHashMap<SchemaId, u32> = FxHashMap::default();
        let mut is_new = |id: &SchemaId| {
            let times = seen.entry(*id).or_default();
            *times += 1;
            *times <= 2
        };
        Some(all.iter().copied().filter(&mut is_new).collect())
    }

    fn list(&mut self, field: &At<'s>, dialect: Dialect) -> Option<List<SchemaId>> {
        let (mut other, mut bare) = (None, [None; 2]);
        let is_long = field.node.len() > LONG;
        let mut part = |item: At<'s>| match is_long.then(|| self.bare(&item, dialect)).flatten() {
            Some(allowed) => *bare[usize::from(allowed)].get_or_insert_with(|| self.id_of(item, dialect)),
            None => self.part(item, dialect, &mut other),
        };
        field.node.is_sequence().then(|| field.items().map(&mut part).collect())
    }

    fn map(&mut self, field: &At<'s>, dialect: Dialect) -> Option<List<(String, SchemaId)>> {
        let mut other = None;
        let entry = |(name, schema): (&str, At<'s>)| (name.to_owned(), self.part(schema, dialect, &mut other));
        field.node.is_mapping().then(|| field.fields().map(entry).collect())
    }

    /// The id of a part of a list or map of schemas. What is no schema says nothing, so all that is none has one id.
    fn part(&mut self, part: At<'s>, dialect: Dialect, other: &mut Option<SchemaId>) -> SchemaId {
        if part.node.is_mapping() || part.node.as_bool().is_some() {
            return self.id_of(part, dialect);
        }
        *other.get_or_insert_with(|| self.id_of(part, dialect))
    }

    fn open_or_closed(&mut self, field: At<'s>, dialect: Dialect) -> AdditionalProperties {
        match field.node.as_bool() {
            Some(true) => AdditionalProperties::Open,
            Some(false) => AdditionalProperties::Closed,
            None => AdditionalProperties::Schema(self.id_of(field, dialect)),
        }
    }

    /// Draft 7's `dependencies`: with lists of names, or with schemas. Where both stand in one, names are schemas that
    /// require them in neither form, so only the first kind is kept.
    fn dependencies(&mut self, field: &At<'s>, dialect: Dialect) -> Option<Keyword> {
        if field.node.fields().any(|(_, value)| value.is_sequence()) {
            return Some(self.dependent_required(field));
        }
        let schemas: List<_> =
            field.fields().map(|(name, schema)| (name.to_owned(), self.id_of(schema, dialect))).collect();
        (!schemas.is_empty()).then_some(Keyword::DependentSchemas(schemas))
    }

    /// Names and the lists of names that they need, which an alias may stand for too.
    fn dependent_required(&mut self, field: &At<'s>) -> Keyword {
        let mut pairs = Vec::new();
        for (name, list) in field.node.fields().filter(|(_, list)| list.is_sequence()) {
            let needed = match list.parent() == Some(field.node) {
                true => names(list),
                false => match self.once(field, "required", list, |_| Some(Keyword::Required(names(list)))) {
                    Some(Keyword::Required(names)) => names,
                    _ => List::default(),
                },
            };
            pairs.push((name.into(), needed));
        }
        Keyword::DependentRequired(pairs.into())
    }

    fn discriminator(&mut self, at: &At<'s>, field: &At<'s>, dialect: Dialect) -> Option<Keyword> {
        let property = field.node.str_at("propertyName")?.into();
        let Some(node) = field.node.get("mapping") else {
            return Some(Keyword::Discriminator { property, mapping: List::default() });
        };
        let mapping = match node.parent() == Some(field.node) {
            true => self.mapping(at, node, dialect),
            false => {
                let build = |lowerer: &mut Self| {
                    let mapping = lowerer.mapping(at, node, dialect);
                    Some(Keyword::Discriminator { property: Text::default(), mapping })
                };
                match self.once(at, "mapping", node, build) {
                    Some(Keyword::Discriminator { mapping, .. }) => mapping,
                    _ => List::default(),
                }
            }
        };
        Some(Keyword::Discriminator { property, mapping })
    }

    /// `mapping` names schemas by reference, or by the name of a component (OpenAPI 3.1.1, section 4.8.25).
    fn mapping(&mut self, at: &At<'s>, mapping: NodeRef<'s>, dialect: Dialect) -> List<(String, Option<SchemaId>)> {
        let mut selected = Vec::new();
        for (value, target) in mapping.fields() {
            let target = target.as_str().unwrap_or_default();
            let component = format!("#/components/schemas/{}", target.replace('~', "~0").replace('/', "~1"));
            let by_name = !target.contains(['#', '/']) && self.sources.resolve(at.node_key(), &component).is_ok();
            let reference = if by_name { component.as_str() } else { target };
            selected.push((value.to_owned(), self.target(at, reference, dialect)));
        }
        selected.into()
    }
}

/// Keywords without schemas in them.
fn scalar_keyword(schema: NodeRef<'_>, key: &str, node: NodeRef<'_>, dialect: Dialect) -> Option<Keyword> {
    let text = || node.as_str().map(Text::from);
    Some(match key {
        "enum" if node.is_sequence() => Keyword::Enum(values(node)),
        "const" if dialect != Dialect::OpenApi30 => Keyword::Const(json(node)),
        "multipleOf" => Keyword::MultipleOf(number(node)?),
        "minimum" if excludes(schema, "exclusiveMinimum", dialect) => Keyword::ExclusiveMinimum(number(node)?),
        "minimum" => Keyword::Minimum(number(node)?),
        "maximum" if excludes(schema, "exclusiveMaximum", dialect) => Keyword::ExclusiveMaximum(number(node)?),
        "maximum" => Keyword::Maximum(number(node)?),
        "exclusiveMinimum" if dialect != Dialect::OpenApi30 => Keyword::ExclusiveMinimum(number(node)?),
        "exclusiveMaximum" if dialect != Dialect::OpenApi30 => Keyword::ExclusiveMaximum(number(node)?),
        "minLength" => Keyword::MinLength(count(node)?),
        "maxLength" => Keyword::MaxLength(count(node)?),
        "pattern" => Keyword::Pattern(text()?),
        "format" => Keyword::Format(text()?),
        "contentEncoding" if dialect != Dialect::OpenApi30 => Keyword::ContentEncoding(text()?),
        "contentMediaType" if dialect != Dialect::OpenApi30 => Keyword::ContentMediaType(text()?),
        "minItems" => Keyword::MinItems(count(node)?),
        "maxItems" => Keyword::MaxItems(count(node)?),
        "uniqueItems" => Keyword::UniqueItems(node.as_bool()?),
        "minContains" if dialect == Dialect::Draft202012 => Keyword::MinContains(count(node)?),
        "maxContains" if dialect == Dialect::Draft202012 => Keyword::MaxContains(count(node)?),
        "required" if node.is_sequence() => Keyword::Required(names(node)),
        "minProperties" => Keyword::MinProperties(count(node)?),
        "maxProperties" => Keyword::MaxProperties(count(node)?),
        "title" => Keyword::Title(text()?),
        "description" => Keyword::Description(text()?),
        "default" => Keyword::Default(json(node)),
        "example" => Keyword::Example(json(node)),
        "examples" if dialect != Dialect::OpenApi30 => Keyword::Example(json(node.items().next()?)),
        "readOnly" => Keyword::ReadOnly(node.as_bool()?),
        "writeOnly" => Keyword::WriteOnly(node.as_bool()?),
        "xml" => Keyword::Xml(Box::new(xml(node)?)),
        "x-extensible-enum" if node.is_sequence() => Keyword::ExtensibleEnum(values(node)),
        "x-unique" => Keyword::Unique(node.as_bool()?),
        "deprecated" => Keyword::Deprecated(node.as_bool()?),
        _ => return None,
    })
}

/// What `xml` says besides the defaults.
fn xml(node: NodeRef<'_>) -> Option<Xml> {
    let text = |key: &str| node.str_at(key).map(str::to_owned);
    let flag = |key: &str| node.get(key).and_then(NodeRef::as_bool).unwrap_or(false);
    let xml = Xml {
        name: text("name"),
        namespace: text("namespace"),
        prefix: text("prefix"),
        attribute: flag("attribute"),
        wrapped: flag("wrapped"),
        node_type: text("nodeType"),
    };
    (xml != Xml::default()).then_some(xml)
}

/// Whether a boolean `exclusiveMinimum` or `exclusiveMaximum` makes the bound beside it exclusive (OpenAPI 3.0, and draft 4).
fn excludes(schema: NodeRef<'_>, key: &str, dialect: Dialect) -> bool {
    dialect != Dialect::Draft202012 && schema.get(key).and_then(NodeRef::as_bool) == Some(true)
}

fn names(list: NodeRef<'_>) -> List<Text> {
    list.items().filter_map(|name| name.as_str().map(Text::from)).collect()
}

/// The set that `type` names. An unknown name excludes nothing: a rule reports it.
fn types(schema: NodeRef<'_>, dialect: Dialect) -> Types {
    let of = |node: NodeRef<'_>| node.scalar().and_then(Types::of_name);
    let Some(node) = schema.get("type") else { return Types::ALL };
    let stated = if node.is_sequence() { node.items().filter_map(of).reduce(Types::union) } else { of(node) };
    let Some(stated) = stated else { return Types::ALL };
    // `nullable` adds to a `type` beside it and to nothing else (OpenAPI 3.0.3 and later).
    let nullable = dialect == Dialect::OpenApi30 && schema.get("nullable").and_then(NodeRef::as_bool) == Some(true);
    if nullable { stated.union(Types(JsonType::Null as u8)) } else { stated }
}
