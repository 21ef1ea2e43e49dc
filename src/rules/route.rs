//! From the model's origins, and from services, back to places in the files.

use super::Context;
use crate::model::Origin;
use crate::source::{FileId, NodeKey, NodeRef, Route, Sources};

/// The place of an origin: the node of its pointer, or its line; nothing where its file was not read.
pub(crate) fn route_of(sources: &Sources, origin: &Origin) -> Option<Route> {
    let file = sources.id_of(&origin.file)?;
    match node_of(sources, origin) {
        Some(node) => Some(Route::node(NodeKey { file, node: node.id() })),
        None => Some(line_of(sources, file, origin.line)),
    }
}

/// The place of the key under which an origin's node stands.
pub(crate) fn key_route_of(sources: &Sources, origin: &Origin) -> Option<Route> {
    let file = sources.id_of(&origin.file)?;
    match node_of(sources, origin) {
        Some(node) => Some(Route::key_of(NodeKey { file, node: node.id() })),
        None => Some(line_of(sources, file, origin.line)),
    }
}

/// The place of the key one level above an origin's node, such as a path above its operation.
pub(crate) fn parent_key_route_of(sources: &Sources, origin: &Origin) -> Option<Route> {
    let file = sources.id_of(&origin.file)?;
    match node_of(sources, origin).and_then(NodeRef::parent) {
        Some(node) => Some(Route::key_of(NodeKey { file, node: node.id() })),
        None => key_route_of(sources, origin),
    }
}

/// The tree node of an origin.
pub(crate) fn node_of<'s>(sources: &'s Sources, origin: &Origin) -> Option<NodeRef<'s>> {
    let root = sources.root(sources.id_of(&origin.file)?)?;
    root.pointer(&origin.pointer.as_ref()?.text())
}

/// A whole line, from 1, of a file.
pub(crate) fn line_of(sources: &Sources, file: FileId, line: u32) -> Route {
    let file_text = sources.file(file);
    Route::span(file, file_text.lines().line_span(&file_text.text, line))
}

/// Any file below a folder, or any file at all: what a finding about a missing file is attached to.
pub(crate) fn any_below(context: Context<'_>, folder: &str) -> Option<Route> {
    let below = context.sources.below(folder).next();
    below.or_else(|| context.sources.iter().next()).map(|(id, _)| Route::file(id))
}

/// Whether a folder, or one that it lies in, is there and could not be entered, so that nobody knows what it holds.
pub(crate) fn is_closed(context: Context<'_>, folder: &str) -> bool {
    let mut ends = folder.match_indices('/').map(|(end, _)| end).chain([folder.len()]);
    ends.any(|end| context.sources.id_of(&folder[..end]).is_some())
}
