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
            let width = (names[node].chars().count() + 4).max(ports * 4 + 3);
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

/// Paints boxes and lines.
pub(super) fn paint(canvas: &mut Canvas, names: &[&str], layers: &Layers, placed: &Placed) {
    let solid = |net: usize| layers.nets[net].kind == DependencyKind::Synchronous;
    for (depth, slots) in placed.layers.iter().enumerate() {
        let row = placed.rows[depth];
        for slot in slots {
            match slot.item {
                Item::Service(node) => canvas.name_box(row, slot.left, slot.width, names[node]),
                Item::Lane(net) => canvas.vertical(slot.tops[0].1, row, row + BOX - 1, solid(net)),
            }
        }
        let Some(next) = placed.rows.get(depth + 1).copied() else { continue };
        for net in layers.below(depth) {
            let ends = ends(&placed.layers, depth, net);
            if is_straight(&ends) {
                canvas.vertical(ends.0, row + BOX - 1, next, solid(net));
            }
        }
        for (at, net) in placed.channels[depth].iter().enumerate() {
            let (source, targets) = ends(&placed.layers, depth, *net);
            let line = row + BOX + 1 + at;
            canvas.vertical(source, row + BOX - 1, line, solid(*net));
            for target in targets {
                canvas.horizontal(line, source, target, solid(*net));
                canvas.vertical(target, line, next, solid(*net));
            }
        }
    }
    for (depth, slots) in placed.layers.iter().enumerate() {
        for slot in slots.iter().filter(|slot| matches!(slot.item, Item::Service(_))) {
            slot.tops.iter().for_each(|(_, column)| canvas.put(placed.rows[depth], *column, '▼'));
        }
    }
}
