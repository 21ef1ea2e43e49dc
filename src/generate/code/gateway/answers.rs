//! What a gateway answers by itself, as its document says it.

use serde_json::{Map, Value, json};

use crate::model::Operation;

use super::routes::Token;

/// The name of the schema of the gateway's own problems.
pub(super) const PROBLEM: &str = "GatewayProblem";

/// Statuses with the names of their components, in words.
const ANSWERS: [(&str, &str, &str); 7] = [
    ("401", "GatewayUnauthorized", "A valid bearer token is required"),
    ("403", "GatewayForbidden", "The token lacks a scope"),
    ("413", "GatewayContentTooLarge", "The body is longer than the gateway passes on"),
    ("429", "GatewayTooManyRequests", "The caller has sent too many requests"),
    ("502", "GatewayBadGateway", "The service behind the gateway cannot be reached"),
    ("503", "GatewayServiceUnavailable", "The service behind the gateway kept failing and is left alone for a while"),
    ("504", "GatewayTimeout", "The service behind the gateway did not answer in time"),
];

/// What the gateway answers to an operation besides, where its contract says nothing of such a status.
pub(super) fn of(operation: &Operation, token: &Token) -> Vec<(String, Value)> {
    let declared = |status: &str| {
        let range = if status.starts_with('4') { "4XX" } else { "5XX" };
        let mut statuses = operation.responses.iter().map(|response| response.status.as_str());
        statuses.any(|one| one == status || one.eq_ignore_ascii_case(range) || one == "default")
    };
    let applies = |status: &str| match status {
        "401" => matches!(token, Token::Demanded(_)),
        "403" => matches!(token, Token::Demanded(alternatives) if alternatives.iter().all(|scopes| !scopes.is_empty())),
        "413" => operation.request_body.is_some(),
        _ => true,
    };
    let own = ANSWERS.iter().filter(|(status, ..)| applies(status) && !declared(status));
    own.map(|(status, name, _)| ((*status).to_owned(), json!({ "$ref": format!("#/components/responses/{name}") })))
        .collect()
}

/// The components that the operations of a document refer to.
pub(super) fn responses(paths: &Map<String, Value>) -> Map<String, Value> {
    let operations = || paths.values().filter_map(Value::as_object).flat_map(Map::values);
    let mut found = Map::new();
    for (status, name, description) in ANSWERS {
        let reference = format!("#/components/responses/{name}");
        if operations().any(|operation| operation["responses"][status]["$ref"] == reference.as_str()) {
            found.insert(name.to_owned(), response(status, description));
        }
    }
    found
}

fn response(status: &str, description: &str) -> Value {
    let header = |description: &str, schema: Value| json!({ "description": description, "schema": schema });
    let mut answer = json!({ "description": description });
    match status {
        "401" => {
            answer["headers"] =
                json!({ "WWW-Authenticate": header("How to authenticate", json!({ "type": "string" })) })
        }
        "429" | "503" => {
            let seconds = json!({ "type": "integer", "minimum": 1 });
            answer["headers"] = json!({ "Retry-After": header("Seconds to wait", seconds) });
        }
        _ => {}
    }
    let schema = json!({ "$ref": format!("#/components/schemas/{PROBLEM}") });
    answer["content"] = json!({ "application/problem+json": { "schema": schema } });
    answer
}

/// The schema of a problem document (RFC 9457).
pub(super) fn problem() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong (RFC 9457)",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
        },
    })
}
