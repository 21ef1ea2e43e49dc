//! The tests of accounts and tokens.

use serde_json::Value;

use crate::generate::code::behaviour::{AuthStep, Behaviour, TokenPart};
use crate::generate::code::service::OperationCode;

use super::Samples;

/// The tests of a session from registration to its end, as far as the contract has these operations.
#[derive(Clone, Debug)]
pub(crate) struct SessionCase {
    /// The body of a registration.
    pub(crate) account: Value,
    /// The body of a login.
    pub(crate) credentials: Value,
    /// The property with the password.
    pub(crate) password: String,
    /// Registering.
    pub(crate) register: SessionCall,
    /// Logging in.
    pub(crate) login: SessionCall,
    /// Changing a refresh token for new tokens.
    pub(crate) refresh: Option<SessionCall>,
    /// Asking what a token says.
    pub(crate) validate: Option<SessionCall>,
    /// Ending the session.
    pub(crate) logout: Option<SessionCall>,
}

/// One of the operations.
#[derive(Clone, Debug)]
pub(crate) struct SessionCall {
    /// The URL.
    pub(crate) url: String,
    /// Status of a success.
    pub(crate) status: u16,
    /// The property of the body that takes a token, where one does.
    pub(crate) token: Option<String>,
    /// The way to the access token in the answer, or to the id of the account; empty where there is none.
    pub(crate) shown: Vec<String>,
    /// The way to the refresh token; empty where there is none.
    pub(crate) refresh: Vec<String>,
}

impl Samples<'_, '_> {
    /// The tests of sessions, where one can register and log in by samples.
    pub(crate) fn sessions(&self) -> Option<SessionCase> {
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
        Some(SessionCase {
            account,
            credentials,
            password: auth.password.clone(),
            register: self.call(register, &AuthStep::Logout { token: None, required: false })?,
            login: find(|step| matches!(step, AuthStep::Login(_))).and_then(call)?,
            refresh: find(|step| matches!(step, AuthStep::Refresh { .. })).and_then(call),
            validate: find(|step| matches!(step, AuthStep::Validate { .. })).and_then(call),
            logout: find(|step| matches!(step, AuthStep::Logout { .. })).and_then(call),
        })
    }

    fn call(&self, code: &OperationCode<'_>, step: &AuthStep) -> Option<SessionCall> {
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
        (token.is_none() || !more).then(|| SessionCall {
            url: sent.url.clone(),
            status: code.success,
            token: token.cloned(),
            shown: path(shown),
            refresh: path(TokenPart::Refresh),
        })
    }
}

/// Where a part stands in an answer.
pub(super) fn path(parts: &[(String, TokenPart)], wanted: &TokenPart) -> Option<Vec<String>> {
    let mut pending: Vec<(Vec<String>, &TokenPart)> =
        parts.iter().map(|(name, part)| (vec![name.clone()], part)).collect();
    while let Some((way, part)) = pending.pop() {
        match part {
            part if part == wanted => return Some(way),
            TokenPart::Group(parts) => {
                pending.extend(
                    parts.iter().map(|(name, part)| ([way.as_slice(), std::slice::from_ref(name)].concat(), part)),
                );
            }
            _ => {}
        }
    }
    None
}
