//! What the templates of interfaces and handlers are rendered over: signatures, and the statements that behaviours need.

use serde::Serialize;
use serde_json::Value;

use crate::generate::code::behaviour::{Behaviour, Field, List, PagePart, Source, View};
use crate::generate::code::shape::{self, Shape};
use crate::model::Schemas;

use super::layout::{Code, prose, string, value};
use super::service::{OperationCode, ResourceCode, ServiceCode, default_of};
use super::types::Annotation;

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
    /// `create`, `read`, `list`, `replace`, `patch`, `delete` or `unknown`.
    pub(crate) kind: &'static str,
    /// The collection's constant.
    pub(crate) collection: String,
    /// Variable for one document.
    pub(crate) variable: String,
    /// The key and what else selects the document, as arguments.
    pub(crate) key: String,
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
            declared: self.head(code, &format!("Result[{}]", code.returns.render("models."))),
            head: self.head(code, &code.returns.render("models.")),
            doc: prose(summary.unwrap_or(&fallback)),
            kind: "unknown",
            collection: String::new(),
            variable: String::new(),
            key: String::new(),
            document: String::new(),
            optional: Vec::new(),
            now: false,
            dropped: Vec::new(),
            ignored: Vec::new(),
            result: String::new(),
            page: String::new(),
        };
        let service = self.service;
        if let Some(resource) = code.resource.and_then(|at| service.resources.get(at)) {
            view.collection.clone_from(&resource.constant);
            view.variable.clone_from(&resource.variable);
            view.key = self.key(code, resource);
            self.behave(&mut view, code, resource);
        }
        view
    }

    fn head(&self, code: &OperationCode<'_>, returns: &str) -> String {
        let mut parameters = vec![Code::text("self"), Code::text("context: Context")];
        let mut keywords = Vec::new();
        let mut optional = Vec::new();
        for argument in &code.arguments {
            let default =
                default_of(self.schemas, argument).filter(|default| !default.is_array() && !default.is_object());
            let annotation = argument.annotation.clone();
            if argument.parameter.required {
                keywords.push(Code::text(format!("{}: {}", argument.name, annotation.render("models."))));
            } else if let Some(default) = default {
                let label = format!("{}: {} = ", argument.name, annotation.render("models."));
                optional.push(Code::Labelled(label, Box::new(value(default))));
            } else {
                let annotation = annotation.or_none().render("models.");
                optional.push(Code::text(format!("{}: {annotation} = None", argument.name)));
            }
        }
        if let Some(body) = &code.body {
            keywords.push(Code::text(format!("body: {}", body.annotation.render("models."))));
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
            Behaviour::Unknown => {}
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
                    view.head = self.head(code, &format!("Reply[{}]", code.returns.render("models.")));
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
            Behaviour::Delete(shown) => {
                view.kind = "delete";
                view.result = self.shown(code, resource, shown.as_ref(), variable);
            }
        }
    }

    /// Whether all that the body may hold is kept, so that it can be spread.
    fn spreads(&self, code: &OperationCode<'_>, fields: &[Field]) -> bool {
        let Some((_, body)) = crate::generate::code::resource::body(self.schemas, code.operation) else { return false };
        let kept = |name: &str| {
            let field = fields.iter().find(|field| field.name == name);
            field.is_some_and(|field| {
                matches!(field.source, Source::Body | Source::BodyIfSent | Source::BodyOr(_) | Source::BodyOrCurrent)
            })
        };
        body.closed && body.properties.iter().all(|property| property.read_only || kept(&property.name))
    }

    /// The statement that makes a whole document.
    fn assign(&self, view: &mut MethodView, code: &OperationCode<'_>, resource: &ResourceCode, fields: &[Field]) {
        let spreads = self.spreads(code, fields);
        let mut entries = Vec::new();
        if spreads {
            entries.push(Code::text("**body"));
        }
        for field in fields {
            let name = string(&field.name);
            let body_or = |default: Code| Code::group("body.get(", vec![Code::text(name.clone()), default], ")");
            let expression = match &field.source {
                Source::Body | Source::BodyIfSent if spreads => continue,
                Source::BodyIfSent => {
                    view.optional.push(CopyView { source: "body", name, removable: false });
                    continue;
                }
                Source::CurrentIfSet => {
                    view.optional.push(CopyView { source: "current", name, removable: false });
                    continue;
                }
                Source::Body => Code::text(format!("body[{name}]")),
                Source::BodyOr(default) => body_or(value(default)),
                Source::BodyOrCurrent => body_or(Code::text(format!("current[{name}]"))),
                Source::Current => Code::text(format!("current[{name}]")),
                Source::NewId => Code::text("new_id()"),
                Source::NextNumber => Code::text(format!("await {}.next_number(context)", resource.constant)),
                Source::Now => Code::text(if view.now { "now" } else { "timestamp()" }),
                Source::Path(variable) => {
                    Code::text(code.argument(variable).map_or("None", |argument| argument.name.as_str()))
                }
                Source::Caller => Code::text("context.subject"),
                Source::Constant(constant) => value(constant),
            };
            entries.push(Code::entry(&field.name, expression));
        }
        view.document = declare(resource, entries);
    }

    fn patch(
        &self,
        view: &mut MethodView,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        fields: &[Field],
        removable: &[String],
    ) {
        let mut entries = vec![Code::text("**current")];
        let spreads = removable.is_empty() && self.spreads(code, fields);
        if spreads {
            entries.push(Code::text("**body"));
        }
        for field in fields {
            match field.source {
                Source::Now => entries.push(Code::entry(&field.name, Code::text("timestamp()"))),
                _ if spreads => {}
                _ => view.optional.push(CopyView {
                    source: "body",
                    name: string(&field.name),
                    removable: removable.contains(&field.name),
                }),
            }
        }
        view.document = declare(resource, entries);
    }

    /// The expression that shows a document; empty where nothing is answered.
    fn shown(
        &mut self,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        view: Option<&View>,
        document: &str,
    ) -> String {
        let Some(view) = view else { return String::new() };
        let inner = match &view.envelope {
            None => code.returns.clone(),
            Some(name) => self.property_type(code, name),
        };
        let shown = self.projected(resource, view, &inner, document);
        match &view.envelope {
            Some(name) => format!("{{{}: {shown}}}", string(name)),
            None => shown,
        }
    }

    /// The type of a property of an answer.
    fn property_type(&self, code: &OperationCode<'_>, name: &str) -> Annotation {
        let Annotation::Model(model) = &code.returns else { return Annotation::Plain("Any") };
        let definition = self.service.definitions.iter().find(|definition| definition.name == *model);
        let field = definition.and_then(|definition| definition.fields.iter().find(|field| field.name == name));
        let text = field.map_or("", |field| field.annotation.as_str());
        let text = text.trim_start_matches("NotRequired[").trim_end_matches(']').trim_matches('"');
        let text = text.strip_prefix("list[").unwrap_or(text);
        match self.service.definitions.iter().any(|definition| definition.name == text) {
            true => Annotation::Model(text.to_owned()),
            false => Annotation::Plain("Any"),
        }
    }

    /// The document as it is, or the call of a function that picks what is shown.
    fn projected(&mut self, resource: &ResourceCode, view: &View, to: &Annotation, document: &str) -> String {
        let Some(properties) = &view.properties else { return document.to_owned() };
        let variable = &resource.variable;
        let mut entries = Vec::new();
        let mut optional = Vec::new();
        for (name, always) in properties {
            let name = string(name);
            match always {
                true => entries
                    .push(Code::Labelled(format!("{name}: "), Box::new(Code::text(format!("{variable}[{name}]"))))),
                false => optional.push(name),
            }
        }
        let to = to.render("models.");
        let statement = Code::group("{", entries, "}").lay_out(4, &format!("shown: {to} = "), "");
        let mut projection = ProjectionView {
            name: format!("show_{variable}"),
            variable: variable.clone(),
            from: resource.model.render("models."),
            to,
            statement,
            optional,
        };
        let base = projection.name.clone();
        let mut number = 2;
        while let Some(other) = self.projections.iter().find(|other| other.name == projection.name) {
            if *other == projection {
                return format!("{}({document})", projection.name);
            }
            projection.name = format!("{base}_{number}");
            number += 1;
        }
        self.projections.push(projection.clone());
        format!("{}({document})", projection.name)
    }

    fn list(&mut self, view: &mut MethodView, code: &OperationCode<'_>, resource: &ResourceCode, list: &List) {
        let name = |parameter: &Option<String>| {
            parameter.as_ref().and_then(|parameter| Some(code.argument(parameter)?.name.clone()))
        };
        let (limit, offset, page) = (name(&list.limit), name(&list.offset), name(&list.page));
        let size = limit.as_deref().map(|limit| self.number(code, limit, "20"));
        let mut arguments = vec![Code::text("context")];
        if let Some(size) = &size {
            arguments.push(Code::text(format!("limit={size}")));
        }
        match (&offset, &page, &size) {
            (Some(offset), ..) => arguments.push(Code::text(format!("offset={}", self.number(code, offset, "0")))),
            (None, Some(page), Some(size)) => {
                let first = self.number(code, page, "1");
                arguments.push(Code::text(format!("offset=({first} - 1) * {size}")));
            }
            _ => {}
        }
        let mut filters: Vec<Code> = Vec::new();
        for (variable, property) in &resource.resource.parents {
            let argument = code.argument(variable).map_or("None", |argument| argument.name.as_str());
            filters.push(Code::entry(property, Code::text(argument)));
        }
        for (parameter, property) in &list.filters {
            if let Some(argument) = code.argument(parameter) {
                filters.push(Code::entry(property, Code::text(argument.name.clone())));
            }
        }
        if !filters.is_empty() {
            arguments.push(Code::Labelled("where=".to_owned(), Box::new(Code::group("{", filters, "}"))));
        }
        let call = Code::group(format!("await {}.page(", resource.constant), arguments, ")");
        view.page = call.lay_out(8, "found = ", "");
        let to = self.item_type(code, list);
        let shown = self.projected(resource, &list.view, &to, &resource.variable);
        let items = match shown == resource.variable {
            true => "found.items".to_owned(),
            false => format!("[{shown} for {} in found.items]", resource.variable),
        };
        let answer = match &list.answer {
            None => Code::text(items),
            Some(parts) => {
                let numbers = PageNumbers {
                    items,
                    limit: size.unwrap_or_default(),
                    offset: offset.as_deref().map(|offset| self.number(code, offset, "0")),
                    page: page.as_deref().map(|page| self.number(code, page, "1")),
                };
                numbers.object(parts)
            }
        };
        view.result = answer.lay_out(8, "return ", "").trim_start_matches("return ").to_owned();
    }

    /// A number argument that is never None: itself where it has a default, else with one.
    fn number(&self, code: &OperationCode<'_>, name: &str, fallback: &str) -> String {
        let argument = code.arguments.iter().find(|argument| argument.name == name);
        let known = argument
            .is_some_and(|argument| argument.parameter.required || default_of(self.schemas, argument).is_some());
        if known { name.to_owned() } else { format!("({name} or {fallback})") }
    }

    /// The type of a list's items.
    fn item_type(&self, code: &OperationCode<'_>, list: &List) -> Annotation {
        match (&list.answer, &code.returns) {
            (None, Annotation::List(item)) => (**item).clone(),
            (None, _) => Annotation::Plain("Any"),
            (Some(parts), _) => {
                let items = parts.iter().find(|(_, part)| *part == PagePart::Items);
                items.map_or(Annotation::Plain("Any"), |(name, _)| self.property_type(code, name))
            }
        }
    }
}

/// `user: models.User = {…}`.
fn declare(resource: &ResourceCode, entries: Vec<Code>) -> String {
    let before = format!("{}: {} = ", resource.variable, resource.model.render("models."));
    Code::group("{", entries, "}").lay_out(8, &before, "")
}

/// Expressions for the parts of a page.
struct PageNumbers {
    items: String,
    limit: String,
    offset: Option<String>,
    page: Option<String>,
}

impl PageNumbers {
    fn object(&self, parts: &[(String, PagePart)]) -> Code {
        let entries = parts.iter().map(|(name, part)| Code::entry(name, self.part(part)));
        Code::group("{", entries.collect(), "}")
    }

    fn part(&self, part: &PagePart) -> Code {
        let offset = match (&self.offset, &self.page) {
            (Some(offset), _) => offset.clone(),
            (None, Some(page)) => format!("({page} - 1) * {}", self.limit),
            (None, None) => "0".to_owned(),
        };
        Code::text(match part {
            PagePart::Items => self.items.clone(),
            PagePart::Total => "found.total".to_owned(),
            PagePart::Count => "len(found.items)".to_owned(),
            PagePart::Limit => self.limit.clone(),
            PagePart::Offset => offset,
            PagePart::Page => self.page.clone().unwrap_or_else(|| "1".to_owned()),
            PagePart::Pages => format!("-(-found.total // {})", self.limit),
            PagePart::More => format!("{offset} + len(found.items) < found.total"),
            PagePart::Constant(constant) => return value(constant),
            PagePart::Group(parts) => return self.object(parts),
        })
    }
}

/// The content of a health answer: what the contract's schema wants, or the plain word.
pub(crate) fn health_content(schemas: &Schemas, service: &ServiceCode<'_>) -> Vec<(String, String)> {
    let declared = service.probes.iter().find(|(path, _)| path.contains("health"));
    let answer = declared.and_then(|(_, operation)| crate::generate::code::resource::answer(schemas, operation));
    let shape = answer.and_then(|answer| Shape::of(schemas, answer.schema)).unwrap_or_default();
    let mut found = Vec::new();
    for property in &shape.properties {
        let expression = match property.name.to_ascii_lowercase().as_str() {
            "status" => {
                let first = shape::choices(schemas, property.schema).and_then(<[Value]>::first);
                value(first.unwrap_or(&Value::from("ok"))).lay_out(0, "", "")
            }
            "service" | "name" => string(&service.service.name),
            "version" => string(&service.api.version),
            "timestamp" | "time" => "timestamp()".to_owned(),
            _ if property.required => {
                let sample = crate::generate::code::sample::sample(
                    schemas,
                    property.schema,
                    crate::generate::code::schema_document::Direction::Response,
                );
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
