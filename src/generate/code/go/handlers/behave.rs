//! The statements of a method that does what the contract implies for a collection.

use super::super::clients_view::references;
use super::super::layout::string;
use super::super::names::ResourceNames;
use super::super::sagas_view;
use super::{Handlers, Method, state, text_of};
use crate::generate::code::behaviour::Behaviour;
use crate::generate::code::resource::KeyKind;
use crate::generate::code::service::{OperationCode, ResourceCode};
use crate::generate::code::streams;

impl Handlers<'_, '_> {
    /// The statements of what the contract implies for a collection.
    pub(super) fn behave(
        &mut self,
        method: &mut Method<'_, '_>,
        behaviour: &Behaviour,
        at: usize,
        resource: &ResourceCode,
        names: &ResourceNames,
    ) {
        let (collection, document) = (&names.collection, &names.variable);
        let selection = self.selection(method.code, resource);
        let event = match resource.event_sourcing {
            Some(_) => format!(", {}", string(streams::kind(behaviour).as_deref().unwrap_or("changed"))),
            None => String::new(),
        };
        match behaviour {
            Behaviour::Unknown | Behaviour::Auth(_) => {}
            Behaviour::Create { fields, dropped, view, location } => {
                self.note(method, "Not kept, as no answer shows it", dropped);
                self.refer(method);
                self.assign(method, resource, names, fields);
                method.attempt(&format!("{collection}.Add(ctx, unit.Tx, {document})"));
                self.publish(method, at, document);
                for saga in sagas_view::begun_by(self.service, &method.code.operation.id) {
                    method.attempt(&format!("saga.Begin(ctx, unit, sagas.{saga}, {document})"));
                }
                if *location {
                    let url = self.location(method.code, resource, document);
                    method.push(format!("unit.Header.Set(\"Location\", {url})"));
                }
                self.answer(method, resource, view.as_ref(), document);
            }
            Behaviour::Read(view) => {
                if self.is_plain(method.code, resource, view) {
                    method.push(format!("return {collection}.Get({selection})"));
                    return;
                }
                method.push(format!("{document}, err := {collection}.Get({selection})"));
                method.check();
                self.answer(method, resource, Some(view), document);
            }
            Behaviour::List(list) => self.list(method, resource, names, list),
            Behaviour::Replace { fields, view } => {
                method.push(format!("current, err := {collection}.Lock({selection})"));
                method.check();
                self.assign(method, resource, names, fields);
                method.attempt(&format!("{collection}.Save(ctx, unit.Tx, {document}{event})"));
                self.publish(method, at, document);
                self.answer(method, resource, view.as_ref(), document);
            }
            Behaviour::Patch { fields, view, .. } => {
                method.push(format!("{document}, err := {collection}.Lock({selection})"));
                method.check();
                self.change(method, resource, names, fields);
                method.attempt(&format!("{collection}.Save(ctx, unit.Tx, {document}{event})"));
                self.publish(method, at, document);
                self.answer(method, resource, view.as_ref(), document);
            }
            Behaviour::Transition(transition) => {
                self.note(method, "Not kept, as no answer shows it", &transition.dropped);
                method.push(format!("{document}, err := {collection}.Lock({selection})"));
                method.check();
                self.transition(method, resource, names, transition);
                method.attempt(&format!("{collection}.Save(ctx, unit.Tx, {document}{event})"));
                self.publish(method, at, document);
                self.answer(method, resource, transition.view.as_ref(), document);
            }
            Behaviour::Delete(view) => {
                let told = self.service.events.triggers.iter().any(|one| one.operation == method.code.operation.id);
                if view.is_none() && !told {
                    method.push(format!("_, err := {collection}.Remove({selection})\nreturn err"));
                    return;
                }
                if !told && view.as_ref().is_some_and(|view| self.is_plain(method.code, resource, view)) {
                    method.push(format!("return {collection}.Remove({selection})"));
                    return;
                }
                method.push(format!("{document}, err := {collection}.Remove({selection})"));
                method.check();
                self.publish(method, at, document);
                self.answer(method, resource, view.as_ref(), document);
            }
        }
    }

    /// Statements that ask other services whether there is what the body refers to.
    fn refer(&self, method: &mut Method<'_, '_>) {
        let code = method.code;
        let property = |name: &str| {
            let field = self.body_field(code, name)?;
            Some((format!("call.Body.{}", field.name), field.kind))
        };
        let nothing = method.nothing;
        for asked in references(self.service, self.clients, &code.operation.id, property) {
            let results = if asked.answers { "_, err" } else { "err" };
            let refusal = format!("upstream.MustExist(err, {}, {})", asked.pointer, state::status(asked.status));
            method.push(format!("if {results} := {}; err != nil {{\n\treturn {nothing}{refusal}\n}}", asked.call));
        }
    }

    /// The URL of a new document.
    fn location(&self, code: &OperationCode<'_>, resource: &ResourceCode, document: &str) -> String {
        let mut parts = Vec::new();
        let mut text = self.service.api.base_path.clone();
        let mut rest = code.operation.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((variable, after)) = after.split_once('}') else { break };
            text.push_str(before);
            let value = self.argument(code, variable).map(|(expression, kind)| text_of(&expression, &kind));
            parts.push(string(&text));
            parts.push(format!("url.PathEscape({})", value.unwrap_or_else(|| "\"\"".to_owned())));
            text.clear();
            rest = after;
        }
        text.push_str(rest);
        parts.push(string(&format!("{text}/")));
        let key = self.key_of(resource, document);
        let number = resource.resource.key_kind == KeyKind::Number;
        parts.push(if number { key } else { format!("url.PathEscape({key})") });
        parts.join("+")
    }
}
