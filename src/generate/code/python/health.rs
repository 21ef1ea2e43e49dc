//! What the probes answer.

use crate::generate::code::resource;
use crate::generate::code::sample::sample;
use crate::generate::code::schema_document::Direction;
use crate::generate::code::shape::{self, Shape};
use crate::model::Schemas;

use super::layout::{string, value};
use crate::generate::code::service::ServiceCode;

/// The content of a health answer: what the contract's schema wants, or the plain word.
pub(crate) fn health_content(schemas: &Schemas, service: &ServiceCode<'_>) -> Vec<(String, String)> {
    let declared = service.probes.iter().find(|(path, _)| path.contains("health"));
    let answer = declared.and_then(|(_, operation)| resource::answer(schemas, operation));
    let shape = answer.and_then(|answer| Shape::of(schemas, answer.schema)).unwrap_or_default();
    let mut found = Vec::new();
    for property in &shape.properties {
        let expression = match property.name.to_ascii_lowercase().as_str() {
            "status" => {
                let first = shape::first_choice(schemas, property.schema);
                value(&first.unwrap_or("ok".into())).lay_out(0, "", "")
            }
            "service" | "name" => string(&service.service.name),
            "version" => string(&service.api.version),
            "timestamp" | "time" => "timestamp()".to_owned(),
            _ if property.required => {
                let sample = sample(schemas, property.schema, Direction::Response);
                value(&sample.unwrap_or_default()).lay_out(0, "", "")
            }
            _ => continue,
        };
        found.push((string(&property.name), expression));
    }
    if found.is_empty() {
        found.push(("\"status\"".to_owned(), "\"ok\"".to_owned()));
    }
    found
}
