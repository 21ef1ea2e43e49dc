//! Statements that make and change documents.

use serde_json::Value;

use crate::generate::code::behaviour::{Field, Source};
use crate::generate::code::go::fit::{fit, literal};
use crate::generate::code::go::layout::{composite, json};
use crate::generate::code::go::names::ResourceNames;
use crate::generate::code::go::types::{FieldCode, Kind, RAW, Wrap};
use crate::generate::code::go::words::unexported;
use crate::generate::code::service::ResourceCode;

use super::{Handlers, Method};

/// A value of a field, and statements behind the document where one expression does not do.
#[derive(Default)]
struct Made {
    value: Option<String>,
    behind: Vec<String>,
}

impl Made {
    fn value(value: impl Into<String>) -> Made {
        Made { value: Some(value.into()), behind: Vec::new() }
    }
}

impl Handlers<'_, '_> {
    /// The statements that make a whole document.
    pub(super) fn assign(
        &self,
        method: &mut Method<'_, '_>,
        resource: &ResourceCode,
        names: &ResourceNames,
        fields: &[Field],
    ) {
        let Some(definition) = self.types.object(&resource.model) else { return };
        let sent = |source: &Source| {
            matches!(
                source,
                Source::Body
                    | Source::BodyIfSent
                    | Source::BodyOr(_)
                    | Source::BodyOrCurrent
                    | Source::FreeId
                    | Source::FreeNumber
            )
        };
        if fields.iter().any(|field| sent(&field.source)) {
            method.push("body := call.Body");
        }
        let times = fields.iter().filter(|field| field.source == Source::Now).count();
        if times > 1 {
            method.push("now := values.Timestamp()");
        }
        let now = if times > 1 { "now" } else { "values.Timestamp()" };
        let mut pairs = Vec::new();
        let mut behind = Vec::new();
        for field in fields {
            let Some(target) = self.document_field(resource, &field.name) else { continue };
            let made = self.made(method, names, field, &target, now);
            pairs.extend(made.value.map(|value| (target.name.clone(), value)));
            behind.extend(made.behind);
        }
        let open = format!("{} := &contract.{}", names.variable, self.types.name(definition));
        method.push(composite(&open, &pairs));
        behind.iter().for_each(|statement| method.push(statement));
    }

    fn made(
        &self,
        method: &mut Method<'_, '_>,
        names: &ResourceNames,
        field: &Field,
        target: &FieldCode,
        now: &str,
    ) -> Made {
        let text = Kind::plain("string");
        match &field.source {
            Source::Body | Source::BodyIfSent | Source::BodyOr(_) | Source::BodyOrCurrent => {
                self.sent(method, names, field, target)
            }
            Source::Current | Source::CurrentIfSet => Made::value(format!("current.{}", target.name)),
            Source::NewId => self.fitted(method, "values.NewID()", &text, target),
            Source::Now => self.fitted(method, now, &text, target),
            Source::NextNumber => {
                method.push(format!("number, err := {}.NextNumber(ctx, unit.Tx)", names.collection));
                method.check();
                self.fitted(method, "number", &Kind::plain("int64"), target)
            }
            Source::FreeId => self.free(method, names, field, target, ("id", "FreeID", "string")),
            Source::FreeNumber => self.free(method, names, field, target, ("number", "FreeNumber", "int64")),
            Source::Caller => {
                method.push("subject, err := unit.Subject()");
                method.check();
                self.fitted(method, "subject", &text, target)
            }
            Source::Path(variable) => match self.argument(method.code, variable) {
                Some((expression, kind)) => self.fitted(method, &expression, &kind, target),
                None => Made::default(),
            },
            Source::Constant(value) => self.constant(method, value, target),
        }
    }

    /// A key that the body may bring: the variable, the function that gives it, and its type.
    fn free(
        &self,
        method: &mut Method<'_, '_>,
        names: &ResourceNames,
        field: &Field,
        target: &FieldCode,
        (variable, function, kind): (&str, &str, &str),
    ) -> Made {
        let Some(sent) = self.body_field(method.code, &field.name) else { return Made::default() };
        method.push(format!("{variable}, err := {}.{function}(ctx, unit.Tx, body.{})", names.collection, sent.name));
        method.check();
        self.fitted(method, variable, &Kind::plain(kind), target)
    }

    /// An expression as the value of a field.
    fn fitted(&self, method: &mut Method<'_, '_>, expression: &str, from: &Kind, target: &FieldCode) -> Made {
        let value = fit(self.types, expression, from, &target.kind);
        Made::value(value.unwrap_or_else(|| method.convert(expression, &target.kind, &unexported(&target.json))))
    }

    fn constant(&self, method: &mut Method<'_, '_>, value: &Value, target: &FieldCode) -> Made {
        match literal(self.types, value, &target.kind) {
            // What is not set is nil by itself.
            Some(nil) if nil == "nil" => Made::default(),
            Some(literal) => Made::value(literal),
            None => {
                let raw = format!("{RAW}({})", json(value));
                Made::value(method.convert(&raw, &target.kind, &unexported(&target.json)))
            }
        }
    }

    /// What the body says of a field.
    fn sent(&self, method: &mut Method<'_, '_>, names: &ResourceNames, field: &Field, target: &FieldCode) -> Made {
        let Some(sent) = self.body_field(method.code, &field.name) else { return Made::default() };
        let expression = format!("body.{}", sent.name);
        let otherwise = match &field.source {
            Source::BodyOr(default) if sent.kind.wrap != Wrap::Plain => default,
            Source::BodyOrCurrent if sent.kind.wrap != Wrap::Plain => {
                let current = format!("current.{}", target.name);
                return self.sent_or(method, names, &sent, target, &current);
            }
            _ => return self.fitted(method, &expression, &sent.kind, target),
        };
        match literal(self.types, otherwise, &Kind::plain(&sent.kind.core)) {
            Some(literal) if !sent.kind.has_nil() && sent.kind.wrap == Wrap::Optional => {
                let value = format!("values.Or({expression}, {literal})");
                self.fitted(method, &value, &Kind::plain(&sent.kind.core), target)
            }
            _ => {
                let default = self.constant(method, otherwise, target).value.unwrap_or_else(|| "nil".to_owned());
                self.sent_or(method, names, &sent, target, &default)
            }
        }
    }

    /// What the body says, or else a value of the field's own type.
    fn sent_or(
        &self,
        method: &mut Method<'_, '_>,
        names: &ResourceNames,
        sent: &FieldCode,
        target: &FieldCode,
        otherwise: &str,
    ) -> Made {
        let expression = format!("body.{}", sent.name);
        let pointer = sent.kind.wrap != Wrap::Both && !sent.kind.has_nil();
        if pointer && sent.kind.core == target.kind.core && target.kind.wrap == Wrap::Plain {
            return Made::value(format!("values.Or({expression}, {otherwise})"));
        }
        let mut made = Made::value(otherwise);
        made.behind = self.overwrite(method, sent, target, &names.variable);
        made
    }

    /// Statements that put what the body says of a field into a document, where it says something.
    fn overwrite(
        &self,
        method: &mut Method<'_, '_>,
        sent: &FieldCode,
        target: &FieldCode,
        document: &str,
    ) -> Vec<String> {
        let expression = format!("body.{}", sent.name);
        let place = format!("{document}.{}", target.name);
        let (condition, value) = match sent.kind.wrap {
            Wrap::Plain | Wrap::OrNull => (None, fit(self.types, &expression, &sent.kind, &target.kind)),
            Wrap::Both => {
                let value = fit(self.types, &expression, &sent.kind, &target.kind);
                (Some(format!("{expression}.Present()")), value)
            }
            Wrap::Optional => {
                let plain = Kind::plain(&sent.kind.core);
                let value = match target.kind.wrap {
                    Wrap::Plain if !sent.kind.has_nil() => {
                        fit(self.types, &format!("*{expression}"), &plain, &target.kind)
                    }
                    _ => fit(self.types, &expression, &sent.kind, &target.kind),
                };
                (Some(format!("{expression} != nil")), value)
            }
        };
        let statements = match value {
            Some(value) => vec![format!("{place} = {value}")],
            None => {
                let mut inner = Method { code: method.code, lines: Vec::new(), nothing: method.nothing };
                let name = inner.convert(&expression, &target.kind, "converted");
                inner.push(format!("{place} = {name}"));
                inner.lines
            }
        };
        match (condition, statements.len()) {
            (None, 1) => statements,
            (condition, _) => {
                let open = condition.map_or("{".to_owned(), |condition| format!("if {condition} {{"));
                let inner: Vec<String> = statements.iter().map(|line| format!("\t{line}")).collect();
                vec![format!("{open}\n{}\n}}", inner.join("\n"))]
            }
        }
    }

    /// The statements that change a document by what the body has.
    pub(super) fn change(
        &self,
        method: &mut Method<'_, '_>,
        resource: &ResourceCode,
        names: &ResourceNames,
        fields: &[Field],
    ) {
        if fields.iter().any(|field| field.source != Source::Now) {
            method.push("body := call.Body");
        }
        self.change_fields(method, resource, names, fields);
    }

    /// The same where the body is known already.
    pub(super) fn change_fields(
        &self,
        method: &mut Method<'_, '_>,
        resource: &ResourceCode,
        names: &ResourceNames,
        fields: &[Field],
    ) {
        for field in fields {
            let Some(target) = self.document_field(resource, &field.name) else { continue };
            if field.source == Source::Now {
                let now = self.fitted(method, "values.Timestamp()", &Kind::plain("string"), &target);
                method.push(format!("{}.{} = {}", names.variable, target.name, now.value.unwrap_or_default()));
                continue;
            }
            let Some(sent) = self.body_field(method.code, &field.name) else { continue };
            for statement in self.overwrite(method, &sent, &target, &names.variable) {
                method.push(statement);
            }
        }
    }
}
