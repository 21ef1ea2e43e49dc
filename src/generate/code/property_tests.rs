//! What property-based tests of a service must be told that its contract does not say.

use serde_json::{Value as View, json};

use super::clients::Reference;
use super::service::{OperationCode, ServiceCode};

/// The template of the tests' settings, the same in every language.
pub(crate) const TEMPLATE: &str = "code/schemathesis.toml";

/// What the template is rendered over: operations that refuse what their contract admits, because of what was sent before or
/// is stored elsewhere, and why. Nothing where there are none.
pub(crate) fn view(code: &ServiceCode<'_>) -> Option<View> {
    let view = |operation: &OperationCode<'_>| {
        let refers = |one: &&Reference| one.operation == operation.operation.id && one.status == 422;
        let refers = code.references.iter().find(refers);
        let mut reasons = Vec::new();
        if operation.idempotency_key().is_some() {
            reasons.push("where another one had its Idempotency-Key".to_owned());
        }
        reasons.extend(refers.map(|one| format!("where nothing has the `{}` that it names", one.property)));
        // A literal of JSON is one of TOML.
        let id = operation.operation.named.then(|| json!(operation.operation.id).to_string())?;
        (!reasons.is_empty()).then(|| json!({ "id": id, "why": reasons.join(", or ") }))
    };
    let stateful: Vec<View> = code.operations.iter().filter_map(view).collect();
    (!stateful.is_empty()).then(|| json!({ "stateful": stateful }))
}
