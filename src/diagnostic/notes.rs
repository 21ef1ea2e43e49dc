//! Finds the suppressions that stand in a file.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{Event, Options, Parser};
use rustc_hash::FxHashSet;

use crate::source::{Format, Kind, NodeRef, SourceFile, Span, Tree};

const WORD: &str = "agentspec-ignore";
const KEY: &str = "x-agentspec-ignore";

/// One suppression of one rule. A file may hold a million, so it owns nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Note<'t> {
    /// The rule's id; empty where none is named.
    pub rule: &'t str,
    /// Whether it says why.
    pub has_reason: bool,
    /// Where the suppression stands.
    pub span: Span,
    /// What it covers.
    pub scope: Scope,
}

/// What a suppression covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// One line, and a node whose key stands on it.
    Line {
        /// The line, from 1.
        line: u32,
        /// Whether nothing stands before the comment, so that it covers findings about the whole file as well.
        top: bool,
    },
    /// An object and everything below it.
    Object {
        /// What stands for its JSON Pointer.
        path: PathHash,
        /// Its first line; that of the file for the root.
        first_line: u32,
        /// Its last line; no line is behind that of the root.
        last_line: u32,
    },
}

/// What stands for a JSON Pointer: thousands of objects may stand below a key of kilobytes.
pub(super) type PathHash = u64;

/// A JSON Pointer and those of everything above it, the root first.
pub(super) fn path_and_above(pointer: &str) -> impl Iterator<Item = PathHash> {
    let mut above = DefaultHasher::new();
    let root = above.finish();
    // The text of a pointer begins with a slash: what stands before it is no token.
    let below = pointer.split('/').skip(1).map(move |token| {
        token.hash(&mut above);
        above.finish()
    });
    std::iter::once(root).chain(below)
}

/// Gives every suppression of a file: those in comments, then those under keys, each in the order of the file.
pub(super) fn each<'t>(file: &'t SourceFile, take: &mut dyn FnMut(Note<'t>)) {
    let text = file.text.as_ref();
    if memmem::find(text.as_bytes(), WORD.as_bytes()).is_none() {
        return;
    }
    match Format::of_path(&file.path) {
        Some(Format::Markdown) => line_notes(file, &markdown_comments(text), take),
        Some(Format::Yaml) => line_notes(file, &yaml_comments(text, file.tree()), take),
        _ => {}
    }
    if let Some(tree) = file.tree() {
        keyed_notes(file, tree, take);
    }
}

/// A comment: all its bytes, and those behind the word.
struct Comment {
    whole: Range<usize>,
    body: Range<usize>,
}

/// What looks like a comment, in its order. What a line holds of them ends where the next one begins.
fn yaml_comments(text: &str, tree: Option<&Tree>) -> Vec<Comment> {
    let mut found: Vec<Comment> = Vec::new();
    let (mut line, mut end) = (0, 0);
    for at in memmem::find_iter(text.as_bytes(), WORD.as_bytes()) {
        if at >= end {
            line = text[end..at].rfind('\n').map_or(line, |newline| end + newline + 1);
            end = text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length);
        }
        let body = at + WORD.len()..end;
        let is_whole_word = body.is_empty() || text[body.clone()].starts_with([' ', '\t', ':']);
        let Some(hash) = hash_before(text, line, at).filter(|_| is_whole_word) else { continue };
        if let Some(before) = found.last_mut().filter(|before| before.whole.end > hash) {
            (before.whole.end, before.body.end) = (hash, before.body.end.min(hash));
        }
        found.push(Comment { whole: hash..end, body });
    }
    if let Some(tree) = tree {
        drop_quoted(text, tree, &mut found);
    }
    found
}

/// Where the comment starts whose word stands at `at`, in the line that starts at `line`.
fn hash_before(text: &str, line: usize, at: usize) -> Option<usize> {
    let before = text[line..at].trim_end_matches([' ', '\t']);
    let hash = line + before.strip_suffix('#')?.trim_end_matches('#').len();
    (hash == line || text[..hash].ends_with([' ', '\t'])).then_some(hash)
}

/// Drops what looks like a comment and is part of a quoted or block scalar.
fn drop_quoted(text: &str, tree: &Tree, comments: &mut Vec<Comment>) {
    let mut quoted = vec![false; comments.len()];
    for node in tree.ids().map(|id| tree.node(id)).filter(|node| node.kind() == Kind::String) {
        let span = node.span().range();
        let from = comments.partition_point(|comment| comment.whole.start < span.start);
        let to = comments.partition_point(|comment| comment.whole.start < span.end);
        if from < to {
            let end = scalar_end(text, span);
            (from..to).filter(|&at| comments[at].whole.start < end).for_each(|at| quoted[at] = true);
        }
    }
    let mut quoted = quoted.into_iter();
    comments.retain(|_| !quoted.next().unwrap_or(false));
}

/// Where a scalar's text ends. The span of a block scalar may reach over the comments behind it; its text ends before
/// the first line that is indented less than its first one.
fn scalar_end(text: &str, span: Range<usize>) -> usize {
    let Some(scalar) = text.get(span.clone()).filter(|scalar| !scalar.starts_with(['"', '\''])) else {
        return span.end;
    };
    let header = if scalar.starts_with(['|', '>']) { scalar.find('\n').map_or(scalar.len(), |at| at + 1) } else { 0 };
    let mut at = text[..span.start + header].rfind('\n').map_or(0, |newline| newline + 1);
    let mut first = None;
    for line in text[at..span.end].split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if !line.trim().is_empty() && indent < *first.get_or_insert(indent) {
            return at;
        }
        at += line.len();
    }
    span.end
}

fn markdown_comments(text: &str) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut reached = 0;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        if !matches!(event, Event::Html(_) | Event::InlineHtml(_)) {
            continue;
        }
        let mut from = range.start.max(reached);
        while let Some(open) = text.get(from..range.end).and_then(|html| html.find("<!--")).map(|at| from + at) {
            let inner = open + "<!--".len();
            // No comment behind one that is never closed.
            let Some(close) = text[inner..].find("-->").map(|at| inner + at) else { return found };
            let content = &text[inner..close];
            let word = inner + (content.len() - content.trim_start().len());
            if let Some(body) = text[word..close].strip_prefix(WORD).filter(|body| !body.starts_with('-')) {
                found.push(Comment { whole: open..close + "-->".len(), body: close - body.len()..close });
            }
            from = close + "-->".len();
            reached = from;
        }
    }
    found
}

fn line_notes<'t>(file: &'t SourceFile, comments: &[Comment], take: &mut dyn FnMut(Note<'t>)) {
    let lines = Lines::new(file, comments);
    comments.iter().for_each(|comment| notes_of(file, &lines, comment, take));
}

fn notes_of<'t>(file: &'t SourceFile, lines: &Lines, comment: &Comment, take: &mut dyn FnMut(Note<'t>)) {
    let (names, reason) = match file.text[comment.body.clone()].split_once(':') {
        Some((names, reason)) => (names, reason.trim()),
        None => (&file.text[comment.body.clone()], ""),
    };
    let line = |offset: usize| file.position(offset as u32).line;
    let scope = lines.scope(line(comment.whole.start), line(comment.whole.end.saturating_sub(1)));
    let span = Span::new(comment.whole.start, comment.whole.end);
    for rule in names.split(',') {
        take(Note { rule: rule.trim(), has_reason: !reason.is_empty(), span, scope });
    }
}

/// For each line, the first one from there on that holds more than space and comments.
struct Lines {
    next_content: Vec<u32>,
}

impl Lines {
    fn new(file: &SourceFile, comments: &[Comment]) -> Lines {
        let yaml = Format::of_path(&file.path) == Some(Format::Yaml);
        let mut content = Vec::new();
        let (mut at, mut comments) = (0, comments.iter().peekable());
        for line in file.text.split_inclusive('\n') {
            let end = at + line.len();
            let mut more = false;
            while let Some(comment) = comments.peek().filter(|comment| comment.whole.start < end) {
                more |= !file.text[at..comment.whole.start.max(at)].trim().is_empty();
                at = comment.whole.end.clamp(at, end);
                if comment.whole.end > end {
                    break;
                }
                comments.next();
            }
            let rest = file.text[at..end].trim();
            more |= !(rest.is_empty() || yaml && rest.starts_with('#'));
            content.push(more);
            at = end;
        }
        let mut next = content.len() as u32 + 1;
        let mut next_content: Vec<u32> = (1..=content.len() as u32)
            .rev()
            .map(|line| {
                next = if content[line as usize - 1] { line } else { next };
                next
            })
            .collect();
        next_content.reverse();
        Lines { next_content }
    }

    /// What a comment on these lines covers: its own line where something else stands there, otherwise the next one
    /// that holds more than comments.
    fn scope(&self, first: u32, last: u32) -> Scope {
        let next = |line: u32| self.next_content.get(line.max(1) as usize - 1).copied().unwrap_or(line);
        let line = if next(first) <= last { next(first) } else { next(last) };
        Scope::Line { line, top: next(1) > last }
    }
}

/// Suppressions under the key, found in a walk that sees each shared node once.
fn keyed_notes<'t>(file: &'t SourceFile, tree: &'t Tree, take: &mut dyn FnMut(Note<'t>)) {
    let mut seen = FxHashSet::default();
    let root = DefaultHasher::new();
    notes_of_object(file, tree.root(), &root, take);
    let mut path = vec![(children(tree.root()), root)];
    while let Some((left, above)) = path.last_mut() {
        match left.next() {
            Some((_, child)) if child.is_empty() || !seen.insert(child.id()) => {}
            Some((token, child)) => {
                let mut below = above.clone();
                token.hash(&mut below);
                notes_of_object(file, child, &below, take);
                path.push((children(child), below));
            }
            None => {
                path.pop();
            }
        }
    }
}

/// What stands right below a node, each with its token of a JSON Pointer.
fn children<'t>(node: NodeRef<'t>) -> impl Iterator<Item = (Cow<'t, str>, NodeRef<'t>)> {
    let items = node.items().enumerate().map(|(at, item)| (at.to_string().into(), item));
    let values = node.fields().map(|(key, value)| {
        let is_plain = !key.contains(['~', '/']);
        (if is_plain { key.into() } else { key.replace('~', "~0").replace('/', "~1").into() }, value)
    });
    items.chain(values)
}

fn notes_of_object<'t>(
    file: &'t SourceFile,
    object: NodeRef<'t>,
    path: &DefaultHasher,
    take: &mut dyn FnMut(Note<'t>),
) {
    let Some((key, value)) = object.entry(KEY) else { return };
    let line = |offset: u32| file.position(offset).line;
    let path = path.finish();
    let is_root = file.tree().is_some_and(|tree| tree.root().id() == object.id());
    let span = object.span();
    let (first_line, last_line) = if is_root { (0, u32::MAX) } else { (line(span.start), line(span.end)) };
    let scope = Scope::Object { path, first_line, last_line };
    if !value.is_mapping() || value.is_empty() {
        return take(Note { rule: "", has_reason: false, span: key.span(), scope });
    }
    for (rule, reason) in value.entries() {
        let has_reason = reason.as_str().is_some_and(|reason| !reason.trim().is_empty());
        take(Note { rule: rule.scalar().unwrap_or_default(), has_reason, span: rule.span(), scope });
    }
}
