//! The dependency graph as a Mermaid flowchart. An arrow goes from a provider to who depends on it, as a change travels:
//! solid for calls, dotted for events.

use std::collections::BTreeMap;

use crate::model::{DependencyKind, Language, Platform};
use crate::template::names::{Case, Scope, identifier};

/// The flowchart of a platform.
pub(super) fn flowchart(platform: &Platform) -> String {
    let services = platform.services.iter().map(|service| service.name.as_str());
    let others = platform.dependencies.iter().flat_map(|edge| [edge.provider.as_str(), edge.consumer.as_str()]);
    let mut scope = Scope::new();
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    let mut lines = vec!["flowchart TB".to_owned()];
    for name in services.chain(others) {
        if !ids.contains_key(name) {
            // The prefix keeps names such as `end` and `graph` from being taken for Mermaid's own words.
            let id = scope.unique(&format!("service_{}", identifier(Language::Other, Case::Snake, name)), "_");
            lines.push(format!("    {id}[\"{}\"]", text(name)));
            ids.insert(name, id);
        }
    }
    for edge in &platform.dependencies {
        let (Some(provider), Some(consumer)) = (ids.get(edge.provider.as_str()), ids.get(edge.consumer.as_str()))
        else {
            continue;
        };
        let (arrow, without) = match edge.kind {
            DependencyKind::Synchronous => ("-->", "calls"),
            DependencyKind::Asynchronous => ("-.->", "events"),
        };
        let uses: Vec<String> = edge.uses.iter().map(|one| text(one)).collect();
        let label = if uses.is_empty() { without.to_owned() } else { uses.join("<br/>") };
        lines.push(format!("    {provider} {arrow}|\"{label}\"| {consumer}"));
    }
    lines.join("\n") + "\n"
}

/// Text for a label: characters that Mermaid or HTML would take for its own as entities.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match character {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '#' => out.push_str("#35;"),
            '`' => out.push_str("#96;"),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Dependency, Origin, Service};

    #[test]
    fn ids_are_safe_and_labels_escaped() {
        let service = |name: &str| Service { name: name.to_owned(), ..Service::default() };
        let edge = |kind, uses: &[&str]| Dependency {
            consumer: "end".to_owned(),
            provider: "a \"b\"".to_owned(),
            kind,
            uses: uses.iter().map(|one| (*one).to_owned()).collect(),
            origin: Origin::default(),
        };
        let platform = Platform {
            services: vec![service("A-b"), service("a \"b\""), service("end")],
            dependencies: vec![
                edge(DependencyKind::Synchronous, &[]),
                edge(DependencyKind::Asynchronous, &["x.y", "<z>"]),
            ],
            ..Platform::default()
        };
        let expected = "flowchart TB\n    service_a_b[\"A-b\"]\n    service_a_b_2[\"a #quot;b#quot;\"]\n    \
                        service_end[\"end\"]\n    service_a_b_2 -->|\"calls\"| service_end\n    \
                        service_a_b_2 -.->|\"x.y<br/>#lt;z#gt;\"| service_end\n";
        assert_eq!(flowchart(&platform), expected);
    }
}
