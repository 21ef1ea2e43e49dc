//! Schemas that are resources of their own (`$id`), and names that several schemas have (`$dynamicAnchor`): JSON Schema 2020-12,
//! core, sections 8.2.1 and 8.2.3.2.

use rustc_hash::FxHashMap;

use crate::model::build::origin::At;
use crate::source::{FileId, NodeKey, NodeRef, Sources, percent_decode};

/// Embedded resources of all files, by the URI that they have. A file's own URI is its path.
#[derive(Default)]
pub(super) struct Resources {
    by_uri: FxHashMap<String, NodeKey>,
    /// How many schemas have a `$dynamicAnchor` of that name.
    dynamic: FxHashMap<String, usize>,
}

impl Resources {
    /// Looks through files that have such keywords at all, which few have.
    pub(super) fn of(sources: &Sources) -> Resources {
        let mut found = Resources::default();
        for (id, file) in sources.iter() {
            let has = |name: &str| memchr::memmem::find(file.text.as_bytes(), name.as_bytes()).is_some();
            let Some(tree) = file.tree().filter(|_| has("$id") || has("$dynamicAnchor")) else { continue };
            for node in tree.ids().map(|id| tree.node(id)).filter(|node| node.is_mapping()) {
                if own_id(node).is_some() {
                    let key = NodeKey { file: id, node: node.id() };
                    found.by_uri.entry(base(sources, id, node)).or_insert(key);
                }
                if let Some(name) = node.str_at("$dynamicAnchor") {
                    *found.dynamic.entry(name.to_owned()).or_default() += 1;
                }
            }
        }
        found
    }

    /// The resource that a schema is part of, where it is not the file.
    pub(super) fn around<'s>(&self, node: NodeRef<'s>) -> Option<NodeRef<'s>> {
        let mut at = Some(node).filter(|_| !self.by_uri.is_empty());
        while let Some(node) = at {
            if own_id(node).is_some() {
                return Some(node);
            }
            at = node.parent();
        }
        None
    }

    /// What a reference names by way of resources; nothing where files alone tell.
    pub(super) fn resolve(&self, sources: &Sources, from: &At<'_>, reference: &str) -> Option<NodeKey> {
        if self.by_uri.is_empty() {
            return None;
        }
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let own = self.around(from.node);
        let resource = match uri {
            "" => NodeKey { file: from.file, node: own?.id() },
            uri => {
                let base = own
                    .map_or_else(|| sources.file(from.file).path.to_string(), |_| base(sources, from.file, from.node));
                let uri = join(&base, uri);
                let file = || Some(sources.id_of(&uri)?).and_then(|file| Some(sources.key(file, sources.root(file)?)));
                self.by_uri.get(&uri).copied().or_else(|| own.and_then(|_| file()))?
            }
        };
        let (root, fragment) = (sources.node(resource), percent_decode(fragment).ok()?);
        let node = match fragment.as_bytes() {
            [] => root,
            [b'/', ..] => root.pointer(&fragment)?,
            _ => anchored(root, &fragment)?,
        };
        Some(NodeKey { file: resource.file, node: node.id() })
    }

    /// Whether it depends on the way to a `$dynamicRef` which schema it names.
    pub(super) fn is_ambiguous(&self, reference: &str) -> bool {
        let name = reference.split_once('#').map_or("", |(_, name)| name);
        self.dynamic.get(name).is_some_and(|count| *count > 1)
    }
}

/// The `$id` of a resource; one of `#name` is an anchor (draft 7 and before).
fn own_id(node: NodeRef<'_>) -> Option<&str> {
    let id = node.str_at("$id")?;
    let uri = id.split_once('#').map_or(id, |(uri, _)| uri);
    (!uri.is_empty()).then_some(uri)
}

/// What references in a schema are relative to.
fn base(sources: &Sources, file: FileId, node: NodeRef<'_>) -> String {
    let mut ids = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at {
        ids.extend(own_id(node));
        at = node.parent();
    }
    ids.into_iter().rev().fold(sources.file(file).path.to_string(), |base, id| join(&base, id))
}

/// A reference relative to a URI or path (RFC 3986, section 5.2), both without fragments.
fn join(base: &str, reference: &str) -> String {
    let has_scheme =
        |uri: &str| uri.split_once(':').is_some_and(|(scheme, _)| !scheme.is_empty() && !scheme.contains(['/', '.']));
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let (authority, path) = match base.split_once("://") {
        Some((scheme, rest)) => base.split_at(scheme.len() + 3 + rest.find('/').unwrap_or(rest.len())),
        // What has no hierarchy (`urn:…`) is no base.
        None if has_scheme(base) => return reference.to_owned(),
        None => ("", base),
    };
    if let Some(rest) = reference.strip_prefix("//") {
        let scheme = authority.split_once("//").map_or("", |(scheme, _)| scheme);
        return format!("{scheme}//{rest}");
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_absolute = reference.starts_with('/');
    let whole = if is_absolute { reference.to_owned() } else { format!("{folder}/{reference}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let slash = if authority.is_empty() && !is_absolute { "" } else { "/" };
    format!("{authority}{slash}{}", parts.join("/"))
}

/// The schema of that name within a resource, and not within another one in it.
fn anchored<'s>(root: NodeRef<'s>, name: &str) -> Option<NodeRef<'s>> {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if node.id() != root.id() && own_id(node).is_some() {
            continue;
        }
        if ["$anchor", "$dynamicAnchor"].iter().any(|field| node.str_at(field) == Some(name)) {
            return Some(node);
        }
        open.extend(node.items());
        open.extend(node.entries().map(|(_, value)| value));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_joined_to_their_base() {
        for (base, reference, joined) in [
            ("https://x.example/schemas/user", "address", "https://x.example/schemas/address"),
            ("https://x.example/schemas/user", "/other", "https://x.example/other"),
            ("https://x.example/schemas/user", "../b/./c", "https://x.example/b/c"),
            ("https://x.example", "user", "https://x.example/user"),
            ("https://x.example/a", "//y.example/b", "https://y.example/b"),
            ("https://x.example/a", "urn:b", "urn:b"),
            ("urn:a", "b", "b"),
            ("services/a/api.yaml", "schemas/user", "services/a/schemas/user"),
            ("services/a/api.yaml", "../b/api.yaml", "services/b/api.yaml"),
            ("api.yaml", "user", "user"),
        ] {
            assert_eq!(join(base, reference), joined, "{base} and {reference}");
        }
    }
}
