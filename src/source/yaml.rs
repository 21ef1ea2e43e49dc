//! YAML 1.2 into the same tree as JSON: the events of `granit-parser`, resolved by the core schema (YAML 1.2.2, section
//! 10.3). An alias becomes a link to the anchored node, never a copy.

use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle};

use super::parse::{self, MAX_FILE_BYTES, Parsed, Problems, problem};
use super::problem::{Problem, ProblemKind};
use super::span::Span;
use super::tree::{Kind, NodeId, Tree, TreeBuilder};
use super::{yaml_error, yaml_scalar};

/// Keys are compared with each other, and aliases let one text be many keys, so such a key must be short.
const MAX_ALIAS_KEY: usize = 1024;
/// Aliases may stand for so many bytes, and so many times the file besides.
const MAX_ALIASED: (usize, usize) = (1_000_000, 10);

/// Reads the first document of a YAML text. An empty text is null. There is a tree unless the text breaks the grammar or a
/// limit, or has what JSON cannot say (keys that are no scalars); then the one problem says where. Duplicate keys and
/// further documents are problems beside a tree.
pub fn parse_yaml(text: &Arc<str>) -> Parsed {
    if text.len() > MAX_FILE_BYTES {
        return Parsed { tree: None, problems: vec![parse::oversized(text.len() as u64, MAX_FILE_BYTES)] };
    }
    // Every node stands behind one of these, and brings at most one empty node with it.
    let nodes = 2 + 2 * parse::count(text, [b',', b':', b'-', b'?', b'[', b'{', b'\n']);
    let mut reader = Reader {
        text,
        builder: TreeBuilder::new(Arc::clone(text), nodes),
        pending: Vec::new(),
        open: Vec::new(),
        anchors: Vec::new(),
        expanded: 0,
        aliased: 0,
        last_end: 0,
        root: None,
        problems: Problems::default(),
    };
    let end = reader.document();
    let Reader { builder, problems, .. } = reader;
    problems.finish(builder, end)
}

/// The options of the event parser: its own nesting limits lie just above ours, so that ours decide.
fn options() -> granit_parser::Options {
    let mut options = granit_parser::options! {
        flow_nesting_limit: Tree::MAX_DEPTH + 1,
        block_nesting_limit: Tree::MAX_DEPTH + 1,
    };
    options.set_emit_comments(false);
    options
}

/// A container whose end was not seen yet; its children are `pending[base..]`.
struct Open {
    start: usize,
    base: usize,
    anchor: usize,
    expanded_before: usize,
    aliased_before: usize,
    height: usize,
    mapping: bool,
    flow: bool,
}

/// A node that an alias can name.
#[derive(Clone, Copy)]
struct Anchored {
    node: NodeId,
    /// How many nodes it has, aliases counted as copies.
    expanded: u32,
    /// How many bytes it has, aliases written out.
    bytes: usize,
    /// How many levels of containers it has, itself included.
    height: u32,
    /// Whether it stands as a key.
    key: bool,
}

struct Reader<'s> {
    text: &'s str,
    builder: TreeBuilder,
    pending: Vec<NodeId>,
    open: Vec<Open>,
    /// By the number that the event parser gives to anchors; empty while the anchored node is still open.
    anchors: Vec<Option<Anchored>>,
    /// How many nodes were read, aliases counted as copies.
    expanded: usize,
    /// How many bytes the aliases that were read stand for.
    aliased: usize,
    /// Where the last token ended: the end of a block container.
    last_end: usize,
    root: Option<NodeId>,
    problems: Problems,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<NodeId, Problem> {
        for event in Parser::new_from_str_with_options(self.text, options()) {
            let (event, place) = event.map_err(|error| yaml_error::syntax(self.text, &error))?;
            let (start, end) = place.byte_range().map_or((self.last_end, self.last_end), |at| (at.start, at.end));
            match event {
                Event::Scalar(value, style, anchor, tag) => {
                    let tag = tag.as_deref();
                    let id = self.scalar(Span::new(start, end), &value, style, tag)?;
                    self.anchor(
                        anchor,
                        Anchored { node: id, expanded: 1, bytes: end - start, height: 0, key: self.at_key() },
                    );
                    self.add(id, start, end)?;
                }
                Event::Alias(anchor) => self.alias(anchor, Span::new(start, end))?,
                Event::MappingStart(style, anchor, _) => {
                    self.enter(start, anchor, true, style == granit_parser::StructureStyle::Flow)?;
                }
                Event::SequenceStart(style, anchor, _) => {
                    self.enter(start, anchor, false, style == granit_parser::StructureStyle::Flow)?;
                }
                Event::MappingEnd | Event::SequenceEnd => self.leave(end)?,
                Event::DocumentStart(..) if self.root.is_some() => {
                    let message = "a second YAML document starts here; only the first is read: split the file";
                    let span = Span::new(start, end);
                    self.problems.push(|| problem(ProblemKind::MultipleDocuments, span, message));
                    break;
                }
                _ => {}
            }
        }
        match self.root {
            Some(root) => Ok(root),
            None => Ok(self.builder.scalar(Kind::Null, Span::default(), Span::default())),
        }
    }

    fn scalar(
        &mut self,
        span: Span,
        value: &str,
        style: ScalarStyle,
        tag: Option<&granit_parser::Tag>,
    ) -> Result<NodeId, Problem> {
        // The event parser writes an absent value as a `~` that covers no bytes.
        let absent = span.is_empty() && style == ScalarStyle::Plain;
        let value = if absent { "" } else { value };
        let plain = style == ScalarStyle::Plain;
        let kind = match tag {
            None if plain => yaml_scalar::resolve(value),
            None => Kind::String,
            Some(tag) => yaml_scalar::tagged(tag.core_suffix(), value)
                .map_err(|message| problem(ProblemKind::YamlSyntax, span, message))?,
        };
        self.room(span)?;
        // A borrowed value is a slice of the text: its address tells which.
        let from = (value.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let to = from.wrapping_add(value.len());
        let source = self.text.get(from..to).is_some_and(|slice| std::ptr::eq(slice.as_ptr(), value.as_ptr()));
        Ok(match (absent, source) {
            (true, _) => self.builder.scalar(kind, span, span),
            (false, true) => self.builder.scalar(kind, span, Span::new(from, to)),
            (false, false) => self.builder.decoded(kind, span, value),
        })
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Problem> {
        let Some(&Some(target)) = self.anchors.get(anchor) else {
            let message = "this alias stands inside the node that it names, which would never end";
            return Err(problem(ProblemKind::YamlSyntax, span, message));
        };
        if self.open.len() + target.height as usize > Tree::MAX_DEPTH {
            return Err(parse::too_deep(span));
        }
        if self.at_key() && target.height == 0 && self.builder.node(target.node).scalar().is_some_and(too_long) {
            let message = format!("this alias stands as a key and names a text of more than {MAX_ALIAS_KEY} bytes");
            return Err(problem(ProblemKind::ComplexKey, span, message));
        }
        // The node itself is counted where it is added.
        self.expanded += target.expanded as usize - 1;
        self.aliased = self.aliased.saturating_add(target.bytes);
        let (free, factor) = MAX_ALIASED;
        if self.aliased > free + factor * self.text.len() {
            let message = format!(
                "aliases in this file stand for more than {factor} times its size and {free} bytes, which is not read"
            );
            return Err(problem(ProblemKind::AliasBomb, span, message));
        }
        self.raise(target.height as usize);
        let id = if target.key || self.at_key() && target.height == 0 {
            // A key is asked for its own place and for its value, so it is a node of its own and never a value.
            self.room(span)?;
            self.builder.same_scalar(target.node, span)
        } else {
            target.node
        };
        self.add(id, span.start as usize, span.end as usize)
    }

    fn enter(&mut self, start: usize, anchor: usize, mapping: bool, flow: bool) -> Result<(), Problem> {
        let span = parse::char_span(self.text, start);
        if self.open.len() == Tree::MAX_DEPTH {
            return Err(parse::too_deep(span));
        }
        if self.at_key() {
            return Err(complex_key(span));
        }
        self.anchor_open(anchor);
        self.open.push(Open {
            start,
            base: self.pending.len(),
            anchor,
            expanded_before: self.expanded,
            aliased_before: self.aliased,
            height: 1,
            mapping,
            flow,
        });
        Ok(())
    }

    fn leave(&mut self, end: usize) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let end = if open.flow { end } else { self.last_end.max(open.start) };
        let span = Span::new(open.start, end);
        self.room(span)?;
        let children = &self.pending[open.base..];
        let id = if open.mapping {
            // The event parser gives keys and values in pairs; an odd child could only be its mistake.
            let id = self.builder.mapping(span, &children[..children.len() / 2 * 2]);
            self.problems.duplicate_keys(&self.builder, id);
            id
        } else {
            self.builder.sequence(span, children)
        };
        self.pending.truncate(open.base);
        let expanded = self.expanded - open.expanded_before + 1;
        let (expanded, height) = (expanded as u32, open.height as u32);
        let bytes = end - open.start + self.aliased - open.aliased_before;
        self.anchor(open.anchor, Anchored { node: id, expanded, bytes, height, key: false });
        self.raise(open.height);
        self.add(id, open.start, end)
    }

    /// Puts a finished node into the container that is open, or makes it the root.
    fn add(&mut self, id: NodeId, start: usize, end: usize) -> Result<(), Problem> {
        self.expanded += 1;
        self.last_end = end;
        if self.expanded > Tree::MAX_NODES {
            let message =
                format!("aliases in this file stand for more than {} nodes, which is not read", Tree::MAX_NODES);
            return Err(problem(ProblemKind::AliasBomb, Span::new(start, end), message));
        }
        if self.at_key() && self.builder.node(id).scalar().is_none() {
            return Err(complex_key(Span::new(start, end)));
        }
        match self.open.last() {
            Some(_) => self.pending.push(id),
            None => self.root = Some(id),
        }
        Ok(())
    }

    /// Whether the next node is the key of a mapping.
    fn at_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.mapping && (self.pending.len() - open.base).is_multiple_of(2))
    }

    /// Notes that the open container holds a node with `height` levels.
    fn raise(&mut self, height: usize) {
        if let Some(open) = self.open.last_mut() {
            open.height = open.height.max(height + 1);
        }
    }

    fn anchor(&mut self, anchor: usize, node: Anchored) {
        self.anchor_open(anchor);
        if let Some(slot) = self.anchors.get_mut(anchor).filter(|_| anchor > 0) {
            *slot = Some(node);
        }
    }

    /// Makes room for an anchor, numbered from 1 (0 means none).
    fn anchor_open(&mut self, anchor: usize) {
        if anchor > 0 && self.anchors.len() <= anchor {
            self.anchors.resize(anchor + 1, None);
        }
    }

    fn room(&self, span: Span) -> Result<(), Problem> {
        if self.builder.len() < Tree::MAX_NODES { Ok(()) } else { Err(parse::too_many_nodes(span)) }
    }
}

fn too_long(key: &str) -> bool {
    key.len() > MAX_ALIAS_KEY
}

fn complex_key(span: Span) -> Problem {
    let message = "a mapping key must be a scalar here; a placeholder such as {{ name }} needs quotes";
    problem(ProblemKind::ComplexKey, span, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Parsed {
        parse_yaml(&Arc::from(text))
    }

    fn tree(text: &str) -> Tree {
        let parsed = parse(text);
        assert_eq!(parsed.problems, [], "{text}");
        parsed.tree.unwrap()
    }

    fn failure(text: &str) -> Problem {
        let parsed = parse(text);
        assert!(parsed.tree.is_none(), "{text} was accepted");
        let [problem] = &parsed.problems[..] else { panic!("{text}: {:?}", parsed.problems) };
        problem.clone()
    }

    #[test]
    fn structure_text_and_spans() {
        let text =
            "a:\nb: \"x y\"\nc: 'it''s'\nd: |\n  foo\n  bar\n\n# c\ne: [1, {k: v}]\nf:\n  - g: h\n\n# end\ni: 2\n";
        let tree = tree(text);
        let at = |pointer: &str| tree.root().pointer(pointer).unwrap();
        assert_eq!((at("/a").kind(), at("/a").scalar()), (Kind::Null, Some("")));
        assert_eq!(at("/b").as_str(), Some("x y"));
        assert_eq!(&text[at("/b").span().range()], "\"x y\"");
        assert_eq!(at("/c").as_str(), Some("it's"));
        assert_eq!(at("/d").as_str(), Some("foo\nbar\n"));
        assert_eq!(&text[at("/e").span().range()], "[1, {k: v}]");
        assert_eq!(&text[at("/f").span().range()], "- g: h");
        assert_eq!(&text[at("/f/0").span().range()], "g: h");
        assert_eq!(at("/i").as_i64(), Some(2));
        assert_eq!(&text[at("/i").key().unwrap().span().range()], "i");
    }

    #[test]
    fn an_empty_text_is_null() {
        for text in ["", "# only a comment\n", "---\n", "\n\n"] {
            assert_eq!(tree(text).root().kind(), Kind::Null, "{text:?}");
        }
        assert_eq!(tree("\u{feff}a: 1").root().get("a").unwrap().as_i64(), Some(1));
    }

    #[test]
    fn tags_decide_the_kind() {
        let tree = tree("a: !!str 1\nb: ! 2\nc: !!int \"3\"\nd: !custom x\ne: !!str\nf: !!float 1\n");
        let kinds: Vec<_> = tree.root().fields().map(|(_, value)| value.kind()).collect();
        use Kind::{Number, String};
        assert_eq!(kinds, [String, String, Number, String, String, Number]);
        assert_eq!(tree.root().str_at("e"), Some(""));
        assert_eq!(failure("a: !!int x").kind, ProblemKind::YamlSyntax);
    }

    #[test]
    fn aliases_share_a_node() {
        let text = "a: &x {k: v}\nb: *x\n<<: *x\n&k c: 1\nd: {*k : *k}\n";
        let tree = tree(text);
        let root = tree.root();
        assert_eq!(root.get("a"), root.get("b"));
        assert_eq!(root.get("a"), root.get("<<"));
        assert_eq!(root.get("b").unwrap().path(), "/a");
        let (key, value) = root.pointer("/d").unwrap().entry("c").unwrap();
        assert_eq!(&text[key.span().range()], "*k");
        assert_eq!((value.as_str(), value.path().as_str()), (Some("c"), "/d/c"));
    }

    #[test]
    fn an_alias_makes_no_cycle() {
        assert_eq!(failure("&a [*a]").kind, ProblemKind::YamlSyntax);
        assert_eq!(failure("a: &a {b: {c: *a}}").kind, ProblemKind::YamlSyntax);
    }

    #[test]
    fn alias_bombs_are_counted_not_expanded() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for n in 1..10 {
            let before = n - 1;
            text.push_str(&format!("a{n}: &a{n} [{}]\n", vec![format!("*a{before}"); 9].join(", ")));
        }
        let problem = failure(&text);
        assert_eq!(problem.kind, ProblemKind::AliasBomb);
        assert!(text[problem.span.range()].starts_with('*'), "{problem:?}");
        assert_eq!(tree(&text[..text.find("a4:").unwrap()]).root().len(), 4);
        // One text many times is as many bytes, though few nodes.
        let repeated = |times: usize| format!("a: &a {}\nb: [{}]\n", "x".repeat(10_000), "*a, ".repeat(times));
        tree(&repeated(100));
        assert_eq!(failure(&repeated(200)).kind, ProblemKind::AliasBomb);
    }

    #[test]
    fn depth_counts_through_aliases() {
        let nest = |depth: usize, inner: &str| "[".repeat(depth) + inner + &"]".repeat(depth);
        tree(&nest(Tree::MAX_DEPTH, ""));
        assert_eq!(failure(&nest(Tree::MAX_DEPTH + 1, "")).kind, ProblemKind::TooDeep);
        assert_eq!(failure(&"- ".repeat(2000)).kind, ProblemKind::TooDeep);
        let two = |outer: usize| format!("- &a {}\n- {}", nest(300, ""), nest(outer, "*a"));
        tree(&two(211));
        assert_eq!(failure(&two(212)).kind, ProblemKind::TooDeep);
    }

    #[test]
    fn later_documents_are_not_read() {
        let parsed = parse("a: 1\n---\nb: [\n");
        assert_eq!(parsed.problems[0].kind, ProblemKind::MultipleDocuments);
        assert_eq!(parsed.problems[0].span.range(), 5..8);
        assert!(parsed.tree.unwrap().root().get("a").is_some());
        tree("---\na: 1\n...\n");
    }

    #[test]
    fn keys_that_are_no_scalars_are_problems() {
        let text = "name: {{ x }}\n";
        let problem = failure(text);
        assert_eq!((problem.kind, problem.span.range()), (ProblemKind::ComplexKey, 7..8));
        assert_eq!(failure("a: &x [1]\n*x : 1\n").kind, ProblemKind::ComplexKey);
        assert_eq!(failure("? [a]\n: b\n").kind, ProblemKind::ComplexKey);
    }

    #[test]
    fn duplicate_keys_are_problems_beside_the_tree() {
        let text = "a: 1\nb: 2\n\"a\": 3\n";
        let parsed = parse(text);
        assert_eq!(parsed.problems[0].kind, ProblemKind::DuplicateKey);
        assert_eq!(&text[parsed.problems[0].span.range()], "\"a\"");
        assert_eq!(parsed.tree.unwrap().root().get("a").unwrap().as_i64(), Some(1));
    }

    #[test]
    fn syntax_errors_have_a_place() {
        for (text, message, at) in [
            ("a: b: c", "a second ': ' on this line", 4..5),
            ("a:\n\t- b", "a tab indents this line", 4..5),
            ("a: [1, 2", "this '[' is never closed", 3..4),
            ("a: *nobody", "no anchor of this name", 3..4),
            ("a:b\nc: 1\n", "this line goes on from the one above", 5..6),
            ("a: 'it's'", "text behind the closing quote", 7..8),
            ("a: *", "a value that starts with '*'", 3..4),
            ("{a: 1,, b: 2}", "expected a value before this ','", 6..7),
            ("a: - b", "a list starts on a line of its own", 3..4),
            ("a: \"x\nb: 1\n", "a quoted string goes on", 6..7),
        ] {
            let problem = failure(text);
            assert!(problem.message.starts_with(message), "{text:?}: {problem:?}");
            assert_eq!(problem.span.range(), at, "{text:?}: {problem:?}");
        }
    }
}
