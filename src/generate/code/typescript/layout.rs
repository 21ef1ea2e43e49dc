//! TypeScript expressions, laid out as Prettier does: on one line where they fit, else one element a line with a comma
//! behind each, and the last argument of a call opened where the others fit beside it.

use serde_json::Value;

use crate::generate::code::service::Type;

/// The longest line.
pub(crate) const WIDTH: usize = 100;

/// An expression that can be broken into lines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Code {
    /// What stays on its line.
    Text(String),
    /// `{ … }`.
    Object(Vec<Code>),
    /// `[…]`.
    Array(Vec<Code>),
    /// What stands before the parenthesis, and the arguments.
    Call(String, Vec<Code>),
    /// As a call, but parameters are never opened alone.
    Parameters(String, Vec<Code>),
    /// Something before an expression: `key: `.
    Labelled(String, Box<Code>),
}

impl Code {
    /// Text that stays on its line.
    pub(crate) fn text(text: impl Into<String>) -> Code {
        Code::Text(text.into())
    }

    /// A property with its value; one that has the name of the variable stands alone.
    pub(crate) fn entry(name: &str, value: Code) -> Code {
        match value {
            Code::Text(text) if text == name => Code::Text(text),
            value => Code::labelled(name, value),
        }
    }

    /// A property with its value. Without brackets, `__proto__` would name what the object inherits from.
    fn labelled(name: &str, value: Code) -> Code {
        let name = if name == "__proto__" { "[\"__proto__\"]".to_owned() } else { key(name) };
        Code::Labelled(format!("{name}: "), Box::new(value))
    }

    /// The whole on one line.
    fn flat(&self) -> String {
        let joined = |elements: &[Code]| elements.iter().map(Code::flat).collect::<Vec<_>>().join(", ");
        match self {
            Code::Text(text) => text.clone(),
            Code::Labelled(label, value) => format!("{label}{}", value.flat()),
            Code::Object(entries) if entries.is_empty() => "{}".to_owned(),
            Code::Object(entries) => format!("{{ {} }}", joined(entries)),
            Code::Array(elements) => format!("[{}]", joined(elements)),
            Code::Call(open, elements) | Code::Parameters(open, elements) => format!("{open}({})", joined(elements)),
        }
    }

    /// Whether several objects or arrays stand in an array, which is never kept on a line.
    fn is_table(&self) -> bool {
        let is = |element: &Code, array: bool| match element {
            Code::Array(inner) => array && inner.len() > 1,
            Code::Object(inner) => !array && inner.len() > 1,
            _ => false,
        };
        match self {
            Code::Array(rows) if rows.len() > 1 => {
                [true, false].iter().any(|kind| rows.iter().all(|row| is(row, *kind)))
            }
            Code::Array(elements)
            | Code::Object(elements)
            | Code::Call(_, elements)
            | Code::Parameters(_, elements) => elements.iter().any(Code::is_table),
            Code::Labelled(_, value) => value.is_table(),
            Code::Text(_) => false,
        }
    }

    /// The lines of `before`, this and `after`, where the first stands at `indent` (which is not written).
    pub(crate) fn lay_out(&self, indent: usize, before: &str, after: &str) -> String {
        let flat = format!("{before}{}{after}", self.flat());
        if indent + flat.chars().count() <= WIDTH && !self.is_table() {
            return flat;
        }
        match self {
            Code::Text(text) if before.ends_with(": ") || before.ends_with("= ") => {
                let breaks = text.starts_with(['"', '\'']);
                if breaks { format!("{}\n{}{text}{after}", before.trim_end(), " ".repeat(indent + 2)) } else { flat }
            }
            Code::Text(_) => flat,
            Code::Labelled(label, value) => value.lay_out(indent, &format!("{before}{label}"), after),
            Code::Object(elements) | Code::Array(elements) if elements.is_empty() => flat,
            Code::Object(elements) => lines(elements, indent, &format!("{before}{{"), &format!("}}{after}")),
            Code::Array(elements) => lines(elements, indent, &format!("{before}["), &format!("]{after}")),
            Code::Call(_, elements) | Code::Parameters(_, elements) if elements.is_empty() => flat,
            Code::Call(open, elements) => opened(open, elements, indent, before, after)
                .unwrap_or_else(|| broken(open, elements, indent, before, after)),
            Code::Parameters(open, elements) => broken(open, elements, indent, before, after),
        }
    }
}

/// A call whose last argument is opened, where that is an object or array and what stands before it fits.
fn opened(open: &str, elements: &[Code], indent: usize, before: &str, after: &str) -> Option<String> {
    let (last, others) = elements.split_last()?;
    let (inner, brackets) = match last {
        Code::Object(inner) => (inner, ('{', '}')),
        Code::Array(inner) => (inner, ('[', ']')),
        _ => return None,
    };
    let mut head = format!("{before}{open}(");
    others.iter().for_each(|other| head.push_str(&format!("{}, ", other.flat())));
    head.push(brackets.0);
    // Two of a kind at the end are both written on lines of their own.
    if others.last().is_some_and(|other| std::mem::discriminant(other) == std::mem::discriminant(last)) {
        return None;
    }
    let fits = indent + head.chars().count() <= WIDTH && !inner.is_empty();
    fits.then(|| lines(inner, indent, &head, &format!("{}){after}", brackets.1)))
}

fn broken(open: &str, elements: &[Code], indent: usize, before: &str, after: &str) -> String {
    lines(elements, indent, &format!("{before}{open}("), &format!("){after}"))
}

/// One element a line.
fn lines(elements: &[Code], indent: usize, open: &str, close: &str) -> String {
    let inner = indent + 2;
    let mut lines = format!("{open}\n");
    for element in elements {
        lines.push_str(&" ".repeat(inner));
        lines.push_str(&element.lay_out(inner, "", ","));
        lines.push('\n');
    }
    lines.push_str(&" ".repeat(indent));
    lines.push_str(close);
    lines
}

/// A string literal with the quotes that need fewer escapes, double ones where that is equal.
pub(crate) fn string(text: &str) -> String {
    let count = |quote: char| text.chars().filter(|c| *c == quote).count();
    let quote = if count('"') > count('\'') { '\'' } else { '"' };
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push(quote);
    escape(text, quote, &mut literal);
    literal.push(quote);
    literal
}

/// Text within a template literal.
pub(crate) fn template(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    escape(text, '`', &mut literal);
    literal.replace("${", "\\${")
}

fn escape(text: &str, quote: char, literal: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c == quote => literal.extend(['\\', c]),
            c if c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c) => {
                literal.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => literal.push(c),
        }
    }
}

/// Whether a name can stand without quotes.
fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || "_$".contains(first))
        && letters.all(|c| c.is_ascii_alphanumeric() || "_$".contains(c))
}

/// A property's name in an object or interface.
pub(crate) fn key(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { string(name) }
}

/// `.name`, or `["name"]`.
pub(crate) fn access(name: &str) -> String {
    if is_identifier(name) { format!(".{name}") } else { format!("[{}]", string(name)) }
}

/// A JSON value as a literal.
pub(crate) fn value(value: &Value) -> Code {
    match value {
        Value::Null => Code::text("null"),
        Value::Bool(flag) => Code::text(flag.to_string()),
        Value::Number(number) => Code::text(number_literal(number)),
        Value::String(text) => Code::text(string(text)),
        Value::Array(items) => Code::Array(items.iter().map(self::value).collect()),
        Value::Object(object) => {
            let entry = |(name, item): (&String, &Value)| Code::labelled(name, self::value(item));
            Code::Object(object.iter().map(entry).collect())
        }
    }
}

/// A number as short as formatters write it: no `.0`, no capital letter.
fn number_literal(number: &serde_json::Number) -> String {
    let text = number.to_string().to_lowercase();
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text.replace("e+", "e"),
    }
}

/// A type; `module` stands before models (`models.`).
pub(crate) fn annotation(kind: &Type, module: &str) -> String {
    match kind {
        Type::Any => "unknown".to_owned(),
        Type::Null => "null".to_owned(),
        Type::Text => "string".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Integer | Type::Number => "number".to_owned(),
        Type::Bytes => "Uint8Array".to_owned(),
        Type::Named(name) => format!("{module}{name}"),
        Type::Literal(_) | Type::Union(_) => members(kind, module).join(" | "),
        Type::List(item) => {
            let inner = annotation(item, module);
            if is_union(item) { format!("({inner})[]") } else { format!("{inner}[]") }
        }
        Type::Map(item) => format!("Record<string, {}>", annotation(item, module)),
    }
}

/// Whether a type is one of several.
pub(crate) fn is_union(kind: &Type) -> bool {
    matches!(kind, Type::Union(_)) || matches!(kind, Type::Literal(values) if values.len() > 1)
}

/// The members of a union.
pub(crate) fn members(kind: &Type, module: &str) -> Vec<String> {
    match kind {
        Type::Literal(values) => values.iter().map(|one| value(one).flat()).collect(),
        Type::Union(kinds) => kinds.iter().flat_map(|one| members(one, module)).collect(),
        kind => vec![annotation(kind, module)],
    }
}

/// Words for a comment: one paragraph that cannot end it, with a full stop.
pub(crate) fn prose(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut prose: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    prose = prose.replace("*/", "* /");
    if !prose.ends_with(['.', '!', '?']) {
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
        let short = value(&json!({"a": [1, true, null], "b-c": "x\"y", "d": 1.0}));
        assert_eq!(short.lay_out(4, "body = ", ";"), "body = { a: [1, true, null], \"b-c\": 'x\"y', d: 1 };");
        let long = value(&json!({"first": "a".repeat(50), "second": {"third": "b".repeat(50)}}));
        let (a, b) = ("a".repeat(50), "b".repeat(50));
        let expected = format!("body = {{\n      first: \"{a}\",\n      second: {{ third: \"{b}\" }},\n    }}");
        assert_eq!(long.lay_out(4, "body = ", ""), expected);
    }

    #[test]
    fn tables_have_a_row_on_each_line() {
        let rows = value(&json!([["a", 1], ["b", 2]]));
        assert_eq!(rows.lay_out(0, "x = ", ";"), "x = [\n  [\"a\", 1],\n  [\"b\", 2],\n];");
        assert_eq!(value(&json!([["a", 1]])).lay_out(0, "x = ", ";"), "x = [[\"a\", 1]];");
    }

    #[test]
    fn a_property_is_nothing_that_is_inherited() {
        let object = value(&json!({"__proto__": 1, "constructor": 2}));
        assert_eq!(object.lay_out(0, "x = ", ";"), "x = { [\"__proto__\"]: 1, constructor: 2 };");
    }

    #[test]
    fn the_last_argument_is_opened_where_the_others_fit() {
        let data = value(&json!({"first": "a".repeat(50), "second": "b".repeat(40)}));
        let call = Code::Call("await publish".to_owned(), vec![Code::text("context"), data]);
        let lines = call.lay_out(4, "", ";");
        assert!(lines.starts_with("await publish(context, {\n      first: "), "{lines}");
        assert!(lines.ends_with("\n    });"), "{lines}");
    }

    #[test]
    fn types_are_written_as_unions() {
        let states = Type::Literal(vec![json!("a"), json!("b")]);
        assert_eq!(annotation(&Type::List(Box::new(states.clone())), ""), "(\"a\" | \"b\")[]");
        assert_eq!(annotation(&states.or_null(), ""), "\"a\" | \"b\" | null");
    }

    #[test]
    fn prose_cannot_end_a_comment() {
        assert_eq!(prose("Ends */ here\n  now"), "Ends * / here now.");
        assert_eq!(template("a `b` ${c}"), "a \\`b\\` \\${c}");
    }
}
