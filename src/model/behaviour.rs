//! What a contract says of the work behind an operation, with `x-behaviour`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The names that `x-behaviour` may give, the one for "written by hand" last.
pub const BEHAVIOURS: [&str; 13] = [
    "create",
    "read",
    "list",
    "replace",
    "patch",
    "delete",
    "transition",
    "register",
    "login",
    "refresh",
    "validate",
    "logout",
    "custom",
];

/// The fields of `x-behaviour` where it is an object.
pub const BEHAVIOUR_FIELDS: [&str; 5] = ["name", "property", "to", "from", "repeatable"];

/// `x-behaviour`: a name, or an object with the name and what is said of a transition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StatedBehaviour {
    /// One of [`BEHAVIOURS`], as written.
    pub name: String,
    /// The property that holds the state.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub property: Option<String>,
    /// The state that a transition leads to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<String>,
    /// The states that it starts from; empty where none are said.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub from: Vec<String>,
    /// Whether what is in the state already is answered as it is, instead of a conflict.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub repeatable: Option<bool>,
}
