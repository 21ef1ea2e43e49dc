//! One check of a platform from end to end: the rules or the comparison, then suppressions, the baseline, and the account.

mod approve;
mod breaking;
mod changelog;
mod deploy;
mod diff;
mod history;
mod outcome;
mod place;
mod side;
mod unreadable;

pub use approve::approval_of;
pub use breaking::{Base, breaking_changes};
pub use changelog::{Changelog, Class, Counts, Entry, Group, MOST_REACHED, Reached, Section};
pub use deploy::{Deployment, can_deploy, deployment_schema};
pub use diff::diff;
pub use history::History;
pub use outcome::{Outcome, Scope};
pub use place::SideError;
pub use side::Side;

use crate::compat;
use crate::document::config::RuleLevel;
use crate::rules::{self, Context, Selection, Subject};
use crate::workspace::Workspace;

/// Runs the rules of the given subjects (all for none) over a platform.
pub fn validate(workspace: &Workspace, subjects: &[Subject], scope: &Scope<'_>) -> Outcome {
    let context =
        Context { sources: &workspace.sources, documents: &workspace.documents, platform: &workspace.platform };
    let selection = Selection { subjects: subjects.to_vec(), only: Vec::new(), today: scope.today };
    let diagnostics = rules::run(context, &selection);
    // What names no rule, or one that is no more, is covered where all rules ran. Those of comparisons do not run here.
    let all_ran =
        subjects.is_empty() && workspace.documents.config.rules.iter().all(|(_, level, _)| *level != RuleLevel::Off);
    let ran = |id: &str, path: &str| match rules::find(id) {
        Some(rule) => selection.covers(rule, path),
        None if id.is_empty() => all_ran,
        None => subjects.is_empty() && compat::find(id).is_none(),
    };
    let mut outcome = outcome::settle(workspace, None, diagnostics, scope, &ran);
    (outcome.account, outcome.next) = rules::account(context, subjects, scope.service, &outcome.findings);
    outcome
}
