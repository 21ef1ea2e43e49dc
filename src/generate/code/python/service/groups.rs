//! Which operations belong into one module.

use std::collections::BTreeMap;

use crate::generate::code::names::{Case, Names};
use crate::generate::code::resource::is_prefix;
use crate::model::Language;
use crate::template::names::identifier;

use super::Group;

#[derive(Default)]
pub(super) struct Groups {
    pub(super) found: Vec<Group>,
    by_segment: BTreeMap<String, usize>,
}

impl Groups {
    /// The group of a path: its first segment that names a thing.
    pub(super) fn of(&mut self, path: &str) -> usize {
        let segment = path.split('/').find(|segment| !is_prefix(segment)).unwrap_or("root").to_owned();
        if let Some(at) = self.by_segment.get(&segment) {
            return *at;
        }
        let taken: Vec<&str> = self.found.iter().map(|group| group.module.as_str()).collect();
        let mut names = Names::new(Language::Python).with(&taken).with(&["consumers", "router", "self"]);
        let module = names.claim(&segment.replace(['{', '}'], " "), Case::Snake);
        let class = identifier(Language::Python, Case::Pascal, &module);
        self.found.push(Group { module, class });
        self.by_segment.insert(segment, self.found.len() - 1);
        self.found.len() - 1
    }
}
