//! One arena tree for YAML and JSON. Every node knows its bytes; an alias is a shared node, never a copy, so the tree is a
//! graph without cycles and a walk over all paths must remember the nodes that it has seen.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::span::Span;

/// The index of a node in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number, of integral or of any value; its text is kept as written.
    Number,
    /// A string.
    String,
    /// A list.
    Sequence,
    /// A map from string keys to nodes, in the order of the file.
    Mapping,
}

impl Kind {
    /// The JSON name of the kind, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "boolean",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Sequence => "array",
            Kind::Mapping => "object",
        }
    }
}

/// Where the text or the children of a node are kept: `from..to` indexes the source, the decoded text, or the links.
#[derive(Clone, Copy, Debug)]
struct Node {
    span: Span,
    from: u32,
    to: u32,
    parent: u32,
    kind: Kind,
    decoded: bool,
}

const NO_PARENT: u32 = u32::MAX;
/// Mappings up to this size are searched entry by entry.
const LINEAR: usize = 12;

/// The tree of one file.
#[derive(Clone, Debug)]
pub struct Tree {
    source: Arc<str>,
    decoded: String,
    nodes: Vec<Node>,
    links: Vec<u32>,
    root: u32,
    index: FxHashMap<u32, Box<[u32]>>,
}

impl Tree {
    /// Nesting deeper than this is a problem and is not read.
    pub const MAX_DEPTH: usize = 512;
    /// A file with more nodes than this (aliases counted as expanded) is a problem and is not read.
    pub const MAX_NODES: usize = 5_000_000;

    /// The topmost node.
    pub fn root(&self) -> NodeRef<'_> {
        self.node(NodeId(self.root))
    }

    /// A node by its id, which must come from this tree.
    pub fn node(&self, id: NodeId) -> NodeRef<'_> {
        NodeRef { tree: self, id }
    }

    /// The number of nodes, keys included, a shared node counted once.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never true: a tree has a root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every node id, in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    fn raw(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn text_of(&self, node: &Node) -> &str {
        let range = node.from as usize..node.to as usize;
        if node.decoded { &self.decoded[range] } else { &self.source[range] }
    }
}

/// A node together with its tree.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl<'t> NodeRef<'t> {
    /// Its id in the tree.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The tree it belongs to.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Its bytes in the file.
    pub fn span(self) -> Span {
        self.tree.raw(self.id).span
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.tree.raw(self.id).kind
    }

    /// Whether it is a mapping.
    pub fn is_mapping(self) -> bool {
        self.kind() == Kind::Mapping
    }

    /// Whether it is a sequence.
    pub fn is_sequence(self) -> bool {
        self.kind() == Kind::Sequence
    }

    /// The text of a string; nothing for any other kind.
    pub fn as_str(self) -> Option<&'t str> {
        let node = self.tree.raw(self.id);
        (node.kind == Kind::String).then(|| self.tree.text_of(node))
    }

    /// The text of a scalar as it was written (decoded for strings): what a key or a lenient reader wants.
    pub fn scalar(self) -> Option<&'t str> {
        let node = self.tree.raw(self.id);
        (!matches!(node.kind, Kind::Sequence | Kind::Mapping)).then(|| self.tree.text_of(node))
    }

    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        let node = self.tree.raw(self.id);
        (node.kind == Kind::Bool).then(|| self.tree.text_of(node).starts_with(['t', 'T']))
    }

    /// The value of a number as an integer, when it is integral and fits.
    pub fn as_i64(self) -> Option<i64> {
        let text = self.number_text()?;
        text.parse().ok().or_else(|| {
            let value = self.as_f64()?;
            (value.fract() == 0.0 && value.abs() < 9.0e15).then_some(value as i64)
        })
    }

    /// The value of a number as a float.
    pub fn as_f64(self) -> Option<f64> {
        let text = self.number_text()?;
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        if let Some(digits) = unsigned.strip_prefix("0x") {
            return i64::from_str_radix(digits, 16).ok().map(|n| n as f64);
        }
        if let Some(digits) = unsigned.strip_prefix("0o") {
            return i64::from_str_radix(digits, 8).ok().map(|n| n as f64);
        }
        match unsigned.to_ascii_lowercase().as_str() {
            ".inf" => Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
            ".nan" => Some(f64::NAN),
            _ => text.parse().ok(),
        }
    }

    /// The text of a number as it was written.
    pub fn number_text(self) -> Option<&'t str> {
        let node = self.tree.raw(self.id);
        (node.kind == Kind::Number).then(|| self.tree.text_of(node))
    }

    /// The number of items of a sequence or of entries of a mapping; 0 for a scalar.
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Sequence => self.links().len(),
            Kind::Mapping => self.links().len() / 2,
            _ => 0,
        }
    }

    /// Whether it has no items and no entries.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items of a sequence; none for any other kind.
    pub fn items(self) -> impl ExactSizeIterator<Item = NodeRef<'t>> + use<'t> {
        let links: &[u32] = if self.is_sequence() { self.links() } else { &[] };
        links.iter().map(move |&id| self.tree.node(NodeId(id)))
    }

    /// Keys and values of a mapping in the order of the file; none for any other kind. The key's node has the span of
    /// the key.
    pub fn entries(self) -> impl ExactSizeIterator<Item = (NodeRef<'t>, NodeRef<'t>)> + use<'t> {
        let links: &[u32] = if self.is_mapping() { self.links() } else { &[] };
        let pairs = links.chunks_exact(2);
        pairs.map(move |pair| (self.tree.node(NodeId(pair[0])), self.tree.node(NodeId(pair[1]))))
    }

    /// Keys as text, and values, of a mapping in the order of the file.
    pub fn fields(self) -> impl ExactSizeIterator<Item = (&'t str, NodeRef<'t>)> + use<'t> {
        self.entries().map(|(key, value)| (key.scalar().unwrap_or_default(), value))
    }

    /// The value under `key` in a mapping (the first, where the key stands twice).
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Key node and value under `key` in a mapping.
    pub fn entry(self, key: &str) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
        if !self.is_mapping() {
            return None;
        }
        let links = self.links();
        let at = match self.tree.index.get(&self.id.0) {
            None => links.chunks_exact(2).position(|pair| self.tree.key_text(pair[0]) == key)?,
            Some(sorted) => {
                let found = sorted.partition_point(|&at| self.tree.key_text(links[at as usize * 2]) < key);
                let at = *sorted.get(found)? as usize;
                (self.tree.key_text(links[at * 2]) == key).then_some(at)?
            }
        };
        Some((self.tree.node(NodeId(links[at * 2])), self.tree.node(NodeId(links[at * 2 + 1]))))
    }

    /// The text of the string under `key`.
    pub fn str_at(self, key: &str) -> Option<&'t str> {
        self.get(key)?.as_str()
    }

    /// The node that a JSON Pointer (RFC 6901) names, starting here.
    pub fn pointer(self, pointer: &str) -> Option<NodeRef<'t>> {
        let Some(rest) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(self) };
        rest.split('/').try_fold(self, NodeRef::child)
    }

    /// The child that one token of a JSON Pointer names: an index (RFC 6901, section 4: no sign, no leading zero), or a
    /// key, still escaped.
    pub fn child(self, token: &str) -> Option<NodeRef<'t>> {
        if self.is_sequence() {
            let digits = token.bytes().all(|byte| byte.is_ascii_digit()) && (token == "0" || !token.starts_with('0'));
            let link = self.links().get(token.parse::<usize>().ok().filter(|_| digits)?)?;
            return Some(self.tree.node(NodeId(*link)));
        }
        if token.contains('~') { self.get(&token.replace("~1", "/").replace("~0", "~")) } else { self.get(token) }
    }

    /// The node that holds this one; for a shared node, the first that does. A key's parent is its mapping.
    pub fn parent(self) -> Option<NodeRef<'t>> {
        let parent = self.tree.raw(self.id).parent;
        (parent != NO_PARENT).then(|| self.tree.node(NodeId(parent)))
    }

    /// The key under which this node stands in its mapping.
    pub fn key(self) -> Option<NodeRef<'t>> {
        self.parent()?.entries().find(|(_, value)| value.id == self.id).map(|(key, _)| key)
    }

    /// Its JSON Pointer (RFC 6901) from the root, escaped.
    pub fn path(self) -> String {
        let mut tokens = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            let token = if parent.is_sequence() {
                parent.items().position(|item| item.id == node.id).unwrap_or_default().to_string()
            } else {
                let entry = parent.entries().find(|(key, value)| value.id == node.id || key.id == node.id);
                let key = entry.and_then(|(key, _)| key.scalar()).unwrap_or_default();
                key.replace('~', "~0").replace('/', "~1")
            };
            tokens.push(token);
            node = parent;
        }
        tokens.iter().rev().fold(String::new(), |path, token| path + "/" + token)
    }

    fn links(self) -> &'t [u32] {
        let node = self.tree.raw(self.id);
        &self.tree.links[node.from as usize..node.to as usize]
    }
}

impl Tree {
    fn key_text(&self, id: u32) -> &str {
        self.text_of(&self.nodes[id as usize])
    }
}

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
    pub(super) fn same_scalar(&mut self, of: NodeId, span: Span) -> NodeId {
        let node = Node { span, parent: NO_PARENT, ..*self.tree.raw(of) };
        self.push(node)
    }

    /// Calls `report` with the first and the later key node of each key that stands more than once in a mapping.
    pub(super) fn duplicates(&self, mapping: NodeId, mut report: impl FnMut(NodeRef<'_>, NodeRef<'_>)) {
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
            let node = &mut self.tree.nodes[child.0 as usize];
            if node.parent == NO_PARENT {
                node.parent = id.0;
            }
        }
        id
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.tree.nodes.push(node);
        NodeId(self.tree.nodes.len() as u32 - 1)
    }
}
