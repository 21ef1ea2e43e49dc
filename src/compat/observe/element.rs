//! What values are called in XML, and whether they are elements, attributes or neither (OpenAPI 3.1.1, section 4.8.26;
//! `nodeType` of 3.2). It matters where an XML media type leads to the schema, and nowhere else.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::super::change::{Action, Change, Effect, Kind};
use super::super::relation::{Flat, Local, Which, Writing};
use super::node::Look;
use crate::model::{JsonType, Keyword, SchemaId, Schemas, Xml};
use crate::source::Pointer;

/// The names that schemas are given where they stand, for both sides; each is made when it is asked for.
#[derive(Default)]
pub(super) struct Elements {
    given: [Option<FxHashMap<SchemaId, BTreeSet<String>>>; 2],
}

impl Elements {
    /// What values of a schema are called where `xml` does not say it: by the properties that they stand in, and else by the
    /// component.
    fn default_names(&mut self, schemas: &Schemas, which: Which, id: SchemaId) -> BTreeSet<String> {
        let schema = schemas.get(id);
        let Some(name) = &schema.name else {
            return schema.origin.pointer.as_ref().and_then(given_name).into_iter().collect();
        };
        let given = self.given[which as usize].get_or_insert_with(|| given_names(schemas));
        given.get(&id).cloned().unwrap_or_else(|| BTreeSet::from([name.to_string()]))
    }
}

/// The names of components where they are referred to.
fn given_names(schemas: &Schemas) -> FxHashMap<SchemaId, BTreeSet<String>> {
    let mut found: FxHashMap<SchemaId, BTreeSet<String>> = FxHashMap::default();
    for schema in &schemas.nodes {
        for keyword in &schema.keywords {
            let Keyword::Ref(target) = keyword else { continue };
            let target = schemas.resolve(*target);
            let property = schema.origin.pointer.as_ref().and_then(property);
            let name = property.or_else(|| schemas.get(target).name.as_ref().map(Into::into));
            found.entry(target).or_default().extend(name);
        }
    }
    found
}

fn tokens(pointer: &Pointer) -> Vec<String> {
    pointer.text().split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect()
}

/// The property that a schema stands in.
fn property(pointer: &Pointer) -> Option<String> {
    let tokens = tokens(pointer);
    let mut end = tokens.len();
    loop {
        let [.., before, last] = tokens.get(..end)? else { return None };
        end -= match (before.as_str(), last.as_str()) {
            ("properties", name) => return Some(name.to_owned()),
            // The items of a list are called like the list, and a part of a schema like the whole.
            (_, "items") => 1,
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", _) => 2,
            _ => return None,
        };
    }
}

/// The name of a schema that is no component itself.
fn given_name(pointer: &Pointer) -> Option<String> {
    property(pointer).or_else(|| {
        let tokens = tokens(pointer);
        let at = tokens.windows(2).position(|pair| pair[0] == "components" && pair[1] == "schemas")?;
        tokens.get(at + 2).cloned()
    })
}

/// How values are written.
#[derive(PartialEq, Eq)]
struct Written {
    names: BTreeSet<String>,
    node: String,
    namespaces: BTreeSet<String>,
    prefixes: BTreeSet<String>,
}

impl Written {
    fn of(local: &Local, defaults: impl FnOnce() -> BTreeSet<String>) -> Written {
        let all = |pick: fn(&Xml) -> Option<&String>| -> BTreeSet<String> {
            local.xml.iter().filter_map(pick).cloned().collect()
        };
        let is_list = local.types.0.has(JsonType::Array) && !local.types.0.has(JsonType::Object);
        let stated = local.xml.iter().find_map(|xml| xml.node_type.clone());
        let node = stated.unwrap_or_else(|| {
            let node = match is_list {
                _ if local.xml.iter().any(|xml| xml.attribute) => "attribute",
                true if !local.xml.iter().any(|xml| xml.wrapped) => "none",
                _ => "element",
            };
            node.to_owned()
        });
        let mut names = all(|xml| xml.name.as_ref());
        if names.is_empty() {
            names = defaults();
        }
        // What is no node has no name.
        if !matches!(node.as_str(), "element" | "attribute") {
            names.clear();
        }
        let (namespaces, prefixes) = (all(|xml| xml.namespace.as_ref()), all(|xml| xml.prefix.as_ref()));
        Written { names, node, namespaces, prefixes }
    }

    fn text(&self) -> String {
        let list = |names: &BTreeSet<String>| names.iter().map(String::as_str).collect::<Vec<_>>().join(" or ");
        let mut text = match self.node.as_str() {
            "none" => "no element".to_owned(),
            node => format!("{node} {}", list(&self.names)).trim_end().to_owned(),
        };
        for (what, names) in [("namespace", &self.namespaces), ("prefix", &self.prefixes)] {
            if !names.is_empty() {
                text = format!("{text}, {what} {}", list(names));
            }
        }
        text
    }
}

impl Look<'_, '_> {
    /// Tells that values are written in another way in XML.
    pub(super) fn element(&mut self, before: &Flat<'_>, after: &Flat<'_>) {
        if self.view.writing != Writing::Xml || before.local.xml == after.local.xml {
            return;
        }
        let (old, new) = (self.place.old.1, self.place.new.1);
        let was = Written::of(&before.local, || self.elements.default_names(self.schemas.0, Which::Old, old));
        let is = Written::of(&after.local, || self.elements.default_names(self.schemas.1, Which::New, new));
        if was == is {
            return;
        }
        // A prefix stands for its namespace, and another one means the same (Namespaces in XML 1.0, section 4).
        let is_label = (&was.names, &was.node, &was.namespaces) == (&is.names, &is.node, &is.namespaces);
        let effect = if is_label && !is.namespaces.is_empty() { Effect::None } else { Effect::Disjoint };
        let action = Action::of(!before.local.xml.is_empty(), !after.local.xml.is_empty());
        let explained = self.explained;
        self.add(Change::new(Kind::Xml, action, effect, self.subject()).values(was.text(), is.text()));
        // It explains no difference of values.
        self.explained = explained;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_called_by_what_it_stands_in() {
        let name = |text: &str| {
            let tokens = text.split('/').skip(1).map(|token| token.replace("~1", "/"));
            given_name(&tokens.fold(Pointer::default(), |pointer, token| pointer.child(&token)))
        };
        assert_eq!(name("/components/schemas/Pet/properties/name").as_deref(), Some("name"));
        assert_eq!(name("/components/schemas/Pet/properties/tags/items").as_deref(), Some("tags"));
        assert_eq!(name("/components/schemas/Pet/properties/tag/allOf/0").as_deref(), Some("tag"));
        assert_eq!(name("/components/schemas/Pets/items").as_deref(), Some("Pets"));
        assert_eq!(name("/paths/~1a/get/responses/200/content/application~1xml/schema"), None);
    }
}
