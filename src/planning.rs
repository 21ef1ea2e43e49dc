//! One generation from end to end: the chosen targets and the catalog in one plan.

use std::collections::BTreeMap;

use crate::catalog;
use crate::generate::{self, GenerateError, Request, Target};
use crate::output::Plan;
use crate::source::{Store, StoreError};
use crate::template::{Engine, TemplateError};
use crate::workspace::Workspace;

/// Where a platform keeps templates of its own.
pub const OVERRIDES: &str = ".agentspec/templates";

/// What is to be generated.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// Targets by name, `catalog` among them; empty means all.
    pub targets: Vec<&'a str>,
    /// Only this service.
    pub service: Option<&'a str>,
    /// Services for which files were written before: what was written for one that is gone is to go as well.
    pub written: Vec<String>,
}

/// Why nothing can be planned.
#[derive(Debug, thiserror::Error)]
pub enum PlanningError {
    /// No such target.
    #[error("there is no target `{name}`; there are: {known}")]
    UnknownTarget {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A template of the platform is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A contract shares so much among so many operations that its code would be out of proportion.
    #[error(
        "{service}: code for its operations would have {parts} parts (parameters, responses, security requirements), and for \
         files of this size {most} are written; let fewer operations share long lists of them"
    )]
    TooLarge {
        /// The service.
        service: String,
        /// What its operations count.
        parts: usize,
        /// How many are written, all services together.
        most: usize,
    },
    /// A target failed.
    #[error(transparent)]
    Generate(#[from] GenerateError),
}

/// The engine over the built-in templates and those of the platform.
///
/// # Errors
/// When a template of the platform is none.
pub fn engine(store: &dyn Store, listing: &[String]) -> Result<Engine, TemplateError> {
    let own = listing.iter().filter_map(|path| Some((path, path.strip_prefix(OVERRIDES)?.strip_prefix('/')?)));
    let read = |(path, name): (&String, &str)| {
        let bytes = store.read(path).map_err(|error| (name, error.to_string()));
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|error| (name, error.to_string())));
        text.map(|text| (name.to_owned(), text))
            .map_err(|(name, reason)| TemplateError { name: format!("{OVERRIDES}/{name}"), reason })
    };
    Engine::new(own.map(read).collect::<Result<BTreeMap<_, _>, _>>()?)
}

/// Plans what is wanted for a workspace that has its schemas.
///
/// # Errors
/// When a target does not exist or fails.
pub fn plan(
    workspace: &Workspace,
    engine: &Engine,
    store: &dyn Store,
    wanted: &Wanted<'_>,
) -> Result<Plan, PlanningError> {
    let (targets, with_catalog) = choose(&wanted.targets)?;
    if !targets.is_empty() {
        is_in_bounds(workspace, wanted.service)?;
    }
    let existing = |path: &str| Some(String::from_utf8(store.read(path).ok()?).ok()?.replace("\r\n", "\n"));
    let request = Request {
        platform: &workspace.platform,
        config: &workspace.documents.config,
        engine,
        service: wanted.service,
        existing: &existing,
    };
    let mut plan = generate::plan(&request, &targets)?;
    let gone = gone(workspace, store, wanted);
    plan.covers.extend(gone.flat_map(|service| targets.iter().map(|target| (target.name, service.to_owned()))));
    if with_catalog && wanted.service.is_none() {
        plan.files.push(catalog::plan(&workspace.platform, engine, None)?);
        plan.covers.push((catalog::TARGET, String::new()));
        plan.files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    Ok(plan)
}

/// The services that were written for and are gone. A run for one service knows nothing of others.
pub fn gone<'a>(
    workspace: &'a Workspace,
    store: &'a dyn Store,
    wanted: &'a Wanted<'_>,
) -> impl Iterator<Item = &'a str> {
    let written = wanted.written.iter().filter(|_| wanted.service.is_none()).map(String::as_str);
    written.filter(|service| is_gone(workspace, store, service))
}

/// Whether there is nothing of a service. One whose folder cannot be entered, is a link or is ignored is still there, as far
/// as anybody can tell; what else stands in its folder (caches, say) are remains.
fn is_gone(workspace: &Workspace, store: &dyn Store, service: &str) -> bool {
    let folder = format!("services/{service}");
    let is_nothing = |path: String| matches!(store.read(&path), Err(StoreError::NotFound(_)));
    workspace.platform.service(service).is_none()
        && ["services", &folder].iter().all(|path| workspace.sources.id_of(path).is_none())
        && ["specs", "contracts"].iter().all(|below| is_nothing(format!("{folder}/{below}")))
}

/// Code is generated for so many parts of operations, and one more for so many bytes that were read. What a `$ref` or an
/// alias shares is written for each operation that has it, so a small file may ask for gigabytes.
const MOST_PARTS: usize = 2000;
const BYTES_OF_A_PART: usize = 5;
/// An operation counts as so many parts.
const OPERATION: usize = 10;

fn is_in_bounds(workspace: &Workspace, only: Option<&str>) -> Result<(), PlanningError> {
    let bytes: usize = workspace.sources.iter().map(|(_, file)| file.text.len()).sum();
    let most = MOST_PARTS + bytes / BYTES_OF_A_PART;
    let services = workspace.platform.services.iter().filter(|service| only.is_none_or(|name| service.name == name));
    let mut left = most;
    for service in services {
        let operations = service.api.iter().flat_map(|api| &api.operations);
        let parts: usize = operations.map(|operation| OPERATION + operation.parts()).sum();
        let Some(rest) = left.checked_sub(parts) else {
            return Err(PlanningError::TooLarge { service: service.name.clone(), parts, most });
        };
        left = rest;
    }
    Ok(())
}

/// The targets of those names, and whether the catalog is one of them.
fn choose(names: &[&str]) -> Result<(Vec<&'static Target>, bool), PlanningError> {
    if names.is_empty() {
        return Ok((generate::TARGETS.to_vec(), true));
    }
    let mut targets = Vec::new();
    for name in names.iter().filter(|name| **name != catalog::TARGET) {
        let target = generate::find(name).ok_or_else(|| {
            let known = generate::TARGETS.iter().map(|target| target.name).chain([catalog::TARGET]);
            PlanningError::UnknownTarget { name: (*name).to_owned(), known: known.collect::<Vec<_>>().join(", ") }
        })?;
        targets.push(target);
    }
    // In the order of the list, and once each, however they were named.
    let chosen = generate::TARGETS.iter().copied().filter(|known| targets.iter().any(|one| one.name == known.name));
    Ok((chosen.collect(), names.contains(&catalog::TARGET)))
}
