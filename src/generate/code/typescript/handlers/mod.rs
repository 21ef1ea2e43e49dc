//! What the templates of interfaces and handlers are rendered over: signatures, and the statements that behaviours need.

mod answer;
mod auth;
mod document;
mod list;

use serde::Serialize;

use crate::generate::code::behaviour::Behaviour;
use crate::generate::code::names::Case;
use crate::generate::code::service::{OperationCode, ResourceCode, ServiceCode, Type, default_of};
use crate::generate::code::spoken::spoken;
use crate::generate::code::streams;
use crate::model::{Language, Schemas};

use super::clients_view::references;
use super::events_view::publications;
use super::layout::{Code, access, annotation, key, prose, string};
use super::models::typed;
use super::sagas_view::begins;

/// A function that shows a document as an answer needs it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ProjectionView {
    /// Its name.
    pub(crate) name: String,
    /// Name of its argument.
    pub(crate) variable: String,
    /// Type of its argument.
    pub(crate) from: String,
    /// Type of its result.
    pub(crate) to: String,
    /// The statement that makes the result from what each document has.
    pub(crate) statement: String,
    /// Properties that are copied where the document has them.
    pub(crate) optional: Vec<CopyView>,
}

/// A property that is copied where its source has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct CopyView {
    /// Where it comes from: `body.name`.
    pub(crate) from: String,
    /// Where it goes: `user.name`.
    pub(crate) to: String,
}

/// What a handler takes besides the context.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct InputView {
    /// Name of the interface.
    pub(crate) name: String,
    /// Its fields.
    pub(crate) fields: Vec<String>,
}

/// A method of an interface and its handler.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MethodView {
    /// Name of the method.
    pub(crate) name: String,
    /// What it takes; nothing where it takes nothing.
    pub(crate) input: Option<InputView>,
    /// Its declaration in the interface.
    pub(crate) declared: String,
    /// The first line of the handler.
    pub(crate) head: String,
    /// What it does, in a sentence.
    pub(crate) doc: String,
    /// Properties of the body that are not kept.
    pub(crate) dropped: Vec<String>,
    /// Query parameters that the default does not know to use.
    pub(crate) ignored: Vec<String>,
    /// What the handler does.
    pub(crate) statements: Vec<String>,
}

/// Methods of a group, with the functions that they need.
pub(crate) struct Methods<'a, 'b> {
    schemas: &'a Schemas,
    service: &'b ServiceCode<'a>,
    /// Functions that show documents.
    pub(crate) projections: Vec<ProjectionView>,
}

impl<'a, 'b> Methods<'a, 'b> {
    /// Nothing yet.
    pub(crate) fn new(schemas: &'a Schemas, service: &'b ServiceCode<'a>) -> Self {
        Methods { schemas, service, projections: Vec::new() }
    }

    /// The method of an operation.
    pub(crate) fn method(&mut self, code: &OperationCode<'_>) -> MethodView {
        let summary = code.operation.summary.as_deref().filter(|text| !text.trim().is_empty());
        let fallback = format!("{} {}", code.operation.method.key().to_uppercase(), code.operation.path);
        let input = self.input(code);
        let mut view = MethodView {
            name: code.function.clone(),
            declared: declared(code, input.as_ref()),
            head: String::new(),
            input,
            doc: prose(summary.unwrap_or(&fallback)),
            dropped: Vec::new(),
            ignored: Vec::new(),
            statements: Vec::new(),
        };
        let service = self.service;
        let resource = code.resource.and_then(|at| service.resources.get(at));
        match (&code.behaviour, resource) {
            (Behaviour::Auth(step), _) => self.auth(&mut view, code, step),
            (_, Some(resource)) => self.behave(&mut view, code, resource),
            _ => {}
        }
        if view.statements.is_empty() {
            let problem = format!("throw new NotImplementedOperation({});", string(&code.operation.id));
            view.statements.push(problem);
        }
        view.head = head(code, &view.statements);
        view
    }

    /// The interface of what a handler takes.
    fn input(&self, code: &OperationCode<'_>) -> Option<InputView> {
        let field = |name: &str, optional: bool, kind: &Type| {
            typed(&format!("{}{}:", key(name), if optional { "?" } else { "" }), kind, "models.", 2)
        };
        let argument = |argument: &crate::generate::code::service::Argument<'_>| {
            let optional = !argument.parameter.required && default_of(self.schemas, argument).is_none();
            // What the contract gives no type is a text.
            let kind = if argument.kind == Type::Any { &Type::Text } else { &argument.kind };
            field(&argument.name, optional, kind)
        };
        let mut fields: Vec<String> = code.arguments.iter().map(argument).collect();
        if let Some(body) = &code.body {
            // What is not sent is undefined.
            let kind = match &body.kind {
                Type::Union(members) if !body.required => {
                    let kinds: Vec<Type> = members.iter().filter(|one| **one != Type::Null).cloned().collect();
                    if let [only] = kinds.as_slice() { only.clone() } else { Type::Union(kinds) }
                }
                kind => kind.clone(),
            };
            fields.push(field("body", !body.required, &kind));
        }
        let name = format!("{}Input", Case::Pascal.apply(&code.function));
        (!fields.is_empty()).then_some(InputView { name, fields })
    }

    /// The arguments that select one document.
    fn key(&self, code: &OperationCode<'_>, resource: &ResourceCode) -> Vec<Code> {
        let mut arguments = vec![Code::text("context"), Code::text(name_of(code, &resource.resource.parameter))];
        let entries = resource.resource.parents.iter();
        let entries = entries.map(|(variable, property)| Code::entry(property, Code::text(name_of(code, variable))));
        let entries: Vec<Code> = entries.collect();
        if !entries.is_empty() {
            arguments.push(Code::Object(entries));
        }
        arguments
    }

    fn behave(&mut self, view: &mut MethodView, code: &OperationCode<'_>, resource: &ResourceCode) {
        let variable = resource.variable_in(code);
        let mut publications = publications(self.service, code, &variable);
        publications.extend(begins(self.service, code, &variable));
        let call =
            |method: &str, arguments: Vec<Code>| Code::Call(format!("{}.{method}", resource.constant), arguments);
        let pair = || vec![Code::text("context"), Code::text(variable.clone())];
        let saved = || {
            let kind = streams::kind(&code.behaviour).filter(|_| streams::is_stream(resource));
            pair().into_iter().chain(kind.map(|kind| Code::text(string(&kind)))).collect()
        };
        let lock = |view: &mut MethodView, arguments: Vec<Code>| {
            view.statements.push(call("lock", arguments).lay_out(4, "const current = await ", ";"));
        };
        match &code.behaviour {
            Behaviour::Unknown | Behaviour::Auth(_) => {}
            Behaviour::Create { fields, dropped, view: shown, location } => {
                view.dropped.clone_from(dropped);
                view.statements.extend(references(self.service, &code.operation.id));
                self.assign(view, code, resource, fields);
                view.statements.push(call("add", pair()).lay_out(4, "await ", ";"));
                view.statements.extend(publications);
                let shown = self.shown(code, resource, shown.as_ref(), &variable);
                if *location {
                    view.statements.push(located(code, resource, &variable, shown));
                } else {
                    answer(view, shown);
                }
            }
            Behaviour::Read(shown) => {
                let read = call("get", self.key(code, resource));
                let shown = self.shown(code, resource, Some(shown), &variable);
                answer_of(view, &variable, read, shown);
            }
            Behaviour::List(list) => {
                view.ignored.clone_from(&list.ignored);
                self.list(view, code, resource, list);
            }
            Behaviour::Replace { fields, view: shown } => {
                lock(view, self.key(code, resource));
                self.assign(view, code, resource, fields);
                view.statements.push(call("save", saved()).lay_out(4, "await ", ";"));
                view.statements.extend(publications);
                let shown = self.shown(code, resource, shown.as_ref(), &variable);
                answer(view, shown);
            }
            Behaviour::Patch { fields, removable, view: shown } => {
                lock(view, self.key(code, resource));
                self.patch(view, code, resource, fields, removable);
                view.statements.push(call("save", saved()).lay_out(4, "await ", ";"));
                view.statements.extend(publications);
                let shown = self.shown(code, resource, shown.as_ref(), &variable);
                answer(view, shown);
            }
            Behaviour::Transition(transition) => {
                view.dropped.clone_from(&transition.dropped);
                lock(view, self.key(code, resource));
                self.transition(view, code, resource, transition);
                view.statements.push(call("save", saved()).lay_out(4, "await ", ";"));
                view.statements.extend(publications);
                let shown = self.shown(code, resource, transition.view.as_ref(), &variable);
                answer(view, shown);
            }
            Behaviour::Delete(shown) => {
                let remove = call("remove", self.key(code, resource));
                let shown = self.shown(code, resource, shown.as_ref(), &variable);
                if publications.is_empty() {
                    answer_of(view, &variable, remove, shown);
                } else {
                    view.statements.push(remove.lay_out(4, &format!("const {variable} = await "), ";"));
                    view.statements.extend(publications);
                    answer(view, shown);
                }
            }
        }
    }
}

/// The name of the argument of a parameter.
fn name_of(code: &OperationCode<'_>, parameter: &str) -> String {
    code.argument(parameter).map_or("undefined".to_owned(), |argument| argument.name.clone())
}

/// A property of the body, which may itself not be sent.
fn sent(code: &OperationCode<'_>, name: &str) -> String {
    match (code.body.as_ref().is_some_and(|body| !body.required), access(name)) {
        (true, access) if access.starts_with('[') => format!("body?.{access}"),
        (true, access) => format!("body?{access}"),
        (false, access) => format!("body{access}"),
    }
}

/// `listOrders?: (context: Context, input: ListOrdersInput) => Result<models.OrderList>;`
fn declared(code: &OperationCode<'_>, input: Option<&InputView>) -> String {
    let mut parameters = vec![Code::text("context: Context")];
    parameters.extend(input.map(|input| Code::text(format!("input: {}", input.name))));
    let returns = match &code.returns {
        Type::Null => "void".to_owned(),
        kind => annotation(kind, "models."),
    };
    let after = format!(" => Result<{returns}>;");
    Code::Parameters(String::new(), parameters).lay_out(2, &format!("{}?: ", code.function), &after)
}

/// `async listOrders(context, { limit, offset }) {`, with what the statements use.
fn head(code: &OperationCode<'_>, statements: &[String]) -> String {
    let text = spoken(Language::Typescript, &statements.join("\n"));
    let uses = |name: &str| {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        text.match_indices(name).any(|(at, _)| {
            let before = &text[..at];
            let property = before.ends_with('.') && !before.ends_with("...");
            !property && !before.ends_with(word) && !text[at + name.len()..].starts_with(word)
        })
    };
    let names = code.arguments.iter().map(|argument| argument.name.as_str()).chain(code.body.as_ref().map(|_| "body"));
    let names: Vec<Code> = names.filter(|name| uses(name)).map(Code::text).collect();
    let mut parameters = Vec::new();
    if uses("context") || !names.is_empty() {
        parameters.push(Code::text("context"));
    }
    if !names.is_empty() {
        parameters.push(Code::Object(names));
    }
    Code::Parameters(format!("async {}", code.function), parameters).lay_out(2, "", " {")
}

/// The statement that answers, where anything is.
fn answer(view: &mut MethodView, shown: Option<Code>) {
    view.statements.extend(shown.map(|shown| shown.lay_out(4, "return ", ";")));
}

/// The statements that answer what a call gives: the document as it is, or shown otherwise.
fn answer_of(view: &mut MethodView, variable: &str, call: Code, shown: Option<Code>) {
    match shown {
        Some(Code::Text(text)) if text == variable => view.statements.push(call.lay_out(4, "return ", ";")),
        None => view.statements.push(call.lay_out(4, "await ", ";")),
        shown => {
            view.statements.push(call.lay_out(4, &format!("const {variable} = await "), ";"));
            answer(view, shown);
        }
    }
}

/// The statement that answers with the URL of a new document.
fn located(code: &OperationCode<'_>, resource: &ResourceCode, variable: &str, shown: Option<Code>) -> String {
    let path = super::layout::template(&code.path).replace('{', "${");
    let key = format!("{variable}{}", access(&resource.resource.key));
    let always = resource.resource.shape.property(&resource.resource.key).is_some_and(|key| key.required);
    let key = if always { key } else { format!("String({key})") };
    let url = format!("`{path}/${{{key}}}`");
    let headers = Code::Object(vec![Code::Labelled("Location: ".to_owned(), Box::new(Code::text(url)))]);
    let options = Code::Object(vec![Code::entry("headers", headers)]);
    let content = shown.unwrap_or(Code::text("undefined"));
    Code::Call("new Reply".to_owned(), vec![content, options]).lay_out(4, "return ", ";")
}
