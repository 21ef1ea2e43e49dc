//! Handlers of accounts and tokens.

use crate::generate::code::behaviour::{AuthStep, TokenPart};
use crate::generate::code::resource::KeyKind;
use crate::generate::code::service::OperationCode;
use crate::generate::code::typescript::layout::{Code, access, value};

use super::{MethodView, Methods, answer};

impl Methods<'_, '_> {
    /// The statements of one of the five operations.
    pub(super) fn auth(&mut self, view: &mut MethodView, code: &OperationCode<'_>, step: &AuthStep) {
        let service = self.service;
        let Some(auth) = &service.auth else { return };
        let body = |name: &str| Code::text(format!("body{}", access(name)));
        let sent = |name: &str, required: bool| {
            Code::text(format!("body{}{}", access(name), if required { "" } else { " ?? \"\"" }))
        };
        let call = |function: &str, arguments: Vec<Code>, before: &str| {
            let arguments = [vec![Code::text("context")], arguments].concat();
            Code::Call(format!("await {function}"), arguments).lay_out(4, before, ";")
        };
        match step {
            AuthStep::Register { fields, view: shown } => {
                let Some(resource) = code.resource.and_then(|at| service.resources.get(at)) else { return };
                let variable = resource.variable_in(code);
                self.assign(view, code, resource, fields);
                let subject = format!("{variable}{}", access(&resource.resource.key));
                let number = resource.resource.key_kind == KeyKind::Number;
                let subject = Code::text(if number { format!("String({subject})") } else { subject });
                let arguments = vec![subject, body(&auth.identity), body(&auth.password)];
                view.statements.push(call("accounts.register", arguments, ""));
                let add = format!("{}.add", resource.constant);
                view.statements.push(call(&add, vec![Code::text(variable.clone())], ""));
                view.statements.extend(super::publications(service, code, &variable));
                let shown = self.shown(code, resource, shown.as_ref(), &variable);
                answer(view, shown);
            }
            AuthStep::Login(parts) => {
                let arguments = vec![body(&auth.identity), body(&auth.password)];
                view.statements.push(call("accounts.signIn", arguments, "const account = "));
                view.statements.push("const tokens = await sessions.begin(context, account);".to_owned());
                answer(view, Some(object(parts)));
            }
            AuthStep::Refresh { token, required, answer: parts } => {
                view.statements.push(call("sessions.renew", vec![sent(token, *required)], "const tokens = "));
                answer(view, Some(object(parts)));
            }
            AuthStep::Validate { token, required, answer: parts } => {
                view.statements.push(match token {
                    Some(token) => call("sessions.read", vec![sent(token, *required)], "const claims = "),
                    None => "const { claims } = context;".to_owned(),
                });
                answer(view, Some(object(parts)));
            }
            AuthStep::Logout { token, .. } => {
                let token = token.as_ref().map(|token| super::sent(code, token));
                view.statements.push(call("sessions.end", token.into_iter().map(Code::text).collect(), ""));
            }
        }
    }
}

/// The object that shows tokens or claims.
fn object(parts: &[(String, TokenPart)]) -> Code {
    let labelled = |(name, part): &(String, TokenPart)| Code::entry(name, expression(part));
    Code::Object(parts.iter().map(labelled).collect())
}

fn expression(part: &TokenPart) -> Code {
    Code::text(match part {
        TokenPart::Access => "tokens.access",
        TokenPart::Refresh => "tokens.refresh",
        TokenPart::ExpiresIn => "tokens.expiresIn",
        TokenPart::Subject => "claims.sub",
        TokenPart::Roles => "claims.roles ?? []",
        TokenPart::ExpiresAt => "instant(claims.exp)",
        TokenPart::ExpiresEpoch => "claims.exp",
        TokenPart::Constant(constant) => return value(constant),
        TokenPart::Group(parts) => return object(parts),
    })
}
