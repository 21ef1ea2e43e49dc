//! Containment of patterns: equal ones and simple character classes are compared, all others are tried on a few texts.

use super::Decision;
use super::local::Local;
use super::merge::matches;
use super::scalar::at_most;

/// Texts that are tried against patterns: what people put into identifiers, names, codes and dates.
pub(crate) const TRIES: &[&str] = &[
    "",
    "a",
    "A",
    "0",
    "ab",
    "abc",
    "ABC",
    "Abc",
    "123",
    "1234",
    "12345",
    "a1",
    "A1",
    "abc-123",
    "abc_123",
    "a.b",
    "a b",
    " ",
    "-",
    "_",
    "é",
    "x@y.example",
    "2024-01-31",
    "2024-01-31T12:00:00Z",
    "https://example.com/x",
    "6f1c9a52-1f7b-4c8e-9c4c-0f4f1f6f3a11",
    "+491234567",
    "DE",
    "EUR",
    "v1",
    "1.0.0",
    "12:30",
    "abcdefghij",
    "ABCDEFGHIJ",
    "0123456789",
    "abcdefghijabcdefghijabcdefghijabcdefghij",
];

/// Whether every text that the patterns of the first match is matched by those of the second.
pub(super) fn patterns(sub: &Local, sup: &Local) -> Decision {
    let mut decision = Decision::Yes;
    for pattern in sup.patterns.iter().filter(|pattern| !sub.patterns.contains(*pattern)) {
        if is_universal(pattern) || sub.patterns.iter().any(|own| holds_class(own, pattern)) {
            continue;
        }
        let fits = |text: &&&str| {
            sub.length.has(text.chars().count() as u64)
                && sub.patterns.iter().all(|own| matches(own, text) == Some(true))
        };
        let breaks = TRIES.iter().filter(fits).any(|text| matches(pattern, text) == Some(false));
        decision = decision.min(if breaks {
            Decision::No
        } else {
            Decision::Unknown("whether one pattern holds all texts of the other is not decided")
        });
    }
    decision
}

/// Patterns that every text matches.
fn is_universal(pattern: &str) -> bool {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let open_end = !pattern.ends_with('$');
    inner.is_empty() && (open_end || !pattern.starts_with('^')) || matches!(inner, ".*" | "(.*)" | "[\\s\\S]*")
}

/// Whether every text of `^[class]{m,n}$` is one of another pattern of this form.
fn holds_class(sub: &str, sup: &str) -> bool {
    let (Some(sub), Some(sup)) = (ClassRun::of(sub), ClassRun::of(sup)) else { return false };
    let inside = |(from, to): &(char, char)| sup.ranges.iter().any(|(low, high)| low <= from && to <= high);
    sub.ranges.iter().all(inside) && sub.min >= sup.min && at_most(sub.max, sup.max) == Decision::Yes
}

/// `^[class]{m,n}$`: how often characters of which ranges.
struct ClassRun {
    ranges: Vec<(char, char)>,
    min: u64,
    max: Option<u64>,
}

impl ClassRun {
    fn of(pattern: &str) -> Option<ClassRun> {
        let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
        let (class, count) = match inner.strip_prefix("\\d") {
            Some(count) => ("0-9", count),
            None => inner.strip_prefix('[')?.split_once(']')?,
        };
        if class.starts_with('^') || class.contains(['\\', '[', '&']) {
            return None;
        }
        let (min, max) = match count {
            "" => (1, Some(1)),
            "+" => (1, None),
            "*" => (0, None),
            "?" => (0, Some(1)),
            _ => {
                let counts = count.strip_prefix('{')?.strip_suffix('}')?;
                match counts.split_once(',') {
                    None => (counts.parse().ok()?, Some(counts.parse().ok()?)),
                    Some((min, "")) => (min.parse().ok()?, None),
                    Some((min, max)) => (min.parse().ok()?, Some(max.parse().ok()?)),
                }
            }
        };
        let chars: Vec<char> = class.chars().collect();
        let mut ranges = Vec::new();
        let mut at = 0;
        while let Some(&from) = chars.get(at) {
            match (chars.get(at + 1), chars.get(at + 2)) {
                (Some('-'), Some(&to)) => {
                    ranges.push((from, to));
                    at += 3;
                }
                _ => {
                    ranges.push((from, from));
                    at += 1;
                }
            }
        }
        Some(ClassRun { ranges, min, max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_classes_are_decided() {
        assert!(holds_class("^[a-z]{2,3}$", "^[a-zA-Z]+$"));
        assert!(holds_class("^\\d{4}$", "^[0-9]{1,4}$"));
        assert!(!holds_class("^[a-z]*$", "^[a-z]+$"));
        assert!(is_universal(".*") && is_universal("^.*$") && is_universal("") && is_universal("^"));
        assert!(!is_universal("^$") && !is_universal("a*b"));
    }
}
