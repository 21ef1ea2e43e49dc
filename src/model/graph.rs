//! Questions about the dependency graph. Everything is iterative and in a fixed order.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{DependencyKind, Platform};

/// The services of a platform with the edges between them.
#[derive(Clone, Debug)]
pub struct Graph<'p> {
    names: Vec<&'p str>,
    index: BTreeMap<&'p str, usize>,
    /// For each service the services that it calls.
    calls: Vec<Vec<usize>>,
    /// For each service the services that need it, by calls or events.
    dependents: Vec<Vec<usize>>,
    /// For each service the services that it needs, by calls or events.
    needs: Vec<Vec<usize>>,
}

/// So many cycles of one group are told.
const MOST_CYCLES: usize = 100;

impl<'p> Graph<'p> {
    /// The graph of a platform's dependencies.
    pub fn new(platform: &'p Platform) -> Graph<'p> {
        let ends = platform.dependencies.iter().flat_map(|edge| [edge.consumer.as_str(), edge.provider.as_str()]);
        let services = platform.services.iter().map(|service| service.name.as_str());
        let names: Vec<&str> = services.chain(ends).collect::<BTreeSet<_>>().into_iter().collect();
        let index: BTreeMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let empty = || vec![Vec::new(); names.len()];
        let (mut calls, mut dependents, mut needs) = (empty(), empty(), empty());
        let mut seen = BTreeSet::new();
        for edge in &platform.dependencies {
            let (consumer, provider) = (index[edge.consumer.as_str()], index[edge.provider.as_str()]);
            if edge.kind == DependencyKind::Synchronous && seen.insert((consumer, provider, true)) {
                calls[consumer].push(provider);
            }
            if seen.insert((consumer, provider, false)) {
                dependents[provider].push(consumer);
                needs[consumer].push(provider);
            }
        }
        Graph { names, index, calls, dependents, needs }
    }

    /// Services that need `service` by a call or an event, sorted.
    pub fn direct_dependents(&self, service: &str) -> Vec<&'p str> {
        self.names_of(self.neighbours(&self.dependents, service))
    }

    /// Services that `service` needs by a call or an event, sorted.
    pub fn direct_dependencies(&self, service: &str) -> Vec<&'p str> {
        self.names_of(self.neighbours(&self.needs, service))
    }

    /// Services that need `service` through others, sorted; without those that need it directly and without itself.
    pub fn transitive_dependents(&self, service: &str) -> Vec<&'p str> {
        let Some(&start) = self.index.get(service) else { return Vec::new() };
        let direct: BTreeSet<usize> = self.dependents[start].iter().copied().collect();
        let mut seen = direct.clone();
        let mut queue: VecDeque<usize> = direct.iter().copied().collect();
        while let Some(at) = queue.pop_front() {
            queue.extend(self.dependents[at].iter().copied().filter(|next| seen.insert(*next)));
        }
        seen.retain(|at| *at != start && !direct.contains(at));
        self.names_of(seen)
    }

    /// Cycles of calls, sorted. A service that calls itself is a cycle of one. For each group of services that can all reach
    /// each other, shortest cycles until every member stands in one (at most 100 of a group): the first goes
    /// through the first service by name. Each is in the order of the calls, begins with its first service by name, and
    /// does not repeat it.
    pub fn synchronous_cycles(&self) -> Vec<Vec<&'p str>> {
        let mut cycles: Vec<Vec<usize>> = Vec::new();
        for group in components(&self.calls) {
            cycles.extend(group.iter().filter(|at| self.calls[**at].contains(at)).map(|at| vec![*at]));
            let members: BTreeSet<usize> = group.into_iter().collect();
            let mut covered = BTreeSet::new();
            let (mut found, mut length) = (0, 0);
            for start in members.iter().filter(|_| members.len() > 1) {
                // Long circles that share most of their way are not all told.
                if found < MOST_CYCLES && length <= 2 * members.len() && !covered.contains(start) {
                    let cycle = self.cycle_through(*start, &members);
                    covered.extend(cycle.iter().copied());
                    (found, length) = (found + 1, length + cycle.len());
                    cycles.push(cycle);
                }
            }
        }
        cycles.sort();
        cycles.into_iter().map(|cycle| cycle.into_iter().map(|at| self.names[at]).collect()).collect()
    }

    /// The longest chain of calls: services from the first caller to the last one called. A chain of n services makes
    /// n - 1 calls. Calls within a cycle are left out, since they have no end.
    pub fn longest_synchronous_chain(&self) -> Vec<&'p str> {
        let next = self.longest_next();
        let length = |start: usize| self.chain(&next, start).len();
        let longest = (0..self.names.len()).rev().max_by_key(|start| length(*start));
        longest.map(|start| self.chain(&next, start)).unwrap_or_default()
    }

    /// The longest chains of calls, of which none is part of another one of them: from each service that no other's
    /// longest chain goes on with. Sorted by that service.
    pub fn longest_synchronous_chains(&self) -> Vec<Vec<&'p str>> {
        let next = self.longest_next();
        let parts: BTreeSet<usize> = next.iter().flatten().copied().collect();
        let starts = (0..self.names.len()).filter(|start| !parts.contains(start));
        starts.map(|start| self.chain(&next, start)).collect()
    }

    /// The longest chain of calls that starts at `service`, which is its first member.
    pub fn longest_synchronous_chain_from(&self, service: &str) -> Vec<&'p str> {
        self.index.get(service).map(|start| self.chain(&self.longest_next(), *start)).unwrap_or_default()
    }

    fn chain(&self, next: &[Option<usize>], start: usize) -> Vec<&'p str> {
        std::iter::successors(Some(start), |at| next[*at]).map(|at| self.names[at]).collect()
    }

    /// For each service the call with which its longest chain goes on.
    fn longest_next(&self) -> Vec<Option<usize>> {
        let groups = components(&self.calls);
        let mut group_of = vec![0; self.names.len()];
        for (group, members) in groups.iter().enumerate() {
            members.iter().for_each(|member| group_of[*member] = group);
        }
        let mut length = vec![0_usize; self.names.len()];
        let mut next = vec![None; self.names.len()];
        // Groups come after those that they call, so what a member calls outside of its group is known.
        for member in groups.iter().flatten().copied() {
            for callee in self.calls[member].iter().copied().filter(|callee| group_of[*callee] != group_of[member]) {
                if length[callee] + 1 > length[member] {
                    length[member] = length[callee] + 1;
                    next[member] = Some(callee);
                }
            }
        }
        next
    }

    /// A shortest cycle through one of several services that can all reach each other.
    fn cycle_through(&self, start: usize, members: &BTreeSet<usize>) -> Vec<usize> {
        let mut from: BTreeMap<usize, usize> = BTreeMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for next in self.calls[at].iter().copied().filter(|next| *next != at && members.contains(next)) {
                if next == start {
                    let mut path: Vec<usize> =
                        std::iter::successors(Some(at), |step| from.get(step).copied()).collect();
                    path.reverse();
                    let first = (0..path.len()).min_by_key(|at| path[*at]).unwrap_or_default();
                    path.rotate_left(first);
                    return path;
                }
                if let Entry::Vacant(unseen) = from.entry(next) {
                    unseen.insert(at);
                    queue.push_back(next);
                }
            }
        }
        Vec::new()
    }

    fn neighbours(&self, edges: &[Vec<usize>], service: &str) -> BTreeSet<usize> {
        let found = self.index.get(service).map(|at| edges[*at].as_slice()).unwrap_or_default();
        found.iter().copied().collect()
    }

    fn names_of(&self, found: BTreeSet<usize>) -> Vec<&'p str> {
        found.into_iter().map(|at| self.names[at]).collect()
    }
}

/// Strongly connected components (Tarjan 1972, with a stack of its own), callees first.
pub(crate) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let (mut stack, mut found, mut count) = (Vec::new(), Vec::new(), 0);
    for root in 0..edges.len() {
        if order[root] != UNSEEN {
            continue;
        }
        // Each frame is a node and the index of its next edge.
        let mut frames = vec![(root, 0)];
        while let Some((node, edge)) = frames.pop() {
            if edge == 0 {
                (order[node], low[node]) = (count, count);
                count += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&next) = edges[node].get(edge) {
                frames.push((node, edge + 1));
                if order[next] == UNSEEN {
                    frames.push((next, 0));
                } else if on_stack[next] {
                    low[node] = low[node].min(order[next]);
                }
                continue;
            }
            if let Some(&(parent, _)) = frames.last() {
                low[parent] = low[parent].min(low[node]);
            }
            if low[node] == order[node] {
                let mut group = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    group.push(member);
                    if member == node {
                        break;
                    }
                }
                group.sort_unstable();
                found.push(group);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Dependency;

    /// `a>b` is a call, `a~b` an event that a consumes.
    fn platform(edges: &[&str]) -> Platform {
        let edge = |edge: &&str| {
            let call = edge.contains('>');
            let (consumer, provider) = edge.split_once(['>', '~']).unwrap();
            Dependency {
                consumer: consumer.to_owned(),
                provider: provider.to_owned(),
                kind: if call { DependencyKind::Synchronous } else { DependencyKind::Asynchronous },
                uses: Vec::new(),
                origin: crate::model::Origin::default(),
            }
        };
        Platform { dependencies: edges.iter().map(edge).collect(), ..Platform::default() }
    }

    #[test]
    fn cycles_are_paths_of_calls() {
        let cases: [(&[&str], &[&[&str]]); 9] = [
            (&["a>b", "b>c"], &[]),
            (&["a>b", "b~a"], &[]),
            (&["b>a", "a>b"], &[&["a", "b"]]),
            (&["a>a", "b>a"], &[&["a"]]),
            (&["x>a", "a>c", "c>b", "b>a", "b>y"], &[&["a", "c", "b"]]),
            (&["a>b", "b>a", "c>d", "d>e", "e>c", "b>c"], &[&["a", "b"], &["c", "d", "e"]]),
            (&["a>b", "a>c", "b>a", "c>a"], &[&["a", "b"], &["a", "c"]]),
            (&["a>b", "b>a", "b>c", "c>d", "d>b"], &[&["a", "b"], &["b", "c", "d"]]),
            (&["a>a", "a>b", "b>a"], &[&["a"], &["a", "b"]]),
        ];
        for (edges, cycles) in cases {
            assert_eq!(Graph::new(&platform(edges)).synchronous_cycles(), cycles, "{edges:?}");
        }
    }

    #[test]
    fn the_longest_chain_of_calls() {
        let platform = platform(&["a>b", "b>c", "a>c", "c>d", "x>c", "d~a"]);
        let graph = Graph::new(&platform);
        assert_eq!(graph.longest_synchronous_chain(), ["a", "b", "c", "d"]);
        assert_eq!(graph.longest_synchronous_chain_from("x"), ["x", "c", "d"]);
        assert_eq!(graph.longest_synchronous_chain_from("d"), ["d"]);
        assert!(graph.longest_synchronous_chain_from("nobody").is_empty());
    }

    #[test]
    fn a_chain_does_not_run_in_a_circle() {
        let platform = platform(&["a>b", "b>a", "b>c"]);
        let graph = Graph::new(&platform);
        assert_eq!(graph.longest_synchronous_chain_from("b"), ["b", "c"]);
        assert_eq!(graph.longest_synchronous_chain_from("a"), ["a"]);
    }

    #[test]
    fn dependents_are_direct_or_transitive() {
        let platform = platform(&["b>a", "c~b", "d>c", "a~d", "c>a"]);
        let graph = Graph::new(&platform);
        assert_eq!(graph.direct_dependents("a"), ["b", "c"]);
        assert_eq!(graph.transitive_dependents("a"), ["d"]);
        assert_eq!(graph.direct_dependencies("c"), ["a", "b"]);
        assert!(graph.direct_dependents("nobody").is_empty());
    }

    #[test]
    fn a_hundred_thousand_calls_in_a_row_need_no_stack() {
        let edges: Vec<String> = (0..100_000).map(|n| format!("s{n:06}>s{:06}", n + 1)).collect();
        let edges: Vec<&str> = edges.iter().map(String::as_str).collect();
        let platform = platform(&edges);
        let graph = Graph::new(&platform);
        assert!(graph.synchronous_cycles().is_empty());
        assert_eq!(graph.longest_synchronous_chain_from("s000000").len(), 100_001);
    }
}
