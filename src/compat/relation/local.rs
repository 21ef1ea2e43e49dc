//! What a conjunction says that can be compared without looking at other schemas.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::number::{Count, Limit, Num, Range};
use crate::model::json::{canonical, read};
use crate::model::{JsonType, Keyword, List, SchemaId, Text, Types, Values, Xml};

/// What can be compared without looking at other schemas.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Local {
    /// The types that are left when everything is taken together.
    pub(crate) types: TypeSet,
    /// The values that `enum` and `const` leave, in one form and sorted.
    pub(crate) values: Option<Values>,
    /// The range of numbers; of whole ones with inclusive ends where no fraction is allowed.
    pub(crate) range: Range,
    /// What numbers must be multiples of.
    pub(crate) multiples: Vec<Num>,
    /// Length of strings, in characters.
    pub(crate) length: Count,
    /// Patterns that strings must match, sorted.
    pub(crate) patterns: BTreeSet<Text>,
    /// Formats, sorted.
    pub(crate) formats: BTreeSet<Text>,
    /// `contentEncoding`.
    pub(crate) encodings: BTreeSet<String>,
    /// `contentMediaType`.
    pub(crate) media_types: BTreeSet<String>,
    /// Number of items.
    pub(crate) items: Count,
    /// `uniqueItems`.
    pub(crate) unique: bool,
    /// Number of properties.
    pub(crate) properties: Count,
    /// Names of properties that must be there.
    pub(crate) required: Names,
    /// `dependentRequired`.
    pub(crate) dependent_required: Needs,
    /// `readOnly`.
    pub(crate) read_only: bool,
    /// `writeOnly`.
    pub(crate) write_only: bool,
    /// `deprecated`.
    pub(crate) deprecated: bool,
    /// `default`.
    pub(crate) default: Option<String>,
    /// `x-extensible-enum`, sorted.
    pub(crate) known_values: Values,
    /// `propertyName` and the values of `mapping` of each discriminator.
    pub(crate) discriminators: BTreeMap<String, Mapping>,
    /// `xml`.
    pub(crate) xml: BTreeSet<Xml>,
    /// Why the merged view is not the whole truth, where it is not.
    pub(crate) unsure: Option<&'static str>,
}

/// Names, sorted and each once. A copy of one is the same memory: thousands of schemas may ask for the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Names(Vec<Text>);

impl Names {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Text> {
        self.0.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of(names: &[Text]) -> Names {
        let mut own = Names::default();
        own.extend(names);
        own
    }

    fn extend(&mut self, names: &[Text]) {
        self.0.extend_from_slice(names);
        self.0.sort_unstable();
        self.0.dedup();
        self.0.shrink_to_fit();
    }
}

impl<'n> IntoIterator for &'n Names {
    type Item = &'n Text;
    type IntoIter = std::slice::Iter<'n, Text>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// `dependentRequired`: names with those that they need, sorted by name and each once. What they need is held as the schemas
/// hold it, for there may be a hundred thousand of them; it is sorted where it is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs(Vec<(Text, List<Text>)>);

impl Needs {
    /// What a name needs.
    pub(crate) fn get(&self, name: &str) -> Option<Names> {
        let at = self.0.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.0.get(at).map(|(_, needed)| Names::of(needed))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Text, Names)> {
        self.0.iter().map(|(name, needed)| (name, Names::of(needed)))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many names stand in it.
    pub(crate) fn size(&self) -> usize {
        self.0.iter().map(|(_, needed)| 1 + needed.len()).sum()
    }

    fn extend(&mut self, pairs: &[(Text, List<Text>)]) {
        self.0.extend_from_slice(pairs);
        self.0.sort_by(|one, other| one.0.cmp(&other.0));
        self.0.dedup_by(|next, known| {
            let same = next.0 == known.0;
            if same {
                known.1 = known.1.iter().chain(next.1.iter()).cloned().collect();
            }
            same
        });
        self.0.shrink_to_fit();
    }
}

impl PartialEq for Needs {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.iter().eq(other.iter())
    }
}

/// The `mapping` of a discriminator; the same where it has the same values, whatever schemas they name.
#[derive(Clone, Debug)]
pub(crate) struct Mapping(List<(String, Option<SchemaId>)>);

impl Mapping {
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(value, _)| value.as_str())
    }
}

impl PartialEq for Mapping {
    fn eq(&self, other: &Self) -> bool {
        self.values().eq(other.values())
    }
}

/// A set of types whose default is every type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TypeSet(pub(crate) Types);

impl Default for TypeSet {
    fn default() -> Self {
        TypeSet(Types::ALL)
    }
}

/// The JSON type of a value.
pub(crate) fn type_of(value: &Value) -> JsonType {
    match value {
        Value::Null => JsonType::Null,
        Value::Bool(_) => JsonType::Boolean,
        Value::Number(number) => {
            let whole = number.as_f64().is_some_and(|float| float.fract() == 0.0);
            if number.is_i64() || number.is_u64() || whole { JsonType::Integer } else { JsonType::Fraction }
        }
        Value::String(_) => JsonType::String,
        Value::Array(_) => JsonType::Array,
        Value::Object(_) => JsonType::Object,
    }
}

/// The same of the text of one.
pub(crate) fn type_of_text(text: &str) -> JsonType {
    match text.as_bytes().first() {
        Some(b'[') => JsonType::Array,
        Some(b'{') => JsonType::Object,
        Some(b'"') => JsonType::String,
        _ => type_of(&read(text)),
    }
}

/// Whether no value is in both lists, which are sorted.
pub(crate) fn are_apart(one: &Values, other: &Values) -> bool {
    !held(one, other).any(|is_held| is_held)
}

/// Whether every value of the first list is in the other; both are sorted.
pub(crate) fn is_within(one: &Values, other: &Values) -> bool {
    held(one, other).all(|is_held| is_held)
}

/// The values of the first list that are not in the other; both are sorted.
pub(crate) fn beyond(one: &Values, other: &Values) -> Values {
    Values::of(one.texts().zip(held(one, other)).filter(|(_, is_held)| !is_held).map(|(text, _)| text))
}

/// For each value of the first list, whether it is in the other.
fn held(one: &Values, other: &Values) -> impl Iterator<Item = bool> {
    let mut known = other.texts().peekable();
    one.texts().map(move |text| {
        while known.next_if(|known| *known < text).is_some() {}
        known.peek() == Some(&text)
    })
}

/// Why values of a schema are not known.
pub(super) const DYNAMIC: &str = "which schema a `$dynamicRef` names depends on the way there";

impl Local {
    pub(super) fn take(&mut self, keyword: &Keyword) {
        use Keyword as K;
        let limit = |number: &serde_json::Number, exclusive| Limit { at: Num::of(number), exclusive };
        match keyword {
            K::Enum(values) => self.allow(Values::of(values.texts().map(canonical))),
            K::Const(value) => self.allow(Values::of([canonical(value.text())])),
            K::MultipleOf(factor) => self.multiples.push(Num::of(factor)),
            K::Minimum(number) => self.range.at_least(limit(number, false)),
            K::ExclusiveMinimum(number) => self.range.at_least(limit(number, true)),
            K::Maximum(number) => self.range.at_most(limit(number, false)),
            K::ExclusiveMaximum(number) => self.range.at_most(limit(number, true)),
            K::MinLength(count) => self.length.at_least(*count),
            K::MaxLength(count) => self.length.at_most(*count),
            K::Pattern(text) => drop(self.patterns.insert(text.clone())),
            K::Format(text) => drop(self.formats.insert(text.clone())),
            K::ContentEncoding(text) => drop(self.encodings.insert(text.to_ascii_lowercase())),
            K::ContentMediaType(text) => drop(self.media_types.insert(text.to_ascii_lowercase())),
            K::MinItems(count) => self.items.at_least(*count),
            K::MaxItems(count) => self.items.at_most(*count),
            K::UniqueItems(on) => self.unique |= on,
            K::MinProperties(count) => self.properties.at_least(*count),
            K::MaxProperties(count) => self.properties.at_most(*count),
            K::Required(names) => self.required.extend(names),
            K::DependentRequired(pairs) => {
                self.dependent_required.extend(pairs);
            }
            K::ReadOnly(on) => self.read_only |= on,
            K::WriteOnly(on) => self.write_only |= on,
            K::Deprecated(on) => self.deprecated |= on,
            K::Default(value) => self.default = Some(canonical(value.text()).into_owned()),
            K::ExtensibleEnum(values) => {
                self.known_values = Values::of(self.known_values.texts().chain(values.texts())).sorted();
            }
            K::Discriminator { property, mapping } => {
                self.discriminators.insert(property.to_string(), Mapping(mapping.clone()));
            }
            K::Xml(xml) => drop(self.xml.insert((**xml).clone())),
            K::DynamicScope => {
                self.unsure = Some(DYNAMIC);
            }
            _ => {}
        }
    }

    fn allow(&mut self, mut values: Values) {
        if let Some(known) = &self.values {
            let known: FxHashSet<&str> = known.texts().collect();
            values.retain(|text| known.contains(text));
        }
        self.values = Some(values.sorted());
    }

    /// A keyword for a type that cannot come says nothing.
    pub(super) fn forget_other_types(&mut self) {
        let types = self.types.0;
        if types.0 & 12 == 0 {
            self.range = Range::default();
            self.multiples.clear();
        }
        if !types.has(JsonType::String) {
            self.length = Count::default();
            self.patterns.clear();
            self.encodings.clear();
            self.media_types.clear();
        }
        if !types.has(JsonType::Array) {
            self.items = Count::default();
            self.unique = false;
        }
        if !types.has(JsonType::Object) {
            self.properties = Count::default();
            self.required = Names::default();
            self.dependent_required = Needs::default();
        }
    }
}
