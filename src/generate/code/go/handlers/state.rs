//! Statements that move a document from one state to another.

use crate::generate::code::behaviour::{Field, Source, Transition};
use crate::generate::code::go::fit::{fit, literal};
use crate::generate::code::go::layout::string;
use crate::generate::code::go::names::ResourceNames;
use crate::generate::code::go::types::Kind;
use crate::generate::code::service::ResourceCode;

use super::{Handlers, Method};

impl Handlers<'_, '_> {
    /// The check of the state that a transition starts from, and the change to the new one.
    pub(super) fn transition(
        &self,
        method: &mut Method<'_, '_>,
        resource: &ResourceCode,
        names: &ResourceNames,
        transition: &Transition,
    ) {
        let document = &names.variable;
        let Some(field) = self.document_field(resource, &transition.property) else { return };
        let plain = Kind::plain(&field.kind.core);
        let constant =
            |state: &str| literal(self.types, &serde_json::Value::from(state), &plain).unwrap_or_else(|| string(state));
        let place = format!("{document}.{}", field.name);
        let state = if transition.required { place.clone() } else { format!("values.Or({place}, \"\")") };
        let to = constant(&transition.to);
        if transition.repeatable {
            let mut repeated = Method { code: method.code, lines: Vec::new(), nothing: method.nothing };
            self.answer(&mut repeated, resource, transition.view.as_ref(), document);
            let inner: Vec<String> = repeated.lines.iter().map(|line| format!("\t{line}")).collect();
            method.push(format!("if {state} == {to} {{\n{}\n}}", inner.join("\n")));
        }
        let condition = match (transition.from.as_slice(), transition.from_any) {
            (_, true) if transition.repeatable => None,
            (_, true) => Some(format!("{state} == {to}")),
            ([only], _) => Some(format!("{state} != {}", constant(only))),
            (from, _) => {
                let from: Vec<String> = from.iter().map(|state| constant(state)).collect();
                Some(format!("!slices.Contains([]{}{{{}}}, {state})", plain.core, from.join(", ")))
            }
        };
        if let Some(condition) = condition {
            let words = resource.resource.singular.trim_end_matches('_').replace('_', " ");
            let detail = string(&format!("The {words} is %s and cannot become {}.", transition.to.replace('%', "%%")));
            let (nothing, status) = (method.nothing, status(transition.refusal));
            let refusal = format!("return {nothing}problem.New({status}, {detail}, {state})");
            method.push(format!("if {condition} {{\n\t{refusal}\n}}"));
        }
        let value = fit(self.types, &to, &plain, &field.kind).unwrap_or(to);
        method.push(format!("{place} = {value}"));
        self.effects(method, resource, names, &transition.fields);
    }

    /// What changes besides the state.
    fn effects(&self, method: &mut Method<'_, '_>, resource: &ResourceCode, names: &ResourceNames, fields: &[Field]) {
        let (stamps, sent): (Vec<Field>, Vec<Field>) =
            fields.iter().cloned().partition(|field| field.source == Source::Now);
        let optional = method.code.body.as_ref().is_some_and(|body| !body.required);
        if optional && !sent.is_empty() {
            let mut inner = Method { code: method.code, lines: Vec::new(), nothing: method.nothing };
            self.change_fields(&mut inner, resource, names, &sent);
            let lines: Vec<String> = inner.lines.iter().map(|line| format!("\t{line}")).collect();
            method.push(format!("if body := call.Body; body != nil {{\n{}\n}}", lines.join("\n")));
        } else {
            self.change(method, resource, names, &sent);
        }
        self.change_fields(method, resource, names, &stamps);
    }
}

/// A status as its constant, where it is one that refuses what a handler is asked.
pub(super) fn status(code: u16) -> String {
    match code {
        400 => "http.StatusBadRequest".to_owned(),
        403 => "http.StatusForbidden".to_owned(),
        404 => "http.StatusNotFound".to_owned(),
        409 => "http.StatusConflict".to_owned(),
        412 => "http.StatusPreconditionFailed".to_owned(),
        422 => "http.StatusUnprocessableEntity".to_owned(),
        code => code.to_string(),
    }
}
