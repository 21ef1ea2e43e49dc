//! Handlers of accounts and tokens.

use crate::generate::code::behaviour::{AuthStep, Source, TokenPart};
use crate::generate::code::python::layout::{Code, string, value};
use crate::generate::code::service::OperationCode;

use super::{MethodView, Methods};

impl Methods<'_, '_> {
    /// The statements of one of the five operations.
    pub(super) fn auth(&mut self, view: &mut MethodView, code: &OperationCode<'_>, step: &AuthStep) {
        let service = self.service;
        let Some(auth) = &service.auth else { return };
        let body = |name: &str| Code::text(format!("body[{}]", string(name)));
        let call = |function: &str, arguments: Vec<Code>, before: &str| {
            Code::group(format!("await {function}("), arguments, ")").lay_out(8, before, "")
        };
        let context = || Code::text("context");
        match step {
            AuthStep::Register { fields, view: shown } => {
                let Some(resource) = &self.resource(code) else { return };
                view.kind = "register";
                view.now = fields.iter().filter(|field| field.source == Source::Now).count() > 1;
                self.assign(view, code, resource, fields);
                view.collection.clone_from(&resource.constant);
                view.variable.clone_from(&resource.variable);
                let subject = format!("{}[{}]", resource.variable, string(&resource.resource.key));
                let number = resource.resource.key_kind == crate::generate::code::resource::KeyKind::Number;
                let subject = if number { format!("str({subject})") } else { subject };
                let arguments = vec![context(), Code::text(subject), body(&auth.identity), body(&auth.password)];
                view.statements.push(call("accounts.register", arguments, ""));
                view.result = self.shown(code, resource, shown.as_ref(), &resource.variable);
            }
            AuthStep::Login(parts) => {
                view.kind = "auth";
                let arguments = vec![context(), body(&auth.identity), body(&auth.password)];
                view.statements.push(call("accounts.sign_in", arguments, "account = "));
                view.statements.push("tokens = await self.sessions.begin(context, account)".to_owned());
                view.result = answer(parts);
            }
            AuthStep::Refresh { token, required, answer: parts } => {
                view.kind = "auth";
                let sent =
                    if *required { body(token) } else { Code::text(format!("body.get({}, \"\")", string(token))) };
                view.statements.push(call("self.sessions.renew", vec![context(), sent], "tokens = "));
                view.result = answer(parts);
            }
            AuthStep::Validate { token, required, answer: parts } => {
                view.kind = "auth";
                let sent = token.as_ref().map(|token| match required {
                    true => body(token),
                    false => Code::text(format!("body.get({}, \"\")", string(token))),
                });
                view.statements.push(match sent {
                    Some(sent) => call("self.sessions.read", vec![context(), sent], "claims = "),
                    None => "claims = context.claims".to_owned(),
                });
                view.result = answer(parts);
            }
            AuthStep::Logout { token, required } => {
                view.kind = "auth";
                let optional_body = code.body.as_ref().is_some_and(|body| !body.required);
                let token = token.as_ref().map(|token| match (optional_body, required) {
                    (true, _) => format!("(body or {{}}).get({})", string(token)),
                    (false, true) => format!("body[{}]", string(token)),
                    (false, false) => format!("body.get({})", string(token)),
                });
                let arguments = [Some("context".to_owned()), token].into_iter().flatten().map(Code::text).collect();
                view.statements.push(call("self.sessions.end", arguments, ""));
            }
        }
    }
}

/// The expression that shows tokens or claims.
fn answer(parts: &[(String, TokenPart)]) -> String {
    object(parts).lay_out(8, "return ", "").trim_start_matches("return ").to_owned()
}

fn object(parts: &[(String, TokenPart)]) -> Code {
    let entries = parts.iter().map(|(name, part)| Code::entry(name, expression(part)));
    Code::group("{", entries.collect(), "}")
}

fn expression(part: &TokenPart) -> Code {
    Code::text(match part {
        TokenPart::Access => "tokens.access",
        TokenPart::Refresh => "tokens.refresh",
        TokenPart::ExpiresIn => "tokens.expires_in",
        TokenPart::Subject => "claims[\"sub\"]",
        TokenPart::Roles => "claims.get(\"roles\", [])",
        TokenPart::ExpiresAt => "instant(claims[\"exp\"])",
        TokenPart::ExpiresEpoch => "claims[\"exp\"]",
        TokenPart::Constant(constant) => return value(constant),
        TokenPart::Group(parts) => return object(parts),
    })
}
