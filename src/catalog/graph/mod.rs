//! The dependency graph as text: boxes in layers, providers above who depends on them, lines between them.

mod canvas;
mod layers;
mod place;

use std::collections::BTreeSet;

use crate::model::{DependencyKind, Platform};
use canvas::Canvas;
use layers::Layers;

/// Platforms with more services are not drawn as text.
const MOST_SERVICES: usize = 24;
/// Drawings wider than this, in characters, are not shown.
const WIDEST: usize = 140;

/// Services that are connected, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    provider: usize,
    consumer: usize,
    kind: DependencyKind,
}

/// A drawing.
pub(super) struct Drawing {
    /// Lines of text, each with its end.
    pub(super) text: String,
    /// Edges that would close a circle and are not drawn, as provider and consumer.
    pub(super) loops: Vec<(String, String)>,
}

/// The graph of a platform; nothing where it would be too large to be read.
pub(super) fn draw(platform: &Platform) -> Option<Drawing> {
    let edges = platform.dependencies.iter();
    let others = edges.clone().flat_map(|edge| [edge.provider.as_str(), edge.consumer.as_str()]);
    let names: BTreeSet<&str> = platform.services.iter().map(|service| service.name.as_str()).chain(others).collect();
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() || names.len() > MOST_SERVICES {
        return None;
    }
    let index = |name: &str| names.binary_search(&name).ok();
    let edges: BTreeSet<Edge> = edges
        .filter_map(|edge| {
            Some(Edge { provider: index(&edge.provider)?, consumer: index(&edge.consumer)?, kind: edge.kind })
        })
        .collect();
    let layers = Layers::of(names.len(), &edges.into_iter().collect::<Vec<_>>());
    let placed = place::place(&names, &layers);
    if placed.width > WIDEST {
        return None;
    }
    let mut canvas = Canvas::new(placed.width, placed.height);
    place::paint(&mut canvas, &names, &layers, &placed);
    let mut loops: Vec<(String, String)> =
        layers.loops.iter().map(|edge| (names[edge.provider].to_owned(), names[edge.consumer].to_owned())).collect();
    loops.dedup();
    Some(Drawing { text: canvas.text(), loops })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Dependency, Origin, Service};

    fn platform(names: &[&str], edges: &[(&str, &str, DependencyKind)]) -> Platform {
        let service = |name: &&str| Service { name: (*name).to_owned(), ..Service::default() };
        let edge = |(provider, consumer, kind): &(&str, &str, DependencyKind)| Dependency {
            consumer: (*consumer).to_owned(),
            provider: (*provider).to_owned(),
            kind: *kind,
            uses: Vec::new(),
            origin: Origin::default(),
        };
        Platform {
            services: names.iter().map(service).collect(),
            dependencies: edges.iter().map(edge).collect(),
            ..Platform::default()
        }
    }

    use DependencyKind::{Asynchronous as Event, Synchronous as Call};

    #[test]
    fn providers_stand_above_who_depends_on_them() {
        let platform = platform(&["auth", "user", "mail"], &[("auth", "user", Call), ("user", "mail", Event)]);
        let drawing = draw(&platform).unwrap();
        let row = |name: &str| drawing.text.lines().position(|line| line.contains(name)).unwrap();
        assert!(row("auth") < row("user") && row("user") < row("mail"));
        assert!(drawing.text.contains('┊') && drawing.text.matches('▼').count() == 2);
        assert_eq!(drawing.loops, []);
    }

    #[test]
    fn loops_of_events_are_named_instead_of_drawn() {
        let platform = platform(&["a", "b"], &[("a", "b", Call), ("b", "a", Event), ("a", "a", Event)]);
        let drawing = draw(&platform).unwrap();
        let names = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
        assert_eq!(drawing.loops, [names(("a", "a")), names(("b", "a"))]);
    }

    #[test]
    fn large_platforms_are_not_drawn() {
        let names: Vec<String> = (0..25).map(|number| format!("s{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(draw(&platform(&names, &[])).is_none() && draw(&platform(&[], &[])).is_none());
        let wide = "x".repeat(150);
        assert!(draw(&platform(&[&wide], &[])).is_none());
    }

    #[test]
    fn each_line_ends_in_one_arrow_for_each_consumer() {
        let names = ["a", "b", "c", "d", "e", "f"];
        let all: Vec<(&str, &str, DependencyKind)> = (0..6)
            .flat_map(|from| {
                (from + 1..6).map(move |to| (names[from], names[to], if to % 2 == 0 { Call } else { Event }))
            })
            .collect();
        let drawing = draw(&platform(&names, &all)).unwrap();
        assert_eq!(drawing.text.matches('▼').count(), all.len());
        assert!(drawing.text.lines().all(|line| !line.ends_with(' ')));
    }
}
