//! A component that nothing uses.

use rustc_hash::FxHashSet;

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::{Component, Object, OpenApi};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{FileId, NodeKey, Sources};

pub(super) static RULE: Rule = Rule {
    id: "component-unused",
    family: Family::Api,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A component that nothing uses",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/component-unused.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, _: &ServiceDocuments, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    let unused: Vec<&Component> = document.components.iter().filter(|component| !component.used).collect();
    if unused.is_empty() || api.all_operations().next().is_none() {
        return;
    }
    let elsewhere = targets_of_other_files(context.sources, document.file);
    for component in unused {
        if elsewhere.contains(&component.node) || extends_with_discriminator(api.object(component.node)) {
            continue;
        }
        let message = format!("`{}` is used by nothing", api.name_of(component));
        let help = "Refer to it where it was meant, or remove it";
        found.push(RULE.finding(api.object(component.node).key_route(), message).help(help));
    }
}

/// Everything that references of the platform's other files name, and what holds it.
fn targets_of_other_files(sources: &Sources, file: FileId) -> FxHashSet<NodeKey> {
    let mut targets = FxHashSet::default();
    for (other, source) in sources.iter().filter(|(other, _)| *other != file) {
        let Some(tree) = source.tree() else { continue };
        for node in tree.ids().map(|id| tree.node(id)).filter(|node| node.is_mapping()) {
            let Some(reference) = node.str_at("$ref").filter(|text| !text.starts_with('#')) else { continue };
            let from = NodeKey { file: other, node: node.id() };
            let Ok(target) = sources.resolve(from, reference) else { continue };
            let mut part = Some(sources.node(target)).filter(|_| target.file == file);
            while let Some(node) = part.filter(|node| targets.insert(NodeKey { file, node: node.id() })) {
                part = node.parent();
            }
        }
    }
    targets
}

/// Whether a schema is an alternative that a base schema's discriminator selects by name.
fn extends_with_discriminator(schema: Object<'_>) -> bool {
    schema.items_of("allOf").any(|part| part.followed().is_some_and(|base| base.at("discriminator").is_some()))
}
