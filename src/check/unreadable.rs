//! Contracts that cannot be read, of which a comparison cannot speak.

use crate::diagnostic::Diagnostic;
use crate::rules::{self, Context, Family, Selection, Subject};
use crate::source::Content;
use crate::workspace::Workspace;

/// What is wrong with the contract files of which nothing could be read: those of the service, and those of no service.
pub(super) fn unreadable(workspace: &Workspace, service: Option<&str>) -> Vec<Diagnostic> {
    let context =
        Context { sources: &workspace.sources, documents: &workspace.documents, platform: &workspace.platform };
    let reading = rules::all().filter(|rule| rule.family == Family::Document);
    let only = reading.map(|rule| rule.id.to_owned()).collect();
    let mut found = rules::run(context, &Selection { subjects: vec![Subject::Contracts], only });
    found.retain(|one| {
        let file = workspace.sources.file(one.route.file);
        let asked = service.is_none_or(|name| {
            !file.path.starts_with("services/") || file.path.starts_with(&format!("services/{name}/"))
        });
        asked && matches!(file.content, Content::Nothing)
    });
    found
}
