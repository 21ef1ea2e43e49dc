//! `x-behaviour` of an operation.

use super::origin::At;
use crate::model::StatedBehaviour;

/// What it says: a name, or an object with one. Anything else says nothing, and is a finding.
pub(super) fn read(stated: &At<'_>) -> Option<StatedBehaviour> {
    if let Some(name) = stated.node.scalar() {
        return Some(StatedBehaviour { name: name.to_owned(), ..StatedBehaviour::default() });
    }
    let from = stated.get("from");
    let items = from.iter().flat_map(|from| from.node.items().filter_map(|item| item.scalar()));
    let from = from.iter().filter_map(|from| from.node.scalar()).chain(items).map(str::to_owned).collect();
    stated.node.is_mapping().then(|| StatedBehaviour {
        name: stated.text("name").unwrap_or_else(|| "transition".to_owned()),
        property: stated.text("property"),
        to: stated.text("to"),
        from,
        repeatable: stated.flag("repeatable"),
    })
}
