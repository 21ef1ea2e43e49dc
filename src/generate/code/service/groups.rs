//! Which operations belong into one module.

use std::collections::BTreeMap;

use crate::generate::code::names::{Case, Names};
use crate::generate::code::resource::is_prefix;
use crate::template::names::{Scope, identifier};

use super::{Group, Naming};

pub(super) struct Groups {
    naming: Naming,
    pub(super) found: Vec<Group>,
    by_segment: BTreeMap<String, usize>,
    classes: Scope,
}

impl Groups {
    /// None yet. Where a service has `sessions`, the code of its handlers uses a class of that name.
    pub(super) fn new(naming: &Naming, sessions: bool) -> Groups {
        let mut classes = Scope::new();
        naming.classes.iter().filter(|name| sessions || **name != "Sessions").for_each(|name| classes.reserve(name));
        Groups { naming: *naming, found: Vec::new(), by_segment: BTreeMap::new(), classes }
    }

    /// The group of a path: its first segment that names a thing.
    pub(super) fn of(&mut self, path: &str) -> usize {
        let segment = path.split('/').find(|segment| !is_prefix(segment)).unwrap_or("root").to_owned();
        if let Some(at) = self.by_segment.get(&segment) {
            return *at;
        }
        let taken: Vec<&str> = self.found.iter().map(|group| group.module.as_str()).collect();
        let mut names = Names::new(self.naming.language).with(&taken).with(self.naming.modules);
        let module = names.claim(&segment.replace(['{', '}'], " "), self.naming.module);
        let class = identifier(self.naming.language, Case::Pascal, &module);
        let class = self.classes.unique(&class, "");
        self.found.push(Group { module, class });
        self.by_segment.insert(segment, self.found.len() - 1);
        self.found.len() - 1
    }
}
