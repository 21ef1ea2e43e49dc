//! A value with its place.

use crate::source::Route;

/// A value that was read from a file, and where it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// What was read.
    pub value: T,
    /// Where.
    pub route: Route,
}

impl<T> Located<T> {
    /// A value read at `route`.
    pub fn new(value: T, route: Route) -> Self {
        Located { value, route }
    }
}

impl Located<String> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.value
    }
}
