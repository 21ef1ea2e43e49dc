//! What holds for every tree and problem that a reader makes of a text.

use agentspec::source::{Kind, Parsed, Tree};

/// Checks spans, problems and paths.
pub fn check(text: &str, parsed: &Parsed) {
    for problem in &parsed.problems {
        assert!(text.get(problem.span.range()).is_some(), "{problem:?}");
        assert!(problem.related.iter().all(|(span, _)| text.get(span.range()).is_some()), "{problem:?}");
    }
    let Some(tree) = &parsed.tree else {
        assert_eq!(parsed.problems.len(), 1);
        return;
    };
    for node in tree.ids().map(|id| tree.node(id)) {
        assert!(text.get(node.span().range()).is_some(), "{:?}", node.span());
        assert_eq!(node.parent().is_none(), node == tree.root(), "a node without a parent is the root");
    }
    // Paths cost a walk to the root each, so only small trees pay for all of them.
    if parsed.problems.is_empty() && tree.len() < 300 {
        for mapping in tree.ids().map(|id| tree.node(id)) {
            for value in mapping.items().chain(mapping.entries().map(|(_, value)| value)) {
                assert_eq!(tree.root().pointer(&value.path()), Some(value), "{}", value.path());
            }
        }
    }
}

/// Every node in order: what it is, its text, its bytes.
#[allow(dead_code, reason = "not every target compares trees")]
pub fn listing(tree: &Tree) -> Vec<(Kind, Option<&str>, std::ops::Range<usize>)> {
    tree.ids().map(|id| tree.node(id)).map(|node| (node.kind(), node.scalar(), node.span().range())).collect()
}
