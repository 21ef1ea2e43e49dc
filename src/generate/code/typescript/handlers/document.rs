//! Statements that make and change documents.

use crate::generate::code::behaviour::{Field, Source, Transition};
use crate::generate::code::resource;
use crate::generate::code::service::{OperationCode, ResourceCode, covers, spreads};
use crate::generate::code::shape;
use crate::generate::code::typescript::layout::{Code, WIDTH, access, annotation, string, template, value};
use crate::model::JsonType;

use super::{MethodView, Methods, answer};

impl Methods<'_, '_> {
    /// The statements that make a whole document.
    pub(super) fn assign(
        &self,
        view: &mut MethodView,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        fields: &[Field],
    ) {
        let spreads = spreads(self.schemas, code, fields) && covers(self.schemas, code, resource, fields);
        let stamped_twice = fields.iter().filter(|field| field.source == Source::Now).count() > 1;
        let variable = resource.variable_in(code);
        let mut entries = Vec::new();
        let mut copies = Vec::new();
        if spreads {
            entries.push(Code::text("...body"));
        }
        for field in fields {
            let name = access(&field.name);
            let sent = format!("body{name}");
            let expression = match &field.source {
                Source::Body | Source::BodyIfSent if spreads => continue,
                Source::BodyIfSent => {
                    copies.push(copy(&sent, &format!("{variable}{name}")));
                    continue;
                }
                Source::CurrentIfSet => {
                    copies.push(copy(&format!("current{name}"), &format!("{variable}{name}")));
                    continue;
                }
                Source::Body => Code::text(sent),
                Source::BodyOr(default) => self.or_else(code, &field.name, value(default)),
                Source::BodyOrCurrent => self.or_else(code, &field.name, Code::text(format!("current{name}"))),
                Source::Current => Code::text(format!("current{name}")),
                Source::NewId => Code::text("newId()"),
                Source::NextNumber => Code::text(format!("await {}.nextNumber(context)", resource.constant)),
                Source::FreeId => Code::text(format!("await {}.freeId(context, {sent})", resource.constant)),
                Source::FreeNumber => Code::text(format!("await {}.freeNumber(context, {sent})", resource.constant)),
                Source::Now => Code::text(if stamped_twice { "now" } else { "timestamp()" }),
                Source::Path(parameter) => Code::text(super::name_of(code, parameter)),
                Source::Caller => Code::text("context.subject"),
                Source::Constant(constant) => value(constant),
            };
            entries.push(Code::entry(&field.name, expression));
        }
        if stamped_twice {
            view.statements.push("const now = timestamp();".to_owned());
        }
        view.statements.push(declare(&variable, resource, entries));
        view.statements.extend(copies);
    }

    /// What was sent, or else another value; null is a value where the contract admits it.
    fn or_else(&self, code: &OperationCode<'_>, name: &str, other: Code) -> Code {
        let sent = format!("body{}", access(name));
        let body = resource::body(self.schemas, code.operation).map(|(_, body)| body).unwrap_or_default();
        let nullable =
            body.property(name).is_some_and(|property| shape::types(self.schemas, property.schema).has(JsonType::Null));
        let other = other.lay_out(6, "", "");
        Code::text(match nullable {
            true => format!("{sent} === undefined ? {other} : {sent}"),
            false => format!("{sent} ?? {other}"),
        })
    }

    pub(super) fn patch(
        &self,
        view: &mut MethodView,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        fields: &[Field],
        removable: &[String],
    ) {
        let mut entries = vec![Code::text("...current")];
        let mut copies = Vec::new();
        let spreads = removable.is_empty() && spreads(self.schemas, code, fields);
        let variable = resource.variable_in(code);
        if spreads {
            entries.push(Code::text("...body"));
        }
        for field in fields {
            let (sent, kept) = (format!("body{}", access(&field.name)), format!("{variable}{}", access(&field.name)));
            match field.source {
                Source::Now => entries.push(Code::entry(&field.name, Code::text("timestamp()"))),
                _ if spreads => {}
                _ if removable.contains(&field.name) => {
                    let there = if self.is_always_sent(code, &field.name) {
                        ""
                    } else {
                        &format!(" if ({sent} !== undefined)")
                    };
                    copies.push(format!(
                        "if ({sent} === null) {{\n      delete {kept};\n    }} else{there} {{\n      {kept} = {sent};\n    }}"
                    ));
                }
                _ if self.is_always_sent(code, &field.name) => entries.push(Code::entry(&field.name, Code::text(sent))),
                _ => copies.push(copy(&sent, &kept)),
            }
        }
        view.statements.push(declare(&variable, resource, entries));
        view.statements.extend(copies);
    }

    /// The check of the state that a transition starts from, and the document in its new state.
    pub(super) fn transition(
        &mut self,
        view: &mut MethodView,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        transition: &Transition,
    ) {
        let state = format!("current{}", access(&transition.property));
        let to = string(&transition.to);
        if transition.repeatable {
            let mut repeated = MethodView { statements: Vec::new(), ..view.clone() };
            let shown = self.shown(code, resource, transition.view.as_ref(), "current");
            answer(&mut repeated, shown);
            let answer = repeated.statements.pop().unwrap_or_else(|| "return;".to_owned());
            view.statements.push(format!("if ({state} === {to}) {{\n      {answer}\n    }}"));
        }
        let tests: Vec<String> = match transition.from_any {
            true if transition.repeatable => Vec::new(),
            true => vec![format!("{state} === {to}")],
            false => transition.from.iter().map(|from| format!("{state} !== {}", string(from))).collect(),
        };
        if !tests.is_empty() {
            let words = crate::generate::code::names::words(&resource.variable).replace('_', " ");
            let shown = if transition.required || transition.from_any { state } else { format!("{state} ?? \"new\"") };
            let detail =
                format!("`The {} is ${{{shown}}} and cannot become {}.`", template(&words), template(&transition.to));
            let problem = Code::Call(
                "new Problem".to_owned(),
                vec![Code::text(transition.refusal.to_string()), Code::text(detail)],
            );
            view.statements.push(format!("{}\n      {}\n    }}", condition(&tests), problem.lay_out(6, "throw ", ";")));
        }
        let mut entries = vec![Code::text("...current"), Code::entry(&transition.property, Code::text(to))];
        let mut copies = Vec::new();
        let variable = resource.variable_in(code);
        for field in &transition.fields {
            let name = access(&field.name);
            match field.source {
                Source::Now => entries.push(Code::entry(&field.name, Code::text("timestamp()"))),
                _ if self.is_always_sent(code, &field.name) => {
                    entries.push(Code::entry(&field.name, Code::text(format!("body{name}"))));
                }
                _ => {
                    let (sent, kept) = (super::sent(code, &field.name), format!("{variable}{name}"));
                    copies.push(format!("if ({sent} !== undefined) {{\n      {kept} = body{name};\n    }}"));
                }
            }
        }
        view.statements.push(declare(&variable, resource, entries));
        view.statements.extend(copies);
    }

    /// Whether every request has the property: the linter refuses to ask whether it is there.
    fn is_always_sent(&self, code: &OperationCode<'_>, name: &str) -> bool {
        let body = resource::body(self.schemas, code.operation).map(|(_, body)| body).unwrap_or_default();
        code.body.as_ref().is_some_and(|sent| sent.required)
            && body.property(name).is_some_and(|property| property.required && !property.read_only)
    }
}

/// `if (…) {`, with a line for each test where they do not fit on one.
fn condition(tests: &[String]) -> String {
    let flat = format!("if ({}) {{", tests.join(" && "));
    if 4 + flat.chars().count() <= WIDTH {
        return flat;
    }
    format!("if (\n      {}\n    ) {{", tests.join(" &&\n      "))
}

/// The statement that copies what is there.
fn copy(from: &str, to: &str) -> String {
    format!("if ({from} !== undefined) {{\n      {to} = {from};\n    }}")
}

/// `const user: models.User = {…};`
fn declare(variable: &str, resource: &ResourceCode, entries: Vec<Code>) -> String {
    let before = format!("const {variable}: {} = ", annotation(&resource.model, "models."));
    Code::Object(entries).lay_out(4, &before, ";")
}
