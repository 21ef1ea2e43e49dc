//! What the templates of interfaces and handlers are rendered over: signatures, and the statements that behaviours need.

mod answer;
mod auth;
mod behave;
mod document;
mod group;
mod list;
mod state;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::generate::code::behaviour::Behaviour;
use crate::generate::code::service::{OperationCode, ResourceCode, ServiceCode, Type};
use crate::model::Schemas;

use super::clients::ClientPackage;
use super::events_view;
use super::layout::{align, prose, string};
use super::models::local;
use super::names::Names;
use super::operations::default_value;
use super::types::{FieldCode, Kind, Types, Wrap};
use super::words::exported;

pub(crate) use group::group_view;

/// The longest line of a signature.
const WIDTH: usize = 120;
/// The longest function that gofmt leaves on one line, less what is around its result.
const ONE_LINE: usize = 80;

/// A method of an interface or of handlers.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MethodView {
    /// Its name.
    pub(crate) name: String,
    /// The type that it is called with.
    pub(crate) call: String,
    /// The fields of that type.
    pub(crate) fields: Vec<String>,
    /// What it answers, as a comment.
    pub(crate) doc: String,
    /// Its parameters and results in the interface, after its name.
    pub(crate) declared: String,
    /// The same without names of parameters.
    pub(crate) types: String,
    /// The same in the handlers.
    pub(crate) head: String,
    /// `operationId`, as a literal.
    pub(crate) id: String,
    /// What an unknown operation returns before its error.
    pub(crate) nothing: &'static str,
    /// Lines of the handler.
    pub(crate) lines: Vec<String>,
}

/// A function of the handlers.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FunctionView {
    /// Its name.
    pub(crate) name: String,
    /// Its lines.
    pub(crate) lines: Vec<String>,
}

/// Everything that handlers are made from.
pub(crate) struct Handlers<'a, 'b> {
    pub(super) schemas: &'a Schemas,
    pub(super) service: &'b ServiceCode<'a>,
    pub(super) types: &'b Types<'b>,
    pub(super) names: &'b Names,
    clients: &'b [ClientPackage<'b>],
    /// Functions that publish, by event and resource.
    publishers: BTreeMap<(usize, usize), FunctionView>,
}

/// One method as it is written.
pub(super) struct Method<'h, 'a> {
    pub(super) code: &'h OperationCode<'a>,
    pub(super) lines: Vec<String>,
    /// What stands before an error that is returned.
    pub(super) nothing: &'static str,
}

impl Method<'_, '_> {
    /// Adds a statement, which may have several lines.
    pub(super) fn push(&mut self, statement: impl AsRef<str>) {
        self.lines.extend(statement.as_ref().lines().map(str::to_owned));
    }

    /// Returns the error of the statement before.
    pub(super) fn check(&mut self) {
        let nothing = self.nothing;
        self.push(format!("if err != nil {{\n\treturn {nothing}err\n}}"));
    }

    /// A statement that can only fail.
    pub(super) fn attempt(&mut self, call: &str) {
        let nothing = self.nothing;
        self.push(format!("if err := {call}; err != nil {{\n\treturn {nothing}err\n}}"));
    }

    /// Returns what the last statement says, where that can only fail.
    pub(super) fn finish(&mut self) {
        let last = self.lines.len().saturating_sub(3);
        let call =
            self.lines.get(last).and_then(|line| line.strip_prefix("if err := ")?.strip_suffix("; err != nil {"));
        let statement = call.map_or("return nil".to_owned(), |call| format!("return {call}"));
        if statement != "return nil" {
            self.lines.truncate(last);
        }
        self.push(statement);
    }

    /// An expression as a value of another type, by its JSON.
    pub(super) fn convert(&mut self, expression: &str, to: &Kind, name: &str) -> String {
        self.push(format!("{name}, err := values.Convert[{}]({expression})", to.text()));
        self.check();
        name.to_owned()
    }
}

impl<'a, 'b> Handlers<'a, 'b> {
    /// Nothing yet.
    pub(crate) fn new(
        schemas: &'a Schemas,
        service: &'b ServiceCode<'a>,
        types: &'b Types<'b>,
        names: &'b Names,
        clients: &'b [ClientPackage<'b>],
    ) -> Self {
        Handlers { schemas, service, types, names, clients, publishers: BTreeMap::new() }
    }

    /// The functions that the methods so far call.
    pub(crate) fn functions(&mut self) -> Vec<FunctionView> {
        std::mem::take(&mut self.publishers).into_values().collect()
    }

    /// The declaration of a collection.
    pub(crate) fn collection(&self, at: usize) -> String {
        let (resource, names) = (&self.service.resources[at], &self.names.resources[at]);
        let Some(definition) = self.types.object(&resource.model) else { return String::new() };
        let model = self.types.name(definition);
        let key = self.key_of(resource, &names.variable);
        let unique: String = resource.resource.unique.iter().map(|name| format!(", {}", string(name))).collect();
        let head = format!("func({} *contract.{model}) string {{", names.variable);
        let function = match head.len() + key.len() > ONE_LINE {
            true => format!("{head}\n\treturn {key}\n}}"),
            false => format!("{head} return {key} }}"),
        };
        let (variable, table) = (names.collection.trim_start_matches("streams."), string(&resource.table));
        match resource.event_sourcing {
            Some(sourcing) => {
                let every = sourcing.snapshot_every;
                format!(
                    "// {variable} are kept as events.\nvar {variable} = store.NewEventSourced({table}, {every}, {function}{unique})"
                )
            }
            None => format!("var {variable} = store.NewCollection({table}, {function}{unique})"),
        }
    }

    /// The key of a document as text.
    pub(super) fn key_of(&self, resource: &ResourceCode, document: &str) -> String {
        let field = self.document_field(resource, &resource.resource.key);
        field.map_or("\"\"".to_owned(), |field| {
            // Where the contract leaves it optional, it is there all the same.
            let pointer = if field.kind.wrap == Wrap::Plain { "" } else { "*" };
            text_of(&format!("{pointer}{document}.{}", field.name), &field.kind)
        })
    }

    /// The method of an operation.
    pub(crate) fn method(&mut self, at: usize) -> MethodView {
        let service = self.service;
        let code = &service.operations[at];
        let summary = code.operation.summary.as_deref().filter(|text| !text.trim().is_empty());
        let method = code.operation.method.key().to_uppercase();
        let address = format!("{method} {}{}", service.api.base_path, code.operation.path);
        let returns = self.returns(code);
        let results = returns.as_ref().map_or("error".to_owned(), |returns| format!("({returns}, error)"));
        let call = &self.names.calls[at];
        let name = self.names.methods[at].clone();
        let signature = |module: &str, results: &str| {
            format!("(ctx context.Context, unit *work.Unit, call {module}{call}) {results}")
        };
        let group = &self.names.groups[code.group];
        let own = format!("func (h *{}) {name}", group.class);
        let short = signature("contract.", &results);
        let head = match own.chars().count() + short.chars().count() + 2 > WIDTH {
            true => format!("(\n\tctx context.Context, unit *work.Unit, call contract.{call},\n) {results}"),
            false => short,
        };
        MethodView {
            doc: format!(
                "{name} answers {address}{}",
                summary.map_or(".".to_owned(), |text| format!(": {}", prose(text)))
            ),
            fields: self.call_fields(code),
            declared: signature("", &local(&results)),
            types: format!("(context.Context, *work.Unit, {call}) {}", local(&results)),
            head,
            id: string(&code.operation.id),
            nothing: if returns.is_some() { "nil, " } else { "" },
            lines: self.lines(at, returns.is_some()),
            call: call.clone(),
            name,
        }
    }

    /// The type of a result; nothing where a success has no content.
    pub(super) fn returns(&self, code: &OperationCode<'_>) -> Option<String> {
        if code.answers_nothing() {
            return None;
        }
        let kind = self.types.value(&code.returns);
        Some(if kind.has_nil() { kind.core } else { format!("*{}", kind.core) })
    }

    /// The fields of what a method is called with.
    fn call_fields(&self, code: &OperationCode<'_>) -> Vec<String> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for argument in &code.arguments {
            let given = argument.parameter.required || default_value(self.schemas, self.types, argument).is_some();
            let kind = self.types.argument(&argument.kind, given);
            rows.push(vec![exported(&argument.name), local(&kind.text())]);
        }
        if let Some(body) = &code.body {
            rows.push(vec!["Body".to_owned(), local(&self.types.argument(&body.kind, body.required).text())]);
        }
        align(&rows)
    }

    /// A parameter as an expression, with its type.
    pub(super) fn argument(&self, code: &OperationCode<'_>, parameter: &str) -> Option<(String, Kind)> {
        let argument = code.argument(parameter)?;
        let given = argument.parameter.required || default_value(self.schemas, self.types, argument).is_some();
        Some((format!("call.{}", exported(&argument.name)), self.types.argument(&argument.kind, given)))
    }

    /// A field of the documents of a resource.
    pub(super) fn document_field(&self, resource: &ResourceCode, name: &str) -> Option<FieldCode> {
        self.field(&resource.model, name)
    }

    /// A field of the body of an operation.
    pub(super) fn body_field(&self, code: &OperationCode<'_>, name: &str) -> Option<FieldCode> {
        self.field(&code.body.as_ref()?.kind, name)
    }

    /// A field of an object.
    pub(super) fn field(&self, object: &Type, name: &str) -> Option<FieldCode> {
        let definition = self.types.object(object)?;
        self.types.field_of(definition, name)
    }

    /// The arguments that select one document: context, transaction, key, and what else it must have.
    pub(super) fn selection(&self, code: &OperationCode<'_>, resource: &ResourceCode) -> String {
        let key = self.argument(code, &resource.resource.parameter);
        let key = key.map_or("\"\"".to_owned(), |(expression, kind)| text_of(&expression, &kind));
        let parents: String = self.parents(code, resource).iter().map(|one| format!(", {one}")).collect();
        format!("ctx, unit.Tx, {key}{parents}")
    }

    /// The conditions that variables of the path make.
    pub(super) fn parents(&self, code: &OperationCode<'_>, resource: &ResourceCode) -> Vec<String> {
        let parents = resource.resource.parents.iter();
        let conditions = parents.filter_map(|(variable, property)| {
            let (expression, _) = self.argument(code, variable)?;
            Some(format!("store.Equal({}, &{expression})", string(property)))
        });
        conditions.collect()
    }

    fn lines(&mut self, at: usize, answers: bool) -> Vec<String> {
        let service = self.service;
        let code = &service.operations[at];
        let mut method = Method { code, lines: Vec::new(), nothing: if answers { "nil, " } else { "" } };
        let resource = code.resource.and_then(|at| Some((at, service.resources.get(at)?, &self.names.resources[at])));
        match (&code.behaviour, resource) {
            (Behaviour::Auth(step), _) => self.auth(&mut method, step),
            (Behaviour::Unknown, _) | (_, None) => {}
            (behaviour, Some((at, resource, names))) => self.behave(&mut method, behaviour, at, resource, names),
        }
        if method.lines.is_empty() {
            let (nothing, id) = (method.nothing, string(&code.operation.id));
            method.push(format!("return {nothing}problem.NotImplemented({id})"));
        }
        method.lines
    }

    /// A comment that names parts of the contract.
    pub(super) fn note(&self, method: &mut Method<'_, '_>, what: &str, names: &[String]) {
        if !names.is_empty() {
            method.push(format!("// {what}: {}.", names.join(", ")));
        }
    }

    /// Calls of the functions that publish what an operation tells of a document.
    pub(super) fn publish(&mut self, method: &mut Method<'_, '_>, at: usize, document: &str) {
        let service = self.service;
        let own = service.events.triggers.iter().filter(|one| one.operation == method.code.operation.id);
        for trigger in own {
            let event = &self.names.events[trigger.wire];
            let taken = self.publishers.iter().any(|((wire, other), _)| *wire == trigger.wire && *other != at);
            let variable = &self.names.resources[at].variable;
            let name =
                if taken { format!("publish{event}Of{}", exported(variable)) } else { format!("publish{event}") };
            let resource = &service.resources[at];
            let known = self.publishers.get(&(trigger.wire, at)).map(|function| function.name.clone());
            let name = known.unwrap_or(name);
            let function = events_view::publisher(self.types, resource, variable, event, trigger, &name);
            self.publishers.insert((trigger.wire, at), function);
            method.attempt(&format!("{name}(ctx, unit, {document})"));
        }
    }
}

/// A scalar as text.
pub(super) fn text_of(expression: &str, kind: &Kind) -> String {
    match kind.core.as_str() {
        "string" => expression.to_owned(),
        "int64" => format!("strconv.FormatInt({expression}, 10)"),
        _ => format!("string({expression})"),
    }
}
