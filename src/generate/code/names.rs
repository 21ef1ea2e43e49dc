//! Names within one scope of generated code, and the words of names.

use crate::model::Language;
use crate::template::names::{Scope, identifier};

pub(crate) use crate::template::names::Case;

/// The names that are taken in one scope of a language.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    language: Language,
    scope: Scope,
}

impl Names {
    /// A scope in which nothing is taken but the words of the language.
    pub(crate) fn new(language: Language) -> Names {
        Names { language, scope: Scope::new() }
    }

    /// Takes names that are used already.
    pub(crate) fn with(mut self, names: &[&str]) -> Names {
        names.iter().for_each(|name| self.scope.reserve(name));
        self
    }

    /// An identifier for a name of any form: the same words, with a number behind it where that is taken.
    pub(crate) fn claim(&mut self, name: &str, case: Case) -> String {
        self.scope.unique(&identifier(self.language, case, name), "_")
    }
}

/// The words of a name in snake case: `userId` and `user-id` are alike.
pub(crate) fn words(name: &str) -> String {
    Case::Snake.apply(name)
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
        let mut names = Names::new(Language::Python).with(&["context"]);
        let claimed: Vec<String> =
            ["class", "userId", "user-id", "", "context"].iter().map(|name| names.claim(name, Case::Snake)).collect();
        assert_eq!(claimed, ["class_", "user_id", "user_id_2", "unnamed", "context_2"]);
    }

    #[test]
    fn plurals() {
        let plurals = ["users", "addresses", "entries", "boxes", "status", "analysis", "data"];
        let found: Vec<String> = plurals.iter().map(|word| singular(word)).collect();
        assert_eq!(found, ["user", "address", "entry", "box", "status", "analysis", "data"]);
    }
}
