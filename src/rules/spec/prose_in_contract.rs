//! The texts of a contract that are written for people.

use crate::source::NodeRef;

/// Keywords whose value is such a text.
const TEXTS: [&str; 3] = ["description", "summary", "title"];
/// Keywords whose value is data.
const DATA: [&str; 6] = ["example", "examples", "enum", "const", "default", "value"];
/// Keywords of OpenAPI 3 and JSON Schema whose value is a map from names that people choose, and not of keywords.
const MAPS: [&str; 21] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "mapping",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
    "webhooks",
];

/// What a node below the root is.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    /// An object with keywords, or a list of such.
    Object,
    /// A map from names to objects.
    Map,
    /// A part of an extension (`x-…`), of which every string is a text.
    Extension,
}

/// The descriptions, summaries and titles of an OpenAPI document, a JSON Schema or an event contract, and the strings of
/// its extensions. Values of `example`, `enum`, `const` and `default` are data.
pub(super) fn texts_of(root: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let mut found = Vec::new();
    let mut open = vec![(root, Role::Object)];
    while let Some((node, role)) = open.pop() {
        if role == Role::Extension && node.as_str().is_some() {
            found.push(node);
        }
        let below = open.len();
        let of_items = if role == Role::Map { Role::Object } else { role };
        open.extend(node.items().map(|item| (item, of_items)).filter(may_hold));
        for (name, value) in node.fields() {
            let inner = match role {
                Role::Extension => Role::Extension,
                Role::Map => Role::Object,
                Role::Object if name.starts_with("x-") => Role::Extension,
                Role::Object if DATA.contains(&name) => continue,
                Role::Object if TEXTS.contains(&name) && value.as_str().is_some() => {
                    found.push(value);
                    continue;
                }
                Role::Object if MAPS.contains(&name) => Role::Map,
                Role::Object => Role::Object,
            };
            open.extend(Some((value, inner)).filter(may_hold));
        }
        open[below..].reverse();
    }
    found
}

/// Whether there may be texts in it: of the many values of a file most are none, and need not wait.
fn may_hold(&(node, role): &(NodeRef<'_>, Role)) -> bool {
    node.is_mapping() || node.is_sequence() || role == Role::Extension && node.as_str().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, load};

    fn texts(text: &str) -> Vec<String> {
        let sources = load(&MemoryStore::new([("e.yaml", text)]), &|_| true).unwrap();
        let root = sources.root(sources.id_of("e.yaml").unwrap()).unwrap();
        texts_of(root).into_iter().map(|node| node.scalar().unwrap().to_owned()).collect()
    }

    #[test]
    fn texts_are_told_from_data_and_names() {
        assert_eq!(
            texts("info: {title: a, description: b, version: c}\nx-note: {d: [e], example: f}"),
            ["a", "b", "e", "f"]
        );
        assert_eq!(texts("{example: {title: no}, enum: [no], default: {summary: no}, const: no}"), [""; 0]);
        let schema = "properties: {default: {description: a}, title: {title: b}, properties: {default: {title: no}}}";
        assert_eq!(texts(schema), ["a", "b"]);
        assert_eq!(texts("responses: {default: {description: a}, '200': {content: {}}}"), ["a"]);
        assert_eq!(texts("[{description: a, parameters: [{description: b}]}]"), ["a", "b"]);
    }
}
