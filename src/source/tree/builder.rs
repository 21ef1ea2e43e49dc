//! Builds a tree from the leaves up.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Kind, LINEAR, NO_PARENT, Node, NodeId, NodeRef, Span, Tree};

/// Builds a [`Tree`] bottom-up: children first, then the node that holds them. Used by the parsers.
#[derive(Debug)]
pub struct TreeBuilder {
    tree: Tree,
}

impl TreeBuilder {
    /// Starts a tree over `source`. `nodes` is an upper bound of the number of nodes, to reserve for.
    pub fn new(source: Arc<str>, nodes: usize) -> Self {
        let capacity = nodes.min(Tree::MAX_NODES);
        TreeBuilder {
            tree: Tree {
                source,
                decoded: String::new(),
                nodes: Vec::with_capacity(capacity),
                links: Vec::with_capacity(capacity),
                root: 0,
                shared: false,
                index: FxHashMap::default(),
            },
        }
    }

    /// Adds a scalar whose text is these bytes of the source.
    pub fn scalar(&mut self, kind: Kind, span: Span, text: Span) -> NodeId {
        self.push(Node { span, from: text.start, to: text.end, parent: NO_PARENT, kind, decoded: false })
    }

    /// Adds a scalar whose text differs from the bytes of the source (escapes, folded lines).
    pub fn decoded(&mut self, kind: Kind, span: Span, text: &str) -> NodeId {
        let from = self.tree.decoded.len();
        self.tree.decoded.push_str(text);
        let text = Span::new(from, self.tree.decoded.len());
        self.push(Node { span, from: text.start, to: text.end, parent: NO_PARENT, kind, decoded: true })
    }

    /// Adds a sequence of nodes that were added before.
    pub fn sequence(&mut self, span: Span, items: &[NodeId]) -> NodeId {
        self.branch(Kind::Sequence, span, items)
    }

    /// Adds a mapping; `entries` alternates keys and values that were added before.
    pub fn mapping(&mut self, span: Span, entries: &[NodeId]) -> NodeId {
        let id = self.branch(Kind::Mapping, span, entries);
        if entries.len() / 2 > LINEAR {
            let mut sorted: Box<[u32]> = (0..(entries.len() / 2) as u32).collect();
            let key = |at: u32| self.tree.key_text(entries[at as usize * 2].0);
            sorted.sort_by(|&a, &b| key(a).cmp(key(b)).then(a.cmp(&b)));
            self.tree.index.insert(id.0, sorted);
        }
        id
    }

    /// Adds a scalar with the kind and text of one that was added before: an alias that stands as a key.
    pub(in crate::source) fn same_scalar(&mut self, of: NodeId, span: Span) -> NodeId {
        let node = Node { span, parent: NO_PARENT, ..*self.tree.raw(of) };
        self.push(node)
    }

    /// Calls `report` with the first and the later key node of each key that stands more than once in a mapping.
    pub(in crate::source) fn duplicates(&self, mapping: NodeId, mut report: impl FnMut(NodeRef<'_>, NodeRef<'_>)) {
        let tree = &self.tree;
        let links = tree.node(mapping).links();
        let key = |at: u32| tree.node(NodeId(links[at as usize * 2]));
        let length = |at: u32| {
            let node = tree.raw(key(at).id);
            node.to - node.from
        };
        let same = |a: u32, b: u32| length(a) == length(b) && tree.key_text(key(a).id.0) == tree.key_text(key(b).id.0);
        if let Some(sorted) = tree.index.get(&mapping.0) {
            let groups = sorted.chunk_by(|&a, &b| same(a, b));
            groups.for_each(|group| group[1..].iter().for_each(|&again| report(key(group[0]), key(again))));
            return;
        }
        for again in 1..(links.len() / 2) as u32 {
            if let Some(first) = (0..again).find(|&first| same(first, again)) {
                report(key(first), key(again));
            }
        }
    }

    /// The number of nodes so far.
    pub fn len(&self) -> usize {
        self.tree.nodes.len()
    }

    /// Whether no node was added yet.
    pub fn is_empty(&self) -> bool {
        self.tree.nodes.is_empty()
    }

    /// A node that was added before.
    pub fn node(&self, id: NodeId) -> NodeRef<'_> {
        self.tree.node(id)
    }

    /// The tree with `root` as its topmost node.
    pub fn finish(mut self, root: NodeId) -> Tree {
        self.tree.root = root.0;
        self.tree.nodes.shrink_to_fit();
        self.tree.links.shrink_to_fit();
        self.tree
    }

    fn branch(&mut self, kind: Kind, span: Span, children: &[NodeId]) -> NodeId {
        let from = self.tree.links.len() as u32;
        self.tree.links.extend(children.iter().map(|child| child.0));
        let to = self.tree.links.len() as u32;
        let id = self.push(Node { span, from, to, parent: NO_PARENT, kind, decoded: false });
        for child in children {
            self.adopt(id, child.0 as usize);
        }
        id
    }

    /// Makes `parent` the parent of a child. Of a shared node it is the container around it, not one that holds an alias,
    /// which may be finished first: that one starts behind the node.
    fn adopt(&mut self, parent: NodeId, child: usize) {
        let Node { span, parent: before, .. } = self.tree.nodes[child];
        if before == NO_PARENT {
            self.tree.nodes[child].parent = parent.0;
            return;
        }
        self.tree.shared = true;
        let start = |id: u32| self.tree.nodes[id as usize].span.start;
        if start(before) > span.start && start(parent.0) <= span.start {
            self.tree.nodes[child].parent = parent.0;
        }
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.tree.nodes.push(node);
        NodeId(self.tree.nodes.len() as u32 - 1)
    }
}
