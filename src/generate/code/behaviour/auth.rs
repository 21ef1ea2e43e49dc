//! Accounts and tokens: register, login, refresh, validate, logout. They are one archetype, because none of them works
//! without the others' data, and login is what gives it away.

use serde_json::Value;

use crate::generate::code::names::words;
use crate::generate::code::resource::{self, KeyKind, Resource, alike};
use crate::generate::code::shape::{self, Property, Shape};
use crate::model::{Api, JsonType, Method, Operation, SchemaId, Schemas};

use super::document::Inference;
use super::{Field, View};

/// Nesting of answers beyond which nothing is looked for.
const DEEPEST: u8 = 4;

/// One of the five operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Register,
    Login,
    Refresh,
    Validate,
    Logout,
}

/// Names in `x-behaviour`, and last segments of paths that stand for them.
const ROLES: [(Role, &str, &[&str]); 5] = [
    (Role::Register, "register", &["register", "registration", "signup", "sign_up"]),
    (Role::Login, "login", &["login", "log_in", "signin", "sign_in"]),
    (Role::Refresh, "refresh", &["refresh", "refresh_token", "refresh_tokens", "renew"]),
    (Role::Validate, "validate", &["validate", "validate_token", "verify", "verify_token", "introspect"]),
    (Role::Logout, "logout", &["logout", "log_out", "signout", "sign_out", "revoke"]),
];

impl Role {
    /// The role that an operation has by its own word or by its path.
    pub(super) fn of(operation: &Operation) -> Option<Role> {
        let stated = operation.behaviour.as_ref().map(|stated| stated.name.as_str());
        let last = words(operation.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default());
        let post = operation.method == Method::Post && !operation.path.contains('{');
        let found = ROLES.iter().find(|(_, name, segments)| match stated {
            Some(stated) => stated == *name,
            None => post && segments.contains(&last.as_str()),
        });
        found.map(|(role, _, _)| *role)
    }
}

/// A part of an answer that holds tokens or what they say.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenPart {
    /// The access token.
    Access,
    /// The refresh token.
    Refresh,
    /// Seconds until the access token expires.
    ExpiresIn,
    /// The id of the account.
    Subject,
    /// The roles of the account.
    Roles,
    /// When the token expires, RFC 3339.
    ExpiresAt,
    /// When the token expires, in seconds since 1970.
    ExpiresEpoch,
    /// A constant.
    Constant(Value),
    /// An object of parts.
    Group(Vec<(String, TokenPart)>),
}

/// What one of the operations does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AuthStep {
    /// Stores an account with the hash of its password.
    Register {
        /// Every property of the account.
        fields: Vec<Field>,
        /// The answer; nothing where it has no content.
        view: Option<View>,
    },
    /// Checks a password, and begins a session.
    Login(Vec<(String, TokenPart)>),
    /// Changes a refresh token for new tokens.
    Refresh {
        /// The property of the body that holds it.
        token: String,
        /// Whether the body must have it.
        required: bool,
        /// The answer.
        answer: Vec<(String, TokenPart)>,
    },
    /// Tells what an access token says.
    Validate {
        /// The property of the body that holds it; nothing where it is the one that the request is made with.
        token: Option<String>,
        /// Whether the body must have it.
        required: bool,
        /// The answer.
        answer: Vec<(String, TokenPart)>,
    },
    /// Ends a session.
    Logout {
        /// The property of the body with the refresh token.
        token: Option<String>,
        /// Whether the body must have it.
        required: bool,
    },
}

/// What login tells of the accounts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Auth {
    /// The property that names an account: `email`.
    pub(crate) identity: String,
    /// The property with its password.
    pub(crate) password: String,
    /// Index of the collection of accounts, where one can register.
    pub(crate) accounts: Option<usize>,
}

impl Auth {
    /// Looks for the archetype, and adds the collection of accounts to the resources where registration shows one.
    pub(super) fn find(schemas: &Schemas, api: &Api, resources: &mut Vec<Resource>) -> Option<Auth> {
        let with = |role: Role| api.operations.iter().find(|operation| Role::of(operation) == Some(role));
        let login = with(Role::Login)?;
        let (identity, password) = credentials(schemas, login)?;
        parts(schemas, login, false).ok()?;
        let accounts = with(Role::Register).and_then(|register| {
            let path = register.path.trim_end_matches('/');
            if let Some(at) = resources.iter().position(|resource| resource.path == path) {
                return Some(at);
            }
            let (sent_identity, _) = credentials(schemas, register)?;
            resources.push(accounts(schemas, register).filter(|_| sent_identity == identity)?);
            Some(resources.len() - 1)
        });
        Some(Auth { identity, password, accounts })
    }

    /// What an operation in that role does, or why it cannot be told.
    pub(super) fn step(
        &self,
        schemas: &Schemas,
        resources: &[Resource],
        role: Role,
        operation: &Operation,
    ) -> Result<AuthStep, String> {
        match role {
            Role::Register => {
                let resource = self.accounts.and_then(|at| resources.get(at));
                let resource = resource.ok_or("its answer shows no account with an id")?;
                let inference = Inference { schemas, resource, operation };
                let (_, body) = resource::body(schemas, operation).ok_or("its body is no JSON object")?;
                let mut fields = inference.created_fields(&body)?;
                fields.iter_mut().for_each(Field::make_up);
                Ok(AuthStep::Register { fields, view: inference.view()? })
            }
            Role::Login => match credentials(schemas, operation) {
                Some(found) if found == (self.identity.clone(), self.password.clone()) => {
                    Ok(AuthStep::Login(parts(schemas, operation, false)?))
                }
                _ => Err("its body has another name or password than that of the first login".to_owned()),
            },
            Role::Refresh => {
                let (token, required) =
                    token(schemas, operation, &["refresh_token", "token"]).ok_or("its body has no refresh token")?;
                Ok(AuthStep::Refresh { token, required, answer: parts(schemas, operation, false)? })
            }
            Role::Validate => {
                let sent = token(schemas, operation, &["token", "access_token"]);
                if sent.is_none() && operation.is_public() {
                    return Err("neither its body nor its security brings a token".to_owned());
                }
                let required = sent.as_ref().is_some_and(|(_, required)| *required);
                let token = sent.map(|(name, _)| name);
                Ok(AuthStep::Validate { token, required, answer: parts(schemas, operation, true)? })
            }
            Role::Logout => {
                let sent = token(schemas, operation, &["refresh_token", "token"]);
                if sent.is_none() && operation.is_public() {
                    return Err("neither its body nor its security brings a token".to_owned());
                }
                if resource::answer(schemas, operation).is_some() {
                    return Err("its answer has content, and nothing is known that it could show".to_owned());
                }
                let required = sent.as_ref().is_some_and(|(_, required)| *required);
                Ok(AuthStep::Logout { token: sent.map(|(name, _)| name), required })
            }
        }
    }
}

/// The properties of a body that hold the name of an account and its password.
fn credentials(schemas: &Schemas, operation: &Operation) -> Option<(String, String)> {
    let (_, body) = resource::body(schemas, operation)?;
    let text =
        |property: &&Property| property.required && shape::types(schemas, property.schema).0 == JsonType::String as u8;
    let secret = |property: &&Property| {
        shape::format(schemas, property.schema) == "password" || words(&property.name).contains("password")
    };
    let password = body.properties.iter().filter(text).find(secret)?;
    let names = ["email", "emailAddress", "username", "login", "name", "phone"];
    let identity = names.iter().find_map(|name| body.properties.iter().filter(text).find(|one| alike(&one.name, name)));
    Some((identity?.name.clone(), password.name.clone()))
}

/// The property of a body with a token, and whether it must be sent.
fn token(schemas: &Schemas, operation: &Operation, names: &[&str]) -> Option<(String, bool)> {
    let (_, body) = resource::body(schemas, operation)?;
    let found = names.iter().find_map(|name| body.properties.iter().find(|one| words(&one.name) == *name));
    found
        .filter(|one| shape::types(schemas, one.schema).0 == JsonType::String as u8)
        .map(|one| (one.name.clone(), one.required))
}

/// The collection of accounts that registration shows.
fn accounts(schemas: &Schemas, register: &Operation) -> Option<Resource> {
    let document = resource::answer(schemas, register)?.schema;
    let shape = Shape::of(schemas, document)?;
    let key = resource::key_of(schemas, &shape, "userId", "account")?;
    let number = shape::types(schemas, shape.property(&key)?.schema).has(JsonType::Integer);
    Some(Resource {
        path: register.path.trim_end_matches('/').to_owned(),
        name: "accounts".to_owned(),
        singular: "account".to_owned(),
        parameter: String::new(),
        key,
        key_kind: if number { KeyKind::Number } else { KeyKind::Text },
        unique: Vec::new(),
        parents: Vec::new(),
        document,
        shape,
    })
}

/// The answer of an operation as parts; `claims` where it tells what a token says instead of giving tokens.
fn parts(schemas: &Schemas, operation: &Operation, claims: bool) -> Result<Vec<(String, TokenPart)>, String> {
    let (_, response) = resource::success(operation);
    let content = response.and_then(|response| resource::json_content(&response.content));
    let schema = content.and_then(|media| media.schema).ok_or("its answer has no JSON content")?;
    let found = group(schemas, schema, claims, DEEPEST)?;
    let flat = flatten(&found);
    let wanted = |part: &TokenPart| flat.contains(&part);
    match claims {
        false if !wanted(&TokenPart::Access) => Err("its answer has no access token".to_owned()),
        true if !wanted(&TokenPart::Subject) => Err("its answer has no id of the account".to_owned()),
        _ => Ok(found),
    }
}

fn group(schemas: &Schemas, id: SchemaId, claims: bool, depth: u8) -> Result<Vec<(String, TokenPart)>, String> {
    let shape =
        Shape::of(schemas, id).filter(|_| depth > 0).ok_or("its answer is no object with declared properties")?;
    let mut found = Vec::new();
    for property in &shape.properties {
        match part(schemas, property, claims, depth) {
            Some(part) => found.push((property.name.clone(), part)),
            None if property.required => {
                return Err(format!("`{}` in its answer comes from nowhere", property.name));
            }
            None => {}
        }
    }
    Ok(found)
}

fn part(schemas: &Schemas, property: &Property, claims: bool, depth: u8) -> Option<TokenPart> {
    let types = shape::types(schemas, property.schema);
    let name = words(&property.name);
    let text = types.has(JsonType::String);
    let number = types.has(JsonType::Integer);
    let found = match (claims, name.as_str()) {
        (false, "access_token" | "token" | "jwt") if text => TokenPart::Access,
        (false, "refresh_token") if text => TokenPart::Refresh,
        (false, "expires_in") if number => TokenPart::ExpiresIn,
        (false, "token_type") if text => {
            let first = shape::first_choice(schemas, property.schema);
            TokenPart::Constant(first.unwrap_or_else(|| "Bearer".into()))
        }
        (true, "account_id" | "user_id" | "subject" | "sub" | "id") if text => TokenPart::Subject,
        (true, "roles") if types.has(JsonType::Array) => TokenPart::Roles,
        (true, "valid" | "active" | "is_valid") if types.has(JsonType::Boolean) => TokenPart::Constant(true.into()),
        (true, "expires_at" | "expires" | "exp") if text => TokenPart::ExpiresAt,
        (true, "expires_at" | "expires" | "exp") if number => TokenPart::ExpiresEpoch,
        _ => TokenPart::Group(group(schemas, property.schema, claims, depth - 1).ok().filter(|one| !one.is_empty())?),
    };
    Some(found)
}

/// Every part that is no group.
pub(crate) fn flatten(parts: &[(String, TokenPart)]) -> Vec<&TokenPart> {
    let mut found = Vec::new();
    let mut pending: Vec<&TokenPart> = parts.iter().map(|(_, part)| part).collect();
    while let Some(part) = pending.pop() {
        match part {
            TokenPart::Group(parts) => pending.extend(parts.iter().map(|(_, part)| part)),
            part => found.push(part),
        }
    }
    found
}
