//! The clients of other services with their names in Go: a package for each service that is called.

use crate::generate::code::service::{Argument, CallCode, ClientCode, ServiceCode, Type};
use crate::template::names::{Scope, slug};

use super::layout::composite;
use super::names::PACKAGE;
use super::types::{Kind, Types};
use super::words::{exported, unexported};

/// Names that the code of clients uses itself.
const USED: &[&str] =
    &["answer", "c", "call", "copies", "ctx", "err", "fmt", "http", "service", "time", "unit", "upstream", "values"];
/// The longest literal that stands on one line.
const ONE_LINE: usize = 90;

/// A client.
pub(crate) struct ClientPackage<'b> {
    /// What it calls.
    pub(crate) code: &'b ClientCode<'b>,
    /// Its package, `userservice`.
    pub(crate) package: String,
    /// Its field in the set of clients, `UserService`.
    pub(crate) field: String,
    /// The field of the settings that has its address, `UserServiceURL`.
    pub(crate) setting: String,
    /// Types of what it sends and reads.
    pub(crate) types: Types<'b>,
    /// Names of its calls, in their order.
    pub(crate) names: Vec<CallNames>,
}

/// The names of a call.
#[derive(Clone, Debug)]
pub(crate) struct CallNames {
    /// The method.
    pub(crate) method: String,
    /// The type that the method is called with.
    pub(crate) call: String,
    /// The variable that describes the operation.
    pub(crate) operation: String,
}

/// A field of what a method is called with.
pub(crate) struct CallField<'b> {
    /// The parameter; nothing for the body.
    pub(crate) argument: Option<&'b Argument<'b>>,
    /// Its name.
    pub(crate) name: String,
    /// Its type.
    pub(crate) kind: Kind,
}

/// The clients of a service.
pub(crate) fn packages<'b>(code: &'b ServiceCode<'b>) -> Vec<ClientPackage<'b>> {
    let (mut taken, mut fields) = (Scope::new(), Scope::new());
    code.clients.iter().map(|client| client_package(client, &mut taken, &mut fields)).collect()
}

fn client_package<'b>(client: &'b ClientCode<'b>, taken: &mut Scope, fields: &mut Scope) -> ClientPackage<'b> {
    let plain = slug(&client.client.service.name).replace('-', "");
    // With this ending it hides no package of the run time, and none of Go's own.
    let package = if plain.ends_with("service") { plain } else { format!("{plain}service") };
    let package = taken.unique(&package, "");
    let mut types = Types::of(&client.definitions, &package, &["Client", "New"]);
    let (mut methods, mut variables) = (Scope::new(), Scope::new());
    methods.reserve("Upstream");
    PACKAGE.iter().chain(USED).for_each(|name| variables.reserve(name));
    let names = client
        .calls
        .iter()
        .map(|call| {
            let method = methods.unique(&exported(&call.operation.function), "");
            CallNames {
                call: types.claim(&format!("{method}Call")),
                operation: variables.unique(&unexported(&call.operation.function), "Operation"),
                method,
            }
        })
        .collect();
    ClientPackage {
        code: client,
        field: fields.unique(&exported(&client.class), ""),
        setting: exported(&client.variable.to_lowercase()),
        package,
        types,
        names,
    }
}

impl<'b> ClientPackage<'b> {
    /// A call with its names.
    pub(crate) fn call(&self, at: usize) -> (&'b CallCode<'b>, &CallNames) {
        (&self.code.calls[at], &self.names[at])
    }

    /// The type of what a call answers; nothing where it has no content.
    pub(crate) fn returns(&self, at: usize) -> Option<String> {
        let kind = &self.code.calls[at].returns;
        if *kind == Type::Null {
            return None;
        }
        let kind = self.types.value(kind);
        Some(if kind.has_nil() { kind.core } else { format!("*{}", kind.core) })
    }

    /// The fields of what a method is called with; none where it sends nothing of its caller's.
    pub(crate) fn fields(&self, at: usize) -> Vec<CallField<'b>> {
        let operation = &self.code.calls[at].operation;
        let field = |argument: &'b Argument<'b>| {
            let kind = self.types.argument(&argument.kind, argument.parameter.required);
            let made_up = kind.core == "string" && self.code.calls[at].operation.is_key(argument);
            CallField {
                argument: Some(argument),
                name: exported(&argument.name),
                kind: if made_up { self.types.argument(&argument.kind, false) } else { kind },
            }
        };
        let body = operation.body.as_ref().map(|body| CallField {
            argument: None,
            name: "Body".to_owned(),
            kind: self.types.argument(&body.kind, body.required),
        });
        operation.arguments.iter().map(field).chain(body).collect()
    }

    /// The field that has the value of a parameter.
    pub(crate) fn field_of(&self, at: usize, parameter: &str) -> Option<CallField<'b>> {
        let is = |field: &CallField<'_>| field.argument.is_some_and(|argument| argument.parameter.name == parameter);
        self.fields(at).into_iter().find(is)
    }

    /// A call from another package, as its arguments behind the context and the unit: fields and their values.
    pub(crate) fn arguments(&self, at: usize, values: &[(String, String)]) -> String {
        if self.fields(at).is_empty() {
            return String::new();
        }
        format!(", {}", literal(&format!("{}.{}", self.package, self.names[at].call), values))
    }
}

/// A composite literal on one line where that is short, else with an entry a line.
pub(crate) fn literal(open: &str, pairs: &[(String, String)]) -> String {
    let short: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let short = short.join(", ");
    match short.contains('\n') || open.len() + short.chars().count() > ONE_LINE {
        true => composite(open, pairs),
        false => format!("{open}{{{short}}}"),
    }
}
