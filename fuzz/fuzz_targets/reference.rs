//! Any reference in any file resolves or says why not, and following any node ends.
#![no_main]

use agentspec::source::{MemoryStore, NodeKey, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, &str)| {
    let (reference, first, second) = input;
    let store = MemoryStore::new([("a/b.yaml", first), ("a/c.json", second), ("d", first)]);
    let Ok(sources) = load(&store, &|path| path == "a/b.yaml") else { return };
    for (file, source) in sources.iter() {
        for node in source.tree().into_iter().flat_map(|tree| tree.ids()) {
            let key = NodeKey { file, node };
            if let Ok(found) = sources.follow(key) {
                assert!(sources.node(found).str_at("$ref").is_none());
            }
        }
        if let Some(root) = sources.root(file) {
            if let Err(error) = sources.resolve(sources.key(file, root), reference) {
                assert!(!error.to_string().is_empty());
            }
        }
    }
});
