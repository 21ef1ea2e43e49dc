//! Requests that the contract refuses before any handler is called.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::generate::code::behaviour::Behaviour;
use crate::generate::code::resource::{self, KeyKind};
use crate::generate::code::service::{OperationCode, is_token};

use super::{Samples, Sent};

/// Schemas that the bodies of one operation may meet: of a body with thousands of properties not each is left out.
const MANY: u64 = 2_000_000;

/// Bodies that the contract refuses.
#[derive(Clone, Debug, Default)]
pub(crate) struct BadBodies {
    /// Those that are no JSON.
    pub(crate) broken: Vec<Broken>,
    /// Those that lack something.
    pub(crate) incomplete: Vec<Incomplete>,
}

/// A request whose body is no JSON.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    /// The method.
    pub(crate) method: String,
    /// The URL.
    pub(crate) url: String,
    /// What is sent.
    pub(crate) text: String,
    /// The status that refuses it.
    pub(crate) status: u16,
}

/// A request that the contract lets in, and refuses without any one of some properties.
#[derive(Clone, Debug)]
pub(crate) struct Incomplete {
    /// The method.
    pub(crate) method: String,
    /// The URL.
    pub(crate) url: String,
    /// The whole body.
    pub(crate) body: Value,
    /// The properties that it cannot do without; at least one.
    pub(crate) missing: Vec<String>,
    /// The status that refuses it.
    pub(crate) status: u16,
}

/// A request by a method that the contract does not have.
#[derive(Clone, Debug)]
pub(crate) struct WrongMethod {
    /// The method.
    pub(crate) method: String,
    /// The URL.
    pub(crate) url: String,
    /// The methods that the contract has, sorted.
    pub(crate) allowed: Vec<String>,
}

impl Samples<'_, '_> {
    /// Requests that make something new each time, and say by a key which of them are one and the same.
    pub(crate) fn keyed(&self) -> Vec<Sent> {
        let keyed = self.service.operations.iter().filter(|code| {
            let resource = code.resource.and_then(|at| self.service.resources.get(at));
            let distinct =
                resource.is_some_and(|one| one.resource.unique.is_empty() && one.resource.parents.is_empty());
            let made_up = resource.is_some_and(|one| one.resource.key_kind != KeyKind::Sent);
            let creates = matches!(code.behaviour, Behaviour::Create { view: Some(_), .. });
            code.idempotency_key().is_some() && creates && distinct && made_up && self.can_authenticate(code)
        });
        let sent = keyed.filter_map(|code| self.request(code));
        sent.filter(|sent| sent.headers.keys().all(|name| name.eq_ignore_ascii_case("idempotency-key"))).collect()
    }

    /// Requests to operations that have no default.
    pub(crate) fn unknown(&self) -> Vec<Sent> {
        let unknown = self.service.operations.iter().filter(|code| code.behaviour == Behaviour::Unknown);
        let known = unknown.filter(|code| self.can_authenticate(code)).filter_map(|code| self.request(code));
        known.filter(|sent| sent.headers.is_empty()).collect()
    }

    /// Requests that need credentials.
    pub(crate) fn secured(&self) -> Vec<Sent> {
        let codes = self.service.operations.iter().filter(|code| !code.is_public());
        codes.filter_map(|code| self.request(code)).collect()
    }

    /// A request that needs a token and nothing else.
    pub(crate) fn bearer_secured(&self) -> Option<Sent> {
        self.bearer_requests().into_iter().next().map(|(_, sent)| sent)
    }

    /// The requests that need a token and nothing else, with their operations.
    pub(super) fn bearer_requests(&self) -> Vec<(&OperationCode<'_>, Sent)> {
        let token = |scheme: &str| is_token(&self.service.scheme(scheme));
        let fits = |code: &&OperationCode<'_>| {
            !code.is_public() && code.operation.security.iter().all(|all| all.iter().all(|one| token(&one.scheme)))
        };
        self.service.operations.iter().filter(fits).filter_map(|code| Some((code, self.request(code)?))).collect()
    }

    /// Bodies that break the contract.
    pub(crate) fn bad_bodies(&self) -> BadBodies {
        let mut bad = BadBodies::default();
        for code in &self.service.operations {
            let Some(body) = code.body.as_ref().filter(|body| body.required) else { continue };
            let json = body.content.first().is_some_and(|(name, _)| name == "application/json");
            let Some(sent) = self.request(code).filter(|sent| json && sent.headers.is_empty()) else { continue };
            if !self.can_authenticate(code) {
                continue;
            }
            let refusal = |statuses: &[u16]| {
                statuses.iter().find(|status| code.errors.contains(status)).or(statuses.first()).copied().unwrap_or(422)
            };
            let (method, url) = (sent.method.clone(), sent.url.clone());
            bad.broken.push(Broken { method, url, text: "{".to_owned(), status: refusal(&[400, 422]) });
            let Some(Value::Object(whole)) = &sent.body else { continue };
            let missing = self.needed(code, whole.clone());
            if !missing.is_empty() {
                let Sent { method, url, body, .. } = sent;
                let (body, status) = (body.unwrap_or_default(), refusal(&[422, 400]));
                bad.incomplete.push(Incomplete { method, url, body, missing, status });
            }
        }
        bad
    }

    /// The properties without which a body is refused.
    fn needed(&self, code: &OperationCode<'_>, mut body: Map<String, Value>) -> Vec<String> {
        let definition = code.body.as_ref().and_then(|body| body.content.first()?.1.as_deref());
        let shape = resource::body(self.schemas, code.operation).map(|(_, shape)| shape);
        let (Some(definition), Some(shape)) = (definition, shape) else { return Vec::new() };
        let steps = self.service.schemas.steps(definition, &Value::Object(body.clone()));
        let most = steps.map_or(0, |steps| usize::try_from(MANY / steps.max(1)).unwrap_or(usize::MAX));
        let required = shape.properties.into_iter().filter(|property| property.required && !property.read_only);
        let refused = required.take(most).filter(|property| {
            let Some(value) = body.swap_remove(&property.name) else { return false };
            let without = Value::Object(std::mem::take(&mut body));
            let refused = self.service.schemas.refuses_part(definition, &without);
            if let Value::Object(rest) = without {
                body = rest;
            }
            body.insert(property.name.clone(), value);
            refused
        });
        refused.map(|property| property.name).collect()
    }

    /// Requests by a method that the contract does not have at a path.
    pub(crate) fn methods(&self) -> Vec<WrongMethod> {
        let mut paths: BTreeMap<&str, Vec<&OperationCode<'_>>> = BTreeMap::new();
        for code in &self.service.operations {
            paths.entry(&code.path).or_default().push(code);
        }
        let segments = |path: &str| path.matches('/').count();
        let rows = paths.iter().filter_map(|(path, codes)| {
            // Another path of the same length may match this one, too, and then its methods are allowed as well.
            if paths.keys().filter(|other| segments(other) == segments(path)).count() > 1 {
                return None;
            }
            let mut methods: Vec<String> =
                codes.iter().map(|code| code.operation.method.key().to_uppercase()).collect();
            methods.sort();
            let other = ["DELETE", "PATCH", "PUT", "POST", "GET"]
                .into_iter()
                .find(|other| !methods.iter().any(|known| known == other))?;
            let url = codes.iter().find_map(|code| self.request(code))?.url;
            let url = url.split('?').next().unwrap_or_default().to_owned();
            Some(WrongMethod { method: other.to_owned(), url, allowed: methods })
        });
        rows.collect()
    }
}
