//! The tests of accounts and tokens.

use serde::Serialize;
use serde_json::Value;

use crate::generate::code::behaviour::{AuthStep, Behaviour, TokenPart};
use crate::generate::code::python::layout::{string, value};
use crate::generate::code::python::service::OperationCode;

use super::Samples;

/// The tests of a session from registration to its end, as far as the contract has these operations.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SessionTests {
    /// Statement with the body of a registration.
    account: String,
    /// Statement with the body of a login.
    credentials: String,
    /// The property with the password, as a literal.
    password: String,
    register: Call,
    login: Call,
    refresh: Option<Call>,
    validate: Option<Call>,
    logout: Option<Call>,
}

/// One of the operations.
#[derive(Clone, Debug, Serialize)]
struct Call {
    /// As a literal.
    url: String,
    status: u16,
    /// The property of the body that takes a token, as a literal; empty where none does.
    token: String,
    /// How the answer shows the access token, or the id of the account: `["data"]["id"]`.
    shown: String,
    /// How it shows the refresh token; empty where it does not.
    refresh: String,
}

impl Samples<'_, '_> {
    /// The tests of sessions, where one can register and log in by samples.
    pub(crate) fn sessions(&self) -> Option<SessionTests> {
        let auth = self.service.auth.as_ref()?;
        let find = |wanted: fn(&AuthStep) -> bool| {
            self.service.operations.iter().find_map(|code| match &code.behaviour {
                Behaviour::Auth(step) if wanted(step) => Some((code, step)),
                _ => None,
            })
        };
        let (register, _) = find(|step| matches!(step, AuthStep::Register { .. }))?;
        let (login, _) = find(|step| matches!(step, AuthStep::Login(_)))?;
        let public = register.is_public() && login.is_public();
        let account = self.request(register).filter(|sent| public && sent.headers.is_empty())?.body?;
        let mut credentials = self.request(login).filter(|sent| sent.headers.is_empty())?.body?;
        for name in [&auth.identity, &auth.password] {
            credentials[name.as_str()] = account.get(name)?.clone();
        }
        let call = |(code, step): (&OperationCode<'_>, &AuthStep)| self.call(code, step);
        Some(SessionTests {
            account: value(&account).lay_out(0, "ACCOUNT: dict[str, Any] = ", ""),
            credentials: value(&credentials).lay_out(0, "CREDENTIALS: dict[str, Any] = ", ""),
            password: string(&auth.password),
            register: self.call(register, &AuthStep::Logout { token: None, required: false })?,
            login: find(|step| matches!(step, AuthStep::Login(_))).and_then(call)?,
            refresh: find(|step| matches!(step, AuthStep::Refresh { .. })).and_then(call),
            validate: find(|step| matches!(step, AuthStep::Validate { .. })).and_then(call),
            logout: find(|step| matches!(step, AuthStep::Logout { .. })).and_then(call),
        })
    }

    fn call(&self, code: &OperationCode<'_>, step: &AuthStep) -> Option<Call> {
        let sent = self.request(code).filter(|sent| sent.headers.is_empty())?;
        // A body that needs more than the token is left to a person.
        let more = sent.body.as_ref().and_then(Value::as_object).is_some_and(|body| body.len() > 1);
        let (token, parts) = match step {
            AuthStep::Register { .. } => (None, None),
            AuthStep::Login(parts) => (None, Some(parts)),
            AuthStep::Refresh { token, answer, .. } => (Some(token), Some(answer)),
            AuthStep::Validate { token, answer, .. } => (token.as_ref(), Some(answer)),
            AuthStep::Logout { token, .. } => (token.as_ref(), None),
        };
        let path = |part: TokenPart| parts.and_then(|parts| path(parts, &part)).unwrap_or_default();
        let shown = if matches!(step, AuthStep::Validate { .. }) { TokenPart::Subject } else { TokenPart::Access };
        (token.is_none() || !more).then(|| Call {
            url: string(&sent.url),
            status: code.success,
            token: token.map(|token| string(token)).unwrap_or_default(),
            shown: path(shown),
            refresh: path(TokenPart::Refresh),
        })
    }
}

/// Where a part stands in an answer.
fn path(parts: &[(String, TokenPart)], wanted: &TokenPart) -> Option<String> {
    let mut pending: Vec<(String, &TokenPart)> =
        parts.iter().map(|(name, part)| (format!("[{}]", string(name)), part)).collect();
    while let Some((way, part)) = pending.pop() {
        match part {
            part if part == wanted => return Some(way),
            TokenPart::Group(parts) => {
                pending.extend(parts.iter().map(|(name, part)| (format!("{way}[{}]", string(name)), part)));
            }
            _ => {}
        }
    }
    None
}
