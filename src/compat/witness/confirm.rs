//! Asks a JSON Schema validator. Only what a value meets is written: schemas of properties that it does not have, and of items
//! that it does not have, are never asked, so that a large document costs no more than a small one.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};

use super::super::relation::Flow;
use crate::model::json_schema::{self, Parts, children, says};
use crate::model::{AdditionalProperties, Keyword, SchemaId, Schemas};

/// More schemas, each with a value, and values that they list, are not asked about.
const MANY: usize = 20_000;
/// A value of more bytes counts as several.
const LONG: usize = 50;
/// Listed ones count by these, for an object or a list takes much for few bytes.
const DENSE: usize = 4;

/// How a schema is read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// Which way values go: properties that are not sent that way need not be there.
    pub(super) flow: Flow,
    /// Whether formats count.
    pub(super) formats: bool,
}

/// Whether a validator accepts a value.
///
/// # Errors
/// Why it cannot be asked.
pub(super) fn accepts(
    schemas: &Schemas,
    root: SchemaId,
    value: &Value,
    reading: Reading,
) -> Result<bool, &'static str> {
    let met = met(schemas, root, value).ok_or("it meets more schemas than a validator is asked about")?;
    if turns_on_itself(schemas, &met) {
        return Err("a schema refers to itself without end");
    }
    let mut ids: Vec<SchemaId> = met.iter().copied().collect();
    ids.sort_unstable();
    let (mut definitions, extent) = (Map::new(), extent(value));
    for id in ids {
        let body = json_schema::write(schemas.get(id), &mut Written { schemas, met: &met, extent: &extent, reading });
        definitions.insert(name(id), body);
    }
    let document = json!({ "$ref": format!("#/$defs/{}", name(root)), "$defs": definitions });
    let options = jsonschema::draft202012::options().should_validate_formats(reading.formats);
    let validator = options.build(&document).map_err(|_| "a schema has what the validator cannot read")?;
    Ok(validator.is_valid(value))
}

/// Whether one of several is accepted; why that is not known where none is and one could not be asked about.
pub(super) fn any(answers: impl Iterator<Item = Result<bool, &'static str>>) -> Result<bool, &'static str> {
    let mut found = Ok(false);
    for answer in answers {
        match answer {
            Ok(true) => return answer,
            Ok(false) => {}
            unknown => found = unknown,
        }
    }
    found
}

fn name(id: SchemaId) -> String {
    format!("s{}", id.0)
}

struct Written<'d> {
    schemas: &'d Schemas,
    met: &'d FxHashSet<SchemaId>,
    extent: &'d Extent<'d>,
    reading: Reading,
}

impl Parts for Written<'_> {
    fn schema(&mut self, id: SchemaId) -> Value {
        match self.met.contains(&id) {
            true => json!({ "$ref": format!("#/$defs/{}", name(id)) }),
            false => Value::Bool(true),
        }
    }

    fn is_left_out(&self, id: SchemaId) -> bool {
        match self.reading.flow {
            Flow::Sent => says(self.schemas, id, &Keyword::ReadOnly(true)),
            Flow::Received => says(self.schemas, id, &Keyword::WriteOnly(true)),
            Flow::Whole | Flow::Strict => false,
        }
    }

    /// Who sends it all the same is ignored: no witness is one because of that.
    fn left_out(&mut self, id: SchemaId) -> Value {
        self.schema(id)
    }

    fn meets(&self, name: &str) -> bool {
        self.extent.names.contains(name)
    }

    fn most_items(&self) -> usize {
        self.extent.most_items
    }
}

/// What a value has of what schemas speak about.
#[derive(Default)]
struct Extent<'v> {
    /// The names of all properties in it.
    names: FxHashSet<&'v str>,
    /// How many items the longest list in it has.
    most_items: usize,
}

fn extent(value: &Value) -> Extent<'_> {
    let (mut found, mut open) = (Extent::default(), vec![value]);
    while let Some(value) = open.pop() {
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        found.most_items = found.most_items.max(items.len());
        open.extend(items);
        for (name, field) in value.as_object().into_iter().flatten() {
            found.names.insert(name.as_str());
            open.push(field);
        }
    }
    found
}

/// The schemas that a value meets.
fn met(schemas: &Schemas, root: SchemaId, value: &Value) -> Option<FxHashSet<SchemaId>> {
    let mut seen: FxHashSet<(SchemaId, *const Value)> = FxHashSet::default();
    let mut open: Vec<(SchemaId, &Value)> = vec![(root, value)];
    let mut met = FxHashSet::default();
    let mut whole: Vec<SchemaId> = Vec::new();
    let mut listed = 0;
    while let Some((id, value)) = open.pop() {
        if !seen.insert((id, std::ptr::from_ref(value))) {
            continue;
        }
        if seen.len() + listed > MANY {
            return None;
        }
        met.insert(id);
        for keyword in &schemas.get(id).keywords {
            match keyword {
                Keyword::Enum(values) => listed += values.len().max(values.size() / DENSE),
                Keyword::Const(value) => listed += 1 + value.text().len() / LONG,
                // Names are values of their own.
                Keyword::PropertyNames(id) => whole.push(*id),
                _ => asked(keyword, value, &mut open),
            }
        }
    }
    while let Some(id) = whole.pop() {
        if met.insert(id) || seen.insert((id, std::ptr::null())) {
            whole.extend(schemas.get(id).keywords.iter().flat_map(children));
        }
        if met.len() > MANY {
            return None;
        }
    }
    (met.len() + listed <= MANY).then_some(met)
}

/// The schemas of a keyword, each with the values that it is asked about.
fn asked<'v>(keyword: &Keyword, value: &'v Value, open: &mut Vec<(SchemaId, &'v Value)>) {
    use Keyword as K;
    match keyword {
        K::Properties(list) => {
            open.extend(list.iter().filter_map(|(name, id)| Some((*id, value.get(name)?))));
        }
        K::PatternProperties(list) => {
            let fields = || value.as_object().into_iter().flat_map(Map::values);
            open.extend(list.iter().flat_map(|(_, id)| fields().map(|field| (*id, field))));
        }
        K::AdditionalProperties(AdditionalProperties::Schema(id))
        | K::UnevaluatedProperties(AdditionalProperties::Schema(id)) => {
            open.extend(value.as_object().into_iter().flat_map(Map::values).map(|field| (*id, field)));
        }
        K::PrefixItems(list) => open.extend(list.iter().copied().zip(value.as_array().into_iter().flatten())),
        K::Items(id) | K::Contains(id) | K::UnevaluatedItems(AdditionalProperties::Schema(id)) => {
            open.extend(value.as_array().into_iter().flatten().map(|item| (*id, item)));
        }
        other => open.extend(children(other).into_iter().map(|id| (id, value))),
    }
}

/// Whether a schema asks itself about the same value, so that a validator would not come to an end.
fn turns_on_itself(schemas: &Schemas, met: &FxHashSet<SchemaId>) -> bool {
    use Keyword as K;
    let same = |keyword: &K| {
        let is_composed = matches!(keyword, K::Ref(_) | K::AllOf(_) | K::AnyOf(_) | K::OneOf(_) | K::Not(_));
        is_composed || matches!(keyword, K::If(_) | K::Then(_) | K::Else(_) | K::DependentSchemas(_))
    };
    let next = |id: SchemaId| -> Vec<SchemaId> {
        schemas.get(id).keywords.iter().filter(|keyword| same(keyword)).flat_map(children).collect()
    };
    // True while the schema is on the way, false once it was left.
    let mut state: FxHashMap<SchemaId, bool> = FxHashMap::default();
    for start in met {
        let mut stack = vec![(*start, false)];
        while let Some((id, is_left)) = stack.pop() {
            if is_left {
                state.insert(id, false);
                continue;
            }
            match state.get(&id) {
                Some(true) => return true,
                Some(false) => continue,
                None => {}
            }
            state.insert(id, true);
            stack.push((id, true));
            for child in next(id) {
                match state.get(&child) {
                    Some(true) => return true,
                    Some(false) => {}
                    None => stack.push((child, false)),
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Origin, Schema, Types};

    fn arena(nodes: Vec<Vec<Keyword>>) -> Schemas {
        let node =
            |keywords: Vec<Keyword>| Schema { name: None, types: Types::ALL, keywords, origin: Origin::default() };
        Schemas { nodes: nodes.into_iter().map(node).collect() }
    }

    const PLAIN: Reading = Reading { flow: Flow::Whole, formats: false };

    #[test]
    fn recursion_through_values_ends() {
        let list = || vec![("next".to_owned(), SchemaId(0)), ("n".to_owned(), SchemaId(1))].into();
        let schemas = arena(vec![vec![Keyword::Properties(list())], vec![Keyword::Const((&json!(1)).into())]]);
        assert_eq!(accepts(&schemas, SchemaId(0), &json!({"next": {"next": {"n": 1}}}), PLAIN), Ok(true));
        assert_eq!(accepts(&schemas, SchemaId(0), &json!({"next": {"next": {"n": 2}}}), PLAIN), Ok(false));
    }

    #[test]
    fn recursion_through_nothing_is_not_asked() {
        let schemas = arena(vec![vec![Keyword::AnyOf(vec![SchemaId(1)].into())], vec![Keyword::Ref(SchemaId(0))]]);
        assert!(accepts(&schemas, SchemaId(0), &json!(1), PLAIN).is_err());
        let twice = arena(vec![vec![Keyword::AllOf(vec![SchemaId(1), SchemaId(1)].into())], vec![]]);
        assert_eq!(accepts(&twice, SchemaId(0), &json!(1), PLAIN), Ok(true));
    }

    #[test]
    fn items_that_a_value_lacks_are_not_asked_about() {
        let prefix: Vec<SchemaId> = (1..50_000).map(SchemaId).collect();
        let mut nodes = vec![vec![Keyword::PrefixItems(prefix.into()), Keyword::Items(SchemaId(1))]];
        nodes.extend((1..50_000).map(|n| vec![Keyword::Const((&json!(n)).into())]));
        let schemas = arena(nodes);
        let begun = std::time::Instant::now();
        for _ in 0..100 {
            assert_eq!(accepts(&schemas, SchemaId(0), &json!([1, 2]), PLAIN), Ok(true));
            assert_eq!(accepts(&schemas, SchemaId(0), &json!([1, 3]), PLAIN), Ok(false));
        }
        assert_eq!(accepts(&schemas, SchemaId(0), &json!([]), PLAIN), Ok(true));
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    }

    #[test]
    fn what_is_only_read_need_not_be_sent() {
        let properties = vec![("id".to_owned(), SchemaId(1))].into();
        let schemas = arena(vec![
            vec![Keyword::Properties(properties), Keyword::Required(vec!["id".into()].into())],
            vec![Keyword::ReadOnly(true), Keyword::Const((&json!(1)).into())],
        ]);
        let sent = Reading { flow: Flow::Sent, formats: false };
        assert_eq!(accepts(&schemas, SchemaId(0), &json!({}), sent), Ok(true));
        assert_eq!(accepts(&schemas, SchemaId(0), &json!({}), PLAIN), Ok(false));
    }
}
