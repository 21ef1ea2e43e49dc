//! The files that were read, by path and by id.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::line_index::{LineColumn, LineIndex};
use super::pointer::{Above, Pointer};
use super::problem::Problem;
use super::reference::{Names, RefTable};
use super::resources::Resources;
use super::span::{NodeKey, Place, Route, Span};
use super::tree::{NodeRef, Tree};

/// The index of a file in its [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub(crate) u32);

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON (RFC 8259), read by our own parser.
    Json,
    /// YAML 1.2.
    Yaml,
    /// CommonMark with tables.
    Markdown,
}

impl Format {
    /// The format that a path's extension names.
    pub fn of_path(path: &str) -> Option<Format> {
        match path.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "json" => Some(Format::Json),
            "yaml" | "yml" => Some(Format::Yaml),
            "md" | "markdown" => Some(Format::Markdown),
            _ => None,
        }
    }
}

/// What reading made of a file.
#[derive(Clone, Debug)]
pub enum Content {
    /// A YAML or JSON tree.
    Tree(Tree),
    /// Prose; `document` reads its sections from the text.
    Markdown,
    /// No tree: the file's problems say why, or its format is none that is read (its text is there).
    Nothing,
}

/// One file as it was read.
#[derive(Debug)]
pub struct SourceFile {
    /// Relative to the platform root, with `/`.
    pub path: Arc<str>,
    /// The text; empty where the bytes could not be read. A byte order mark is left out.
    pub text: Arc<str>,
    /// The tree, where there is one.
    pub content: Content,
    /// What reading found wrong, in the order of the file.
    pub problems: Vec<Problem>,
    /// What stands before a byte that is not UTF-8 and in its line, for reports; no document is read from it.
    beginning: Option<Arc<str>>,
    lines: OnceLock<LineIndex>,
    names: OnceLock<Names>,
}

impl SourceFile {
    /// A file with what was made of it.
    pub fn new(path: impl Into<Arc<str>>, text: Arc<str>, content: Content, problems: Vec<Problem>) -> Self {
        let (path, lines, names) = (path.into(), OnceLock::new(), OnceLock::new());
        SourceFile { path, text, content, problems, beginning: None, lines, names }
    }

    /// A file without a text whose beginning can be shown: places of its problems are counted there.
    pub(super) fn with_beginning(self, beginning: Arc<str>) -> Self {
        SourceFile { beginning: Some(beginning), ..self }
    }

    /// The tree of a YAML or JSON file that could be read.
    pub fn tree(&self) -> Option<&Tree> {
        match &self.content {
            Content::Tree(tree) => Some(tree),
            _ => None,
        }
    }

    /// The line index, made at the first call.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> LineColumn {
        match &self.beginning {
            Some(beginning) => LineIndex::new(beginning).position(beginning, offset),
            None => self.lines().position(&self.text, offset),
        }
    }

    /// A line, from 1: where it stands, and its text.
    pub fn line(&self, line: u32) -> (Span, &str) {
        let (span, text) = match &self.beginning {
            Some(beginning) => (LineIndex::new(beginning).line_span(beginning, line), beginning),
            None => (self.lines().line_span(&self.text, line), &self.text),
        };
        (span, text.get(span.range()).unwrap_or_default())
    }
}

/// Every file that was read, sorted by path, so that ids are stable for the same input.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    by_path: FxHashMap<Arc<str>, FileId>,
    /// Paths that are referred to and lead out of the root by a link.
    outside: FxHashSet<String>,
    refs: OnceLock<RefTable>,
    resources: OnceLock<Resources>,
    /// Beginnings of long pointers, by the node that they lead to.
    beginnings: Mutex<FxHashMap<NodeKey, Arc<Above>>>,
}

impl Sources {
    /// Takes files in any order.
    pub fn new(mut files: Vec<SourceFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let by_path = files.iter().enumerate().map(|(id, file)| (file.path.clone(), FileId(id as u32))).collect();
        Sources { files, by_path, ..Sources::default() }
    }

    /// The same with paths that references name and at which a link leads out of the root.
    pub(super) fn with_outside(self, paths: Vec<String>) -> Self {
        Sources { outside: paths.into_iter().collect(), ..self }
    }

    /// Whether a path is known to lead out of the root.
    pub(super) fn leads_out(&self, path: &str) -> bool {
        self.outside.contains(path)
    }

    /// A file by its id, which must come from here.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The id of a path relative to the platform root.
    pub fn id_of(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// Every file with its id, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(id, file)| (FileId(id as u32), file))
    }

    /// Every file whose path begins with `folder`, which ends with a slash; sorted by path.
    pub fn below<'s>(&'s self, folder: &str) -> impl Iterator<Item = (FileId, &'s SourceFile)> + use<'s> {
        let first = self.files.partition_point(|file| *file.path < *folder);
        let count = self.files[first..].partition_point(|file| file.path.starts_with(folder));
        self.iter().skip(first).take(count)
    }

    /// Where every reference ends, found at the first call.
    pub(super) fn ref_table(&self) -> &RefTable {
        self.refs.get_or_init(|| self.follow_all())
    }

    /// Schemas that are resources of their own, found at the first call.
    pub(super) fn resources(&self) -> &Resources {
        self.resources.get_or_init(|| Resources::of(self))
    }

    /// The plain names of schemas in a file's tree, collected at the first call; nothing where it has none.
    pub(super) fn names(&self, id: FileId) -> Option<&Names> {
        let file = self.file(id);
        let tree = file.tree()?;
        Some(file.names.get_or_init(|| Names::of(tree, |node| self.resource_around(NodeKey { file: id, node }))))
    }

    /// The root of a file's tree, where it has one.
    pub fn root(&self, id: FileId) -> Option<NodeRef<'_>> {
        self.file(id).tree().map(Tree::root)
    }

    /// A node of any file.
    ///
    /// # Panics
    /// Never for a key made from these sources: only files with a tree give node keys.
    #[allow(clippy::expect_used)]
    pub fn node(&self, key: NodeKey) -> NodeRef<'_> {
        self.file(key.file).tree().expect("a node key names a file with a tree").node(key.node)
    }

    /// The bytes that a route covers. For a mapping or sequence in block style these may be many lines; reports show
    /// the first.
    pub fn span(&self, route: Route) -> Span {
        let file = self.file(route.file);
        match (route.place, file.tree()) {
            (Place::Span(span), _) => span,
            (Place::Node(node), Some(tree)) => tree.node(node).span(),
            (Place::KeyOf(node), Some(tree)) => {
                let node = tree.node(node);
                node.key().unwrap_or(node).span()
            }
            _ => Span::default(),
        }
    }

    /// The JSON Pointer of a route into a tree; nothing for prose and whole files.
    pub fn pointer(&self, route: Route) -> Option<Pointer> {
        match route.place {
            Place::Node(node) | Place::KeyOf(node) => {
                self.file(route.file).tree()?;
                Some(self.pointer_of(NodeKey { file: route.file, node }))
            }
            Place::File | Place::Span(_) => None,
        }
    }

    /// The JSON Pointer of a node. Those below a long key share it.
    pub fn pointer_of(&self, key: NodeKey) -> Pointer {
        let tokens = self.node(key).tokens();
        Pointer::of_tokens(tokens.iter().map(|(_, token)| token), |at, make| {
            let key = NodeKey { file: key.file, node: tokens[at].0 };
            let mut known = self.beginnings.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(key).or_insert_with(make))
        })
    }
}
