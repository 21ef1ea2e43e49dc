//! Schemas of contracts in one arena. OpenAPI 3.0's dialect and JSON Schema 2020-12 are lowered to the same keywords
//! (`nullable` becomes the type `null`, a boolean `exclusiveMinimum` becomes an exclusive bound), so that equal meanings
//! look equal. A `$ref` is the id of its target: recursion is a cycle of ids, never a copy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Json, List, Origin, Text, Values};

/// The index of a schema in the platform's [`Schemas`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct SchemaId(pub u32);

/// Every schema of a platform.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Schemas {
    /// Schemas by id.
    pub nodes: Vec<Schema>,
}

impl Schemas {
    /// A schema by its id, which must come from the same platform.
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.nodes[id.0 as usize]
    }

    /// Sees through schemas that are nothing but a `$ref`; stops at a cycle of them.
    pub fn resolve(&self, id: SchemaId) -> SchemaId {
        let mut at = id;
        for _ in 0..self.nodes.len() {
            match self.get(at).keywords.as_slice() {
                [Keyword::Ref(target)] => at = *target,
                _ => return at,
            }
        }
        id
    }

    /// What each schema is [resolved](Schemas::resolve) to, by id: for whoever asks for all, since thousands may stand in
    /// one chain. What only leads to a cycle ends somewhere in it.
    pub fn resolved(&self) -> Vec<SchemaId> {
        let mut ends: Vec<Option<SchemaId>> = vec![None; self.nodes.len()];
        for start in 0..self.nodes.len() {
            let (mut way, mut at) = (Vec::new(), SchemaId(start as u32));
            let end = loop {
                match (ends[at.0 as usize], self.get(at).keywords.as_slice()) {
                    (Some(end), _) => break end,
                    (None, [Keyword::Ref(target)]) => {
                        // Who comes by again has gone round.
                        ends[at.0 as usize] = Some(at);
                        way.push(at);
                        at = *target;
                    }
                    _ => break at,
                }
            };
            ends[start] = Some(end);
            way.into_iter().for_each(|passed| ends[passed.0 as usize] = Some(end));
        }
        let own = |(at, end): (usize, Option<SchemaId>)| end.unwrap_or(SchemaId(at as u32));
        ends.into_iter().enumerate().map(own).collect()
    }
}

/// One JSON type, as a bit of [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum JsonType {
    /// `null`.
    Null = 1,
    /// `boolean`.
    Boolean = 2,
    /// `integer`: a number without a fraction.
    Integer = 4,
    /// `number` with a fraction; the JSON Schema type `number` is this and `integer`.
    Fraction = 8,
    /// `string`.
    String = 16,
    /// `array`.
    Array = 32,
    /// `object`.
    Object = 64,
}

/// A set of JSON types. As JSON a list of type names; without `type` all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Types(pub u8);

impl Types {
    /// No type: nothing is valid.
    pub const NONE: Types = Types(0);
    /// Every type.
    pub const ALL: Types = Types(127);
    const NAMES: [(&'static str, u8); 7] =
        [("null", 1), ("boolean", 2), ("integer", 4), ("number", 12), ("string", 16), ("array", 32), ("object", 64)];

    /// The set that a JSON Schema type name stands for.
    pub fn of_name(name: &str) -> Option<Types> {
        Types::NAMES.iter().find(|(known, _)| *known == name).map(|(_, bits)| Types(*bits))
    }

    /// Whether it holds the type.
    pub fn has(self, one: JsonType) -> bool {
        self.0 & one as u8 != 0
    }

    /// Both together.
    pub fn union(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    /// What both hold.
    pub fn intersection(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }

    /// Whether every type here is also in `other`.
    pub fn is_subset(self, other: Types) -> bool {
        self.0 & !other.0 == 0
    }

    /// Its JSON Schema names: `number` stands for both kinds of numbers.
    pub fn names(self) -> Vec<&'static str> {
        let numbers: &[&str] = match self.0 & 12 {
            12 => &["number"],
            4 => &["integer"],
            _ => &[],
        };
        let single = |name: &str, bits: u8| bits.count_ones() == 1 && name != "integer" && self.0 & bits != 0;
        let mut names: Vec<_> =
            Types::NAMES.iter().filter(|(name, bits)| single(name, *bits)).map(|(name, _)| *name).collect();
        names.extend(numbers);
        names
    }
}

impl Serialize for Types {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.names().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Types {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().try_fold(Types::NONE, |types, name| {
            let one = Types::of_name(name).ok_or_else(|| serde::de::Error::custom(format!("no type {name}")))?;
            Ok(types.union(one))
        })
    }
}

impl JsonSchema for Types {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Types".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<_> = Types::NAMES.iter().map(|(name, _)| *name).collect();
        schemars::json_schema!({ "type": "array", "items": { "enum": names } })
    }
}

/// One schema: what must hold for a value, keyword by keyword. Without keywords and with every type, any value is valid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Schema {
    /// The component's name, for a named schema.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<Text>,
    /// The allowed types; none for the schema `false`.
    pub types: Types,
    /// The keywords in the order of the file; none twice.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub keywords: Vec<Keyword>,
    /// The schema's place.
    pub origin: Origin,
}

/// Schemas for properties that neither `properties` nor `patternProperties` name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum AdditionalProperties {
    /// None may be sent.
    Closed,
    /// Any may be sent.
    Open,
    /// Those that a schema allows.
    Schema(SchemaId),
}

/// A keyword with its value (JSON Schema 2020-12 Core and Validation; OpenAPI's `discriminator`). Numbers keep the text
/// of the contract in `serde_json`'s number. A copy of one is the same memory: an alias may stand in thousands of schemas.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Keyword {
    /// `$ref`.
    Ref(SchemaId),
    /// `allOf`.
    AllOf(List<SchemaId>),
    /// `anyOf`.
    AnyOf(List<SchemaId>),
    /// `oneOf`.
    OneOf(List<SchemaId>),
    /// `not`.
    Not(SchemaId),
    /// `if`.
    If(SchemaId),
    /// `then`.
    Then(SchemaId),
    /// `else`.
    Else(SchemaId),
    /// `enum`.
    Enum(Values),
    /// `const`.
    Const(Json),
    /// `multipleOf`.
    MultipleOf(serde_json::Number),
    /// `minimum`, or OpenAPI 3.0's without `exclusiveMinimum: true`.
    Minimum(serde_json::Number),
    /// `exclusiveMinimum` as a number.
    ExclusiveMinimum(serde_json::Number),
    /// `maximum`.
    Maximum(serde_json::Number),
    /// `exclusiveMaximum` as a number.
    ExclusiveMaximum(serde_json::Number),
    /// `minLength`, in characters.
    MinLength(u64),
    /// `maxLength`, in characters.
    MaxLength(u64),
    /// `pattern`, an ECMA-262 regular expression.
    Pattern(Text),
    /// `format`.
    Format(Text),
    /// `contentEncoding`.
    ContentEncoding(Text),
    /// `contentMediaType`.
    ContentMediaType(Text),
    /// `contentSchema`.
    ContentSchema(SchemaId),
    /// `items` for what follows `prefixItems`.
    Items(SchemaId),
    /// `prefixItems`.
    PrefixItems(List<SchemaId>),
    /// `contains`.
    Contains(SchemaId),
    /// `minContains`.
    MinContains(u64),
    /// `maxContains`.
    MaxContains(u64),
    /// `minItems`.
    MinItems(u64),
    /// `maxItems`.
    MaxItems(u64),
    /// `uniqueItems`.
    UniqueItems(bool),
    /// `unevaluatedItems`.
    UnevaluatedItems(AdditionalProperties),
    /// `properties` in the order of the file.
    Properties(List<(String, SchemaId)>),
    /// `patternProperties` in the order of the file.
    PatternProperties(List<(String, SchemaId)>),
    /// `additionalProperties`.
    AdditionalProperties(AdditionalProperties),
    /// `unevaluatedProperties`.
    UnevaluatedProperties(AdditionalProperties),
    /// `propertyNames`.
    PropertyNames(SchemaId),
    /// `required`.
    Required(List<Text>),
    /// `minProperties`.
    MinProperties(u64),
    /// `maxProperties`.
    MaxProperties(u64),
    /// `dependentRequired`.
    DependentRequired(List<(Text, List<Text>)>),
    /// `dependentSchemas`.
    DependentSchemas(List<(String, SchemaId)>),
    /// OpenAPI's `discriminator`.
    Discriminator {
        /// `propertyName`.
        property: Text,
        /// `mapping`: value of the property, and the schema it selects where that could be resolved.
        mapping: List<(String, Option<SchemaId>)>,
    },
    /// `title`.
    Title(Text),
    /// `description`.
    Description(Text),
    /// `default`.
    Default(Json),
    /// `example`, or the first of `examples`.
    Example(Json),
    /// `readOnly`.
    ReadOnly(bool),
    /// `writeOnly`.
    WriteOnly(bool),
    /// `x-extensible-enum`: the values that are known, to which others may be added later.
    ExtensibleEnum(Values),
    /// `x-unique`: no two resources of a collection have the same value here.
    Unique(bool),
    /// `deprecated`.
    Deprecated(bool),
    /// OpenAPI's `xml`, where it says anything but the defaults.
    Xml(Box<Xml>),
    /// `$dynamicRef` by a name that several schemas have as `$dynamicAnchor`: which one is meant depends on the way there.
    DynamicScope,
}

/// How values are written in XML (OpenAPI 3.1.1, section 4.8.26; `nodeType` of 3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Xml {
    /// `name` of the element or attribute; where there is none, the property's name holds, or the component's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// `namespace`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub namespace: Option<String>,
    /// `prefix`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub prefix: Option<String>,
    /// `attribute`.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub attribute: bool,
    /// `wrapped`: whether a list stands in an element of its own.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub wrapped: bool,
    /// `nodeType`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub node_type: Option<String>,
}

impl Schema {
    /// The schema that allows any value.
    pub fn any(origin: Origin) -> Self {
        Schema { name: None, types: Types::ALL, keywords: Vec::new(), origin }
    }

    /// Its declared properties; none where there is no `properties`.
    pub fn properties(&self) -> &[(String, SchemaId)] {
        let found = self.keywords.iter().find_map(|keyword| match keyword {
            Keyword::Properties(properties) => Some(&properties[..]),
            _ => None,
        });
        found.unwrap_or_default()
    }

    /// Names of required properties.
    pub fn required(&self) -> &[Text] {
        let found = self.keywords.iter().find_map(|keyword| match keyword {
            Keyword::Required(names) => Some(&names[..]),
            _ => None,
        });
        found.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    #[test]
    fn chains_end_where_they_are_resolved_to() {
        let node = |target: Option<u32>| Schema {
            name: None,
            types: Types::ALL,
            keywords: target.map(|target| Keyword::Ref(SchemaId(target))).into_iter().collect(),
            origin: Origin::default(),
        };
        let targets = [Some(1), Some(2), None, Some(1), Some(5), Some(4), Some(6)];
        let schemas = Schemas { nodes: targets.map(node).into() };
        let ends = schemas.resolved();
        for at in 0..4 {
            assert_eq!(ends[at as usize], schemas.resolve(SchemaId(at)));
        }
        assert!(ends[4..].iter().all(|end| end.0 >= 4), "{ends:?}");
    }
}
