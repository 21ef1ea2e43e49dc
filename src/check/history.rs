//! The versions that events had in the history of the base, for those whose compatibility mode is a transitive one.

use std::collections::BTreeSet;
use std::path::Path;

use crate::compat::{self, Sides};
use crate::diagnostic::Diagnostic;
use crate::model::{EventDefinition, Platform};
use crate::source::{GitError, GitStore, Sources, Store, history as commits};
use crate::workspace::Workspace;

/// No more states of the event files than these are compared; the newest ones are.
const MOST_STATES: usize = 200;

/// The events as one commit had them.
#[derive(Debug)]
struct Past {
    commit: String,
    workspace: Workspace,
}

/// What is read of the history of a base.
#[derive(Debug, Default)]
pub struct History {
    states: Vec<Past>,
    /// Whether there are more states than were read.
    pub is_cut: bool,
}

impl History {
    /// Every state that the files of transitive events had in the first-parent history of `rev`, each content once, newest
    /// first. Where no event has such a mode, git is not asked.
    ///
    /// # Errors
    /// When the history cannot be read, or was cut off because the clone is shallow.
    pub fn read(root: &Path, rev: &str, workspace: &Workspace) -> Result<History, GitError> {
        let files = files(workspace);
        if files.is_empty() {
            return Ok(History::default());
        }
        // An event may have stood in another file of its folder.
        let folders: BTreeSet<String> = files.iter().map(|path| folder(path)).collect();
        let paths: Vec<String> = folders.iter().cloned().chain(files.iter().cloned()).collect();
        let mut found = commits(root, rev, &paths, MOST_STATES + 1)?;
        let is_cut = found.len() > MOST_STATES;
        found.truncate(MOST_STATES);
        let mut seen = BTreeSet::new();
        let mut states = Vec::new();
        for commit in found {
            let store = GitStore::open(root, &commit)?;
            let mut listing = store.list().map_err(|error| GitError::Failed(error.to_string()))?;
            listing.retain(|path| folders.contains(&folder(path)));
            let workspace = Workspace::listed(&store, listing);
            if !is_whole(&workspace) {
                continue;
            }
            if seen.insert(contents(&workspace.sources)) {
                states.push(Past { commit, workspace: workspace.lower_schemas() });
            }
        }
        Ok(History { states, is_cut })
    }

    /// How many states were read.
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Whether none was read.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// What breaks against the states, each said once and not where `known` says it already.
    pub(super) fn findings(
        &self,
        workspace: &Workspace,
        service: Option<&str>,
        known: &[Diagnostic],
    ) -> Vec<Diagnostic> {
        let key = |one: &Diagnostic| (one.rule, one.route, one.message.clone());
        let mut told: BTreeSet<_> = known.iter().map(key).collect();
        let names = names(&workspace.platform, service);
        let mut found = Vec::new();
        for past in &self.states {
            let sides = Sides {
                old: &past.workspace.platform,
                old_sources: &past.workspace.sources,
                new: &workspace.platform,
                new_sources: &workspace.sources,
            };
            let new = compat::payload_findings(sides, &names).into_iter().filter(|one| told.insert(key(one)));
            found.extend(new.map(|one| past.name(one)));
        }
        found
    }
}

impl Past {
    /// The finding with the commit in place of the base, which it is not about.
    fn name(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let sources = &self.workspace.sources;
        let before = diagnostic.related.iter().find(|related| related.base);
        let place = before.map(|related| {
            let file = sources.file(related.route.file);
            format!("`{}` line {} of ", file.path, file.position(sources.span(related.route).start).line)
        });
        let commit = self.commit.get(..10).unwrap_or(&self.commit);
        let note = format!(
            "By the event's compatibility mode every version counts; this one is {}commit {commit}",
            place.unwrap_or_default()
        );
        diagnostic.related.retain(|related| !related.base);
        diagnostic.note(note)
    }
}

/// Definitions whose payload must stay compatible with every version there was.
fn transitive(platform: &Platform) -> impl Iterator<Item = &EventDefinition> {
    let definitions = platform.events.iter().flat_map(|event| &event.definitions);
    definitions
        .filter(|definition| definition.contract.is_some() && platform.compatibility_of(definition).is_transitive())
}

fn names<'p>(platform: &'p Platform, service: Option<&str>) -> Vec<&'p str> {
    let about =
        |definition: &&EventDefinition| service.is_none_or(|name| definition.publisher.as_deref() == Some(name));
    let names: BTreeSet<&str> = transitive(platform).filter(about).map(|definition| definition.name.as_str()).collect();
    names.into_iter().collect()
}

/// The files of transitive events, and those that their schemas refer to; sorted.
fn files(workspace: &Workspace) -> BTreeSet<String> {
    let of_events: BTreeSet<&str> = transitive(&workspace.platform)
        .filter_map(|definition| Some(definition.contract.as_ref()?.file.as_ref()))
        .collect();
    let path = |file| workspace.sources.file(file).path.as_ref();
    let documents = workspace.documents.event_files().filter(|file| of_events.contains(path(file.file)));
    let references = documents.filter_map(|file| file.schemas.as_ref()).flat_map(|schemas| &schemas.references);
    let targets = references.filter_map(|reference| reference.target.as_ref().ok()).map(|target| path(target.file));
    targets.chain(of_events.iter().copied()).map(str::to_owned).collect()
}

fn folder(path: &str) -> String {
    path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
}

/// Whether every reference leads somewhere. A state where one does not was never published: its schema says nothing.
fn is_whole(workspace: &Workspace) -> bool {
    let schemas = workspace.documents.event_files().filter_map(|file| file.schemas.as_ref());
    schemas.flat_map(|schemas| &schemas.references).all(|reference| reference.target.is_ok())
}

/// Paths and digests of all files.
fn contents(sources: &Sources) -> Vec<(std::sync::Arc<str>, [u8; 32])> {
    sources.iter().map(|(_, file)| (file.path.clone(), *blake3::hash(file.text.as_bytes()).as_bytes())).collect()
}
