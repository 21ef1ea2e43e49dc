//! Whether no value satisfies a schema: what its keywords say together leaves none. Only what is surely so counts. A schema
//! that needs itself without end has no finite value either, and is not seen as empty.
//!
//! No message satisfies such a schema, so a service that works does not keep to it. A contract that goes from none to some, or
//! back, is judged by containment; where neither side has any, its keywords are compared as if each had.

use super::flat::{Flat, Group, Rest};
use super::object::{Slot, is_left_out, slot};
use super::scalar::all_values;
use super::{Decision, Local, Node, Relation, View, array, composition, disjoint, value};
use crate::model::json::read;
use crate::model::{JsonType, Types};

/// Schemas within schemas are looked at this far.
const DEPTH: u32 = 4;

/// More alternatives or positions than this are not looked at one by one.
const FEW: usize = 32;

impl Relation<'_> {
    /// Whether no value satisfies it, as far as that is seen.
    pub(crate) fn is_empty(&mut self, view: View, node: Node) -> bool {
        // What there is to write does not depend on how it is written.
        let view = self.effective(view.json());
        self.is_empty_at(view, node, DEPTH)
    }

    /// What no value satisfies is contained in what has some.
    pub(super) fn unless_empty(&mut self, view: View, (sub, sup): (Node, Node), answer: Decision) -> Decision {
        let is_nothing = answer != Decision::Yes && self.is_empty(view, sub) && !self.is_empty(view, sup);
        if is_nothing { Decision::Yes } else { answer }
    }

    fn is_empty_at(&mut self, view: View, node: Node, depth: u32) -> bool {
        let flat = self.flat(node);
        if flat.types() == Types::NONE {
            return true;
        }
        let Some(below) = depth.checked_sub(1).filter(|_| may_leave_none(&flat)) else { return false };
        let key = (view, node, depth);
        if let Some(known) = self.empty.get(&key) {
            return *known;
        }
        let mut look = Look { relation: self, view, node, below };
        let found = look.types_left(&flat) == Types::NONE || look.lists_none(&flat) || look.has_no_branch(&flat);
        if has_schemas(&flat) {
            self.empty.insert(key, found);
        }
        found
    }
}

/// Whether a schema says anything that could leave no value beside something else.
fn may_leave_none(flat: &Flat<'_>) -> bool {
    let local = &flat.local;
    if local.unsure.is_some() {
        return false;
    }
    let counts = local.items.min > 0 || local.properties.min > 0 || !local.required.is_empty();
    let has_parts = !flat.groups.is_empty() || !flat.nots.is_empty() || !flat.contains.is_empty();
    counts || has_parts || local.values.is_some()
}

/// Whether schemas in it are looked at too, which ways through it would do again and again.
fn has_schemas(flat: &Flat<'_>) -> bool {
    !flat.groups.is_empty() || !flat.contains.is_empty() || !flat.local.required.is_empty() || flat.local.items.min > 0
}

/// A schema that is looked at.
struct Look<'r, 'a> {
    relation: &'r mut Relation<'a>,
    view: View,
    node: Node,
    /// How deep the schemas in it are looked at.
    below: u32,
}

impl Look<'_, '_> {
    fn is_empty(&mut self, conj: super::Conj) -> bool {
        let node = Node { conj, ..self.node };
        self.relation.is_empty_at(self.view, node, self.below)
    }

    /// The types that some value may still be of.
    fn types_left(&mut self, flat: &Flat<'_>) -> Types {
        let mut bits = flat.types().0;
        for out in &flat.nots {
            let out = self.relation.flat(Node { conj: *out, ..self.node });
            if says_types_alone(&out) {
                bits &= !out.types().0;
            }
        }
        let mut without = |one: JsonType, is_ruled_out: &mut dyn FnMut(&mut Self) -> bool| {
            if bits & one as u8 != 0 && is_ruled_out(self) {
                bits &= !(one as u8);
            }
        };
        without(JsonType::Array, &mut |look| look.has_no_array(flat));
        without(JsonType::Object, &mut |look| look.has_no_object(flat));
        Types(bits)
    }

    fn has_no_array(&mut self, flat: &Flat<'_>) -> bool {
        let positions = flat.prefix.len() + 1;
        if positions > FEW {
            return false;
        }
        let least = usize::try_from(flat.local.items.min).unwrap_or(usize::MAX).min(positions);
        let is_left_open = |look: &mut Self, at: usize| match array::item(flat, at) {
            Rest::Open => true,
            Rest::Closed => false,
            Rest::Schema(conj) => !look.is_empty(conj),
        };
        if !(0..least).all(|at| is_left_open(self, at)) {
            return true;
        }
        flat.contains.iter().filter(|asked| asked.count.min > 0).any(|asked| {
            let wanted = Node { conj: asked.node, ..self.node };
            let is_too_much = flat.local.items.max.is_some_and(|max| max < asked.count.min);
            is_too_much
                || self.is_empty(asked.node)
                || (0..positions).all(|at| match array::item(flat, at) {
                    Rest::Open => false,
                    Rest::Closed => true,
                    Rest::Schema(conj) => {
                        disjoint::disjoint(self.relation, View::STRICT, Node { conj, ..self.node }, wanted)
                            || self.is_empty(conj)
                    }
                })
        })
    }

    fn has_no_object(&mut self, flat: &Flat<'_>) -> bool {
        let is_closed = flat.additional == Rest::Closed && flat.patterns.is_empty();
        if is_closed && flat.local.properties.min > flat.properties.len() as u64 {
            return true;
        }
        flat.local.required.iter().any(|name| match slot(self.relation, self.node, flat, name) {
            Slot::Absent => true,
            Slot::Open => false,
            Slot::Schema(conj) => {
                let is_asked = !is_left_out(self.relation, self.view, Node { conj, ..self.node });
                is_asked && self.is_empty(conj)
            }
        })
    }

    /// Whether values are listed and all of them refused.
    fn lists_none(&mut self, flat: &Flat<'_>) -> bool {
        if flat.local.values.is_none() {
            return false;
        }
        let Some(values) = all_values(&flat.local) else { return false };
        let (side, steps) = (self.relation.side(self.node.which), value::Steps::few());
        values.texts().all(|text| {
            text.len() <= value::LONGEST_VALUE
                && value::among(side, self.node.conj, &read(text), self.view, &steps) == Decision::No
        })
    }

    /// Whether there are alternatives and none can be chosen. Of equal branches of `oneOf` none can.
    fn has_no_branch(&mut self, flat: &Flat<'_>) -> bool {
        flat.groups.iter().filter(|group| group.branches.len() <= FEW).any(|group| {
            let pieces = composition::pieces(self.relation, self.node, group);
            pieces.iter().enumerate().all(|(at, piece)| is_doubled(group, at) || self.is_empty(piece.conj))
        })
    }
}

fn is_doubled(group: &Group, at: usize) -> bool {
    let branch = group.branches.get(at);
    group.exclusive && group.branches.iter().enumerate().any(|(other, one)| other != at && Some(one) == branch)
}

fn says_types_alone(flat: &Flat<'_>) -> bool {
    let types_alone = Local { types: flat.local.types, ..Local::default() };
    flat.local == types_alone && !flat.is_composed() && flat.properties.is_empty() && flat.additional == Rest::Open
}
