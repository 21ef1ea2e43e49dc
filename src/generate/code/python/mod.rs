//! Python with FastAPI.

mod handlers;
mod layout;
mod operations;
mod plan;
mod service;
mod tests_view;
mod types;
mod words;

pub(crate) use plan::plan;
