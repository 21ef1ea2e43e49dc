//! What a target is.

use crate::document::config::Config;
use crate::model::{Platform, Service};
use crate::output::Plan;
use crate::template::{Engine, TemplateError};

/// What is to be generated, and from what.
pub struct Request<'a> {
    /// The model, with its schemas.
    pub platform: &'a Platform,
    /// The configuration.
    pub config: &'a Config,
    /// The templates.
    pub engine: &'a Engine,
    /// Only this service, where one is named; files of the platform as a whole are then left out.
    pub service: Option<&'a str>,
    /// The text of a file of the platform as it is now, its lines ended by `\n`; nothing where there is none. Only targets
    /// look at it whose files a person completes (task lists), or that go on from what they wrote (migrations).
    pub existing: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Request<'a> {
    /// The services that are asked for.
    pub fn services(&self) -> impl Iterator<Item = &'a Service> + use<'a> {
        let only = self.service;
        self.platform.services.iter().filter(move |service| only.is_none_or(|name| service.name == name))
    }
}

/// Why a plan could not be made.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// A template failed.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A service has something that the target cannot express.
    #[error("{service}: {reason}")]
    Unsupported {
        /// The service.
        service: String,
        /// What, and what to do about it.
        reason: String,
    },
}

/// A target: one entry in the list of `generate`.
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line for lists, without a full stop.
    pub summary: &'static str,
    /// Appends its files, and notes on what it leaves out.
    pub plan: fn(&Request<'_>, &mut Plan) -> Result<(), GenerateError>,
}
