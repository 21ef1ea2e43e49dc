//! Compares alternatives: which branch of one side stands for which of the other, and which came or went.

use super::super::change::{Action, Change, Containment, Effect, Kind};
use super::super::relation::{Conj, Decision, Flat, Group, Node, Which};
use super::describe::type_names;
use super::node::Look;
use crate::model::{JsonType, Keyword, SchemaId, Schemas, Types};

/// An alternative.
#[derive(Clone, Copy)]
struct Branch {
    conj: Conj,
    id: SchemaId,
    types: Types,
}

/// Compares the alternatives. Tells whether one side is only a wrapper around what the other says, so that there is nothing
/// left to compare at this node.
pub(super) fn compare(look: &mut Look<'_, '_>, before: &Flat<'_>, after: &Flat<'_>) -> bool {
    let (old, new) = (look.place.old, look.place.new);
    let is_wrapper = |flat: &Flat<'_>| {
        flat.groups.len() == 1
            && flat.properties.is_empty()
            && flat.local.required.is_empty()
            && flat.local.values.is_none()
    };
    match (before.groups.as_slice(), after.groups.as_slice()) {
        ([], []) => false,
        // What differs is told as a whole.
        (own, others) if own.iter().chain(others).any(Group::is_large) => false,
        ([], [group]) if is_wrapper(after) => {
            let own = [plain(look, old, new.0, group)];
            let others = list(look, new.0, group);
            look.type_change(before, after);
            sides(look, &own, &others, group.exclusive);
            true
        }
        ([group], []) if is_wrapper(before) => {
            let own = list(look, old.0, group);
            let others = [plain(look, new, old.0, group)];
            look.type_change(before, after);
            sides(look, &own, &others, group.exclusive);
            true
        }
        (own, others) => {
            for exclusive in [true, false] {
                let (own, others) =
                    (of_kind(own, look.schemas.0, exclusive), of_kind(others, look.schemas.1, exclusive));
                for (group, partner) in own.into_iter().zip(others) {
                    let overlaps = exclusive && !(group.discriminated && partner.discriminated);
                    let (own, others) = (list(look, old.0, group), list(look, new.0, partner));
                    sides(look, &own, &others, overlaps);
                }
            }
            false
        }
    }
}

/// The groups of `oneOf` or of `anyOf`, in the order of their places and not of the keys that lead to them.
fn of_kind<'g>(groups: &'g [Group], schemas: &Schemas, exclusive: bool) -> Vec<&'g Group> {
    let mut found: Vec<&Group> = groups.iter().filter(|group| group.exclusive == exclusive).collect();
    found.sort_by_key(|group| group.ids.first().map(|id| &schemas.get(*id).origin.pointer));
    found
}

/// A side without alternatives as one; without `null` where the other side has an alternative for that.
fn plain(look: &mut Look<'_, '_>, place: (Node, SchemaId), other: Node, group: &Group) -> Branch {
    let (node, id) = alone(look, place.0).unwrap_or(place);
    let null = Types(JsonType::Null as u8);
    let apart = group.branches.iter().any(|conj| look.types(Node { conj: *conj, ..other }) == null);
    let types = look.types(node);
    if !apart || types == null {
        return Branch { conj: node.conj, id, types };
    }
    let types = Types(types.0 & !null.0);
    Branch { conj: look.relation.restricted(node, types).conj, id, types }
}

/// The alternative of a side that has but one, where nothing but types and notes stands beside it: these are held against what
/// stands beside the alternatives of the other side, and what one of them says against this one.
fn alone(look: &mut Look<'_, '_>, node: Node) -> Option<(Node, SchemaId)> {
    use Keyword as K;
    let schemas = if node.which == Which::Old { look.schemas.0 } else { look.schemas.1 };
    let members = look.relation.schemas_of(node);
    let only = |id: &SchemaId| {
        schemas.get(*id).keywords.iter().find_map(|keyword| match keyword {
            K::AnyOf(list) | K::OneOf(list) if list.len() == 1 => list.first().map(|id| schemas.resolve(*id)),
            _ => None,
        })
    };
    // Of one within another the outer one.
    let inner = members.iter().filter_map(only).map(|id| {
        let node = look.relation.node(node.which, id);
        (node, id, look.relation.schemas_of(node))
    });
    let (node, id, inside) = inner.max_by_key(|(_, _, inside)| inside.len())?;
    let is_note = |keyword: &Keyword| match keyword {
        K::AnyOf(list) | K::OneOf(list) => list.len() == 1,
        K::Ref(_) | K::AllOf(_) | K::Discriminator { .. } | K::Default(_) | K::Deprecated(_) => true,
        K::ExtensibleEnum(_) | K::Title(_) | K::Description(_) | K::Example(_) => true,
        _ => false,
    };
    let mut beside = members.iter().filter(|id| !inside.contains(id));
    beside.all(|id| schemas.get(*id).keywords.iter().all(is_note)).then_some((node, id))
}

/// The alternatives but `null`, which the types tell.
fn list(look: &mut Look<'_, '_>, at: Node, group: &Group) -> Vec<Branch> {
    let schemas = if at.which == Which::Old { look.schemas.0 } else { look.schemas.1 };
    let all = group.branches.iter().zip(&group.ids).map(|(conj, id)| Branch {
        conj: *conj,
        id: schemas.resolve(*id),
        types: look.types(Node { conj: *conj, ..at }),
    });
    all.filter(|branch| branch.types != Types(JsonType::Null as u8)).collect()
}

fn sides(look: &mut Look<'_, '_>, own: &[Branch], others: &[Branch], exclusive: bool) {
    let partners = partners(look, own, others);
    let (old, new) = (look.place.old.0, look.place.new.0);
    let (old_types, new_types) = (look.types(old), look.types(new));
    for (branch, partner) in own.iter().zip(&partners) {
        match partner {
            Some(at) => {
                let other = others[*at];
                let (old, new) = ((branch.conj, branch.id), (other.conj, other.id));
                if exclusive { look.branch(old, new) } else { look.child(look.view, old, new) }
            }
            // A type that is gone altogether is told as that.
            None if branch.types.intersection(new_types) == Types::NONE => {}
            None => {
                let old_in_new = look.relation.within(look.view, Node { conj: branch.conj, ..old }, new);
                came_or_went(look, *branch, Action::Removed, Containment { old_in_new, new_in_old: Decision::Yes });
            }
        }
    }
    let mut is_left = vec![true; others.len()];
    partners.iter().flatten().for_each(|at| is_left[*at] = false);
    for (branch, _) in others.iter().zip(is_left).filter(|(_, is_left)| *is_left) {
        if branch.types.intersection(old_types) != Types::NONE {
            let new_in_old = look.relation.within(look.view, Node { conj: branch.conj, ..new }, old);
            came_or_went(look, *branch, Action::Added, Containment { old_in_new: Decision::Yes, new_in_old });
        }
    }
}

fn came_or_went(look: &mut Look<'_, '_>, branch: Branch, action: Action, containment: Containment) {
    if containment == Containment::EQUAL {
        return;
    }
    let (schemas, is_new) = match action {
        Action::Added => (look.schemas.1, true),
        _ => (look.schemas.0, false),
    };
    let schema = schemas.get(branch.id);
    let name = schema.name.clone().unwrap_or_else(|| type_names(branch.types).into());
    let (old, new) = look.origins();
    let places = if is_new { (&old.origin, &schema.origin) } else { (&schema.origin, &new.origin) };
    let change = Change::new(Kind::Alternative, action, Effect::None, format!("{name} of {}", look.subject()));
    look.add(change.contained(containment).places(Some(places.0), Some(places.1)));
}

/// For each branch of the old side the one of the new side that stands for it: of the same component, saying the same,
/// holding or held, or at last the only ones left of the same types.
fn partners(look: &mut Look<'_, '_>, own: &[Branch], others: &[Branch]) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; own.len()];
    let mut is_taken = vec![false; others.len()];
    for step in 0..4 {
        for (branch, partner) in own.iter().zip(&mut found).filter(|(_, partner)| partner.is_none()) {
            let meets = |other: &Branch| other.types.intersection(branch.types) != Types::NONE;
            let free =
                others.iter().zip(&mut is_taken).enumerate().filter(|(_, (other, taken))| !**taken && meets(other));
            for (index, (other, taken)) in free {
                if stands_for(look, *branch, *other, step) {
                    (*taken, *partner) = (true, Some(index));
                    break;
                }
            }
        }
    }
    found
}

fn stands_for(look: &mut Look<'_, '_>, branch: Branch, other: Branch, step: u32) -> bool {
    let old = Node { conj: branch.conj, ..look.place.old.0 };
    let new = Node { conj: other.conj, ..look.place.new.0 };
    match step {
        0 => look.relation.same(old, new),
        1 => {
            let name = &look.schemas.0.get(branch.id).name;
            name.is_some() && *name == look.schemas.1.get(other.id).name
        }
        2 => {
            let ways = look.both_ways(old, new);
            ways.old_in_new == Decision::Yes || ways.new_in_old == Decision::Yes
        }
        _ => {
            let names = (&look.schemas.0.get(branch.id).name, &look.schemas.1.get(other.id).name);
            branch.types == other.types
                && (names.0.is_none() || names.1.is_none())
                && !look.relation.are_apart(look.view, old, new)
        }
    }
}
