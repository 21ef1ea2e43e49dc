//! Reads a platform's constitution, specs and contracts into one typed service model; validates them, compares them and
//! generates from them.
//!
//! The pipeline is the architecture: each module takes what the ones above it give, and imports none below it.
//! `docs/architecture.md` tells the whole of it.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod source;

pub mod diagnostic;

pub mod document;

pub mod model;

pub mod workspace;

pub mod template;

pub mod output;

pub mod rules;

pub mod compat;

pub mod generate;

pub mod catalog;

pub mod planning;

pub mod local;

pub mod check;

pub mod report;

pub mod cli;
