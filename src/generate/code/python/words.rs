//! Words that Python keeps for itself.

/// Keywords and constants; none can be a name.
pub(crate) const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Names in type expressions of the models, which a field of the same name would hide.
pub(crate) const BUILT_INS: &[&str] =
    &["str", "int", "float", "bool", "list", "dict", "Any", "Literal", "NotRequired", "TypedDict", "TypeAlias"];

/// Whether a name can stand where an identifier does.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !KEYWORDS.contains(&name)
}
