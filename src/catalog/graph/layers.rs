//! Which service stands in which layer, and in which order: a layered drawing after Sugiyama, Tagawa and Toda (1981).
//! Lines from one provider, of one kind, share their way; where they pass a layer they take a lane in it.

use super::Edge;
use crate::model::DependencyKind;

/// The lines of one kind from one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Net {
    pub(super) provider: usize,
    pub(super) kind: DependencyKind,
    /// Sorted.
    pub(super) consumers: Vec<usize>,
}

/// What takes room in a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    /// A service.
    Service(usize),
    /// A net that passes.
    Lane(usize),
}

/// The graph in layers.
#[derive(Debug)]
pub(super) struct Layers {
    /// Items of each layer from left to right; providers come before who depends on them.
    pub(super) layers: Vec<Vec<Item>>,
    pub(super) nets: Vec<Net>,
    /// Edges that would close a circle.
    pub(super) loops: Vec<Edge>,
    layer_of: Vec<usize>,
}

impl Layers {
    /// The layers of a graph with nodes `0..count`.
    pub(super) fn of(count: usize, edges: &[Edge]) -> Layers {
        let (drawn, loops) = without_circles(count, edges);
        let layer_of = longest_paths(count, &drawn);
        let mut nets: Vec<Net> = Vec::new();
        for edge in &drawn {
            match nets.iter_mut().find(|net| net.provider == edge.provider && net.kind == edge.kind) {
                Some(net) => net.consumers.push(edge.consumer),
                None => nets.push(Net { provider: edge.provider, kind: edge.kind, consumers: vec![edge.consumer] }),
            }
        }
        nets.iter_mut().for_each(|net| net.consumers.sort_unstable());
        let deepest = layer_of.iter().max().map_or(0, |layer| layer + 1);
        let mut layers: Vec<Vec<Item>> = vec![Vec::new(); deepest];
        for (node, layer) in layer_of.iter().enumerate() {
            layers[*layer].push(Item::Service(node));
        }
        for (at, net) in nets.iter().enumerate() {
            let last = net.consumers.iter().map(|consumer| layer_of[*consumer]).max().unwrap_or(0);
            for layer in layers.iter_mut().take(last).skip(layer_of[net.provider] + 1) {
                layer.push(Item::Lane(at));
            }
        }
        let mut found = Layers { layers, nets, loops, layer_of };
        found.order();
        found
    }

    /// Whether a net comes out of an item.
    pub(super) fn leaves(&self, item: Item, net: usize) -> bool {
        match item {
            Item::Service(node) => self.nets[net].provider == node,
            Item::Lane(lane) => lane == net,
        }
    }

    /// Whether a net that comes from the layer above goes into an item.
    pub(super) fn enters(&self, item: Item, net: usize) -> bool {
        match item {
            Item::Service(node) => self.nets[net].consumers.binary_search(&node).is_ok(),
            Item::Lane(lane) => lane == net,
        }
    }

    /// Nets that cross the space below a layer.
    pub(super) fn below(&self, layer: usize) -> Vec<usize> {
        let crosses = |net: &Net| {
            let last = net.consumers.iter().map(|consumer| self.layer_of[*consumer]).max().unwrap_or(0);
            self.layer_of[net.provider] <= layer && layer < last
        };
        (0..self.nets.len()).filter(|net| crosses(&self.nets[*net])).collect()
    }

    /// Orders each layer by the mean place of what its items are connected with, down and up a few times.
    fn order(&mut self) {
        for _ in 0..4 {
            for layer in 1..self.layers.len() {
                self.order_layer(layer, layer - 1);
            }
            for layer in (1..self.layers.len()).rev() {
                self.order_layer(layer - 1, layer);
            }
        }
    }

    fn order_layer(&mut self, layer: usize, fixed: usize) {
        let nets = self.below(layer.min(fixed));
        let mean = |item: Item, own: usize| {
            let connected = |other: Item| {
                nets.iter().any(|net| match layer > fixed {
                    true => self.enters(item, *net) && self.leaves(other, *net),
                    false => self.leaves(item, *net) && self.enters(other, *net),
                })
            };
            let places: Vec<usize> = self.layers[fixed]
                .iter()
                .enumerate()
                .filter(|(_, other)| connected(**other))
                .map(|(at, _)| at)
                .collect();
            // Twice the mean in 1,000ths, so that what is not connected can keep its place.
            let width = self.layers[fixed].len().max(1) * self.layers[layer].len().max(1);
            match places.len() {
                0 => (own * 2 + 1) * 1_000 * width / (self.layers[layer].len() * 2),
                count => {
                    (places.iter().sum::<usize>() * 2 + count) * 1_000 * width / (count * 2 * self.layers[fixed].len())
                }
            }
        };
        let mut items: Vec<(usize, Item)> =
            self.layers[layer].iter().enumerate().map(|(own, item)| (mean(*item, own), *item)).collect();
        items.sort_by_key(|(place, _)| *place);
        self.layers[layer] = items.into_iter().map(|(_, item)| item).collect();
    }
}

/// The edges without those that close a circle. Calls are taken first: they weigh more than events.
fn without_circles(count: usize, edges: &[Edge]) -> (Vec<Edge>, Vec<Edge>) {
    let mut edges = edges.to_vec();
    edges.sort_by_key(|edge| (edge.kind, edge.provider, edge.consumer));
    let mut reaches = vec![vec![false; count]; count];
    let (mut drawn, mut loops) = (Vec::new(), Vec::new());
    for edge in edges {
        let Edge { provider, consumer, .. } = edge;
        if provider == consumer || reaches[consumer][provider] {
            loops.push(edge);
            continue;
        }
        drawn.push(edge);
        let below: Vec<usize> = (0..count).filter(|node| *node == consumer || reaches[consumer][*node]).collect();
        for (above, reached) in reaches.iter_mut().enumerate() {
            if above == provider || reached[provider] {
                below.iter().for_each(|node| reached[*node] = true);
            }
        }
    }
    (drawn, loops)
}

/// The length of the longest path to each node; the edges have no circle.
fn longest_paths(count: usize, edges: &[Edge]) -> Vec<usize> {
    let mut layers = vec![0; count];
    for _ in 0..count {
        for edge in edges {
            layers[edge.consumer] = layers[edge.consumer].max(layers[edge.provider] + 1);
        }
    }
    layers
}
