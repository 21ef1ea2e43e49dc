//! The YAML reader takes any text, and reads short JSON as the JSON reader does.
#![no_main]

mod laws;

use std::sync::Arc;

use agentspec::source::{parse_json, parse_yaml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let text: Arc<str> = Arc::from(text);
    let yaml = parse_yaml(&text);
    laws::check(&text, &yaml);
    let json = parse_json(&text);
    // YAML limits a key to 1,024 characters.
    if let (Some(tree), true) = (&json.tree, json.problems.is_empty() && text.len() < 1000) {
        let same = yaml.tree.as_ref().map(laws::listing);
        assert_eq!(same, Some(laws::listing(tree)), "{:?}", yaml.problems);
    }
});
