//! Equality and order of values as JSON Schema has them: numbers by value, objects without regard to order.

use std::cmp::Ordering;

use crate::source::{Kind, NodeRef};

/// Whether two values are equal (JSON Schema 2020-12 Core, section 4.2.2).
pub fn same(a: NodeRef<'_>, b: NodeRef<'_>) -> bool {
    // No tree is deeper than `Tree::MAX_DEPTH`, so the work list stays small.
    let mut open = vec![(a, b)];
    while let Some((a, b)) = open.pop() {
        if a.kind() != b.kind() {
            return false;
        }
        let equal = match a.kind() {
            Kind::Null => true,
            Kind::Bool => a.as_bool() == b.as_bool(),
            Kind::String => a.as_str() == b.as_str(),
            Kind::Number => number_cmp(a, b) == Some(Ordering::Equal),
            Kind::Sequence => {
                open.extend(a.items().zip(b.items()));
                a.len() == b.len()
            }
            Kind::Mapping => {
                let pairs: Vec<_> = a.fields().filter_map(|(name, value)| Some((value, b.get(name)?))).collect();
                let complete = pairs.len() == a.len() && a.len() == b.len();
                open.extend(pairs);
                complete
            }
        };
        if !equal {
            return false;
        }
    }
    true
}

/// A text by which equal scalars have equal keys; nothing for lists and objects.
pub fn sort_key(value: NodeRef<'_>) -> Option<String> {
    match value.kind() {
        Kind::Null => Some("null".to_owned()),
        Kind::Bool => Some(format!("b{}", value.as_bool().unwrap_or_default())),
        Kind::String => Some(format!("s{}", value.as_str().unwrap_or_default())),
        Kind::Number => match value.number_text()?.parse::<i128>() {
            Ok(number) => Some(format!("n{number}")),
            Err(_) => value.as_f64().map(|number| format!("n{number}")),
        },
        Kind::Sequence | Kind::Mapping => None,
    }
}

/// The order of two numbers: exact for integers, as floats otherwise.
pub(super) fn number_cmp(a: NodeRef<'_>, b: NodeRef<'_>) -> Option<Ordering> {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// Whether a number is a multiple of another. Floats count as multiples when they are within rounding of one.
pub(super) fn is_multiple(number: NodeRef<'_>, factor: NodeRef<'_>) -> Option<bool> {
    if let (Some(number), Some(factor)) = (integer(number), integer(factor)) {
        return (factor != 0).then(|| number % factor == 0);
    }
    let ratio = number.as_f64()? / factor.as_f64()?;
    (ratio.is_finite()).then(|| (ratio - ratio.round()).abs() <= 1e-9 * ratio.abs().max(1.0))
}

fn integer(number: NodeRef<'_>) -> Option<i128> {
    number.number_text()?.parse().ok()
}
