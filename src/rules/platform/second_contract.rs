//! A contract of a service beside the one that is read.

use crate::diagnostic::{Findings, Severity};
use crate::document::ServiceDocuments;
use crate::document::openapi::OpenApi;
use crate::document::read::is_contract;
use crate::document::schema_check::same;
use crate::rules::{Check, Context, Family, Rule, Subject};
use crate::source::Route;

/// A contract of a service beside the one that is read.
pub(crate) static RULE: Rule = Rule {
    id: "second-contract",
    family: Family::Platform,
    severity: Severity::Warning,
    since: "0.1.0",
    summary: "A service has a second OpenAPI contract, which is not read",
    subjects: &[Subject::Contracts],
    docs: include_str!("../../../docs/rules/second-contract.md"),
    check: Check::Api(check),
};

fn check(context: Context<'_>, service: &ServiceDocuments, document: &OpenApi, out: &mut Findings) {
    let sources = context.sources;
    let (used, root) = (&sources.file(document.file).path, sources.node(document.root));
    let folder = format!("services/{}/contracts/", service.name);
    for (file, other) in sources.below(&folder).filter(|(file, _)| *file != document.file) {
        let Some(tree) = other.tree().map(crate::source::Tree::root).filter(|_| is_contract(&other.path)) else { continue };
        // A part of the contract, or the same in the other format, contradicts nothing.
        let is_whole = stem(&other.path) == stem(used) || ["openapi", "swagger"].iter().any(|key| tree.get(key).is_some());
        if is_whole && !same(tree, root) {
            let message = format!("`{}` has a second contract, which is not read: `{used}` is the one that counts", service.name);
            let finding = RULE.finding(Route::file(file), message).related(Route::file(document.file), "this one is read");
            out.push(finding.help("Move what is only here to the other one, and remove this file"));
        }
    }
}

/// A path without the extension.
fn stem(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem)
}
