//! Whether a handler can make a document by spreading the body, or must copy property by property.

use crate::generate::code::behaviour::{Field, Source};
use crate::generate::code::resource;
use crate::model::Schemas;

use super::{OperationCode, ResourceCode};

/// Whether all that the body may hold is kept, so that it can be spread.
pub(crate) fn spreads(schemas: &Schemas, code: &OperationCode<'_>, fields: &[Field]) -> bool {
    let Some((_, body)) = resource::body(schemas, code.operation) else { return false };
    let kept = |name: &str| {
        let field = fields.iter().find(|field| field.name == name);
        field.is_some_and(|field| {
            matches!(field.source, Source::Body | Source::BodyIfSent | Source::BodyOr(_) | Source::BodyOrCurrent)
        })
    };
    body.closed && body.properties.iter().all(|property| property.read_only || kept(&property.name))
}

/// Whether everything that a document may have is in the body or told apart: a type checker cannot know that the
/// rest is not in a body that is spread.
pub(crate) fn covers(schemas: &Schemas, code: &OperationCode<'_>, resource: &ResourceCode, fields: &[Field]) -> bool {
    let body = resource::body(schemas, code.operation).map(|(_, body)| body).unwrap_or_default();
    let told = |name: &str| fields.iter().any(|field| field.name == name && field.source != Source::CurrentIfSet);
    let mut optional = resource.resource.shape.properties.iter().filter(|property| !property.required);
    optional.all(|property| body.property(&property.name).is_some() || told(&property.name))
}
