//! Pact files: what a consumer's tests send to a provider and read of its answers (Pact specification, versions 1 to 4).
//!
//! What counts as used is what the examples and the matching rules hold: names of query parameters and headers, the status
//! code, and the fields of bodies.

mod body;
mod read;
mod rules;
#[cfg(test)]
mod tests;

use super::{FieldPath, Located};
use crate::source::{FileId, NodeKey, Route};

/// One Pact file.
#[derive(Debug)]
pub struct PactFile {
    /// The file.
    pub file: FileId,
    /// The service in whose folder it stands; nothing for one of the platform's `pacts/`.
    pub service: Option<String>,
    /// `consumer.name`.
    pub consumer: Option<Located<String>>,
    /// `provider.name`.
    pub provider: Option<Located<String>>,
    /// What could be read of `interactions` and `messages`, in order.
    pub interactions: Vec<Interaction>,
    /// What is not as the specification says, in order. A file that cannot be read at all has none.
    pub faults: Vec<Fault>,
}

/// Something that is not as the specification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub route: Route,
    /// What, without a full stop.
    pub message: String,
}

/// One entry of `interactions` or `messages`.
#[derive(Debug)]
pub struct Interaction {
    /// Its node.
    pub node: NodeKey,
    /// `description`.
    pub description: Option<Located<String>>,
    /// What is exchanged.
    pub exchange: Exchange,
}

/// What an interaction is about.
#[derive(Debug)]
pub enum Exchange {
    /// A request and its answer.
    Http(Box<Http>),
    /// A message that the consumer takes. A synchronous interaction has one for each of its answers.
    Messages {
        /// The messages.
        messages: Vec<Message>,
        /// Whether they answer a message of the consumer.
        answers: bool,
    },
}

/// A request with what is read of its answer.
#[derive(Debug)]
pub struct Http {
    /// The method, as written.
    pub method: Located<String>,
    /// The path of the example, without a query.
    pub path: Located<String>,
    /// Names of the query parameters that are sent.
    pub query: Vec<Located<String>>,
    /// Names of the headers that are sent.
    pub headers: Vec<Located<String>>,
    /// The fields of the body that are sent; nothing without a body.
    pub sent: Option<Vec<Located<FieldPath>>>,
    /// The status code.
    pub status: Option<Located<String>>,
    /// Names of the headers that are read.
    pub response_headers: Vec<Located<String>>,
    /// The fields of the body that are read; nothing where any body will do.
    pub received: Option<Vec<Located<FieldPath>>>,
}

/// A message that the consumer takes.
#[derive(Debug)]
pub struct Message {
    /// What may name its event, the surest first: a type in its contents, a name or topic in its metadata.
    pub names: Vec<Located<String>>,
    /// The fields that are read; nothing where any contents will do.
    pub fields: Option<Vec<Located<FieldPath>>>,
}
