//! Services in code: what the contract says, and working defaults for what it implies. The inference of behaviours, the
//! schemas of the run time and the samples are the same for every language; each language has a folder with its views.

mod behaviour;
#[cfg(test)]
mod fixture;
mod names;
mod pattern;
mod python;
mod resource;
mod sample;
mod schema_document;
mod shape;
#[cfg(test)]
mod tests;

use crate::model::{Framework, Language};
use crate::output::PlannedFile;

use super::{GenerateError, Request, Target};

/// The target `code`.
pub static CODE: Target = Target {
    name: "code",
    summary: "A service that runs, for each HTTP contract, with its tests and Dockerfile",
    plan,
};

fn plan(request: &Request<'_>, files: &mut Vec<PlannedFile>) -> Result<(), GenerateError> {
    for service in request.services() {
        let Some(api) = &service.api else { continue };
        match (service.language, service.framework) {
            (Language::Python, Framework::Fastapi) => python::plan(request, service, api, files)?,
            (language, framework) => {
                return Err(GenerateError::Unsupported {
                    service: service.name.clone(),
                    reason: format!(
                        "no code can be generated for {language:?} with {framework:?}; \
                         write `Language: Python (FastAPI)` into the constitution, or leave the target `code` out"
                    ),
                });
            }
        }
    }
    Ok(())
}
