//! The types that a value may have, alternatives looked into.

use super::{Node, Relation};
use crate::model::Types;

/// Alternatives within alternatives are looked into this far.
const DEPTH: u32 = 6;

impl Relation<'_> {
    /// The possible types of a node.
    pub(crate) fn possible_types(&mut self, node: Node) -> Types {
        self.types_at(node, DEPTH)
    }

    /// Alternatives that many schemas share are looked into once: all ways through them grow as a power.
    fn types_at(&mut self, node: Node, depth: u32) -> Types {
        let flat = self.flat(node);
        let Some(left) = depth.checked_sub(1).filter(|_| !flat.groups.is_empty()) else { return flat.types() };
        if let Some(known) = self.types.get(&(node, depth)) {
            return *known;
        }
        let mut types = flat.types();
        for group in &flat.groups {
            let branches = group.branches.iter().map(|conj| self.types_at(Node { conj: *conj, ..node }, left));
            types = types.intersection(branches.fold(Types::NONE, Types::union));
        }
        self.types.insert((node, depth), types);
        types
    }
}
