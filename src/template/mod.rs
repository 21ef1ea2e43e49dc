//! The template engine: minijinja over the built-in templates and the platform's overrides, with strict undefined and a
//! bound on work and output. A template never chooses a path. With it what templates need: filters, names that are safe
//! per language, and YAML that every reader understands.

mod engine;
mod filters;
mod limits;
pub mod names;
mod tags;
mod words;
pub mod yaml;

pub use engine::{Engine, TemplateError};
pub use filters::{one_line, table_cell};
