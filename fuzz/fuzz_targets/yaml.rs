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
    let in_both = text.len() < 1000 && text.chars().all(is_printable);
    if let (Some(tree), true) = (&json.tree, json.problems.is_empty() && in_both) {
        let same = yaml.tree.as_ref().map(laws::listing);
        assert_eq!(same, Some(laws::listing(tree)), "{:?}", yaml.problems);
    }
});

/// The characters that a YAML text may hold (YAML 1.2.2, section 5.1); JSON strings may hold others.
fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}
