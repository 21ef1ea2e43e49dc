//! Pairs of contracts that differ in one thing, with what is said of it.
#![allow(clippy::unwrap_used)]

mod bundles;
mod empty;
mod keywords;
mod listed;
mod messages;
mod operations;
mod pairs;
mod references;
mod schemas;
mod spread;
mod written;
mod xml;
