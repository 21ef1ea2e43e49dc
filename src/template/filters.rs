//! The filters that templates have besides those of minijinja.

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind};

use super::names::Case;
use super::{limits, names, yaml};

/// Every filter by its name.
pub(super) fn own() -> Vec<(&'static str, Value)> {
    vec![
        ("snake", Value::from_function(|text: String| Case::Snake.apply(&text))),
        ("kebab", Value::from_function(|text: String| Case::Kebab.apply(&text))),
        ("pascal", Value::from_function(|text: String| Case::Pascal.apply(&text))),
        ("camel", Value::from_function(|text: String| Case::Camel.apply(&text))),
        ("constant", Value::from_function(|text: String| Case::Constant.apply(&text))),
        ("slug", Value::from_function(|text: String| names::slug(&text))),
        ("yaml", Value::from_function(yaml_scalar)),
        ("yaml_block", Value::from_function(yaml_block)),
        ("json", Value::from_function(json)),
        ("md", Value::from_function(|text: String| table_cell(&text))),
        ("line", Value::from_function(|text: String| one_line(&text))),
    ]
}

/// Adds every filter.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("snake", |text: String| Case::Snake.apply(&text));
    environment.add_filter("kebab", |text: String| Case::Kebab.apply(&text));
    environment.add_filter("pascal", |text: String| Case::Pascal.apply(&text));
    environment.add_filter("camel", |text: String| Case::Camel.apply(&text));
    environment.add_filter("constant", |text: String| Case::Constant.apply(&text));
    environment.add_filter("slug", |text: String| names::slug(&text));
    environment.add_filter("yaml", yaml_scalar);
    environment.add_filter("yaml_block", yaml_block);
    environment.add_filter("json", json);
    environment.add_filter("md", |text: String| table_cell(&text));
    environment.add_filter("line", |text: String| one_line(&text));
}

/// A value as a YAML scalar; a list or map as one line of flow style.
fn yaml_scalar(value: Value) -> Result<String, Error> {
    let value = plain(&value)?;
    match yaml::scalar(&value) {
        Some(text) => Ok(text),
        None => to_json(&value, false),
    }
}

/// A value as a YAML block, each line with `indent` spaces before it, without the last line end.
fn yaml_block(value: Value, options: Kwargs) -> Result<String, Error> {
    let indent: Option<usize> = options.get("indent")?;
    options.assert_all_used()?;
    let indent = indent.unwrap_or(0);
    if indent > limits::MOST_WIDTH {
        let what = format!("asks for an indent of {indent}, and at most {} are made", limits::MOST_WIDTH);
        return Err(Error::new(ErrorKind::InvalidOperation, what));
    }
    let mut text = yaml::block(&plain(&value)?, indent);
    text.pop();
    Ok(text)
}

/// A value as JSON on one line, or on many with `pretty=true`.
fn json(value: Value, options: Kwargs) -> Result<String, Error> {
    let pretty: Option<bool> = options.get("pretty")?;
    options.assert_all_used()?;
    to_json(&plain(&value)?, pretty.unwrap_or(false))
}

fn to_json(value: &serde_json::Value, pretty: bool) -> Result<String, Error> {
    let text = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    text.map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
}

fn plain(value: &Value) -> Result<serde_json::Value, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    serde_json::to_value(value).map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
}

/// Text for a cell of a Markdown table: one line, with `|` escaped and no tag or comment begun.
pub fn table_cell(text: &str) -> String {
    one_line(text).replace('|', "\\|")
}

/// Text for a heading or bullet of Markdown: one line, white space collapsed, no tag or comment begun.
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let mut out = String::with_capacity(text.len());
    let mut code = false;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        code ^= character == '`';
        let opens = rest.peek().is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '!' | '/' | '?'));
        let comment = rest.peek() == Some(&'!');
        if character == '<' && opens && (comment || !code) {
            out.push_str("&lt;");
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::super::Engine;
    use super::*;

    fn render(template: &str, value: serde_json::Value) -> String {
        let overrides = BTreeMap::from([("test.j2".to_owned(), template.to_owned())]);
        Engine::new(overrides).unwrap().render("test.j2", &json!({ "it": value })).unwrap()
    }

    #[test]
    fn cases() {
        let template = "{{ it|snake }} {{ it|kebab }} {{ it|pascal }} {{ it|camel }} {{ it|constant }} {{ it|slug }}";
        assert_eq!(
            render(template, json!("order item")),
            "order_item order-item OrderItem orderItem ORDER_ITEM order-item\n"
        );
    }

    #[test]
    fn yaml_and_json() {
        assert_eq!(render("{{ it|yaml }}", json!("on")), "\"on\"\n");
        assert_eq!(render("{{ it|yaml }}", json!(["on", 1])), "[\"on\",1]\n");
        assert_eq!(render("a:\n{{ it|yaml_block(indent=2) }}", json!({"b": ["no"]})), "a:\n  b:\n    - \"no\"\n");
        assert_eq!(render("{{ it|json }}", json!({"a": "<b>"})), "{\"a\":\"<b>\"}\n");
    }

    #[test]
    fn markdown_cells_are_one_line_without_markup() {
        assert_eq!(table_cell("a | b\nc"), "a \\| b c");
        assert_eq!(
            one_line("x <!-- agentspec:end --> <b> `<b>` a < b"),
            "x &lt;!-- agentspec:end --> &lt;b> `<b>` a < b"
        );
    }
}
