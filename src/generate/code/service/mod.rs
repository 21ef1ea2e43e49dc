//! A contract as the code of a service sees it, in any language: groups of operations, their functions, arguments and types,
//! with names that the language can have.

mod builder;
mod clients;
mod groups;
mod naming;
mod parts;
mod spread;
mod types;

use std::collections::BTreeSet;

use crate::generate::code::behaviour::{self, Archetypes, Auth, AuthStep, Behaviour, Source};
use crate::generate::code::caching;
use crate::generate::code::cases::answer;
use crate::generate::code::clients::{Clients, Reference, TokenCheck};
use crate::generate::code::errors::ErrorBody;
use crate::generate::code::events::{Events, Wire};
use crate::generate::code::names::{Case, Names};
use crate::generate::code::resource::{self, Resource, is_prefix};
use crate::generate::code::sagas::{self, SagaPlan};
use crate::generate::code::schema_checks::SchemaChecks;
use crate::generate::code::schema_document::{Direction, SchemaDocument};
use crate::generate::code::shape;
use crate::generate::code::streams;
use crate::model::{Api, EventSourcing, Language, Operation, Platform, SchemaId, Schemas, SecuritySchemeKind, Service};
use crate::template::names::identifier;

use builder::Builder;
pub(crate) use clients::{CallCode, ClientCode};
use groups::Groups;
pub(crate) use naming::{ClientNaming, Naming};
pub(crate) use parts::{AnswerCode, Argument, BodyCode, Group, OperationCode, ResourceCode, WireCode};
pub(crate) use spread::{covers, spreads};
use types::Models;
pub(crate) use types::{Body, Definition, Field, Type};

/// Tables that the run time of generated services has itself.
const TABLES: &[&str] = &[
    "credentials",
    "idempotency_answers",
    "inbox",
    "outbox",
    "refresh_tokens",
    "sagas",
    "schema_migrations",
    "withdrawn_tokens",
];

/// A whole service.
pub(crate) struct ServiceCode<'a> {
    /// The service.
    pub(crate) service: &'a Service,
    /// Its contract.
    pub(crate) api: &'a Api,
    /// Groups in the order of the contract.
    pub(crate) groups: Vec<Group>,
    /// Resources that at least one operation works on.
    pub(crate) resources: Vec<ResourceCode>,
    /// Operations that handlers answer, in the order in which paths are matched.
    pub(crate) operations: Vec<OperationCode<'a>>,
    /// How errors are shown that are no problem documents.
    pub(crate) error_bodies: Vec<ErrorBody>,
    /// What is known of its accounts, where it issues tokens.
    pub(crate) auth: Option<Auth>,
    /// Its events.
    pub(crate) events: Events,
    /// Their names in the language, in the same order.
    pub(crate) wires: Vec<WireCode>,
    /// The services that it calls.
    pub(crate) clients: Vec<ClientCode<'a>>,
    /// The call that tells whether the token of a request still holds.
    pub(crate) token_check: Option<TokenCheck>,
    /// Calls before a document is made.
    pub(crate) references: Vec<Reference>,
    /// The sagas that it runs.
    pub(crate) sagas: Vec<SagaPlan>,
    /// Public probes of the contract that the runtime answers: path and operation.
    pub(crate) probes: Vec<(String, &'a Operation)>,
    /// Types with names; what one uses stands before it, but for cycles.
    pub(crate) definitions: Vec<Definition>,
    /// The schemas that are checked at run time.
    pub(crate) schemas: SchemaChecks,
}

fn wires(events: &Events, document: &mut SchemaDocument<'_>, naming: &Naming) -> Vec<WireCode> {
    let mut names = Names::new(naming.language);
    let code = |wire: &Wire| {
        let name = names.claim(&wire.name.replace('.', " "), Case::Snake);
        WireCode {
            constant: identifier(naming.language, naming.constant, &name),
            function: identifier(naming.language, naming.function, &format!("on {name}")),
            definition: wire.schema.map(|id| document.define(id, Direction::Response, &format!("event.{}", wire.name))),
        }
    };
    events.wires.iter().map(code).collect()
}

impl<'a> ServiceCode<'a> {
    /// Everything that the templates of a service need to know.
    pub(crate) fn new(platform: &'a Platform, service: &'a Service, api: &'a Api, naming: &Naming) -> ServiceCode<'a> {
        let schemas = &platform.schemas;
        let archetypes = Archetypes::new(schemas, api);
        let (probes, handled) = split_probes(api);
        let events = Events::new(platform, service, api, &archetypes);
        let messages = events.wires.iter().filter_map(|wire| Some((wire.schema?, Direction::Response)));
        let roots: Vec<_> = roots(&handled).into_iter().chain(messages).collect();
        let mut document = SchemaDocument::new(schemas, &roots);
        let mut models = Models::new(schemas, &mut document, naming);
        let error_bodies = Vec::new();
        let mut builder = Builder { api, archetypes: &archetypes, models: &mut models, naming, schemas, error_bodies };
        let mut functions = Names::new(naming.language).with(naming.locals);
        let mut groups = Groups::new(naming, archetypes.auth.is_some());
        let mut operations: Vec<OperationCode<'a>> = handled
            .iter()
            .map(|operation| {
                let function = functions.claim(&operation_name(operation), naming.function);
                let group = groups.of(&operation.path);
                builder.operation(operation, function, group)
            })
            .collect();
        let error_bodies = builder.error_bodies;
        let event_sourcing = |resource: &Resource| streams::of(schemas, service, api, resource);
        let resources = resource_code(&archetypes.resources, &mut operations, &mut models, naming, &event_sourcing);
        // A key that was used before has a history in the event store, and is nobody else's.
        for operation in &mut operations {
            let stream = operation.resource.and_then(|at| resources.get(at)).is_some_and(streams::is_stream);
            if let Behaviour::Create { fields, .. } = &mut operation.behaviour {
                fields.iter_mut().filter(|_| stream).for_each(behaviour::Field::make_up);
            }
        }
        caching::mark(service, api, &events, &resources, &mut operations);
        operations.sort_by_key(|operation| specificity(&operation.path));
        let definitions = std::mem::take(&mut models.definitions);
        let wires = wires(&events, models.document(), naming);
        let (mut called, mut sagas) = (Clients::default(), Vec::new());
        if naming.clients.is_some() {
            called = Clients::new(platform, service, api, &archetypes, &events);
            sagas = sagas::of(platform, service, api, &archetypes, &called);
        }
        let (clients, more) = clients::clients(schemas, &called, naming);
        let checks = SchemaChecks::new(document.finish(more));
        // A default that its own tests cannot show at work is left to a person.
        let shown = |reference: &Reference| {
            let call = &clients[reference.call.0].calls[reference.call.1];
            answer(schemas, &checks, &call.call, &call.successes).is_some()
        };
        let references = called.references.into_iter().filter(shown).collect();
        ServiceCode {
            service,
            api,
            groups: groups.found,
            resources,
            operations,
            error_bodies,
            auth: archetypes.auth,
            events,
            wires,
            clients,
            token_check: called.token_check,
            references,
            sagas,
            probes,
            definitions,
            schemas: checks,
        }
    }

    /// Whether any operation takes a key that says which requests are one and the same.
    pub(crate) fn is_keyed(&self) -> bool {
        self.operations.iter().any(|operation| operation.idempotency_key().is_some())
    }

    /// Whether a new document gets a value from this source.
    pub(crate) fn makes(&self, source: &Source) -> bool {
        self.operations.iter().any(|operation| match &operation.behaviour {
            Behaviour::Create { fields, .. } => fields.iter().any(|field| field.source == *source),
            _ => false,
        })
    }

    /// Whether answers of any operation are kept.
    pub(crate) fn keeps_answers(&self) -> bool {
        self.operations.iter().any(|operation| operation.kept.is_some())
    }

    /// Whether any handler is asked what a token in the body says.
    pub(crate) fn reads_tokens(&self) -> bool {
        let reads = |one: &Behaviour| matches!(one, Behaviour::Auth(AuthStep::Validate { token: Some(_), .. }));
        self.operations.iter().any(|operation| reads(&operation.behaviour))
    }

    /// Whether any operation asks for a scheme of this kind.
    pub(crate) fn uses_scheme(&self, kind: impl Fn(&SecuritySchemeKind) -> bool) -> bool {
        let used = self.operations.iter().flat_map(|operation| operation.operation.security.iter().flatten());
        used.map(|requirement| self.scheme(&requirement.scheme)).any(|scheme| kind(&scheme))
    }

    /// The kind of a scheme; one that is not declared is taken for a bearer token.
    pub(crate) fn scheme(&self, name: &str) -> SecuritySchemeKind {
        scheme_of(self.api, name)
    }

    /// Whether a value holds to a definition of the schemas.
    pub(crate) fn accepts(&self, definition: &str, candidate: &serde_json::Value) -> bool {
        self.schemas.accepts(definition, candidate)
    }

    /// What the default handler of an operation does, in words that follow its name.
    pub(crate) fn does(&self, operation: &OperationCode<'_>) -> String {
        let collection =
            operation.resource.and_then(|at| self.resources.get(at)).map_or("", |resource| &resource.table);
        match &operation.behaviour {
            Behaviour::Create { .. } => format!("creates one of `{collection}`"),
            Behaviour::Read(_) => format!("reads one of `{collection}`"),
            Behaviour::List(_) => format!("lists `{collection}`"),
            Behaviour::Replace { .. } => format!("replaces one of `{collection}`"),
            Behaviour::Patch { .. } => format!("changes one of `{collection}`"),
            Behaviour::Delete(_) => format!("deletes one of `{collection}`"),
            Behaviour::Transition(transition) => {
                format!("moves one of `{collection}` from {} to {}", transition.from.join(" or "), transition.to)
            }
            Behaviour::Auth(AuthStep::Register { .. }) => "stores an account with the hash of its password".to_owned(),
            Behaviour::Auth(AuthStep::Login(_)) => "checks a password and begins a session".to_owned(),
            Behaviour::Auth(AuthStep::Refresh { .. }) => "changes a refresh token for new tokens".to_owned(),
            Behaviour::Auth(AuthStep::Validate { .. }) => "tells what an access token says".to_owned(),
            Behaviour::Auth(AuthStep::Logout { .. }) => "ends the session".to_owned(),
            Behaviour::Unknown => "answers 501 until its handler is written".to_owned(),
        }
    }

    /// The contract's file, from the service's folder.
    pub(crate) fn contract_file(&self) -> &str {
        let file = &*self.api.origin.file;
        file.strip_prefix(&format!("{}/", self.service.folder)).unwrap_or(file)
    }

    /// Every scope that an operation asks for.
    pub(crate) fn scopes(&self) -> String {
        let requirements = self.operations.iter().flat_map(|operation| operation.operation.security.iter().flatten());
        let scopes: BTreeSet<&str> =
            requirements.flat_map(|requirement| requirement.scopes.iter().map(String::as_str)).collect();
        scopes.into_iter().collect::<Vec<_>>().join(" ")
    }

    /// Whether a handler of a group begins, renews, reads or ends sessions.
    pub(crate) fn uses_sessions(&self, group: usize) -> bool {
        let needs = |behaviour: &Behaviour| match behaviour {
            Behaviour::Auth(AuthStep::Register { .. } | AuthStep::Validate { token: None, .. }) => false,
            Behaviour::Auth(_) => true,
            _ => false,
        };
        self.operations.iter().any(|operation| operation.group == group && needs(&operation.behaviour))
    }
}

/// The kind of a scheme; one that is not declared is taken for a bearer token.
pub(crate) fn scheme_of(api: &Api, name: &str) -> SecuritySchemeKind {
    let declared = api.security_schemes.iter().find(|scheme| scheme.name == name);
    declared.map_or_else(
        || SecuritySchemeKind::Http { scheme: "bearer".to_owned(), format: None },
        |scheme| scheme.kind.clone(),
    )
}

/// Whether a scheme is a token in the Authorization header.
pub(crate) fn is_token(kind: &SecuritySchemeKind) -> bool {
    match kind {
        SecuritySchemeKind::Http { scheme, .. } => scheme != "basic",
        SecuritySchemeKind::Oauth2 { .. }
        | SecuritySchemeKind::OpenIdConnect { .. }
        | SecuritySchemeKind::MutualTls => true,
        SecuritySchemeKind::ApiKey { .. } => false,
    }
}

/// Whether a scheme is a name and a password.
pub(crate) fn is_basic(kind: &SecuritySchemeKind) -> bool {
    matches!(kind, SecuritySchemeKind::Http { scheme, .. } if scheme == "basic")
}

/// A contract's own `operationId`, or words from its method and path.
fn operation_name(operation: &Operation) -> String {
    if operation.named {
        return operation.id.to_string();
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
    naming: &Naming,
    event_sourcing: &dyn Fn(&Resource) -> Option<EventSourcing>,
) -> Vec<ResourceCode> {
    // A table has the same name whatever language works on it.
    let mut tables = Names::new(Language::Other).with(TABLES);
    if resources.iter().any(|resource| event_sourcing(resource).is_some()) {
        tables = tables.with(&streams::TABLES);
    }
    let mut constants = Names::new(naming.language);
    let mut found = Vec::new();
    for (at, resource) in resources.iter().enumerate() {
        let users: Vec<usize> = (0..operations.len()).filter(|user| operations[*user].resource == Some(at)).collect();
        let Some(first) = users.first() else { continue };
        let group = operations[*first].group;
        for user in users {
            operations[user].resource = Some(found.len());
        }
        let short: String = resource.name.chars().take(40).collect();
        let variable = identifier(naming.language, naming.function, &resource.singular);
        let clashes = naming.locals.iter().chain(naming.functions).any(|name| *name == variable);
        found.push(ResourceCode {
            resource: resource.clone(),
            table: tables.claim(&short, Case::Snake),
            constant: constants.claim(&resource.name, naming.constant),
            variable: if clashes { "document".to_owned() } else { variable },
            model: models.of(resource.document, Direction::Response, &resource.singular),
            group,
            event_sourcing: event_sourcing(resource),
        });
    }
    found
}

/// The default of a parameter, where it has one.
pub(crate) fn default_of(schemas: &Schemas, argument: &Argument<'_>) -> Option<serde_json::Value> {
    shape::default(schemas, argument.schema?)
}
