//! In which order changed services can be released: who stops using something before it goes, who offers something before it
//! is used.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::release::{Obstacle, Way};
use crate::model::components;

/// Services that can be released at the same time, after those of the steps before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// The services, sorted.
    pub services: Vec<Released>,
}

/// A service in its step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Released {
    /// The service.
    pub service: String,
    /// The services that must be released before, sorted.
    pub after: Vec<String>,
    /// Why, a sentence each.
    pub because: Vec<String>,
    /// Whether the service cannot be released as it is, in no order: it is among those that are stuck.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_stuck: bool,
}

/// Services that wait for each other. They are released in three phases instead of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cycle {
    /// The services, sorted.
    pub services: Vec<String>,
    /// First: these offer the new form beside the old one.
    pub expand: Vec<String>,
    /// Then: these use the new form.
    pub migrate: Vec<String>,
    /// Last: these take the old form away.
    pub contract: Vec<String>,
    /// What they wait for, a sentence each.
    pub because: Vec<String>,
}

/// The order of a set of services.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Order {
    /// The steps; services that wait for each other stand in the same one.
    pub steps: Vec<Step>,
    /// The groups that wait for each other.
    pub cycles: Vec<Cycle>,
    /// What no order mends: the other service must change first.
    pub stuck: Vec<Obstacle>,
}

/// The service that must be released first because of an obstacle, and the one that waits.
fn edge(obstacle: &Obstacle) -> (&str, &str) {
    // Who uses what goes is released before it goes; who offers what is new, before it is used. Either way it is the other.
    (&obstacle.other, &obstacle.service)
}

/// Puts the services in order. Only what is certain counts.
pub fn order(services: &BTreeSet<String>, obstacles: &[Obstacle]) -> Order {
    let certain: Vec<&Obstacle> = obstacles.iter().filter(|obstacle| obstacle.certain).collect();
    let (ways, stuck): (Vec<&Obstacle>, Vec<&Obstacle>) = certain.into_iter().partition(|obstacle| {
        let (first, then) = edge(obstacle);
        obstacle.moves && services.contains(first) && services.contains(then)
    });
    let names: Vec<&str> = services.iter().map(String::as_str).collect();
    let places: BTreeMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let mut before: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); names.len()];
    for obstacle in &ways {
        let (first, then) = edge(obstacle);
        if let (Some(first), Some(then)) = (places.get(first), places.get(then)) {
            before[*then].insert(*first);
        }
    }
    let edges: Vec<Vec<usize>> = before.iter().map(|list| list.iter().copied().collect()).collect();
    // Those that are waited for come first.
    let groups = components(&edges);
    let mut level = vec![0usize; names.len()];
    let mut steps: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for group in &groups {
        let waits = group.iter().flat_map(|at| &edges[*at]).filter(|first| !group.contains(first));
        let own = waits.map(|first| level[*first] + 1).max().unwrap_or(0);
        for at in group {
            level[*at] = own;
            steps.entry(own).or_default().push(*at);
        }
    }
    let released = |at: usize| {
        let because = ways.iter().filter(|obstacle| edge(obstacle).1 == names[at]);
        Released {
            service: names[at].to_owned(),
            after: edges[at].iter().map(|first| names[*first].to_owned()).collect(),
            because: because.map(|obstacle| obstacle.text.clone()).collect(),
            is_stuck: stuck.iter().any(|obstacle| obstacle.service == names[at]),
        }
    };
    let steps = steps.into_values().map(|mut step| {
        step.sort_unstable();
        Step { services: step.into_iter().map(released).collect() }
    });
    let mut cycles: Vec<Cycle> =
        groups.iter().filter(|group| group.len() > 1).map(|group| cycle(group, &names, &ways)).collect();
    cycles.sort_by(|one, other| one.services.cmp(&other.services));
    Order { steps: steps.collect(), cycles, stuck: stuck.into_iter().cloned().collect() }
}

/// How a group that waits for each other is released all the same.
fn cycle(group: &[usize], names: &[&str], ways: &[&Obstacle]) -> Cycle {
    let mut services: Vec<String> = group.iter().map(|at| names[*at].to_owned()).collect();
    services.sort();
    let inside: Vec<&&Obstacle> = ways
        .iter()
        .filter(|obstacle| services.contains(&obstacle.service) && services.contains(&obstacle.other))
        .collect();
    let sorted = |list: BTreeSet<&String>| list.into_iter().cloned().collect::<Vec<_>>();
    let of = |way: Way, name: fn(&Obstacle) -> &String| {
        inside.iter().filter(|obstacle| obstacle.way == way).map(|obstacle| name(obstacle)).collect::<BTreeSet<_>>()
    };
    // Who waits for the new publisher of an event takes it away from where it was.
    let leaving = inside.iter().filter(|obstacle| obstacle.is_move()).map(|obstacle| &obstacle.service);
    let (breaking, broken) = (of(Way::Breaks, |one| &one.service), of(Way::Breaks, |one| &one.other));
    let (needing, needed) = (of(Way::Needs, |one| &one.service), of(Way::Needs, |one| &one.other));
    Cycle {
        expand: sorted(breaking.union(&needed).copied().collect()),
        migrate: sorted(broken.union(&needing).copied().collect()),
        contract: sorted(breaking.into_iter().chain(leaving).collect()),
        because: inside.iter().map(|obstacle| obstacle.text.clone()).collect(),
        services,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a<b`: b must be released before a, which needs it; `a>b`: the same, for an event moves from a to b; `a!b`: a breaks b,
    /// which is released first; `a?b`: b stays.
    fn orders(services: &[&str], obstacles: &[&str]) -> (Vec<Vec<String>>, Order) {
        let obstacle = |text: &&str| {
            let (service, other) = text.split_once(['<', '>', '!', '?']).unwrap();
            Obstacle {
                service: service.to_owned(),
                way: if text.contains(['<', '>']) { Way::Needs } else { Way::Breaks },
                other: other.to_owned(),
                text: (*text).to_owned(),
                rule: text.contains('>').then_some("event-removed"),
                certain: true,
                origin: None,
                changed: None,
                moves: !text.contains('?'),
            }
        };
        let obstacles: Vec<Obstacle> = obstacles.iter().map(obstacle).collect();
        let order = order(&services.iter().map(|name| (*name).to_owned()).collect(), &obstacles);
        let names = |step: &Step| step.services.iter().map(|one| one.service.clone()).collect();
        (order.steps.iter().map(names).collect(), order)
    }

    #[test]
    fn what_is_waited_for_comes_first() {
        assert_eq!(orders(&["a", "b", "c"], &[]).0, [["a", "b", "c"]]);
        assert_eq!(orders(&["a", "b", "c"], &["a<b", "b!c"]).0, [["c"], ["b"], ["a"]]);
        let (steps, order) = orders(&["a", "b", "c", "d"], &["a<b", "a<c", "d!a"]);
        assert_eq!(steps, [vec!["b", "c"], vec!["a"], vec!["d"]]);
        assert_eq!(order.steps[1].services[0].after, ["b", "c"]);
        assert!(order.cycles.is_empty() && order.stuck.is_empty());
    }

    #[test]
    fn those_who_wait_for_each_other_are_broken_up() {
        let (steps, order) = orders(&["a", "b", "c"], &["a!b", "b<a", "c<b"]);
        assert_eq!(steps, [vec!["a", "b"], vec!["c"]]);
        let cycle = &order.cycles[0];
        assert_eq!(cycle.services, ["a", "b"]);
        assert_eq!(
            (&cycle.expand[..], &cycle.migrate[..], &cycle.contract[..]),
            (&["a".to_owned()][..], &["b".to_owned()][..], &["a".to_owned()][..])
        );
        let (_, order) = orders(&["a", "b"], &["a<b", "b<a"]);
        assert_eq!(order.cycles[0].expand, ["a", "b"]);
        assert!(order.cycles[0].contract.is_empty());
        let (_, order) = orders(&["a", "b"], &["a>b", "b<a"]);
        assert_eq!(order.cycles[0].contract, ["a"]);
    }

    #[test]
    fn who_does_not_change_stands_in_the_way() {
        let (steps, order) = orders(&["a", "b"], &["a!x", "b?a"]);
        assert_eq!(steps, [["a", "b"]]);
        assert!(order.steps[0].services.iter().all(|one| one.is_stuck));
        assert_eq!(order.stuck.len(), 2);
    }
}
