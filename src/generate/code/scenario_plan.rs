//! The plan of a service's scenarios: which of them its tests prove, and why others not.

use serde::Serialize;

use crate::model::{Platform, Service};

use super::cases::{Left, plans};
use super::kit::kit;
use super::service::ServiceCode;

/// How far a scenario is tested by the code that is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tested {
    /// All that it says.
    Tested,
    /// A part of it.
    Partly,
    /// Nothing.
    NotTested,
}

/// What becomes of one scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScenarioOutcome<'a> {
    /// The service.
    pub service: &'a str,
    /// Its priority; empty where it has none.
    pub priority: String,
    /// Its title.
    pub title: String,
    /// How far it is tested.
    pub outcome: Tested,
    /// The titles of its tests.
    pub tests: Vec<String>,
    /// What no test checks, and why.
    pub left: Vec<Left>,
}

/// What becomes of the scenarios of a service, in the order of its spec.
pub fn scenarios<'a>(platform: &Platform, service: &'a Service) -> Vec<ScenarioOutcome<'a>> {
    let (Some(kit), Some(api)) = (kit(service), &service.api) else {
        let all = service.spec.iter().flat_map(|spec| &spec.scenarios);
        let none =
            || vec![Left { said: "all of it".to_owned(), why: "no code is generated for the service".to_owned() }];
        let row = |scenario: &crate::model::Scenario| ScenarioOutcome {
            service: &service.name,
            priority: scenario.priority.clone(),
            title: scenario.title.clone(),
            outcome: Tested::NotTested,
            tests: Vec::new(),
            left: none(),
        };
        return all.map(row).collect();
    };
    if service.spec.as_ref().is_none_or(|spec| spec.scenarios.is_empty()) {
        return Vec::new();
    }
    let code = ServiceCode::new(platform, service, api, kit.naming);
    let row = |plan: super::cases::ScenarioPlan| ScenarioOutcome {
        service: &service.name,
        outcome: match (plan.cases.is_empty(), plan.left.is_empty()) {
            (true, _) => Tested::NotTested,
            (false, false) => Tested::Partly,
            (false, true) => Tested::Tested,
        },
        priority: plan.priority,
        title: plan.title,
        tests: plan.cases.into_iter().map(|case| case.title).collect(),
        left: plan.left,
    };
    plans(&platform.schemas, &code).into_iter().map(row).collect()
}
