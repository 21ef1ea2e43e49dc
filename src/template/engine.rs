//! Templates by name, and rendering.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use super::{filters, tags};

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The instructions that one rendering may take.
const FUEL: u64 = 50_000_000;
/// The bytes that one rendering may write.
const OUTPUT_LIMIT: usize = 16 << 20;

/// A template that is missing or does not render.
#[derive(Debug, thiserror::Error)]
#[error("template {name}: {reason}")]
pub struct TemplateError {
    /// The template's name: its path below `templates/` or below `.agentspec/templates/`.
    pub name: String,
    /// What is wrong, with the line where it is known, and what to do next.
    pub reason: String,
}

/// The engine with its templates.
#[derive(Debug)]
pub struct Engine {
    environment: Environment<'static>,
}

impl Engine {
    /// An engine over the built-in templates; `overrides` replaces them by name, or adds templates for these to include.
    ///
    /// # Errors
    /// When an override is not a template.
    pub fn new(overrides: BTreeMap<String, String>) -> Result<Engine, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax());
        environment.set_auto_escape_callback(escaping);
        environment.set_fuel(Some(FUEL));
        filters::add(&mut environment);
        // A run needs few of them.
        environment.set_loader(|name| Ok(Engine::source_of(name)));
        let mut engine = Engine { environment };
        for (name, text) in overrides {
            engine.add(name, text.replace("\r\n", "\n"))?;
        }
        Ok(engine)
    }

    /// The built-in templates by name, sorted.
    pub fn built_in() -> BTreeMap<String, &'static str> {
        let mut found = BTreeMap::new();
        let mut folders = vec![&BUILT_IN];
        while let Some(folder) = folders.pop() {
            folders.extend(folder.dirs());
            for file in folder.files().filter(|file| !is_hidden(file.path())) {
                let name = file.path().to_string_lossy().replace('\\', "/");
                if let Some(text) = file.contents_utf8() {
                    found.insert(name, text);
                }
            }
        }
        found
    }

    /// The text of a built-in template, for a user who wants to start an override from it.
    pub fn source_of(name: &str) -> Option<&'static str> {
        BUILT_IN.get_file(name).filter(|file| !is_hidden(file.path()))?.contents_utf8()
    }

    /// Renders a template over `context`. The text has `\n` line ends, and one at its end unless it is empty.
    ///
    /// # Errors
    /// When there is no such template, it names what does not exist, it takes too long or it writes too much.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String, TemplateError> {
        let failed = |error: &minijinja::Error| TemplateError { name: name.to_owned(), reason: describe(name, error) };
        let template = self.environment.get_template(name).map_err(|error| failed(&error))?;
        let mut sink = Sink { text: Vec::new(), full: false };
        let outcome = template.render_captured_to(Value::from(Serde(context)), &mut sink).map(drop);
        if sink.full {
            let reason = format!("writes more than {} MiB; look for a loop that repeats itself", OUTPUT_LIMIT >> 20);
            return Err(TemplateError { name: name.to_owned(), reason });
        }
        outcome.map_err(|error| failed(&error))?;
        let text = String::from_utf8(sink.text);
        let mut text = text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        if text.contains("\r\n") {
            text = text.replace("\r\n", "\n");
        }
        text.truncate(text.trim_end_matches('\n').len());
        if !text.is_empty() {
            text.push('\n');
        }
        text.shrink_to_fit();
        Ok(text)
    }

    fn add(&mut self, name: String, text: String) -> Result<(), TemplateError> {
        let known = name.clone();
        let text = match tags::prepared(&text) {
            Ok(text) => text,
            Err((line, reason)) => {
                let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
                return Err(TemplateError { name, reason: line + &reason });
            }
        };
        self.environment
            .add_template_owned(name, text)
            .map_err(|error| TemplateError { reason: describe(&known, &error), name: known })
    }
}

/// Only pages are escaped by themselves: what else is generated has escapes of its own, which are filters.
fn escaping(name: &str) -> AutoEscape {
    if name.ends_with(".html.j2") { AutoEscape::Html } else { AutoEscape::None }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Takes what is written up to the limit.
struct Sink {
    text: Vec<u8>,
    full: bool,
}

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() + bytes.len() > OUTPUT_LIMIT {
            self.full = true;
            return Err(io::Error::other("the output is too large"));
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Block tags take their whole line with them, so that templates can be indented like the text they make.
fn syntax() -> SyntaxConfig {
    let mut builder = SyntaxConfig::builder();
    builder.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    builder.build().unwrap_or_default()
}

/// Where and what, and what to do next. `name` is the template that was asked for; the error may lie in an included one.
fn describe(name: &str, error: &minijinja::Error) -> String {
    let error = innermost(error);
    let place = match (error.name().filter(|at| *at != name), error.line()) {
        (Some(at), Some(line)) => format!("in {at}, line {line}: "),
        (None, Some(line)) => format!("line {line}: "),
        (Some(at), None) => format!("in {at}: "),
        (None, None) => String::new(),
    };
    let what = match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => {
            format!("takes more than {FUEL} instructions; look for a loop that does not need all it goes through")
        }
        (ErrorKind::UndefinedError, detail) => {
            let detail = detail.map(|detail| format!(": {detail}")).unwrap_or_default();
            format!(
                "names something that does not exist{detail}; `agentspec model` prints the model that templates see"
            )
        }
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (kind, None) => kind.to_string(),
    };
    place + &what
}

/// The error that an include or an inheritance passes on.
fn innermost(error: &minijinja::Error) -> &minijinja::Error {
    let mut at = error;
    while let Some(cause) = std::error::Error::source(at).and_then(|cause| cause.downcast_ref::<minijinja::Error>()) {
        at = cause;
    }
    at
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn engine(templates: &[(&str, &str)]) -> Engine {
        let overrides = templates.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Engine::new(overrides).unwrap()
    }

    #[test]
    fn every_built_in_template_compiles_and_can_be_ejected() {
        let engine = engine(&[]);
        for (name, text) in Engine::built_in() {
            engine.environment.get_template(&name).unwrap();
            assert_eq!(Engine::source_of(&name), Some(text));
        }
        assert_eq!(Engine::source_of("../Cargo.toml"), None);
    }

    #[test]
    fn an_override_replaces_a_template_and_may_include_another() {
        let engine = engine(&[("a.j2", "{% include 'b.j2' %}\r\nend"), ("b.j2", "{{ x }}\r\n")]);
        assert_eq!(engine.render("a.j2", &json!({ "x": "1\r\n2" })).unwrap(), "1\n2\nend\n");
    }

    #[test]
    fn a_page_is_escaped_and_nothing_else() {
        let engine = engine(&[("a.html.j2", "{{ x }}"), ("a.md.j2", "{{ x }}")]);
        assert_eq!(engine.render("a.html.j2", &json!({ "x": "<&\"'" })).unwrap(), "&lt;&amp;&quot;&#x27;\n");
        assert_eq!(engine.render("a.md.j2", &json!({ "x": "<" })).unwrap(), "<\n");
    }

    #[test]
    fn an_unknown_name_is_an_error_with_its_line() {
        let engine = engine(&[("a.j2", "one\n{% include 'b.j2' %}"), ("b.j2", "\n\n{{ model.nmae }}")]);
        let error = engine.render("a.j2", &json!({ "model": {} })).unwrap_err().to_string();
        assert!(error.starts_with("template a.j2: in b.j2, line 3: names something that does not exist"), "{error}");
        assert!(error.contains("`agentspec model`"), "{error}");
    }

    #[test]
    fn endless_work_and_endless_output_end() {
        let engine = engine(&[
            ("work.j2", "{% for a in range(9999) %}{% for b in range(9999) %}{% set c = a %}{% endfor %}{% endfor %}"),
            ("output.j2", "{% for a in range(9999) %}{{ 'x' * 9999 }}{% endfor %}"),
        ]);
        let error = engine.render("work.j2", &json!({})).unwrap_err().reason;
        assert!(error.contains("takes more than 50000000 instructions"), "{error}");
        let error = engine.render("output.j2", &json!({})).unwrap_err().reason;
        assert!(error.contains("writes more than 16 MiB"), "{error}");
    }

    #[test]
    fn a_broken_override_says_where() {
        let error = Engine::new(BTreeMap::from([("a.j2".to_owned(), "x\n{% if %}".to_owned())])).unwrap_err();
        assert!(error.to_string().starts_with("template a.j2: line 2: "), "{error}");
    }
}
