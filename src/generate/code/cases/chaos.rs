//! What a running service is put through: it is killed and stopped, its database is locked, and those that it needs fail.

use serde_json::{Value, json};

use crate::generate::code::behaviour::{AuthStep, Behaviour};
use crate::generate::code::clients::Failure;
use crate::generate::code::resource::KeyKind;
use crate::generate::code::service::OperationCode;
use crate::model::{Method, Operation};

use super::{Samples, Sent};

/// Digits that make one document unlike the others.
const DIGITS: usize = 8;
/// Pauses before a call is repeated: they double, and each is anything up to this, in milliseconds.
const FIRST_PAUSE_MS: u64 = 100;
const LONGEST_PAUSE_MS: u64 = 2000;
/// Longest wait of a test for an answer that never comes, in milliseconds.
const PATIENCE_MS: u64 = 3000;

/// Something that can be made again and again, and be found again.
#[derive(Clone, Debug)]
pub(crate) struct MadeCase {
    /// The URL that makes it.
    pub(crate) url: String,
    /// What is sent.
    pub(crate) body: Value,
    /// Status of a success.
    pub(crate) status: u16,
    /// Properties that no two may share, each with the text that follows [`DIGITS`] decimal digits.
    pub(crate) distinct: Vec<(String, String)>,
    /// How it is found again.
    pub(crate) found: Found,
    /// How many events tell of it.
    pub(crate) events: usize,
}

impl MadeCase {
    /// What is sent that is the same each time.
    pub(crate) fn fixed(&self, content: &Value) -> Value {
        let mut fixed = content.clone();
        if let Some(object) = fixed.as_object_mut() {
            object.retain(|name, _| self.distinct.iter().all(|(distinct, _)| distinct != name));
        }
        fixed
    }
}

/// How something that was made is found again.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// It is read by its key below the same URL.
    Read {
        /// The property of the answer to its creation that holds the document; none where the answer is the document.
        envelope: Option<String>,
        /// The property that is the key.
        key: String,
        /// Status of a success.
        status: u16,
    },
    /// An account logs in.
    Login {
        /// The URL.
        url: String,
        /// Status of a success.
        status: u16,
        /// What is sent besides what is distinct.
        credentials: Value,
    },
}

/// A request that is answered only after another service was asked.
#[derive(Clone, Debug)]
pub(crate) struct FaultCase {
    /// The request.
    pub(crate) sent: Sent,
    /// Index of the client of the service that fails.
    pub(crate) client: usize,
    /// The calls that are made before the answer: indices of clients and of their calls.
    pub(crate) asked: Vec<(usize, usize)>,
    /// The status while that service fails; none where the request is answered all the same.
    pub(crate) refused: Option<u16>,
    /// Whether a test can wait for the end of all tries.
    pub(crate) short: bool,
    /// The time that all tries take at most, in milliseconds.
    pub(crate) longest_ms: u64,
}

impl Samples<'_, '_> {
    /// What the service can be asked to make while it is disturbed; nothing where it makes nothing by itself.
    pub(crate) fn made(&self) -> Option<MadeCase> {
        let resources = self.service.resources.iter().enumerate();
        resources.into_iter().find_map(|(at, _)| self.made_document(at)).or_else(|| self.made_account())
    }

    fn made_document(&self, at: usize) -> Option<MadeCase> {
        let resource = self.service.resources.get(at)?;
        let case = self.resource(at, resource)?;
        let read = case.read.filter(|read| read.content)?;
        let create = self.service.operations.iter().find(|code| {
            code.resource == Some(at)
                && matches!(code.behaviour, Behaviour::Create { .. })
                && self.request(code).is_some_and(|sent| sent.url == case.url)
        })?;
        let key = Some(&resource.resource.key).filter(|_| resource.resource.key_kind == KeyKind::Sent);
        let names = resource.resource.unique.iter().filter(|name| case.body.get(name).is_some());
        let distinct = self.distinct(create, &case.body, names.chain(key))?;
        Some(MadeCase {
            url: case.url,
            body: case.body,
            status: case.created,
            distinct,
            found: Found::Read { envelope: case.created_envelope, key: case.key, status: read.status },
            events: self.events_of(create.operation),
        })
    }

    fn made_account(&self) -> Option<MadeCase> {
        let case = self.sessions()?;
        let identity = &self.service.auth.as_ref()?.identity;
        let register = self
            .service
            .operations
            .iter()
            .find(|code| matches!(code.behaviour, Behaviour::Auth(AuthStep::Register { .. })))?;
        Some(MadeCase {
            distinct: self.distinct(register, &case.account, std::iter::once(identity))?,
            url: case.register.url,
            body: case.account,
            status: case.register.status,
            found: Found::Login { url: case.login.url, status: case.login.status, credentials: case.credentials },
            events: self.events_of(register.operation),
        })
    }

    /// The texts that follow the digits, where the contract takes them so.
    fn distinct<'n>(
        &self,
        code: &OperationCode<'_>,
        body: &Value,
        names: impl Iterator<Item = &'n String>,
    ) -> Option<Vec<(String, String)>> {
        let definition = code.body.as_ref()?.content.first()?.1.clone()?;
        let accepted = |name: &str, rest: &str| {
            [0, 42].iter().all(|number| {
                let mut other = body.clone();
                other[name] = json!(format!("{number:0width$}{rest}", width = DIGITS));
                self.accepts(&definition, &other)
            })
        };
        let rest = |name: &String| {
            let text = body.get(name)?.as_str()?;
            let rests = [Some(text), text.get(DIGITS..)];
            let found = rests.into_iter().flatten().find(|rest| accepted(name, rest))?;
            Some((name.clone(), found.to_owned()))
        };
        names.map(rest).collect()
    }

    fn events_of(&self, operation: &Operation) -> usize {
        self.service.events.triggers.iter().filter(|trigger| trigger.operation == operation.id).count()
    }

    /// The request that tells what comes of a failing upstream; nothing where no request asks one by itself.
    pub(crate) fn faults(&self) -> Option<FaultCase> {
        let service = self.service;
        let (sent, call) = match &service.token_check {
            Some(check) => (self.checked()?, check.call),
            None => {
                let reference = service.references.first()?;
                let code = service.operations.iter().find(|code| code.operation.id == reference.operation)?;
                let sent = self.request(code).filter(|sent| sent.headers.is_empty() && self.can_repeat(code))?;
                (sent, reference.call)
            }
        };
        let checks = service.token_check.iter().map(|check| check.call);
        let mut asked: Vec<(usize, usize)> = checks.chain(service.references.iter().map(|one| one.call)).collect();
        asked.sort_unstable();
        asked.dedup();
        let known = asked.iter().all(|at| self.client_case(&service.clients[at.0].calls[at.1]).is_some());
        let failing = &service.clients[call.0].calls[call.1].call;
        let refused = match failing.failure {
            Failure::Refuse(status) => Some(status),
            Failure::Fail => Some(503),
            Failure::Degrade | Failure::Cached(_) => None,
            Failure::Copy(_) => return None,
        };
        let pauses = (0..failing.retries.min(16)).map(|retry| (FIRST_PAUSE_MS << retry).min(LONGEST_PAUSE_MS));
        let longest_ms = failing.timeout_ms * u64::from(failing.retries + 1) + pauses.sum::<u64>();
        let short = longest_ms <= PATIENCE_MS;
        known.then_some(FaultCase { sent, client: call.0, asked, refused, short, longest_ms })
    }

    /// A request that needs a token and changes nothing, where there is one.
    fn checked(&self) -> Option<Sent> {
        let mut bearer = self.bearer_requests();
        bearer.retain(|(_, sent)| sent.headers.is_empty());
        let reads = bearer.iter().find(|(code, _)| code.operation.method == Method::Get);
        reads.or(bearer.iter().find(|(code, _)| self.can_repeat(code))).map(|(_, sent)| sent.clone())
    }

    /// Whether the same request is answered the same way again.
    fn can_repeat(&self, code: &OperationCode<'_>) -> bool {
        let resource = code.resource.and_then(|at| self.service.resources.get(at)).map(|one| &one.resource);
        resource.is_some_and(|one| one.unique.is_empty() && one.key_kind != KeyKind::Sent)
            && matches!(code.behaviour, Behaviour::Create { .. })
    }
}
