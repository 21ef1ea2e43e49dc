//! A reference that leads nowhere.

use super::support;
use crate::diagnostic::{Findings, Severity};
use crate::document::openapi::{OpenApi, Reference};
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::{NodeRef, RefError};
use crate::rules::closest::closest;

pub(super) static RULE: Rule = Rule {
    id: "ref-dangling",
    family: Family::Api,
    severity: Severity::Error,
    since: "0.1.0",
    summary: "A reference that leads nowhere",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/ref-dangling.md"),
    check: Check::Schemas(check),
};

fn check(context: Context<'_>, document: &OpenApi, found: &mut Findings) {
    let api = document.view(context.sources);
    for (reference, error) in support::broken(document) {
        let value = api.object(reference.node).at("$ref");
        let route = value.map_or_else(|| api.object(reference.node).route(), |value| value.route());
        let (message, help) = match error {
            RefError::Remote(_) | RefError::Escapes(_) | RefError::Cycle => continue,
            RefError::MissingPointer { known, pointer, path } => {
                let what = format!("`{path}` has nothing at `{pointer}`");
                let whole = around(context, reference, path, pointer).map(|holder| {
                    format!("`#` is the whole file: write `#{}{pointer}`", holder.path())
                });
                let help = whole.or_else(|| nearest(context, path, known, pointer));
                (what, help.unwrap_or_else(|| "Correct the pointer, or add what it names".to_owned()))
            }
            RefError::MissingFile { path } => {
                (format!("there is no file `{path}`"), "Correct the path, or add the file".to_owned())
            }
            other => {
                (other.to_string(), "Write `#/components/schemas/Name`, or a path to a file before the `#`".to_owned())
            }
        };
        found.push(RULE.finding(route, format!("this reference leads nowhere: {message}")).help(help));
    }
}

/// The closest object around the reference in which the pointer names something.
fn around<'s>(context: Context<'s>, reference: &Reference, path: &str, pointer: &str) -> Option<NodeRef<'s>> {
    let own = context.sources.file(reference.node.file).path.as_ref() == path;
    let mut holders = std::iter::successors(context.sources.node(reference.node).parent(), |node| node.parent());
    holders.find(|holder| own && holder.is_mapping() && holder.pointer(pointer).is_some())
}

/// The pointer with the closest name that exists where the wrong one was looked for.
fn nearest(context: Context<'_>, path: &str, known: &str, pointer: &str) -> Option<String> {
    let parent = context.sources.root(context.sources.id_of(path)?)?.pointer(known)?;
    let wanted = pointer.get(known.len() + 1..)?.split('/').next()?;
    let name = closest(wanted, parent.fields().map(|(name, _)| name))?;
    let rest = pointer.get(known.len() + 1 + wanted.len()..).unwrap_or_default();
    Some(format!("Did you mean `{known}/{name}{rest}`?"))
}
