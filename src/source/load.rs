//! Reads what a store lists, and what the files read refer to.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::file::{Content, Format, SourceFile, Sources};
use super::json::parse_json;
use super::parse::{self, MAX_FILE_BYTES, MAX_MARKDOWN_BYTES, problem};
use super::problem::{Problem, ProblemKind};
use super::reference;
use super::span::Span;
use super::store::{Obstacle, Store, StoreError};
use super::tree::Tree;
use super::wide_table;
use super::yaml::parse_yaml;

/// From this many files on, starting the thread pool pays.
const PARALLEL: usize = 8;

/// Reads every file of the store that is `wanted`, then the files inside the root that their `$ref`s name, until there are
/// no more. A file that a `$ref` names and the store lacks is left out; resolving the reference says so.
///
/// # Errors
/// When the store cannot be listed. What is wrong with single files is in their problems.
pub fn load(store: &dyn Store, wanted: &dyn Fn(&str) -> bool) -> Result<Sources, StoreError> {
    Ok(load_listed(store, &store.list()?, wanted))
}

/// The same for a store that was listed before.
pub fn load_listed(store: &dyn Store, listing: &[String], wanted: &dyn Fn(&str) -> bool) -> Sources {
    load_beside(store, listing, &[], wanted)
}

/// The same beside paths at which a folder is looked for and something else stands: each is a file with that problem.
pub fn load_beside(
    store: &dyn Store,
    listing: &[String],
    blocked: &[String],
    wanted: &dyn Fn(&str) -> bool,
) -> Sources {
    let mut next: Vec<String> = listing.iter().filter(|path| wanted(path)).cloned().collect();
    let mut seen: FxHashSet<String> = next.iter().cloned().collect();
    let mut files: Vec<SourceFile> = blocked.iter().map(|path| blocked_folder(store, path)).collect();
    let mut outside = Vec::new();
    let mut followed = false;
    while !next.is_empty() {
        let read = read_all(store, &next, followed, &mut outside);
        next = read.iter().flat_map(referenced_files).filter(|path| seen.insert(path.clone())).collect();
        followed = true;
        files.extend(read);
    }
    Sources::new(files).with_outside(outside)
}

/// Reads one file of the store. What is wrong with it is in its problems.
pub fn read_file(store: &dyn Store, path: &str) -> SourceFile {
    read(store, path, Format::of_path(path)).unwrap_or_else(|error| unreadable(path, &error))
}

/// Reads one file that a `$ref` names: nothing where there is none, and the path as the error where a link leads out of the
/// root. A file of unknown format is read as YAML, because a reference to it says that it holds a tree.
fn read_referenced(store: &dyn Store, path: &str) -> Result<Option<SourceFile>, String> {
    match read(store, path, Format::of_path(path).or(Some(Format::Yaml))) {
        Err(StoreError::Outside(_) | StoreError::Blocked { obstacle: Obstacle::LinkOut, .. }) => Err(path.to_owned()),
        Err(StoreError::NotFound(_) | StoreError::Blocked { obstacle: Obstacle::Folder | Obstacle::DeadLink, .. })
        | Err(StoreError::Blocked { obstacle: Obstacle::LinkedFolder | Obstacle::ClosedFolder, .. }) => Ok(None),
        Err(error) => Ok(Some(unreadable(path, &error))),
        Ok(file) => Ok(Some(file)),
    }
}

/// Reads files, in their order. Paths that lead out are added to `outside`.
fn read_all(store: &dyn Store, paths: &[String], followed: bool, outside: &mut Vec<String>) -> Vec<SourceFile> {
    let one = |path: &String| match followed {
        true => read_referenced(store, path),
        false => Ok(Some(read_file(store, path))),
    };
    let read: Vec<_> =
        if paths.len() < PARALLEL { paths.iter().map(one).collect() } else { paths.par_iter().map(one).collect() };
    let files = read.into_iter().filter_map(|read| {
        read.unwrap_or_else(|path| {
            outside.push(path);
            None
        })
    });
    files.collect()
}

fn read(store: &dyn Store, path: &str, format: Option<Format>) -> Result<SourceFile, StoreError> {
    let bytes = store.read(path)?;
    if bytes.len() > MAX_FILE_BYTES {
        let (path, size, limit) = (path.to_owned(), bytes.len() as u64, MAX_FILE_BYTES as u64);
        return Err(StoreError::TooLarge { path, size, limit });
    }
    if format == Some(Format::Markdown) && bytes.len() > MAX_MARKDOWN_BYTES {
        return Ok(empty(path, parse::oversized(bytes.len() as u64, MAX_MARKDOWN_BYTES)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let text: Arc<str> = match std::str::from_utf8(bytes) {
        Ok(text) => Arc::from(text),
        Err(error) => return Ok(not_utf8(path, bytes, error.valid_up_to())),
    };
    let parsed = match format {
        Some(Format::Json) => parse_json(&text),
        Some(Format::Yaml) => parse_yaml(&text),
        Some(Format::Markdown) => {
            let whole = || SourceFile::new(path.to_owned(), Arc::clone(&text), Content::Markdown, Vec::new());
            return Ok(wide_table::too_wide(&text).map_or_else(whole, |problem| empty(path, problem)));
        }
        None => return Ok(SourceFile::new(path.to_owned(), text, Content::Nothing, Vec::new())),
    };
    let content = parsed.tree.map_or(Content::Nothing, Content::Tree);
    Ok(SourceFile::new(path.to_owned(), text, content, parsed.problems))
}

fn blocked_folder(store: &dyn Store, path: &str) -> SourceFile {
    let is_file = |_| StoreError::Blocked { path: path.to_owned(), obstacle: Obstacle::File };
    missing("folder", path, &store.read(path).map_or_else(|error| error, is_file))
}

fn unreadable(path: &str, error: &StoreError) -> SourceFile {
    missing("file", path, error)
}

/// A file of which nothing is known, or what stands in the place of a folder.
fn missing(what: &str, path: &str, error: &StoreError) -> SourceFile {
    let said = |reason: &dyn std::fmt::Display| {
        problem(ProblemKind::Unreadable, Span::default(), format!("the {what} could not be read: {reason}"))
    };
    let problem = match error {
        StoreError::TooLarge { size, .. } => parse::oversized(*size, MAX_FILE_BYTES),
        StoreError::Blocked { obstacle, .. } => Problem { help: Some(obstacle.help()), ..said(obstacle) },
        StoreError::Failed { reason, .. } => said(reason),
        other => problem(ProblemKind::Unreadable, Span::default(), other.to_string()),
    };
    empty(path, problem)
}

/// A file with a byte that is not UTF-8. The text before it is there for reports alone: no document is read from a part.
fn not_utf8(path: &str, bytes: &[u8], offset: usize) -> SourceFile {
    let line = memchr::memchr_iter(b'\n', &bytes[..offset]).count() + 1;
    let byte = bytes.get(offset).copied().unwrap_or_default();
    let (hint, help) = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            ("it looks like UTF-16", "Save the file as UTF-8, for example with `iconv -f utf-16 -t utf-8`")
        }
        _ => (
            "it may be Latin-1 or Windows-1252",
            "Save the file as UTF-8, for example with `iconv -f windows-1252 -t utf-8`",
        ),
    };
    let message = format!("byte {offset} (0x{byte:02x}, line {line}) is not UTF-8; {hint}: save the file as UTF-8");
    let end = bytes[offset..].iter().take(SHOWN_AFTER).position(|byte| *byte == b'\n').unwrap_or(SHOWN_AFTER);
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(offset + end)]);
    // The sign for what could not be read has three bytes.
    let span = Span::new(offset, offset + char::REPLACEMENT_CHARACTER.len_utf8());
    let problem = Problem { help: Some(help), ..problem(ProblemKind::NotUtf8, span, message) };
    empty(path, problem).with_beginning(Arc::from(shown))
}

/// So many bytes behind one that is not UTF-8 are shown.
const SHOWN_AFTER: usize = 200;

fn empty(path: &str, problem: Problem) -> SourceFile {
    SourceFile::new(path.to_owned(), Arc::from(""), Content::Nothing, vec![problem])
}

/// The files inside the root that a file's `$ref`s name, in the order of the file, each once.
fn referenced_files(file: &SourceFile) -> Vec<String> {
    let Some(tree) = file.tree() else { return Vec::new() };
    let mut seen = FxHashSet::default();
    let mut paths = Vec::new();
    for text in references(tree) {
        let Ok(Some(path)) = reference::target_path(&file.path, text) else { continue };
        if seen.insert(path.clone()) {
            paths.push(path);
        }
    }
    paths
}

/// The text of every `$ref` of a tree that names a file.
fn references(tree: &Tree) -> impl Iterator<Item = &str> {
    let mappings = tree.ids().map(|id| tree.node(id)).filter(|node| node.is_mapping());
    mappings.filter_map(|node| node.str_at("$ref")).filter(|text| !text.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryStore;

    fn paths(sources: &Sources) -> Vec<&str> {
        sources.iter().map(|(_, file)| &*file.path).collect()
    }

    #[test]
    fn references_bring_in_further_files() {
        let store = MemoryStore::new([
            ("a/api.yaml", "x: {$ref: './b.json#/y'}\nz: {$ref: '../c.yaml'}\nu: {$ref: 'https://h/u.yaml'}\n"),
            ("a/b.json", r#"{"y": {"$ref": "b.json"}, "w": {"$ref": "d"}, "m": {"$ref": "missing.json"}}"#),
            ("a/d", "plain: yaml"),
            ("c.yaml", "up: {$ref: '../../etc/passwd'}"),
            ("other.yaml", "not: wanted"),
        ]);
        let sources = load(&store, &|path| path == "a/api.yaml").unwrap();
        assert_eq!(paths(&sources), ["a/api.yaml", "a/b.json", "a/d", "c.yaml"]);
        assert!(sources.root(sources.id_of("a/d").unwrap()).unwrap().get("plain").is_some());
    }

    #[test]
    fn many_files_come_out_sorted() {
        let names = (0..100).map(|n| (format!("f{n:03}.json"), "[]"));
        let sources = load(&MemoryStore::new(names), &|_| true).unwrap();
        assert_eq!(sources.iter().count(), 100);
        assert!(paths(&sources).is_sorted());
    }

    #[test]
    fn what_cannot_be_read_is_a_problem_of_the_file() {
        let store = MemoryStore::new([
            ("latin.yaml", &b"a: 1\nb: gr\xfcn\n"[..]),
            ("bom.json", b"\xef\xbb\xbf{\"a\": 1}"),
            ("doc.md", b"# Title\n"),
            ("note.txt", b"text"),
        ]);
        let latin = read_file(&store, "latin.yaml");
        assert!(matches!(latin.content, Content::Nothing));
        assert_eq!(latin.problems[0].kind, ProblemKind::NotUtf8);
        assert!(latin.problems[0].message.starts_with("byte 10 (0xfc, line 2) is not UTF-8"));
        let place = latin.position(latin.problems[0].span.start);
        assert_eq!((place.line, place.column, latin.line(2).1), (2, 6, "b: gr\u{fffd}n"));
        assert_eq!(&*latin.text, "");
        let wide = read_file(&MemoryStore::new([("a.md", b"\xff\xfe#\0".as_slice())]), "a.md");
        assert!(wide.problems[0].help.unwrap().contains("iconv -f utf-16"));
        let bom = read_file(&store, "bom.json");
        assert_eq!((bom.problems.len(), &*bom.text), (0, "{\"a\": 1}"));
        assert!(matches!(read_file(&store, "doc.md").content, Content::Markdown));
        assert_eq!(&*read_file(&store, "note.txt").text, "text");
        assert_eq!(read_file(&store, "none.yaml").problems[0].kind, ProblemKind::Unreadable);
    }
}
