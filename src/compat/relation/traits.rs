//! What is asked of nearly every property. It is kept for each conjunction, and most tell it without a merged view.

use super::conjunction::{Conj, Side, keywords};
use super::local::type_of_text;
use super::{Flow, View};
use crate::model::{Keyword, Types};

/// What a conjunction says at a look, as its merged view would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traits {
    pub(super) types: Types,
    read_only: bool,
    write_only: bool,
}

impl Traits {
    /// Whether such a property is not sent in a view.
    pub(super) fn is_left_out(self, view: View) -> bool {
        match view.flow {
            Flow::Sent => self.read_only,
            Flow::Received => self.write_only,
            Flow::Whole | Flow::Strict => false,
        }
    }
}

impl Side<'_> {
    /// What a conjunction says at a look.
    pub(super) fn traits(&mut self, conj: Conj) -> Traits {
        let at = conj.0 as usize;
        if let Some(known) = self.traits.get(at).copied().flatten() {
            return known;
        }
        let found = self.stated(conj).unwrap_or_else(|| self.merged(conj));
        if self.traits.len() <= at {
            self.traits.resize(at + 1, None);
        }
        if let Some(slot) = self.traits.get_mut(at) {
            *slot = Some(found);
        }
        found
    }

    fn merged(&mut self, conj: Conj) -> Traits {
        let flat = self.flat(conj);
        Traits { types: flat.types(), read_only: flat.local.read_only, write_only: flat.local.write_only }
    }

    /// The same where it is one schema and no keyword of it can rule out a type.
    fn stated(&self, conj: Conj) -> Option<Traits> {
        use Keyword as K;
        let mut found = Traits { types: Types::ALL, read_only: false, write_only: false };
        let part = match self.members(conj) {
            [] => return Some(found),
            [one] => *one,
            _ => return None,
        };
        let schema = self.schema(part)?;
        found.types = schema.types;
        for keyword in keywords(schema, part) {
            match keyword {
                K::ReadOnly(on) => found.read_only |= on,
                K::WriteOnly(on) => found.write_only |= on,
                K::Enum(values) => {
                    let held = values.texts().fold(0, |bits, text| bits | type_of_text(text) as u8);
                    found.types = found.types.intersection(Types(held));
                }
                // Without the least of it none is too many.
                K::MaxLength(_) | K::MaxItems(_) | K::MaxProperties(_) => {}
                K::AnyOf(_) | K::OneOf(_) | K::Items(_) | K::Properties(_) | K::AdditionalProperties(_) => {}
                K::Pattern(_) | K::Format(_) | K::UniqueItems(_) | K::Deprecated(_) | K::Default(_) => {}
                K::Title(_) | K::Description(_) | K::Example(_) | K::Xml(_) | K::Discriminator { .. } => {}
                _ => return None,
            }
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SchemaId;
    use crate::source::MemoryStore;
    use crate::workspace::Workspace;

    /// Each has to be told as its merged view tells it, with or without one.
    const SCHEMAS: &str = "
A: {type: string, maxLength: 3, readOnly: true}
B: {type: [string, integer], enum: [a, 1.0, true]}
C: {enum: []}
D: {type: string, minLength: 3, maxLength: 2}
E: {allOf: [{type: string}, {type: integer}]}
F: {allOf: [{$ref: '#/components/schemas/A'}], writeOnly: true}
G: {type: object, required: [a], properties: {a: false}}
H: {anyOf: [{type: string}, {$ref: '#/components/schemas/D'}], writeOnly: true}
I: {type: number, multipleOf: 1}
J: {type: array, maxItems: 0, items: false}
K: {const: null}
L: {}
M: false
";

    #[test]
    fn what_is_stated_is_what_is_merged() {
        let list: String = SCHEMAS.lines().map(|line| format!("    {line}\n")).collect();
        let text =
            format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{list}");
        let workspace = Workspace::contract(&MemoryStore::new([("api.yaml", text.as_str())]), "api.yaml", "s").unwrap();
        let schemas = &workspace.platform.schemas;
        let mut side = Side::new(schemas);
        let mut stated = 0;
        for at in 0..schemas.nodes.len() {
            let conj = side.single(SchemaId(at as u32));
            let merged = side.merged(conj);
            stated += usize::from(side.stated(conj).is_some());
            assert_eq!(side.traits(conj), merged, "{:?}", schemas.get(SchemaId(at as u32)).origin);
        }
        assert!(stated >= 8 && stated < schemas.nodes.len(), "{stated}");
    }
}
