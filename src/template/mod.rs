//! The template engine: minijinja over the built-in templates and the platform's overrides, with strict undefined and a
//! bound on work and output. A template never chooses a path. With it what templates need: filters, names that are safe
//! per language, and YAML that every reader understands. Templates of a platform are compiled so that all they make is counted:
//! [`tags`] looks them over, [`printer`] writes them anew, [`made`] and [`limits`] count, [`budget`] bounds.

mod budget;
mod engine;
mod filters;
mod limits;
mod made;
pub mod names;
mod printer;
mod tags;
#[cfg(test)]
mod tests;
mod words;
pub mod yaml;

pub use engine::{Engine, TemplateError};
pub use filters::{one_line, table_cell};
