//! Where boxes and lines go. Lines leave boxes in columns divisible by four and enter them two columns further; lanes take
//! the odd columns, of even and odd layers apart. So two vertical lines between layers never share a column.

use super::canvas::Canvas;
use super::layers::{Item, Layers};
use crate::model::DependencyKind;

/// Columns between two items.
const GAP: usize = 3;
/// Rows of a box.
const BOX: usize = 3;

/// A place in a layer.
#[derive(Debug)]
struct Slot {
    item: Item,
    left: usize,
    width: usize,
    /// Net and column of each line that enters.
    tops: Vec<(usize, usize)>,
    /// Net and column of each line that leaves.
    bottoms: Vec<(usize, usize)>,
}

/// The drawing before it is painted.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) width: usize,
    pub(super) height: usize,
    layers: Vec<Vec<Slot>>,
    /// The first row of each layer.
    rows: Vec<usize>,
    /// Nets below each layer, from the upper to the lower row.
    channels: Vec<Vec<usize>>,
}

/// Gives every item its place.
pub(super) fn place(names: &[&str], layers: &Layers) -> Placed {
    let mut placed: Vec<Vec<Slot>> = Vec::new();
    for (depth, items) in layers.layers.iter().enumerate() {
        let mut left = 0;
        let mut slots = Vec::new();
        for item in items {
            let slot = slot(names, layers, depth, *item, left);
            left = (slot.left + slot.width + GAP).next_multiple_of(4);
            slots.push(slot);
        }
        placed.push(slots);
    }
    let end = |slots: &Vec<Slot>| slots.last().map_or(0, |slot| slot.left + slot.width);
    let width = placed.iter().map(end).max().unwrap_or(0);
    for slots in &mut placed {
        let shift = ((width - end(slots)) / 2).next_multiple_of(4);
        let shift = if end(slots) + shift > width { shift.saturating_sub(4) } else { shift };
        slots.iter_mut().for_each(|slot| slot.shift(shift));
    }
    straighten(&mut placed);
    let bent = |depth: usize| {
        let nets = layers.below(depth).into_iter();
        nets.filter(|net| !is_straight(&ends(&placed, depth, *net))).collect()
    };
    let channels: Vec<Vec<usize>> = (0..placed.len()).map(|depth| channel(&placed, depth, bent(depth))).collect();
    let mut rows = Vec::new();
    let mut height = 0;
    for (depth, nets) in channels.iter().enumerate() {
        rows.push(height);
        height += BOX;
        if depth + 1 < placed.len() {
            height += nets.len() + 2;
        }
    }
    Placed { width, height, layers: placed, rows, channels }
}

fn slot(names: &[&str], layers: &Layers, depth: usize, item: Item, left: usize) -> Slot {
    match item {
        Item::Lane(net) => {
            let column = left + if depth.is_multiple_of(2) { 3 } else { 1 };
            Slot { item, left, width: 4, tops: vec![(net, column)], bottoms: vec![(net, column)] }
        }
        Item::Service(node) => {
            let all = 0..layers.nets.len();
            let tops: Vec<usize> = all.clone().filter(|net| layers.enters(item, *net)).collect();
            let bottoms: Vec<usize> = all.filter(|net| layers.leaves(item, *net)).collect();
            let ports = tops.len().max(bottoms.len());
            let width = (names[node].chars().count() + 4).max(ports.max(1) * 4 + 3);
            Slot {
                item,
                left,
                width,
                tops: ports_of(&tops, left, width, 2),
                bottoms: ports_of(&bottoms, left, width, 4),
            }
        }
    }
}

/// Columns `left + first + 4 n` for nets, around the middle of the box.
fn ports_of(nets: &[usize], left: usize, width: usize, first: usize) -> Vec<(usize, usize)> {
    let room = (width - 2 - first) / 4 + 1;
    let skip = room.saturating_sub(nets.len()) / 2;
    nets.iter().enumerate().map(|(at, net)| (*net, left + first + (skip + at) * 4)).collect()
}

impl Slot {
    fn shift(&mut self, columns: usize) {
        self.left += columns;
        self.tops.iter_mut().chain(&mut self.bottoms).for_each(|(_, column)| *column += columns);
    }
}

/// The column in which a net leaves a layer, and those in which it enters the next one.
fn ends(layers: &[Vec<Slot>], depth: usize, net: usize) -> (usize, Vec<usize>) {
    let find = |ports: &[(usize, usize)]| ports.iter().find(|(other, _)| *other == net).map(|(_, column)| *column);
    let source = layers[depth].iter().find_map(|slot| find(&slot.bottoms)).unwrap_or(0);
    let targets = layers.get(depth + 1).map(|slots| slots.iter().filter_map(|slot| find(&slot.tops)).collect());
    (source, targets.unwrap_or_default())
}

/// Lets a line enter a box right below the place where it leaves another, where the box is there. No other line can be in
/// that column, since every line has one of its own where it leaves.
fn straighten(layers: &mut [Vec<Slot>]) {
    for depth in 1..layers.len() {
        let (above, below) = layers.split_at_mut(depth);
        let sources: Vec<(usize, usize)> = above[depth - 1].iter().flat_map(|slot| slot.bottoms.clone()).collect();
        for slot in below[0].iter_mut().filter(|slot| matches!(slot.item, Item::Service(_))) {
            let inside = slot.left + 1..slot.left + slot.width - 1;
            for (net, column) in &mut slot.tops {
                let source = sources.iter().find(|(other, _)| other == net).map(|(_, source)| *source);
                if let Some(source) = source.filter(|source| inside.contains(source)) {
                    *column = source;
                }
            }
        }
    }
}

fn is_straight((source, targets): &(usize, Vec<usize>)) -> bool {
    targets.iter().all(|target| target == source)
}

/// The nets below a layer in the order of their rows, with few crossings: neighbours change places while that helps.
fn channel(layers: &[Vec<Slot>], depth: usize, mut nets: Vec<usize>) -> Vec<usize> {
    let crossings = |upper: usize, lower: usize| {
        let (above, below) = (ends(layers, depth, upper), ends(layers, depth, lower));
        let covers = |(source, targets): &(usize, Vec<usize>), column: usize| {
            let from = targets.iter().chain([source]).min().is_some_and(|from| *from < column);
            from && targets.iter().chain([source]).max().is_some_and(|to| column < *to)
        };
        usize::from(covers(&above, below.0)) + above.1.iter().filter(|column| covers(&below, **column)).count()
    };
    for _ in 0..nets.len() {
        let mut changed = false;
        for at in 1..nets.len() {
            if crossings(nets[at - 1], nets[at]) > crossings(nets[at], nets[at - 1]) {
                nets.swap(at - 1, at);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    nets
}

/// A straight piece of a net's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// In a row, between two columns in either order.
    Across { row: usize, one: usize, other: usize },
    /// In a column, from a row down to another.
    Down { column: usize, from: usize, to: usize },
}

/// The ways of all nets.
fn pieces(layers: &Layers, placed: &Placed) -> Vec<(usize, Piece)> {
    let mut found = Vec::new();
    for (depth, slots) in placed.layers.iter().enumerate() {
        let row = placed.rows[depth];
        let bottom = row + BOX - 1;
        for slot in slots {
            if let Item::Lane(net) = slot.item {
                found.push((net, Piece::Down { column: slot.tops[0].1, from: row, to: bottom }));
            }
        }
        let Some(next) = placed.rows.get(depth + 1).copied() else { continue };
        for net in layers.below(depth) {
            let (source, targets) = ends(&placed.layers, depth, net);
            let Some(at) = placed.channels[depth].iter().position(|other| *other == net) else {
                found.push((net, Piece::Down { column: source, from: bottom, to: next }));
                continue;
            };
            let line = row + BOX + 1 + at;
            found.push((net, Piece::Down { column: source, from: bottom, to: line }));
            for target in targets {
                found.push((net, Piece::Across { row: line, one: source, other: target }));
                found.push((net, Piece::Down { column: target, from: line, to: next }));
            }
        }
    }
    found
}

/// Paints boxes and lines.
pub(super) fn paint(canvas: &mut Canvas, names: &[&str], layers: &Layers, placed: &Placed) {
    for (slots, row) in placed.layers.iter().zip(&placed.rows) {
        for slot in slots {
            if let Item::Service(node) = slot.item {
                canvas.name_box(*row, slot.left, slot.width, names[node]);
                slot.tops.iter().for_each(|(_, column)| canvas.put(*row, *column, '▼'));
            }
        }
    }
    for (net, piece) in pieces(layers, placed) {
        let solid = layers.nets[net].kind == DependencyKind::Synchronous;
        match piece {
            Piece::Across { row, one, other } => canvas.horizontal(row, one, other, solid),
            Piece::Down { column, from, to } => canvas.vertical(column, from, to, solid),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::Edge;
    use super::*;

    fn graphs() -> impl Strategy<Value = (usize, Vec<Edge>)> {
        (1_usize..12).prop_flat_map(|count| {
            let kind = prop_oneof![Just(DependencyKind::Synchronous), Just(DependencyKind::Asynchronous)];
            let edge = (0..count, 0..count, kind);
            let edge = edge.prop_map(|(provider, consumer, kind)| Edge { provider, consumer, kind });
            (Just(count), prop::collection::btree_set(edge, 0..20).prop_map(|edges| edges.into_iter().collect()))
        })
    }

    proptest! {
        #[test]
        fn lines_cross_but_never_share_a_way((count, edges) in graphs()) {
            let layers = Layers::of(count, &edges);
            let names: Vec<String> = (0..count).map(|node| "n".repeat(node * 3 + 1)).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let placed = place(&names, &layers);
            let mut owners: BTreeMap<(bool, usize, usize), usize> = BTreeMap::new();
            let mut reached = 0;
            for (net, piece) in pieces(&layers, &placed) {
                let cells: Vec<(bool, usize, usize)> = match piece {
                    Piece::Across { row, one, other } => {
                        (one.min(other)..=one.max(other)).map(|column| (true, row, column)).collect()
                    }
                    Piece::Down { column, from, to } => (from..=to).map(|row| (false, row, column)).collect(),
                };
                for cell in cells {
                    prop_assert!(cell.1 < placed.height && cell.2 < placed.width);
                    prop_assert_eq!(*owners.entry(cell).or_insert(net), net, "{:?} of {:?}", cell, layers);
                }
            }
            for slots in &placed.layers {
                for pair in slots.windows(2) {
                    prop_assert!(pair[0].left + pair[0].width < pair[1].left);
                }
                let services = slots.iter().filter(|slot| matches!(slot.item, Item::Service(_)));
                reached += services.map(|slot| slot.tops.len()).sum::<usize>();
            }
            let drawn: usize = layers.nets.iter().map(|net| net.consumers.len()).sum();
            prop_assert_eq!((reached, drawn + layers.loops.len()), (drawn, edges.len()));
        }
    }
}
