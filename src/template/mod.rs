//! The template engine: minijinja over the built-in templates and the platform's overrides, with strict undefined and a
//! bound on work and output. A template never chooses a path.

mod engine;

pub use engine::{Engine, TemplateError};
