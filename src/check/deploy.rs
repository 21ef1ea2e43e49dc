//! Whether a service of the working tree can be released to what is released already, and in which order all that changed can.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::breaking::{Base, breaking_changes};
use super::outcome::Scope;
use super::unreadable::unreadable;
use crate::compat::{self, Obstacle, Order, Release, Way};
use crate::diagnostic::Changed;
use crate::model::UsageGround;
use crate::workspace::Workspace;

/// The version of [`Deployment`] as JSON.
const VERSION: u32 = 1;

/// The answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "Deployment")]
pub struct Deployment {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// The service that was asked about; without it, all that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The revision that is released.
    pub to: String,
    /// Whether the service can be released as things are; without a service, whether all can, one after the other.
    pub deployable: bool,
    /// What stands against it.
    pub obstacles: Vec<Obstacle>,
    /// What may stand against it.
    pub doubts: Vec<Obstacle>,
    /// Contracts that cannot be read, of which nothing can be said.
    pub unreadable: Vec<String>,
    /// The order in which everything that changed can be released.
    #[serde(flatten)]
    pub order: Order,
}

/// Judges a release to `base`, or, without a service, all that changed. Both platforms have their schemas. What is approved or
/// suppressed stands against nothing.
pub fn can_deploy(base: Base<'_>, workspace: &Workspace, service: Option<&str>) -> Deployment {
    let mut release = Release {
        released: &base.workspace.platform,
        tree: &workspace.platform,
        changed: changed(base.workspace, workspace),
        name: base.rev,
    };
    let mut found = compat::obstacles(&mut release);
    let open = open(base, workspace);
    let is_open = |obstacle: &Obstacle| match (obstacle.rule, &obstacle.changed) {
        (Some(rule), Some(changed)) => open.contains(&(rule.to_owned(), changed.clone())),
        _ => true,
    };
    found.retain(|obstacle| obstacle.way == Way::Needs || is_open(obstacle));
    let order = compat::order(&release.changed, &found);
    let asked = |obstacle: &Obstacle| service.is_none_or(|name| obstacle.service == name);
    let about = found.into_iter().filter(asked);
    let (obstacles, doubts): (Vec<Obstacle>, Vec<Obstacle>) = about.partition(|obstacle| obstacle.certain);
    let unreadable = unread(base.workspace, workspace, service);
    let is_free =
        if service.is_some() { obstacles.is_empty() } else { order.stuck.is_empty() && order.cycles.is_empty() };
    Deployment {
        version: VERSION,
        service: service.map(str::to_owned),
        to: base.rev.to_owned(),
        deployable: is_free && unreadable.is_empty(),
        obstacles,
        doubts,
        unreadable,
        order,
    }
}

/// The breaking changes that nobody approved or suppressed, as approvals would name them.
fn open(base: Base<'_>, workspace: &Workspace) -> BTreeSet<(String, Changed)> {
    let outcome = breaking_changes(base, workspace, &Scope::default());
    let open = outcome.findings.into_iter().filter(|finding| finding.approved.is_none());
    open.filter_map(|finding| Some((finding.rule, *finding.changed?))).collect()
}

/// The services of whose files any differs.
fn changed(base: &Workspace, workspace: &Workspace) -> BTreeSet<String> {
    let (before, now) = (files(base), files(workspace));
    let names: BTreeSet<&str> = before.keys().chain(now.keys()).copied().collect();
    names.into_iter().filter(|name| before.get(name) != now.get(name)).map(str::to_owned).collect()
}

/// Paths and texts of the files of each service that belong to what it offers and uses, with the pacts that tell what it uses.
fn files(workspace: &Workspace) -> BTreeMap<&str, BTreeMap<&str, &str>> {
    let mut found: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (_, file) in workspace.sources.iter() {
        let inner = file.path.strip_prefix("services/").and_then(|path| path.split_once('/'));
        // Plans and task lists are about work, and generated texts about what stands elsewhere.
        let is_told = |path: &str| path.ends_with("/spec.md") || !path.ends_with(".md");
        if let Some((service, path)) = inner.filter(|(_, path)| is_told(path)) {
            found.entry(service).or_default().insert(path, &file.text);
        }
    }
    let platform = &workspace.platform;
    for usage in platform.usages.iter().filter(|usage| usage.ground == UsageGround::Pact) {
        let file = workspace.sources.id_of(&usage.origin.file).map(|id| workspace.sources.file(id));
        if let (Some(file), Some(service)) = (file, platform.service(&usage.consumer)) {
            found.entry(&service.name).or_default().insert(&file.path, &file.text);
        }
    }
    found
}

/// Contracts that cannot be read and that matter: those of the service, those of whom it uses, and shared ones.
fn unread(base: &Workspace, workspace: &Workspace, service: Option<&str>) -> Vec<String> {
    let edges = workspace.platform.dependencies.iter().filter(|edge| service == Some(edge.consumer.as_str()));
    let mut matters: BTreeSet<&str> = edges.map(|edge| edge.provider.as_str()).collect();
    matters.extend(service);
    let is_about = |path: &str| match path.strip_prefix("services/").and_then(|path| path.split_once('/')) {
        Some((name, _)) => service.is_none() || matters.contains(name),
        None => true,
    };
    let mut found = BTreeSet::new();
    for side in [base, workspace] {
        let at = if std::ptr::eq(side, base) { " (as released)" } else { "" };
        let paths = unreadable(side, None).into_iter().map(|one| side.sources.file(one.route.file).path.clone());
        found.extend(paths.filter(|path| is_about(path)).map(|path| format!("{path}{at}")));
    }
    found.into_iter().collect()
}

/// The JSON Schema (draft 2020-12) of a deployment.
pub fn deployment_schema() -> serde_json::Value {
    let generator = schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.into_root_schema_for::<Deployment>().to_value()
}
