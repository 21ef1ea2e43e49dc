//! Templates by name, and rendering.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use include_dir::{Dir, include_dir};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use super::printer::{self, Refusal};
use super::{budget, filters, limits, tags};

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The instructions that one rendering may take.
const FUEL: u64 = 50_000_000;
/// How deep macros, includes, loops and blocks of a platform's templates may go in each other: a macro counts as four and an
/// include as ten.
const DEEPEST: usize = 250;
/// The bytes that one rendering may write.
const OUTPUT_LIMIT: usize = 16 << 20;
/// What the files of a platform's templates may have besides twice what they are rendered over, each, before they count as large.
const SMALL: usize = 32 << 10;
/// What large ones may have besides, together: a plan holds them all.
const MOST_TOGETHER: usize = 4 << 20;

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
    /// Renders the built-in templates.
    plain: Environment<'static>,
    /// Renders those of a platform, and what these include: all that is made is counted.
    counted: Option<Environment<'static>>,
    /// The names of a platform's templates.
    own: BTreeSet<String>,
    /// Bytes that they have written in large files.
    written: AtomicUsize,
}

impl Engine {
    /// An engine over the built-in templates; `overrides` replaces them by name, or adds templates for these to include.
    ///
    /// # Errors
    /// When an override is not a template.
    pub fn new(overrides: BTreeMap<String, String>) -> Result<Engine, TemplateError> {
        let mut plain = environment();
        filters::add(&mut plain);
        // A run needs few of them.
        plain.set_loader(|name| Ok(Engine::source_of(name)));
        let mut engine = Engine { plain, counted: None, own: BTreeSet::new(), written: AtomicUsize::new(0) };
        if overrides.is_empty() {
            return Ok(engine);
        }
        let mut counted = environment();
        counted.set_recursion_limit(DEEPEST);
        limits::add(&mut counted, filters::own());
        counted.set_loader(|name| Engine::source_of(name).map(prepared).transpose().map_err(refused));
        for (name, text) in overrides {
            let failed = |reason: String| TemplateError { name: name.clone(), reason };
            let text = prepared(&text.replace("\r\n", "\n"));
            let text = text.map_err(|(line, reason)| failed(format!("line {line}: {reason}")))?;
            counted.add_template_owned(name.clone(), text).map_err(|error| failed(describe(&name, &error)))?;
            engine.own.insert(name);
        }
        engine.counted = Some(counted);
        Ok(engine)
    }

    /// What renders a template: a built-in one is counted where it names one of the platform's.
    fn environment_of(&self, name: &str) -> &Environment<'static> {
        let Some(counted) = &self.counted else { return &self.plain };
        let (mut open, mut seen): (Vec<&str>, _) = (vec![name], BTreeSet::new());
        while let Some(name) = open.pop() {
            if self.own.contains(name) {
                return counted;
            }
            if seen.insert(name) {
                open.extend(Engine::source_of(name).into_iter().flat_map(named_templates));
            }
        }
        &self.plain
    }

    /// Renders a text as a built-in template would be.
    #[cfg(test)]
    pub(super) fn uncounted(text: &str, context: &impl Serialize) -> Result<String, TemplateError> {
        let mut engine = Engine::new(BTreeMap::new())?;
        let failed =
            |error: minijinja::Error| TemplateError { name: "a.j2".to_owned(), reason: describe("a.j2", &error) };
        engine.plain.add_template_owned("a.j2", text.replace("\r\n", "\n")).map_err(failed)?;
        engine.render("a.j2", context)
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
        let environment = self.environment_of(name);
        let template = environment.get_template(name).map_err(|error| failed(&error))?;
        let context = Value::from(Serde(context));
        let is_plain = std::ptr::eq(environment, &self.plain);
        let room = if is_plain { 0 } else { SMALL + 2 * budget::make_room(&context) };
        let mut sink = Sink { text: Vec::new(), full: false };
        let outcome = template.render_captured_to(context, &mut sink).map(drop);
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
        let large = text.len().saturating_sub(room);
        if !is_plain && large > 0 && self.written.fetch_add(large, Ordering::Relaxed) + large > MOST_TOGETHER {
            let most = MOST_TOGETHER >> 20;
            let reason =
                format!("the platform's templates write more than {most} MiB together in large files; write less");
            return Err(TemplateError { name: name.to_owned(), reason });
        }
        Ok(text)
    }
}

/// The engine without templates and filters.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(syntax());
    environment.set_auto_escape_callback(escaping);
    environment.set_fuel(Some(FUEL));
    environment
}

/// A template as it is compiled where all that is made is counted.
fn prepared(text: &str) -> Result<String, Refusal> {
    tags::check(text, syntax())?;
    printer::counted(text, syntax())
}

fn refused((line, reason): Refusal) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::SyntaxError, format!("line {line}: {reason}"))
}

/// What stands in quotation marks in the tags of a built-in template that take in another.
fn named_templates<'t>(text: &'t str) -> impl Iterator<Item = &'t str> + use<'t> {
    let tags = text.split("{%").skip(1).filter_map(|tag| tag.split_once("%}")).map(|(tag, _)| tag);
    let taking = tags.filter(|tag| {
        let word = tag.trim_start_matches(['-', '+', ' ', '\n']);
        ["include", "import", "from", "extends"].iter().any(|known| word.starts_with(known))
    });
    taking.flat_map(|tag| tag.split(['"', '\'']).skip(1).step_by(2))
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
            engine.plain.get_template(&name).unwrap();
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
        assert!(error.contains("writes more than 4; "), "{error}");
    }

    #[test]
    fn a_broken_override_says_where() {
        let error = Engine::new(BTreeMap::from([("a.j2".to_owned(), "x\n{% if %}".to_owned())])).unwrap_err();
        assert!(error.to_string().starts_with("template a.j2: line 2: "), "{error}");
    }
}
