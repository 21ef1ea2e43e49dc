//! Scenarios of accounts and tokens: registration, login, renewal, validation, logout.

use serde_json::json;

use crate::generate::code::behaviour::{AuthStep, TokenPart};
use crate::generate::code::cases::sessions::{SessionCall, SessionCase, path};
use crate::generate::code::service::OperationCode;
use crate::model::StepKind;

use super::words::{self, Steps, says};
use super::{Caller, Left, Line, Request, Script, Shown, Teller, Term, left};

/// How long an access token holds, in seconds.
const ACCESS_SECONDS: u64 = 900;
/// Words that say that a token is good for nothing.
const WORTHLESS: [&str; 6] = ["worthless", "not accepted", "no longer", "any more", "refused", "once"];

/// The account and its session, as far as a test has made them.
struct Session {
    case: SessionCase,
    /// The variable with the answer to the registration.
    account: String,
    /// Variables with the tokens.
    access: String,
    refresh: String,
}

/// The answer that is looked at.
struct Answered<'t> {
    answer: String,
    status: u16,
    code: &'t OperationCode<'t>,
    step: &'t AuthStep,
}

impl Answered<'_> {
    fn shown(&self, way: Vec<String>) -> Shown {
        Shown { answer: self.answer.clone(), status: self.status, way }
    }

    /// Where the answer has a part.
    fn part(&self, part: &TokenPart) -> Option<Shown> {
        let parts = match self.step {
            AuthStep::Login(parts) => parts,
            AuthStep::Refresh { answer, .. } | AuthStep::Validate { answer, .. } => answer,
            AuthStep::Register { .. } | AuthStep::Logout { .. } => return None,
        };
        path(parts, part).map(|way| self.shown(way))
    }
}

impl<'s, 'a> Teller<'s, 'a, '_> {
    /// The test of one of these operations.
    pub(super) fn session(&self, code: &'s OperationCode<'a>, step: &'s AuthStep) -> Result<(Script, Vec<Left>), Left> {
        self.world(&["account".to_owned()], &[])?;
        let mut script = Script::default();
        self.told(&mut script, &self.steps.given);
        let session = self.begin(&mut script, step)?;
        self.told(&mut script, &self.steps.when);
        let answered = Answered { answer: script.name("answer"), status: code.success, code, step };
        self.send(&mut script, &session, step, &answered.answer)?;
        if words::status(&Steps::words(&self.steps.then)).is_none() {
            script.push(Line::Status(answered.answer.clone(), code.success));
        }
        let check = |script: &mut Script, clause: &str, open: &mut Vec<Left>| {
            self.session_check(script, &session, &answered, clause, open)
        };
        let open = self.checked(&mut script, (&answered.answer, code.success), check)?;
        Ok((script, open))
    }

    /// Registers, and logs in, as far as an operation needs it.
    fn begin(&self, script: &mut Script, step: &AuthStep) -> Result<Session, Left> {
        let said = self.steps.when.first().map_or("", |(_, text)| *text);
        let case = self.samples.sessions();
        let case = case.ok_or_else(|| left(said, "one cannot register and log in by what the contract tells"))?;
        let name = |script: &mut Script, name: &str| script.name(name);
        let session = Session {
            account: name(script, "account"),
            access: name(script, "access_token"),
            refresh: name(script, "refresh_token"),
            case,
        };
        if matches!(step, AuthStep::Register { .. }) {
            return Ok(session);
        }
        self.post(script, &session.account, &session.case.register, account(&session.case), Caller::Nobody);
        script.push(Line::Status(session.account.clone(), session.case.register.status));
        if matches!(step, AuthStep::Login(_)) {
            return Ok(session);
        }
        let tokens = script.name("tokens");
        let login = &session.case.login;
        self.post(script, &tokens, login, credentials(&session.case), Caller::Nobody);
        script.push(Line::Status(tokens.clone(), login.status));
        let shown = |way: &Vec<String>| Shown { answer: tokens.clone(), status: login.status, way: way.clone() };
        script.push(Line::Take(session.access.clone(), shown(&login.shown)));
        if !login.refresh.is_empty() {
            script.push(Line::Take(session.refresh.clone(), shown(&login.refresh)));
        }
        Ok(session)
    }

    /// Sends the request of an operation in a session.
    fn send(&self, script: &mut Script, session: &Session, step: &AuthStep, answer: &str) -> Result<(), Left> {
        let said = self.steps.when.first().map_or("", |(_, text)| *text);
        let case = &session.case;
        match step {
            AuthStep::Register { .. } => {
                self.post(script, answer, &case.register, account(case), Caller::Nobody);
                Ok(())
            }
            AuthStep::Login(_) => {
                self.post(script, answer, &case.login, credentials(case), Caller::Nobody);
                Ok(())
            }
            AuthStep::Refresh { .. } => self.with_token(script, session, case.refresh.as_ref(), answer, true),
            AuthStep::Logout { .. } => self.with_token(script, session, case.logout.as_ref(), answer, true),
            AuthStep::Validate { .. } => self.with_token(script, session, case.validate.as_ref(), answer, false),
        }
        .map_err(|why: String| left(said, why))
    }

    /// Sends a token: in the body where the call takes one, and the access token with the request.
    fn with_token(
        &self,
        script: &mut Script,
        session: &Session,
        call: Option<&SessionCall>,
        answer: &str,
        refresh: bool,
    ) -> Result<(), String> {
        let call = call.ok_or("the request needs more than a token")?;
        let token = if refresh { &session.refresh } else { &session.access };
        if call.token.is_some() && refresh && session.case.login.refresh.is_empty() {
            return Err("no answer shows a refresh token".to_owned());
        }
        let body = call.token.as_ref().map(|name| Term::Object(vec![(name.clone(), Term::Variable(token.clone()))]));
        self.post(script, answer, call, body, Caller::Bearer(session.access.clone()));
        Ok(())
    }

    fn post(&self, script: &mut Script, answer: &str, call: &SessionCall, body: Option<Term>, caller: Caller) {
        let (answer, url) = (answer.to_owned(), call.url.clone());
        script.push(Line::Send(Request { answer, method: "POST".to_owned(), url, body, media_type: None, caller }));
    }

    fn session_check(
        &self,
        script: &mut Script,
        session: &Session,
        answered: &Answered<'_>,
        clause: &str,
        open: &mut Vec<Left>,
    ) -> Result<(), String> {
        let text = words::plain(clause);
        if let Some(status) = words::status(clause) {
            if status != answered.status {
                return Err(format!("this request is answered with {}", answered.status));
            }
            if let Some((_, tail)) = text.split_once(" with ")
                && let Err(why) = self.token_check(script, session, answered, &format!(" {tail}"), open)
            {
                open.push(left(tail, why));
            }
            return Ok(());
        }
        let events = &self.samples.service.events;
        if events.wires.iter().any(|wire| says(&text, &[&wire.name.to_lowercase()])) {
            return Err("no handler publishes it by itself, as its Trigger does not name this operation".to_owned());
        }
        if says(&text, &["account exists", "account is stored", "can log in"]) {
            let answer = script.name("tokens");
            let login = &session.case.login;
            self.post(script, &answer, login, credentials(&session.case), Caller::Nobody);
            script.push(Line::Status(answer, login.status));
            return Ok(());
        }
        if says(&text, &WORTHLESS) || says(&text, &["neither", "no token"]) {
            return self.worthless(script, session, answered, &text);
        }
        self.token_check(script, session, answered, &text, open)
    }

    /// Checks what an answer holds.
    fn token_check(
        &self,
        script: &mut Script,
        session: &Session,
        answered: &Answered<'_>,
        text: &str,
        open: &mut Vec<Left>,
    ) -> Result<(), String> {
        let hidden = || "the answer does not show it".to_owned();
        let tokens = matches!(answered.step, AuthStep::Login(_) | AuthStep::Refresh { .. });
        if says(text, &["refresh token"]) && tokens {
            let shown = answered.part(&TokenPart::Refresh).ok_or_else(hidden)?;
            self.token(script, shown, says(text, &["new"]), &session.refresh);
            if let Some((_, time)) = text.split_once(" for ") {
                open.push(left(time, "no answer tells how long a refresh token holds"));
            }
            return Ok(());
        }
        if says(text, &["access token"]) && tokens {
            let shown = answered.part(&TokenPart::Access).ok_or_else(hidden)?;
            self.token(script, shown, says(text, &["new"]), &session.access);
            if let Some(seconds) = seconds(text) {
                let told = answered.part(&TokenPart::ExpiresIn).filter(|_| seconds == ACCESS_SECONDS);
                match told {
                    Some(shown) => script.push(Line::Equal(shown, Term::Constant(json!(seconds)))),
                    None => open.push(left(text, "the answer does not tell how long the token holds, or another time")),
                }
            }
            return Ok(());
        }
        if says(text, &["identifier", "id", "account identifier"]) {
            let resource = answered.code.resource.and_then(|at| self.samples.service.resources.get(at));
            return match (answered.step, resource) {
                (AuthStep::Register { view: Some(view), .. }, Some(resource)) => {
                    let way = view.envelope.iter().cloned().chain([resource.resource.key.clone()]);
                    script.push(Line::Present(answered.shown(way.collect())));
                    Ok(())
                }
                (AuthStep::Validate { .. }, _) => {
                    let shown = answered.part(&TokenPart::Subject).ok_or_else(hidden)?;
                    let id = self.account_id(session).ok_or_else(hidden)?;
                    script.push(Line::Equal(shown, Term::Shown(id)));
                    Ok(())
                }
                _ => Err(hidden()),
            };
        }
        let part = if says(text, &["roles"]) {
            answered.part(&TokenPart::Roles)
        } else if says(text, &["expiry", "expires", "expiration"]) {
            answered.part(&TokenPart::ExpiresAt).or_else(|| answered.part(&TokenPart::ExpiresEpoch))
        } else {
            return Err(super::checks::NO_CHECK.to_owned());
        };
        script.push(Line::Present(part.ok_or_else(hidden)?));
        Ok(())
    }

    /// The identifier in the answer to the registration.
    fn account_id(&self, session: &Session) -> Option<Shown> {
        let service = self.samples.service;
        service.operations.iter().find_map(|code| match Self::auth(code) {
            Some(AuthStep::Register { view: Some(view), .. }) => {
                let key = &service.resources.get(code.resource?)?.resource.key;
                let way = view.envelope.iter().cloned().chain([key.clone()]).collect();
                Some(Shown { answer: session.account.clone(), status: session.case.register.status, way })
            }
            _ => None,
        })
    }

    /// A token in an answer is there, and another than before where it is new.
    fn token(&self, script: &mut Script, shown: Shown, new: bool, before: &str) {
        let known = script.lines.iter().any(|line| matches!(line, Line::Take(name, _) if name == before));
        if !(new && known) {
            script.push(Line::Present(shown));
            return;
        }
        let name = script.name(&format!("new_{before}"));
        script.push(Line::Take(name.clone(), shown));
        script.push(Line::Different(name, before.to_owned()));
    }

    /// Checks that tokens of the session are refused now.
    fn worthless(
        &self,
        script: &mut Script,
        session: &Session,
        answered: &Answered<'_>,
        text: &str,
    ) -> Result<(), String> {
        let both = says(text, &["neither", "no token", "tokens"]) && matches!(answered.step, AuthStep::Logout { .. });
        let (access, refresh) = (says(text, &["access token"]) || both, says(text, &["refresh token"]) || both);
        if !access && !refresh || !(both || matches!(answered.step, AuthStep::Refresh { .. } | AuthStep::Logout { .. }))
        {
            return Err(super::checks::NO_CHECK.to_owned());
        }
        if access && matches!(answered.step, AuthStep::Refresh { .. }) {
            return Err("an access token holds until it expires or is withdrawn".to_owned());
        }
        let calls = [(refresh, session.case.refresh.as_ref(), true), (access, session.case.validate.as_ref(), false)];
        if calls.iter().any(|(wanted, call, _)| *wanted && call.is_none()) {
            return Err("no operation takes such a token".to_owned());
        }
        for (_, call, refresh) in calls.into_iter().filter(|(wanted, _, _)| *wanted) {
            let answer = script.name(if refresh { "renewed" } else { "validated" });
            self.with_token(script, session, call, &answer, refresh)?;
            script.push(Line::Status(answer, 401));
        }
        Ok(())
    }

    /// The tests of an alternative.
    pub(super) fn session_variant(
        &self,
        code: &'s OperationCode<'a>,
        step: &'s AuthStep,
        said: &str,
        status: u16,
    ) -> (Vec<(String, Script)>, Vec<Left>) {
        let text = words::plain(said);
        let (mut found, mut open) = (Vec::new(), Vec::new());
        let mut add = |label: &str, script: Result<Script, Left>| match script {
            Ok(script) => found.push((label.to_owned(), script)),
            Err(why) => open.push(why),
        };
        match step {
            AuthStep::Login(_) if status == 401 && says(&text, &["wrong", "unknown", "mistyped", "incorrect"]) => {
                add("with something wrong", self.wrong_credentials(step, said));
            }
            AuthStep::Register { .. } if status == 409 => add("a second time", self.registered(step, said)),
            AuthStep::Validate { token: None, .. } if status == 401 => {
                if says(&text, &["forged", "invalid", "wrong"]) {
                    add("with a forged token", self.refused_token(step, said, true));
                }
                if says(&text, &["withdrawn", "revoked", "logged out"]) {
                    add("with a withdrawn token", self.refused_token(step, said, false));
                }
                if says(&text, &["expired"]) {
                    add("", Err(left("the token is expired", "no test waits until a token that was issued expires")));
                }
            }
            _ => {}
        }
        if found.is_empty() && open.is_empty() {
            let why = format!("what leads to it cannot be set up for {}", code.operation.id);
            open.push(left(said, why));
        }
        (found, open)
    }

    /// A wrong password and an unknown account, which get the same answer where the spec says so.
    fn wrong_credentials(&self, step: &AuthStep, said: &str) -> Result<Script, Left> {
        let mut script = Script::default();
        self.told(&mut script, &self.steps.given);
        let session = self.begin(&mut script, step)?;
        self.told(&mut script, &self.steps.when);
        script.push(Line::Told(words::told(StepKind::Or, said)));
        let case = &session.case;
        let identity = self.samples.service.auth.as_ref().map_or("", |auth| auth.identity.as_str());
        let mut answers = Vec::new();
        for (name, property) in [("wrong", case.password.as_str()), ("unknown", identity)] {
            let mut body = case.credentials.clone();
            let value = body[property].as_str().unwrap_or_default();
            body[property] = match property == identity {
                true => json!(format!("x{value}")),
                false => json!(format!("{value}x")),
            };
            let answer = script.name(name);
            self.post(
                &mut script,
                &answer,
                &case.login,
                Some(Term::Body("wrong_credentials".to_owned(), body)),
                Caller::Nobody,
            );
            script.push(Line::Status(answer.clone(), 401));
            answers.push(answer);
        }
        let text = words::plain(said);
        if let ([first, second], true) = (answers.as_slice(), says(&text, &["without saying which", "same answer"])) {
            script.push(Line::Same(first.clone(), second.clone()));
        }
        Ok(script)
    }

    /// A second registration with the same name.
    fn registered(&self, step: &AuthStep, said: &str) -> Result<Script, Left> {
        let mut script = Script::default();
        self.told(&mut script, &self.steps.when);
        let session = self.begin(&mut script, step)?;
        for status in [session.case.register.status, 409] {
            if status == 409 {
                script.push(Line::Told(words::told(StepKind::Or, said)));
            }
            let answer = script.name("answer");
            self.send(&mut script, &session, step, &answer)?;
            script.push(Line::Status(answer, status));
        }
        Ok(script)
    }

    /// A token that is forged, or was withdrawn by a logout.
    fn refused_token(&self, step: &AuthStep, said: &str, forged: bool) -> Result<Script, Left> {
        let mut script = Script::default();
        self.told(&mut script, &self.steps.given);
        let session = self.begin(&mut script, step)?;
        let case = &session.case;
        if !forged {
            let answer = script.name("withdrawn");
            let status = case.logout.as_ref().map_or(204, |call| call.status);
            let logout = self.with_token(&mut script, &session, case.logout.as_ref(), &answer, true);
            logout.map_err(|why| left("the token is withdrawn", why))?;
            script.push(Line::Status(answer, status));
        }
        self.told(&mut script, &self.steps.when);
        let answer = script.name("answer");
        self.send(&mut script, &session, step, &answer)?;
        if let (Some(Line::Send(request)), true) = (script.lines.last_mut(), forged) {
            request.caller = Caller::Forger(session.access.clone());
        }
        script.push(Line::Told(words::told(StepKind::Or, said)));
        script.push(Line::Status(answer, 401));
        Ok(script)
    }
}

fn account(case: &SessionCase) -> Option<Term> {
    Some(Term::Body("new_account".to_owned(), case.account.clone()))
}

fn credentials(case: &SessionCase) -> Option<Term> {
    Some(Term::Body("credentials".to_owned(), case.credentials.clone()))
}

/// The time that a text names, in seconds.
fn seconds(text: &str) -> Option<u64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).find_map(|pair| {
        let unit = match pair[1].trim_end_matches('s') {
            "second" => 1,
            "minute" => 60,
            "hour" => 3600,
            "day" => 86_400,
            _ => return None,
        };
        Some(pair[0].parse::<u64>().ok()?.saturating_mul(unit))
    })
}
