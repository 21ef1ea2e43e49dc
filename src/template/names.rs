//! Names that are safe where they are used: identifiers of a language, DNS labels, slugs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use super::words::{GO, LATIN, PYTHON, TYPESCRIPT};
use crate::model::Language;

/// Identifiers are made of so many bytes of a name.
const LONGEST_IDENTIFIER: usize = 200;

/// A name as it is shown, or is part of another: of one of more than `longest` bytes the beginning and a digest, so that no
/// two become one. Thousands of places may have one name of kilobytes.
pub fn short(name: &str, longest: usize) -> Cow<'_, str> {
    if name.len() <= longest {
        return Cow::Borrowed(name);
    }
    let digest = blake3::hash(name.as_bytes()).to_hex();
    let kept = &name[..name.floor_char_boundary(longest.saturating_sub(20))];
    Cow::Owned(format!("{kept}…{}", &digest[..16]))
}

/// How the words of a name are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `order_item`.
    Snake,
    /// `orderItem`.
    Camel,
    /// `OrderItem`.
    Pascal,
    /// `ORDER_ITEM`.
    Constant,
    /// `order-item`; not an identifier in any of our languages.
    Kebab,
}

impl Case {
    /// `text` in this case, in ASCII.
    pub fn apply(self, text: &str) -> String {
        let ascii = ascii(&short(text, LONGEST_IDENTIFIER));
        match self {
            Case::Snake => ascii.to_snake_case(),
            Case::Camel => ascii.to_lower_camel_case(),
            Case::Pascal => ascii.to_upper_camel_case(),
            Case::Constant => ascii.to_shouty_snake_case(),
            Case::Kebab => ascii.to_kebab_case(),
        }
    }
}

/// An identifier of `language` made from any text: never empty, never a reserved word.
pub fn identifier(language: Language, case: Case, text: &str) -> String {
    let mut name = Case::apply(if case == Case::Kebab { Case::Snake } else { case }, text);
    if name.is_empty() {
        name = Case::apply(case, "unnamed");
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, if case == Case::Pascal { 'N' } else { '_' });
    }
    if is_reserved(language, &name) {
        name.push('_');
    }
    name
}

/// Whether `name` cannot be used as an identifier of `language`, or would hide what generated code needs.
pub fn is_reserved(language: Language, name: &str) -> bool {
    let words = match language {
        Language::Python => PYTHON,
        Language::Typescript => TYPESCRIPT,
        Language::Go => GO,
        Language::Other => return [PYTHON, TYPESCRIPT, GO].iter().any(|words| words.contains(&name)),
    };
    words.contains(&name)
}

/// A label of the DNS (RFC 1035, section 2.3.1), as Kubernetes wants names of Services: at most 63 of `a-z`, `0-9` and
/// `-`, a letter first, no `-` last.
pub fn dns_label(text: &str) -> String {
    let mut label = slug(text);
    if !label.starts_with(|first: char| first.is_ascii_alphabetic()) {
        label.insert_str(0, "s-");
    }
    label.truncate(63);
    label.trim_end_matches('-').to_owned()
}

/// Words in lower case joined by `-`; `unnamed` where there are none.
pub fn slug(text: &str) -> String {
    let slug = Case::Kebab.apply(text);
    if slug.is_empty() { "unnamed".to_owned() } else { slug }
}

/// The name of a platform without the word "Constitution" that titles of constitutions end with.
pub fn platform_title(name: &str) -> &str {
    let mut title = name.trim();
    let cut = title.len().saturating_sub("constitution".len());
    if title.get(cut..).is_some_and(|tail| tail.eq_ignore_ascii_case("constitution")) {
        title = title[..cut].trim_end_matches([' ', '-', '–', ':', '\t']);
    }
    if title.is_empty() { "Platform" } else { title }
}

/// Names that are already taken in one scope. The first to ask for a name gets it; later ones get a number behind it.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    taken: BTreeSet<String>,
    /// The number that comes next behind a name and its separator: all below it are taken, and stay so.
    next: BTreeMap<String, u64>,
}

impl Scope {
    /// An empty scope.
    pub fn new() -> Self {
        Scope::default()
    }

    /// Takes a name out of the hands of later ones.
    pub fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// `name`, or `name` with the lowest number from 2 behind `separator` that makes it unique.
    pub fn unique(&mut self, name: &str, separator: &str) -> String {
        if self.taken.insert(name.to_owned()) {
            return name.to_owned();
        }
        let stem = format!("{name}{separator}");
        let mut number = self.next.get(&stem).copied().unwrap_or(2);
        while !self.taken.insert(format!("{stem}{number}")) {
            number += 1;
        }
        let unique = format!("{stem}{number}");
        self.next.insert(stem, number + 1);
        unique
    }
}

/// `text` with the letters of Latin alphabets in their ASCII form and every other letter as `u` and its number in hex,
/// so that two names that differ stay different. What is no letter or digit stays and separates words.
pub fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else if let Some((_, plain)) = LATIN.iter().find(|(letters, _)| letters.contains(letter)) {
            out.push_str(plain);
        } else if letter.is_alphanumeric() {
            out.push_str(&format!("u{:x}", u32::from(letter)));
        } else {
            out.push(' ');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_that_is_wanted_often_is_numbered_without_counting_again() {
        let mut scope = Scope::new();
        scope.reserve("a_3");
        let names: Vec<String> = (0..4).map(|_| scope.unique("a", "_")).collect();
        assert_eq!(names, ["a", "a_2", "a_4", "a_5"]);
        assert_eq!((scope.unique("a", ""), scope.unique("a_", "")), ("a2".to_owned(), "a_".to_owned()));
        assert_eq!((0..100_000).map(|_| scope.unique("b", "_")).last().as_deref(), Some("b_100000"));
    }

    #[test]
    fn long_names_are_short_and_stay_apart() {
        let [one, other] = ["a", "b"].map(|end| "ä".repeat(2000) + end);
        assert!(short(&one, 1000).len() <= 1000 && short(&one, 1000) != short(&other, 1000));
        assert_eq!((short(&short(&one, 1000), 1000), short("POST /a", 1000)), (short(&one, 1000), "POST /a".into()));
        let [one, other] = [one, other].map(|name| identifier(Language::Python, Case::Snake, &name));
        assert!(one.len() <= 2 * LONGEST_IDENTIFIER && one != other, "{one} {other}");
    }

    #[test]
    fn identifiers_avoid_reserved_words_and_digits() {
        assert_eq!(identifier(Language::Python, Case::Snake, "class"), "class_");
        assert_eq!(identifier(Language::Python, Case::Pascal, "class"), "Class");
        assert_eq!(identifier(Language::Go, Case::Camel, "type"), "type_");
        assert_eq!(identifier(Language::Typescript, Case::Pascal, "date"), "Date_");
        assert_eq!(identifier(Language::Python, Case::Snake, "2fa-code"), "_2fa_code");
        assert_eq!(identifier(Language::Python, Case::Pascal, "2fa"), "N2fa");
        assert_eq!(identifier(Language::Python, Case::Snake, "GET /api/v1/users/{id}"), "get_api_v1_users_id");
        assert_eq!(identifier(Language::Python, Case::Constant, "!!"), "UNNAMED");
    }

    #[test]
    fn letters_of_other_alphabets_stay_apart() {
        assert_eq!(ascii("Größe"), "Grosse");
        assert_ne!(slug("заказ"), slug("платёж"));
    }

    #[test]
    fn collisions_get_numbers() {
        let mut scope = Scope::new();
        scope.reserve("app");
        assert_eq!(scope.unique("order", "_"), "order");
        assert_eq!(scope.unique("order", "_"), "order_2");
        assert_eq!(scope.unique("order", "_"), "order_3");
        assert_eq!(scope.unique("app", "-"), "app-2");
    }

    #[test]
    fn titles_lose_the_word_constitution() {
        assert_eq!(platform_title("E-Commerce Platform Constitution"), "E-Commerce Platform");
        assert_eq!(platform_title("Constitution: Shop"), "Constitution: Shop");
        assert_eq!(platform_title("CONSTITUTION"), "Platform");
        assert_eq!(platform_title("Shöp"), "Shöp");
    }

    proptest! {
        #[test]
        fn identifiers_are_identifiers(text in ".*") {
            for language in [Language::Python, Language::Typescript, Language::Go, Language::Other] {
                for case in [Case::Snake, Case::Camel, Case::Pascal, Case::Constant] {
                    let name = identifier(language, case, &text);
                    prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
                    prop_assert!(!name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty());
                    prop_assert!(!is_reserved(language, &name));
                }
            }
        }

        #[test]
        fn dns_labels_are_labels(text in ".*") {
            let label = dns_label(&text);
            prop_assert!(!label.is_empty() && label.len() <= 63);
            prop_assert!(label.starts_with(|c: char| c.is_ascii_lowercase()) && !label.ends_with('-'));
            prop_assert!(label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        }
    }
}
