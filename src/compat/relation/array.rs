//! Containment of arrays.

use super::flat::{Contains, Flat, Rest};
use super::object::any_within;
use super::{Decision, Node, Relation, View};
use crate::model::JsonType;

pub(super) fn within(relation: &mut Relation<'_>, view: View, sub: Node, sup: Node) -> Decision {
    let (own, other) = (relation.flat(sub), relation.flat(sup));
    if !own.types().has(JsonType::Array) || !other.types().has(JsonType::Array) {
        return Decision::Yes;
    }
    let mut decision = Decision::Yes;
    let longest = own.prefix.len().max(other.prefix.len());
    for at in 0..=longest {
        if own.local.items.max.is_some_and(|max| max <= at as u64) {
            break;
        }
        decision = decision.min(items(relation, view.item(), (sub, item(&own, at)), (sup, item(&other, at))));
        if decision == Decision::No || item(&own, at) == Rest::Closed {
            break;
        }
    }
    for contains in &other.contains {
        decision = decision.min(counted(relation, view.item(), (sub, &own), (sup, contains)));
    }
    decision
}

/// What stands at a position.
pub(crate) fn item(flat: &Flat<'_>, at: usize) -> Rest {
    flat.prefix.get(at).map_or(flat.rest, |conj| Rest::Schema(*conj))
}

fn items(relation: &mut Relation<'_>, view: View, (sub, own): (Node, Rest), (sup, other): (Node, Rest)) -> Decision {
    match (own, other) {
        (Rest::Closed, _) | (_, Rest::Open) => Decision::Yes,
        (_, Rest::Closed) => Decision::No,
        (Rest::Open, Rest::Schema(conj)) => any_within(relation, view, sub, Node { conj, ..sup }),
        (Rest::Schema(one), Rest::Schema(conj)) => {
            relation.ask_within(view, Node { conj: one, ..sub }, Node { conj, ..sup })
        }
    }
}

/// `contains`: enough items of a kind, and not too many.
fn counted(
    relation: &mut Relation<'_>,
    view: View,
    (sub, own): (Node, &Flat<'_>),
    (sup, asked): (Node, &Contains),
) -> Decision {
    let wanted = Node { conj: asked.node, ..sup };
    let mut enough = if asked.count.min == 0 { Decision::Yes } else { Decision::No };
    let mut few = match asked.count.max {
        None => Decision::Yes,
        Some(max) if own.local.items.max.is_some_and(|most| most <= max) => Decision::Yes,
        Some(_) => Decision::No,
    };
    for known in &own.contains {
        let held = Node { conj: known.node, ..sub };
        if relation.same(held, wanted) {
            let too_few = known.count.min < asked.count.min && own.local.items.min < asked.count.min;
            let too_many =
                few != Decision::Yes && asked.count.max.is_some_and(|max| known.count.max.is_none_or(|own| own > max));
            return if too_few || too_many { Decision::No } else { Decision::Yes };
        }
        if known.count.min >= asked.count.min && enough != Decision::Yes {
            enough = enough.max(relation.ask_within(view, held, wanted));
        }
        if let (Some(own_max), Some(max)) = (known.count.max, asked.count.max)
            && own_max <= max
            && few != Decision::Yes
        {
            few = few.max(relation.ask_within(view, wanted, held));
        }
    }
    if enough != Decision::Yes
        && own.local.items.min >= asked.count.min
        && own.prefix.is_empty()
        && let Rest::Schema(conj) = own.rest
    {
        enough = enough.max(relation.ask_within(view, Node { conj, ..sub }, wanted));
    }
    // That no `contains` meets the demand is no proof that an array breaks it: examples decide.
    let decision = enough.min(few);
    if decision == Decision::No {
        Decision::Unknown("whether every array holds what `contains` asks for")
    } else {
        decision
    }
}
