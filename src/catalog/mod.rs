//! The catalog: every service with what it offers and needs, the dependency graph, events and data, as Markdown.

mod graph;
mod mermaid;
mod view;

use crate::diagnostic::Summary;
use crate::model::Platform;
use crate::output::{Ownership, Parts, PlannedFile};
use crate::template::{Engine, TemplateError};

/// Where the catalog is written.
pub const PATH: &str = "docs/SERVICE-CATALOG.md";

/// The name of the catalog among the targets.
pub const TARGET: &str = "catalog";

const TEMPLATE: &str = "catalog/SERVICE-CATALOG.md.j2";

/// The catalog as a planned file. `findings` is the outcome of a validation that the catalog is to show, if any.
///
/// # Errors
/// When the template, which a user may have replaced, does not render.
pub fn plan(platform: &Platform, engine: &Engine, findings: Option<&Summary>) -> Result<PlannedFile, TemplateError> {
    Ok(PlannedFile {
        path: PATH.to_owned(),
        ownership: Ownership::Generated,
        content: markdown(platform, engine, findings)?,
        template: TEMPLATE.to_owned(),
        target: TARGET,
        service: None,
        executable: false,
        made_from: None,
        parts: Parts::new(),
    })
}

/// The catalog as Markdown.
///
/// # Errors
/// As [`plan`].
pub fn markdown(platform: &Platform, engine: &Engine, findings: Option<&Summary>) -> Result<String, TemplateError> {
    engine.render(TEMPLATE, &view::of(platform, findings))
}
