//! Fields of a body by their path: `email`, `items[].sku`, `prices.*`, `['a.b'].c`.

use std::fmt;

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Into a property.
    Name(String),
    /// Into the items of a list.
    Items,
    /// Into the values of a map, whatever their keys.
    Any,
}

/// The way from a body to one of its fields. Without a step it is the body as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath {
    /// The steps from the outside.
    pub steps: Vec<Step>,
}

/// Nobody writes longer ones; the deepest tree that is read has as many levels.
const MOST_STEPS: usize = 512;

impl FieldPath {
    /// Reads a path as people and tools write it: `a.b`, `a[].b`, `a[*].b`, `a[0].b`, `$.a['b']`. An index stands for any
    /// item. Nothing for what is no path, such as a sentence.
    pub fn parse(text: &str) -> Option<FieldPath> {
        let text = text.trim().trim_matches('`');
        let mut rest = text.strip_prefix('$').unwrap_or(text);
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, behind) = if let Some(inner) = rest.strip_prefix('[') { bracket(inner)? } else { plain(rest)? };
            steps.push(step);
            rest = behind;
            if steps.len() > MOST_STEPS {
                return None;
            }
        }
        (!text.is_empty()).then_some(FieldPath { steps })
    }

    /// Whether it is `other`, or leads to something that holds it.
    pub fn starts(&self, other: &FieldPath) -> bool {
        other.steps.starts_with(&self.steps)
    }
}

/// What stands between brackets, and what follows them.
fn bracket(inner: &str) -> Option<(Step, &str)> {
    for quote in ['\'', '"'] {
        if let Some(quoted) = inner.strip_prefix(quote) {
            let (name, rest) = quoted.split_once(quote)?;
            return Some((Step::Name(name.to_owned()), rest.strip_prefix(']')?));
        }
    }
    let (index, rest) = inner.split_once(']')?;
    let is_index = index == "*" || index.bytes().all(|byte| byte.is_ascii_digit());
    is_index.then_some((Step::Items, rest))
}

/// A name with the dot that may stand before it, and what follows.
fn plain(text: &str) -> Option<(Step, &str)> {
    let text = text.strip_prefix('.').unwrap_or(text);
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_name = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || "]()`'\",;".contains(c));
    is_name.then(|| (if name == "*" { Step::Any } else { Step::Name(name.to_owned()) }, rest))
}

impl fmt::Display for FieldPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            let dot = if at == 0 { "" } else { "." };
            match step {
                Step::Items => out.write_str("[]")?,
                Step::Any => write!(out, "{dot}*")?,
                Step::Name(name) if is_plain(name) => write!(out, "{dot}{name}")?,
                Step::Name(name) => write!(out, "['{name}']")?,
            }
        }
        Ok(())
    }
}

/// Whether a name is read again as what it is without quotes around it.
fn is_plain(name: &str) -> bool {
    !name.starts_with(['.', '$']) && matches!(plain(name), Some((Step::Name(_), "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_path() {
        for (written, shown) in [
            ("email", "email"),
            ("`items[].sku`", "items[].sku"),
            ("$.items[*].sku", "items[].sku"),
            ("items[0].sku", "items[].sku"),
            ("$['items'][0][\"sku\"]", "items[].sku"),
            ("[].id", "[].id"),
            ("prices.*.amount", "prices.*.amount"),
            ("['a.b'].c", "['a.b'].c"),
            ("$", ""),
        ] {
            let path = FieldPath::parse(written).unwrap();
            assert_eq!(path.to_string(), shown, "{written}");
            if !shown.is_empty() {
                assert_eq!(FieldPath::parse(shown), Some(path), "{written}");
            }
        }
    }

    #[test]
    fn what_is_no_path_is_none() {
        for written in ["", "the address", "a..b", "a[x]", "a['b", "a.", "a(b)"] {
            assert_eq!(FieldPath::parse(written), None, "{written}");
        }
        assert_eq!(FieldPath::parse(&"a.".repeat(600)), None);
    }

    #[test]
    fn a_path_starts_those_below_it() {
        let path = |text| FieldPath::parse(text).unwrap();
        assert!(path("address").starts(&path("address.city")) && path("a").starts(&path("a")));
        assert!(!path("address.city").starts(&path("address")) && !path("b").starts(&path("a.b")));
    }
}
