//! Writing YAML that every reader understands the same way: YAML 1.1 (which `kubectl` and PyYAML speak) and YAML 1.2.
//! A string is written plain only where neither could take it for something else.

use serde_json::{Number, Value};

/// What YAML 1.1 (its types `bool`, `null`, `float`, `merge` and `value`) or YAML 1.2 reads as no string, in lower case.
const WORDS: &[&str] =
    &["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nil", "none", "nan", "inf", "infinity"];

/// Characters that numbers, dates and times consist of. A string of nothing else that begins with a digit is quoted.
const NUMERIC: &str = "0123456789abcdefABCDEFxXoO_:.+-eETtZz, ";

/// A string as a YAML scalar, plain where that is safe in block and in flow style, else in double quotes.
pub fn string(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A string in double quotes (YAML 1.2.2, section 7.3.1); the result is one line.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other if is_printable(other) => out.push(other),
            other if u32::from(other) > 0xffff => out.push_str(&format!("\\U{:08x}", u32::from(other))),
            other => out.push_str(&format!("\\u{:04x}", u32::from(other))),
        }
    }
    out.push('"');
    out
}

fn is_printable(character: char) -> bool {
    match character {
        ' '..='~' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        other => other >= '\u{a0}',
    }
}

fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    if !(first.is_alphanumeric() || matches!(first, '_' | '/')) || text.ends_with([' ', ':']) {
        return false;
    }
    if first.is_ascii_digit() && text.chars().all(|character| NUMERIC.contains(character)) {
        return false;
    }
    if WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) || text.contains(": ") || text.contains(" #") {
        return false;
    }
    text.chars().all(|character| character.is_alphanumeric() || " _-./:@+()'=;~%$^\\#".contains(character))
}

/// A number as JSON, YAML 1.1 and YAML 1.2 all read it: YAML 1.1 wants a point and a signed exponent.
fn number(number: &Number) -> String {
    let text = number.to_string();
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return text };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

/// A value without children: a scalar, `[]` or `{}`; nothing for the others.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("null".to_owned()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(value) => Some(number(value)),
        Value::String(text) => Some(string(text)),
        Value::Array(items) if items.is_empty() => Some("[]".to_owned()),
        Value::Object(entries) if entries.is_empty() => Some("{}".to_owned()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

enum Head<'v> {
    Root,
    Key(&'v str),
    Dash,
}

struct Entry<'v> {
    head: Head<'v>,
    value: &'v Value,
    indent: usize,
    /// Whether it goes on the line that is already begun.
    continues: bool,
}

/// A value in block style, keys in their order, each line with `indent` spaces before it, with a line end at the end.
/// Keys longer than 1,024 characters have no place in YAML's short form and are not supported by its readers.
pub fn block(value: &Value, indent: usize) -> String {
    let mut out = String::new();
    let mut stack = vec![Entry { head: Head::Root, value, indent, continues: false }];
    while let Some(entry) = stack.pop() {
        let simple = scalar(entry.value);
        let deeper = if matches!(entry.head, Head::Root) { entry.indent } else { entry.indent + 2 };
        let begins = !matches!(entry.head, Head::Root) || simple.is_some();
        if begins && !entry.continues {
            out.extend(std::iter::repeat_n(' ', entry.indent));
        }
        let same_line = match entry.head {
            Head::Root => false,
            Head::Key(key) => {
                out.push_str(&string(key));
                out.push(':');
                false
            }
            Head::Dash => {
                out.push('-');
                true
            }
        };
        match simple {
            Some(text) => {
                if !matches!(entry.head, Head::Root) {
                    out.push(' ');
                }
                out.push_str(&text);
                out.push('\n');
            }
            None => {
                match entry.head {
                    Head::Root => {}
                    Head::Key(_) => out.push('\n'),
                    Head::Dash => out.push(' '),
                }
                push_children(&mut stack, entry.value, deeper, same_line);
            }
        }
    }
    out
}

/// Pushes the children so that the first one comes off the stack first.
fn push_children<'v>(stack: &mut Vec<Entry<'v>>, value: &'v Value, indent: usize, same_line: bool) {
    let from = stack.len();
    match value {
        Value::Array(items) => {
            stack.extend(items.iter().map(|value| Entry { head: Head::Dash, value, indent, continues: false }));
        }
        Value::Object(entries) => {
            let children = entries.iter();
            stack.extend(children.map(|(key, value)| Entry { head: Head::Key(key), value, indent, continues: false }));
        }
        _ => {}
    }
    if let Some(first) = stack.get_mut(from) {
        first.continues = same_line;
    }
    stack[from..].reverse();
}

#[cfg(test)]
mod tests {
    use granit_parser::{Event, Parser, ScalarStyle};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn quotes_what_a_reader_takes_for_something_else() {
        for text in [
            "on",
            "off",
            "yes",
            "no",
            "y",
            "N",
            "True",
            "1_000",
            "0400",
            "0o7",
            "0x1F",
            "1:30",
            "2024-01-01",
            "=",
            "~",
            "null",
            "",
            " a",
            "a ",
            "a: b",
            "a:",
            "a #b",
            "- a",
            "1.0",
            "1e3",
            ".5",
            "+1",
            "-1",
            ".inf",
            "<<",
            "---",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "[a]",
            "{a}",
            "a, b",
            "a\nb",
            "\u{feff}a",
            "12e03",
            "0b1",
            "?",
            "2001-12-14 21:59:43.10 -5",
        ] {
            assert!(string(text).starts_with('"'), "{text}");
        }
        for text in ["order-service", "100m", "128Mi", "http://auth-service:8001", "a#b", "/health", "v1", "user's"] {
            assert_eq!(string(text), text);
        }
    }

    #[test]
    fn blocks_are_laid_out_like_hand_written_yaml() {
        let value = json!({
            "name": "a", "list": [{"x": 1, "z": [true, null]}, "on", []], "nested": {"empty": {}, "f": 1e300},
        });
        let expected = "name: a\nlist:\n  - x: 1\n    z:\n      - true\n      - null\n  - \"on\"\n  - []\nnested:\n  \
                        empty: {}\n  f: 1.0e+300\n";
        assert_eq!(block(&value, 0), expected);
        assert_eq!(block(&json!("on"), 2), "  \"on\"\n");
        assert_eq!(block(&json!([[1, 2], [3]]), 2), "  - - 1\n    - 2\n  - - 3\n");
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = (0..2_000).fold(json!(1), |inner, _| json!([inner]));
        assert!(block(&deep, 0).ends_with("- 1\n"));
    }

    /// Reads the events of a YAML text back into a value, with the resolution of strings left to the style: what is plain
    /// must be a string by the rules of this module.
    fn read(text: &str) -> Value {
        enum Open {
            List(Vec<Value>),
            Map(serde_json::Map<String, Value>, Option<String>),
        }
        let mut stack: Vec<Open> = Vec::new();
        let mut root = Value::Null;
        for event in Parser::new_from_str(text) {
            let done = match event.unwrap().0 {
                Event::Scalar(text, style, ..) => Some(match style {
                    ScalarStyle::Plain => resolve(&text),
                    _ => Value::String(text.to_string()),
                }),
                Event::SequenceStart(..) => {
                    stack.push(Open::List(Vec::new()));
                    None
                }
                Event::MappingStart(..) => {
                    stack.push(Open::Map(serde_json::Map::new(), None));
                    None
                }
                Event::SequenceEnd | Event::MappingEnd => match stack.pop().unwrap() {
                    Open::List(items) => Some(Value::Array(items)),
                    Open::Map(entries, _) => Some(Value::Object(entries)),
                },
                _ => None,
            };
            let Some(value) = done else { continue };
            match stack.last_mut() {
                None => root = value,
                Some(Open::List(items)) => items.push(value),
                Some(Open::Map(entries, key)) => match key.take() {
                    None => *key = Some(value.as_str().unwrap().to_owned()),
                    Some(key) => {
                        entries.insert(key, value);
                    }
                },
            }
        }
        root
    }

    fn resolve(text: &str) -> Value {
        match text {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => serde_json::from_str::<Number>(text).map_or(Value::String(text.to_owned()), Value::Number),
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let tricky = prop::sample::select(vec!["on", "0400", "1_000", "2024-01-01", "=", "a: b", "- a", "", "null"]);
        let strings = prop_oneof![".{0,12}", "[ -~]{0,8}", tricky.prop_map(str::to_owned)];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|number| json!(number)),
            strings.clone().prop_map(Value::String),
        ];
        leaf.prop_recursive(5, 40, 5, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                prop::collection::vec((strings.clone(), inner), 0..5)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_back_the_same(value in values(), indent in 0_usize..5) {
            prop_assert_eq!(read(&block(&value, indent)), value);
        }
    }
}
