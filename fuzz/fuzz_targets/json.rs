//! Our JSON reader accepts what serde_json accepts, and nothing else.
#![no_main]

mod laws;

use std::sync::Arc;

use agentspec::source::{ProblemKind, parse_json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parsed = parse_json(&Arc::from(text));
    laws::check(text, &parsed);
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => assert!(parsed.tree.is_some(), "{:?}", parsed.problems),
        // Its limit of nesting is lower than ours, and our numbers have no bounds.
        Err(error) if ["recursion limit", "number out of range"].iter().any(|by| error.to_string().starts_with(by)) => {
        }
        Err(error) => {
            assert_eq!(parsed.problems.first().map(|problem| problem.kind), Some(ProblemKind::JsonSyntax), "{error}")
        }
    }
});
