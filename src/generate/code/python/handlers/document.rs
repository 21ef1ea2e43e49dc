//! Statements that make and change documents.

use crate::generate::code::behaviour::{Field, Source, Transition};
use crate::generate::code::python::layout::{Code, string, value};
use crate::generate::code::python::models::annotation;
use crate::generate::code::service::{OperationCode, ResourceCode, covers, spreads};

use super::{CopyView, MethodView, Methods, TransitionView};

impl Methods<'_, '_> {
    /// The statement that makes a whole document.
    pub(super) fn assign(
        &self,
        view: &mut MethodView,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        fields: &[Field],
    ) {
        let spreads = spreads(self.schemas, code, fields) && covers(self.schemas, code, resource, fields);
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
                    view.optional.push(CopyView { source: "body", name, removable: false, guarded: false });
                    continue;
                }
                Source::CurrentIfSet => {
                    view.optional.push(CopyView { source: "current", name, removable: false, guarded: false });
                    continue;
                }
                Source::Body => Code::text(format!("body[{name}]")),
                Source::BodyOr(default) => body_or(value(default)),
                Source::BodyOrCurrent => body_or(Code::text(format!("current[{name}]"))),
                Source::Current => Code::text(format!("current[{name}]")),
                Source::NewId => Code::text("new_id()"),
                Source::NextNumber => Code::text(format!("await {}.next_number(context)", resource.constant)),
                Source::FreeId => Code::text(format!("await {}.free_id(context, body.get({name}))", resource.constant)),
                Source::FreeNumber => {
                    Code::text(format!("await {}.free_number(context, body.get({name}))", resource.constant))
                }
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

    pub(super) fn patch(
        &self,
        view: &mut MethodView,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        fields: &[Field],
        removable: &[String],
    ) {
        let mut entries = vec![Code::text("**current")];
        let spreads = removable.is_empty() && spreads(self.schemas, code, fields);
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
                    guarded: false,
                }),
            }
        }
        view.document = declare(resource, entries);
    }

    /// The check of the state that a transition starts from, and the document in its new state.
    pub(super) fn transition(
        &mut self,
        view: &mut MethodView,
        code: &OperationCode<'_>,
        resource: &ResourceCode,
        transition: &Transition,
    ) {
        let property = string(&transition.property);
        let state =
            if transition.required { format!("current[{property}]") } else { format!("current.get({property})") };
        let to = string(&transition.to);
        let condition = match (transition.from.as_slice(), transition.from_any) {
            (_, true) if transition.repeatable => None,
            (_, true) => Some(Code::Labelled(format!("{state} == "), Box::new(Code::text(to.clone())))),
            ([only], _) => Some(Code::Labelled(format!("{state} != "), Box::new(Code::text(string(only))))),
            (from, _) => {
                let from = from.iter().map(|state| Code::text(string(state))).collect();
                Some(Code::Labelled(format!("{state} not in "), Box::new(Code::group("(", from, ")"))))
            }
        };
        let words = resource.variable.trim_end_matches('_').replace('_', " ");
        let shown = state.replace('"', "'");
        let detail = format!("f\"The {words} is {{{shown}}} and cannot become {}.\"", brace(&transition.to));
        let problem = vec![Code::text(transition.refusal.to_string()), Code::text(detail)];
        view.transition = Some(TransitionView {
            condition: condition.map(|condition| condition.lay_out(8, "if ", ":")).unwrap_or_default(),
            problem: Code::group("Problem(", problem, ")").lay_out(12, "raise ", ""),
            repeated: if transition.repeatable { format!("if {state} == {to}:") } else { String::new() },
            repeated_result: self.shown(code, resource, transition.view.as_ref(), "current"),
        });
        let mut entries = vec![Code::text("**current"), Code::entry(&transition.property, Code::text(to))];
        let optional = code.body.as_ref().is_some_and(|body| !body.required);
        for field in &transition.fields {
            match field.source {
                Source::Now => entries.push(Code::entry(&field.name, Code::text("timestamp()"))),
                _ => {
                    let name = string(&field.name);
                    view.optional.push(CopyView { source: "body", name, removable: false, guarded: optional });
                }
            }
        }
        view.document = declare(resource, entries);
    }
}

/// Text for an f-string in double quotes.
fn brace(text: &str) -> String {
    let literal = string(text).trim_matches(['"', '\'']).to_owned();
    literal.replace('{', "{{").replace('}', "}}").replace('"', "'")
}

/// `user: models.User = {…}`.
fn declare(resource: &ResourceCode, entries: Vec<Code>) -> String {
    let before = format!("{}: {} = ", resource.variable, annotation(&resource.model, "models."));
    Code::group("{", entries, "}").lay_out(8, &before, "")
}
