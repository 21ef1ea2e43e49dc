//! Names that are safe in a language: an identifier of the right case, no reserved word, no name twice.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// How identifiers of one kind look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// `list_users`.
    Snake,
    /// `ListUsers`.
    Pascal,
    /// `LIST_USERS`.
    Shouty,
}

/// The names that are taken in one scope.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    reserved: &'static [&'static str],
    taken: BTreeSet<String>,
}

impl Names {
    /// A scope in which nothing is taken but the words of the language.
    pub(crate) fn new(reserved: &'static [&'static str]) -> Names {
        Names { reserved, taken: BTreeSet::new() }
    }

    /// Takes names that are used already.
    pub(crate) fn with(mut self, names: &[&str]) -> Names {
        self.taken.extend(names.iter().map(|name| (*name).to_owned()));
        self
    }

    /// An identifier for a name of any form: the same words, with a number behind it where that is taken.
    pub(crate) fn claim(&mut self, name: &str, case: Case) -> String {
        let wanted = identifier(name, case, self.reserved);
        let mut found = wanted.clone();
        let mut number = 2;
        while !self.taken.insert(found.clone()) {
            found = format!("{wanted}_{number}");
            number += 1;
        }
        found
    }
}

/// The identifier that a name becomes by itself; a word of the language gets an underscore behind it.
pub(crate) fn identifier(name: &str, case: Case, reserved: &[&str]) -> String {
    let ascii: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let (mut words, prefix) = match case {
        Case::Snake => (ascii.to_snake_case(), "n_"),
        Case::Pascal => (ascii.to_pascal_case(), "N"),
        Case::Shouty => (ascii.to_shouty_snake_case(), "N_"),
    };
    if words.is_empty() {
        words = match case {
            Case::Snake => "unnamed".to_owned(),
            Case::Pascal => "Unnamed".to_owned(),
            Case::Shouty => "UNNAMED".to_owned(),
        };
    }
    if words.starts_with(|c: char| c.is_ascii_digit()) {
        words.insert_str(0, prefix);
    }
    if reserved.contains(&words.as_str()) {
        words.push('_');
    }
    words
}

/// The singular of an English plural, as far as simple rules go.
pub(crate) fn singular(word: &str) -> String {
    let stem = |suffix: &str| word.strip_suffix(suffix).filter(|stem| stem.len() > 1);
    if let Some(stem) = stem("ies") {
        return format!("{stem}y");
    }
    for (plural, one) in [("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("uses", "us")] {
        if let Some(stem) = stem(plural) {
            return format!("{stem}{one}");
        }
    }
    match stem("s") {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_identifiers_and_differ() {
        let mut names = Names::new(&["class", "import"]).with(&["context"]);
        let claimed: Vec<String> = ["class", "userId", "user-id", "2fa", "", "ünïcode", "context"]
            .iter()
            .map(|name| names.claim(name, Case::Snake))
            .collect();
        assert_eq!(claimed, ["class_", "user_id", "user_id_2", "n_2fa", "unnamed", "n_code", "context_2"]);
        assert_eq!(identifier("list users", Case::Pascal, &[]), "ListUsers");
        assert_eq!(identifier("listUsers", Case::Shouty, &[]), "LIST_USERS");
    }

    #[test]
    fn plurals() {
        let words = ["users", "addresses", "entries", "boxes", "status", "news", "analysis", "data"];
        let found: Vec<String> = words.iter().map(|word| singular(word)).collect();
        assert_eq!(found, ["user", "address", "entry", "box", "status", "new", "analysis", "data"]);
    }
}
