//! Containment of what needs no other schemas: types, values, numbers, texts and counts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Decision;
use super::View;
use super::flat::Local;
use super::merge::matches;
use super::number::{Count, Limit, Num, Range};
use crate::model::{JsonType, Types};

/// Types whose values are texts where everything is sent as text.
const AS_TEXT: u8 = JsonType::Boolean as u8 | JsonType::Integer as u8 | JsonType::Fraction as u8;

/// A keyword whose demand is not met by all values, or not known to be.
pub(crate) type Failure = (&'static str, Decision);

/// Every keyword of `sup` that some value of `sub` breaks, or may break. `sub` is not given by values. Where values are sent
/// as text, one that takes any text takes numbers and booleans.
pub(crate) fn failures(sub: &Local, sup: &Local, view: View) -> Vec<Failure> {
    let mut found = Vec::new();
    let mut check = |keyword: &'static str, decision: Decision| {
        if decision != Decision::Yes {
            found.push((keyword, decision));
        }
    };
    let plain = sup.length == Count::default() && sup.patterns.is_empty() && sup.formats.is_empty();
    let as_text = view == View::Text && sup.types.0.has(JsonType::String) && plain;
    let types = if as_text { Types(sub.types.0.0 & !AS_TEXT) } else { sub.types.0 };
    check("type", yes(types.is_subset(sup.types.0)));
    if sup.values.is_some() {
        check("enum", yes(sub.values.is_some()));
    }
    let common = types.intersection(sup.types.0);
    if common.0 & 12 != 0 {
        numbers(sub, sup, common, &mut check);
    }
    if common.has(JsonType::String) {
        check("minLength", yes(sub.length.min >= sup.length.min));
        check("maxLength", at_most(sub.length.max, sup.length.max));
        check("pattern", patterns(sub, sup));
        check("contentEncoding", texts(&sub.encodings, &sup.encodings));
        check("contentMediaType", texts(&sub.media_types, &sup.media_types));
    }
    if common.has(JsonType::Array) {
        check("minItems", yes(sub.items.min >= sup.items.min));
        check("maxItems", at_most(sub.items.max, sup.items.max));
        check("uniqueItems", yes(sub.unique || !sup.unique || sub.items.max.is_some_and(|max| max < 2)));
    }
    if common.0 & 28 != 0 {
        check("format", formats(sub, sup, common));
    }
    found
}

fn yes(holds: bool) -> Decision {
    if holds { Decision::Yes } else { Decision::No }
}

fn at_most(own: Option<u64>, limit: Option<u64>) -> Decision {
    yes(limit.is_none_or(|limit| own.is_some_and(|own| own <= limit)))
}

fn numbers(sub: &Local, sup: &Local, common: Types, check: &mut dyn FnMut(&'static str, Decision)) {
    let own = implied(sub);
    // Whole numbers are compared as such, though one side allows fractions too.
    let (own, other) = if common.has(JsonType::Fraction) { (own, sup.range) } else { (own.whole(), sup.range.whole()) };
    let lower = Range { max: None, ..other };
    let upper = Range { min: None, ..other };
    let name = |limit: Option<Limit>, plain: &'static str, exclusive: &'static str| {
        if limit.is_some_and(|limit| limit.exclusive) { exclusive } else { plain }
    };
    check(name(sup.range.min, "minimum", "exclusiveMinimum"), yes(own.is_within(lower)));
    check(name(sup.range.max, "maximum", "exclusiveMaximum"), yes(own.is_within(upper)));
    let whole = !common.has(JsonType::Fraction);
    let holds = |factor: &Num| {
        sub.multiples.iter().any(|own| own.is_multiple_of(*factor)) || whole && Num::whole(1).is_multiple_of(*factor)
    };
    check("multipleOf", yes(sup.multiples.iter().all(holds)));
}

/// The range of a schema, with what its format says of whole numbers.
fn implied(local: &Local) -> Range {
    let ends = |bits: u32| {
        let end = |at: i128| Some(Limit { at: Num::whole(at), exclusive: false });
        Range { min: end(-(1_i128 << (bits - 1))), max: end((1_i128 << (bits - 1)) - 1) }
    };
    let mut range = local.range;
    if !local.types.0.has(JsonType::Fraction) {
        for format in &local.formats {
            match format.as_str() {
                "int32" => range = range.and(ends(32)),
                "int64" => range = range.and(ends(64)),
                _ => {}
            }
        }
    }
    range
}

/// Formats of which one holds all values of the other.
const WIDER: &[(&str, &str)] = &[
    ("int32", "int64"),
    ("float", "double"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
    ("uri", "iri"),
    ("uri", "uri-reference"),
    ("uri", "iri-reference"),
    ("iri", "iri-reference"),
    ("uri-reference", "iri-reference"),
];

/// Formats that are known to differ from each other.
const KNOWN: &[&str] = &[
    "int32",
    "int64",
    "float",
    "double",
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uuid",
    "byte",
    "binary",
    "json-pointer",
    "regex",
];

fn formats(sub: &Local, sup: &Local, common: Types) -> Decision {
    let mut decision = Decision::Yes;
    for format in &sup.formats {
        let meets = |own: &String| own == format || WIDER.contains(&(own.as_str(), format.as_str()));
        if sub.formats.iter().any(meets) || says_nothing(format, common) {
            continue;
        }
        let bits = match format.as_str() {
            "int32" if !common.has(JsonType::Fraction) => Some(32),
            "int64" if !common.has(JsonType::Fraction) => Some(64),
            _ => None,
        };
        if bits.is_some() {
            let mut limits = Local { types: sub.types, ..Local::default() };
            limits.formats.insert(format.clone());
            if implied(sub).whole().is_within(implied(&limits)) {
                continue;
            }
        }
        let known = |one: &String| KNOWN.contains(&one.as_str());
        let undecided = sub.formats.iter().any(|own| !known(own)) || !known(format) && !sub.formats.is_empty();
        decision = decision.min(if undecided {
            Decision::Unknown("whether one format holds the other is not known")
        } else {
            Decision::No
        });
    }
    decision
}

/// A format of numbers says nothing of strings, and the other way round.
fn says_nothing(format: &str, common: Types) -> bool {
    let numeric = matches!(format, "int32" | "int64" | "float" | "double");
    let textual = KNOWN.contains(&format) && !numeric;
    numeric && common.0 & 12 == 0 || textual && !common.has(JsonType::String)
}

fn texts(sub: &BTreeSet<String>, sup: &BTreeSet<String>) -> Decision {
    yes(sup.is_subset(sub))
}

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

fn patterns(sub: &Local, sup: &Local) -> Decision {
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

/// Every value of a schema that has few and no parts beyond this view.
pub(crate) fn all_values(local: &Local) -> Option<Vec<Value>> {
    if let Some(values) = &local.values {
        return Some(values.clone());
    }
    const FEW: i128 = 64;
    let types = local.types.0;
    if types.0 & !7 != 0 {
        return None;
    }
    let mut values = Vec::new();
    if types.has(JsonType::Null) {
        values.push(Value::Null);
    }
    if types.has(JsonType::Boolean) {
        values.extend([Value::Bool(false), Value::Bool(true)]);
    }
    if types.has(JsonType::Integer) {
        let (min, max) = (local.range.min?.at, local.range.max?.at);
        let mut number = min;
        for _ in 0..=FEW {
            if number.order(max).is_gt() {
                return Some(values);
            }
            values.extend(number.value());
            number = number.plus(1.0);
        }
        return None;
    }
    Some(values)
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

    #[test]
    fn formats_hold_each_other_by_a_table() {
        let of = |name: &str, bits: u8| {
            let mut local = Local { types: super::super::flat::TypeSet(Types(bits)), ..Local::default() };
            local.formats.insert(name.to_owned());
            local
        };
        assert!(failures(&of("int32", 4), &of("int64", 4), View::Whole).is_empty());
        assert_eq!(failures(&of("int64", 4), &of("int32", 4), View::Whole), [("format", Decision::No)]);
        assert_eq!(failures(&of("uuid", 16), &of("date", 16), View::Whole), [("format", Decision::No)]);
        assert!(matches!(
            failures(&of("mine", 16), &of("yours", 16), View::Whole)[..],
            [("format", Decision::Unknown(_))]
        ));
    }
}
