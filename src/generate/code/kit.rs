//! The languages that services can be written in: one entry of [`KITS`] and one folder with its views each.

use crate::generate::{GenerateError, Request};
use crate::model::{Api, Broker, Framework, Language, Operation, Platform, Service};
use crate::output::Plan;

use super::gateway::Gateway;
use super::launch::Launch;
use super::service::Naming;
use super::{go, python, typescript};

/// Appends the files of a gateway.
pub(crate) type GatewayPlan = fn(&Request<'_>, &Gateway<'_>, &mut Plan) -> Result<(), GenerateError>;

/// A language with its framework.
pub(crate) struct Kit {
    /// The language.
    pub(crate) language: Language,
    /// The framework.
    pub(crate) framework: Framework,
    /// Both as a constitution names them.
    pub(crate) shown: &'static str,
    /// How it names the parts of a service.
    pub(crate) naming: &'static Naming,
    /// The brokers that its services speak with.
    pub(crate) brokers: &'static [Broker],
    /// Whether its services have clients of other services, and run sagas.
    pub(crate) coordinates: bool,
    /// Appends the files of one service, and notes on what a person has to decide.
    pub(crate) plan: fn(&Request<'_>, &Service, &Api, &mut Plan) -> Result<(), GenerateError>,
    /// Appends the files of one gateway; nothing where none can be written in the language yet.
    pub(crate) gateway: Option<GatewayPlan>,
    /// Operations that answer 501 until a person writes them, with the file of their handler.
    pub(crate) by_hand: for<'a> fn(&'a Platform, &'a Service, &'a Api) -> Vec<(&'a Operation, String)>,
    /// The folder of handlers.
    pub(crate) sources: fn(&Service) -> String,
    /// How a service is installed, started and tested.
    pub(crate) launch: fn(&Service) -> Launch,
}

/// Every language.
#[rustfmt::skip] // One a line, so that two branches that add a language merge.
static KITS: &[&Kit] = &[
    &python::KIT,
    &typescript::KIT,
    &go::KIT,
];

/// The kit of a service's language and framework.
pub(crate) fn kit(service: &Service) -> Option<&'static Kit> {
    let wanted = (service.language, service.framework);
    KITS.iter().copied().find(|kit| (kit.language, kit.framework) == wanted)
}

/// What is said of a service that has none.
pub(crate) fn missing(service: &Service) -> String {
    let known: Vec<String> = KITS.iter().map(|kit| format!("`Language: {}`", kit.shown)).collect();
    format!(
        "{}: no code is generated for {:?} with {:?}; {} in the constitution or the spec chooses what can be",
        service.name,
        service.language,
        service.framework,
        known.join(", ")
    )
}
