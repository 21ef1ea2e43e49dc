//! The parts of a service: operations with their arguments, bodies and answers; groups, resources and events.

use crate::generate::code::behaviour::Behaviour;
use crate::generate::code::caching::Kept;
use crate::generate::code::clients::idempotency_key;
use crate::generate::code::resource::Resource;
use crate::model::{EventSourcing, Method, Operation, Parameter, SchemaId};

use super::types::Type;

/// A parameter of a handler.
#[derive(Clone, Debug)]
pub(crate) struct Argument<'a> {
    /// The parameter of the contract.
    pub(crate) parameter: &'a Parameter,
    /// Name of the argument.
    pub(crate) name: String,
    /// Its type.
    pub(crate) kind: Type,
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
    pub(crate) kind: Type,
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
    /// The whole path, with `{names}` of arguments in it.
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
    pub(crate) returns: Type,
    /// Declared statuses from 400 on.
    pub(crate) errors: Vec<u16>,
    /// Errors that are no problem documents, by status (0 for those that are not declared): index of
    /// [`super::ServiceCode::error_bodies`].
    pub(crate) error_bodies: Vec<(u16, usize)>,
    /// What it does.
    pub(crate) behaviour: Behaviour,
    /// Index of the resource that it does it to.
    pub(crate) resource: Option<usize>,
    /// How its answers are kept, where its spec asks for that.
    pub(crate) kept: Option<Kept>,
}

impl OperationCode<'_> {
    /// The argument of a parameter.
    pub(crate) fn argument(&self, parameter: &str) -> Option<&Argument<'_>> {
        self.arguments.iter().find(|argument| argument.parameter.name == parameter)
    }

    /// The argument that says which requests are one and the same, where the operation changes something.
    pub(crate) fn idempotency_key(&self) -> Option<&Argument<'_>> {
        let changes = matches!(self.operation.method, Method::Post | Method::Patch | Method::Put | Method::Delete);
        let key = idempotency_key(self.operation).filter(|_| changes)?;
        self.arguments.iter().find(|argument| std::ptr::eq(argument.parameter, key))
    }

    /// Whether an argument is the header that says so, as whoever calls the operation sees it.
    pub(crate) fn is_key(&self, argument: &Argument<'_>) -> bool {
        idempotency_key(self.operation).is_some_and(|key| std::ptr::eq(key, argument.parameter))
    }

    /// Whether nobody needs to say who they are.
    pub(crate) fn is_public(&self) -> bool {
        self.operation.is_public()
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

/// A resource with its names in the language.
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
    pub(crate) model: Type,
    /// Index of its group.
    pub(crate) group: usize,
    /// How its documents are kept as events, where they are.
    pub(crate) event_sourcing: Option<EventSourcing>,
}

impl ResourceCode {
    /// The variable of a document in the code of an operation, which none of its arguments has.
    pub(crate) fn variable_in(&self, operation: &OperationCode<'_>) -> String {
        let free = |name: &String| operation.arguments.iter().all(|argument| argument.name != *name);
        let others = (2..).map(|number| format!("document{number}"));
        let mut names = [self.variable.clone(), "document".to_owned()].into_iter().chain(others);
        names.find(free).unwrap_or_default()
    }
}

/// An event with its names in the language.
#[derive(Clone, Debug)]
pub(crate) struct WireCode {
    /// Name of the constant that describes it.
    pub(crate) constant: String,
    /// Name of the method that consumes it.
    pub(crate) function: String,
    /// The definition that its messages must hold to.
    pub(crate) definition: Option<String>,
}
