//! What reading found wrong. Plain data: the rules turn it into findings.

use super::span::Span;

/// The kind of a reading problem; each has a rule of its own in the `document` family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The file could not be opened or read.
    Unreadable,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// YAML that does not parse.
    YamlSyntax,
    /// JSON that does not parse.
    JsonSyntax,
    /// A mapping that has the same key twice.
    DuplicateKey,
    /// Aliases that would expand to more nodes than the limit.
    AliasBomb,
    /// Nesting deeper than [`Tree::MAX_DEPTH`](super::Tree::MAX_DEPTH).
    TooDeep,
    /// More nodes than [`Tree::MAX_NODES`](super::Tree::MAX_NODES), or a file over the size limit.
    TooLarge,
    /// A second YAML document in one file; only the first is read.
    MultipleDocuments,
    /// A mapping key that is not a scalar.
    ComplexKey,
}

/// One thing that reading found wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem it is.
    pub kind: ProblemKind,
    /// The bytes it concerns.
    pub span: Span,
    /// What happened, as a sentence without a full stop.
    pub message: String,
    /// What to do, where that is not the same for all problems of the kind.
    pub help: Option<&'static str>,
    /// An earlier place it has to do with (the first of two equal keys), and what stands there.
    pub related: Option<(Span, String)>,
}
