//! What the templates of interfaces and handlers are rendered over: signatures, and the statements that behaviours need.

mod answer;
mod auth;
mod document;
mod list;

use serde::Serialize;

use crate::generate::code::behaviour::{Behaviour, Source};
use crate::model::Schemas;

use super::clients_view::references;
use super::events_view::publications;
use super::layout::{Code, prose, string, value};
use super::models::annotation;
use super::sagas_view::begins;
use crate::generate::code::service::{OperationCode, ResourceCode, ServiceCode, default_of};
use crate::generate::code::streams;

/// A collection of documents.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CollectionView {
    /// Its whole declaration.
    pub(crate) declaration: String,
}

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
    /// Properties that are copied where the document has them, as literals.
    pub(crate) optional: Vec<String>,
}

/// A method of an interface or of handlers.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MethodView {
    /// `operationId`, as a literal.
    pub(crate) id: String,
    /// Name of the method.
    pub(crate) name: String,
    /// The whole head in the interface.
    pub(crate) declared: String,
    /// The whole head in the handlers.
    pub(crate) head: String,
    /// What it does, in a sentence.
    pub(crate) doc: String,
    /// `create`, `read`, `list`, `replace`, `patch`, `delete`, `transition`, `register`, `auth` or `unknown`.
    pub(crate) kind: &'static str,
    /// The collection's constant.
    pub(crate) collection: String,
    /// Variable for one document.
    pub(crate) variable: String,
    /// The key and what else selects the document, as arguments.
    pub(crate) key: String,
    /// Statement that writes a document that was read before.
    pub(crate) save: String,
    /// Statement that makes the document.
    pub(crate) document: String,
    /// Properties that are copied where they are sent or set.
    pub(crate) optional: Vec<CopyView>,
    /// Whether the time is needed more than once.
    pub(crate) now: bool,
    /// Properties of the body that are not kept.
    pub(crate) dropped: Vec<String>,
    /// Query parameters that the default does not know to use.
    pub(crate) ignored: Vec<String>,
    /// The expression that is answered; empty for nothing.
    pub(crate) result: String,
    /// Statement that reads a page.
    pub(crate) page: String,
    /// Statements that publish what was done.
    pub(crate) publications: Vec<String>,
    /// Statements that ask other services before anything is made.
    pub(crate) references: Vec<String>,
    /// Statements before the answer.
    pub(crate) statements: Vec<String>,
    /// The check of a transition.
    pub(crate) transition: Option<TransitionView>,
}

/// A property that is copied where its source has it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CopyView {
    /// The variable that may have it.
    pub(crate) source: &'static str,
    /// Its name as a literal.
    pub(crate) name: String,
    /// Whether null removes it.
    pub(crate) removable: bool,
    /// Whether the variable may be None.
    pub(crate) guarded: bool,
}

/// The check of the state that a transition starts from.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TransitionView {
    /// `if` with the condition that refuses it; empty where nothing does.
    pub(crate) condition: String,
    /// Statement that refuses it.
    pub(crate) problem: String,
    /// `if` with the condition that it is done already; empty where that is a conflict.
    pub(crate) repeated: String,
    /// What is answered then.
    pub(crate) repeated_result: String,
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
        let mut view = MethodView {
            id: string(&code.operation.id),
            name: code.function.clone(),
            declared: self.head(code, &format!("Result[{}]", annotation(&code.returns, "models."))),
            head: self.head(code, &annotation(&code.returns, "models.")),
            doc: prose(summary.unwrap_or(&fallback)),
            kind: "unknown",
            collection: String::new(),
            variable: String::new(),
            key: String::new(),
            save: String::new(),
            document: String::new(),
            optional: Vec::new(),
            now: false,
            dropped: Vec::new(),
            ignored: Vec::new(),
            result: String::new(),
            page: String::new(),
            publications: Vec::new(),
            references: references(self.service, &code.operation.id),
            statements: Vec::new(),
            transition: None,
        };
        let service = self.service;
        let resource = self.resource(code);
        if let Behaviour::Auth(step) = &code.behaviour {
            self.auth(&mut view, code, step);
        } else if let Some(resource) = &resource {
            view.collection.clone_from(&resource.constant);
            view.variable.clone_from(&resource.variable);
            view.key = self.key(code, resource);
            view.save = save(code, resource);
            self.behave(&mut view, code, resource);
        }
        if let Some(resource) = &resource {
            view.publications = publications(service, code, resource);
            view.publications.extend(begins(service, code, &resource.variable));
        }
        view
    }

    /// What an operation works on, with a variable that none of its arguments has.
    fn resource(&self, code: &OperationCode<'_>) -> Option<ResourceCode> {
        let found = self.service.resources.get(code.resource?)?;
        Some(ResourceCode { variable: found.variable_in(code), ..found.clone() })
    }

    fn head(&self, code: &OperationCode<'_>, returns: &str) -> String {
        let mut parameters = vec![Code::text("self"), Code::text("context: Context")];
        let mut keywords = Vec::new();
        let mut optional = Vec::new();
        for argument in &code.arguments {
            let default =
                default_of(self.schemas, argument).filter(|default| !default.is_array() && !default.is_object());
            let kind = annotation(&argument.kind, "models.");
            if argument.parameter.required {
                keywords.push(Code::text(format!("{}: {}", argument.name, kind)));
            } else if let Some(default) = default {
                let label = format!("{}: {} = ", argument.name, kind);
                optional.push(Code::Labelled(label, Box::new(value(&default))));
            } else {
                let kind = annotation(&argument.kind.clone().or_null(), "models.");
                optional.push(Code::text(format!("{}: {kind} = None", argument.name)));
            }
        }
        if let Some(body) = &code.body {
            keywords.push(Code::text(format!("body: {}", annotation(&body.kind, "models."))));
        }
        if !keywords.is_empty() || !optional.is_empty() {
            parameters.push(Code::text("*"));
        }
        parameters.extend(keywords);
        parameters.extend(optional);
        let open = format!("async def {}(", code.function);
        Code::group(open, parameters, ")").lay_out(4, "", &format!(" -> {returns}:"))
    }

    /// The arguments that select one document.
    fn key(&self, code: &OperationCode<'_>, resource: &ResourceCode) -> String {
        let name =
            |parameter: &str| code.argument(parameter).map_or("None", |argument| argument.name.as_str()).to_owned();
        let key = name(&resource.resource.parameter);
        match self.parents(code, resource) {
            Some(parents) => format!("{key}, where={parents}"),
            None => key,
        }
    }

    /// The properties that variables of the path select, as a literal.
    fn parents(&self, code: &OperationCode<'_>, resource: &ResourceCode) -> Option<String> {
        let parents = &resource.resource.parents;
        let entries = parents.iter().map(|(variable, property)| {
            let argument = code.argument(variable).map_or("None", |argument| argument.name.as_str());
            format!("{}: {argument}", string(property))
        });
        (!parents.is_empty()).then(|| format!("{{{}}}", entries.collect::<Vec<_>>().join(", ")))
    }

    fn behave(&mut self, view: &mut MethodView, code: &OperationCode<'_>, resource: &ResourceCode) {
        let variable = &resource.variable;
        match &code.behaviour {
            Behaviour::Unknown | Behaviour::Auth(_) => {}
            Behaviour::Create { fields, dropped, view: shown, location } => {
                view.kind = "create";
                view.now = fields.iter().filter(|field| field.source == Source::Now).count() > 1;
                self.assign(view, code, resource, fields);
                view.dropped.clone_from(dropped);
                view.result = self.shown(code, resource, shown.as_ref(), variable);
                if *location {
                    let key = string(&resource.resource.key);
                    let url = format!("f\"{}/{{{variable}[{}]}}\"", code.path, key.replace('"', "'"));
                    let content = if view.result.is_empty() { "None" } else { &view.result };
                    let headers = Code::Labelled(
                        "headers=".to_owned(),
                        Box::new(Code::group("{", vec![Code::entry("Location", Code::text(url))], "}")),
                    );
                    let reply = Code::group("Reply(", vec![Code::text(content), headers], ")");
                    view.result = reply.lay_out(8, "return ", "").trim_start_matches("return ").to_owned();
                    view.head = self.head(code, &format!("Reply[{}]", annotation(&code.returns, "models.")));
                }
            }
            Behaviour::Read(shown) => {
                view.kind = "read";
                view.result = self.shown(code, resource, Some(shown), variable);
            }
            Behaviour::List(list) => {
                view.kind = "list";
                view.ignored.clone_from(&list.ignored);
                self.list(view, code, resource, list);
            }
            Behaviour::Replace { fields, view: shown } => {
                view.kind = "replace";
                self.assign(view, code, resource, fields);
                view.result = self.shown(code, resource, shown.as_ref(), variable);
            }
            Behaviour::Patch { fields, removable, view: shown } => {
                view.kind = "patch";
                self.patch(view, code, resource, fields, removable);
                view.result = self.shown(code, resource, shown.as_ref(), variable);
            }
            Behaviour::Transition(transition) => {
                view.kind = "transition";
                view.dropped.clone_from(&transition.dropped);
                self.transition(view, code, resource, transition);
                view.result = self.shown(code, resource, transition.view.as_ref(), variable);
            }
            Behaviour::Delete(shown) => {
                view.kind = "delete";
                view.result = self.shown(code, resource, shown.as_ref(), variable);
            }
        }
    }
}

/// `await ORDERS.save(context, order)`, with what happened to it where the documents are kept as events.
fn save(code: &OperationCode<'_>, resource: &ResourceCode) -> String {
    let mut arguments = vec![Code::text("context"), Code::text(resource.variable.as_str())];
    if let Some(kind) = streams::kind(&code.behaviour).filter(|_| streams::is_stream(resource)) {
        arguments.push(Code::text(format!("event={}", string(&kind))));
    }
    Code::group(format!("await {}.save(", resource.constant), arguments, ")").lay_out(8, "", "")
}
