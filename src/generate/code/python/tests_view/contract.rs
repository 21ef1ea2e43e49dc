//! Requests that the contract refuses before any handler is called.

use std::collections::BTreeMap;

use crate::generate::code::behaviour::Behaviour;
use crate::generate::code::python::layout::{Code, string, value};
use crate::generate::code::python::operations::is_token;
use crate::generate::code::python::service::OperationCode;
use crate::generate::code::resource;

use super::{Samples, Sent};

impl Samples<'_, '_> {
    /// Requests to operations that have no default: method, URL and body, as elements of a list.
    pub(crate) fn unknown(&self) -> Vec<String> {
        let unknown = self.service.operations.iter().filter(|code| code.behaviour == Behaviour::Unknown);
        let rows = unknown.filter(|code| self.can_authenticate(code)).filter_map(|code| {
            let sent = self.request(code).filter(|sent| sent.headers.is_empty())?;
            let method = code.operation.method.key().to_uppercase();
            let body = sent.body.as_ref().map_or(Code::text("None"), value);
            Some(Code::group("(", vec![Code::text(string(&method)), Code::text(string(&sent.url)), body], ")"))
        });
        rows.map(|row| row.lay_out(4, "", ",")).collect()
    }

    /// Requests that need credentials: method and URL.
    pub(crate) fn secured(&self) -> Vec<String> {
        let codes = self.service.operations.iter().filter(|code| !code.is_public());
        codes.filter_map(|code| Some(row(code, &self.request(code)?, Vec::new()))).collect()
    }

    /// Method and URL of an operation that needs a token and nothing else, as arguments.
    pub(crate) fn bearer_secured(&self) -> String {
        let token = |scheme: &str| is_token(&self.service.scheme(scheme));
        let fits = |code: &&OperationCode<'_>| {
            !code.is_public() && code.operation.security.iter().all(|all| all.iter().all(|one| token(&one.scheme)))
        };
        let mut codes = self.service.operations.iter().filter(fits);
        let found = codes.find_map(|code| {
            let sent = self.request(code)?;
            Some(format!("{}, {}", string(&code.operation.method.key().to_uppercase()), string(&sent.url)))
        });
        found.unwrap_or_default()
    }

    /// Bodies that break the contract: method, URL, bytes and the status that refuses them.
    pub(crate) fn bad_bodies(&self) -> Vec<String> {
        let mut rows = Vec::new();
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
            let unparsable = refusal(&[400, 422]);
            rows.push(row(code, &sent, vec![Code::text("\"{\""), Code::text(unparsable.to_string())]));
            let Some((_, shape)) = resource::body(self.schemas, code.operation) else { continue };
            let invalid = refusal(&[422, 400]).to_string();
            for property in shape.properties.iter().filter(|property| property.required && !property.read_only) {
                let mut without = sent.body.clone().unwrap_or_default();
                let Some(object) = without.as_object_mut() else { continue };
                object.shift_remove(&property.name);
                let definition = body.content.first().and_then(|(_, definition)| definition.clone());
                if definition.is_some_and(|definition| !self.accepts(&definition, &without)) {
                    let text = Code::text(string(&without.to_string()));
                    rows.push(row(code, &sent, vec![text, Code::text(invalid.clone())]));
                }
            }
        }
        rows
    }

    /// Requests by a method that the contract does not have at a path, with those that it has.
    pub(crate) fn methods(&self) -> Vec<String> {
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
            let url = url.split('?').next().unwrap_or_default();
            let elements = [other, url, &methods.join(", ")].map(|text| Code::text(string(text)));
            Some(Code::group("(", elements.to_vec(), ")").lay_out(4, "", ","))
        });
        rows.collect()
    }
}

/// A request as an element of a list.
fn row(code: &OperationCode<'_>, sent: &Sent, more: Vec<Code>) -> String {
    let method = code.operation.method.key().to_uppercase();
    let mut elements = vec![Code::text(string(&method)), Code::text(string(&sent.url))];
    elements.extend(more);
    Code::group("(", elements, ")").lay_out(4, "", ",")
}
