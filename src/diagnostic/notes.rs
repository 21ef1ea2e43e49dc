//! Finds the suppressions that stand in a file.

use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{Event, Options, Parser};
use rustc_hash::FxHashSet;

use crate::source::{Format, Kind, NodeRef, SourceFile, Span, Tree};

const WORD: &str = "agentspec-ignore";
const KEY: &str = "x-agentspec-ignore";

/// One suppression of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// The rule's id; empty where none is named.
    pub rule: String,
    /// Why; empty where no reason is given.
    pub reason: String,
    /// Where the suppression stands.
    pub span: Span,
    /// What it covers.
    pub scope: Scope,
}

/// What a suppression covers.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        /// Its JSON Pointer.
        pointer: String,
        /// Its first line.
        first_line: u32,
        /// Its last line.
        last_line: u32,
    },
}

/// Every suppression of a file, in its order.
pub(super) fn collect(file: &SourceFile) -> Vec<Note> {
    let text = file.text.as_ref();
    if memmem::find(text.as_bytes(), WORD.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut notes = match Format::of_path(&file.path) {
        Some(Format::Markdown) => line_notes(file, &markdown_comments(text)),
        Some(Format::Yaml) => line_notes(file, &yaml_comments(text, file.tree())),
        _ => Vec::new(),
    };
    if let Some(tree) = file.tree() {
        notes.extend(keyed_notes(file, tree));
    }
    notes.sort_by_key(|note| note.span);
    notes
}

/// A comment: all its bytes, and those behind the word.
struct Comment {
    whole: Range<usize>,
    body: Range<usize>,
}

fn yaml_comments(text: &str, tree: Option<&Tree>) -> Vec<Comment> {
    let mut found: Vec<Comment> = memmem::find_iter(text.as_bytes(), WORD.as_bytes())
        .filter_map(|at| {
            let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let before = text[line_start..at].trim_end_matches([' ', '\t']);
            let hash = line_start + before.strip_suffix('#')?.trim_end_matches('#').len();
            let starts = hash == line_start || text[..hash].ends_with([' ', '\t']);
            let end = text[at..].find(['\n', '\r']).map_or(text.len(), |length| at + length);
            starts.then_some(Comment { whole: hash..end, body: at + WORD.len()..end })
        })
        .filter(|comment| {
            text[comment.body.clone()].starts_with([' ', '\t', '\n', '\r', ':']) || comment.body.is_empty()
        })
        .collect();
    if let Some(tree) = tree {
        drop_quoted(text, tree, &mut found);
    }
    found
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

fn line_notes(file: &SourceFile, comments: &[Comment]) -> Vec<Note> {
    let lines = Lines::new(file, comments);
    comments.iter().flat_map(|comment| notes_of(file, &lines, comment)).collect()
}

fn notes_of(file: &SourceFile, lines: &Lines, comment: &Comment) -> Vec<Note> {
    let text = file.text.as_ref();
    let (names, reason) = match text[comment.body.clone()].split_once(':') {
        Some((names, reason)) => (names, reason.trim()),
        None => (text[comment.body.clone()].trim(), ""),
    };
    let line = |offset: usize| file.position(offset as u32).line;
    let scope = lines.scope(line(comment.whole.start), line(comment.whole.end.saturating_sub(1)));
    let span = Span::new(comment.whole.start, comment.whole.end);
    let note =
        |rule: &str| Note { rule: rule.trim().to_owned(), reason: reason.to_owned(), span, scope: scope.clone() };
    names.split(',').map(note).collect()
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
fn keyed_notes(file: &SourceFile, tree: &Tree) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut seen = FxHashSet::default();
    let mut path: Vec<(NodeRef<'_>, usize)> = vec![(tree.root(), 0)];
    while let Some((node, at)) = path.last().copied() {
        if at == 0
            && let Some((key, value)) = node.entry(KEY)
        {
            notes.extend(notes_of_key(file, node, pointer(&path), key, value));
        }
        if let Some(top) = path.last_mut() {
            top.1 += 1;
        }
        match child(node, at) {
            Some(child) if child.is_empty() || !seen.insert(child.id()) => {}
            Some(child) => path.push((child, 0)),
            None => {
                path.pop();
            }
        }
    }
    notes
}

fn child(node: NodeRef<'_>, at: usize) -> Option<NodeRef<'_>> {
    if node.is_sequence() { node.items().nth(at) } else { node.entries().nth(at).map(|(_, value)| value) }
}

/// The JSON Pointer of the last node of a walk; each node's count stands one behind the child that follows it.
fn pointer(path: &[(NodeRef<'_>, usize)]) -> String {
    let mut pointer = String::new();
    for (node, next) in &path[..path.len().saturating_sub(1)] {
        let at = next.saturating_sub(1);
        pointer.push('/');
        match node.entries().nth(at) {
            Some((key, _)) => pointer += &key.scalar().unwrap_or_default().replace('~', "~0").replace('/', "~1"),
            None => pointer += &at.to_string(),
        }
    }
    pointer
}

fn notes_of_key(
    file: &SourceFile,
    object: NodeRef<'_>,
    pointer: String,
    key: NodeRef<'_>,
    value: NodeRef<'_>,
) -> Vec<Note> {
    let line = |offset: u32| file.position(offset).line;
    let scope = Scope::Object { pointer, first_line: line(object.span().start), last_line: line(object.span().end) };
    if !value.is_mapping() || value.is_empty() {
        return vec![Note { rule: String::new(), reason: String::new(), span: key.span(), scope }];
    }
    let note = |(rule, reason): (NodeRef<'_>, NodeRef<'_>)| Note {
        rule: rule.scalar().unwrap_or_default().to_owned(),
        reason: reason.as_str().unwrap_or_default().trim().to_owned(),
        span: rule.span(),
        scope: scope.clone(),
    };
    value.entries().map(note).collect()
}
