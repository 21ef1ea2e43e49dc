//! Handlers of accounts and tokens.

use crate::generate::code::behaviour::{AuthStep, TokenPart};
use crate::generate::code::go::fit::{fit, literal};
use crate::generate::code::go::layout::composite;
use crate::generate::code::go::types::{Kind, Wrap};
use crate::generate::code::service::Type;

use super::{Handlers, Method};

impl Handlers<'_, '_> {
    /// The statements of one of the five operations.
    pub(super) fn auth(&mut self, method: &mut Method<'_, '_>, step: &AuthStep) {
        let service = self.service;
        let Some(auth) = &service.auth else { return };
        let code = method.code;
        let of = |body: &str, name: &str| {
            let field = self.body_field(code, name);
            field.map_or("\"\"".to_owned(), |field| match field.kind.wrap {
                Wrap::Plain => format!("{body}.{}", field.name),
                _ => format!("values.Or({body}.{}, \"\")", field.name),
            })
        };
        let sent = |name: &str| of("call.Body", name);
        match step {
            AuthStep::Register { fields, view } => {
                let Some(at) = code.resource.filter(|at| *at < service.resources.len()) else { return };
                let (resource, names) = (&service.resources[at], &self.names.resources[at]);
                self.assign(method, resource, names, fields);
                let body =
                    if method.lines.iter().any(|line| line == "body := call.Body") { "body" } else { "call.Body" };
                let (identity, password) = (of(body, &auth.identity), of(body, &auth.password));
                let subject = self.key_of(resource, &names.variable);
                method.attempt(&format!("auth.Register(ctx, unit, {subject}, {identity}, {password})"));
                method.attempt(&format!("{}.Add(ctx, unit.Tx, {})", names.collection, names.variable));
                self.publish(method, at, &names.variable);
                self.answer(method, resource, view.as_ref(), &names.variable);
            }
            AuthStep::Login(parts) => {
                let (identity, password) = (sent(&auth.identity), sent(&auth.password));
                method.push(format!("account, err := auth.SignIn(ctx, unit, {identity}, {password})"));
                method.check();
                method.push("tokens, err := h.Sessions.Begin(ctx, unit, account)");
                method.check();
                self.tell(method, parts);
            }
            AuthStep::Refresh { token, answer, .. } => {
                method.push(format!("tokens, err := h.Sessions.Renew(ctx, unit, {})", sent(token)));
                method.check();
                self.tell(method, answer);
            }
            AuthStep::Validate { token, answer, .. } => {
                method.push(match token {
                    Some(token) => format!("claims, err := h.Sessions.Read(ctx, unit, {})", sent(token)),
                    None => "claims, err := auth.ClaimsOf(unit)".to_owned(),
                });
                method.check();
                self.tell(method, answer);
            }
            AuthStep::Logout { token, .. } => {
                let optional = code.body.as_ref().is_some_and(|body| !body.required);
                match token {
                    Some(token) if optional => {
                        method.push("refresh := \"\"");
                        method.push(format!("if call.Body != nil {{\n\trefresh = {}\n}}", sent(token)));
                        method.push("return h.Sessions.End(ctx, unit, refresh)");
                    }
                    Some(token) => method.push(format!("return h.Sessions.End(ctx, unit, {})", sent(token))),
                    None => method.push("return h.Sessions.End(ctx, unit, \"\")"),
                }
            }
        }
    }

    /// Returns tokens or what one says.
    fn tell(&self, method: &mut Method<'_, '_>, parts: &[(String, TokenPart)]) {
        let returns = method.code.returns.clone();
        if let Some(answer) = self.told(method, &returns, parts) {
            method.push(format!("return &{answer}, nil"));
        }
    }

    fn told(&self, method: &mut Method<'_, '_>, kind: &Type, parts: &[(String, TokenPart)]) -> Option<String> {
        let definition = self.types.object(kind)?;
        let mut pairs = Vec::new();
        for (name, part) in parts {
            let Some(field) = self.field(kind, name) else { continue };
            let (expression, from) = match part {
                TokenPart::Access => ("tokens.Access", "string"),
                TokenPart::Refresh => ("tokens.Refresh", "string"),
                TokenPart::ExpiresIn => ("tokens.ExpiresIn", "int64"),
                TokenPart::Subject => ("claims.Subject", "string"),
                TokenPart::Roles => ("claims.Roles", "[]string"),
                TokenPart::ExpiresAt => ("values.Instant(claims.ExpiresAt)", "string"),
                TokenPart::ExpiresEpoch => ("claims.ExpiresAt.Unix()", "int64"),
                TokenPart::Constant(value) => {
                    pairs.extend(literal(self.types, value, &field.kind).map(|value| (field.name, value)));
                    continue;
                }
                TokenPart::Group(parts) => {
                    let inner = definition.fields().iter().find(|inner| inner.name == *name)?.kind.clone();
                    let group = self.told(method, &inner, parts)?;
                    let value = match field.kind.wrap {
                        Wrap::Optional | Wrap::OrNull => Some(format!("&{group}")),
                        _ => fit(self.types, &group, &Kind::plain(&field.kind.core), &field.kind),
                    };
                    pairs.extend(value.map(|value| (field.name, value)));
                    continue;
                }
            };
            let fitted = fit(self.types, expression, &Kind::plain(from), &field.kind);
            let value = fitted.unwrap_or_else(|| method.convert(expression, &field.kind, "shown"));
            pairs.push((field.name, value));
        }
        Some(composite(&format!("contract.{}", self.types.name(definition)), &pairs))
    }
}
