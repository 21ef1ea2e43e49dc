//! Contracts that cannot be read, of which a comparison cannot speak.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::document::Documents;
use crate::rules::{self, Context, Family, Selection, Subject};
use crate::source::{Content, FileId};
use crate::workspace::Workspace;

/// What is wrong with the contract files of which nothing could be read: those of the service, and those of no service.
pub(super) fn unreadable(workspace: &Workspace, service: Option<&str>) -> Vec<Diagnostic> {
    let context =
        Context { sources: &workspace.sources, documents: &workspace.documents, platform: &workspace.platform };
    let reading = rules::all().filter(|rule| rule.family == Family::Document);
    let only = reading.map(|rule| rule.id.to_owned()).collect();
    let mut found =
        rules::run(context, &Selection { subjects: vec![Subject::Contracts], only, ..Selection::default() });
    found.retain(|one| {
        let file = workspace.sources.file(one.route.file);
        let asked = service.is_none_or(|name| {
            !file.path.starts_with("services/") || file.path.starts_with(&format!("services/{name}/"))
        });
        asked && matches!(file.content, Content::Nothing)
    });
    found
}

/// The same of a folder of contracts without a platform: files that were contracts or parts of one on the other side, or
/// look like one by a key that stands at their top.
pub(super) fn unreadable_contracts(workspace: &Workspace, other: &Workspace) -> Vec<Diagnostic> {
    let context =
        Context { sources: &workspace.sources, documents: &workspace.documents, platform: &workspace.platform };
    let reading = rules::all().filter(|rule| rule.family == Family::Document);
    let only = reading.map(|rule| rule.id.to_owned()).collect();
    let mut found = rules::run(context, &Selection { only, ..Selection::default() });
    let parts = parts(&other.documents);
    found.retain(|one| {
        let file = workspace.sources.file(one.route.file);
        let was_part = || other.sources.id_of(&file.path).is_some_and(|id| parts.contains(&id));
        matches!(file.content, Content::Nothing) && (was_part() || looks_like_contract(&file.text))
    });
    found
}

/// The files of contracts, and those that they refer to.
fn parts(documents: &Documents) -> BTreeSet<FileId> {
    let apis = documents.services.iter().filter_map(|service| service.api.as_ref());
    let files = apis.clone().map(|api| api.file).chain(documents.event_files().map(|events| events.file));
    let schemas = documents.event_files().filter_map(|events| events.schemas.as_ref());
    let references = apis.chain(schemas).flat_map(|document| &document.references);
    let targets = references.filter_map(|reference| reference.target.as_ref().ok()).map(|target| target.file);
    files.chain(targets).collect()
}

fn looks_like_contract(text: &str) -> bool {
    text.lines().take(LOOK).any(|line| {
        let line = line.trim_start_matches(['{', ' ', '\t', '"', '\'']);
        KEYS.iter().any(|key| {
            line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
        })
    })
}

/// Keys at the top of contracts.
const KEYS: [&str; 2] = ["openapi", "eventType"];
/// How many lines are looked at for one.
const LOOK: usize = 20;
