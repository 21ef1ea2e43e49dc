//! What several places of a document lead to is built once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::origin::At;
use super::Reader;
use super::callbacks::DEEPEST;
use crate::model::{
    Callback, Encoding, Json, Link, List, MediaType, Operation, Parameter, RequestBody, Response, SecurityRequirement,
    StatedBehaviour, Text,
};
use crate::source::NodeKey;

/// What was built of nodes that several places may lead to. Each is built once, and those places hold it together: one
/// large component may be referred to thousands of times, and one large file by many services.
#[derive(Default)]
pub(crate) struct Known {
    pub(super) texts: FxHashMap<NodeKey, Text>,
    pub(super) tags: FxHashMap<NodeKey, List<Text>>,
    pub(super) security: FxHashMap<NodeKey, List<Vec<SecurityRequirement>>>,
    pub(super) parameters: FxHashMap<NodeKey, Option<Parameter>>,
    /// By the lists of the path item and of the operation.
    pub(super) parameter_lists: FxHashMap<[Option<NodeKey>; 2], List<Parameter>>,
    pub(super) bodies: FxHashMap<NodeKey, Arc<RequestBody>>,
    pub(super) responses: FxHashMap<NodeKey, Response>,
    pub(super) response_lists: FxHashMap<NodeKey, List<Response>>,
    pub(super) headers: FxHashMap<NodeKey, List<Parameter>>,
    pub(super) links: FxHashMap<NodeKey, List<Link>>,
    pub(super) content: FxHashMap<NodeKey, List<MediaType>>,
    pub(super) encodings: FxHashMap<NodeKey, List<Encoding>>,
    /// By the node and how many callbacks are around it.
    pub(super) callbacks: [FxHashMap<NodeKey, List<Callback>>; DEEPEST],
    /// The operations of one callback, in the same way.
    pub(super) requests: [FxHashMap<NodeKey, List<Operation>>; DEEPEST],
    pub(super) behaviours: FxHashMap<NodeKey, Option<Arc<StatedBehaviour>>>,
    pub(super) extensions: FxHashMap<NodeKey, Json>,
}

impl<'s> Reader<'_, 's> {
    /// What is known of a node that several places may lead to, or what `build` makes of it.
    pub(super) fn once<T: Clone>(
        &mut self,
        at: &At<'s>,
        known: impl Fn(&mut Known) -> &mut FxHashMap<NodeKey, T>,
        build: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if !at.shared {
            return build(self);
        }
        let key = at.node_key();
        if let Some(known) = known(self.known).get(&key) {
            return known.clone();
        }
        let built = build(self);
        known(self.known).insert(key, built.clone());
        built
    }

    /// The text of the scalar under `key`.
    pub(super) fn text(&mut self, at: &At<'s>, key: &str) -> Option<Text> {
        let node = at.node.get(key)?;
        let text = node.scalar()?;
        let is_shared = at.shared || node.parent() != Some(at.node);
        // A short text takes no more room than the entry that would find it again.
        if !is_shared || text.len() < 32 {
            return Some(text.into());
        }
        let key = NodeKey { file: at.file, node: node.id() };
        Some(self.known.texts.entry(key).or_insert_with(|| text.into()).clone())
    }
}
