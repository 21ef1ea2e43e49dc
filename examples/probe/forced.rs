//! Failures that a contract forces: a response that any server must give and that the operation does not declare, which is
//! a finding of a rule.

use agentspec::check::{self, Scope};
use agentspec::model::{Operation, Service};
use agentspec::workspace::Workspace;

use crate::subject::label;

/// The rule that names what is missing beside responses for errors that are declared.
const ONE_MISSING: &str = "forced-response-undeclared";
/// The rule for operations that declare no response for errors at all.
const ALL_MISSING: &str = "error-response-missing";

/// What rules say of the responses that a service's contract does not declare.
pub struct Forced<'a> {
    operations: &'a [Operation],
    /// Rules and messages of findings.
    findings: Vec<(String, String)>,
}

impl<'a> Forced<'a> {
    /// Runs the rules over the platform of a service.
    pub fn of(workspace: &Workspace, service: &'a Service) -> Forced<'a> {
        let Some(api) = &service.api else { return Forced { operations: &[], findings: Vec::new() } };
        let found = check::validate(workspace, &[], &Scope::default()).findings;
        let about = found.into_iter().filter(|one| one.position.file == *api.origin.file);
        let named = about.filter(|one| [ONE_MISSING, ALL_MISSING].contains(&one.rule.as_str()));
        Forced { operations: &api.operations, findings: named.map(|one| (one.rule, one.message)).collect() }
    }

    /// The rule that finds fault with an operation (`METHOD path`) because it does not declare a status that it must give.
    pub fn rule(&self, name: &str, status: u16) -> Option<&str> {
        let operation = self.operations.iter().find(|operation| label(operation) == name)?;
        let must = match status {
            400 | 422 => operation.request_body.is_some() || !operation.parameters.is_empty(),
            401 | 403 => !operation.is_public(),
            404 | 410 => operation.path.contains('{'),
            _ => false,
        };
        let says = |(rule, message): &&(String, String)| {
            let about = message.strip_prefix(&format!("`{name}` ")).unwrap_or_default();
            rule == ALL_MISSING && !about.is_empty() || about.contains(&format!("`{status}`"))
        };
        self.findings.iter().filter(|_| must).find(says).map(|(rule, _)| rule.as_str())
    }
}
