//! Which names of a contract can be names of Python.

use crate::model::Language;
use crate::template::names::is_reserved;

/// Names in type expressions of the models, which a field of the same name would hide.
pub(crate) const BUILT_INS: &[&str] =
    &["str", "int", "float", "bool", "list", "dict", "Any", "Literal", "NotRequired", "TypedDict", "TypeAlias"];

/// Whether a name can be that of a field; words that hide what generated code needs cannot.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !is_reserved(Language::Python, name)
}
