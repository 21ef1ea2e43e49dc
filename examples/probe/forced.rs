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
#[derive(Default)]
pub struct Forced<'a> {
    operations: &'a [Operation],
    base_path: String,
    /// Rules and messages of findings.
    findings: Vec<(String, String)>,
}

impl<'a> Forced<'a> {
    /// Runs the rules over the platform of a service.
    pub fn of(workspace: &Workspace, service: &'a Service) -> Forced<'a> {
        let Some(api) = &service.api else { return Forced::default() };
        let found = check::validate(workspace, &[], &Scope::default()).findings;
        let about = found.into_iter().filter(|one| one.position.file == *api.origin.file);
        let named = about.filter(|one| [ONE_MISSING, ALL_MISSING].contains(&one.rule.as_str()));
        Forced {
            operations: &api.operations,
            base_path: api.base_path.clone(),
            findings: named.map(|one| (one.rule, one.message)).collect(),
        }
    }

    /// The operation that a command of curl calls, as `METHOD path`.
    pub fn called(&self, command: &str) -> Option<String> {
        let (_, rest) = command.split_once("-X ")?;
        let method = rest.split_whitespace().next()?;
        let (_, url) = rest.rsplit_once("http://")?;
        let (_, path) = url.split_once('/')?;
        let path = format!("/{}", path.split(['?', '\'', '<']).next()?);
        let path = path.strip_prefix(&self.base_path)?;
        let fits = |template: &str| {
            let mut known = template.split('/');
            let parts = path.split('/').all(|part| known.next().is_some_and(|one| one == part || one.starts_with('{')));
            parts && known.next().is_none()
        };
        let here = |one: &&Operation| one.method.key().eq_ignore_ascii_case(method) && fits(&one.path);
        let found = self.operations.iter().filter(here).min_by_key(|one| one.path.matches('{').count())?;
        Some(label(found))
    }

    /// The rule that finds fault with an operation (`METHOD path`) because it does not declare a status that it must give.
    pub fn rule(&self, name: &str, status: u16) -> Option<&str> {
        let operation = self.operations.iter().find(|operation| label(operation) == name)?;
        let must = match status {
            415 => operation.request_body.is_some(),
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
