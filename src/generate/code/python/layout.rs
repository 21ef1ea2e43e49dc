//! Python expressions, laid out as its formatters do: on one line where they fit, else one element a line with a comma
//! behind each.

use serde_json::Value;

/// The longest line.
pub(crate) const WIDTH: usize = 100;

/// An expression that can be broken into lines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Code {
    /// What stays on its line.
    Text(String),
    /// Elements between brackets; the opening may have words before its bracket.
    Group(String, Vec<Code>, String),
    /// Something before an expression: `"key": `, `name=`.
    Labelled(String, Box<Code>),
}

impl Code {
    /// Text that stays on its line.
    pub(crate) fn text(text: impl Into<String>) -> Code {
        Code::Text(text.into())
    }

    /// Elements between brackets.
    pub(crate) fn group(open: impl Into<String>, elements: Vec<Code>, close: impl Into<String>) -> Code {
        Code::Group(open.into(), elements, close.into())
    }

    /// A key with its value.
    pub(crate) fn entry(key: &str, value: Code) -> Code {
        Code::Labelled(format!("{}: ", string(key)), Box::new(value))
    }

    /// The whole on one line.
    fn flat(&self) -> String {
        match self {
            Code::Text(text) => text.clone(),
            Code::Labelled(label, value) => format!("{label}{}", value.flat()),
            Code::Group(open, elements, close) => {
                let elements: Vec<String> = elements.iter().map(Code::flat).collect();
                format!("{open}{}{close}", elements.join(", "))
            }
        }
    }

    /// The lines of `before`, this and `after`, where the first stands at `indent` (which is not written).
    pub(crate) fn lay_out(&self, indent: usize, before: &str, after: &str) -> String {
        let flat = format!("{before}{}{after}", self.flat());
        if indent + flat.chars().count() <= WIDTH && !flat.contains('\n') {
            return flat;
        }
        match self {
            Code::Text(_) => flat,
            Code::Labelled(label, value) => value.lay_out(indent, &format!("{before}{label}"), after),
            Code::Group(_, elements, _) if elements.is_empty() => flat,
            Code::Group(open, elements, close) => {
                let inner = indent + 4;
                let mut lines = format!("{before}{open}\n");
                for element in elements {
                    lines.push_str(&" ".repeat(inner));
                    lines.push_str(&element.lay_out(inner, "", ","));
                    lines.push('\n');
                }
                lines.push_str(&" ".repeat(indent));
                lines.push_str(close);
                lines.push_str(after);
                lines
            }
        }
    }
}

/// A string literal with the quotes that a formatter prefers.
pub(crate) fn string(text: &str) -> String {
    let quote = if text.contains('"') && !text.contains('\'') { '\'' } else { '"' };
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push(quote);
    for c in text.chars() {
        match c {
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c == quote => {
                literal.push('\\');
                literal.push(c);
            }
            c if c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c) => {
                literal.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => literal.push(c),
        }
    }
    literal.push(quote);
    literal
}

/// A JSON value as a literal.
pub(crate) fn value(value: &Value) -> Code {
    match value {
        Value::Null => Code::text("None"),
        Value::Bool(true) => Code::text("True"),
        Value::Bool(false) => Code::text("False"),
        Value::Number(number) => Code::text(number.to_string().to_lowercase()),
        Value::String(text) => Code::text(string(text)),
        Value::Array(items) => Code::group("[", items.iter().map(self::value).collect(), "]"),
        Value::Object(object) => {
            let entries = object.iter().map(|(key, item)| Code::entry(key, self::value(item)));
            Code::group("{", entries.collect(), "}")
        }
    }
}

/// Words for a docstring: one paragraph, no quotes or backslashes that would end it, a full stop at the end.
pub(crate) fn prose(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut prose: String =
        words.join(" ").chars().filter(|c| !c.is_control()).map(|c| if c == '\\' { '/' } else { c }).collect();
    prose = prose.replace("\"\"\"", "'''");
    if prose.ends_with('"') || !prose.ends_with(['.', '!', '?']) {
        prose.push('.');
    }
    prose
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn short_stays_on_a_line_and_long_is_broken() {
        let short = value(&json!({"a": [1, true, null], "b": "x\"y"}));
        assert_eq!(short.lay_out(8, "body = ", ""), "body = {\"a\": [1, True, None], \"b\": 'x\"y'}");
        let long = value(&json!({"first": "a".repeat(50), "second": {"third": "b".repeat(50)}}));
        let expected = format!(
            "body = {{\n        \"first\": \"{}\",\n        \"second\": {{\"third\": \"{}\"}},\n    }}",
            "a".repeat(50),
            "b".repeat(50)
        );
        assert_eq!(long.lay_out(4, "body = ", ""), expected);
    }

    #[test]
    fn prose_cannot_end_a_docstring() {
        assert_eq!(prose("Say \"\"\"hi\"\"\"\n  now \\"), "Say '''hi''' now /.");
        assert_eq!(prose("Call it \"x\""), "Call it \"x\".");
    }
}
