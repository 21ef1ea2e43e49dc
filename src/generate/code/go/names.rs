//! The names of a service in Go that the contract's package has besides its types.

use crate::generate::code::names::Case;
use crate::generate::code::service::{OperationCode, ResourceCode, ServiceCode};
use crate::generate::code::streams;
use crate::model::Language;
use crate::template::names::{Scope, identifier};

use super::clients::ClientPackage;
use super::types::Types;
use super::words::{exported, file, unexported};

/// Packages and variables that the code of handlers uses, which a collection or document must not hide.
const USED: &[&str] = &[
    "auth",
    "body",
    "call",
    "claims",
    "context",
    "contract",
    "copies",
    "ctx",
    "current",
    "data",
    "err",
    "http",
    "json",
    "limit",
    "messaging",
    "now",
    "number",
    "offset",
    "page",
    "problem",
    "saga",
    "sagas",
    "slices",
    "store",
    "strconv",
    "streams",
    "subject",
    "tokens",
    "unit",
    "upstream",
    "url",
    "values",
    "work",
    "h",
];

/// The variable of a document whose own name is taken.
const DOCUMENT: &str = "document";

/// Names that the contract's package has for something else.
pub(crate) const PACKAGE: &[&str] = &[
    "clients",
    "context",
    "document",
    "embed",
    "errors",
    "json",
    "messaging",
    "problem",
    "schema",
    "security",
    "web",
    "work",
];

/// A group of operations.
#[derive(Clone, Debug)]
pub(crate) struct GroupNames {
    /// The type of its handlers, `Orders`.
    pub(crate) class: String,
    /// The interface, `OrdersHandlers`.
    pub(crate) interface: String,
    /// What answers 501, `UnimplementedOrders`.
    pub(crate) unimplemented: String,
    /// A parameter that holds the handlers.
    pub(crate) argument: String,
    /// A variable that holds them beside much else.
    pub(crate) variable: String,
    /// Its files, without an ending.
    pub(crate) file: String,
}

/// A collection and one of its documents.
#[derive(Clone, Debug)]
pub(crate) struct ResourceNames {
    /// The variable of the collection.
    pub(crate) collection: String,
    /// A variable that holds a document.
    pub(crate) variable: String,
}

/// All of them, in the order of the service's lists.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// Groups.
    pub(crate) groups: Vec<GroupNames>,
    /// Resources.
    pub(crate) resources: Vec<ResourceNames>,
    /// Variables that describe operations.
    pub(crate) operations: Vec<String>,
    /// Methods that answer operations.
    pub(crate) methods: Vec<String>,
    /// What a method is called with.
    pub(crate) calls: Vec<String>,
    /// Variables that describe events.
    pub(crate) events: Vec<String>,
    /// Methods that consume events.
    pub(crate) consumers: Vec<String>,
}

impl Names {
    /// The names of a service; they are taken in its contract's package. Handlers import the packages of clients.
    pub(crate) fn new(code: &ServiceCode<'_>, types: &mut Types<'_>, clients: &[ClientPackage<'_>]) -> Names {
        let mut own = Scope::new();
        let variable = |operation: &OperationCode<'_>| {
            let name = unexported(&operation.function);
            let taken = PACKAGE.contains(&name.as_str());
            own.unique(&if taken { format!("{name}Operation") } else { name }, "")
        };
        let operations: Vec<String> = code.operations.iter().map(variable).collect();
        let groups = code.groups.iter().map(|group| {
            let class = exported(&group.class);
            GroupNames {
                interface: types.claim(&format!("{class}Handlers")),
                unimplemented: types.claim(&format!("Unimplemented{class}")),
                argument: argument(&class, &operations),
                variable: format!("{}Handlers", unexported(&class).trim_end_matches('_')),
                file: file(&group.module),
                class,
            }
        });
        let groups = groups.collect();
        let mut taken = Scope::new();
        let methods: Vec<String> =
            code.operations.iter().map(|operation| taken.unique(&exported(&operation.function), "")).collect();
        let calls = methods.iter().map(|method| types.claim(&format!("{method}Call"))).collect();
        let events = code.wires.iter().map(|wire| types.claim(&exported(&wire.constant))).collect();
        let consumers = code.wires.iter().map(|wire| exported(&wire.function)).collect();
        let mut collections = Scope::new();
        let event_sourced = streams::any(code);
        let is_used = |name: &str| {
            USED.contains(&name)
                || (event_sourced && name == "all")
                || clients.iter().any(|client| client.package == name)
        };
        let resources = code.resources.iter();
        let resources = resources.map(|resource| resource_names(resource, &is_used, &mut collections)).collect();
        Names { groups, resources, operations, methods, calls, events, consumers }
    }
}

/// A parameter that holds the handlers of a group, and hides no variable of the package.
fn argument(class: &str, operations: &[String]) -> String {
    let name = unexported(class);
    let taken = PACKAGE.contains(&name.as_str()) || operations.contains(&name);
    if taken { format!("{}Handlers", name.trim_end_matches('_')) } else { name }
}

fn resource_names(resource: &ResourceCode, is_used: &dyn Fn(&str) -> bool, taken: &mut Scope) -> ResourceNames {
    let plural = unexported(&resource.constant);
    let plural = if is_used(&plural) || plural == DOCUMENT { format!("{plural}Collection") } else { plural };
    let collection = taken.unique(&plural, "");
    let collection =
        if streams::is_stream(resource) { format!("streams.{}", exported(&collection)) } else { collection };
    let singular = unexported(&identifier(Language::Go, Case::Pascal, &resource.resource.singular));
    let clashes = singular == collection || is_used(&singular);
    ResourceNames { collection, variable: if clashes { DOCUMENT.to_owned() } else { singular } }
}

impl OperationCode<'_> {
    /// Whether a plain success has no content.
    pub(crate) fn answers_nothing(&self) -> bool {
        !self.answers.iter().any(|answer| answer.status == self.success)
    }
}
