//! What an operation does, inferred from its contract: create, read, list, replace, patch or delete a document of a
//! resource, move it to another state, or something that only its author knows. Nothing here knows a language.

mod auth;
mod document;
mod list;
mod transition;
mod verbs;

use serde_json::Value;

use crate::model::{Api, Method, Operation, Schemas};

pub(crate) use auth::{Auth, AuthStep, TokenPart};
pub(crate) use document::made_up;
pub(crate) use list::{List, PagePart};
pub(crate) use transition::Transition;

use super::bare;
use super::names::words;
use super::resource::{self, Resource, is_prefix, item_of};
use auth::Role;
use document::Inference;

/// Where the value of a property comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// The body, which has it.
    Body,
    /// The body, where it has it.
    BodyIfSent,
    /// The body, or else this value.
    BodyOr(Value),
    /// The body, or else what is stored.
    BodyOrCurrent,
    /// What is stored.
    Current,
    /// What is stored, where it is.
    CurrentIfSet,
    /// A new UUID.
    NewId,
    /// The next number of the collection.
    NextNumber,
    /// The UUID in the body, where it has one that no other document has, or a new one.
    FreeId,
    /// The number in the body, where it has one that no other document has, or the next of the collection.
    FreeNumber,
    /// The time of the request.
    Now,
    /// A variable of the path.
    Path(String),
    /// The id of the caller.
    Caller,
    /// A constant.
    Constant(Value),
}

/// A property with the source of its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// Its name in JSON.
    pub(crate) name: String,
    /// Where the value comes from.
    pub(crate) source: Source,
}

impl Field {
    /// Takes no key from the body.
    pub(crate) fn make_up(&mut self) {
        match self.source {
            Source::FreeId => self.source = Source::NewId,
            Source::FreeNumber => self.source = Source::NextNumber,
            _ => {}
        }
    }
}

/// How a document is shown where an answer is not the document itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct View {
    /// The property around it.
    pub(crate) envelope: Option<String>,
    /// The properties that are shown, and whether each document has it; nothing means all.
    pub(crate) properties: Option<Vec<(String, bool)>>,
}

/// What an operation does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Behaviour {
    /// Stores a new document.
    Create {
        /// Every property that it gets.
        fields: Vec<Field>,
        /// Properties of the body that the document does not have.
        dropped: Vec<String>,
        /// The answer; nothing where it has no content.
        view: Option<View>,
        /// Whether the answer has a `Location` header.
        location: bool,
    },
    /// Answers one document.
    Read(View),
    /// Answers some of them.
    List(List),
    /// Stores a document in place of another.
    Replace {
        /// Every property that it gets.
        fields: Vec<Field>,
        /// The answer; nothing where it has no content.
        view: Option<View>,
    },
    /// Changes some properties of a document.
    Patch {
        /// The properties that change.
        fields: Vec<Field>,
        /// Properties that `null` removes.
        removable: Vec<String>,
        /// The answer; nothing where it has no content.
        view: Option<View>,
    },
    /// Removes a document.
    Delete(Option<View>),
    /// Moves a document from one state to another.
    Transition(Transition),
    /// Registers, or begins, renews, checks or ends a session.
    Auth(AuthStep),
    /// Only the service's author knows.
    Unknown,
}

impl Behaviour {
    /// Whether nothing can be done without the body, even where the contract does not demand one.
    pub(crate) fn needs_body(&self) -> bool {
        match self {
            Behaviour::Create { .. } | Behaviour::Replace { .. } | Behaviour::Patch { .. } => true,
            Behaviour::Auth(AuthStep::Validate { token, .. }) => token.is_some(),
            Behaviour::Auth(step) => !matches!(step, AuthStep::Logout { .. }),
            _ => false,
        }
    }

    /// Its name in `x-behaviour` and in plans.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Behaviour::Create { .. } => "create",
            Behaviour::Read(_) => "read",
            Behaviour::List(_) => "list",
            Behaviour::Replace { .. } => "replace",
            Behaviour::Patch { .. } => "patch",
            Behaviour::Delete(_) => "delete",
            Behaviour::Transition(_) => "transition",
            Behaviour::Auth(AuthStep::Register { .. }) => "register",
            Behaviour::Auth(AuthStep::Login(_)) => "login",
            Behaviour::Auth(AuthStep::Refresh { .. }) => "refresh",
            Behaviour::Auth(AuthStep::Validate { .. }) => "validate",
            Behaviour::Auth(AuthStep::Logout { .. }) => "logout",
            Behaviour::Unknown => "custom",
        }
    }
}

/// What an operation does, to which resource, and why that is thought.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inferred {
    /// What it does.
    pub(crate) behaviour: Behaviour,
    /// Index of the resource that it does it to.
    pub(crate) resource: Option<usize>,
    /// The reason, as a sentence without a full stop.
    pub(crate) why: String,
}

/// What a contract as a whole tells of its operations.
pub(crate) struct Archetypes<'a> {
    schemas: &'a Schemas,
    api: &'a Api,
    /// Its collections.
    pub(crate) resources: Vec<Resource>,
    /// Its accounts, where it issues tokens.
    pub(crate) auth: Option<Auth>,
}

impl<'a> Archetypes<'a> {
    /// Looks at a contract.
    pub(crate) fn new(schemas: &'a Schemas, api: &'a Api) -> Archetypes<'a> {
        let mut resources = resource::resources(schemas, api);
        let auth = Auth::find(schemas, api, &mut resources);
        Archetypes { schemas, api, resources, auth }
    }

    /// What an operation does.
    pub(crate) fn of(&self, operation: &Operation) -> Inferred {
        let unknown = |why: String| Inferred { behaviour: Behaviour::Unknown, resource: None, why };
        let stated = operation.behaviour.as_ref().map(|stated| stated.name.as_str());
        if stated == Some("custom") {
            return unknown("`x-behaviour` says so".to_owned());
        }
        if let (Some(auth), Some(role)) = (&self.auth, Role::of(operation)) {
            return match auth.step(self.schemas, &self.resources, role, operation) {
                Ok(step) => {
                    let resource = if role == Role::Register { auth.accounts } else { None };
                    let why = match stated {
                        Some(_) => "`x-behaviour` says so".to_owned(),
                        None => format!("its path ends so, and login takes `{}` and a password", auth.identity),
                    };
                    Inferred { behaviour: Behaviour::Auth(step), resource, why }
                }
                Err(doubt) => unknown(doubt),
            };
        }
        let Some((at, place)) = self.place(operation) else {
            return unknown("no collection of documents is known at its path".to_owned());
        };
        let found = Inference { schemas: self.schemas, resource: &self.resources[at], operation };
        let collection = &self.resources[at].path;
        let (wanted, inferred, shape) = match (operation.method, place) {
            (Method::Post, Place::Collection) => ("create", found.create(), "POST to the collection"),
            (Method::Get, Place::Collection) => ("list", found.list(), "GET of the collection"),
            (Method::Get, Place::Search) => ("list", found.search(), "GET of what is asked for of the collection"),
            (Method::Get, Place::Item) => ("read", found.read(), "GET of an item of"),
            (Method::Put, Place::Item) => ("replace", found.replace(), "PUT of an item of"),
            (Method::Patch, Place::Item) => ("patch", found.patch(), "PATCH of an item of"),
            (Method::Delete, Place::Item) => ("delete", found.delete(), "DELETE of an item of"),
            (Method::Post | Method::Put, Place::Action(verb)) => {
                return match found.transition(verb) {
                    Ok((transition, why)) => {
                        Inferred { behaviour: Behaviour::Transition(transition), resource: Some(at), why }
                    }
                    Err(doubt) => unknown(doubt),
                };
            }
            _ => return unknown(format!("no meaning of this method is known there (`{collection}` is a collection)")),
        };
        match (inferred, stated) {
            (_, Some(stated)) if stated != wanted => {
                unknown(format!("`x-behaviour` says {stated}, and {shape} `{collection}` can only {wanted}"))
            }
            (Ok(behaviour), None) => {
                let why = format!("{shape} `{collection}`{}", self.reservation(at, &behaviour));
                Inferred { behaviour, resource: Some(at), why }
            }
            (Ok(behaviour), Some(_)) => {
                Inferred { behaviour, resource: Some(at), why: "`x-behaviour` says so".to_owned() }
            }
            (Err(doubt), _) => unknown(format!("{shape} `{collection}`, but {doubt}")),
        }
    }

    /// What a person should know of a list: that nothing of the contract fills it, and which parameters it does not use.
    fn reservation(&self, at: usize, behaviour: &Behaviour) -> String {
        let Behaviour::List(list) = behaviour else { return String::new() };
        let path = &self.resources[at].path;
        let below = |other: &Operation| {
            other.path.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let fills = |other: &&Operation| matches!(other.method, Method::Post | Method::Put) && below(other);
        let mut said = String::new();
        if !self.api.operations.iter().any(|other| fills(&other)) {
            said.push_str(", which is empty until another source than this contract fills its table");
        }
        let ignored: Vec<String> = list.ignored.iter().map(|name| format!("`{name}`")).collect();
        if !ignored.is_empty() {
            let verb = if ignored.len() == 1 { "is" } else { "are" };
            said.push_str(&format!("; {} {verb} left to a person", ignored.join(", ")));
        }
        said
    }

    /// The resource of an operation, and where the operation stands to it.
    fn place<'p>(&self, operation: &'p Operation) -> Option<(usize, Place<'p>)> {
        let path = operation.path.trim_end_matches('/');
        let at = |collection: &str| self.resources.iter().position(|resource| resource.path == collection);
        if let Some((collection, _)) = item_of(path) {
            return Some((at(collection)?, Place::Item));
        }
        if let Some(found) = at(path) {
            return Some((found, Place::Collection));
        }
        let (before, last) = path.rsplit_once('/')?;
        if operation.method == Method::Get {
            if let Some(found) = at(before).filter(|at| asks(last) && self.is_whole(*at)) {
                return Some((found, Place::Search));
            }
            if let Some(found) = self.version_of(operation) {
                return Some((found, Place::Collection));
            }
        }
        let (collection, _) = item_of(before)?;
        Some((at(collection)?, Place::Action(last)))
    }

    /// The collection that a path names in another version: `/v2/books` lists what is created by `/books`.
    fn version_of(&self, operation: &Operation) -> Option<usize> {
        let plain = |path: &str| -> Vec<String> {
            path.split('/')
                .filter(|segment| !is_prefix(segment) || segment.starts_with('{'))
                .map(str::to_owned)
                .collect()
        };
        let wanted = plain(&operation.path);
        let shown = bare::items(self.schemas, operation)?;
        let mut found = (0..self.resources.len()).filter(|at| {
            let resource = &self.resources[*at];
            self.is_whole(*at)
                && plain(&resource.path) == wanted
                && self.schemas.resolve(resource.document) == self.schemas.resolve(shown)
        });
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether a collection belongs to nothing else.
    fn is_whole(&self, at: usize) -> bool {
        self.resources[at].parents.is_empty()
    }
}

/// Whether the last word of a path asks for some documents: `findByStatus`, `search`.
fn asks(segment: &str) -> bool {
    ["find", "search", "filter", "query"].contains(&words(segment).split('_').next().unwrap_or_default())
}

/// Where a path stands to a collection.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place<'p> {
    /// The collection itself.
    Collection,
    /// A word behind it that asks for some of its documents: `/pets/findByStatus`.
    Search,
    /// One of its documents.
    Item,
    /// A word behind one of its documents: `/orders/{orderId}/cancel`.
    Action(&'p str),
}
