//! Targets: each turns the model into planned files. A target is one entry of [`TARGETS`] and one folder or file here,
//! with its templates in `templates/<target>/`.

mod code;
mod docs;
mod environment;
#[cfg(test)]
mod fixture;
mod kubernetes;
mod target;
mod tasks;

pub use code::{
    Archetype, Launch, Left, ScenarioOutcome, Step, Tested, archetypes, asked_about_tokens, behind, launch, scenarios,
    unimplemented,
};
pub use environment::{Source, Variable, variables};
pub use target::{GenerateError, Request, Target};

use crate::output::Plan;

/// Every target, in the order in which they are planned.
#[rustfmt::skip] // One a line, so that two branches that add a target merge.
pub static TARGETS: &[&Target] = &[
    &code::CODE,
    &kubernetes::TARGET,
    &tasks::TARGET,
    &docs::TARGET,
];

/// The target of that name.
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}

/// Plans the given targets.
///
/// # Errors
/// When a template fails or a service cannot be generated.
pub fn plan(request: &Request<'_>, targets: &[&'static Target]) -> Result<Plan, GenerateError> {
    let mut plan = Plan::default();
    for target in targets {
        (target.plan)(request, &mut plan)?;
        let services = request.services().map(|service| service.name.clone());
        plan.covers.extend(services.map(|service| (target.name, service)));
        if request.service.is_none() {
            plan.covers.push((target.name, String::new()));
        }
    }
    plan.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plan)
}
