//! A contract as a Python service sees it: packages, groups of operations, their functions, arguments and types.

mod builder;
mod groups;

use crate::generate::code::behaviour::{Archetypes, Auth, Behaviour};
use crate::generate::code::events::{Events, Wire};
use crate::generate::code::names::{Case, Names};
use crate::generate::code::resource::{self, Resource, is_prefix};
use crate::generate::code::schema_document::{Direction, SchemaDocument};
use crate::generate::code::shape;
use crate::model::{Api, Language, Operation, Parameter, Platform, SchemaId, Schemas, SecuritySchemeKind, Service};
use crate::template::names::identifier;

use super::types::{Annotation, Definition, Models};
use builder::Builder;
use groups::Groups;

/// Names that a handler's own code uses.
const LOCALS: &[&str] = &[
    "self", "context", "body", "now", "found", "current", "models", "accounts", "claims", "data", "events", "outbox",
    "tokens",
];

/// Tables that the run time of generated services has itself.
const TABLES: &[&str] = &["credentials", "inbox", "outbox", "refresh_tokens", "withdrawn_tokens"];

/// A parameter of a handler.
#[derive(Clone, Debug)]
pub(crate) struct Argument<'a> {
    /// The parameter of the contract.
    pub(crate) parameter: &'a Parameter,
    /// Name of the argument.
    pub(crate) name: String,
    /// Its type.
    pub(crate) annotation: Annotation,
    /// Its schema, where it has one.
    pub(crate) schema: Option<SchemaId>,
    /// Name of the definition that it must hold to.
    pub(crate) definition: String,
    /// Whether the text is JSON.
    pub(crate) json: bool,
}

/// The request body of an operation.
#[derive(Clone, Debug)]
pub(crate) struct BodyCode {
    /// Media types, and the definition that each must hold to; nothing for bytes.
    pub(crate) content: Vec<(String, Option<String>)>,
    /// Whether it must be sent.
    pub(crate) required: bool,
    /// Its type.
    pub(crate) annotation: Annotation,
}

/// A response with content.
#[derive(Clone, Debug)]
pub(crate) struct AnswerCode {
    /// The status.
    pub(crate) status: u16,
    /// The media type.
    pub(crate) media_type: String,
    /// The definition that it must hold to; nothing for what is not JSON.
    pub(crate) definition: Option<String>,
}

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct OperationCode<'a> {
    /// The operation of the contract.
    pub(crate) operation: &'a Operation,
    /// Name of the handler's method.
    pub(crate) function: String,
    /// Name of the constant that describes it.
    pub(crate) constant: String,
    /// The path with the names of arguments in it.
    pub(crate) path: String,
    /// Index of its group.
    pub(crate) group: usize,
    /// Its parameters.
    pub(crate) arguments: Vec<Argument<'a>>,
    /// Its body.
    pub(crate) body: Option<BodyCode>,
    /// Status of a plain success.
    pub(crate) success: u16,
    /// What it answers.
    pub(crate) answers: Vec<AnswerCode>,
    /// Type of the content of a success.
    pub(crate) returns: Annotation,
    /// Declared statuses from 400 on.
    pub(crate) errors: Vec<u16>,
    /// What it does.
    pub(crate) behaviour: Behaviour,
    /// Index of the resource that it does it to.
    pub(crate) resource: Option<usize>,
}

impl OperationCode<'_> {
    /// The argument of a parameter.
    pub(crate) fn argument(&self, parameter: &str) -> Option<&Argument<'_>> {
        self.arguments.iter().find(|argument| argument.parameter.name == parameter)
    }

    /// Whether nobody needs to say who they are.
    pub(crate) fn is_public(&self) -> bool {
        resource::is_public(self.operation)
    }
}

/// Operations on one thing: one interface, one module of handlers.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Name of its modules, `order_items`.
    pub(crate) module: String,
    /// Name of the class of handlers.
    pub(crate) class: String,
}

/// A resource with its names in Python.
#[derive(Clone, Debug)]
pub(crate) struct ResourceCode {
    /// The resource.
    pub(crate) resource: Resource,
    /// Name of its table.
    pub(crate) table: String,
    /// Name of the constant that holds its collection.
    pub(crate) constant: String,
    /// Name of a variable that holds one document.
    pub(crate) variable: String,
    /// Type of a document.
    pub(crate) model: Annotation,
    /// Index of its group.
    pub(crate) group: usize,
}

/// A whole service.
pub(crate) struct ServiceCode<'a> {
    /// The service.
    pub(crate) service: &'a Service,
    /// Its contract.
    pub(crate) api: &'a Api,
    /// Name of the package.
    pub(crate) package: String,
    /// Groups in the order of the contract.
    pub(crate) groups: Vec<Group>,
    /// Resources that at least one operation works on.
    pub(crate) resources: Vec<ResourceCode>,
    /// Operations that handlers answer, in the order in which paths are matched.
    pub(crate) operations: Vec<OperationCode<'a>>,
    /// What is known of its accounts, where it issues tokens.
    pub(crate) auth: Option<Auth>,
    /// Its events.
    pub(crate) events: Events,
    /// Their names in Python, in the same order.
    pub(crate) wires: Vec<WireCode>,
    /// Public probes of the contract that the runtime answers: path and operation.
    pub(crate) probes: Vec<(String, &'a Operation)>,
    /// Types of the models module.
    pub(crate) definitions: Vec<Definition>,
    /// What the models module imports from `typing`.
    pub(crate) typing: Vec<String>,
    /// The schemas that are checked at run time.
    pub(crate) schemas: serde_json::Value,
}

/// An event with its names in Python.
#[derive(Clone, Debug)]
pub(crate) struct WireCode {
    /// Name of the constant that describes it.
    pub(crate) constant: String,
    /// Name of the method that consumes it.
    pub(crate) function: String,
    /// The definition that its messages must hold to.
    pub(crate) definition: Option<String>,
}

fn wires(events: &Events, document: &mut SchemaDocument<'_>) -> Vec<WireCode> {
    let mut names = Names::new(Language::Python);
    let code = |wire: &Wire| {
        let name = names.claim(&wire.name.replace('.', " "), Case::Snake);
        WireCode {
            constant: name.to_uppercase(),
            function: format!("on_{name}"),
            definition: wire.schema.map(|id| document.define(id, Direction::Response, &format!("event.{}", wire.name))),
        }
    };
    events.wires.iter().map(code).collect()
}

/// The package of a service: its name in snake case, which ends in `_service` so that it hides no library.
pub(crate) fn package(service: &str) -> String {
    let name = identifier(Language::Python, Case::Snake, service);
    if name.ends_with("service") { name } else { format!("{name}_service") }
}

impl<'a> ServiceCode<'a> {
    /// Everything that the templates of a service need to know.
    pub(crate) fn new(platform: &'a Platform, service: &'a Service, api: &'a Api) -> ServiceCode<'a> {
        let schemas = &platform.schemas;
        let archetypes = Archetypes::new(schemas, api);
        let (probes, handled) = split_probes(api);
        let events = Events::new(platform, service, api, &archetypes);
        let messages = events.wires.iter().filter_map(|wire| Some((wire.schema?, Direction::Response)));
        let roots: Vec<_> = roots(&handled).into_iter().chain(messages).collect();
        let mut document = SchemaDocument::new(schemas, &roots);
        let mut models = Models::new(schemas, &mut document);
        let mut builder = Builder { api, archetypes: &archetypes, models: &mut models };
        let mut functions = Names::new(Language::Python).with(LOCALS);
        let mut groups = Groups::default();
        let mut operations: Vec<OperationCode<'a>> = handled
            .iter()
            .map(|operation| {
                let function = functions.claim(&operation_name(operation), Case::Snake);
                let group = groups.of(&operation.path);
                builder.operation(operation, function, group)
            })
            .collect();
        let resources = resource_code(&archetypes.resources, &mut operations, &mut models);
        operations.sort_by_key(|operation| specificity(&operation.path));
        let definitions = std::mem::take(&mut models.definitions);
        let wires = wires(&events, models.document());
        let typing = std::mem::take(&mut models.typing).into_iter().collect();
        ServiceCode {
            service,
            api,
            package: package(&service.name),
            groups: groups.found,
            resources,
            operations,
            auth: archetypes.auth,
            events,
            wires,
            probes,
            definitions,
            typing,
            schemas: document.finish(),
        }
    }

    /// Whether any operation asks for a scheme of this kind.
    pub(crate) fn uses_scheme(&self, kind: impl Fn(&SecuritySchemeKind) -> bool) -> bool {
        let used = self.operations.iter().flat_map(|operation| operation.operation.security.iter().flatten());
        used.map(|requirement| self.scheme(&requirement.scheme)).any(|scheme| kind(&scheme))
    }

    /// The kind of a scheme; one that is not declared is taken for a bearer token.
    pub(crate) fn scheme(&self, name: &str) -> SecuritySchemeKind {
        let declared = self.api.security_schemes.iter().find(|scheme| scheme.name == name);
        declared.map_or_else(
            || SecuritySchemeKind::Http { scheme: "bearer".to_owned(), format: None },
            |scheme| scheme.kind.clone(),
        )
    }
}

/// A contract's own `operationId`, or words from its method and path.
fn operation_name(operation: &Operation) -> String {
    if operation.named {
        return operation.id.clone();
    }
    let segments: Vec<&str> =
        operation.path.split('/').filter(|segment| segment.starts_with('{') || !is_prefix(segment)).collect();
    format!("{} {}", operation.method.key(), segments.join(" "))
}

/// Probes that the runtime answers itself, with their paths, and what is left for handlers.
fn split_probes(api: &Api) -> (Vec<(String, &Operation)>, Vec<&Operation>) {
    let (probes, handled): (Vec<&Operation>, Vec<&Operation>) =
        api.operations.iter().partition(|operation| resource::is_probe(api, operation));
    let probes = probes.into_iter().map(|operation| (format!("{}{}", api.base_path, operation.path), operation));
    (probes.collect(), handled)
}

/// The schemas that operations use, and which way.
fn roots(operations: &[&Operation]) -> Vec<(SchemaId, Direction)> {
    let mut found = Vec::new();
    for operation in operations {
        let content = operation.parameters.iter().flat_map(|parameter| &parameter.content);
        let body = operation.request_body.iter().flat_map(|body| &body.content);
        let sent = operation.parameters.iter().filter_map(|parameter| parameter.schema);
        let sent = sent.chain(content.chain(body).filter_map(|media| media.schema));
        found.extend(sent.map(|id| (id, Direction::Request)));
        let shown = operation.responses.iter().flat_map(|response| &response.content);
        found.extend(shown.filter_map(|media| media.schema).map(|id| (id, Direction::Response)));
    }
    found
}

/// Fixed segments before those with a variable before those that are one.
fn specificity(path: &str) -> Vec<u8> {
    let rank = |segment: &str| match (segment.contains('{'), segment.starts_with('{') && segment.ends_with('}')) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => 2,
    };
    path.split('/').map(rank).collect()
}

/// Resources that operations work on, with their names.
fn resource_code(
    resources: &[Resource],
    operations: &mut [OperationCode<'_>],
    models: &mut Models<'_, '_>,
) -> Vec<ResourceCode> {
    let mut tables = Names::new(Language::Python).with(TABLES);
    let mut constants = Names::new(Language::Python);
    let mut found = Vec::new();
    for (at, resource) in resources.iter().enumerate() {
        let users: Vec<usize> = (0..operations.len()).filter(|user| operations[*user].resource == Some(at)).collect();
        let Some(first) = users.first() else { continue };
        let group = operations[*first].group;
        for user in users {
            operations[user].resource = Some(found.len());
        }
        let short: String = resource.name.chars().take(40).collect();
        let variable = identifier(Language::Python, Case::Snake, &resource.singular);
        let clashes = LOCALS.contains(&variable.as_str());
        found.push(ResourceCode {
            resource: resource.clone(),
            table: tables.claim(&short, Case::Snake),
            constant: constants.claim(&resource.name, Case::Constant),
            variable: if clashes { "document".to_owned() } else { variable },
            model: models.annotation(resource.document, Direction::Response, &resource.singular),
            group,
        });
    }
    found
}

/// The default of a parameter, where it has one.
pub(crate) fn default_of<'s>(schemas: &'s Schemas, argument: &Argument<'_>) -> Option<&'s serde_json::Value> {
    shape::default(schemas, argument.schema?)
}
