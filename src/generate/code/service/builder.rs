//! One operation as its language sees it: function, arguments, body and answers with their types.

use crate::generate::code::behaviour::Archetypes;
use crate::generate::code::errors::{self, ErrorBody};
use crate::generate::code::names::{Case, Names};
use crate::generate::code::resource::{self, is_json};
use crate::generate::code::schema_document::Direction;
use crate::model::{Api, Operation, ParameterLocation, Schemas};
use crate::template::names::identifier;

use super::types::{Models, Type};
use super::{AnswerCode, Argument, BodyCode, Naming, OperationCode};

pub(super) struct Builder<'a, 'b, 'c> {
    pub(super) api: &'a Api,
    pub(super) archetypes: &'b Archetypes<'a>,
    pub(super) models: &'b mut Models<'a, 'c>,
    pub(super) naming: &'b Naming,
    pub(super) schemas: &'a Schemas,
    /// Each once.
    pub(super) error_bodies: Vec<ErrorBody>,
}

impl<'a> Builder<'a, '_, '_> {
    pub(super) fn operation(&mut self, operation: &'a Operation, function: String, group: usize) -> OperationCode<'a> {
        let constant = identifier(self.naming.language, self.naming.constant, &function);
        let hint = identifier(self.naming.language, Case::Pascal, &function);
        let (path, variables) = self.path(operation);
        let arguments = self.arguments(operation, &function, &hint, &variables);
        let inferred = self.archetypes.of(operation);
        let body = self.body(operation, &function, &hint, inferred.behaviour.needs_body());
        let (success, answers, returns) = self.answers(operation, &function, &hint);
        let errors = operation.responses.iter().filter_map(|response| response.status.parse().ok());
        OperationCode {
            operation,
            function,
            constant,
            path,
            group,
            arguments,
            body,
            success,
            answers,
            returns,
            errors: errors.filter(|status| (400..600).contains(status)).collect(),
            error_bodies: self.error_bodies(operation),
            behaviour: inferred.behaviour,
            resource: inferred.resource,
            kept: None,
        }
    }

    /// The errors of an operation that are no problem documents.
    fn error_bodies(&mut self, operation: &Operation) -> Vec<(u16, usize)> {
        let mut found = Vec::new();
        for (status, body) in errors::bodies(self.schemas, operation) {
            let at = self.error_bodies.iter().position(|known| *known == body).unwrap_or_else(|| {
                self.error_bodies.push(body);
                self.error_bodies.len() - 1
            });
            found.push((status, at));
        }
        found
    }

    /// The route of an operation, and the argument of each variable in it.
    fn path(&self, operation: &Operation) -> (String, Vec<(String, String)>) {
        let mut names = Names::new(self.naming.language).with(self.naming.locals);
        let mut variables = Vec::new();
        let mut route = self.api.base_path.clone();
        let mut rest = operation.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((variable, after)) = after.split_once('}') else { break };
            let name = names.claim(variable, self.naming.function);
            route.push_str(&format!("{before}{{{name}}}"));
            variables.push((variable.to_owned(), name));
            rest = after;
        }
        route.push_str(rest);
        (route, variables)
    }

    fn arguments(
        &mut self,
        operation: &'a Operation,
        function: &str,
        hint: &str,
        variables: &[(String, String)],
    ) -> Vec<Argument<'a>> {
        let taken: Vec<&str> = variables.iter().map(|(_, name)| name.as_str()).collect();
        let mut names = Names::new(self.naming.language).with(self.naming.locals).with(&taken);
        let mut found = Vec::new();
        for parameter in &operation.parameters {
            let ignored = ["accept", "content-type", "authorization"];
            let is_header = parameter.location == ParameterLocation::Header;
            if is_header && ignored.contains(&parameter.name.to_ascii_lowercase().as_str()) {
                continue;
            }
            let name = match parameter.location {
                ParameterLocation::Path => {
                    let variable = variables.iter().find(|(variable, _)| *variable == parameter.name);
                    let Some((_, name)) = variable else { continue };
                    name.clone()
                }
                _ => names.claim(&parameter.name, self.naming.function),
            };
            let schema = parameter.schema.or_else(|| parameter.content.first()?.schema);
            let place = match parameter.location {
                ParameterLocation::Path => "path",
                ParameterLocation::Query => "query",
                ParameterLocation::Header => "header",
                ParameterLocation::Cookie => "cookie",
            };
            let label = format!("{function}.{place}.{}", parameter.name);
            let hint = format!("{hint}{}", Case::Pascal.apply(&parameter.name));
            let (kind, definition) = match schema {
                Some(id) => (
                    self.models.of(id, Direction::Request, &hint),
                    self.models.document().define(id, Direction::Request, &label),
                ),
                None => (Type::Text, self.models.document().anything()),
            };
            let json = !parameter.content.is_empty();
            found.push(Argument { parameter, name, kind, schema, definition, json });
        }
        found
    }

    fn body(&mut self, operation: &Operation, function: &str, hint: &str, needed: bool) -> Option<BodyCode> {
        let body = operation.request_body.as_ref()?;
        let json: Vec<_> = body.content.iter().filter(|media| is_json(&media.name)).collect();
        let mut content = Vec::new();
        let mut kind = Type::Bytes;
        for media in &json {
            // A range admits what this service understands of it.
            let name = if media.name.contains('*') { "application/json" } else { &media.name };
            let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            let definition = media.schema.map(|id| {
                kind = self.models.of(id, Direction::Request, &format!("{hint}Body"));
                self.models.document().define(id, Direction::Request, &format!("{function}.body"))
            });
            if media.schema.is_none() {
                kind = Type::Any;
            }
            content.push((name, Some(definition.unwrap_or_else(|| self.models.document().anything()))));
        }
        if json.is_empty() {
            content.extend(body.content.iter().map(|media| (media.name.to_ascii_lowercase(), None)));
        }
        content.dedup_by(|a, b| a.0 == b.0);
        let required = body.required || needed;
        let kind = if required { kind } else { kind.or_null() };
        (!content.is_empty()).then_some(BodyCode { content, required, kind })
    }

    fn answers(&mut self, operation: &Operation, function: &str, hint: &str) -> (u16, Vec<AnswerCode>, Type) {
        let (success, plain) = resource::success(operation);
        let mut answers = Vec::new();
        let mut returns = Type::Null;
        for response in &operation.responses {
            let is_plain = plain.is_some_and(|plain| std::ptr::eq(plain, response));
            let status = match response.status.parse() {
                Ok(status) => status,
                Err(_) if is_plain => success,
                Err(_) => continue,
            };
            if !(200..400).contains(&status) {
                continue;
            }
            let json = resource::json_content(&response.content);
            let Some(media) = json.or(response.content.first()) else { continue };
            let name = if media.name.contains('*') { "application/json" } else { &media.name };
            let mut kind = Type::Union(vec![Type::Text, Type::Bytes]);
            let definition = json.map(|media| match media.schema {
                Some(id) => {
                    let hint = if is_plain { format!("{hint}Result") } else { format!("{hint}Result{status}") };
                    kind = self.models.of(id, Direction::Response, &hint);
                    self.models.document().define(id, Direction::Response, &format!("{function}.{status}"))
                }
                None => {
                    kind = Type::Any;
                    self.models.document().anything()
                }
            });
            if is_plain {
                returns = kind;
            }
            answers.push(AnswerCode { status, media_type: name.to_owned(), definition });
        }
        (success, answers, returns)
    }
}
