//! Models that were saved: what `agentspec model` printed, read again. Nothing in such a file is trusted: ids must name a
//! schema, and what the model keeps sorted is sorted.

use super::build::MODEL_VERSION;
use super::lower::json_of;
use super::{AdditionalProperties, Keyword, MediaType, Operation, Parameter, Platform, SchemaId};
use crate::source::NodeRef;

/// Why a saved model cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SavedError {
    /// It is of another version.
    #[error("it is a model of version {found}, and this agentspec reads version {MODEL_VERSION}")]
    Version {
        /// The version it states.
        found: String,
    },
    /// It is not as `agentspec model` prints it.
    #[error("it is no model as `agentspec model` prints it: {0}")]
    Shape(String),
    /// It refers to a schema that it does not hold.
    #[error("it refers to schema {0}, and holds only {1}")]
    Schema(u32, usize),
}

/// Reads a saved model from the root of its file.
///
/// # Errors
/// When it is of another version, misses something, or refers to what it does not hold.
pub fn read_saved(root: NodeRef<'_>) -> Result<Platform, SavedError> {
    let version = root.get("version");
    if version.and_then(NodeRef::as_i64) != Some(i64::from(MODEL_VERSION)) {
        let found = version.and_then(NodeRef::scalar).unwrap_or("unknown").to_owned();
        return Err(SavedError::Version { found });
    }
    let read = serde_json::from_value(json_of(root));
    let mut platform: Platform = read.map_err(|error| SavedError::Shape(error.to_string()))?;
    let count = platform.schemas.nodes.len();
    let mut wrong = None;
    each_id(&platform, &mut |id| {
        if id.0 as usize >= count {
            wrong.get_or_insert(SavedError::Schema(id.0, count));
        }
    });
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    platform.services.sort_by(|a, b| a.name.cmp(&b.name));
    platform.events.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(platform)
}

/// Calls back with every schema id of a model.
fn each_id(platform: &Platform, see: &mut dyn FnMut(SchemaId)) {
    for service in &platform.services {
        service.publishes.iter().filter_map(|definition| definition.schema).for_each(&mut *see);
        let Some(api) = &service.api else { continue };
        api.schemas.iter().for_each(|(_, id)| see(*id));
        let mut open: Vec<&Operation> = api.operations.iter().chain(&api.webhooks).collect();
        while let Some(operation) = open.pop() {
            ids_of_operation(operation, see);
            open.extend(operation.callbacks.iter().flat_map(|callback| &callback.operations));
        }
    }
    let definitions = platform.events.iter().flat_map(|event| &event.definitions);
    definitions.filter_map(|definition| definition.schema).for_each(&mut *see);
    for keyword in platform.schemas.nodes.iter().flat_map(|schema| &schema.keywords) {
        ids_of_keyword(keyword, see);
    }
}

fn ids_of_operation(operation: &Operation, see: &mut dyn FnMut(SchemaId)) {
    let mut content = |list: &[MediaType]| list.iter().filter_map(|media| media.schema).for_each(&mut *see);
    operation.request_body.iter().for_each(|body| content(&body.content));
    operation.responses.iter().for_each(|response| content(&response.content));
    let headers = operation.responses.iter().flat_map(|response| &response.headers);
    let parameters: Vec<&Parameter> = operation.parameters.iter().chain(headers).collect();
    parameters.iter().for_each(|parameter| content(&parameter.content));
    parameters.iter().filter_map(|parameter| parameter.schema).for_each(&mut *see);
}

fn ids_of_keyword(keyword: &Keyword, see: &mut dyn FnMut(SchemaId)) {
    use Keyword as K;
    match keyword {
        K::Ref(id) | K::Not(id) | K::If(id) | K::Then(id) | K::Else(id) => see(*id),
        K::ContentSchema(id) | K::Items(id) | K::Contains(id) | K::PropertyNames(id) => see(*id),
        K::AllOf(list) | K::AnyOf(list) | K::OneOf(list) | K::PrefixItems(list) => list.iter().for_each(|id| see(*id)),
        K::Properties(list) | K::PatternProperties(list) | K::DependentSchemas(list) => {
            list.iter().for_each(|(_, id)| see(*id));
        }
        K::AdditionalProperties(more) | K::UnevaluatedProperties(more) | K::UnevaluatedItems(more) => {
            if let AdditionalProperties::Schema(id) = more {
                see(*id);
            }
        }
        K::Discriminator { mapping, .. } => mapping.iter().filter_map(|(_, id)| *id).for_each(see),
        K::Enum(_) | K::Const(_) | K::MultipleOf(_) | K::Minimum(_) | K::ExclusiveMinimum(_) | K::Maximum(_) => {}
        K::ExclusiveMaximum(_) | K::MinLength(_) | K::MaxLength(_) | K::Pattern(_) | K::Format(_) => {}
        K::ContentEncoding(_) | K::ContentMediaType(_) | K::MinContains(_) | K::MaxContains(_) => {}
        K::MinItems(_) | K::MaxItems(_) | K::UniqueItems(_) | K::Required(_) | K::MinProperties(_) => {}
        K::MaxProperties(_) | K::DependentRequired(_) | K::Title(_) | K::Description(_) | K::Default(_) => {}
        K::Example(_) | K::ReadOnly(_) | K::WriteOnly(_) | K::ExtensibleEnum(_) | K::Unique(_) | K::Deprecated(_) => {}
        K::DynamicScope | K::Xml(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryStore, load};
    use crate::workspace::Workspace;

    const CONTRACT: &str = "\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    post:
      parameters: [{name: q, in: query, schema: {type: number, minimum: 0.1, multipleOf: 1.1e-3}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      callbacks: {done: {'{$url}': {post: {responses: {'200': {description: d}}}}}}
      responses: {'200': {description: d, headers: {X: {schema: {type: [string, 'null']}}}}}
components:
  schemas:
    A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, e: {enum: [1, 1.0, null, x]}}}
";

    fn printed() -> (Platform, String) {
        let store = MemoryStore::new([("a.yaml", CONTRACT)]);
        let platform = Workspace::contract(&store, "a.yaml", "a").unwrap().platform;
        let text = serde_json::to_string(&platform).unwrap();
        (platform, text)
    }

    fn read(text: &str) -> Result<Platform, SavedError> {
        let sources = load(&MemoryStore::new([("m.json", text)]), &|_| true).unwrap();
        read_saved(sources.root(sources.id_of("m.json").unwrap()).unwrap())
    }

    #[test]
    fn a_model_that_was_saved_is_the_same_model() {
        let (platform, text) = printed();
        assert_eq!(read(&text).unwrap(), platform);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let (_, text) = printed();
        let error = read(&text.replace("\"version\":1,\"name\"", "\"version\":7,\"name\"")).unwrap_err();
        assert_eq!(error, SavedError::Version { found: "7".to_owned() });
        let error = read(&text.replace("\"ref\":", "\"ref\":9")).unwrap_err();
        assert!(matches!(error, SavedError::Schema(id, _) if id >= 90), "{error}");
        let error = read(&text.replace("\"standards\":", "\"other\":")).unwrap_err();
        assert!(error.to_string().contains("missing field `standards`"), "{error}");
    }
}
