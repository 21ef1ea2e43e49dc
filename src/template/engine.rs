//! Templates by name, and rendering.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The instructions that one rendering may take.
const FUEL: u64 = 50_000_000;

/// A template that is missing or does not render.
#[derive(Debug, thiserror::Error)]
#[error("template {name}: {reason}")]
pub struct TemplateError {
    /// The template's name: its path below `templates/` or below `.agentspec/templates/`.
    pub name: String,
    /// What is wrong, with the line where it is known.
    pub reason: String,
}

/// The engine with its templates.
#[derive(Debug)]
pub struct Engine {
    environment: Environment<'static>,
}

impl Engine {
    /// An engine over the built-in templates; `overrides` replaces them by name.
    ///
    /// # Errors
    /// When an override is not a template.
    pub fn new(overrides: BTreeMap<String, String>) -> Result<Engine, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax());
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        let mut engine = Engine { environment };
        for (name, text) in Self::built_in() {
            if !overrides.contains_key(&name) {
                engine.add(name, text)?;
            }
        }
        for (name, text) in overrides {
            engine.add(name, text)?;
        }
        Ok(engine)
    }

    /// The built-in templates by name, sorted.
    pub fn built_in() -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![&BUILT_IN];
        while let Some(folder) = folders.pop() {
            folders.extend(folder.dirs());
            for file in folder.files() {
                let name = file.path().to_string_lossy().replace('\\', "/");
                if let Some(text) = file.contents_utf8() {
                    found.insert(name, text.to_owned());
                }
            }
        }
        found
    }

    /// Renders a template over `context`.
    ///
    /// # Errors
    /// When there is no such template, it names what does not exist, or it takes too long.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String, TemplateError> {
        let failed = |error: &minijinja::Error| TemplateError { name: name.to_owned(), reason: describe(error) };
        let template = self.environment.get_template(name).map_err(|error| failed(&error))?;
        template.render(Value::from(Serde(context))).map_err(|error| failed(&error))
    }

    fn add(&mut self, name: String, text: String) -> Result<(), TemplateError> {
        let known = name.clone();
        self.environment
            .add_template_owned(name, text)
            .map_err(|error| TemplateError { name: known, reason: describe(&error) })
    }
}

/// Block tags take their whole line with them, so that templates can be indented like the text they make.
fn syntax() -> SyntaxConfig {
    let mut builder = SyntaxConfig::builder();
    builder.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    builder.build().unwrap_or_default()
}

fn describe(error: &minijinja::Error) -> String {
    match error.line() {
        Some(line) => format!("line {line}: {error}"),
        None => error.to_string(),
    }
}
