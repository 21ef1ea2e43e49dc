//! Which names of a contract can be names of Python.

/// Keywords and constants (The Python Language Reference, section 2.3.1).
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Names in type expressions of the models, which a field of the same name would hide.
pub(crate) const BUILT_INS: &[&str] =
    &["str", "int", "float", "bool", "list", "dict", "Any", "Literal", "NotRequired", "TypedDict", "TypeAlias"];

/// Whether a name can be that of a field.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !KEYWORDS.contains(&name)
}

/// Whether a name may be an identifier of Python, which has letters beyond those of ASCII, too.
pub(crate) fn may_be_identifier(name: &str) -> bool {
    is_identifier(&name.replace(|letter: char| !letter.is_ascii(), "_"))
}
