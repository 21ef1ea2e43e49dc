//! Containment of what needs no other schemas: types, values, numbers, texts and counts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::local::Local;
use super::number::{Limit, Num, Range};
use super::{Decision, pattern};
use crate::model::{JsonType, Text, Types, Values};

/// A keyword whose demand is not met by all values, or not known to be.
pub(crate) type Failure = (&'static str, Decision);

/// Every keyword of `sup` that some value of `sub` breaks, or may break. `sub` is not given by values.
pub(crate) fn failures(sub: &Local, sup: &Local) -> Vec<Failure> {
    let mut found = Vec::new();
    let mut check = |keyword: &'static str, decision: Decision| {
        if decision != Decision::Yes {
            found.push((keyword, decision));
        }
    };
    let types = sub.types.0;
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
        check("pattern", pattern::patterns(sub, sup));
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

pub(super) fn at_most(own: Option<u64>, limit: Option<u64>) -> Decision {
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
    "json-pointer",
    "regex",
];

fn formats(sub: &Local, sup: &Local, common: Types) -> Decision {
    let mut decision = Decision::Yes;
    for format in &sup.formats {
        let meets = |own: &Text| own == format || WIDER.contains(&(own.as_str(), format.as_str()));
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
        let known = |one: &Text| KNOWN.contains(&one.as_str());
        decision = decision.min(match known(format) && sub.formats.iter().all(known) {
            true => Decision::No,
            false if sub.formats.is_empty() => Decision::Unknown("what the format rules out is not known"),
            false => Decision::Unknown("whether one format holds the other is not known"),
        });
    }
    decision
}

/// A format of numbers says nothing of strings, and the other way round; that it is a secret says nothing of a text.
fn says_nothing(format: &str, common: Types) -> bool {
    if format == "password" {
        return true;
    }
    let numeric = matches!(format, "int32" | "int64" | "float" | "double");
    let textual = KNOWN.contains(&format) && !numeric;
    numeric && common.0 & 12 == 0 || textual && !common.has(JsonType::String)
}

fn texts(sub: &BTreeSet<String>, sup: &BTreeSet<String>) -> Decision {
    yes(sup.is_subset(sub))
}

/// Every value of a schema that has few and no parts beyond this view.
pub(crate) fn all_values(local: &Local) -> Option<Values> {
    if let Some(values) = &local.values {
        return Some(values.clone());
    }
    const FEW: i128 = 64;
    let types = local.types.0;
    if types.0 & !7 != 0 {
        return None;
    }
    let mut values: Vec<Value> = Vec::new();
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
                return Some(values.as_slice().into());
            }
            values.extend(number.value());
            number = number.plus(1.0);
        }
        return None;
    }
    Some(values.as_slice().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_hold_each_other_by_a_table() {
        let of = |name: &str, bits: u8| {
            let mut local = Local { types: super::super::local::TypeSet(Types(bits)), ..Local::default() };
            local.formats.insert(name.into());
            local
        };
        assert!(failures(&of("int32", 4), &of("int64", 4)).is_empty());
        assert_eq!(failures(&of("int64", 4), &of("int32", 4)), [("format", Decision::No)]);
        assert_eq!(failures(&of("uuid", 16), &of("date", 16)), [("format", Decision::No)]);
        assert!(matches!(failures(&of("mine", 16), &of("yours", 16))[..], [("format", Decision::Unknown(_))]));
    }
}
