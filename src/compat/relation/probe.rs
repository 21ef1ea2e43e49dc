//! Looks at single values: what a witness is made of.

use serde_json::{Value, json};

use super::conjunction::Conj;
use super::flat::Rest;
use super::sample::Range;
use super::{Decision, Node, Relation, View, sample, value};

/// One step from a value into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The property of that name.
    Property(String),
    /// A property whose name matches the pattern.
    Pattern(String),
    /// A property that is not declared.
    Undeclared,
    /// The item at a place.
    Item(usize),
}

/// More alternatives than this are not looked into.
const MANY: usize = 100;

impl Relation<'_> {
    /// A few values of a node as JSON, small ones first.
    pub(crate) fn samples(&mut self, view: View, node: Node, range: Range) -> Vec<Value> {
        sample::samples(self.side(node.which), node.conj, view.json(), range)
    }

    /// Whether a value is one of a node.
    pub(crate) fn has(&mut self, view: View, node: Node, value: &Value) -> Decision {
        let view = self.contained_in(view);
        value::member(self.side(node.which), node.conj, value, view)
    }

    /// Values of one node that the other refuses, where some are found; and how many were tried.
    pub(crate) fn all_separating(&mut self, view: View, sub: Node, sup: Node, range: Range) -> (Vec<Value>, usize) {
        let mut samples = self.samples(view, sub, range);
        for out in self.flat(sup).nots.clone() {
            let excluded = self.samples(view.strict(), Node { conj: out, ..sup }, range);
            samples.extend(excluded.into_iter().filter(|value| self.has(view.json(), sub, value) == Decision::Yes));
        }
        samples.extend(self.with_matching(view, sub, sup, &samples));
        let tried = samples.len();
        samples.retain(|value| self.has(view, sup, value) == Decision::No);
        (samples, tried)
    }

    /// Objects of one node with a property whose name the other has a pattern for.
    fn with_matching(&mut self, view: View, sub: Node, sup: Node, samples: &[Value]) -> Vec<Value> {
        let flat = self.flat(sup);
        let mut found = Vec::new();
        for name in flat.patterns.keys().take(MANY).filter_map(|pattern| sample::name_of(pattern)) {
            for object in samples.iter().filter(|value| value.is_object()).take(2) {
                for value in [json!(1), json!("a"), json!(true), json!(null), json!([]), json!({})] {
                    let value = sample::with(object, name, value);
                    if self.has(view.json(), sub, &value) == Decision::Yes {
                        found.push(value);
                    }
                }
            }
        }
        found
    }

    /// How what stands one step inside is seen.
    pub(crate) fn seen_inside(&self, view: View, step: &Step) -> View {
        match step {
            Step::Property(name) => self.property(view, name),
            Step::Pattern(_) | Step::Undeclared => view.any_property(),
            Step::Item(_) => view.item(),
        }
    }

    /// What is said of the values one step inside a node; also by its alternatives, each for itself.
    pub(crate) fn inside(&mut self, node: Node, step: &Step) -> Vec<Node> {
        let rest = |rest: Rest| match rest {
            Rest::Schema(conj) => Some(conj),
            Rest::Open | Rest::Closed => None,
        };
        let (mut found, mut seen, mut at) = (Vec::new(), vec![node.conj], 0);
        while let Some(conj) = seen.get(at).copied().filter(|_| at < MANY) {
            at += 1;
            let flat = self.flat(Node { conj, ..node });
            let own: Option<Conj> = match step {
                Step::Property(name) => flat.properties.get(name.as_str()).copied(),
                Step::Pattern(pattern) => flat.patterns.get(pattern).copied(),
                Step::Undeclared => rest(flat.additional),
                Step::Item(at) => flat.prefix.get(*at).copied().or_else(|| rest(flat.rest)),
            };
            let inner = own.map(|conj| Node { conj, ..node });
            found.extend(inner.filter(|inner| !found.contains(inner)));
            let branches = flat.groups.iter().flat_map(|group| group.branches.iter().copied());
            let conditions = flat.conditions.iter().flat_map(|one| [one.then, one.otherwise]).flatten();
            for conj in branches.chain(conditions).chain(flat.dependent.values().copied()) {
                if !seen.contains(&conj) {
                    seen.push(conj);
                }
            }
        }
        found
    }
}
