//! Laws of the readers, on arbitrary input: agreement with another JSON reader, agreement of the YAML reader with the JSON
//! reader, spans and paths that are always right, and no panic on anything.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;

use agentspec::source::{Kind, MemoryStore, NodeKey, NodeRef, Parsed, Tree, load, parse_json, parse_yaml};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

fn json(text: &str) -> Parsed {
    parse_json(&Arc::from(text))
}

fn yaml(text: &str) -> Parsed {
    parse_yaml(&Arc::from(text))
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 16, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..20).prop_map(Value::from),
            vec(("[a-f]{0,3}|\\PC{0,5}", inner), 0..20)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Texts that look like YAML or JSON from afar.
fn noise() -> impl Strategy<Value = String> {
    let tokens = "[\\[\\]{},:\"'#&*!|>?%@`~\\\\ \n\t-]|- |: |\\? |&a |\\*a |<<: |\"a\": |a: |b|1|\n  |\n    |é|😀|---\n|\\.\\.\\.\n|\\\\u[0-9d]{4}|\r\n|!!int |!t |\\|\n|>-\n|null|true|[1-9]e9|\u{feff}|\u{0}";
    prop_oneof![vec(tokens, 0..60).prop_map(|parts| parts.concat()), any::<String>(), ".{0,80}"]
}

/// Whether a node says what the value says.
fn agrees(node: NodeRef<'_>, value: &Value) -> bool {
    match value {
        Value::Null => node.kind() == Kind::Null,
        Value::Bool(value) => node.as_bool() == Some(*value),
        Value::Number(value) => node.number_text() == Some(value.to_string().as_str()),
        Value::String(value) => node.as_str() == Some(value),
        Value::Array(values) => {
            node.is_sequence() && node.len() == values.len() && node.items().zip(values).all(|(a, b)| agrees(a, b))
        }
        Value::Object(values) => {
            let same = |((key, a), (name, b)): ((&str, NodeRef<'_>), (&String, &Value))| {
                key == name && agrees(a, b) && node.get(name) == Some(a)
            };
            node.is_mapping() && node.len() == values.len() && node.fields().zip(values).all(same)
        }
    }
}

/// Every node in order: what it is, its text, its bytes.
fn listing(tree: &Tree) -> Vec<(Kind, Option<&str>, std::ops::Range<usize>)> {
    tree.ids().map(|id| tree.node(id)).map(|node| (node.kind(), node.scalar(), node.span().range())).collect()
}

/// What holds for every tree and problem of a text.
fn check(text: &str, parsed: &Parsed) {
    for problem in &parsed.problems {
        assert!(text.get(problem.span.range()).is_some(), "{problem:?} of {text:?}");
        assert!(!problem.message.is_empty() && !problem.message.contains('\n'), "{problem:?} of {text:?}");
        if let Some((span, _)) = &problem.related {
            assert!(text.get(span.range()).is_some(), "{problem:?} of {text:?}");
        }
    }
    let Some(tree) = &parsed.tree else {
        assert_eq!(parsed.problems.len(), 1, "{text:?}");
        return;
    };
    for node in tree.ids().map(|id| tree.node(id)) {
        assert!(text.get(node.span().range()).is_some(), "{:?} of {text:?}", node.span());
        assert_eq!(node.parent().is_none(), node == tree.root(), "{text:?}");
        assert!(node.items().chain(node.entries().flat_map(|(key, value)| [key, value])).count() >= node.len());
        let is_key = node.parent().is_some_and(|parent| parent.entries().any(|(key, _)| key == node));
        if parsed.problems.is_empty() && !is_key {
            assert_eq!(tree.root().pointer(&node.path()), Some(node), "{} of {text:?}", node.path());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_values_are_read_as_written(value in values()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let parsed = json(&text);
            prop_assert_eq!(&parsed.problems, &[]);
            prop_assert!(agrees(parsed.tree.as_ref().unwrap().root(), &value), "{}", text);
            check(&text, &parsed);
        }
    }

    #[test]
    fn json_is_accepted_and_rejected_as_by_serde(
        value in values(),
        edits in vec((any::<prop::sample::Index>(), "[\\[\\]{},:\"\\\\ \n\t\u{1}ue0-9+.-]|é|\\\\ud83d|true|null"), 1..4),
    ) {
        let mut text = value.to_string();
        for (at, insert) in edits {
            let mut at = at.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let to = (at + 1..=text.len()).find(|&to| text.is_char_boundary(to)).unwrap_or(at);
            // Either in place of what stands there, or before it.
            text.replace_range(if insert.len() % 2 == 0 { at..to } else { at..at }, &insert);
        }
        let parsed = json(&text);
        check(&text, &parsed);
        match serde_json::from_str::<Value>(&text) {
            Ok(_) => prop_assert!(parsed.tree.is_some(), "{:?} of {}", parsed.problems, text),
            // Our numbers are kept as written, so none is too large.
            Err(error) if error.to_string().starts_with("number out of range") => {}
            Err(error) => prop_assert!(parsed.tree.is_none(), "{} of {}", error, text),
        }
    }

    #[test]
    fn json_is_yaml(value in values()) {
        // JSON strings may hold characters that a YAML text may not (YAML 1.2.2, section 5.1).
        let printable = |c: char| matches!(c, '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assume!(text.chars().all(printable));
            let (as_json, as_yaml) = (json(&text), yaml(&text));
            prop_assert_eq!(&as_yaml.problems, &[], "{}", text);
            let (as_json, as_yaml) = (as_json.tree.unwrap(), as_yaml.tree.unwrap());
            prop_assert_eq!(listing(&as_json), listing(&as_yaml), "{}", text);
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in noise()) {
        check(&text, &json(&text));
        check(&text, &yaml(&text));
    }

    #[test]
    fn yaml_mappings_and_aliases(parts in vec("[ab]: 1\n|[cd]: &x \\[1, \\{k: v\\}\\]\n|[ef]: \\*x\n|g:\n  h: \\*x\n|i:\n- &x j\n- \\*x\n|'k': \\{\\*x : \\*x\\}\n", 1..8)) {
        let text = parts.concat();
        check(&text, &yaml(&text));
    }

    #[test]
    fn references_never_panic_and_paths_lead_back(reference in "[#/.~%a-c0-2:?\\\\]{0,12}|#?\\PC{0,8}", value in values()) {
        let store = MemoryStore::new([("a/b.json", value.to_string()), ("c", String::new())]);
        let sources = load(&store, &|_| true).unwrap();
        let file = sources.id_of("a/b.json").unwrap();
        let tree = sources.file(file).tree().unwrap();
        let root = sources.key(file, tree.root());
        let _ = sources.resolve(root, &reference);
        for node in tree.ids() {
            let key = NodeKey { file, node };
            let _ = sources.follow(key);
            let is_key = tree.node(node).parent().is_some_and(|parent| parent.entries().any(|(key, _)| key.id() == node));
            let path = tree.node(node).path();
            if !is_key && path.len() < 300 {
                let encoded: String = path.bytes().map(|byte| format!("%{byte:02X}")).collect();
                prop_assert_eq!(sources.resolve(root, &format!("b.json#{encoded}")), Ok(key));
            }
        }
    }
}
