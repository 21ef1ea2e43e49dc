//! Which regular expressions of a contract Go's own package does not understand as ECMA-262 does.

use serde_json::Value;

/// The largest count of a repetition that Go admits (`regexp/syntax`).
const MOST: u32 = 1000;

/// Whether any pattern of a document of schemas needs an engine for ECMA-262.
pub(crate) fn needs_ecma(schemas: &Value) -> bool {
    let mut pending = vec![schemas];
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => {
                if members.get("pattern").and_then(Value::as_str).is_some_and(is_foreign) {
                    return true;
                }
                if let Some(Value::Object(patterns)) = members.get("patternProperties")
                    && patterns.keys().any(|pattern| is_foreign(pattern))
                {
                    return true;
                }
                pending.extend(members.values());
            }
            _ => {}
        }
    }
    false
}

fn is_foreign(pattern: &str) -> bool {
    let groups = ["(?=", "(?!", "(?<", "[]", "[^]"].iter().any(|text| pattern.contains(text));
    groups || has_foreign_escape(pattern) || has_large_count(pattern)
}

/// Escapes that only ECMA-262 has: back references, `\u`, `\c`, and `\s` that knows more than ASCII.
fn has_foreign_escape(pattern: &str) -> bool {
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' && letters.next().is_some_and(|escape| "123456789ukcsSpP".contains(escape)) {
            return true;
        }
    }
    false
}

/// Counts of repetitions that are too large by themselves or one within the other.
fn has_large_count(pattern: &str) -> bool {
    let counts = pattern.split('{').skip(1).filter_map(|rest| {
        let inner = rest.split('}').next()?;
        inner.split(',').filter_map(|count| count.trim().parse::<u32>().ok()).max()
    });
    let counts: Vec<u32> = counts.collect();
    counts.iter().any(|count| *count > MOST)
        || counts.iter().filter(|count| **count > 1).count() > 1 && {
            let product =
                counts.iter().fold(1_u64, |product, count| product.saturating_mul(u64::from((*count).max(1))));
            product > u64::from(MOST) && pattern.contains('(')
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_patterns_are_left_to_go() {
        let plain = ["^[A-Z]{2}$", r"^\d{3}-\d{4}$", r"^\+?[0-9]{7,15}$", "^[a-z]+(-[a-z]+)*$"];
        for pattern in plain {
            assert!(!needs_ecma(&json!({ "$defs": { "A": { "pattern": pattern } } })), "{pattern}");
        }
    }

    #[test]
    fn what_only_ecma_knows_needs_its_engine() {
        for pattern in ["^(?!x).*$", r"(a)\1", r"^\u0041$", "^.{1,2000}$", "^(a{50}){50}$", r"^\S+$"] {
            assert!(needs_ecma(&json!({ "items": [{ "pattern": pattern }] })), "{pattern}");
        }
        assert!(needs_ecma(&json!({ "patternProperties": { "^(?=a)": {} } })));
    }
}
