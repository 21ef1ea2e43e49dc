//! How a language names the parts of a service.

use crate::generate::code::names::Case;
use crate::model::Language;

/// What a language's code calls things, and which names it has taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Naming {
    /// Whose words are reserved.
    pub(crate) language: Language,
    /// Handlers' methods, their arguments, and variables.
    pub(crate) function: Case,
    /// Operations, collections and events, which are there once.
    pub(crate) constant: Case,
    /// Modules of handlers.
    pub(crate) module: Case,
    /// Names that the code of handlers uses itself.
    pub(crate) locals: &'static [&'static str],
    /// Functions that the code of handlers calls besides, which no variable of a document may hide.
    pub(crate) functions: &'static [&'static str],
    /// Names of types that the code of models uses itself.
    pub(crate) types: &'static [&'static str],
    /// The same for clients of other services; nothing where the language has none, and no sagas.
    pub(crate) clients: Option<ClientNaming>,
    /// Names of modules that no group of handlers may have.
    pub(crate) modules: &'static [&'static str],
    /// Names of classes that no handlers may have, as the code around them uses them itself.
    pub(crate) classes: &'static [&'static str],
}

/// What the code of clients has taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientNaming {
    /// Names that the code of methods uses itself.
    pub(crate) locals: &'static [&'static str],
    /// Names of types that the code of clients uses itself.
    pub(crate) types: &'static [&'static str],
}
