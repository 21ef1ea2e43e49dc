//! What the two tree parsers share: their result, the collection of problems, and the report of duplicate keys.

use super::problem::{Problem, ProblemKind};
use super::span::Span;
use super::tree::{NodeId, Tree, TreeBuilder};

/// No file larger than this is read: 64 MiB.
pub const MAX_FILE_BYTES: usize = 64 << 20;
/// No Markdown file larger than this is read: 128 KiB, which is thousands of lines. Its blocks, and what is read from them,
/// can take more than a hundred times their bytes.
pub const MAX_MARKDOWN_BYTES: usize = 128 << 10;
/// Problems beyond this number are counted, not listed.
const MAX_PROBLEMS: usize = 100;
/// Names in messages are cut to this many characters.
const MAX_NAME: usize = 60;

/// What a parser made of a text.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree; nothing where the text breaks the format or a limit.
    pub tree: Option<Tree>,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

/// Problems that do not stop the parser, up to a limit.
#[derive(Debug, Default)]
pub(super) struct Problems {
    listed: Vec<Problem>,
    omitted: usize,
}

impl Problems {
    /// Lists a problem, or counts it where too many are listed.
    pub(super) fn push(&mut self, problem: impl FnOnce() -> Problem) {
        if self.listed.len() < MAX_PROBLEMS {
            self.listed.push(problem());
        } else {
            self.omitted += 1;
        }
    }

    /// The result of a parser: `end` is the root, or the problem that stopped it.
    pub(super) fn finish(mut self, builder: TreeBuilder, end: Result<NodeId, Problem>) -> Parsed {
        self.listed.sort_by_key(|problem| problem.span);
        if let (Some(last), 1..) = (self.listed.last_mut(), self.omitted) {
            last.message.push_str(&format!(" (and {} more keys that stand twice in this file)", self.omitted));
        }
        match end {
            Ok(root) => Parsed { tree: Some(builder.finish(root)), problems: self.listed },
            // What broke the file hides the rest: its duplicate keys may come from the very same mistake.
            Err(problem) => Parsed { tree: None, problems: vec![problem] },
        }
    }

    /// Reports every key of a mapping that stood there before.
    pub(super) fn duplicate_keys(&mut self, builder: &TreeBuilder, mapping: NodeId) {
        builder.duplicates(mapping, |first, again| {
            self.push(|| Problem {
                kind: ProblemKind::DuplicateKey,
                span: again.span(),
                message: format!(
                    "the key \"{}\" stands twice in this mapping",
                    shorten(again.scalar().unwrap_or_default())
                ),
                help: None,
                related: Some((first.span(), "the first one, whose value is used".to_owned())),
            });
        });
    }
}

/// A problem without a related place.
pub(super) fn problem(kind: ProblemKind, span: Span, message: impl Into<String>) -> Problem {
    Problem { kind, span, message: message.into(), help: None, related: None }
}

/// The problem of a text of more bytes than `limit`.
pub(super) fn oversized(size: u64, limit: usize) -> Problem {
    let message = format!("the file has {size} bytes; such files are read up to {limit} bytes: split it");
    problem(ProblemKind::TooLarge, Span::default(), message)
}

/// The problem of one level too many.
pub(super) fn too_deep(span: Span) -> Problem {
    let message = format!("nested deeper than {} levels, which is not read", Tree::MAX_DEPTH);
    problem(ProblemKind::TooDeep, span, message)
}

/// The problem of one node too many.
pub(super) fn too_many_nodes(span: Span) -> Problem {
    let message = format!("more than {} values and keys in one file, which is not read: split it", Tree::MAX_NODES);
    problem(ProblemKind::TooLarge, span, message)
}

/// A name for a message: cut short, on one line.
pub(super) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(MAX_NAME).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MAX_NAME).is_some() {
        short.push('…');
    }
    short
}

/// The bytes of the character at `at`; empty at the end of the text.
pub(super) fn char_span(text: &str, at: usize) -> Span {
    let mut start = at.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let width = text[start..].chars().next().map_or(0, char::len_utf8);
    Span::new(start, start + width)
}

/// Counts the bytes that are one of `needles`: the bound of the number of nodes, found before any memory is spent.
pub(super) fn count<const N: usize>(text: &str, needles: [u8; N]) -> usize {
    let in_chunk = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(needles.contains(byte))).sum::<u8>();
    text.as_bytes().chunks(255).map(|chunk| usize::from(in_chunk(chunk))).sum()
}
